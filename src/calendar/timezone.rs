//! VTIMEZONE from a zone's rules (RFC 5545 3.6.5): the one shape all calendar apps read, with one
//! STANDARD, at most one DAYLIGHT, and a yearly RRULE each.

use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use ical::parser::ical::component::{
    IcalTimeZone, IcalTimeZoneTransition, IcalTimeZoneTransitionType as Kind,
};

use quick_cache::sync::Cache;

use super::text::{local, prop};

/// One yearly change of the clocks, as far as it is the same every year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Change {
    month: u32,
    /// Which of its weekdays in the month: 1 to 4, or -1 for the last.
    ordinal: i8,
    weekday: chrono::Weekday,
    /// Seconds after midnight on the wall, before the change.
    second: u32,
    before: i32,
    after: i32,
}

/// Working one out asks for the zone's offset some thousands of times, and the same few zones and years
/// are asked for again with every invite.
static KNOWN: LazyLock<Cache<(Tz, i32, i32), Option<IcalTimeZone>>> =
    LazyLock::new(|| Cache::new(256));

/// The zone as calendar apps read it for the years `first` to `last`; `None` if its rules do not
/// fit that shape, and its times must be written in UTC.
pub(super) fn component(zone: Tz, first: i32, last: i32) -> Option<IcalTimeZone> {
    let asked = (zone, first, last);
    if let Some(known) = KNOWN.get(&asked) {
        return known;
    }
    let worked_out = work_out(zone, first, last);
    KNOWN.insert(asked, worked_out.clone());
    worked_out
}

fn work_out(zone: Tz, first: i32, last: i32) -> Option<IcalTimeZone> {
    let mut years = ((first - 1)..=(last + 1)).map(|year| changes(zone, year));
    let rules = years.next()?;
    let same = |year: Vec<(Change, u32)>| {
        year.len() == rules.len()
            && rules
                .iter()
                .zip(&year)
                .all(|(a, b)| Change { ordinal: 0, ..a.0 } == Change { ordinal: 0, ..b.0 })
    };
    let rest: Vec<_> = years.collect();
    if !rest.iter().cloned().all(same) {
        return None;
    }
    let transitions = match rules.as_slice() {
        [] => vec![fixed(zone, first)],
        [one, two] => {
            let all = |at: usize| {
                std::iter::once(&rules).chain(&rest).map(move |year| year[at]).collect::<Vec<_>>()
            };
            vec![yearly(one.0, &all(0))?, yearly(two.0, &all(1))?]
        }
        _ => return None,
    };
    let mut component = IcalTimeZone::new();
    component.properties.push(prop("TZID", zone.name()));
    component.transitions = transitions;
    Some(component)
}

/// The changes of one year, each with the day of the month it falls on.
fn changes(zone: Tz, year: i32) -> Vec<(Change, u32)> {
    let Some(mut at) = Utc.with_ymd_and_hms(year, 1, 1, 0, 0, 0).single() else {
        return Vec::new();
    };
    let offset =
        |at: DateTime<Utc>| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let mut found = Vec::new();
    while at.year() == year {
        let next = at + Duration::hours(12);
        let (before, after) = (offset(at), offset(next));
        if before != after {
            let moment = exact(at, next, &offset);
            let wall = (moment + Duration::seconds(i64::from(before))).naive_utc();
            found.push((change(wall, before, after), wall.day()));
        }
        at = next;
    }
    found
}

/// The first second with the new offset.
fn exact(
    mut low: DateTime<Utc>,
    mut high: DateTime<Utc>,
    offset: &dyn Fn(DateTime<Utc>) -> i32,
) -> DateTime<Utc> {
    let before = offset(low);
    while high - low > Duration::seconds(1) {
        let middle = low + (high - low) / 2;
        if offset(middle) == before { low = middle } else { high = middle }
    }
    use chrono::SubsecRound;
    high.trunc_subsecs(0)
}

fn change(wall: NaiveDateTime, before: i32, after: i32) -> Change {
    let second = chrono::Timelike::num_seconds_from_midnight(&wall);
    Change { month: wall.month(), ordinal: 0, weekday: wall.weekday(), second, before, after }
}

/// The rule that gives exactly these days; `None` if there is none.
fn yearly(change: Change, years: &[(Change, u32)]) -> Option<IcalTimeZoneTransition> {
    let nth = |day: u32| i8::try_from((day - 1) / 7 + 1).unwrap_or(5);
    let first = nth(years.first()?.1);
    let last_week = |year: &(Change, u32)| year.1 + 7 > days_in(year.0.month);
    let ordinal = if years.iter().all(|year| nth(year.1) == first) && first < 5 {
        first
    } else if years.iter().all(last_week) {
        -1
    } else {
        return None;
    };
    let kind = if change.after > change.before { Kind::DAYLIGHT } else { Kind::STANDARD };
    let mut part = IcalTimeZoneTransition::new(kind);
    let start = first_in_1970(change, ordinal)?;
    part.properties.push(prop("DTSTART", local(start)));
    part.properties.push(prop("TZOFFSETFROM", offset(change.before)));
    part.properties.push(prop("TZOFFSETTO", offset(change.after)));
    let day = &change.weekday.to_string().to_uppercase()[..2];
    let rule = format!("FREQ=YEARLY;BYMONTH={};BYDAY={ordinal}{day}", change.month);
    part.properties.push(prop("RRULE", rule));
    Some(part)
}

/// Days in a month; February as in a common year, since clocks never change at its end.
fn days_in(month: u32) -> u32 {
    match month {
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

fn first_in_1970(change: Change, ordinal: i8) -> Option<NaiveDateTime> {
    let days = (1..=days_in(change.month)).filter_map(|day| {
        let date = chrono::NaiveDate::from_ymd_opt(1970, change.month, day)?;
        (date.weekday() == change.weekday).then_some(date)
    });
    let mut days: Vec<_> = days.collect();
    if ordinal < 0 {
        days.reverse();
    }
    let index = usize::from(ordinal.unsigned_abs()).checked_sub(1)?;
    let midnight = days.get(index)?.and_hms_opt(0, 0, 0)?;
    Some(midnight + Duration::seconds(i64::from(change.second)))
}

/// A zone whose clocks never change.
fn fixed(zone: Tz, year: i32) -> IcalTimeZoneTransition {
    let at = Utc.with_ymd_and_hms(year, 7, 1, 0, 0, 0).single().unwrap_or_default();
    let seconds = zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
    let mut part = IcalTimeZoneTransition::new(Kind::STANDARD);
    part.properties.push(prop("DTSTART", "19700101T000000"));
    part.properties.push(prop("TZOFFSETFROM", offset(seconds)));
    part.properties.push(prop("TZOFFSETTO", offset(seconds)));
    part
}

/// A UTC-OFFSET (RFC 5545 3.3.14).
fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let (hours, rest) = (seconds.abs() / 3600, seconds.abs() % 3600);
    match (rest / 60, rest % 60) {
        (minutes, 0) => format!("{sign}{hours:02}{minutes:02}"),
        (minutes, seconds) => format!("{sign}{hours:02}{minutes:02}{seconds:02}"),
    }
}

#[cfg(test)]
mod tests {
    use ical::generator::Emitter;

    use super::*;

    #[test]
    fn london_has_one_summer_and_one_winter_rule() {
        let london = component(chrono_tz::Europe::London, 2026, 2028).map(|zone| zone.generate());
        let expected = "BEGIN:VTIMEZONE\r\nTZID:Europe/London\r\nBEGIN:DAYLIGHT\r\n\
            DTSTART:19700329T010000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\n\
            RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\nEND:DAYLIGHT\r\nBEGIN:STANDARD\r\n\
            DTSTART:19701025T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\n\
            RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
        assert_eq!(london.as_deref(), Some(expected));
    }

    #[test]
    fn what_is_remembered_of_a_zone_is_what_is_worked_out() {
        let text = |zone: Option<IcalTimeZone>| zone.map(|zone| zone.generate());
        let ranges = [(2026, 2026), (2027, 2028)];
        // Twice, so that some come from memory, and more than it holds, so that some were forgotten.
        for _ in 0..2 {
            for zone in chrono_tz::TZ_VARIANTS {
                for (first, last) in ranges {
                    let slow = text(work_out(zone, first, last));
                    assert_eq!(text(component(zone, first, last)), slow, "{zone} {first}");
                }
            }
        }
        let (london, lagos) = (chrono_tz::Europe::London, chrono_tz::Africa::Lagos);
        assert_ne!(text(component(london, 2026, 2026)), text(component(lagos, 2026, 2026)));
    }

    #[test]
    fn nearly_every_zone_fits_the_shape_and_the_others_are_left_to_utc() {
        let misfits: Vec<_> = chrono_tz::TZ_VARIANTS
            .into_iter()
            .filter(|zone| component(*zone, 2026, 2028).is_none())
            .map(Tz::name)
            .collect();
        assert!(misfits.contains(&"Africa/Casablanca"), "{misfits:?}");
        assert!(misfits.len() < 12, "{misfits:?}");
    }
}
