//! The trainer's own sessions: today, coming up and past.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        permission::{Permission, allows},
        session::{BookingStatus, Session},
        sitting::Sitting,
        wording,
    },
    store::{Conn, StoreError, sessions, watch},
    web::{
        Desk,
        failure::Failure,
        guard::SignedIn,
        page::{Chrome, Page},
        paths::{self, Href},
    },
};

/// Every sitting the trainer leads.
#[derive(Template)]
#[template(path = "trainer/sessions.html")]
struct TrainerPage {
    chrome: Chrome,
    /// `Good morning, Amina`.
    greeting: String,
    /// Those that take place today, by time.
    today: Vec<TrainerSession>,
    /// Later ones, soonest first.
    upcoming: Vec<TrainerSession>,
    /// Earlier ones, latest first.
    past: Vec<TrainerSession>,
    /// Whether there are more than are listed.
    has_more: bool,
    now: DateTime<Utc>,
}

/// One sitting of one session she leads.
#[derive(Debug, Clone)]
struct TrainerSession {
    pub session: Session,
    /// The number of the sitting, from 1.
    pub sitting_number: u32,
    /// How many people are coming.
    pub coming: u32,
    /// How many of them gave needs.
    pub needs: u32,
}

impl TrainerSession {
    /// The sitting; `None` only for a number the session does not have.
    pub fn sitting(&self) -> Option<&Sitting> {
        self.session.sittings.iter().find(|sitting| sitting.number == self.sitting_number)
    }

    /// `Two-day leadership training: day one`.
    pub fn title(&self) -> String {
        const DAYS: [&str; 6] = ["one", "two", "three", "four", "five", "six"];
        let title = &self.session.course.title;
        if self.session.sittings.len() < 2 {
            return title.clone();
        }
        match DAYS.get(self.sitting_number.saturating_sub(1) as usize) {
            Some(day) => format!("{title}: day {day}"),
            None => format!("{title}: day {}", self.sitting_number),
        }
    }

    /// `9.30am to 4.30pm, Bradwell Meeting House`.
    pub fn hours_and_place(&self) -> String {
        let place = self.session.location.short_name();
        match self.sitting() {
            Some(sitting) => {
                format!("{}, {place}", wording::time_span(sitting.starts, sitting.ends))
            }
            None => place.to_owned(),
        }
    }

    /// Who leads it, all of them.
    pub fn trainers(&self) -> String {
        let names: Vec<&str> =
            self.session.trainers.iter().map(|trainer| trainer.name.as_str()).collect();
        wording::list(&names)
    }

    /// The roster's path.
    pub fn roster(&self) -> Href {
        paths::trainer::roster(&self.session.code)
    }

    /// `24 coming`, or why nobody can be yet.
    pub fn places(&self, now: &DateTime<Utc>) -> String {
        match self.session.booking_status(*now) {
            BookingStatus::Cancelled => "Cancelled".to_owned(),
            BookingStatus::Draft => "Not published yet".to_owned(),
            BookingStatus::NotYetOpen { .. } if self.coming == 0 => {
                "Booking has not opened".to_owned()
            }
            _ => format!("{} coming", self.coming),
        }
    }

    /// Whether the meter says anything: somebody may book, or has.
    pub fn shows_meter(&self, now: &DateTime<Utc>) -> bool {
        !self.is_quiet(now) || self.coming > 0
    }

    /// Whether the date is drawn quietly, because it cannot be booked.
    pub fn is_quiet(&self, now: &DateTime<Utc>) -> bool {
        !matches!(
            self.session.booking_status(*now),
            BookingStatus::Open { .. } | BookingStatus::Closed
        )
    }

    /// `6 places left`, `Full` or `20 places`.
    pub fn left(&self) -> String {
        let occupancy = self.session.occupancy;
        match (occupancy.free(), occupancy.occupied) {
            (free, 0) => wording::count(free as usize, "place", "places"),
            (0, _) if occupancy.waiting > 0 => format!("Full, {} waiting", occupancy.waiting),
            (0, _) => "Full".to_owned(),
            (1, _) => "Last place".to_owned(),
            (free, _) => format!("{free} places left"),
        }
    }

    /// How the meter's bar is coloured, beyond the class `taken`.
    pub fn fill(&self) -> &'static str {
        match self.session.occupancy {
            full if full.open_to_all() == 0 => " taken--full",
            low if low.is_low() => " taken--low",
            _ => "",
        }
    }

    /// `9 people have needs to plan for`.
    pub fn needs_words(&self) -> String {
        let people = wording::count(self.needs as usize, "person has", "people have");
        format!("{people} given needs")
    }
}

/// How many sessions of each kind are listed.
const MOST: usize = 50;

#[get("/trainer")]
async fn mine(desk: &State<Desk>, who: SignedIn) -> Result<Page<TrainerPage>, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let since = now - chrono::Duration::days(365);
    let mut all = sessions::ending_after(&mut conn, since).await?;
    all.retain(|session| allows(&who.member, Permission::ReadRoster, session));
    let (mut today, mut upcoming, mut past) = (Vec::new(), Vec::new(), Vec::new());
    for session in all {
        let day = now.with_timezone(&session.zone()).date_naive();
        let sits_today = session.sittings.iter().find(|sitting| sitting.starts.date() == day);
        match sits_today.map(|sitting| sitting.number) {
            Some(number) => today.push((session, number)),
            None if session.ends_at().is_some_and(|end| end > now) => upcoming.push((session, 1)),
            None => past.push((session, 1)),
        }
    }
    past.reverse();
    // Whoever may see every roster looks the others up under Sessions.
    let has_more = upcoming.len() > MOST || past.len() > MOST;
    upcoming.truncate(MOST);
    past.truncate(MOST);
    let today = with_counts(&mut conn, today).await?;
    let upcoming = with_counts(&mut conn, upcoming).await?;
    let past = with_counts(&mut conn, past).await?;
    let greeting = format!("Hello, {}", who.member.name);
    let chrome = desk.staff_chrome(&who.member);
    Ok(Page::ok(TrainerPage { chrome, greeting, today, upcoming, past, has_more, now }))
}

/// Sessions, each with a sitting's number, as the page lists them.
async fn with_counts(
    conn: &mut Conn,
    sessions: Vec<(Session, u32)>,
) -> Result<Vec<TrainerSession>, StoreError> {
    let mut listed = Vec::with_capacity(sessions.len());
    for (session, sitting_number) in sessions {
        let (coming, needs) = watch::coming_with_needs(conn, &session.code).await?;
        listed.push(TrainerSession { session, sitting_number, coming, needs });
    }
    Ok(listed)
}

pub fn routes() -> Vec<Route> {
    routes![mine]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::page::Area;
    use crate::web::samples::*;

    #[test]
    fn a_trainer_sees_today_first() {
        let item = |sitting_number, needs| TrainerSession {
            session: session(),
            sitting_number,
            coming: 24,
            needs,
        };
        let mut page = TrainerPage {
            chrome: chrome(Area::Trainer),
            greeting: "Good morning, Amina".to_owned(),
            today: vec![item(1, 9), item(1, 1)],
            upcoming: vec![item(2, 0)],
            past: vec![item(1, 0)],
            has_more: false,
            now: before(),
        };
        contains_all(
            &rendered("trainer", &page),
            &[
                "Two-day leadership training: day two",
                "9 people have given needs",
                "1 person has given needs",
                "/trainer/sessions/S001/roster#needs",
                "6 places left",
            ],
        );
        (page.today, page.upcoming, page.past) = (vec![], vec![], vec![]);
        contains_all(&rendered("trainer-empty", &page), &["You have no sessions coming up."]);
    }
}
