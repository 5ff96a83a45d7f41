//! The notice says what the table in the code says, on the page and in the documents.

use turnout::domain::retention::{Controller, Retention, Rule, table};

use crate::support::{TestTurnout, web::client};

fn as_markdown(rule: &Rule) -> String {
    format!(
        "| {} | {} | {} | {} | {} |",
        rule.what,
        rule.why,
        rule.basis,
        rule.how_long(),
        rule.fate.words()
    )
}

#[test]
fn the_document_has_the_table_of_the_code_line_by_line() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/privacy.md");
    let text = std::fs::read_to_string(path).expect("the document");
    let lines: Vec<_> = text.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    let rules: Vec<_> = table(Retention::default()).iter().map(as_markdown).collect();
    assert_eq!(lines, rules);
}

async fn the_notice_names_who_answers_for_the_data_and_every_line_of_the_table(
    mut turnout: TestTurnout,
) {
    let retention = Retention { needs_days: 12 };
    turnout.ctx.controller = std::sync::Arc::new(Controller {
        name: "Citizens of the Vale".to_owned(),
        address: Some("1 Mill Lane, Valeford".to_owned()),
        stored: Some("in Iceland".to_owned()),
        retention,
    });
    let client = client(&turnout).await;
    let page = client.get("/privacy").dispatch().await.into_string().await.expect("a page");
    let plain = page.replace("&#39;", "'").replace("&#x27;", "'");
    for rule in table(retention) {
        for words in [rule.what, rule.why, rule.basis, &rule.how_long(), rule.fate.words()] {
            assert!(plain.contains(words), "{words}");
        }
    }
    for words in [
        "Citizens of the Vale",
        "1 Mill Lane, Valeford",
        "stored in Iceland",
        "office@example.org",
        "12 days after the last day of the session",
        "Information Commissioner",
        "Wycliffe House",
        "Children",
        "profile",
        "Article 9",
    ] {
        assert!(page.contains(words), "{words}");
    }
}

on_both_databases! {
    the_notice_names_who_answers_for_the_data_and_every_line_of_the_table,
}
