//! Who sits on a place.

use super::{
    contact::EmailAddress,
    text::{Name, Need},
};

/// Somebody who is coming. Diet and access needs are special-category data (P1): shown only to the
/// session's trainers, its alliance's organisers and the leader who typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// The full name, as a badge and a certificate show it.
    pub name: Name,
    /// Where their own letter and invite go, if they have an address.
    pub email: Option<EmailAddress>,
    /// What they eat or must not eat.
    pub dietary: Option<Need>,
    /// What helps them take part.
    pub access: Option<Need>,
    /// For somebody under 18, where the course asks for it.
    pub guardian: Option<Guardian>,
}

impl Attendee {
    /// Somebody who comes instead of `before`, as typed over her details: what was typed for her
    /// stays, what only stood there from before was never said of her.
    pub fn instead_of(self, before: &Self) -> Self {
        // A form that is sent may break its lines in another way than it was filled with.
        let words = |need: &Need| need.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        let own = |typed: Option<Need>, old: &Option<Need>| {
            typed.filter(|typed| old.as_ref().map(words) != Some(words(typed)))
        };
        Self {
            dietary: own(self.dietary, &before.dietary),
            access: own(self.access, &before.access),
            guardian: self.guardian.filter(|guardian| before.guardian.as_ref() != Some(guardian)),
            ..self
        }
    }
}

/// The adult responsible for an attendee under 18.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    /// The full name, as a badge and a certificate show it.
    pub name: Name,
    /// A telephone number or e-mail address that reaches them during the session.
    pub contact: Name,
}

/// Whether a food need could harm somebody if it were missed, so that it must stand out.
pub fn could_harm(dietary: &str) -> bool {
    let text = dietary.to_lowercase();
    ["allerg", "nut", "anaphyla", "coeliac", "celiac", "diabet", "severe", "epipen"]
        .iter()
        .any(|word| text.contains(word))
}
