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
        calendars::tell_answer::{Answering, tell, tell_too_late},
        places::opened::Opened,
        record::{Subject, record, record_changes},
    },
    calendar::reply::{self, NotAReply},
    domain::{
        audit::{Actor, AuditAction},
        contact::EmailAddress,
        edit::Change,
        id::{LetterId, PlaceId, SessionCode},
        invitation::Invitation,
        place::PlaceStatus,
        reply::{HeardAnswer, OnDecline, PartStat, Reply, Unheard, release_at},
        session::Session,
    },
    mail::{
        inbound::{Inbound, Received},
        letters::Heard,
        written::MOST,
    },
    store::{
        Conn, StoreError, Tx, door, places,
        received::{self, ArrivedMessage, Outcome},
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
    let arrival = ArrivedMessage {
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
        Inbound::Calendar { ics, method } => {
            take_calendar(ctx, &mut tx, (ics, method.as_deref()), &message).await?
        }
        Inbound::Bounce { letter: Some(letter), permanent: true, reason } => {
            Done::of(bounced(ctx, &mut tx, *letter, reason).await?)
        }
        Inbound::Bounce { .. } | Inbound::Automatic => Done::of(Outcome::Automatic),
        Inbound::Human | Inbound::Unreadable => Done::of(Outcome::ForTheOffice),
        Inbound::TooLarge => Done::of(Outcome::Refused),
    };
    let Done { outcome, place, words } = done;
    // Whoever was not invited may have written more than an answer.
    let is_long = words.as_ref().is_some_and(|words| words.chars().count() >= MOST);
    let is_read_by_a_person = outcome == Outcome::ForTheOffice
        || (outcome == Outcome::NotTheirs && (words.is_some() || is_written(&message)))
        || is_long;
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

/// Takes what a calendar sent.
async fn take_calendar(
    ctx: &ActionContext,
    tx: &mut Tx,
    (ics, method): (&[u8], Option<&str>),
    message: &Received,
) -> Result<Done, StoreError> {
    let words = |comment| together(comment, message.words.as_deref());
    match reply::read(ics, method) {
        // She is away, and has decided nothing (RFC 3834 2).
        Ok(_) if message.is_auto_reply => Ok(Done::of(Outcome::Automatic)),
        Ok(mut reply) => {
            reply.words = words(reply.words);
            hear(ctx, tx, &reply, message).await
        }
        Err(NotAReply::Delegated { uid, to, words: comment }) => {
            let to: Vec<_> = to.iter().map(EmailAddress::as_str).collect();
            let sends = match to.as_slice() {
                [] => "Sends somebody else".to_owned(),
                names => format!("Sends somebody else: {}", names.join(", ")),
            };
            let said = words(comment).map_or(sends.clone(), |words| format!("{sends}. {words}"));
            for_a_person(ctx, tx, Some(&uid), Some(said)).await
        }
        Err(NotAReply::Counter { uid, words: comment }) => {
            let wants = "Asks for another time".to_owned();
            let said = words(comment).map_or(wants.clone(), |words| format!("{wants}. {words}"));
            for_a_person(ctx, tx, uid.as_deref(), Some(said)).await
        }
        Err(NotAReply::NotOneEvent) => Ok(Done::of(Outcome::ForTheOffice)),
        Err(NotAReply::TooLarge) => Ok(Done::of(Outcome::Refused)),
        // Somebody hands an invite on and writes something above it.
        Err(NotAReply::OtherMethod { uid }) if is_written(message) => {
            for_a_person(ctx, tx, uid.as_deref(), words(None)).await
        }
        Err(NotAReply::NoAnswer) if is_written(message) => Ok(Done::of(Outcome::ForTheOffice)),
        Err(NotAReply::OtherMethod { .. } | NotAReply::NoAnswer) => {
            Ok(Done::of(Outcome::Automatic))
        }
    }
}

/// What was written beside an answer, in the calendar and above it; once, where both are the same.
fn together(comment: Option<String>, text: Option<&str>) -> Option<String> {
    let (Some(comment), Some(text)) = (&comment, text) else {
        return comment.or_else(|| text.map(str::to_owned));
    };
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let (in_it, above) = (plain(comment), plain(text));
    let both = match (above.contains(&in_it), in_it.contains(&above)) {
        (true, _) => text.to_owned(),
        (_, true) => comment.clone(),
        _ => format!("{comment}\n{text}"),
    };
    Some(both.chars().take(MOST).collect())
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
    let (registration, place, session) = replies::about(tx, letter).await?;
    let subject = Subject { session, registration, place, about: None };
    let action = AuditAction::LetterBounced;
    // Which letter, not why: what mail servers say holds the address.
    record(ctx, tx, &Actor::Job, action, subject, Some(letter.to_string())).await?;
    Ok(Outcome::Bounced)
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
    let outcome = weigh(ctx, tx, &answering, &invitation, (reply, before.as_ref())).await?;
    Ok(done(outcome, Some(id)))
}

/// What an answer to an invite that stands comes to, seen after the one `before`.
async fn weigh(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    invitation: &Invitation,
    (reply, before): (&Reply, Option<&HeardAnswer>),
) -> Result<Outcome, StoreError> {
    Ok(match reply.heard(invitation, before, ctx.now()) {
        Err(Unheard::Overtaken) => Outcome::Stale,
        Err(Unheard::Stale) => {
            // She answered how it was: what she says of how it is, she is asked.
            let cannot = (invitation.address.clone(), PartStat::Declined);
            if reply.answers.contains(&cannot) {
                tell(ctx, tx, answering, Heard::Asked).await?;
            }
            Outcome::Stale
        }
        Err(Unheard::Repeated) => Outcome::Repeated,
        Err(Unheard::FromTheFuture) => Outcome::ForTheOffice,
        Err(Unheard::NotTheirs) => {
            tell(ctx, tx, answering, Heard::Asked).await?;
            Outcome::NotTheirs
        }
        // Somebody else may have written it: what her calendar is told of her answer stays as it is.
        Ok(answered) if answered.answer == PartStat::Declined && !answering.is_hers => {
            act(ctx, tx, answering, answered.answer).await?;
            Outcome::NotTheirs
        }
        Ok(answered) => {
            replies::set_answer(tx, invitation.id, answered, ctx.now()).await?;
            let words = Some(answered.answer.as_str().to_owned());
            let subject = answering.subject.clone();
            let action = AuditAction::InviteAnswered;
            record(ctx, tx, &Actor::Calendar, action, subject, words).await?;
            act(ctx, tx, answering, answered.answer).await?;
            Outcome::Taken
        }
    })
}

/// What only a person can act on, such as that somebody sends somebody else. What was said is kept with
/// the place.
async fn for_a_person(
    ctx: &ActionContext,
    tx: &mut Tx,
    uid: Option<&str>,
    words: Option<String>,
) -> Result<Done, StoreError> {
    let found = match uid {
        Some(uid) => replies::find(tx, uid).await?,
        None => None,
    };
    let Some((invitation, _)) = found else { return Ok(Done::of(Outcome::ForTheOffice)) };
    let place = Some(invitation.place);
    let since = ctx.now() - Duration::days(1);
    if received::about_since(tx, invitation.place, since).await? >= MOST_A_DAY {
        return Ok(Done { place, ..Done::of(Outcome::TooMany) });
    }
    Ok(Done { outcome: Outcome::ForTheOffice, place, words })
}

/// An answer to an invite that was withdrawn. Whoever says yes learns that the place is gone, and her
/// calendar, which has just put the day in again, takes it out.
async fn too_late(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    invitation: &Invitation,
    reply: &Reply,
) -> Result<Outcome, StoreError> {
    let comes = (invitation.address.clone(), PartStat::Accepted);
    if reply.answers.contains(&comes) {
        let attendee = answering.place.attendee.as_ref().and_then(|one| one.email.as_ref());
        let is_hers = attendee == Some(&invitation.address);
        let has_place = answering.place.state.status() == PlaceStatus::Confirmed;
        if is_hers && !has_place {
            tell_too_late(ctx, tx, answering, invitation).await?;
        }
    }
    Ok(Outcome::Stale)
}

/// What an answer does to the place: only a *declined* does anything, or a change of mind.
async fn act(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    answer: PartStat,
) -> Result<(), StoreError> {
    let Answering { session, place, subject, is_hers } = answering;
    if place.state.status() != PlaceStatus::Confirmed {
        return Ok(());
    }
    match answer {
        // Her last word is not that she cannot come. What she said of other days stands.
        PartStat::Accepted | PartStat::Tentative => {
            if replies::release_at(tx, place.id).await?.is_some() {
                replies::set_release(tx, place.id, None).await?;
                let (action, subject) = (AuditAction::PlaceKept, subject.clone());
                record(ctx, tx, &Actor::Calendar, action, subject, None).await?;
            }
            Ok(())
        }
        PartStat::Declined => {
            // A day that has begun cannot go to anybody else: the roster shows the answer.
            let to_come = session.sittings.iter().map(|one| one.starts_at);
            let Some(starts) = to_come.filter(|start| *start > ctx.now()).min() else {
                return Ok(());
            };
            // Nor can the place of somebody who was here on another day.
            if door::was_there(tx, place.id).await? {
                return Ok(());
            }
            let is_all = is_declined(ctx, tx, session, place.id).await?;
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

/// Whether somebody's calendar said no to every day of a session that has not begun.
pub(in crate::actions) async fn is_declined(
    ctx: &ActionContext,
    conn: &mut Conn,
    session: &Session,
    place: PlaceId,
) -> Result<bool, StoreError> {
    let to_come = session.sittings.iter().filter(|day| day.starts_at > ctx.now()).count();
    let answers = replies::of_place(conn, place, ctx.now()).await?;
    // A day that was added since may not have been told yet.
    let is_no = |one: &Option<PartStat>| *one == Some(PartStat::Declined);
    Ok(answers.len() >= to_come && answers.iter().all(is_no))
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
