//! Whoever was asked by name or nominated, and has no place: news of the session goes to her as well, once (T3).

use chrono::Duration;
use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        booking::book_places::book_places,
        people::know_people::know_people,
        sessions::{
            announce::tell_gathered,
            change_session::{NewTimes, cancel_session, move_session, reschedule_session},
            move_everybody::move_everybody,
        },
    },
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy::Together,
        staff::Role, text::Paragraph,
    },
    mail::reading::ReadLetter,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
};

on_both_databases!(
    whoever_has_not_answered_is_told_of_a_move_once,
    a_session_called_off_is_told_to_the_asked_and_the_nominated,
    whoever_said_no_or_has_a_place_or_wants_none_gets_no_such_letter,
    changes_that_follow_each_other_are_one_letter_to_the_asked_too,
    whoever_is_moved_before_a_cancelling_is_told_once,
    the_page_says_whom_it_writes_to_and_shows_the_letter,
);

const OFFICE: Actor = Actor::CommandLine;

async fn asked(turnout: TestTurnout, names: &str) -> (TestTurnout, Client, Vec<ReadLetter>) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    let form = Form::open(&office, "/office/sessions/S1/invite").await.with("names", names);
    form.send(&office).await;
    let letters = turnout.letters().await;
    (turnout, office, letters)
}

fn code() -> SessionCode {
    "S1".parse().expect("a code")
}

fn library() -> Location {
    Location::Venue { name: "The Library".to_owned(), address: "2 High St".to_owned() }
}

fn link(letter: &ReadLetter) -> String {
    let at = letter.text.find("/invited/").expect("a link");
    letter.text[at..].split_whitespace().next().expect("a path").to_owned()
}

async fn a_week_later(turnout: &TestTurnout) {
    let starts = turnout.session(&code()).await.sittings[0].starts + Duration::days(7);
    let times = [NewTimes { number: 1, starts, ends: starts + Duration::hours(2) }];
    reschedule_session(&turnout.ctx, &OFFICE, &code(), &times, None).await.expect("new times");
}

async fn called_off(turnout: &TestTurnout) {
    let reason = Paragraph::parse_optional("The roof leaks.").expect("words");
    cancel_session(&turnout.ctx, &OFFICE, &code(), reason.as_ref(), None).await.expect("done");
}

/// Nominates somebody for the session.
async fn nominated(office: &Client, name: &str, email: &str) -> String {
    let form = Form::open(office, "/office/new-nomination").await;
    let form = form.with("name", name).with("email", email).with("session", "S1");
    let form = form.with("course", "first").with("reason", "She asks the right questions.");
    let (_, to) = form.send(office).await;
    to.split('?').next().expect("a path").to_owned()
}

async fn whoever_has_not_answered_is_told_of_a_move_once(turnout: TestTurnout) {
    let names = "Ada Obi <ada@example.org>\nBen Ash <ben@example.org>\nSister Mary";
    let (turnout, _office, letters) = asked(turnout, names).await;
    let browser = turnout.browser().await;
    post(&browser, &link(&letters[1]), "answer=later").await;
    let told = move_session(&turnout.ctx, &OFFICE, &code(), library(), None).await.expect("a move");
    assert_eq!((told.people, told.leaders, told.asked), (0, 0, 2));
    let news = turnout.letters().await;
    assert_eq!(news.len(), 2, "{:?}", news.iter().map(|one| &one.to).collect::<Vec<_>>());
    for letter in &news {
        assert!(letter.subject.starts_with("Changed: Course first"), "{}", letter.subject);
        for words in [
            "Where: was St Aidan's Hall, 41 Copeland Lane; now The Library, 2 High St",
            "You have no place on it yet.",
            "Please answer by",
            "Stop personal invitations to this address",
        ] {
            assert!(letter.text.contains(words), "{words}: {}", letter.text);
        }
        // The link in it answers.
        assert!(page(&browser, &link(letter)).await.contains("The Library"));
    }
    a_week_later(&turnout).await;
    let news = turnout.letters().await;
    assert_eq!(news.len(), 2);
    assert!(news[0].text.contains("now Sat 6 February 2027"), "{}", news[0].text);
    turnout.is_sound().await;
}

async fn a_session_called_off_is_told_to_the_asked_and_the_nominated(turnout: TestTurnout) {
    let (turnout, office, letters) = asked(turnout, "Ada Obi <ada@example.org>").await;
    nominated(&office, "Cleo Hall", "cleo@example.org").await;
    let dan = nominated(&office, "Dan Low", "dan@example.org").await;
    post(&office, &dan, "act=withdraw").await;
    turnout.letters().await;
    called_off(&turnout).await;
    let mut news = turnout.letters().await;
    news.sort_by(|one, other| one.to.cmp(&other.to));
    let to: Vec<_> = news.iter().map(|one| one.to.as_str()).collect();
    assert_eq!(to.len(), 2, "{to:?}");
    assert!(to[0].contains("ada@") && to[1].contains("cleo@"), "{to:?}");
    for letter in &news {
        assert!(letter.subject.starts_with("Cancelled: Course first"), "{}", letter.subject);
        assert!(letter.text.contains("The roof leaks."), "{}", letter.text);
    }
    assert!(news[1].text.contains("you were nominated for this session"), "{}", news[1].text);
    let html = page(&turnout.browser().await, &link(&letters[0])).await;
    assert!(html.contains("This session is cancelled"), "{html}");
    assert!(html.contains("The roof leaks."), "{html}");
    turnout.is_sound().await;
}

async fn whoever_said_no_or_has_a_place_or_wants_none_gets_no_such_letter(turnout: TestTurnout) {
    let names = "Ada Obi <ada@example.org>\nBen Ash <ben.ash@example.org>\n\
                 Cleo Hall <cleo@example.org>\nDan Low <dan@example.org>\nEve Ray <eve@example.org>";
    let (turnout, office, letters) = asked(turnout, names).await;
    let browser = turnout.browser().await;
    post(&browser, &link(&letters[0]), "answer=no").await;
    // Ben books by himself, Cleo by her link; Dan wants no such letters; Eve's is taken back.
    book_places(&turnout.ctx, &Actor::Api, request(&code(), "Ben Ash", 1, Together))
        .await
        .expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    post(&browser, &link(&letters[2]), "answer=yes").await;
    let at = letters[3].text.find("/stop/").expect("a link that stops them");
    let stop = letters[3].text[at..].split_whitespace().next().expect("a path").to_owned();
    post(&browser, &stop, "stop=1").await;
    let html = page(&office, "/office/sessions/S1/invited").await;
    let before = html.split(">Eve Ray</a>").next().expect("her line");
    let eve = before.rsplit("href=\"").next().expect("a path").trim_end_matches('"').to_owned();
    post(&office, &eve, "act=withdraw").await;
    turnout.letters().await;
    move_session(&turnout.ctx, &OFFICE, &code(), library(), None).await.expect("a move");
    called_off(&turnout).await;
    let news = turnout.letters().await;
    for letter in &news {
        assert!(!letter.text.contains("You have no place on it"), "{}: {}", letter.to, letter.text);
    }
    let to = |who: &str| news.iter().filter(|one| one.to.contains(who)).count();
    assert_eq!((to("ada@"), to("dan@"), to("eve@")), (0, 0, 0));
    assert_eq!((to("ben.ash@"), to("cleo@")), (2, 2), "the move, and the cancelling");
}

async fn changes_that_follow_each_other_are_one_letter_to_the_asked_too(turnout: TestTurnout) {
    let (mut turnout, _office, _) = asked(turnout, "Ada Obi <ada@example.org>").await;
    turnout.ctx.gather = Duration::minutes(2);
    move_session(&turnout.ctx, &OFFICE, &code(), library(), None).await.expect("a move");
    a_week_later(&turnout).await;
    turnout.clock.advance(Duration::minutes(1));
    tell_gathered(&turnout.ctx).await.expect("a look");
    assert!(turnout.letters().await.is_empty());
    turnout.clock.advance(Duration::minutes(1));
    tell_gathered(&turnout.ctx).await.expect("a look");
    let news = turnout.letters().await;
    assert_eq!(news.len(), 1);
    for words in ["now The Library", "now Sat 6 February 2027"] {
        assert!(news[0].text.contains(words), "{words}: {}", news[0].text);
    }
    tell_gathered(&turnout.ctx).await.expect("a look");
    assert!(turnout.letters().await.is_empty(), "once");
}

async fn whoever_is_moved_before_a_cancelling_is_told_once(turnout: TestTurnout) {
    let names = "Ada Obi <ada.obi@example.org>\nBen Ash <ben@example.org>";
    let (turnout, _office, _) = asked(turnout, names).await;
    turnout.plan("S2", "first", 9, |_| {}).await;
    book_places(&turnout.ctx, &Actor::Api, request(&code(), "Ada Obi", 1, Together))
        .await
        .expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    turnout.letters().await;
    let to = "S2".parse().expect("a code");
    move_everybody(&turnout.ctx, &OFFICE, (&code(), &to), (None, None)).await.expect("a move");
    let news = turnout.letters().await;
    let cancelled = |who: &str| {
        let hers = news.iter().filter(|one| one.to.contains(who));
        hers.filter(|one| one.subject.starts_with("Cancelled")).count()
    };
    assert_eq!((cancelled("ada.obi@"), cancelled("ben@")), (0, 1));
}

async fn the_page_says_whom_it_writes_to_and_shows_the_letter(turnout: TestTurnout) {
    let (turnout, office, _) = asked(turnout, "Ada Obi <ada@example.org>").await;
    let cancel = "/office/sessions/S1/cancel";
    let html = page(&office, cancel).await;
    assert!(html.contains("1 person was asked by name or nominated and has no place"), "{html}");
    let look = Form::open(&office, cancel).await.with("why", "The roof leaks");
    let (_, html) = look.with("action", "look").send(&office).await;
    assert!(html.contains("Ada Obi, ada@example.org"), "{html}");
    assert!(html.contains("You have no place on it, so there is nothing to do."), "{html}");
    assert!(turnout.letters().await.is_empty(), "it was only read");
}
