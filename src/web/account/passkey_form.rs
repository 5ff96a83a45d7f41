//! The name of a passkey, and what a device answers when one is added.

use crate::{
    domain::text::Name,
    web::forms::{FormState, form_fields},
};

form_fields! {
    /// `Passkey` is no input: it is where the fault of a new one stands.
    pub enum Field {
        Name = "name",
        Passkey = "passkey",
    }
}

/// The name as typed, or the fault beside the field.
pub fn read_name(form: &mut FormState<Field>, typed: &str) -> Option<Name> {
    form.fill(Field::Name, typed);
    form.take(Field::Name, Name::parse(typed), |_| {
        "Enter a name in ordinary letters, up to 120 of them".to_owned()
    })
}
