//! A form shown again: what was typed, and what is wrong with it, field by field.

use std::collections::BTreeMap;

/// One fault, as the summary and the field both word it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The `id` of the input it is about, such as `p2-email`.
    pub field: String,
    /// What to do, in words.
    pub message: String,
}

/// The state of a form: what was typed, by input id, and its faults in page order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FormState {
    values: BTreeMap<String, String>,
    faults: Vec<FieldFault>,
}

impl FormState {
    /// Remembers what was typed into a field.
    pub fn keep(&mut self, field: &str, value: impl Into<String>) {
        self.values.insert(field.to_owned(), value.into());
    }

    /// Says what is wrong with a field.
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        self.faults.push(FieldFault { field: field.to_owned(), message: message.into() });
    }

    /// What components ask, whatever names the fields.
    pub fn id<'a>(&self, field: &'a str) -> &'a str {
        field
    }

    /// See [`Self::id`].
    pub fn name<'a>(&self, field: &'a str) -> &'a str {
        field
    }

    /// What was typed into a field; empty if nothing was.
    pub fn value(&self, field: &str) -> &str {
        self.values.get(field).map_or("", String::as_str)
    }

    /// Whether a choice was made.
    pub fn is(&self, field: &str, value: &str) -> bool {
        self.value(field) == value
    }

    /// Whether a box was ticked. What no box of ours sends is a fault.
    pub fn ticked(&mut self, field: &str) -> bool {
        if !matches!(self.value(field), "" | "1") {
            self.fault(field, "Tick this box, or leave it empty");
        }
        self.is(field, "1")
    }

    /// What the form was drawn from, as its hidden field has it.
    pub fn drawn(&self) -> &str {
        self.value("drawn")
    }

    /// Which attempt the form is, as its hidden field has it.
    pub fn attempt(&self) -> &str {
        self.value("attempt")
    }

    /// What is wrong with a field.
    pub fn error(&self, field: &str) -> Option<&str> {
        self.faults.iter().find(|fault| fault.field == field).map(|fault| fault.message.as_str())
    }

    /// Every fault, for the summary.
    pub fn faults(&self) -> &[FieldFault] {
        &self.faults
    }

    /// Whether nothing is wrong.
    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }
}
