//! Making one person of two, and two of one again.

use chrono_tz::Tz;

use crate::{
    actions::{
        ActionContext,
        booking::cancel_places::{CancelError, absorb_place},
        calendars::reconcile::Telling,
        people::questions::tell_apart_in,
        places::{opened::Opened, settle::offer_freed, share::room_for},
        record::{Subject, record, record_changes},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        edit,
        id::{PersonId, PlaceId, RegistrationId},
        letter::LetterKind,
        person::Person,
        person_merge::{Double, Given, GivenUpPlace, Settling, TAKEN_BACK_WITHIN},
        place::{PlaceState, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
    },
    mail::letters,
    store::{
        Conn, StoreError, Tx, people,
        person_merges::{self, Merge},
        places::{self, Cause},
        queue,
        session_lock::Locked,
    },
    token::row_id,
};

/// Why two people were not made one.
#[derive(Debug, thiserror::Error)]
pub enum MergeError {
    /// One of them is nobody, or both are the same, or one was merged before.
    #[error("choose two different people")]
    NotTwo,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Makes one person of two. `kept` keeps what is known of her and gets what she lacks; where both have a place
/// on a session she keeps the surer one.
///
/// # Errors
/// [`MergeError`], in which case they stay two.
pub async fn merge_people(
    ctx: &ActionContext,
    actor: &Actor,
    kept: PersonId,
    gone: PersonId,
) -> Result<(), MergeError> {
    merge_settling(ctx, actor, (kept, gone), Settling::default()).await
}

/// The same; where both have a place on a session it is settled as was chosen.
///
/// # Errors
/// [`MergeError`], in which case they stay two and every place stands.
pub async fn merge_settling(
    ctx: &ActionContext,
    actor: &Actor,
    (kept, gone): (PersonId, PersonId),
    settling: Settling<'_>,
) -> Result<(), MergeError> {
    let mut tx = ctx.store.begin().await?;
    two(&mut tx, kept, gone).await?;
    // The sessions first, always in the same order, and the people after them, as everybody does who books.
    let mut doubles = person_merges::doubles(&mut tx, (kept, gone), ctx.now()).await?;
    doubles.retain(|one| !settling.left.contains(&one.session));
    let given_up = settle(ctx, &mut tx, actor, (&doubles, settling.chosen)).await?;
    for id in [kept.min(gone), kept.max(gone)] {
        people::lock(&mut tx, id).await?;
    }
    let (mut one, other) = two(&mut tx, kept, gone).await?;
    let before = one.clone();
    let given = Given {
        email: one.email.is_none() && other.email.is_some(),
        phone: one.phone.is_none() && other.phone.is_some(),
        institution: one.institution.is_none() && other.institution.is_some(),
    };
    one.email = one.email.or(other.email);
    one.phone = one.phone.or(other.phone);
    one.institution = one.institution.or(other.institution);
    people::update(&mut tx, &one).await?;
    let merge = Merge {
        id: row_id(&*ctx.random, &*ctx.clock),
        kept,
        gone,
        name: other.name,
        merged_at: ctx.now(),
        given,
    };
    person_merges::merge(&mut tx, &merge, &given_up).await?;
    let what = (AuditAction::PeopleMerged, Subject::about(AuditedRecord::Person(kept)));
    let changes = edit::changes(&before, &one, Tz::UTC);
    let detail = Some(match given_up.len() {
        0 => format!("{gone} into {kept}"),
        count => format!("{gone} into {kept}; places that stood twice and were given up: {count}"),
    });
    record_changes(ctx, &mut tx, actor, what, (detail, changes)).await?;
    tx.commit().await?;
    Ok(())
}

/// The two, unless they are one already.
async fn two(
    conn: &mut Conn,
    kept: PersonId,
    gone: PersonId,
) -> Result<(Person, Person), MergeError> {
    let found = people::known_as(conn, kept).await?.zip(people::known_as(conn, gone).await?);
    found.filter(|_| kept != gone).ok_or(MergeError::NotTwo)
}

/// Gives up what stands twice, with what that tells; a place that cannot be given up any more stays.
async fn settle(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (doubles, chosen): (&[Double], &[PlaceId]),
) -> Result<Vec<GivenUpPlace>, MergeError> {
    let mut given_up = Vec::new();
    for seat in doubles.iter().flat_map(|double| double.given_up(chosen)) {
        let Some(opened) = Opened::lock(tx, seat.registration).await? else { continue };
        let before = opened.registration.places.iter().find(|one| one.id == seat.place);
        let Some(state) = before.map(|one| one.state) else { continue };
        match absorb_place(ctx, opened, actor, seat.place).await {
            Ok(()) => given_up.push(GivenUpPlace { place: seat.place, state }),
            Err(CancelError::Store(error)) => return Err(error.into()),
            Err(CancelError::Settled(_) | CancelError::SomebodyElse(_)) => {}
        }
    }
    Ok(given_up)
}

/// Why a merge was not taken back.
#[derive(Debug, thiserror::Error)]
pub enum UnmergeError {
    /// Nobody became part of her within the last day.
    #[error("this can be taken back for a day, and that is over")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What taking a merge back did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unmerged {
    /// Who is somebody of her own again.
    pub gone: PersonId,
    /// How many places that had been given up others have by now: she waits for one, first in line.
    pub waiting: usize,
    /// How many could neither come back nor wait: the session is over or called off, or nothing is offered any more.
    pub lost: usize,
}

/// What became of a place that had been given up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Returned {
    Back,
    /// Others have it: she waits for one, first in line.
    Waits,
    Lost,
}

/// Makes two people of one again, which is then said of them, within a day: the last who became part of `kept`, or `gone` among them. Each gets
/// back what was hers; a place that was given up comes back where nobody else has it.
///
/// # Errors
/// [`UnmergeError`], in which case they stay one.
pub async fn unmerge_people(
    ctx: &ActionContext,
    actor: &Actor,
    kept: PersonId,
    gone: Option<PersonId>,
) -> Result<Unmerged, UnmergeError> {
    let mut tx = ctx.store.begin().await?;
    let since = ctx.now() - TAKEN_BACK_WITHIN;
    let merges = person_merges::of_kept(&mut tx, kept, since).await?;
    let found = merges.into_iter().find(|one| gone.is_none_or(|gone| one.gone == gone));
    let merge = found.ok_or(UnmergeError::TooLate)?;
    let (mut waiting, mut lost) = (0, 0);
    for (booking, seat) in person_merges::given_up(&mut tx, merge.id).await? {
        match give_back(ctx, &mut tx, actor, (booking, seat)).await? {
            Returned::Back => {}
            Returned::Waits => waiting += 1,
            Returned::Lost => lost += 1,
        }
    }
    for id in [merge.kept.min(merge.gone), merge.kept.max(merge.gone)] {
        people::lock(&mut tx, id).await?;
    }
    let one = people::find(&mut tx, merge.kept).await?;
    let other = people::find(&mut tx, merge.gone).await?;
    let (before, other) = one.zip(other).ok_or(UnmergeError::TooLate)?;
    person_merges::undo(&mut tx, &merge, ctx.now()).await?;
    tell_apart_in(ctx, &mut tx, actor, (merge.kept, merge.gone)).await?;
    let mut one = before.clone();
    // What was corrected meanwhile was meant for her who was kept.
    if merge.given.email && one.email == other.email {
        one.email = None;
    }
    if merge.given.phone && one.phone == other.phone {
        one.phone = None;
    }
    if merge.given.institution && one.institution == other.institution {
        one.institution = None;
    }
    people::update(&mut tx, &one).await?;
    let what = (AuditAction::MergeTakenBack, Subject::about(AuditedRecord::Person(merge.kept)));
    let changes = edit::changes(&before, &one, Tz::UTC);
    let detail = match waiting + lost {
        0 => format!("{} out of {}", merge.gone, merge.kept),
        gone => format!("{} out of {}; places that others have: {gone}", merge.gone, merge.kept),
    };
    record_changes(ctx, &mut tx, actor, what, (Some(detail), changes)).await?;
    tx.commit().await?;
    Ok(Unmerged { gone: merge.gone, waiting, lost })
}

/// Lets a place that was given up be what it was. Where others have it by now she waits first in line: she had it before
/// any of those who wait.
async fn give_back(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (booking, seat): (RegistrationId, GivenUpPlace),
) -> Result<Returned, StoreError> {
    let opened = Opened::lock_settled(ctx, tx, booking).await?;
    let Some(Opened { mut locked, session, mut registration }) = opened else {
        return Ok(Returned::Lost);
    };
    let is_over = session.ends_at().is_none_or(|end| end <= ctx.now());
    if is_over || session.publication != Publication::Published {
        return Ok(Returned::Lost);
    }
    let is_taken = seat.state == PlaceState::Confirmed
        && room_for(&mut locked, &session, &registration.sender, 1).await? == 0;
    let can_wait = session.waiting_list && session.offer_deadline(ctx.now(), ctx.offer).is_some();
    let state = match is_taken {
        false => seat.state,
        true if can_wait => {
            PlaceState::Waiting { queue: queue::first(&mut locked, &session.code).await? }
        }
        true => return Ok(Returned::Lost),
    };
    let Some(place) = registration.places.iter_mut().find(|one| one.id == seat.place) else {
        return Ok(Returned::Lost);
    };
    let Ok(back) = place.comes_back(state) else { return Ok(Returned::Lost) };
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    places::set_states(&mut locked, &[back], cause).await?;
    tell_of_return(ctx, &mut locked, (&session, &registration), (state, is_taken)).await?;
    let subject = Subject { place: Some(seat.place), ..Subject::of(&registration) };
    let detail = is_taken.then(|| "others have it: first on the waiting list".to_owned());
    record(ctx, &mut locked, actor, AuditAction::PlaceCameBack, subject, detail).await?;
    offer_freed(ctx, &mut locked).await?;
    Ok(if is_taken { Returned::Waits } else { Returned::Back })
}

/// Tells calendars and the leader what a place is again.
async fn tell_of_return(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    about: (&Session, &Registration),
    (state, is_taken): (PlaceState, bool),
) -> Result<(), StoreError> {
    let mut out = Outgoing::default();
    out.reconcile_stored(ctx, locked, about, Telling::changed(&[])).await?;
    if state.status() == PlaceStatus::Confirmed {
        let kind = LetterKind::BookingConfirmed;
        out.tell_leader(ctx, about, kind, |(session, registration), url| {
            letters::booking_confirmed(&ctx.letterhead, session, registration, url)
        });
    } else if is_taken {
        let kind = LetterKind::WaitingListJoined;
        out.tell_leader(ctx, about, kind, |(session, registration), url| {
            letters::waiting_list_joined(&ctx.letterhead, session, registration, 1, url)
        });
    }
    out.write(ctx, locked).await
}
