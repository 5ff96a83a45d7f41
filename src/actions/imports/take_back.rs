//! Taking back what an import made, as one: what was changed since, or has something hanging on it, stays and
//! is named.

use chrono::{DateTime, Duration, Utc};
use uuid::Uuid;

use super::{ImportError, digest, may_book, may_see};
use crate::{
    actions::{
        ActionContext,
        booking::cancel_places::{CancelError, Which, cancel_opened},
        places::opened::Opened,
        record::{Subject, record},
        sessions::{
            discard_session::discard_in,
            plan_session::{PlanError, locked_draft},
        },
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::{InstitutionCode, PersonId, RegistrationId, SessionCode},
        import::ImportKind,
        plan::SessionPlan,
        staff::StaffMember,
        wording,
    },
    store::{
        StoreError, Tx,
        imports::{self, Import, Made},
        institution_merges, institutions, people,
    },
};

/// How long after it an import is taken back as one.
pub const UNDONE_FOR: Duration = Duration::hours(24);

/// Until when an import can be taken back, if it can.
pub fn until(import: &Import, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let until = import.made_at? + UNDONE_FOR;
    (import.undone_at.is_none() && until > now).then_some(until)
}

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportUndone {
    /// How many things are gone.
    pub gone: usize,
    /// How many stay.
    pub kept: usize,
}

/// Takes back what an import made. Taking it back twice is once.
///
/// # Errors
/// [`ImportError`], in which case all of it is still there.
pub async fn take_back(
    ctx: &ActionContext,
    member: &StaffMember,
    id: Uuid,
) -> Result<ImportUndone, ImportError> {
    let actor = Actor::Staff(member.login.clone());
    let mut tx = ctx.store.begin().await?;
    let import = imports::lock(&mut tx, id).await?.filter(|one| may_see(member, one));
    let import = import.ok_or(ImportError::NoSuchFile)?;
    let mut made = imports::made(&mut tx, id).await?;
    if import.undone_at.is_some() {
        let kept = made.iter().filter(|one| one.kept.is_some()).count();
        return Ok(ImportUndone { gone: made.len() - kept, kept });
    }
    if until(&import, ctx.now()).is_none() || !may_book(&mut tx, member, &import).await? {
        return Err(ImportError::TooLate);
    }
    // The last first: whoever waits leaves the list before those who are ahead give their places up, so that
    // nothing is offered to somebody who is taken off as well.
    made.reverse();
    let mut done = ImportUndone::default();
    for one in &made {
        match take_one(ctx, &mut tx, &actor, (&import, one)).await? {
            None => done.gone += 1,
            Some(why) => {
                imports::keep(&mut tx, id, one.number, &why).await?;
                done.kept += 1;
            }
        }
    }
    imports::mark_undone(&mut tx, id, ctx.now()).await?;
    let subject = Subject { session: import.session, ..Subject::default() };
    let detail = Some(format!("{} taken back, {} kept", done.gone, done.kept));
    record(ctx, &mut tx, &actor, AuditAction::ImportTakenBack, subject, detail).await?;
    tx.commit().await?;
    Ok(done)
}

/// Takes one thing back; why it stays, if it does.
async fn take_one(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (import, one): (&Import, &Made),
) -> Result<Option<String>, StoreError> {
    let corrupt =
        || StoreError::Corrupt { table: "import_made", column: "key", row: import.id.to_string() };
    match import.kind {
        ImportKind::Institutions => {
            let code: InstitutionCode = one.key.parse().map_err(|_| corrupt())?;
            take_institution(ctx, tx, actor, (&code, &one.digest)).await
        }
        ImportKind::Sessions => {
            let code: SessionCode = one.key.parse().map_err(|_| corrupt())?;
            take_session(ctx, tx, actor, (&code, &one.digest)).await
        }
        ImportKind::People => {
            let id: PersonId = one.key.parse().map_err(|_| corrupt())?;
            take_person(ctx, tx, actor, (id, &one.digest)).await
        }
        ImportKind::Bookings => {
            let id: RegistrationId = one.key.parse().map_err(|_| corrupt())?;
            take_booking(ctx, tx, actor, (id, &one.digest)).await
        }
    }
}

fn stays(why: impl Into<String>) -> Option<String> {
    Some(why.into())
}

const CHANGED: &str = "it was changed since";

async fn take_institution(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (code, was): (&InstitutionCode, &[u8]),
) -> Result<Option<String>, StoreError> {
    let Some(present) = institutions::lock(tx, code).await? else { return Ok(None) };
    let is_archived = institutions::archived_at(tx, code).await?.is_some();
    if present.code != *code || is_archived || digest::institution(&present) != was {
        return Ok(stays(CHANGED));
    }
    let hanging = institution_merges::hanging(tx, code).await?;
    for (count, one, many) in [
        (hanging.bookings, "booking hangs", "bookings hang"),
        (hanging.people, "person belongs to it", "people belong to it"),
        (hanging.pledges, "pledge hangs", "pledges hang"),
    ] {
        if count > 0 {
            let count = wording::count(usize::try_from(count).unwrap_or(0), one, many);
            let on = if count.ends_with("it") { "" } else { " on it" };
            return Ok(stays(format!("{count}{on}")));
        }
    }
    if !institutions::remove(tx, code).await? {
        return Ok(stays("something else hangs on it"));
    }
    let about = AuditedRecord::Institution(code.clone());
    let detail = Some(format!("{code}: taken back"));
    record(ctx, tx, actor, AuditAction::InstitutionKept, Subject::about(about), detail).await?;
    Ok(None)
}

async fn take_session(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (code, was): (&SessionCode, &[u8]),
) -> Result<Option<String>, StoreError> {
    let session = match locked_draft(tx, code).await {
        Ok(session) => session,
        Err(PlanError::NoSuchSession) => return Ok(None),
        Err(PlanError::NotADraft) => return Ok(stays("it is published")),
        Err(PlanError::Store(error)) => return Err(error),
        Err(other) => return Ok(stays(other.to_string())),
    };
    if digest::session(&SessionPlan::of(&session)) != was {
        return Ok(stays(CHANGED));
    }
    discard_in(ctx, tx, actor, code).await?;
    Ok(None)
}

async fn take_person(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (id, was): (PersonId, &[u8]),
) -> Result<Option<String>, StoreError> {
    let Some(present) = people::lock(tx, id).await? else { return Ok(None) };
    if digest::person(&present) != was {
        return Ok(stays(CHANGED));
    }
    if !imports::remove_person(tx, id).await? {
        return Ok(stays("a booking or an appearance of theirs is known by now"));
    }
    let about = Subject::about(AuditedRecord::Person(id));
    let detail = Some("taken back".to_owned());
    record(ctx, tx, actor, AuditAction::PersonKept, about, detail).await?;
    Ok(None)
}

async fn take_booking(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (id, was): (RegistrationId, &[u8]),
) -> Result<Option<String>, StoreError> {
    let Some(opened) = Opened::lock(tx, id).await? else { return Ok(None) };
    let places = &opened.registration.places;
    if places.iter().all(|place| !place.state.status().is_open()) {
        return Ok(None);
    }
    let is_whole = places.iter().all(|place| place.state.status().is_open());
    if !is_whole || digest::booking(&opened.registration) != was {
        return Ok(stays(CHANGED));
    }
    match cancel_opened(ctx, opened, actor, Which::All, None).await {
        Ok(_) => Ok(None),
        Err(CancelError::Store(error)) => Err(error),
        Err(other) => Ok(stays(other.to_string())),
    }
}
