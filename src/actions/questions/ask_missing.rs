//! Asking everybody on a session for what they have not answered yet and must: one letter to each leader, and one to
//! each attendee with an address of her own, at most once a day.

use chrono::{DateTime, Duration, Utc};

use super::answer::unanswered;
use crate::{
    actions::{
        ActionContext,
        letters::stop_letters::{is_stopped, stoppable},
        record::{Subject, record},
        tell::{letter_link, tell_all},
    },
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        id::SessionCode,
        letter::{Circular, LetterKind},
        place::Place,
        reference::Reference,
        registration::Registration,
        session::{Publication, Session},
        text::Name,
        wording,
    },
    mail::letters::{self, MissingAnswers},
    store::{
        Conn, StoreError, letter_stops,
        links::LinkTarget,
        outbox::About,
        questions, registrations, session_lock, sessions,
        unanswered::{self, Respondent},
    },
};

/// How long whoever was asked is left alone.
const REST: Duration = Duration::hours(24);

/// Somebody who has not answered what she must.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Silent {
    /// The leader of a booking, or whoever has a place of it.
    pub whom: Respondent,
    /// The booking.
    pub reference: Reference,
    /// Her name.
    pub name: Name,
    /// Where she is written to; an organiser rings whoever has none.
    pub email: Option<EmailAddress>,
    /// How many answers are missing.
    pub missing: usize,
    /// For whom else she is asked: those of her booking who cannot be written to.
    pub others: Vec<Name>,
    /// When she was asked last.
    pub asked_at: Option<DateTime<Utc>>,
    /// Whether she stopped such letters.
    pub is_stopped: bool,
}

impl Silent {
    /// Whether she can be asked now.
    pub fn can_ask(&self, now: DateTime<Utc>) -> bool {
        let rests = self.asked_at.is_some_and(|at| now < at + REST);
        self.email.is_some() && !self.is_stopped && !rests
    }
}

/// Why nobody was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskMissingError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// Nothing can be answered any more.
    #[error("nothing can be answered any more: the session takes no more changes")]
    TooLate,
    /// Everybody has answered, was asked within a day, or cannot be written to.
    #[error("there is nobody to ask: each is asked at most once a day")]
    Nobody,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether what a session asks can still be answered.
pub fn can_answer(session: &Session, now: DateTime<Utc>) -> bool {
    session.publication == Publication::Published && session.accepts_changes_at(now)
}

/// Everybody who has not answered, booking by booking.
///
/// # Errors
/// [`StoreError`].
pub async fn silent(conn: &mut Conn, session: &Session) -> Result<Vec<Silent>, StoreError> {
    let questions = questions::asked(conn, session).await?;
    if questions.is_empty() {
        return Ok(Vec::new());
    }
    let sheets = unanswered::sheets(conn, &session.code).await?;
    let asked = unanswered::asked(conn, &session.code).await?;
    let mut all = Vec::new();
    for booking in registrations::of_session(conn, &session.code).await? {
        let sheet = sheets.get(&booking.id).cloned().unwrap_or_default();
        let missing = unanswered(&questions, &sheet, &booking);
        if booking.booked_at.is_some() && missing.count() > 0 {
            all.extend(of_booking(&booking, (missing.of_booking, &missing.of_places)));
        }
    }
    let addresses: Vec<&EmailAddress> = all.iter().filter_map(|one| one.email.as_ref()).collect();
    let stopped = letter_stops::among(conn, &addresses, Circular::Messages).await?;
    for one in &mut all {
        one.asked_at = asked.get(&one.whom).copied();
        one.is_stopped = one.email.as_ref().is_some_and(|email| stopped.contains(email));
    }
    Ok(all)
}

/// Whom to ask of one booking: whoever has an address of her own for herself, the leader for the rest.
fn of_booking(booking: &Registration, missing: (usize, &[(u32, usize)])) -> Vec<Silent> {
    let silent = |whom, name: &Name, email: Option<&EmailAddress>, missing| Silent {
        whom,
        reference: booking.reference.clone(),
        name: name.clone(),
        email: email.cloned(),
        missing,
        others: Vec::new(),
        asked_at: None,
        is_stopped: false,
    };
    let leader = &booking.leader;
    let mut hers = silent((booking.id, None), &leader.name, leader.email.as_ref(), missing.0);
    let mut all = Vec::new();
    for (number, count) in missing.1 {
        let place = booking.places.iter().find(|place| place.number == *number);
        let Some((place, attendee)) = place.and_then(|one| Some((one, one.attendee.as_ref()?)))
        else {
            continue;
        };
        match own_address(booking, place) {
            Some(email) => {
                all.push(silent((booking.id, Some(place.id)), &attendee.name, Some(email), *count));
            }
            None => {
                hers.missing += count;
                if !booking.is_leaders(place) {
                    hers.others.push(attendee.name.clone());
                }
            }
        }
    }
    if hers.missing > 0 {
        all.insert(0, hers);
    }
    all
}

/// Where an attendee is written to herself: not the leader, nor at the leader's address.
fn own_address<'b>(booking: &'b Registration, place: &'b Place) -> Option<&'b EmailAddress> {
    let email = place.attendee.as_ref()?.email.as_ref()?;
    let is_leaders = booking.is_leaders(place) || booking.leader.email.as_ref() == Some(email);
    (!is_leaders).then_some(email)
}

/// Asks everybody who can be asked now; how many.
///
/// # Errors
/// [`AskMissingError`], in which case nobody was asked.
pub async fn ask_missing(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
) -> Result<usize, AskMissingError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, code).await?;
    let mut locked = locked.ok_or(AskMissingError::NoSuchSession)?;
    let session = sessions::find(&mut locked, code).await?.ok_or(AskMissingError::NoSuchSession)?;
    if !can_answer(&session, ctx.now()) {
        return Err(AskMissingError::TooLate);
    }
    let mut letters = Vec::new();
    for one in silent(&mut locked, &session).await? {
        let Some(email) = one.email.as_ref().filter(|_| one.can_ask(ctx.now())) else { continue };
        if is_stopped(&mut locked, (email, Circular::Messages)).await? {
            continue;
        }
        let (registration, place) = one.whom;
        let target = place.map_or(LinkTarget::Leader(registration), LinkTarget::Attendee);
        let link = letter_link(ctx, &mut locked, &target, None).await?;
        let page = match place {
            None => ctx.manage_url(&link),
            Some(_) => ctx.place_url(&link),
        };
        let url = format!("{page}/questions");
        let asks = MissingAnswers { count: one.missing, others: &one.others, url: &url };
        let content = letters::answers_asked(&ctx.letterhead, &session, one.name.as_str(), asks);
        let content = content.of(&one.reference);
        let what = (email, Circular::Messages);
        let content = stoppable(ctx, &mut locked, content, what).await?;
        let to = (Some(one.name.to_string()), email.clone());
        let letter = ctx.letter(LetterKind::AnswersAsked, to, content, None);
        letters.push((letter, About { registration: Some(registration), place }));
        unanswered::ask(&mut locked, one.whom, code, ctx.now()).await?;
    }
    if letters.is_empty() {
        return Err(AskMissingError::Nobody);
    }
    tell_all(ctx, &mut locked, &letters).await?;
    let detail = Some(wording::count(letters.len(), "person", "people"));
    let (action, about) = (AuditAction::AnswersAsked, Subject::session(code));
    record(ctx, &mut locked, actor, action, about, detail).await?;
    tx.commit().await?;
    Ok(letters.len())
}
