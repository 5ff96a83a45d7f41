//! The season on a wall: the days of a month, or the weeks of a term, with what is planned twice and where
//! nothing is.

mod asked;
mod calendar;
mod wall;

use askama::Template;
use chrono::NaiveDate;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        aims::Hopes,
        composition::{Composition, GroupLine},
        private_feed::PrivateFeed,
        season::{DoubleBooking, SeasonDay, SessionStanding, Twice, double_bookings},
        wording,
    },
    store::{catalogue, composition, private_feeds, season},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::{
            demand::{Waited, waited},
            season::{
                asked::{Asked, Narrowed, View},
                wall::{Choice, Choices, Line, Week, choices, lines, weeks_of},
            },
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::zone_of,
    },
};

pub fn routes() -> Vec<Route> {
    [routes![show], calendar::routes()].concat()
}

/// The wall, narrowed.
#[derive(Template)]
#[template(path = "office/season/show.html")]
struct SeasonPage {
    chrome: Chrome,
    asked: Narrowed,
    /// A month's weeks; none for a term.
    weeks: Vec<Week>,
    /// A term's rows; none for a month.
    lines: Vec<Line>,
    doubles: Vec<DoubleBooking>,
    /// Who comes to what begins in the time that is shown.
    composition: Composition,
    /// How many days of sessions are shown.
    shown: usize,
    choices: Choices,
    /// How many people wait for a date of any course.
    waiting: usize,
    /// The calendar of it that she has.
    calendar: Option<PrivateFeed>,
}

impl SeasonPage {
    /// `January 2027`, or `January to April 2027`.
    fn heading(&self) -> String {
        let (from, to) = self.asked.span();
        match self.asked.view {
            View::Month => from.format("%B %Y").to_string(),
            View::Term => format!("{} to {}", from.format("%B"), to.format("%B %Y")),
        }
    }

    /// Who comes to what begins then, by kind of institution.
    fn groups(&self) -> Vec<GroupLine> {
        self.composition.lines(&Hopes::default())
    }

    /// `5 people wait for a date of a course`.
    fn waiting_words(&self) -> String {
        let people = wording::count(self.waiting, "person waits", "people wait");
        format!("{people} for a date of a course")
    }

    fn total(&self) -> String {
        wording::count(self.shown, "day", "days")
    }

    fn states(&self) -> Vec<Choice> {
        let name = |one: SessionStanding| match one {
            SessionStanding::Draft => "Drafts",
            SessionStanding::Published => "Published",
            SessionStanding::Cancelled => "Cancelled",
        };
        let choice = |one: &SessionStanding| Choice {
            value: one.as_str().to_owned(),
            name: name(*one).to_owned(),
            is_chosen: self.asked.state == Some(*one),
        };
        SessionStanding::ALL.iter().map(choice).collect()
    }

    fn day(&self, day: &NaiveDate) -> String {
        wording::long_date(*day)
    }

    /// `Mon 12 Jan`.
    fn week(&self, monday: &NaiveDate) -> String {
        wording::short_date(*monday)
    }

    fn session(&self, day: &SeasonDay) -> Href {
        paths::office::session(&day.session)
    }

    /// `6.30pm`.
    fn time(&self, day: &SeasonDay) -> String {
        wording::time(day.starts.time())
    }

    /// `day 2 of 6`, where there are several.
    fn which(&self, day: &SeasonDay) -> Option<String> {
        (day.of > 1).then(|| format!("day {} of {}", day.number, day.of))
    }

    /// `3 of 30 places`.
    fn places(&self, day: &SeasonDay) -> String {
        format!("{} of {} places", day.places.1, day.places.0)
    }

    /// Whom and what two days share, as a question or a fact.
    fn shared(&self, double: &DoubleBooking) -> String {
        match &double.twice {
            Twice::Trainer(name) => format!("{name} leads both"),
            Twice::Venue(name) => format!("Both are at {name}. Is there a room for each?"),
        }
    }

    /// `Listening well, Tue 12 Jan, 6.30pm to 8.30pm`.
    fn about(&self, day: &SeasonDay) -> String {
        let date = wording::short_date(day.starts.date());
        format!("{}, {date}, {}", day.title, wording::time_span(day.starts, day.ends))
    }
}

#[get("/office/season?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    asked: Asked<'_>,
) -> Result<Page<SeasonPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let zone = zone_of(&who.member, &alliances);
    let asked = asked.read(desk.ctx.now().with_timezone(&zone).date_naive())?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut days = season::days(&mut conn, asked.moments(zone), within).await?;
    let mut doubles = double_bookings(&days);
    let choices = choices(&days, &asked);
    days.retain(|day| asked.lets(day));
    doubles.retain(|one| asked.lets(&one.first) || asked.lets(&one.second));
    let today = desk.ctx.now().with_timezone(&zone).date_naive();
    let composition = composition::between(&mut conn, asked.moments(zone), within).await?;
    let (weeks, lines) = match asked.view {
        View::Month => (weeks_of(&days, asked.span(), today), Vec::new()),
        View::Term => (Vec::new(), lines(&days, &asked)),
    };
    Ok(Page::ok(SeasonPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        shown: days.len(),
        composition,
        asked,
        weeks,
        lines,
        doubles,
        choices,
        waiting: waited(&mut conn).await?.iter().map(Waited::people).sum(),
        calendar: private_feeds::of_owner(&mut conn, &calendar::owner(&who.member.login)).await?,
    }))
}
