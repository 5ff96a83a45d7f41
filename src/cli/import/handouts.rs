//! What is handed out: a file that may be missing, and the PDFs beside it.

use std::path::{Component, Path};

use super::{
    ImportError,
    catalogue::Catalogue,
    columns::{HANDOUTS, MORE_OF_HANDOUTS},
    fault::FaultList,
    report::ImportReport,
    table::{Keyed, Row, Table},
};
use crate::{
    actions::ActionContext,
    domain::{
        handout::{HandedOut, Handout, Paper, Readership},
        id::HandoutId,
        session::Session,
        text::Name,
    },
    store::handouts,
    token::row_id,
};

/// What a line says.
pub(super) struct HandoutLine {
    of: HandedOut,
    title: Name,
    paper: Paper,
    content: Option<Vec<u8>>,
    audience: Readership,
}

/// The file's lines, each with its number; none of a file that is not there.
pub(super) fn read(
    dir: &Path,
    known: (&Catalogue, &Keyed<Session>),
    faults: &FaultList,
) -> Vec<(u64, HandoutLine)> {
    if !dir.join("handouts.csv").exists() {
        return Vec::new();
    }
    let table = Table::read(dir, "handouts.csv", (&HANDOUTS, &MORE_OF_HANDOUTS), faults);
    table.rows().filter_map(|row| Some((row.line, handout(row, known, dir)?))).collect()
}

/// The course or the session that a row belongs to.
pub(super) fn of(
    row: Row<'_>,
    (catalogue, sessions): (&Catalogue, &Keyed<Session>),
) -> Option<HandedOut> {
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
    let audience: Option<Option<Readership>> = row.optional("audience");
    let (paper, content) = match (row.text("link"), row.text("file")) {
        ("", "") => return row.fault("link", "enter a link, or the name of a file"),
        (link, "") => (row.checked("link", Paper::link(link))?, None),
        ("", _) => {
            let (name, bytes) = content(row, dir)?;
            (row.checked("file", Paper::file(&name, &bytes))?, Some(bytes))
        }
        _ => return row.fault("file", "leave it empty where there is a link"),
    };
    let audience = audience?.unwrap_or(Readership::Confirmed);
    Some(HandoutLine { of: of?, title: title?, paper, content, audience })
}

/// Writes what is new; what is there stays as it is.
pub(super) async fn write(
    ctx: &ActionContext,
    lines: Vec<(u64, HandoutLine)>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut tx = ctx.store.begin().await?;
    for (line, one) in lines {
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
    tx.commit().await?;
    Ok(())
}
