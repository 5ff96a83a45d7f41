//! Days put into the squares of a wall.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::{
    domain::{
        season::{Row, SeasonDay, rows, weeks},
        wording,
    },
    web::office::season::asked::{By, Narrowed},
};

/// Something to choose in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub name: String,
    pub is_chosen: bool,
}

/// What there is to narrow the days to, each with what is chosen.
pub struct Choices {
    pub alliances: Vec<Choice>,
    pub courses: Vec<Choice>,
    pub trainers: Vec<Choice>,
    pub venues: Vec<Choice>,
}

/// See [`Choices`].
pub fn choices(days: &[SeasonDay], asked: &Narrowed) -> Choices {
    let alliances = days.iter().map(|day| (day.alliance.to_string(), day.alliance_name.clone()));
    let courses = days.iter().map(|day| (day.course.to_string(), day.title.clone()));
    let trainers = days.iter().flat_map(|day| &day.trainers);
    let trainers = trainers.map(|one| (one.login.to_string(), one.name.clone()));
    let chosen = |one: Option<String>| one.unwrap_or_default();
    let venues = days
        .iter()
        .filter_map(|day| Some((day.venue_id.as_ref()?.to_string(), day.venue.clone()?)));
    Choices {
        alliances: by_name(alliances, chosen(asked.alliance.as_ref().map(ToString::to_string))),
        courses: by_name(courses, chosen(asked.course.as_ref().map(ToString::to_string))),
        trainers: by_name(trainers, chosen(asked.trainer.as_ref().map(ToString::to_string))),
        venues: by_name(venues, chosen(asked.venue.as_ref().map(ToString::to_string))),
    }
}

/// In the order of their names, each once; what is chosen is among them even where nothing is of it.
fn by_name(all: impl Iterator<Item = (String, String)>, chosen: String) -> Vec<Choice> {
    let mut names: BTreeMap<String, String> = all.collect();
    if !chosen.is_empty() {
        names.entry(chosen.clone()).or_insert_with(|| chosen.clone());
    }
    let choice =
        |(value, name): (String, String)| Choice { is_chosen: value == chosen, value, name };
    let mut choices: Vec<_> = names.into_iter().map(choice).collect();
    choices.sort_by_cached_key(|one| crate::domain::finding::sort_key(&one.name));
    choices
}

/// A week of a month, Monday first.
pub struct Week {
    pub squares: Vec<Square>,
}

/// A day of the calendar.
pub struct Square {
    pub date: NaiveDate,
    /// Whether it belongs to the month.
    pub is_within: bool,
    pub is_today: bool,
    pub days: Vec<SeasonDay>,
}

impl Square {
    /// `12`.
    pub fn number(&self) -> String {
        self.date.format("%-d").to_string()
    }

    /// `Tue 12 January`, for whoever reads the squares as a list.
    pub fn name(&self) -> String {
        wording::date(self.date)
    }
}

/// The weeks of a month with their days.
pub fn weeks_of(
    days: &[SeasonDay],
    (from, to): (NaiveDate, NaiveDate),
    today: NaiveDate,
) -> Vec<Week> {
    let square = |date: NaiveDate| Square {
        date,
        is_within: from <= date && date <= to,
        is_today: date == today,
        days: days.iter().filter(|day| day.starts.date() == date).cloned().collect(),
    };
    let week =
        |monday: NaiveDate| Week { squares: monday.iter_days().take(7).map(square).collect() };
    weeks(from, to).into_iter().map(week).collect()
}

/// A row of a term.
pub struct Line {
    pub head: String,
    /// One for each week of the term, empty where nothing is.
    pub weeks: Vec<(NaiveDate, Vec<SeasonDay>)>,
}

impl Line {
    /// `Nothing in 6 of 17 weeks`, or none where every week has something.
    pub fn gaps(&self) -> Option<String> {
        let empty = self.weeks.iter().filter(|(_, days)| days.is_empty()).count();
        (empty > 0).then(|| format!("Nothing in {empty} of {} weeks", self.weeks.len()))
    }
}

/// The rows of a term, by what was asked for.
pub fn lines(days: &[SeasonDay], asked: &Narrowed) -> Vec<Line> {
    let heads = |day: &SeasonDay| -> Vec<String> {
        match asked.by {
            By::Alliance => vec![day.alliance_name.clone()],
            By::Trainer if day.trainers.is_empty() => vec!["Nobody yet".to_owned()],
            By::Trainer => day.trainers.iter().map(|one| one.name.clone()).collect(),
            By::Venue => vec![day.venue.clone().unwrap_or_else(|| "Online".to_owned())],
        }
    };
    let (from, to) = asked.span();
    let mondays = weeks(from, to);
    let line = |row: Row<'_>| Line {
        weeks: mondays
            .iter()
            .map(|week| {
                (*week, row.weeks.get(week).into_iter().flatten().copied().cloned().collect())
            })
            .collect(),
        head: row.head,
    };
    rows(days, heads).into_iter().map(line).collect()
}
