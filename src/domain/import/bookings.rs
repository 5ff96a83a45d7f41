//! Rows that are people who come to one session, gathered into bookings.

use chrono::NaiveDate;

use super::{
    ImportKind, Known, Read, Said, Sheet,
    cells::{Cells, Named, Reader},
    choice, said,
};
use crate::domain::{
    attendee::{Attendee, Guardian, Ticks},
    finding::folded,
    import::{Choice, Doubt},
    registration::{Leader, Sender},
    text::Name,
};

/// A row that is somebody who comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRow {
    /// Where she stands.
    pub row: u32,
    /// Who she is; `None` where the name is to follow.
    pub who: Option<Attendee>,
}

/// The rows of one booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grouped {
    /// Who looks after it.
    pub leader: Leader,
    /// Whom they come for.
    pub sender: Sender,
    /// Who comes.
    pub people: Vec<BookingRow>,
    /// The institution that may be meant, if the file writes it otherwise than the list.
    pub doubt: Option<Doubt>,
}

impl Grouped {
    /// Where it begins.
    pub fn row(&self) -> u32 {
        self.people.first().map_or(0, |one| one.row)
    }
}

/// What a row says of its booking, before rows are gathered.
struct Line<'a> {
    cells: Cells<'a>,
    person: BookingRow,
    named: Named,
    leader: Option<Name>,
}

/// Reads the rows of a file of bookings. Rows of a booking have the same word in the column that says so;
/// without one, the same leader; without that, all are one booking, or each her own, as was said.
pub fn bookings(sheet: &Sheet, known: &Known, all: &Said, today: NaiveDate) -> Read<Grouped> {
    let reader = Reader::new(ImportKind::Bookings, sheet, (known, all), today);
    if !["name", "first_name", "last_name"].iter().any(|key| reader.holds(key)) {
        reader.fault("Say which column holds the name of who comes");
        return reader.into_read(Vec::new());
    }
    let each = said(all, "together") == "each";
    let mut groups: Vec<(String, Vec<Line<'_>>)> = Vec::new();
    for cells in reader.rows() {
        let person = attendee(cells);
        let (named, leader) = (cells.institution(), cells.line_or_said("leader"));
        let (Some(who), Some(named), Some(leader)) = (person, named, leader) else { continue };
        let key = key(cells, (reader.holds("group"), each), leader.as_ref());
        let line = Line { cells, person: BookingRow { row: cells.row, who }, named, leader };
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, lines)) => lines.push(line),
            None => groups.push((key, vec![line])),
        }
    }
    let made = groups.into_iter().filter_map(|(_, lines)| grouped(lines, all)).collect();
    reader.into_read(made)
}

/// What rows of one booking have in common.
fn key(cells: Cells<'_>, (has_group, each): (bool, bool), leader: Option<&Name>) -> String {
    let group = folded(cells.text("group"));
    if has_group && !group.is_empty() {
        return format!("group {group}");
    }
    if each && cells.text("leader").is_empty() {
        return format!("row {}", cells.row);
    }
    let leader = leader.map(|name| folded(name.as_str())).unwrap_or_default();
    format!("{leader} {}", folded(cells.text_or_said("leader_email")))
}

fn grouped(lines: Vec<Line<'_>>, all: &Said) -> Option<Grouped> {
    let first = lines.first()?;
    let leader = leader(&lines);
    let (row, says) = (first.cells.row, first.cells.text_or_said("institution").to_owned());
    let other = lines.iter().find(|line| line.named != first.named && line.named != Named::Nobody);
    if let Some(line) = other {
        let words = format!("is not as in row {row}, where the same booking begins");
        line.cells.fault::<()>("institution", words);
    }
    let (sender, doubt) = match first.named.clone() {
        Named::Nobody => (Sender::Herself, None),
        Named::Listed(one) => (Sender::Listed { code: one.code, name: one.name }, None),
        Named::Typed(name, alike) => {
            let chosen = choice(all, &format!("from-{row}"));
            let meant = alike.iter().find(
                |one| matches!(&chosen, Some(Choice::Same(code)) if code == one.code.as_str()),
            );
            let sender = match meant {
                Some(one) => Sender::Listed { code: one.code.clone(), name: one.name.clone() },
                None => Sender::NotListed(name),
            };
            let alike = alike.iter().map(|one| (one.code.to_string(), one.name.clone()));
            let alike: Vec<_> = alike.collect();
            let doubt = (!alike.is_empty()).then(|| Doubt::new(("from", row), says, alike, all));
            (sender, doubt)
        }
    };
    let people = lines.into_iter().map(|line| line.person).collect();
    Some(Grouped { leader: leader?, sender, people, doubt })
}

/// Who looks after a booking: whoever the file or the form names, or the first who comes.
fn leader(lines: &[Line<'_>]) -> Option<Leader> {
    let line = lines.iter().find(|line| line.leader.is_some()).or(lines.first())?;
    let cells = line.cells;
    let first = lines.first()?;
    let leader = match &line.leader {
        Some(name) => {
            let (email, phone) = (cells.email("leader_email"), cells.phone("leader_phone"));
            Leader { name: name.clone(), email: email?, phone: phone? }
        }
        None => {
            let Some(who) = &first.person.who else {
                return first.cells.fault("name", "whoever books needs a name");
            };
            let phone = first.cells.phone("phone")?;
            Leader { name: who.name.clone(), email: who.email.clone(), phone }
        }
    };
    if leader.email.is_none() && leader.phone.is_none() {
        let words = format!(
            "{} looks after these places and needs an email address or a telephone number: add a column, or \
             say under For every row who booked",
            leader.name
        );
        return cells.fault("leader", words);
    }
    Some(leader)
}

/// Who comes; `Some(None)` while the name is to follow.
fn attendee(cells: Cells<'_>) -> Option<Option<Attendee>> {
    let (name, email) = (cells.name(), cells.email("email"));
    let (dietary, access) = (cells.line("dietary"), cells.line("access"));
    let (allergy, interpreter) = (cells.yes("allergy"), cells.yes("interpreter"));
    let guardian = guardian(cells);
    let (name, email, dietary) = (name?, email?, dietary?);
    let (access, guardian) = (access?, guardian?);
    let ticks = Ticks { allergy: allergy?, interpreter: interpreter? };
    let ticks = ticks.with_words(dietary.as_ref(), access.as_ref());
    let is_somebody = email.is_some()
        || dietary.is_some()
        || access.is_some()
        || ticks.any()
        || guardian.is_some();
    if name.is_none() && is_somebody {
        return cells.fault("name", "is missing, and something is said of this person");
    }
    Some(name.map(|name| Attendee { name, email, dietary, access, ticks, guardian }))
}

fn guardian(cells: Cells<'_>) -> Option<Option<Guardian>> {
    let (name, contact) = (cells.line("guardian"), cells.line("guardian_contact"));
    match (name?, contact?) {
        (None, None) => Some(None),
        (Some(name), Some(contact)) => Some(Some(Guardian { name, contact })),
        _ => cells.fault("guardian", "a responsible adult needs a name and how to reach them"),
    }
}
