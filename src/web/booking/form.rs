//! The form of the first step: from what was typed to a request for places, or to faults.

use crate::{
    actions::booking::{hold_places::HoldRequest, refusals::HoldError},
    domain::{
        already::sentence,
        contact::{EmailAddress, PhoneNumber},
        institution::Institution,
        occupancy::TeamPolicy,
        registration::{Leader, Registration, Sender},
        session::{BookingStatus, Session},
        wording,
    },
    token::Token,
    web::{
        Desk,
        forms::{FormState, form_fields},
    },
};

form_fields! {
    /// The fields of step 1.
    pub enum Field {
        Attempt = "attempt",
        Then = "then",
        Evening = "evening",
        IfFull = "if_full" at "if-full",
        Places = "places",
        Herself = "self",
        Name = "name",
        Email = "email",
        Tel = "tel",
        Remember = "remember",
        InstitutionSearch = "institution_search",
        Institution = "institution" at "inst",
        InstitutionOther = "institution_other" at "inst-other",
        Team = "team",
        Nomination = "nomination",
        SamePerson = "same_person" at "same-person",
        Action = "action",
    }
}

/// Fills step 1 for somebody who comes back to it.
pub fn prefill(form: &mut FormState<Field>, registration: Option<&Registration>) {
    form.fill(Field::Places, "1");
    form.fill(Field::Herself, "yes");
    form.fill(Field::Team, TeamPolicy::default().as_str());
    let Some(registration) = registration else { return };
    let leader = &registration.leader;
    form.fill(Field::Places, registration.asked.to_string());
    form.fill(Field::Name, leader.name.as_str());
    form.fill(Field::Email, leader.email.as_ref().map_or("", EmailAddress::as_str));
    form.fill(Field::Tel, leader.phone.as_ref().map_or("", PhoneNumber::as_str));
    form.fill(Field::Team, registration.team.as_str());
    form.fill(Field::Herself, if is_coming(registration) { "yes" } else { "no" });
    match &registration.sender {
        Sender::Listed { code, .. } => form.fill(Field::Institution, code.as_str()),
        Sender::NotListed(name) => {
            form.fill(Field::Institution, "other");
            form.fill(Field::InstitutionOther, name.as_str());
        }
        Sender::Herself => form.fill(Field::Institution, "none"),
    }
}

/// Whether the leader has one of the places herself. They are hers as long as they are held, and are told by
/// their number after that.
fn is_coming(registration: &Registration) -> bool {
    registration.places.is_empty()
        || registration.places.iter().any(|place| {
            place.attendee.as_ref().is_some_and(|who| who.name == registration.leader.name)
        })
}

/// Reads step 1; `None` if something must be put right, which then stands in `form`.
pub fn parse_start(
    session: &Session,
    institutions: &[Institution],
    form: &mut FormState<Field>,
) -> Option<HoldRequest> {
    let most = session.places_per_booking;
    let words = format!("Choose how many places you need, from 1 to {most}");
    let places = form.count(Field::Places, 1..=most, &words);
    let leader_comes = match form.value(Field::Herself) {
        "yes" => true,
        "no" => false,
        _ => {
            form.fault(Field::Herself, "Say if you are coming yourself");
            false
        }
    };
    let name = form.line::<120>(Field::Name, "your name");
    let email = form.optional_email(Field::Email, "your email address");
    let phone = phone(form);
    let is_silent = [Field::Email, Field::Tel].iter().all(|one| form.value(*one).trim().is_empty());
    if is_silent {
        form.fault(Field::Email, "Enter your email address, or your mobile number");
    }
    let sender = form.sender(Field::Institution, Field::InstitutionOther, institutions);
    let team = match form.value(Field::Team) {
        "" => Some(TeamPolicy::default()),
        _ => form.choice(Field::Team, "Choose what happens if there are fewer places"),
    };
    if !matches!(form.value(Field::SamePerson), "" | "no") {
        form.fault(Field::SamePerson, "Say that you are somebody else, or do not book again");
    }
    if !form.is_valid() {
        return None;
    }
    Some(HoldRequest {
        session: session.code.clone(),
        leader: Leader { name: name?, email, phone },
        sender: sender?,
        team: team?,
        places: places?,
        leader_comes,
        apart: form.is(Field::SamePerson, "no"),
        instead_of: None,
        attempt: form.value(Field::Attempt).parse::<Token>().ok().map(|t| t.secret().to_owned()),
        network: None,
    })
}

fn phone(form: &mut FormState<Field>) -> Option<PhoneNumber> {
    match form.value(Field::Tel).trim() {
        "" => None,
        typed => {
            let parsed = typed.parse::<PhoneNumber>();
            form.take(Field::Tel, parsed, |_| {
                "Check your mobile number, such as 07700 900117".to_owned()
            })
        }
    }
}

/// Words a refusal of the hold beside the field it is about.
pub fn explain(refused: &HoldError, session: &Session, desk: &Desk, form: &mut FormState<Field>) {
    if let HoldError::AlreadyThere(found) = refused {
        form.fault(Field::SamePerson, format!("{}. Is this somebody else?", sentence(found)));
        return;
    }
    let words = match refused {
        HoldError::NotEnough { free: 0 } if session.waiting_list => {
            "Someone took the last place while you were typing. Nothing is booked. Join the \
             waiting list?"
                .to_owned()
        }
        HoldError::NotEnough { free: 0 } => {
            "Someone took the last place while you were typing. Nothing is booked.".to_owned()
        }
        HoldError::NotEnough { free } => {
            let left = wording::count(*free as usize, "place is", "places are");
            format!("Only {left} left. {}", way_out(*free, session))
        }
        HoldError::InstitutionLimit { room: 0 } if session.waiting_list => {
            "Your institution has all the places it can have on this session. Join the waiting \
             list?"
                .to_owned()
        }
        HoldError::InstitutionLimit { room: 0 } => {
            "Your institution has all the places it can have on this session.".to_owned()
        }
        HoldError::InstitutionLimit { room } => {
            let left = wording::count(*room as usize, "more place", "more places");
            let way_out = way_out(*room, session);
            format!("Your institution can have {left} on this session. {way_out}")
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
        HoldError::TooMany => {
            let words = "There are several open bookings under this address already. Finish one, \
                         or try again in a few minutes.";
            form.fault(Field::Email, words);
            return;
        }
        HoldError::NetworkHoldsTooMany { most } => held_by_network(*most, desk),
        HoldError::WholeSeries(_) => whole_series().to_owned(),
        HoldError::NoSuchSession
        | HoldError::WrongNumber { .. }
        | HoldError::AlreadyThere(_)
        | HoldError::AlreadyExtended
        | HoldError::Store(_) => {
            format!("Choose from 1 to {} places.", session.places_per_booking)
        }
    };
    form.fault(Field::Places, words);
}

/// What is said to whoever asks for one evening of a series that is booked as a whole.
pub fn whole_series() -> &'static str {
    "The evenings of this series are booked together. Nothing is booked. Open its page to book them all."
}

/// Why nothing is held for somebody whose neighbours hold so much, and what to do.
fn held_by_network(most: u32, desk: &Desk) -> String {
    format!(
        "{most} places are held from your network and not booked yet, which is as many as we hold. Nothing was \
         held for you. Finish a booking that you began, or try again in {} minutes; or phone us on {}.",
        desk.ctx.hold.num_minutes(),
        desk.office.phone
    )
}

/// What a team that does not fit can do.
fn way_out(room: u32, session: &Session) -> String {
    let fewer = if room == 1 { "1".to_owned() } else { format!("{room} or fewer") };
    if session.waiting_list {
        format!("Choose {fewer}, take the places there are, or join the waiting list.")
    } else {
        format!("Choose {fewer}.")
    }
}
