use super::*;
use crate::domain::{
    institution::InstitutionKind,
    samples::{self, institution},
};

type Pairs<'a> = &'a [(&'a str, &'a str)];

/// What is found in row 7 of a file, which holds this under these fields, and what else is read of it.
fn found<T>(
    (kind, known): (ImportKind, &Known),
    (cells, said): (Pairs<'_>, Pairs<'_>),
    find: impl FnOnce(Cells<'_>) -> T,
) -> (T, Read<()>) {
    let own = |text: &str| text.to_owned();
    let heads = cells.iter().map(|(key, _)| own(key)).collect();
    let rows = vec![(7, cells.iter().map(|(_, text)| own(text)).collect())];
    let sheet = Sheet { heads, rows };
    let columns = cells.iter().enumerate().map(|(at, (key, _))| (format!("column-{at}"), own(key)));
    let all = columns.chain(said.iter().map(|(name, text)| (own(name), own(text)))).collect();
    let today = "2027-01-01".parse().expect("a day");
    let reader = Reader::new(kind, &sheet, (known, &all), today);
    let found = find(reader.rows().next().expect("a row"));
    (found, reader.into_read(Vec::new()))
}

fn told<T>(found: (T, Read<()>)) -> (T, Vec<String>) {
    (found.0, found.1.faults.iter().map(ToString::to_string).collect())
}

/// The same of a file of bookings, where nothing is known and nothing was said.
fn of<T>(cells: Pairs<'_>, find: impl FnOnce(Cells<'_>) -> T) -> (T, Vec<String>) {
    told(found((ImportKind::Bookings, &Known::default()), (cells, &[]), find))
}

/// The text that was read, `-` for none, `!` for a fault.
fn word<T: ToString>(read: Option<Option<T>>) -> String {
    read.map_or("!".to_owned(), |one| one.map_or("-".to_owned(), |one| one.to_string()))
}

fn clear() -> [String; 0] {
    []
}

#[test]
fn a_field_is_what_stands_in_the_first_filled_column_of_it() {
    let cells = [("email", "a@b.org"), ("phone", " "), ("phone", " 07 "), ("phone", "08")];
    let read =
        |cells: Cells<'_>| ["email", "phone", "leader"].map(|key| cells.text(key).to_owned());
    assert_eq!(of(&cells, read).0, ["a@b.org", "07", ""]);
    let holds = |cells: Cells<'_>| ["email", "leader"].map(|key| cells.reader.holds(key));
    assert_eq!(of(&cells, holds).0, [true, false]);
    let courses = vec![samples::course("Listening")];
    let known = Known { courses, ..Known::default() };
    let count = |cells: Cells<'_>| cells.known().courses.len();
    assert_eq!(found((ImportKind::Bookings, &known), (&cells, &[]), count).0, 1);
}

#[test]
fn what_holds_for_every_row_stands_where_a_row_says_nothing() {
    let said = [("leader", " Ruth "), ("email", "ruth@example.org")];
    for (cell, read) in [("", "Ruth"), ("Ada", "Ada")] {
        let cells = [("leader", cell)];
        let known = Known::default();
        let of = |find: fn(Cells<'_>) -> String| {
            found((ImportKind::Bookings, &known), (&cells, &said), find).0
        };
        assert_eq!(of(|cells| cells.text_or_said("leader").to_owned()), read);
        assert_eq!(of(|cells| word(cells.line_or_said::<20>("leader"))), read);
        assert_eq!(of(|cells| word(cells.line::<20>("email"))), "-", "it was said of all");
        assert_eq!(of(|cells| word(cells.email("email"))), "ruth@example.org");
    }
}

#[test]
fn a_name_stands_in_one_column_or_in_two_and_on_one_line() {
    for (whole, first, last, name) in [
        ("Ada Obi", "", "", "Ada Obi"),
        ("Ada Obi", "A", "O", "Ada Obi"),
        ("", "Ada", "Obi", "Ada Obi"),
        ("", "Ada", "", "Ada"),
        ("", "", "Obi", "Obi"),
        (" Ada\n Obi ", "", "", "Ada Obi"),
        ("", "", "", "-"),
    ] {
        let cells = [("name", whole), ("first_name", first), ("last_name", last)];
        assert_eq!(of(&cells, |cells| word(cells.name())), (name.to_owned(), clear().to_vec()));
    }
    let long = "x".repeat(121);
    for (name, fault) in [
        (long.as_str(), "Row 7, name: is longer than 120 letters"),
        ("Ada \u{202E}iba", "Row 7, name: holds signs that cannot be shown"),
    ] {
        let read = of(&[("name", name)], |cells| word(cells.name()));
        assert_eq!(read, ("!".to_owned(), vec![fault.to_owned()]));
    }
}

#[test]
fn an_address_is_read_as_programs_write_it_and_a_dash_is_none() {
    for (cell, email) in [
        ("Ada@Example.org", "ada@example.org"),
        ("Ada Obi <ada@example.org>", "ada@example.org"),
        ("mailto:ada@example.org", "ada@example.org"),
        ("-", "-"),
        ("", "-"),
    ] {
        let read = of(&[("email", cell)], |cells| word(cells.email("email")));
        assert_eq!(read, (email.to_owned(), clear().to_vec()), "{cell}");
    }
    let (read, faults) = of(&[("email", "ada at home")], |cells| word(cells.email("email")));
    let fault = "Row 7, email: “ada at home” is no email address, such as name@example.org";
    assert_eq!((read.as_str(), faults), ("!", vec![fault.to_owned()]));
}

#[test]
fn a_number_gets_back_the_nought_that_a_spreadsheet_took() {
    for (cell, phone) in [
        ("7700900117", "07700900117"),
        ("1632960142", "01632960142"),
        ("2079460142", "02079460142"),
        ("447700900117", "+447700900117"),
        ("07700 900117", "07700 900117"),
        // Only what is digits alone was a number to the spreadsheet, and only some begin so.
        ("7700 90011", "7700 90011"),
        ("3001234567", "3001234567"),
        ("481234567890", "481234567890"),
        ("44 770 90011", "44 770 90011"),
        ("-", "-"),
        ("", "-"),
    ] {
        let read = of(&[("phone", cell)], |cells| word(cells.phone("phone")));
        assert_eq!(read, (phone.to_owned(), clear().to_vec()), "{cell}");
    }
    let none = "is no telephone number, such as 07700 900117";
    let cut = "was cut short by the spreadsheet: make the column text";
    for (cell, words) in
        [("call me", none), ("123", none), ("4.47701E+11", cut), ("4.47701e+11", cut)]
    {
        let read = of(&[("phone", cell)], |cells| word(cells.phone("phone")));
        let fault = format!("Row 7, phone: “{cell}” {words}");
        assert_eq!(read, ("!".to_owned(), vec![fault]), "{cell}");
    }
}

#[test]
fn a_tick_is_one_however_it_is_typed_and_anything_else_is_asked_about() {
    for no in ["", "No", "n", "FALSE", "0", "-", "none", "N/A"] {
        let read = of(&[("allergy", no)], |cells| cells.yes("allergy"));
        assert_eq!(read, (Some(false), clear().to_vec()), "{no}");
    }
    for yes in ["Yes", "y", "TRUE", "1", "X", "\u{2713}", "\u{2714}"] {
        let read = of(&[("allergy", yes)], |cells| cells.yes("allergy"));
        assert_eq!(read, (Some(true), clear().to_vec()), "{yes}");
    }
    let read = of(&[("allergy", "Nuts")], |cells| cells.yes("allergy"));
    assert_eq!(read, (None, vec!["Row 7, allergy: “nuts” is neither yes nor no".to_owned()]));
}

fn of_session<T>(
    cells: Pairs<'_>,
    said: Pairs<'_>,
    find: impl FnOnce(Cells<'_>) -> T,
) -> (T, Vec<String>) {
    told(found((ImportKind::Sessions, &Known::default()), (cells, said), find))
}

#[test]
fn a_count_is_a_whole_number_within_bounds_or_nothing() {
    for (cell, count) in [
        ("", Some(None)),
        ("1", Some(Some(1))),
        ("30.0", Some(Some(30))),
        ("100", Some(Some(100))),
        ("0", None),
        ("101", None),
        ("2.5", None),
        ("a few", None),
    ] {
        let cells = [("capacity", cell)];
        let (read, faults) = of_session(&cells, &[], |cells| cells.count("capacity", 100));
        assert_eq!(read, count, "{cell}");
        let fault = format!("Row 7, capacity: “{cell}” is no whole number from 1 to 100");
        let expected = if count.is_none() { vec![fault] } else { Vec::new() };
        assert_eq!(faults, expected, "{cell}");
    }
}

#[test]
fn a_date_that_can_be_two_is_asked_about_once_and_read_as_was_said() {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    for (dates, read) in [("day-first", day("2027-04-03")), ("month-first", day("2027-03-04"))] {
        let said = [("dates", dates)];
        let found = of_session(&[("date", "")], &said, |cells| cells.date("date", "03/04/2027"));
        assert_eq!(found, (read, clear().to_vec()));
    }
    let known = Known::default();
    let both = |cells: Cells<'_>| [cells.date("date", "3/4/27"), cells.date("date", "5/6/27")];
    let (days, read) = found((ImportKind::Sessions, &known), (&[("date", "")], &[]), both);
    assert_eq!((days, read.ambiguous.as_deref()), ([None, None], Some("3/4/27")));
    let faults: Vec<_> = read.faults.iter().map(ToString::to_string).collect();
    assert_eq!(
        faults,
        [
            "Row 7, date: “3/4/27” may be Sat 3 April 2027 (day first) or Thu 4 March 2027 (month \
             first): say which under Dates",
            "Row 7, date: “5/6/27” may be Sat 5 June 2027 (day first) or Thu 6 May 2027 (month \
             first): say which under Dates",
        ]
    );
    let none = of_session(&[("date", "")], &[], |cells| cells.date("date", "soon"));
    let fault = "Row 7, date: “soon” is no date, such as 9 January 2027 or 09/01/2027";
    assert_eq!(none, (None, vec![fault.to_owned()]));
}

#[test]
fn a_time_that_cannot_be_read_is_told_with_one_that_can() {
    let at = |text: &str| text.parse::<NaiveTime>().expect("a time");
    let cells = [("starts", ""), ("times", "")];
    let time = |text| of_session(&cells, &[], move |cells| cells.time("starts", text));
    let span = |text| of_session(&cells, &[], move |cells| cells.span("times", text));
    assert_eq!(time("9.30am"), (Some(at("09:30:00")), clear().to_vec()));
    let both = Some((at("09:30:00"), at("16:00:00")));
    assert_eq!(span("9.30am - 4pm"), (both, clear().to_vec()));
    let fault = "Row 7, starts: “late” is no time, such as 9.30am or 14:00";
    assert_eq!(time("late"), (None, vec![fault.to_owned()]));
    let fault = "Row 7, times: “9.30am” does not say from when to when, as 9.30am - 4pm";
    assert_eq!(span("9.30am"), (None, vec![fault.to_owned()]));
}

#[test]
fn a_word_of_a_list_is_read_as_people_call_it() {
    let also = [("parish church", InstitutionKind::Faith), ("NHS", InstitutionKind::Health)];
    for (cell, said, kind, fault) in [
        ("School", "", Some(InstitutionKind::School), None),
        ("Our Parish-Church", "", Some(InstitutionKind::Faith), None),
        ("an nhs trust", "", Some(InstitutionKind::Health), None),
        ("", "union", Some(InstitutionKind::Union), None),
        ("", "", None, Some("Row 7, kind: is missing: faith or other")),
        ("Zoo", "", None, Some("Row 7, kind: “Zoo” is not known: faith or other")),
    ] {
        let known = Known::default();
        let (cells, said) = ([("kind", cell)], [("kind", said)]);
        let find = |cells: Cells<'_>| cells.word("kind", &also, "faith or other");
        let read = told(found((ImportKind::Institutions, &known), (&cells, &said), find));
        let faults: Vec<_> = fault.into_iter().map(str::to_owned).collect();
        assert_eq!(read, (kind, faults), "{cell}, {said:?}");
    }
}

fn alliance(slug: &str, name: &str) -> Alliance {
    let slug = slug.parse().expect("a slug");
    Alliance { slug, name: name.to_owned(), ..samples::alliance() }
}

#[test]
fn an_alliance_is_one_of_her_own_and_the_only_one_need_not_be_named() {
    let [mk, leeds] = [alliance("citizens-mk", "Citizens MK"), alliance("leeds", "Leeds Citizens")];
    let none = "Row 7, alliance: no alliance: choose one for all rows, or a column";
    let (of_mk, of_both) = (
        "Row 7, alliance: “York” is no alliance of yours. Yours: Citizens MK",
        "Row 7, alliance: “York” is no alliance of yours. Yours: Citizens MK and Leeds Citizens",
    );
    let (one, both) = (vec![mk.clone()], vec![mk, leeds]);
    for (alliances, cell, found_one, fault) in [
        (&one, "", Some("citizens-mk"), None),
        (&one, "York", None, Some(of_mk)),
        (&both, "", None, Some(none)),
        (&both, "leeds", Some("leeds"), None),
        (&both, "citizens-mk", Some("citizens-mk"), None),
        (&both, "leeds CITIZENS", Some("leeds"), None),
        (&both, "York", None, Some(of_both)),
    ] {
        let known = Known { alliances: alliances.clone(), ..Known::default() };
        let find = |cells: Cells<'_>| cells.alliance().map(|one| one.slug.to_string());
        let kind = (ImportKind::Institutions, &known);
        let read = told(found(kind, (&[("alliance", cell)], &[]), find));
        let faults: Vec<_> = fault.into_iter().map(str::to_owned).collect();
        assert_eq!(read, (found_one.map(str::to_owned), faults), "{cell}");
    }
}

#[test]
fn an_institution_is_on_the_list_by_its_code_or_by_a_name_that_no_other_has() {
    let institutions = vec![
        institution("I0001", "St Mary, Bletchley"),
        institution("I0002", "Zion Chapel"),
        institution("I0003", "Hope House"),
        institution("I0004", "HOPE House"),
    ];
    let known = Known { institutions, ..Known::default() };
    for (cell, expected) in [
        ("I0001", "is I0001"),
        ("I0002", "is I0002"),
        ("zion chapel", "is I0002"),
        ("Saint Mary Bletchley", "Saint Mary Bletchley: I0001"),
        ("Hope House", "Hope House: I0003 I0004"),
        ("Another", "Another:"),
        ("", "nobody"),
        ("Hope \u{202E}House", "!"),
    ] {
        let words = |named: Named| match named {
            Named::Nobody => "nobody".to_owned(),
            Named::Listed(one) => format!("is {}", one.code),
            Named::Typed(name, alike) => {
                alike.iter().fold(format!("{name}:"), |all, one| format!("{all} {}", one.code))
            }
        };
        // What a name was found to mean is kept for the rows that name it again.
        let find = |cells: Cells<'_>| {
            [cells.institution(), cells.institution()]
                .map(|named| named.map_or("!".to_owned(), words))
        };
        let kind = (ImportKind::Bookings, &known);
        let (read, faults) = told(found(kind, (&[("institution", cell)], &[]), find));
        assert_eq!(read, [expected, expected], "{cell}");
        let fault = "Row 7, institution: holds signs that cannot be shown".to_owned();
        assert_eq!(faults, if expected == "!" { vec![fault] } else { Vec::new() });
    }
}
