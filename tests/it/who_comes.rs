//! Who comes: correcting somebody, letting somebody else come, and what each leaves to whom (H1).

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{book_places::book_places, change_attendee::change_attendee},
        calendars::take_reply::take_mail,
        door::{
            check_in::{Taps, check_in},
            close_sitting::close_sitting,
        },
    },
    domain::{
        attendance::{Mark, Presence},
        attendee::{Attendee, Guardian, Ticks},
        audit::Actor,
        occupancy::TeamPolicy::Together,
        registration::Registration,
        session::{Session, Trainer},
        staff::Role,
        text::Need,
    },
    mail::reading::ReadLetter,
    store::{door, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, name, request},
};

on_both_databases!(
    a_correction_keeps_needs_link_invite_and_answer,
    a_correction_on_a_button_keeps_what_a_swap_leaves_behind,
    a_new_address_moves_the_invite_and_keeps_the_person,
    a_swap_starts_afresh_whatever_the_form_was_filled_with,
    what_is_typed_for_the_newcomer_is_hers,
    a_shared_inbox_does_not_make_two_people_one,
    correcting_into_somebody_else_is_asked_about,
    whoever_was_checked_in_is_not_swapped,
    a_late_mark_at_the_door_stays_with_whoever_was_seen,
    the_office_corrects_and_swaps_and_sees_no_needs,
    a_swap_keeps_the_turn_on_the_waiting_list,
);

/// Ada comes with Olga Old, who needs a lot.
async fn booked(turnout: &TestTurnout) -> (Registration, Vec<ReadLetter>) {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 2, Together);
    let guardian = Guardian { name: name("Gus Old"), contact: name("07700 900117") };
    asked.attendees[1] = Some(Attendee {
        dietary: turnout::domain::text::Line::parse("halal, nut allergy").ok(),
        access: turnout::domain::text::Line::parse("BSL interpreter").ok(),
        ticks: Ticks { allergy: true, interpreter: true },
        guardian: Some(guardian),
        ..attendee("Olga Old")
    });
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    (booked.registration, turnout.letters().await)
}

/// The path of the first link of a kind in the letters to somebody.
fn link(letters: &[ReadLetter], who: &str, start: &str) -> String {
    let url = format!("https://turnout.example{start}");
    let found = letters.iter().find(|one| one.to.contains(who) && one.text.contains(&url));
    let text = &found.unwrap_or_else(|| panic!("no {start} to {who}")).text;
    let at = text.find(&url).expect("a link") + "https://turnout.example".len();
    text[at..].split_whitespace().next().expect("a link").to_owned()
}

fn to<'l>(letters: &'l [ReadLetter], who: &str) -> Vec<&'l ReadLetter> {
    letters.iter().filter(|letter| letter.to.contains(who)).collect()
}

fn calendar(letter: &ReadLetter) -> String {
    String::from_utf8(letter.calendar.clone().expect("a calendar"))
        .expect("text")
        .replace("\r\n ", "")
}

fn line(ics: &str, start: &str) -> String {
    ics.lines().find(|line| line.starts_with(start)).unwrap_or_else(|| panic!("{ics}")).to_owned()
}

async fn second(turnout: &TestTurnout, booking: &Registration) -> Attendee {
    let now = turnout.registration(booking.id).await;
    now.places[1].attendee.clone().expect("somebody")
}

fn needs(attendee: &Attendee) -> (Option<&str>, Option<&str>) {
    (attendee.dietary.as_ref().map(Need::as_str), attendee.access.as_ref().map(Need::as_str))
}

const OLGAS: (Option<&str>, Option<&str>) = (Some("halal, nut allergy"), Some("BSL interpreter"));

async fn a_correction_keeps_needs_link_invite_and_answer(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let browser = turnout.browser().await;
    let own = link(&letters, "olga.old", "/p/");
    let invite = calendar(to(&letters, "olga.old")[0]);
    let uid = line(&invite, "UID:");
    let reply = format!(
        "From: olga.old@example.org\r\nTo: replies@turnout.example\r\nSubject: Accepted\r\n\
         Message-ID: <a@x>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\n\
         BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\n{uid}\r\n\
         SEQUENCE:0\r\nDTSTAMP:{}\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:olga.old@example.org\r\n\
         END:VEVENT\r\nEND:VCALENDAR\r\n",
        turnout.ctx.now().format("%Y%m%dT%H%M%SZ")
    );
    take_mail(&turnout.ctx, reply.as_bytes()).await.expect("a reply");
    turnout.letters().await;
    let manage = link(&letters, "ada.obi", "/r/");
    let form = "name=Olga+Old-Smith&email=olga.old@example.org&diet=halal,+nut+allergy\
                &access=BSL+interpreter";
    let (status, _) = post(&browser, &format!("{manage}/places/2"), form).await;
    assert_eq!(status, Status::SeeOther);
    let her = second(&turnout, &booking).await;
    assert_eq!(her.name.as_str(), "Olga Old-Smith");
    assert_eq!(needs(&her), OLGAS);
    assert_eq!(her.guardian.map(|one| one.name.to_string()).as_deref(), Some("Gus Old"));
    assert!(page(&browser, &own).await.contains("Olga Old-Smith"), "her link works");
    let letters = turnout.letters().await;
    let [update] = to(&letters, "olga.old")[..] else { panic!("one letter: {letters:?}") };
    let update = calendar(update);
    assert!(update.contains("METHOD:REQUEST"), "{update}");
    assert_eq!(line(&update, "UID:"), uid);
    assert_eq!(line(&update, "SEQUENCE:"), "SEQUENCE:1");
    let attendee = line(&update, "ATTENDEE");
    assert!(
        attendee.contains("Olga Old-Smith") && attendee.contains("PARTSTAT=ACCEPTED"),
        "{attendee}"
    );
    let now = turnout.registration(booking.id).await;
    assert_eq!(now.places[1].id, booking.places[1].id, "the same place");
    turnout.is_sound().await;
}

async fn a_correction_on_a_button_keeps_what_a_swap_leaves_behind(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    let shown = page(&browser, &path).await;
    assert!(shown.contains("Save corrections") && shown.contains("Somebody else is coming"));
    let form = "name=Olya+Young&email=olga.old@example.org&diet=halal,+nut+allergy\
                &access=BSL+interpreter&verb=";
    let (status, _) = post(&browser, &path, &format!("{form}correct")).await;
    assert_eq!(status, Status::SeeOther, "the address is hers");
    assert_eq!(needs(&second(&turnout, &booking).await), OLGAS);
    let (status, _) = post(&browser, &path, &format!("{form}swap")).await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(
        needs(&second(&turnout, &booking).await),
        (None, None),
        "somebody else of that name"
    );
    turnout.is_sound().await;
}

async fn a_new_address_moves_the_invite_and_keeps_the_person(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let mut her = second(&turnout, &booking).await;
    her.email = "olga@elsewhere.example".parse().ok();
    let id = booking.places[1].id;
    let changed = change_attendee(&turnout.ctx, &Actor::Leader, booking.id, id, her).await;
    changed.expect("a correction");
    assert_eq!(needs(&second(&turnout, &booking).await), OLGAS);
    let old = calendar(to(&letters, "olga.old")[0]);
    let letters = turnout.letters().await;
    let [gone] = to(&letters, "olga.old@")[..] else { panic!("one letter") };
    assert!(gone.subject.contains("Your invite has moved to another address"), "{}", gone.subject);
    let gone = calendar(gone);
    assert!(gone.contains("METHOD:CANCEL") && line(&gone, "UID:") == line(&old, "UID:"));
    let [new] = to(&letters, "olga@elsewhere")[..] else { panic!("one letter") };
    assert!(calendar(new).contains("METHOD:REQUEST"));
    let now = turnout.registration(booking.id).await;
    assert_eq!(now.places[1].id, id, "attendance hangs on the place, and that is hers still");
    turnout.is_sound().await;
}

async fn a_swap_starts_afresh_whatever_the_form_was_filled_with(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    let own = link(&letters, "olga.old", "/p/");
    // As the form was filled with Olga's needs, lines broken as browsers break them.
    let form = "name=Nora+New&email=nora@example.org&diet=halal,+nut+allergy\
                &access=BSL++interpreter";
    let (status, there) = post(&browser, &path, form).await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&browser, &there).await.contains("We are emailing Nora New the details"));
    let nora = second(&turnout, &booking).await;
    assert_eq!((nora.name.as_str(), needs(&nora)), ("Nora New", (None, None)));
    assert_eq!(nora.guardian, None);
    let letters = turnout.letters().await;
    let newcomer = link(&letters, "nora@", "/p/");
    let hers = page(&browser, &newcomer).await;
    assert!(!hers.contains("\"halal, nut allergy") && !hers.contains("BSL interpreter"), "{hers}");
    assert!(hers.contains("Save my needs"), "she is asked");
    assert!(calendar(to(&letters, "olga.old")[0]).contains("METHOD:CANCEL"));
    let gone = browser.get(own).dispatch().await.status();
    assert_eq!(gone, Status::Gone, "Olga's link does not open Nora's place");
    turnout.is_sound().await;
}

async fn what_is_typed_for_the_newcomer_is_hers(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    let form = "name=Nora+New&email=&diet=vegan&access=BSL+interpreter&verb=swap";
    let (_, there) = post(&browser, &path, form).await;
    assert_eq!(needs(&second(&turnout, &booking).await), (Some("vegan"), None));
    assert!(page(&browser, &there).await.contains("Please tell Nora New the details"));
    turnout.is_sound().await;
}

async fn a_shared_inbox_does_not_make_two_people_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    let form = "name=Nora+New&email=olga.old@example.org&diet=halal,+nut+allergy&access=";
    post(&browser, &path, form).await;
    assert_eq!(needs(&second(&turnout, &booking).await), (None, None));
    let letters = turnout.letters().await;
    let told: Vec<_> = to(&letters, "olga.old").into_iter().map(calendar).collect();
    assert_eq!(told.len(), 2, "one day leaves the calendar, one comes");
    assert_ne!(line(&told[0], "UID:"), line(&told[1], "UID:"));
    turnout.is_sound().await;
}

async fn correcting_into_somebody_else_is_asked_about(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = booked(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    let form = "name=Nora+New&email=nora@example.org&diet=halal,+nut+allergy&access=&verb=correct";
    let (status, asked) = post(&browser, &path, form).await;
    assert_eq!(status, Status::Conflict);
    assert!(asked.contains("Is Nora New the same person as Olga Old?"), "{asked}");
    assert!(asked.contains("name=\"email\" value=\"nora@example.org\""), "what was typed stays");
    assert_eq!(second(&turnout, &booking).await.name.as_str(), "Olga Old", "nothing is saved");
    assert!(turnout.letters().await.is_empty(), "and nobody told");
    let (status, _) = post(&browser, &path, &format!("{form}&sure=yes")).await;
    assert_eq!(status, Status::SeeOther);
    let now = second(&turnout, &booking).await;
    assert_eq!((now.name.as_str(), needs(&now).0), ("Nora New", OLGAS.0));
    turnout.is_sound().await;
}

/// Marks the second person of the booking as here on day 1, at `at`.
async fn here(turnout: &TestTurnout, booking: &Registration, place: usize) {
    let login = "ruth".parse().expect("a login");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &login).await.expect("a read").expect("an account");
    drop(conn);
    let at = turnout.ctx.now();
    let mark = Mark { place: booking.places[place].id, presence: Presence::Attended, at };
    let taps = Taps { marks: vec![mark], ..Taps::default() };
    check_in(&turnout.ctx, &member, &booking.session, 1, &taps).await.expect("a tap");
}

/// The same on a session of two days, while the first goes on.
async fn under_way(turnout: &TestTurnout) -> (Registration, Vec<ReadLetter>) {
    let ruth = turnout.account("ruth", Role::Administrator, &[]).await;
    let code = turnout
        .plan("S2", "first", 9, |session: &mut Session| {
            session.trainers = vec![Trainer { login: ruth.clone(), name: "Ruth".to_owned() }];
            let next = session.sittings[0].starts + Duration::days(1);
            session.sittings.push(turnout.sitting(2, next));
        })
        .await;
    let mut asked = request(&code, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(attendee("Sam Came"));
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    turnout.clock.advance(Duration::days(28) + Duration::minutes(30));
    (booked.registration, turnout.letters().await)
}

async fn whoever_was_checked_in_is_not_swapped(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = under_way(&turnout).await;
    here(&turnout, &booking, 1).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    for verb in ["", "&verb=swap"] {
        let form = format!("name=Zed+Never+Came&email=zed@example.org&diet=&access={verb}");
        let (status, refused) = post(&browser, &path, &form).await;
        assert_eq!(status, Status::Conflict, "{verb}");
        assert!(refused.contains("Sam Came was checked in already"), "{refused}");
        assert!(refused.contains("at the door"), "how it is done instead: {refused}");
        assert!(refused.contains("value=\"zed@example.org\""), "what was typed stays");
    }
    assert_eq!(second(&turnout, &booking).await.name.as_str(), "Sam Came");
    let form = "name=Sam+Kane&email=sam.came@example.org&diet=&access=";
    let (status, _) = post(&browser, &path, form).await;
    assert_eq!(status, Status::SeeOther, "a spelling may be corrected");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let days = door::attended_sittings(&mut conn, &booking.session).await.expect("a count");
    assert_eq!(days.get(&booking.places[1].id), Some(&1), "and the day is hers still");
    turnout.is_sound().await;
}

async fn a_late_mark_at_the_door_stays_with_whoever_was_seen(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, letters) = under_way(&turnout).await;
    let browser = turnout.browser().await;
    let path = format!("{}/places/2", link(&letters, "ada.obi", "/r/"));
    let form = "name=Zed+Never+Came&email=zed@example.org&diet=&access=";
    post(&browser, &path, form).await;
    // A phone from the cellar brings that Sam was here, who is not coming any more.
    here(&turnout, &booking, 1).await;
    let login = "ruth".parse().expect("a login");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, &login).await.expect("a read").expect("an account");
    drop(conn);
    close_sitting(&turnout.ctx, &member, &booking.session, 1).await.expect("closed");
    let zed = turnout.registration(booking.id).await.places[1].clone();
    assert_eq!(zed.attendee.map(|one| one.name.to_string()).as_deref(), Some("Zed Never Came"));
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let days = door::attended_sittings(&mut conn, &booking.session).await.expect("a count");
    assert_eq!(days.get(&zed.id), None, "Zed was not seen");
    drop(conn);
    turnout.is_sound().await;
}

async fn the_office_corrects_and_swaps_and_sees_no_needs(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (booking, _) = booked(&turnout).await;
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office: Client = turnout.signed_in(&login).await;
    let at = format!("/office/bookings/{}", booking.reference);
    let path = format!("{at}/places/2");
    assert!(page(&office, &at).await.contains(&path), "there is a way to it");
    let form = page(&office, &path).await;
    assert!(form.contains("Olga Old") && !form.contains("halal"), "{form}");
    let body = "name=Olga+Oldd&email=olga.old@example.org&verb=correct";
    let (_, there) = post(&office, &path, body).await;
    assert!(page(&office, &there).await.contains("Saved: Olga Oldd."));
    assert_eq!(needs(&second(&turnout, &booking).await), OLGAS);
    let body = "name=Nora+New&email=nora@example.org&verb=swap";
    let (_, there) = post(&office, &path, body).await;
    assert!(page(&office, &there).await.contains("Nora New is coming"));
    assert_eq!(needs(&second(&turnout, &booking).await), (None, None));
    let trainer = turnout.account("tess", Role::Trainer, &[]).await;
    let trainer = turnout.signed_in(&trainer).await;
    let (status, _) = post(&trainer, &path, body).await;
    assert_eq!(status, Status::Forbidden);
    turnout.is_sound().await;
}

async fn a_swap_keeps_the_turn_on_the_waiting_list(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 1, |_| {}).await;
    let first = request(&code, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, first).await.expect("a booking");
    let waits = request(&code, "Ben Low", 1, Together);
    let waits =
        book_places(&turnout.ctx, &Actor::Api, waits).await.expect("a booking").registration;
    let id = waits.places[0].id;
    let (ctx, who) = (&turnout.ctx, attendee("Cy Dunn"));
    change_attendee(ctx, &Actor::Leader, waits.id, id, who).await.expect("a swap");
    let now = turnout.registration(waits.id).await;
    assert_eq!(now.places.len(), 1);
    assert_eq!((now.places[0].state, now.queue()), (waits.places[0].state, waits.queue()));
    turnout.is_sound().await;
}
