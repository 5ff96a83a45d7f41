//! Rooms of a session whose people stay overnight: added many at once, given out by hand or by a draft, read by
//! whoever leads the session, and handed to the house.

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::{BookRequest, book_places},
        stay::{house::house, say::say_stay},
    },
    domain::{
        audit::Actor,
        occupancy::TeamPolicy::Together,
        registration::Registration,
        session::Trainer,
        staff::Role,
        stay::{Overnight, Stay},
        text::Line,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, request},
};

on_both_databases!(
    rooms_are_added_many_at_once_changed_and_removed,
    an_organiser_gives_out_rooms_and_sees_what_is_unmet,
    a_draft_is_suggested_and_kept_only_when_she_says_so,
    two_who_give_out_rooms_at_once_lose_nothing,
    the_rooming_list_is_read_by_whoever_leads_and_names_no_reason,
    a_bed_is_free_once_its_place_is_given_up,
    everybody_is_told_her_room_once_and_again_when_it_is_another,
);

const ROOMS: &str = "/office/sessions/S1/rooms";

/// A session of two nights with four people, whose wishes are said; and an organiser.
async fn residential(turnout: &TestTurnout) -> (Client, Registration) {
    let led = turnout.account("leads", Role::Trainer, &[]).await;
    let code = turnout
        .plan("S1", "first", 20, |session| {
            let first = session.sittings[0].starts;
            session.sittings = (0..3)
                .map(|day| turnout.sitting(day + 1, first + chrono::Duration::days(day.into())))
                .collect();
            session.overnight = Overnight { is_residential: true, ..Overnight::default() };
            session.trainers = vec![Trainer { login: led, name: "Lead".to_owned() }];
        })
        .await;
    let people = ["Ada Obi", "Bo Lee", "Cy Day", "Di Fox"].map(|name| Some(attendee(name)));
    let asked =
        BookRequest { attendees: people.to_vec(), ..request(&code, "Ada Obi", 4, Together) };
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let booking = booked.registration;
    let line = |text: &str| Line::<200>::parse(text).ok();
    let stays = [
        Stay { with_whom: line("Bo Lee"), ..Stay::default() },
        Stay {
            with_whom: line("ada"),
            nights: "2027-01-30".parse().expect("a night"),
            ..Stay::default()
        },
        Stay { is_step_free: true, with_whom: line("Ada Obi"), ..Stay::default() },
        Stay { is_alone: true, why_alone: Line::parse("I snore").ok(), ..Stay::default() },
    ];
    for (place, stay) in booking.places.iter().zip(&stays) {
        let whom = (booking.id, place.id);
        say_stay(&turnout.ctx, &Actor::Leader, whom, stay, None).await.expect("said");
    }
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    (turnout.signed_in(&login).await, booking)
}

/// Adds three rooms.
async fn with_rooms(office: &Client) {
    let lines = "lines=Oak,+2+beds%0AElm,+1,+step-free,+ground+floor%0A%0AAsh,+2+beds,+quiet";
    let (status, to) = post(office, ROOMS, lines).await;
    assert_eq!((status, to), (Status::SeeOther, format!("{ROOMS}?done=added-3")));
}

/// The name of the room of each of the four.
async fn given(turnout: &TestTurnout, booking: &Registration) -> Vec<String> {
    let session = turnout.session(&"S1".parse().expect("a code")).await;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let house = house(&mut conn, &session).await.expect("a house");
    let room = |place: &turnout::domain::place::Place| {
        let id = house.rooming.of(place.id);
        let room = house.rooms.iter().find(|one| Some(one.id) == id);
        room.map_or("none".to_owned(), |room| room.name.to_string())
    };
    booking.places.iter().map(room).collect()
}

/// The field of somebody's room, and the value of a room, as the page has them.
async fn choice(
    office: &Client,
    booking: &Registration,
    who: usize,
    room: &str,
) -> (String, String) {
    let html = page(office, ROOMS).await;
    let before = html.split(&format!(">{room}, ")).next().expect("a room");
    let value = before.rsplit("value=\"").next().and_then(|rest| rest.split('"').next());
    (format!("room-{}", booking.places[who].id), value.expect("a value").to_owned())
}

async fn rooms_are_added_many_at_once_changed_and_removed(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, _) = residential(&turnout).await;
    let html = page(&office, "/office/sessions/S1").await;
    assert!(html.contains(ROOMS), "{html}");
    for (lines, fault) in [
        ("", "Enter a room"),
        ("Oak,+2%0AElm", "Line 2: say how many beds it has"),
        ("Oak,+99", "Line 1: say how many beds it has"),
        (",+2", "Line 1: begin with what the room is called"),
    ] {
        let (status, html) = post(&office, ROOMS, &format!("lines={lines}")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{lines}");
        assert!(html.contains(fault), "{lines}: {html}");
    }
    with_rooms(&office).await;
    // Sent twice, a form makes its rooms once.
    let form = Form::open(&office, ROOMS).await.with("lines", "Yew, 3");
    for _ in 0..2 {
        assert_eq!(form.send(&office).await.1, format!("{ROOMS}?done=added-1"));
    }
    let html = page(&office, ROOMS).await;
    assert!(html.contains("Elm, 1 bed, step-free, ground floor"), "{html}");
    assert_eq!(html.matches("Yew, 3 beds").count(), 1, "{html}");
    let one = html.split(&format!("href=\"{ROOMS}/")).nth(1).expect("a room");
    let one = format!("{ROOMS}/{}", one.split('"').next().expect("its id"));
    let stale = Form::open(&office, &one).await.with("line", "Oak, 4");
    let form = Form::open(&office, &one).await.with("line", "Oak, 3 beds, first floor");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    let (status, html) = stale.send(&office).await;
    assert_eq!(status, Status::Conflict);
    assert!(
        html.contains("changed this to") && html.contains("Oak, 3 beds, first floor"),
        "{html}"
    );
    let (status, html) = post(&office, &one, "line=Oak").await;
    assert!(status == Status::UnprocessableEntity && html.contains("how many beds"), "{html}");
    assert_eq!(post(&office, &one, "act=remove").await.0, Status::SeeOther);
    assert!(!page(&office, ROOMS).await.contains("Oak, 3 beds"));
    assert_eq!(office.get(one).dispatch().await.status(), Status::NotFound);
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("3 rooms added") && log.contains("Oak removed"), "{log}");
    turnout.is_sound().await;
}

async fn an_organiser_gives_out_rooms_and_sees_what_is_unmet(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, booking) = residential(&turnout).await;
    let empty = page(&office, ROOMS).await;
    assert!(empty.contains("4 people sleep here. Add the rooms"), "{empty}");
    with_rooms(&office).await;
    let html = page(&office, ROOMS).await;
    assert_eq!(html.matches("No room yet</span>").count(), 4, "{html}");
    assert!(html.contains("Bo Lee (Bo Lee wishes it too)"), "{html}");
    assert!(html.contains("Ada Obi (Ada Obi has not asked for it)"), "one-sided: {html}");
    assert!(html.contains("A room of her own: I snore"), "{html}");
    let mut form = Form::open(&office, ROOMS).await;
    for (who, room) in [(0, "Oak"), (1, "Ash"), (2, "Oak"), (3, "Ash")] {
        let (field, value) = choice(&office, &booking, who, room).await;
        form = form.with(&field, &value);
    }
    let (_, to) = form.send(&office).await;
    assert_eq!(to, format!("{ROOMS}?done=given-4"));
    assert_eq!(given(&turnout, &booking).await, ["Oak", "Ash", "Oak", "Ash"]);
    let html = page(&office, ROOMS).await;
    for words in [
        "Apart from Bo Lee: both wish it",
        "Apart from Ada Obi: both wish it",
        "Has steps",
        "Not alone",
    ] {
        assert!(html.contains(words), "{words}: {html}");
    }
    assert!(!html.contains("No room yet</span>"), "{html}");
    // By night: all four on the first, three on the second.
    let night = |text: &str| html.split(text).nth(1).map(|rest| rest[..140].to_owned());
    assert!(
        night("Sat 30 January</th>").is_some_and(|row| row.contains(">4<") && row.contains(">1<"))
    );
    assert!(
        night("Sun 31 January</th>").is_some_and(|row| row.contains(">3<") && row.contains(">2<"))
    );
    // Three in a room of two is shown, not refused: a bed may be put up.
    let (field, value) = choice(&office, &booking, 1, "Oak").await;
    let (status, _) = post(&office, ROOMS, &format!("{field}={value}")).await;
    assert_eq!(status, Status::SeeOther);
    assert_eq!(given(&turnout, &booking).await, ["Oak", "Oak", "Oak", "Ash"]);
    assert!(page(&office, ROOMS).await.contains("Too many on Sat 30 Jan"));
    let (status, html) = post(&office, ROOMS, &format!("{field}=nowhere")).await;
    assert!(status == Status::UnprocessableEntity && html.contains("Choose a room for Bo Lee"));
    turnout.is_sound().await;
}

async fn a_draft_is_suggested_and_kept_only_when_she_says_so(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, booking) = residential(&turnout).await;
    with_rooms(&office).await;
    let draft = format!("{ROOMS}?suggest=1");
    let html = page(&office, &draft).await;
    assert!(html.contains("This is a draft. Nothing is kept yet."), "{html}");
    assert_eq!(given(&turnout, &booking).await, ["none"; 4], "reading it keeps nothing");
    let form = Form::of(ROOMS, &html);
    assert_eq!(form.send(&office).await.1, format!("{ROOMS}?done=given-4"));
    let rooms = given(&turnout, &booking).await;
    assert_eq!(rooms[0], rooms[1], "Ada and Bo wish each other: {rooms:?}");
    assert_eq!(rooms[2], "Elm", "the room without steps: {rooms:?}");
    assert!(rooms[3] != rooms[0] && rooms[3] != "Elm", "alone: {rooms:?}");
    assert!(!page(&office, ROOMS).await.contains("Suggest rooms for them"));
    turnout.is_sound().await;
}

async fn two_who_give_out_rooms_at_once_lose_nothing(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, booking) = residential(&turnout).await;
    with_rooms(&office).await;
    let (ada, oak) = choice(&office, &booking, 0, "Oak").await;
    let (bo, ash) = choice(&office, &booking, 1, "Ash").await;
    let one = Form::open(&office, ROOMS).await.with(&ada, &oak);
    let other = Form::open(&office, ROOMS).await.with(&bo, &ash);
    let third = Form::open(&office, ROOMS).await.with(&ada, &ash);
    assert_eq!(one.send(&office).await.0, Status::SeeOther);
    assert_eq!(other.send(&office).await.0, Status::SeeOther);
    assert_eq!(given(&turnout, &booking).await[..2], ["Oak", "Ash"]);
    let (status, html) = third.send(&office).await;
    assert_eq!(status, Status::Conflict);
    assert!(html.contains("Ada Obi: somebody else gave Oak"), "{html}");
    assert_eq!(Form::of(ROOMS, &html).send(&office).await.0, Status::SeeOther);
    assert_eq!(given(&turnout, &booking).await[..2], ["Ash", "Ash"]);
}

async fn the_rooming_list_is_read_by_whoever_leads_and_names_no_reason(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, booking) = residential(&turnout).await;
    with_rooms(&office).await;
    let (ada, oak) = choice(&office, &booking, 0, "Oak").await;
    post(&office, ROOMS, &format!("{ada}={oak}")).await;
    let trainer = turnout.signed_in(&"leads".parse().expect("a login")).await;
    let list = "/trainer/sessions/S1/rooms";
    assert!(page(&trainer, "/trainer/sessions/S1/roster").await.contains(list));
    let html = page(&trainer, list).await;
    assert!(html.contains("Oak, 2 beds") && html.contains("Ada Obi"), "{html}");
    assert!(html.contains("Sat 30 January: 4; Sun 31 January: 3"), "{html}");
    assert!(!html.contains("I snore"), "{html}");
    let csv = page(&trainer, "/trainer/sessions/S1/rooms.csv").await;
    assert!(csv.contains("Room,Name,Nights,Sat 30 Jan,Sun 31 Jan,Arrival,Departure"), "{csv}");
    assert!(csv.contains("Oak,Ada Obi,All nights,Yes,Yes,,"), "{csv}");
    assert!(csv.contains("No room yet,Bo Lee,Sat 30 to Sun 31 January 2027,Yes,,,"), "{csv}");
    assert!(!csv.contains("snore"), "{csv}");
    let sheet = trainer.get("/trainer/sessions/S1/rooms.xlsx").dispatch().await;
    assert_eq!(sheet.status(), Status::Ok);
    assert_eq!(trainer.get(ROOMS).dispatch().await.status(), Status::Forbidden);
    let kitchen = page(&trainer, "/trainer/sessions/S1/kitchen").await;
    assert!(kitchen.contains("Sat 30 January: 4; Sun 31 January: 3"), "{kitchen}");
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("Roster read"), "{log}");
}

async fn a_bed_is_free_once_its_place_is_given_up(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, booking) = residential(&turnout).await;
    with_rooms(&office).await;
    let (ada, oak) = choice(&office, &booking, 0, "Oak").await;
    let (bo, _) = choice(&office, &booking, 1, "Oak").await;
    post(&office, ROOMS, &format!("{ada}={oak}&{bo}={oak}")).await;
    let cancel = format!("/office/bookings/{}/cancel?place=1", booking.reference);
    let form = Form::open(&office, &cancel).await;
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    let html = page(&office, ROOMS).await;
    assert!(!html.contains("Ada Obi</a>"), "{html}");
    // Whoever comes instead of Bo starts afresh: she has no room yet.
    let person = format!("/office/bookings/{}/places/2", booking.reference);
    let form = Form::open(&office, &person).await.with("name", "Eve Fry");
    let (status, to) = form.with("email", "eve@example.org").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let html = page(&office, ROOMS).await;
    assert!(html.contains("Eve Fry") && html.contains("Has said"), "{html}");
    assert!(html.contains("<span class=\"muted\">Empty</span>"), "{html}");
}

async fn everybody_is_told_her_room_once_and_again_when_it_is_another(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, booking) = residential(&turnout).await;
    with_rooms(&office).await;
    let first = turnout.letters().await;
    let bos = first.iter().find(|letter| letter.to.contains("bo.lee@example.org"));
    let bos = bos.expect("a letter").text.split_whitespace();
    let mut bos = bos.filter_map(|word| word.strip_prefix("https://turnout.example/p/"));
    let own = format!("/p/{}/stay", bos.next().expect("a link").split('/').next().expect("it"));
    let (ada, oak) = choice(&office, &booking, 0, "Oak").await;
    let (bo, ash) = choice(&office, &booking, 1, "Ash").await;
    post(&office, ROOMS, &format!("{ada}={oak}&{bo}={ash}")).await;
    assert!(!page(&office, &own).await.contains("Your room"), "before she is told");
    let html = page(&office, ROOMS).await;
    assert!(html.contains("2 people have a room and were not told of it"), "{html}");
    let (status, html) = post(&office, ROOMS, "act=read").await;
    assert!(status == Status::Ok && html.contains("you sleep in Oak"), "{html}");
    assert!(turnout.letters().await.is_empty(), "reading tells nobody");
    let drawn = Form::of(ROOMS, &html).value("drawn").to_owned();
    let (cy, elm) = choice(&office, &booking, 2, "Elm").await;
    post(&office, ROOMS, &format!("{cy}={elm}")).await;
    let stale = format!("act=tell&drawn={}", drawn.replace(' ', "+"));
    assert_eq!(post(&office, ROOMS, &stale).await.0, Status::Conflict, "others have rooms now");
    let (_, to) = post(&office, ROOMS, "act=tell").await;
    assert_eq!(to, format!("{ROOMS}?done=told-3"));
    let told = turnout.subjects().await;
    assert_eq!(told.len(), 3, "{told:?}");
    assert!(told.iter().all(|one| one.contains("Your room: Course first")), "{told:?}");
    assert!(page(&office, &own).await.contains("Your room: Ash"));
    assert_eq!(post(&office, ROOMS, "act=tell").await.1, format!("{ROOMS}?done=told-0"));
    assert!(turnout.letters().await.is_empty(), "once");
    post(&office, ROOMS, &format!("{bo}={oak}")).await;
    assert!(!page(&office, &own).await.contains("Your room"), "she has another than she was told");
    post(&office, ROOMS, "act=tell").await;
    let told = turnout.letters().await;
    assert_eq!(told.len(), 1);
    assert!(told[0].to.contains("bo.lee") && told[0].text.contains("you sleep in Oak"));
    turnout.is_sound().await;
}
