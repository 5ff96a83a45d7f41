//! Who looks after a booking, for herself and for the office: the same form and the same refusals, on two
//! pages.

use chrono_tz::Tz;
use rocket::http::Status;

use crate::{
    actions::booking::change_leader::{LeaderError, change_leader},
    domain::{
        audit::Actor,
        contact::{EmailAddress, PhoneNumber},
        id::RegistrationId,
        registration::{Leader, Registration},
    },
    web::{
        Desk,
        failure::Failure,
        form::FormState,
        forms::{
            Fields,
            edited::{self, DRAWN},
            text::line,
        },
        words::in_words,
    },
};

const NAME: &str = "leader_name";
const EMAIL: &str = "leader_email";
const PHONE: &str = "leader_phone";

/// The form of whoever looks after a booking, filled with what is known.
pub fn filled(leader: &Leader) -> FormState {
    let mut form = FormState::default();
    form.keep(NAME, leader.name.as_str());
    form.keep(EMAIL, leader.email.as_ref().map_or("", EmailAddress::as_str));
    form.keep(PHONE, leader.phone.as_ref().map_or("", PhoneNumber::as_str));
    form.keep(DRAWN, edited::field(Some(leader)));
    form
}

/// Reads the form and changes who looks after the booking; the form again where something must be put right.
pub async fn change(
    desk: &Desk,
    actor: &Actor,
    booking: &Registration,
    fields: &Fields,
    zone: Tz,
) -> Result<Result<(), (FormState, Status)>, Failure> {
    let mut form = FormState::default();
    for field in [NAME, EMAIL, PHONE, DRAWN] {
        form.keep(field, fields.get(field));
    }
    let Some(sent) = read(&mut form) else {
        return Ok(Err((form, Status::UnprocessableEntity)));
    };
    let drawn = edited::drawn(fields);
    let id: RegistrationId = booking.id;
    match change_leader(&desk.ctx, actor, id, &sent, drawn.as_ref()).await {
        Ok(()) => Ok(Ok(())),
        Err(LeaderError::Conflicts(conflicts)) => {
            let mut form = filled(&conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            let place = str::to_owned;
            edited::tell(&mut conn, &mut form, &conflicts, (actor, zone), place).await?;
            Ok(Err((form, Status::Conflict)))
        }
        Err(error @ LeaderError::Unreachable) => {
            form.fault(EMAIL, in_words(&error.to_string()));
            Ok(Err((form, Status::UnprocessableEntity)))
        }
        Err(error @ (LeaderError::NoSuchBooking | LeaderError::Store(_))) => Err(error.into()),
    }
}

fn read(form: &mut FormState) -> Option<Leader> {
    let typed = |form: &FormState, field: &str| form.value(field).trim().to_owned();
    let name = line::<120>(&typed(form, NAME), NAME, "the name of whoever booked", form);
    let email = match typed(form, EMAIL) {
        empty if empty.is_empty() => None,
        text => match text.parse::<EmailAddress>() {
            Ok(email) => Some(email),
            Err(_) => {
                form.fault(EMAIL, "Check the email address. It should look like name@example.org");
                None
            }
        },
    };
    let phone = match typed(form, PHONE) {
        empty if empty.is_empty() => None,
        text => match text.parse::<PhoneNumber>() {
            Ok(phone) => Some(phone),
            Err(_) => {
                form.fault(PHONE, "Check the telephone number, such as 07700 900117");
                None
            }
        },
    };
    let name = name?;
    form.is_valid().then_some(Leader { name, email, phone })
}
