//! The things on the overview, sorted: whose they are, what was left or is done, and how many are shown.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    domain::{
        id::StaffLogin,
        thing::{ThingKey, ThingKind, ThingMark, ThingStanding, standing},
        wording,
    },
    store::{Conn, StoreError, overview_marks},
    web::{
        office::filling::Filling,
        office::overview::{
            helps::helps,
            task::{Task, Who},
        },
        paths::{self, Href},
    },
};

/// How many things of a kind the overview shows; a page of their own has the others.
pub const SHOWN: usize = 5;

/// Which things are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Shown {
    /// What waits for anybody now.
    #[default]
    Everybody,
    /// What waits for whoever looks.
    Mine,
    /// What somebody left until a day.
    Snoozed,
    /// What there is time for after this week.
    Later,
    /// What somebody has done, for as long as nothing about it is new.
    Done,
}

/// All of them, with their words in addresses and on the page.
pub const ALL: [(Shown, &str, &str); 5] = [
    (Shown::Everybody, "everybody", "Everybody's"),
    (Shown::Mine, "mine", "Mine"),
    (Shown::Snoozed, "snoozed", "Snoozed"),
    (Shown::Later, "later", "After this week"),
    (Shown::Done, "done", "Done"),
];

/// A thing with what was said of it.
#[derive(Debug, Clone)]
pub struct Sorted {
    pub task: Task,
    pub mark: Option<ThingMark>,
    pub standing: ThingStanding,
    /// Who could still come, for a session that fills slowly.
    pub helps: Vec<(String, Href)>,
}

impl Sorted {
    fn is_shown(&self, shown: Shown, login: &StaffLogin) -> bool {
        match (shown, self.standing) {
            (Shown::Everybody, ThingStanding::Open)
            | (Shown::Snoozed, ThingStanding::Snoozed(_))
            | (Shown::Later, ThingStanding::Later)
            | (Shown::Done, ThingStanding::Done) => true,
            (Shown::Mine, ThingStanding::Open | ThingStanding::Later) => self.is_for(login),
            _ => false,
        }
    }

    fn is_for(&self, login: &StaffLogin) -> bool {
        let given = self.mark.as_ref().and_then(|mark| mark.assignee.as_ref());
        given.or(self.task.whose.as_ref()) == Some(login)
    }

    /// Whose it is, until when it was left, and what was written beside it.
    pub fn said(&self, names: &[(String, String)]) -> Option<String> {
        let mark = self.mark.as_ref()?;
        let name = |login: &StaffLogin| {
            let known = names.iter().find(|one| one.0 == login.as_str());
            known.map_or_else(|| login.to_string(), |one| one.1.clone())
        };
        let mut said = Vec::new();
        if let Some(login) = &mark.assignee {
            said.push(format!("For {}.", name(login)));
        }
        match self.standing {
            ThingStanding::Snoozed(until) => {
                let day = until.with_timezone(&self.task.zone).date_naive();
                said.push(format!(
                    "Left until {} by {}.",
                    wording::short_date(day),
                    name(&mark.by)
                ));
            }
            ThingStanding::Done => {
                let at = wording::moment(mark.at, self.task.zone);
                said.push(format!("Done by {} at {at}.", name(&mark.by)));
            }
            ThingStanding::Open | ThingStanding::Later => {}
        }
        if let Some(note) = &mark.note {
            said.push(note.as_str().to_owned());
        }
        (!said.is_empty()).then(|| said.join(" "))
    }
}

/// Things of one kind.
pub struct Group {
    pub name: &'static str,
    pub shown: Vec<Sorted>,
    /// How many more there are.
    pub more: usize,
    /// Where those are.
    pub href: Href,
}

/// What things of a kind have in common.
pub fn heading(kind: ThingKind) -> &'static str {
    match kind {
        ThingKind::Phone => "To phone",
        ThingKind::Support => "To arrange",
        ThingKind::Requests | ThingKind::Help | ThingKind::Claims => "To decide",
        ThingKind::Nomination => "Nominations to decide",
        ThingKind::OneToOne => "One-to-ones",
        ThingKind::Review => "Reviews",
        ThingKind::Step => "Next steps",
        ThingKind::Minimum => "Too few people",
        ThingKind::FailedLetters | ThingKind::ReturnedLetters => "Letters",
        ThingKind::OffersEnding => "Offers that end soon",
        ThingKind::FillsSlowly => "Filling slowly",
        ThingKind::People => "Who is who",
    }
}

/// Things with what was said of them, where they stand at `now`.
pub async fn sorted(
    conn: &mut Conn,
    tasks: Vec<Task>,
    now: DateTime<Utc>,
) -> Result<Vec<Sorted>, StoreError> {
    let keys: Vec<ThingKey> = tasks.iter().map(|task| task.seen.key.clone()).collect();
    let mut marks: HashMap<_, _> = overview_marks::find_all(conn, &keys).await?;
    let sort = |task: Task| {
        let mark = marks.remove(&task.seen.key);
        let standing = standing(mark.as_ref(), task.seen.fact, task.from, now);
        Sorted { task, mark, standing, helps: Vec::new() }
    };
    Ok(tasks.into_iter().map(sort).collect())
}

/// Those that are asked for; how many each way of looking would show.
pub fn asked_for(
    mut all: Vec<Sorted>,
    shown: Shown,
    who: &Who,
) -> (Vec<Sorted>, [usize; ALL.len()]) {
    let login = &who.member.login;
    let counts = ALL.map(|(way, ..)| all.iter().filter(|one| one.is_shown(way, login)).count());
    all.retain(|one| one.is_shown(shown, login));
    (all, counts)
}

/// Sorts by kind, and keeps at most so many of each: the order of urgency is that of the list.
pub fn groups(all: Vec<Sorted>, list: &Href, most: usize) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for one in all {
        let kind = one.task.seen.key.kind;
        let name = heading(kind);
        let at = groups.iter().position(|group| group.name == name);
        let at = at.unwrap_or_else(|| {
            let href = list.clone().with("kind", kind.as_str());
            groups.push(Group { name, shown: Vec::new(), more: 0, href });
            groups.len() - 1
        });
        let group = &mut groups[at];
        if group.shown.len() < most {
            group.shown.push(one);
        } else {
            group.more += 1;
        }
    }
    groups
}

/// Looks for who could still come to those sessions that are shown as filling slowly.
pub async fn look_for_help(
    conn: &mut Conn,
    groups: &mut [Group],
    coming: &[Filling],
) -> Result<(), StoreError> {
    for one in groups.iter_mut().flat_map(|group| &mut group.shown) {
        if one.task.seen.key.kind != ThingKind::FillsSlowly {
            continue;
        }
        let its = |line: &&Filling| Some(&line.session.code) == one.task.seen.session.as_ref();
        let Some(line) = coming.iter().find(its) else { continue };
        one.helps = helps(conn, &line.session).await?;
    }
    Ok(())
}

/// The list of one way of looking.
pub fn list(shown: Shown) -> Href {
    match ALL.iter().find(|one| one.0 == shown && shown != Shown::default()) {
        Some((_, word, _)) => paths::desk::things(word),
        None => paths::office::overview(),
    }
}
