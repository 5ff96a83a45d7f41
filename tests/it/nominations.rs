//! Nominating somebody for a course, by an organiser or by a leader for her own institution: a reason, a one-to-one
//! before, a review after, and a place that is offered by asking her by name.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        attempt::forget_attempts,
        booking::book_places::book_places,
        door::check_in::{Taps, check_in},
        people::{erase_person::erase_person, know_people::know_people},
        retention::erase_due::erase_due,
    },
    domain::{
        admission::Admission,
        attendance::{Mark, Presence},
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        staff::Role,
    },
    store::{Window, people, registrations, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    everything,
    form::Form,
    plan::{request, sender},
};

on_both_databases!(
    whoever_is_nominated_is_asked_booked_met_and_reviewed,
    a_leader_nominates_and_an_organiser_decides,
    the_talks_stand_on_the_overview_and_are_done_there_too,
    the_list_is_narrowed_and_says_when_it_is_empty,
    nobody_sees_or_changes_what_is_of_another_alliance,
    erasing_somebody_and_time_take_what_was_written,
    what_is_typed_wrong_is_said_beside_it,
);

const NEW: &str = "/office/new-nomination";

async fn planned(turnout: TestTurnout) -> (TestTurnout, Client) {
    let turnout = turnout.season().await;
    turnout.plan("N001", "second", 9, |one| one.admission = Admission::Closed).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    (turnout, office)
}

/// Nominates somebody; the page of it.
async fn nominated(office: &Client, name: &str, email: &str) -> String {
    let form = Form::open(office, NEW).await.with("name", name).with("email", email);
    let form = form.with("course", "second").with("reason", "She asks the right questions.");
    let (status, to) = form.send(office).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    to.split('?').next().expect("a path").to_owned()
}

async fn stands_at(office: &Client, one: &str, words: &str) {
    let html = page(office, one).await;
    assert!(html.contains(&format!("\">{words}</span>")), "{words}: {html}");
}

async fn whoever_is_nominated_is_asked_booked_met_and_reviewed(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout).await;
    let one = nominated(&office, "Ada Obi", "ada.obi@example.org").await;
    stands_at(&office, &one, "Nominated").await;
    let (status, said) = post(&office, &one, "act=after-done").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("That makes no sense now"), "{said}");
    let (_, to) = post(&office, &one, "act=before-done&before_words=She+will+bring+Ben").await;
    assert_eq!(to, format!("{one}?done=saved"));
    let (_, to) = post(&office, &one, "act=ask&session=N001&words=Come+and+see").await;
    assert_eq!(to, format!("{one}?done=asked"));
    stands_at(&office, &one, "Asked").await;
    let letter = turnout.letters().await.remove(0);
    assert!(letter.text.contains("Come and see"), "{}", letter.text);
    let at = letter.text.find("/invited/").expect("a link");
    let link = letter.text[at..].split_whitespace().next().expect("a path").to_owned();
    let ada = turnout.browser().await;
    // Course second asks for course first, which she has not done: whoever is nominated need not ask.
    assert!(page(&ada, &link).await.contains("Yes, book my place"));
    assert_eq!(post(&ada, &link, "answer=later").await.0, Status::SeeOther);
    stands_at(&office, &one, "Answered: not now").await;
    assert_eq!(post(&ada, &link, "answer=yes").await.0, Status::SeeOther);
    while know_people(&turnout.ctx).await.expect("a round") {}
    stands_at(&office, &one, "Booked").await;
    let code: SessionCode = "N001".parse().expect("a code");
    comes(&turnout, &code).await;
    let office = turnout.signed_in(&"ruth".parse().expect("a login")).await;
    stands_at(&office, &one, "Came").await;
    post(&office, &one, "act=after-done&after_words=She+leads+next+time").await;
    stands_at(&office, &one, "Reviewed").await;
    let ada = person(&turnout, "Ada").await;
    let hers = page(&office, &format!("/office/people/{ada}")).await;
    assert!(hers.contains("Nominated for second") && hers.contains("Asked to N001"), "{hers}");
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let log = page(&turnout.signed_in(&login).await, "/office/audit").await;
    assert!(log.contains("Nomination kept") && !log.contains("She leads next time"), "{log}");
}

/// Everybody who has a place comes to the first day.
async fn comes(turnout: &TestTurnout, code: &SessionCode) {
    let session = turnout.session(code).await;
    let day = &session.sittings[0];
    turnout.clock.advance(day.starts_at - turnout.ctx.now() + Duration::minutes(10));
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let bookings = registrations::of_session(&mut conn, code).await.expect("bookings");
    let by = staff::find(&mut conn, &"ruth".parse().expect("a login")).await.expect("a read");
    drop(conn);
    let marks = bookings
        .iter()
        .flat_map(turnout::domain::registration::Registration::confirmed)
        .map(|place| Mark { place: place.id, presence: Presence::Attended, at: turnout.ctx.now() });
    let taps = Taps { marks: marks.collect(), ..Taps::default() };
    check_in(&turnout.ctx, &by.expect("an account"), code, day.number, &taps).await.expect("taps");
}

async fn person(turnout: &TestTurnout, words: &str) -> turnout::domain::id::PersonId {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 1 };
    let found = people::search(&mut conn, words, None, window).await.expect("people");
    found.items[0].id
}

async fn a_leader_nominates_and_an_organiser_decides(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout).await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let code = "S1".parse().expect("a code");
    let mut asked = request(&code, "Ben Ash", 1, Together);
    asked.sender = sender(1);
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let leader = turnout.browser().await;
    let link = format!("/r/{}", booked.token.secret());
    assert!(page(&leader, &link).await.contains("Nominate somebody of your institution"));
    let path = format!("{link}/nominate");
    let (status, said) = post(&leader, &path, "name=Ada+Obi&course=second").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(said.contains("Say why they should go") && said.contains("Ada Obi"), "{said}");
    let form = Form::open(&leader, &path).await.with("name", "Ada Obi").with("course", "second");
    let form = form.with("email", "ada@example.org").with("reason", "She listens.");
    assert_eq!(form.send(&leader).await.0, Status::SeeOther);
    // Sent twice, it is one.
    assert_eq!(form.send(&leader).await.0, Status::SeeOther);
    let html = page(&leader, &path).await;
    assert_eq!(html.matches("The organiser decides").count(), 1, "{html}");
    let overview = page(&office, "/office").await;
    assert!(overview.contains("Ada Obi is nominated for Course second"), "{overview}");
    let list = page(&office, "/office/nominations?state=proposed").await;
    let at = list.find("/office/nominations/").expect("one of them");
    let one = list[at..].split('"').next().expect("a path").to_owned();
    let html = page(&office, &one).await;
    assert!(
        html.contains("Ben Ash, who leads a booking") && html.contains("She listens."),
        "{html}"
    );
    let (status, said) = post(&office, &one, "act=ask&session=N001").await;
    assert_eq!(status, Status::UnprocessableEntity, "{said}");
    post(&office, &one, "act=approve").await;
    stands_at(&office, &one, "Nominated").await;
    assert!(!page(&office, "/office").await.contains("is nominated for Course second"));
    assert!(page(&leader, &path).await.contains(": Nominated"));
    let (status, _) = post(&office, &one, "act=decline").await;
    assert_eq!(status, Status::UnprocessableEntity, "it is decided");
    // Whoever comes for herself speaks for no institution.
    let alone = request(&code, "Cleo Hall", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, alone).await.expect("a booking");
    let path = format!("/r/{}/nominate", booked.token.secret());
    assert_eq!(leader.get(path).dispatch().await.status(), Status::NotFound);
}

async fn the_talks_stand_on_the_overview_and_are_done_there_too(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout).await;
    let one = nominated(&office, "Ada Obi", "ada@example.org").await;
    let day = |days| (turnout.ctx.now() + Duration::days(days)).date_naive();
    let plan = format!("act=before&before_who=Ruth&before_due={}", day(3));
    post(&office, &one, &plan).await;
    let overview = page(&office, "/office").await;
    assert!(overview.contains("One-to-one before Course second: Ada Obi"), "{overview}");
    assert!(overview.contains("Ruth has it."), "{overview}");
    let id = one.rsplit('/').next().expect("an id");
    let thing = format!("/office/things/one-to-one%3A{id}");
    assert_eq!(post(&office, &thing, "act=done").await.0, Status::SeeOther);
    assert!(!page(&office, "/office").await.contains("One-to-one before"));
    assert!(page(&office, &one).await.contains("Had on"));
    // There is time for what is due after this week.
    post(&office, &one, &format!("act=after&after_due={}", day(30))).await;
    assert!(!page(&office, "/office").await.contains("Review after Course second"));
    post(&office, &one, &format!("act=after&after_due={}", day(5))).await;
    assert!(page(&office, "/office").await.contains("Review after Course second"));
    post(&office, &one, "act=withdraw").await;
    stands_at(&office, &one, "Taken back").await;
    assert!(!page(&office, "/office").await.contains("Review after Course second"));
}

async fn the_list_is_narrowed_and_says_when_it_is_empty(turnout: TestTurnout) {
    let (_turnout, office) = planned(turnout).await;
    let list = "/office/nominations";
    assert!(page(&office, list).await.contains("Nobody is nominated yet"));
    nominated(&office, "Ada Obi", "ada@example.org").await;
    assert!(page(&office, list).await.contains("Ada Obi"));
    assert!(
        page(&office, &format!("{list}?state=nominated&course=second")).await.contains("Ada Obi")
    );
    for other in ["state=booked", "course=first", "session=N001"] {
        let html = page(&office, &format!("{list}?{other}")).await;
        assert!(html.contains("No nomination is like that") && !html.contains("Ada Obi"), "{html}");
    }
    let odd = office.get(format!("{list}?state=odd")).dispatch().await;
    assert_eq!(odd.status(), Status::NotFound);
    assert!(page(&office, "/office/sessions/N001").await.contains("Nominated for it"));
    assert!(page(&office, "/office/more").await.contains("Nominations"));
}

async fn nobody_sees_or_changes_what_is_of_another_alliance(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout).await;
    turnout
        .write(
            "insert into alliances (slug, name, time_zone, contact_email) \
             values ('leeds', 'Leeds', 'Europe/London', 'leeds@example.org')",
        )
        .await;
    let one = nominated(&office, "Ada Obi", "ada@example.org").await;
    let login = turnout.account("other", Role::Organiser, &["leeds"]).await;
    let other = turnout.signed_in(&login).await;
    assert_eq!(other.get(one.clone()).dispatch().await.status(), Status::Forbidden);
    assert_eq!(post(&other, &one, "act=withdraw").await.0, Status::Forbidden);
    assert!(!page(&other, "/office/nominations").await.contains("Ada Obi"));
    let body = "name=Ada&course=second&reason=x&institution=I0001";
    assert_eq!(post(&other, NEW, body).await.0, Status::Forbidden);
    stands_at(&office, &one, "Nominated").await;
}

async fn erasing_somebody_and_time_take_what_was_written(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout).await;
    turnout.plan("S1", "first", 9, |_| {}).await;
    let code = "S1".parse().expect("a code");
    let booked = request(&code, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, booked).await.expect("a booking");
    while know_people(&turnout.ctx).await.expect("a round") {}
    nominated(&office, "Ada Obi", "ada.obi@example.org").await;
    nominated(&office, "Ben Ash", "ben@example.org").await;
    let written = async || {
        let kept = everything(&turnout).await;
        kept.get("nominations").expect("a table").join("\n")
    };
    let ada = person(&turnout, "Ada").await;
    erase_person(&turnout.ctx, &Actor::CommandLine, ada).await.expect("an erasing");
    assert!(!written().await.contains("Ada Obi"), "{}", written().await);
    assert!(written().await.contains("Ben Ash"));
    turnout.clock.advance(Duration::days(2 * 365 + 1));
    erase_due(&turnout.ctx).await.expect("an erasing");
    forget_attempts(&turnout.ctx).await.expect("a sweep");
    assert!(!written().await.contains("Ben Ash"), "{}", written().await);
}

async fn what_is_typed_wrong_is_said_beside_it(turnout: TestTurnout) {
    let (turnout, office) = planned(turnout).await;
    for (body, said) in [
        ("name=&course=second&reason=x", "Enter the name of whoever you nominate"),
        ("name=Ada&reason=x", "Choose a course"),
        ("name=Ada&course=second", "Say why they should go"),
        ("name=Ada&course=second&reason=x&email=odd", "It should look like name@example.org"),
        ("name=Ada&course=first&reason=x&session=N001", "This session is of another course"),
        ("name=Ada&course=second&reason=x&session=X9", "Enter a session code"),
        ("name=Ada&course=second&reason=x&before_due=soon", "Enter a day, such as"),
    ] {
        let (status, html) = post(&office, NEW, body).await;
        assert_eq!(status, Status::UnprocessableEntity, "{body}");
        assert!(html.contains(said), "{body}: {html}");
    }
    assert!(page(&office, "/office/nominations").await.contains("Nobody is nominated yet"));
    let one = nominated(&office, "Ada Obi", "").await;
    let (_, to) = post(&office, &one, "act=ask&session=N001").await;
    assert!(to.ends_with("done=asked"), "{to}");
    assert!(turnout.letters().await.is_empty(), "she has no address");
    let html = page(&office, "/office/sessions/N001/invited").await;
    assert!(html.contains("no address: hand over the link"), "{html}");
}
