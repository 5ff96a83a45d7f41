//! Writing an edit of what somebody else may have changed since the form was drawn (V1, V2). The verb
//! calls these in its transaction, once the row is locked.

use std::fmt::Debug;

use chrono_tz::Tz;

use crate::{
    domain::edit::{Conflicts, Drawn, Merged, Record, merge, still_as_drawn},
    store::{
        Conn, StoreError,
        audit::{self, Edited},
    },
};

/// Why an edit was not written.
#[derive(Debug, thiserror::Error)]
pub enum EditError<R: Debug> {
    /// There is no such record.
    #[error("there is no such record")]
    NoSuch,
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<R>>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl<R: Debug> From<Box<Conflicts<R>>> for EditError<R> {
    fn from(conflicts: Box<Conflicts<R>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

/// The states of an edit: what its form was drawn from, the record as it is now, and as it was sent.
pub(super) struct States<'a, R> {
    pub(super) drawn: Option<&'a Drawn>,
    pub(super) present: &'a R,
    pub(super) sent: &'a R,
}

/// The record with what was changed in the form; or who changed the same, and when.
pub(super) async fn merged<R: Record, E: From<StoreError> + From<Box<Conflicts<R>>>>(
    conn: &mut Conn,
    edited: &Edited,
    states: States<'_, R>,
    zone: Tz,
) -> Result<Merged<R>, E> {
    match merge(states.drawn, states.present, states.sent, zone) {
        Ok(merged) => Ok(merged),
        Err(conflicts) => Err(blamed(conn, edited, conflicts).await?.into()),
    }
}

/// Goes on only if the fields that a verb tells people of are as they were drawn; or who changed what.
pub(super) async fn unchanged<R: Record, E: From<StoreError> + From<Box<Conflicts<R>>>>(
    conn: &mut Conn,
    edited: &Edited,
    states: States<'_, R>,
    told: (&[&str], Tz),
) -> Result<(), E> {
    match still_as_drawn(states.drawn, states.present, states.sent, told) {
        Ok(()) => Ok(()),
        Err(conflicts) => Err(blamed(conn, edited, conflicts).await?.into()),
    }
}

/// Says of each field who changed it last, from the log.
async fn blamed<R>(
    conn: &mut Conn,
    edited: &Edited,
    mut conflicts: Box<Conflicts<R>>,
) -> Result<Box<Conflicts<R>>, StoreError> {
    let edits = audit::edits_of(conn, edited).await?;
    for conflict in &mut conflicts.fields {
        let is_it = |event: &&crate::domain::audit::AuditEvent| {
            event.changes.iter().any(|change| change.key == conflict.key)
        };
        let last = edits.iter().find(is_it);
        conflict.changed = last.map(|event| (event.actor.clone(), event.at));
    }
    Ok(conflicts)
}
