//! The forms of booking: from what was typed to domain values, or to faults beside the fields.

use super::super::{Desk, fields::Fields, form::FormState};
use crate::{
    actions::hold_places::{HoldError, HoldRequest},
    domain::{
        alliance::Alliance,
        attendee::{Attendee, Guardian},
        contact::{EmailAddress, PhoneNumber},
        id::SessionCode,
        institution::Institution,
        occupancy::TeamPolicy,
        place::Place,
        registration::{Leader, Registration, Sender},
        session::{BookingStatus, Session},
        text::{Line, Name, TextFault},
        wording,
    },
    token::Token,
};

/// The addresses of the steps of one booking.
pub(super) struct Steps {
    pub(super) start: String,
    pub(super) people: String,
    pub(super) check: String,
    pub(super) hold: String,
}

impl Steps {
    pub(super) fn of(code: &SessionCode, token: &Token) -> Self {
        let start = format!("/sessions/{code}/register");
        let base = format!("{start}/{}", token.secret());
        Self {
            people: format!("{base}/people"),
            check: format!("{base}/check"),
            hold: format!("{base}/hold"),
            start,
        }
    }
}

/// The fields of step 1: as they are sent, and the inputs they stand in.
const START: &[(&str, &str)] = &[
    ("attempt", "attempt"),
    ("places", "places"),
    ("self", "self"),
    ("name", "name"),
    ("email", "email"),
    ("tel", "tel"),
    ("institution_search", "institution_search"),
    ("institution", "inst"),
    ("institution_other", "inst-other"),
    ("team", "team"),
];

pub(super) fn keep_start(fields: &Fields) -> FormState {
    let mut form = FormState::default();
    for (name, id) in START {
        form.keep(id, fields.get(name));
    }
    form
}

/// Fills step 1 for somebody who comes back to it.
pub(super) fn prefill(form: &mut FormState, registration: Option<&Registration>) {
    form.keep("places", "1");
    form.keep("self", "yes");
    form.keep("team", TeamPolicy::default().as_str());
    let Some(registration) = registration else { return };
    let leader = &registration.leader;
    let open = registration.places.iter().filter(|place| place.state.status().is_open());
    form.keep("places", open.count().to_string());
    form.keep("name", leader.name.as_str());
    form.keep("email", leader.email.as_ref().map_or("", EmailAddress::as_str));
    form.keep("tel", leader.phone.as_ref().map_or("", PhoneNumber::as_str));
    form.keep("team", registration.team.as_str());
    match &registration.sender {
        Sender::Listed { code, .. } => form.keep("inst", code.as_str()),
        Sender::NotListed(name) => {
            form.keep("inst", "other");
            form.keep("inst-other", name.as_str());
        }
        Sender::Herself => form.keep("inst", "none"),
    }
}

/// The institutions to choose from, by alliance, the session's own first; narrowed by a typed word.
pub(super) fn groups(
    session: &Session,
    mut alliances: Vec<Alliance>,
    institutions: Vec<Institution>,
    typed: &str,
) -> Vec<(String, Vec<Institution>)> {
    let word = typed.trim().to_lowercase();
    alliances.sort_by_key(|alliance| alliance.slug != session.alliance.slug);
    alliances
        .into_iter()
        .map(|alliance| {
            let members = institutions
                .iter()
                .filter(|one| one.alliance == alliance.slug)
                .filter(|one| word.is_empty() || one.name.to_lowercase().contains(&word))
                .cloned()
                .collect();
            (alliance.name, members)
        })
        .filter(|(_, members): &(String, Vec<Institution>)| !members.is_empty())
        .collect()
}

/// Reads step 1; `None` if something must be put right, which then stands in `form`.
pub(super) fn parse_start(
    session: &Session,
    institutions: &[Institution],
    fields: &Fields,
    form: &mut FormState,
) -> Option<HoldRequest> {
    let most = session.places_per_booking;
    let places = fields.get("places").parse::<u32>().ok().filter(|n| (1..=most).contains(n));
    if places.is_none() {
        form.fault("places", format!("Choose how many places you need, from 1 to {most}"));
    }
    let leader_comes = match fields.get("self") {
        "yes" => true,
        "no" => false,
        _ => {
            form.fault("self", "Say if you are coming yourself");
            false
        }
    };
    let name = line::<120>(fields.get("name"), "name", "your name", form);
    let email = match fields.get("email").parse::<EmailAddress>() {
        Ok(email) => Some(email),
        Err(crate::domain::contact::ContactFault::Empty) => {
            form.fault("email", "Enter your email address");
            None
        }
        Err(_) => {
            let words = "Check your email address. It should look like name@example.org";
            form.fault("email", words);
            None
        }
    };
    let phone = match fields.get("tel").trim() {
        "" => None,
        typed => match typed.parse::<PhoneNumber>() {
            Ok(phone) => Some(phone),
            Err(_) => {
                form.fault("tel", "Check your mobile number, such as 07700 900117");
                None
            }
        },
    };
    let sender = sender(institutions, fields, form);
    let team = fields.get("team").parse().unwrap_or_default();
    if !form.is_valid() {
        return None;
    }
    Some(HoldRequest {
        session: session.code.clone(),
        leader: Leader { name: name?, email, phone },
        sender: sender?,
        team,
        places: places?,
        leader_comes,
        instead_of: None,
        attempt: fields.get("attempt").parse::<Token>().ok().map(|t| t.secret().to_owned()),
    })
}

fn sender(institutions: &[Institution], fields: &Fields, form: &mut FormState) -> Option<Sender> {
    let typed = fields.get("institution_other");
    match fields.get("institution") {
        "none" => Some(Sender::Herself),
        choice @ ("" | "other") => match Name::parse(typed) {
            Ok(name) => Some(Sender::NotListed(name)),
            Err(TextFault::Empty) if choice.is_empty() => {
                form.fault("inst", "Choose your institution, or type its name");
                None
            }
            Err(fault) => {
                form.fault("inst-other", complaint(fault, "the name of your institution"));
                None
            }
        },
        code => match institutions.iter().find(|one| one.code.as_str() == code) {
            Some(one) => Some(Sender::Listed { code: one.code.clone(), name: one.name.clone() }),
            None => {
                form.fault("inst", "Choose your institution, or type its name");
                None
            }
        },
    }
}

/// Words a refusal of the hold beside the field it is about.
pub(super) fn explain(refused: &HoldError, session: &Session, desk: &Desk, form: &mut FormState) {
    let words = match refused {
        HoldError::NotEnough { free: 0 } => {
            "Someone took the last place while you were typing. Nothing is booked.".to_owned()
        }
        HoldError::NotEnough { free } => {
            let left = wording::count(*free as usize, "place is", "places are");
            format!("Only {left} left. Choose {free} or fewer.")
        }
        HoldError::InstitutionLimit { room: 0 } => {
            "Your institution has all the places it can have on this session.".to_owned()
        }
        HoldError::InstitutionLimit { room } => {
            let left = wording::count(*room as usize, "more place", "more places");
            format!("Your institution can have {left} on this session.")
        }
        HoldError::NotOpen(BookingStatus::NotYetOpen { opens }) => {
            format!("Booking opens at {}.", wording::moment(*opens, session.zone()))
        }
        HoldError::NotOpen(BookingStatus::Cancelled) => {
            "This session is cancelled. Nothing is booked.".to_owned()
        }
        HoldError::NotOpen(_) => {
            format!("Booking has closed. Phone us on {}.", desk.office.phone)
        }
        _ => format!("Choose from 1 to {} places.", session.places_per_booking),
    };
    form.fault("places", words);
}

const PERSON: &[&str] = &["name", "email", "diet", "access", "guardian_name", "guardian_contact"];

fn id(number: u32, field: &str) -> String {
    format!("p{number}-{}", field.replace('_', "-"))
}

fn open_places(registration: &Registration) -> impl Iterator<Item = &Place> {
    registration.places.iter().filter(|place| place.state.status().is_open())
}

pub(super) fn keep_people(fields: &Fields, registration: &Registration) -> FormState {
    let mut form = FormState::default();
    for place in open_places(registration) {
        for field in PERSON {
            let name = format!("p{}_{field}", place.number);
            form.keep(&id(place.number, field), fields.get(&name));
        }
    }
    form
}

pub(super) fn prefill_people(form: &mut FormState, registration: &Registration) {
    for place in open_places(registration) {
        if let Some(attendee) = &place.attendee {
            prefill_person(form, &format!("p{}-", place.number), attendee);
        }
    }
}

/// Fills the fields of one person; `start` is what their ids begin with.
pub(super) fn prefill_person(form: &mut FormState, start: &str, attendee: &Attendee) {
    let mut keep = |field: &str, value: &str| form.keep(&format!("{start}{field}"), value);
    keep("name", attendee.name.as_str());
    keep("email", attendee.email.as_ref().map_or("", EmailAddress::as_str));
    keep("diet", attendee.dietary.as_ref().map_or("", |need| need.as_str()));
    keep("access", attendee.access.as_ref().map_or("", |need| need.as_str()));
    if let Some(guardian) = &attendee.guardian {
        keep("guardian-name", guardian.name.as_str());
        keep("guardian-contact", guardian.contact.as_str());
    }
}

/// Reads step 2: everybody who could be read; what must be put right stands in `form`.
pub(super) fn parse_people(
    session: &Session,
    registration: &Registration,
    fields: &Fields,
    form: &mut FormState,
) -> Vec<(u32, Attendee)> {
    let places: Vec<u32> = open_places(registration).map(|place| place.number).collect();
    let fewer = wording::count(places.len().saturating_sub(1), "place", "places");
    let mut attendees = Vec::new();
    for number in &places {
        let get = |field: &str| fields.get(&format!("p{number}_{field}"));
        let hint = if places.len() > 1 {
            format!("a name for person {number}, or go down to {fewer}")
        } else {
            "the name of the person who is coming".to_owned()
        };
        let person = Person {
            name: get("name"),
            email: get("email"),
            diet: get("diet"),
            access: get("access"),
            guardian: session
                .course
                .needs_guardian
                .then(|| (get("guardian_name"), get("guardian_contact"))),
        };
        if let Some(attendee) = person.parse(&format!("p{number}-"), &hint, form) {
            attendees.push((*number, attendee));
        }
    }
    same_person_twice(&attendees, form);
    attendees
}

/// The same name with the same address twice is a slip; an address alone may be shared (B5).
fn same_person_twice(attendees: &[(u32, Attendee)], form: &mut FormState) {
    for (at, (number, attendee)) in attendees.iter().enumerate() {
        let twin = attendees[..at]
            .iter()
            .any(|(_, earlier)| earlier.name == attendee.name && earlier.email == attendee.email);
        if twin {
            let name = &attendee.name;
            let words = format!("{name} is in this booking twice. Check the name, or remove one.");
            form.fault(&id(*number, "name"), words);
        }
    }
}

/// One person as typed.
pub(super) struct Person<'a> {
    pub(super) name: &'a str,
    pub(super) email: &'a str,
    pub(super) diet: &'a str,
    pub(super) access: &'a str,
    pub(super) guardian: Option<(&'a str, &'a str)>,
}

impl Person<'_> {
    /// Reads a person; faults go to inputs whose ids begin with `start`.
    pub(super) fn parse(&self, start: &str, hint: &str, form: &mut FormState) -> Option<Attendee> {
        let before = form.faults().len();
        let name = line::<120>(self.name, &format!("{start}name"), hint, form);
        let who = name.as_ref().map_or("this person".to_owned(), ToString::to_string);
        let email = match self.email.trim() {
            "" => None,
            typed => match typed.parse::<EmailAddress>() {
                Ok(email) => Some(email),
                Err(_) => {
                    let words = format!(
                        "Check the email address for {who}. It should look like name@example.org"
                    );
                    form.fault(&format!("{start}email"), words);
                    None
                }
            },
        };
        let mut need = |field: &str, typed: &str, what: &str| match Line::parse_optional(typed) {
            Ok(need) => need,
            Err(fault) => {
                form.fault(
                    &format!("{start}{field}"),
                    complaint(fault, &format!("{what} for {who}")),
                );
                None
            }
        };
        let dietary = need("diet", self.diet, "the food needs");
        let access = need("access", self.access, "the access needs");
        let guardian = self
            .guardian
            .filter(|(name, contact)| !name.trim().is_empty() || !contact.trim().is_empty());
        let guardian = guardian.and_then(|(name, contact)| {
            let whose = format!("the name of the adult responsible for {who}");
            let how = format!("how to reach the adult responsible for {who}");
            let name = line(name, &format!("{start}guardian-name"), &whose, form);
            let contact = line(contact, &format!("{start}guardian-contact"), &how, form);
            Some(Guardian { name: name?, contact: contact? })
        });
        let attendee = Attendee { name: name?, email, dietary, access, guardian };
        (form.faults().len() == before).then_some(attendee)
    }
}

fn line<const MAX: usize>(
    typed: &str,
    field: &str,
    what: &str,
    form: &mut FormState,
) -> Option<Line<MAX>> {
    Line::parse(typed).map_err(|fault| form.fault(field, complaint(fault, what))).ok()
}

fn complaint(fault: TextFault, what: &str) -> String {
    match fault {
        TextFault::Empty => format!("Enter {what}"),
        TextFault::TooLong { max } => format!("Shorten {what} to {max} characters or fewer"),
        TextFault::Unprintable => format!("Use ordinary letters and signs for {what}"),
    }
}
