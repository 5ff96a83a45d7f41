//! The parts of a record: how a value is told, and how one state takes it from another.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

use super::Field;
use crate::domain::{
    admission::Admission,
    aims::Hopes,
    attendee::Guardian,
    colour::Colour,
    contact::{EmailAddress, PhoneNumber},
    course::Prerequisite,
    id::{AllianceSlug, CourseSlug, InstitutionCode, StaffLogin, VenueId},
    institution::{InstitutionKind, Membership},
    location::Location,
    page_words::DayWords,
    plan::PlannedSitting,
    question::{Asked, QuestionKind, ShownWhen},
    session::BookingMode,
    sitting::DayPlace,
    staff::Role,
    text::Line,
    wording,
};

/// A value as it is told. Two values that are told the same are the same.
pub trait Shown: Clone {
    /// In words, for whoever may edit it; moments in `zone`.
    fn shown(&self, zone: Tz) -> String;

    /// What the log says of it; `None` where it may say only that it changed: needs, addresses and
    /// the names of people, so that erasing somebody leaves the log true (P5).
    fn logged(&self, zone: Tz) -> Option<String> {
        Some(self.shown(zone))
    }
}

/// Values that are told as they are.
macro_rules! plain {
    ($($Value:ty),+ $(,)?) => {
        $(impl Shown for $Value {
            fn shown(&self, _: Tz) -> String {
                self.to_string()
            }
        })+
    };
}

/// Values of which the log says only that they changed.
macro_rules! unsaid {
    ($($Value:ty),+ $(,)?) => {
        $(impl Shown for $Value {
            fn shown(&self, _: Tz) -> String {
                self.to_string()
            }

            fn logged(&self, _: Tz) -> Option<String> {
                None
            }
        })+
    };
}

plain!(String, u32, Tz, AllianceSlug, CourseSlug, InstitutionCode, VenueId);
plain!(InstitutionKind, Membership, Colour, Hopes, ShownWhen);
unsaid!(EmailAddress, PhoneNumber);

impl Shown for Admission {
    fn shown(&self, _: Tz) -> String {
        match self {
            Self::Public => "everybody",
            Self::Unlisted => "whoever has its address",
            Self::Closed => "only people you book",
        }
        .to_owned()
    }
}

impl Shown for BookingMode {
    fn shown(&self, _: Tz) -> String {
        match self {
            Self::Instant => "booked at once",
            Self::Approval => "the organiser decides",
        }
        .to_owned()
    }
}

impl Shown for QuestionKind {
    fn shown(&self, _: Tz) -> String {
        self.called().to_owned()
    }
}

impl Shown for Asked {
    fn shown(&self, _: Tz) -> String {
        match self {
            Self::Booking => "whoever books, once",
            Self::Person => "each person",
        }
        .to_owned()
    }
}

impl Shown for Role {
    fn shown(&self, _: Tz) -> String {
        match self {
            Self::Administrator => "administrator",
            Self::Organiser => "organiser",
            Self::Trainer => "trainer",
        }
        .to_owned()
    }
}

impl Shown for bool {
    fn shown(&self, _: Tz) -> String {
        if *self { "yes" } else { "no" }.to_owned()
    }
}

/// The names of people, and their needs.
impl<const MAX: usize> Shown for Line<MAX> {
    fn shown(&self, _: Tz) -> String {
        self.to_string()
    }

    fn logged(&self, _: Tz) -> Option<String> {
        None
    }
}

impl Shown for Guardian {
    fn shown(&self, _: Tz) -> String {
        format!("{}, {}", self.name, self.contact)
    }

    fn logged(&self, _: Tz) -> Option<String> {
        None
    }
}

impl Shown for Vec<String> {
    fn shown(&self, _: Tz) -> String {
        self.join("; ")
    }
}

/// `Power and people: we begin with tea`.
impl Shown for DayWords {
    fn shown(&self, _: Tz) -> String {
        let parts = [&self.title, &self.note].into_iter().flatten();
        parts.map(String::as_str).collect::<Vec<_>>().join(": ")
    }
}

/// To the minute, as forms have it.
impl Shown for DateTime<Utc> {
    fn shown(&self, zone: Tz) -> String {
        let local = self.with_timezone(&zone).naive_local();
        let (time, day) = (wording::time(local.time()), wording::long_date(local.date()));
        format!("{time} on {day}, {}", wording::zone(zone))
    }
}

impl Shown for NaiveDate {
    fn shown(&self, _: Tz) -> String {
        wording::long_date(*self)
    }
}

/// The room of a call is told to whoever plans, and never to the log (C5).
impl Shown for Location {
    fn shown(&self, _: Tz) -> String {
        match self {
            Self::Venue { .. } => self.public_line(),
            Self::Online { room } => format!("Online: {room}"),
        }
    }

    fn logged(&self, _: Tz) -> Option<String> {
        Some(self.public_line())
    }
}

impl Shown for DayPlace {
    fn shown(&self, _: Tz) -> String {
        self.location().public_line()
    }
}

/// By the wall, as it is planned.
impl Shown for PlannedSitting {
    fn shown(&self, _: Tz) -> String {
        let day = wording::long_date(self.starts.date());
        format!("{day}, {}", wording::time_span(self.starts, self.ends))
    }
}

impl<T: Shown> Shown for Option<T> {
    fn shown(&self, zone: Tz) -> String {
        self.as_ref().map_or_else(String::new, |value| value.shown(zone))
    }

    fn logged(&self, zone: Tz) -> Option<String> {
        self.as_ref().map_or_else(|| Some(String::new()), |value| value.logged(zone))
    }
}

/// A part of a record: a value, or several that are edited one by one.
pub trait Part {
    /// Adds its fields; a field of several parts is called `key-part`.
    fn tell(&self, named: (&str, &str), zone: Tz, fields: &mut Vec<Field>);

    /// Takes these parts from another state; `""` is the whole.
    fn adopt(&mut self, parts: &[&str], from: &Self);
}

impl<T: Shown> Part for T {
    fn tell(&self, (key, words): (&str, &str), zone: Tz, fields: &mut Vec<Field>) {
        let (value, logged) = (self.shown(zone), self.logged(zone));
        fields.push(Field { key: key.to_owned(), words: words.to_owned(), value, logged });
    }

    fn adopt(&mut self, parts: &[&str], from: &Self) {
        if !parts.is_empty() {
            self.clone_from(from);
        }
    }
}

/// Boxes that are ticked one by one: two people who tick different boxes are in nobody's way.
macro_rules! ticked {
    ($($Value:ty: $word:expr),+ $(,)?) => {
        $(impl Part for Vec<$Value> {
            fn tell(&self, (key, words): (&str, &str), _: Tz, fields: &mut Vec<Field>) {
                let word: fn(&$Value) -> &str = $word;
                fields.extend(self.iter().map(|one| Field {
                    key: format!("{key}-{}", word(one)),
                    words: format!("{words} {}", word(one)),
                    value: "yes".to_owned(),
                    logged: Some("yes".to_owned()),
                }));
            }

            fn adopt(&mut self, parts: &[&str], from: &Self) {
                let word: fn(&$Value) -> &str = $word;
                self.retain(|one| !parts.contains(&word(one)));
                self.extend(from.iter().filter(|one| parts.contains(&word(one))).cloned());
            }
        })+
    };
}

ticked!(StaffLogin: StaffLogin::as_str, AllianceSlug: AllianceSlug::as_str);
ticked!(Prerequisite: |one| one.slug.as_str());
