//! The fields about one person, wherever somebody is named: while booking, later by the leader, by the
//! office, and under her own link.

use crate::{
    domain::{
        attendee::{Attendee, Guardian},
        contact::EmailAddress,
        text::Line,
    },
    web::{
        form::FormState,
        forms::text::{complaint, line},
    },
};

/// Fills the fields of one person; `start` is what their ids begin with.
pub fn prefill_person(form: &mut FormState, start: &str, attendee: &Attendee) {
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

/// One person as typed.
pub struct Person<'a> {
    pub name: &'a str,
    pub email: &'a str,
    pub diet: &'a str,
    pub access: &'a str,
    pub guardian: Option<(&'a str, &'a str)>,
}

impl Person<'_> {
    /// Reads a person; faults go to inputs whose ids begin with `start`.
    pub fn parse(&self, start: &str, hint: &str, form: &mut FormState) -> Option<Attendee> {
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
