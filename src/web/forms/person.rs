//! The fields about one person, wherever somebody is named: while booking, later by the leader, by the
//! office, and under her own link.

use std::borrow::Cow;

use crate::{
    domain::{
        attendee::{Attendee, Guardian, Ticks},
        contact::EmailAddress,
        text::Need,
    },
    web::forms::{FormField, FormState, form_fields},
};

form_fields! {
    /// What is asked about a person.
    pub enum PersonField {
        Name = "name",
        Follows = "follows",
        Email = "email",
        Diet = "diet",
        Allergy = "allergy",
        Access = "access",
        Interpreter = "interpreter",
        GuardianName = "guardian_name" at "guardian-name",
        GuardianContact = "guardian_contact" at "guardian-contact",
    }
}

/// What is asked about one of several: `p2_guardian_name`, in the input `p2-guardian-name`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OfPerson(pub u32, pub PersonField);

impl FormField for OfPerson {
    fn name(self) -> Cow<'static, str> {
        format!("p{}_{}", self.0, self.1.name()).into()
    }

    fn id(self) -> Cow<'static, str> {
        format!("p{}-{}", self.0, self.1.id()).into()
    }
}

impl<K: FormField> FormState<K> {
    /// Fills the fields of one person; `at` says which of the form's fields they are.
    pub fn fill_person(&mut self, at: impl Fn(PersonField) -> K, attendee: &Attendee) {
        let mut fill = |field, value: &str| self.fill(at(field), value);
        fill(PersonField::Name, attendee.name.as_str());
        fill(PersonField::Email, attendee.email.as_ref().map_or("", EmailAddress::as_str));
        fill(PersonField::Diet, attendee.dietary.as_ref().map_or("", Need::as_str));
        fill(PersonField::Access, attendee.access.as_ref().map_or("", Need::as_str));
        let tick = |is_ticked| if is_ticked { "yes" } else { "" };
        fill(PersonField::Allergy, tick(attendee.ticks.allergy));
        fill(PersonField::Interpreter, tick(attendee.ticks.interpreter));
        if let Some(guardian) = &attendee.guardian {
            fill(PersonField::GuardianName, guardian.name.as_str());
            fill(PersonField::GuardianContact, guardian.contact.as_str());
        }
    }

    /// Reads a person; `hint` is the name that is missing, in words. What is not part of the form was
    /// not sent, and counts as left out.
    pub fn person(&mut self, at: impl Fn(PersonField) -> K, hint: &str) -> Option<Attendee> {
        let before = self.faults().len();
        let name = self.line::<120>(at(PersonField::Name), hint);
        let who = name.as_ref().map_or("this person".to_owned(), ToString::to_string);
        let whose = format!("the email address for {who}");
        let email = self.optional_email(at(PersonField::Email), &whose);
        let (dietary, access, ticks) = self.needs(&at, &who);
        let guardian = self.guardian(&at, &who);
        let attendee = Attendee { name: name?, email, dietary, access, ticks, guardian };
        (self.faults().len() == before).then_some(attendee)
    }

    /// Reads the needs of `who`.
    pub fn needs(
        &mut self,
        at: impl Fn(PersonField) -> K,
        who: &str,
    ) -> (Option<Need>, Option<Need>, Ticks) {
        let dietary =
            self.optional_line(at(PersonField::Diet), &format!("the food needs for {who}"));
        let access = format!("the access needs for {who}");
        let access = self.optional_line(at(PersonField::Access), &access);
        let is = |field| self.is(at(field), "yes");
        let ticks =
            Ticks { allergy: is(PersonField::Allergy), interpreter: is(PersonField::Interpreter) };
        let ticks = ticks.with_words(dietary.as_ref(), access.as_ref());
        (dietary, access, ticks)
    }

    fn guardian(&mut self, at: impl Fn(PersonField) -> K, who: &str) -> Option<Guardian> {
        let [name, contact] = [PersonField::GuardianName, PersonField::GuardianContact].map(&at);
        if self.value(name).trim().is_empty() && self.value(contact).trim().is_empty() {
            return None;
        }
        let name = self.line(name, &format!("the name of the adult responsible for {who}"));
        let contact = self.line(contact, &format!("how to reach the adult responsible for {who}"));
        Some(Guardian { name: name?, contact: contact? })
    }
}
