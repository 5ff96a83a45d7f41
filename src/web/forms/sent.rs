//! A form as it was sent: its fields by name, whatever their number.

use std::collections::BTreeMap;

use rocket::{
    Data, Request,
    data::{FromData, Outcome, ToByteUnit},
    http::Status,
};

use crate::{
    token::{Attempt, Token},
    web::forms::FormField,
};

/// The fields of a form.
#[derive(Debug, Clone, Default)]
pub struct Fields(BTreeMap<String, Vec<String>>);

impl Fields {
    /// What was sent for a field, the first if there are several; empty if nothing was.
    pub fn get(&self, name: &str) -> &str {
        self.all(name).first().map_or("", String::as_str)
    }

    /// What was sent for a field of a form.
    pub fn of(&self, field: impl FormField) -> &str {
        self.get(&field.name())
    }

    /// The attempt it is, by the token its form was drawn with; `None` if that was not sent.
    pub fn attempt(&self) -> Option<Attempt> {
        let token: Token = self.get("attempt").parse().ok()?;
        let sent = self.0.iter().flat_map(|(name, values)| {
            values.iter().map(move |value| (name.as_str(), value.as_str()))
        });
        Some(Attempt::of(&token, sent))
    }

    /// Whether a field of a form was sent with this value.
    pub fn has(&self, field: impl FormField, value: &str) -> bool {
        self.of(field) == value
    }

    /// Everything that was sent under a name, such as the boxes that were ticked.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The same for a field of a form.
    pub fn all_of(&self, field: impl FormField) -> &[String] {
        self.all(&field.name())
    }

    /// Whether a field was sent at all, be it empty: whoever leaves one out leaves it as it is.
    pub fn was_sent(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The same for a field of a form.
    pub fn was_sent_for(&self, field: impl FormField) -> bool {
        self.was_sent(&field.name())
    }

    /// The names of all fields that hold something.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let holds = |values: &Vec<String>| values.iter().any(|value| !value.trim().is_empty());
        self.0.iter().filter(move |(_, values)| holds(values)).map(|(name, _)| name.as_str())
    }

    /// The names of all fields, be they empty.
    pub fn all_names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// With one more value.
    pub(super) fn add(&mut self, name: String, value: String) {
        self.0.entry(name).or_default().push(value);
    }

    /// Whether a field was sent with this value.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.get(name) == value
    }
}

#[rocket::async_trait]
impl<'r> FromData<'r> for Fields {
    type Error = &'static str;

    async fn from_data(
        request: &'r Request<'_>,
        data: Data<'r>,
    ) -> Outcome<'r, Self, &'static str> {
        let limit = request.limits().get("form").unwrap_or_else(|| 64.kibibytes());
        match data.open(limit).into_bytes().await {
            Ok(body) if body.is_complete() => {
                let mut fields = Self::default();
                for (name, value) in form_urlencoded::parse(&body) {
                    fields.add(name.into_owned(), value.into_owned());
                }
                Outcome::Success(fields)
            }
            Ok(_) => Outcome::Error((Status::PayloadTooLarge, "the form is too long")),
            Err(_) => Outcome::Error((Status::BadRequest, "the form could not be read")),
        }
    }
}
