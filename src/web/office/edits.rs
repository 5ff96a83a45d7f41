//! What was changed about a record, from what to what, for whoever may change it.

use crate::{
    domain::audit::{Actor, AuditEvent, AuditedRecord},
    store::{
        Conn, StoreError,
        audit::{self, Edited},
    },
    web::words::{ReadersClock, in_words, stamp},
};

/// How many edits a record's page shows; the log has them all.
const SHOWN: usize = 10;

/// One edit, in words.
#[derive(Debug, Clone)]
pub struct EditLine {
    pub when: String,
    pub who: String,
    pub what: Vec<String>,
}

/// Who did something, as the log names them.
pub fn who(actor: &Actor) -> String {
    match actor {
        Actor::Staff(login) => login.to_string(),
        Actor::Helper(login) => format!("Helper\u{2019}s link made by {login}"),
        other => in_words(&other.to_string()),
    }
}

/// What an event changed, field by field.
pub fn what(event: &AuditEvent) -> Vec<String> {
    event.changes.iter().map(ToString::to_string).collect()
}

/// The latest edits of a record, latest first.
pub async fn of(
    conn: &mut Conn,
    record: AuditedRecord,
    zone: impl Into<ReadersClock> + Copy,
) -> Result<Vec<EditLine>, StoreError> {
    let events = audit::edits_of(conn, &Edited::Record(record)).await?;
    let line = |event: &AuditEvent| EditLine {
        when: stamp(event.at, zone),
        who: who(&event.actor),
        what: what(event),
    };
    Ok(events.iter().take(SHOWN).map(line).collect())
}
