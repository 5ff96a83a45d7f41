//! Nominations, invitations, wishes, papers and questions for afterwards come out as files, and go in again elsewhere.

use std::{collections::BTreeSet, fs, path::Path};

use turnout::{
    actions::booking::book_places::book_places,
    cli::{
        export::{Export, export},
        import::{self, sample::write_sample},
    },
    domain::{audit::Actor, occupancy::TeamPolicy::Together, staff::Role},
};

use crate::support::{
    TestTurnout,
    browser::{page, post},
    plan::{request, sender},
};

on_both_databases!(
    what_the_sample_asks_and_hands_out_is_seen_and_comes_out_as_it_went_in,
    what_a_leader_nominated_comes_with_her_booking,
    what_cannot_be_read_is_said_with_its_line,
);

const FILES: [&str; 5] = [
    "nominations.csv",
    "invitations.csv",
    "interests.csv",
    "handouts.csv",
    "feedback_questions.csv",
];

async fn another(turnout: &TestTurnout) -> Option<TestTurnout> {
    match turnout.url.starts_with("sqlite") {
        true => Some(TestTurnout::on_sqlite().await),
        false => TestTurnout::on_postgres().await,
    }
}

/// The rows of a file, in any order: the filled cells of each, with their columns.
fn rows(path: &Path) -> BTreeSet<Vec<(String, String)>> {
    let mut reader = csv::Reader::from_path(path).expect("a file");
    let heads: Vec<String> =
        reader.headers().expect("a heading").iter().map(str::to_owned).collect();
    let records = reader.records().map(|row| row.expect("a row"));
    let cells = records.map(|row| {
        let cells = heads.iter().cloned().zip(row.iter().map(str::to_owned));
        let mut filled: Vec<_> = cells.filter(|(_, cell)| !cell.is_empty()).collect();
        filled.sort();
        filled
    });
    cells.collect()
}

async fn out(turnout: &TestTurnout, folder: &Path, name: &str) -> std::path::PathBuf {
    let dir = folder.join(name);
    export(&turnout.ctx, &Export::all(dir.clone())).await.expect("an export");
    dir
}

async fn what_the_sample_asks_and_hands_out_is_seen_and_comes_out_as_it_went_in(
    turnout: TestTurnout,
) {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = folder.path().join("sample");
    write_sample(&sample).expect("the sample");
    let report = import::import(&turnout.ctx, &sample, 0).await.expect("an import");
    assert_eq!(report.refused, Vec::<String>::new());
    let new = [&report.nominations, &report.invitations, &report.interests, &report.handouts];
    assert!(new.iter().all(|one| one.new > 0), "{report}");
    while turnout::actions::people::know_people::know_people(&turnout.ctx).await.expect("a round") {
    }
    let login = turnout.account("boss", Role::Administrator, &[]).await;
    let office = turnout.signed_in(&login).await;
    let html = page(&office, "/office/nominations").await;
    for state in ["Nominated", "Asked", "Answered: not now", "Booked"] {
        let words = format!("data-label=\"Where it stands\">{state}</td>");
        assert!(html.contains(&words), "{words}: {html}");
    }
    let html = page(&office, "/office/sessions/N001/invited").await;
    assert!(html.contains("Not answered") && html.contains("Will say later"), "{html}");
    assert!(
        page(&office, "/office/sessions/S001/handouts").await.contains("Notes for the two days")
    );
    let html = page(&office, "/office/sessions/S001/feedback-questions").await;
    assert!(html.contains("What will you do first when you are home?"), "{html}");
    let again = import::import(&turnout.ctx, &sample, 0).await.expect("an import");
    let new = [
        &again.nominations,
        &again.invitations,
        &again.interests,
        &again.handouts,
        &again.feedback_questions,
    ];
    assert!(new.iter().all(|one| one.new == 0), "{again}");
    assert!(turnout.letters().await.is_empty(), "nobody is written to");
    // Out, in elsewhere, and out again.
    let first = out(&turnout, folder.path(), "first").await;
    let Some(other) = another(&turnout).await else { return };
    let report = import::import(&other.ctx, &first, 0).await.expect("an import");
    assert_eq!(report.refused, Vec::<String>::new());
    let second = out(&other, folder.path(), "second").await;
    for file in FILES {
        let (one, two) = (rows(&first.join(file)), rows(&second.join(file)));
        assert!(!one.is_empty(), "{file}");
        assert_eq!(one, two, "{file}");
    }
    for file in ["nominations.csv", "invitations.csv", "interests.csv", "feedback_questions.csv"] {
        assert_eq!(rows(&sample.join(file)).len(), rows(&first.join(file)).len(), "{file}");
    }
    let paper = "handouts/S001/1/two-days.pdf";
    let original = fs::read(sample.join("handouts/two-days.pdf")).expect("a paper");
    assert_eq!(fs::read(second.join(paper)).expect("a paper"), original);
    other.is_sound().await;
}

async fn what_a_leader_nominated_comes_with_her_booking(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let mut team = request(&code, "Ada Obi", 1, Together);
    team.sender = sender(1);
    let booked = book_places(&turnout.ctx, &Actor::Api, team).await.expect("a booking");
    let body = "name=Ben+Low&email=ben.low%40example.org&course=second&reason=He+listens";
    let path = format!("/r/{}/nominate", booked.token.secret());
    let (status, said) = post(&turnout.browser().await, &path, body).await;
    assert_eq!(status, rocket::http::Status::SeeOther, "{said}");
    let folder = tempfile::tempdir().expect("a folder");
    let first = out(&turnout, folder.path(), "first").await;
    let Some(other) = another(&turnout).await else { return };
    let report = import::import(&other.ctx, &first, 0).await.expect("an import");
    assert_eq!((report.nominations.new, report.refused.len()), (1, 0), "{report}");
    let second = out(&other, folder.path(), "second").await;
    assert_eq!(rows(&first.join(FILES[0])), rows(&second.join(FILES[0])));
}

async fn what_cannot_be_read_is_said_with_its_line(turnout: TestTurnout) {
    let folder = tempfile::tempdir().expect("a folder");
    write_sample(folder.path()).expect("the sample");
    for (file, lines, said) in [
        ("nominations.csv", "name,course,alliance,reason\nAda,chairing,leeds,x", "nominated_by"),
        (
            "invitations.csv",
            "session,name,asked_by,answer_by\nN001,Ada,nobody,2027-03-01T17:00",
            "asked_by",
        ),
        ("interests.csv", "course,name,email\nchairing,Ada,odd", "email"),
        (
            "handouts.csv",
            "title,session,file\nNotes,S001,../registrations.csv",
            "name a file in the folder",
        ),
        ("handouts.csv", "title,session,file\nNotes,S001,registrations.csv", "choose a PDF"),
        (
            "feedback_questions.csv",
            "question,kind,session,options\nWhere?,choice,S001,Hall",
            "options",
        ),
    ] {
        let path = folder.path().join(file);
        let before = fs::read(&path).expect("a file");
        fs::write(&path, lines).expect("a file");
        let refused = import::import(&turnout.ctx, folder.path(), 0).await.expect_err("a fault");
        let words = refused.to_string();
        assert!(words.contains(file) && words.contains("2") && words.contains(said), "{words}");
        fs::write(&path, before).expect("a file");
    }
}
