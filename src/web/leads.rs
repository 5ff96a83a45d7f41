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
        forms::{Fields, FormState, WholeForm, edited, form_fields},
        words::in_words,
    },
};

form_fields! {
    /// What is known of whoever looks after a booking.
    pub enum LeaderField {
        Name = "leader_name",
        Email = "leader_email",
        Phone = "leader_phone",
    }
}

/// The form of whoever looks after a booking, filled with what is known.
pub fn filled(leader: &Leader) -> FormState<LeaderField> {
    let mut form = FormState::default();
    form.fill(LeaderField::Name, leader.name.as_str());
    form.fill(LeaderField::Email, leader.email.as_ref().map_or("", EmailAddress::as_str));
    form.fill(LeaderField::Phone, leader.phone.as_ref().map_or("", PhoneNumber::as_str));
    form.draw_from(edited::field(Some(leader)));
    form
}

/// Reads the form and changes who looks after the booking; the form again where something must be put right.
pub async fn change(
    desk: &Desk,
    actor: &Actor,
    booking: &Registration,
    fields: &Fields,
    zone: Tz,
) -> Result<Result<(), (FormState<LeaderField>, Status)>, Failure> {
    let mut form = FormState::sent(fields);
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
            let field = |key: &str| LeaderField::sent_as(key).unwrap_or(LeaderField::Name);
            edited::tell_of(&mut conn, &mut form, &conflicts, (actor, zone), field).await?;
            Ok(Err((form, Status::Conflict)))
        }
        Err(error @ LeaderError::Unreachable) => {
            form.fault(LeaderField::Email, in_words(&error.to_string()));
            Ok(Err((form, Status::UnprocessableEntity)))
        }
        Err(error @ (LeaderError::NoSuchBooking | LeaderError::Store(_))) => Err(error.into()),
    }
}

fn read(form: &mut FormState<LeaderField>) -> Option<Leader> {
    let name = form.line::<120>(LeaderField::Name, "the name of whoever booked");
    let email = form.optional_email(LeaderField::Email, "the email address");
    let phone = match form.value(LeaderField::Phone).trim() {
        "" => None,
        typed => {
            let phone = typed.parse::<PhoneNumber>();
            let words = |_| "Check the telephone number, such as 07700 900117".to_owned();
            form.take(LeaderField::Phone, phone, words)
        }
    };
    let name = name?;
    form.is_valid().then_some(Leader { name, email, phone })
}
