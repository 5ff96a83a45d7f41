//! A form shown again: what was typed, and what is wrong with it, field by field. Parsers return the
//! domain's value, or put the fault with its words beside the field.

use std::{borrow::Cow, collections::BTreeMap, ops::RangeInclusive};

use super::{ATTEMPT, DRAWN, FormField, WholeForm, field::Names, text::complaint};
use crate::{
    domain::{
        contact::{ContactFault, EmailAddress},
        text::{Line, Paragraph},
    },
    web::forms::Fields,
};

/// One fault, as the summary and the field both word it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldFault {
    /// The `id` of the input it is about, such as `p2-email`.
    pub field: String,
    /// What to do, in words.
    pub message: String,
}

/// The state of a form with the fields `K`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormState<K> {
    values: BTreeMap<K, String>,
    faults: Vec<(K, FieldFault)>,
    drawn: String,
    attempt: String,
}

impl<K> Default for FormState<K> {
    fn default() -> Self {
        Self {
            values: BTreeMap::new(),
            faults: Vec::new(),
            drawn: String::new(),
            attempt: String::new(),
        }
    }
}

/// What templates ask.
impl<K: FormField> FormState<K> {
    pub fn name(&self, field: impl Names<K>) -> Cow<'static, str> {
        field.named().name()
    }

    pub fn id(&self, field: impl Names<K>) -> Cow<'static, str> {
        field.named().id()
    }

    /// What was typed into a field; empty if nothing was.
    pub fn value(&self, field: impl Names<K>) -> &str {
        self.values.get(&field.named()).map_or("", String::as_str)
    }

    /// Whether a choice was made.
    pub fn is(&self, field: impl Names<K>, value: &str) -> bool {
        self.value(field) == value
    }

    /// What is wrong with a field.
    pub fn error(&self, field: impl Names<K>) -> Option<&str> {
        let field = field.named();
        self.faults.iter().find(|(at, _)| *at == field).map(|(_, fault)| fault.message.as_str())
    }

    /// What the form was drawn from, as its hidden field has it (V1); empty if it does not say.
    pub fn drawn(&self) -> &str {
        &self.drawn
    }

    /// Which attempt the form is, as its hidden field has it (V3); empty if it does not say.
    pub fn attempt(&self) -> &str {
        &self.attempt
    }

    /// Every fault in page order, for the summary.
    pub fn faults(&self) -> Vec<&FieldFault> {
        self.faults.iter().map(|(_, fault)| fault).collect()
    }

    pub fn is_valid(&self) -> bool {
        self.faults.is_empty()
    }
}

/// What handlers fill in and read.
impl<K: FormField> FormState<K> {
    /// What was sent.
    pub fn sent(sent: &Fields) -> Self
    where
        K: WholeForm,
    {
        Self::sent_for(sent, K::FIELDS)
    }

    /// What was sent for some fields, with what the form was drawn from and which attempt it is.
    pub fn sent_for(sent: &Fields, fields: &[K]) -> Self {
        let mut form = Self::default();
        for field in fields {
            form.fill(*field, sent.get(&field.name()));
        }
        form.draw_from(sent.get(DRAWN));
        form.attempt_as(sent.get(ATTEMPT));
        form
    }

    /// Remembers what the form is drawn from.
    pub fn draw_from(&mut self, drawn: impl Into<String>) {
        self.drawn = drawn.into();
    }

    /// Remembers which attempt the form is.
    pub fn attempt_as(&mut self, attempt: impl Into<String>) {
        self.attempt = attempt.into();
    }

    /// Whether a box was ticked. What no box of ours sends is a fault.
    pub fn ticked(&mut self, field: K) -> bool {
        if !matches!(self.value(field), "" | "1") {
            self.fault(field, "Tick this box, or leave it empty");
        }
        self.is(field, "1")
    }

    /// Puts a text into a field, as if it had been typed.
    pub fn fill(&mut self, field: K, value: impl Into<String>) {
        self.values.insert(field, value.into());
    }

    /// Says what is wrong with a field.
    pub fn fault(&mut self, field: K, message: impl Into<String>) {
        let fault = FieldFault { field: field.id().into_owned(), message: message.into() };
        let at = self.faults.partition_point(|(earlier, _)| *earlier <= field);
        self.faults.insert(at, (field, fault));
    }

    /// What was parsed from a field; or the fault, in these words.
    pub fn take<T, E>(
        &mut self,
        field: K,
        parsed: Result<T, E>,
        words: impl FnOnce(E) -> String,
    ) -> Option<T> {
        parsed.map_err(|fault| self.fault(field, words(fault))).ok()
    }

    /// One of the enum's words, or the fault.
    pub fn choice<T: std::str::FromStr>(&mut self, field: K, words: &str) -> Option<T> {
        let parsed = self.value(field).parse::<T>();
        self.take(field, parsed, |_| words.to_owned())
    }

    /// A number in `range`, or the fault.
    pub fn count(&mut self, field: K, range: RangeInclusive<u32>, words: &str) -> Option<u32> {
        let number = self.value(field).trim().parse().ok().filter(|n| range.contains(n));
        self.take(field, number.ok_or(()), |()| words.to_owned())
    }

    /// A line of text that must be there; `what` is it in words: `your name`.
    pub fn line<const MAX: usize>(&mut self, field: K, what: &str) -> Option<Line<MAX>> {
        let parsed = Line::parse(self.value(field));
        self.take(field, parsed, |fault| complaint(fault, what))
    }

    /// A line of text that may be left out.
    pub fn optional_line<const MAX: usize>(&mut self, field: K, what: &str) -> Option<Line<MAX>> {
        let parsed = Line::parse_optional(self.value(field));
        self.take(field, parsed, |fault| complaint(fault, what)).flatten()
    }

    /// A longer text that may be left out.
    pub fn paragraph(&mut self, field: K, what: &str) -> Option<Paragraph> {
        let parsed = Paragraph::parse_optional(self.value(field));
        self.take(field, parsed, |fault| complaint(fault, what)).flatten()
    }

    /// An address that must be there; `whose` is it in words: `your email address`.
    pub fn email(&mut self, field: K, whose: &str) -> Option<EmailAddress> {
        let parsed = self.value(field).parse::<EmailAddress>();
        self.take(field, parsed, |fault| match fault {
            ContactFault::Empty => format!("Enter {whose}"),
            _ => unreadable(whose),
        })
    }

    /// An address that may be left out.
    pub fn optional_email(&mut self, field: K, whose: &str) -> Option<EmailAddress> {
        match self.value(field).trim() {
            "" => None,
            typed => {
                let parsed = typed.parse::<EmailAddress>();
                self.take(field, parsed, |_| unreadable(whose))
            }
        }
    }
}

fn unreadable(whose: &str) -> String {
    format!("Check {whose}. It should look like name@example.org")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::forms::form_fields;

    form_fields! {
        enum Field {
            Places = "places",
            Email = "email",
            Institution = "institution" at "inst",
        }
    }

    #[test]
    fn faults_stand_in_page_order_beside_their_inputs() {
        let mut form = FormState::default();
        form.fault(Field::Institution, "Choose your institution");
        form.fill(Field::Email, "amina");
        assert_eq!(form.email(Field::Email, "your email address"), None);
        form.fill(Field::Places, "7");
        assert_eq!(form.count(Field::Places, 1..=6, "Choose from 1 to 6"), None);
        let told: Vec<_> = form
            .faults()
            .iter()
            .map(|fault| (fault.field.as_str(), fault.message.as_str()))
            .collect();
        assert_eq!(
            told,
            [
                ("places", "Choose from 1 to 6"),
                ("email", "Check your email address. It should look like name@example.org"),
                ("inst", "Choose your institution"),
            ]
        );
        assert_eq!(form.name(Field::Institution), "institution");
        assert_eq!(form.value(Field::Email), "amina");
    }

    #[test]
    fn what_may_be_left_out_is_no_fault() {
        let mut form = FormState::default();
        form.fill(Field::Places, " 6 ");
        assert_eq!(form.count(Field::Places, 1..=6, "Choose"), Some(6));
        assert_eq!(form.optional_email(Field::Email, "the email address"), None);
        assert_eq!(form.optional_line::<120>(Field::Institution, "the institution"), None);
        assert!(form.is_valid());
        form.email(Field::Email, "your email address");
        assert_eq!(form.error(Field::Email), Some("Enter your email address"));
    }

    #[test]
    fn what_was_sent_says_what_it_was_drawn_from_and_which_attempt_it_is() {
        let mut sent = Fields::default();
        for (name, value) in [("places", "3"), ("drawn", "v1"), ("attempt", "a1"), ("other", "x")] {
            sent.add(name.to_owned(), value.to_owned());
        }
        let form = FormState::<Field>::sent(&sent);
        assert_eq!((form.value(Field::Places), form.value(Field::Email)), ("3", ""));
        assert_eq!((form.drawn(), form.attempt()), ("v1", "a1"));
    }

    #[test]
    fn a_box_is_ticked_or_not_and_nothing_else() {
        let mut form = FormState::default();
        assert!(!form.ticked(Field::Places));
        form.fill(Field::Places, "1");
        assert!(form.ticked(Field::Places) && form.is_valid());
        form.fill(Field::Places, "perhaps");
        assert!(!form.ticked(Field::Places) && !form.is_valid());
    }
}
