//! What is held about one person: everything that hangs on who she is, never on an address alone, since an
//! inbox may be shared (H3).

use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, answers, applications, help_lists, interests, letter_stops, nominated,
    office_notes, own_letters, path_people, path_records, personal_invitations, rooms, stays,
};
use crate::domain::{
    contact::EmailAddress,
    id::PersonId,
    own_data::{Addresses, Part, Record, record},
    person::address_in,
};

pub(super) type Moment = DateTime<Utc>;

row! {
    struct PersonRow {
        name: String,
        email: Option<String>,
        phone: Option<String>,
        institution: Option<String>,
        known_since: Moment,
    }
}

row! {
    struct PlaceRow {
        reference: String,
        session: String,
        course: String,
        first_day: Option<Moment>,
        state: String,
        name: Option<String>,
        email: Option<String>,
        dietary: Option<String>,
        access: Option<String>,
        allergy: bool,
        interpreter: bool,
        guardian_name: Option<String>,
        guardian_contact: Option<String>,
        reason: Option<String>,
        institution: Option<String>,
        changed_at: Moment,
    }
}

row! {
    struct BookingRow {
        reference: String,
        session: String,
        leader_name: String,
        leader_email: Option<String>,
        leader_phone: Option<String>,
        institution: Option<String>,
        institution_typed: Option<String>,
        nomination: Option<String>,
        places: i64,
        created_at: Moment,
    }
}

row! {
    struct WalkInRow {
        session: String,
        name: String,
        email: Option<String>,
        institution: Option<String>,
        came_at: Moment,
    }
}

row! {
    struct CourseRow {
        id: Uuid,
        title: String,
        name: String,
        email: String,
        attended_on: NaiveDate,
        source: String,
    }
}

statements! {
    PEOPLE: PersonRow =
        "select name, email, phone, institution, known_since from people
         where (id = $1 or merged_into = $1) and erased_at is null order by known_since";

    NAMES: String =
        "select p.name from places p where p.person = $1 and p.name is not null and p.erased_at is null
         union select r.leader_name from registrations r where r.person = $1 and r.erased_at is null
         union select h.name from people h
               where (h.id = $1 or h.merged_into = $1) and h.erased_at is null";

    CONTACTS: (String, String) =
        "select kind, value from person_contacts where person = $1 order by added_at, id";

    KEYS: String = "select key from person_keys where person = $1 order by key";

    PLACES: PlaceRow =
        "select r.reference, p.session, c.title as course,
             (select min(t.starts_at) from sittings t where t.session = p.session) as first_day,
             p.state, p.name, p.email, p.dietary, p.access, p.allergy, p.interpreter, p.guardian_name,
             p.guardian_contact, p.reason,
             coalesce(i.name, r.institution_typed) as institution, p.changed_at
         from places p join registrations r on r.id = p.registration
         join sessions s on s.code = p.session join courses c on c.slug = s.course
         left join institutions i on i.code = r.institution
         where p.person = $1 and p.erased_at is null order by p.changed_at, p.id";

    BOOKINGS: BookingRow =
        "select r.reference, r.session, r.leader_name, r.leader_email, r.leader_phone, i.name as institution,
             r.institution_typed, r.nomination,
             (select count(*) from places p where p.registration = r.id) as places, r.created_at
         from registrations r left join institutions i on i.code = r.institution
         where r.person = $1 and r.erased_at is null order by r.created_at, r.id";

    ATTENDANCES: (String, Moment, String, Moment) =
        "select t.session, t.starts_at, a.presence, a.marked_at
         from places p join attendances a on a.place = p.id join sittings t on t.id = a.sitting
         where p.person = $1 and p.erased_at is null order by t.starts_at";

    WALK_INS: WalkInRow =
        "select t.session, w.name, w.email, coalesce(i.name, w.institution) as institution, w.came_at
         from walk_ins w join sittings t on t.id = w.sitting
         left join institutions i on i.code = w.institution_code
         where w.person = $1 and w.erased_at is null order by w.came_at";

    /// By name and address both, which is how somebody is recognised.
    COURSES: CourseRow =
        "select a.id, c.title, a.name, a.email, a.attended_on, a.source
         from person_keys k join course_attendances a on a.person_key = k.key
         join courses c on c.slug = a.course
         where k.person = $1 and a.erased_at is null order by a.attended_on, a.id";

    INVITATIONS: (String, String, Option<String>, Option<Moment>) =
        "select p.session, i.address, i.answer, i.answered_at
         from places p join invitations i on i.place = p.id
         where p.person = $1 and p.erased_at is null order by i.stamp";

    FEEDBACK: (String, i32, String, Option<String>, Moment) =
        "select p.session, f.useful, f.recommend, f.change, f.given_at
         from places p join feedback f on f.place = p.id
         where p.person = $1 and p.erased_at is null order by f.given_at";

    OWN_FEEDBACK: (String, String, Option<String>, Option<String>, Moment) =
        "select p.session, q.wording, f.value, f.words, f.given_at
         from places p join feedback_answers f on f.place = p.id
         join feedback_questions q on q.id = f.question
         where p.person = $1 and p.erased_at is null order by f.given_at, q.added_at";

}

/// The addresses by which somebody is recognised.
pub async fn addresses(conn: &mut Conn, id: PersonId) -> Result<Addresses, StoreError> {
    let keys = KEYS.values(conn, [id.uuid()]).await?;
    let mut known: Vec<EmailAddress> =
        keys.iter().filter_map(|key| address_in(key)?.parse().ok()).collect();
    known.dedup();
    Ok(Addresses(known))
}

/// Her names as they were typed, the longest first, so that no part of one is left where all are removed.
pub async fn names(conn: &mut Conn, id: PersonId) -> Result<Vec<String>, StoreError> {
    let mut names = NAMES.values(conn, [id.uuid()]).await?;
    names.sort_by_key(|name| std::cmp::Reverse(name.len()));
    Ok(names)
}

/// A line of [`courses`]: its row, and what stands there.
pub type Course = (Uuid, Record);

/// Courses that were written down under a name and address she is recognised by.
pub async fn courses(conn: &mut Conn, id: PersonId) -> Result<Vec<Course>, StoreError> {
    let rows = COURSES.all(conn, [id.uuid()]).await?;
    let read = |row: CourseRow| {
        let fields = vec![
            ("course", Some(row.title)),
            ("name", Some(row.name)),
            ("email", Some(row.email)),
            ("attended_on", Some(row.attended_on.to_string())),
            ("source", Some(row.source)),
        ];
        (row.id, record(fields))
    };
    Ok(rows.into_iter().map(read).collect())
}

pub(super) fn at(moment: Moment) -> Option<String> {
    Some(moment.to_rfc3339_opts(chrono::SecondsFormat::Secs, true))
}

/// Everything.
pub async fn parts(conn: &mut Conn, id: PersonId) -> Result<Vec<Part>, StoreError> {
    let part = |key, title, records| Part { key, title, records };
    let courses = courses(conn, id).await?.into_iter().map(|(_, record)| record).collect();
    let mut parts = vec![
        part("person", "Who you are to us", people(conn, id).await?),
        part("places", "Places on sessions", places(conn, id).await?),
        part("bookings", "Bookings you made", bookings(conn, id).await?),
        part("attendances", "Days you came, or did not", attendances(conn, id).await?),
        part("walk_ins", "Days you came without a booking", walk_ins(conn, id).await?),
        part("courses", "Courses written down as done", courses),
        part("invitations", "Calendar invites and your answers", invitations(conn, id).await?),
        part("answers", "What you answered to questions", answers::hers(conn, id).await?),
        part("feedback", "What you thought of sessions", feedback(conn, id).await?),
        part("nominations", "What you were nominated for", nominated::hers(conn, id).await?),
        part("interests", "What you want to be told", interests::hers(conn, id).await?),
        part("asked", "Sessions you were asked to", personal_invitations::hers(conn, id).await?),
    ];
    parts.push(part("stays", "How you stay overnight", stays::hers(conn, id).await?));
    parts.push(part("rooms", "Rooms you were given", rooms::hers(conn, id).await?));
    parts.push(part(
        "help",
        "Help you asked for so that you can come",
        help_lists::hers(conn, id).await?,
    ));
    parts.push(part("paths", "Paths you are on", path_people::hers(conn, id).await?));
    let records = path_records::hers(conn, id).await?;
    parts.push(part("path_records", "Courses elsewhere and hours of action", records));
    parts.extend(own_letters::parts(conn, id).await?);
    parts.push(part("notes", "What our staff noted", office_notes::hers(conn, id).await?));
    let applications = applications::hers(conn, id).await?;
    parts.push(part("applications", "What readers thought of your applications", applications));
    let mut stops = Vec::new();
    for address in addresses(conn, id).await?.0 {
        stops.extend(letter_stops::records(conn, &address).await?);
    }
    parts.push(part("letter_stops", "Letters you asked us not to send", stops));
    Ok(parts)
}

async fn people(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let mut known: Vec<_> = PEOPLE
        .all(conn, [id.uuid()])
        .await?
        .into_iter()
        .map(|row| {
            record(vec![
                ("name", Some(row.name)),
                ("email", row.email),
                ("phone", row.phone),
                ("institution", row.institution),
                ("known_since", at(row.known_since)),
            ])
        })
        .collect();
    let contacts = CONTACTS.all(conn, [id.uuid()]).await?;
    known.extend(
        contacts
            .into_iter()
            .map(|(kind, value)| record(vec![("known_by", Some(kind)), ("value", Some(value))])),
    );
    let addresses = addresses(conn, id).await?.0;
    known
        .extend(addresses.iter().map(|one| record(vec![("known_address", Some(one.to_string()))])));
    Ok(known)
}

async fn places(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = PLACES.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            record(vec![
                ("booking", Some(row.reference)),
                ("session", Some(row.session)),
                ("course", Some(row.course)),
                ("first_day", row.first_day.and_then(at)),
                ("state", Some(row.state)),
                ("name", row.name),
                ("email", row.email),
                ("dietary", row.dietary),
                ("access", row.access),
                ("allergy", row.allergy.then(|| "yes".to_owned())),
                ("interpreter", row.interpreter.then(|| "yes".to_owned())),
                ("guardian_name", row.guardian_name),
                ("guardian_contact", row.guardian_contact),
                ("reason", row.reason),
                ("institution", row.institution),
                ("changed_at", at(row.changed_at)),
            ])
        })
        .collect())
}

async fn bookings(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = BOOKINGS.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            record(vec![
                ("booking", Some(row.reference)),
                ("session", Some(row.session)),
                ("leader_name", Some(row.leader_name)),
                ("leader_email", row.leader_email),
                ("leader_phone", row.leader_phone),
                ("institution", row.institution.or(row.institution_typed)),
                ("nomination", row.nomination),
                ("places", Some(row.places.to_string())),
                ("created_at", at(row.created_at)),
            ])
        })
        .collect())
}

async fn attendances(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = ATTENDANCES.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(session, day, presence, marked)| {
            record(vec![
                ("session", Some(session)),
                ("day", at(day)),
                ("presence", Some(presence)),
                ("marked_at", at(marked)),
            ])
        })
        .collect())
}

async fn walk_ins(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = WALK_INS.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|row| {
            record(vec![
                ("session", Some(row.session)),
                ("name", Some(row.name)),
                ("email", row.email),
                ("institution", row.institution),
                ("came_at", at(row.came_at)),
            ])
        })
        .collect())
}

async fn invitations(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = INVITATIONS.all(conn, [id.uuid()]).await?;
    Ok(rows
        .into_iter()
        .map(|(session, address, answer, answered)| {
            record(vec![
                ("session", Some(session)),
                ("address", Some(address)),
                ("answer", answer),
                ("answered_at", answered.and_then(at)),
            ])
        })
        .collect())
}

async fn feedback(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = FEEDBACK.all(conn, [id.uuid()]).await?;
    let three = rows.into_iter().map(|(session, useful, recommend, change, given)| {
        record(vec![
            ("session", Some(session)),
            ("useful", Some(useful.to_string())),
            ("recommend", Some(recommend)),
            ("change", change),
            ("given_at", at(given)),
        ])
    });
    let rows = OWN_FEEDBACK.all(conn, [id.uuid()]).await?;
    let own = rows.into_iter().map(|(session, question, value, words, given)| {
        record(vec![
            ("session", Some(session)),
            ("question", Some(question)),
            ("answer", value.or(words)),
            ("given_at", at(given)),
        ])
    });
    Ok(three.chain(own).collect())
}
