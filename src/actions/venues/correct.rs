//! What is known of a venue is corrected, and with it every session to come that is held there: in one go,
//! and people hear of it where what they see is another.

use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        edit::{EditError, States, merged},
        record::{Subject, record_changes},
        sessions::{
            announce::tell_all,
            change_session::{ChangeSessionError, may_change, open},
            relocate::{NewPlace, move_to},
        },
    },
    domain::{
        announcement::Told,
        audit::{Actor, AuditAction, AuditedRecord},
        edit::{Drawn, Listed, Merged},
        id::VenueId,
        registration::Registration,
        session::{Publication, Session},
        sitting::DayPlace,
        venue::{Venue, VenueContact, words_at},
    },
    store::{Conn, StoreError, Tx, audit::Edited, registrations, session_lock, sessions, venues},
};

/// Why a venue was not changed.
#[derive(Debug, thiserror::Error)]
pub enum CorrectError {
    /// Another alliance has sessions there that are to come.
    #[error("another alliance has sessions there that are to come; let all alliances use it")]
    UsedByOthers,
    /// See [`EditError`].
    #[error(transparent)]
    Edit(#[from] EditError<Listed<Venue>>),
}

impl From<StoreError> for CorrectError {
    fn from(error: StoreError) -> Self {
        Self::Edit(error.into())
    }
}

/// What a correction does, and of how many sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Correction {
    /// Published sessions to come whose people are written to.
    pub told: usize,
    /// The people of those who have a place and an address, or are being told.
    pub people: usize,
    /// Published sessions to come with nobody to write to.
    pub quiet: usize,
    /// Drafts.
    pub drafts: usize,
    /// Sessions that say their own place, such as a room in the building, and go on saying it.
    pub apart: usize,
}

impl Correction {
    /// How many are held there, whatever becomes of them.
    pub fn held(&self) -> usize {
        self.sessions() + self.apart
    }

    /// How many sessions say another place afterwards.
    pub fn sessions(&self) -> usize {
        self.told + self.quiet + self.drafts
    }
}

/// The sessions to come that are held at a venue, in order of time; those that were called off are not.
///
/// # Errors
/// [`StoreError`].
pub async fn held_at(
    ctx: &ActionContext,
    conn: &mut Conn,
    id: &VenueId,
) -> Result<Vec<Session>, StoreError> {
    let mut coming = sessions::ending_after(conn, ctx.now()).await?;
    let is_held = |one: &Session| !matches!(one.publication, Publication::Cancelled { .. });
    let is_there = |one: &Session| {
        one.sittings.iter().any(|day| day.ends_at > ctx.now() && one.venue_of(day) == Some(id))
    };
    coming.retain(|one| (one.venue.as_ref() == Some(id) || is_there(one)) && is_held(one));
    Ok(coming)
}

/// What changing a venue from one to the other would do; nothing is written.
///
/// # Errors
/// [`StoreError`].
pub async fn would_correct(
    ctx: &ActionContext,
    conn: &mut Conn,
    (before, after): (&Venue, &Venue),
) -> Result<Correction, StoreError> {
    let mut found = Correction::default();
    if before.location() == after.location() {
        return Ok(found);
    }
    for session in held_at(ctx, conn, &before.id).await? {
        let (place, is_apart) = follow(ctx, &session, (before, after));
        if place.location == session.location && place.days.is_empty() {
            found.apart += usize::from(is_apart);
        } else if may_change(&session, ctx.now()).is_err() {
            found.drafts += 1;
        } else {
            let bookings = registrations::of_session(conn, &session.code).await?;
            let people = bookings.iter().flat_map(Registration::reachable).count();
            found.people += people;
            *(if people > 0 { &mut found.told } else { &mut found.quiet }) += 1;
        }
    }
    Ok(found)
}

/// Changes the venue with this number. What people see of it is changed in every session to come that is held
/// there and says so, in the same transaction; archived, it is offered no more, and its contact is taken out.
///
/// # Errors
/// [`CorrectError`], in which case nothing changed.
pub async fn change_venue(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Listed<Venue>,
    drawn: Option<&Drawn>,
) -> Result<Correction, CorrectError> {
    let mut tx = ctx.store.begin().await?;
    let id = &sent.record.id;
    let found = venues::lock(&mut tx, id).await?;
    let (record, archived_at) = found.ok_or(CorrectError::Edit(EditError::NoSuch))?;
    let present = Listed { record, is_archived: archived_at.is_some() };
    let about = AuditedRecord::Venue(id.clone());
    let states = States { drawn, present: &present, sent };
    let edited = Edited::Record(about.clone());
    let Merged { record: mut kept, changes } =
        merged::<_, EditError<Listed<Venue>>>(&mut tx, &edited, states, chrono_tz::UTC).await?;
    let held = held_at(ctx, &mut tx, id).await?;
    if held.iter().any(|session| !kept.record.is_for(&session.alliance.slug)) {
        return Err(CorrectError::UsedByOthers);
    }
    if kept.is_archived {
        kept.record.contact = VenueContact::default();
    }
    let since = kept.is_archived.then(|| archived_at.unwrap_or(ctx.now()));
    venues::update(&mut tx, &kept.record, since).await?;
    if !changes.is_empty() {
        let what = (AuditAction::VenueKept, Subject::about(about));
        record_changes(ctx, &mut tx, actor, what, (Some(id.to_string()), changes)).await?;
    }
    let venues = (&present.record, &kept.record);
    let (done, news) = correct_all(ctx, &mut tx, actor, venues, held).await?;
    tx.commit().await.map_err(CorrectError::from)?;
    for one in news {
        tell_all(ctx, one).await;
    }
    Ok(done)
}

/// Changes the sessions that are held at a venue as it was `before`; what there is to tell of them.
async fn correct_all(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (before, after): (&Venue, &Venue),
    mut held: Vec<Session>,
) -> Result<(Correction, Vec<Uuid>), StoreError> {
    let (mut done, mut news) = (Correction::default(), Vec::new());
    // As everybody locks several sessions: in one order.
    held.sort_by(|a, b| a.code.cmp(&b.code));
    for session in held {
        let Some(mut locked) = session_lock::lock(tx, &session.code).await? else { continue };
        let session = match open(ctx, &mut locked).await {
            Ok(session) => session,
            Err(ChangeSessionError::Store(error)) => return Err(error),
            // A draft is changed as it is; what was called off or is over stays as people know it.
            Err(_) => match sessions::find(&mut locked, &session.code).await? {
                Some(session) if session.publication == Publication::Draft => session,
                _ => continue,
            },
        };
        let (place, is_apart) = follow(ctx, &session, (before, after));
        let is_moved = place.location != session.location || !place.days.is_empty();
        done.apart += usize::from(is_apart && !is_moved);
        if !is_moved && place.words == session.words {
            continue;
        }
        let told = move_to(ctx, &mut locked, actor, &session, (place, Vec::new())).await?;
        let people = told.map_or(0, |(_, Told { people, .. })| people);
        news.extend(told.map(|(id, _)| id));
        match session.publication {
            _ if !is_moved => {}
            Publication::Draft => done.drafts += 1,
            _ if people > 0 => done.told += 1,
            _ => done.quiet += 1,
        }
        done.people += people;
    }
    Ok((done, news))
}

/// Where a session is held once a venue is corrected, and whether it says a place of its own that stays: a room
/// in the building, for one.
fn follow(
    ctx: &ActionContext,
    session: &Session,
    (before, after): (&Venue, &Venue),
) -> (NewPlace, bool) {
    let is_there = session.venue.as_ref() == Some(&before.id);
    let follows = is_there && before.is(&session.location);
    let changes = before.location() != after.location();
    let (mut days, mut is_apart) = (Vec::new(), is_there && !follows && changes);
    for day in session.sittings.iter().filter(|day| day.ends_at > ctx.now()) {
        let Some(own) = &day.place else { continue };
        if own.venue.as_ref() != Some(&before.id) || own.location() == after.location() {
            continue;
        }
        match before.is(&own.location()) {
            true => {
                let (name, address) = (after.name.clone(), after.address.clone());
                let venue = own.venue.clone();
                days.push((day.id, Some(DayPlace { venue, name, address })));
            }
            false => is_apart |= changes,
        }
    }
    let words = match is_there {
        true => words_at(&session.words, Some(before), Some(after)),
        false => session.words.clone(),
    };
    let location = if follows { after.location() } else { session.location.clone() };
    (NewPlace { location, venue: session.venue.clone(), words, days }, is_apart)
}
