//! Writing to people of many sessions: of a course, an alliance, a season, or to whoever has not turned up twice.
//! It is one message for each session, with each address once; the jobs write the letters as for any other.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::message_people::{Draft, MessageError, without_stopped};
use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{AllianceSlug, CourseSlug, MailingId, PlaceId, SessionCode, StaffLogin},
        mailing::{Audience, MailingReach, Marks, RecipientGroup, reach, together},
        registration::Registration,
        season::SessionStanding,
        session::Session,
        staff::StaffMember,
    },
    store::{
        Conn, StoreError, circulars,
        mailings::{self, Mailing},
        registrations, season, sessions,
    },
    token::{Attempt, row_id},
};

/// The sessions whose people a message is for.
#[derive(Debug, Clone)]
pub struct Scope {
    /// Those of this course.
    pub course: Option<CourseSlug>,
    /// Those of this alliance.
    pub alliance: Option<AllianceSlug>,
    /// Those with a day that begins from one moment to another.
    pub between: (DateTime<Utc>, DateTime<Utc>),
    /// Only whoever had a place on two of them and did not come.
    pub absent_twice: bool,
    /// Only those of this organiser's alliances.
    pub within: Option<StaffLogin>,
}

/// How often somebody must not have come.
const OFTEN: usize = 2;

/// Whom a message would reach, session by session.
///
/// # Errors
/// [`StoreError`].
pub async fn preview_across(
    ctx: &ActionContext,
    scope: &Scope,
    audience: &Audience,
) -> Result<Vec<(SessionCode, MailingReach)>, StoreError> {
    reaches(&mut ctx.store.read().await?, scope, audience).await
}

async fn reaches(
    conn: &mut Conn,
    scope: &Scope,
    audience: &Audience,
) -> Result<Vec<(SessionCode, MailingReach)>, StoreError> {
    let codes = sessions_of(conn, scope).await?;
    let absent = match scope.absent_twice {
        true => Some(absent_often(conn, &codes).await?),
        false => None,
    };
    let coming = Audience { groups: vec![RecipientGroup::Coming], leaders: audience.leaders };
    let mut parts = Vec::new();
    for code in codes {
        let mut bookings = registrations::of_session(conn, &code).await?;
        let audience = match &absent {
            Some(absent) => {
                let missed = |one: &mut Registration| {
                    one.places.retain(|place| absent.contains(&place.id));
                    !one.places.is_empty()
                };
                bookings.retain_mut(missed);
                &coming
            }
            None => audience,
        };
        parts.push((code, reach(&bookings, &Marks::default(), audience)));
    }
    let mut all = Vec::new();
    for (code, reach) in together(parts) {
        let reach = without_stopped(conn, reach).await?;
        if reach.people > 0 || !reach.recipients.is_empty() {
            all.push((code, reach));
        }
    }
    Ok(all)
}

/// The sessions, in order of their first day within the scope.
async fn sessions_of(conn: &mut Conn, scope: &Scope) -> Result<Vec<SessionCode>, StoreError> {
    let days = season::days(conn, scope.between, scope.within.as_ref()).await?;
    let mut codes: Vec<SessionCode> = Vec::new();
    for day in days {
        let is_meant = day.standing == SessionStanding::Published
            && scope.course.as_ref().is_none_or(|course| day.course == *course)
            && scope.alliance.as_ref().is_none_or(|alliance| day.alliance == *alliance);
        if is_meant && !codes.contains(&day.session) {
            codes.push(day.session);
        }
    }
    Ok(codes)
}

/// The places of people who did not come to two of these sessions, although they had a place.
async fn absent_often(
    conn: &mut Conn,
    codes: &[SessionCode],
) -> Result<HashSet<PlaceId>, StoreError> {
    let mut missed: HashMap<Uuid, (HashSet<String>, Vec<PlaceId>)> = HashMap::new();
    for (person, session, place) in circulars::absent(conn, codes).await? {
        let hers = missed.entry(person).or_default();
        hers.0.insert(session);
        hers.1.push(place);
    }
    let often = missed.into_values().filter(|(sessions, _)| sessions.len() >= OFTEN);
    Ok(often.flat_map(|(_, places)| places).collect())
}

/// Sends a message off to everybody it reaches now; with the same `attempt` again, once. `words` says in words
/// whom it is for.
///
/// # Errors
/// [`MessageError`], in which case nobody is told anything.
pub async fn send_across(
    ctx: &ActionContext,
    author: &StaffMember,
    (scope, words): (&Scope, &str),
    draft: &Draft,
    attempt: Option<&Attempt>,
) -> Result<Uuid, MessageError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(known) = made_before(ctx, &mut tx, "circular", attempt).await? {
        return Ok(key(&known)?);
    }
    let parts = reaches(&mut tx, scope, &draft.audience).await?;
    let addresses: usize = parts.iter().map(|(_, reach)| reach.recipients.len()).sum();
    if addresses == 0 {
        return Err(MessageError::Nobody);
    }
    let id = row_id(&*ctx.random, &*ctx.clock);
    for (code, reach) in parts.iter().filter(|(_, reach)| !reach.recipients.is_empty()) {
        let mailing = Mailing {
            id: MailingId::new(row_id(&*ctx.random, &*ctx.clock)),
            session: code.clone(),
            author: author.login.clone(),
            audience: draft.audience.clone(),
            subject: draft.subject.to_string(),
            body: draft.body.as_str().to_owned(),
            at: ctx.now(),
        };
        mailings::insert(&mut tx, &mailing, &format!("{id}/{code}"), &reach.recipients).await?;
        circulars::mark(&mut tx, mailing.id, id, words).await?;
        let subject = Subject { session: Some(code.clone()), ..Subject::default() };
        let detail = Some(format!("{} addresses: {words}", reach.recipients.len()));
        let actor = Actor::Staff(author.login.clone());
        record(ctx, &mut tx, &actor, AuditAction::MessageSent, subject, detail).await?;
    }
    made(&mut tx, attempt, &id.to_string()).await?;
    tx.commit().await?;
    Ok(id)
}

/// The first session that a message is about, to show what its letters look like.
///
/// # Errors
/// [`StoreError`].
pub async fn first_of(
    ctx: &ActionContext,
    parts: &[(SessionCode, MailingReach)],
) -> Result<Option<Session>, StoreError> {
    let Some((code, _)) = parts.iter().find(|(_, reach)| !reach.recipients.is_empty()) else {
        return Ok(None);
    };
    sessions::find(&mut ctx.store.read().await?, code).await
}
