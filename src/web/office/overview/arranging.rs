//! What is still to be arranged for sessions: an interpreter, word to the kitchen, and what an organiser added.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        id::SessionCode,
        session::Session,
        support::{INTERPRETER_DAYS, SupportKind, SupportState, ToDo, pounds, span, to_do},
        thing::ThingKind,
        wording,
    },
    store::{
        Conn, StoreError,
        supports::{self, Support, SupportNeeded},
    },
    web::{
        office::{
            filling::Filling,
            overview::task::{Board, Task, about},
        },
        paths,
    },
};

/// What is to be arranged for the sessions on a board.
pub async fn arranging(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<Task>, StoreError> {
    let needed = supports::needed(conn, board.now).await?;
    let mut kept: HashMap<SessionCode, Vec<Support>> = HashMap::new();
    for one in supports::to_come(conn, board.now).await? {
        kept.entry(one.session.clone()).or_default().push(one);
    }
    let mut tasks = Vec::new();
    for one in board.coming {
        let code = &one.session.code;
        let needed = needed.get(code).copied().unwrap_or_default();
        for line in lines(kept.remove(code).unwrap_or_default(), needed) {
            tasks.extend(task(one, &line, board.now));
        }
    }
    Ok(tasks)
}

/// How far something is, as pages say it.
pub const STATES: [(SupportState, &str); 4] = [
    (SupportState::ToArrange, "To arrange"),
    (SupportState::Asked, "Asked"),
    (SupportState::Booked, "Booked"),
    (SupportState::NotNeeded, "Not needed any more"),
];

/// A support as it stands beside what people need now.
#[derive(Debug, Clone)]
pub struct Line {
    pub kind: SupportKind,
    /// What was said of it, if anything was.
    pub kept: Option<Support>,
    /// How many people need it.
    pub asking: u32,
}

impl Line {
    pub fn state(&self) -> SupportState {
        self.kept.as_ref().map_or_else(SupportState::default, |kept| kept.state)
    }

    pub fn to_do(&self) -> Option<ToDo> {
        let covered = self.kept.as_ref().map_or(0, |kept| kept.people);
        to_do(self.kind, self.state(), covered, self.asking)
    }

    /// How far it is, for a tag.
    pub fn state_words(&self) -> &'static str {
        match (self.state(), self.to_do()) {
            (_, Some(ToDo::CallOff)) => "To cancel",
            (SupportState::Booked, Some(ToDo::More(_))) => "Booked for fewer",
            (state, _) => STATES.iter().find(|one| one.0 == state).map_or("", |one| one.1),
        }
    }

    /// Whether it stands, or is not needed.
    pub fn is_settled(&self) -> bool {
        self.to_do().is_none()
    }

    /// For how many, by whom, for how much, and what else is known.
    pub fn detail(&self) -> String {
        let mut said = Vec::new();
        if self.kind.is_of_needs() {
            let people = wording::count(self.asking as usize, "person", "people");
            said.push(format!("Asked for by {people}"));
        }
        if let Some(kept) = &self.kept {
            said.extend(kept.by_whom.as_ref().map(|whom| format!("By {whom}")));
            said.extend(kept.cost.map(|cost| pounds(cost.into())));
            said.extend(kept.note.as_ref().map(|note| note.as_str().to_owned()));
        }
        said.join(". ")
    }

    /// What it is called.
    pub fn name(&self) -> String {
        let title = self.kept.as_ref().map(|kept| kept.title.as_str());
        title.filter(|title| !title.is_empty()).unwrap_or(self.kind.name()).to_owned()
    }

    /// By what addresses know it.
    pub fn which(&self) -> String {
        match (&self.kept, self.kind.is_of_needs()) {
            (Some(kept), false) => kept.id.to_string(),
            _ => self.kind.to_string(),
        }
    }
}

/// The supports of a session: those that follow from needs, where anybody has any or something was said, and
/// those that were added.
pub fn lines(mut kept: Vec<Support>, needed: SupportNeeded) -> Vec<Line> {
    let mut lines = Vec::new();
    for kind in [SupportKind::Interpreter, SupportKind::Kitchen] {
        let at = kept.iter().position(|one| one.kind == kind);
        let (kept, asking) = (at.map(|at| kept.remove(at)), needed.of_kind(kind));
        if kept.is_some() || asking > 0 {
            lines.push(Line { kind, kept, asking });
        }
    }
    let others = kept.into_iter();
    lines.extend(others.map(|one| Line { kind: one.kind, kept: Some(one), asking: 0 }));
    lines
}

fn task(one: &Filling, line: &Line, now: DateTime<Utc>) -> Option<Task> {
    let (session, what) = (&one.session, line.to_do()?);
    let (from, by) = span(line.kind, session.starts_at()?);
    // What is booked for nobody costs money from today on, and what grew is as urgent as what is new.
    let from = if what == ToDo::CallOff { None } else { Some(from) };
    let course = &session.course.title;
    let title = match (line.kind, what) {
        (SupportKind::Interpreter, ToDo::Arrange) => format!("Book an interpreter: {course}"),
        (SupportKind::Interpreter, ToDo::More(_)) => {
            format!("More people need the interpreter: {course}")
        }
        (SupportKind::Kitchen, ToDo::More(_)) => {
            format!("The kitchen knows of too few allergies: {course}")
        }
        (_, ToDo::Chase) => format!("No answer yet: {}, {course}", in_a_sentence(&line.name())),
        (_, ToDo::CallOff) => {
            format!("Nobody needs it any more: {}, {course}", in_a_sentence(&line.name()))
        }
        _ => format!("{}: {course}", line.name()),
    };
    let fact = i64::from(line.asking) * 10 + i64::from(what == ToDo::CallOff);
    Some(Task {
        from,
        icon: "access",
        href: paths::desk::session_support(&session.code, line.which()),
        title,
        detail: format!("{}.{}", about(session), whose(line)),
        tag: tag(session, what, by, now),
        ..Task::about(one, ThingKind::Support, &format!("{}:{}", session.code, line.which()), fact)
    })
}

/// For how many people, and what is known of such.
fn whose(line: &Line) -> String {
    let people = wording::count(line.asking as usize, "person", "people");
    match (line.kind, line.asking) {
        (SupportKind::Interpreter, 1..) => {
            format!(" Asked for by {people}. Most interpreters need {INTERPRETER_DAYS} days.")
        }
        (SupportKind::Kitchen, 1..) => format!(" {people} ticked an allergy."),
        _ => String::new(),
    }
}

fn tag(session: &Session, what: ToDo, by: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if what == ToDo::CallOff {
        return "To cancel".to_owned();
    }
    if by <= now {
        return "At once".to_owned();
    }
    let day = by.with_timezone(&session.zone()).date_naive();
    format!("By {}", wording::short_date(day))
}

/// A name within a sentence.
fn in_a_sentence(name: &str) -> String {
    let mut letters = name.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_lowercase).collect();
    format!("{first}{}", letters.as_str())
}
