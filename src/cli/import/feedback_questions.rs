//! What is asked afterwards: a file that may be missing.

use std::path::Path;

use super::{
    ImportError,
    catalogue::Catalogue,
    columns::{FEEDBACK_QUESTIONS, MORE_OF_FEEDBACK_QUESTIONS},
    fault::FaultList,
    handouts::of,
    report::ImportReport,
    table::{Keyed, Row, Table},
};
use crate::{
    actions::ActionContext,
    domain::{
        feedback_question::{FeedbackKind, FeedbackQuestion},
        handout::HandedOut,
        id::FeedbackQuestionId,
        session::Session,
        text::Line,
    },
    store::feedback_questions,
    token::row_id,
};

/// What a line says.
pub(super) struct QuestionLine {
    of: HandedOut,
    kind: FeedbackKind,
    wording: Line<200>,
    options: Vec<String>,
    is_ended: bool,
}

/// The file's lines, each with its number; none of a file that is not there.
pub(super) fn read(
    dir: &Path,
    known: (&Catalogue, &Keyed<Session>),
    faults: &FaultList,
) -> Vec<(u64, QuestionLine)> {
    if !dir.join("feedback_questions.csv").exists() {
        return Vec::new();
    }
    let columns = (&FEEDBACK_QUESTIONS[..], &MORE_OF_FEEDBACK_QUESTIONS[..]);
    let table = Table::read(dir, "feedback_questions.csv", columns, faults);
    table.rows().filter_map(|row| Some((row.line, question(row, known)?))).collect()
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
    lines: Vec<(u64, QuestionLine)>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut tx = ctx.store.begin().await?;
    for (line, one) in lines {
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
