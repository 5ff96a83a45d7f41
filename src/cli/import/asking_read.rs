//! Who is nominated, who was asked by name, and who wants to be told of a date: three files that may be missing, as they
//! are read.

use std::path::Path;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

use super::{
    catalogue::Catalogue,
    columns::{
        INTERESTS, INVITATIONS, MORE_OF_INTERESTS, MORE_OF_INVITATIONS, MORE_OF_NOMINATIONS,
        NOMINATIONS,
    },
    fault::FaultList,
    sessions::moment,
    table::{Keyed, Row, Table},
};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    id::{AllianceSlug, CourseSlug, InstitutionCode, SessionCode, StaffLogin},
    interest::Reach,
    nomination::{Decision, Talk},
    person::recognition_key,
    personal_invitation::{Answer, PersonalInvitation},
    session::Session,
    text::{Name, Paragraph},
};

/// Everything the three files say, each with its line.
#[derive(Default)]
pub(super) struct Loaded {
    pub(super) nominations: Vec<(u64, NominationLine)>,
    pub(super) invitations: Vec<(u64, InvitationLine)>,
    pub(super) interests: Vec<(u64, InterestLine)>,
}

/// Who is meant, and where she is reached.
pub(super) struct Who {
    pub(super) name: Name,
    pub(super) email: Option<EmailAddress>,
    pub(super) institution: Option<InstitutionCode>,
}

impl Who {
    pub(super) fn key(&self) -> String {
        recognition_key(&self.name, self.email.as_ref(), self.institution.as_ref())
    }
}

/// Who nominated her: one of the staff, or whoever leads a booking.
pub(super) enum By {
    Staff(StaffLogin),
    Booking(String),
}

pub(super) struct NominationLine {
    pub(super) who: Who,
    pub(super) phone: Option<PhoneNumber>,
    pub(super) course: CourseSlug,
    pub(super) session: Option<SessionCode>,
    pub(super) alliance: AllianceSlug,
    pub(super) reason: Paragraph,
    pub(super) by: By,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) decision: Option<Decision>,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) talks: [Talk; 2],
}

pub(super) struct InvitationLine {
    pub(super) who: Who,
    pub(super) session: SessionCode,
    pub(super) said: String,
    pub(super) by: StaffLogin,
    pub(super) is_nominated: bool,
    pub(super) vouched: bool,
    pub(super) words: Option<Paragraph>,
    pub(super) answer_by: DateTime<Utc>,
    pub(super) at: Option<DateTime<Utc>>,
    pub(super) reminded_at: Option<DateTime<Utc>>,
    pub(super) withdrawn_at: Option<DateTime<Utc>>,
    pub(super) answer: Option<(Answer, Option<DateTime<Utc>>)>,
    pub(super) answer_words: Option<Paragraph>,
}

pub(super) struct InterestLine {
    pub(super) course: CourseSlug,
    pub(super) name: Name,
    pub(super) email: EmailAddress,
    pub(super) alliance: Option<AllianceSlug>,
    pub(super) place: Option<Name>,
    pub(super) reach: Reach,
    pub(super) at: Option<DateTime<Utc>>,
}

/// The lines of the files; none of a file that is not there.
pub(super) fn read(
    dir: &Path,
    (catalogue, sessions): (&Catalogue, &Keyed<Session>),
    shift: Duration,
    faults: &FaultList,
) -> Loaded {
    let mut loaded = Loaded::default();
    let known = (catalogue, sessions);
    if dir.join("nominations.csv").exists() {
        let columns = (&NOMINATIONS[..], &MORE_OF_NOMINATIONS[..]);
        let table = Table::read(dir, "nominations.csv", columns, faults);
        let lines = table.rows().filter_map(|row| Some((row.line, nomination(row, known, shift)?)));
        loaded.nominations = lines.collect();
    }
    if dir.join("invitations.csv").exists() {
        let columns = (&INVITATIONS[..], &MORE_OF_INVITATIONS[..]);
        let table = Table::read(dir, "invitations.csv", columns, faults);
        let lines = table.rows().filter_map(|row| Some((row.line, invitation(row, known, shift)?)));
        loaded.invitations = lines.collect();
    }
    if dir.join("interests.csv").exists() {
        let columns = (&INTERESTS[..], &MORE_OF_INTERESTS[..]);
        let table = Table::read(dir, "interests.csv", columns, faults);
        let lines =
            table.rows().filter_map(|row| Some((row.line, interest(row, catalogue, shift)?)));
        loaded.interests = lines.collect();
    }
    loaded
}

fn who(row: Row<'_>, catalogue: &Catalogue) -> Option<Who> {
    let name = row.checked("name", Name::parse(row.text("name")));
    let email = row.optional("email");
    let institution = match row.text("institution") {
        "" => Some(None),
        key => {
            catalogue.institutions.find(row, "institution", key).map(|one| Some(one.code.clone()))
        }
    };
    Some(Who { name: name?, email: email?, institution: institution? })
}

fn words(row: Row<'_>, column: &'static str) -> Option<Option<Paragraph>> {
    row.checked(column, Paragraph::parse_optional(row.text(column)))
}

const A_DATE: &str = "a date like 2026-10-03";

fn day(row: Row<'_>, column: &'static str, shift: Duration) -> Option<Option<NaiveDate>> {
    if row.text(column).is_empty() {
        return Some(None);
    }
    row.parse_as::<NaiveDate>(column, A_DATE).map(|day| Some(day + shift))
}

/// A day as a moment: noon, whoever looks.
fn noon(row: Row<'_>, column: &'static str, shift: Duration) -> Option<Option<DateTime<Utc>>> {
    let at = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc() + Duration::hours(12);
    day(row, column, shift).map(|day| day.map(at))
}

fn staff(row: Row<'_>, column: &'static str, catalogue: &Catalogue) -> Option<StaffLogin> {
    catalogue.staff.find(row, column, row.text(column)).map(|one| one.login.clone())
}

fn maybe_session(row: Row<'_>, sessions: &Keyed<Session>) -> Option<Option<SessionCode>> {
    match row.text("session") {
        "" => Some(None),
        key => sessions.find(row, "session", key).map(|one| Some(one.code.clone())),
    }
}

fn talk(row: Row<'_>, columns: [&'static str; 4], shift: Duration) -> Option<Talk> {
    let [who, due, done, said] = columns;
    let name = match row.text(who) {
        "" => Some(None),
        typed => row.checked(who, Name::parse(typed)).map(Some),
    };
    let (due, done_at) = (day(row, due, shift), noon(row, done, shift));
    Some(Talk { who: name?, due: due?, done_at: done_at?, words: words(row, said)? })
}

fn nomination(
    row: Row<'_>,
    (catalogue, sessions): (&Catalogue, &Keyed<Session>),
    shift: Duration,
) -> Option<NominationLine> {
    let who = who(row, catalogue);
    let phone = row.optional("phone");
    let course = catalogue.courses.find(row, "course", row.text("course"));
    let session = maybe_session(row, sessions);
    let alliance = catalogue.alliances.find(row, "alliance", row.text("alliance"));
    let reason = match words(row, "reason") {
        Some(None) => row.fault("reason", "must not be empty"),
        reason => reason.flatten(),
    };
    let by = match (row.text("nominated_by"), row.text("booking")) {
        ("", "") => row.fault("nominated_by", "name who nominated, or the booking she leads"),
        (_, "") => staff(row, "nominated_by", catalogue).map(By::Staff),
        ("", booking) => Some(By::Booking(booking.to_owned())),
        _ => row.fault("booking", "leave it empty where one of the staff nominated"),
    };
    let at = noon(row, "nominated_on", shift);
    let decision = row.optional("decision");
    let withdrawn_at = noon(row, "withdrawn_on", shift);
    let before = ["before_who", "before_due", "before_done_on", "before_words"];
    let after = ["after_who", "after_due", "after_done_on", "after_words"];
    let talks = [talk(row, before, shift), talk(row, after, shift)];
    let [before, after] = talks;
    let decision = match (decision?, &by) {
        // What one of the staff nominates is decided with it.
        (None, Some(By::Staff(_))) => Some(Decision::Approved),
        (decision, _) => decision,
    };
    Some(NominationLine {
        who: who?,
        phone: phone?,
        course: course?.slug.clone(),
        session: session?,
        alliance: alliance?.slug.clone(),
        reason: reason?,
        by: by?,
        at: at?,
        decision,
        withdrawn_at: withdrawn_at?,
        talks: [before?, after?],
    })
}

fn invitation(
    row: Row<'_>,
    (catalogue, sessions): (&Catalogue, &Keyed<Session>),
    shift: Duration,
) -> Option<InvitationLine> {
    let who = who(row, catalogue);
    let session = sessions.find(row, "session", row.text("session"))?;
    let by = staff(row, "asked_by", catalogue);
    let answer_by = match moment(row, "answer_by", session.alliance.time_zone, shift) {
        Some(None) => row.fault("answer_by", "must not be empty"),
        at => at.flatten(),
    };
    let (is_nominated, vouched) = (row.yes("nominated"), row.yes("vouched"));
    let (said, at) = (words(row, "words"), noon(row, "asked_on", shift));
    let reminded_at = noon(row, "reminded_on", shift);
    let withdrawn_at = noon(row, "withdrawn_on", shift);
    let answer: Option<Option<Answer>> = row.optional("answer");
    let answered_at = noon(row, "answered_on", shift);
    let answer_words = words(row, "answer_words");
    let answered_at = answered_at?;
    Some(InvitationLine {
        who: who?,
        said: PersonalInvitation::said_of(session),
        session: session.code.clone(),
        by: by?,
        is_nominated: is_nominated?,
        vouched: vouched?,
        words: said?,
        answer_by: answer_by?,
        at: at?,
        reminded_at: reminded_at?,
        withdrawn_at: withdrawn_at?,
        answer: answer?.map(|answer| (answer, answered_at)),
        answer_words: answer_words?,
    })
}

fn interest(row: Row<'_>, catalogue: &Catalogue, shift: Duration) -> Option<InterestLine> {
    let course = catalogue.courses.find(row, "course", row.text("course"));
    let name = row.checked("name", Name::parse(row.text("name")));
    let email = row.parse("email");
    let alliance = match row.text("alliance") {
        "" => Some(None),
        key => catalogue.alliances.find(row, "alliance", key).map(|one| Some(one.slug.clone())),
    };
    let place = match row.text("place") {
        "" => Some(None),
        typed => row.checked("place", Name::parse(typed)).map(Some),
    };
    let reach: Option<Option<Reach>> = row.optional("reach");
    let at = noon(row, "asked_on", shift);
    Some(InterestLine {
        course: course?.slug.clone(),
        name: name?,
        email: email?,
        alliance: alliance?,
        place: place?,
        reach: reach?.unwrap_or_default(),
        at: at?,
    })
}
