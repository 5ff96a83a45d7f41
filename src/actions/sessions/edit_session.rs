//! What changes about a session without moving it. What calendars say of it they are told, and so are
//! trainers.

use uuid::Uuid;

use super::{
    announce::{correct, tell_all},
    plan_session::{PlanError, trainers},
    tell_trainers::tell_who_leads,
};
use crate::{
    actions::{
        ActionContext,
        calendars::stamp::stamp,
        edit::{States, merged},
        record::{Subject, record_changes},
        waiting::decide_request::{DecideError, Decision, decide},
    },
    domain::{
        announcement::Told,
        audit::{Actor, AuditAction},
        edit::{Drawn, Merged},
        id::SessionCode,
        occupancy::MOST_PLACES,
        place::PlaceStatus,
        plan::{SessionDetails, SessionPlan},
        registration::Registration,
        session::{BookingMode, Publication, Session},
    },
    store::{Tx, audit::Edited, registrations, session_lock, session_plans, sessions},
};

/// Changes a session's notes, trainers, limits, mode and booking times, draft or published: what
/// differs from what the form was drawn from. How many people are being told that their calendars say
/// something else now.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn edit_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    details: &SessionDetails,
    drawn: Option<&Drawn>,
) -> Result<Told, PlanError> {
    edit(ctx, actor, code, details, (drawn, false)).await
}

/// The same, and whoever waits for an answer has one: a place for everybody who fits, in the order in which
/// they asked; the others wait. Either all of it is done or nothing.
///
/// # Errors
/// [`PlanError`], in which case nothing changed.
pub async fn edit_session_and_approve(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    details: &SessionDetails,
    drawn: Option<&Drawn>,
) -> Result<Told, PlanError> {
    edit(ctx, actor, code, details, (drawn, true)).await
}

async fn edit(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    details: &SessionDetails,
    (drawn, approves): (Option<&Drawn>, bool),
) -> Result<Told, PlanError> {
    let mut tx = ctx.store.begin().await?;
    let news = edit_within(ctx, &mut tx, actor, (code, details), (drawn, approves)).await?;
    tx.commit().await?;
    let Some((id, told)) = news else { return Ok(Told::default()) };
    tell_all(ctx, id).await;
    Ok(told)
}

/// The same within a transaction that does more; its news, if there is any, to be told once that is committed.
pub(super) async fn edit_within(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (code, details): (&SessionCode, &SessionDetails),
    (drawn, approves): (Option<&Drawn>, bool),
) -> Result<Option<(Uuid, Told)>, PlanError> {
    session_lock::lock(tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    let session = sessions::find(tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    if matches!(session.publication, Publication::Cancelled { .. }) {
        return Err(PlanError::NotADraft);
    }
    let (present, zone) = (SessionPlan::of(&session), session.zone());
    let sent = SessionPlan { details: details.clone(), ..present.clone() };
    let states = States { drawn, present: &present, sent: &sent };
    let edited = Edited::Session(code.clone());
    let Merged { record, changes } = merged::<_, PlanError>(tx, &edited, states, zone).await?;
    let details = record.details;
    if [Some(details.places_per_booking), details.places_per_institution]
        .into_iter()
        .flatten()
        .any(|count| !(1..=MOST_PLACES).contains(&count))
    {
        return Err(PlanError::NoPlaces);
    }
    let first = session.sittings.iter().map(|day| day.starts.date()).min();
    details.aims.checked(session.occupancy.capacity, first)?;
    details.overnight.checked(first)?;
    if changes.is_empty() {
        return Ok(None);
    }
    // Who asked an organiser is not left without an answer because nobody has to be asked any more.
    if (session.mode, details.mode) == (BookingMode::Approval, BookingMode::Instant) {
        answer_requests(ctx, tx, actor, code, approves).await?;
    }
    trainers(tx, &details.trainers).await?;
    stamp(ctx, tx, code).await?;
    session_plans::set_details(tx, code, &details).await?;
    let after = sessions::find(tx, code).await?.ok_or(PlanError::NoSuchSession)?;
    tell_who_leads(ctx, tx, &session.trainers, &after).await?;
    let what = (AuditAction::SessionEdited, Subject::session(code));
    record_changes(ctx, tx, actor, what, (None, changes)).await?;
    stamp(ctx, tx, code).await?;
    Ok(correct(ctx, tx, code, words(&session, &after)).await?)
}

/// News has a line for each thing.
fn one_line(note: &str) -> String {
    note.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Says yes to everybody who waits for an answer, or that they wait.
async fn answer_requests(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    code: &SessionCode,
    approves: bool,
) -> Result<(), PlanError> {
    let mut bookings = registrations::of_session(tx, code).await?;
    let requested = |one: &Registration| one.places_in(PlaceStatus::Requested).count();
    bookings.retain(|one| requested(one) > 0);
    let people = bookings.iter().map(requested).sum();
    if people > 0 && !approves {
        return Err(PlanError::RequestsWait { people });
    }
    for one in bookings {
        match decide(ctx, tx, actor, one.id, Decision::Approve).await {
            // What has run out meanwhile is asked for no more.
            Ok(_) | Err(DecideError::NothingAsked) => {}
            Err(DecideError::TooLate) => return Err(PlanError::RequestsWait { people }),
            Err(DecideError::Store(error)) => return Err(error.into()),
        }
    }
    Ok(())
}

/// What calendars say otherwise, in words.
fn words(before: &Session, after: &Session) -> Vec<String> {
    let mut words = Vec::new();
    match (&before.note, &after.note) {
        (before, Some(note)) if before.as_ref() != Some(note) => {
            words.push(format!("Please know: {}", one_line(note)));
        }
        (Some(gone), None) => words.push(format!("No longer so: {}", one_line(gone))),
        _ => {}
    }
    if before.access != after.access {
        let access = after.access.join(", ");
        let access = if access.is_empty() { "nothing is stated".to_owned() } else { access };
        words.push(format!("Access: {access}"));
    }
    words
}
