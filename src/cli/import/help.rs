//! What help sessions offer, and what it may cost: the file may be missing.

use std::{collections::BTreeMap, path::Path};

use super::{
    ImportError,
    columns::{HELP, MORE_OF_HELP},
    fault::FaultList,
    report::ImportReport,
    table::{Keyed, Row, Table},
};
use crate::{
    domain::{
        help_request::{HelpKind, HelpOffer},
        id::SessionCode,
        session::Session,
        support::pence,
        text::Name,
    },
    store::{
        Tx,
        help_offers::{self, Offered},
    },
};

const HELP_FILE: &str = "help.csv";

/// What stands for everything together.
pub(in crate::cli) const ALL: &str = "all";

/// What each session of the file offers, with the line it begins on.
pub(super) type Offers = BTreeMap<SessionCode, (u64, Offered)>;

/// Reads the file, if it is there.
pub(super) fn read(dir: &Path, sessions: &Keyed<Session>, faults: &FaultList) -> Offers {
    let mut offers = Offers::new();
    if !dir.join(HELP_FILE).exists() {
        return offers;
    }
    let table = Table::read(dir, HELP_FILE, (&HELP[..], &MORE_OF_HELP[..]), faults);
    for row in table.rows() {
        add(row, sessions, &mut offers);
    }
    offers
}

fn add(row: Row<'_>, sessions: &Keyed<Session>, offers: &mut Offers) -> Option<()> {
    let session = sessions.find(row, "session", row.text("session"))?;
    let budget = match row.text("budget") {
        "" => None,
        typed => match pence(typed) {
            Some(pence) => Some(pence),
            None => return row.fault("budget", "is not a sum in pounds, such as 500 or 85.50"),
        },
    };
    let (_, offered) = offers.entry(session.code.clone()).or_insert((row.line, Offered::default()));
    if row.text("kind") == ALL {
        return match (budget, offered.whole) {
            (None, _) => row.fault("budget", "must not be empty for all together"),
            (_, Some(_)) => row.fault("kind", "stands there twice for this session"),
            (budget, None) => {
                offered.whole = budget;
                Some(())
            }
        };
    }
    let kind: HelpKind = row.parse("kind")?;
    let words = row.checked("words", Name::parse_optional(row.text("words")))?;
    if offered.offers.iter().any(|one| one.kind == kind) {
        return row.fault("kind", "stands there twice for this session");
    }
    offered.offers.push(HelpOffer { kind, words, budget });
    offered.offers.sort_by_key(|one| one.kind);
    Some(())
}

/// Adds what sessions offer that offer nothing yet.
pub(super) async fn write(
    tx: &mut Tx,
    offers: &Offers,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    for (code, (line, offered)) in offers {
        let known = help_offers::of_session(tx, code).await?;
        let is_new = known == Offered::default();
        if is_new {
            help_offers::set(tx, code, offered).await?;
        }
        let differs = if known.whole == offered.whole { "words" } else { "budget" };
        let changed = (!is_new && known != *offered).then(|| vec![differs]);
        report.help.add(is_new, *line, code, changed);
    }
    Ok(())
}
