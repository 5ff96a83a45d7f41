//! On the way to a booking nothing that was typed is lost: going back, changing an answer, fewer places for a
//! moment, a name that cannot be read, a hold that ended. And what is asked of few is asked once, of many at once.

use chrono::TimeDelta;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::keep_draft::forget_drafts,
    domain::{attendee::Attendee, registration::Registration},
    store::{
        booking_drafts,
        links::{self, LinkTarget},
        registrations,
    },
    token::Token,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
};

on_both_databases!(
    going_back_keeps_who_comes_and_what_they_need,
    an_answer_changed_on_the_last_page_leads_back_to_it,
    a_name_that_cannot_be_read_is_kept_as_it_was_typed,
    more_time_and_fewer_places_keep_what_was_typed,
    a_hold_that_ended_fills_the_first_step_and_the_second,
    several_names_are_pasted_at_once,
    a_name_may_follow,
    whoever_comes_alone_books_on_the_second_page,
    who_is_responsible_is_asked_once,
    what_was_typed_is_forgotten,
    a_mobile_number_is_enough,
    an_institution_is_found_by_part_of_its_name,
    whoever_agrees_is_remembered_on_this_device,
);

const START: &str = "/sessions/S1/register";

async fn begun(turnout: TestTurnout) -> (TestTurnout, Client) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 30, |_| {}).await;
    let browser = turnout.browser().await;
    (turnout, browser)
}

fn first_step(places: u32, comes: &str, who: &str) -> String {
    format!(
        "places={places}&self={comes}&name={who}&email=amina%40example.org&tel=07700+900117\
         &institution=none&institution_other=&team=together&attempt="
    )
}

/// Sends the first step; where the second is.
async fn hold(browser: &Client, places: u32) -> String {
    let (status, people) = post(browser, START, &first_step(places, "yes", "Amina+Khan")).await;
    assert_eq!(status, Status::SeeOther, "{people}");
    people
}

const THREE: &str = "p1_name=Amina+Khan&p1_email=amina%40example.org&p1_diet=vegan&p1_access=\
     &p2_name=Ben+Low&p2_email=&p2_diet=&p2_access=a+step-free+seat\
     &p3_name=Cara+May&p3_email=cara%40example.org&p3_diet=no+nuts&p3_access=";

fn shows(html: &str, words: &[&str]) {
    let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
    for one in words {
        assert!(html.contains(one), "{one} in {html}");
    }
}

async fn registration(turnout: &TestTurnout, path: &str) -> Registration {
    let token: Token = path.split('/').nth(4).expect("a token").parse().expect("a token");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let target = links::find(&mut conn, token.hash(), turnout.ctx.now()).await;
    let Some(LinkTarget::Leader(id)) = target.expect("a link") else { panic!("no booking") };
    registrations::find(&mut conn, id).await.expect("a booking").expect("a booking")
}

async fn people(turnout: &TestTurnout, path: &str) -> Vec<Option<Attendee>> {
    let open = registration(turnout, path).await.places.into_iter();
    open.filter(|place| place.state.status().is_open()).map(|place| place.attendee).collect()
}

fn diet(who: &Option<Attendee>) -> Option<String> {
    who.as_ref().and_then(|one| one.dietary.as_ref()).map(|need| need.as_str().to_owned())
}

async fn going_back_keeps_who_comes_and_what_they_need(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 3).await;
    let (status, back) = post(&browser, &second, &format!("{THREE}&action=back")).await;
    assert_eq!((status, back.as_str()), (Status::SeeOther, START));
    let first = page(&browser, START).await;
    shows(&first, &["value=\"Amina Khan\"", "value=\"3\" checked", "07700 900117"]);
    // Two for a moment, and another name: then three again, and then without herself.
    let mut last = second;
    for (places, comes, who) in
        [(2, "yes", "Amina+Khan-Ali"), (3, "yes", "Amina+Khan-Ali"), (2, "no", "Amina+Khan-Ali")]
    {
        let (status, people) = post(&browser, START, &first_step(places, comes, who)).await;
        assert_eq!(status, Status::SeeOther, "{people}");
        let html = page(&browser, &people).await;
        let hers = ["value=\"Amina Khan-Ali\"", "value=\"vegan\""];
        if comes == "yes" {
            shows(&html, &hers);
        } else {
            assert!(!html.contains(hers[1]), "she stays at home");
        }
        shows(&html, &["value=\"Ben Low\"", "value=\"a step-free seat\""]);
        assert_eq!(html.contains("value=\"Cara May\""), places == 3 || comes == "no");
        last = people;
    }
    let named = people(&turnout, &last).await;
    let names: Vec<_> = named.iter().flatten().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["Ben Low", "Cara May"]);
    assert_eq!(diet(&named[1]).as_deref(), Some("no nuts"));
}

async fn an_answer_changed_on_the_last_page_leads_back_to_it(turnout: TestTurnout) {
    let (_turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 3).await;
    let (_, check) = post(&browser, &second, THREE).await;
    assert!(check.ends_with("/check"), "{check}");
    let change = |what: &str| format!("permission=yes&nomination=Because+of+2019&change={what}");
    let (_, to) = post(&browser, &check, &change("name")).await;
    assert_eq!(to, format!("{START}?then=check#name"));
    let again = page(&browser, &format!("{START}?then=check")).await;
    shows(&again, &["name=\"then\" value=\"check\""]);
    let sent = format!("{}&then=check", first_step(3, "yes", "Amina+Khan-Ali"));
    let (_, check) = post(&browser, START, &sent).await;
    assert!(check.ends_with("/check"), "{check}");
    let html = page(&browser, &check).await;
    shows(&html, &["Amina Khan-Ali", "Ben Low", "no nuts"]);
    let (_, to) = post(&browser, &check, &change("2")).await;
    assert!(to.ends_with("/people#p2-name"), "{to}");
    // More places than names: the names come first.
    let sent = format!("{}&then=check", first_step(4, "yes", "Amina+Khan-Ali"));
    let (_, people) = post(&browser, START, &sent).await;
    assert!(people.ends_with("/people"), "{people}");
    // What stood on the last page stands there again.
    let (_, check) = post(&browser, &people, &format!("{THREE}&p4_name=Dan&p4_email=")).await;
    post(&browser, &check, &change("1")).await;
    shows(&page(&browser, &check).await, &["id=\"permission\" checked"]);
}

async fn a_name_that_cannot_be_read_is_kept_as_it_was_typed(turnout: TestTurnout) {
    let (_turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 3).await;
    let half = "p1_name=Amina+Khan&p1_email=amina%40example.org&p1_diet=&p1_access=\
                &p2_name=Ben+Low&p2_email=ben%40&p2_diet=halal&p2_access=&p3_name=&p3_email=";
    for button in ["", "&action=back", "&hold=extend"] {
        post(&browser, &second, &format!("{half}{button}")).await;
        let html = page(&browser, &second).await;
        shows(&html, &["value=\"Ben Low\"", "value=\"ben@\"", "value=\"halal\""]);
    }
    let (status, html) = post(&browser, &second, half).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(&html, &["value=\"ben@\"", "Enter a name for person 3"]);
}

async fn more_time_and_fewer_places_keep_what_was_typed(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 3).await;
    let until = |html: &str| html.split("yours until").nth(1).map(|rest| rest[..40].to_owned());
    let before = until(&page(&browser, &second).await);
    let (status, there) = post(&browser, &second, &format!("{THREE}&hold=extend")).await;
    assert_eq!((status, &there), (Status::SeeOther, &second));
    let html = page(&browser, &second).await;
    assert_ne!(until(&html), before, "the places are held for longer");
    shows(&html, &["value=\"vegan\"", "value=\"Cara May\""]);
    let (_, there) = post(&browser, &second, &format!("{THREE}&remove=3")).await;
    assert_eq!(there, second);
    let html = page(&browser, &second).await;
    shows(&html, &["value=\"Ben Low\"", "We are holding 2 places"]);
    assert_eq!(people(&turnout, &second).await.len(), 2);
}

async fn a_hold_that_ended_fills_the_first_step_and_the_second(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 3).await;
    post(&browser, &second, &format!("{THREE}&action=back")).await;
    turnout.clock.advance(TimeDelta::minutes(40));
    shows(&page(&browser, START).await, &["value=\"Amina Khan\"", "value=\"3\" checked"]);
    let (_, people) = post(&browser, START, &first_step(3, "yes", "Amina+Khan")).await;
    assert_ne!(people, second, "the places are held anew");
    shows(&page(&browser, &people).await, &["value=\"Ben Low\"", "value=\"vegan\""]);
}

async fn several_names_are_pasted_at_once(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 4).await;
    let own = "p1_name=Amina+Khan&p1_email=amina%40example.org";
    let blank = "&p2_name=&p2_email=&p3_name=&p3_email=&p4_name=&p4_email=";
    let five = "&names=Ben+Low%0D%0ACara+May+%3Ccara%40example.org%3E%0D%0ADan%0D%0AEve+Fox";
    let (status, html) = post(&browser, &second, &format!("{own}{blank}{five}")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(
        &html,
        &["There are 1 more name than places", "value=\"Cara May\"", "Eve Fox</textarea>"],
    );
    let three = "&names=Ben+Low%0D%0A2.+Cara+May+%3Ccara%40example.org%3E%0D%0ADan";
    let (status, there) =
        post(&browser, &second, &format!("{own}{blank}{three}&action=paste")).await;
    assert_eq!((status, &there), (Status::SeeOther, &second));
    shows(&page(&browser, &second).await, &["value=\"Ben Low\"", "value=\"cara@example.org\""]);
    // The button that goes on takes them as well.
    let (_, check) = post(&browser, &second, &format!("{own}{blank}{three}")).await;
    assert!(check.ends_with("/check"), "{check}");
    let named = people(&turnout, &second).await;
    let names: Vec<_> = named.iter().flatten().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["Amina Khan", "Ben Low", "Cara May", "Dan"]);
}

async fn a_name_may_follow(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 2).await;
    let own = "p1_name=Amina+Khan&p1_email=amina%40example.org";
    let check_page = second.replace("/people", "/check");
    let (_, to) = post(&browser, &check_page, "permission=yes").await;
    assert_eq!(to, second, "a place without a name is asked about first");
    let (_, check) = post(&browser, &second, &format!("{own}&p2_name=&p2_follows=yes")).await;
    assert_eq!(check, check_page);
    shows(&page(&browser, &check).await, &["Name to follow"]);
    let (status, booked) = post(&browser, &check, "").await;
    assert_eq!(status, Status::SeeOther, "nobody else is named who has to know: {booked}");
    assert!(booked.ends_with("/booked"), "{booked}");
    let named = people(&turnout, &second).await;
    assert_eq!(named.iter().filter(|one| one.is_none()).count(), 1);
    assert_eq!(named.len(), 2);
}

async fn whoever_comes_alone_books_on_the_second_page(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 1).await;
    let html = page(&browser, &second).await;
    shows(&html, &["Step 2 of 2", "Book 1 place", "07700 900117"]);
    let mine = "p1_name=Amina+Khan&p1_email=amina%40example.org&p1_diet=halal&p1_access=";
    let (_, to) = post(&browser, &second, &format!("{mine}&change=inst")).await;
    assert_eq!(to, format!("{START}?then=check#inst"));
    shows(&page(&browser, &second).await, &["value=\"halal\""]);
    let (status, booked) = post(&browser, &second, &format!("{mine}&action=book")).await;
    assert_eq!(status, Status::SeeOther);
    assert!(booked.ends_with("/booked"), "{booked}");
    let named = people(&turnout, &second).await;
    assert_eq!(diet(&named[0]).as_deref(), Some("halal"));
}

async fn who_is_responsible_is_asked_once(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.course_for_the_young().await;
    turnout.plan("S1", "young", 30, |_| {}).await;
    let browser = turnout.browser().await;
    let second = hold(&browser, 3).await;
    shows(&page(&browser, &second).await, &["Is anybody under 18?"]);
    let asked = format!("{THREE}&asks_minors=yes");
    let (status, html) = post(&browser, &second, &asked).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(&html, &["Say if anybody is under 18"]);
    let (_, check) = post(&browser, &second, &format!("{asked}&minors=leader")).await;
    assert!(check.ends_with("/check"), "{check}");
    let guardians = |named: Vec<Option<Attendee>>| -> Vec<_> {
        let guardian = |one: &Attendee| {
            one.guardian.as_ref().map(|who| format!("{}, {}", who.name, who.contact))
        };
        named.iter().flatten().map(guardian).collect()
    };
    let hers = Some("Amina Khan, 07700 900117".to_owned());
    assert_eq!(guardians(people(&turnout, &second).await), [None, hers.clone(), hers]);
    let (status, html) = post(&browser, &second, &format!("{asked}&minors=each")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(&html, &["Enter the responsible adult for each person under 18"]);
    let one = "&p3_guardian_name=Gus+Old&p3_guardian_contact=020+7946+0000";
    post(&browser, &second, &format!("{asked}&minors=each{one}")).await;
    let gus = Some("Gus Old, 020 7946 0000".to_owned());
    assert_eq!(guardians(people(&turnout, &second).await), [None, None, gus]);
    let (_, check) = post(&browser, &second, &format!("{asked}&minors=none{one}")).await;
    assert!(check.ends_with("/check"), "{check}");
    assert_eq!(guardians(people(&turnout, &second).await), [None, None, None]);
}

async fn what_was_typed_is_forgotten(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let second = hold(&browser, 3).await;
    let (_, check) = post(&browser, &second, THREE).await;
    let booked = registration(&turnout, &second).await.id;
    post(&browser, &check, "permission=yes").await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    assert_eq!(booking_drafts::of(&mut conn, booked).await.expect("a draft"), None);
    drop(conn);
    let other = turnout.browser().await;
    let (_, second) = post(&other, START, &first_step(2, "no", "Dora+Lane")).await;
    post(&other, &second, "p1_name=Eve+Fox&p2_name=&action=back").await;
    assert_eq!(forget_drafts(&turnout.ctx).await.expect("a look"), 0);
    turnout.clock.advance(TimeDelta::hours(25));
    assert_eq!(forget_drafts(&turnout.ctx).await.expect("a look"), 1);
}

fn alone(email: &str, tel: &str, more: &str) -> String {
    format!("places=1&self=yes&name=Amina+Khan&email={email}&tel={tel}&team=together&{more}")
}

async fn a_mobile_number_is_enough(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let nothing = alone("", "", "institution=none");
    let (status, html) = post(&browser, START, &nothing).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(&html, &["Enter your email address, or your mobile number"]);
    let (_, second) = post(&browser, START, &alone("", "07700+900117", "institution=none")).await;
    let mine = "p1_name=Amina+Khan&p1_email=&action=book";
    let (status, booked) = post(&browser, &second, mine).await;
    assert_eq!(status, Status::SeeOther, "{booked}");
    let html = page(&browser, &booked).await;
    let link = booked.trim_end_matches("/booked");
    shows(&html, &["Keep your private link", link, "<svg"]);
    assert!(!html.contains("Check your email") && !html.contains("We have written to"), "{html}");
    assert!(!html.contains("The same link is in your email"));
    shows(&page(&browser, link).await, &["Amina Khan"]);
    assert_eq!(turnout.letters().await.len(), 0, "nobody could be written to");
}

async fn an_institution_is_found_by_part_of_its_name(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    let of = |typed: &str, more: &str| {
        let search = format!("institution_search={typed}&institution={more}");
        alone("amina%40example.org", "", &search)
    };
    let (status, html) = post(&browser, START, &of("institution", "&action=filter")).await;
    assert_eq!(status, Status::Ok);
    shows(&html, &["3 found. Choose yours.", "value=\"I0001\"", "value=\"Amina Khan\""]);
    let (_, html) = post(&browser, START, &of("nowhere", "&action=filter")).await;
    shows(&html, &["Nothing found.", "My institution is not listed"]);
    assert!(!html.contains("value=\"I0001\""));
    // Going on with what was typed: several are asked about, one is taken.
    let (status, html) = post(&browser, START, &of("institution", "")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(&html, &["3 institutions found. Choose yours from the list"]);
    let (status, html) = post(&browser, START, &of("St+Foo", "")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    shows(&html, &["No institution called", "value=\"St Foo\""]);
    let (_, second) = post(&browser, START, &of("institution+2", "")).await;
    shows(&page(&browser, &second).await, &["Institution 2"]);
    let code = registration(&turnout, &second).await.sender.code().map(ToString::to_string);
    assert_eq!(code.as_deref(), Some("I0002"));
    // What was looked for and is not listed is the name that is kept.
    let (_, second) = post(&browser, START, &of("St+Foo", "other")).await;
    assert_eq!(registration(&turnout, &second).await.sender.name(), Some("St Foo"));
}

async fn whoever_agrees_is_remembered_on_this_device(turnout: TestTurnout) {
    let (turnout, browser) = begun(turnout).await;
    turnout.plan("S2", "first", 30, |_| {}).await;
    let of = |more: &str| alone("amina%40example.org", "", &format!("institution=I0002{more}"));
    let other = "/sessions/S2/register";
    post(&browser, START, &of("")).await;
    assert!(!page(&browser, other).await.contains("Amina Khan"), "nobody is remembered unasked");
    post(&browser, START, &of("&remember=yes")).await;
    let html = page(&browser, other).await;
    shows(&html, &["value=\"Amina Khan\"", "value=\"I0002\" selected", "value=\"yes\" checked"]);
    let (_, second) = post(&browser, other, &of("")).await;
    assert!(second.ends_with("/people"));
    turnout.plan("S3", "first", 30, |_| {}).await;
    assert!(!page(&browser, "/sessions/S3/register").await.contains("Amina Khan"), "forgotten");
}
