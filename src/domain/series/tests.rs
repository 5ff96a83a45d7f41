use std::sync::Arc;

use super::*;
use crate::domain::{
    admission::Admission,
    alliance::Alliance,
    course::Course,
    location::Location,
    samples::{session, sitting},
    session::BookingMode,
};

fn on(code: &str, day: &str) -> Session {
    let sittings = vec![sitting(1, day)];
    Session { code: code.parse().expect("a code"), sittings, ..session() }
}

/// The rows of a list in short: a series by the codes of its dates.
fn rows(sessions: &[Session]) -> Vec<String> {
    let sessions: Vec<_> = sessions.iter().collect();
    let row = |row: &ListRow<'_>| match row {
        ListRow::Once(session) => session.code.to_string(),
        ListRow::Weekly(dates) => {
            dates.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join("+")
        }
    };
    told(&sessions).iter().map(row).collect()
}

fn weeks() -> [Session; 3] {
    [on("A", "2026-09-03"), on("B", "2026-09-10"), on("C", "2026-09-24")]
}

#[test]
fn three_weeks_that_differ_in_nothing_else_are_told_once_where_the_first_stands() {
    let [a, b, c] = weeks();
    let other = Session { mode: BookingMode::Approval, ..on("X", "2026-09-04") };
    let all = [a.clone(), other, b.clone(), c];
    assert_eq!(rows(&all), ["A+B+C", "X"]);
    assert_eq!(rows(&[a.clone(), b.clone()]), ["A", "B"], "two are no series");
    let late = on("D", "2026-10-01");
    assert_eq!(rows(&[a, b, late]), ["A", "B", "D"], "three weeks are too long a rest");
}

#[test]
fn a_week_that_differs_is_told_by_itself() {
    let [a, b, c] = weeks();
    let course = Course { slug: "first".parse().expect("a slug"), ..(*b.course).clone() };
    let alliance = Alliance { slug: "leeds".parse().expect("a slug"), ..(*b.alliance).clone() };
    let mut later = b.clone();
    later.sittings[0].starts += chrono::Duration::minutes(30);
    let mut two_days = b.clone();
    two_days.sittings.push(sitting(2, "2026-09-11"));
    let room = "https://meet.example/a".to_owned();
    let off = Publication::Cancelled { at: DateTime::UNIX_EPOCH, reason: "Ill".to_owned() };
    for other in [
        Session { course: Arc::new(course), ..b.clone() },
        Session { alliance: Arc::new(alliance), ..b.clone() },
        Session { location: Location::Online { room }, ..b.clone() },
        Session { mode: BookingMode::Approval, ..b.clone() },
        Session { publication: off, ..b.clone() },
        on("B", "2026-09-09"),
        on("B", "2026-09-03"),
        later,
        two_days,
    ] {
        assert_eq!(rows(&[a.clone(), other.clone(), c.clone()]), ["A", "B", "C"], "{other:?}");
    }
}

#[test]
fn a_row_begins_with_its_first_date() {
    let weeks = weeks();
    let all: Vec<_> = weeks.iter().collect();
    let code = |row: &ListRow<'_>| row.first().map(|one| one.code.to_string());
    assert_eq!(code(&ListRow::Once(&weeks[1])).as_deref(), Some("B"));
    assert_eq!(code(&ListRow::Weekly(all)).as_deref(), Some("A"));
}

fn series(bookable: Bookable, sessions: Vec<Session>) -> Series {
    Series { id: "thursday".parse().expect("a slug"), title: None, bookable, sessions }
}

fn codes(sessions: Vec<&Session>) -> String {
    sessions.iter().map(|one| one.code.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn of_a_series_people_see_what_lists_show_or_else_what_has_a_page() {
    let with = |session: Session, admission| Session { admission, ..session };
    let [a, b, c] = weeks();
    let (unlisted, closed) = (with(b, Admission::Unlisted), with(c, Admission::Closed));
    let seen = |sessions: &[&Session]| {
        let sessions = sessions.iter().map(|one| (*one).clone()).collect();
        codes(series(Bookable::Any, sessions).seen())
    };
    assert_eq!(seen(&[&a, &unlisted, &closed]), "A");
    assert_eq!(seen(&[&unlisted, &closed]), "B");
    assert_eq!(seen(&[&closed]), "");
}

#[test]
fn whoever_books_the_whole_books_what_opens_later_once_any_of_it_is_open() {
    let now = "2026-09-05T10:00:00Z".parse().expect("a moment");
    let later = Some("2026-09-06T10:00:00Z".parse().expect("a moment"));
    let [over, open, next] = weeks();
    let next = Session { booking_opens: later, ..next };
    let offered = |bookable, sessions: &[&Session]| {
        let sessions = sessions.iter().map(|one| (*one).clone()).collect();
        codes(series(bookable, sessions).offered(now))
    };
    assert_eq!(offered(Bookable::Any, &[&over, &open, &next]), "B");
    assert_eq!(offered(Bookable::Whole, &[&over, &open, &next]), "B C");
    assert_eq!(offered(Bookable::Whole, &[&over, &next]), "", "none of it is open");
}

#[test]
fn a_series_is_called_as_its_course_unless_it_has_a_title() {
    let one = series(Bookable::Any, weeks().to_vec());
    assert_eq!(one.name(), "Two-day leadership training");
    let titled = Series { title: Some("Learning Thursday".to_owned()), ..one };
    assert_eq!(titled.name(), "Learning Thursday");
}
