//! Two people edit one record at the same time (V1, V2): nobody's work is lost, nobody is told twice.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{book_places::book_places, change_attendee::change_attendee},
        people::know_people::know_people,
    },
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy,
        registration::Registration, session::Publication, staff::Role,
    },
    store::{catalogue, institutions, people, places, session_lock, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, request},
};

on_both_databases!(
    two_organisers_edit_different_fields_of_a_session,
    the_same_field_changed_by_both_is_shown_with_whose_it_is,
    two_organisers_change_a_draft_and_its_days,
    a_stale_page_of_times_tells_nobody_again,
    a_stale_page_of_the_place_or_of_cancelling_tells_nobody,
    an_allergy_outlives_a_corrected_surname,
    a_place_that_is_cancelled_twice_costs_nobody_else_theirs,
    the_log_says_what_changed_from_what_to_what,
    what_else_the_office_keeps_is_merged_too,
);

/// Two organisers of one alliance, each with a browser.
async fn organisers(turnout: &TestTurnout) -> (Client, Client) {
    let ruth = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let mary = turnout.account("mary", Role::Organiser, &["oxford"]).await;
    (turnout.signed_in(&ruth).await, turnout.signed_in(&mary).await)
}

async fn booked(turnout: &TestTurnout, code: &SessionCode) -> Registration {
    let mut team = request(code, "Ada Obi", 2, TeamPolicy::Together);
    team.attendees[1] = Some(attendee("Nat Nutt"));
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await;
    booked.registration
}

async fn two_organisers_edit_different_fields_of_a_session(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ruth, mary) = organisers(&turnout).await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    let path = "/office/sessions/S1/edit";
    let first = Form::open(&ruth, path).await.with("action", "save").ticked("trainer", "ruth");
    let second = Form::open(&mary, path).await.with("action", "save").ticked("trainer", "mary");
    let first = first.with("per_booking", "3").with("note", "Bring photo ID");
    assert_eq!(first.send(&ruth).await.0, Status::SeeOther);
    let second = second.with("access", "Lift out of order");
    assert_eq!(second.send(&mary).await.0, Status::SeeOther);
    let session = turnout.session(&code).await;
    assert_eq!(session.places_per_booking, 3);
    assert_eq!(session.note.as_deref(), Some("Bring photo ID"));
    assert_eq!(session.access, ["Lift out of order"]);
    let trainers: Vec<_> = session.trainers.iter().map(|one| one.login.as_str()).collect();
    assert_eq!(trainers, ["ruth", "mary"]);
}

async fn the_same_field_changed_by_both_is_shown_with_whose_it_is(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ruth, mary) = organisers(&turnout).await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    let path = "/office/sessions/S1/edit";
    let (first, second) = (Form::open(&ruth, path).await, Form::open(&mary, path).await);
    let first = first.with("note", "Bring photo ID").with("per_booking", "3");
    assert_eq!(first.send(&ruth).await.0, Status::SeeOther);
    let note = || async { turnout.session(&code).await.note.unwrap_or_default() };
    // The same twice is no conflict: whoever presses twice has it saved.
    assert_eq!(first.send(&ruth).await.0, Status::SeeOther);

    let second = second.with("note", "Bring a pen").with("access", "No lift");
    let (status, page) = second.send(&mary).await;
    assert_eq!(status, Status::Conflict, "{page}");
    assert_eq!(note().await, "Bring photo ID");
    assert!(turnout.session(&code).await.access.is_empty(), "nothing is saved");
    for words in ["ruth changed this", "Bring photo ID", "Bring a pen", "Sat 2 Jan 2027, 10am"] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let again = Form::of(path, &page);
    assert_eq!((again.value("note"), again.value("access")), ("Bring a pen", "No lift"));
    assert_eq!(again.value("per_booking"), "3", "what she did not touch is as it is");
    assert_eq!(again.send(&mary).await.0, Status::SeeOther);
    let session = turnout.session(&code).await;
    assert_eq!((note().await.as_str(), session.places_per_booking), ("Bring a pen", 3));
    assert_eq!(session.access, ["No lift"]);

    // A script that says nothing of what it was drawn from writes what it sends.
    let script = second.without("drawn").with("note", "Bring two pens");
    assert_eq!(script.send(&mary).await.0, Status::SeeOther);
    assert_eq!(note().await, "Bring two pens");
}

async fn two_organisers_change_a_draft_and_its_days(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ruth, mary) = organisers(&turnout).await;
    let code = turnout
        .plan("S1", "first", 20, |session| {
            let later = session.sittings[0].starts + Duration::weeks(1);
            session.sittings.push(turnout.sitting(2, later));
            session.publication = Publication::Draft;
        })
        .await;
    let path = "/office/sessions/S1/edit";
    let first = Form::open(&ruth, path).await.with("action", "save");
    let second = Form::open(&mary, path).await.with("action", "save");
    let third = second.clone();
    assert_eq!(first.with("d1_start", "09:00").send(&ruth).await.0, Status::SeeOther);
    assert_eq!(second.with("d2_start", "09:30").send(&mary).await.0, Status::SeeOther);
    let starts = |at: usize, days: &[turnout::domain::sitting::Sitting]| {
        days[at].starts.format("%H:%M").to_string()
    };
    let days = turnout.session(&code).await.sittings;
    assert_eq!((starts(0, &days), starts(1, &days)), ("09:00".to_owned(), "09:30".to_owned()));
    let (status, page) = third.with("d1_start", "08:00").send(&mary).await;
    assert_eq!(status, Status::Conflict, "{page}");
    assert!(page.contains("9am to noon") && page.contains("8am to noon"), "{page}");
}

async fn a_stale_page_of_times_tells_nobody_again(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ruth, mary) = organisers(&turnout).await;
    let code = turnout
        .plan("S1", "first", 20, |session| {
            let later = session.sittings[0].starts + Duration::weeks(1);
            session.sittings.push(turnout.sitting(2, later));
        })
        .await;
    booked(&turnout, &code).await;
    let path = "/office/sessions/S1/times";
    let (first, second) = (Form::open(&ruth, path).await, Form::open(&mary, path).await);
    let first = first.with("d1_start", "11:00");
    assert_eq!(first.send(&ruth).await.0, Status::SeeOther);
    let told = turnout.letters().await.len();
    assert!(told > 0);
    // Pressed twice: it is done, and nobody hears of it twice.
    assert_eq!(first.send(&ruth).await.0, Status::SeeOther);
    let (status, page) = second.with("d2_start", "10:30").send(&mary).await;
    assert_eq!(status, Status::Conflict, "{page}");
    assert!(page.contains("ruth changed this") && page.contains("11am to noon"), "{page}");
    assert!(turnout.letters().await.is_empty(), "nobody is told of what did not happen");
    let wall = |at: usize, days: &[turnout::domain::sitting::Sitting]| {
        (days[at].starts.format("%H:%M").to_string(), days[at].sequence)
    };
    let days = turnout.session(&code).await.sittings;
    assert_eq!((wall(0, &days).0, wall(1, &days).0), ("11:00".to_owned(), "10:00".to_owned()));

    let again = Form::of(path, &page);
    assert_eq!((again.value("d1_start"), again.value("d2_start")), ("11:00", "10:30"));
    assert_eq!(again.send(&mary).await.0, Status::SeeOther);
    let days = turnout.session(&code).await.sittings;
    assert_eq!(wall(0, &days), ("11:00".to_owned(), 1));
    assert_eq!(wall(1, &days), ("10:30".to_owned(), 1));
}

async fn a_stale_page_of_the_place_or_of_cancelling_tells_nobody(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ruth, mary) = organisers(&turnout).await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    booked(&turnout, &code).await;
    let path = "/office/sessions/S1/venue";
    let (first, second) = (Form::open(&ruth, path).await, Form::open(&mary, path).await);
    let off = Form::open(&mary, "/office/sessions/S1/cancel").await;
    let places = Form::open(&mary, "/office/sessions/S1/places").await;
    assert_eq!(first.with("venue", "The Mill").send(&ruth).await.0, Status::SeeOther);
    turnout.letters().await;
    let (status, page) = second.with("venue", "The Barn").send(&mary).await;
    assert_eq!(status, Status::Conflict);
    assert!(page.contains("The Mill") && page.contains("The Barn"), "{page}");
    let off = off.with("why", "Flood").with("typed", "CANCEL");
    let (status, page) = off.send(&mary).await;
    assert_eq!(status, Status::Conflict, "{page}");
    assert!(page.contains("The Mill") && page.contains("Flood"), "{page}");
    let session = turnout.session(&code).await;
    assert_eq!(session.publication, Publication::Published);
    assert!(matches!(session.location, Location::Venue { name, .. } if name == "The Mill"));
    assert!(turnout.letters().await.is_empty());
    // Whoever leaves what she saw puts nothing back.
    let decline = "/office/sessions/S1/decline";
    let (one, two) = (Form::open(&ruth, decline).await, Form::open(&mary, decline).await);
    assert_eq!(one.with("what", "ask").send(&ruth).await.0, Status::SeeOther);
    assert_eq!(two.send(&mary).await.0, Status::SeeOther);
    assert_eq!(Form::open(&mary, decline).await.value("what"), "ask");
    // What a change does not tell of is in nobody's way.
    assert_eq!(places.with("capacity", "25").send(&mary).await.0, Status::SeeOther);
    let again = Form::of("/office/sessions/S1/cancel", &page);
    assert_eq!(again.send(&mary).await.0, Status::SeeOther);
    assert!(!turnout.letters().await.is_empty());
}

async fn an_allergy_outlives_a_corrected_surname(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 2, TeamPolicy::Together);
    team.attendees[1] = Some(attendee("Nat Nutt"));
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let letters = turnout.letters().await;
    let link = |address: &str, part: &str| {
        let letter = letters.iter().find(|one| one.to.contains(address)).expect("a letter");
        let at = letter.text.find(part).expect("a link");
        let path: String =
            letter.text[at..].chars().take_while(|c| !c.is_whitespace() && *c != ')').collect();
        path
    };
    let (manage, own) = (link("ada.obi", "/r/"), link("nat.nutt", "/p/"));
    let browser = turnout.browser().await;
    let place = format!("{manage}/places/2");
    let (open, other) = (Form::open(&browser, &place).await, Form::open(&browser, &place).await);
    let needs = "diet=severe+peanut+allergy&access=wheelchair";
    assert_eq!(post(&browser, &format!("{own}/needs"), needs).await.0, Status::SeeOther);
    let (status, there) = open.with("name", "Nat Nutt-Smith").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    let nat = || async {
        let registration = turnout.registration(booked.registration.id).await;
        registration.places[1].attendee.clone().expect("somebody")
    };
    let diet = nat().await.dietary.map(|need| need.to_string());
    assert_eq!(diet.as_deref(), Some("severe peanut allergy"));
    assert_eq!(nat().await.name.as_str(), "Nat Nutt-Smith");

    let (status, page) = other.with("name", "Nat Nutt-Jones").send(&browser).await;
    assert_eq!(status, Status::Conflict, "{page}");
    assert!(page.contains("Nat Nutt-Smith") && page.contains("Nat Nutt-Jones"), "{page}");
    assert_eq!(nat().await.name.as_str(), "Nat Nutt-Smith");
}

async fn a_place_that_is_cancelled_twice_costs_nobody_else_theirs(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ruth, mary) = organisers(&turnout).await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 3, TeamPolicy::Together);
    team.attendees[1] = Some(attendee("Nat Nutt"));
    team.attendees[2] = Some(attendee("Cy Dunn"));
    let booking = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let booking = booking.registration;
    let manage = {
        let letters = turnout.letters().await;
        let letter = letters.iter().find(|one| one.to.contains("ada.obi")).expect("a letter");
        let at = letter.text.find("/r/").expect("a link");
        let path: String = letter.text[at..].chars().take_while(|c| !c.is_whitespace()).collect();
        path
    };
    let path = format!("/office/bookings/{}/cancel?place=2", booking.reference);
    let (first, second) = (Form::open(&ruth, &path).await, Form::open(&mary, &path).await);
    assert_eq!(first.send(&ruth).await.0, Status::SeeOther);
    assert_eq!(second.send(&mary).await.0, Status::SeeOther);
    assert_eq!(turnout.states(booking.id).await, ["confirmed", "cancelled", "confirmed"]);

    // Somebody else comes instead of Cy while his place is asked about: it is hers now.
    let nobody = turnout.browser().await;
    let path = format!("{manage}/places/3/cancel");
    let asked = Form::open(&nobody, &path).await;
    let mut zoe = attendee("Zoe Low");
    zoe.email = None;
    let place = booking.places[2].id;
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    let mut locked = session_lock::lock(&mut tx, &code).await.expect("a lock").expect("a session");
    places::set_attendee(&mut locked, place, &zoe).await.expect("a swap");
    tx.commit().await.expect("a commit");
    let (status, page) = asked.send(&nobody).await;
    assert_eq!(status, Status::Conflict, "{page}");
    assert!(page.contains("Zoe Low is on that place now"), "{page}");
    assert_eq!(turnout.states(booking.id).await, ["confirmed", "cancelled", "confirmed"]);
    assert_eq!(Form::open(&nobody, &path).await.send(&nobody).await.0, Status::SeeOther);
    assert_eq!(turnout.states(booking.id).await[2], "cancelled");
}

async fn the_log_says_what_changed_from_what_to_what(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    let booking = booked(&turnout, &code).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let office = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&office).await;
    let person = {
        let mut conn = turnout.ctx.store.read().await.expect("a connection");
        let window = turnout::store::Window { offset: 0, limit: 9 };
        people::search(&mut conn, "Nat", None, window).await.expect("people").items[0].id
    };
    let person = format!("/office/people/{person}");
    for (path, field, typed) in [
        ("/office/sessions/S1/edit", "note", "Bring a pen"),
        ("/office/sessions/S1/edit", "per_booking", "4"),
        ("/office/sessions/S1/venue", "venue", "The Mill"),
        ("/office/sessions/S1/times", "d1_start", "11:00"),
        ("/office/sessions/S1/places", "capacity", "25"),
        ("/office/institutions/I0001", "name", "St Brigid's"),
        ("/office/courses/first", "capacity", "12"),
        ("/office/alliances/oxford", "name", "Oxford"),
        (person.as_str(), "phone", "07700 900117"),
    ] {
        let form = Form::open(&office, path).await.with("action", "save").with(field, typed);
        let (status, page) = form.send(&office).await;
        assert_eq!(status, Status::SeeOther, "{path}: {page}");
    }
    let pledge = "institution=I0001&people=7";
    assert_eq!(post(&office, "/office/sessions/S1/pledges", pledge).await.0, Status::SeeOther);
    let mut ill = attendee("Nat Nutt");
    ill.dietary = turnout::domain::text::Need::parse("severe peanut allergy").ok();
    let (id, place) = (booking.id, booking.places[1].id);
    change_attendee(&turnout.ctx, &Actor::Attendee, id, place, ill).await.expect("needs");

    let log = page(&office, "/office/audit").await;
    for words in [
        "Note: was nothing, now “Bring a pen”",
        "Most places in one booking: was “20”, now “4”",
        "Where: was “St Aidan&#39;s Hall, 41 Copeland Lane”, now “The Mill, 41 Copeland Lane”",
        "Day 1: was “Sat 30 January 2027, 10am to noon”, now “Sat 30 January 2027, 11am to noon”",
        "Places: was “20”, now “25”",
        "Name: was “Institution 1”, now “St Brigid&#39;s”",
        "Usual number of places: was “30”, now “12”",
        "Name: was “Oxford Citizens”, now “Oxford”",
        "People pledged: was nothing, now “7”",
        "Telephone number: changed",
        "Food needs: changed",
    ] {
        assert!(log.contains(words), "{words}: {log}");
    }
    for secret in ["900117", "peanut", "nat.nutt@"] {
        assert!(!log.contains(secret), "{secret}");
    }
    let shown = page(&office, "/office/institutions/I0001").await;
    assert!(shown.contains("Name: was “Institution 1”, now “St Brigid&#39;s”"), "{shown}");
    assert!(!page(&office, &person).await.contains("was “"));
}

async fn what_else_the_office_keeps_is_merged_too(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 20, |_| {}).await;
    booked(&turnout, &code).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let one = turnout.account("one", Role::Administrator, &[]).await;
    let two = turnout.account("two", Role::Administrator, &[]).await;
    let amina = turnout.account("amina", Role::Organiser, &["oxford"]).await;
    let (one, two) = (turnout.signed_in(&one).await, turnout.signed_in(&two).await);
    let person = {
        let mut conn = turnout.ctx.store.read().await.expect("a connection");
        let window = turnout::store::Window { offset: 0, limit: 9 };
        let known = people::search(&mut conn, "Nat", None, window).await.expect("people");
        known.items[0].id
    };
    let person_path = format!("/office/people/{person}");
    for (path, (field, theirs), (other, hers)) in [
        ("/office/institutions/I0001", ("name", "St Brigid's"), ("membership", "prospective")),
        ("/office/courses/first", ("title", "Listening"), ("capacity", "12")),
        ("/office/alliances/oxford", ("name", "Oxford"), ("email", "hello@example.org")),
        ("/office/accounts/amina", ("name", "Amina Yusuf"), ("email", "yusuf@example.org")),
        (person_path.as_str(), ("phone", "07700 900117"), ("email", "nat@example.org")),
    ] {
        let (first, second) = (Form::open(&one, path).await, Form::open(&two, path).await);
        let third = second.clone();
        assert_eq!(first.with(field, theirs).send(&one).await.0, Status::SeeOther, "{path}");
        let (status, page) = second.with(other, hers).send(&two).await;
        assert_eq!(status, Status::SeeOther, "{path}: {page}");
        let now = Form::open(&one, path).await;
        assert_eq!((now.value(field), now.value(other)), (theirs, hers), "{path}");
        let third = third.with(field, if field == "phone" { "07700 900118" } else { "Third" });
        let (status, page) = third.send(&two).await;
        assert_eq!(status, Status::Conflict, "{path}: {page}");
        assert!(page.contains("one changed this") && page.contains("(Sat 2 Jan 2027"), "{page}");
        let now = Form::open(&one, path).await;
        assert_eq!(now.value(field), theirs, "{path}");
    }
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let code = "I0001".parse().expect("a code");
    let brigid = institutions::find(&mut conn, &code).await.expect("a read").expect("there");
    assert_eq!(brigid.name, "St Brigid's");
    assert_eq!(catalogue::alliances(&mut conn).await.expect("a read")[0].name, "Oxford");
    let amina = staff::find(&mut conn, &amina).await.expect("a read").expect("an account");
    assert_eq!(amina.email.as_str(), "yusuf@example.org");
}
