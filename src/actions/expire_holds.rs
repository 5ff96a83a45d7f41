//! Frees what was held for leaders who went away (B10).

use super::{
    ActionContext,
    record::{Subject, record},
};
use crate::{
    domain::audit::{Actor, AuditAction},
    store::{StoreError, places, sessions},
};

/// Ends every hold that has run out; how many places that freed.
///
/// # Errors
/// [`StoreError`]; what was freed before it stays free.
pub async fn expire_holds(ctx: &ActionContext) -> Result<u64, StoreError> {
    let spent = {
        let mut conn = ctx.store.read().await?;
        places::sessions_with_spent_holds(&mut conn, ctx.now()).await?
    };
    let mut freed = 0;
    for code in spent {
        let mut tx = ctx.store.begin().await?;
        sessions::lock(&mut tx, &code).await?;
        let places = places::expire_holds(&mut tx, &code, ctx.now()).await?;
        let subject = Subject { session: Some(code), ..Subject::default() };
        let detail = Some(format!("{places} places"));
        record(ctx, &mut tx, &Actor::Job, AuditAction::HoldExpired, subject, detail).await?;
        tx.commit().await?;
        freed += places;
    }
    Ok(freed)
}
