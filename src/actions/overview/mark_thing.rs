//! Saying of a thing on the overview that it is done, whose it is, or until when it is left.

use chrono::{DateTime, Utc};

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::{AllianceSlug, SessionCode, StaffLogin},
        permission::{Permission, allows_everywhere, allows_in},
        text::Paragraph,
        thing::{Mark, MarkState, ThingKey},
    },
    store::{StoreError, overview_marks, staff},
};

/// A thing as whoever looks at it sees it.
#[derive(Debug, Clone)]
pub struct Seen {
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

/// Says it, with a note; without one, what was noted before stays.
///
/// # Errors
/// [`MarkError`], in which case nothing changed.
pub async fn mark_thing(
    ctx: &ActionContext,
    by: &StaffLogin,
    seen: &Seen,
    marking: &Marking,
    note: Option<Paragraph>,
) -> Result<(), MarkError> {
    let mut tx = ctx.store.begin().await?;
    if let Marking::Assign(Some(login)) = marking {
        let member = staff::find(&mut tx, login).await?.ok_or(MarkError::NotTheirs)?;
        let may = match &seen.alliance {
            Some(slug) => allows_in(&member, Permission::WatchSessions, slug),
            None => allows_everywhere(&member, Permission::WatchSessions),
        };
        if !may {
            return Err(MarkError::NotTheirs);
        }
    }
    if matches!(marking, Marking::Snooze(until) if *until <= ctx.now()) {
        return Err(MarkError::Passed);
    }
    let before = overview_marks::find_all(&mut tx, std::slice::from_ref(&seen.key)).await?;
    let before = before.into_values().next();
    let mark = Mark {
        fact: seen.fact,
        state: match marking {
            Marking::Done => MarkState::Done,
            Marking::Snooze(until) => MarkState::Snoozed(*until),
            Marking::Assign(_) | Marking::Reopen => MarkState::Open,
        },
        assignee: match marking {
            Marking::Assign(login) => login.clone(),
            _ => before.as_ref().and_then(|mark| mark.assignee.clone()),
        },
        note: note.or_else(|| before.and_then(|mark| mark.note)),
        by: by.clone(),
        at: ctx.now(),
    };
    overview_marks::set(&mut tx, &seen.key, &mark).await?;
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
