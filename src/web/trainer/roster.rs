//! The roster of a session: needs on screen for trainers, names and signature boxes on paper.

use askama::Template;

use crate::{
    domain::{
        attendee::{Guardian, could_harm},
        roster::{Roster, RosterLine},
        session::{Publication, Session},
        sitting::Sitting,
        wording,
    },
    web::page::Chrome,
};

/// Blank lines for people who turn up without a booking.
pub const WALK_IN_LINES: u32 = 4;

/// Everybody who is coming, as a page and as a sign-in sheet.
#[derive(Template)]
#[template(path = "trainer/roster.html")]
pub struct RosterPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// Who is coming.
    pub roster: Roster,
    /// Those of them that are shown, in the order they are shown in.
    pub shown: Roster,
    /// Whether the last day is over.
    pub is_over: bool,
    /// Blank lines on paper; see [`WALK_IN_LINES`].
    pub walk_in_lines: u32,
    /// What the list is narrowed to and ordered by.
    pub view: View,
}

/// How the roster is shown on screen; paper and spreadsheets hold all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct View {
    /// Words to find.
    pub words: String,
    /// Whether it is ordered by institution, not by name.
    pub by_institution: bool,
    /// Whether only people with needs are shown.
    pub needs_only: bool,
}

impl View {
    /// Whether it shows less than everybody.
    pub fn is_narrowed(&self) -> bool {
        !self.words.is_empty() || self.needs_only
    }
}

/// A need with whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedNeed<'a> {
    /// The need in the attendee's words.
    pub need: &'a str,
    /// Whose it is.
    pub name: &'a str,
}

impl RosterPage {
    /// `24 people coming from 9 institutions`.
    pub fn counts(&self) -> String {
        let people = wording::count(self.roster.lines.len(), "person", "people");
        match self.roster.institutions() {
            0 => format!("{people} coming"),
            count => {
                let senders = wording::count(count, "institution", "institutions");
                format!("{people} coming from {senders}")
            }
        }
    }

    /// How many are shown of how many.
    pub fn shown_words(&self) -> String {
        format!("{} of {} people shown.", self.shown.lines.len(), self.roster.lines.len())
    }

    /// When, on one line.
    pub fn when(&self) -> String {
        format!("{}, {}", wording::days(&self.session), wording::hours(&self.session))
    }

    /// The top line of every printed page.
    pub fn running_head(&self) -> String {
        let Session { course, alliance, .. } = &self.session;
        format!("{}, {}, {}", course.title, alliance.name, wording::days(&self.session))
    }

    /// What stands under the title on paper.
    pub fn paper_note(&self) -> String {
        let names: Vec<&str> =
            self.session.trainers.iter().map(|trainer| trainer.name.as_str()).collect();
        let who = match names.len() {
            0 => String::new(),
            1 => format!("Trainer: {}. ", names[0]),
            _ => format!("Trainers: {}. ", wording::list(&names)),
        };
        let booked = wording::count(self.roster.lines.len(), "person", "people");
        let days = if self.session.sittings.len() > 1 { " on each day" } else { "" };
        format!("{who}{booked} booked. Sign next to your name{days}.")
    }

    /// How many columns the printed table has: number, name, institution, one for each day.
    pub fn print_columns(&self) -> usize {
        3 + self.session.sittings.len()
    }

    /// The numbers of the blank lines.
    pub fn walk_ins(&self) -> std::ops::RangeInclusive<u32> {
        let booked = u32::try_from(self.roster.lines.len()).unwrap_or(u32::MAX);
        booked.saturating_add(1)..=booked.saturating_add(self.walk_in_lines)
    }

    /// Whether anybody gave a need, or is under 18.
    pub fn has_needs(&self) -> bool {
        self.roster.lines.iter().any(|line| line.has_need() || self.guardian(line).is_some())
    }

    /// Access needs with whose they are.
    pub fn access(&self) -> Vec<NamedNeed<'_>> {
        self.named(|line| line.access())
    }

    /// Food that could harm somebody, with whom.
    pub fn dangers(&self) -> Vec<NamedNeed<'_>> {
        self.named(|line| line.dietary().filter(|need| could_harm(need)))
    }

    fn named<'a>(&'a self, need: impl Fn(&'a RosterLine) -> Option<&'a str>) -> Vec<NamedNeed<'a>> {
        let lines = self.roster.lines.iter();
        lines.filter_map(|line| Some(NamedNeed { need: need(line)?, name: line.name() })).collect()
    }

    /// People who come with a guardian's name.
    pub fn under_18(&self) -> Vec<&str> {
        let lines = self.roster.lines.iter();
        lines.filter(|line| self.guardian(line).is_some()).map(RosterLine::name).collect()
    }

    /// The other food, counted and without names: `6 halal, 3 vegetarian`.
    pub fn food(&self) -> String {
        let counts = self.roster.food_counts();
        let harmless = counts.iter().filter(|(need, _)| !could_harm(need));
        harmless
            .map(|(need, count)| format!("{count} {}", lowered(need)))
            .collect::<Vec<_>>()
            .join(", ")
    }

    /// The adult responsible for somebody under 18.
    pub fn guardian<'a>(&self, line: &'a RosterLine) -> Option<&'a Guardian> {
        line.place.attendee.as_ref()?.guardian.as_ref()
    }

    /// Whether a row gets the heavy edge.
    pub fn stands_out(&self, line: &RosterLine) -> bool {
        line.must_plan() || self.guardian(line).is_some()
    }

    /// The class of a food need, heavier where it could harm.
    pub fn food_class(&self, need: &str) -> &'static str {
        if could_harm(need) { "need need--access" } else { "need" }
    }

    /// The head of a signature column: `Sat 5 Sep`.
    pub fn sign_head(&self, sitting: &Sitting) -> String {
        wording::short_date(sitting.starts.date())
    }

    /// A telephone number for `tel:` links.
    pub fn tel(&self, phone: &str) -> String {
        phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

/// `Halal` inside a sentence; abbreviations such as `BSL` stay.
fn lowered(need: &str) -> String {
    let mut letters = need.chars();
    let (first, rest) = (letters.next(), letters.as_str());
    match first {
        Some(first) if !rest.starts_with(char::is_uppercase) => {
            first.to_lowercase().chain(rest.chars()).collect()
        }
        _ => need.to_owned(),
    }
}
