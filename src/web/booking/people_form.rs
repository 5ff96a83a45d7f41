//! The form of the second step: who comes, on which place, and who is responsible for whoever is under 18.

use std::borrow::Cow;

use crate::{
    domain::{
        attendee::{Attendee, Guardian},
        contact::{EmailAddress, PhoneNumber},
        pasted_names::{PastedName, pasted_names},
        place::Place,
        registration::Registration,
        session::Session,
        text::Name,
        wording,
    },
    web::forms::{
        Fields, FormField, FormState, WholeForm,
        person::{OfPerson, PersonField},
    },
};

/// The fields of step 2, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Several names at once.
    Names,
    /// Whether somebody is under 18, asked once for all.
    Minors,
    /// What is asked about one person.
    Of(OfPerson),
}

impl FormField for Field {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Names => "names".into(),
            Self::Minors => "minors".into(),
            Self::Of(field) => field.name(),
        }
    }

    fn id(self) -> Cow<'static, str> {
        match self {
            Self::Of(field) => field.id(),
            other => other.name(),
        }
    }
}

/// Who is responsible for those under 18, where a course asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Minors {
    /// Nobody is under 18.
    None,
    /// The leader, for everybody but herself.
    Leader,
    /// Somebody for each.
    Each,
}

impl Minors {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Leader => "leader",
            Self::Each => "each",
        }
    }

    fn read(typed: &str) -> Option<Self> {
        [Self::None, Self::Leader, Self::Each].into_iter().find(|one| one.as_str() == typed)
    }
}

/// The places that can be named.
pub fn numbers(registration: &Registration) -> Vec<u32> {
    let is_open = |place: &&Place| place.state.status().is_open();
    registration.places.iter().filter(is_open).map(|place| place.number).collect()
}

/// What was sent.
pub fn sent(fields: &Fields, registration: &Registration) -> FormState<Field> {
    let of = |number| PersonField::FIELDS.iter().map(move |one| Field::Of(OfPerson(number, *one)));
    let mut asked = vec![Field::Names, Field::Minors];
    asked.extend(numbers(registration).into_iter().flat_map(of));
    FormState::sent_for(fields, &asked)
}

/// Puts pasted names on the places that have none, in order. Whoever is named already gets the address
/// that stood beside her name; names beyond the places stay where they were pasted, and are said.
pub fn put_pasted(form: &mut FormState<Field>, numbers: &[u32]) {
    let at = |number: u32, field| Field::Of(OfPerson(number, field));
    let mut left: Vec<PastedName> = Vec::new();
    for one in pasted_names(form.value(Field::Names)) {
        let same = |number: &&u32| {
            !one.name.is_empty() && form.value(at(**number, PersonField::Name)).trim() == one.name
        };
        let free = |number: &&u32| {
            [PersonField::Name, PersonField::Email]
                .iter()
                .all(|field| form.value(at(**number, *field)).trim().is_empty())
        };
        let number = numbers.iter().find(same).or_else(|| numbers.iter().find(free)).copied();
        let Some(number) = number else {
            left.push(one);
            continue;
        };
        if !one.name.is_empty() {
            form.fill(at(number, PersonField::Name), one.name);
            form.fill(at(number, PersonField::Follows), "");
        }
        if !one.email.is_empty() {
            form.fill(at(number, PersonField::Email), one.email);
        }
    }
    let lines: Vec<_> = left.iter().map(PastedName::line).collect();
    form.fill(Field::Names, lines.join("\n"));
    if !left.is_empty() {
        let many = wording::count(left.len(), "more name", "more names");
        let words = format!(
            "There are {many} than places. Take more places in step 1, or remove them here"
        );
        form.fault(Field::Names, words);
    }
}

/// Reads step 2: everybody who could be read, or whose name is to follow; what must be put right stands in
/// `form`.
pub fn parse(
    session: &Session,
    registration: &Registration,
    form: &mut FormState<Field>,
    is_asked: bool,
) -> Vec<(u32, Option<Attendee>)> {
    let numbers = numbers(registration);
    let minors = session.course.needs_guardian.then(|| minors(form, &numbers, is_asked)).flatten();
    let fewer = wording::count(numbers.len().saturating_sub(1), "place", "places");
    let mut people = Vec::new();
    for number in &numbers {
        let at = |field| Field::Of(OfPerson(*number, field));
        let is_unnamed = form.value(at(PersonField::Name)).trim().is_empty();
        if *number > 1 && is_unnamed && form.is(at(PersonField::Follows), "yes") {
            people.push((*number, None));
            continue;
        }
        if minors != Some(Minors::Each) {
            form.fill(at(PersonField::GuardianName), "");
            form.fill(at(PersonField::GuardianContact), "");
        }
        let hint = if numbers.len() > 1 {
            format!("a name for person {number}, or go down to {fewer}")
        } else {
            "the name of the person who is coming".to_owned()
        };
        let Some(mut attendee) = form.person(at, &hint) else { continue };
        if minors == Some(Minors::Leader) && attendee.name != registration.leader.name {
            attendee.guardian = leader_as_guardian(registration);
        }
        people.push((*number, Some(attendee)));
    }
    let with_guardian = |one: &Option<Attendee>| one.as_ref().is_some_and(|a| a.guardian.is_some());
    if minors == Some(Minors::Each)
        && form.is_valid()
        && !people.iter().any(|(_, one)| with_guardian(one))
    {
        let first = at_first_other(&numbers);
        form.fault(first, "Enter the responsible adult for each person under 18");
    }
    people
}

fn at_first_other(numbers: &[u32]) -> Field {
    let number = numbers.get(1).or(numbers.first()).copied().unwrap_or(1);
    Field::Of(OfPerson(number, PersonField::GuardianName))
}

/// Who is responsible for whoever is under 18. A form that did not ask is read by what was typed.
fn minors(form: &mut FormState<Field>, numbers: &[u32], is_asked: bool) -> Option<Minors> {
    if let Some(said) = Minors::read(form.value(Field::Minors)) {
        return Some(said);
    }
    if is_asked {
        form.fault(Field::Minors, "Say if anybody is under 18");
        return Some(Minors::Each);
    }
    let typed = |number: &u32| {
        !form.value(Field::Of(OfPerson(*number, PersonField::GuardianName))).trim().is_empty()
    };
    numbers.iter().any(typed).then_some(Minors::Each)
}

/// The leader, and how she is reached on the day.
fn leader_as_guardian(registration: &Registration) -> Option<Guardian> {
    let leader = &registration.leader;
    let phone = leader.phone.as_ref().map(PhoneNumber::as_str);
    let contact = phone.or(leader.email.as_ref().map(EmailAddress::as_str))?;
    Some(Guardian { name: leader.name.clone(), contact: Name::parse(contact).ok()? })
}

/// What was answered, as far as the people who are named show it.
pub fn fill_minors(form: &mut FormState<Field>, registration: &Registration) {
    let named = || registration.places.iter().filter_map(|place| place.attendee.as_ref());
    let by_leader = leader_as_guardian(registration);
    let guardians: Vec<_> = named().filter_map(|who| who.guardian.as_ref()).collect();
    if guardians.is_empty() {
        return;
    }
    let all_hers = guardians.iter().all(|one| by_leader.as_ref() == Some(*one));
    let said = if all_hers { Minors::Leader } else { Minors::Each };
    form.fill(Field::Minors, said.as_str());
}
