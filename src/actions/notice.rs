//! Noticing how the program is run, so that whoever runs it learns of it.

use super::ActionContext;
use crate::store::{StoreError, notices};

/// What to say of a proxy that nobody told us of.
pub const PROXY: &str = "requests come through a proxy on another machine and ROCKET_IP_HEADER is not set, \
                         so that all visitors are counted as one; see \"From a bare Debian to HTTPS\" in \
                         docs/operating.md";

/// Notes that requests come through a proxy and nobody said which header names the visitor.
///
/// # Errors
/// [`StoreError`].
pub async fn proxy_seen(ctx: &ActionContext) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    notices::add(&mut tx, notices::PROXY, ctx.now()).await?;
    tx.commit().await
}

/// Forgets it, when the program starts anew: it looks again.
///
/// # Errors
/// [`StoreError`].
pub async fn look_anew(ctx: &ActionContext) -> Result<(), StoreError> {
    let mut conn = ctx.store.read().await?;
    let noticed = notices::since(&mut conn, notices::PROXY).await?;
    drop(conn);
    if noticed.is_none() {
        return Ok(());
    }
    let mut tx = ctx.store.begin().await?;
    notices::forget(&mut tx, notices::PROXY).await?;
    tx.commit().await
}

/// Whether a proxy stands unannounced.
///
/// # Errors
/// [`StoreError`].
pub async fn has_unknown_proxy(ctx: &ActionContext) -> Result<bool, StoreError> {
    let mut conn = ctx.store.read().await?;
    Ok(notices::since(&mut conn, notices::PROXY).await?.is_some())
}
