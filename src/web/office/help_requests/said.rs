//! Requests for help as the office reads them: a line of a table, and the money of a session.

use crate::{
    domain::{
        help_budget::{HelpBudget, HelpSpent, HelpSums},
        help_request::{HelpKind, HelpState},
        session::Session,
        support::pounds,
        wording,
    },
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

/// The money of a session, line by line.
pub struct Money {
    pub budget: HelpBudget,
    pub spent: HelpSpent,
}

/// What is asked, granted and paid, of one kind or of all.
pub struct MoneyLine {
    pub name: &'static str,
    pub undecided: u32,
    pub asked: String,
    pub granted: String,
    pub paid: String,
    pub budget: Option<String>,
    pub left: Option<String>,
    pub is_over: bool,
}

impl MoneyLine {
    fn of(name: &'static str, sums: HelpSums, budget: Option<u32>) -> Self {
        let pence = |sum: u64| i64::try_from(sum).unwrap_or(i64::MAX);
        let left = budget.map(|budget| i64::from(budget) - pence(sums.granted));
        let is_over = left.is_some_and(|left| left < 0);
        let left = left.map(|left| match left < 0 {
            true => format!("{} over", pounds(-left)),
            false => pounds(left),
        });
        Self {
            name,
            undecided: sums.undecided,
            asked: pounds(pence(sums.asked)),
            granted: pounds(pence(sums.granted)),
            paid: pounds(pence(sums.paid)),
            budget: budget.map(|budget| pounds(budget.into())),
            left,
            is_over,
        }
    }
}

impl Money {
    /// Each kind that has a budget or was asked for, and all together.
    pub fn lines(&self) -> Vec<MoneyLine> {
        let line = |kind: &HelpKind| {
            let budget = self.budget.kinds.get(kind).copied();
            let is_there = budget.is_some() || self.spent.0.contains_key(kind);
            is_there.then(|| MoneyLine::of(kind.name(), self.spent.of(*kind), budget))
        };
        let mut lines: Vec<_> = HelpKind::ALL.iter().filter_map(line).collect();
        if !lines.is_empty() || self.budget.whole.is_some() {
            lines.push(MoneyLine::of("All together", self.spent.all(), self.budget.whole));
        }
        lines
    }

    pub fn is_empty(&self) -> bool {
        self.budget.is_unlimited() && self.spent.0.is_empty()
    }
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
