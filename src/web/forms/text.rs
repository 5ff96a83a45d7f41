//! What is wrong with a text as people type it, in words.

use crate::domain::text::TextFault;

pub fn complaint(fault: TextFault, what: &str) -> String {
    match fault {
        TextFault::Empty => format!("Enter {what}"),
        TextFault::TooLong { max } => format!("Shorten {what} to {max} characters or fewer"),
        TextFault::Unprintable => format!("Use ordinary letters and signs for {what}"),
    }
}
