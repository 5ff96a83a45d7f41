//! Keeping a file that was read, and what is said of it, until it is imported or thrown away.

use uuid::Uuid;

use super::{ImportError, may_see};
use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
    },
    domain::{
        id::SessionCode,
        import::{ImportKind, Said, Sheet, guessed},
        staff::StaffMember,
    },
    store::imports::{self, Import},
    token::{Attempt, row_id},
};

/// A file that was read.
#[derive(Debug, Clone)]
pub struct NewFile {
    /// What it brings in.
    pub kind: ImportKind,
    /// What it is called.
    pub name: Option<String>,
    /// How it was read.
    pub how: String,
    /// Its rows.
    pub sheet: Sheet,
    /// The session whose bookings it brings.
    pub session: Option<SessionCode>,
}

/// Keeps a file for a day, with what its columns seem to hold.
///
/// # Errors
/// [`ImportError`]; then it was not kept.
pub async fn keep_file(
    ctx: &ActionContext,
    member: &StaffMember,
    file: NewFile,
    attempt: Option<&Attempt>,
) -> Result<Uuid, ImportError> {
    let columns = guessed(file.kind, &file.sheet).into_iter().enumerate();
    let mut said: Said = columns
        .map(|(at, field)| {
            (format!("column-{at}"), field.map_or_else(String::new, |field| field.key.to_owned()))
        })
        .collect();
    if file.kind == ImportKind::Institutions {
        said.insert("membership".to_owned(), "member".to_owned());
    }
    let id = row_id(&*ctx.random, &*ctx.clock);
    let import = Import {
        id,
        kind: file.kind,
        file_name: file.name,
        how: file.how,
        sheet: Some(file.sheet),
        said,
        session: file.session,
        made_by: member.login.clone(),
        at: ctx.now(),
        made_at: None,
        undone_at: None,
    };
    let mut tx = ctx.store.begin().await?;
    if let Some(before) = made_before(ctx, &mut tx, "import", attempt).await? {
        return Ok(key(&before)?);
    }
    imports::insert(&mut tx, &import).await?;
    made(&mut tx, attempt, &id.to_string()).await?;
    tx.commit().await?;
    Ok(id)
}

/// Keeps what was said of a file; what is not said again stays as it was.
///
/// # Errors
/// [`ImportError`], in which case nothing changed.
pub async fn say(
    ctx: &ActionContext,
    member: &StaffMember,
    id: Uuid,
    said: Said,
) -> Result<(), ImportError> {
    let mut tx = ctx.store.begin().await?;
    let import = imports::lock(&mut tx, id).await?.filter(|one| may_see(member, one));
    let import = import.ok_or(ImportError::NoSuchFile)?;
    if import.made_at.is_some() {
        return Err(ImportError::MadeBefore);
    }
    let mut all = import.said;
    all.extend(said);
    imports::say(&mut tx, id, &all).await?;
    Ok(tx.commit().await?)
}

/// Throws a file away that was not imported. Throwing it away twice is once.
///
/// # Errors
/// [`ImportError`], in which case it is still there.
pub async fn discard(
    ctx: &ActionContext,
    member: &StaffMember,
    id: Uuid,
) -> Result<(), ImportError> {
    let mut tx = ctx.store.begin().await?;
    let import = imports::lock(&mut tx, id).await?.filter(|one| may_see(member, one));
    if import.ok_or(ImportError::NoSuchFile)?.made_at.is_some() {
        return Err(ImportError::MadeBefore);
    }
    imports::discard(&mut tx, id).await?;
    Ok(tx.commit().await?)
}
