//! The form of step 2, and of whoever names or changes one person later: from what was typed to
//! attendees, or to faults beside the fields.

use super::{
    super::{fields::Fields, form::FormState},
    booking_form::{complaint, line},
};
use crate::domain::{
    attendee::{Attendee, Guardian},
    contact::EmailAddress,
    place::Place,
    registration::Registration,
    session::Session,
    text::Line,
    wording,
};

const PERSON: &[&str] = &["name", "email", "diet", "access", "guardian_name", "guardian_contact"];

fn id(number: u32, field: &str) -> String {
    format!("p{number}-{}", field.replace('_', "-"))
}

fn open_places(registration: &Registration) -> impl Iterator<Item = &Place> {
    registration.places.iter().filter(|place| place.state.status().is_open())
}

pub(in crate::web) fn keep_people(fields: &Fields, registration: &Registration) -> FormState {
    let mut form = FormState::default();
    for place in open_places(registration) {
        for field in PERSON {
            let name = format!("p{}_{field}", place.number);
            form.keep(&id(place.number, field), fields.get(&name));
        }
    }
    form
}

pub(in crate::web) fn prefill_people(form: &mut FormState, registration: &Registration) {
    for place in open_places(registration) {
        if let Some(attendee) = &place.attendee {
            prefill_person(form, &format!("p{}-", place.number), attendee);
        }
    }
}

/// Fills the fields of one person; `start` is what their ids begin with.
pub(in crate::web) fn prefill_person(form: &mut FormState, start: &str, attendee: &Attendee) {
    let mut keep = |field: &str, value: &str| form.keep(&format!("{start}{field}"), value);
    keep("name", attendee.name.as_str());
    keep("email", attendee.email.as_ref().map_or("", EmailAddress::as_str));
    keep("diet", attendee.dietary.as_ref().map_or("", |need| need.as_str()));
    keep("access", attendee.access.as_ref().map_or("", |need| need.as_str()));
    if let Some(guardian) = &attendee.guardian {
        keep("guardian-name", guardian.name.as_str());
        keep("guardian-contact", guardian.contact.as_str());
    }
}

/// Reads step 2: everybody who could be read; what must be put right stands in `form`.
pub(in crate::web) fn parse_people(
    session: &Session,
    registration: &Registration,
    fields: &Fields,
    form: &mut FormState,
) -> Vec<(u32, Attendee)> {
    let places: Vec<u32> = open_places(registration).map(|place| place.number).collect();
    let fewer = wording::count(places.len().saturating_sub(1), "place", "places");
    let mut attendees = Vec::new();
    for number in &places {
        let get = |field: &str| fields.get(&format!("p{number}_{field}"));
        let hint = if places.len() > 1 {
            format!("a name for person {number}, or go down to {fewer}")
        } else {
            "the name of the person who is coming".to_owned()
        };
        let person = Person {
            name: get("name"),
            email: get("email"),
            diet: get("diet"),
            access: get("access"),
            guardian: session
                .course
                .needs_guardian
                .then(|| (get("guardian_name"), get("guardian_contact"))),
        };
        if let Some(attendee) = person.parse(&format!("p{number}-"), &hint, form) {
            attendees.push((*number, attendee));
        }
    }
    same_person_twice(&attendees, form);
    attendees
}

/// The same name with the same address twice is a slip; an address alone may be shared (B5).
fn same_person_twice(attendees: &[(u32, Attendee)], form: &mut FormState) {
    for (at, (number, attendee)) in attendees.iter().enumerate() {
        let twin = attendees[..at]
            .iter()
            .any(|(_, earlier)| earlier.name == attendee.name && earlier.email == attendee.email);
        if twin {
            let name = &attendee.name;
            let words = format!("{name} is in this booking twice. Check the name, or remove one.");
            form.fault(&id(*number, "name"), words);
        }
    }
}

/// One person as typed.
pub(in crate::web) struct Person<'a> {
    pub(in crate::web) name: &'a str,
    pub(in crate::web) email: &'a str,
    pub(in crate::web) diet: &'a str,
    pub(in crate::web) access: &'a str,
    pub(in crate::web) guardian: Option<(&'a str, &'a str)>,
}

impl Person<'_> {
    /// Reads a person; faults go to inputs whose ids begin with `start`.
    pub(in crate::web) fn parse(
        &self,
        start: &str,
        hint: &str,
        form: &mut FormState,
    ) -> Option<Attendee> {
        let before = form.faults().len();
        let name = line::<120>(self.name, &format!("{start}name"), hint, form);
        let who = name.as_ref().map_or("this person".to_owned(), ToString::to_string);
        let email = match self.email.trim() {
            "" => None,
            typed => match typed.parse::<EmailAddress>() {
                Ok(email) => Some(email),
                Err(_) => {
                    let words = format!(
                        "Check the email address for {who}. It should look like name@example.org"
                    );
                    form.fault(&format!("{start}email"), words);
                    None
                }
            },
        };
        let mut need = |field: &str, typed: &str, what: &str| match Line::parse_optional(typed) {
            Ok(need) => need,
            Err(fault) => {
                form.fault(
                    &format!("{start}{field}"),
                    complaint(fault, &format!("{what} for {who}")),
                );
                None
            }
        };
        let dietary = need("diet", self.diet, "the food needs");
        let access = need("access", self.access, "the access needs");
        let guardian = self
            .guardian
            .filter(|(name, contact)| !name.trim().is_empty() || !contact.trim().is_empty());
        let guardian = guardian.and_then(|(name, contact)| {
            let whose = format!("the name of the adult responsible for {who}");
            let how = format!("how to reach the adult responsible for {who}");
            let name = line(name, &format!("{start}guardian-name"), &whose, form);
            let contact = line(contact, &format!("{start}guardian-contact"), &how, form);
            Some(Guardian { name: name?, contact: contact? })
        });
        let attendee = Attendee { name: name?, email, dietary, access, guardian };
        (form.faults().len() == before).then_some(attendee)
    }
}
