//! Calendars of one's own: what an attendee's and a trainer's show, to whom, and until when.

use chrono::Duration;
use rocket::{
    http::{ContentType, Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
            change_attendee::change_attendee,
        },
        sessions::change_session::{cancel_session, move_session},
        staff::disable_account::disable_account,
    },
    domain::{
        audit::Actor, id::SessionCode, location::Location, occupancy::TeamPolicy::Together,
        registration::Registration, session::Trainer, staff::Role, text::Paragraph,
    },
};

use crate::support::{
    TestTurnout,
    plan::{attendee, request},
    web::client,
};

on_both_databases!(
    an_attendee_sees_all_her_places_and_nobody_elses,
    an_attendees_feed_follows_moves_and_cancellations,
    a_new_address_ends_the_old_one_and_stopping_ends_it_for_good,
    a_corrected_name_or_address_keeps_the_feed_and_two_in_one_inbox_keep_two,
    a_trainer_sees_how_many_come_and_no_name,
    a_feed_is_never_shared_indexed_or_fetched_without_end,
    an_address_opens_in_calendar_apps_and_before_a_camera,
);

struct Got {
    status: Status,
    headers: Vec<(String, String)>,
    body: String,
}

impl Got {
    fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// The unfolded lines that start like this.
    fn lines(&self, start: &str) -> Vec<String> {
        let unfolded = self.body.replace("\r\n ", "");
        unfolded.lines().filter(|line| line.starts_with(start)).map(str::to_owned).collect()
    }
}

/// The SEQUENCE of the only event.
fn sequence(got: &Got) -> u32 {
    let line = got.lines("SEQUENCE:").concat();
    line.trim_start_matches("SEQUENCE:").parse().expect("a number")
}

async fn get_with(client: &Client, path: &str, header: Option<Header<'static>>) -> Got {
    let mut asked = client.get(path.to_owned());
    if let Some(header) = header {
        asked.add_header(header);
    }
    let answer = asked.dispatch().await;
    let headers = answer.headers().iter();
    let headers = headers.map(|h| (h.name().to_string(), h.value().to_owned())).collect();
    let status = answer.status();
    Got { status, headers, body: answer.into_string().await.unwrap_or_default() }
}

async fn get(client: &Client, path: &str) -> Got {
    get_with(client, path, None).await
}

async fn book_two(turnout: &TestTurnout, session: &SessionCode) -> Registration {
    let mut asked = request(session, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking").registration
}

/// The path of the link in the last letter to `who`.
async fn own_link(turnout: &TestTurnout, who: &str) -> String {
    let letters = turnout.letters().await;
    let letter = letters.iter().rfind(|one| one.to.contains(who) && one.text.contains("/p/"));
    let text = &letter.unwrap_or_else(|| panic!("nothing to {who}")).text;
    let at = text.find("https://turnout.example/p/").expect("a link");
    let link = text[at..].split_whitespace().next().expect("a link");
    link.trim_start_matches("https://turnout.example").to_owned()
}

/// Makes the feed on the page at `base`; its path.
async fn made(client: &Client, base: &str) -> String {
    let page = client.post(base.to_owned()).header(ContentType::Form).dispatch().await;
    assert_eq!(page.status(), Status::Ok);
    let page = page.into_string().await.expect("a page");
    let at = page.find("https://turnout.example/feeds/p/").expect("an address");
    let url = page[at..].split('<').next().expect("an address");
    url.trim_start_matches("https://turnout.example").to_owned()
}

async fn an_attendee_sees_all_her_places_and_nobody_elses(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ctx = &turnout.ctx;
    let days = |session: &mut turnout::domain::session::Session| {
        let next = session.sittings[0].starts + Duration::days(1);
        session.sittings.push(turnout.sitting(2, next));
    };
    let first = turnout.plan("S1", "first", 9, days).await;
    let online = |session: &mut turnout::domain::session::Session| {
        session.location = Location::Online { room: "https://meet.example/secret".to_owned() };
    };
    let second = turnout.plan("S2", "first", 9, online).await;
    let other = turnout.plan("S3", "first", 9, |_| {}).await;
    book_two(&turnout, &first).await;
    let base = own_link(&turnout, "ben.low").await;
    book_two(&turnout, &second).await;
    // Somebody else with the same inbox, and Ben again with capitals.
    let mut family = request(&other, "Bea Low", 1, Together);
    family.attendees[0].as_mut().expect("her").email = attendee("Ben Low").email;
    book_places(ctx, &Actor::Api, family).await.expect("a booking");
    let invited: Vec<String> = turnout
        .letters()
        .await
        .into_iter()
        .filter(|letter| letter.to.contains("ben.low"))
        .filter_map(|letter| String::from_utf8(letter.calendar?).ok())
        .filter_map(|ics| ics.lines().find(|line| line.starts_with("UID:")).map(str::to_owned))
        .collect();

    let client = client(&turnout).await;
    let page = get(&client, &format!("{base}/calendar")).await;
    assert!(page.body.contains("Make my calendar address"));
    let feed = get(&client, &made(&client, &format!("{base}/calendar")).await).await;
    assert_eq!(feed.status, Status::Ok);
    assert_eq!(feed.lines("METHOD:"), ["METHOD:PUBLISH"]);
    let uids = feed.lines("UID:");
    assert_eq!(uids.len(), 3, "two days and one evening: {}", feed.body);
    let secret = |uid: &String| invited.iter().any(|one| one == uid);
    assert!(!uids.iter().any(secret), "the UID of an invite frees the place: no feed shows it");
    assert!(feed.body.replace("\r\n ", "").contains("https://meet.example/secret"), "her room");
    for secret in ["Ada", "Ben", "Bea", "ATTENDEE", "VALARM", "SOURCE", "example.org", "/p/"] {
        let body = feed.body.replace("\r\n ", "");
        assert!(!body.contains(secret), "{secret} in {body}");
    }
}

async fn an_attendees_feed_follows_moves_and_cancellations(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ctx = &turnout.ctx;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    let given_up = turnout.plan("S2", "first", 9, |_| {}).await;
    book_two(&turnout, &session).await;
    let base = own_link(&turnout, "ben.low").await;
    let gone = book_two(&turnout, &given_up).await;
    let client = client(&turnout).await;
    let path = made(&client, &format!("{base}/calendar")).await;
    let before = get(&client, &path).await;
    assert_eq!(before.lines("UID:").len(), 2);

    let which = Which::One(gone.places[1].id);
    cancel_places(ctx, &Actor::Leader, gone.id, which, None).await.expect("a cancellation");
    let elsewhere = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    turnout.clock.advance(Duration::minutes(1));
    move_session(ctx, &Actor::CommandLine, &session, elsewhere, None).await.expect("a move");
    let moved = get(&client, &path).await;
    assert_eq!(moved.lines("UID:").len(), 1, "what she gave up is gone at once");
    assert_eq!(moved.lines("SEQUENCE:"), ["SEQUENCE:1"], "one change counts once");
    assert_eq!(moved.lines("LOCATION:"), ["LOCATION:The Mill"]);

    turnout.clock.advance(Duration::minutes(1));
    let why = Paragraph::parse_optional("The roof leaks.").expect("words");
    cancel_session(ctx, &Actor::CommandLine, &session, why.as_ref(), None)
        .await
        .expect("a cancellation");
    cancel_session(ctx, &Actor::CommandLine, &given_up, why.as_ref(), None)
        .await
        .expect("a cancellation");
    let cancelled = get(&client, &path).await;
    assert_eq!(cancelled.lines("STATUS:"), ["STATUS:CANCELLED"], "not what she gave up before");
    assert_eq!(sequence(&cancelled), sequence(&moved) + 1, "{}", cancelled.body);
    turnout.clock.advance(Duration::days(15));
    let later = get(&client, &path).await;
    assert!(later.lines("UID:").is_empty(), "{}", later.body);
    assert_eq!(later.lines("BEGIN:VTIMEZONE").len(), 1, "an empty calendar is still one");
}

async fn a_new_address_ends_the_old_one_and_stopping_ends_it_for_good(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    book_two(&turnout, &session).await;
    let base = format!("{}/calendar", own_link(&turnout, "ben.low").await);
    let client = client(&turnout).await;
    let first = made(&client, &base).await;
    assert_eq!(get(&client, &first).await.status, Status::Ok);
    let page = get(&client, &base).await;
    assert!(page.body.contains("A calendar last looked at it on "), "{}", page.body);
    assert!(!page.body.contains("/feeds/p/"), "an address is shown once");
    assert_eq!(page.header("Referrer-Policy"), Some("no-referrer"));

    let second = made(&client, &base).await;
    assert_eq!(get(&client, &first).await.status, Status::NotFound);
    assert_eq!(get(&client, &second).await.status, Status::Ok);
    let stopped = client.post(format!("{base}/stop")).header(ContentType::Form).dispatch().await;
    assert_eq!(stopped.status(), Status::SeeOther);
    let unknown = format!("/feeds/p/{}.ics", "0".repeat(26));
    for path in [second.as_str(), &unknown, "/feeds/p/short.ics", "/feeds/p/none"] {
        let got = get(&client, path).await;
        assert_eq!(got.status, Status::NotFound, "{path}");
        assert!(got.header("Content-Type").is_some_and(|kind| kind.starts_with("text/plain")));
        assert_eq!(got.header("Set-Cookie"), None);
        assert_eq!(got.header("Cache-Control"), Some("no-store"));
    }
}

async fn a_corrected_name_or_address_keeps_the_feed_and_two_in_one_inbox_keep_two(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let ctx = &turnout.ctx;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut asked = request(&code, "Ada Obi", 3, Together);
    let ben = attendee("Ben Low");
    let mut bea = attendee("Bea Ray");
    bea.email = ben.email.clone();
    (asked.attendees[1], asked.attendees[2]) = (Some(ben.clone()), Some(bea.clone()));
    let booking = book_places(ctx, &Actor::Api, asked).await.expect("a booking").registration;
    let letters = turnout.letters().await;
    let own = |name: &str| {
        let found = letters.iter().find(|one| one.to.contains(name) && one.text.contains("/p/"));
        let text = &found.unwrap_or_else(|| panic!("nothing to {name}")).text;
        let at = text.find("https://turnout.example/p/").expect("a link");
        let link = text[at..].split_whitespace().next().expect("a link");
        link.trim_start_matches("https://turnout.example").to_owned()
    };
    let client = client(&turnout).await;
    let bens = made(&client, &format!("{}/calendar", own("Ben Low"))).await;
    let beas = made(&client, &format!("{}/calendar", own("Bea Ray"))).await;
    let events = async |path: &str| get(&client, path).await.lines("BEGIN:VEVENT").len();
    assert_eq!((events(&bens).await, events(&beas).await), (1, 1), "one inbox, two calendars");
    // A new surname, and then a new address.
    let mut now = ben;
    for step in ["Ben Low-Smith", "elsewhere@example.org"] {
        if step.contains('@') {
            now.email = step.parse().ok();
        } else {
            now.name = turnout::domain::text::Name::parse(step).expect("a name");
        }
        let id = booking.places[1].id;
        let changed = change_attendee(ctx, &Actor::Leader, booking.id, id, now.clone()).await;
        changed.unwrap_or_else(|error| panic!("{step}: {error}"));
        let feed = get(&client, &bens).await;
        assert_eq!(feed.status, Status::Ok);
        assert!(events(&bens).await >= 1, "{step}: {}", feed.body);
    }
    assert_eq!(events(&beas).await, 1);
    // Under the corrected name at the old address he is known; whoever says that an address is his
    // learns nothing of what is booked there.
    let other = turnout.plan("S2", "first", 9, |_| {}).await;
    let mut again = request(&other, "Ben Low-Smith", 1, Together);
    again.attendees[0].as_mut().expect("Ben").email = bea.email.clone();
    book_places(ctx, &Actor::Api, again).await.expect("a booking");
    let third = turnout.plan("S3", "first", 9, |_| {}).await;
    let mut stranger = request(&third, "Ben Low-Smith", 1, Together);
    stranger.attendees[0].as_mut().expect("Ben").email = now.email.clone();
    book_places(ctx, &Actor::Api, stranger).await.expect("a booking");
    let summaries = get(&client, &bens).await;
    assert!(summaries.body.contains("/sessions/S2"), "{}", summaries.body);
    assert!(!summaries.body.contains("/sessions/S3"), "{}", summaries.body);
    turnout.is_sound().await;
}

async fn a_trainer_sees_how_many_come_and_no_name(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let ctx = &turnout.ctx;
    let login = turnout.account("amina.yusuf", Role::Trainer, &["oxford"]).await;
    turnout.account("office", Role::Administrator, &[]).await;
    let leads = Trainer { login: login.clone(), name: "Amina Yusuf".to_owned() };
    let session = turnout.plan("S1", "first", 9, |one| one.trainers = vec![leads]).await;
    turnout.plan("S2", "first", 9, |_| {}).await;
    let browser = turnout.signed_in(&login).await;
    let path = made(&browser, "/trainer/calendar").await;
    let calendar = client(&turnout).await;
    let before = get(&calendar, &path).await;
    assert_eq!(before.lines("UID:").len(), 1, "the session she leads");
    assert!(before.body.replace("\r\n ", "").contains("Coming: 0 of 9 places"));
    book_two(&turnout, &session).await;
    let after = get(&calendar, &path).await;
    let body = after.body.replace("\r\n ", "");
    assert!(body.contains("Coming: 2 of 9 places"), "{body}");
    assert!(body.contains("https://turnout.example/trainer/sessions/S1/roster"));
    assert!(!body.contains("Ada") && !body.contains("Ben") && !body.contains("ATTENDEE"));
    assert_ne!(before.header("ETag"), after.header("ETag"));

    disable_account(ctx, &Actor::CommandLine, &login).await.expect("disabled");
    assert_eq!(get(&calendar, &path).await.status, Status::NotFound);
}

async fn a_feed_is_never_shared_indexed_or_fetched_without_end(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    book_two(&turnout, &session).await;
    let base = format!("{}/calendar", own_link(&turnout, "ben.low").await);
    let client = client(&turnout).await;
    let path = made(&client, &base).await;
    let got = get_with(&client, &path, Some(Header::new("Accept-Encoding", "gzip"))).await;
    assert_eq!(got.header("Content-Type"), Some("text/calendar; charset=utf-8"));
    assert_eq!(got.header("Cache-Control"), Some("private, no-cache"));
    assert_eq!(got.header("Referrer-Policy"), Some("no-referrer"));
    assert_eq!(got.header("X-Robots-Tag"), Some("noindex"));
    assert_eq!(got.header("Content-Encoding"), None, "Outlook on the web fails on it");
    assert_eq!(got.header("Access-Control-Allow-Origin"), None);
    let etag = got.header("ETag").expect("an ETag").to_owned();
    turnout.clock.advance(Duration::hours(1));
    let same = get_with(&client, &path, Some(Header::new("If-None-Match", etag))).await;
    assert_eq!((same.status, same.body.as_str()), (Status::NotModified, ""));
    let mut refused = None;
    for _ in 0..70 {
        let got = get(&client, &path).await;
        if got.status == Status::TooManyRequests {
            refused = Some(got);
            break;
        }
    }
    let refused = refused.expect("a limit");
    assert!(refused.header("Retry-After").is_some_and(|wait| wait.parse::<u32>().is_ok()));
}

async fn an_address_opens_in_calendar_apps_and_before_a_camera(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let session = turnout.plan("S1", "first", 9, |_| {}).await;
    book_two(&turnout, &session).await;
    let base = own_link(&turnout, "ben.low").await;
    let client = client(&turnout).await;
    let answer = client.post(format!("{base}/calendar")).header(ContentType::Form).dispatch().await;
    let page = answer.into_string().await.expect("a page");
    let at = page.find("https://turnout.example/feeds/p/").expect("an address");
    let url = page[at..].split('<').next().expect("an address");
    // Never in clear text: `webcal:` starts so.
    let app = url.replacen("https://", "webcals://", 1);
    assert!(page.contains(&format!("href=\"{app}\"")), "{page}");
    assert!(!page.contains("webcal://"), "{page}");
    let (_, code) = page.split_once("class=\"qr\"").expect("a code");
    assert!(code.trim_start_matches('>').trim_start().starts_with("<svg"), "{code}");
    assert!(code.contains("Let nobody photograph it"), "{code}");
    // It is shown once; neither the page before nor the one after has it.
    let again = client.get(format!("{base}/calendar")).dispatch().await;
    let again = again.into_string().await.expect("a page");
    assert!(!again.contains("/feeds/p/") && !again.contains("class=\"qr\""), "{again}");
}
