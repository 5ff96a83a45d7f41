//! What help sessions offer, and what it may cost, as the import reads it; and what was granted and paid, for a
//! spreadsheet.

use super::sheet::{Sheet, maybe, yes};
use crate::{
    cli::import::{
        columns::{HELP, MORE_OF_HELP},
        help::ALL,
    },
    domain::{help_request::HelpState, session::Session},
    store::{Conn, StoreError, help_offers, help_requests},
};

/// What no import reads.
const REQUESTS: [&str; 9] = [
    "session",
    "booking",
    "kind",
    "state",
    "asked",
    "granted",
    "only_if_granted",
    "paid_on",
    "paid_how",
];

/// `85.50`, or `85`.
fn pounds(pence: Option<u32>) -> String {
    let written = |pence: u32| match pence % 100 {
        0 => (pence / 100).to_string(),
        part => format!("{}.{part:02}", pence / 100),
    };
    pence.map_or_else(String::new, written)
}

/// Of these sessions.
pub(super) async fn sheets(
    conn: &mut Conn,
    sessions: &[Session],
) -> Result<Vec<Sheet>, StoreError> {
    let mut offers = Sheet::new("help.csv", &HELP, &MORE_OF_HELP);
    let mut requests = Sheet::new("help_requests.csv", &REQUESTS, &[]);
    for session in sessions {
        let code = session.code.to_string();
        let offered = help_offers::of_session(conn, &session.code).await?;
        for one in offered.offers {
            offers.add([code.clone(), one.kind.to_string(), maybe(one.words), pounds(one.budget)]);
        }
        if offered.whole.is_some() {
            offers.add([code.clone(), ALL.to_owned(), String::new(), pounds(offered.whole)]);
        }
        for seen in help_requests::of_session(conn, &session.code).await? {
            let request = seen.request;
            let granted = request.granted.amount.filter(|_| request.state == HelpState::Granted);
            let (on, how) = request.paid.map(|paid| (paid.on, paid.how)).unzip();
            requests.add([
                code.clone(),
                seen.reference.to_string(),
                request.wanted.kind.to_string(),
                request.state.to_string(),
                pounds(request.wanted.amount),
                pounds(granted),
                yes(request.wanted.depends),
                maybe(on),
                maybe(how.flatten()),
            ]);
        }
    }
    Ok(vec![offers, requests])
}
