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
}
