//! Dates, times and lists in plain English, the same on pages and in letters.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use chrono_tz::Tz;

use super::{occupancy::TeamPolicy, session::Session, sitting::Sitting};

/// `9.30am`, `noon`, `5pm`; never `midnight`, which nobody reads the same way.
pub fn time(time: NaiveTime) -> String {
    if (time.hour(), time.minute()) == (12, 0) {
        return "noon".to_owned();
    }
    let (is_pm, hour) = time.hour12();
    let half = if is_pm { "pm" } else { "am" };
    match time.minute() {
        0 => format!("{hour}{half}"),
        minute => format!("{hour}.{minute:02}{half}"),
    }
}

/// `Sat 5 September 2026`.
pub fn long_date(day: NaiveDate) -> String {
    day.format("%a %-d %B %Y").to_string()
}

/// A day with its month in full: `Sat 5 September`.
pub fn date(day: NaiveDate) -> String {
    day.format("%a %-d %B").to_string()
}

/// A day for tight places: `Sat 5 Sep`.
pub fn short_date(day: NaiveDate) -> String {
    day.format("%a %-d %b").to_string()
}

/// `10am on Tuesday 25 August`, for deadlines.
pub fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    let local = at.with_timezone(&zone).naive_local();
    format!("{} on {}", time(local.time()), local.format("%A %-d %B"))
}

/// `10am on Tuesday 25 August, London time`, for deadlines in letters, which travel.
pub fn deadline(at: DateTime<Utc>, zone_of_session: Tz) -> String {
    format!("{}, {}", moment(at, zone_of_session), zone(zone_of_session))
}

/// `Tue 25 August 2026 at 10am, London time`, for what happened.
pub fn past_moment(at: DateTime<Utc>, in_zone: Tz) -> String {
    let local = at.with_timezone(&in_zone).naive_local();
    format!("{} at {}, {}", long_date(local.date()), time(local.time()), zone(in_zone))
}

/// The rule of the waiting list in a sentence or two, for a team that waits for `places` (W2).
pub fn waiting_rule(team: TeamPolicy, places: usize) -> String {
    let rule = "First come, first served. If a place comes free we offer it to the first on the \
                list it is enough for, and tell them how long they have to take it.";
    match team {
        _ if places < 2 => rule.to_owned(),
        TeamPolicy::Together => format!(
            "{rule} You asked to come all together, so a smaller group may go before you while \
             there are too few places for all of you. You keep your number."
        ),
        TeamPolicy::AsManyAsPossible => format!(
            "{rule} You asked for as many places as possible, so we may offer you some of them \
             first. The others keep your number."
        ),
    }
}

/// `9.30am to 4.30pm`; the day too where it ends on another.
pub fn time_span(starts: NaiveDateTime, ends: NaiveDateTime) -> String {
    if starts.date() == ends.date() {
        format!("{} to {}", time(starts.time()), time(ends.time()))
    } else {
        format!("{} to {} on {}", time(starts.time()), time(ends.time()), date(ends.date()))
    }
}

/// `Europe/London` as people say it: `London time`.
pub fn zone(zone: Tz) -> String {
    match zone.name() {
        "UTC" | "Etc/UTC" => "UTC".to_owned(),
        name => format!("{} time", name.rsplit('/').next().unwrap_or(name).replace('_', " ")),
    }
}

/// `Sat 5 September 2026, 9.30am to 4.30pm`.
pub fn day_and_hours(sitting: &Sitting) -> String {
    format!("{}, {}", long_date(sitting.starts.date()), time_span(sitting.starts, sitting.ends))
}

/// The same, and where the day is held if not where its session is: `…, at Town Hall, 1 Square`.
pub fn sitting(sitting: &Sitting) -> String {
    let when = day_and_hours(sitting);
    match &sitting.place {
        Some(place) => format!("{when}, at {}", place.location().public_line()),
        None => when,
    }
}

/// All the days of a session: `Sat 5 and Sat 12 September 2026`.
pub fn days(session: &Session) -> String {
    let days: Vec<NaiveDate> = session.sittings.iter().map(|s| s.starts.date()).collect();
    let Some(last) = days.last() else { return "dates to follow".to_owned() };
    if days.len() > 4 {
        return format!("{} days, {} to {}", days.len(), date(days[0]), long_date(*last));
    }
    let words = days.iter().enumerate().map(|(at, day)| match days.get(at + 1) {
        None => long_date(*day),
        Some(next) if next.year() != day.year() => long_date(*day),
        Some(next) if next.month() != day.month() => date(*day),
        Some(_) => day.format("%a %-d").to_string(),
    });
    list(&words.collect::<Vec<_>>())
}

/// The hours of a session: `9.30am to 4.30pm, both days`, or that they differ; with the zone where
/// it is not the one of the alliance's clocks.
pub fn hours(session: &Session) -> String {
    let hours = hours_by_the_wall(session);
    let elsewhere = session.sittings.iter().find(|s| s.zone != session.alliance.time_zone);
    match elsewhere {
        Some(sitting) => format!("{hours}, {}", zone(sitting.zone)),
        None => hours,
    }
}

fn hours_by_the_wall(session: &Session) -> String {
    let Some(first) = session.sittings.first() else { return String::new() };
    let (span, count) = (time_span(first.starts, first.ends), session.sittings.len());
    let hours = |one: &Sitting| (one.starts.time(), one.ends - one.starts);
    match count {
        1 => span,
        _ if session.sittings.iter().all(|one| hours(one) == hours(first)) => {
            let all = if count == 2 { "both days".to_owned() } else { format!("all {count} days") };
            if first.starts.date() == first.ends.date() {
                return format!("{span}, {all}");
            }
            let (starts, ends) = (time(first.starts.time()), time(first.ends.time()));
            format!("{starts} to {ends} the next day, {all}")
        }
        _ => format!("{span} on the first day; times differ"),
    }
}

/// `Ruth, Kwame and Mary`.
pub fn list<S: AsRef<str>>(items: &[S]) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [start @ .., last] => format!("{} and {last}", start.join(", ")),
    }
}

/// `6 hours`, `1 hour 30 minutes`, `45 minutes`.
pub fn duration(minutes: u32) -> String {
    let (hours, rest) = ((minutes / 60) as usize, (minutes % 60) as usize);
    match (hours, rest) {
        (0, rest) => count(rest, "minute", "minutes"),
        (hours, 0) => count(hours, "hour", "hours"),
        (hours, rest) => {
            format!("{} {}", count(hours, "hour", "hours"), count(rest, "minute", "minutes"))
        }
    }
}

/// `1 place`, `3 places`.
pub fn count(number: usize, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_people_say_them() {
        let at = |h, m| time(NaiveTime::from_hms_opt(h, m, 0).expect("a time"));
        assert_eq!(
            [at(9, 30), at(12, 0), at(17, 0), at(0, 5)],
            ["9.30am", "noon", "5pm", "12.05am"]
        );
    }

    #[test]
    fn lists_end_with_and() {
        assert_eq!(list(&["Ruth", "Kwame", "Mary"]), "Ruth, Kwame and Mary");
        assert_eq!(list(&["Ruth"]), "Ruth");
    }

    #[test]
    fn a_moment_is_told_by_the_clock_of_its_place() {
        let at = "2026-08-25T09:00:00Z".parse().expect("a moment");
        let zone = chrono_tz::Europe::London;
        assert_eq!(moment(at, zone), "10am on Tuesday 25 August");
        assert_eq!(deadline(at, zone), "10am on Tuesday 25 August, London time");
        assert_eq!(past_moment(at, zone), "Tue 25 August 2026 at 10am, London time");
        assert_eq!(past_moment(at, Tz::UTC), "Tue 25 August 2026 at 9am, UTC");
        assert_eq!(self::zone(chrono_tz::America::New_York), "New York time");
        let day = "2026-09-05".parse().expect("a day");
        assert_eq!(
            (date(day).as_str(), short_date(day).as_str()),
            ("Sat 5 September", "Sat 5 Sep")
        );
    }

    #[test]
    fn a_team_is_told_the_rule_that_it_chose() {
        use TeamPolicy::{AsManyAsPossible, Together};
        let alone = waiting_rule(Together, 1);
        assert!(alone.starts_with("First come, first served."), "{alone}");
        assert_eq!(alone, waiting_rule(AsManyAsPossible, 1), "there is nothing to choose");
        for (team, own) in
            [(Together, "all together"), (AsManyAsPossible, "as many places as possible")]
        {
            let rule = waiting_rule(team, 2);
            assert!(rule.starts_with(&alone) && rule.contains(own), "{rule}");
        }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a wall time")
    }

    fn session(days: &[(&str, &str)]) -> Session {
        let day = |(number, (starts, ends)): (u32, &(&str, &str))| {
            let (starts, ends) = (at(starts), at(ends));
            Sitting { starts, ends, ..crate::domain::samples::sitting(number, "2026-09-05") }
        };
        let sittings = (1..).zip(days).map(day).collect();
        Session { sittings, ..crate::domain::samples::session() }
    }

    #[test]
    fn the_days_of_a_session_say_a_month_and_a_year_once() {
        let on = |days: &[&str]| {
            let hours = |day: &&str| (format!("{day}T09:30:00"), format!("{day}T16:30:00"));
            let all: Vec<_> = days.iter().map(hours).collect();
            let all: Vec<_> = all.iter().map(|(from, to)| (from.as_str(), to.as_str())).collect();
            self::days(&session(&all))
        };
        assert_eq!(on(&[]), "dates to follow");
        assert_eq!(on(&["2026-09-05"]), "Sat 5 September 2026");
        assert_eq!(on(&["2026-09-05", "2026-09-12"]), "Sat 5 and Sat 12 September 2026");
        assert_eq!(on(&["2026-09-26", "2026-10-03"]), "Sat 26 September and Sat 3 October 2026");
        assert_eq!(
            on(&["2025-09-06", "2026-09-05"]),
            "Sat 6 September 2025 and Sat 5 September 2026"
        );
        let four = ["2026-09-05", "2026-09-06", "2026-09-12", "2026-09-13"];
        assert_eq!(on(&four), "Sat 5, Sun 6, Sat 12 and Sun 13 September 2026");
        let five = [&four[..], &["2026-09-19"]].concat();
        assert_eq!(on(&five), "5 days, Sat 5 September to Sat 19 September 2026");
    }

    #[test]
    fn the_hours_of_a_session_are_told_once_where_they_are_the_same() {
        let first = ("2026-09-05T09:30:00", "2026-09-05T16:30:00");
        let second = ("2026-09-12T09:30:00", "2026-09-12T16:30:00");
        let third = ("2026-09-19T09:30:00", "2026-09-19T16:30:00");
        let shorter = ("2026-09-12T09:30:00", "2026-09-12T12:00:00");
        let nights = [
            ("2026-09-05T22:00:00", "2026-09-06T01:00:00"),
            ("2026-09-12T22:00:00", "2026-09-13T01:00:00"),
        ];
        for (days, words) in [
            (&[][..], ""),
            (&[first], "9.30am to 4.30pm"),
            (&[first, second], "9.30am to 4.30pm, both days"),
            (&[first, second, third], "9.30am to 4.30pm, all 3 days"),
            (&[first, shorter], "9.30am to 4.30pm on the first day; times differ"),
            (&nights[..1], "10pm to 1am on Sun 6 September"),
            (&nights, "10pm to 1am the next day, both days"),
        ] {
            assert_eq!(hours(&session(days)), words);
        }
        let mut elsewhere = session(&[first, second]);
        elsewhere.sittings[1].zone = chrono_tz::Europe::Dublin;
        assert_eq!(hours(&elsewhere), "9.30am to 4.30pm, both days, Dublin time");
    }

    #[test]
    fn a_day_says_where_it_is_held_if_elsewhere() {
        let mut day = session(&[("2026-09-05T09:30:00", "2026-09-05T16:30:00")]).sittings.remove(0);
        assert_eq!(sitting(&day), "Sat 5 September 2026, 9.30am to 4.30pm");
        let (name, address) = ("Town Hall".to_owned(), "1 Square".to_owned());
        day.place = Some(crate::domain::sitting::DayPlace { venue: None, name, address });
        assert_eq!(sitting(&day), "Sat 5 September 2026, 9.30am to 4.30pm, at Town Hall, 1 Square");
    }

    #[test]
    fn a_length_of_time_is_told_in_hours_and_minutes() {
        for (minutes, words) in [
            (1, "1 minute"),
            (45, "45 minutes"),
            (60, "1 hour"),
            (90, "1 hour 30 minutes"),
            (720, "12 hours"),
        ] {
            assert_eq!(duration(minutes), words);
        }
    }
}
