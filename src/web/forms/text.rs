//! Text as people type it: the value, or the fault with its words beside the field.

use crate::{
    domain::text::{Line, TextFault},
    web::form::FormState,
};

pub fn line<const MAX: usize>(
    typed: &str,
    field: &str,
    what: &str,
    form: &mut FormState,
) -> Option<Line<MAX>> {
    Line::parse(typed).map_err(|fault| form.fault(field, complaint(fault, what))).ok()
}

pub fn complaint(fault: TextFault, what: &str) -> String {
    match fault {
        TextFault::Empty => format!("Enter {what}"),
        TextFault::TooLong { max } => format!("Shorten {what} to {max} characters or fewer"),
        TextFault::Unprintable => format!("Use ordinary letters and signs for {what}"),
    }
}
