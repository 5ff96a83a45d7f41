//! Why somebody cancels: a kindness, never a condition.

use crate::{
    domain::text::Paragraph,
    web::forms::{Fields, form_fields},
};

form_fields! {
    enum Field { Why = "why" }
}

/// What was said; what cannot be kept is left out.
pub fn why(fields: &Fields) -> Option<Paragraph> {
    Paragraph::parse_optional(fields.of(Field::Why)).ok().flatten()
}
