//! What staff noted about a booking, a person or an institution.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, own_data::at};
use crate::domain::{
    id::{NoteId, PersonId, RegistrationId, StaffLogin},
    office_note::{NextStep, NoteAbout, OfficeNote},
    own_data::{Record, record},
    text::Paragraph,
};

const TABLE: &str = "office_notes";

row! {
    struct NoteRow {
        id: Uuid,
        registration: Option<Uuid>,
        person: Option<Uuid>,
        institution: Option<String>,
        author: String,
        body: String,
        written_at: DateTime<Utc>,
        step_for: Option<String>,
        step_by: Option<NaiveDate>,
        done_at: Option<DateTime<Utc>>,
        done_by: Option<String>,
    }
}

row! {
    struct HersRow {
        reference: Option<String>,
        body: String,
        written_at: DateTime<Utc>,
        step_by: Option<NaiveDate>,
        done_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewNote<'a> {
        id: Uuid,
        registration: Option<Uuid>,
        person: Option<Uuid>,
        institution: Option<&'a str>,
        author: &'a str,
        body: &'a str,
        written_at: DateTime<Utc>,
        step_for: Option<&'a str>,
        step_by: Option<NaiveDate>,
    }
}

statements! {
    INSERT(NewNote) = "insert into office_notes (:columns) values (:values)";

    FIND: NoteRow = "select * from office_notes where id = $1";

    OF_BOOKING: NoteRow =
        "select * from office_notes where registration = $1 order by written_at desc, id desc";

    /// Hers, and those about whoever turned out to be she.
    OF_PERSON: NoteRow =
        "select * from office_notes where person in
             (select h.id from people h where h.id = $1 union select m.id from people m where m.merged_into = $1)
         order by written_at desc, id desc";

    OF_INSTITUTION: NoteRow =
        "select * from office_notes where institution in
             (select i.code from institutions i where i.code = $1
              union select m.code from institutions m where m.merged_into = $1)
         order by written_at desc, id desc";

    TAKE_BACK = "delete from office_notes where id = $1 and author = $2";

    FINISH =
        "update office_notes set done_at = $2, done_by = $3
         where id = $1 and step_for is not null and done_at is null";

    /// What is hers to be told: about her, and about the bookings she looks after.
    HERS: HersRow =
        "select r.reference, n.body, n.written_at, n.step_by, n.done_at
         from office_notes n left join registrations r on r.id = n.registration
         where n.id in
             (select a.id from office_notes a where a.person in
                  (select h.id from people h where h.id = $1 union select m.id from people m where m.merged_into = $1)
              union
              select b.id from office_notes b where b.registration in
                  (select l.id from registrations l where l.person = $1))
         order by n.written_at, n.id";

    /// Whatever may name her: also about bookings of others on which she sits.
    FORGET =
        "delete from office_notes where id in
             (select a.id from office_notes a where a.person in
                  (select h.id from people h where h.id = $1 union select m.id from people m where m.merged_into = $1)
              union
              select b.id from office_notes b where b.registration in
                  (select l.id from registrations l where l.person = $1
                   union select p.registration from places p where p.person = $1))";
}

impl NoteRow {
    fn read(self) -> Result<OfficeNote, StoreError> {
        let id = self.id;
        let about = match (self.registration, self.person, self.institution) {
            (Some(booking), ..) => NoteAbout::Booking(RegistrationId::new(booking)),
            (_, Some(person), _) => NoteAbout::Person(PersonId::new(person)),
            (.., code) => {
                let code = code.unwrap_or_default();
                NoteAbout::Institution(parse(TABLE, "institution", &id, &code)?)
            }
        };
        let login = |column, text: &str| parse(TABLE, column, &id, text);
        let done = match (self.done_at, &self.done_by) {
            (Some(at), Some(by)) => Some((at, login("done_by", by)?)),
            _ => None,
        };
        let step = match &self.step_for {
            Some(whose) => {
                Some(NextStep { whose: login("step_for", whose)?, by: self.step_by, done })
            }
            None => None,
        };
        let empty = || StoreError::Corrupt { table: TABLE, column: "body", row: id.to_string() };
        Ok(OfficeNote {
            id: NoteId::new(id),
            about,
            author: login("author", &self.author)?,
            body: Paragraph::stored(&self.body).ok_or_else(empty)?,
            written_at: self.written_at,
            step,
        })
    }
}

/// Writes a note down.
pub async fn insert(tx: &mut Tx, note: &OfficeNote) -> Result<(), StoreError> {
    let (mut registration, mut person, mut institution) = (None, None, None);
    match &note.about {
        NoteAbout::Booking(id) => registration = Some(id.uuid()),
        NoteAbout::Person(id) => person = Some(id.uuid()),
        NoteAbout::Institution(code) => institution = Some(code.as_str()),
    }
    let new = NewNote {
        id: note.id.uuid(),
        registration,
        person,
        institution,
        author: note.author.as_str(),
        body: note.body.as_str(),
        written_at: note.written_at,
        step_for: note.step.as_ref().map(|step| step.whose.as_str()),
        step_by: note.step.as_ref().and_then(|step| step.by),
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// A note.
pub async fn find(conn: &mut Conn, id: NoteId) -> Result<Option<OfficeNote>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(NoteRow::read).transpose()
}

/// The notes about something, latest first.
pub async fn about(conn: &mut Conn, about: &NoteAbout) -> Result<Vec<OfficeNote>, StoreError> {
    let rows = match about {
        NoteAbout::Booking(id) => OF_BOOKING.all(conn, [id.uuid()]).await?,
        NoteAbout::Person(id) => OF_PERSON.all(conn, [id.uuid()]).await?,
        NoteAbout::Institution(code) => OF_INSTITUTION.all(conn, [code.as_str()]).await?,
    };
    rows.into_iter().map(NoteRow::read).collect()
}

/// Takes a note back, if it is this author's; whether it was there.
pub async fn take_back(tx: &mut Tx, id: NoteId, author: &StaffLogin) -> Result<bool, StoreError> {
    Ok(TAKE_BACK.run(tx, (id.uuid(), author.as_str())).await? == 1)
}

/// Says that a step is done; whether it was still to be done.
pub async fn finish(
    tx: &mut Tx,
    id: NoteId,
    by: &StaffLogin,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(FINISH.run(tx, (id.uuid(), now, by.as_str())).await? == 1)
}

/// What of it is handed to somebody who asks what is held about her.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            record(vec![
                ("booking", row.reference),
                ("words", Some(row.body)),
                ("written_at", at(row.written_at)),
                ("to_be_done_by", row.step_by.map(|day| day.to_string())),
                ("done_at", row.done_at.and_then(at)),
            ])
        })
        .collect())
}

/// Erases whatever was noted that may be about somebody.
pub async fn forget(tx: &mut Tx, id: PersonId) -> Result<(), StoreError> {
    FORGET.run(tx, [id.uuid()]).await?;
    Ok(())
}
