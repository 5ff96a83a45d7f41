//! The addresses of the steps of one booking.

use crate::{
    domain::{
        id::SessionCode,
        question::Question,
        registration::Registration,
        session::{BookingMode, Session},
    },
    token::Token,
    web::paths::{self, Href},
};

/// The addresses of the steps of one booking.
pub struct Steps {
    pub start: Href,
    pub people: Href,
    pub questions: Href,
    pub check: Href,
    pub hold: Href,
}

impl Steps {
    pub fn of(code: &SessionCode, token: &Token) -> Self {
        Self {
            start: paths::booking::start(code),
            people: paths::booking::people(code, token),
            questions: paths::booking::questions(code, token),
            check: paths::booking::check(code, token),
            hold: paths::booking::hold(code, token),
        }
    }
}

/// Whether a leader books one place, her own, and nothing has to be asked before: then the second step is
/// the last.
pub fn books_alone(session: &Session, registration: &Registration, questions: &[Question]) -> bool {
    let is_hers = registration.places.iter().any(|place| {
        let open = place.state.status().is_open();
        open && place.attendee.as_ref().is_some_and(|who| who.name == registration.leader.name)
    });
    let asks_nothing =
        session.course.prerequisites.is_empty() || session.mode == BookingMode::Approval;
    let asks_nothing = asks_nothing && questions.is_empty();
    registration.asked == 1 && is_hers && asks_nothing && !session.course.needs_guardian
}

/// An answer that is changed on the last step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// One of the first step, by the `id` of its input.
    Start(&'static str),
    /// Somebody, by her number.
    Person(u32),
    /// What the session asks.
    Questions,
}

impl Answer {
    /// By what its button sends.
    pub fn of(sent: &str) -> Option<Self> {
        if sent == "questions" {
            return Some(Self::Questions);
        }
        let start = ["evening", "places", "name", "email", "tel", "inst"]
            .into_iter()
            .find(|id| *id == sent);
        start.map(Self::Start).or_else(|| sent.parse().ok().map(Self::Person))
    }

    /// Where it is given again. From the first step the way leads back to the last, if that was asked last.
    pub fn href(self, code: &SessionCode, steps: &Steps) -> Href {
        match self {
            Self::Start(id) => paths::booking::start_again(code).at(id),
            Self::Questions => steps.questions.clone(),
            Self::Person(number) => steps.people.clone().at(format!("p{number}-name")),
        }
    }
}
