//! Next steps that are due: what somebody was to do by a day, about a booking, a person or an institution.

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, codec::parse};
use crate::domain::{
    id::{AllianceSlug, InstitutionCode, NoteId, PersonId, SessionCode, StaffLogin},
    reference::Reference,
    text::{Name, Paragraph},
};

const TABLE: &str = "office_notes";

row! {
    struct DueRow {
        id: Uuid,
        body: String,
        written_at: DateTime<Utc>,
        step_for: Option<String>,
        step_by: Option<NaiveDate>,
        reference: Option<String>,
        leader_name: Option<String>,
        session: Option<String>,
        booked_alliance: Option<String>,
        institution: Option<String>,
        institution_name: Option<String>,
        institution_alliance: Option<String>,
        person: Option<Uuid>,
        person_name: Option<String>,
    }
}

statements! {
    DUE: DueRow =
        "select n.id, n.body, n.written_at, n.step_for, n.step_by, r.reference, r.leader_name, r.session,
             s.alliance as booked_alliance, i.code as institution, i.name as institution_name,
             i.alliance as institution_alliance, k.id as person, k.name as person_name
         from office_notes n
         left join registrations r on r.id = n.registration left join sessions s on s.code = r.session
         left join institutions h on h.code = n.institution
         left join institutions i on i.code = coalesce(h.merged_into, h.code)
         left join people g on g.id = n.person left join people k on k.id = coalesce(g.merged_into, g.id)
         where n.step_for is not null and n.done_at is null and n.step_by <= $1
         order by n.step_by, n.id limit $2";
}

/// What a step is about, and whose it is to look after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepAbout {
    /// A booking of a session of an alliance.
    Booking(Reference, SessionCode, AllianceSlug),
    /// Somebody we know.
    Person(PersonId),
    /// An institution of an alliance.
    Institution(InstitutionCode, AllianceSlug),
}

/// A step that is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueStep {
    /// The note that says it.
    pub note: NoteId,
    /// Whose it is.
    pub whose: StaffLogin,
    /// By when.
    pub by: NaiveDate,
    /// When it was written down.
    pub written_at: DateTime<Utc>,
    /// What is to be done.
    pub body: Paragraph,
    /// About what.
    pub about: StepAbout,
    /// What that is called.
    pub called: Name,
}

impl DueRow {
    fn read(self) -> Result<Option<DueStep>, StoreError> {
        let id = self.id;
        let alliance = |slug: &str| parse("alliances", "slug", &id, slug);
        let about = match (&self.reference, &self.session, &self.booked_alliance) {
            (Some(reference), Some(session), Some(slug)) => Some(StepAbout::Booking(
                parse("registrations", "reference", &id, reference)?,
                parse("registrations", "session", &id, session)?,
                alliance(slug)?,
            )),
            _ => match (&self.institution, &self.institution_alliance) {
                (Some(code), Some(slug)) => Some(StepAbout::Institution(
                    parse("institutions", "code", &id, code)?,
                    alliance(slug)?,
                )),
                _ => self.person.map(|person| StepAbout::Person(PersonId::new(person))),
            },
        };
        let called = self.leader_name.or(self.institution_name).or(self.person_name);
        let body = Paragraph::stored(&self.body);
        let step = about.zip(called).zip(body.zip(self.step_for.zip(self.step_by)));
        let Some(((about, called), (body, (whose, by)))) = step else { return Ok(None) };
        Ok(Some(DueStep {
            note: NoteId::new(id),
            whose: parse(TABLE, "step_for", &id, &whose)?,
            by,
            written_at: self.written_at,
            body,
            about,
            called: Name::stored(&called),
        }))
    }
}

/// At most `most` steps that are to be done by a day, the earliest first.
pub async fn due(conn: &mut Conn, by: NaiveDate, most: i64) -> Result<Vec<DueStep>, StoreError> {
    let mut due = Vec::new();
    for row in DUE.all(conn, (by, most)).await? {
        due.extend(row.read()?);
    }
    Ok(due)
}
