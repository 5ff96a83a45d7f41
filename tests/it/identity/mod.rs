//! A person is an identity (H3): what is decided by who somebody is asks the person, whatever addresses she
//! has, and what an organiser once said of two people stays said.

mod asking;
mod contacts;
mod glimpsed;
mod known_before;
mod merging;
mod qualifying;
mod random;
mod returning;

use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        booking::book_places::{BookRequest, Booked, book_places},
        people::know_people::know_people,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::{PersonId, SessionCode},
        occupancy::TeamPolicy::Together,
        staff::Role,
    },
    store::{Window, people},
};

use crate::support::{
    TestTurnout,
    plan::{attendee, leader, name, request, sender},
};

/// Somebody of this name who reads mail at `email`, or nowhere.
fn who(text: &str, email: &str) -> Attendee {
    Attendee { name: name(text), email: email.parse().ok(), ..attendee(text) }
}

/// One person books for herself, for an institution.
fn asks(code: &SessionCode, institution: u32, someone: &Attendee) -> BookRequest {
    let mut asked = request(code, someone.name.as_str(), 1, Together);
    asked.sender = sender(institution);
    asked.leader = leader(someone.name.as_str());
    asked.leader.email = someone.email.clone().or(asked.leader.email);
    asked.attendees = vec![Some(someone.clone())];
    asked
}

async fn books(turnout: &TestTurnout, code: &SessionCode, someone: &Attendee) -> Booked {
    let booked = book_places(&turnout.ctx, &Actor::Api, asks(code, 1, someone)).await;
    booked.expect("a booking")
}

/// Whoever was recognised by now, by the words of her name.
async fn known(turnout: &TestTurnout, words: &str) -> Vec<PersonId> {
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 100 };
    let found = people::search(&mut conn, words, None, window).await.expect("people").items;
    found.iter().map(|person| person.id).collect()
}

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    turnout.signed_in(&login).await
}
