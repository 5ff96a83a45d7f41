//! A session and all that follow it change together: a look at each first, and all of them or none.

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        session::{Publication, Trainer},
        staff::Role,
    },
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    form::Form,
    plan::request,
    start,
};

on_both_databases!(
    all_that_follow_change_together_after_a_look,
    all_that_follow_meet_at_a_venue_of_the_list,
    one_that_cannot_change_leaves_all_as_they_were,
    what_somebody_changed_meanwhile_is_not_changed_unseen,
);

const SERIES: &str = "/office/sessions/S2/series";

/// Four weeks of a course; the last is a draft. Two people have booked the second and the third.
async fn weeks(turnout: TestTurnout) -> (TestTurnout, Client, Vec<SessionCode>) {
    let turnout = turnout.season().await;
    let login = turnout.account("ruth", Role::Organiser, &["oxford"]).await;
    let mut codes = Vec::new();
    for (number, code) in (0..).zip(["S1", "S2", "S3", "S4"]) {
        let day = turnout.sitting(1, start().naive_utc() + Duration::days(28 + 7 * number));
        let planned = turnout.plan(code, "first", 9, |session| {
            session.sittings = vec![day];
            if code == "S4" {
                session.publication = Publication::Draft;
            }
        });
        codes.push(planned.await);
    }
    for code in &codes[1..3] {
        let team = request(code, "Ada Obi", 1, Together);
        book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    }
    turnout.letters().await;
    let office = turnout.signed_in(&login).await;
    (turnout, office, codes)
}

async fn all_that_follow_change_together_after_a_look(turnout: TestTurnout) {
    let (turnout, office, codes) = weeks(turnout).await;
    assert!(page(&office, "/office/sessions/S2").await.contains(SERIES));
    let form = page(&office, SERIES).await;
    assert!(form.contains("value=\"S4\"") && !form.contains("value=\"S1\""), "{form}");
    let form = Form::of(SERIES, &form)
        .with("start", "18:00")
        .with("end", "20:30")
        .with("where", "venue")
        .with("venue", "The Mill")
        .with("address", "1 Mill Lane")
        .with("trainers", "these")
        .ticked("trainer", "ruth")
        .with("words", "We meet after work from now on.");
    let (status, look) = form.send(&office).await;
    assert_eq!(status, Status::Ok, "{look}");
    for words in ["6pm to 8.30pm", "The Mill, 1 Mill Lane", "Nobody: it is a draft", "1 person"] {
        assert!(look.contains(words), "{words} in {look}");
    }
    assert!(look.contains("Change 3 sessions and tell 2 people"), "{look}");
    assert!(turnout.session(&codes[1]).await.trainers.is_empty(), "nothing is kept of it");
    assert!(turnout.letters().await.is_empty());
    turnout.is_sound().await;

    let (status, done) = form.with("sure", "yes").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{done}");
    for code in &codes[1..] {
        let session = turnout.session(code).await;
        let day = &session.sittings[0];
        assert_eq!(day.starts.format("%H:%M").to_string(), "18:00", "{code}");
        assert_eq!(session.location.public_line(), "The Mill, 1 Mill Lane", "{code}");
        let ruth = Trainer { login: "ruth".parse().expect("a login"), name: "ruth".to_owned() };
        assert_eq!(session.trainers, vec![ruth], "{code}");
    }
    assert!(turnout.session(&codes[0]).await.trainers.is_empty(), "it comes before");
    assert_eq!(turnout.session(&codes[3]).await.publication, Publication::Draft);
    let letters = turnout.letters().await;
    let said = |one: &&turnout::mail::reading::ReadLetter| one.text.contains("after work");
    assert_eq!(letters.iter().filter(said).count(), 2, "once for each session: {letters:?}");
    turnout.is_sound().await;
}

async fn all_that_follow_meet_at_a_venue_of_the_list(turnout: TestTurnout) {
    let (turnout, office, codes) = weeks(turnout).await;
    let mill = "name=The+Mill&address=1+Mill+Lane&alliance=oxford&capacity=4";
    let (status, to) = post(&office, "/office/venues/new", mill).await;
    assert_eq!(status, Status::SeeOther, "{to}");
    let form = page(&office, SERIES).await;
    let id = form.split("<option value=\"").find(|one| one.contains("The Mill")).expect("it");
    let id = id.split('"').next().expect("an id").to_owned();
    let form = Form::of(SERIES, &form).with("where", "venue").with("venue_id", &id);
    let (status, look) = form.send(&office).await;
    assert_eq!(status, Status::Ok, "{look}");
    assert!(look.contains("The Mill holds 4, and there are 9 places"), "{look}");
    let (status, done) = form.with("sure", "yes").send(&office).await;
    assert_eq!(status, Status::SeeOther, "{done}");
    for code in &codes[1..] {
        let session = turnout.session(code).await;
        assert_eq!(session.venue.map(|id| id.to_string()), Some(id.clone()), "{code}");
        assert_eq!(session.location.public_line(), "The Mill, 1 Mill Lane", "{code}");
    }
    turnout.is_sound().await;
}

async fn one_that_cannot_change_leaves_all_as_they_were(turnout: TestTurnout) {
    let (turnout, office, codes) = weeks(turnout).await;
    let before = turnout.session(&codes[1]).await;
    for (form, field) in [
        ("start=18%3A00", "end"),
        ("start=18%3A00&end=late", "end"),
        ("where=venue&venue=", "venue"),
        ("", "start"),
        ("trainers=these&trainer=nobody.here", "tick"),
    ] {
        let form = format!("{form}&tick=S2&tick=S3&sure=yes");
        let (status, again) = post(&office, SERIES, &form).await;
        assert_eq!(status, Status::UnprocessableEntity, "{form}");
        assert!(again.contains(&format!("id=\"{field}-e\"")), "{form}: {again}");
    }
    assert_eq!(turnout.session(&codes[1]).await, before);
    assert!(turnout.letters().await.is_empty());
    turnout.is_sound().await;
}

async fn what_somebody_changed_meanwhile_is_not_changed_unseen(turnout: TestTurnout) {
    let (turnout, office, codes) = weeks(turnout).await;
    let form = Form::open(&office, SERIES).await.with("start", "18:00").with("end", "20:00");
    let times = "d1_date=2027-02-13&d1_start=11%3A00&d1_end=13%3A00";
    post(&office, "/office/sessions/S3/times", times).await;
    turnout.letters().await;
    let before = turnout.session(&codes[1]).await;
    let (status, again) = form.with("sure", "yes").send(&office).await;
    assert_eq!(status, Status::UnprocessableEntity, "{again}");
    assert!(again.contains("Nothing was changed"), "{again}");
    assert_eq!(turnout.session(&codes[1]).await, before);
    assert!(turnout.letters().await.is_empty());
}
