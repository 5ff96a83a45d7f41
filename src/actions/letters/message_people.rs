//! Writing to the people of a session. Whom it goes to is settled at once; the letters are written
//! by the jobs, a batch at a time, so that a message to thousands holds nobody up and a restart
//! loses and doubles none.

use super::stop_letters::stoppable;
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{MailingId, SessionCode},
        letter::{Circular, LetterKind},
        mailing::{Audience, MailingReach, reach},
        session::Session,
        staff::StaffMember,
        text::{Message, Name},
    },
    mail::letters,
    store::{
        Conn, StoreError, letter_stops,
        mailings::{self, Mailing},
        outbox::About,
        registrations, session_lock, sessions,
    },
    token::{Token, row_id},
};

/// How many letters are written in one transaction.
const BATCH: i64 = 100;

/// What is to be sent.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Whom it is for.
    pub audience: Audience,
    /// Its subject.
    pub subject: Name,
    /// Its words.
    pub body: Message,
}

/// Why nothing was sent.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// There is no such session.
    #[error("there is no such session")]
    NoSuchSession,
    /// Nobody in the audience can be reached.
    #[error("nobody in these groups has an email address")]
    Nobody,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whom a message would reach, if it were sent now.
pub async fn preview(
    ctx: &ActionContext,
    session: &SessionCode,
    audience: &Audience,
) -> Result<MailingReach, StoreError> {
    let mut conn = ctx.store.read().await?;
    let bookings = registrations::of_session(&mut conn, session).await?;
    let marks = mailings::marks(&mut conn, session).await?;
    without_stopped(&mut conn, reach(&bookings, &marks, audience)).await
}

/// Leaves out whoever asked for no messages.
pub(super) async fn without_stopped(
    conn: &mut Conn,
    mut reach: MailingReach,
) -> Result<MailingReach, StoreError> {
    let addresses: Vec<_> = reach.recipients.iter().map(|one| &one.address).collect();
    let stopped = letter_stops::among(conn, &addresses, Circular::Messages).await?;
    reach.recipients.retain(|one| !stopped.contains(&one.address));
    reach.stopped = stopped.len();
    Ok(reach)
}

/// Sends a message off to everybody it reaches now; with the same `attempt` again, once.
///
/// # Errors
/// [`MessageError`], in which case nobody is told anything.
pub async fn send_message(
    ctx: &ActionContext,
    author: &StaffMember,
    session: &SessionCode,
    draft: &Draft,
    attempt: &Token,
) -> Result<MailingId, MessageError> {
    let mut tx = ctx.store.begin().await?;
    session_lock::lock(&mut tx, session).await?.ok_or(MessageError::NoSuchSession)?;
    if let Some(known) = mailings::find_attempt(&mut tx, attempt.secret()).await? {
        return Ok(known);
    }
    let bookings = registrations::of_session(&mut tx, session).await?;
    let marks = mailings::marks(&mut tx, session).await?;
    let reach = reach(&bookings, &marks, &draft.audience);
    let reach = without_stopped(&mut tx, reach).await?;
    if reach.recipients.is_empty() {
        return Err(MessageError::Nobody);
    }
    let mailing = Mailing {
        id: MailingId::new(row_id(&*ctx.random, &*ctx.clock)),
        session: session.clone(),
        author: author.login.clone(),
        audience: draft.audience.clone(),
        subject: draft.subject.to_string(),
        body: draft.body.as_str().to_owned(),
        at: ctx.now(),
    };
    mailings::insert(&mut tx, &mailing, attempt.secret(), &reach.recipients).await?;
    let subject = Subject { session: Some(session.clone()), ..Subject::default() };
    let detail = Some(format!("{} addresses: {}", reach.recipients.len(), draft.audience));
    let actor = Actor::Staff(author.login.clone());
    record(ctx, &mut tx, &actor, AuditAction::MessageSent, subject, detail).await?;
    tx.commit().await?;
    Ok(mailing.id)
}

/// Sends a draft to its author alone, as its readers would get it.
pub async fn send_test(
    ctx: &ActionContext,
    author: &StaffMember,
    session: &Session,
    draft: &Draft,
) -> Result<(), StoreError> {
    let subject = format!("Test: {}", draft.subject);
    let names = [author.name.clone()];
    let content = letters::message(&ctx.letterhead, session, &names, &subject, &draft.body);
    let to = (Some(author.name.clone()), author.email.clone());
    let mut tx = ctx.store.begin().await?;
    tell(ctx, &mut tx, LetterKind::Message, to, content, About::default()).await?;
    tx.commit().await
}

/// Writes the next batch of letters of whichever message has some left; whether there was any.
/// Safe on many nodes: the message is locked.
///
/// # Errors
/// [`StoreError`]; what was written before stays written.
pub async fn write_next(ctx: &ActionContext) -> Result<bool, StoreError> {
    let mut conn = ctx.store.read().await?;
    let Some(id) = mailings::next_unwritten(&mut conn).await? else { return Ok(false) };
    drop(conn);
    let mut tx = ctx.store.begin().await?;
    mailings::lock(&mut tx, id).await?;
    let Some(mailing) = mailings::find(&mut tx, id).await? else { return Ok(false) };
    let Some(session) = sessions::find(&mut tx, &mailing.session).await? else { return Ok(false) };
    let Ok(Some(body)) = Message::parse_optional(&mailing.body) else { return Ok(false) };
    for one in mailings::unwritten(&mut tx, id, BATCH).await? {
        let subject = &mailing.subject;
        let mut content = letters::message(&ctx.letterhead, &session, &one.names, subject, &body);
        if let Some(reference) = registrations::reference_of(&mut tx, one.registration).await? {
            content = content.of(&reference);
        }
        let stops = (&one.address, Circular::Messages);
        let content = stoppable(ctx, &mut tx, content, stops).await?;
        let name = one.names.first().filter(|_| one.names.len() == 1).cloned();
        let about = About { registration: Some(one.registration), place: None };
        let to = (name, one.address.clone());
        let letter = tell(ctx, &mut tx, LetterKind::Message, to, content, about).await?;
        mailings::mark_written(&mut tx, id, &one.address, letter).await?;
    }
    tx.commit().await?;
    Ok(true)
}
