//! How far somebody is on a path, for her own page and for the office.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        alliance::Alliance,
        course::Course,
        id::{AllianceSlug, PersonId, SessionCode},
        path::{
            Counted, Hours, OnPath, PathCourse, PathRules, PathStanding, RecordKind, Tally, What,
            tally,
        },
        session::{BookingStatus, Session},
        wording,
    },
    store::{
        Conn, StoreError, catalogue, institutions, path_learning, path_people,
        paths as stored_paths, people, sessions,
    },
    web::{
        Desk,
        paths::{self, Href},
    },
};

/// Somebody on a path.
#[derive(Debug, Clone)]
pub struct PathView {
    pub on: OnPath,
    pub name: String,
    pub about: Option<String>,
    /// What counts in the version she is on.
    pub rules: PathRules,
    /// Whether there is a newer version.
    pub has_newer: bool,
    pub tally: Tally,
    pub standing: PathStanding,
}

/// How much of what is needed is there.
#[derive(Debug, Clone)]
pub struct Bar {
    /// `training` or `action`.
    pub what: &'static str,
    /// `12 of 50 hours of training`.
    pub words: String,
    /// The part that is there, of 100.
    pub part: u32,
}

fn bar(what: &'static str, done: u32, needed: Hours) -> Bar {
    let of = match done >= needed.0 {
        true => format!("{} of {what}; {} are needed", Hours(done).words(), needed.words()),
        false => format!("{} of {} of {what}", Hours(done), needed.words()),
    };
    let part = u64::from(done.min(needed.0)) * 100;
    let part = part.checked_div(u64::from(needed.0)).unwrap_or(100);
    Bar { what, words: of, part: u32::try_from(part).unwrap_or(100) }
}

impl PathView {
    /// Training, and action.
    pub fn bars(&self) -> [Bar; 2] {
        [
            bar("training", self.tally.training, self.rules.training),
            bar("action", self.tally.action, self.rules.action),
        ]
    }

    /// What she did, latest first.
    pub fn lines(&self) -> Vec<Line> {
        self.tally.lines.iter().rev().map(Line::of).collect()
    }

    /// The required courses with whether each is done.
    pub fn required(&self) -> Vec<(&PathCourse, bool)> {
        self.rules.required().map(|one| (one, self.tally.done.contains(&one.slug))).collect()
    }

    pub fn since(&self) -> String {
        wording::long_date(self.on.since)
    }

    /// When the certificate was granted, and its number.
    pub fn granted(&self) -> Option<(String, String)> {
        let finished = self.on.finished.as_ref()?;
        Some((wording::long_date(finished.at.date_naive()), finished.number.to_string()))
    }
}

/// A line of somebody's record.
#[derive(Debug, Clone)]
pub struct Line {
    pub counted: Counted,
    pub on: String,
    pub title: String,
    /// `Session S001, 1 of 2 days`.
    pub about: String,
    /// `6 hours`.
    pub hours: String,
    /// Why it is not more.
    pub why_not: Option<String>,
}

impl Line {
    fn of(counted: &Counted) -> Self {
        let about = match &counted.what {
            What::Session(one) => format!("{} of session {}", one.words(), one.session),
            What::Written(_) => "Done before, written down".to_owned(),
            What::Record(record) => {
                let kind = match record.kind {
                    RecordKind::Course => "Course elsewhere",
                    RecordKind::Action => "Action",
                };
                let parts = [Some(kind.to_owned()), record.sort.clone(), record.by_whom.clone()];
                parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
            }
        };
        let said = match &counted.what {
            What::Record(record) => record.reason.clone(),
            What::Session(_) | What::Written(_) => None,
        };
        let why_not = counted.why_not.map(|why| match said {
            Some(reason) => format!("{}: {reason}", why.words()),
            None => why.words().to_owned(),
        });
        Self {
            on: counted.on().map(wording::long_date).unwrap_or_default(),
            title: counted.title().to_owned(),
            about,
            hours: Hours(counted.minutes).words(),
            why_not,
            counted: counted.clone(),
        }
    }

    /// The record, if it is one: sessions are corrected at their door.
    pub fn record(&self) -> Option<&crate::domain::path::PathRecord> {
        match &self.counted.what {
            What::Record(record) => Some(record),
            What::Session(_) | What::Written(_) => None,
        }
    }

    /// The session she came to, if it is one.
    pub fn session(&self) -> Option<&SessionCode> {
        match &self.counted.what {
            What::Session(one) => Some(&one.session),
            What::Record(_) | What::Written(_) => None,
        }
    }
}

/// The paths somebody is on, with how far she is.
pub async fn views(
    conn: &mut Conn,
    person: PersonId,
    today: NaiveDate,
) -> Result<Vec<PathView>, StoreError> {
    let learning = path_learning::of(conn, person).await?;
    let mut views = Vec::new();
    for on in path_people::of_person(conn, person).await? {
        let found = stored_paths::find(conn, &on.path).await?;
        let Some(found) = found.filter(|_| on.is_on()) else { continue };
        let Some(version) = found.version(on.version) else { continue };
        let hers = tally(&version.rules, &learning);
        let rules = (&version.rules, found.path.quiet_months);
        views.push(PathView {
            standing: PathStanding::of(rules, (&on, &hers), today),
            has_newer: on.finished.is_none()
                && found.published().is_some_and(|one| one.number > on.version),
            name: found.path.name.clone(),
            about: found.path.about.clone(),
            rules: version.rules.clone(),
            tally: hers,
            on,
        });
    }
    views.sort_by_key(|view| view.on.finished.is_some());
    Ok(views)
}

/// The kinds of action of somebody's paths; none where any counts on one of them.
pub fn sorts(views: &[PathView]) -> Vec<String> {
    if views.is_empty() || views.iter().any(|view| view.rules.actions.is_empty()) {
        return Vec::new();
    }
    let mut all: Vec<_> = views.iter().flat_map(|view| view.rules.actions.clone()).collect();
    all.dedup();
    all
}

/// Who says so on a certificate of a path.
pub fn organisation(desk: &Desk) -> &str {
    match desk.ctx.controller.name.as_str() {
        "" => &desk.ctx.letterhead.name,
        name => name,
    }
}

/// Where somebody is at home: of which alliance she is, and its clock.
#[derive(Debug, Clone)]
pub struct Home {
    pub alliance: Option<AllianceSlug>,
    pub zone: Tz,
}

/// Where somebody is at home, by the institution she comes from.
pub async fn home(conn: &mut Conn, person: PersonId) -> Result<Home, StoreError> {
    let known = people::find(conn, person).await?;
    let institution = match known.and_then(|one| one.institution) {
        Some(code) => institutions::find(conn, &code).await?,
        None => None,
    };
    let alliance = institution.map(|one| one.alliance);
    let alliances = catalogue::alliances(conn).await?;
    let is_hers = |one: &&Alliance| Some(&one.slug) == alliance.as_ref();
    let zone = alliances.iter().find(is_hers).or(alliances.first());
    let zone = zone.map_or(chrono_tz::Europe::London, |one| one.time_zone);
    Ok(Home { alliance, zone })
}

/// A course she still needs, and when it is held next.
#[derive(Debug, Clone)]
pub struct Next {
    pub title: String,
    pub is_required: bool,
    /// The course to do before it.
    pub after: Option<String>,
    /// Near her first, then by date.
    pub dates: Vec<NextDate>,
    /// Where all dates of it stand.
    pub course: Href,
}

/// A session she could book.
#[derive(Debug, Clone)]
pub struct NextDate {
    pub when: String,
    pub place: String,
    pub session: Href,
}

/// How many dates of each course are shown.
const SHOWN: usize = 3;

/// In her own time where it is a call; by the clock on the wall where one has to be there.
fn when(session: &Session, zone: Tz) -> String {
    let Some(first) = session.sittings.first() else { return String::new() };
    let days = wording::days(session);
    if !session.location.is_online() || first.zone == zone {
        let hours = wording::hours(session);
        // It says the zone itself where that is not the alliance's.
        if first.zone != session.alliance.time_zone {
            return format!("{days}, {hours}");
        }
        return format!("{days}, {hours}, {}", wording::zone(first.zone));
    }
    let local = first.starts_at.with_timezone(&zone).naive_local();
    let (day, time) = (wording::date(local.date()), wording::time(local.time()));
    format!("{days}; it starts at {time} on {day}, {}", wording::zone(zone))
}

/// What comes next on a path.
pub async fn next(
    conn: &mut Conn,
    view: &PathView,
    home: &Home,
    now: DateTime<Utc>,
) -> Result<Vec<Next>, StoreError> {
    if view.standing.is_finished {
        return Ok(Vec::new());
    }
    let courses = catalogue::courses(conn).await?;
    let mut coming = sessions::ending_after(conn, now).await?;
    let can_book = |one: &Session| {
        use BookingStatus::{NotYetOpen, Open};
        one.is_listed() && matches!(one.booking_status(now), Open { .. } | NotYetOpen { .. })
    };
    coming.retain(can_book);
    coming.sort_by_key(|one| {
        let is_near =
            one.location.is_online() || Some(&one.alliance.slug) == home.alliance.as_ref();
        (!is_near, one.starts_at())
    });
    let is_done = |course: &Course| {
        let missing = course.prerequisites.iter().find(|one| !view.tally.done.contains(&one.slug));
        missing.map(|one| one.title.clone())
    };
    let next = view.rules.still_needed(&view.tally).into_iter().map(|one| {
        let known = courses.iter().find(|course| course.slug == one.slug);
        let before = view.rules.first_before(&one.slug, &view.tally);
        let of = coming.iter().filter(|session| session.course.slug == one.slug);
        let date = |session: &Session| NextDate {
            when: when(session, home.zone),
            place: session.location.public_line(),
            session: paths::public::session(&session.code),
        };
        Next {
            title: one.title.clone(),
            is_required: one.is_required,
            after: known.and_then(is_done).or_else(|| before.map(|one| one.title.clone())),
            dates: of.take(SHOWN).map(date).collect(),
            course: paths::public::course(&one.slug),
        }
    });
    Ok(next.collect())
}
