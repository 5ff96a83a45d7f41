//! An alliance's letters say what it chose: subject, opening, closing, who signs and who reads answers. What
//! they state stays.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        sessions::change_session::{NewTimes, reschedule_session},
    },
    domain::{audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, staff::Role},
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, request},
};

on_both_databases!(
    a_letter_says_what_its_alliance_chose_and_its_facts,
    what_a_letter_cannot_fill_in_is_said_beside_the_field,
    a_wording_is_read_with_made_up_and_real_people,
    letters_that_wait_keep_what_they_said,
    an_alliance_signs_its_letters_and_names_who_answers,
    two_organisers_who_word_one_letter_lose_nothing,
    every_letter_can_be_read_and_worded,
);

const BOOKED: &str = "/office/wording/oxford/booking-confirmed";

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn book(turnout: &TestTurnout, code: &SessionCode, who: &str) -> Vec<ReadLetter> {
    let mut team = request(code, who, 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.letters().await
}

fn to<'l>(letters: &'l [ReadLetter], who: &str) -> &'l ReadLetter {
    letters.iter().find(|one| one.to.contains(who)).expect("a letter")
}

fn header<'l>(letter: &'l ReadLetter, name: &str) -> Option<&'l str> {
    let found = letter.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

async fn word(office: &Client, path: &str, fields: &[(&str, &str)]) -> (Status, String) {
    let form = Form::open(office, path).await;
    fields.iter().fold(form, |form, (name, value)| form.with(name, value)).send(office).await
}

async fn a_letter_says_what_its_alliance_chose_and_its_facts(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = organiser(&turnout).await;
    let said = [
        ("subject", "Welcome to {course} on {first day}"),
        ("opening", "Dear {name},\nwe meet at {place} <b>."),
        ("closing", "Ring {phone}. Yours is {reference}."),
    ];
    let (status, told) = word(&office, BOOKED, &said).await;
    assert_eq!((status, told.as_str()), (Status::SeeOther, "/office/wording/oxford?done=saved"));
    assert!(page(&office, &told).await.contains("In your words"));
    let letters = book(&turnout, &code, "Ada Obi").await;
    let letter = to(&letters, "ada.obi");
    assert_eq!(letter.subject, "Welcome to Course first on Sat 30 January 2027");
    for words in [
        "Dear Ada Obi,\nwe meet at St Aidan's Hall, 41 Copeland Lane <b>.",
        "Yours is ",
        "WHEN\nSat 30 January 2027, 10am to noon (London time)",
        "Change or cancel here:",
    ] {
        assert!(letter.text.contains(words), "{words} in {}", letter.text);
    }
    assert!(
        !letter.text.contains("Any questions") && !letter.text.contains('{'),
        "{}",
        letter.text
    );
    assert!(letter.html.contains("41 Copeland Lane &#60;b&#62;."), "{}", letter.html);
    assert!(letter.calendar.is_some(), "her own invite is in it all the same");
    let other = to(&letters, "ben.low");
    assert_eq!(other.subject, "You have a place: Course first, Sat 30 January 2027");
    assert!(other.text.contains("Any questions"), "{}", other.text);

    let (status, back) = post(&office, BOOKED, "action=original").await;
    assert_eq!((status, back.as_str()), (Status::SeeOther, "/office/wording/oxford?done=original"));
    let letters = book(&turnout, &code, "Eve Obi").await;
    assert!(to(&letters, "eve.obi").subject.starts_with("You're booked: Course first"));
    let admin = turnout.account("admin", Role::Administrator, &[]).await;
    let audit = page(&turnout.signed_in(&admin).await, "/office/audit").await;
    assert!(audit.contains("Welcome to {course}"), "{audit}");
    turnout.is_sound().await;
}

async fn what_a_letter_cannot_fill_in_is_said_beside_the_field(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = organiser(&turnout).await;
    for (field, typed, said) in [
        ("subject", "Come to {corse}", "Do you mean {course}?"),
        ("opening", "Open {link} now", "This letter has no {link}. It can fill in {course}"),
        ("closing", "Bye {name", "Close each brace that you open"),
        ("subject", "a\r\nBcc: x@example.org", "Use ordinary letters and signs for the subject"),
        ("opening", "x".repeat(1001).as_str(), "Shorten the opening to 1000"),
    ] {
        let (status, again) = word(&office, BOOKED, &[(field, typed)]).await;
        assert_eq!(status, Status::UnprocessableEntity, "{typed}");
        assert!(again.contains(&format!("id=\"{field}-e\"")), "{again}");
        assert!(again.contains(said), "{said} in {again}");
    }
    let untouched = page(&office, "/office/wording/oxford").await;
    assert!(!untouched.contains("In your words"), "{untouched}");
    for path in ["/office/wording/leeds", "/office/wording/leeds/invite"] {
        assert_eq!(office.get(path).dispatch().await.status(), Status::Forbidden);
    }
    for path in ["/office/wording/oxford/sign-in-link", "/office/wording/oxford/nothing"] {
        assert_eq!(office.get(path).dispatch().await.status(), Status::NotFound);
    }
}

async fn a_wording_is_read_with_made_up_and_real_people(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code, "Ada Obi").await;
    let office = organiser(&turnout).await;
    let first = page(&office, &format!("{BOOKED}?session=S1")).await;
    assert!(first.contains("The original: You&#39;re booked: Two-day"), "{first}");
    let form = "action=look&session=S1&subject=Hooray%2C+{course}!&opening=Hello+from+us.";
    let (status, look) = post(&office, BOOKED, form).await;
    assert_eq!(status, Status::Ok, "{look}");
    for words in [
        "With made-up people: Hooray, Two-day leadership training!",
        "With Course first, Sat 30 January 2027: Hooray, Course first!",
        "Hello Ada Obi,",
        "Hello from us.",
    ] {
        assert!(look.contains(words), "{words} in {look}");
    }
    assert!(turnout.letters().await.is_empty());
    let after = page(&office, "/office/wording/oxford").await;
    assert!(!after.contains("In your words"), "reading saves nothing");
}

async fn letters_that_wait_keep_what_they_said(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = organiser(&turnout).await;
    let team = request(&code, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    word(&office, BOOKED, &[("subject", "Hooray")]).await;
    assert!(to(&turnout.letters().await, "ada.obi").subject.starts_with("You're booked"));
    assert_eq!(to(&book(&turnout, &code, "Eve Obi").await, "eve.obi").subject, "Hooray");
}

async fn an_alliance_signs_its_letters_and_names_who_answers(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let office = organiser(&turnout).await;
    let path = "/office/wording/oxford";
    let (status, again) = word(&office, path, &[("reply_to", "nobody")]).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(again.contains("id=\"reply_to-e\""), "{again}");
    let said = [("signature", "Ruth and Mary\nfor all of us"), ("reply_to", "ruth@oxford.example")];
    assert_eq!(word(&office, path, &said).await.0, Status::SeeOther);
    let letters = book(&turnout, &code, "Ada Obi").await;
    assert!(letters.iter().all(|one| one.text.contains("\nRuth and Mary\nfor all of us\n")));
    for letter in &letters {
        assert!(letter.calendar.is_some());
        assert_eq!(header(letter, "Reply-To"), None, "calendars answer Turnout");
    }
    let mut moved = request(&code, "Cleo Obi", 1, Together);
    moved.attendees[0] = Some(attendee("Dot Low"));
    book_places(&turnout.ctx, &Actor::Api, moved).await.expect("a booking");
    let letters = turnout.letters().await;
    let reply = header(to(&letters, "cleo.obi"), "Reply-To").expect("an address");
    assert!(reply.contains("ruth@oxford.example"), "{reply}");
    let starts = turnout.session(&code).await.sittings[0].starts + chrono::Duration::days(7);
    let times = [NewTimes { number: 1, starts, ends: starts + chrono::Duration::hours(2) }];
    let office = Actor::CommandLine;
    reschedule_session(&turnout.ctx, &office, &code, &times, None).await.expect("new times");
    let letters = turnout.letters().await;
    assert!(letters.iter().all(|one| one.text.contains("Ruth and Mary")), "{letters:?}");
    turnout.is_sound().await;
}

async fn two_organisers_who_word_one_letter_lose_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ruth = organiser(&turnout).await;
    let mary = turnout.account("mary", Role::Organiser, &["oxford"]).await;
    let mary = turnout.signed_in(&mary).await;
    let (first, second) = (Form::open(&ruth, BOOKED).await, Form::open(&mary, BOOKED).await);
    let third = second.clone();
    first.with("subject", "Ruth's").send(&ruth).await;
    assert_eq!(second.with("opening", "Mary's").send(&mary).await.0, Status::SeeOther);
    let kept = Form::open(&ruth, BOOKED).await;
    assert_eq!((kept.value("subject"), kept.value("opening")), ("Ruth's", "Mary's"));
    let (status, again) = third.with("subject", "Mine").send(&mary).await;
    assert_eq!(status, Status::Conflict);
    assert!(again.contains("ruth changed this to \u{201c}Ruth&#39;s\u{201d}"), "{again}");
    assert_eq!(Form::of(BOOKED, &again).send(&mary).await.0, Status::SeeOther, "knowingly");
    assert_eq!(Form::open(&ruth, BOOKED).await.value("subject"), "Mine");
}

async fn every_letter_can_be_read_and_worded(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    book(&turnout, &code, "Ada Obi").await;
    let office = organiser(&turnout).await;
    let all = page(&office, "/office/wording/oxford").await;
    let letters: Vec<_> = all.split("href=\"/office/wording/oxford/").skip(1).collect();
    assert_eq!(letters.len(), 27, "{all}");
    for letter in letters {
        let path = format!("/office/wording/oxford/{}", letter.split('"').next().expect("an end"));
        let form = "action=look&subject=About+{course}&opening=Hello+{name}.&closing=Bye+{phone}.";
        let (status, look) = post(&office, &path, form).await;
        assert_eq!(status, Status::Ok, "{path}: {look}");
        for words in
            ["people: About Two-day leadership training", "2027: About Course first", "Bye "]
        {
            assert!(look.contains(words), "{path}: {words} in {look}");
        }
    }
}
