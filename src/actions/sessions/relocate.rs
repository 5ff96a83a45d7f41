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
            change_session::{ChangeSessionError, as_seen, audit, lock, open},
        },
        venues::choose::move_between,
    },
    domain::{
        announcement::{Announcement, News, Told},
        audit::{Actor, AuditAction},
        edit::{self, Drawn},
        id::{SessionCode, VenueId},
        location::Location,
        page_words::SessionWords,
        plan::SessionPlan,
        session::{Publication, Session},
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
}

/// Moves a session to another place, as it was typed or as the venue that was chosen says. Where the place
/// stays what people know, only the office sees that it is another record.
///
/// # Errors
/// [`ChangeSessionError`], in which case nothing changed.
pub async fn relocate_session(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    (typed, choice): (Location, &VenueChoice),
    drawn: Option<&Drawn>,
) -> Result<Told, ChangeSessionError> {
    let typed = typed.checked()?;
    let mut tx = ctx.store.begin().await?;
    // A venue is locked before the sessions that are held there, as by whoever corrects it.
    let chosen = match choice {
        VenueChoice::Chosen(id) => venues::lock(&mut tx, id).await?.map(|(venue, _)| venue),
        VenueChoice::Unsaid | VenueChoice::None => None,
    };
    if chosen.is_none() && matches!(choice, VenueChoice::Chosen(_)) && !typed.is_online() {
        return Err(ChangeSessionError::NoSuchVenue);
    }
    let mut locked = lock(&mut tx, code).await?;
    let session = open(ctx, &mut locked).await?;
    let known = Some((&session.location, session.venue.as_ref()));
    let (location, venue) = place_meant((typed, choice), known, chosen.as_ref());
    let wanted = (venue.as_ref(), &session.alliance.slug);
    let between = move_between(&mut locked, session.venue.as_ref(), wanted).await?;
    let between = between.ok_or(ChangeSessionError::NoSuchVenue)?;
    if (&session.location, &session.venue) == (&location, &venue) {
        return Err(ChangeSessionError::NothingChanged);
    }
    let place = NewPlace { words: between.words(&session.words), location, venue };
    let present = SessionPlan::of(&session);
    as_seen(&mut locked, &session, (drawn, &place.plan(&present)), &["where"]).await?;
    let news = move_to(ctx, &mut locked, actor, &session, place).await?;
    tx.commit().await?;
    let Some((id, told)) = news else { return Ok(Told::default()) };
    tell_all(ctx, id).await;
    Ok(told)
}

impl NewPlace {
    /// The session as it is planned there.
    fn plan(&self, present: &SessionPlan) -> SessionPlan {
        let (location, venue) = (self.location.clone(), self.venue.clone());
        let mut plan = SessionPlan { location, venue, ..present.clone() };
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
    place: NewPlace,
) -> Result<Option<(Uuid, Told)>, StoreError> {
    let (code, present) = (&session.code, SessionPlan::of(session));
    let written = edit::changes(&present, &place.plan(&present), session.zone());
    venues::point(tx, code, place.venue.as_ref(), &place.words).await?;
    let is_draft = session.publication == Publication::Draft;
    if is_draft || session.location == place.location {
        session_changes::set_location(tx, code, &place.location).await?;
        let what = (AuditAction::SessionEdited, Subject::session(code));
        record_changes(ctx, tx, actor, what, (None, written)).await?;
        return Ok(None);
    }
    session_changes::set_location(tx, code, &place.location).await?;
    stamp(ctx, tx, code).await?;
    let (was, now) = (session.location.public_line(), place.location.public_line());
    let change = if was == now {
        "The link to join is new.".to_owned()
    } else {
        format!("Where: was {was}; now {now}")
    };
    audit(ctx, tx, actor, AuditAction::SessionMoved, code, (change.clone(), written)).await?;
    let sittings = session.sittings.iter().map(|sitting| sitting.id).collect();
    let news = News::Changed { sittings, words: vec![change] };
    let announcement = Announcement { session: code.clone(), news, to_leaders: true };
    announce(ctx, tx, &announcement).await.map(Some)
}
