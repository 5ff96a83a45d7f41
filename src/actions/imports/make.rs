//! Importing a file: looked through once more under its lock, then all of it in one transaction, by the verbs
//! that the pages use, or none of it.

use uuid::Uuid;

use super::{
    ImportError, digest,
    look::{Plan, look},
    may_book, may_see,
};
use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::{BookRequest, Telling, book_in},
            channel::Extent,
            refusals::{BookError, HoldError},
        },
        catalogue::write_catalogue::{add_coded_in, add_institution_in},
        people::know_people::add_person_in,
        record::{Subject, record},
        sessions::plan_session::{PlanError, plan_in},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::PersonId,
        import::{InstitutionRow, PersonRow, SessionRows, said},
        permission::{Permission, allows_in},
        plan::SessionPlan,
        staff::StaffMember,
    },
    store::{StoreError, Tx, imports, people, session_lock, sessions},
    token::row_id,
};

/// Something that was made: its key, and what it is.
type Made = (String, Vec<u8>);

/// Imports a file as somebody looked through it. Returns how many things it made.
///
/// # Errors
/// [`ImportError`], in which case nothing was made.
pub async fn make(
    ctx: &ActionContext,
    member: &StaffMember,
    id: Uuid,
) -> Result<usize, ImportError> {
    let actor = Actor::Staff(member.login.clone());
    let mut tx = ctx.store.begin().await?;
    let import = imports::lock(&mut tx, id).await?.filter(|one| may_see(member, one));
    let import = import.ok_or(ImportError::NoSuchFile)?;
    if import.made_at.is_some() {
        return Err(ImportError::MadeBefore);
    }
    if !may_book(&mut tx, member, &import).await? {
        return Err(ImportError::NoSuchFile);
    }
    if let Some(code) = &import.session {
        session_lock::lock(&mut tx, code).await?;
    }
    let looked = look(ctx, &mut tx, member, &import).await?.ok_or(ImportError::NoSuchFile)?;
    if !looked.is_ready() {
        return Err(ImportError::NotReady);
    }
    let words = looked.plan.words();
    let telling = match said(&import.said, "letters") {
        "none" => Telling::Later,
        _ => Telling::Now,
    };
    let by = (member, &actor);
    let made = match looked.plan {
        Plan::Institutions(rows) => make_institutions(ctx, &mut tx, by, rows).await?,
        Plan::Sessions(rows) => make_sessions(ctx, &mut tx, by, rows).await?,
        Plan::People(rows) => make_people(ctx, &mut tx, &actor, rows).await?,
        Plan::Bookings(rows) => make_bookings(ctx, &mut tx, (&actor, telling), rows).await?,
    };
    for (number, (key, digest)) in (1..).zip(&made) {
        imports::add_made(&mut tx, id, number, (key, digest)).await?;
    }
    imports::mark_made(&mut tx, id, ctx.now()).await?;
    let subject = Subject { session: import.session, ..Subject::default() };
    let detail = Some(format!("{words}, from a file"));
    record(ctx, &mut tx, &actor, AuditAction::Imported, subject, detail).await?;
    tx.commit().await?;
    Ok(made.len())
}

fn refused(row: u32, why: impl ToString) -> ImportError {
    ImportError::Refused { row, why: why.to_string() }
}

async fn make_institutions(
    ctx: &ActionContext,
    tx: &mut Tx,
    (member, actor): (&StaffMember, &Actor),
    rows: Vec<InstitutionRow>,
) -> Result<Vec<Made>, ImportError> {
    let mut made = Vec::with_capacity(rows.len());
    for InstitutionRow { row, mut institution, has_code, .. } in rows {
        if !allows_in(member, Permission::ManageInstitutions, &institution.alliance) {
            return Err(refused(row, "this alliance is not yours"));
        }
        if !has_code {
            institution.code = add_institution_in(ctx, tx, actor, institution.clone()).await?;
        } else if !add_coded_in(ctx, tx, actor, &institution).await? {
            let why = format!("the code {} is another institution's", institution.code);
            return Err(refused(row, why));
        }
        made.push((institution.code.to_string(), digest::institution(&institution)));
    }
    Ok(made)
}

async fn make_sessions(
    ctx: &ActionContext,
    tx: &mut Tx,
    (member, actor): (&StaffMember, &Actor),
    rows: Vec<SessionRows>,
) -> Result<Vec<Made>, ImportError> {
    let mut made = Vec::with_capacity(rows.len());
    for SessionRows { row, plan } in rows {
        if !allows_in(member, Permission::PlanSessions, &plan.alliance) {
            return Err(refused(row, "this alliance is not yours"));
        }
        let code = match plan_in(ctx, tx, actor, &plan).await {
            Ok(code) => code,
            Err(PlanError::Store(error)) => return Err(error.into()),
            Err(error) => return Err(refused(row, error)),
        };
        let session = sessions::find(tx, &code).await?;
        let digest = session.map(|session| digest::session(&SessionPlan::of(&session)));
        made.push((code.to_string(), digest.unwrap_or_default()));
    }
    Ok(made)
}

async fn make_people(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    rows: Vec<PersonRow>,
) -> Result<Vec<Made>, ImportError> {
    let mut made = Vec::with_capacity(rows.len());
    for row in rows {
        let id = PersonId::new(row_id(&*ctx.random, &*ctx.clock));
        let person = row.person(id, ctx.now());
        let id = add_person_in(ctx, tx, actor, &person).await?;
        // Whoever is recognised by the same was known before, and is not this import's to take back.
        if id == person.id {
            let stored = people::find(tx, id).await?.unwrap_or(person);
            made.push((id.to_string(), digest::person(&stored)));
        }
    }
    Ok(made)
}

async fn make_bookings(
    ctx: &ActionContext,
    tx: &mut Tx,
    (actor, telling): (&Actor, Telling),
    rows: Vec<(u32, BookRequest)>,
) -> Result<Vec<Made>, ImportError> {
    let mut made = Vec::with_capacity(rows.len());
    for (row, request) in rows {
        let booked = match book_in(ctx, tx, (actor, Extent::Recorded), request, telling).await {
            Ok(booked) => booked,
            Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
            Err(error) => return Err(refused(row, error)),
        };
        let id = booked.registration.id;
        let stored = crate::store::registrations::find(tx, id).await?;
        let stored = stored.ok_or_else(|| StoreError::Corrupt {
            table: "registrations",
            column: "id",
            row: id.to_string(),
        })?;
        made.push((id.to_string(), digest::booking(&stored)));
    }
    Ok(made)
}
