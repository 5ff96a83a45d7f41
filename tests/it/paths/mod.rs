//! Paths: what counts, who is on one and how far, what she claims, and her certificate.

mod kept;
mod mine;
mod office;
mod told;
mod versions;

use rocket::{http::Status, local::asynchronous::Client};
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::check_in::{Taps, check_in},
        people::know_people::know_people,
    },
    domain::{
        attendance::{Mark, Presence},
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        session::{Session, Trainer},
        staff::Role,
    },
    store::staff,
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::request,
};

/// A path of four hours of training, of which the first course is required, and two of action.
pub const PATH: &str = "name=Community+organiser&about=To+lead+in+public&training=4&action=2\
    &quiet_months=6&course-first=required&order-first=1&course-second=required&order-second=2";

/// The office, with an administrator signed in and a path that is published.
pub async fn office(turnout: &TestTurnout) -> Client {
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let browser = turnout.signed_in(&login).await;
    let (status, there) = post(&browser, "/office/new-path", PATH).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    assert!(there.starts_with("/office/paths/community-organiser"), "{there}");
    let (status, there) = post(&browser, "/office/paths/community-organiser/publish", "").await;
    assert_eq!((status, there.contains("published")), (Status::SeeOther, true), "{there}");
    browser
}

/// Puts Ada Obi of the first institution on the path; where her record is.
pub async fn put_ada_on(office: &Client) -> String {
    let body = "name=Ada+Obi&email=ada.obi%40example.org&institution=I0001";
    let (status, there) = post(office, "/office/paths/community-organiser/people", body).await;
    assert_eq!(status, Status::SeeOther, "{there}");
    record_of(office, "Ada Obi").await
}

/// Where the record of somebody on the path is.
pub async fn record_of(office: &Client, name: &str) -> String {
    let shown = page(office, "/office/paths/community-organiser").await;
    let (before, _) = shown.split_once(&format!(">{name}</a>")).expect("her name");
    let (_, href) = before.rsplit_once("href=\"").expect("a link");
    href.trim_end_matches('"').to_owned()
}

/// The private link in the latest letter that has one.
pub async fn link(turnout: &TestTurnout) -> String {
    let letters = turnout.letters().await;
    let with = letters.iter().rfind(|one| one.text.contains("https://turnout.example/path/"));
    let text = &with.expect("a letter with a link").text;
    let (_, rest) = text.split_once("https://turnout.example/path/").expect("a link");
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/path/{secret}")
}

/// Plans a session of a course, led by somebody who may check people in.
pub async fn led(turnout: &TestTurnout, code: &str, course: &str, days: u32) -> SessionCode {
    let login = format!("leads-{}", code.to_lowercase());
    let login = turnout.account(&login, Role::Trainer, &["oxford"]).await;
    let week = i64::from(code.ends_with('2'));
    let first = crate::support::start().naive_utc() + chrono::Duration::days(28 + 7 * week);
    let sittings =
        (0..days).map(|day| turnout.sitting(day + 1, first + chrono::Duration::days(day.into())));
    let sittings = sittings.collect();
    let lead = |session: &mut Session| {
        session.sittings = sittings;
        session.trainers = vec![Trainer { login, name: "Ruth".to_owned() }];
    };
    turnout.plan(code, course, 9, lead).await
}

/// Somebody books a session and is seen at the door of these days.
pub async fn comes(turnout: &TestTurnout, code: &SessionCode, who: &str, days: &[u32]) {
    let mut team = request(code, who, 1, Together);
    team.nomination =
        turnout::domain::text::Paragraph::parse_optional("She is ready").ok().flatten();
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let place = booked.registration.places[0].id;
    let session = turnout.session(code).await;
    let leads = &session.trainers[0].login;
    let mut conn = turnout.ctx.store.read().await.expect("a connection");
    let member = staff::find(&mut conn, leads).await.expect("a read").expect("an account");
    drop(conn);
    for day in days {
        let sitting = &session.sittings[(day - 1) as usize];
        if turnout.ctx.now() < sitting.starts_at {
            turnout.clock.advance(sitting.starts_at - turnout.ctx.now());
        }
        let mark = Mark { place, presence: Presence::Attended, at: sitting.starts_at };
        let taps = Taps { marks: vec![mark], ..Taps::default() };
        check_in(&turnout.ctx, &member, code, *day, &taps).await.expect("taps");
    }
    while know_people(&turnout.ctx).await.expect("a round") {}
}

/// An organiser of Oxford, signed in now.
pub async fn organiser(turnout: &TestTurnout) -> Client {
    let login = turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.signed_in(&login).await
}

/// The administrator, signed in anew: a sign-in does not last as long as a season.
pub async fn office_again(turnout: &TestTurnout) -> Client {
    turnout.signed_in(&"office".parse().expect("a login")).await
}
