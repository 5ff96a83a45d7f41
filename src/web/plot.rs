//! Plots drawn on the server as plain SVG shapes, without styles or scripts of their own. The table
//! behind each says the same to whoever cannot see it.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use crate::domain::wording;

/// The plot's own units.
const WIDTH: i64 = 600;
const HEIGHT: i64 = 160;

/// A mark on an axis: where, and what it says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    /// Where, in the plot's units from the left or the top.
    pub at: i64,
    /// What it says.
    pub label: String,
}

/// How many places were booked, day by day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Steps {
    /// The line, as the data of an SVG path.
    pub path: String,
    /// Where the capacity is, from the top.
    pub capacity_at: i64,
    /// The first and the last day.
    pub days: [Tick; 2],
    /// Nought, and the most.
    pub counts: [Tick; 2],
    /// The same in words: each day on which the number changed, and the number after it.
    pub rows: Vec<(String, i64)>,
}

impl Steps {
    /// The plot of places that were booked and perhaps given up again, against a capacity, from the
    /// first booking until `until`; `None` while there is nothing to draw.
    pub fn of(
        times: &[(DateTime<Utc>, Option<DateTime<Utc>>)],
        capacity: u32,
        until: DateTime<Utc>,
        zone: Tz,
    ) -> Option<Self> {
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let gained = times.iter().map(|(booked, _)| (day(*booked), 1));
        let lost = times.iter().filter_map(|(_, given_up)| Some((day((*given_up)?), -1)));
        let mut changes: Vec<(NaiveDate, i64)> = gained.chain(lost).collect();
        changes.sort();
        let (first, last) = (changes.first()?.0, changes.last()?.0.max(day(until)));
        let mut levels: Vec<(NaiveDate, i64)> = Vec::new();
        let mut count = 0;
        for (on, change) in changes {
            count += change;
            match levels.last_mut() {
                Some(level) if level.0 == on => level.1 = count,
                _ => levels.push((on, count)),
            }
        }
        let most = levels.iter().map(|level| level.1).max().unwrap_or(0).max(capacity.into());
        let span = (last - first).num_days().max(1);
        let across = |on: NaiveDate| (on - first).num_days() * WIDTH / span;
        let down = |count: i64| HEIGHT - count * HEIGHT / most.max(1);
        let mut path = format!("M0 {HEIGHT}");
        for (on, count) in &levels {
            path.push_str(&format!("H{}V{}", across(*on), down(*count)));
        }
        path.push_str(&format!("H{WIDTH}"));
        Some(Self {
            path,
            capacity_at: down(capacity.into()),
            days: [
                Tick { at: 0, label: wording::date(first) },
                Tick { at: WIDTH, label: wording::date(last) },
            ],
            counts: [
                Tick { at: HEIGHT, label: "0".to_owned() },
                Tick { at: 0, label: most.to_string() },
            ],
            rows: levels.into_iter().map(|(on, count)| (wording::date(on), count)).collect(),
        })
    }
}

/// How long a bar of 200 is for `count` where the longest is `most`.
pub fn bar(count: &u32, most: &u32) -> u32 {
    (count * 200).checked_div(*most).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_steps_up_with_each_booking_and_down_with_each_that_is_given_up() {
        let at = |day: u32| {
            NaiveDate::from_ymd_opt(2026, 9, day).unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc()
        };
        let times = [(at(1), None), (at(1), Some(at(6))), (at(3), None)];
        let plot = Steps::of(&times, 4, at(11), Tz::UTC).unwrap();
        assert_eq!(plot.path, "M0 160H0V80H120V40H300V80H600");
        assert_eq!(plot.capacity_at, 0);
        let rows: Vec<i64> = plot.rows.iter().map(|row| row.1).collect();
        assert_eq!(rows, [2, 3, 2]);
        assert_eq!(Steps::of(&[], 4, at(11), Tz::UTC), None);
        assert_eq!((bar(&5, &10), bar(&5, &0)), (100, 0));
    }
}
