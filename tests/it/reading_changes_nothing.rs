//! No page that is opened changes anything: every route that answers a GET is asked as everybody, with what it
//! names there to be found, and the whole database is compared. Scanners of mail open links, and browsers
//! open them ahead of their readers.

use std::collections::BTreeMap;

use chrono::Duration;
use rocket::{
    Route,
    http::{ContentType, Method},
    local::asynchronous::Client,
};
use turnout::{
    actions::booking::book_places::book_places,
    domain::{
        audit::Actor,
        id::SessionCode,
        occupancy::TeamPolicy,
        series::{Bookable, InSeries},
        session::{BookingMode, Publication, Session, Trainer},
        staff::Role,
    },
};

use crate::support::{TestTurnout, browser::post, everything, plan::request, web::site};

on_both_databases!(no_get_changes_anything_whoever_asks);

/// What is there to be named, by the parameter of a route: all of it is tried.
type Named = BTreeMap<&'static str, Vec<String>>;

/// The addresses of a route: each of its parameters takes each of its values in turn, the others their first.
fn addresses(route: &Route, named: &Named) -> Vec<String> {
    let path = route.uri.path();
    let values = |segment: &str| -> Vec<String> {
        let Some(name) = segment.strip_prefix('<').and_then(|rest| rest.strip_suffix('>')) else {
            return vec![segment.to_owned()];
        };
        let name = name.trim_end_matches("..");
        named.get(name).cloned().unwrap_or_else(|| panic!("{path}: nothing is named {name}"))
    };
    let segments: Vec<Vec<String>> = path.split('/').map(values).collect();
    let most = segments.iter().map(Vec::len).max().unwrap_or(1);
    let address = |at: usize| {
        let chosen = segments.iter().map(|some| some[at.min(some.len() - 1)].as_str());
        chosen.collect::<Vec<_>>().join("/")
    };
    let mut all: Vec<String> = (0..most).map(address).collect();
    // Where two parameters belong together, such as a session and the token of a booking of it.
    for at in 0..segments.len() {
        for value in &segments[at] {
            let with = |(other, some): (usize, &Vec<String>)| {
                if other == at { value.clone() } else { some[0].clone() }
            };
            all.push(segments.iter().enumerate().map(with).collect::<Vec<_>>().join("/"));
        }
    }
    all.sort_unstable();
    all.dedup();
    all
}

/// Tokens in the letters since the last look, by what they open.
async fn tokens(turnout: &TestTurnout) -> Vec<String> {
    let letters = turnout.letters().await;
    let words = letters.iter().flat_map(|letter| letter.text.split_whitespace());
    let paths = words.filter_map(|word| word.strip_prefix("https://turnout.example"));
    let tokens = paths.filter_map(|path| {
        let mut parts = path.split('/').skip(1);
        let is_link = matches!(parts.next(), Some("r" | "p" | "offers"));
        parts.next().filter(|_| is_link).map(|token| token.trim_end_matches('.').to_owned())
    });
    let mut tokens: Vec<String> = tokens.collect();
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

/// A hold that somebody began on the pages, and whose time is over; the token of its address.
async fn ended_hold(turnout: &TestTurnout, code: &SessionCode) -> String {
    let browser = turnout.browser().await;
    let body =
        "places=2&self=yes&name=Cy+Dunn&email=cy%40example.org&institution=none&team=together";
    let (_, to) = post(&browser, &format!("/sessions/{code}/register"), body).await;
    let token = to.split('/').nth(4).expect("a token").to_owned();
    let people = format!("/sessions/{code}/register/{token}/people");
    let named = "p1_name=Cy+Dunn&p1_email=&p2_name=Di+Ellis&p2_email=";
    let (_, to) = post(&browser, &people, named).await;
    assert!(to.ends_with("/check"), "{to}");
    token
}

/// A session of the series `weeks`.
fn in_weeks(session: &mut Session) {
    let id = "weeks".parse().expect("a series");
    session.series = Some(InSeries { id, bookable: Bookable::Any });
}

/// What the parameters of the routes may be.
fn named(
    codes: [&SessionCode; 4],
    tokens: Vec<String>,
    references: Vec<String>,
    ids: Vec<String>,
) -> Named {
    let codes: Vec<String> = codes.iter().map(ToString::to_string).collect();
    let nobody = "0190a5d4-ac96-474b-bcce-000000000001".to_owned();
    [
        ("code", [codes, vec!["I0001".to_owned()]].concat()),
        ("token", tokens),
        ("reference", references),
        ("number", vec!["1".to_owned(), "2".to_owned()]),
        ("place", ids.clone()),
        ("record", ids.clone()),
        ("question", vec!["Q0001".to_owned()]),
        ("course", vec!["first".to_owned()]),
        ("id", [vec![nobody, "weeks".to_owned()], ids].concat()),
        ("login", vec!["trainer".to_owned(), "organiser".to_owned()]),
        ("slug", ["oxford", "first", "oxford.ics", "first.ics"].map(str::to_owned).to_vec()),
        ("name", vec!["0123456789abcdefghjkmnpqrs.ics".to_owned()]),
        ("alliance", vec!["oxford".to_owned()]),
        ("letter", vec!["invite".to_owned(), "booking-confirmed".to_owned()]),
        ("kind", vec!["full".to_owned()]),
        ("path", vec!["main.css".to_owned()]),
    ]
    .into()
}

/// Whoever read a roster (P1) or took a list as a file is written down, as is at which address a link of a letter was opened, so that its
/// reader gets all her invites; and whether the database takes a write is seen by writing. Nothing else is
/// changed by reading.
fn compare(
    before: &BTreeMap<String, Vec<String>>,
    after: &BTreeMap<String, Vec<String>>,
    asked: &str,
) {
    for (table, rows) in after {
        let was = &before[table];
        let new: Vec<_> = rows.iter().filter(|row| !was.contains(row)).collect();
        let noted = |row: &&&String| row.contains("roster-read") || row.contains("list-exported");
        let is_read = table == "audit_events" && new.iter().all(|row| noted(&row));
        let is_beat = table == "heartbeats" && asked.starts_with("GET /health/ready");
        let is_reader = table == "readers" && rows.len() > was.len();
        assert!(
            rows == was || is_read || is_beat || is_reader,
            "{asked} changed {table}: {new:#?}"
        );
    }
}

async fn no_get_changes_anything_whoever_asks(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let trainer = turnout.account("trainer", Role::Trainer, &[]).await;
    turnout.account("organiser", Role::Organiser, &["oxford"]).await;
    turnout.account("admin", Role::Administrator, &[]).await;
    let lead = Trainer { login: trainer, name: "Trainer".to_owned() };
    // So full that somebody waits, with one place offered whose time runs out before anybody looks.
    let full = turnout.plan("S1", "first", 2, |session| session.trainers = vec![lead]).await;
    let draft = turnout.plan("S2", "first", 5, |one| one.publication = Publication::Draft).await;
    let asked = turnout.plan("S3", "first", 5, |one| one.mode = BookingMode::Approval).await;
    let free = turnout.plan("S4", "first", 5, in_weeks).await;
    let mut ids = Vec::new();
    let mut references = Vec::new();
    for (code, who) in
        [(&full, "Ada Obi"), (&full, "Ben Low"), (&full, "Eve Hart"), (&asked, "Fay Good")]
    {
        let team = request(code, who, 1, TeamPolicy::Together);
        let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
        references.push(booked.registration.reference.to_string());
        ids.extend(booked.registration.places.iter().map(|place| place.id.to_string()));
    }
    let gone = turnout.browser().await;
    let mut tokens = tokens(&turnout).await;
    assert!(tokens.len() > 4, "{tokens:?}");
    post(&gone, &format!("/p/{}/cancel", tokens[0]), "").await;
    tokens.push(ended_hold(&turnout, &free).await);
    // Holds and offers have run out, and nobody has settled them.
    turnout.clock.advance(Duration::days(3));
    let mut browsers = vec![("a visitor", turnout.browser().await)];
    for login in ["trainer", "organiser", "admin"] {
        browsers.push((login, turnout.signed_in(&login.parse().expect("a login")).await));
    }
    let named = named([&free, &full, &draft, &asked], tokens, references, ids);
    let routes: Vec<Route> =
        site(&turnout).routes().filter(|route| route.method == Method::Get).cloned().collect();
    assert!(routes.len() > 90, "these are not all the routes: {}", routes.len());
    let mut before = everything(&turnout).await;
    assert!(before["places"].len() > 4 && before.len() > 20);
    let mut asked_for = 0;
    for (who, browser) in &browsers {
        for route in &routes {
            let committed = turnout.ctx.store.generation();
            asked_for += ask_all(browser, &addresses(route, &named)).await;
            // To look at everything takes longer than to ask: only where something was committed.
            if turnout.ctx.store.generation() != committed {
                let after = everything(&turnout).await;
                compare(&before, &after, &format!("GET {} as {who}", route.uri));
                before = after;
            }
        }
        // And what was written without a transaction would show here.
        compare(&before, &everything(&turnout).await, &format!("a GET as {who}"));
    }
    assert!(asked_for > 1000, "{asked_for}");
}

/// Opens each of some addresses; how many.
async fn ask_all(browser: &Client, addresses: &[String]) -> usize {
    for address in addresses {
        let answer = browser.get(address.clone()).header(ContentType::HTML).dispatch().await;
        let status = answer.status().code;
        assert!(status < 500, "{address}: {status}");
        // Whatever is sent while it is read is read too.
        drop(answer.into_bytes().await);
    }
    addresses.len()
}
