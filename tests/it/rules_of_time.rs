//! What may happen when: days in order, dates that move with them, drafts that nobody has seen, and what
//! happened at the door, which nobody can undo. Every way in is held to the same.

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{CancelError, Which, cancel_places},
            move_places::{MoveError, MoveRequest, move_places},
        },
        sessions::{
            change_capacity::change_capacity,
            change_session::{ChangeSessionError, cancel_session},
        },
    },
    domain::{
        audit::Actor,
        id::{RegistrationId, SessionCode},
        occupancy::TeamPolicy,
        reply::OnDecline,
        session::{BookingMode, Publication, Settled, Trainer},
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

on_both_databases!(
    days_that_overlap_or_go_backwards_are_refused_beside_their_field,
    a_day_over_midnight_is_planned_moved_and_shown,
    the_dates_of_booking_move_with_the_days,
    a_copy_and_a_repetition_keep_every_setting,
    a_draft_is_deleted_and_never_called_off,
    a_session_that_is_over_is_not_changed_any_more,
    an_attended_place_stays_by_every_way,
    a_reason_too_long_comes_back_and_nothing_is_sent,
);

const OFFICE: Actor = Actor::CommandLine;

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn two_days(turnout: &TestTurnout, code: &str) -> SessionCode {
    turnout
        .plan(code, "first", 9, |session| {
            let second = session.sittings[0].starts + Duration::days(7);
            session.sittings.push(turnout.sitting(2, second));
        })
        .await
}

async fn book(turnout: &TestTurnout, session: &SessionCode, who: &str) -> RegistrationId {
    let asked = request(session, who, 1, TeamPolicy::Together);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking").registration.id
}

async fn days(turnout: &TestTurnout, code: &SessionCode) -> Vec<(NaiveDateTime, NaiveDateTime)> {
    let session = turnout.session(code).await;
    session.sittings.iter().map(|day| (day.starts, day.ends)).collect()
}

fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

async fn days_that_overlap_or_go_backwards_are_refused_beside_their_field(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = two_days(&turnout, "S018").await;
    book(&turnout, &code, "Ada Obi").await;
    turnout.letters().await;
    let before = days(&turnout, &code).await;
    let first = [("d1_date", "2027-01-30"), ("d1_start", "10:00"), ("d1_end", "12:00")];
    for second in [
        [("d2_date", "2027-01-30"), ("d2_start", "11:00"), ("d2_end", "12:30")],
        [("d2_date", "2027-01-20"), ("d2_start", "10:00"), ("d2_end", "12:00")],
        [("d2_date", "2027-01-30"), ("d2_start", "08:00"), ("d2_end", "09:00")],
    ] {
        let body = encoded(&[first, second].concat());
        let (status, shown) = post(&browser, "/office/sessions/S018/times", &body).await;
        assert_eq!(status, Status::UnprocessableEntity, "{second:?}");
        let words = "Day 2 must start after the day before it has ended";
        assert!(shown.contains(words) && shown.contains("id=\"d2_start-e\""), "{shown}");
        assert!(shown.contains(second[0].1), "what was typed is lost");
    }
    assert_eq!(days(&turnout, &code).await, before);
    assert!(turnout.letters().await.is_empty());
}

async fn a_day_over_midnight_is_planned_moved_and_shown(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code = turnout.plan("S024", "first", 9, |_| {}).await;
    let night = encoded(&[("d1_date", "2027-12-31"), ("d1_start", "22:00"), ("d1_end", "01:00")]);
    let (status, to) = post(&browser, "/office/sessions/S024/times", &night).await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/office/sessions/S024?done=moved-0"));
    let [(starts, ends)] = days(&turnout, &code).await[..] else { panic!("one day") };
    assert_eq!(starts.to_string(), "2027-12-31 22:00:00");
    assert_eq!(ends.to_string(), "2028-01-01 01:00:00");
    let shown = page(&browser, "/sessions/S024").await;
    assert!(shown.contains("10pm to 1am on Sat 1 January"), "{shown}");
    let shown = page(&browser, "/office/sessions/S024/times").await;
    assert!(shown.contains("value=\"22:00\"") && shown.contains("value=\"01:00\""));
    // The form as it is shown changes nothing.
    let (status, shown) = post(&browser, "/office/sessions/S024/times", &night).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("That is how it is already"), "{shown}");
    let mistyped =
        encoded(&[("d1_date", "2027-12-31"), ("d1_start", "09:30"), ("d1_end", "04:30")]);
    let (status, shown) = post(&browser, "/office/sessions/S024/times", &mistyped).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(shown.contains("Day 1 must end after it starts"), "{shown}");
}

async fn the_dates_of_booking_move_with_the_days(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let at = |text: &str| text.parse::<DateTime<Utc>>().expect("a moment");
    let code = turnout
        .plan("S006", "first", 9, |session| {
            session.booking_opens = Some(at("2027-01-20T09:00:00Z"));
            session.booking_closes = Some(at("2027-01-27T17:00:00Z"));
            session.changes_close = Some(at("2027-01-30T09:00:00Z"));
        })
        .await;
    let asked = page(&browser, "/office/sessions/S006/times").await;
    assert!(asked.contains("Booking closes at 5pm on Wednesday 27 January"), "{asked}");
    // Eight weeks and eleven weeks on, when the clocks have gone forward.
    let later = [("d1_date", "2027-04-17"), ("d1_start", "10:00"), ("d1_end", "12:00")];
    let (_, to) = post(&browser, "/office/sessions/S006/times", &encoded(&later)).await;
    let told = page(&browser, &to).await;
    assert!(told.contains("Booking closes at 5pm on Wednesday 14 April"), "{told}");
    let moved = turnout.session(&code).await;
    assert_eq!(moved.booking_opens, Some(at("2027-04-07T08:00:00Z")));
    assert_eq!(moved.booking_closes, Some(at("2027-04-14T16:00:00Z")));
    assert_eq!(moved.changes_close, Some(at("2027-04-17T08:00:00Z")), "an hour before it begins");
    // Once booking has opened, it stays open.
    turnout.clock.advance(at("2027-04-08T08:00:00Z") - turnout.ctx.now());
    let login = "organiser".parse().expect("a login");
    let browser = turnout.signed_in(&login).await;
    let later = [("d1_date", "2027-06-12"), ("d1_start", "10:00"), ("d1_end", "12:00")];
    post(&browser, "/office/sessions/S006/times", &encoded(&later)).await;
    let moved = turnout.session(&code).await;
    assert_eq!(moved.booking_opens, Some(at("2027-04-07T08:00:00Z")));
    assert_eq!(moved.booking_closes, Some(at("2027-06-09T16:00:00Z")));
}

async fn a_copy_and_a_repetition_keep_every_setting(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let lead = Trainer { login: "organiser".parse().expect("a login"), name: "x".to_owned() };
    let code = turnout
        .plan("S024", "first", 9, |session| {
            session.on_decline = OnDecline::Ask;
            session.mode = BookingMode::Approval;
            session.places_per_institution = Some(4);
            session.places_per_booking = 3;
            session.waiting_list = false;
            session.access = vec!["Step-free".to_owned()];
            session.note = Some("Bring a pen".to_owned());
            session.trainers = vec![lead];
            session.changes_close = Some(session.sittings[0].starts_at - Duration::hours(2));
        })
        .await;
    let (_, to) = post(&browser, "/office/sessions/S024/repeat", "week=5").await;
    assert_eq!(to, "/office/sessions/S024?done=repeated-1");
    let first = turnout.session(&code).await;
    let mut again = turnout.session(&"S002".parse().expect("a code")).await;
    let later = Duration::weeks(5);
    assert_eq!(again.changes_close, first.changes_close.map(|at| at + later));
    assert_eq!(again.sittings[0].starts, first.sittings[0].starts + later);
    assert_eq!(again.publication, Publication::Draft);
    again.code.clone_from(&first.code);
    again.sittings.clone_from(&first.sittings);
    again.publication.clone_from(&first.publication);
    again.changes_close = first.changes_close;
    assert_eq!(again, first);

    let form = page(&browser, "/office/new-session?copy=S024").await;
    assert!(form.contains("name=\"like\" value=\"S024\""), "{form}");
    let copy = encoded(&[
        ("like", "S024"),
        ("course", "first"),
        ("alliance", "oxford"),
        ("where", "venue"),
        ("venue", "Hall"),
        ("per_booking", "3"),
        ("mode", "approval"),
        ("days", "1"),
        ("d1_date", "2027-06-12"),
        ("d1_start", "10:00"),
        ("d1_end", "12:00"),
        ("action", "save"),
    ]);
    let (_, to) = post(&browser, "/office/new-session", &copy).await;
    assert_eq!(to, "/office/sessions/S003?done=planned");
    let copied = turnout.session(&"S003".parse().expect("a code")).await;
    assert_eq!(copied.on_decline, OnDecline::Ask);
}

async fn a_draft_is_deleted_and_never_called_off(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code =
        turnout.plan("S050", "first", 9, |session| session.publication = Publication::Draft).await;
    for (verb, body) in [
        ("cancel", "why=Flood&typed=CANCEL"),
        ("times", "d1_date=2027-06-12&d1_start=10:00&d1_end=12:00"),
        ("venue", "where=venue&venue=Hall"),
        ("places", "capacity=4"),
    ] {
        let path = format!("/office/sessions/S050/{verb}");
        let (status, shown) = post(&browser, &path, body).await;
        assert_eq!(status, Status::Conflict, "{verb}: {shown}");
        assert!(shown.contains("This is a draft that nobody has seen"), "{shown}");
        assert_eq!(browser.get(path).dispatch().await.status(), Status::Conflict, "{verb}");
    }
    let refused = cancel_session(&turnout.ctx, &OFFICE, &code, None, None).await;
    assert!(matches!(refused, Err(ChangeSessionError::Draft)), "{refused:?}");
    let stranger = turnout.browser().await;
    let public = || async { stranger.get("/sessions/S050").dispatch().await.status() };
    assert_eq!(public().await, Status::NotFound);

    assert!(page(&browser, "/office/sessions/S050").await.contains("Delete this draft"));
    let asked = page(&browser, "/office/sessions/S050/discard").await;
    assert!(asked.contains("Delete the draft of"), "{asked}");
    let (_, to) = post(&browser, "/office/sessions/S050/discard", "").await;
    assert!(page(&browser, &to).await.contains("The draft is deleted."));
    assert_eq!(public().await, Status::NotFound);
    let gone = browser.get("/office/sessions/S050").dispatch().await.status();
    assert_eq!(gone, Status::NotFound);

    turnout.plan("S051", "first", 9, |_| {}).await;
    let (status, _) = post(&browser, "/office/sessions/S051/discard", "").await;
    assert_eq!(status, Status::Conflict, "a published session is not thrown away");
}

async fn a_session_that_is_over_is_not_changed_any_more(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let other = turnout.plan("S2", "first", 9, |session| {
        session.sittings[0] = turnout.sitting(1, session.sittings[0].starts + Duration::days(90));
    });
    let other = other.await;
    let ada = book(&turnout, &code, "Ada Obi").await;
    let links = links(&turnout).await;
    turnout.clock.advance(Duration::days(29));
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&login).await;
    for (verb, body) in [
        ("cancel", "why=Flood&typed=CANCEL"),
        ("times", "d1_date=2027-06-12&d1_start=10:00&d1_end=12:00"),
        ("venue", "where=venue&venue=Hall"),
        ("places", "capacity=4"),
    ] {
        let (status, shown) = post(&browser, &format!("/office/sessions/S1/{verb}"), body).await;
        assert_eq!(status, Status::Conflict, "{verb}");
        assert!(shown.contains("The session is cancelled or over. Nothing was changed."));
    }
    let late = change_capacity(&turnout.ctx, &OFFICE, &code, 4, None).await;
    assert!(matches!(late, Err(ChangeSessionError::TooLate)), "{late:?}");
    let reference = turnout.registration(ada).await.reference;
    nothing_is_given_up(&turnout, &browser, (ada, &other), Settled::Over, &links).await;
    let words = "The session is over, so nothing can be given up";
    let (status, shown) =
        post(&browser, &format!("/office/bookings/{reference}/cancel"), "why=").await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains(words), "{shown}");
}

/// The paths of the leader's and the attendee's links, in the letters since the last look.
async fn links(turnout: &TestTurnout) -> Vec<String> {
    let letters = turnout.letters().await;
    let mut links: Vec<String> = letters
        .iter()
        .flat_map(|letter| letter.text.split_whitespace())
        .filter_map(|word| word.strip_prefix("https://turnout.example"))
        .filter(|path| path.starts_with("/r/") || path.starts_with("/p/"))
        .map(|path| path.splitn(4, '/').take(3).collect::<Vec<_>>().join("/"))
        .collect();
    links.sort_unstable();
    links.dedup();
    links
}

/// Whoever tries, by whatever way: the place stays as it is.
async fn nothing_is_given_up(
    turnout: &TestTurnout,
    office: &Client,
    (id, other): (RegistrationId, &SessionCode),
    why: Settled,
    links: &[String],
) {
    let ctx = &turnout.ctx;
    let booking = turnout.registration(id).await;
    let place = booking.places[0].id;
    for (actor, which) in [
        (Actor::Attendee, Which::One(place)),
        (Actor::Leader, Which::All),
        (OFFICE, Which::One(place)),
        (Actor::Calendar, Which::One(place)),
    ] {
        let refused = cancel_places(ctx, &actor, id, which, None).await;
        assert!(matches!(refused, Err(CancelError::Settled(one)) if one == why), "{refused:?}");
    }
    let request = MoveRequest {
        registration: id,
        places: vec![place],
        to: other.clone(),
        may_wait: true,
        apart: false,
    };
    let refused = move_places(ctx, &OFFICE, &request).await;
    assert!(matches!(refused, Err(MoveError::Settled(one)) if one == why), "{refused:?}");
    let moved = format!("place=1&to={other}");
    let path = format!("/office/bookings/{}/move", booking.reference);
    assert_eq!(post(office, &path, &moved).await.0, Status::Conflict);
    let stranger = turnout.browser().await;
    assert!(links.len() >= 2, "{links:?}");
    for link in links {
        let path = format!("{link}/cancel");
        let asked = stranger.get(path.clone()).dispatch().await;
        assert_eq!(asked.status(), Status::Conflict, "{path}");
        let (status, shown) = post(&stranger, &path, "why=").await;
        assert_eq!(status, Status::Conflict, "{path}");
        assert!(shown.contains("Nothing was changed."), "{shown}");
        if link.starts_with("/r/") {
            let (status, _) = post(&stranger, &format!("{link}/places/1/cancel"), "why=").await;
            assert_eq!(status, Status::Conflict);
        }
    }
    assert_eq!(turnout.states(id).await, ["confirmed"]);
}

async fn an_attended_place_stays_by_every_way(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let code = two_days(&turnout, "S1").await;
    let other = turnout.plan("S2", "first", 9, |session| {
        session.sittings[0] = turnout.sitting(1, session.sittings[0].starts + Duration::days(90));
    });
    let other = other.await;
    let ada = book(&turnout, &code, "Ada Obi").await;
    let links = links(&turnout).await;
    turnout.clock.advance(Duration::days(28) + Duration::minutes(30));
    let browser = turnout.signed_in(&login).await;
    let place = turnout.registration(ada).await.places[0].id;
    let door = "/trainer/sessions/S1/check-in/1";
    let tapped = browser.post(door).header(ContentType::Form).body(format!("in={place}"));
    assert_eq!(tapped.dispatch().await.status(), Status::SeeOther);
    turnout.clock.advance(Duration::days(1));
    let browser = turnout.signed_in(&login).await;
    nothing_is_given_up(&turnout, &browser, (ada, &other), Settled::Attended, &links).await;
}

async fn a_reason_too_long_comes_back_and_nothing_is_sent(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let browser = organiser(&turnout).await;
    let code =
        turnout.plan("S010", "first", 9, |session| session.mode = BookingMode::Approval).await;
    let asked = book(&turnout, &code, "Ada Obi").await;
    let reference = turnout.registration(asked).await.reference.to_string();
    turnout.letters().await;
    for reason in [format!("We are sorry. {}", "x".repeat(1000)), "a\u{202E}b".to_owned()] {
        let refusal =
            encoded(&[("reference", &reference), ("decision", "refuse"), ("reason", &reason)]);
        let (status, shown) = post(&browser, "/office/sessions/S010/requests", &refusal).await;
        assert_eq!(status, Status::UnprocessableEntity);
        assert!(shown.contains(&reason), "what was typed is lost");
        assert!(shown.contains("the reason"), "{shown}");
    }
    assert_eq!(turnout.states(asked).await, ["requested"]);
    assert!(turnout.letters().await.is_empty());

    let code = turnout.plan("S011", "first", 9, |_| {}).await;
    let booked = book(&turnout, &code, "Ben Low").await;
    let stranger = turnout.browser().await;
    let long = encoded(&[("why", &"x".repeat(1001))]);
    for link in links(&turnout).await {
        let (status, shown) = post(&stranger, &format!("{link}/cancel"), &long).await;
        assert_eq!(status, Status::UnprocessableEntity, "{link}");
        assert!(shown.contains("to 1000 characters or fewer"), "{shown}");
        assert!(shown.contains(&"x".repeat(1001)), "what was typed is lost");
    }
    assert_eq!(turnout.states(booked).await, ["confirmed"]);
}
