//! Which column is what: guessed from what people write over them, and always open to be changed.

use super::{ImportKind, Sheet};
use crate::domain::{finding::folded, likeness::distance_of};

/// Something a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// How a form names it.
    pub key: &'static str,
    /// How people call it.
    pub name: &'static str,
    /// What people write over such a column, as a search key has it.
    also: &'static [&'static str],
}

const fn field(key: &'static str, name: &'static str, also: &'static [&'static str]) -> Field {
    Field { key, name, also }
}

const FIRST: Field =
    field("first_name", "First name", &["firstname", "forename", "givenname", "christianname"]);
const LAST: Field =
    field("last_name", "Last name", &["lastname", "surname", "familyname", "secondname"]);
const EMAIL: Field = field(
    "email",
    "Email address",
    &["email", "emailaddress", "mail", "emailid", "contactemail", "theiremail"],
);
const PHONE: Field = field(
    "phone",
    "Telephone",
    &[
        "phone",
        "telephone",
        "tel",
        "mobile",
        "phonenumber",
        "mobilenumber",
        "telno",
        "number",
        "cell",
    ],
);
const INSTITUTION: Field = field(
    "institution",
    "Institution",
    &[
        "institution",
        "organisation",
        "organization",
        "school",
        "church",
        "parish",
        "congregation",
        "branch",
        "from",
    ],
);

const INSTITUTIONS: &[Field] = &[
    field(
        "name",
        "Name",
        &[
            "name",
            "institution",
            "institutionname",
            "organisation",
            "organization",
            "school",
            "church",
            "parish",
            "group",
        ],
    ),
    field("kind", "Kind", &["kind", "type", "category", "sector", "institutiontype"]),
    field("alliance", "Alliance", &["alliance", "chapter", "borough", "area", "region"]),
    field(
        "membership",
        "Membership",
        &["membership", "member", "status", "memberstatus", "ismember"],
    ),
    field("code", "Code", &["code", "id", "ref", "reference", "institutioncode"]),
];

const BOOKINGS: &[Field] = &[
    field(
        "name",
        "Name of who comes",
        &[
            "name",
            "fullname",
            "attendee",
            "attendeename",
            "participant",
            "pupil",
            "student",
            "person",
            "delegate",
            "who",
        ],
    ),
    FIRST,
    LAST,
    EMAIL,
    PHONE,
    INSTITUTION,
    field(
        "group",
        "Booking (same for all of a team)",
        &["booking", "group", "team", "class", "registration"],
    ),
    field(
        "leader",
        "Who booked",
        &["leader", "bookedby", "teacher", "contact", "organiser", "leadername", "contactname"],
    ),
    field(
        "leader_email",
        "Email of who booked",
        &["leaderemail", "teacheremail", "bookeremail", "emailofwhobooked"],
    ),
    field(
        "leader_phone",
        "Telephone of who booked",
        &["leaderphone", "teacherphone", "phoneofwhobooked", "contactphone"],
    ),
    field(
        "dietary",
        "Food needs",
        &["dietary", "diet", "food", "dietaryneeds", "dietaryrequirements", "foodneeds", "meal"],
    ),
    field(
        "access",
        "Access needs",
        &["access", "accessneeds", "accessibility", "accessrequirements", "disability"],
    ),
    field("allergy", "Allergy: yes or no", &["allergy", "allergic"]),
    field("interpreter", "Interpreter: yes or no", &["interpreter", "bsl", "signlanguage"]),
    field(
        "guardian",
        "Responsible adult",
        &["guardian", "parent", "carer", "responsibleadult", "parentcarer"],
    ),
    field(
        "guardian_contact",
        "How to reach them",
        &["guardiancontact", "parentcontact", "emergencycontact", "parentphone"],
    ),
];

const SESSIONS: &[Field] = &[
    field(
        "course",
        "Course",
        &["course", "title", "training", "session", "event", "workshop", "coursetitle", "what"],
    ),
    field("alliance", "Alliance", &["alliance", "chapter", "borough", "area", "region", "host"]),
    field("date", "Date", &["date", "day", "startdate", "sessiondate", "when", "on"]),
    field("starts", "Starts", &["starts", "start", "starttime", "begins", "from", "timefrom"]),
    field(
        "ends",
        "Ends",
        &["ends", "end", "endtime", "finish", "finishes", "until", "to", "timeto"],
    ),
    field("times", "From when to when", &["time", "times", "hours", "timing"]),
    field("venue", "Venue", &["venue", "place", "location", "where", "room", "hall", "building"]),
    field("address", "Address", &["address", "street", "venueaddress"]),
    field("town", "Town", &["town", "city"]),
    field("postcode", "Postcode", &["postcode", "postalcode", "zip", "zipcode"]),
    field(
        "online",
        "Link to the video call",
        &["online", "link", "zoom", "zoomlink", "onlineurl", "meetinglink", "teams", "url"],
    ),
    field(
        "capacity",
        "Places",
        &["capacity", "places", "seats", "max", "maximum", "size", "numbers"],
    ),
    field(
        "per_booking",
        "Most places in a booking",
        &["placesperbooking", "perbooking", "maxperbooking"],
    ),
    field(
        "trainers",
        "Trainers",
        &["trainer", "trainers", "ledby", "leader", "facilitator", "facilitators", "tutor"],
    ),
    field("note", "Note for everybody", &["note", "notes", "comment", "comments", "remarks"]),
    field(
        "group",
        "Session (same for all days of one)",
        &["code", "sessioncode", "group", "series"],
    ),
];

const PEOPLE: &[Field] = &[
    field("name", "Name", &["name", "fullname", "person", "contact", "contactname", "who"]),
    FIRST,
    LAST,
    EMAIL,
    PHONE,
    INSTITUTION,
];

/// What the columns of a file can hold.
pub fn fields(kind: ImportKind) -> &'static [Field] {
    match kind {
        ImportKind::Institutions => INSTITUTIONS,
        ImportKind::Bookings => BOOKINGS,
        ImportKind::Sessions => SESSIONS,
        ImportKind::People => PEOPLE,
    }
}

/// How well a heading fits: 3 for the same word, 2 for one with a slip, 1 for one among others.
fn fit(head: &str, field: &Field) -> u8 {
    let whole = squeezed(head);
    let known = || field.also.iter().copied().chain([field.key]);
    if whole == squeezed(field.name) || known().any(|word| squeezed(word) == whole) {
        return 3;
    }
    if whole.len() > 4 && known().any(|word| word.len() > 4 && distance_of(word, &whole) < 2) {
        return 2;
    }
    let among = head.split(|c: char| !c.is_alphanumeric()).map(squeezed);
    let long = |word: &String| word.len() > 3;
    if among.filter(long).any(|part| known().any(|word| word == part)) { 1 } else { 0 }
}

/// A heading without case, signs and spaces.
fn squeezed(head: &str) -> String {
    folded(head).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// Whether most of what stands in a column is an address.
fn is_of_addresses(sheet: &Sheet, column: usize) -> bool {
    let cells = sheet.rows.iter().filter_map(|(_, cells)| cells.get(column));
    let filled: Vec<_> = cells.filter(|cell| !cell.trim().is_empty()).collect();
    let addresses = filled.iter().filter(|cell| cell.contains('@')).count();
    !filled.is_empty() && addresses * 2 > filled.len()
}

/// What each column seems to hold, each field once.
pub fn guessed(kind: ImportKind, sheet: &Sheet) -> Vec<Option<&'static Field>> {
    let all = fields(kind);
    let mut found: Vec<Option<&'static Field>> = vec![None; sheet.heads.len()];
    for level in (1..=3).rev() {
        for (column, head) in sheet.heads.iter().enumerate() {
            if found[column].is_some() {
                continue;
            }
            let free = all.iter().filter(|field| !found.contains(&Some(*field)));
            found[column] = free.into_iter().find(|field| fit(head, field) == level);
        }
    }
    let email = all.iter().find(|field| field.key == "email");
    if let Some(email) = email.filter(|email| !found.contains(&Some(*email))) {
        let is_free = |column: &usize| found[*column].is_none();
        let column = (0..found.len()).filter(is_free).find(|at| is_of_addresses(sheet, *at));
        if let Some(column) = column {
            found[column] = Some(email);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(kind: ImportKind, heads: &[&str]) -> Vec<&'static str> {
        let heads = heads.iter().map(|head| (*head).to_owned()).collect();
        let sheet = Sheet { heads, rows: vec![(2, vec!["a@b.org".to_owned(); 9])] };
        let found = guessed(kind, &sheet);
        found.into_iter().map(|field| field.map_or("", |field| field.key)).collect()
    }

    #[test]
    fn headings_are_recognised_however_they_are_written() {
        let heads = ["Full Name", "E-mail Address", "SCHOOL", "Dietary requirments", "Shoe size"];
        let known = ["name", "email", "institution", "dietary", ""];
        assert_eq!(keys(ImportKind::Bookings, &heads), known);
        let heads =
            ["Training", "Date", "Start time", "End Time", "Venue name", "Post code", "Max"];
        let known = ["course", "date", "starts", "ends", "venue", "postcode", "capacity"];
        assert_eq!(keys(ImportKind::Sessions, &heads), known);
        assert_eq!(keys(ImportKind::Institutions, &["Name", "Type"]), ["name", "kind"]);
        assert_eq!(keys(ImportKind::People, &["Name", "Kontakt"]), ["name", "email"]);
        assert_eq!(keys(ImportKind::People, &["Name", "Name"])[0], "name");
    }

    #[test]
    fn a_slip_in_a_long_word_is_forgiven_and_a_short_word_says_nothing_beside_others() {
        use ImportKind::{Bookings, Sessions};
        for (kind, head, key) in [
            (Bookings, "Particpant", "name"),
            (Bookings, "Partcipnt", ""),
            (Bookings, "Clas", ""),
            (Bookings, "Our class", "group"),
            (Bookings, "Who pays", ""),
            (Sessions, "Arena", ""),
            (Sessions, "Area", "alliance"),
        ] {
            let sheet = Sheet { heads: vec![head.to_owned()], rows: Vec::new() };
            let found = guessed(kind, &sheet)[0].map_or("", |field| field.key);
            assert_eq!(found, key, "{head}");
        }
    }

    #[test]
    fn a_column_is_one_of_addresses_if_most_of_what_stands_in_it_is() {
        for (cells, key) in [
            (&["ada@example.org", "b@example.org", "none"][..], "email"),
            (&["ada@example.org", "", " "], "email"),
            (&["ada@example.org", "none"], ""),
            (&["Ada", "Ben"], ""),
            (&["", ""], ""),
            (&[], ""),
        ] {
            let rows = cells.iter().map(|cell| (2, vec!["Ada".to_owned(), (*cell).to_owned()]));
            let heads = ["Name", "Kontakt"].map(str::to_owned).to_vec();
            let sheet = Sheet { heads, rows: rows.collect() };
            let found = guessed(ImportKind::People, &sheet)[1].map_or("", |field| field.key);
            assert_eq!(found, key, "{cells:?}");
        }
    }
}
