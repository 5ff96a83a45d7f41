//! On a Wednesday after five the demo's first session had closed for booking before anybody saw it,
//! and a fifth of the sample's bookings were refused.

use chrono::{Duration, NaiveDate};
use turnout::{
    cli::import::{sample::write_sample, weeks_to_shift},
    domain::wording::date,
};

/// When the sample's first session closes for booking, and when it starts.
fn closes_and_starts() -> (chrono::NaiveDateTime, chrono::NaiveDateTime) {
    let day = |day| NaiveDate::from_ymd_opt(2027, 1, day).expect("a day");
    let at = |date: NaiveDate, hour, minute| date.and_hms_opt(hour, minute, 0).expect("a time");
    (at(day(6), 17, 0), at(day(9), 9, 30))
}

#[test]
fn whenever_the_demo_begins_its_first_session_can_be_booked() {
    let folder = tempfile::tempdir().expect("a folder");
    write_sample(folder.path()).expect("the sample");
    let (closes, starts) = closes_and_starts();
    let monday = NaiveDate::from_ymd_opt(2026, 11, 23).expect("a day");
    for hour in 0..14 * 24 {
        let now = monday.and_hms_opt(0, 30, 0).expect("a time") + Duration::hours(hour);
        let weeks = weeks_to_shift(folder.path(), now.and_utc()).expect("weeks");
        let shift = Duration::weeks(weeks);
        assert!(closes + shift > now, "closed before {} at {}", date(now.date()), now.time());
        let days = (starts + shift).date() - now.date();
        assert!((4..=10).contains(&days.num_days()), "{days} days to go");
    }
}
