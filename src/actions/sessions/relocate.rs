//! A session moves to another place: typed, or one of the list of venues. Its people are told where what
//! they see of it is another.

use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        calendars::stamp::stamp,
        record::{Subject, record_changes},
        sessions::{
            announce::{announce, tell_all},
            change_session::{ChangeSessionError, as_seen, audit, find, lock, open},
            days::name_of_day,
            gather::{hurry, is_near},
        },
        venues::choose::move_between,
    },
    domain::{
        announcement::{Announcement, News, Told},
        audit::{Actor, AuditAction},
        edit::{self, Drawn},
        id::{SessionCode, SittingId, VenueId},
        location::{Location, LocationFault},
        page_words::SessionWords,
        plan::SessionPlan,
        session::{Publication, Session},
        sitting::{DayPlace, Sitting},
        venue::{VenueChoice, place_meant},
    },
    store::{StoreError, Tx, session_changes, venues},
};

/// Where a session is held from now on.
pub(in crate::actions) struct NewPlace {
    pub(in crate::actions) location: Location,
    pub(in crate::actions) venue: Option<VenueId>,
    /// The words of its page there.
    pub(in crate::actions) words: SessionWords,
    /// Days that are held elsewhere than they were: at a place of their own, or where the session is.
    pub(in crate::actions) days: Vec<(SittingId, Option<DayPlace>)>,
}

/// Moves a session to another place, as it was typed or as the venue that was chosen says. Where the place
/// stays what people know, only the office sees that it is another record.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub(super) async fn relocated(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    code: &SessionCode,
    (typed, choice): (&Location, &VenueChoice),
    (drawn, said): (Option<&Drawn>, Vec<String>),
) -> Result<Option<(Uuid, Told)>, ChangeSessionError> {
    let typed = typed.checked()?;
    // A venue is locked before the sessions that are held there, as by whoever corrects it.
    let chosen = match choice {
        VenueChoice::Chosen(id) => venues::lock(tx, id).await?.map(|(venue, _)| venue),
        VenueChoice::Unsaid | VenueChoice::None => None,
    };
    if chosen.is_none() && matches!(choice, VenueChoice::Chosen(_)) && !typed.is_online() {
        return Err(ChangeSessionError::NoSuchVenue);
    }
    let mut locked = lock(tx, code).await?;
    let session = open(ctx, &mut locked).await?;
    let known = Some((&session.location, session.venue.as_ref()));
    let (location, venue) = place_meant((typed, choice), known, chosen.as_ref());
    let wanted = (venue.as_ref(), &session.alliance.slug);
    let between = move_between(&mut locked, session.venue.as_ref(), wanted).await?;
    let between = between.ok_or(ChangeSessionError::NoSuchVenue)?;
    if (&session.location, &session.venue) == (&location, &venue) {
        return Err(ChangeSessionError::NothingChanged);
    }
    let words = between.words(&session.words);
    let place = NewPlace { words, location, venue, days: Vec::new() };
    as_seen(&mut locked, &session, (drawn, &place.plan(&session)), &["where"]).await?;
    Ok(move_to(ctx, &mut locked, actor, &session, (place, said)).await?)
}

impl NewPlace {
    /// The session as it is planned there.
    fn plan(&self, session: &Session) -> SessionPlan {
        let (location, venue) = (self.location.clone(), self.venue.clone());
        let of_day = |day: &Sitting| {
            let new = self.days.iter().find(|(id, _)| *id == day.id);
            new.map_or_else(|| day.place.clone(), |(_, place)| place.clone())
        };
        let day_places = session.sittings.iter().map(of_day).collect();
        let mut plan = SessionPlan { location, venue, day_places, ..SessionPlan::of(session) };
        plan.details.words = self.words.clone();
        plan
    }
}

/// Moves a session that is locked, and may be a draft; what is to be told of it, if people see it elsewhere.
pub(in crate::actions) async fn move_to(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    session: &Session,
    (place, said): (NewPlace, Vec<String>),
) -> Result<Option<(Uuid, Told)>, StoreError> {
    let (code, present) = (&session.code, SessionPlan::of(session));
    let written = edit::changes(&present, &place.plan(session), session.zone());
    venues::point(tx, code, place.venue.as_ref(), &place.words).await?;
    session_changes::set_location(tx, code, &place.location).await?;
    for (day, place) in &place.days {
        venues::set_day_place(tx, *day, place.as_ref()).await?;
    }
    let words = words(session, &place);
    if session.publication == Publication::Draft || words.is_empty() {
        let what = (AuditAction::SessionEdited, Subject::session(code));
        record_changes(ctx, tx, actor, what, (None, written)).await?;
        return Ok(None);
    }
    stamp(ctx, tx, code).await?;
    audit(ctx, tx, actor, AuditAction::SessionMoved, code, (words.join("; "), written)).await?;
    let is_moved = session.location != place.location;
    let moves = |day: &&Sitting| {
        is_moved && day.place.is_none() || place.days.iter().any(|(id, _)| *id == day.id)
    };
    let sittings = session.sittings.iter().filter(moves).map(|day| day.id).collect();
    let news = News::Changed { sittings, words };
    let announcement = Announcement { session: code.clone(), news, to_leaders: true, said };
    let (id, told) = announce(ctx, tx, &announcement).await?;
    if is_near(ctx, session) {
        // Somebody may be on her way to what was near until now.
        hurry(tx, id).await?;
    }
    Ok(Some((id, told)))
}

/// What people see otherwise, in words: the place of the session, and of each day that has another.
fn words(session: &Session, place: &NewPlace) -> Vec<String> {
    let (was, now) = (session.location.public_line(), place.location.public_line());
    let mut words = Vec::new();
    if session.location != place.location && was == now {
        words.push("The link to join is new.".to_owned());
    } else if was != now {
        words.push(format!("Where: was {was}; now {now}"));
    }
    for (id, own) in &place.days {
        let Some(day) = session.sittings.iter().find(|one| one.id == *id) else { continue };
        let was = session.location_on(day).public_line();
        let now = own.as_ref().map_or_else(|| place.location.clone(), DayPlace::location);
        let (now, name) = (now.public_line(), name_of_day(session, day.number));
        if was != now {
            words.push(format!("{name}, where: was {was}; now {now}"));
        }
    }
    words
}

/// Holds one day of a session elsewhere than the others, or where they are again if `typed` says nothing.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn relocate_day(
    ctx: &ActionContext,
    actor: &Actor,
    (code, number): (&SessionCode, u32),
    (typed, choice): (Option<Location>, &VenueChoice),
    drawn: Option<&Drawn>,
) -> Result<Told, ChangeSessionError> {
    let typed = typed.map(|one| one.checked()).transpose()?;
    let mut tx = ctx.store.begin().await?;
    let chosen = match choice {
        VenueChoice::Chosen(id) => venues::lock(&mut tx, id).await?.map(|(venue, _)| venue),
        VenueChoice::Unsaid | VenueChoice::None => None,
    };
    let mut locked = lock(&mut tx, code).await?;
    let session = match open(ctx, &mut locked).await {
        Err(ChangeSessionError::Draft) => find(&mut locked).await?,
        other => other?,
    };
    let day = session.sittings.iter().find(|one| one.number == number);
    let day = day.ok_or(ChangeSessionError::NoSuchSitting(number))?;
    if day.ends_at <= ctx.now() && session.publication != Publication::Draft {
        return Err(ChangeSessionError::TooLate);
    }
    let before = session.location_on(day);
    let known = Some((&before, session.venue_of(day)));
    let meant = typed.map(|typed| place_meant((typed, choice), known, chosen.as_ref()));
    let wanted = meant.as_ref().and_then(|(_, venue)| venue.as_ref());
    let between = (session.venue_of(day), (wanted, &session.alliance.slug));
    move_between(&mut locked, between.0, between.1)
        .await?
        .ok_or(ChangeSessionError::NoSuchVenue)?;
    let own = match meant {
        // Where the session is, it has no place of its own.
        Some((location, venue)) if (&location, &venue) != (&session.location, &session.venue) => {
            match location {
                Location::Venue { name, address } => Some(DayPlace { venue, name, address }),
                Location::Online { .. } => return Err(LocationFault::Venue.into()),
            }
        }
        _ => None,
    };
    if own == day.place {
        return Err(ChangeSessionError::NothingChanged);
    }
    let place = NewPlace {
        location: session.location.clone(),
        venue: session.venue.clone(),
        words: session.words.clone(),
        days: vec![(day.id, own)],
    };
    as_seen(&mut locked, &session, (drawn, &place.plan(&session)), &["dayplace"]).await?;
    let news = move_to(ctx, &mut locked, actor, &session, (place, Vec::new())).await?;
    tx.commit().await?;
    let Some((id, told)) = news else { return Ok(Told::default()) };
    tell_all(ctx, id).await;
    Ok(told)
}
