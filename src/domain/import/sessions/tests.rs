use super::*;
use crate::domain::samples;

/// What a file of these columns holds, where this was said of it.
fn read(keys: &[&str], rows: &[&[&str]], said: &[(&str, &str)]) -> Read<SessionRows> {
    let own = |cells: &[&str]| cells.iter().map(|cell| (*cell).to_owned()).collect::<Vec<_>>();
    let rows = (2..).zip(rows.iter().map(|cells| own(cells))).collect();
    let sheet = Sheet { heads: own(keys), rows };
    let columns = keys.iter().enumerate().map(|(at, key)| (format!("column-{at}"), *key));
    let all = columns.chain(said.iter().map(|(name, text)| ((*name).to_owned(), *text)));
    let all: Said = all.map(|(name, text)| (name, text.to_owned())).collect();
    let mut courses =
        vec![samples::course("Two-day leadership training"), samples::course("Listening")];
    courses[1].slug = "listening".parse().expect("a slug");
    let trainers = [("amina.yusuf", "Amina Yusuf"), ("ben", "Ben Low")]
        .map(|(login, name)| (login.parse().expect("a login"), name.to_owned()));
    let alliances = vec![samples::alliance()];
    let known = Known { alliances, courses, trainers: trainers.to_vec(), ..Known::default() };
    sessions(&sheet, &known, &all, "2027-01-01".parse().expect("a day"))
}

fn faults(read: &Read<SessionRows>) -> Vec<String> {
    read.faults.iter().map(ToString::to_string).collect()
}

/// One session that is right but for what these cells say.
fn one(cells: &[(&str, &str)]) -> Read<SessionRows> {
    let usual = [
        ("course", "listening"),
        ("date", "6 February 2027"),
        ("times", "9.30am - 4pm"),
        ("venue", "Zion Chapel"),
    ];
    let usual = usual.into_iter().filter(|(key, _)| !cells.iter().any(|(own, _)| own == key));
    let (keys, row): (Vec<_>, Vec<_>) = usual.chain(cells.iter().copied()).unzip();
    read(&keys, &[&row], &[])
}

fn plan(cells: &[(&str, &str)]) -> SessionPlan {
    let read = one(cells);
    assert_eq!(faults(&read), [""; 0], "{cells:?}");
    read.rows[0].plan.clone()
}

/// From when to when each day is.
fn days(rows: &SessionRows) -> Vec<String> {
    let words = |day: &PlannedSitting| {
        format!("{} {}", day.starts.format("%F %H:%M"), day.ends.format("%H:%M"))
    };
    rows.plan.sittings.iter().map(words).collect()
}

#[test]
fn a_file_of_sessions_says_what_it_is_and_when_it_starts() {
    let asked = |keys: &[&str]| faults(&read(keys, &[], &[]));
    assert_eq!(
        asked(&["venue"]),
        [
            "Say which column holds the course",
            "Say which column holds the date",
            "Say which column holds when it starts, or from when to when it is",
        ]
    );
    assert_eq!(asked(&["course", "times"]), ["Say which column holds the date"]);
    for when in ["starts", "times"] {
        assert_eq!(asked(&["course", "date", when]), [""; 0], "{when}");
    }
}

#[test]
fn days_are_one_session_by_the_word_they_share_and_in_order_of_time() {
    let keys = ["course", "group", "date", "times", "venue"];
    let row = |group, date| -> [&str; 5] { ["listening", group, date, "10-12", "Zion Chapel"] };
    let rows = [
        row("A", "13 Feb 2027"),
        row("", "14 Feb 2027"),
        row("", "15 Feb 2027"),
        row("a", "6 Feb 2027"),
        row("B", "16 Feb 2027"),
    ];
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    let read = read(&keys, &rows, &[]);
    assert_eq!(faults(&read), [""; 0]);
    let told: Vec<_> = read.rows.iter().map(|one| (one.row, days(one))).collect();
    let expected = [
        (2, vec!["2027-02-06 10:00 12:00", "2027-02-13 10:00 12:00"]),
        (3, vec!["2027-02-14 10:00 12:00"]),
        (4, vec!["2027-02-15 10:00 12:00"]),
        (6, vec!["2027-02-16 10:00 12:00"]),
    ];
    assert_eq!(
        told,
        expected.map(|(row, days)| (row, days.into_iter().map(str::to_owned).collect()))
    );
}

#[test]
fn a_day_is_read_however_its_date_and_its_times_are_put_into_cells() {
    let whole = "2027-02-06 09:30 16:00";
    for (date, times, starts, ends) in [
        ("6 Feb 2027", "9.30am - 4pm", "", ""),
        ("6 Feb 2027", "", "9.30am", "4pm"),
        ("SAT 6 Feb 2027", "", "9.30am", "4pm"),
        ("2027-02-06T00:00:00", "", "9.30am", "4pm"),
        ("2027-02-06T09:30:00", "", "", "4pm"),
        ("6 Feb 2027", "", "2027-02-06T09:30:00", "2027-02-06T16:00:00"),
        ("6 Feb 2027", "9.30am - 4pm", "noon", "1pm"),
    ] {
        let cells = [("date", date), ("times", times), ("starts", starts), ("ends", ends)];
        let read = one(&cells);
        assert_eq!(faults(&read), [""; 0], "{cells:?}");
        assert_eq!(days(&read.rows[0]), [whole], "{cells:?}");
    }
}

#[test]
fn a_day_that_cannot_be_read_says_what_is_missing_and_makes_no_session() {
    for (date, times, starts, ends, fault) in [
        ("", "10-12", "", "", "Row 2, date: is missing"),
        ("6 Feb", "", "", "4pm", "Row 2, starts: is missing"),
        ("6 Feb", "", "9.30am", "", "Row 2, ends: is missing"),
        ("6 Feb", "", "9", "4pm", "Row 2, starts: “9” is no time, such as 9.30am or 14:00"),
        (
            "6 Feb",
            "",
            "9am",
            "TEATIME",
            "Row 2, ends: “TEATIME” is no time, such as 9.30am or 14:00",
        ),
    ] {
        let cells = [("date", date), ("times", times), ("starts", starts), ("ends", ends)];
        let read = one(&cells);
        assert_eq!((faults(&read), read.rows.len()), (vec![fault.to_owned()], 0), "{cells:?}");
    }
}

#[test]
fn a_course_is_meant_by_its_short_name_or_its_title_and_one_like_it_is_offered() {
    for (cell, slug) in [
        ("two-day", "two-day"),
        ("listening", "listening"),
        ("TWO DAY leadership training", "two-day"),
    ] {
        assert_eq!(plan(&[("course", cell)]).course.as_str(), slug, "{cell}");
    }
    let is_it = ". Is it “Two-day leadership training”?";
    for (cell, near) in
        [("Leadership", is_it), ("Two-day leadership training 2027", is_it), ("Singing", "")]
    {
        let fault = format!("Row 2, course: there is no course “{cell}”{near}");
        assert_eq!(faults(&one(&[("course", cell)])), [fault]);
    }
    assert_eq!(faults(&one(&[("course", "")])), ["Row 2, course: is missing"]);
    let keys = ["date", "times", "venue"];
    let row: &[&str] = &["6 Feb 2027", "10-12", "Zion Chapel"];
    let said = read(&keys, &[row], &[("course", "two-day")]);
    assert_eq!(said.rows[0].plan.course.as_str(), "two-day");
}

#[test]
fn a_postcode_is_written_with_its_space_and_anything_else_as_it_stands() {
    for (typed, written) in [
        ("se153ah", "SE15 3AH"),
        ("M1 1ae", "M1 1AE"),
        ("m11ae", "M1 1AE"),
        ("SE15", "SE15"),
        ("se15 3ah 9", "se15 3ah 9"),
        ("se1/3ah", "se1/3ah"),
        ("", ""),
    ] {
        assert_eq!(postcode(typed), written, "{typed}");
    }
}

#[test]
fn a_session_is_in_a_room_or_behind_a_link_wherever_the_link_stands() {
    let room = |room: &str| Location::Online { room: room.to_owned() };
    let venue = |name: &str, address: &str| Location::Venue {
        name: name.to_owned(),
        address: address.to_owned(),
    };
    let link = "https://zoom.example/j/1";
    for (cells, place) in [
        (&[("online", link), ("venue", "Zion")][..], room(link)),
        (&[("online", ""), ("venue", link)], room(link)),
        (&[("online", "no"), ("venue", "Zion")], venue("Zion", "")),
        (
            &[
                ("venue", "Zion"),
                ("address", "3 Hill\n Row"),
                ("town", ""),
                ("postcode", "se153ah"),
            ],
            venue("Zion", "3 Hill Row, SE15 3AH"),
        ),
        (&[("venue", "Zion"), ("town", "Leeds")], venue("Zion", "Leeds")),
    ] {
        assert_eq!(plan(cells).location, place, "{cells:?}");
    }
    let no_link = "enter the link to the video call. It starts with https:// and has no spaces or \
                   quotation marks";
    let no_address = "enter the address on one line, in ordinary letters and signs, up to 300";
    let no_venue = "enter the name of the venue, in ordinary letters and signs, up to 200";
    let nowhere = "no venue, and no link to a video call: a session is somewhere";
    for (cells, at, words) in [
        (&[("online", "https://zoom")][..], "online", no_link),
        (&[("online", ""), ("venue", "http://zoom")], "venue", no_link),
        (&[("address", "3 \u{202E}Hill")], "address", no_address),
        (&[("venue", "Zi\u{202E}on")], "venue", no_venue),
        (&[("venue", "")], "venue", nowhere),
    ] {
        assert_eq!(faults(&one(cells)), [format!("Row 2, {at}: {words}")], "{cells:?}");
    }
}

#[test]
fn whoever_leads_has_an_account_and_is_named_once() {
    for (cell, logins) in [
        ("", &[][..]),
        ("ben", &["ben"]),
        ("Amina YUSUF and Ben Low", &["amina.yusuf", "ben"]),
        ("Ben Low & Amina Yusuf", &["ben", "amina.yusuf"]),
        ("ben, ; amina.yusuf / Ben Low", &["ben", "amina.yusuf"]),
    ] {
        let trainers = plan(&[("trainers", cell)]).details.trainers;
        assert_eq!(trainers.iter().map(StaffLogin::as_str).collect::<Vec<_>>(), logins, "{cell}");
    }
    let read = one(&[("trainers", "Cat, ben, Dan")]);
    let fault = |name: &str| format!("Row 2, trainers: “{name}” has no account to lead with");
    assert_eq!((faults(&read), read.rows.len()), (vec![fault("Cat"), fault("Dan")], 0));
}

#[test]
fn a_draft_holds_what_its_row_says_and_the_usual_where_it_says_nothing() {
    let said = plan(&[("capacity", "24"), ("per_booking", "3"), ("note", "Bring\nlunch.")]);
    assert_eq!((said.capacity, said.details.places_per_booking), (Some(24), 3));
    assert_eq!(said.details.note.as_deref(), Some("Bring\nlunch."));
    assert_eq!(said.alliance.as_str(), "citizens-mk");
    let silent = plan(&[]);
    assert_eq!((silent.capacity, silent.details.places_per_booking), (None, 6));
    assert_eq!((silent.details.note, silent.details.waiting_list), (None, true));
    let hidden = one(&[("note", "a\u{202E}b")]);
    let fault = "Row 2, note: contains characters that cannot be used here";
    assert_eq!((faults(&hidden), hidden.rows.len()), (vec![fault.to_owned()], 0));
}
