//! An organiser asks people by name to come to a session. Each gets a letter with a link of her own; whoever has a
//! place, was asked before or wants no such letters is left out.

use chrono::{DateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        attempt::{made, made_before},
        letters::stop_letters::{is_stopped, stoppable},
        places::already::{NamedPeople, already_there},
        record::{Subject, record},
        tell::tell_all,
    },
    domain::{
        already::Sameness,
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        id::{InstitutionCode, NominationId, PersonId, PersonalInvitationId, SessionCode},
        letter::{Circular, LetterKind},
        person::recognition_key,
        personal_invitation::PersonalInvitation,
        registration::Leader,
        session::{BookingStatus, Session},
        staff::StaffMember,
        text::{Name, Paragraph},
        wording,
    },
    mail::letters::{self, PersonalAsk},
    store::{
        StoreError, Tx,
        outbox::About,
        people, personal_invitations,
        session_lock::{self, Locked},
        sessions,
    },
    token::{Attempt, row_id},
};

/// How many people are asked at once, at most.
pub const MOST: usize = 300;

/// Somebody to ask.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invitee {
    /// Somebody we know.
    Known(PersonId),
    /// Somebody whose name was pasted, with an address or without.
    Pasted(Name, Option<EmailAddress>),
}

/// What is asked, of whom.
#[derive(Debug, Clone)]
pub struct Ask {
    /// Whom.
    pub invitees: Vec<Invitee>,
    /// Until when they may answer.
    pub answer_by: DateTime<Utc>,
    /// Whether they may come whatever they have done before.
    pub vouched: bool,
    /// What the organiser says to them.
    pub words: Option<Paragraph>,
    /// The nomination it follows from.
    pub nomination: Option<NominationId>,
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AskOutcome {
    /// How many were asked.
    pub asked: usize,
    /// How many were left out: asked before, on the session already, or wanting no such letters.
    pub left_out: usize,
}

/// Why nobody was asked.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// It is a draft, called off, over, or closed for booking.
    #[error("nobody can be asked to a session that cannot be booked")]
    NotOpen,
    /// Nobody was named.
    #[error("choose or paste somebody to ask")]
    Nobody,
    /// More than one letter goes to, at once.
    #[error("at most {MOST} people can be asked at once")]
    TooMany,
    /// The moment until which they may answer is over, or after the session begins.
    #[error("the day to answer by must be after today, and not after the session begins")]
    WrongDay,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Asks them; with the same `attempt` again, once.
///
/// # Errors
/// [`AskError`], in which case nobody was asked.
pub async fn ask_people(
    ctx: &ActionContext,
    by: &StaffMember,
    code: &SessionCode,
    ask: &Ask,
    attempt: Option<&Attempt>,
) -> Result<AskOutcome, AskError> {
    let mut tx = ctx.store.begin().await?;
    let locked = session_lock::lock(&mut tx, code).await?;
    let mut locked = locked.ok_or(AskError::NoSuchSession)?;
    if let Some(before) = made_before(ctx, &mut locked, "asked", attempt).await? {
        return Ok(AskOutcome { asked: before.parse().unwrap_or(0), left_out: 0 });
    }
    let session = sessions::find(&mut locked, code).await?.ok_or(AskError::NoSuchSession)?;
    may_ask(ctx, &session, ask)?;
    let mut done = AskOutcome::default();
    let mut asked = known_already(&mut locked, &session).await?;
    let mut letters = Vec::new();
    for invitee in &ask.invitees {
        let Some(one) = found(ctx, &mut locked, (by, &session), (ask, invitee)).await? else {
            done.left_out += 1;
            continue;
        };
        let key = key(&one);
        let is_new = !asked.contains(&key);
        if !is_new || is_there(&mut locked, &one).await? || wants_none(&mut locked, &one).await? {
            done.left_out += 1;
            continue;
        }
        asked.push(key.clone());
        personal_invitations::insert(&mut locked, &one, key).await?;
        letters.extend(letter(ctx, &mut locked, (&session, &one), (by, false)).await?);
        done.asked += 1;
    }
    tell_all(ctx, &mut locked, &letters).await?;
    made(&mut locked, attempt, &done.asked.to_string()).await?;
    let people = wording::count(done.asked, "person", "people");
    let (actor, about) = (Actor::Staff(by.login.clone()), Subject::session(code));
    record(ctx, &mut locked, &actor, AuditAction::PeopleAsked, about, Some(people)).await?;
    tx.commit().await?;
    Ok(done)
}

fn may_ask(ctx: &ActionContext, session: &Session, ask: &Ask) -> Result<(), AskError> {
    let status = session.booking_status(ctx.now());
    if !matches!(status, BookingStatus::Open { .. } | BookingStatus::NotYetOpen { .. }) {
        return Err(AskError::NotOpen);
    }
    if ask.invitees.is_empty() {
        return Err(AskError::Nobody);
    }
    if ask.invitees.len() > MOST {
        return Err(AskError::TooMany);
    }
    let is_late = session.starts_at().is_some_and(|starts| ask.answer_by > starts);
    if ask.answer_by <= ctx.now() || is_late { Err(AskError::WrongDay) } else { Ok(()) }
}

/// What recognises somebody who is asked.
fn key(one: &PersonalInvitation) -> String {
    recognition_key(&one.name, one.email.as_ref(), one.institution.as_ref())
}

/// What recognises those who were asked before and whose invitation was not taken back.
async fn known_already(tx: &mut Tx, session: &Session) -> Result<Vec<String>, StoreError> {
    let asked = personal_invitations::of_session(tx, &session.code).await?;
    let live = asked.iter().filter(|(one, _)| one.withdrawn_at.is_none());
    Ok(live.map(|(one, _)| key(one)).collect())
}

/// Her invitation; nobody where she is nobody any more.
async fn found(
    ctx: &ActionContext,
    tx: &mut Tx,
    (by, session): (&StaffMember, &Session),
    (ask, invitee): (&Ask, &Invitee),
) -> Result<Option<PersonalInvitation>, StoreError> {
    type Who = (Name, Option<EmailAddress>, Option<InstitutionCode>, Option<PersonId>);
    let (name, email, institution, person): Who = match invitee {
        Invitee::Known(id) => {
            let Some(known) = people::known(tx, *id).await? else { return Ok(None) };
            (known.name, known.email, known.institution, Some(known.id))
        }
        Invitee::Pasted(name, email) => {
            let key = recognition_key(name, email.as_ref(), None);
            let person = people::recognised(tx, &key).await?.filter(|_| email.is_some());
            let institution = match person {
                Some(id) => people::known(tx, id).await?.and_then(|known| known.institution),
                None => None,
            };
            (name.clone(), email.clone(), institution, person)
        }
    };
    Ok(Some(PersonalInvitation {
        id: PersonalInvitationId::new(row_id(&*ctx.random, &*ctx.clock)),
        session: session.code.clone(),
        person,
        name,
        email,
        institution,
        nomination: ask.nomination,
        vouched: ask.vouched,
        words: ask.words.clone(),
        said: PersonalInvitation::said_of(session),
        answer_by: ask.answer_by,
        asked_by: by.login.clone(),
        asked_at: ctx.now(),
        reminded_at: None,
        withdrawn_at: None,
        answer: None,
        answer_words: None,
        registration: None,
    }))
}

/// Whether she is on the session already, as far as we can tell.
async fn is_there(locked: &mut Locked<'_>, one: &PersonalInvitation) -> Result<bool, StoreError> {
    let who = Leader { name: one.name.clone(), email: one.email.clone(), phone: None }.attends();
    let named = NamedPeople::new([(1, Some(&who))], one.institution.as_ref(), &[]);
    let found = already_there(locked, &Actor::Staff(one.asked_by.clone()), &named).await?;
    Ok(found.iter().any(|one| one.sameness == Sameness::Person))
}

async fn wants_none(tx: &mut Tx, one: &PersonalInvitation) -> Result<bool, StoreError> {
    let Some(email) = &one.email else { return Ok(false) };
    is_stopped(tx, (email, Circular::Invitations)).await
}

/// The letter to her with a new link, if she has an address.
pub(super) async fn letter(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, one): (&Session, &PersonalInvitation),
    (by, again): (&StaffMember, bool),
) -> Result<Option<(crate::domain::letter::Letter, About)>, StoreError> {
    let Some(email) = &one.email else { return Ok(None) };
    let link = ctx.stand_in();
    personal_invitations::insert_link(tx, link.hash(), one.id, ctx.now()).await?;
    let deadline = wording::deadline(one.answer_by, session.zone());
    let words = one.words.as_ref();
    let ask = PersonalAsk { by: &by.name, words, deadline: &deadline, again };
    let (name, url) = (one.name.as_str(), ctx.invited_url(&link));
    let content = letters::personally_invited(&ctx.letterhead, session, name, ask, &url);
    let content = stoppable(ctx, tx, content, (email, Circular::Invitations)).await?;
    let to = (Some(name.to_owned()), email.clone());
    let mut letter = ctx.letter(LetterKind::PersonallyInvited, to, content, None);
    letter.session = Some(session.code.clone());
    Ok(Some((letter, About::default())))
}
