//! Saying of a thing on the overview that it is done, whose it is, or until when it is left.

use chrono::{DateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::Outgoing,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::{AllianceSlug, SessionCode, StaffLogin},
        letter::LetterKind,
        permission::{Permission, allows_everywhere, allows_in},
        staff::StaffMember,
        text::Paragraph,
        thing::{MarkState, ThingKey, ThingMark},
        wording,
    },
    mail::letters,
    store::{StoreError, Tx, outbox::About, overview_marks, sessions, staff},
};

/// A thing as whoever looks at it sees it.
#[derive(Debug, Clone)]
pub struct SeenThing {
    /// Which.
    pub key: ThingKey,
    /// How new it is.
    pub fact: i64,
    /// Whose: the alliance it concerns, if it concerns one.
    pub alliance: Option<AllianceSlug>,
    /// The session it is about, if it is about one.
    pub session: Option<SessionCode>,
}

/// What is said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Marking {
    /// It is done.
    Done,
    /// It is somebody's, or nobody's again.
    Assign(Option<StaffLogin>),
    /// It is left until then.
    Snooze(DateTime<Utc>),
    /// It waits again.
    Reopen,
}

/// Why nothing was said.
#[derive(Debug, thiserror::Error)]
pub enum MarkError {
    /// Whoever it was given to may not look after it.
    #[error("they may not look after things of this alliance")]
    NotTheirs,
    /// It would come back at once.
    #[error("that moment has passed")]
    Passed,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Says it, with a note; without one, what was noted before stays. Whoever it is given to is written to, unless
/// she takes it herself or has it already: `what` is what the letter calls it.
///
/// # Errors
/// [`MarkError`], in which case nothing changed.
pub async fn mark_thing(
    ctx: &ActionContext,
    by: &StaffLogin,
    (seen, what): (&SeenThing, &str),
    marking: &Marking,
    note: Option<Paragraph>,
) -> Result<(), MarkError> {
    let mut tx = ctx.store.begin().await?;
    let mut given_to = None;
    if let Marking::Assign(Some(login)) = marking {
        let member = staff::find(&mut tx, login).await?.ok_or(MarkError::NotTheirs)?;
        let may = match &seen.alliance {
            Some(slug) => allows_in(&member, Permission::WatchSessions, slug),
            None => allows_everywhere(&member, Permission::WatchSessions),
        };
        if !may {
            return Err(MarkError::NotTheirs);
        }
        given_to = Some(member);
    }
    if matches!(marking, Marking::Snooze(until) if *until <= ctx.now()) {
        return Err(MarkError::Passed);
    }
    let before = overview_marks::find_all(&mut tx, std::slice::from_ref(&seen.key)).await?;
    let before = before.into_values().next();
    let had = before.as_ref().and_then(|mark| mark.assignee.clone());
    let mark = ThingMark {
        fact: seen.fact,
        state: match marking {
            Marking::Done => MarkState::Done,
            Marking::Snooze(until) => MarkState::Snoozed(*until),
            Marking::Assign(_) | Marking::Reopen => MarkState::Open,
        },
        assignee: match marking {
            Marking::Assign(login) => login.clone(),
            _ => had.clone(),
        },
        note: note.or_else(|| before.and_then(|mark| mark.note)),
        by: by.clone(),
        at: ctx.now(),
    };
    overview_marks::set(&mut tx, &seen.key, &mark).await?;
    if let Some(member) = given_to.filter(|member| member.login != *by && had != mark.assignee) {
        tell_her(ctx, &mut tx, by, &member, (seen, what)).await?;
    }
    let said = match marking {
        Marking::Done => "done".to_owned(),
        Marking::Assign(Some(login)) => format!("for {login}"),
        Marking::Assign(None) => "for everybody".to_owned(),
        Marking::Snooze(until) => format!("left until {}", until.to_rfc3339()),
        Marking::Reopen => "open again".to_owned(),
    };
    let about = match (&seen.session, &seen.alliance) {
        (Some(code), _) => Subject::session(code),
        (None, Some(slug)) => Subject::about(AuditedRecord::Alliance(slug.clone())),
        (None, None) => Subject::default(),
    };
    let detail = Some(format!("{}: {said}", seen.key.kind));
    let actor = Actor::Staff(by.clone());
    record(ctx, &mut tx, &actor, AuditAction::ThingMarked, about, detail).await?;
    tx.commit().await?;
    Ok(())
}

/// Tells whoever it was given to (T5), without the names that may stand in it.
async fn tell_her(
    ctx: &ActionContext,
    tx: &mut Tx,
    by: &StaffLogin,
    member: &StaffMember,
    (seen, what): (&SeenThing, &str),
) -> Result<(), StoreError> {
    let giver = staff::find(tx, by).await?;
    let giver = giver.map_or_else(|| by.to_string(), |member| member.name);
    let session = match &seen.session {
        Some(code) => sessions::find(tx, code).await?,
        None => None,
    };
    let about = session.map_or_else(String::new, |session| {
        format!("{}, {}", session.course.title, wording::days(&session))
    });
    let url = format!("{}/office/things/{}", ctx.letterhead.base_url, seen.key);
    let content =
        letters::thing_given(&ctx.letterhead, &member.name, &giver, (what, about.as_str()), &url);
    let to = (Some(member.name.clone()), member.email.clone());
    let mut letter = ctx.letter(LetterKind::ThingGiven, to, content, None);
    letter.session.clone_from(&seen.session);
    let mut out = Outgoing::default();
    out.letter(letter, About::default());
    out.write(ctx, tx).await
}
