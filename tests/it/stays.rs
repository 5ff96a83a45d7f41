//! Staying overnight: a session says that people do, and each says for herself which nights, what room, with whom,
//! and how she travels.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::{BookRequest, book_places},
            change_attendee::change_attendee,
        },
        people::know_people::know_people,
        retention::erase_due::erase_due,
        stay::ask_once_more::ask_once_more,
    },
    domain::{
        attendee::Attendee,
        audit::Actor,
        id::PlaceId,
        occupancy::TeamPolicy::Together,
        registration::Registration,
        session::Trainer,
        staff::Role,
        stay::{Overnight, Stay},
    },
    mail::reading::ReadLetter,
    store::{own_data, stays},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::{attendee, name, request},
};

on_both_databases!(
    a_session_is_planned_with_nights_and_says_so_wherever_it_is_shown,
    each_says_how_she_stays_under_her_own_link_and_the_leader_for_the_others,
    what_does_not_lie_within_the_session_is_said_beside_its_field,
    two_who_say_it_at_once_are_told_of_each_other,
    once_rooms_are_given_out_only_the_office_changes_it,
    it_stays_with_whoever_is_spelt_better_and_behind_with_whoever_leaves,
    whoever_said_nothing_is_asked_once_for_each_day_of_giving_out_rooms,
    what_was_said_is_handed_out_and_erased_with_needs,
);

/// A booking, and the letters about it.
struct Booked {
    booking: Registration,
    letters: Vec<ReadLetter>,
}

impl Booked {
    /// What was written to an address.
    fn letter(&self, address: &str) -> &str {
        let hers = self.letters.iter().find(|letter| letter.to.contains(address));
        &hers.expect("a letter").text
    }

    /// The private link in it.
    fn link(&self, address: &str, kind: &str) -> String {
        let site = "https://turnout.example";
        let hers = self.letters.iter().filter(|letter| letter.to.contains(address));
        let mut links = hers.flat_map(|letter| letter.text.split_whitespace());
        let own =
            links.find_map(|word| word.strip_prefix(site).filter(|path| path.starts_with(kind)));
        own.expect("a private link").split('/').take(3).collect::<Vec<_>>().join("/")
    }

    /// Bo's own page about her stay.
    fn bos(&self) -> String {
        format!("{}/stay", self.link("bo.lee@example.org", "/p/"))
    }

    /// The leader's link.
    fn leaders(&self) -> String {
        self.link("ada.obi@example.org", "/r/")
    }
}

/// A session on the last days of January and the first of February, whose rooms are given out on the 20th.
async fn residential(turnout: &TestTurnout) -> Booked {
    let led = turnout.account("leads", Role::Trainer, &[]).await;
    let code = turnout
        .plan("S1", "first", 20, |session| {
            let first = session.sittings[0].starts;
            session.sittings = (0..3)
                .map(|day| turnout.sitting(day + 1, first + Duration::days(day.into())))
                .collect();
            session.overnight = Overnight {
                is_residential: true,
                rooms_on: "2027-01-20".parse().ok(),
                arrival: Some("from 4pm".to_owned()),
                departure: None,
            };
            session.trainers = vec![Trainer { login: led, name: "Lead".to_owned() }];
        })
        .await;
    let alone = Attendee { email: None, ..attendee("Cy Day") };
    let attendees = vec![Some(attendee("Ada Obi")), Some(attendee("Bo Lee")), Some(alone), None];
    let asked = BookRequest { attendees, ..request(&code, "Ada Obi", 4, Together) };
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    Booked { booking: booked.registration, letters: turnout.letters().await }
}

async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn said(turnout: &TestTurnout, place: PlaceId) -> Option<Stay> {
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    stays::of_place(&mut conn, place).await.expect("a read")
}

async fn a_session_is_planned_with_nights_and_says_so_wherever_it_is_shown(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let office = office(&turnout).await;
    let plan = "course=first&alliance=oxford&where=venue&venue=Lodge&address=Lane&capacity=20&per_booking=6\
        &mode=instant&waiting=1&days=2&d1_date=2027-03-20&d1_start=10:00&d1_end=12:00&d2_date=2027-03-21\
        &d2_start=10:00&d2_end=12:00";
    for (more, fault) in [
        ("&residential=yes&rooms_on=2027-03-21", "Give out rooms before the first day"),
        ("&residential=maybe", "Choose whether people stay overnight"),
        ("&residential=yes&rooms_on=soon", "Enter a day"),
    ] {
        let (status, html) = post(&office, "/office/new-session", &format!("{plan}{more}")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{more}");
        assert!(html.contains(fault), "{more}: {html}");
    }
    let nights = "&residential=yes&rooms_on=2027-03-10&arrival=from+4pm";
    let (_, to) = post(&office, "/office/new-session", &format!("{plan}{nights}")).await;
    let shown = to.split('?').next().expect("a session").to_owned();
    let code = shown.trim_start_matches("/office/sessions/");
    let edit = format!("{shown}/edit");
    // A form that does not name them leaves them as they are.
    assert_eq!(post(&office, &edit, plan).await.0, Status::SeeOther);
    let html = page(&office, &shown).await;
    assert!(html.contains("Sat 20 to Sun 21 March 2027. Rooms are given out on Wed 10"), "{html}");
    post(&office, &format!("{shown}/publish"), "").await;
    let public = page(&office, &format!("/sessions/{code}")).await;
    assert!(public.contains("You stay 1 night: Sat 20 to Sun 21 March 2027"), "{public}");
    assert!(public.contains("until Tue 9 March 2027"), "{public}");
    let api: serde_json::Value =
        serde_json::from_str(&page(&office, &format!("/api/v1/sessions/{code}")).await)
            .expect("JSON");
    assert_eq!(api["nights"], serde_json::json!(["2027-03-20"]));
    assert_eq!(api["arrival"], "from 4pm");
    // What is changed once it is published stands on the page at once, and in the log.
    let form = Form::open(&office, &edit).await.with("departure", "by noon");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    assert!(page(&office, &format!("/sessions/{code}")).await.contains("Leave: by noon"));
    assert!(
        page(&office, &format!("/office/audit?session={code}")).await.contains("When people leave")
    );
    let form = Form::open(&office, &edit).await.with("residential", "no");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    assert!(!page(&office, &format!("/sessions/{code}")).await.contains("You stay"));
    // On other days, rooms are given out as long before.
    let form = Form::open(&office, &edit).await.with("residential", "yes");
    assert_eq!(form.with("rooms_on", "2027-03-10").send(&office).await.0, Status::SeeOther);
    let times = format!("{shown}/times");
    let form = Form::open(&office, &times).await;
    let form = form.with("d1_date", "2027-03-27").with("d2_date", "2027-03-28");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    let session = turnout.session(&code.parse().expect("a code")).await;
    assert_eq!(session.overnight.rooms_on, "2027-03-17".parse().ok());
    turnout.is_sound().await;
}

async fn each_says_how_she_stays_under_her_own_link_and_the_leader_for_the_others(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let booked = residential(&turnout).await;
    let (booking, browser) = (&booked.booking, turnout.browser().await);
    let letter = booked.letter("bo.lee@example.org");
    assert!(
        letter.contains("You stay 2 nights: Sat 30 January to Mon 1 February 2027"),
        "{letter}"
    );
    assert!(letter.contains("Until Tue 19 January 2027 you can tell us which nights"), "{letter}");
    let own = booked.link("bo.lee@example.org", "/p/");
    assert!(page(&browser, &own).await.contains("Say which nights"));
    let path = format!("{own}/stay");
    let form = Form::open(&browser, &path).await;
    let form = form.with("nights", "some").ticked("night", "2027-01-30");
    let form = form.with("with_whom", "Ada Obi").ticked("step_free", "yes");
    let form = form.with("arrives_on", "2027-01-29").with("arrives_at", "18:30");
    let form = form.with("arrives_by", "train").with("arrives_from", "Dorking");
    let (status, to) = form.with("arrives_lift", "met").send(&browser).await;
    assert_eq!((status, to), (Status::SeeOther, format!("{own}?done=saved")));
    let stay = said(&turnout, booking.places[1].id).await.expect("a stay");
    assert_eq!(stay.nights.written(), "2027-01-30");
    assert_eq!(stay.arrival.words(), "Fri 29 Jan at 6.30pm, by train, Dorking, to be met");
    assert_eq!((stay.is_step_free, stay.is_quiet), (true, false));
    let shown = page(&browser, &path).await;
    assert!(shown.contains("value=\"Dorking\"") && shown.contains("value=\"Ada Obi\""), "{shown}");
    // Whoever booked sees who has said nothing, and says it for them; not with whom Bo wishes to share.
    let link = booked.leaders();
    assert!(page(&browser, &link).await.contains("Staying overnight"));
    let list = page(&browser, &format!("{link}/stay")).await;
    assert!(list.contains("Cy Day") && list.contains("Nothing said yet: all nights"), "{list}");
    assert!(!list.contains("person 4"), "nobody is named there");
    let form = Form::open(&browser, &format!("{link}/places/3/stay")).await.with("nights", "none");
    let (status, to) = form.send(&browser).await;
    assert_eq!((status, to), (Status::SeeOther, format!("{link}/stay?done=saved")));
    assert!(page(&browser, &format!("{link}/stay")).await.contains("Goes home at night"));
    // Only the visible fields, as a program sends them.
    let (status, _) =
        post(&browser, &format!("{link}/places/1/stay"), "nights=all&quiet=yes").await;
    assert_eq!(status, Status::SeeOther);
    assert!(said(&turnout, booking.places[0].id).await.expect("a stay").is_quiet);
    // The log says that, and not what.
    let office = office(&turnout).await;
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("Step-free room") && !log.contains("Dorking"), "{log}");
    let nobody = format!("{link}/places/4/stay");
    assert_eq!(browser.get(nobody).dispatch().await.status(), Status::Gone);
    turnout.is_sound().await;
}

async fn what_does_not_lie_within_the_session_is_said_beside_its_field(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let path = residential(&turnout).await.bos();
    let browser = turnout.browser().await;
    for (form, fault) in [
        ("nights=", "Choose on which nights you stay"),
        ("nights=some", "Tick the nights on which you stay"),
        ("nights=all&night=2027-01-30", "or untick the nights"),
        ("nights=some&night=2027-02-01", "Choose nights of this session"),
        ("nights=some&night=x", "Choose nights of this session"),
        ("nights=all&arrives_on=2027-01-31", "Arrive by the first night on which you sleep there"),
        ("nights=all&arrives_on=2027-01-01", "Arrive on a day of the session"),
        ("nights=all&leaves_on=2027-01-31", "Leave after the last night"),
        ("nights=none&arrives_on=2027-01-31&leaves_on=2027-01-30", "Leave after you arrive"),
        ("nights=all&arrives_at=late", "Enter when you arrive, such as 16:30"),
        ("nights=all&arrives_by=boat", "Choose how you travel"),
    ] {
        let (status, shown) = post(&browser, &path, &format!("{form}&with_whom=Ada")).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(shown.contains(fault) && shown.contains("value=\"Ada\""), "{form}: {shown}");
    }
    let long = format!("nights=all&with_whom={}", "a".repeat(300));
    let (status, shown) = post(&browser, &path, &long).await;
    assert!(status == Status::UnprocessableEntity && shown.contains("Shorten"), "{shown}");
}

async fn two_who_say_it_at_once_are_told_of_each_other(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booked = residential(&turnout).await;
    let (booking, own, browser) = (&booked.booking, booked.bos(), turnout.browser().await);
    let hers = Form::open(&browser, &own).await.with("nights", "all").with("with_whom", "Ada");
    let link = booked.leaders();
    let form = Form::open(&browser, &format!("{link}/places/2/stay")).await;
    let form = form.with("nights", "all").with("with_whom", "Cy").ticked("quiet", "yes");
    assert_eq!(form.send(&browser).await.0, Status::SeeOther);
    let (status, shown) = hers.send(&browser).await;
    assert_eq!(status, Status::Conflict);
    assert!(shown.contains("changed this to") && shown.contains("value=\"Ada\""), "{shown}");
    let again = Form::of(&own, &shown);
    assert_eq!(again.send(&browser).await.0, Status::SeeOther);
    let stay = said(&turnout, booking.places[1].id).await.expect("a stay");
    assert_eq!(stay.with_whom.map(|line| line.to_string()), Some("Ada".to_owned()));
    assert!(stay.is_quiet, "what the other said beside it stays");
}

async fn once_rooms_are_given_out_only_the_office_changes_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booked = residential(&turnout).await;
    let (booking, own, browser) = (&booked.booking, booked.bos(), turnout.browser().await);
    let link = booked.leaders();
    post(&browser, &own, "nights=all&with_whom=Ada").await;
    // The last minute of the day before, by the session's clock.
    turnout.clock.advance(Duration::days(17) + Duration::hours(13) + Duration::minutes(59));
    assert_eq!(post(&browser, &own, "nights=all&with_whom=Cy").await.0, Status::SeeOther);
    turnout.clock.advance(Duration::minutes(1));
    let (status, _) = post(&browser, &own, "nights=none").await;
    assert_eq!(status, Status::Conflict);
    let shown = page(&browser, &own).await;
    assert!(shown.contains("Rooms are given out on Wed 20 January 2027"), "{shown}");
    assert!(shown.contains("phone") && shown.contains("All nights"), "{shown}");
    assert_eq!(
        post(&browser, &format!("{link}/places/2/stay"), "nights=none").await.0,
        Status::Conflict
    );
    assert!(page(&browser, &format!("{link}/stay")).await.contains("cannot be changed here"));
    let office = office(&turnout).await;
    let record = format!("/office/bookings/{}", booking.reference);
    let path = format!("{record}/places/2/stay");
    assert!(page(&office, &record).await.contains(&path));
    let form = Form::open(&office, &path).await.with("nights", "none");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    let stay = said(&turnout, booking.places[1].id).await.expect("a stay");
    assert_eq!(stay.nights.written(), "none");
    assert_eq!(stay.with_whom.map(|line| line.to_string()), Some("Cy".to_owned()));
    // Whoever looked is in the log; no other organiser and no trainer looks.
    assert!(page(&office, "/office/audit?session=S1").await.contains("Roster read"));
    let trainer = turnout.signed_in(&"leads".parse().expect("a login")).await;
    assert_eq!(trainer.get(path.clone()).dispatch().await.status(), Status::Forbidden);
}

async fn it_stays_with_whoever_is_spelt_better_and_behind_with_whoever_leaves(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let booked = residential(&turnout).await;
    let (booking, own, browser) = (&booked.booking, booked.bos(), turnout.browser().await);
    post(&browser, &own, "nights=none&own_room=yes&own_room_why=I+snore").await;
    let (actor, place) = (Actor::Leader, booking.places[1].id);
    let better = Attendee { name: name("Bo Leigh"), ..attendee("Bo Lee") };
    change_attendee(&turnout.ctx, &actor, booking.id, place, better).await.expect("hers");
    assert!(said(&turnout, place).await.is_some_and(|stay| stay.is_alone));
    change_attendee(&turnout.ctx, &actor, booking.id, place, attendee("Di Fox"))
        .await
        .expect("new");
    let new = turnout.registration(booking.id).await;
    let new = new.places.iter().find(|one| one.number == 2).expect("her place").id;
    assert_ne!(new, place);
    assert_eq!((said(&turnout, place).await, said(&turnout, new).await), (None, None));
}

async fn whoever_said_nothing_is_asked_once_for_each_day_of_giving_out_rooms(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booked = residential(&turnout).await;
    let browser = turnout.browser().await;
    let own = format!("{}/places/1/stay", booked.leaders());
    assert_eq!(post(&browser, &own, "nights=all").await.0, Status::SeeOther);
    let asked = || async {
        ask_once_more(&turnout.ctx).await.expect("a round");
        turnout.letters().await
    };
    assert!(asked().await.is_empty(), "there is time until the 13th");
    turnout.clock.advance(Duration::days(11));
    let told = asked().await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].to.contains("bo.lee@example.org"), "{told:?}");
    assert!(told[0].subject.starts_with("Which nights do you stay? Course first"), "{told:?}");
    let letter = &told[1];
    assert!(letter.to.contains("ada.obi@example.org"), "whom we cannot write to: {told:?}");
    assert!(letter.subject.starts_with("Which nights do they stay?"), "{told:?}");
    assert!(letter.text.contains("Cy Day") && letter.text.contains("/stay"), "{}", letter.text);
    assert!(letter.text.contains("Please answer by Tue 19 January 2027"), "{}", letter.text);
    assert!(asked().await.is_empty(), "once");
    turnout.clock.advance(Duration::days(1));
    assert!(asked().await.is_empty(), "once");
    // Another day is another thing to be told (T1).
    turnout.write("update sessions set rooms_on = '2027-01-21' where code = 'S1'").await;
    assert_eq!(asked().await.len(), 2);
    turnout.write("update sessions set rooms_on = '2027-01-14' where code = 'S1'").await;
    assert!(asked().await.is_empty(), "it is too late to say it");
    turnout.is_sound().await;
}

async fn what_was_said_is_handed_out_and_erased_with_needs(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let booked = residential(&turnout).await;
    let (booking, own, browser) = (&booked.booking, booked.bos(), turnout.browser().await);
    post(&browser, &own, "nights=all&own_room=yes&own_room_why=I+snore&leaves_by=car").await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let login = turnout.account("admin", Role::Administrator, &[]).await;
    let admin = turnout.signed_in(&login).await;
    let people = page(&admin, "/office/people?q=Bo").await;
    let person = people.split("/office/people/").nth(1).expect("Bo").split('"').next();
    let person = person.expect("an id").parse().expect("somebody");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let parts = own_data::parts(&mut conn, person).await.expect("what is held");
    drop(conn);
    let part = parts.iter().find(|part| part.key == "stays").expect("stays");
    let held = format!("{:?}", part.records);
    assert!(held.contains("I snore") && held.contains("By car"), "{held}");
    let place = booking.places[1].id;
    turnout.clock.advance(Duration::days(30 + 29));
    erase_due(&turnout.ctx).await.expect("what is due is erased");
    assert!(said(&turnout, place).await.is_some());
    turnout.clock.advance(Duration::days(3));
    erase_due(&turnout.ctx).await.expect("what is due is erased");
    assert_eq!(said(&turnout, place).await, None);
    turnout.is_sound().await;
}
