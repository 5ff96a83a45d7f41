//! The application form: read side by side, scored, decided, and everybody told on one day.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::{
            book_answered::book_answered,
            book_places::{Booked, book_places},
            cancel_places::{Which, cancel_places},
            refusals::{BookError, HoldError},
        },
        questions::answer::Answers,
        waiting::{
            decide_request::{Decision, decide_request},
            decision_day::tell_due,
        },
    },
    domain::{
        audit::Actor, id::SessionCode, occupancy::TeamPolicy::Together, question::Given,
        session::BookingMode, staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
};

on_both_databases!(
    applications_are_read_side_by_side_and_scored,
    what_is_decided_is_told_to_everybody_on_one_day,
    what_is_promised_is_nobody_elses,
    a_session_called_off_meanwhile_is_told_as_called_off,
    neither_hand_puts_back_what_the_other_answered,
    somebody_says_when_everybody_is_told,
);

const REQUESTS: &str = "/office/sessions/A1/requests";

/// An organiser, and an academy of three places that asks why.
async fn academy(turnout: &TestTurnout) -> (Client, SessionCode) {
    let code = turnout
        .plan("A1", "first", 3, |session| {
            session.mode = BookingMode::Approval;
            session.note = Some("Bring a pen".to_owned());
        })
        .await;
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    let form = Form::open(&office, "/office/sessions/A1/questions").await.with("usual", "1");
    assert_eq!(form.send(&office).await.0, Status::SeeOther);
    (office, code)
}

/// Somebody who asks for places, and says why.
async fn applies(turnout: &TestTurnout, code: &SessionCode, who: &str, places: usize) -> Booked {
    let why = |question: &str, value: &str| Given {
        question: question.parse().expect("a code"),
        revision: 1,
        value: value.to_owned(),
    };
    let given = vec![why("Q0001", &format!("{who} wants to lead"))];
    // They are read in the order in which they asked.
    turnout.clock.advance(Duration::seconds(1));
    let answers = Answers { of_booking: None, of_places: [(1, given)].into() };
    let asked = request(code, who, places, Together);
    book_answered(&turnout.ctx, &Actor::Api, asked, &answers).await.expect("a request")
}

async fn states(turnout: &TestTurnout, one: &Booked) -> String {
    turnout.states(one.registration.id).await.join(" ")
}

async fn says(office: &Client, one: &Booked, decision: &str) -> String {
    let body = format!("reference={}&decision={decision}", one.registration.reference);
    let (status, to) = post(office, REQUESTS, &body).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    to
}

async fn applications_are_read_side_by_side_and_scored(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code) = academy(&turnout).await;
    let ada = applies(&turnout, &code, "Ada Obi", 1).await;
    let bo = applies(&turnout, &code, "Bo Lee", 1).await;
    let compare = format!("{REQUESTS}/compare");
    let shown = page(&office, &compare).await;
    assert!(shown.contains("Why do you want to come?"), "{shown}");
    assert!(shown.find("Ada Obi wants to lead") < shown.find("Bo Lee wants to lead"), "{shown}");
    let list = page(&office, REQUESTS).await;
    assert!(list.contains("Bo Lee wants to lead"), "beside each who asks: {list}");
    let score = |one: &Booked, points: &str| {
        format!("reference={}&score={points}&note=Steady", one.registration.reference)
    };
    let scores = format!("{REQUESTS}/scores");
    for (one, points) in [(&ada, "2"), (&bo, "5")] {
        assert_eq!(post(&office, &scores, &score(one, points)).await.0, Status::SeeOther);
    }
    let (status, refused) = post(&office, &scores, &score(&ada, "6")).await;
    assert_eq!(status, Status::UnprocessableEntity);
    assert!(refused.contains("Give from 0 to 5 points"), "{refused}");
    let other = turnout.account("other", Role::Organiser, &["oxford"]).await;
    let other = turnout.signed_in(&other).await;
    assert_eq!(post(&other, &scores, &score(&ada, "3")).await.0, Status::SeeOther);
    let shown = page(&other, &format!("{compare}?sort=score")).await;
    assert!(shown.contains("<b>2.5</b> of 5") && shown.contains("Steady"), "{shown}");
    assert!(shown.find("Bo Lee") < shown.find("Ada Obi"), "the highest first");
    // The applicant sees nothing of it.
    let link = format!("/r/{}", ada.token.secret());
    let own = page(&turnout.browser().await, &link).await;
    assert!(!own.contains("Steady") && !own.contains("2.5"), "{own}");
    // From beside each other they are answered as from the list.
    let body = format!("reference={}&decision=refuse&back=compare", bo.registration.reference);
    let (_, to) = post(&office, REQUESTS, &body).await;
    assert!(to.starts_with(&compare), "{to}");
    assert_eq!(states(&turnout, &bo).await, "refused");
    turnout.is_sound().await;
}

async fn what_is_decided_is_told_to_everybody_on_one_day(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code) = academy(&turnout).await;
    let ada = applies(&turnout, &code, "Ada Obi", 1).await;
    let bo = applies(&turnout, &code, "Bo Lee", 1).await;
    turnout.letters().await;
    let day = format!("{REQUESTS}/day");
    for (form, fault) in [
        ("when=at&date=2026-12-01&time=12:00", "still to come"),
        ("when=at&date=2027-02-20&time=12:00", "still to come"),
        ("when=at&date=soon", "Enter a day"),
        ("when=never", "Choose when everybody is told"),
    ] {
        let (status, shown) = post(&office, &day, form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(shown.contains(fault), "{form}: {shown}");
    }
    let (status, to) = post(&office, &day, "when=at&date=2027-01-10&time=12:00").await;
    assert_eq!((status, to), (Status::SeeOther, format!("{day}?done=chosen")));
    assert!(says(&office, &ada, "approve").await.contains("noted-1-0-0"));
    assert!(says(&office, &bo, "refuse").await.contains("noted-0-0-1"));
    let shown = page(&office, REQUESTS).await;
    assert!(shown.contains("Everybody is told at") && shown.contains("Noted, and not told"));
    // Until then nobody is told, and nothing gives it away.
    assert_eq!(turnout.letters().await.len(), 0);
    assert_eq!(states(&turnout, &ada).await, "requested");
    let visitor = turnout.browser().await;
    for one in [&ada, &bo] {
        let own = page(&visitor, &format!("/r/{}", one.token.secret())).await;
        assert!(own.contains("The organiser decides by") && own.contains("10 January"), "{own}");
    }
    // Every letter can be read before; a decision can be another.
    let look = page(&office, &day).await;
    assert!(look.contains("2 bookings decided") && look.contains("1 yes and 1 no"), "{look}");
    assert!(look.contains("To Ada Obi, ada.obi@example.org"), "{look}");
    assert!(says(&office, &bo, "none").await.contains("taken-back"));
    assert!(says(&office, &bo, "wait").await.contains("noted-0-1-0"));
    assert_eq!(post(&office, &day, "when=at-once").await.0, Status::UnprocessableEntity);
    tell_due(&turnout.ctx).await.expect("nobody yet");
    assert_eq!(turnout.letters().await.len(), 0);
    turnout.clock.advance(Duration::days(9));
    assert_eq!(tell_due(&turnout.ctx).await.expect("the day"), 2);
    assert_eq!(tell_due(&turnout.ctx).await.expect("once"), 0);
    assert_eq!(states(&turnout, &ada).await, "confirmed");
    let told = turnout.subjects().await;
    assert!(told.iter().any(|one| one.contains("ada.obi")), "{told:?}");
    assert!(told.iter().any(|one| one.contains("bo.lee")), "{told:?}");
    // Whoever asks afterwards is answered at once.
    let cy = applies(&turnout, &code, "Cy Ray", 1).await;
    let login = "organiser".parse().expect("a login");
    turnout.sign_in(&office, &login).await;
    assert!(!says(&office, &cy, "refuse").await.contains("noted"));
    assert_eq!(states(&turnout, &cy).await, "refused");
    turnout.is_sound().await;
}

async fn what_is_promised_is_nobody_elses(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code) = academy(&turnout).await;
    let ada = applies(&turnout, &code, "Ada Obi", 2).await;
    let bo = applies(&turnout, &code, "Bo Lee", 2).await;
    assert_eq!(post(&office, &format!("{REQUESTS}/day"), "when=on-word").await.0, Status::SeeOther);
    assert!(says(&office, &ada, "approve").await.contains("noted-2-0-0"));
    let session = turnout.session(&code).await;
    assert_eq!((session.occupancy.promised, session.occupancy.free()), (2, 1));
    // Two more do not fit beside them, whoever decides and by whatever way.
    assert!(says(&office, &bo, "approve").await.contains("noted-0-2-0"));
    assert!(says(&office, &ada, "approve").await.contains("noted-2-0-0"), "her own are hers");
    let cli =
        decide_request(&turnout.ctx, &Actor::CommandLine, bo.registration.id, Decision::Approve);
    assert!(cli.await.expect("noted").is_noted);
    let staff = Actor::Staff("organiser".parse().expect("a login"));
    let mut direct = request(&code, "Di Fox", 2, Together);
    direct.vouched = true;
    let direct = book_places(&turnout.ctx, &staff, direct).await.expect("they wait");
    assert_eq!(states(&turnout, &direct).await, "waiting waiting");
    let (_, shown) = post(&office, "/office/sessions/A1/places", "capacity=1").await;
    assert!(shown.contains("promised"), "{shown}");
    // What is given up before is promised no more.
    let id = ada.registration.id;
    cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("given up");
    assert_eq!(turnout.session(&code).await.occupancy.promised, 0);
    let (_, to) = post(&office, &format!("{REQUESTS}/day"), "tell=now").await;
    assert!(to.contains("told-1"), "{to}");
    let refused = book_places(&turnout.ctx, &Actor::Api, request(&code, "Ed Kay", 50, Together));
    assert!(matches!(refused.await, Err(BookError::Hold(HoldError::WrongNumber { .. }))));
    turnout.is_sound().await;
}

async fn a_session_called_off_meanwhile_is_told_as_called_off(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code) = academy(&turnout).await;
    let ada = applies(&turnout, &code, "Ada Obi", 1).await;
    post(&office, &format!("{REQUESTS}/day"), "when=on-word").await;
    says(&office, &ada, "approve").await;
    turnout.letters().await;
    let cancel = "/office/sessions/A1/cancel";
    let (status, to) = post(&office, cancel, "why=The+roof+leaks&typed=CANCEL").await;
    assert_eq!(status, Status::SeeOther, "{to}");
    turnout.clock.advance(Duration::minutes(5));
    tell_due(&turnout.ctx).await.expect("nothing");
    let (_, to) = post(&office, &format!("{REQUESTS}/day"), "tell=now").await;
    assert!(to.contains("told-0"), "nobody is told of a place that is none: {to}");
    assert_eq!(states(&turnout, &ada).await, "cancelled");
    assert_eq!(turnout.session(&code).await.occupancy.promised, 0);
    turnout.is_sound().await;
}

async fn neither_hand_puts_back_what_the_other_answered(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code) = academy(&turnout).await;
    let ada = applies(&turnout, &code, "Ada Obi", 1).await;
    let browser = turnout.browser().await;
    let hers = format!("/r/{}/questions", ada.token.secret());
    let theirs = format!("/office/bookings/{}/questions", ada.registration.reference);
    let (old, same) = (Form::open(&browser, &hers).await, Form::open(&browser, &hers).await);
    let put_right = Form::open(&office, &theirs).await.with("q.Q0001.1", "To lead our school");
    assert_eq!(put_right.send(&office).await.0, Status::SeeOther);
    // She changes something else on a page that is older: both stand.
    let (status, to) = old.with("q.Q0002.1", "A street party").send(&browser).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let record = page(&office, &theirs).await;
    assert!(record.contains("To lead our school") && record.contains("A street party"), "{record}");
    let (status, shown) = same.with("q.Q0001.1", "To be heard").send(&browser).await;
    assert_eq!(status, Status::Conflict);
    assert!(
        shown.contains("Somebody else changed this") && shown.contains("To be heard"),
        "{shown}"
    );
    // A script that sends only what it fills in says it anyway.
    let form = "q.Q0001.1=To+be+heard";
    assert_eq!(post(&browser, &hers, form).await.0, Status::SeeOther);
    assert!(page(&office, &theirs).await.contains("To be heard"));
}

async fn somebody_says_when_everybody_is_told(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, code) = academy(&turnout).await;
    let many: Vec<_> = vec![
        applies(&turnout, &code, "Ada Obi", 1).await,
        applies(&turnout, &code, "Bo Lee", 1).await,
    ];
    turnout.letters().await;
    post(&office, &format!("{REQUESTS}/day"), "when=on-word").await;
    let ticks: Vec<_> =
        many.iter().map(|one| format!("tick={}", one.registration.reference)).collect();
    let body = format!("{}&decision=approve&sure=yes", ticks.join("&"));
    let (_, to) = post(&office, &format!("{REQUESTS}/many"), &body).await;
    assert!(to.contains("noted-2-0-0"), "{to}");
    assert_eq!(turnout.letters().await.len(), 0);
    let (_, to) = post(&office, &format!("{REQUESTS}/day"), "tell=now").await;
    assert!(to.contains("told-2"), "{to}");
    for one in &many {
        assert_eq!(states(&turnout, one).await, "confirmed");
    }
    let letters = turnout.letters().await;
    assert!(letters.iter().all(|letter| !letter.text.contains("wants to lead")), "private");
    assert!(!letters.is_empty());
    let log = page(&office, "/office/audit?session=A1").await;
    assert!(log.contains("organiser"), "{log}");
    turnout.is_sound().await;
}
