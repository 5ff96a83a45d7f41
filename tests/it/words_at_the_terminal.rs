//! What is changed from the command line is told in the words of whoever changes it, as it is from the office.

use std::path::Path;

use turnout::{
    actions::booking::book_places::book_places,
    domain::{audit::Actor, occupancy::TeamPolicy::Together},
};

use crate::support::{
    TestTurnout,
    plan::request,
    program::{Said, run},
};

/// The program beside a Turnout whose writer must not be kept waiting.
async fn runs(folder: &Path, words: &[&str], settings: &[(&str, &str)]) -> Said {
    let (folder, words) = (folder.to_owned(), words.iter().map(ToString::to_string).collect());
    let settings = settings.iter().map(|(name, value)| (name.to_string(), value.to_string()));
    let (words, settings): (Vec<String>, Vec<(String, String)>) = (words, settings.collect());
    let said = tokio::task::spawn_blocking(move || {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let settings: Vec<(&str, &str)> =
            settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        run(&folder, &words, &settings)
    });
    said.await.expect("it ran")
}

#[tokio::test]
async fn what_changes_from_the_terminal_is_told_in_her_own_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let turnout = TestTurnout::on_sqlite_in(folder.path()).await.season().await;
    let code = turnout.plan("S1", "first", 9, |_| {}).await;
    let booked = request(&code, "Ada Obi", 1, Together);
    book_places(&turnout.ctx, &Actor::Api, booked).await.expect("a booking");
    turnout.letters().await;
    let url = format!("sqlite://{}/turnout.db", folder.path().display());
    let settings = [("TURNOUT_DATABASE_URL", url.as_str()), ("TURNOUT_GATHER_SECONDS", "0")];
    let days = ["1=2027-02-06T10:00/2027-02-06T12:00", "2=2027-02-13T10:00/2027-02-13T12:00"];
    for (command, words) in [
        (&["move", "S1", "--venue", "The Mill"][..], "The hall has no heating."),
        (&["reschedule", "S1", days[0], days[1]], "We had to find another week."),
        (&["remove-day", "S1", "2"], "One day is enough."),
    ] {
        let told = [&["session"], command, &["--words", words]].concat();
        let said = runs(folder.path(), &told, &settings).await;
        assert!(said.ok && said.out.contains("Nothing is done yet"), "{}{}", said.out, said.err);
        assert!(turnout.letters().await.is_empty());
        let said = runs(folder.path(), &[&told[..], &["--yes"]].concat(), &settings).await;
        assert!(said.ok, "{}", said.err);
        let letters = turnout.letters().await;
        assert!(!letters.is_empty(), "{command:?}: {}", said.out);
        assert!(letters.iter().any(|one| one.text.contains(words)), "{command:?}: {letters:#?}");
    }
    let long = "x".repeat(2_000);
    let last = ["session", "remove-day", "S1", "1", "--words", &long];
    let said = runs(folder.path(), &last, &settings).await;
    assert!(!said.ok && said.err.trim().lines().count() == 1, "{}", said.err);
    assert!(said.err.contains("--words"), "{}", said.err);
}
