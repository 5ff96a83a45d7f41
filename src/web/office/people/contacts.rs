//! The addresses and numbers somebody is known by.

use rocket::{Either, Route, State, post, response::Redirect, routes};

use super::{
    contact_lines::ContactField,
    show::{PersonPage, person_page},
};
use crate::{
    actions::people::keep_contact::{Contact, ContactChange, ContactError, keep_contact},
    domain::{contact::ContactFault, id::PersonId},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, ManagePeople, SameOrigin},
        office::addressed::person_for,
        page::Page,
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![keep]
}

type Who = Granted<ManagePeople>;

/// An address where it has an `@`, and else a number.
fn contact(typed: &str) -> Result<Contact, &'static str> {
    let wrong = |fault: ContactFault, is_email: bool| match (fault, is_email) {
        (ContactFault::Empty, _) => "Enter an email address or a telephone number",
        (_, true) => "Check the email address. It should look like name@example.org",
        (_, false) => "Check the telephone number, such as 07700 900117",
    };
    if typed.contains('@') {
        typed.parse().map(Contact::Email).map_err(|fault| wrong(fault, true))
    } else {
        typed.parse().map(Contact::Phone).map_err(|fault| wrong(fault, false))
    }
}

/// What is to become of the address or number that the form names.
fn change(fields: &Fields) -> Result<ContactChange, &'static str> {
    let (known, typed) = (fields.get("known").trim(), fields.of(ContactField::Contact).trim());
    Ok(match fields.get("verb") {
        "remove" => ContactChange::Remove(contact(known)?),
        "use" => ContactChange::Use(contact(known)?),
        "correct" => ContactChange::Correct(contact(known)?, contact(typed)?),
        _ => ContactChange::Add(contact(typed)?),
    })
}

#[post("/office/people/<id>/contacts", data = "<fields>")]
async fn keep(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Either<Redirect, Page<PersonPage>>, Failure> {
    let person = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    let refused = match change(&fields) {
        Ok(change) => match keep_contact(&desk.ctx, &who.actor(), id, &change).await {
            Ok(()) => {
                let there = paths::office::person(&id).done("saved").at("contacts");
                return Ok(Either::Left(Redirect::to(there)));
            }
            Err(ContactError::NoSuch) => return Err(Failure::NotFound),
            Err(ContactError::Store(error)) => return Err(error.into()),
            Err(ContactError::Another(_)) => {
                "Somebody else of this name is known by that address. Are they the same person? Then merge them"
            }
        },
        Err(words) => words,
    };
    let mut form = FormState::sent(&fields);
    form.fault(ContactField::Contact, refused);
    let page = person_page(desk, &who, person, form).await?;
    Ok(Either::Right(Page::unprocessable(page)))
}
