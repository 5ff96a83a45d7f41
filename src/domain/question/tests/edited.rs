//! A question as it is edited (V1).

use chrono_tz::Tz;

use super::question;
use crate::domain::{
    edit::{Change, Drawn, changes, merge},
    question::{Asked, Question, QuestionKind},
};

fn rewritten() -> Question {
    Question {
        wording: "What do you eat?".to_owned(),
        help: Some("The kitchen asks".to_owned()),
        kind: QuestionKind::Choice,
        options: vec!["Anything".to_owned(), "No meat".to_owned()],
        most: Some(1),
        asked: Asked::Booking,
        is_required: true,
        is_sensitive: true,
        shown_when: "Q0001 = Yes".parse().ok(),
        for_trainer: false,
        for_helper: true,
        for_kitchen: true,
        for_sheet: true,
        ..question(2, QuestionKind::Text)
    }
}

#[test]
fn the_log_says_of_a_question_all_that_was_changed() {
    let told = changes(&question(2, QuestionKind::Text), &rewritten(), Tz::UTC);
    let told: Vec<_> = told.iter().map(Change::to_string).collect();
    let from_to = |field: &str, from: &str, to: &str| {
        let quoted = |text: &str| match text {
            "" => "nothing".to_owned(),
            text => format!("\u{201c}{text}\u{201d}"),
        };
        format!("{field}: was {}, now {}", quoted(from), quoted(to))
    };
    assert_eq!(
        told,
        [
            from_to("Question", "Question 2", "What do you eat?"),
            from_to("Help", "", "The kitchen asks"),
            from_to("Kind of answer", "One line of text", "One of several answers"),
            from_to("Answers to choose from", "", "Anything; No meat"),
            from_to("Most", "", "1"),
            from_to("Who is asked", "each person", "whoever books, once"),
            from_to("Must be answered", "no", "yes"),
            from_to("Sensitive", "no", "yes"),
            from_to("Asked only where", "", "Q0001 = Yes"),
            from_to("Seen by trainers", "yes", "no"),
            from_to("Seen by helpers at the door", "no", "yes"),
            from_to("Seen by the kitchen", "no", "yes"),
            from_to("On the sign-in sheet", "no", "yes"),
        ]
    );
}

#[test]
fn two_who_change_different_parts_of_a_question_keep_what_both_wrote() {
    let drawn = question(2, QuestionKind::Text);
    let present = Question { help: Some("In a few words".to_owned()), ..drawn.clone() };
    let sent = Question { wording: "Why?".to_owned(), is_required: true, ..drawn.clone() };
    let merged = merge(Some(&Drawn::of(&drawn)), &present, &sent, Tz::UTC).expect("no conflict");
    let both = Question { help: present.help.clone(), ..sent };
    assert_eq!(merged.record, both);
    // Everything can be changed but which question it is.
    let all = merge(None, &drawn, &rewritten(), Tz::UTC).expect("no conflict");
    assert_eq!(all.record, rewritten());
}
