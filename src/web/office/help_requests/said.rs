//! Requests for help as the office reads them: a line of a table.

use crate::{
    domain::{help_request::HelpState, session::Session, support::pounds, wording},
    store::help_requests::HelpSeen,
};

/// Whose request it is: `Ada Obi`, or `Name removed` once nobody may know.
pub fn whose(seen: &HelpSeen) -> &str {
    seen.name.as_deref().unwrap_or("somebody to be named")
}

/// Where it stands, for the office.
pub fn standing(seen: &HelpSeen, is_on: bool) -> &'static str {
    let state = seen.request.state;
    let is_gone = !seen.is_coming || !is_on;
    match state {
        HelpState::Asked | HelpState::Later if is_gone => "Closed",
        HelpState::Granted if is_gone => "Granted, but does not come",
        HelpState::Granted if seen.request.paid.is_some() => "Paid",
        state => state.in_words(),
    }
}

/// What is asked, on one line: nothing of what only whoever decides on it reads.
pub fn asked(seen: &HelpSeen) -> String {
    let wanted = &seen.request.wanted;
    let mut said = vec![wanted.kind.name().to_owned()];
    said.extend(wanted.amount.map(|pence| pounds(pence.into())));
    said.extend(wanted.children.map(|one| wording::count(one as usize, "child", "children")));
    said.join(", ")
}

/// Whether a session still takes place, as far as anybody planned.
pub fn is_on(session: &Session) -> bool {
    session.publication == crate::domain::session::Publication::Published
}

/// What stands on top of the list once something was done.
pub fn done_words(done: &str) -> Option<String> {
    match done {
        "offered" => return Some("Saved. It stands on the session\u{2019}s page.".to_owned()),
        "none-ticked" => return Some("Tick those whom you decide on first.".to_owned()),
        _ => {}
    }
    let (decided, left) = done.strip_prefix("decided-")?.split_once('-')?;
    let (decided, left): (usize, usize) = (decided.parse().ok()?, left.parse().ok()?);
    let said = format!("{} decided.", wording::count(decided, "request is", "requests are"));
    Some(match left {
        0 => said,
        left => {
            let left = wording::count(left, "was", "were");
            format!(
                "{said} {left} left as they are: they changed meanwhile, or the money did not do."
            )
        }
    })
}
