//! Papers for whoever has a place, and for whoever came: on a session, on every session of a course, and for nobody
//! else.

use rocket::{
    http::{Header, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::{
        booking::book_places::book_places,
        door::check_in::{Taps, check_in},
    },
    domain::{
        attendance::{Mark, Presence},
        audit::Actor,
        id::{PlaceId, SessionCode},
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
    sheets::upload_to,
};

on_both_databases!(
    a_paper_is_for_whoever_has_a_place_and_for_nobody_else,
    a_paper_for_those_who_came_waits_until_they_did,
    what_a_course_hands_out_is_on_each_of_its_sessions,
    what_is_no_pdf_and_no_link_is_refused_beside_its_field,
    a_paper_is_called_otherwise_and_taken_away,
);

const LIST: &str = "/office/sessions/S1/handouts";
const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n";

/// S1 led by ruth, with two places; Ada booked one and has a link, and so has Ben, who waits.
struct Hall {
    turnout: TestTurnout,
    office: Client,
    ada: String,
    leader: String,
    ben: String,
    place: PlaceId,
    code: SessionCode,
}

async fn link_to(turnout: &TestTurnout, address: &str, kind: &str) -> String {
    let letters = turnout.letters().await;
    let start = format!("https://turnout.example/{kind}/");
    let hers = letters.iter().find(|one| one.to.contains(address) && one.text.contains(&start));
    let text = &hers.expect("a letter").text;
    let (_, rest) = text.split_once(&start).expect("a link");
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    format!("/{kind}/{secret}")
}

async fn hall(turnout: TestTurnout) -> Hall {
    let turnout = turnout.season().await;
    let ruth = turnout.account("ruth", Role::Trainer, &["oxford"]).await;
    let lead = |session: &mut Session| {
        session.trainers = vec![Trainer { login: ruth.clone(), name: "Ruth".to_owned() }];
    };
    let code = turnout.plan("S1", "first", 1, lead).await;
    let team = request(&code, "Ada Obi", 1, Together);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let place = booked.registration.places[0].id;
    let ada = link_to(&turnout, "ada.obi@example.org", "p").await;
    let team = request(&code, "Ben Low", 1, Together);
    let waits = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    assert_eq!(waits.registration.confirmed().count(), 0);
    let ben = link_to(&turnout, "ben.low@example.org", "r").await;
    let leader = format!("/r/{}", booked.token.secret());
    let login = turnout.account("olu", Role::Organiser, &["oxford"]).await;
    let office = turnout.signed_in(&login).await;
    Hall { turnout, office, ada, leader, ben, place, code }
}

impl Hall {
    async fn hand_out(&self, title: &str, audience: &str) {
        let fields = [("title", title), ("audience", audience)];
        let file = ("Notes for you.pdf", PDF);
        let (status, to) = upload_to(&self.office, LIST, &fields, file).await;
        assert_eq!((status, &*to), (Status::SeeOther, "/office/sessions/S1/handouts?done=added"));
    }

    /// Where the office changes the one of this title.
    async fn one(&self, title: &str) -> String {
        let list = page(&self.office, LIST).await;
        let before = list.split(&format!("\">{title}</a>")).next().expect("a part").to_owned();
        before.rsplit("href=\"").next().expect("a link").to_owned()
    }
}

/// The paths of files on a page.
fn files(html: &str) -> Vec<String> {
    let parts = html.split("href=\"").skip(1).filter_map(|part| part.split('"').next());
    parts.filter(|href| href.contains("/handouts/")).map(str::to_owned).collect()
}

async fn a_paper_is_for_whoever_has_a_place_and_for_nobody_else(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    assert!(page(&hall.office, "/office/sessions/S1").await.contains(LIST));
    assert!(page(&hall.office, LIST).await.contains("Nothing is handed out yet"));
    hall.hand_out("How to listen", "confirmed").await;
    let browser = hall.turnout.browser().await;
    for link in [&hall.ada, &hall.leader] {
        let html = page(&browser, link).await;
        assert!(html.contains("How to listen") && html.contains("PDF, 61 bytes"), "{html}");
        let file = files(&html).pop().expect("a file");
        let answer = browser.get(file.clone()).dispatch().await;
        assert_eq!(answer.status(), Status::Ok);
        let header = |name: &str| answer.headers().get_one(name).unwrap_or_default().to_owned();
        assert_eq!(header("Content-Disposition"), "attachment; filename=\"Notes-for-you.pdf\"");
        assert_eq!(header("Content-Type"), "application/pdf");
        assert_eq!(header("X-Content-Type-Options"), "nosniff");
        assert!(header("Cache-Control").contains("no-store"), "{}", header("Cache-Control"));
        assert_eq!(answer.into_bytes().await.expect("a body"), PDF);
    }
    // Whoever waits is shown none, and finds none by its number.
    let html = page(&browser, &hall.ben).await;
    assert!(!html.contains("How to listen"), "{html}");
    let file = files(&page(&browser, &hall.leader).await).pop().expect("a file");
    let number = file.rsplit('/').next().expect("a number").to_owned();
    for path in [
        format!("{}/handouts/{number}", hall.ben),
        format!("{}/handouts/01890a5d-ac96-774b-bcce-b302099a8057", hall.ada),
        format!("/office/handouts/{number}/file"),
    ] {
        let status = browser.get(path.clone()).dispatch().await.status();
        assert_ne!(status, Status::Ok, "{path}");
    }
    // Her trainer reads it; a trainer of another session does not.
    let ruth = hall.turnout.signed_in(&"ruth".parse().expect("a login")).await;
    let html = page(&ruth, "/trainer/sessions/S1/handouts").await;
    let file = files(&html).into_iter().find(|path| path.ends_with(&number)).expect("a file");
    assert_eq!(ruth.get(file.clone()).dispatch().await.status(), Status::Ok);
    let other = hall.turnout.account("kim", Role::Trainer, &["oxford"]).await;
    let other = hall.turnout.signed_in(&other).await;
    assert_eq!(other.get(file).dispatch().await.status(), Status::Forbidden);
    // Whoever gives the place up gives the paper up.
    let (status, _) = post(&browser, &format!("{}/cancel", hall.ada), "sure=yes").await;
    assert_eq!(status, Status::SeeOther);
    let status = browser.get(format!("{}/handouts/{number}", hall.ada)).dispatch().await.status();
    assert_eq!(status, Status::NotFound);
    assert!(hall.turnout.letters().await.iter().all(|one| !one.text.contains("How to listen")));
}

async fn a_paper_for_those_who_came_waits_until_they_did(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    hall.hand_out("What we planned", "came").await;
    let browser = hall.turnout.browser().await;
    for link in [&hall.ada, &hall.leader] {
        assert!(!page(&browser, link).await.contains("What we planned"));
    }
    let sitting = hall.turnout.session(&hall.code).await.sittings[0].clone();
    hall.turnout.clock.advance(sitting.ends_at - hall.turnout.ctx.now());
    let mut conn = hall.turnout.ctx.store.read().await.expect("a connection");
    let ruth = "ruth".parse().expect("a login");
    let member = staff::find(&mut conn, &ruth).await.expect("a read").expect("an account");
    drop(conn);
    let mark = Mark { place: hall.place, presence: Presence::Attended, at: sitting.starts_at };
    let taps = Taps { marks: vec![mark], ..Taps::default() };
    check_in(&hall.turnout.ctx, &member, &hall.code, 1, &taps).await.expect("taps");
    for link in [&hall.ada, &hall.leader] {
        let html = page(&browser, link).await;
        assert!(html.contains("What we planned"), "{html}");
        let file = files(&html).pop().expect("a file");
        assert_eq!(browser.get(file).dispatch().await.status(), Status::Ok);
    }
}

async fn what_a_course_hands_out_is_on_each_of_its_sessions(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let admin = hall.turnout.account("ada", Role::Administrator, &[]).await;
    let admin = hall.turnout.signed_in(&admin).await;
    let list = "/office/courses/first/handouts";
    assert!(page(&admin, "/office/courses/first").await.contains(list));
    let link = "title=The+reader&link=https%3A%2F%2Fexample.org%2Freader&audience=confirmed";
    let (status, to) = post(&admin, list, link).await;
    assert_eq!((status, &*to), (Status::SeeOther, "/office/courses/first/handouts?done=added"));
    let browser = hall.turnout.browser().await;
    let html = page(&browser, &hall.ada).await;
    assert!(html.contains("The reader") && html.contains("example.org"), "{html}");
    let answer = browser.get(files(&html).pop().expect("a link")).dispatch().await;
    assert_eq!(answer.headers().get_one("Location"), Some("https://example.org/reader"));
    // An organiser sees it on her session, and changes none of every alliance's.
    let shown = page(&hall.office, LIST).await;
    assert!(shown.contains("On every session of Course first"), "{shown}");
    let one = hall.one("The reader").await;
    assert_eq!(hall.office.get(one).dispatch().await.status(), Status::Forbidden);
    let status = post(&hall.office, list, link).await.0;
    assert_eq!(status, Status::Forbidden);
}

async fn what_is_no_pdf_and_no_link_is_refused_beside_its_field(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    let large = vec![b' '; 10 * 1024 * 1024 + 1];
    let cases: [(&str, &str, &[u8], &str, &str); 6] = [
        ("", "", PDF, "title", "Enter what it is called"),
        ("Notes", "", b"", "file", "Choose a PDF, or enter a link"),
        ("Notes", "https://example.org/a", PDF, "file", "and not both"),
        ("Notes", "javascript:alert(1)", b"", "link", "Enter a whole link"),
        ("Notes", "", b"<html>", "file", "Choose a PDF. Save other papers as a PDF first"),
        ("Notes", "", &large, "file", "larger than 10 MB"),
    ];
    for (title, link, content, field, words) in cases {
        let fields = [("title", title), ("link", link), ("audience", "confirmed")];
        let (status, html) = upload_to(&hall.office, LIST, &fields, ("a.pdf", content)).await;
        assert_eq!(status, Status::UnprocessableEntity, "{words}: {html}");
        assert!(
            html.contains(&format!("id=\"{field}-e\"")) && html.contains(words),
            "{words}: {html}"
        );
        if !link.is_empty() {
            assert!(html.contains(&format!("value=\"{link}\"")), "what was typed is kept: {html}");
        }
    }
    assert!(page(&hall.office, LIST).await.contains("Nothing is handed out yet"));
    // Sent twice with one attempt, it is there once.
    let form = page(&hall.office, LIST).await;
    let attempt = form.split("name=\"attempt\" value=\"").nth(1).expect("an attempt");
    let attempt = attempt.split('"').next().expect("a token");
    let fields = [("title", "Notes"), ("audience", "confirmed"), ("attempt", attempt)];
    for _ in 0..2 {
        let (status, _) = upload_to(&hall.office, LIST, &fields, ("a.pdf", PDF)).await;
        assert_eq!(status, Status::SeeOther);
    }
    assert_eq!(page(&hall.office, LIST).await.matches(">Notes</a>").count(), 1);
    // A page elsewhere cannot hand anything out.
    let request = hall.office.post(LIST).header(Header::new("Origin", "https://evil.example"));
    let answer = request.body("title=X&link=https%3A%2F%2Fevil.example%2F").dispatch().await;
    assert_eq!(answer.status(), Status::Forbidden);
}

async fn a_paper_is_called_otherwise_and_taken_away(turnout: TestTurnout) {
    let hall = hall(turnout).await;
    hall.hand_out("Notse", "confirmed").await;
    let one = hall.one("Notse").await;
    let (status, html) = post(&hall.office, &one, "title=&audience=came").await;
    assert_eq!(status, Status::UnprocessableEntity, "{html}");
    let (_, to) = post(&hall.office, &one, "title=Notes&audience=confirmed").await;
    assert_eq!(to, "/office/sessions/S1/handouts?done=saved");
    let file = hall.office.get(format!("{one}/file")).dispatch().await;
    assert_eq!(file.into_bytes().await.expect("a body"), PDF);
    let browser = hall.turnout.browser().await;
    let html = page(&browser, &hall.ada).await;
    let file = files(&html).pop().expect("a file");
    assert!(html.contains(">Notes</a>"), "{html}");
    for _ in 0..2 {
        post(&hall.office, &one, "act=remove").await;
    }
    assert_eq!(browser.get(file).dispatch().await.status(), Status::NotFound);
    assert!(!page(&browser, &hall.ada).await.contains("To read"));
    let log = page(&hall.office, "/office/audit?session=S1").await;
    for words in ["Handout added", "Handout changed", "Handout removed"] {
        assert_eq!(log.matches(words).count(), 1, "{words}: {log}");
    }
    assert!(log.contains("PDF, 61 bytes, for whoever has a place"), "{log}");
    // Further back, by the day.
    for (until, words) in [
        ("2027-01-01", "Nothing in the log like that"),
        ("2027-01-02", "Handout added"),
        ("soon", "Enter a date, such as 2026-09-01"),
    ] {
        let log = page(&hall.office, &format!("/office/audit?until={until}")).await;
        assert!(log.contains(words), "{until}: {log}");
    }
    // A draft is discarded with what would have been handed out on it.
    hall.turnout
        .plan("S2", "first", 9, |session| {
            session.publication = turnout::domain::session::Publication::Draft;
        })
        .await;
    let list = "/office/sessions/S2/handouts";
    let fields = [("title", "Notes"), ("audience", "confirmed")];
    upload_to(&hall.office, list, &fields, ("a.pdf", PDF)).await;
    let (status, to) = post(&hall.office, "/office/sessions/S2/discard", "sure=yes").await;
    assert_eq!(status, Status::SeeOther, "{to}");
}
