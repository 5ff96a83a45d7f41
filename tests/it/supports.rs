//! Interpreters and other support as tasks: from what people tick, and whatever an organiser adds; with a state, a
//! cost that is summed, and nothing left of whoever is erased.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        door::check_in::{Taps, check_in},
        people::{erase_person::erase_person, know_people::know_people},
        retention::erase_due::erase_due,
    },
    domain::{
        attendance::{Mark, Presence},
        attendee::Ticks,
        audit::Actor,
        id::RegistrationId,
        occupancy::TeamPolicy::Together,
        staff::Role,
    },
    store::{Window, people, staff},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request, sender},
};

on_both_databases!(
    an_interpreter_is_arranged_and_asked_for_again_when_more_need_one,
    what_an_organiser_adds_is_summed_by_session_and_season,
    nothing_of_needs_is_left_when_somebody_is_erased,
    whoever_came_before_is_named_where_a_session_fills_slowly,
);

const OF_S1: &str = "/office/sessions/S1/supports";

async fn books(turnout: &TestTurnout, who: &str, ticks: Ticks) -> RegistrationId {
    let code = "S1".parse().expect("a code");
    let mut asked = request(&code, who, 1, Together);
    let mut comes = attendee(who);
    comes.ticks = ticks;
    asked.attendees = vec![Some(comes)];
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    booked.registration.id
}

const INTERPRETER: Ticks = Ticks { allergy: false, interpreter: true };

async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

async fn an_interpreter_is_arranged_and_asked_for_again_when_more_need_one(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 10, |_| {}).await;
    let office = organiser(&turnout).await;
    assert!(page(&office, OF_S1).await.contains("Nobody who comes ticked an interpreter"));
    let first = books(&turnout, "Cleo Hall", INTERPRETER).await;
    assert!(page(&office, "/office").await.contains("Book an interpreter: Course first"));
    let one = format!("{OF_S1}/interpreter");
    assert!(page(&office, &one).await.contains("1 person asks for it now"));
    let (_, to) = post(&office, &one, "state=asked&by_whom=Hands+Ltd").await;
    assert_eq!(to, format!("{OF_S1}?done=saved"));
    assert!(page(&office, "/office").await.contains("No answer yet: interpreter, Course first"));
    post(&office, &one, "state=booked&by_whom=Hands+Ltd&cost=120.50").await;
    assert!(!page(&office, "/office").await.contains("nterpreter, Course first"));
    assert!(page(&office, "/office/sessions/S1").await.contains("(£120.50)"));
    let second = books(&turnout, "Dai Rees", INTERPRETER).await;
    let more = page(&office, "/office").await;
    assert!(more.contains("More people need the interpreter: Course first"), "{more}");
    post(&office, &one, "state=booked&by_whom=Hands+Ltd&cost=120.50").await;
    assert!(!page(&office, "/office").await.contains("More people need"));
    for id in [first, second] {
        cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("given up");
    }
    let nobody = page(&office, "/office").await;
    assert!(nobody.contains("Nobody needs it any more: interpreter, Course first"), "{nobody}");
    post(&office, &one, "state=not-needed").await;
    assert!(!page(&office, "/office").await.contains("Nobody needs it any more"));
    let log = page(&office, "/office/audit?session=S1").await;
    assert!(log.contains("Support kept") && !log.contains("Hands Ltd"), "{log}");
    turnout.is_sound().await;
}

async fn what_an_organiser_adds_is_summed_by_session_and_season(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 10, |_| {}).await;
    turnout.plan("S2", "first", 10, |_| {}).await;
    let office = organiser(&turnout).await;
    for (form, said) in [
        ("title=&cost=5", "Enter what it is"),
        ("title=Childcare&cost=lots", "Enter pounds, such as 85 or 85.50"),
        ("title=Childcare&state=odd", "Choose how far it is"),
    ] {
        let (status, html) = post(&office, OF_S1, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(html.contains(said), "{form}: {html}");
    }
    post(&office, OF_S1, "title=Childcare&state=booked&cost=80&by_whom=Little+Steps").await;
    post(&office, OF_S1, "title=Hall+key").await;
    post(&office, "/office/sessions/S2/supports", "title=A+lift&state=booked&cost=19.99").await;
    let html = page(&office, OF_S1).await;
    assert!(
        html.contains("Costs so far: <b>£80.00</b>") && html.contains("Little Steps"),
        "{html}"
    );
    assert!(page(&office, "/office/sessions/S1").await.contains("(1 to arrange, £80.00)"));
    let season = page(&office, "/office/supports").await;
    assert!(season.contains("September 2026 to August 2027"), "{season}");
    assert!(season.contains("All of it costs <b>£99.99</b>"), "{season}");
    assert!(page(&office, "/office/supports?season=2025").await.contains("Nothing was arranged"));
    assert!(page(&office, "/office").await.contains("£99.99"), "the overview sums it");
    // Two days before at the latest, so from nine days before on.
    assert!(!page(&office, "/office").await.contains("Hall key"), "there is time");
    assert!(page(&office, "/office?show=later").await.contains("Hall key: Course first"));
    turnout.clock.advance(Duration::days(20));
    let office = turnout.signed_in(&"organiser".parse().expect("a login")).await;
    assert!(page(&office, "/office").await.contains("Hall key: Course first"));
    turnout.is_sound().await;
}

async fn nothing_of_needs_is_left_when_somebody_is_erased(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    turnout.plan("S1", "first", 10, |_| {}).await;
    let office = organiser(&turnout).await;
    books(&turnout, "Cleo Hall", INTERPRETER).await;
    post(&office, &format!("{OF_S1}/interpreter"), "state=asked&note=BSL+for+Cleo").await;
    post(&office, OF_S1, "title=Lift+for+Cleo+Hall&note=Cleo+Hall+rings").await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let window = Window { offset: 0, limit: 5 };
    let found = people::search(&mut conn, "Cleo", None, window).await.expect("people");
    drop(conn);
    erase_person(&turnout.ctx, &Actor::CommandLine, found.items[0].id).await.expect("erased");
    let html = page(&office, OF_S1).await;
    assert!(!html.contains("Cleo") && html.contains("Lift for Name removed"), "{html}");
    post(&office, OF_S1, "title=Ramp+for+Dai&by_whom=Dai").await;
    turnout.clock.advance(Duration::days(28 + 40));
    erase_due(&turnout.ctx).await.expect("a sweep");
    let office = turnout.signed_in(&"organiser".parse().expect("a login")).await;
    let html = page(&office, OF_S1).await;
    assert!(!html.contains("Dai") && html.contains("Other support"), "{html}");
    turnout.is_sound().await;
}

async fn whoever_came_before_is_named_where_a_session_fills_slowly(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let first = turnout.plan("S1", "first", 10, |_| {}).await;
    let later = crate::support::start().naive_utc() + Duration::days(42);
    let day = turnout.sitting(1, later);
    turnout.plan("S2", "second", 30, |one| one.sittings = vec![day]).await;
    let (mina, bo) = ("Mina Ray", "Bo Lee");
    for who in [mina, bo] {
        let mut asked = request(&first, who, 1, Together);
        asked.sender = sender(1);
        book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    }
    turnout.clock.advance(Duration::days(28) + Duration::hours(1));
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    came(&turnout).await;
    turnout.clock.advance(Duration::days(1));
    let office = turnout.signed_in(&login).await;
    let second = "S2".parse().expect("a code");
    let mut asked = request(&second, bo, 1, Together);
    (asked.sender, asked.vouched) = (sender(1), true);
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    post(&office, "/office/sessions/S2/pledges", "institution=I0002&people=7").await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let html = page(&office, "/office").await;
    assert!(html.contains("Course second has 29 places left"), "{html}");
    assert!(html.contains("1 person came to Course first and have not booked this"), "{html}");
    assert!(html.contains("1 institution pledged 7 people more than they have booked"), "{html}");
    let could = page(&office, "/office/sessions/S2/could-come").await;
    assert!(could.contains(mina) && !could.contains(bo), "{could}");
    let none = page(&office, "/office/sessions/S1/could-come").await;
    assert!(none.contains("No course comes before this one"), "{none}");
}

/// Everybody who booked S1 is there.
async fn came(turnout: &TestTurnout) {
    let code = "S1".parse().expect("a code");
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let office = staff::find(&mut conn, &"organiser".parse().expect("a login")).await;
    let member = office.expect("a read").expect("an account");
    let of = turnout::store::registrations::of_session(&mut conn, &code).await.expect("bookings");
    drop(conn);
    let at = turnout.ctx.now();
    let places = of.iter().flat_map(|one| &one.places);
    let marks =
        places.map(|one| Mark { place: one.id, presence: Presence::Attended, at }).collect();
    let taps = Taps { marks, ..Taps::default() };
    check_in(&turnout.ctx, &member, &code, 1, &taps).await.expect("checked in");
}
