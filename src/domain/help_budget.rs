//! How much a session may spend on help, and what of it is spent. Only what is granted counts: what is refused or taken
//! back is free again.

use std::collections::BTreeMap;

use super::{
    help_request::{HelpKind, HelpOffer},
    support::pounds,
};

/// How much may be granted: altogether, and of single kinds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelpBudget {
    /// Altogether, in pence.
    pub whole: Option<u32>,
    /// Of a kind, in pence.
    pub kinds: BTreeMap<HelpKind, u32>,
}

/// What is asked, granted and paid of one kind, in pence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct HelpSums {
    /// How many ask and are not decided on.
    pub undecided: u32,
    /// What they ask for.
    pub asked: u64,
    /// What was granted.
    pub granted: u64,
    /// What of that was paid.
    pub paid: u64,
}

/// The sums of each kind.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct HelpSpent(pub BTreeMap<HelpKind, HelpSums>);

/// A budget that is exceeded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over {
    /// Of which kind; `None` for the whole.
    pub of: Option<HelpKind>,
    /// The budget.
    pub budget: u32,
    /// By how much it is exceeded.
    pub by: u64,
}

impl Over {
    /// `£40.00 over the £500.00 for this session`.
    pub fn words(&self) -> String {
        let by = i64::try_from(self.by).unwrap_or(i64::MAX);
        let of = match self.of {
            None => "for this session".to_owned(),
            Some(kind) => format!("for {} on this session", kind.asked()),
        };
        format!("{} over the {} {of}", pounds(by), pounds(self.budget.into()))
    }
}

impl HelpBudget {
    /// Of what a session offers.
    pub fn of(whole: Option<u32>, offers: &[HelpOffer]) -> Self {
        let kinds = offers.iter().filter_map(|one| Some((one.kind, one.budget?)));
        Self { whole, kinds: kinds.collect() }
    }

    /// Whether there is none.
    pub fn is_unlimited(&self) -> bool {
        self.whole.is_none() && self.kinds.is_empty()
    }

    /// Which budgets would be exceeded by granting `more` of a kind, and by how much.
    pub fn over(&self, spent: &HelpSpent, kind: HelpKind, more: u32) -> Vec<Over> {
        let exceeded = |of: Option<HelpKind>, budget: u32, granted: u64| {
            let by = (granted + u64::from(more)).saturating_sub(budget.into());
            (by > 0).then_some(Over { of, budget, by })
        };
        let own = self.kinds.get(&kind);
        let own = own.and_then(|own| exceeded(Some(kind), *own, spent.of(kind).granted));
        let whole = self.whole.and_then(|whole| exceeded(None, whole, spent.all().granted));
        // What costs nothing exceeds nothing.
        whole.into_iter().chain(own).filter(|_| more > 0).collect()
    }

    /// What is left of the whole; less than nothing where more was granted knowingly.
    pub fn left(&self, spent: &HelpSpent) -> Option<i64> {
        let granted = i64::try_from(spent.all().granted).unwrap_or(i64::MAX);
        self.whole.map(|whole| i64::from(whole).saturating_sub(granted))
    }
}

impl HelpSpent {
    /// Of one kind.
    pub fn of(&self, kind: HelpKind) -> HelpSums {
        self.0.get(&kind).copied().unwrap_or_default()
    }

    /// Of all kinds.
    pub fn all(&self) -> HelpSums {
        self.0.values().fold(HelpSums::default(), |all, one| HelpSums {
            undecided: all.undecided + one.undecided,
            asked: all.asked + one.asked,
            granted: all.granted + one.granted,
            paid: all.paid + one.paid,
        })
    }

    /// Without what was granted before to somebody who is decided on again.
    #[must_use]
    pub fn without(mut self, kind: HelpKind, granted: u32) -> Self {
        if let Some(sums) = self.0.get_mut(&kind) {
            sums.granted = sums.granted.saturating_sub(granted.into());
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Somebody asks, and is granted, refused, or takes it back.
    #[derive(Debug, Clone, Copy)]
    enum Step {
        Grant(usize, u32),
        Refuse(usize),
    }

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = prop_oneof![
            (0..12usize, 0..40_000u32).prop_map(|(who, amount)| Step::Grant(who, amount)),
            (0..12usize).prop_map(Step::Refuse),
        ];
        proptest::collection::vec(step, 0..60)
    }

    fn spent(granted: &BTreeMap<usize, u32>) -> HelpSpent {
        let mut all = HelpSpent::default();
        for (who, amount) in granted {
            all.0.entry(kind(*who)).or_default().granted += u64::from(*amount);
        }
        all
    }

    fn kind(who: usize) -> HelpKind {
        HelpKind::ALL[who % HelpKind::ALL.len()]
    }

    proptest! {
        #[test]
        fn what_is_granted_without_asking_is_never_above_any_budget(
            whole in proptest::option::of(0..200_000u32),
            travel in proptest::option::of(0..50_000u32),
            steps in steps(),
        ) {
            let kinds = travel.map(|travel| (HelpKind::Travel, travel)).into_iter().collect();
            let budget = HelpBudget { whole, kinds };
            let mut granted: BTreeMap<usize, u32> = BTreeMap::new();
            for step in steps {
                match step {
                    Step::Grant(who, amount) => {
                        let before = granted.get(&who).copied().unwrap_or_default();
                        let others = spent(&granted).without(kind(who), before);
                        let over = budget.over(&others, kind(who), amount);
                        if over.is_empty() && amount > 0 {
                            granted.insert(who, amount);
                        }
                        for one in over {
                            let limit = match one.of {
                                None => budget.whole,
                                Some(kind) => budget.kinds.get(&kind).copied(),
                            };
                            prop_assert_eq!(Some(one.budget), limit);
                            let sum = match one.of {
                                None => others.all().granted,
                                Some(kind) => others.of(kind).granted,
                            };
                            prop_assert_eq!(sum + u64::from(amount), u64::from(one.budget) + one.by);
                        }
                    }
                    Step::Refuse(who) => {
                        let (had, before) = (granted.remove(&who), budget.left(&spent(&granted)));
                        let left = had.map(|had| {
                            let mut with = granted.clone();
                            with.insert(who, had);
                            budget.left(&spent(&with)).map(|left| left + i64::from(had))
                        });
                        prop_assert!(left.is_none_or(|left| left == before));
                    }
                }
                let all = spent(&granted);
                prop_assert!(budget.left(&all).is_none_or(|left| left >= 0));
                let own = all.of(HelpKind::Travel).granted;
                prop_assert!(travel.is_none_or(|travel| own <= u64::from(travel)));
            }
        }
    }

    #[test]
    fn a_budget_that_is_exceeded_says_by_how_much() {
        let offer = HelpOffer { kind: HelpKind::Travel, words: None, budget: Some(10_000) };
        let budget = HelpBudget::of(Some(50_000), &[offer]);
        let sums = HelpSums { granted: 48_000, ..HelpSums::default() };
        let spent = HelpSpent([(HelpKind::Bursary, sums)].into());
        assert!(budget.over(&spent, HelpKind::Travel, 2_000).is_empty());
        let over = budget.over(&spent, HelpKind::Travel, 12_000);
        let words: Vec<_> = over.iter().map(Over::words).collect();
        assert_eq!(
            words,
            [
                "£100.00 over the £500.00 for this session",
                "£20.00 over the £100.00 for travel on this session",
            ]
        );
        assert!(budget.over(&spent, HelpKind::Interpreter, 0).is_empty());
    }

    #[test]
    fn what_is_spent_is_counted_by_kind_and_altogether() {
        let travel = HelpSums { undecided: 1, asked: 500, granted: 300, paid: 200 };
        let childcare = HelpSums { undecided: 2, asked: 70, granted: 60, paid: 50 };
        let spent =
            HelpSpent([(HelpKind::Travel, travel), (HelpKind::Childcare, childcare)].into());
        assert_eq!(spent.of(HelpKind::Travel), travel);
        assert_eq!(spent.of(HelpKind::Bursary), HelpSums::default());
        let all = HelpSums { undecided: 3, asked: 570, granted: 360, paid: 250 };
        assert_eq!(spent.all(), all);
        let budget = HelpBudget { whole: Some(400), ..HelpBudget::default() };
        assert_eq!(budget.left(&spent), Some(40));
        let small = HelpBudget { whole: Some(100), ..HelpBudget::default() };
        assert_eq!(small.left(&spent), Some(-260), "more was granted knowingly");
        assert_eq!(HelpBudget::default().left(&spent), None);
    }

    #[test]
    fn there_is_no_budget_where_neither_the_whole_nor_a_kind_has_one() {
        let kinds = BTreeMap::from([(HelpKind::Travel, 100)]);
        let none = HelpBudget::default();
        assert!(none.is_unlimited());
        assert!(!HelpBudget { whole: Some(1), ..none.clone() }.is_unlimited());
        assert!(!HelpBudget { kinds, ..none }.is_unlimited());
    }

    #[test]
    fn what_costs_nothing_exceeds_nothing_even_where_more_was_granted_knowingly() {
        let sums = HelpSums { granted: 300, ..HelpSums::default() };
        let spent = HelpSpent([(HelpKind::Travel, sums)].into());
        let budget =
            HelpBudget { whole: Some(200), kinds: BTreeMap::from([(HelpKind::Travel, 100)]) };
        assert_eq!(budget.over(&spent, HelpKind::Travel, 0), []);
        let over = |of, budget, by| Over { of, budget, by };
        assert_eq!(
            budget.over(&spent, HelpKind::Travel, 1),
            [over(None, 200, 101), over(Some(HelpKind::Travel), 100, 201)]
        );
    }
}
