//! Naming, correcting or swapping one person of a booking.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::booking::change_attendee::Changed,
    domain::{already::Already, audit::Actor, session::Session},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, person::PersonField},
        guard::SameOrigin,
        leader::{
            opened::{booked, place},
            words::when,
        },
        page::{Area, Chrome, Page},
        paths,
        who_comes::{self, Outcome, Question, WhoComes},
    },
};

/// Naming, correcting or swapping one person.
#[derive(Template)]
#[template(path = "leader/change.html")]
struct ChangePlacePage {
    chrome: Chrome,
    session: Session,
    who: WhoComes,
    /// Whether she can get a booking of her own.
    may_part: bool,
    /// Their private link.
    token: Token,
}

impl ChangePlacePage {
    /// When, on one line.
    pub fn when(&self) -> String {
        when(&self.session)
    }
}

#[get("/r/<token>/places/<number>")]
async fn change(
    desk: &State<Desk>,
    token: Token,
    number: u32,
) -> Result<Page<ChangePlacePage>, Failure> {
    let (session, registration) = booked(desk, &token).await?;
    let place = place(&registration, number)?;
    let may_part = registration.apart(&place).is_ok();
    let who = WhoComes::filled(place, true, session.zone());
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(ChangePlacePage { chrome, session, who, may_part, token }))
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
    let filled = WhoComes::filled(place(&registration, number)?, true, session.zone());
    let id = registration.id;
    let told = |one: &Already, own| one.words_for(own);
    let changed = who_comes::change(desk, &Actor::Leader, id, filled, &fields, told).await;
    let back = (paths::leader::booking(&token), "Back to your booking");
    let done = match changed.map_err(|failure| failure.leads(back.0, back.1))? {
        Outcome::Done(Changed::Replaced { .. }) => format!("swapped-{number}"),
        Outcome::Done(Changed::Edited { .. }) => "saved".to_owned(),
        Outcome::TooLate => "late".to_owned(),
        Outcome::Again(who, status) => {
            let chrome = desk.private_chrome(Area::Booking);
            let who = *who;
            let template = ChangePlacePage { chrome, session, who, may_part: false, token };
            return Ok(Err(Page { status, template }));
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
        let mut who = WhoComes::filled(registration.places[1].clone(), true, session().zone());
        assert_eq!(who.form.value(PersonField::Email), "leila@example.org");
        who.form.fill(PersonField::Email, "leila@\"><script>");
        who.form.fault(PersonField::Email, "Check the email address for Leila Haddad.");
        who.form.fault(PersonField::Diet, "Make this shorter.");
        let chrome = chrome(Area::Booking);
        let may_part = true;
        let mut page =
            ChangePlacePage { chrome, session: session(), who, may_part, token: token() };
        contains_all(
            &rendered("change-error", &page),
            &[
                "<title>Error: Change who is coming",
                "href=\"#email\"",
                "aria-invalid=\"true\"",
                "aria-describedby=\"diet-h diet-e\" aria-invalid=\"true\"",
                "value=\"leila@&#34;&#62;&#60;script&#62;\"",
                "value=\"Halal\"",
                "action=\"/r/0123456789abcdefghjkmnpqrs/places/2\"",
                "Save corrections",
                "Somebody else is coming",
                "href=\"/r/0123456789abcdefghjkmnpqrs/places/2/split\"",
            ],
        );
        let (old, new) = ("Leila Haddad".to_owned(), "Nora New".to_owned());
        page.who.question = Some(Question::IsShe { old, new });
        contains_all(
            &rendered("change-question", &page),
            &[
                "Is Nora New the same person as Leila Haddad?",
                "name=\"verb\" value=\"swap\"",
                "name=\"verb\" value=\"correct\"",
                "name=\"diet\" value=\"Halal\"",
            ],
        );
        page.who = WhoComes::filled(registration.places[3].clone(), true, session().zone());
        contains_all(&rendered("change-to-follow", &page), &["Who is person 4?"]);
    }
}
