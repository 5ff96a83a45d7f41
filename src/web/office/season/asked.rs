//! Which part of the season, and what of it.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rocket::FromForm;

use crate::{
    domain::{
        id::{AllianceSlug, CourseSlug, StaffLogin, VenueId},
        season::{SeasonDay, SessionStanding, month, term},
    },
    web::{
        asked::{self, Unusable},
        paths::{self, Href},
    },
};

/// How much is seen at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// Day by day.
    #[default]
    Month,
    /// Week by week.
    Term,
}

const VIEWS: [(View, &str); 2] = [(View::Month, "month"), (View::Term, "term")];

/// What the rows of a term are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// One for each alliance.
    #[default]
    Alliance,
    /// One for each trainer.
    Trainer,
    /// One for each venue.
    Venue,
}

/// All of them, with their words in addresses.
const BY: [(By, &str); 3] =
    [(By::Alliance, "alliance"), (By::Trainer, "trainer"), (By::Venue, "venue")];

/// As the address has it.
#[derive(Debug, FromForm)]
pub struct Asked<'r> {
    view: Option<&'r str>,
    month: Option<&'r str>,
    by: Option<&'r str>,
    alliance: Option<&'r str>,
    course: Option<&'r str>,
    trainer: Option<&'r str>,
    state: Option<&'r str>,
    venue: Option<&'r str>,
}

impl Asked<'_> {
    /// What is meant; without a month, the one `today` is in.
    pub fn read(&self, today: NaiveDate) -> Result<Narrowed, Unusable> {
        let view = asked::is("view", self.view, &VIEWS.map(|one| one.1))?;
        let by = asked::is("by", self.by, &BY.map(|one| one.1))?;
        let state = asked::one("state", self.state, "it is draft, published or cancelled")?;
        Ok(Narrowed {
            view: view.map_or(View::default(), |at| VIEWS[at].0),
            by: by.map_or(By::default(), |at| BY[at].0),
            day: month_of(self.month)?.unwrap_or(today),
            alliance: asked::one("alliance", self.alliance, "it is the name of an alliance")?,
            course: asked::one("course", self.course, "it is the name of a course")?,
            trainer: asked::one("trainer", self.trainer, "it is the name of an account")?,
            venue: asked::one("venue", self.venue, "it is the number of a venue, such as V001")?,
            state,
        })
    }
}

/// The first day of a month such as `2027-01`.
fn month_of(typed: Option<&str>) -> Result<Option<NaiveDate>, Unusable> {
    let Some(typed) = asked::given(typed) else { return Ok(None) };
    let first = format!("{typed}-01").parse::<NaiveDate>().ok();
    let known = first.filter(|_| typed.len() == 7 && ("2000".."2101").contains(&&typed[..4]));
    known.map(Some).ok_or_else(|| Unusable::new("month", typed, "it is a month such as 2027-01"))
}

/// Which days the wall shows.
#[derive(Debug, Clone)]
pub struct Narrowed {
    pub view: View,
    pub by: By,
    /// A day in the month or the term.
    day: NaiveDate,
    pub alliance: Option<AllianceSlug>,
    pub course: Option<CourseSlug>,
    pub trainer: Option<StaffLogin>,
    pub state: Option<SessionStanding>,
    pub venue: Option<VenueId>,
}

impl Narrowed {
    /// The first and the last day.
    pub fn span(&self) -> (NaiveDate, NaiveDate) {
        match self.view {
            View::Month => month(self.day),
            View::Term => term(self.day),
        }
    }

    /// The moment the first day begins, and the one after the last.
    pub fn moments(&self, zone: Tz) -> (DateTime<Utc>, DateTime<Utc>) {
        let (from, to) = self.span();
        let begins = |day: NaiveDate| {
            let midnight = day.and_time(NaiveTime::MIN);
            let local = zone.from_local_datetime(&midnight).earliest();
            local.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
        };
        (begins(from), begins(to.succ_opt().unwrap_or(to)))
    }

    /// Whether a day is shown.
    pub fn lets(&self, day: &SeasonDay) -> bool {
        self.alliance.as_ref().is_none_or(|slug| day.alliance == *slug)
            && self.course.as_ref().is_none_or(|slug| day.course == *slug)
            && self.state.is_none_or(|state| day.standing == state)
            && self.venue.as_ref().is_none_or(|id| day.venue_id.as_ref() == Some(id))
            && self
                .trainer
                .as_ref()
                .is_none_or(|login| day.trainers.iter().any(|one| one.login == *login))
    }

    /// Whether it is narrowed to less than all.
    pub fn is_narrowed(&self) -> bool {
        self.alliance.is_some()
            || self.course.is_some()
            || self.trainer.is_some()
            || self.state.is_some()
            || self.venue.is_some()
    }

    fn at(&self, day: NaiveDate, view: &str, by: &str) -> Href {
        let slug = self.alliance.as_ref().map(AllianceSlug::as_str);
        let course = self.course.as_ref().map(CourseSlug::as_str);
        let trainer = self.trainer.as_ref().map(StaffLogin::as_str);
        let state = self.state.map(SessionStanding::as_str);
        let parts = [
            ("by", Some(by).filter(|_| view == "term")),
            ("alliance", slug),
            ("course", course),
            ("trainer", trainer),
            ("state", state),
            ("venue", self.venue.as_ref().map(VenueId::as_str)),
        ];
        let start = paths::office::season().with("view", view).with("month", day.format("%Y-%m"));
        let given = parts.into_iter().filter_map(|(name, value)| Some((name, value?)));
        given.fold(start, |href, (name, value)| href.with(name, value))
    }

    fn words(&self) -> (&'static str, &'static str) {
        let view = VIEWS.iter().find(|one| one.0 == self.view).map_or("", |one| one.1);
        let by = BY.iter().find(|one| one.0 == self.by).map_or("", |one| one.1);
        (view, by)
    }

    /// `month` or `term`.
    pub fn view_word(&self) -> &'static str {
        self.words().0
    }

    /// `alliance`, `trainer` or `venue`.
    pub fn by_word(&self) -> &'static str {
        self.words().1
    }

    /// `2027-01`.
    pub fn month_word(&self) -> String {
        self.day.format("%Y-%m").to_string()
    }

    /// The month or term before.
    pub fn earlier(&self) -> Href {
        let (view, by) = self.words();
        let before = self.span().0.pred_opt().unwrap_or(self.day);
        self.at(before, view, by)
    }

    /// The month or term after.
    pub fn later(&self) -> Href {
        let (view, by) = self.words();
        self.at(self.span().1.succ_opt().unwrap_or(self.day), view, by)
    }

    /// The ways to look at it: address, name, whether it is this one.
    pub fn ways(&self) -> Vec<(Href, String, bool)> {
        let month = (self.at(self.day, "month", ""), "Month".to_owned(), self.view == View::Month);
        let term = |one: &(By, &str)| {
            let is_this = self.view == View::Term && self.by == one.0;
            (self.at(self.day, "term", one.1), format!("Term by {}", one.1), is_this)
        };
        [month].into_iter().chain(BY.iter().map(term)).collect()
    }
}
