//! What staff note for each other about a booking, a person or an institution.

pub mod finish_step;
pub mod take_back_note;
pub mod write_note;

use super::record::Subject;
use crate::{
    domain::{audit::AuditedRecord, office_note::NoteAbout},
    store::{Conn, StoreError, registrations},
};

/// What the log says a note is about; what it says, the log never does.
async fn subject(conn: &mut Conn, about: &NoteAbout) -> Result<Subject, StoreError> {
    Ok(match about {
        NoteAbout::Booking(id) => {
            let booking = registrations::find(conn, *id).await?;
            booking.as_ref().map_or_else(Subject::default, Subject::of)
        }
        NoteAbout::Person(id) => Subject::about(AuditedRecord::Person(*id)),
        NoteAbout::Institution(code) => Subject::about(AuditedRecord::Institution(code.clone())),
    })
}
