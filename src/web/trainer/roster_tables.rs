//! The roster as tables for a spreadsheet: the people, and the food for the caterer without names.

use crate::{
    domain::{contact::EmailAddress, roster::Roster},
    web::spreadsheet::{Cell, Table},
};

/// The sheets of a roster, needs included: for trainers and organisers only (P1).
pub fn tables(roster: &Roster) -> [Table; 2] {
    let people = Table {
        name: "People",
        heads: vec![
            "Name",
            "Institution",
            "Email",
            "Phone",
            "Dietary",
            "Access",
            "Reference",
            "Booked by",
            "Calendar",
        ],
        rows: roster
            .lines
            .iter()
            .map(|line| {
                let attendee = line.place.attendee.as_ref();
                let email = attendee.and_then(|attendee| attendee.email.as_ref());
                [
                    line.name(),
                    line.institution.as_deref().unwrap_or_default(),
                    email.map_or("", EmailAddress::as_str),
                    line.phone.as_deref().unwrap_or_default(),
                    line.dietary().unwrap_or_default(),
                    line.access().unwrap_or_default(),
                    &line.reference,
                    &line.leader,
                    line.answer_words(),
                ]
                .map(Cell::from)
                .to_vec()
            })
            .collect(),
    };
    let counts = roster.food_counts().into_iter();
    let food = Table {
        name: "Food",
        heads: vec!["Food need", "People"],
        rows: counts
            .map(|(need, count)| vec![need.into(), i64::try_from(count).unwrap_or(0).into()])
            .collect(),
    };
    [people, food]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::spreadsheet::to_csv;

    #[test]
    fn an_empty_roster_still_names_its_columns() {
        let [people, _] = tables(&Roster::default());
        assert_eq!(
            String::from_utf8(to_csv(&people).unwrap()).unwrap(),
            "\u{FEFF}Name,Institution,Email,Phone,Dietary,Access,Reference,Booked by,Calendar\r\n"
        );
    }
}
