//! The organiser's overview: what needs her, and how full sessions are.

use askama::Template;
use chrono::{DateTime, Utc};

use crate::{
    domain::{fill::Fill, session::Session, wording},
    web::page::Chrome,
};

/// One thing that needs somebody.
#[derive(Debug, Clone)]
pub struct Task {
    /// How urgent, as a colour class; never the only signal.
    pub class: &'static str,
    /// Its icon.
    pub icon: &'static str,
    /// Where to act.
    pub href: String,
    /// What to do.
    pub title: String,
    /// About what.
    pub detail: String,
    /// Until when, or what is the matter.
    pub tag: String,
}

/// A session with how it fills.
#[derive(Debug, Clone)]
pub struct Filling {
    /// The session.
    pub session: Session,
    /// How its places stand.
    pub fill: Fill,
}

impl Filling {
    /// `21 of 30, and 3 held`, or why nobody can book yet.
    pub fn words(&self) -> String {
        let (fill, capacity) = (self.fill, self.session.occupancy.capacity);
        let mut words = format!("{} of {capacity}", fill.confirmed);
        if fill.held > 0 {
            words.push_str(&format!(", {} held", fill.held));
        }
        if fill.offered > 0 {
            words.push_str(&format!(", {} offered", fill.offered));
        }
        if self.is_full() {
            words.push_str(", full");
        }
        words
    }

    /// Whether no place is left.
    pub fn is_full(&self) -> bool {
        self.session.occupancy.free() == 0
    }

    /// The bar's two stretches in its 200 units: taken, then kept.
    pub fn bar(&self) -> (String, String) {
        let capacity = f64::from(self.session.occupancy.capacity.max(1));
        let units = |places: u32| {
            let exact = (f64::from(places) * 200.0 / capacity).min(200.0);
            format!("{exact:.1}")
        };
        (units(self.fill.confirmed), units(self.fill.kept()))
    }

    /// Where the office looks after it.
    pub fn href(&self) -> String {
        format!("/office/sessions/{}", self.session.code)
    }

    /// Its days.
    pub fn days(&self) -> String {
        wording::days(&self.session)
    }
}

/// The overview.
#[derive(Template)]
#[template(path = "office/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub chrome: Chrome,
    /// Which alliances it is about: `London and Leeds`.
    pub scope: String,
    /// Whether there is anything to plan with: an alliance and a course.
    pub can_plan: bool,
    /// What needs somebody, most urgent first.
    pub tasks: Vec<Task>,
    /// The next sessions.
    pub sessions: Vec<Filling>,
    /// Numbers with what they count.
    pub stats: Vec<(i64, &'static str)>,
    /// How many sessions are to come in all.
    pub coming: usize,
    /// Now.
    pub now: DateTime<Utc>,
}

impl OverviewPage {
    fn heading(&self) -> String {
        match self.tasks.len() {
            0 => "Nothing needs you today".to_owned(),
            1 => "1 thing needs you".to_owned(),
            count => format!("{count} things need you"),
        }
    }
}
