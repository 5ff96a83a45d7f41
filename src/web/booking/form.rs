//! The form of the first step: from what was typed to a request for places, or to faults.

use crate::{
    actions::booking::{hold_places::HoldRequest, refusals::HoldError},
    domain::{
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
        fields::Fields,
        form::FormState,
        forms::{sender::sender, text::line},
    },
};

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
    ("nomination", "nomination"),
];

pub fn keep_start(fields: &Fields) -> FormState {
    let mut form = FormState::default();
    for (name, id) in START {
        form.keep(id, fields.get(name));
    }
    form
}

/// Fills step 1 for somebody who comes back to it.
pub fn prefill(form: &mut FormState, registration: Option<&Registration>) {
    form.keep("places", "1");
    form.keep("self", "yes");
    form.keep("team", TeamPolicy::default().as_str());
    let Some(registration) = registration else { return };
    let leader = &registration.leader;
    form.keep("places", registration.asked.to_string());
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

/// Reads step 1; `None` if something must be put right, which then stands in `form`.
pub fn parse_start(
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

/// Words a refusal of the hold beside the field it is about.
pub fn explain(refused: &HoldError, session: &Session, desk: &Desk, form: &mut FormState) {
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
            form.fault("email", words);
            return;
        }
        _ => format!("Choose from 1 to {} places.", session.places_per_booking),
    };
    form.fault("places", words);
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
