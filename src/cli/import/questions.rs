//! What courses and sessions ask, and what was answered: both files may be missing.

use std::{collections::HashSet, path::Path};

use super::{
    ImportError,
    catalogue::Catalogue,
    columns::{ANSWERS, MORE_OF_QUESTIONS, QUESTIONS},
    fault::FaultList,
    report::ImportReport,
    table::{Keyed, Row, Table},
};
use crate::{
    actions::{ActionContext, questions::of_file::answer_of_file},
    domain::{
        id::QuestionCode,
        question::{MOST_OPTIONS, Question, QuestionOf, ShownWhen},
        session::Session,
        text::{Line, Paragraph},
    },
    store::{self, Tx},
};

const QUESTIONS_FILE: &str = "questions.csv";
const ANSWERS_FILE: &str = "answers.csv";

/// The questions of the file.
#[derive(Default)]
pub(super) struct Asked {
    /// Each with its line.
    questions: Vec<(u64, Question)>,
    /// Those that stand there, be they of use or not.
    codes: HashSet<String>,
}

/// Reads the file, if it is there.
pub(super) fn read(
    dir: &Path,
    catalogue: &Catalogue,
    sessions: &Keyed<Session>,
    faults: &FaultList,
) -> Asked {
    if !dir.join(QUESTIONS_FILE).exists() {
        return Asked::default();
    }
    let table = Table::read(dir, QUESTIONS_FILE, (&QUESTIONS[..], &MORE_OF_QUESTIONS[..]), faults);
    let mut read: Vec<(u64, Question)> = Vec::new();
    for row in table.rows() {
        let Some(question) = question(row, catalogue, sessions) else { continue };
        if let Some((line, _)) = read.iter().find(|(_, one)| one.code == question.code) {
            row.fault::<()>("code", format!("\"{}\" stands on line {line} already", question.code));
            continue;
        }
        // A session asks what its course does before its own.
        let before: Vec<Question> = read
            .iter()
            .filter(|(_, one)| one.of == question.of || is_of_course(one, &question, sessions, row))
            .map(|(_, one)| one.clone())
            .collect();
        if let Err(why) = question.askable_after(&before) {
            row.fault::<()>("only_where", why);
            continue;
        }
        read.push((row.line, question));
    }
    let codes = table.rows().map(|row| row.text("code").to_owned()).collect();
    Asked { questions: read, codes }
}

fn is_of_course(one: &Question, other: &Question, sessions: &Keyed<Session>, row: Row<'_>) -> bool {
    let (QuestionOf::Course(slug), QuestionOf::Session(code)) = (&one.of, &other.of) else {
        return false;
    };
    let session = sessions.find(row, "session", code.as_str());
    session.is_some_and(|session| session.course.slug == *slug)
}

/// A list in a cell: a line each, or with semicolons between.
fn list(text: &str) -> Vec<String> {
    let separator = if text.contains('\n') { '\n' } else { ';' };
    text.split(separator).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

fn question(row: Row<'_>, catalogue: &Catalogue, sessions: &Keyed<Session>) -> Option<Question> {
    let of = match (row.text("course"), row.text("session")) {
        ("", "") => row.fault("course", "name the course or the session that asks"),
        (slug, "") => {
            let course = catalogue.courses.find(row, "course", slug);
            course.map(|course| QuestionOf::Course(course.slug.clone()))
        }
        ("", code) => {
            let session = sessions.find(row, "session", code);
            session.map(|session| QuestionOf::Session(session.code.clone()))
        }
        _ => row.fault("session", "leave it empty where a course asks"),
    };
    let code = row.parse("code");
    let asked = row.parse("asked");
    let kind = row.parse("kind");
    let wording = match Paragraph::parse_optional(row.text("question")) {
        Ok(Some(words)) => Some(words.as_str().to_owned()),
        Ok(None) => row.fault("question", "must not be empty"),
        Err(fault) => row.fault("question", fault),
    };
    let help = row.checked("help", Paragraph::parse_optional(row.text("help")));
    let options = list(row.text("options"));
    if options.len() > MOST_OPTIONS {
        row.fault::<()>("options", format!("holds more than {MOST_OPTIONS}"));
    }
    for one in &options {
        row.checked("options", Line::<120>::parse(one));
    }
    let most = row.optional("most");
    let shown_when: Option<Option<ShownWhen>> = row.optional("only_where");
    let seen = list(row.text("seen_by"));
    const READERS: [&str; 4] = ["trainer", "helper", "kitchen", "sheet"];
    if let Some(other) = seen.iter().find(|one| !READERS.contains(&one.as_str())) {
        let words = format!("\"{other}\" is none of: {}", READERS.join(", "));
        return row.fault("seen_by", words);
    }
    let is_for = |reader: &str| seen.iter().any(|one| one == reader);
    let [is_required, is_sensitive] = [row.yes("required")?, row.yes("sensitive")?];
    Some(Question {
        code: code?,
        of: of?,
        revision: 1,
        asked: asked?,
        kind: kind?,
        wording: wording?,
        help: help?.map(|help| help.as_str().to_owned()),
        options,
        most: most?,
        is_required,
        is_sensitive,
        shown_when: shown_when?,
        for_trainer: is_for("trainer"),
        for_helper: is_for("helper"),
        for_kitchen: is_for("kitchen"),
        for_sheet: is_for("sheet") && !is_sensitive,
    })
}

/// Adds the questions that are not there yet.
pub(super) async fn write(
    ctx: &ActionContext,
    tx: &mut Tx,
    asked: &Asked,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    for (line, question) in &asked.questions {
        let is_new = store::questions::insert(tx, question, ctx.now()).await?;
        if is_new {
            store::questions::seen(tx, &question.of).await?;
        }
        report.questions.add(is_new, *line, &question.code, None);
    }
    Ok(())
}

/// An answer of the file.
pub(super) struct Answer {
    line: u64,
    booking: String,
    /// The line of its booking that it is about, from 1; none for the booking.
    place: Option<u32>,
    question: QuestionCode,
    value: String,
}

/// The answers of the file, in order.
pub(super) fn answers(dir: &Path, asked: &Asked, faults: &FaultList) -> Vec<Answer> {
    if !dir.join(ANSWERS_FILE).exists() {
        return Vec::new();
    }
    let table = Table::read(dir, ANSWERS_FILE, (&ANSWERS[..], &[]), faults);
    let read = |row: Row<'_>| {
        let question: QuestionCode = row.parse("question")?;
        // That a question has faults of its own is not its answer's fault.
        if !asked.codes.contains(question.as_str()) {
            return row.fault("question", format!("{question} is not in {QUESTIONS_FILE}"));
        }
        let place = row.optional("place")?;
        let (booking, value) = (row.text("booking").to_owned(), row.text("answer").to_owned());
        Some(Answer { line: row.line, booking, place, question, value })
    };
    table.rows().filter_map(read).collect()
}

/// Keeps the answers of bookings that have none to these questions yet. One that cannot be kept is reported, not
/// fatal: somebody may have changed the question.
pub(super) async fn save(
    ctx: &ActionContext,
    answers: Vec<Answer>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    for Answer { line, booking, place, question, value } in answers {
        let key = format!("{booking}: {question}");
        match answer_of_file(ctx, &booking, place, (&question, &value)).await? {
            Ok(is_new) => report.answers.add(is_new, line, &key, None),
            Err(why) => report.refused.push(format!("{key}: {why}")),
        }
    }
    Ok(())
}
