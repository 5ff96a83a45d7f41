//! The money for help of a session as the office reads it: what is asked, granted and left, of each kind.

use crate::domain::{
    help_budget::{HelpBudget, HelpSpent, HelpSums},
    help_request::HelpKind,
    support::pounds,
};

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
