//! Nominations to decide, and the talks that go with them, as things to do.

use chrono::{Datelike, NaiveDate};

use crate::{
    actions::overview::mark_thing::SeenThing,
    domain::{
        id::NominationId,
        nomination::{Facts, Nomination, NominationState, Which},
        thing::{ThingKey, ThingKind, WEEK},
        wording,
    },
    store::{Conn, StoreError, catalogue, nominations},
    web::{
        office::overview::task::{Board, Task},
        paths,
    },
};

/// What is to be decided, and whose talks are to be had this week.
pub async fn talks(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<Task>, StoreError> {
    let until = (board.now + WEEK).date_naive();
    let open = nominations::open(conn, until).await?;
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let courses = catalogue::courses(conn).await?;
    let mut tasks = Vec::new();
    for (one, facts) in open.iter().filter(|(one, _)| board.who.reaches(&one.alliance)) {
        let course = courses.iter().find(|course| course.slug == one.course);
        let title = course.map_or_else(|| one.course.to_string(), |course| course.title.clone());
        if one.state(*facts) == NominationState::Proposed {
            tasks.push(to_decide(board, one, &title));
        }
        for which in [Which::Before, Which::After] {
            tasks.extend(talk(board, (one, *facts), which, (&title, until)));
        }
    }
    Ok(tasks)
}

fn about(board: &Board<'_>, one: &Nomination, kind: ThingKind, fact: i64) -> Task {
    let alliance = board.alliances.iter().find(|alliance| alliance.slug == one.alliance);
    let zone = alliance
        .map_or_else(|| board.who.member.zone(board.alliances), |alliance| alliance.time_zone);
    Task {
        seen: SeenThing {
            key: ThingKey::new(kind, one.id),
            fact,
            alliance: Some(one.alliance.clone()),
            session: one.session.clone(),
        },
        whose: None,
        from: None,
        zone,
        class: "t-warn",
        icon: "person",
        href: paths::records::nomination(&one.id),
        title: String::new(),
        detail: String::new(),
        tag: String::new(),
    }
}

fn to_decide(board: &Board<'_>, one: &Nomination, course: &str) -> Task {
    Task {
        title: format!("{} is nominated for {course}", one.name),
        detail: "A leader nominated them. Say yes or no.".to_owned(),
        tag: "To decide".to_owned(),
        ..about(board, one, ThingKind::Nomination, 1)
    }
}

fn talk(
    board: &Board<'_>,
    (one, facts): (&Nomination, Facts),
    which: Which,
    (course, until): (&str, NaiveDate),
) -> Option<Task> {
    let talk = one.talk(which);
    let due = talk.due.filter(|due| *due <= until && one.is_due(which, facts))?;
    let (kind, what) = match which {
        Which::Before => (ThingKind::OneToOne, "One-to-one before"),
        Which::After => (ThingKind::Review, "Review after"),
    };
    let who = talk.who.as_ref().map(|who| format!("{who} has it. "));
    Some(Task {
        title: format!("{what} {course}: {}", one.name),
        detail: format!("{}Write down what was agreed.", who.unwrap_or_default()),
        tag: format!("By {}", wording::short_date(due)),
        ..about(board, one, kind, i64::from(due.num_days_from_ce()))
    })
}

/// Which talk a thing is, if it is one.
pub fn meant(key: &ThingKey) -> Option<(NominationId, Which)> {
    let which = match key.kind {
        ThingKind::OneToOne => Which::Before,
        ThingKind::Review => Which::After,
        _ => return None,
    };
    Some((key.about.parse().ok()?, which))
}
