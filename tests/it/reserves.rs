//! Places that are kept for a group until a moment: whoever belongs to it takes them first, others see the rest, and
//! at the moment they are everybody's, the waiting list first (W2). Who comes is seen against whom it hopes for.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            add_people::{AddRequest, add_person},
            book_places::{BookRequest, Booked, book_places},
            cancel_places::{Which, cancel_places},
            hold_places::{HoldRequest, hold_places},
            move_places::{MoveRequest, move_places},
            refusals::{BookError, HoldError},
        },
        places::settle::{in_line, settle_all},
        waiting::{
            confirm_out_of_turn::{OutOfTurnError, confirm_out_of_turn},
            decide_request::{Decision, decide_request},
        },
    },
    domain::{
        aims::Aims,
        alliance::Alliance,
        audit::Actor,
        id::{RegistrationId, SessionCode},
        institution::{Institution, InstitutionKind, Membership},
        occupancy::TeamPolicy::{AsManyAsPossible, Together},
        place::PlaceStatus,
        registration::Sender,
        session::BookingMode,
        staff::Role,
        text::Paragraph,
    },
    store::{catalogue, institutions},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{alliance, leader, request, sender},
};

on_both_databases!(
    others_see_and_take_only_what_is_not_kept,
    what_is_kept_comes_back_to_its_group_when_it_is_given_up,
    every_way_to_a_place_keeps_to_it,
    an_organiser_decides_within_what_is_kept,
    at_the_moment_it_is_offered_to_the_waiting_list_first,
    what_is_kept_fits_into_the_places_there_are,
    an_organiser_sees_who_comes_against_whom_it_hopes_for,
);

const KEEP: &str = "whom=kind:school&places=5&date=2027-01-20&time=12:00";
const RESERVES: &str = "/office/sessions/S1/reserves";

/// A school in Oxford, beside the three congregations of the season.
async fn school(turnout: &TestTurnout) -> Sender {
    let school = Institution {
        code: "I0009".parse().expect("a code"),
        name: "Hillside School".to_owned(),
        kind: InstitutionKind::School,
        alliance: alliance().slug,
        membership: Membership::Member,
    };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    institutions::insert(&mut tx, &school).await.expect("an institution");
    tx.commit().await.expect("a commit");
    Sender::Listed { code: school.code, name: school.name }
}

/// An organiser, and a session of seven places of which five are kept for schools.
async fn kept(turnout: &TestTurnout) -> (Client, SessionCode, Sender) {
    let code = turnout.plan("S1", "first", 7, |_| {}).await;
    let school = school(turnout).await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    let (status, to) = post(&office, RESERVES, KEEP).await;
    assert_eq!((status, to.as_str()), (Status::SeeOther, "/office/sessions/S1/reserves?done=kept"));
    (office, code, school)
}

fn ask(code: &SessionCode, from: &Sender, who: &str, places: usize) -> BookRequest {
    let mut asked = request(code, who, places, Together);
    asked.sender = from.clone();
    asked
}

async fn books(turnout: &TestTurnout, asked: BookRequest) -> Booked {
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking")
}

async fn states(turnout: &TestTurnout, id: RegistrationId) -> String {
    turnout.states(id).await.join(" ")
}

async fn others_see_and_take_only_what_is_not_kept(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code, school) = kept(&turnout).await;
    let visitor = turnout.browser().await;
    let shown = page(&visitor, "/sessions/S1").await;
    assert!(shown.contains("2 places left"), "{shown}");
    assert!(
        shown.contains("5 more kept for schools until noon on Wednesday 20 January"),
        "{shown}"
    );
    let first = books(&turnout, ask(&code, &sender(1), "Ada Obi", 2)).await;
    assert_eq!(states(&turnout, first.registration.id).await, "confirmed confirmed");
    let other = books(&turnout, ask(&code, &sender(2), "Bo Lee", 1)).await;
    assert_eq!(states(&turnout, other.registration.id).await, "waiting", "what is free is kept");
    let herself = books(&turnout, request(&code, "Cy Ray", 1, Together)).await;
    assert_eq!(states(&turnout, herself.registration.id).await, "waiting");
    let shown = page(&visitor, "/sessions/S1").await;
    assert!(shown.contains("No place is open to all"), "{shown}");
    let line = page(&office, "/office/sessions/S1/waiting-list").await;
    assert!(line.contains("what is free is kept for groups they do not belong to"), "{line}");
    let pupils = books(&turnout, ask(&code, &school, "Di Fox", 4)).await;
    let all = states(&turnout, pupils.registration.id).await;
    assert_eq!(all, "confirmed confirmed confirmed confirmed");
    let session = turnout.session(&code).await;
    assert_eq!((session.occupancy.open_to_all(), session.occupancy.kept), (0, 1));
    let list = page(&office, RESERVES).await;
    assert!(list.contains("1 of 5 are left, until noon on Wednesday 20 January"), "{list}");
    // More of the school than are kept or open wait like everybody.
    let mut more = ask(&code, &school, "Ed Kay", 2);
    more.team = AsManyAsPossible;
    let more = books(&turnout, more).await;
    assert_eq!(states(&turnout, more.registration.id).await, "confirmed waiting");
    turnout.is_sound().await;
}

async fn what_is_kept_comes_back_to_its_group_when_it_is_given_up(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, code, school) = kept(&turnout).await;
    let pupils = books(&turnout, ask(&code, &school, "Di Fox", 5)).await;
    books(&turnout, ask(&code, &sender(1), "Ada Obi", 2)).await;
    let waits = books(&turnout, ask(&code, &sender(2), "Bo Lee", 1)).await;
    let id = pupils.registration.id;
    cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("given up");
    assert_eq!(states(&turnout, waits.registration.id).await, "waiting", "it is the school's");
    assert_eq!(turnout.session(&code).await.occupancy.kept, 5);
    let again = books(&turnout, ask(&code, &school, "Flo Day", 1)).await;
    assert_eq!(states(&turnout, again.registration.id).await, "confirmed");
    turnout.is_sound().await;
}

async fn every_way_to_a_place_keeps_to_it(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, code, school) = kept(&turnout).await;
    let ctx = &turnout.ctx;
    let open = books(&turnout, ask(&code, &sender(1), "Ada Obi", 2)).await;
    let hold = |from: Sender, who: &str| HoldRequest {
        session: code.clone(),
        leader: leader(who),
        sender: from,
        team: Together,
        places: 1,
        leader_comes: false,
        apart: false,
        instead_of: None,
        network: None,
        attempt: None,
    };
    let refused = hold_places(ctx, hold(sender(2), "Bo Lee")).await;
    assert!(matches!(refused, Err(HoldError::NotEnough { free: 0 })), "{refused:?}");
    hold_places(ctx, hold(school.clone(), "Di Fox")).await.expect("what is kept for schools");
    assert_eq!(turnout.session(&code).await.occupancy.kept, 4);
    let add =
        |registration| AddRequest { registration, attendee: None, apart: false, attempt: None };
    let added = add_person(ctx, &Actor::Leader, add(open.registration.id)).await;
    assert_eq!(added.expect("somebody more"), PlaceStatus::Waiting);

    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    for (from, who, states) in
        [(sender(3), "Cy Ray", "waiting"), (school.clone(), "Ed Kay", "confirmed")]
    {
        let there = books(&turnout, ask(&other, &from, who, 1)).await.registration;
        let request = MoveRequest {
            registration: there.id,
            places: vec![there.places[0].id],
            to: code.clone(),
            may_wait: true,
            apart: true,
        };
        let moved = move_places(ctx, &Actor::CommandLine, &request).await.expect("moved");
        let now: Vec<_> =
            moved.registration.places.iter().map(|one| one.state.status().as_str()).collect();
        assert_eq!(now, [states], "{who}");
    }
    turnout.is_sound().await;
}

async fn an_organiser_decides_within_what_is_kept(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code, school) = kept(&turnout).await;
    let ctx = &turnout.ctx;
    books(&turnout, ask(&code, &sender(1), "Ada Obi", 2)).await;
    books(&turnout, ask(&code, &sender(2), "Bo Lee", 1)).await;
    // An organiser who gives a place out of turn is asked whether to make room.
    let line = in_line(ctx, &turnout.session(&code).await).await.expect("a list");
    let why = Paragraph::parse_optional("She speaks").expect("a reason").expect("words");
    let first = line[0].0.registration;
    let staff = Actor::Staff("organiser".parse().expect("a login"));
    let refused = confirm_out_of_turn(ctx, &staff, first, &why, false).await;
    assert!(matches!(refused, Err(OutOfTurnError::NoRoom { free: 0, .. })), "{refused:?}");
    confirm_out_of_turn(ctx, &staff, first, &why, true).await.expect("room");
    let session = turnout.session(&code).await;
    assert_eq!((session.occupancy.capacity, session.occupancy.kept), (8, 5));

    let third = turnout.plan("S3", "first", 2, |one| one.mode = BookingMode::Approval).await;
    let form = "whom=kind:school&places=2&date=2027-01-20";
    post(&office, "/office/sessions/S3/reserves", form).await;
    for (from, who, states) in
        [(sender(3), "Flo Day", "waiting"), (school.clone(), "Gus Orr", "confirmed")]
    {
        let asked = books(&turnout, ask(&third, &from, who, 1)).await.registration;
        decide_request(ctx, &staff, asked.id, Decision::Approve).await.expect("decided");
        assert_eq!(turnout.states(asked.id).await, [states], "{who}");
    }
    turnout.is_sound().await;
}

async fn at_the_moment_it_is_offered_to_the_waiting_list_first(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code, _) = kept(&turnout).await;
    books(&turnout, ask(&code, &sender(1), "Ada Obi", 2)).await;
    let waits = books(&turnout, ask(&code, &sender(2), "Bo Lee", 3)).await;
    let id = waits.registration.id;
    turnout.clock.advance(Duration::days(18) + Duration::hours(1) + Duration::minutes(59));
    settle_all(&turnout.ctx).await.expect("a sweep");
    assert_eq!(states(&turnout, id).await, "waiting waiting waiting", "a minute before noon");
    turnout.clock.advance(Duration::minutes(1));
    // Whoever books at that very moment does not pass the list.
    let late = books(&turnout, ask(&code, &sender(3), "Cy Ray", 3)).await;
    assert_eq!(states(&turnout, id).await, "offered offered offered");
    assert_eq!(states(&turnout, late.registration.id).await, "waiting waiting waiting");
    let session = turnout.session(&code).await;
    assert_eq!((session.occupancy.kept, session.occupancy.open_to_all()), (0, 2));
    assert!(session.reserves.is_empty());
    let office_again = turnout.signed_in(&"organiser".parse().expect("a login")).await;
    let log = page(&office_again, "/office/audit?session=S1").await;
    assert!(log.contains("Reserves changed"), "{log}");
    drop(office);
    // By hand, before its time.
    turnout.plan("S2", "first", 3, |_| {}).await;
    let second: SessionCode = "S2".parse().expect("a code");
    let reserves = "/office/sessions/S2/reserves";
    post(&office_again, reserves, "whom=kind:school&places=3&date=2027-01-28").await;
    let waits = books(&turnout, ask(&second, &sender(1), "Ada Obi", 2)).await;
    assert_eq!(states(&turnout, waits.registration.id).await, "waiting waiting");
    let one = turnout.session(&second).await.reserves[0].id;
    let (_, to) = post(&office_again, reserves, &format!("release={one}")).await;
    assert_eq!(to, "/office/sessions/S2/reserves?done=released");
    assert_eq!(states(&turnout, waits.registration.id).await, "offered offered");
    let (_, to) = post(&office_again, reserves, &format!("release={one}")).await;
    assert_eq!(to, "/office/sessions/S2/reserves?done=gone");
    turnout.is_sound().await;
}

async fn what_is_kept_fits_into_the_places_there_are(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code, school) = kept(&turnout).await;
    for (form, said) in [
        ("whom=alliance:oxford&places=3&date=2027-01-20", "Only 2 places are free"),
        ("whom=kind:odd&places=1&date=2027-01-20", "Choose a group from the list"),
        ("whom=institution:I9&places=1&date=2027-01-20", "Choose a group from the list"),
        ("whom=kind:faith&places=0&date=2027-01-20", "Enter how many places, from 1"),
        ("whom=kind:faith&places=1&date=2027-01-01", "Keep them until a moment to come"),
        ("whom=kind:faith&places=1&date=2027-02-20", "before booking closes"),
        ("whom=kind:faith&places=1&date=soon", "Enter a day, such as"),
        ("whom=kind:faith&places=1&date=2027-01-20&time=late", "Enter an hour"),
    ] {
        let (status, html) = post(&office, RESERVES, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(html.contains(said), "{form}: {html}");
    }
    assert_eq!(turnout.session(&code).await.reserves.len(), 1);
    let (status, html) = post(&office, "/office/sessions/S1/places", "capacity=4").await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(html.contains("5 more places are kept for groups: release them first"), "{html}");
    // A session without a waiting list says what is left for whoever asks.
    turnout.plan("S2", "first", 2, |one| one.waiting_list = false).await;
    let form = "whom=institution:I0009&places=2&date=2027-01-20";
    post(&office, "/office/sessions/S2/reserves", form).await;
    let second = "S2".parse().expect("a code");
    let asked = ask(&second, &sender(1), "Ada Obi", 1);
    let refused = book_places(&turnout.ctx, &Actor::Api, asked).await;
    let is_full = matches!(refused, Err(BookError::Hold(HoldError::NotEnough { free: 0 })));
    assert!(is_full, "{refused:?}");
    let visitor = page(&turnout.browser().await, "/sessions/S2").await;
    assert!(visitor.contains("2 more kept for one institution until"), "{visitor}");
    assert!(!visitor.contains("Hillside"), "the public is not told whose they are");
    books(&turnout, ask(&second, &school, "Di Fox", 2)).await;
    turnout.is_sound().await;
}

async fn an_organiser_sees_who_comes_against_whom_it_hopes_for(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let school = school(&turnout).await;
    let leeds =
        Alliance { slug: "leeds".parse().expect("a slug"), name: "Leeds".to_owned(), ..alliance() };
    let mut tx = turnout.ctx.store.begin().await.expect("a transaction");
    catalogue::insert_alliance(&mut tx, &leeds).await.expect("an alliance");
    tx.commit().await.expect("a commit");
    let code = turnout
        .plan("S1", "first", 10, |one| {
            let hopes = "school=3; faith=50%".parse().expect("hopes");
            one.aims = Aims { hopes, ..Aims::default() };
        })
        .await;
    books(&turnout, ask(&code, &school, "Di Fox", 1)).await;
    books(&turnout, ask(&code, &sender(1), "Ada Obi", 2)).await;
    books(&turnout, request(&code, "Cy Ray", 1, Together)).await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    let html = page(&office, "/office/sessions/S1").await;
    let html = html.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(html.contains("1, hoped for 3: 2 more wanted"), "{html}");
    assert!(html.contains("2, hoped for 50%: reached"), "{html}");
    assert!(html.contains("Of 4 with a place; 1 come for no institution on the list"), "{html}");
    assert!(html.contains("<dt>Oxford Citizens</dt> <dd>3</dd>"), "{html}");
    let season = page(&office, "/office/season").await;
    let season = season.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(season.contains("<dt>Schools</dt> <dd>1</dd>"), "{season}");
    let kinds = page(&office, "/office/turnout?by=kind").await;
    assert!(kinds.contains("Faith groups") && kinds.contains("not listed"), "{kinds}");
    assert!(page(&office, "/office/turnout?by=campaign").await.contains("leadership"));
}
