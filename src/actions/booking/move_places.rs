//! Moving people to another session: both are locked, so that nobody is ever on both or on neither.

use super::cancel_places::shown;
use crate::{
    actions::{
        ActionContext,
        calendars::reconcile::Telling,
        help_requests::ask::take_help_along,
        places::{
            already::{NamedPeople, already_there},
            let_go::places_let_go,
            settle::{offer_freed, settle},
            share::{Party, room_for, share},
        },
        questions::answer::take_along,
        record::{Subject, record},
        tell::{Outgoing, leader_link},
    },
    domain::{
        already::{self, Already},
        audit::{Actor, AuditAction},
        edit::Drawn,
        id::{PlaceId, RegistrationId, SessionCode},
        letter::LetterKind,
        place::{Place, PlaceState, PlaceStatus},
        registration::Registration,
        session::{BookingMode, BookingStatus, Publication, Session, Settled},
        wording,
    },
    mail::letters::{self, Withdrawal},
    store::{
        StoreError, Tx,
        links::LinkTarget,
        places::{self, Cause},
        registrations::{self, Origin},
        session_lock::{self, Locked, LockedPair},
        sessions, stays,
    },
    token::Token,
};

/// What became of people who were moved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Their booking on the other session.
    pub registration: Registration,
    /// How many have a place there.
    pub confirmed: usize,
    /// How many wait there.
    pub waiting: usize,
    /// What opens it, for a leader who moved herself.
    pub link: Option<Token>,
}

/// Why nobody was moved.
#[derive(Debug, thiserror::Error)]
pub enum MoveError {
    /// There is no such booking, or none of these places is open any more.
    #[error("these places are not open any more")]
    NothingToMove,
    /// The other session cannot take anybody: it is this one, a draft, called off or over.
    #[error("choose another session that is published and not over")]
    NotThere,
    /// What happened cannot be moved: it is over, or somebody was checked in.
    #[error(transparent)]
    Settled(#[from] Settled),
    /// The other session has too few places, and they are not to wait.
    #[error("only {free} places are free there; nobody was moved")]
    Full {
        /// How many places are free there.
        free: u32,
    },
    /// Somebody else sits there than whom the page showed (V2).
    #[error("{0} is on that place now, not who was there when the page was opened")]
    SomebodyElse(String),
    /// The other session is not when or where the page said it is (V2).
    #[error("that date has changed since the page was opened: it is {0} now")]
    OtherDate(String),
    /// Somebody may be on the other session already (H2).
    #[error("{}", already::sentence(.0))]
    AlreadyThere(Vec<Already>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What is to be moved, and where to.
#[derive(Debug, Clone)]
pub struct MoveRequest {
    /// The booking.
    pub registration: RegistrationId,
    /// Which of its places.
    pub places: Vec<PlaceId>,
    /// The other session.
    pub to: SessionCode,
    /// Whether whoever finds no place there may wait there.
    pub may_wait: bool,
    /// Whether whoever is moved was said to be somebody else than her namesake there (H2).
    pub apart: bool,
}

/// Moves places to another session, under a new booking of the same leader: old invites are
/// withdrawn, new ones sent, the leader told once, and what is freed offered on.
///
/// # Errors
/// [`MoveError`], in which case everybody is where they were.
pub async fn move_places(
    ctx: &ActionContext,
    actor: &Actor,
    request: &MoveRequest,
) -> Result<Moved, MoveError> {
    move_as_shown(ctx, actor, request, None).await
}

/// The same from a page that showed whose places they are: nobody is moved where somebody else sits there
/// now (V2).
///
/// # Errors
/// [`MoveError`], in which case everybody is where they were.
pub async fn move_as_shown(
    ctx: &ActionContext,
    actor: &Actor,
    request: &MoveRequest,
    drawn: Option<&Drawn>,
) -> Result<Moved, MoveError> {
    let mut tx = ctx.store.begin().await?;
    let id = request.registration;
    let found = registrations::find(&mut tx, id).await?.ok_or(MoveError::NothingToMove)?;
    let both = session_lock::lock_pair(&mut tx, &found.session, &request.to).await?;
    let mut both = both.ok_or(MoveError::NotThere)?;
    settle(ctx, &mut both.from()).await?;
    settle(ctx, &mut both.to()).await?;
    let from = sessions::find(&mut both.from(), &found.session).await?;
    let from = from.ok_or(MoveError::NothingToMove)?;
    let to = sessions::find(&mut both.to(), &request.to).await?.ok_or(MoveError::NotThere)?;
    let new = moved_within(ctx, &mut both, actor, (&from, &to), (request, drawn)).await?;
    offer_freed(ctx, &mut both.from()).await?;
    let link = match actor {
        Actor::Leader => Some(leader_link(ctx, &mut both.to(), new.id).await?),
        _ => None,
    };
    tx.commit().await?;
    let confirmed = new.confirmed().count();
    let waiting = new.places_in(PlaceStatus::Waiting).count();
    Ok(Moved { registration: new, confirmed, waiting, link })
}

/// The same within a transaction that does more: both sessions are locked and settled, and what comes free is
/// left to whoever calls. The booking on the other session.
pub(in crate::actions) async fn moved_within(
    ctx: &ActionContext,
    both: &mut LockedPair<'_>,
    actor: &Actor,
    (from, to): (&Session, &Session),
    (request, drawn): (&MoveRequest, Option<&Drawn>),
) -> Result<Registration, MoveError> {
    if from.code == to.code || !takes_more(ctx, actor, (from, to)) {
        return Err(MoveError::NotThere);
    }
    let old = registrations::find(&mut both.from(), request.registration).await?;
    let old = old.ok_or(MoveError::NothingToMove)?;
    let chosen = |place: &&Place| {
        let status = place.state.status();
        let is_open = status.is_open() && status != PlaceStatus::Held;
        request.places.contains(&place.id) && is_open
    };
    let leaving: Vec<Place> = old.places.iter().filter(chosen).cloned().collect();
    if leaving.is_empty() {
        return Err(MoveError::NothingToMove);
    }
    still_shown(&leaving, to, drawn)?;
    let meant: Vec<_> = leaving.iter().collect();
    places_let_go(&mut both.from(), from, &meant, ctx.now()).await??;
    if !request.apart {
        let named = leaving.iter().map(|place| (place.number, place.attendee.as_ref()));
        let asked = NamedPeople::new(named, old.sender.code(), &[]);
        let found = already_there(&mut both.to(), actor, &asked).await?;
        if !found.is_empty() {
            return Err(MoveError::AlreadyThere(found));
        }
    }
    let seats = (leaving.len(), request.may_wait);
    let states = states(&mut both.to(), to, (&old, actor), seats).await?;
    leave(ctx, &mut both.from(), actor, (from, to), (&old, leaving.clone())).await?;
    let new = arrive(ctx, &mut both.to(), actor, (&old, leaving, states)).await?;
    tell(ctx, &mut both.to(), (from, to), (&old, &new)).await?;
    let action = AuditAction::PlacesMoved;
    let detail = Some(format!("{} places to {}", new.places.len(), to.code));
    record(ctx, &mut both.from(), actor, action, Subject::of(&old), detail).await?;
    let detail = Some(format!("{} places from {}", new.places.len(), from.code));
    record(ctx, &mut both.to(), actor, action, Subject::of(&new), detail).await?;
    Ok(new)
}

/// Makes sure that whoever sits on these places is whom the page showed, and that the other session is when and
/// where it said.
fn still_shown(leaving: &[Place], to: &Session, drawn: Option<&Drawn>) -> Result<(), MoveError> {
    let Some(drawn) = drawn else { return Ok(()) };
    if let Some((_, name)) = leaving.iter().map(shown).find(|(key, name)| !drawn.shows(key, name)) {
        return Err(MoveError::SomebodyElse(name));
    }
    let (key, date) = shown_date(to);
    if drawn.shows(&key, &date) { Ok(()) } else { Err(MoveError::OtherDate(date)) }
}

fn shown_date(session: &Session) -> (String, String) {
    let (days, hours) = (wording::days(session), wording::hours(session));
    (format!("to-{}", session.code), format!("{days}, {hours}, {}", session.location.public_line()))
}

/// What a page that asks about moving was drawn from: who sits on the places it shows, and when and where the
/// other sessions are.
pub fn drawn_from<'a>(
    places: impl IntoIterator<Item = &'a Place>,
    dates: impl IntoIterator<Item = &'a Session>,
) -> Drawn {
    let dates = dates.into_iter().map(shown_date);
    let shown: Vec<_> = places.into_iter().map(shown).chain(dates).collect();
    Drawn::of_shown(shown.iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

/// Whether the other session takes people: for a leader as a booking would, on a date of the same course that is
/// booked at once; for an organiser until it is over.
fn takes_more(ctx: &ActionContext, actor: &Actor, (from, to): (&Session, &Session)) -> bool {
    match actor {
        Actor::Leader => {
            let is_open = matches!(to.booking_status(ctx.now()), BookingStatus::Open { .. });
            let is_alike = to.mode == BookingMode::Instant && to.course.slug == from.course.slug;
            // Who moves by herself finds no more than the lists show.
            is_open && is_alike && to.is_listed() && to.whole_series().is_none()
        }
        _ => to.publication == Publication::Published && !to.is_over(ctx.now()),
    }
}

/// The state each of `count` people gets on the other session, which is locked and settled.
async fn states(
    locked: &mut Locked<'_>,
    to: &Session,
    (old, actor): (&Registration, &Actor),
    (count, may_wait): (usize, bool),
) -> Result<Vec<PlaceState>, MoveError> {
    let decided = matches!(actor, Actor::Staff(_));
    let party = Party { sender: &old.sender, team: old.team, vouched: true, decided };
    let asked = u32::try_from(count).unwrap_or(u32::MAX);
    let now = share(locked, to, party, asked).await?.now as usize;
    let mut states = vec![PlaceState::Confirmed; now];
    if now < count {
        if !may_wait || !to.waiting_list {
            let free = room_for(locked, to, &old.sender, u32::MAX).await?;
            return Err(MoveError::Full { free });
        }
        let queue = session_lock::next_queue_number(locked).await?;
        states.resize(count, PlaceState::Waiting { queue });
    }
    Ok(states)
}

async fn leave(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    (from, to): (&Session, &Session),
    (old, mut leaving): (&Registration, Vec<Place>),
) -> Result<(), StoreError> {
    let why = format!("moved to {}", to.code);
    let cause = Cause { by: actor, at: ctx.now(), why: Some(&why) };
    let gone = leaving.iter_mut().map(|place| place.becomes(PlaceState::Cancelled));
    places::set_states(locked, &gone.collect::<Result<Vec<_>, _>>()?, cause).await?;
    let mut out = Outgoing::default();
    let mut after = old.clone();
    for place in leaving {
        out.lose(place.id);
        let stays = after.places.iter_mut().find(|one| one.id == place.id);
        stays.into_iter().for_each(|known| *known = place.clone());
    }
    let telling = Telling::gone(Withdrawal::Moved);
    out.reconcile_stored(ctx, locked, (from, &after), telling).await?;
    out.write(ctx, locked).await
}

async fn arrive(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    actor: &Actor,
    (old, leaving, states): (&Registration, Vec<Place>, Vec<PlaceState>),
) -> Result<Registration, StoreError> {
    let were: Vec<_> = leaving.iter().map(|place| place.id).collect();
    let attendees: Vec<_> = leaving.into_iter().map(|place| place.attendee).collect();
    let mut registration = Registration {
        id: ctx.registration_id(),
        reference: ctx.reference(),
        session: locked.session().clone(),
        booked_at: Some(ctx.now()),
        asked: u32::try_from(attendees.len()).unwrap_or(u32::MAX),
        places: ctx.places(1, attendees, states),
        ..old.clone()
    };
    let source = if matches!(actor, Actor::Leader) { "web" } else { "office" };
    let origin = Origin { source, attempt: None, fingerprint: None, at: ctx.now() };
    while !registrations::insert(locked, &registration, origin).await? {
        registration.reference = ctx.reference();
    }
    let cause = Cause { by: actor, at: ctx.now(), why: None };
    places::insert(locked, registration.id, &registration.places, cause).await?;
    // They are the same people: what they answered goes with them, as far as it is asked there (H1).
    let same: Vec<_> =
        were.into_iter().zip(&registration.places).map(|(was, place)| (was, place.id)).collect();
    take_along(ctx, locked, (old.id, registration.id), &same).await?;
    stays::take_along(locked, &same).await?;
    take_help_along(ctx, locked, &same).await?;
    Ok(registration)
}

/// New invites for whoever has a place there, and one letter to the leader. Her old link stays
/// good for those who were not moved.
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    (from, to): (&Session, &Session),
    (old, new): (&Registration, &Registration),
) -> Result<(), StoreError> {
    let mut out = Outgoing::default();
    out.invites(ctx, (to, new), new.confirmed());
    if old.leader.email.is_none() {
        // Nobody to write to; a link there must be all the same, as for every booking.
        out.link(ctx, LinkTarget::Leader(new.id));
    }
    out.tell_leader(ctx, (to, new), LetterKind::PlacesMoved, |(to, new), url| {
        letters::places_moved(&ctx.letterhead, (from, to), new, url)
    });
    out.write(ctx, tx).await
}
