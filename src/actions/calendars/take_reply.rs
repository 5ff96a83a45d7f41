//! Taking what comes to the reply mailbox: answers of calendars, bounces, and the rest (C2).
//!
//! The secret UID of an invitation says which place is meant. What frees a place must come from the
//! attendee's own address as well, and not be known as forged: else she is asked by letter (C10). Each
//! message is taken once, however often it is fetched. Nothing is ever answered with a calendar.

use chrono::Duration;
use sha2::{Digest, Sha256};

use crate::{
    actions::{
        ActionContext,
        places::opened::Opened,
        record::{Subject, record, record_changes},
        tell,
    },
    calendar::reply::{self, NotAReply},
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        edit::Change,
        id::{LetterId, PlaceId, SessionCode},
        invitation::Invitation,
        letter::LetterKind,
        place::{Place, PlaceStatus},
        reply::{Answer, OnDecline, Reply, Unheard, release_at},
        session::Session,
    },
    mail::{
        inbound::{Inbound, Received},
        letters::{self, Heard},
    },
    store::{
        StoreError, Tx,
        links::{self, LinkTarget},
        outbox::{self, About},
        places,
        received::{self, Arrival, Outcome},
        replies, session_lock,
    },
    token::row_id,
};

/// How many messages about one place are acted on in a day.
const MOST_A_DAY: i64 = 20;

/// Takes one message; `None` if it was taken before.
///
/// # Errors
/// [`StoreError`], in which case it was not taken and should be tried again.
pub async fn take_mail(ctx: &ActionContext, raw: &[u8]) -> Result<Option<Outcome>, StoreError> {
    let message = Received::parse(raw, ctx.trusted_host.as_deref());
    let id = row_id(&*ctx.random, &*ctx.clock);
    let arrival = Arrival {
        id,
        digest: Sha256::digest(raw).into(),
        at: ctx.now(),
        from: message.from.as_ref(),
        subject: &message.subject,
    };
    let mut tx = ctx.store.begin().await?;
    if !received::insert(&mut tx, &arrival).await? {
        return Ok(None);
    }
    let done = match &message.what {
        Inbound::Calendar { ics, method } => match reply::read(ics, method.as_deref()) {
            Ok(reply) => hear(ctx, &mut tx, &reply, &message).await?,
            Err(NotAReply::Delegated { uid, to, words }) => {
                delegated(ctx, &mut tx, &uid, (&to, words)).await?
            }
            Err(NotAReply::Counter | NotAReply::NotOneEvent) => Done::of(Outcome::ForTheOffice),
            Err(NotAReply::TooLarge) => Done::of(Outcome::Refused),
            // Somebody forwards an invite and writes something above it.
            Err(NotAReply::OtherMethod | NotAReply::NoAnswer) if is_written(&message) => {
                Done::of(Outcome::ForTheOffice)
            }
            Err(NotAReply::OtherMethod | NotAReply::NoAnswer) => Done::of(Outcome::Automatic),
        },
        Inbound::Bounce { letter: Some(letter), permanent: true, reason } => {
            Done::of(bounced(ctx, &mut tx, *letter, reason).await?)
        }
        Inbound::Bounce { .. } | Inbound::Automatic => Done::of(Outcome::Automatic),
        Inbound::Human | Inbound::Unreadable => Done::of(Outcome::ForTheOffice),
        Inbound::TooLarge => Done::of(Outcome::Refused),
    };
    let Done { outcome, place, words } = done;
    // Whoever was not invited may have written more than an answer.
    let is_read_by_a_person = outcome == Outcome::ForTheOffice
        || (outcome == Outcome::NotTheirs && (words.is_some() || is_written(&message)));
    let kept = is_read_by_a_person.then_some(raw);
    received::set_outcome(&mut tx, id, outcome, place, (kept, words.as_deref())).await?;
    tx.commit().await?;
    log::info!("a message in the reply mailbox: {outcome}");
    Ok(Some(outcome))
}

/// What became of a message, and what is to be remembered of it.
struct Done {
    outcome: Outcome,
    place: Option<PlaceId>,
    words: Option<String>,
}

impl Done {
    fn of(outcome: Outcome) -> Self {
        Self { outcome, place: None, words: None }
    }
}

/// Whether a person wrote something around a calendar that is no answer. Programs that hand on an
/// event write nothing, or mark what they write as automatic.
fn is_written(message: &Received) -> bool {
    !message.is_automatic && !message.text.is_empty()
}

async fn bounced(
    ctx: &ActionContext,
    tx: &mut Tx,
    letter: LetterId,
    reason: &str,
) -> Result<Outcome, StoreError> {
    if !replies::mark_bounced(tx, letter, reason, ctx.now()).await? {
        return Ok(Outcome::Automatic);
    }
    let (action, subject) = (AuditAction::LetterBounced, Subject::default());
    record(ctx, tx, &Actor::Job, action, subject, Some(reason.to_owned())).await?;
    Ok(Outcome::Bounced)
}

/// An invitation that was answered, with all it is about.
struct Answering {
    session: Session,
    place: Place,
    subject: Subject,
    /// Whether it came from the attendee's own address, as far as anybody can tell.
    is_hers: bool,
}

async fn hear(
    ctx: &ActionContext,
    tx: &mut Tx,
    reply: &Reply,
    message: &Received,
) -> Result<Done, StoreError> {
    let done = |outcome, place| Done { outcome, place, words: reply.words.clone() };
    let Some((found, _)) = replies::find(tx, &reply.uid).await? else {
        return Ok(Done { words: None, ..done(Outcome::Unknown, None) });
    };
    let id = found.place;
    let since = ctx.now() - Duration::days(1);
    if received::about_since(tx, id, since).await? >= MOST_A_DAY {
        return Ok(done(Outcome::TooMany, Some(id)));
    }
    let Some(owner) = places::registration_of(tx, id).await? else {
        return Ok(done(Outcome::Unknown, None));
    };
    let Some(Opened { mut locked, session, registration }) = Opened::lock(tx, owner).await? else {
        return Ok(done(Outcome::Unknown, None));
    };
    let tx = &mut *locked;
    let Some((invitation, before)) = replies::find(tx, &reply.uid).await? else {
        return Ok(done(Outcome::Unknown, None));
    };
    let subject = Subject { place: Some(id), ..Subject::of(&registration) };
    let Some(place) = registration.places.into_iter().find(|place| place.id == id) else {
        return Ok(done(Outcome::Stale, Some(id)));
    };
    let is_hers = message.from.as_ref() == Some(&invitation.address) && !message.is_forged;
    let answering = Answering { session, place, subject, is_hers };
    if invitation.withdrawn {
        let outcome = too_late(ctx, tx, &answering, &invitation, reply).await?;
        return Ok(done(outcome, Some(id)));
    }
    let outcome = match reply.heard(&invitation, before.as_ref(), ctx.now()) {
        Err(Unheard::Stale) => Outcome::Stale,
        Err(Unheard::Repeated) => Outcome::Repeated,
        Err(Unheard::FromTheFuture) => Outcome::ForTheOffice,
        Err(Unheard::NotTheirs) => {
            tell(ctx, tx, &answering, Heard::Asked).await?;
            Outcome::NotTheirs
        }
        Ok(answered) => {
            replies::set_answer(tx, invitation.id, answered, ctx.now()).await?;
            let words = Some(answered.answer.as_str().to_owned());
            let subject = answering.subject.clone();
            let action = AuditAction::InviteAnswered;
            record(ctx, tx, &Actor::Calendar, action, subject, words).await?;
            act(ctx, tx, &answering, answered.answer).await?;
            Outcome::Taken
        }
    };
    Ok(done(outcome, Some(id)))
}

/// Somebody sends somebody else: only a person can put another name on a place. What was said is kept
/// with the place.
async fn delegated(
    ctx: &ActionContext,
    tx: &mut Tx,
    uid: &str,
    (to, words): (&[EmailAddress], Option<String>),
) -> Result<Done, StoreError> {
    let Some((invitation, _)) = replies::find(tx, uid).await? else {
        return Ok(Done::of(Outcome::ForTheOffice));
    };
    let place = Some(invitation.place);
    let since = ctx.now() - Duration::days(1);
    if received::about_since(tx, invitation.place, since).await? >= MOST_A_DAY {
        return Ok(Done { place, ..Done::of(Outcome::TooMany) });
    }
    let names: Vec<_> = to.iter().map(EmailAddress::as_str).collect();
    let sends = match names.as_slice() {
        [] => "Sends somebody else".to_owned(),
        names => format!("Sends somebody else: {}", names.join(", ")),
    };
    let words = words.map_or_else(|| sends.clone(), |words| format!("{sends}. {words}"));
    Ok(Done { outcome: Outcome::ForTheOffice, place, words: Some(words) })
}

/// An answer to an invite that was withdrawn. Whoever says yes learns that the place is gone.
async fn too_late(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    invitation: &Invitation,
    reply: &Reply,
) -> Result<Outcome, StoreError> {
    let comes = (invitation.address.clone(), Answer::Accepted);
    if reply.answers.contains(&comes) {
        let attendee = answering.place.attendee.as_ref().and_then(|one| one.email.as_ref());
        let is_hers = attendee == Some(&invitation.address);
        let has_place = answering.place.state.status() == PlaceStatus::Confirmed;
        if is_hers && !has_place {
            tell(ctx, tx, answering, Heard::TooLate).await?;
        }
    }
    Ok(Outcome::Stale)
}

/// What an answer does to the place: only a *declined* does anything, or a change of mind.
async fn act(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    answer: Answer,
) -> Result<(), StoreError> {
    let Answering { session, place, subject, is_hers } = answering;
    if place.state.status() != PlaceStatus::Confirmed {
        return Ok(());
    }
    match answer {
        Answer::Tentative => Ok(()),
        Answer::Accepted => {
            if replies::release_at(tx, place.id).await?.is_some() {
                replies::keep(tx, place.id, ctx.now()).await?;
                let (action, subject) = (AuditAction::PlaceKept, subject.clone());
                record(ctx, tx, &Actor::Calendar, action, subject, None).await?;
            }
            Ok(())
        }
        Answer::Declined => {
            // A day that has begun cannot go to anybody else: the roster shows the answer.
            let to_come = session.sittings.iter().map(|one| one.starts_at);
            let Some(starts) = to_come.filter(|start| *start > ctx.now()).min() else {
                return Ok(());
            };
            let all = replies::of_place(tx, place.id, ctx.now()).await?;
            let is_all = all.iter().all(|one| *one == Some(Answer::Declined));
            let on_decline = replies::on_decline(tx, &session.code).await?;
            let until = release_at(ctx.now(), starts, session.zone());
            let releases = is_all && *is_hers && on_decline == OnDecline::Release;
            match until.filter(|_| releases) {
                Some(until) => {
                    replies::set_release(tx, place.id, Some(until)).await?;
                    tell(ctx, tx, answering, Heard::Declined { until }).await
                }
                None => tell(ctx, tx, answering, Heard::Asked).await,
            }
        }
    }
}

/// Writes to the attendee, at her address and with a link of her own. A question is asked once a
/// day at most; that a place is about to go is always told.
async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    heard: Heard,
) -> Result<(), StoreError> {
    let Answering { session, place, subject, .. } = answering;
    let Some(attendee) = &place.attendee else { return Ok(()) };
    let Some(address) = &attendee.email else { return Ok(()) };
    let now = ctx.now();
    let kind = match heard {
        Heard::Declined { .. } => LetterKind::PlaceDeclined,
        Heard::Asked | Heard::TooLate => LetterKind::CalendarAnswered,
    };
    let yesterday = now - Duration::days(1);
    if kind == LetterKind::CalendarAnswered
        && outbox::written_about_since(tx, (address, place.id), kind, yesterday).await? > 0
    {
        return Ok(());
    }
    let url = if heard == Heard::TooLate {
        format!("{}/sessions/{}", ctx.sender.base_url, session.code)
    } else {
        let token = ctx.token();
        links::insert(tx, token.hash(), &LinkTarget::Attendee(place.id), now, None).await?;
        ctx.place_url(&token)
    };
    let name = attendee.name.to_string();
    let content = letters::calendar_answered(&ctx.sender, session, &name, heard, &url);
    let about = About { registration: subject.registration, place: Some(place.id) };
    let to = (Some(name), address.clone());
    tell::tell(ctx, tx, kind, to, content, about).await.map(drop)
}

/// Sets how a session takes a *declined*; `false` if there is no such session.
pub async fn set_on_decline(
    ctx: &ActionContext,
    actor: &Actor,
    code: &SessionCode,
    on_decline: OnDecline,
) -> Result<bool, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if session_lock::lock(&mut tx, code).await?.is_none() {
        return Ok(false);
    }
    let before = replies::on_decline(&mut tx, code).await?;
    if !replies::set_on_decline(&mut tx, code, on_decline).await? {
        return Ok(false);
    }
    let values = (before != on_decline).then(|| (before.to_string(), on_decline.to_string()));
    let change = values.map(|values| Change {
        key: "on_decline".to_owned(),
        field: "When a calendar declines".to_owned(),
        values: Some(values),
    });
    let what = (AuditAction::SessionEdited, Subject::session(code));
    let words = Some(format!("on decline: {on_decline}"));
    record_changes(ctx, &mut tx, actor, what, (words, change.into_iter().collect())).await?;
    tx.commit().await?;
    Ok(true)
}
