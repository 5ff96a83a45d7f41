//! The words that somebody gives for what she does about a person on a path.

use crate::{
    domain::text::{Line, TextFault},
    web::forms::{FormState, form_fields, text::complaint},
};

form_fields! {
    /// Why something is done about somebody on a path.
    pub enum ReasonField { Reason = "reason" }
}

/// Words that somebody gives for what she did, such as why a claim does not count.
pub fn reason(form: &mut FormState<ReasonField>, what: &str) -> Option<String> {
    let line = Line::<300>::parse(form.value(ReasonField::Reason));
    let words = |fault: TextFault| match fault {
        TextFault::Empty => format!("Say why {what}"),
        fault => complaint(fault, "the reason"),
    };
    form.take(ReasonField::Reason, line, words).map(|line| line.to_string())
}
