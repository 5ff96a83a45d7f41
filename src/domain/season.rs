//! What an organiser sees at one look: the days of many sessions, and what is planned twice.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveDateTime, Utc};

use super::{
    finding::{folded, sort_key},
    id::{AllianceSlug, CourseSlug, SessionCode, StaffLogin, VenueId},
    session::Trainer,
};

/// How far a session has come, without the reason of one that was called off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionStanding {
    /// Being planned.
    Draft,
    /// Everybody sees it.
    Published,
    /// Called off.
    Cancelled,
}

super::vocabulary::words!(SessionStanding {
    Draft => "draft",
    Published => "published",
    Cancelled => "cancelled",
});

/// One day of a session, as the wall of a season shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeasonDay {
    /// Whose day it is.
    pub session: SessionCode,
    /// Its number among the days of the session, from 1.
    pub number: u32,
    /// How many days the session has.
    pub of: u32,
    /// The course.
    pub course: CourseSlug,
    /// What is taught.
    pub title: String,
    /// Who runs it.
    pub alliance: AllianceSlug,
    /// What its alliance is called.
    pub alliance_name: String,
    /// The building; none for a video call.
    pub venue: Option<String>,
    /// The same on the office's list, if it is there.
    pub venue_id: Option<VenueId>,
    /// Who leads it, in order.
    pub trainers: Vec<Trainer>,
    /// How far it has come.
    pub standing: SessionStanding,
    /// By the wall.
    pub starts: NaiveDateTime,
    /// By the wall.
    pub ends: NaiveDateTime,
    /// The instants of the same.
    pub span: (DateTime<Utc>, DateTime<Utc>),
    /// Places there are, and those that are somebody's.
    pub places: (u32, u32),
}

impl SeasonDay {
    fn overlaps(&self, other: &Self) -> bool {
        self.span.0 < other.span.1 && other.span.0 < self.span.1
    }

    /// What would be in two places at once if both days were held.
    fn shared(&self, other: &Self) -> Vec<Twice> {
        let logins: BTreeSet<&StaffLogin> = other.trainers.iter().map(|one| &one.login).collect();
        let trainers = self.trainers.iter().filter(|one| logins.contains(&one.login));
        let mut shared: Vec<_> = trainers.map(|one| Twice::Trainer(one.name.clone())).collect();
        if let (Some(mine), Some(theirs)) = (&self.venue, &other.venue)
            && self.is_at_the_place_of(other, (mine, theirs))
        {
            shared.push(Twice::Venue(mine.clone()));
        }
        shared
    }

    /// Two records are two buildings, whatever they are called; where one is on no list, the names tell.
    fn is_at_the_place_of(&self, other: &Self, (mine, theirs): (&str, &str)) -> bool {
        match (&self.venue_id, &other.venue_id) {
            (Some(own), Some(id)) => own == id,
            _ => folded(mine) == folded(theirs),
        }
    }
}

/// What is planned twice at one time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Twice {
    /// Somebody who leads both.
    Trainer(String),
    /// A building in which both are held; it may have two rooms, so this is a question.
    Venue(String),
}

/// Two days at one time that share somebody or somewhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DoubleBooking {
    /// What they share.
    pub twice: Twice,
    /// The one that begins first.
    pub first: SeasonDay,
    /// The other.
    pub second: SeasonDay,
}

/// What is planned twice, in order of time; days of sessions that were called off are in nobody's way.
pub fn double_bookings(days: &[SeasonDay]) -> Vec<DoubleBooking> {
    let mut held: Vec<_> =
        days.iter().filter(|day| day.standing != SessionStanding::Cancelled).collect();
    held.sort_by_key(|day| (day.span.0, &day.session, day.number));
    let mut found = Vec::new();
    for (at, first) in held.iter().enumerate() {
        let meanwhile = held[at + 1..].iter().take_while(|day| day.span.0 < first.span.1);
        for second in meanwhile.filter(|day| day.session != first.session && day.overlaps(first)) {
            found.extend(first.shared(second).into_iter().map(|twice| DoubleBooking {
                twice,
                first: (*first).clone(),
                second: (*second).clone(),
            }));
        }
    }
    found
}

/// The Monday of a day's week.
pub fn monday(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// The Mondays of the weeks between two days, both counted in.
pub fn weeks(from: NaiveDate, to: NaiveDate) -> Vec<NaiveDate> {
    monday(from).iter_weeks().take_while(|monday| *monday <= to).collect()
}

/// A term: its first month and its last day. Spring begins in January, summer in May, autumn in September.
pub fn term(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first_month = day.month0() / 4 * 4 + 1;
    let first = NaiveDate::from_ymd_opt(day.year(), first_month, 1).unwrap_or(day);
    let next = first.checked_add_months(chrono::Months::new(4)).unwrap_or(first);
    (first, next.pred_opt().unwrap_or(next))
}

/// The season a day is in, from September to August, by the year in which it begins.
pub fn school_year(day: NaiveDate) -> i32 {
    if day.month() >= 9 { day.year() } else { day.year() - 1 }
}

/// A month: its first and its last day.
pub fn month(day: NaiveDate) -> (NaiveDate, NaiveDate) {
    let first = day.with_day(1).unwrap_or(day);
    let next = first.checked_add_months(chrono::Months::new(1)).unwrap_or(first);
    (first, next.pred_opt().unwrap_or(next))
}

/// Days that have something in common, such as a trainer, week by week.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<'d> {
    /// What they have in common.
    pub head: String,
    /// By the Monday of the week; a week without a day is a gap.
    pub weeks: BTreeMap<NaiveDate, Vec<&'d SeasonDay>>,
}

/// The days in rows by what they have in common, in the order of their heads.
pub fn rows(days: &[SeasonDay], heads: impl Fn(&SeasonDay) -> Vec<String>) -> Vec<Row<'_>> {
    let mut rows: BTreeMap<Vec<u8>, Row<'_>> = BTreeMap::new();
    for day in days {
        for head in heads(day) {
            let key = sort_key(&head);
            let row = rows.entry(key).or_insert_with(|| Row { head, weeks: BTreeMap::new() });
            row.weeks.entry(monday(day.starts.date())).or_default().push(day);
        }
    }
    rows.into_values().collect()
}

#[cfg(test)]
mod tests {
    use chrono::{Duration, TimeZone};

    use super::*;

    fn at(hour: i64) -> DateTime<Utc> {
        let midnight = Utc.with_ymd_and_hms(2027, 1, 12, 0, 0, 0).single().expect("a moment");
        midnight + Duration::hours(hour)
    }

    fn day(code: &str, (from, to): (i64, i64), trainer: &str, venue: &str) -> SeasonDay {
        SeasonDay {
            session: code.parse().expect("a code"),
            number: 1,
            of: 1,
            course: "first".parse().expect("a slug"),
            title: "First steps".to_owned(),
            alliance: "oxford".parse().expect("a slug"),
            alliance_name: "Oxford Citizens".to_owned(),
            venue: Some(venue.to_owned()).filter(|venue| !venue.is_empty()),
            venue_id: None,
            trainers: vec![Trainer {
                login: trainer.parse().expect("a login"),
                name: trainer.to_owned(),
            }],
            standing: SessionStanding::Published,
            starts: at(from).naive_utc(),
            ends: at(to).naive_utc(),
            span: (at(from), at(to)),
            places: (10, 3),
        }
    }

    #[test]
    fn a_trainer_or_a_venue_at_two_sessions_at_once_is_found_once() {
        let days = [
            day("S1", (10, 12), "amina", "St Mary\u{2019}s Hall"),
            day("S2", (11, 13), "amina", "Town Hall"),
            day("S3", (11, 12), "ruth", "st marys hall"),
            day("S4", (12, 14), "amina", "St Mary\u{2019}s Hall"),
        ];
        let found: Vec<_> = double_bookings(&days)
            .into_iter()
            .map(|one| (one.first.session.to_string(), one.second.session.to_string(), one.twice))
            .collect();
        let pair = |a: &str, b: &str, twice| (a.to_owned(), b.to_owned(), twice);
        assert_eq!(
            found,
            [
                pair("S1", "S2", Twice::Trainer("amina".to_owned())),
                pair("S1", "S3", Twice::Venue("St Mary\u{2019}s Hall".to_owned())),
                pair("S2", "S4", Twice::Trainer("amina".to_owned())),
            ]
        );
    }

    #[test]
    fn what_was_called_off_and_video_calls_share_nothing() {
        let mut days = vec![day("S1", (10, 12), "amina", ""), day("S2", (10, 12), "ruth", "")];
        assert!(double_bookings(&days).is_empty());
        days.push(SeasonDay {
            standing: SessionStanding::Cancelled,
            ..day("S3", (10, 12), "ruth", "")
        });
        assert!(double_bookings(&days).is_empty());
    }

    #[test]
    fn a_venue_on_the_list_is_known_by_its_number_whatever_it_is_called() {
        let at = |id: &str, one: SeasonDay| SeasonDay { venue_id: id.parse().ok(), ..one };
        let days = [
            at("V001", day("S1", (10, 12), "amina", "Town Hall")),
            at("V001", day("S2", (11, 13), "ruth", "Town Hall, room 3")),
            at("V002", day("S3", (11, 12), "omar", "Town Hall")),
        ];
        let found: Vec<_> = double_bookings(&days)
            .into_iter()
            .map(|one| (one.first.session.to_string(), one.second.session.to_string()))
            .collect();
        assert_eq!(found, [("S1".to_owned(), "S2".to_owned())]);
    }

    #[test]
    fn a_term_has_four_months_and_its_weeks_begin_on_monday() {
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert_eq!(term(date("2027-02-28")), (date("2027-01-01"), date("2027-04-30")));
        assert_eq!(term(date("2026-12-31")), (date("2026-09-01"), date("2026-12-31")));
        assert_eq!(
            [school_year(date("2027-08-31")), school_year(date("2027-09-01"))],
            [2026, 2027]
        );
        assert_eq!(month(date("2028-02-10")), (date("2028-02-01"), date("2028-02-29")));
        let weeks = weeks(date("2027-01-01"), date("2027-01-18"));
        assert_eq!(weeks, ["2026-12-28", "2027-01-04", "2027-01-11", "2027-01-18"].map(date));
    }

    #[test]
    fn days_are_at_one_time_unless_one_begins_when_the_other_ends_or_later() {
        let of = |span| day("S1", span, "amina", "");
        for (span, overlaps) in [
            ((8, 10), false),
            ((8, 11), true),
            ((10, 12), true),
            ((11, 12), true),
            ((9, 14), true),
            ((12, 13), false),
            ((14, 15), false),
        ] {
            let (one, other) = (of((10, 12)), of(span));
            assert_eq!(one.overlaps(&other), overlaps, "{span:?}");
            assert_eq!(other.overlaps(&one), overlaps, "{span:?}");
        }
    }

    #[test]
    fn the_days_of_one_session_are_not_in_each_others_way() {
        let one = day("S1", (10, 12), "amina", "Town Hall");
        let days = [SeasonDay { number: 2, ..one.clone() }, one];
        assert_eq!(double_bookings(&days), []);
    }

    #[test]
    fn days_stand_in_the_rows_of_what_they_have_in_common_week_by_week() {
        let days = [
            day("S1", (10, 12), "ruth", "Town Hall"),
            day("S2", (24 * 7, 24 * 7 + 2), "Amina", ""),
            day("S3", (34, 36), "ruth", "St Mary\u{2019}s Hall"),
        ];
        let by = |heads: fn(&SeasonDay) -> Vec<String>| {
            let told = |row: Row<'_>| {
                let weeks = row.weeks.into_iter().map(|(monday, days)| {
                    let codes = days.iter().map(|one| one.session.to_string());
                    (monday.to_string(), codes.collect::<Vec<_>>().join(" "))
                });
                (row.head, weeks.collect::<Vec<_>>())
            };
            rows(&days, heads).into_iter().map(told).collect::<Vec<_>>()
        };
        let week = |monday: &str, codes: &str| (monday.to_owned(), codes.to_owned());
        let (first, second) = ("2027-01-11", "2027-01-18");
        assert_eq!(
            by(|day| day.trainers.iter().map(|one| one.name.clone()).collect()),
            [
                ("Amina".to_owned(), vec![week(second, "S2")]),
                ("ruth".to_owned(), vec![week(first, "S1 S3")]),
            ]
        );
        assert_eq!(
            by(|day| day.venue.iter().cloned().collect()),
            [
                ("St Mary\u{2019}s Hall".to_owned(), vec![week(first, "S3")]),
                ("Town Hall".to_owned(), vec![week(first, "S1")]),
            ]
        );
        assert_eq!(
            by(|day| vec![day.title.clone()]),
            [("First steps".to_owned(), vec![week(first, "S1 S3"), week(second, "S2")])]
        );
    }
}
