//! Booking in one step, with what was answered to the questions of the session.

use super::{
    book_places::{BookRequest, Booked, Telling, book_in},
    channel::Extent,
    refusals::BookError,
};
use crate::{
    actions::{
        ActionContext,
        questions::answer::{Answers, save_of},
    },
    domain::audit::Actor,
};

/// Books everything in one step, and keeps what was answered.
///
/// # Errors
/// [`BookError`], in which case nothing was booked and nobody told.
pub async fn book_answered(
    ctx: &ActionContext,
    actor: &Actor,
    request: BookRequest,
    answered: &Answers,
) -> Result<Booked, BookError> {
    let mut tx = ctx.store.begin_on(&request.session).await?;
    let booked =
        book_in(ctx, &mut tx, (actor, Extent::of_one(actor)), request, Telling::Now).await?;
    if !booked.repeated && !answered.is_empty() {
        save_of(ctx, &mut tx, &booked.registration, answered).await?;
    }
    tx.commit().await?;
    Ok(booked)
}
