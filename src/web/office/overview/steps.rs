//! Next steps of bookings, people and institutions, as things to do.

use chrono::Datelike;

use crate::{
    actions::overview::mark_thing::SeenThing,
    domain::{
        id::{AllianceSlug, NoteId, SessionCode},
        permission::{Permission, allows_everywhere, allows_in, allows_somewhere},
        thing::{ThingKey, ThingKind, WEEK},
        wording,
    },
    store::{
        Conn, StoreError,
        due_steps::{self, DueStep, StepAbout},
        overview_marks, people,
    },
    web::{
        office::overview::task::{Board, Task},
        paths::{self, Href},
    },
};

/// How many are looked at: more than anybody has to do in a week.
const MOST: i64 = 500;

/// How much of what is to be done the overview shows.
const SHOWN: usize = 160;

/// What is to be done this week, of whatever whoever looks may see.
pub async fn steps(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<Task>, StoreError> {
    let until = (board.now + WEEK).date_naive();
    let due = due_steps::due(conn, until, MOST).await?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let names = overview_marks::everybody(conn).await?;
    let mut tasks = Vec::new();
    for step in due {
        if may_see(conn, board, &step).await? {
            let known = names.iter().find(|one| one.0 == step.whose.as_str());
            let whose = known.map_or_else(|| step.whose.to_string(), |one| one.1.clone());
            tasks.push(task(board, &step, &whose));
        }
    }
    Ok(tasks)
}

async fn may_see(conn: &mut Conn, board: &Board<'_>, step: &DueStep) -> Result<bool, StoreError> {
    let member = &board.who.member;
    Ok(match &step.about {
        StepAbout::Booking(_, _, alliance) => {
            allows_in(member, Permission::ManageBookings, alliance)
        }
        StepAbout::Institution(_, alliance) => {
            allows_in(member, Permission::ManageInstitutions, alliance)
        }
        StepAbout::Person(id) => {
            allows_everywhere(member, Permission::ManagePeople)
                || (allows_somewhere(member, Permission::ManagePeople)
                    && people::is_within(conn, *id, &member.login).await?)
        }
    })
}

fn task(board: &Board<'_>, step: &DueStep, whose: &str) -> Task {
    let (href, alliance, session): (Href, Option<&AllianceSlug>, Option<&SessionCode>) =
        match &step.about {
            StepAbout::Booking(reference, session, alliance) => {
                (paths::office::booking(reference), Some(alliance), Some(session))
            }
            StepAbout::Institution(code, alliance) => {
                (paths::office::institution(code), Some(alliance), None)
            }
            StepAbout::Person(id) => (paths::office::person(id), None, None),
        };
    let known = alliance.and_then(|slug| board.alliances.iter().find(|one| one.slug == *slug));
    let body = step.body.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: String = body.chars().take(SHOWN).collect();
    let more = if shown.len() < body.len() { "\u{2026}" } else { "" };
    Task {
        seen: SeenThing {
            key: ThingKey::new(ThingKind::Step, step.note),
            fact: i64::from(step.by.num_days_from_ce()),
            alliance: alliance.cloned(),
            session: session.cloned(),
        },
        whose: Some(step.whose.clone()),
        from: None,
        zone: known.map_or_else(|| board.who.member.zone(board.alliances), |one| one.time_zone),
        class: "t-warn",
        icon: "list",
        href: href.at("notes"),
        title: format!("Next step: {}", step.called),
        detail: format!("{shown}{more} ({whose} has it)"),
        tag: format!("By {}", wording::short_date(step.by)),
    }
}

/// Which note a thing is the step of, if it is one.
pub fn step_meant(key: &ThingKey) -> Option<NoteId> {
    (key.kind == ThingKind::Step).then(|| key.about.parse().ok()).flatten()
}
