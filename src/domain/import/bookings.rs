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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{import::samples::brought, samples::institution};

    /// What a file of these columns holds, where this was said of it.
    fn read(keys: &[&str], rows: &[&[&str]], said: &[(&str, &str)]) -> Read<Grouped> {
        let (sheet, all) = brought(keys, rows, said);
        let institutions =
            vec![institution("I0001", "St Mary, Bletchley"), institution("I0002", "Zion Chapel")];
        let known = Known { institutions, ..Known::default() };
        bookings(&sheet, &known, &all, "2027-01-01".parse().expect("a day"))
    }

    /// Each booking in short: who looks after it, whom it is for, and who comes.
    fn told(read: &Read<Grouped>) -> Vec<String> {
        let name =
            |one: &BookingRow| one.who.as_ref().map_or("-".to_owned(), |who| who.name.to_string());
        let line = |one: &Grouped| {
            let people: Vec<_> = one.people.iter().map(name).collect();
            let sender = one.sender.name().unwrap_or("-");
            format!("{} {}, {sender}: {}", one.row(), one.leader.name, people.join(", "))
        };
        read.rows.iter().map(line).collect()
    }

    fn faults(read: &Read<Grouped>) -> Vec<String> {
        read.faults.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_file_without_names_is_no_file_of_bookings() {
        let none = read(&["email"], &[&["ada@example.org"]], &[]);
        assert_eq!(faults(&none), ["Say which column holds the name of who comes"]);
        assert_eq!(told(&none), [""; 0]);
        let parts =
            read(&["first_name", "last_name", "email"], &[&["Ada", "Obi", "a@example.org"]], &[]);
        assert_eq!(told(&parts), ["2 Ada Obi, -: Ada Obi"]);
    }

    #[test]
    fn rows_are_one_booking_by_the_word_they_share_or_by_who_looks_after_them() {
        let keys = ["name", "email", "group", "leader", "leader_email"];
        let rows: [&[&str]; 5] = [
            &["Ada", "ada@example.org", "One", "", ""],
            &["Ben", "ben@example.org", "Two", "", ""],
            &["Cat", "", "one", "", ""],
            &["Dan", "", "", "Ruth", "ruth@example.org"],
            &["Eve", "", "", "Ruth", "ruth@example.org"],
        ];
        let expected = ["2 Ada, -: Ada, Cat", "3 Ben, -: Ben", "5 Ruth, -: Dan, Eve"];
        assert_eq!(told(&read(&keys, &rows, &[])), expected);
    }

    #[test]
    fn rows_that_leave_the_word_out_are_told_apart_by_who_looks_after_them() {
        let keys = ["name", "group", "leader", "leader_email"];
        let rows: [&[&str]; 2] =
            [&["Ada", "", "Ruth", "ruth@example.org"], &["Ben", "", "Sam", "sam@example.org"]];
        let expected = ["2 Ruth, -: Ada", "3 Sam, -: Ben"];
        assert_eq!(told(&read(&keys, &rows, &[])), expected);
    }

    #[test]
    fn without_such_a_word_all_are_one_booking_or_each_her_own_as_was_said() {
        let keys = ["name", "email"];
        let rows: [&[&str]; 2] = [&["Ada", "ada@example.org"], &["Ben", "ben@example.org"]];
        assert_eq!(told(&read(&keys, &rows, &[])), ["2 Ada, -: Ada, Ben"]);
        let each = read(&keys, &rows, &[("together", "each")]);
        assert_eq!(told(&each), ["2 Ada, -: Ada", "3 Ben, -: Ben"]);
    }

    #[test]
    fn whoever_looks_after_places_can_be_reached() {
        let none = read(&["name"], &[&["Ada"]], &[]);
        assert!(faults(&none)[0].contains("needs an email address or a telephone number"));
        let phone = read(&["name", "phone"], &[&["Ada", "7700900117"]], &[]);
        let leader = &phone.rows[0].leader;
        let number = leader.phone.as_ref().map(ToString::to_string);
        assert_eq!(number.as_deref(), Some("07700900117"));
        let said = [("leader", "Ruth"), ("leader_phone", "07700 900118")];
        assert_eq!(told(&read(&["name"], &[&["Ada"], &[""]], &said)), ["2 Ruth, -: Ada, -"]);
        let unnamed = read(&["name", "phone"], &[&["", "07700 900117"]], &[]);
        assert_eq!(faults(&unnamed), ["Row 2, name: whoever books needs a name"]);
    }

    #[test]
    fn an_institution_is_the_one_on_the_list_and_what_may_be_one_is_asked_about() {
        let keys = ["name", "email", "institution", "group"];
        let one = |name, group| -> [&str; 4] { ["Ada", "ada@example.org", name, group] };
        let of = |name, said: &[(&str, &str)]| read(&keys, &[&one(name, "1")], said);
        for (name, sender) in [
            ("I0001", "St Mary, Bletchley"),
            ("zion chapel", "Zion Chapel"),
            ("Another House", "Another House"),
        ] {
            let found = of(name, &[]);
            assert_eq!(found.rows[0].sender.name(), Some(sender), "{name}");
            assert_eq!(found.rows[0].doubt, None, "{name}");
        }
        let doubt = of("St Mary Church, Bletchley", &[]);
        let asked = doubt.rows[0].doubt.as_ref().expect("a question");
        assert_eq!((asked.name.as_str(), asked.alike.len()), ("from-2", 1));
        assert_eq!(doubt.rows[0].sender.code(), None, "until somebody has said which");
        let same = of("St Mary Church, Bletchley", &[("from-2", "same:I0001")]);
        assert_eq!(same.rows[0].sender.name(), Some("St Mary, Bletchley"));
        let two = read(&keys, &[&one("I0001", "1"), &one("", "1"), &one("I0002", "1")], &[]);
        let fault = "Row 4, institution: is not as in row 2, where the same booking begins";
        assert_eq!(faults(&two), [fault]);
    }

    #[test]
    fn what_is_said_of_somebody_is_said_of_a_name() {
        let keys =
            ["name", "email", "dietary", "access", "allergy", "guardian", "guardian_contact"];
        let leader = [("leader", "Ruth"), ("leader_email", "ruth@example.org")];
        let row = |row: [&str; 7]| read(&keys, &[&row], &leader);
        let missing = ["Row 2, name: is missing, and something is said of this person"];
        for said in [
            ["", "ada@example.org", "", "", "", "", ""],
            ["", "", "Halal", "", "", "", ""],
            ["", "", "", "Ramp", "", "", ""],
            ["", "", "", "", "yes", "", ""],
            ["", "", "", "", "", "Ida Green", "07700 900117"],
        ] {
            assert_eq!(faults(&row(said)), missing, "{said:?}");
        }
        assert_eq!(told(&row(["", "", "", "", "", "", ""])), ["2 Ruth, -: -"], "to follow");
        let half = row(["Ada", "", "", "", "", "Ida Green", ""]);
        let words = "Row 2, guardian: a responsible adult needs a name and how to reach them";
        assert_eq!(faults(&half), [words]);
        let whole = row(["Ada", "", "Nuts", "Ramp", "yes", "Ida Green", "07700 900117"]);
        let who = whole.rows[0].people[0].who.clone().expect("somebody");
        assert_eq!(who.needs(), ["Nuts (allergy)", "Ramp"]);
        assert_eq!(
            who.guardian.map(|one| one.contact.to_string()).as_deref(),
            Some("07700 900117")
        );
    }
}
