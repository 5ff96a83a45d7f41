//! Why somebody cancels: a kindness, never a condition. What cannot be kept comes back to be put right,
//! since nobody can cancel a second time to say it.

use crate::{
    domain::text::Paragraph,
    web::forms::{Fields, FormState, form_fields},
};

form_fields! {
    pub enum Reason { Why = "why" }
}

/// What was said, or the form with what is wrong with it.
pub fn why(fields: &Fields) -> Result<Option<Paragraph>, FormState<Reason>> {
    let mut form = FormState::sent(fields);
    let why = form.paragraph(Reason::Why, "what we should know");
    if form.is_valid() { Ok(why) } else { Err(form) }
}
