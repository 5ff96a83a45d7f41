//! What help sessions offer, and what it may cost.

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    help_budget::HelpBudget, help_request::HelpOffer, id::SessionCode, text::Name,
};

const TABLE: &str = "help_offers";

statements! {
    OF_SESSION: (String, Option<String>, Option<i32>) =
        "select kind, words, budget_pence from help_offers where session = $1 order by kind";

    BUDGET: i32 = "select pence from help_budgets where session = $1";

    FORGET = "delete from help_offers where session = $1";

    FORGET_BUDGET = "delete from help_budgets where session = $1";

    INSERT = "insert into help_offers (session, kind, words, budget_pence) values ($1, $2, $3, $4)";

    INSERT_BUDGET = "insert into help_budgets (session, pence) values ($1, $2)";
}

/// What a session offers, and what all of it may cost.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    /// Each kind that may be asked for, in order.
    pub offers: Vec<HelpOffer>,
    /// What all of it may cost, in pence.
    pub whole: Option<u32>,
}

impl Offered {
    /// How much may be granted.
    pub fn budget(&self) -> HelpBudget {
        HelpBudget::of(self.whole, &self.offers)
    }
}

/// What a session offers.
pub async fn of_session(conn: &mut Conn, code: &SessionCode) -> Result<Offered, StoreError> {
    let rows = OF_SESSION.all(conn, [code.as_str()]).await?;
    let offers = rows.into_iter().map(|(kind, words, budget)| {
        Ok(HelpOffer {
            kind: parse(TABLE, "kind", code, &kind)?,
            words: words.as_deref().map(Name::stored),
            budget: budget.map(count),
        })
    });
    let offers = offers.collect::<Result<_, StoreError>>()?;
    let whole = BUDGET.optional_value(conn, [code.as_str()]).await?.map(count);
    Ok(Offered { offers, whole })
}

/// Writes what a session offers, in the stead of what it offered.
pub async fn set(tx: &mut Tx, code: &SessionCode, offered: &Offered) -> Result<(), StoreError> {
    FORGET.run(tx, [code.as_str()]).await?;
    FORGET_BUDGET.run(tx, [code.as_str()]).await?;
    for one in &offered.offers {
        let words = one.words.as_ref().map(Name::as_str);
        let (kind, budget) = (one.kind.as_str(), one.budget.map(column));
        INSERT.run(tx, (code.as_str(), kind, words, budget)).await?;
    }
    if let Some(whole) = offered.whole {
        INSERT_BUDGET.run(tx, (code.as_str(), column(whole))).await?;
    }
    Ok(())
}
