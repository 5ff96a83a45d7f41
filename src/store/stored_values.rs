//! What was stored by the rules of its day and would be refused by today's: it is read as it stands, and
//! `turnout doctor` names it.

use uuid::Uuid;

use super::{Conn, StoreError, doctor::Finding};
use crate::domain::{
    contact::{EmailAddress, PhoneNumber},
    location::Location,
    text::Name,
};

/// Why each may read whole tables.
#[cfg(test)]
const WHOLE: &str = "a rule is about every row there is, and nobody waits for it at a page";

row! {
    struct Typed {
        row: String,
        name: String,
        email: Option<String>,
        phone: Option<String>,
    }
}

row! {
    struct TypedPerson {
        id: Uuid,
        name: String,
        email: Option<String>,
        phone: Option<String>,
    }
}

statements! {
    PLACES: Typed =
        "select r.reference || ' place ' || p.number as \"row\", p.name, p.email, cast(null as text) as phone
         from places p join registrations r on r.id = p.registration where p.name is not null",
        reads_all: WHOLE;

    LEADERS: Typed =
        "select reference as \"row\", leader_name as name, leader_email as email,
                leader_phone as phone
         from registrations",
        reads_all: WHOLE;

    PEOPLE: TypedPerson =
        "select id, name, email, phone from people where merged_into is null",
        reads_all: WHOLE;

    STAFF: Typed =
        "select login as \"row\", name, email, cast(null as text) as phone from staff where disabled_at is null";

    ALLIANCES: Typed =
        "select slug as \"row\", name, contact_email as email, cast(null as text) as phone from alliances";

    WALK_INS: Typed =
        "select t.session || ' day ' || t.number as \"row\", w.name, w.email, cast(null as text) as phone
         from walk_ins w join sittings t on t.id = w.sitting where w.removed_at is null",
        reads_all: WHOLE;

    COURSES_DONE: Typed =
        "select course as \"row\", name, email, cast(null as text) as phone from course_attendances",
        reads_all: WHOLE;

    ROOMS: (String, String) =
        "select code, online_room from sessions where online_room is not null",
        reads_all: WHOLE;
}

/// What is wrong with a row, by the rule for its kind; each says what to do.
const PLACE: &str = "a name or address on a place can be used as it stands: correct it on the \
                     page of the booking in the office";
const LEADER: &str = "a leader's name, address and number can be used as they stand: correct them \
                      on the page of the booking in the office";
const PERSON: &str = "a person's name, address and number can be used as they stand: correct them \
                      on the page /office/people/ and this id";
const ACCOUNT: &str = "an account's name and address can be used as they stand: correct them under \
                       Accounts";
const ALLIANCE: &str = "an alliance's name and address can be used as they stand: correct them \
                        under Alliances";
const DOOR: &str = "the name and address of somebody without a booking can be used as they stand: \
                    add her again at the door of that day, and take the first line back";
const DONE: &str = "the name and address of who did a course can be used as they stand: no page \
                    changes them, and she is asked whether she did it when she books again";
const ROOM: &str = "the link to a video call can be opened: set it anew under Another place";

/// How many rules these are.
pub const RULES: usize = 8;

impl Typed {
    fn is_usable(&self) -> bool {
        is_usable(&self.name, self.email.as_deref(), self.phone.as_deref())
    }
}

fn is_usable(name: &str, email: Option<&str>, phone: Option<&str>) -> bool {
    Name::parse(name).is_ok()
        && email.is_none_or(|email| email.parse::<EmailAddress>().is_ok())
        && phone.is_none_or(|phone| phone.parse::<PhoneNumber>().is_ok())
}

/// Every row with something that would not be taken today.
pub async fn unusable(conn: &mut Conn) -> Result<Vec<Finding>, StoreError> {
    let mut found = Vec::new();
    for (rule, statement) in [
        (PLACE, PLACES),
        (LEADER, LEADERS),
        (ACCOUNT, STAFF),
        (ALLIANCE, ALLIANCES),
        (DOOR, WALK_INS),
        (DONE, COURSES_DONE),
    ] {
        let rows = statement.all(conn, ()).await?.into_iter().filter(|row| !row.is_usable());
        found.extend(rows.map(|Typed { row, .. }| Finding { rule, row }));
    }
    for row in PEOPLE.all(conn, ()).await? {
        if !is_usable(&row.name, row.email.as_deref(), row.phone.as_deref()) {
            found.push(Finding { rule: PERSON, row: row.id.to_string() });
        }
    }
    for (row, room) in ROOMS.all(conn, ()).await? {
        if Location::online(&room).is_err() {
            found.push(Finding { rule: ROOM, row });
        }
    }
    Ok(found)
}
