//! Sessions with their sittings and trainers.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDateTime, Utc};
use sqlx::FromRow;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx, catalogue,
    codec::{column, count, parse},
};
use crate::domain::{
    alliance::Alliance,
    course::{Course, Prerequisite},
    id::{SessionCode, SittingId, StaffLogin},
    location::Location,
    occupancy::Occupancy,
    session::{Publication, Session, Trainer},
    sitting::Sitting,
};

#[derive(FromRow)]
struct SessionRow {
    code: String,
    course: String,
    alliance: String,
    venue_name: Option<String>,
    venue_address: Option<String>,
    online_room: Option<String>,
    access: String,
    capacity: i32,
    occupied: i32,
    waiting: i64,
    places_per_institution: Option<i32>,
    places_per_booking: i32,
    mode: String,
    booking_opens: Option<DateTime<Utc>>,
    booking_closes: Option<DateTime<Utc>>,
    waiting_list: bool,
    changes_close: Option<DateTime<Utc>>,
    note: Option<String>,
    publication: String,
    cancelled_at: Option<DateTime<Utc>>,
    cancel_reason: Option<String>,
}

#[derive(FromRow)]
struct SittingRow {
    session: String,
    id: Uuid,
    number: i32,
    starts: NaiveDateTime,
    ends: NaiveDateTime,
    zone: String,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
    uid: String,
    sequence: i32,
    created_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
}

#[derive(FromRow)]
struct TrainerRow {
    session: String,
    login: String,
    name: String,
}

/// One session, whatever its publication.
pub async fn find(conn: &mut Conn, code: &SessionCode) -> Result<Option<Session>, StoreError> {
    Ok(find_with_deadline(conn, code).await?.map(|(session, _)| session))
}

/// One session, and when the first of its holds and offers runs out.
pub async fn find_with_deadline(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Option<(Session, Option<DateTime<Utc>>)>, StoreError> {
    let Some(row) = run!(opt WholeRow, conn, WHOLE, code.as_str())? else { return Ok(None) };
    let sittings = run!(all SittingRow, conn, SITTINGS, code.as_str())?;
    let trainers = run!(all TrainerRow, conn, TRAINERS, code.as_str())?;
    let prerequisites = catalogue::prerequisites(conn, &row.session.course).await?;
    let mut parts = Parts::of(sittings, trainers)?;
    parts.take(row.alliance()?);
    parts.take_course(row.course(prerequisites)?);
    let first_deadline = row.first_deadline;
    Ok(Some((parts.assemble(row.session)?, first_deadline)))
}

/// Whether there is a session with this code that is not a draft.
pub async fn is_public(conn: &mut Conn, code: &SessionCode) -> Result<bool, StoreError> {
    let text = "select count(*) from sessions where code = $1 and publication <> 'draft'";
    Ok(run!(value i64, conn, text, code.as_str())? > 0)
}

/// All sessions with a sitting that ends after `moment`, in order of their first sitting.
pub async fn ending_after(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<Vec<Session>, StoreError> {
    load(conn, moment).await
}

/// A session with its course and its alliance: one row, so that a booking reads no table whole.
#[derive(FromRow)]
struct WholeRow {
    #[sqlx(flatten)]
    session: SessionRow,
    first_deadline: Option<DateTime<Utc>>,
    alliance_name: String,
    time_zone: String,
    contact_email: String,
    title: String,
    summary: String,
    campaign: String,
    learning_minutes: i32,
    default_capacity: i32,
    needs_guardian: bool,
}

impl WholeRow {
    fn alliance(&self) -> Result<Alliance, StoreError> {
        let slug = &self.session.alliance;
        Ok(Alliance {
            slug: parse("alliances", "slug", slug, slug)?,
            name: self.alliance_name.clone(),
            time_zone: parse("alliances", "time_zone", slug, &self.time_zone)?,
            contact_email: parse("alliances", "contact_email", slug, &self.contact_email)?,
        })
    }

    fn course(&self, prerequisites: Vec<Prerequisite>) -> Result<Course, StoreError> {
        let slug = &self.session.course;
        Ok(Course {
            slug: parse("courses", "slug", slug, slug)?,
            title: self.title.clone(),
            summary: self.summary.clone(),
            campaign: self.campaign.clone(),
            learning_minutes: count(self.learning_minutes),
            default_capacity: count(self.default_capacity),
            prerequisites,
            needs_guardian: self.needs_guardian,
        })
    }
}

const WHOLE: &str = "select s.*, a.name as alliance_name, a.time_zone, a.contact_email, c.title,
         c.summary, c.campaign, c.learning_minutes, c.default_capacity, c.needs_guardian,
         (select count(*) from places p
          where p.session = s.code and p.state = 'waiting') as waiting,
         (select min(p.until) from places p
          where p.session = s.code and p.state in ('held', 'offered')) as first_deadline
     from sessions s join alliances a on a.slug = s.alliance join courses c on c.slug = s.course
     where s.code = $1";

const SITTINGS: &str = "select * from sittings where session = $1 order by number";

const TRAINERS: &str =
    "select t.session, t.login, s.name from session_trainers t join staff s using (login)
     where t.session = $1 order by t.position";

/// The sittings to come are few, however many there were: each statement starts from them.
const ENDING_AFTER: [&str; 3] = [
    "select s.*, (select count(*) from places p
                  where p.session = s.code and p.state = 'waiting') as waiting
     from sessions s where s.code in (select session from sittings where ends_at > $1)",
    "select * from sittings
     where session in (select session from sittings where ends_at > $1) order by session, number",
    "select t.session, t.login, s.name from session_trainers t join staff s using (login)
     where t.session in (select session from sittings where ends_at > $1)
     order by t.session, t.position",
];

async fn load(conn: &mut Conn, moment: DateTime<Utc>) -> Result<Vec<Session>, StoreError> {
    let rows = run!(all SessionRow, conn, ENDING_AFTER[0], moment)?;
    let sittings = run!(all SittingRow, conn, ENDING_AFTER[1], moment)?;
    let trainers = run!(all TrainerRow, conn, ENDING_AFTER[2], moment)?;
    let mut parts = Parts::of(sittings, trainers)?;
    for alliance in catalogue::alliances(conn).await? {
        parts.take(alliance);
    }
    for course in catalogue::courses(conn).await? {
        parts.take_course(course);
    }
    let sessions = rows.into_iter().map(|row| parts.assemble(row));
    let mut sessions = sessions.collect::<Result<Vec<_>, _>>()?;
    sessions.sort_by_cached_key(|session| (session.starts_at(), session.code.clone()));
    Ok(sessions)
}

#[derive(Default)]
struct Parts {
    alliances: HashMap<String, Arc<Alliance>>,
    courses: HashMap<String, Arc<Course>>,
    sittings: HashMap<String, Vec<Sitting>>,
    trainers: HashMap<String, Vec<Trainer>>,
}

impl Parts {
    fn of(sittings: Vec<SittingRow>, trainers: Vec<TrainerRow>) -> Result<Self, StoreError> {
        let mut parts = Self::default();
        for row in sittings {
            parts.sittings.entry(row.session.clone()).or_default().push(row.read()?);
        }
        for row in trainers {
            let login: StaffLogin = parse("session_trainers", "login", &row.session, &row.login)?;
            parts.trainers.entry(row.session).or_default().push(Trainer { login, name: row.name });
        }
        Ok(parts)
    }

    fn take(&mut self, alliance: Alliance) {
        self.alliances.insert(alliance.slug.to_string(), Arc::new(alliance));
    }

    fn take_course(&mut self, course: Course) {
        self.courses.insert(course.slug.to_string(), Arc::new(course));
    }

    /// Puts a session together; its sittings and trainers are taken.
    fn assemble(&mut self, row: SessionRow) -> Result<Session, StoreError> {
        let missing =
            |column| StoreError::Corrupt { table: "sessions", column, row: row.code.clone() };
        let course = self.courses.get(&row.course).ok_or_else(|| missing("course"))?;
        let alliance = self.alliances.get(&row.alliance).ok_or_else(|| missing("alliance"))?;
        let access = row.access.split(';').map(str::trim).filter(|phrase| !phrase.is_empty());
        Ok(Session {
            code: parse("sessions", "code", &row.code, &row.code)?,
            course: Arc::clone(course),
            alliance: Arc::clone(alliance),
            location: row.location()?,
            access: access.map(str::to_owned).collect(),
            occupancy: row.occupancy(),
            places_per_institution: row.places_per_institution.map(count),
            places_per_booking: count(row.places_per_booking),
            mode: parse("sessions", "mode", &row.code, &row.mode)?,
            booking_opens: row.booking_opens,
            booking_closes: row.booking_closes,
            waiting_list: row.waiting_list,
            changes_close: row.changes_close,
            trainers: self.trainers.remove(&row.code).unwrap_or_default(),
            publication: row.publication()?,
            sittings: self.sittings.remove(&row.code).unwrap_or_default(),
            note: row.note,
        })
    }
}

impl SessionRow {
    fn location(&self) -> Result<Location, StoreError> {
        match (&self.venue_name, &self.online_room) {
            (Some(name), None) => Ok(Location::Venue {
                name: name.clone(),
                address: self.venue_address.clone().unwrap_or_default(),
            }),
            (None, Some(room)) => Ok(Location::Online { room: room.clone() }),
            _ => Err(StoreError::Corrupt {
                table: "sessions",
                column: "online_room",
                row: self.code.clone(),
            }),
        }
    }

    fn occupancy(&self) -> Occupancy {
        Occupancy {
            capacity: count(self.capacity),
            occupied: count(self.occupied),
            waiting: u32::try_from(self.waiting).unwrap_or(u32::MAX),
        }
    }

    fn publication(&self) -> Result<Publication, StoreError> {
        match (self.publication.as_str(), self.cancelled_at) {
            ("draft", _) => Ok(Publication::Draft),
            ("published", _) => Ok(Publication::Published),
            ("cancelled", Some(at)) => Ok(Publication::Cancelled {
                at,
                reason: self.cancel_reason.clone().unwrap_or_default(),
            }),
            _ => Err(StoreError::Corrupt {
                table: "sessions",
                column: "publication",
                row: self.code.clone(),
            }),
        }
    }
}

impl SittingRow {
    fn read(self) -> Result<Sitting, StoreError> {
        Ok(Sitting {
            id: SittingId::new(self.id),
            number: count(self.number),
            starts: self.starts,
            ends: self.ends,
            zone: parse("sittings", "zone", &self.id, &self.zone)?,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            uid: self.uid,
            sequence: count(self.sequence),
            created_at: self.created_at,
            changed_at: self.changed_at,
        })
    }
}

/// Adds a session with its sittings and trainers; `false` if the code is taken.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<bool, StoreError> {
    let (venue, address, room) = match &session.location {
        Location::Venue { name, address } => (Some(name), Some(address), None),
        Location::Online { room } => (None, None, Some(room)),
    };
    let (publication, cancelled_at, reason) = match &session.publication {
        Publication::Draft => ("draft", None, None),
        Publication::Published => ("published", None, None),
        Publication::Cancelled { at, reason } => ("cancelled", Some(*at), Some(reason)),
    };
    let written = run!(
        exec,
        tx,
        "insert into sessions (code, course, alliance, venue_name, venue_address, online_room,
             access, capacity, places_per_institution, places_per_booking, mode, booking_opens,
             booking_closes, waiting_list, changes_close, note, publication, cancelled_at,
             cancel_reason)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
             $19)
         on conflict (code) do nothing",
        session.code.as_str(),
        session.course.slug.as_str(),
        session.alliance.slug.as_str(),
        venue,
        address,
        room,
        session.access.join("; "),
        column(session.occupancy.capacity),
        session.places_per_institution.map(column),
        column(session.places_per_booking),
        session.mode.as_str(),
        session.booking_opens,
        session.booking_closes,
        session.waiting_list,
        session.changes_close,
        session.note.as_deref(),
        publication,
        cancelled_at,
        reason,
    )?;
    if written == 0 {
        return Ok(false);
    }
    for sitting in &session.sittings {
        insert_sitting(tx, &session.code, sitting).await?;
    }
    insert_trainers(tx, &session.code, &session.trainers).await?;
    Ok(true)
}

pub(super) async fn insert_trainers(
    tx: &mut Tx,
    session: &SessionCode,
    trainers: &[Trainer],
) -> Result<(), StoreError> {
    for (position, trainer) in (1_i32..).zip(trainers) {
        let text = "insert into session_trainers (session, login, position) values ($1, $2, $3)";
        run!(exec, tx, text, session.as_str(), trainer.login.as_str(), position)?;
    }
    Ok(())
}

pub(super) async fn insert_sitting(
    tx: &mut Tx,
    session: &SessionCode,
    sitting: &Sitting,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "insert into sittings (id, session, number, starts, ends, zone, starts_at, ends_at, uid,
             sequence, created_at, changed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        sitting.id.uuid(),
        session.as_str(),
        column(sitting.number),
        sitting.starts,
        sitting.ends,
        sitting.zone.name(),
        sitting.starts_at,
        sitting.ends_at,
        sitting.uid.as_str(),
        column(sitting.sequence),
        sitting.created_at,
        sitting.changed_at,
    )?;
    Ok(())
}
