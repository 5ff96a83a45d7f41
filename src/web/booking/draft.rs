//! What was typed on the way to a booking, as it was typed: kept whenever she goes on, goes back, or changes
//! how many places she needs, and filled in again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::people_form::{Field, Minors};
use crate::{
    actions::booking::keep_draft::keep_draft,
    domain::{
        attendee::{Attendee, Ticks},
        contact::EmailAddress,
        id::RegistrationId,
        question::{Given, Question},
        registration::{Leader, Registration},
    },
    store::{answers::Sheet, booking_drafts},
    web::{
        Desk,
        asking::{self, Whom},
        failure::Failure,
        forms::{
            Fields, FormField, FormState, WholeForm,
            person::{OfPerson, PersonField},
        },
    },
};

/// What the field of an answer begins with, among what was typed.
const ANSWER: &str = "q.";

/// What was typed of one person, by field.
type Typed = BTreeMap<String, String>;

/// What was typed on the way to a booking.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Draft {
    /// By number. There may be more people than places: she may need more again.
    people: BTreeMap<u32, Typed>,
    /// Whether somebody is under 18.
    minors: String,
    /// What the leader answered once for all, by the name of its field.
    answers: Typed,
    /// What the last step asks: why they should come, and whether they know.
    pub nomination: String,
    pub permission: bool,
}

impl Draft {
    /// What is kept for a booking; nothing if nothing is, or if it was kept by another version.
    pub async fn of(desk: &Desk, id: RegistrationId) -> Result<Self, Failure> {
        let mut conn = desk.ctx.store.read().await?;
        let kept = booking_drafts::of(&mut conn, id).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
    }

    /// Keeps it for a booking.
    pub async fn keep(&self, desk: &Desk, id: RegistrationId) -> Result<(), Failure> {
        let text = serde_json::to_string(self).unwrap_or_default();
        Ok(keep_draft(&desk.ctx, id, &text).await?)
    }

    /// Whether nothing was typed yet.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The same people on another session: who is responsible for whoever is under 18 is asked anew, and needs
    /// come along only where that was agreed to.
    pub fn of_people<'a>(people: impl IntoIterator<Item = &'a Attendee>, with_needs: bool) -> Self {
        let (mut form, mut numbers) = (FormState::default(), Vec::new());
        for (number, who) in (1..).zip(people) {
            let mut who = Attendee { guardian: None, ..who.clone() };
            if !with_needs {
                (who.dietary, who.access, who.ticks) = (None, None, Ticks::default());
            }
            form.fill_person(|field| Field::Of(OfPerson(number, field)), &who);
            numbers.push(number);
        }
        let mut draft = Self::default();
        draft.take(&form, &numbers);
        draft
    }

    /// Takes what was sent for these places.
    pub fn take(&mut self, form: &FormState<Field>, numbers: &[u32]) {
        for number in numbers {
            let mut typed = self.answers_of(*number, form);
            for field in PersonField::FIELDS {
                let value = form.value(Field::Of(OfPerson(*number, *field)));
                if !value.is_empty() {
                    typed.insert(field.name().into_owned(), value.to_owned());
                }
            }
            self.people.insert(*number, typed);
        }
        form.value(Field::Minors).clone_into(&mut self.minors);
    }

    /// What was answered for whoever is on a place, as long as it is she: answers do not pass to somebody else.
    fn answers_of(&mut self, number: u32, form: &FormState<Field>) -> Typed {
        let mut typed = self.people.remove(&number).unwrap_or_default();
        let before = typed.get(PersonField::Name.name().as_ref()).map_or("", |name| name.trim());
        let name = form.value(Field::Of(OfPerson(number, PersonField::Name))).trim();
        if !before.is_empty() && !name.is_empty() && !before.eq_ignore_ascii_case(name) {
            return Typed::new();
        }
        typed.retain(|field, _| field.starts_with(ANSWER));
        typed
    }

    /// Takes what was answered.
    pub fn take_answers(&mut self, fields: &Fields, questions: &[Question], whom: &[Whom]) {
        for one in whom {
            let typed = match one.number {
                None => &mut self.answers,
                Some(number) => self.people.entry(number).or_default(),
            };
            typed.retain(|field, _| !field.starts_with(ANSWER));
            for question in questions {
                let value = asking::typed(fields, &question.code, one.number);
                if !value.is_empty() {
                    typed.insert(format!("{ANSWER}{}", question.code), value);
                }
            }
        }
    }

    /// What was typed over what was kept of the answers.
    pub fn over(
        &self,
        mut sheet: Sheet,
        questions: &[Question],
        registration: &Registration,
    ) -> Sheet {
        let given = |typed: &Typed| -> Vec<Given> {
            let of = |question: &Question| {
                let value = typed.get(&format!("{ANSWER}{}", question.code))?.clone();
                let (question, revision) = (question.code.clone(), question.revision);
                Some(Given { question, revision, value })
            };
            questions.iter().filter_map(of).collect()
        };
        let answers = given(&self.answers);
        if !answers.is_empty() {
            sheet.of_booking = answers;
        }
        for place in registration.places.iter().filter(|place| place.state.status().is_open()) {
            let answers = self.people.get(&place.number).map(given).unwrap_or_default();
            if !answers.is_empty() {
                sheet.of_places.insert(place.id, answers);
            }
        }
        sheet
    }

    /// Fills in what was typed for these places.
    pub fn fill(&self, form: &mut FormState<Field>, numbers: &[u32]) {
        for (number, typed) in self.people.iter().filter(|(number, _)| numbers.contains(number)) {
            for field in PersonField::FIELDS {
                let value = typed.get(field.name().as_ref()).map_or("", String::as_str);
                form.fill(Field::Of(OfPerson(*number, *field)), value);
            }
        }
        form.fill(Field::Minors, self.minors.as_str());
    }

    /// Whether it was said that the name on this place is to follow.
    pub fn follows(&self, number: u32) -> bool {
        let typed = self.people.get(&number);
        typed.is_some_and(|one| one.contains_key(PersonField::Follows.name().as_ref()))
    }

    /// The same people on the places of another hold: one place fewer, or the leader has another name, or
    /// she stays at home.
    pub fn moved(mut self, earlier: &Registration, leader: &Leader, comes: bool) -> Self {
        let mut people: Vec<Typed> = std::mem::take(&mut self.people).into_values().collect();
        let name = PersonField::Name.name().into_owned();
        let was_hers =
            people.first().and_then(|one| one.get(&name)) == Some(&earlier.leader.name.to_string());
        let mut own = if was_hers { people.remove(0) } else { Typed::new() };
        if comes {
            own.insert(name, leader.name.to_string());
            let address = |leader: &Leader| leader.email.as_ref().map(EmailAddress::to_string);
            let at = PersonField::Email.name().into_owned();
            if own.get(&at).cloned() == address(&earlier.leader) || !own.contains_key(&at) {
                own.remove(&at);
                own.extend(address(leader).map(|email| (at, email)));
            }
            people.insert(0, own);
        }
        self.people = (1..).zip(people).collect();
        if self.minors == Minors::None.as_str() {
            self.minors.clear();
        }
        self
    }
}
