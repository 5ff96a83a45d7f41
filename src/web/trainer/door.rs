//! The door of a sitting: who is here, in one tap, with or without JavaScript or signal.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    domain::{
        attendance::{Door, DoorLine, WalkIn},
        id::PlaceId,
        session::{Publication, Session},
        sitting::Sitting,
        wording,
    },
    web::{form::FormState, page::Chrome},
};

/// The door.
#[derive(Template)]
#[template(path = "trainer/door.html")]
pub struct DoorPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// The session.
    pub session: Session,
    /// The sitting.
    pub sitting: Sitting,
    /// Who is expected, and who is here.
    pub door: Door,
    /// The name that is looked for.
    pub words: String,
    /// Whose code was read.
    pub scanned: Option<PlaceId>,
    /// The form for somebody who is not on the list: `name`, `institution`, `email`.
    pub form: FormState,
}

impl DoorPage {
    fn path(&self) -> String {
        format!("/trainer/sessions/{}/check-in/{}", self.session.code, self.sitting.number)
    }

    fn when(&self) -> String {
        wording::short_date(self.sitting.starts.date())
    }

    fn finds(&self, name: &str, institution: Option<&str>) -> bool {
        let shown = format!("{name} {}", institution.unwrap_or_default()).to_lowercase();
        self.words.to_lowercase().split_whitespace().all(|word| shown.contains(word))
    }

    fn finds_line(&self, line: &DoorLine) -> bool {
        self.finds(line.line.name(), line.line.institution.as_deref())
    }

    /// The line of whoever's code was read, and whether she is here already.
    fn read_code(&self) -> Option<(&DoorLine, bool)> {
        let id = self.scanned?;
        let of = |line: &&DoorLine| line.line.place.id == id;
        let missing = self.door.missing().find(of).map(|line| (line, false));
        missing.or_else(|| self.door.here().find(of).map(|line| (line, true)))
    }

    fn missing(&self) -> Vec<&DoorLine> {
        self.door.missing().filter(|line| self.finds_line(line)).collect()
    }

    fn here(&self) -> Vec<&DoorLine> {
        self.door.here().filter(|line| self.finds_line(line)).collect()
    }

    fn walk_ins(&self) -> Vec<&WalkIn> {
        let institution = |one: &WalkIn| one.institution.as_ref().map(ToString::to_string);
        let found = |one: &&WalkIn| self.finds(one.name.as_str(), institution(one).as_deref());
        self.door.walk_ins.iter().filter(found).collect()
    }

    fn nobody_found(&self) -> bool {
        !self.words.is_empty()
            && self.missing().is_empty()
            && self.here().is_empty()
            && self.walk_ins().is_empty()
    }

    fn since(&self, at: Option<&DateTime<Utc>>) -> String {
        let local = |at: &DateTime<Utc>| at.with_timezone(&self.sitting.zone).naive_local().time();
        at.map_or_else(String::new, |at| format!("Here since {}", wording::time(local(at))))
    }

    fn bar(&self) -> String {
        let expected = self.door.lines.len().max(1) as f64;
        format!("{:.1}", (self.door.count_here() as f64 * 200.0 / expected).min(200.0))
    }

    fn is_cancelled(&self) -> bool {
        matches!(self.session.publication, Publication::Cancelled { .. })
    }

    fn room(&self) -> String {
        let capacity = self.session.occupancy.capacity as usize;
        let expected = self.door.lines.len() + self.door.walk_ins.len();
        if expected < capacity {
            let left = wording::count(capacity - expected, "place is", "places are");
            format!("{left} free, so they are welcome to stay.")
        } else {
            "Every place is taken. They may still stay if the room is safe.".to_owned()
        }
    }

    fn ends(&self) -> i64 {
        self.sitting.ends_at.timestamp()
    }
}

/// Asking before a day is closed.
#[derive(Template)]
#[template(path = "trainer/close_sitting.html")]
pub struct CloseSittingPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The sitting.
    pub sitting: Sitting,
    /// Whether it has begun.
    pub has_begun: bool,
    /// How many people with a place are not here.
    pub missing: usize,
    /// How many people are here.
    pub here: usize,
}

impl CloseSittingPage {
    fn door(&self) -> String {
        format!("/trainer/sessions/{}/check-in/{}", self.session.code, self.sitting.number)
    }

    fn missing_words(&self) -> String {
        wording::count(self.missing, "person is", "people are")
    }
}
