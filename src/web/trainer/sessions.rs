//! The trainer's own sessions: today, coming up and past.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{
        finding::Wanted,
        permission::{Permission, allows},
        session::{BookingStatus, Session},
        sitting::Sitting,
        wording,
    },
    store::{Conn, StoreError, sessions, watch},
    web::{
        Desk, asked,
        failure::Failure,
        guard::SignedIn,
        page::{Chrome, Page},
        paging::{self, Pager},
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
    /// Earlier ones, latest first; below those to come, only the latest.
    past: Vec<TrainerSession>,
    /// How many there are of each.
    counts: Counts,
    /// Whether the page is one of those of past sessions.
    shows_past: bool,
    words: String,
    /// Whether only those she leads are listed; `None` where she sees no others.
    led_only: Option<bool>,
    pager: Pager,
    now: DateTime<Utc>,
}

/// How many sessions are to come, and how many are past.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    upcoming: i64,
    past: i64,
}

impl TrainerPage {
    /// The same list, narrowed as it is.
    fn list(&self) -> Href {
        let list = paths::trainer::sessions();
        let list = if self.words.is_empty() { list } else { list.with("q", &self.words) };
        if self.led_only == Some(true) { list.with("led", "yes") } else { list }
    }

    fn past_list(&self) -> Href {
        self.list().with("when", "past")
    }

    /// `240 sessions`.
    fn count(&self, number: &i64) -> String {
        wording::count(usize::try_from(*number).unwrap_or(0), "session", "sessions")
    }
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
        match self.sitting() {
            Some(sitting) => {
                let place = self.session.location_on(sitting);
                let span = wording::time_span(sitting.starts, sitting.ends);
                format!("{span}, {}", place.short_name())
            }
            None => self.session.location.short_name().to_owned(),
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

/// How many past sessions stand below those to come.
const LATEST: usize = 10;

/// What the list is narrowed to: words, `led=yes`, `when=past`, and which page.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    q: Option<&'r str>,
    led: Option<&'r str>,
    when: Option<&'r str>,
    page: Option<&'r str>,
}

/// Sessions with the number of the sitting that counts: today's, those to come and those past.
#[derive(Default)]
struct ByDay {
    today: Vec<(Session, u32)>,
    upcoming: Vec<(Session, u32)>,
    past: Vec<(Session, u32)>,
}

impl ByDay {
    fn of(all: Vec<Session>, now: DateTime<Utc>) -> Self {
        let mut days = Self::default();
        for session in all {
            let day = now.with_timezone(&session.zone()).date_naive();
            // A night that began yesterday is still today's work.
            let is_on = |one: &&Sitting| one.starts_at <= now && now < one.ends_at;
            let mut sittings = session.sittings.iter();
            let sits_today = sittings.find(|one| one.starts.date() == day || is_on(one));
            match sits_today.map(|sitting| sitting.number) {
                Some(number) => days.today.push((session, number)),
                None if session.ends_at().is_some_and(|end| end > now) => {
                    days.upcoming.push((session, 1));
                }
                None => days.past.push((session, 1)),
            }
        }
        days.past.reverse();
        days
    }
}

/// Whether a session is called by all that was typed.
fn is_called(session: &Session, wanted: &Wanted) -> bool {
    let place = session.location.public_line();
    let said = [session.code.as_str(), &session.course.title, &session.alliance.name, &place];
    wanted.is_among(said)
}

#[get("/trainer?<asked..>")]
async fn mine(
    desk: &State<Desk>,
    who: SignedIn,
    asked: Asked<'_>,
) -> Result<Page<TrainerPage>, Failure> {
    let now = desk.ctx.now();
    let words = asked::words("q", asked.q)?;
    let led = asked::is("led", asked.led, &["yes"])?.is_some();
    let shows_past = asked::is("when", asked.when, &["past"])?.is_some();
    let page = paging::asked(asked.page)?;
    let mut conn = desk.ctx.store.read().await?;
    let since = now - chrono::Duration::days(365);
    let mut all = sessions::ending_after(&mut conn, since).await?;
    all.retain(|session| allows(&who.member, Permission::ReadRoster, session));
    let sees_others = all.iter().any(|one| !one.is_led_by(&who.member.login));
    let wanted = Wanted::typed(words);
    all.retain(|one| is_called(one, &wanted) && (!led || one.is_led_by(&who.member.login)));
    let ByDay { today, upcoming, past } = ByDay::of(all, now);
    let counts = Counts { upcoming: paging::total(&upcoming), past: paging::total(&past) };
    let total = if shows_past { counts.past } else { counts.upcoming };
    let (led_word, when) = (if led { "yes" } else { "" }, if shows_past { "past" } else { "" });
    let narrowed = [("q", words), ("led", led_word), ("when", when)];
    let pager = Pager::of(page, total, paths::trainer::sessions(), &narrowed)?;
    let (today, upcoming, past) = match (shows_past, page) {
        (true, _) => (Vec::new(), Vec::new(), paging::part(past, page)),
        (false, 1) => (today, paging::part(upcoming, 1), past.into_iter().take(LATEST).collect()),
        (false, _) => (Vec::new(), paging::part(upcoming, page), Vec::new()),
    };
    Ok(Page::ok(TrainerPage {
        chrome: desk.staff_chrome(&who.member),
        greeting: format!("Hello, {}", who.member.name),
        today: with_counts(&mut conn, today).await?,
        upcoming: with_counts(&mut conn, upcoming).await?,
        past: with_counts(&mut conn, past).await?,
        counts,
        shows_past,
        words: words.to_owned(),
        led_only: (sees_others || led).then_some(led),
        pager,
        now,
    }))
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
            counts: Counts { upcoming: 1, past: 1 },
            shows_past: false,
            words: String::new(),
            led_only: None,
            pager: Pager::of(1, 1, paths::trainer::sessions(), &[]).unwrap(),
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
