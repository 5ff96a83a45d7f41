//! What is held about one person is handed to her whole, and to nobody else's eyes; and it goes when she asks,
//! from everywhere, while the numbers stay.

use std::io::Read as _;

use chrono::Duration;
use rocket::{http::Status, local::asynchronous::Client};
use serde_json::Value;
use turnout::{
    actions::{
        booking::book_places::book_places,
        people::{
            erase_person::{EraseError, erase_person},
            know_people::{know_people, merge_people},
            own_data::meant_by,
        },
        retention::erase_due::erase_sent,
    },
    domain::{
        audit::Actor, contact::EmailAddress, id::PersonId, occupancy::TeamPolicy::Together,
        person::Person, staff::Role, text::Need,
    },
    mail::reading::ReadLetter,
};

use super::found;
use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{attendee, request, sender},
    program::run,
};

on_both_databases!(
    a_person_gets_all_that_is_held_about_her_and_nothing_of_who_shares_her_inbox,
    whoever_is_erased_stands_nowhere_and_is_counted_on,
    whoever_booked_for_others_to_come_is_not_erased_before_them,
    only_who_looks_after_her_hands_out_or_erases,
    whoever_has_a_place_gets_a_link_to_her_data_by_mail_and_may_be_erased_by_it,
    an_address_that_a_leader_typed_over_opens_nobodys_data,
    the_command_line_hands_out_and_erases_and_asks_where_several_are_meant,
);

fn family() -> Option<EmailAddress> {
    "family@example.org".parse().ok()
}

/// Tamsin books for herself and Zebedee, who read one inbox; Zebedee books once more, under an address of his
/// own, for what is still to come. The office knows that he is one person.
async fn lived(turnout: &TestTurnout) -> (Client, Person) {
    let past = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&past, "Tamsin Brackenbury", 2, Together);
    team.sender = sender(1);
    team.leader.email = family();
    let mut tamsin = attendee("Tamsin Brackenbury");
    (tamsin.email, tamsin.access) = (family(), Need::parse("rampside seat").ok());
    let mut zebedee = attendee("Zebedee Quillfeather");
    (zebedee.email, zebedee.dietary) = (family(), Need::parse("no pistachio").ok());
    team.attendees = vec![Some(tamsin), Some(zebedee)];
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    turnout.clock.advance(Duration::days(29));
    let later = turnout.plan("S2", "first", 9, |session| {
        let starts = session.sittings[0].starts + Duration::days(28);
        session.sittings = vec![turnout.sitting(1, starts)];
    });
    let later = later.await;
    let own = request(&later, "Zebedee Quillfeather", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, own).await.expect("a booking");
    turnout.letters().await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let two = meant_by(&turnout.ctx, "Zebedee Quillfeather").await.expect("a look");
    assert_eq!(two.len(), 2, "{two:#?}");
    let (kept, gone) = (two[0].id, two[1].id);
    merge_people(&turnout.ctx, &Actor::CommandLine, kept, gone).await.expect("one person");
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let one = meant_by(&turnout.ctx, "zebedee QUILLFEATHER").await.expect("a look");
    assert_eq!(one.len(), 1);
    (office, one[0].clone())
}

/// What the office downloads, as text and for programs.
async fn handed_out(office: &Client, id: PersonId) -> (String, Value) {
    let answer = office.post(format!("/office/people/{id}/data")).dispatch().await;
    assert_eq!(answer.status(), Status::Ok);
    let bytes = answer.into_bytes().await.expect("a file");
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("an archive");
    let mut text = |name: &str| {
        let mut text = String::new();
        zip.by_name(name).expect("a part").read_to_string(&mut text).expect("text");
        text
    };
    let json = serde_json::from_str(&text("data.json")).expect("JSON");
    (text("data.html"), json)
}

async fn a_person_gets_all_that_is_held_about_her_and_nothing_of_who_shares_her_inbox(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let (office, zebedee) = lived(&turnout).await;
    let (page, json) = handed_out(&office, zebedee.id).await;
    for words in ["family@example.org", "zebedee.quillfeather@example.org", "no pistachio"] {
        assert!(page.contains(words) && json.to_string().contains(words), "{words}: {page}");
    }
    assert_eq!(json["places"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["bookings"].as_array().map(Vec::len), Some(1));
    assert!(json["letters"].as_array().is_some_and(|letters| letters.len() >= 2), "{json}");
    for words in json.to_string().split("turnout.example/").skip(1) {
        assert!(
            !words.starts_with("r/0") && !words.starts_with("p/0"),
            "no link that opens anything"
        );
    }
    for words in ["rampside", "Tamsin Brackenbury\""] {
        assert!(!json.to_string().contains(words), "{words}: {json:#}");
    }
    let shared = meant_by(&turnout.ctx, "family@example.org").await.expect("a look");
    assert_eq!(shared.len(), 2, "an inbox is not a person");
    let log = page_of_log(&office).await;
    assert!(log.contains("person-exported") || log.contains("exported"), "{log}");
}

async fn page_of_log(office: &Client) -> String {
    page(office, "/office/audit").await.to_lowercase()
}

async fn whoever_is_erased_stands_nowhere_and_is_counted_on(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (office, zebedee) = lived(&turnout).await;
    let numbers = "/office/turnout.csv?from=2026-09-01&to=2027-02-10&by=institution";
    let before = page(&office, numbers).await;
    post(&turnout.browser().await, "/lost-link", "email=zebedee.quillfeather@example.org").await;
    turnout.letters().await;
    let shown = page(&office, &format!("/office/people/{}/data", zebedee.id)).await;
    assert!(shown.contains("S2") && shown.contains("2 places"), "{shown}");
    let (status, _) = post(&office, &format!("/office/people/{}/erase", zebedee.id), "").await;
    assert_eq!(status, Status::SeeOther);
    let letters = turnout.letters().await;
    let cancel = letters.iter().find(|letter| letter.to.contains("zebedee.quillfeather@"));
    let cancel =
        cancel.and_then(|letter| letter.calendar.clone()).expect("a letter for his calendar");
    assert!(String::from_utf8(cancel).expect("text").contains("METHOD:CANCEL"));
    erase_sent(&turnout.ctx).await.expect("a sweep");
    let gone = ["Zebedee", "Quillfeather", "zebedee.quillfeather@", "pistachio"];
    assert_eq!(found(&turnout, &gone).await, [""; 0]);
    for word in ["Tamsin Brackenbury", "family@example.org", "rampside"] {
        assert!(!found(&turnout, &[word]).await.is_empty(), "{word} is another's");
    }
    let after = page(&office, numbers).await;
    assert_eq!(after, before, "whoever came is counted on");
    let again = erase_person(&turnout.ctx, &Actor::CommandLine, zebedee.id).await;
    assert!(matches!(again, Err(EraseError::Nothing)), "{again:?}");
    assert!(!know_people(&turnout.ctx).await.expect("a round"), "and is not met again");
    assert!(meant_by(&turnout.ctx, "Zebedee Quillfeather").await.expect("a look").is_empty());
    assert!(page(&office, "/trainer/sessions/S1/roster").await.contains("Name removed"));
}

async fn whoever_booked_for_others_to_come_is_not_erased_before_them(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Tamsin Brackenbury", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let found = meant_by(&turnout.ctx, "Tamsin Brackenbury").await.expect("a look");
    let refused = erase_person(&turnout.ctx, &Actor::CommandLine, found[0].id).await;
    assert!(matches!(refused, Err(EraseError::LeadsOthers(1, _))), "{refused:?}");
    let login = turnout.account("office", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let (status, page) = post(&office, &format!("/office/people/{}/erase", found[0].id), "").await;
    assert_eq!(status, Status::Conflict);
    assert!(page.contains("still to come"), "{page}");
    let ben = meant_by(&turnout.ctx, "ben.low@example.org").await.expect("a look");
    erase_person(&turnout.ctx, &Actor::CommandLine, ben[0].id).await.expect("an erasure");
    erase_person(&turnout.ctx, &Actor::CommandLine, found[0].id).await.expect("an erasure");
}

async fn only_who_looks_after_her_hands_out_or_erases(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (_, zebedee) = lived(&turnout).await;
    let trainer = turnout.account("amina", Role::Trainer, &["oxford"]).await;
    let own = turnout.account("olive", Role::Organiser, &["oxford"]).await;
    let browser = turnout.signed_in(&trainer).await;
    let (data, erase) = (
        format!("/office/people/{}/data", zebedee.id),
        format!("/office/people/{}/erase", zebedee.id),
    );
    for path in [&data, &erase] {
        let (status, _) = post(&browser, path, "").await;
        assert!([Status::Forbidden, Status::NotFound].contains(&status), "{path}: {status}");
    }
    let browser = turnout.signed_in(&own).await;
    assert_eq!(browser.get(data.clone()).dispatch().await.status(), Status::Ok);
    let browser = turnout.browser().await;
    assert_ne!(post(&browser, &data, "").await.0, Status::Ok);
    assert!(!found(&turnout, &["Quillfeather"]).await.is_empty());
}

/// The path of the first link of a kind in the newest letter that has one.
fn link(letters: &[ReadLetter], to: &str, kind: &str) -> Option<String> {
    let start = format!("https://turnout.example{kind}");
    let hers = letters.iter().rev().filter(|letter| letter.to.contains(to));
    let (_, rest) = hers.filter_map(|letter| letter.text.split_once(&start)).next()?;
    let secret: String = rest.chars().take_while(char::is_ascii_alphanumeric).collect();
    Some(format!("{kind}{secret}"))
}

/// Ada booked for herself and Ben; the paths of her booking and of his place.
async fn two(turnout: &TestTurnout) -> [String; 2] {
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 2, Together);
    team.attendees[1] = Some(attendee("Ben Low"));
    book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let letters = turnout.letters().await;
    [("ada.obi", "/r/"), ("ben.low", "/p/")]
        .map(|(to, kind)| link(&letters, to, kind).expect("a link"))
}

async fn whoever_has_a_place_gets_a_link_to_her_data_by_mail_and_may_be_erased_by_it(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    let [manage, place] = two(&turnout).await;
    let browser = turnout.browser().await;
    assert!(page(&browser, &place).await.contains("my-data"));
    for (asks, to) in [(&manage, "ada.obi"), (&place, "ben.low")] {
        let (status, page) = post(&browser, &format!("{asks}/my-data"), "").await;
        assert_eq!(status, Status::Ok, "{page}");
        let letters = turnout.letters().await;
        let own = link(&letters, to, "/my-data/").expect("a link");
        let shown = browser.get(own.clone()).dispatch().await;
        assert_eq!(shown.status(), Status::Ok);
        drop(shown);
        let file = browser.post(own.clone()).dispatch().await;
        assert_eq!(file.status(), Status::Ok);
        let kind = file.content_type().map(|kind| kind.to_string());
        assert_eq!(kind.as_deref(), Some("application/zip"));
        drop(file);
        if to == "ben.low" {
            let (status, page) = post(&browser, &format!("{own}/erase"), "").await;
            assert_eq!(status, Status::Ok, "{page}");
            assert!(page.contains("It is erased"), "{page}");
            assert_eq!(browser.get(own).dispatch().await.status(), Status::Gone);
        } else {
            turnout.clock.advance(Duration::hours(25));
            assert_eq!(browser.get(own).dispatch().await.status(), Status::Gone, "a day later");
        }
    }
    turnout.letters().await;
    erase_sent(&turnout.ctx).await.expect("a sweep");
    assert_eq!(found(&turnout, &["Ben Low", "ben.low@"]).await, [""; 0]);
    assert!(!found(&turnout, &["Ada Obi"]).await.is_empty());
}

async fn an_address_that_a_leader_typed_over_opens_nobodys_data(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let [manage, _] = two(&turnout).await;
    while know_people(&turnout.ctx).await.expect("a round") {}
    let browser = turnout.browser().await;
    let form = "name=Ben+Low&email=eve@example.org&who=same&diet=&access=";
    post(&browser, &format!("{manage}/places/2"), form).await;
    let letters = turnout.letters().await;
    let eve = link(&letters, "eve@", "/p/").expect("a link to the place");
    let (status, _) = post(&browser, &format!("{eve}/my-data"), "").await;
    let letters = turnout.letters().await;
    let own = link(&letters, "eve@", "/my-data/");
    if let Some(own) = own {
        // Somebody else then, of whom nothing is held but this place.
        let file = browser.post(own).dispatch().await.into_bytes().await.expect("a file");
        assert!(!String::from_utf8_lossy(&file).contains("ben.low@example.org"));
    } else {
        assert_eq!(status, Status::Conflict);
    }
}

async fn the_command_line_hands_out_and_erases_and_asks_where_several_are_meant(
    turnout: TestTurnout,
) {
    let turnout = turnout.season().await;
    lived(&turnout).await;
    let folder = tempfile::tempdir().expect("a folder");
    let settings = [
        ("TURNOUT_DATABASE_URL", turnout.url.as_str()),
        ("TURNOUT_PUBLIC_URL", "https://turnout.example"),
    ];
    let said = |arguments: &[&str]| run(folder.path(), arguments, &settings);
    let several = said(&["person", "export", "family@example.org", "a.zip"]);
    assert!(!several.ok && several.out.contains("Tamsin") && several.out.contains("Zebedee"));
    let several = said(&["person", "erase", "family@example.org", "--yes"]);
    assert!(!several.ok && several.err.lines().count() == 1, "{}", several.err);
    let nobody = said(&["person", "export", "Nobody At All", "a.zip"]);
    assert!(!nobody.ok && nobody.err.contains("nothing is held"), "{}", nobody.err);
    let one = said(&["person", "export", "Tamsin Brackenbury", "a.zip"]);
    assert!(one.ok, "{}", one.err);
    let bytes = std::fs::read(folder.path().join("a.zip")).expect("the file");
    assert!(String::from_utf8_lossy(&bytes).contains("rampside seat"));
    let twice = said(&["person", "export", "Tamsin Brackenbury", "a.zip"]);
    assert!(!twice.ok && twice.err.contains("a.zip"), "{}", twice.err);
    // By the machine's own clock both sessions are still to come: she who booked for two leads another.
    let leads = said(&["person", "erase", "Tamsin Brackenbury", "--yes"]);
    assert!(!leads.ok && leads.err.contains("still to come"), "{}", leads.err);
    let preview = said(&["person", "erase", "Zebedee Quillfeather"]);
    assert!(
        preview.ok && preview.out.contains("Nothing was done"),
        "{}{}",
        preview.out,
        preview.err
    );
    assert!(!found(&turnout, &["pistachio"]).await.is_empty());
    let done = said(&["person", "erase", "Zebedee Quillfeather", "--yes"]);
    assert!(done.ok && done.out.contains("Erased"), "{}{}", done.out, done.err);
    turnout.letters().await;
    erase_sent(&turnout.ctx).await.expect("a sweep");
    let gone = ["Zebedee", "Quillfeather", "pistachio"];
    assert_eq!(found(&turnout, &gone).await, [""; 0]);
    let again = said(&["person", "erase", "Zebedee Quillfeather", "--yes"]);
    assert!(!again.ok && again.err.contains("nothing is held"), "{}", again.err);
    assert!(said(&["erase-due"]).ok);
}
