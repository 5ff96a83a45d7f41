//! The forms of booking: from what was typed to domain values, or to faults beside the fields.

use crate::{
    actions::booking::hold_places::{HoldError, HoldRequest},
    domain::{
        alliance::Alliance,
        contact::{EmailAddress, PhoneNumber},
        id::SessionCode,
        institution::Institution,
        occupancy::TeamPolicy,
        registration::{Leader, Registration, Sender},
        session::{BookingStatus, Session},
        text::{Line, Name, TextFault},
        wording,
    },
    token::Token,
    web::{Desk, fields::Fields, form::FormState},
};

/// The addresses of the steps of one booking.
pub(in crate::web) struct Steps {
    pub(in crate::web) start: String,
    pub(in crate::web) people: String,
    pub(in crate::web) check: String,
    pub(in crate::web) hold: String,
}

impl Steps {
    pub(in crate::web) fn of(code: &SessionCode, token: &Token) -> Self {
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
    ("nomination", "nomination"),
];

pub(in crate::web) fn keep_start(fields: &Fields) -> FormState {
    let mut form = FormState::default();
    for (name, id) in START {
        form.keep(id, fields.get(name));
    }
    form
}

/// Fills step 1 for somebody who comes back to it.
pub(in crate::web) fn prefill(form: &mut FormState, registration: Option<&Registration>) {
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

/// The institutions to choose from, by alliance, the session's own first; narrowed by a typed word.
pub(in crate::web) fn groups(
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
pub(in crate::web) fn parse_start(
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

pub(in crate::web) fn sender(
    institutions: &[Institution],
    fields: &Fields,
    form: &mut FormState,
) -> Option<Sender> {
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
pub(in crate::web) fn explain(
    refused: &HoldError,
    session: &Session,
    desk: &Desk,
    form: &mut FormState,
) {
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

pub(in crate::web) fn line<const MAX: usize>(
    typed: &str,
    field: &str,
    what: &str,
    form: &mut FormState,
) -> Option<Line<MAX>> {
    Line::parse(typed).map_err(|fault| form.fault(field, complaint(fault, what))).ok()
}

pub(in crate::web) fn complaint(fault: TextFault, what: &str) -> String {
    match fault {
        TextFault::Empty => format!("Enter {what}"),
        TextFault::TooLong { max } => format!("Shorten {what} to {max} characters or fewer"),
        TextFault::Unprintable => format!("Use ordinary letters and signs for {what}"),
    }
}
