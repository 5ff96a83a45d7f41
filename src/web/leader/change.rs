//! Naming, replacing or correcting one person of a booking.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::change_attendee::{ChangeError, Changed, change_attendee},
    domain::{audit::Actor, place::Place, session::Session},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState,
            edited::{self, DRAWN},
            person::PersonField,
        },
        guard::SameOrigin,
        leader::{
            opened::{booked, place},
            words::when,
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

/// Who is responsible for somebody under 18 is said while booking.
const ASKED: &[PersonField] =
    &[PersonField::Name, PersonField::Email, PersonField::Diet, PersonField::Access];

/// Naming, replacing or correcting one person.
#[derive(Template)]
#[template(path = "leader/change.html")]
struct ChangePlacePage {
    chrome: Chrome,
    session: Session,
    /// The place as it stands.
    place: Place,
    form: FormState<PersonField>,
    /// What the form was drawn from.
    drawn: String,
    /// Their private link.
    token: Token,
}

impl ChangePlacePage {
    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }

    /// `Change Kwame Mensah’s place`, or a question while the name is to follow.
    pub fn heading(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!("Change {}\u{2019}s place", attendee.name),
            None => format!("Who is person {}?", self.place.number),
        }
    }

    /// What saving does.
    pub fn advice(&self) -> String {
        match &self.place.attendee {
            Some(attendee) => format!(
                "If someone else is coming, type over the name. We will email the new person the \
                 details if you give an address, and let {} know.",
                attendee.name
            ),
            None => "Tell us who is coming. If you give an address, we will email them the \
                     details."
                .to_owned(),
        }
    }
}

/// The form as it is first shown: what we know of the person.
fn filled(place: &Place) -> FormState<PersonField> {
    let mut form = FormState::default();
    if let Some(attendee) = &place.attendee {
        form.fill_person(|field| field, attendee);
    }
    form
}

#[get("/r/<token>/places/<number>")]
async fn change(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<ChangePlacePage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let form = filled(&place);
    let drawn = edited::field(place.attendee.as_ref());
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(ChangePlacePage { chrome, session, place, form, drawn, token }))
}

#[post("/r/<token>/places/<number>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, Page<ChangePlacePage>>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let mut form = FormState::sent_for(&fields, ASKED);
    let hint = "the name of the person who is coming";
    let Some(mut attendee) = form.person(|field| field, hint) else {
        let chrome = desk.private_chrome(Area::Booking);
        let drawn = fields.get(DRAWN).to_owned();
        let page = ChangePlacePage { chrome, session, place, form, drawn, token };
        return Ok(Err(Page::unprocessable(page)));
    };
    attendee.guardian = place.attendee.as_ref().and_then(|known| known.guardian.clone());
    let (actor, drawn) = (Actor::Leader, edited::drawn(&fields));
    let (id, drawn) = (registration.id, drawn.as_ref());
    let done = match change_attendee(&desk.ctx, &actor, id, place.id, attendee, drawn).await {
        Ok(Changed::Replaced { .. }) => format!("swapped-{number}"),
        Ok(Changed::Edited { .. }) => "saved".to_owned(),
        Err(ChangeError::TooLate) => "late".to_owned(),
        Err(ChangeError::Conflicts(conflicts)) => {
            let mut form = FormState::default();
            form.fill_person(|field| field, &conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            let about = (&actor, session.zone());
            edited::tell_person(&mut conn, &mut form, &conflicts, about).await?;
            let (chrome, drawn) = (desk.private_chrome(Area::Booking), conflicts.drawn.to_string());
            let page = ChangePlacePage { chrome, session, place, form, drawn, token };
            return Ok(Err(Page::conflict(page)));
        }
        Err(error @ (ChangeError::NoSuchPlace | ChangeError::Store(_))) => {
            let failure = Failure::from(error);
            return Err(failure.leads(paths::leader::booking(&token), "Back to your booking"));
        }
    };
    Ok(Ok(Redirect::to(paths::leader::booking(&token).done(done))))
}

pub fn routes() -> Vec<Route> {
    routes![change, save]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn changing_a_place_keeps_what_was_typed() {
        let registration = registration();
        let place = registration.places[1].clone();
        let mut form = filled(&place);
        assert_eq!(form.value(PersonField::Email), "leila@example.org");
        form.fill(PersonField::Email, "leila@\"><script>");
        form.fault(PersonField::Email, "Check the email address for Leila Haddad.");
        form.fault(PersonField::Diet, "Make this shorter.");
        let mut page = ChangePlacePage {
            chrome: chrome(Area::Booking),
            session: session(),
            place,
            form,
            drawn: String::new(),
            token: token(),
        };
        contains_all(
            &rendered("change-error", &page),
            &[
                "<title>Error: Change who is coming",
                "href=\"#email\"",
                "aria-describedby=\"email-e\" aria-invalid=\"true\"",
                "aria-describedby=\"diet-h diet-e\" aria-invalid=\"true\"",
                "value=\"leila@&#34;&#62;&#60;script&#62;\"",
                "value=\"Halal\"",
                "action=\"/r/0123456789abcdefghjkmnpqrs/places/2\"",
            ],
        );
        page.place = registration.places[3].clone();
        page.form = filled(&page.place);
        contains_all(&rendered("change-to-follow", &page), &["Who is person 4?"]);
    }
}
