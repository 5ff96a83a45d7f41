//! Forms: an enum of fields for each ([`form_fields`]), its state with what was typed and what is wrong
//! ([`FormState`]), and what several forms share: a person, and the institution somebody comes from.

/// The hidden field that says which attempt a form is (V3).
pub const ATTEMPT: &str = "attempt";

/// The hidden field that says what a form was drawn from (V1).
pub const DRAWN: &str = "drawn";

pub mod edited;
mod field;
pub mod person;
pub mod sender;
mod sent;
mod state;
pub mod text;
mod upload;
pub mod why;

pub(in crate::web) use field::form_fields;
pub use field::{FormField, WholeForm};
pub use sent::Fields;
pub use state::{FieldFault, FormState};
pub use upload::Upload;
