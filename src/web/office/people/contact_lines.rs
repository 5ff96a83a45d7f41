//! What somebody is known by, as lines of her page.

use crate::{domain::likely_same::KnownPerson, web::forms::form_fields};

form_fields! {
    /// One more address or number.
    pub enum ContactField { Contact = "contact" }
}

/// An address or a number she is known by.
#[derive(Debug, Clone)]
pub(super) struct ContactLine {
    pub(super) value: String,
    /// Whether it is the one that lists show.
    pub(super) is_used: bool,
}

/// All of them, addresses first.
pub(super) fn contacts(known: &KnownPerson) -> Vec<ContactLine> {
    let person = &known.person;
    let emails = known.addresses.iter().map(|email| ContactLine {
        value: email.to_string(),
        is_used: person.email.as_ref() == Some(email),
    });
    let phones = known.phones.iter().map(|phone| ContactLine {
        value: phone.to_string(),
        is_used: person.phone.as_ref() == Some(phone),
    });
    emails.chain(phones).collect()
}
