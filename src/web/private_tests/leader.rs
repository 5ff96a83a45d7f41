//! The leader's booking and the attendee's own place.

use super::{contains_all, rendered, samples::*};
use crate::{
    domain::{place::PlaceState, session::Publication},
    web::{
        leader::{
            booking::{ChangePlacePage, ManagePage},
            cancelling::{CancelAllPage, CancelPlacePage},
            place::{GiveUpPage, OwnPlacePage, needs_form},
        },
        page::Area,
    },
};

fn manage() -> ManagePage {
    ManagePage {
        chrome: chrome(Area::Booking),
        session: session(),
        registration: registration(),
        position: None,
        can_wait_again: false,
        history: vec![],
        notice: Some("Saved. Leila Haddad is coming instead of Kwame Mensah.".to_owned()),
        base: "/r/token".to_owned(),
        now: before(),
    }
}

#[test]
fn the_leader_sees_everybody_she_booked_and_can_change_each() {
    let html = rendered("manage", &manage());
    contains_all(
        &html,
        &[
            "<title>Saved. Leila Haddad",
            "RM7K-4TQ2",
            "4 people are coming",
            "Ruth Okafor (you)",
            "&#60;script&#62;alert(1)&#60;/script&#62;",
            "Name to follow",
            "On the waiting list",
            "href=\"/r/token/places/2/cancel\"",
            "action=\"/r/token/resend\"",
            "href=\"/r/token/calendar.ics\"",
        ],
    );
    assert!(!html.contains("/r/token/places/6"), "a cancelled place cannot be changed");
}

#[test]
fn the_online_room_waits_for_a_certain_place() {
    let mut page = manage();
    page.session.location = online();
    contains_all(&rendered("manage-online", &page), &["https://meet.example/abc", "London time"]);
    for place in &mut page.registration.places {
        place.state = PlaceState::Requested;
    }
    let html = rendered("manage-requested", &page);
    contains_all(&html, &["You asked for 6 places", "the organiser will decide"]);
    assert!(!html.contains("meet.example"));
}

#[test]
fn a_cancelled_booking_says_so() {
    let mut page = manage();
    for place in &mut page.registration.places {
        place.state = PlaceState::Cancelled;
    }
    contains_all(
        &rendered("manage-cancelled", &page),
        &["Your booking is cancelled", "All 6 places on Two-day", "Leila Haddad"],
    );
}

#[test]
fn a_session_called_off_or_over_offers_no_changes() {
    let mut page = manage();
    page.session.publication =
        Publication::Cancelled { at: before(), reason: "The roof leaks.".to_owned() };
    let html = rendered("manage-called-off", &page);
    contains_all(&html, &["This session is cancelled.", "The roof leaks."]);
    assert!(!html.contains("/places/1"));
}

#[test]
fn changing_a_place_keeps_what_was_typed() {
    let registration = registration();
    let place = registration.places[1].clone();
    let mut form = ChangePlacePage::filled(&place);
    assert_eq!(form.value("email"), "leila@example.org");
    form.keep("email", "leila@\"><script>");
    form.fault("email", "Check the email address for Leila Haddad.");
    form.fault("diet", "Make this shorter.");
    let mut page = ChangePlacePage {
        chrome: chrome(Area::Booking),
        session: session(),
        place,
        form,
        base: "/r/token".to_owned(),
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
            "action=\"/r/token/places/2\"",
        ],
    );
    page.place = registration.places[3].clone();
    page.form = ChangePlacePage::filled(&page.place);
    contains_all(&rendered("change-to-follow", &page), &["Who is person 4?"]);
}

#[test]
fn cancelling_asks_first_and_names_what_stays() {
    let registration = registration();
    let one = CancelPlacePage {
        chrome: chrome(Area::Booking),
        session: session(),
        place: registration.places[1].clone(),
        registration: registration.clone(),
        base: "/r/token".to_owned(),
    };
    contains_all(
        &rendered("cancel-one", &one),
        &["Cancel Leila Haddad\u{2019}s place?", "Ruth Okafor", "and person 4", "name=\"why\""],
    );
    let all = CancelAllPage {
        chrome: chrome(Area::Booking),
        session: session(),
        registration,
        base: "/r/token".to_owned(),
    };
    contains_all(
        &rendered("cancel-all", &all),
        &["Cancel all 5 places?", "You and Leila Haddad", "action=\"/r/token/cancel\""],
    );
}

#[test]
fn an_attendee_sees_her_place_and_nobody_elses() {
    let place = registration().places[1].clone();
    let mut page = OwnPlacePage {
        attended: None,
        chrome: chrome(Area::Booking),
        session: session(),
        form: needs_form(&place),
        place,
        leader_name: "Ruth Okafor".to_owned(),
        base: "/p/token".to_owned(),
        release_at: None,
        notice: None,
        now: before(),
    };
    page.session.location = online();
    let html = rendered("own-place", &page);
    contains_all(
        &html,
        &["You have a place", "meet.example", "Halal", "action=\"/p/token/needs\"", "Day 2"],
    );
    assert!(!html.contains("alert(1)") && !html.contains("Sister Mary"));
    page.place.state = PlaceState::Cancelled;
    let html = rendered("own-place-cancelled", &page);
    contains_all(&html, &["Your place is cancelled"]);
    assert!(!html.contains("meet.example") && !html.contains("/p/token/needs"));
    let give_up = GiveUpPage {
        chrome: chrome(Area::Booking),
        session: session(),
        leader_name: "Ruth Okafor".to_owned(),
        base: "/p/token".to_owned(),
    };
    contains_all(&rendered("give-up", &give_up), &["Yes, give up my place"]);
}
