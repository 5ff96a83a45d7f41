//! Asking people by name to come to a session: a letter with a link of her own, which books by the ordinary verb, says
//! no, or later; what became of it is seen in the office, and nothing is told of it for longer than it must be.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        attempt::forget_attempts,
        booking::book_places::book_places,
        people::{erase_person::erase_person, know_people::know_people},
        retention::erase_due::erase_due,
    },
    domain::{
        admission::Admission, audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together,
        session::BookingMode, staff::Role,
    },
    store::{Window, own_data, people},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    everything,
    form::Form,
    plan::{attendee, request},
};

on_both_databases!(
    whoever_is_asked_books_by_her_own_link,
    opening_the_link_changes_nothing_and_two_presses_book_once,
    no_and_later_are_seen_and_reminded_once,
    a_full_session_puts_her_on_the_list_and_says_so,
    what_the_organiser_vouches_for_is_decided,
    without_a_word_for_her_the_organiser_decides,
    a_booking_made_another_way_is_an_answer,
    what_is_taken_back_moved_or_called_off_says_so,
    whoever_is_on_the_session_or_wants_no_letters_is_left_out,
    a_person_without_an_address_gets_a_link_by_hand,
    nothing_of_whoever_did_not_answer_is_left_after_a_month,
    her_data_holds_what_she_was_asked_and_erasing_her_takes_it,
    what_is_typed_wrong_is_said_beside_it,
);

const INVITE: &str = "/office/sessions/N001/invite";
const INVITED: &str = "/office/sessions/N001/invited";

async fn closed(turnout: TestTurnout, capacity: u32) -> (TestTurnout, Client) {
    let turnout = turnout.season().await;
    turnout.plan("N001", "first", capacity, |one| one.admission = Admission::Closed).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    (turnout, office)
}

/// Asks whoever stands in `names`.
async fn ask(office: &Client, names: &str, more: &[(&str, &str)]) {
    let mut form = Form::open(office, INVITE).await.with("names", names);
    for (name, value) in more {
        form = form.with(name, value);
    }
    let (status, said) = form.send(office).await;
    assert_eq!(status, Status::SeeOther, "{said}");
}

/// The link in the letter that went to an address last.
async fn link(turnout: &TestTurnout, address: &str) -> String {
    let letters = turnout.letters().await;
    let hers = letters.iter().rev().find(|letter| letter.to.contains(address)).expect("a letter");
    assert!(hers.text.contains("asks you to come to Course first"), "{}", hers.text);
    path_in(&hers.text)
}

fn path_in(text: &str) -> String {
    let at = text.find("/invited/").expect("a link");
    text[at..].split_whitespace().next().expect("a path").to_owned()
}

async fn says_yes(browser: &Client, link: &str) -> String {
    let (status, to) = Form::open(browser, link).await.with("answer", "yes").send(browser).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    to
}

async fn whoever_is_asked_books_by_her_own_link(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    assert!(page(&office, INVITED).await.contains("Nobody was asked by name yet"));
    let words = [("words", "I thought of you at once.")];
    ask(&office, "Ada Obi <ada.obi@example.org>", &words).await;
    let html = page(&office, INVITED).await;
    assert!(html.contains("Ada Obi") && html.contains("Not answered"), "{html}");
    let link = link(&turnout, "ada.obi@example.org").await;
    let ada = turnout.browser().await;
    // The session itself is there for nobody.
    assert_eq!(ada.get("/sessions/N001").dispatch().await.status(), Status::NotFound);
    let html = page(&ada, &link).await;
    for words in ["ruth asks you, Ada Obi", "I thought of you at once.", "St Aidan", "London time"]
    {
        assert!(html.contains(words), "{words}: {html}");
    }
    let booked = says_yes(&ada, &link).await;
    assert!(booked.starts_with("/r/"), "{booked}");
    assert!(page(&ada, &booked).await.contains("Ada Obi"));
    let html = page(&office, INVITED).await;
    assert!(html.contains("Booked") && !html.contains("Not answered"), "{html}");
    assert!(page(&ada, &link).await.contains("You have a place."));
    let subjects = turnout.subjects().await;
    assert!(subjects.iter().any(|one| one.contains("You're booked")), "{subjects:?}");
    let log = page(&office, "/office/audit?session=N001").await;
    assert!(log.contains("People asked") && log.contains("Asked answered"), "{log}");
    assert!(!log.contains("Ada Obi"), "{log}");
    turnout.is_sound().await;
}

async fn opening_the_link_changes_nothing_and_two_presses_book_once(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    ask(&office, "Ada Obi <ada.obi@example.org>", &[]).await;
    let link = link(&turnout, "ada.obi@example.org").await;
    let ada = turnout.browser().await;
    let before = everything(&turnout).await;
    let form = Form::open(&ada, &link).await.with("answer", "yes");
    assert_eq!(before, everything(&turnout).await, "a GET changed something");
    assert_eq!(form.send(&ada).await.0, Status::SeeOther);
    let (status, said) = form.send(&ada).await;
    assert_eq!(status, Status::Conflict);
    assert!(said.contains("You have a place."), "{said}");
    let code: SessionCode = "N001".parse().expect("a code");
    assert_eq!(turnout.session(&code).await.occupancy.occupied, 1);
    // A script sends the answer alone; who she is, is known.
    ask(&office, "Ben Ash <ben.ash@example.org>", &[]).await;
    let link = self::link(&turnout, "ben.ash@example.org").await;
    assert_eq!(post(&ada, &link, "answer=yes").await.0, Status::SeeOther);
    assert_eq!(turnout.session(&code).await.occupancy.occupied, 2);
    assert_eq!(
        ada.get("/invited/00000000000000000000000000").dispatch().await.status(),
        Status::NotFound
    );
}

async fn no_and_later_are_seen_and_reminded_once(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    let names =
        "Ada Obi <ada@example.org>\nBen Ash <ben@example.org>\nCleo Hall <cleo@example.org>";
    ask(&office, names, &[]).await;
    let letters = turnout.letters().await;
    assert_eq!(letters.len(), 3);
    let to = |address: &str| {
        let letter = letters.iter().find(|one| one.to.contains(address)).expect("a letter");
        path_in(&letter.text)
    };
    let browser = turnout.browser().await;
    let (no, later) = (to("ada@"), to("ben@"));
    post(&browser, &no, "answer=no&words=I+work+that+day").await;
    post(&browser, &later, "answer=later").await;
    assert!(page(&browser, &no).await.contains("Thank you for telling us."));
    let (status, said) = post(&browser, &later, "answer=perhaps").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("Say yes, no, or later"), "{said}");
    let html = page(&office, INVITED).await;
    for words in ["Said no", "I work that day", "Will say later", "Not answered", "Remind 2 people"]
    {
        assert!(html.contains(words), "{words}: {html}");
    }
    let (_, there) = post(&office, INVITED, "").await;
    assert_eq!(there, format!("{INVITED}?done=reminded-2"));
    let reminded = turnout.letters().await;
    assert_eq!(reminded.len(), 2);
    assert!(reminded.iter().all(|one| one.text.contains("You have not answered yet.")));
    let (status, said) = post(&office, INVITED, "").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("each is reminded once"), "{said}");
    // Whoever said no may change her mind, by the first link and by the second.
    assert!(says_yes(&browser, &no).await.starts_with("/r/"));
    assert!(says_yes(&browser, &path_in(&reminded[0].text)).await.starts_with("/r/"));
}

async fn a_full_session_puts_her_on_the_list_and_says_so(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 1).await;
    ask(&office, "Ada Obi <ada@example.org>\nBen Ash <ben@example.org>", &[]).await;
    let letters = turnout.letters().await;
    let browser = turnout.browser().await;
    says_yes(&browser, &path_in(&letters[0].text)).await;
    let second = path_in(&letters[1].text);
    let html = page(&browser, &second).await;
    assert!(html.contains("Every place is taken for now. You wait on the list"), "{html}");
    assert!(html.contains("Yes, put me on the waiting list"), "{html}");
    says_yes(&browser, &second).await;
    assert!(page(&browser, &second).await.contains("do not travel before we confirm it"));
    assert!(page(&office, INVITED).await.contains("On the waiting list"));
    let code: SessionCode = "N001".parse().expect("a code");
    let session = turnout.session(&code).await;
    assert_eq!((session.occupancy.occupied, session.occupancy.waiting), (1, 1));
    turnout.is_sound().await;
}

/// A session that comes after another and is by application.
async fn after_first(turnout: &TestTurnout) {
    let strict = |one: &mut turnout::domain::session::Session| one.mode = BookingMode::Approval;
    turnout.plan("S2", "second", 9, strict).await;
}

async fn asked_to_s2(turnout: &TestTurnout, office: &Client, more: &str) -> String {
    let path = "/office/sessions/S2/invite";
    let body = format!("names=Ada+Obi+%3Cada%40example.org%3E{more}");
    assert_eq!(post(office, path, &body).await.0, Status::SeeOther);
    path_in(&turnout.letters().await[0].text)
}

async fn what_the_organiser_vouches_for_is_decided(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 1).await;
    after_first(&turnout).await;
    let link = asked_to_s2(&turnout, &office, "&vouched=yes").await;
    let ada = turnout.browser().await;
    assert!(page(&ada, &link).await.contains("Yes, book my place"));
    says_yes(&ada, &link).await;
    assert!(page(&office, "/office/sessions/S2/invited").await.contains("Booked"));
}

async fn without_a_word_for_her_the_organiser_decides(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 1).await;
    after_first(&turnout).await;
    let link = asked_to_s2(&turnout, &office, "").await;
    let ada = turnout.browser().await;
    assert!(page(&ada, &link).await.contains("The organiser decides about your place"));
    says_yes(&ada, &link).await;
    assert!(page(&office, "/office/sessions/S2/invited").await.contains("Asks for a place"));
    assert!(page(&office, "/office/sessions/S2/requests").await.contains("Asked to come by ruth"));
}

async fn a_booking_made_another_way_is_an_answer(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    ask(&office, "Ada Obi <ada.obi@example.org>", &[]).await;
    let link = link(&turnout, "ada.obi@example.org").await;
    let code = "N001".parse().expect("a code");
    let mut asked = request(&code, "Ben Ash", 1, Together);
    asked.attendees = vec![Some(attendee("Ada Obi"))];
    let by = Actor::Staff("ruth".parse().expect("a login"));
    book_places(&turnout.ctx, &by, asked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    let html = page(&office, INVITED).await;
    assert!(html.contains("Booked") && !html.contains("Remind"), "{html}");
    assert!(page(&turnout.browser().await, &link).await.contains("You have a place."));
}

async fn what_is_taken_back_moved_or_called_off_says_so(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    ask(&office, "Ada Obi <ada@example.org>\nBen Ash <ben@example.org>", &[]).await;
    let letters = turnout.letters().await;
    let browser = turnout.browser().await;
    let html = page(&office, INVITED).await;
    let before = html.split(">Ada Obi</a>").next().expect("her line");
    let one = before.rsplit("href=\"").next().expect("a path").trim_end_matches('"').to_owned();
    let (_, there) = post(&office, &one, "act=withdraw").await;
    assert_eq!(there, format!("{INVITED}?done=withdrawn"));
    let to = |address: &str| {
        let letter = letters.iter().find(|one| one.to.contains(address)).expect("a letter");
        path_in(&letter.text)
    };
    let first = to("ada@");
    assert!(page(&browser, &first).await.contains("has taken this invitation back"));
    let (status, said) = post(&browser, &first, "answer=yes").await;
    assert_eq!(status, Status::Conflict, "{said}");
    let second = to("ben@");
    assert!(!page(&browser, &second).await.contains("It has changed since you were asked"));
    let moved = Form::open(&office, "/office/sessions/N001/venue").await;
    let moved =
        moved.with("where", "venue").with("venue", "The Library").with("address", "2 High St");
    let (status, said) = moved.send(&office).await;
    assert_eq!(status, Status::SeeOther, "{said}");
    let html = page(&browser, &second).await;
    assert!(html.contains("It has changed since you were asked"), "{html}");
    assert!(html.contains("The Library"), "{html}");
    let cancel = Form::open(&office, "/office/sessions/N001/cancel").await;
    let (status, said) =
        cancel.with("why", "The roof leaks").with("typed", "CANCEL").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{said}");
    assert!(page(&browser, &second).await.contains("This session is cancelled"));
    assert_eq!(post(&browser, &second, "answer=yes").await.0, Status::Conflict);
}

async fn whoever_is_on_the_session_or_wants_no_letters_is_left_out(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    ask(&office, "Ada Obi <ada@example.org>", &[]).await;
    let letter = turnout.letters().await.remove(0);
    let at = letter.text.find("/stop/").expect("a link that stops them");
    let stop = letter.text[at..].split_whitespace().next().expect("a path").to_owned();
    assert_eq!(post(&turnout.browser().await, &stop, "stop=1").await.0, Status::Ok);
    let code = "N001".parse().expect("a code");
    let by = Actor::Staff("ruth".parse().expect("a login"));
    let booked = request(&code, "Ben Ash", 1, Together);
    book_places(&turnout.ctx, &by, booked).await.expect("a booking");
    turnout.letters().await;
    let names = "Ada+Obi+%3Cada%40example.org%3E%0AAda+Again+%3Cada%40example.org%3E\
                 %0ABen+Ash+%3Cben.ash%40example.org%3E%0ACleo+Hall+%3Ccleo%40example.org%3E";
    let (_, there) = post(&office, INVITE, &format!("names={names}")).await;
    assert_eq!(there, format!("{INVITED}?done=asked-1-3"));
    let html = page(&office, &there).await;
    assert!(html.contains("1 person is asked. 3 people were left out"), "{html}");
    assert_eq!(turnout.letters().await.len(), 1);
}

async fn a_person_without_an_address_gets_a_link_by_hand(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    ask(&office, "Sister Mary", &[]).await;
    assert!(turnout.letters().await.is_empty());
    let html = page(&office, INVITED).await;
    assert!(html.contains("no address: hand over the link"), "{html}");
    let at = html.find(&format!("{INVITED}/")).expect("one of them");
    let one = html[at..].split('"').next().expect("a path").to_owned();
    let (status, html) = post(&office, &one, "act=link").await;
    assert_eq!(status, Status::Ok);
    let at = html.find("https://turnout.example/invited/");
    let link = &html[at.expect("a link")..];
    let link =
        link.split(['<', '"']).next().expect("a path").replace("https://turnout.example", "");
    let mary = turnout.browser().await;
    let (status, said) = post(&mary, &link, "answer=yes").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("Enter an email address or a mobile number"), "{said}");
    let form = Form::of(&link, &said).with("tel", "07700 900117").with("answer", "yes");
    assert_eq!(form.send(&mary).await.0, Status::SeeOther);
    assert!(page(&office, INVITED).await.contains("Booked"));
}

async fn nothing_of_whoever_did_not_answer_is_left_after_a_month(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    ask(&office, "Ada Obi <ada@example.org>\nBen Ash <ben@example.org>", &[]).await;
    let letters = turnout.letters().await;
    says_yes(&turnout.browser().await, &path_in(&letters[1].text)).await;
    turnout.letters().await;
    turnout.clock.advance(Duration::days(28 + 31));
    erase_due(&turnout.ctx).await.expect("an erasing");
    forget_attempts(&turnout.ctx).await.expect("a sweep");
    let kept = everything(&turnout).await;
    let asked = kept.get("personal_invitations").expect("a table").join("\n");
    assert!(!asked.contains("Ada Obi") && !asked.contains("ada@example.org"), "{asked}");
    assert!(asked.contains("Ben Ash"), "{asked}");
}

async fn her_data_holds_what_she_was_asked_and_erasing_her_takes_it(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let code = "S1".parse().expect("a code");
    book_places(&turnout.ctx, &Actor::Api, request(&code, "Ada Obi", 1, Together))
        .await
        .expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    ask(&office, "Ada Obi <ada.obi@example.org>", &[]).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 1 };
    let ada = people::search(&mut conn, "Ada", None, window).await.expect("people").items.remove(0);
    let parts = own_data::parts(&mut conn, ada.id).await.expect("her data");
    drop(conn);
    let asked = parts.iter().find(|part| part.key == "asked").expect("a part");
    assert_eq!(asked.records.len(), 1);
    erase_person(&turnout.ctx, &Actor::CommandLine, ada.id).await.expect("an erasing");
    let kept = everything(&turnout).await;
    let asked = kept.get("personal_invitations").expect("a table").join("\n");
    assert!(!asked.contains("Ada Obi") && !asked.contains("ada.obi@example.org"), "{asked}");
}

async fn what_is_typed_wrong_is_said_beside_it(turnout: TestTurnout) {
    let (turnout, office) = closed(turnout, 9).await;
    for (body, said) in [
        ("names=", "Choose or paste somebody to ask"),
        (
            "names=ada%40example.org",
            "Write a name, and an address if there is one, for: ada@example.org",
        ),
        ("names=Ada+Obi&answer_by=soon", "Enter a day, such as 2027-01-31"),
        ("names=Ada+Obi&answer_by=2020-01-01", "must be after today"),
        ("names=Ada+Obi&answer_by=2099-01-01", "not after the session begins"),
        ("names=Ada+Obi&person=x", "Choose people from the list"),
    ] {
        let (status, html) = post(&office, INVITE, body).await;
        assert_eq!(status, Status::UnprocessableEntity, "{body}");
        assert!(html.contains(said), "{body}: {html}");
    }
    assert!(page(&office, INVITED).await.contains("Nobody was asked by name yet"));
    for search in ["?q=ada", "?institution=I0001", "?came_to=first"] {
        assert!(page(&office, &format!("{INVITE}{search}")).await.contains("Nobody was found"));
    }
    turnout.is_sound().await;
}
