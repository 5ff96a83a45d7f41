//! What is handed out, and what is asked afterwards: two files that may be missing, and the papers beside them.

use std::path::{Component, Path};

use super::{
    ImportError,
    catalogue::Catalogue,
    columns::{FEEDBACK_QUESTIONS, HANDOUTS, MORE_OF_FEEDBACK_QUESTIONS, MORE_OF_HANDOUTS},
    fault::FaultList,
    report::ImportReport,
    table::{Keyed, Row, Table},
};
use crate::{
    actions::ActionContext,
    domain::{
        feedback_question::{FeedbackKind, FeedbackQuestion},
        handout::{Audience, HandedOut, Handout, Paper},
        id::{FeedbackQuestionId, HandoutId},
        session::Session,
        text::{Line, Name},
    },
    store::{feedback_questions, handouts},
    token::row_id,
};

/// Everything the two files say, each with its line.
#[derive(Default)]
pub(super) struct Loaded {
    handouts: Vec<(u64, HandoutLine)>,
    questions: Vec<(u64, QuestionLine)>,
}

struct HandoutLine {
    of: HandedOut,
    title: Name,
    paper: Paper,
    content: Option<Vec<u8>>,
    audience: Audience,
}

struct QuestionLine {
    of: HandedOut,
    kind: FeedbackKind,
    wording: Line<200>,
    options: Vec<String>,
    is_ended: bool,
}

/// The lines of the files; none of a file that is not there.
pub(super) fn read(dir: &Path, known: (&Catalogue, &Keyed<Session>), faults: &FaultList) -> Loaded {
    let mut loaded = Loaded::default();
    if dir.join("handouts.csv").exists() {
        let table = Table::read(dir, "handouts.csv", (&HANDOUTS, &MORE_OF_HANDOUTS), faults);
        let lines = table.rows().filter_map(|row| Some((row.line, handout(row, known, dir)?)));
        loaded.handouts = lines.collect();
    }
    if dir.join("feedback_questions.csv").exists() {
        let columns = (&FEEDBACK_QUESTIONS[..], &MORE_OF_FEEDBACK_QUESTIONS[..]);
        let table = Table::read(dir, "feedback_questions.csv", columns, faults);
        let lines = table.rows().filter_map(|row| Some((row.line, question(row, known)?)));
        loaded.questions = lines.collect();
    }
    loaded
}

/// The course or the session it belongs to.
fn of(row: Row<'_>, (catalogue, sessions): (&Catalogue, &Keyed<Session>)) -> Option<HandedOut> {
    match (row.text("course"), row.text("session")) {
        ("", "") => row.fault("course", "name the course or the session"),
        (slug, "") => {
            let course = catalogue.courses.find(row, "course", slug);
            course.map(|course| HandedOut::Course(course.slug.clone()))
        }
        ("", code) => {
            let session = sessions.find(row, "session", code);
            session.map(|session| HandedOut::Session(session.code.clone()))
        }
        _ => row.fault("session", "leave it empty where it is of a course"),
    }
}

/// The file that a row names, which lies in the folder and nowhere else.
fn content(row: Row<'_>, dir: &Path) -> Option<(String, Vec<u8>)> {
    let path = Path::new(row.text("file"));
    let is_inside = path.components().all(|part| matches!(part, Component::Normal(_)));
    let name = path.file_name().and_then(|name| name.to_str());
    let Some(name) = name.filter(|_| is_inside) else {
        return row.fault("file", "name a file in the folder, such as handouts/notes.pdf");
    };
    match std::fs::read(dir.join(path)) {
        Ok(bytes) => Some((name.to_owned(), bytes)),
        Err(error) => row.fault("file", format!("{} cannot be read: {error}", path.display())),
    }
}

fn handout(row: Row<'_>, known: (&Catalogue, &Keyed<Session>), dir: &Path) -> Option<HandoutLine> {
    let of = of(row, known);
    let title = row.checked("title", Name::parse(row.text("title")));
    let audience: Option<Option<Audience>> = row.optional("audience");
    let (paper, content) = match (row.text("link"), row.text("file")) {
        ("", "") => return row.fault("link", "enter a link, or the name of a file"),
        (link, "") => (row.checked("link", Paper::link(link))?, None),
        ("", _) => {
            let (name, bytes) = content(row, dir)?;
            (row.checked("file", Paper::file(&name, &bytes))?, Some(bytes))
        }
        _ => return row.fault("file", "leave it empty where there is a link"),
    };
    let audience = audience?.unwrap_or(Audience::Confirmed);
    Some(HandoutLine { of: of?, title: title?, paper, content, audience })
}

fn question(row: Row<'_>, known: (&Catalogue, &Keyed<Session>)) -> Option<QuestionLine> {
    let of = of(row, known);
    let kind: Option<FeedbackKind> = row.parse("kind");
    let wording = row.checked("question", Line::parse(row.text("question")));
    let is_ended = row.yes("ended");
    let kind = kind?;
    let typed = row.list("options").join("\n");
    let options = row.checked("options", FeedbackQuestion::options(kind, &typed))?;
    Some(QuestionLine { of: of?, kind, wording: wording?, options, is_ended: is_ended? })
}

/// Writes what is new; what is there stays as it is.
pub(super) async fn write(
    ctx: &ActionContext,
    loaded: Loaded,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut tx = ctx.store.begin().await?;
    for (line, one) in loaded.handouts {
        let there = handouts::of(&mut tx, &one.of).await?;
        let is_it = |known: &Handout| known.title == one.title && known.paper == one.paper;
        let is_new = !there.iter().any(is_it);
        report.handouts.add(is_new, line, &one.title, None);
        if is_new {
            let id = HandoutId::new(row_id(&*ctx.random, &*ctx.clock));
            let HandoutLine { of, title, paper, content, audience } = one;
            let new = Handout { id, of, title, paper, audience, added_at: ctx.now() };
            handouts::insert(&mut tx, &new, content.as_deref()).await?;
        }
    }
    for (line, one) in loaded.questions {
        let there = feedback_questions::of(&mut tx, &one.of).await?;
        let is_it = |known: &FeedbackQuestion| {
            (known.kind, &known.wording, known.is_ended) == (one.kind, &one.wording, one.is_ended)
        };
        let is_new = !there.iter().any(is_it);
        report.feedback_questions.add(is_new, line, &one.wording, None);
        if is_new {
            let id = FeedbackQuestionId::new(row_id(&*ctx.random, &*ctx.clock));
            let QuestionLine { of, kind, wording, options, is_ended } = one;
            let new = FeedbackQuestion { id, of, kind, wording, options, is_ended: false };
            feedback_questions::insert(&mut tx, &new, ctx.now()).await?;
            if is_ended {
                feedback_questions::end(&mut tx, id, ctx.now()).await?;
            }
        }
    }
    tx.commit().await?;
    Ok(())
}
