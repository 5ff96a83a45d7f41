//! What is asked, and what was answered: as the import reads them. Questions that are not asked any more, and what
//! was answered to them, stay behind.

use std::collections::HashMap;

use super::sheet::{Sheet, maybe, yes};
use crate::{
    cli::import::columns::{ANSWERS, MORE_OF_QUESTIONS, QUESTIONS},
    domain::{
        id::{PlaceId, QuestionCode, RegistrationId, SessionCode},
        question::{Answered, Question, QuestionKind, QuestionOf},
        session::Session,
    },
    store::{Conn, StoreError, answers, questions},
};

/// The questions of all courses, and of these sessions.
pub(super) async fn sheet(
    conn: &mut Conn,
    sessions: &[Session],
) -> Result<(Sheet, Vec<QuestionCode>), StoreError> {
    let mut sheet = Sheet::new("questions.csv", &QUESTIONS, &MORE_OF_QUESTIONS);
    let mut asked = Vec::new();
    for one in questions::all(conn).await? {
        let is_there = |code: &SessionCode| sessions.iter().any(|session| session.code == *code);
        if matches!(&one.of, QuestionOf::Session(code) if !is_there(code)) {
            continue;
        }
        add(&mut sheet, &one);
        asked.push(one.code);
    }
    Ok((sheet, asked))
}

/// A list in a cell.
fn list(all: &[String]) -> String {
    let separator = if all.iter().any(|one| one.contains(';')) { "\n" } else { ";" };
    let text = all.join(separator);
    // One alone that holds a semicolon is one all the same.
    if all.len() == 1 && text.contains(';') { format!("{text}\n") } else { text }
}

fn add(sheet: &mut Sheet, one: &Question) {
    let (course, session) = match &one.of {
        QuestionOf::Course(slug) => (slug.to_string(), String::new()),
        QuestionOf::Session(code) => (String::new(), code.to_string()),
    };
    let seen = [
        (one.for_trainer, "trainer"),
        (one.for_helper, "helper"),
        (one.for_kitchen, "kitchen"),
        (one.for_sheet, "sheet"),
    ];
    let seen: Vec<&str> = seen.iter().filter(|seen| seen.0).map(|seen| seen.1).collect();
    sheet.add([
        one.code.to_string(),
        course,
        session,
        one.asked.to_string(),
        one.kind.to_string(),
        one.wording.clone(),
        maybe(one.help.as_ref()),
        list(&one.options),
        maybe(one.most),
        yes(one.is_required),
        yes(one.is_sensitive),
        maybe(one.shown_when.as_ref()),
        seen.join(";"),
    ]);
}

/// The answers of one booking, by the lines on which its places stand.
pub(super) async fn answers_of(
    conn: &mut Conn,
    sheet: &mut Sheet,
    session: &SessionCode,
    (keys, lines): (&HashMap<RegistrationId, String>, &HashMap<PlaceId, usize>),
    asked: &[QuestionCode],
) -> Result<(), StoreError> {
    for one in answers::of_session(conn, session).await? {
        let line = one.place.map(|place| lines.get(&place));
        // Whoever is not in the file has no line of hers.
        let (Some(key), false) = (keys.get(&one.registration), line == Some(None)) else {
            continue;
        };
        if asked.contains(&one.answered.question) {
            sheet.add([
                key.clone(),
                maybe(line.flatten()),
                one.answered.question.to_string(),
                value(&one.answered),
            ]);
        }
    }
    Ok(())
}

/// An answer in a cell; several as a list.
fn value(answered: &Answered) -> String {
    match answered.kind {
        QuestionKind::Several => {
            list(&answered.value.split('\n').map(str::to_owned).collect::<Vec<_>>())
        }
        _ => answered.value.clone(),
    }
}

/// The file of answers, without any yet.
pub(super) fn empty() -> Sheet {
    Sheet::new("answers.csv", &ANSWERS, &[])
}
