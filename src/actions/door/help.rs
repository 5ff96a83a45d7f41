//! A helper's link: made for one sitting by whoever may check people in there, ended by her or a colleague, and
//! good on that day only.

use super::open::{DoorError, find};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        helper_link::{HelperHours, HelperLink},
        id::{HelperLinkId, SessionCode},
        permission::{Permission, allows},
        session::Session,
        sitting::Sitting,
        staff::StaffMember,
    },
    store::{StoreError, helper_links, sessions},
    token::{Token, row_id},
};

/// Makes a link to the door of a sitting. Its secret is given back once, and kept nowhere.
///
/// # Errors
/// [`DoorError`], in which case there is none.
pub async fn make_helper_link(
    ctx: &ActionContext,
    member: &StaffMember,
    (code, number): (&SessionCode, u32),
    walk_ins: bool,
) -> Result<(HelperLink, Token), DoorError> {
    let mut tx = ctx.store.begin().await?;
    let (session, sitting) = find(&mut tx, member.into(), code, number).await?;
    let token = ctx.token();
    let link = HelperLink {
        id: HelperLinkId::new(row_id(&*ctx.random, &*ctx.clock)),
        session: session.code,
        sitting: sitting.id,
        walk_ins,
        made_by: member.login.clone(),
        made_at: ctx.now(),
        ended_at: None,
    };
    helper_links::insert(&mut tx, &link, token.hash()).await?;
    let (actor, detail) = (Actor::Staff(member.login.clone()), Some(format!("day {number}")));
    let subject = Subject::session(code);
    record(ctx, &mut tx, &actor, AuditAction::HelperLinkMade, subject, detail).await?;
    tx.commit().await?;
    Ok((link, token))
}

/// Ends a link of a session; whether it had not ended before.
///
/// # Errors
/// [`DoorError`], in which case it opens its door as before.
pub async fn end_helper_link(
    ctx: &ActionContext,
    member: &StaffMember,
    code: &SessionCode,
    id: HelperLinkId,
) -> Result<bool, DoorError> {
    let mut tx = ctx.store.begin().await?;
    let session = sessions::find(&mut tx, code).await?.ok_or(DoorError::NoSuchSitting)?;
    if !allows(member, Permission::CheckIn, &session) {
        return Err(DoorError::Forbidden);
    }
    let links = helper_links::of_session(&mut tx, code).await?;
    if !links.iter().any(|link| link.id == id) {
        return Err(DoorError::NoSuchSitting);
    }
    if !helper_links::end(&mut tx, id, &member.login, ctx.now()).await? {
        return Ok(false);
    }
    let actor = Actor::Staff(member.login.clone());
    let subject = Subject::session(code);
    record(ctx, &mut tx, &actor, AuditAction::HelperLinkEnded, subject, None).await?;
    tx.commit().await?;
    Ok(true)
}

/// What a helper's link opens.
#[derive(Debug)]
pub enum Helping {
    /// Its door.
    Open(HelperLink, u32),
    /// Nothing before its day; the session and the day it is for.
    Early(Box<Session>, Box<Sitting>),
    /// Nothing any more.
    Ended,
}

/// What a token opens at the door; `None` if no helper's link has it.
///
/// # Errors
/// [`StoreError`].
pub async fn helping(ctx: &ActionContext, token: &Token) -> Result<Option<Helping>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let Some(link) = helper_links::find(&mut conn, token.hash()).await? else { return Ok(None) };
    let session = sessions::find(&mut conn, &link.session).await?;
    let day = session.and_then(|session| {
        let day = session.sittings.iter().find(|day| day.id == link.sitting).cloned();
        day.map(|day| (session, day))
    });
    let Some((session, day)) = day.filter(|_| link.ended_at.is_none()) else {
        return Ok(Some(Helping::Ended));
    };
    let (hours, now) = (HelperHours::of(&day, ctx.check_in), ctx.now());
    Ok(Some(match (hours.is_early(now), hours.hold(now)) {
        (true, _) => Helping::Early(Box::new(session), Box::new(day)),
        (_, true) => Helping::Open(link, day.number),
        _ => Helping::Ended,
    }))
}
