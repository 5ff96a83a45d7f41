//! A session as the columns of its rows: read, and put together with what belongs to it.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    StoreError,
    catalogue::{alliance_words, course_words},
    codec::{count, parse},
    letter_wordings::letters,
    reserves,
    session_days::{self, DayRow},
};
use crate::domain::{
    aims::Aims,
    alliance::Alliance,
    contact::EmailAddress,
    course::{Course, Prerequisite},
    id::{StaffLogin, VenueId},
    location::Location,
    occupancy::Occupancy,
    page_words::{AllianceWords, DayWords, SessionWords},
    reserve::Reserve,
    series::InSeries,
    session::{Publication, Session, Trainer},
    sitting::Sitting,
    stay::Overnight,
};

row! {
    pub(super) struct SessionRow {
        code: String,
        course: String,
        alliance: String,
        venue_name: Option<String>,
        venue_address: Option<String>,
        online_room: Option<String>,
        venue_id: Option<String>,
        access: String,
        capacity: i32,
        occupied: i32,
        waiting: i64,
        helps: bool,
        places_per_institution: Option<i32>,
        places_per_booking: i32,
        mode: String,
        booking_opens: Option<DateTime<Utc>>,
        booking_closes: Option<DateTime<Utc>>,
        waiting_list: bool,
        changes_close: Option<DateTime<Utc>>,
        on_decline: String,
        note: Option<String>,
        directions: Option<String>,
        bring: Option<String>,
        food: Option<String>,
        access_words: Option<String>,
        minimum: Option<i32>,
        decide_by: Option<NaiveDate>,
        hopes: String,
        kept_for: String,
        promised: i32,
        went_ahead_at: Option<DateTime<Utc>>,
        residential: bool,
        rooms_on: Option<NaiveDate>,
        arrival: Option<String>,
        departure: Option<String>,
        publication: String,
        admission: String,
        series_id: Option<String>,
        series_booked: Option<String>,
        cancelled_at: Option<DateTime<Utc>>,
        cancel_reason: Option<String>,
    }
}

row! {
    pub(super) struct TrainerRow {
        session: String,
        login: String,
        name: String,
    }
}

row! {
    /// A session with its course and its alliance: one row, so that a booking reads no table whole.
    pub(super) struct WholeRow {
        #[flatten]
        session: SessionRow,
        first_deadline: Option<DateTime<Utc>>,
        next_release: Option<DateTime<Utc>>,
        alliance_name: String,
        time_zone: String,
        contact_email: String,
        alliance_about: Option<String>,
        colour: Option<String>,
        letters_signature: Option<String>,
        letters_reply_to: Option<String>,
        letter_wording: Option<String>,
        title: String,
        summary: String,
        campaign: String,
        learning_minutes: i32,
        default_capacity: i32,
        needs_guardian: bool,
        for_whom: Option<String>,
        outcomes: String,
        trained_by: String,
        asks_for: String,
        days: String,
    }
}

impl WholeRow {
    /// The session, and when the first of its holds, offers and reserves runs out.
    pub(super) fn read(self) -> Result<(Session, Option<DateTime<Utc>>), StoreError> {
        let code = &self.session.code;
        let sittings = session_days::listed(code, &self.days)?;
        let trainers = pairs(code, "trained_by", &self.trained_by)?.into_iter();
        let trainers =
            trainers.map(|(login, name)| TrainerRow { session: code.clone(), login, name });
        let mut parts = Parts::of(sittings, trainers.collect())?;
        parts.take(self.alliance()?);
        parts.take_course(self.course()?);
        let first = [self.first_deadline, self.next_release].into_iter().flatten().min();
        Ok((parts.assemble(self.session)?, first))
    }

    fn alliance(&self) -> Result<Alliance, StoreError> {
        let slug = &self.session.alliance;
        Ok(Alliance {
            slug: parse("alliances", "slug", slug, slug)?,
            name: self.alliance_name.clone(),
            time_zone: parse("alliances", "time_zone", slug, &self.time_zone)?,
            contact_email: EmailAddress::stored(&self.contact_email),
            words: AllianceWords {
                letters: letters(
                    slug,
                    (
                        self.letters_signature.clone(),
                        self.letters_reply_to.as_deref(),
                        self.letter_wording.as_deref(),
                    ),
                )?,
                ..alliance_words(slug, self.alliance_about.clone(), self.colour.clone())?
            },
        })
    }

    fn course(&self) -> Result<Course, StoreError> {
        let slug = &self.session.course;
        let prerequisites = pairs(slug, "asks_for", &self.asks_for)?.into_iter();
        let prerequisites = prerequisites.map(|(first, title)| {
            let slug = parse("course_prerequisites", "prerequisite", slug, &first)?;
            Ok(Prerequisite { slug, title })
        });
        let prerequisites = prerequisites.collect::<Result<_, StoreError>>()?;
        Ok(Course {
            slug: parse("courses", "slug", slug, slug)?,
            title: self.title.clone(),
            summary: self.summary.clone(),
            campaign: self.campaign.clone(),
            learning_minutes: count(self.learning_minutes),
            default_capacity: count(self.default_capacity),
            prerequisites,
            needs_guardian: self.needs_guardian,
            words: course_words(self.for_whom.clone(), &self.outcomes),
        })
    }
}

/// Keys and names that a row holds as JSON.
fn pairs(row: &str, column: &'static str, text: &str) -> Result<Vec<(String, String)>, StoreError> {
    let read = serde_json::from_str(text);
    read.map_err(|_| StoreError::Corrupt { table: "sessions", column, row: row.to_owned() })
}

/// What sessions are put together from.
#[derive(Default)]
pub(super) struct Parts {
    alliances: HashMap<String, Arc<Alliance>>,
    courses: HashMap<String, Arc<Course>>,
    sittings: HashMap<String, Vec<Sitting>>,
    trainers: HashMap<String, Vec<Trainer>>,
    days: HashMap<String, Vec<DayWords>>,
}

impl Parts {
    pub(super) fn of(sittings: Vec<DayRow>, trainers: Vec<TrainerRow>) -> Result<Self, StoreError> {
        let mut parts = Self::default();
        for row in sittings {
            let (session, sitting, words) = row.read()?;
            parts.days.entry(session.clone()).or_default().push(words);
            parts.sittings.entry(session).or_default().push(sitting);
        }
        for row in trainers {
            let login: StaffLogin = parse("session_trainers", "login", &row.session, &row.login)?;
            parts.trainers.entry(row.session).or_default().push(Trainer { login, name: row.name });
        }
        Ok(parts)
    }

    pub(super) fn take(&mut self, alliance: Alliance) {
        self.alliances.insert(alliance.slug.to_string(), Arc::new(alliance));
    }

    pub(super) fn take_course(&mut self, course: Course) {
        self.courses.insert(course.slug.to_string(), Arc::new(course));
    }

    /// Puts a session together; its sittings and trainers are taken.
    pub(super) fn assemble(&mut self, row: SessionRow) -> Result<Session, StoreError> {
        let missing =
            |column| StoreError::Corrupt { table: "sessions", column, row: row.code.clone() };
        let course = self.courses.get(&row.course).ok_or_else(|| missing("course"))?;
        let alliance = self.alliances.get(&row.alliance).ok_or_else(|| missing("alliance"))?;
        let reserves = reserves::stored(&row.code, &row.kept_for)?;
        let access = row.access.split(';').map(str::trim).filter(|phrase| !phrase.is_empty());
        Ok(Session {
            code: parse("sessions", "code", &row.code, &row.code)?,
            course: Arc::clone(course),
            alliance: Arc::clone(alliance),
            location: row.location()?,
            venue: row.venue()?,
            access: access.map(str::to_owned).collect(),
            occupancy: row.occupancy(&reserves),
            places_per_institution: row.places_per_institution.map(count),
            places_per_booking: count(row.places_per_booking),
            mode: parse("sessions", "mode", &row.code, &row.mode)?,
            booking_opens: row.booking_opens,
            booking_closes: row.booking_closes,
            waiting_list: row.waiting_list,
            changes_close: row.changes_close,
            on_decline: parse("sessions", "on_decline", &row.code, &row.on_decline)?,
            trainers: self.trainers.remove(&row.code).unwrap_or_default(),
            aims: Aims {
                minimum: row.minimum.map(count),
                decide_by: row.decide_by,
                hopes: parse("sessions", "hopes", &row.code, &row.hopes)?,
                went_ahead: row.went_ahead_at,
            },
            overnight: Overnight {
                is_residential: row.residential,
                rooms_on: row.rooms_on,
                arrival: row.arrival.clone(),
                departure: row.departure.clone(),
            },
            reserves,
            helps: row.helps,
            publication: row.publication()?,
            admission: parse("sessions", "admission", &row.code, &row.admission)?,
            series: row.series()?,
            sittings: self.sittings.remove(&row.code).unwrap_or_default(),
            words: SessionWords {
                directions: row.directions,
                bring: row.bring,
                food: row.food,
                access_words: row.access_words,
                days: self.days.remove(&row.code).unwrap_or_default(),
            },
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

    fn venue(&self) -> Result<Option<VenueId>, StoreError> {
        let id = self.venue_id.as_deref();
        id.map(|id| parse("sessions", "venue_id", &self.code, id)).transpose()
    }

    fn series(&self) -> Result<Option<InSeries>, StoreError> {
        let (Some(id), Some(booked)) = (&self.series_id, &self.series_booked) else {
            return Ok(None);
        };
        let bookable = parse("series", "booked", id, booked)?;
        Ok(Some(InSeries { id: parse("sessions", "series_id", &self.code, id)?, bookable }))
    }

    fn occupancy(&self, reserves: &[Reserve]) -> Occupancy {
        let (capacity, occupied) = (count(self.capacity), count(self.occupied));
        let kept: u32 = reserves.iter().map(|one| one.unused).sum();
        let promised = count(self.promised);
        Occupancy {
            kept: kept.min(capacity.saturating_sub(occupied).saturating_sub(promised)),
            promised,
            capacity,
            occupied,
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
