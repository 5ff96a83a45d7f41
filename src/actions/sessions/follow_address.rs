//! When the site moves to another address, what stands in people's calendars leads to the old one: they are
//! told once, with links that open.

use super::announce::{correct_all, tell_all};
use crate::{
    actions::ActionContext,
    domain::session::{Publication, Session},
    store::{StoreError, site_address},
};

/// Tells the people of days to come where the site is now, if it was elsewhere when it was started last; how
/// many people. Those who lead and do not come ask for their link at the new address.
///
/// # Errors
/// [`StoreError`], in which case the next start tells.
pub async fn follow_address(ctx: &ActionContext) -> Result<usize, StoreError> {
    let url = &ctx.letterhead.base_url;
    let mut tx = ctx.store.begin().await?;
    if site_address::take(&mut tx, url).await?.is_none() {
        tx.commit().await?;
        return Ok(0);
    }
    let words = [format!(
        "This site has a new address: {url} . Please use the links in this email, not those of earlier ones."
    )];
    let is_public = |session: &Session| session.publication == Publication::Published;
    let news = correct_all(ctx, &mut tx, is_public, &words).await?;
    tx.commit().await?;
    let mut people = 0;
    for (id, told) in news {
        tell_all(ctx, id).await;
        people += told.people;
    }
    Ok(people)
}
