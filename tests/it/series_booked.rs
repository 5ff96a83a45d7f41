//! Evenings of a series that are booked as one: all of them or some, in one transaction and with one letter.

use chrono::Duration;
use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::{
        add_people::{AddRequest, add_person},
        book_evenings::{BookEvenings, book_evenings},
        book_places::{book_places, confirm_booking},
        hold_evenings::{EveningsError, EveningsRequest, hold_evenings},
        hold_places::HoldRequest,
        refusals::{BookError, HoldError},
    },
    domain::{
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        place::PlaceStatus,
        registration::Sender,
        series::{Bookable, IfFull, InSeries},
        staff::Role,
    },
    store::series_bookings,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{leader, request},
    start,
};

on_both_databases!(
    all_evenings_are_booked_at_once_and_told_in_one_letter,
    some_evenings_are_chosen_and_one_alone_as_ever,
    a_full_evening_stops_all_or_is_waited_for,
    where_no_evening_has_room_all_are_waited_for,
    leaders_at_once_never_get_a_place_too_many_on_any_evening,
    a_series_booked_as_a_whole_refuses_one_evening_at_every_way_in,
    whoever_comes_late_books_the_rest_of_the_whole,
    a_hold_of_all_evenings_is_made_longer_and_taken_again_as_one,
    somebody_who_is_on_one_evening_already_is_asked_about,
);

const SERIES: &str = "/series/evenings/register";

/// Four weekly evenings of a series.
async fn weeks(
    turnout: TestTurnout,
    bookable: Bookable,
    places: u32,
) -> (TestTurnout, Vec<SessionCode>) {
    let turnout = turnout.season().await;
    let mut codes = Vec::new();
    for (number, code) in (0..).zip(["E1", "E2", "E3", "E4"]) {
        let day = turnout.sitting(1, start().naive_utc() + Duration::days(28 + 7 * number));
        let planned = turnout.plan(code, "first", places, |session| {
            session.sittings = vec![day];
            session.series = Some(InSeries { id: "evenings".parse().expect("a series"), bookable });
        });
        codes.push(planned.await);
    }
    (turnout, codes)
}

/// The first step, filled in for so many people.
async fn first_step(browser: &Client, who: &str, places: &str) -> Form {
    let form = Form::open(browser, SERIES).await;
    let email = format!("{}@example.org", who.to_lowercase().replace(' ', "."));
    form.with("places", places).with("name", who).with("email", &email).with("institution", "none")
}

async fn occupied(turnout: &TestTurnout, codes: &[SessionCode]) -> Vec<u32> {
    let mut all = Vec::new();
    for code in codes {
        all.push(turnout.session(code).await.occupancy.occupied);
    }
    all
}

/// Two people on every evening; the leader's link.
async fn two_on_all(browser: &Client) -> (String, String) {
    let (status, people) = first_step(browser, "Ada Obi", "2").await.send(browser).await;
    assert_eq!(status, Status::SeeOther, "{people}");
    let html = page(browser, &people).await;
    assert!(html.contains("2 places are held") && html.contains("20 February 2027"), "{html}");
    let named = "p1_name=Ada+Obi&p1_email=ada.obi%40example.org&p2_name=Ben+Low&p2_email=ben.low%40example.org";
    let (_, check) = post(browser, &people, named).await;
    assert!(check.ends_with("/check"), "{check}");
    assert!(page(browser, &check).await.contains("Book 2 places on 4 evenings"));
    (check, people)
}

async fn all_evenings_are_booked_at_once_and_told_in_one_letter(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 9).await;
    let browser = turnout.browser().await;
    let html = page(&browser, "/series/evenings").await;
    assert!(html.contains("Book all the evenings, or choose some") && html.contains("4 evenings"));
    assert!(page(&browser, "/sessions/E2").await.contains("/series/evenings"));
    assert!(page(&browser, "/").await.contains("/series/evenings"));
    let (check, _) = two_on_all(&browser).await;
    assert_eq!(occupied(&turnout, &codes).await, [2, 2, 2, 2], "they are held");
    let (status, booked) = post(&browser, &check, "permission=yes").await;
    assert_eq!(status, Status::SeeOther, "{booked}");
    assert_eq!(occupied(&turnout, &codes).await, [2, 2, 2, 2]);
    let (_, again) = post(&browser, &check, "permission=yes").await;
    assert_eq!(again, booked, "twice is once");
    let html = page(&browser, &booked).await;
    for words in ["booked", "4 evenings", "30 January 2027", "20 February 2027"] {
        assert!(html.contains(words), "{words} in {html}");
    }
    assert_eq!(html.matches("Reference <span").count(), 4, "{html}");
    let letters = turnout.letters().await;
    let to = |who: &str| letters.iter().filter(|one| one.to.contains(who)).collect::<Vec<_>>();
    let whole: Vec<_> = letters.iter().filter(|one| one.text.contains("/r/")).collect();
    assert_eq!(whole.len(), 1, "one letter for the whole");
    assert_eq!(whole[0].subject, "You're booked: Course first, 4 evenings");
    assert_eq!(whole[0].text.matches("2 places. Reference ").count(), 4, "{}", whole[0].text);
    assert_eq!(to("ada.obi").len(), 4, "her own days come with it, one in the letter itself");
    assert_eq!(to("ben.low").len(), 4, "an invite for each evening, of which a letter carries one");
}

async fn some_evenings_are_chosen_and_one_alone_as_ever(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 9).await;
    let browser = turnout.browser().await;
    let some = first_step(&browser, "Ada Obi", "1").await.without("evening");
    let (status, html) = some.send(&browser).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("Choose at least one evening") && html.contains("value=\"Ada Obi\""));
    let some = some.ticked("evening", "E2").ticked("evening", "E4");
    let (_, people) = some.send(&browser).await;
    let html = page(&browser, &people).await;
    assert!(html.contains("Check, then book"), "{html}");
    let alone = "action=book&p1_name=Ada+Obi&p1_email=ada.obi%40example.org";
    let (_, booked) = post(&browser, &people, alone).await;
    assert!(booked.ends_with("/booked"), "{booked}");
    assert_eq!(occupied(&turnout, &codes).await, [0, 1, 0, 1]);
    // Whoever changes her mind holds the others instead.
    let other = turnout.browser().await;
    let all = first_step(&other, "Cy Dunn", "1").await;
    all.send(&other).await;
    assert_eq!(occupied(&turnout, &codes).await, [1, 2, 1, 2]);
    let fewer = Form::open(&other, SERIES).await.without("evening").ticked("evening", "E1");
    assert_eq!(fewer.value("name"), "Cy Dunn", "what she typed is kept");
    fewer.send(&other).await;
    assert_eq!(occupied(&turnout, &codes).await, [1, 1, 0, 1]);
    let (_, single) = post(
        &turnout.browser().await,
        "/sessions/E3/register",
        "places=1&self=yes&name=Di+Ellis&email=di%40example.org&institution=none&team=together",
    )
    .await;
    assert!(single.starts_with("/sessions/E3/register/"), "{single}");
}

async fn a_full_evening_stops_all_or_is_waited_for(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 2).await;
    let full = request(&codes[2], "Di Ellis", 2, Together);
    book_places(&turnout.ctx, &Actor::Api, full).await.expect("a booking");
    turnout.letters().await;
    let browser = turnout.browser().await;
    let (status, html) = first_step(&browser, "Ada Obi", "2").await.send(&browser).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("There is not enough room on") && html.contains("13 February"), "{html}");
    assert_eq!(occupied(&turnout, &codes).await, [0, 0, 2, 0], "nothing is held");
    let room = first_step(&browser, "Ada Obi", "2").await.with("if_full", "room");
    let (_, people) = room.send(&browser).await;
    assert!(page(&browser, &people).await.contains("2 people will wait"));
    let named = "p1_name=Ada+Obi&p1_email=ada.obi%40example.org&p2_name=Ben+Low&p2_email=";
    let (_, check) = post(&browser, &people, named).await;
    let (_, booked) = post(&browser, &check, "permission=yes").await;
    assert_eq!(occupied(&turnout, &codes).await, [2, 2, 2, 2]);
    let html = page(&browser, &booked).await;
    assert!(html.contains("2 people are on the waiting list"), "{html}");
    let waiting = turnout.session(&codes[2]).await.occupancy.waiting;
    assert_eq!(waiting, 2);
    let letters = turnout.letters().await;
    let whole: Vec<_> = letters.iter().filter(|one| one.text.contains("/r/")).collect();
    assert_eq!(whole.len(), 1);
    assert!(whole[0].text.contains("On 1 evening not everybody has a place"), "{}", whole[0].text);
}

async fn where_no_evening_has_room_all_are_waited_for(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 1).await;
    for code in &codes {
        let full = request(code, "Di Ellis", 1, Together);
        book_places(&turnout.ctx, &Actor::Api, full).await.expect("a booking");
    }
    turnout.letters().await;
    let browser = turnout.browser().await;
    let room = first_step(&browser, "Ada Obi", "1").await.with("if_full", "room");
    let (status, html) = room.send(&browser).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("not enough room on any of these evenings"), "{html}");
    let (status, booked) = room.with("action", "join").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{booked}");
    assert!(page(&browser, &booked).await.contains("1 person is on the waiting list"));
    for code in &codes {
        assert_eq!(turnout.session(code).await.occupancy.waiting, 1);
    }
    assert_eq!(turnout.letters().await.len(), 1);
}

fn holds(who: &str, evenings: Vec<SessionCode>, if_full: IfFull) -> EveningsRequest {
    let each = HoldRequest {
        session: "E1".parse().expect("a code"),
        leader: leader(who),
        sender: Sender::Herself,
        team: Together,
        places: 2,
        leader_comes: true,
        apart: false,
        instead_of: None,
        attempt: Some(format!("the attempt of {who}")),
        network: None,
    };
    EveningsRequest { series: "evenings".parse().expect("a series"), evenings, if_full, each }
}

async fn leaders_at_once_never_get_a_place_too_many_on_any_evening(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 9).await;
    let tasks: Vec<_> = (0..24_usize)
        .map(|number| {
            let (ctx, mut evenings) = (turnout.ctx.clone(), codes.clone());
            // Each chooses others, and names them in another order.
            evenings.rotate_left(number % 4);
            evenings.truncate(2 + number % 3);
            let if_full = if number.is_multiple_of(2) { IfFull::Every } else { IfFull::Room };
            tokio::spawn(async move {
                let who = format!("Leader {number}");
                let asked = holds(&who, evenings.clone(), if_full);
                match hold_evenings(&ctx, asked).await {
                    Ok(held) => {
                        confirm_booking(&ctx, held.registration, None).await.expect("a booking");
                        let mut conn = ctx.store.read().await.expect("a connection");
                        let of = series_bookings::of(&mut conn, held.registration).await;
                        let together = of.expect("a read").expect("evenings");
                        assert_eq!(together.all.len(), evenings.len());
                        Some(who)
                    }
                    Err(EveningsError::Full(_) | EveningsError::AllFull) => None,
                    Err(error) => panic!("{error:?}"),
                }
            })
        })
        .collect();
    let mut booked = Vec::new();
    for task in tasks {
        booked.extend(task.await.expect("an answer"));
    }
    assert!(booked.len() >= 4, "{booked:?}");
    for places in occupied(&turnout, &codes).await {
        assert_eq!(places, 8, "teams of two fill nine places but one");
    }
    let twice = holds(&booked[0], codes.clone(), IfFull::Room);
    let twice = hold_evenings(&turnout.ctx, twice).await.expect("the same");
    let registration = turnout.registration(twice.registration).await;
    assert!(registration.booked_at.is_some(), "the same attempt is the same booking");
}

async fn a_series_booked_as_a_whole_refuses_one_evening_at_every_way_in(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Whole, 9).await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let browser = turnout.browser().await;
    let answer = browser.get("/sessions/E2/register").dispatch().await;
    assert_eq!(answer.headers().get_one("Location"), Some(SERIES));
    assert!(page(&browser, "/sessions/E2").await.contains("Book the whole series"));
    let one =
        "places=1&self=yes&name=Di+Ellis&email=di%40example.org&institution=none&team=together";
    for path in ["/sessions/E2/register", "/sessions/E2/waiting-list"] {
        let (status, html) = post(&browser, path, one).await;
        assert_eq!(status, Status::Conflict, "{path}");
        assert!(html.contains("booked together") && html.contains(SERIES), "{html}");
    }
    let asked = "{\"leader\": {\"name\": \"Ada Obi\", \"email\": \"ada@example.org\"}, \"places\": [{\"name\": \"Ada Obi\"}]}";
    let by_api = browser.post("/api/v1/sessions/E2/registrations").header(ContentType::JSON);
    let by_api = by_api.header(Header::new("Idempotency-Key", "one-evening-of-the-whole"));
    let answer = by_api.body(asked).dispatch().await;
    assert_eq!(answer.status(), Status::Conflict);
    assert!(answer.into_string().await.unwrap_or_default().contains("whole-series"));
    for actor in [Actor::Visitor, Actor::Api, Actor::Staff(login), Actor::Invited] {
        let alone = request(&codes[1], "Ada Obi", 1, Together);
        let refused = book_places(&turnout.ctx, &actor, alone).await;
        assert!(matches!(refused, Err(BookError::Hold(HoldError::WholeSeries(_)))), "{refused:?}");
    }
    let some = first_step(&browser, "Ada Obi", "1").await.ticked("evening", "E2");
    let (status, html) = some.send(&browser).await;
    assert_eq!(status, Status::UnprocessableEntity, "{html}");
    let (_, people) = first_step(&browser, "Ada Obi", "1").await.send(&browser).await;
    assert!(people.contains("/people"), "{people}");
    assert_eq!(occupied(&turnout, &codes).await, [1, 1, 1, 1]);
    let all = BookEvenings {
        series: "evenings".parse().expect("a series"),
        evenings: vec![],
        if_full: IfFull::Every,
        each: request(&codes[0], "Eve Hart", 1, Together),
    };
    let all = book_evenings(&turnout.ctx, &Actor::Api, all, None).await.expect("all");
    let more = AddRequest { registration: all.lead, attendee: None, apart: false, attempt: None };
    let refused = add_person(&turnout.ctx, &Actor::Leader, more).await;
    assert!(matches!(refused, Err(BookError::Hold(HoldError::WholeSeries(_)))), "{refused:?}");
    let recorded = request(&codes[1], "Cy Dunn", 1, Together);
    book_places(&turnout.ctx, &Actor::CommandLine, recorded)
        .await
        .expect("what was booked elsewhere");
}

async fn whoever_comes_late_books_the_rest_of_the_whole(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Whole, 9).await;
    turnout.clock.advance(Duration::days(30));
    let browser = turnout.browser().await;
    assert!(page(&browser, "/series/evenings").await.contains("Book the rest of the series"));
    let each = request(&codes[0], "Ada Obi", 1, Together);
    let series = "evenings".parse().expect("a series");
    let all = BookEvenings { series, evenings: vec![], if_full: IfFull::Every, each };
    let booked = book_evenings(&turnout.ctx, &Actor::Api, all, None).await.expect("the rest");
    assert_eq!(booked.all.len(), 3);
    assert_eq!(occupied(&turnout, &codes).await, [0, 1, 1, 1]);
    assert!(booked.all.iter().all(|(_, one)| one.places_in(PlaceStatus::Confirmed).count() == 1));
}

async fn a_hold_of_all_evenings_is_made_longer_and_taken_again_as_one(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 9).await;
    let browser = turnout.browser().await;
    let (check, people) = two_on_all(&browser).await;
    let (status, _) = post(&browser, &people, "hold=extend&p1_name=Ada+Obi&p2_name=Ben+Low").await;
    assert_eq!(status, Status::SeeOther);
    turnout.clock.advance(Duration::minutes(20));
    turnout.is_sound().await;
    assert_eq!(occupied(&turnout, &codes).await, [2, 2, 2, 2], "all are held longer");
    turnout.clock.advance(Duration::minutes(20));
    turnout.is_sound().await;
    assert_eq!(occupied(&turnout, &codes).await, [0, 0, 0, 0]);
    let (status, _) = post(&browser, &check, "permission=yes").await;
    assert_eq!(status, Status::Conflict, "nothing is held");
    let again = people.replace("/people", "/hold");
    let (status, _) = post(&browser, &again, "").await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(occupied(&turnout, &codes).await, [2, 2, 2, 2], "all are held again");
    let (_, booked) = post(&browser, &check, "permission=yes").await;
    assert!(booked.ends_with("/booked"), "{booked}");
    assert_eq!(page(&browser, &booked).await.matches("Reference <span").count(), 4);
}

async fn somebody_who_is_on_one_evening_already_is_asked_about(turnout: TestTurnout) {
    let (turnout, codes) = weeks(turnout, Bookable::Any, 9).await;
    let known = request(&codes[2], "Ben Low", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, known).await.expect("a booking");
    let browser = turnout.browser().await;
    let (check, _) = two_on_all(&browser).await;
    let (status, html) = post(&browser, &check, "permission=yes").await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("Is this somebody else?"), "{html}");
    assert_eq!(occupied(&turnout, &codes).await, [2, 2, 3, 2], "nothing is booked, all is held");
    let (_, booked) = post(&browser, &check, "permission=yes&same_person=no").await;
    assert!(booked.ends_with("/booked"), "{booked}");
}
