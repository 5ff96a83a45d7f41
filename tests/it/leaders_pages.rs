//! What a leader does herself under her private link: giving somebody a booking of her own, seeing everything of
//! hers at once, booking the same team again, and telling people who have no address.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::{
        book_places::{Booked, book_places},
        change_attendee::change_attendee,
    },
    domain::{audit::Actor, location::Location, occupancy::TeamPolicy::Together},
    mail::reading::ReadLetter,
};

use crate::{
    calendars::mailbox::Calendars,
    support::{
        TestTurnout,
        browser::{page, post},
        form::Form,
        plan::{attendee, request, sender},
    },
};

on_both_databases!(
    somebody_gets_a_booking_of_her_own_and_no_calendar_shows_it_twice,
    a_booking_of_her_own_by_telephone_is_handed_over_on_paper,
    nobody_is_given_a_booking_from_a_page_that_showed_somebody_else,
    a_stale_page_moves_nobody_to_another_day_than_it_showed,
    one_page_has_everything_for_whoever_reads_the_address,
    an_address_that_was_only_typed_opens_nothing_else,
    what_was_sent_to_another_address_before_proves_nothing_now,
    the_same_team_is_booked_again_and_nothing_is_typed_twice,
    people_are_told_by_message_or_slip_without_an_address,
    a_course_of_several_days_says_each_with_its_own_time,
);

async fn booked(turnout: &TestTurnout, code: &str, people: &[&str]) -> (Booked, String) {
    let mut asked = request(&code.parse().expect("a code"), people[0], people.len(), Together);
    asked.attendees = people.iter().map(|who| Some(attendee(who))).collect();
    asked.sender = sender(1);
    let booked = book_places(&turnout.ctx, &Actor::Visitor, asked).await.expect("a booking");
    let link = format!("/r/{}", booked.token.secret());
    (booked, link)
}

/// The first private link in a letter, without the site; of a leader's page.
fn link_in(letter: &ReadLetter) -> String {
    let (_, rest) = letter.text.split_once("https://turnout.example/r/").expect("a link");
    format!("/r/{}", rest.chars().take_while(char::is_ascii_alphanumeric).collect::<String>())
}

fn to<'a>(letters: &'a [ReadLetter], address: &str) -> &'a ReadLetter {
    let found = letters.iter().find(|one| one.to.contains(&format!("<{address}>")));
    found.unwrap_or_else(|| panic!("nothing to {address}"))
}

async fn somebody_gets_a_booking_of_her_own_and_no_calendar_shows_it_twice(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let (booking, link) = booked(&turnout, "S1", &["Amina Khan", "Ben Low", "Cara May"]).await;
    let mut calendars = Calendars::default();
    calendars.file(&turnout.letters().await);
    let before = calendars.0.clone();
    let browser = turnout.browser().await;
    assert!(page(&browser, &format!("{link}/places/2")).await.contains("/places/2/split"));
    let split = format!("{link}/places/2/split");
    let form = Form::open(&browser, &split).await;
    assert_eq!(form.value("email"), "ben.low@example.org");
    let (status, there) = form.send(&browser).await;
    assert_eq!((status, there.as_str()), (Status::SeeOther, format!("{link}?done=split").as_str()));
    let html = page(&browser, &link).await;
    assert!(html.contains("2 people are coming") && !html.contains("Ben Low"), "{html}");
    let letters = turnout.letters().await;
    let told = to(&letters, "ben.low@example.org");
    assert!(told.subject.starts_with("A booking of your own"), "{}", told.subject);
    let own = link_in(told);
    let html = page(&browser, &own).await;
    assert!(html.contains("1 person is coming") && html.contains("Ben Low (you)"), "{html}");
    assert!(!html.contains("Cara May"), "{html}");
    let told = to(&letters, "amina.khan@example.org");
    assert!(told.text.contains("Ben Low looks after their own place"), "{}", told.text);
    assert!(!told.text.contains("- Ben Low") && told.text.contains("- Cara May"), "{}", told.text);
    calendars.file(&letters);
    let shown = |of: &Calendars| -> Vec<_> {
        of.0.iter().filter(|(_, one)| one.shown).map(|(key, _)| key.clone()).collect()
    };
    assert_eq!(shown(&Calendars(before)), shown(&calendars), "the same events, by the same UIDs");
    let (status, there) = form.send(&browser).await;
    assert_eq!((status, there), (Status::SeeOther, format!("{link}?done=parted")), "twice is once");
    assert_eq!(turnout.states(booking.registration.id).await.len(), 2);
    turnout.is_sound().await;
}

async fn a_booking_of_her_own_by_telephone_is_handed_over_on_paper(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let mut asked = request(&"S1".parse().expect("a code"), "Amina Khan", 3, Together);
    asked.attendees[1] =
        Some(turnout::domain::attendee::Attendee { email: None, ..attendee("Ben Low") });
    let booking = book_places(&turnout.ctx, &Actor::Visitor, asked).await.expect("a booking");
    turnout.letters().await;
    let browser = turnout.browser().await;
    let link = format!("/r/{}", booking.token.secret());
    let split = format!("{link}/places/2/split");
    let (status, html) = post(&browser, &split, "email=&phone=").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Enter an email address or a telephone number"), "{html}");
    for number in [1, 3] {
        let (status, _) =
            post(&browser, &format!("{link}/places/{number}/split"), "phone=07700900123").await;
        assert_eq!(status, Status::UnprocessableEntity, "{number}: the leader, or no name yet");
    }
    let (status, html) = post(&browser, &split, "phone=07700+900123").await;
    assert_eq!(status, Status::Ok, "{html}");
    assert!(html.contains("Please hand this over now") && html.contains("<svg"), "{html}");
    let (_, rest) = html.split_once("https://turnout.example/r/").expect("a link");
    let own: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    assert!(page(&browser, &format!("/r/{own}")).await.contains("Ben Low (you)"));
    let told = turnout.subjects().await;
    assert_eq!(told.len(), 1, "the leader who gave it away: {told:?}");
    turnout.is_sound().await;
}

async fn nobody_is_given_a_booking_from_a_page_that_showed_somebody_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let (booking, link) = booked(&turnout, "S1", &["Amina Khan", "Ben Low"]).await;
    let browser = turnout.browser().await;
    let form = Form::open(&browser, &format!("{link}/places/2/split")).await;
    let place = booking.registration.places[1].id;
    let dan = attendee("Dan Oak");
    let ctx = &turnout.ctx;
    let changed = change_attendee(ctx, &Actor::Leader, booking.registration.id, place, dan).await;
    changed.expect("a change");
    let (status, html) = form.send(&browser).await;
    assert_eq!(status, Status::Conflict, "{html}");
    assert!(html.contains("Dan Oak is on that place now"), "{html}");
    let moving = format!("{link}/move");
    turnout.plan("S2", "first", 30, |_| {}).await;
    let form = Form::open(&browser, &moving).await.with("to", "S2");
    let place = turnout.registration(booking.registration.id).await.places[1].id;
    let eve = attendee("Eve Ash");
    let changed = change_attendee(ctx, &Actor::Leader, booking.registration.id, place, eve).await;
    changed.expect("a change");
    let (status, html) = form.send(&browser).await;
    assert_eq!(status, Status::Conflict, "{html}");
    assert!(html.contains("Eve Ash is on that place now"), "she looks again: {html}");
    let (status, there) = form.without("drawn").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "a script says nothing of what it saw: {there}");
}

async fn a_stale_page_moves_nobody_to_another_day_than_it_showed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "first", 30, |_| {}).await;
    let (booking, link) = booked(&turnout, "S1", &["Amina Khan"]).await;
    let browser = turnout.browser().await;
    let moving = format!("{link}/move");
    let form = Form::open(&browser, &moving).await.with("to", "S2");
    turnout.write("update sessions set venue_name = 'Another Hall' where code = 'S2'").await;
    let (status, html) = form.send(&browser).await;
    assert_eq!(status, Status::Conflict, "{html}");
    assert!(html.contains("That date has changed since the page was opened"), "{html}");
    assert!(html.contains("Another Hall"), "{html}");
    assert_eq!(turnout.states(booking.registration.id).await, ["confirmed"]);
    let (status, _) = Form::of(&moving, &html).with("to", "S2").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "from what stands there now");
}

async fn one_page_has_everything_for_whoever_reads_the_address(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for code in ["S1", "S2", "S3"] {
        turnout.plan(code, "first", 30, |_| {}).await;
    }
    let soon = turnout.ctx.now().naive_utc() + Duration::days(2);
    let day = turnout.sitting(1, soon);
    turnout.plan("S4", "first", 30, |session| session.sittings = vec![day]).await;
    let mut references = Vec::new();
    for code in ["S1", "S2", "S4"] {
        let (booking, _) = booked(&turnout, code, &["Amina Khan", "Ben Low"]).await;
        references.push(booking.registration.reference.to_string());
    }
    let (other, _) = booked(&turnout, "S3", &["Mara Bell"]).await;
    let letters = turnout.letters().await;
    let link = link_in(to(&letters, "amina.khan@example.org"));
    let browser = turnout.browser().await;
    let (_, there) = post(&browser, &format!("{link}/pledge"), "people=9").await;
    assert!(there.contains("done=saved"), "{there}");
    assert!(page(&browser, &link).await.contains(&format!("{link}/all")));
    turnout.clock.advance(Duration::days(3));
    let html = page(&browser, &format!("{link}/all")).await;
    for reference in &references {
        assert!(html.contains(reference), "{reference} in {html}");
    }
    assert!(html.contains(">Past<") && html.contains(">To come<"), "{html}");
    assert!(html.contains("it will bring 9"), "{html}");
    assert!(!html.contains(other.registration.reference.as_str()), "{html}");
    let open = format!("{link}/all/{}", references[1]);
    let (status, there) = post(&browser, &open, "").await;
    assert_eq!(status, Status::SeeOther);
    assert!(page(&browser, &there).await.contains(&references[1]));
    assert!(page(&browser, &format!("{there}/all")).await.contains(&references[0]));
    let (status, _) =
        post(&browser, &format!("{link}/all/{}", other.registration.reference), "").await;
    assert_eq!(status, Status::NotFound, "another leader's");
    post(&browser, "/lost-link", "email=amina.khan%40example.org").await;
    let letters = turnout.letters().await;
    let told = to(&letters, "amina.khan@example.org");
    assert!(told.text.contains("One page with everything"), "{}", told.text);
    let (_, all) = told.text.split_once("past bookings as well:").expect("the link");
    let all = all.split_whitespace().next();
    let all = all.and_then(|one| one.strip_prefix("https://turnout.example"));
    assert!(page(&browser, all.expect("our address")).await.contains(&references[2]));
}

async fn an_address_that_was_only_typed_opens_nothing_else(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for code in ["S1", "S2"] {
        turnout.plan(code, "first", 30, |_| {}).await;
    }
    let (hers, _) = booked(&turnout, "S1", &["Amina Khan"]).await;
    // Somebody books under Amina's address, and has what the page shows.
    let (own, link) = booked(&turnout, "S2", &["Amina Khan"]).await;
    let browser = turnout.browser().await;
    let html = page(&browser, &format!("{link}/all")).await;
    assert!(html.contains(own.registration.reference.as_str()), "{html}");
    assert!(!html.contains(hers.registration.reference.as_str()), "{html}");
    let open = format!("{link}/all/{}", hers.registration.reference);
    assert_eq!(post(&browser, &open, "").await.0, Status::NotFound);
    turnout.letters().await;
    let (_, there) = post(&browser, &format!("{link}/all"), "").await;
    assert_eq!(there, format!("{link}/all?done=sent"));
    let letters = turnout.letters().await;
    let told = to(&letters, "amina.khan@example.org");
    let html = page(&browser, &format!("{}/all", link_in(told))).await;
    assert!(html.contains(hers.registration.reference.as_str()), "it goes to her: {html}");
}

async fn what_was_sent_to_another_address_before_proves_nothing_now(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    for code in ["S1", "S2"] {
        turnout.plan(code, "first", 30, |_| {}).await;
    }
    let (hers, _) = booked(&turnout, "S1", &["Amina Khan"]).await;
    booked(&turnout, "S2", &["Mara Bell"]).await;
    let letters = turnout.letters().await;
    let link = link_in(to(&letters, "mara.bell@example.org"));
    let browser = turnout.browser().await;
    let contact = "leader_name=Mara+Bell&leader_email=amina.khan%40example.org&leader_phone=";
    let (status, _) = post(&browser, &format!("{link}/contact"), contact).await;
    assert_eq!(status, Status::SeeOther);
    let html = page(&browser, &format!("{link}/all")).await;
    assert!(!html.contains(hers.registration.reference.as_str()), "{html}");
    let told = turnout.letters().await;
    let told = link_in(to(&told, "amina.khan@example.org"));
    let html = page(&browser, &format!("{told}/all")).await;
    assert!(html.contains(hers.registration.reference.as_str()), "she reads the address: {html}");
}

async fn the_same_team_is_booked_again_and_nothing_is_typed_twice(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    turnout.plan("S2", "first", 2, |_| {}).await;
    turnout.plan("S3", "first", 30, |_| {}).await;
    let (_, link) = booked(&turnout, "S1", &["Amina Khan", "Ben Low", "Cara May"]).await;
    let browser = turnout.browser().await;
    let needs = "verb=correct&name=Ben+Low&email=ben.low%40example.org&diet=Halal";
    assert_eq!(post(&browser, &format!("{link}/places/2"), needs).await.0, Status::SeeOther);
    assert!(page(&browser, &link).await.contains(&format!("{link}/again")));
    let again = format!("{link}/again");
    let form = Form::open(&browser, &again).await;
    let (status, html) = form.clone().with("to", "S2").send(&browser).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Only 2 places are left there"), "{html}");
    let (status, people) = form.clone().with("to", "S3").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{people}");
    let html = page(&browser, &people).await;
    for typed in ["Amina Khan", "Ben Low", "ben.low@example.org", "Cara May"] {
        assert!(html.contains(typed), "{typed} in {html}");
    }
    assert!(!html.contains("Halal"), "needs come along only where she agreed");
    let (_, people) = form.with("to", "S3").with("needs", "yes").send(&browser).await;
    let html = page(&browser, &people).await;
    assert!(html.contains("Halal"), "{html}");
    let (status, check) = Form::of(&people, &html).with("action", "continue").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{check}");
    let html = page(&browser, &check).await;
    assert!(html.contains("Ben Low") && html.contains("Cara May"), "{html}");
    let (status, html) = post(&browser, &again, "to=S3").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Choose who comes"), "{html}");
}

async fn told(browser: &Client, link: &str, form: &str) -> String {
    let (status, html) = post(browser, &format!("{link}/share"), form).await;
    assert_eq!(status, Status::Ok, "{html}");
    html
}

async fn people_are_told_by_message_or_slip_without_an_address(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let (_, link) = booked(&turnout, "S1", &["Amina Khan", "Tom O'Neill"]).await;
    turnout.letters().await;
    let browser = turnout.browser().await;
    let html = page(&browser, &format!("{link}/share?place=2")).await;
    assert!(html.contains("Whom do you want to tell") && !html.contains("/p/"), "{html}");
    let html = told(&browser, &link, "place=2").await;
    assert!(
        html.contains("https://wa.me/?text=Hello%20Tom%20O%27Neill.%20You%20have%20a%20place"),
        "{html}"
    );
    assert!(html.contains("sms:?&#38;body=Hello%20Tom") && html.contains("London time"), "{html}");
    assert!(!html.contains("Tell Amina Khan"), "only whom she chose");
    let (_, rest) = html.split_once("https://turnout.example/p/").expect("his link");
    let own: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    let his = page(&browser, &format!("/p/{own}")).await;
    assert!(his.contains("O&#39;Neill") && !his.contains("Amina Khan (you)"), "{his}");
    assert!(turnout.letters().await.is_empty(), "she tells him herself");
    let (status, html) = post(&browser, &format!("{link}/share"), "place=7").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Choose who should be told"), "{html}");
    let room = Location::Online { room: "https://meet.example/secret".to_owned() };
    turnout.plan("S2", "first", 30, |session| session.location = room).await;
    let (_, link) = booked(&turnout, "S2", &["Amina Khan", "Ben Low"]).await;
    let html = told(&browser, &link, "place=1&place=2").await;
    assert!(!html.contains("For the door") && !html.contains("meet.example"), "{html}");
}

async fn a_course_of_several_days_says_each_with_its_own_time(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let first = turnout.ctx.now().naive_utc() + Duration::days(28);
    let days = vec![
        turnout.sitting(1, first),
        turnout.sitting(2, first + Duration::days(7) + Duration::hours(3)),
    ];
    turnout.plan("S1", "first", 30, |session| session.sittings = days).await;
    let (_, link) = booked(&turnout, "S1", &["Amina Khan"]).await;
    let session = turnout.session(&"S1".parse().expect("a code")).await;
    let html = page(&turnout.browser().await, &link).await;
    for (number, day) in (1..).zip(&session.sittings) {
        let words = format!("Day {number}: {}", turnout::domain::wording::sitting(day));
        assert!(html.contains(&words), "{words} in {html}");
    }
}
