//! Lists of people and bookings, handed out as files: written down, since a file goes where nobody sees.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        wording,
    },
    store::StoreError,
};

/// Which list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exported {
    /// The people we know.
    People,
    /// Bookings with who comes.
    Bookings,
    /// Who is on a path, and how far.
    OnPath,
    /// Who asked for help, and what was granted and paid.
    Help,
}

/// Writes down that somebody took a list; how long it was, and never what she looked for, which may be a
/// name.
///
/// # Errors
/// [`StoreError`]; then the list must not be handed out.
pub async fn list_exported(
    ctx: &ActionContext,
    actor: &Actor,
    list: Exported,
    lines: usize,
) -> Result<(), StoreError> {
    let what = match list {
        Exported::People => "people",
        Exported::Bookings => "bookings",
        Exported::OnPath => "people on a path",
        Exported::Help => "requests for help",
    };
    let detail = format!("{what}: {}", wording::count(lines, "line", "lines"));
    let mut tx = ctx.store.begin().await?;
    let subject = Subject::default();
    record(ctx, &mut tx, actor, AuditAction::ListExported, subject, Some(detail)).await?;
    tx.commit().await
}
