//! What help a session offers, and what that may cost.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::SessionCode,
        support::pounds,
    },
    store::{
        StoreError,
        help_offers::{self, Offered},
        session_lock,
    },
};

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum OfferHelpError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// Somebody else changed it since the form was drawn.
    #[error("somebody else changed what is offered meanwhile")]
    Meanwhile,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What stands in the log.
fn said(offered: &Offered) -> String {
    let mut said: Vec<String> = Vec::new();
    for one in &offered.offers {
        let budget = one.budget.map(|budget| format!(" {}", pounds(budget.into())));
        said.push(format!("{}{}", one.kind, budget.unwrap_or_default()));
    }
    if said.is_empty() {
        said.push("nothing".to_owned());
    }
    if let Some(whole) = offered.whole {
        said.push(format!("budget {}", pounds(whole.into())));
    }
    said.join(", ")
}

/// Chooses what a session offers. `drawn` is what the form showed, where that is known.
///
/// # Errors
/// [`OfferHelpError`], in which case nothing changed.
pub async fn offer_help(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    (offered, drawn): (&Offered, Option<&Offered>),
) -> Result<(), OfferHelpError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, code).await?;
    let mut locked = locked.ok_or(OfferHelpError::NoSuchSession)?;
    let known = help_offers::of_session(&mut locked, code).await?;
    if known == *offered {
        return Ok(());
    }
    if drawn.is_some_and(|drawn| *drawn != known) {
        return Err(OfferHelpError::Meanwhile);
    }
    help_offers::set(&mut locked, code, offered).await?;
    let (action, about) = (AuditAction::HelpOffered, Subject::session(code));
    record(ctx, &mut locked, actor, action, about, Some(said(offered))).await?;
    tx.commit().await?;
    Ok(())
}
