//! Links of a booking's people for their leader to hand over: nobody needs an address for a page of her own.

use crate::{
    actions::{
        ActionContext,
        places::opened::Opened,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PlaceId, RegistrationId},
        place::Place,
    },
    store::{
        StoreError,
        links::{self, LinkTarget},
    },
    token::Token,
};

/// Makes a new link for each of these people who has a place and a name. Those they have go on working.
///
/// # Errors
/// [`StoreError`], in which case there is none.
pub async fn hand_over_links(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    places: &[PlaceId],
) -> Result<Vec<(Place, Token)>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(opened) = Opened::lock(&mut tx, id).await? else { return Ok(Vec::new()) };
    let Opened { mut locked, registration, .. } = opened;
    let wanted = |place: &&Place| places.contains(&place.id) && place.attendee.is_some();
    let made: Vec<(Place, Token)> =
        registration.confirmed().filter(wanted).map(|one| (one.clone(), ctx.token())).collect();
    if made.is_empty() {
        return Ok(made);
    }
    let targets: Vec<_> =
        made.iter().map(|(place, token)| (token.hash(), LinkTarget::Attendee(place.id))).collect();
    links::insert_all(&mut locked, &targets, ctx.now(), None).await?;
    let detail = Some(format!("{} to hand over", made.len()));
    let subject = Subject::of(&registration);
    record(ctx, &mut locked, actor, AuditAction::LinkSent, subject, detail).await?;
    tx.commit().await?;
    Ok(made)
}
