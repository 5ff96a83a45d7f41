//! The people we know.

use askama::Template;

use crate::{
    domain::{
        institution::Institution, person::Person, place::PlaceStatus, session::Session, wording,
    },
    store::people::Seat,
    web::{certificate::Attended, form::FormState, office::in_words, page::Chrome, paging::Pager},
};

/// A list of people.
#[derive(Template)]
#[template(path = "office/people.html")]
pub struct PeoplePage {
    /// The frame.
    pub chrome: Chrome,
    /// What was searched for.
    pub words: String,
    /// Each with the name of her institution.
    pub people: Vec<(Person, String)>,
    /// Where in the list.
    pub pager: Pager,
}

impl PeoplePage {
    fn total(&self) -> String {
        let total = usize::try_from(self.pager.total).unwrap_or(0);
        wording::count(total, "person", "people")
    }

    fn about(&self, person: &Person, institution: &str) -> String {
        let email = person.email.as_ref().map(ToString::to_string);
        let parts = [institution.to_owned(), email.unwrap_or_default()];
        let known: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        if known.is_empty() { "No address, no institution".to_owned() } else { known.join(", ") }
    }
}

/// What somebody did on one session.
#[derive(Debug, Clone)]
pub struct Took {
    /// The session.
    pub session: Session,
    /// Her place.
    pub seat: Seat,
}

impl Took {
    fn attended(&self) -> Attended {
        Attended::of(&self.session, usize::try_from(self.seat.attended).unwrap_or(0))
    }

    fn words(&self) -> String {
        match self.seat.status {
            PlaceStatus::Confirmed if self.seat.attended > 0 => {
                format!("Came to {}", self.attended().words())
            }
            status => in_words(status.as_str()),
        }
    }
}

/// Somebody.
#[derive(Template)]
#[template(path = "office/person.html")]
pub struct PersonPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// Who.
    pub person: Person,
    /// What she took part in, latest first.
    pub took: Vec<Took>,
    /// How many bookings she led.
    pub led: i64,
    /// Who may be the same person.
    pub alike: Vec<Person>,
    /// The institutions to choose from, by alliance.
    pub groups: Vec<(String, Vec<Institution>)>,
    /// What is typed.
    pub form: FormState,
}

impl PersonPage {
    fn learned(&self) -> String {
        let minutes = self.took.iter().map(|one| one.attended().minutes).sum();
        wording::duration(minutes)
    }

    /// The courses she did: more than half of the days.
    fn courses(&self) -> String {
        let done = self.took.iter().filter(|one| one.attended().is_enough());
        let mut titles: Vec<&str> = done.map(|one| one.session.course.title.as_str()).collect();
        titles.sort_unstable();
        titles.dedup();
        if titles.is_empty() { "None yet".to_owned() } else { titles.join(", ") }
    }
}

/// Two people side by side, before they are made one.
#[derive(Template)]
#[template(path = "office/merge.html")]
pub struct MergePage {
    /// The frame.
    pub chrome: Chrome,
    /// Who is kept.
    pub kept: Person,
    /// Who becomes part of her; `None` while she is looked for.
    pub gone: Option<(Person, usize, i64)>,
    /// What was searched for.
    pub words: String,
    /// Who was found, or may be the same.
    pub found: Vec<Person>,
}

impl MergePage {
    fn action(&self) -> String {
        format!("/office/people/{}/merge", self.kept.id)
    }

    /// What moves from one to the other.
    fn moves(&self, places: &usize, led: &i64) -> String {
        let led = usize::try_from(*led).unwrap_or(0);
        format!(
            "{} and {}",
            wording::count(*places, "place", "places"),
            wording::count(led, "booking she led", "bookings she led")
        )
    }

    fn email(&self, person: &Person) -> String {
        person.email.as_ref().map_or_else(|| "no address".to_owned(), ToString::to_string)
    }
}
