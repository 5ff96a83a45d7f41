//! Dates and times as people and spreadsheets write them.

use chrono::{Datelike, Duration, NaiveDate, NaiveTime};

/// Whether 03/04 is in April or in March.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// The day stands first, as in the United Kingdom.
    DayFirst,
    /// The month stands first, as in the United States.
    MonthFirst,
}

/// Why a date could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DateFault {
    /// It is no date.
    Unreadable,
    /// It is one of two: with the day first, or with the month first.
    Ambiguous(NaiveDate, NaiveDate),
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

const DAYS: [&str; 7] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// Numbers of days since the end of 1899, as spreadsheets keep dates: from 1954 to 2119.
const SERIALS: std::ops::RangeInclusive<i64> = 20_000..=80_000;

fn is_start_of(word: &str, whole: &str) -> bool {
    word.len() >= 3 && whole.starts_with(word)
}

fn month(word: &str) -> Option<u32> {
    if word == "sept" {
        return Some(9);
    }
    let at = MONTHS.iter().position(|month| is_start_of(word, month))?;
    u32::try_from(at + 1).ok()
}

/// A day of a month, with or without `st`, `nd`, `rd` or `th`.
fn number(word: &str) -> Option<u32> {
    let ends = ["st", "nd", "rd", "th"];
    let bare = ends.iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word);
    bare.parse().ok()
}

fn full_year(year: u32) -> Option<i32> {
    let year = if year < 100 { 2000 + year } else { year };
    (1900..=2200).contains(&year).then(|| i32::try_from(year).ok()).flatten()
}

/// A day and a month without a year are the next such day.
fn next(day: u32, month: u32, today: NaiveDate) -> Option<NaiveDate> {
    let years = today.year()..today.year() + 5;
    years.filter_map(|year| NaiveDate::from_ymd_opt(year, month, day)).find(|day| *day >= today)
}

fn serial(days: i64) -> Option<NaiveDate> {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?;
    SERIALS.contains(&days).then(|| first.checked_add_signed(Duration::days(days))).flatten()
}

/// A date: `2027-01-09`, `9 Jan 2027`, `Saturday 9th January`, `9/1/27` or a spreadsheet's own number.
pub(super) fn date(
    text: &str,
    order: Option<DateOrder>,
    today: NaiveDate,
) -> Result<NaiveDate, DateFault> {
    let text = text.trim().to_lowercase();
    if let Ok(days) = text.parse::<i64>() {
        return serial(days).ok_or(DateFault::Unreadable);
    }
    let separates = |c: char| c.is_whitespace() || ",./-".contains(c);
    let words: Vec<&str> = text
        .split(separates)
        .filter(|word| !word.is_empty() && *word != "of" && *word != "the")
        .filter(|word| !DAYS.iter().any(|day| is_start_of(word, day)))
        .collect();
    let numbers: Vec<u32> = words.iter().filter_map(|word| number(word)).collect();
    let named: Vec<u32> = words.iter().filter_map(|word| month(word)).collect();
    if numbers.len() + named.len() != words.len() {
        return Err(DateFault::Unreadable);
    }
    let found = match (named.as_slice(), numbers.as_slice()) {
        ([month], [day]) => next(*day, *month, today),
        ([month], [year, day]) if *year > 31 => on(*year, *month, *day),
        ([month], [day, year]) => on(*year, *month, *day),
        ([], [year, month, day]) if *year > 31 => on(*year, *month, *day),
        ([], [one, other, year]) => return ordered((*one, *other, Some(*year)), order, today),
        ([], [one, other]) => return ordered((*one, *other, None), order, today),
        _ => None,
    };
    found.ok_or(DateFault::Unreadable)
}

fn on(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(full_year(year)?, month, day)
}

/// A date in numbers alone, whose order may be unclear.
fn ordered(
    (one, other, year): (u32, u32, Option<u32>),
    order: Option<DateOrder>,
    today: NaiveDate,
) -> Result<NaiveDate, DateFault> {
    let made = |day, month| match year {
        Some(year) => on(year, month, day),
        None => next(day, month, today),
    };
    match (made(one, other), made(other, one), order) {
        (Some(day_first), Some(month_first), None) if one != other => {
            Err(DateFault::Ambiguous(day_first, month_first))
        }
        (Some(day_first), None, _)
        | (Some(day_first), Some(_), None | Some(DateOrder::DayFirst)) => Ok(day_first),
        (None, Some(month_first), _)
        | (Some(_), Some(month_first), Some(DateOrder::MonthFirst)) => Ok(month_first),
        (None, None, _) => Err(DateFault::Unreadable),
    }
}

/// A time: `9.30am`, `9:30`, `0930`, `14h30`, `2 pm`, `noon`, or a spreadsheet's part of a day.
pub(super) fn time(text: &str) -> Option<NaiveTime> {
    let text: String = text.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    match text.as_str() {
        "noon" | "midday" | "12noon" => return NaiveTime::from_hms_opt(12, 0, 0),
        "midnight" => return NaiveTime::from_hms_opt(0, 0, 0),
        _ => {}
    }
    if let Some(part) = text.parse::<f64>().ok().filter(|part| (0.0..1.0).contains(part)) {
        let minutes = (part * 1440.0).round() as u32;
        return NaiveTime::from_hms_opt(minutes / 60 % 24, minutes % 60, 0);
    }
    let plain = text.replace("a.m.", "am").replace("p.m.", "pm");
    let (clock, half) = match (plain.strip_suffix("am"), plain.strip_suffix("pm")) {
        (Some(clock), _) => (clock, Some(0)),
        (_, Some(clock)) => (clock, Some(12)),
        _ => (plain.as_str(), None),
    };
    let parts: Vec<&str> = clock.split([':', '.', 'h']).filter(|part| !part.is_empty()).collect();
    let (hour, minute) = match parts.as_slice() {
        [whole] if whole.len() > 2 && whole.len() <= 4 => {
            whole.split_at_checked(whole.len() - 2)?
        }
        [hour] if half.is_some() => (*hour, "0"),
        [hour, minute] | [hour, minute, _] if minute.len() == 2 => (*hour, *minute),
        _ => return None,
    };
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        Some(_) if !(1..=12).contains(&hour) => return None,
        Some(half) => hour % 12 + half,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// From when to when: `9.30am - 4pm`, `10-12.30`, `2pm to 4pm`.
pub(super) fn span(text: &str) -> Option<(NaiveTime, NaiveTime)> {
    let text = text.to_lowercase().replace(" to ", "-").replace(" until ", "-");
    let (from, to) = text.split_once(['-', '\u{2013}', '\u{2014}'])?;
    let (from, to) = (from.trim(), to.trim());
    let half = ["am", "pm"].into_iter().find(|half| to.ends_with(half)).unwrap_or("");
    let whole = |clock: &str| {
        let is_hour = clock.len() <= 2 && clock.chars().all(|c| c.is_ascii_digit());
        if is_hour { format!("{clock}:00") } else { clock.to_owned() }
    };
    let ends = time(&whole(to))?;
    // In "2-4pm" both are in the afternoon; in "10-2pm" the first is not.
    let near = time(&format!("{from}{half}")).filter(|starts| *starts < ends);
    let starts = if from.ends_with('m') { time(from) } else { near.or_else(|| time(&whole(from))) };
    Some((starts?, ends))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Result<NaiveDate, DateFault> {
        date(text, None, NaiveDate::from_ymd_opt(2026, 11, 26).unwrap())
    }

    fn is(year: i32, month: u32, day: u32) -> Result<NaiveDate, DateFault> {
        Ok(NaiveDate::from_ymd_opt(year, month, day).unwrap())
    }

    #[test]
    fn dates_are_read_as_people_write_them() {
        for text in [
            "2027-01-13",
            "13/01/2027",
            "13.1.27",
            "13 Jan 2027",
            "13 January 2027",
            "Wed 13 Jan",
            "13th January",
            "January 13, 2027",
            "Jan 13",
            "1/13/2027",
            "46400",
            "13-Jan-27",
            "Wednesday, 13th of January 2027",
        ] {
            assert_eq!(day(text), is(2027, 1, 13), "{text}");
        }
        assert_eq!(day("1 Dec"), is(2026, 12, 1));
        assert_eq!(day("5/5/2027"), is(2027, 5, 5));
        for text in ["", "soon", "31/31/2027", "30 Feb 2027", "12", "1/2/3/4", "99999999"] {
            assert_eq!(day(text), Err(DateFault::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_date_that_can_be_two_days_is_asked_about() {
        let fault = DateFault::Ambiguous(is(2027, 4, 3).unwrap(), is(2027, 3, 4).unwrap());
        assert_eq!(day("03/04/2027"), Err(fault));
        let today = NaiveDate::from_ymd_opt(2026, 11, 26).unwrap();
        assert_eq!(date("3/4/27", Some(DateOrder::DayFirst), today), is(2027, 4, 3));
        assert_eq!(date("3/4/27", Some(DateOrder::MonthFirst), today), is(2027, 3, 4));
        assert_eq!(date("3/14/27", Some(DateOrder::DayFirst), today), is(2027, 3, 14));
    }

    #[test]
    fn times_are_read_by_either_clock() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        for text in ["9.30am", "9:30", "09:30:00", "0930", "9.30 a.m.", "9h30", "0.3958333333"] {
            assert_eq!(time(text), at(9, 30), "{text}");
        }
        for (text, hour) in [("2pm", 14), ("12pm", 12), ("12am", 0), ("noon", 12), ("1400", 14)] {
            assert_eq!(time(text), at(hour, 0), "{text}");
        }
        for text in ["", "25:00", "13pm", "late", "9", "9:5"] {
            assert_eq!(time(text), None, "{text}");
        }
        let both = |from: (u32, u32), to: (u32, u32)| at(from.0, from.1).zip(at(to.0, to.1));
        assert_eq!(span("9.30am - 4pm"), both((9, 30), (16, 0)));
        assert_eq!(span("2\u{2013}4pm"), both((14, 0), (16, 0)));
        assert_eq!(span("10-2pm"), both((10, 0), (14, 0)));
        assert_eq!(span("10:00 to 12:30"), both((10, 0), (12, 30)));
        assert_eq!(span("all day"), None);
    }

    #[test]
    fn the_year_stands_first_or_last_or_nowhere() {
        for (text, year, month, of_month) in [
            ("2027 January 13", 2027, 1, 13),
            ("2027/13 Jan", 2027, 1, 13),
            ("31 Jan 27", 2027, 1, 31),
            ("31/1/27", 2027, 1, 31),
            ("13/1", 2027, 1, 13),
            ("26 Nov", 2026, 11, 26),
            ("25 Nov", 2027, 11, 25),
            ("29 Feb", 2028, 2, 29),
            ("1 Jan 2200", 2200, 1, 1),
        ] {
            assert_eq!(day(text), is(year, month, of_month), "{text}");
        }
        // 2100 is no leap year, and nobody means a day that is more than five years away.
        let before = NaiveDate::from_ymd_opt(2096, 3, 1).unwrap();
        assert_eq!(date("29 Feb", None, before), Err(DateFault::Unreadable));
        for text in ["1 January 100", "1 January 1899", "1 January 2201", "31 Feb"] {
            assert_eq!(day(text), Err(DateFault::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_span_may_have_its_hours_without_a_word_for_the_half_of_the_day() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        assert_eq!(time("midnight"), at(0, 0));
        for (text, starts, ends) in [
            ("0930-1030", at(9, 30), at(10, 30)),
            ("10-12.30", at(10, 0), at(12, 30)),
            ("9 until 17", at(9, 0), at(17, 0)),
            ("10am-2pm", at(10, 0), at(14, 0)),
            // Not from midnight to midnight, but from noon.
            ("12-12am", at(12, 0), at(0, 0)),
        ] {
            assert_eq!(span(text), starts.zip(ends), "{text}");
        }
    }
}
