use super::*;
use crate::domain::{
    attendee::Attendee,
    id::QuestionCode,
    place::PlaceState,
    question::{AnswerReaders, QuestionKind},
    registration::Sender,
    samples::{attendee, booking, name, place},
};

/// Somebody who comes, as typed: her number, her name, what she eats and whether it could harm.
fn comes(number: u32, who: &str, dietary: &str, allergy: bool) -> Place {
    let dietary = Line::parse_optional(dietary).expect("a need");
    let ticks = Ticks { allergy, interpreter: false };
    place(number, Some(Attendee { dietary, ticks, ..attendee(who, "") }), PlaceState::Confirmed)
}

fn of(institution: &str, leader: &str, places: Vec<Place>) -> Registration {
    let mut one = booking(places);
    one.leader.name = name(leader);
    one.sender = match institution {
        "" => Sender::Herself,
        typed => Sender::NotListed(name(typed)),
    };
    one
}

fn names(roster: &Roster) -> Vec<&str> {
    roster.lines.iter().map(RosterLine::name).collect()
}

fn line(place: Place) -> RosterLine {
    let mut roster = Roster::of(vec![of("St Mary", "Ruth Okafor", vec![place])]);
    roster.lines.remove(0)
}

#[test]
fn people_with_a_place_stand_by_name_and_those_without_a_name_last_by_who_booked() {
    let waits = place(5, Some(attendee("Ada Waits", "")), PlaceState::Waiting { queue: 1 });
    let unnamed = |number| place(number, None, PlaceState::Confirmed);
    let roster = Roster::of(vec![
        of("", "Sam Low", vec![unnamed(1), comes(2, "Zoe", "", false)]),
        of("", "Ida Green", vec![comes(3, "Émile", "", false), unnamed(4), waits]),
    ]);
    assert_eq!(names(&roster), ["Émile", "Zoe", "Name to follow", "Name to follow"]);
    let leaders: Vec<_> = roster.lines[2..].iter().map(|one| one.leader.as_str()).collect();
    assert_eq!(leaders, ["Ida Green", "Sam Low"]);
}

#[test]
fn a_need_is_read_as_it_was_typed_or_by_what_was_ticked() {
    let with = |dietary: &str, access: &str, allergy, interpreter| {
        let need = |typed| Line::parse_optional(typed).expect("a need");
        let (dietary, access) = (need(dietary), need(access));
        let ticks = Ticks { allergy, interpreter };
        let who = Attendee { dietary, access, ticks, ..attendee("Ada Obi", "") };
        line(place(1, Some(who), PlaceState::Confirmed))
    };
    let told = |one: &RosterLine| {
        let own = |text: Option<&str>| text.unwrap_or("-").to_owned();
        [own(one.dietary()), own(one.access()), own(one.allergy()), own(one.support())]
    };
    for (one, words, must_plan, has_need) in [
        (with("", "", false, false), ["-", "-", "-", "-"], false, false),
        (with("Halal", "", false, false), ["Halal", "-", "-", "-"], false, true),
        (with("Nuts", "", true, false), ["Nuts", "-", "Nuts", "-"], true, true),
        (with("", "", true, false), ["-", "-", "Allergy, not said which", "-"], true, true),
        (with("", "Ramp", false, false), ["-", "Ramp", "-", "Ramp"], true, true),
        (with("", "BSL", false, true), ["-", "BSL", "-", "BSL"], true, true),
        (with("", "", false, true), ["-", "-", "-", "Interpreter"], true, true),
    ] {
        assert_eq!(told(&one), words);
        assert_eq!((one.must_plan(), one.has_need()), (must_plan, has_need), "{words:?}");
        let planned = Roster { lines: vec![one] }.to_plan_for();
        assert_eq!(planned.lines.len(), usize::from(has_need), "{words:?}");
    }
    let unnamed = line(place(1, None, PlaceState::Confirmed));
    assert_eq!(told(&unnamed), ["-"; 4]);
    assert_eq!(unnamed.ticks(), Ticks::default());
}

#[test]
fn what_was_granted_is_read_as_a_need() {
    let mut ramp = comes(1, "Ada Obi", "", false);
    ramp.attendee.as_mut().expect("somebody").access =
        Line::parse_optional("Ramp").expect("a need");
    let roster =
        Roster::of(vec![of("", "Ruth Okafor", vec![ramp, comes(2, "Ben Low", "", false)])]);
    let [ada, ben] = [0, 1].map(|at| roster.lines[at].place.id);
    let granted = HashMap::from([(ada, vec!["Interpreter: BSL".to_owned()])]);
    let helped = roster.clone().helped(&granted);
    assert_eq!(helped.lines[0].access(), Some("Ramp; Interpreter: BSL"));
    assert_eq!(helped.lines[1].access(), None);
    let childcare = HashMap::from([(ben, vec!["Childcare".to_owned()])]);
    assert_eq!(roster.helped(&childcare).lines[1].access(), Some("Childcare"));
}

#[test]
fn what_a_calendar_answered_and_the_door_noted_stands_with_each() {
    let two = vec![comes(1, "Ada Obi", "", false), comes(2, "Ben Low", "", false)];
    let roster = Roster::of(vec![of("", "Ruth Okafor", two)]);
    let [ada, ben] = [0, 1].map(|at| roster.lines[at].place.id);
    for (answer, words) in [
        (Some(PartStat::Accepted), "Said yes"),
        (Some(PartStat::Tentative), "Said maybe"),
        (Some(PartStat::Declined), "Said no"),
        (None, ""),
    ] {
        let answers = answer.map(|answer| (ben, answer)).into_iter().collect();
        let told = roster.clone().answered(&answers);
        assert_eq!([0, 1].map(|at| told.lines[at].answer_words()), ["", words]);
    }
    let wrote = roster.clone().with_words(&HashMap::from([(ada, vec!["Late".to_owned()])]));
    assert_eq!(
        (wrote.lines[0].words.as_slice(), wrote.lines[1].words.len()),
        (&["Late".to_owned()][..], 0)
    );
    let noted = HashMap::from([
        (ada, (Presence::Attended, Some(DateTime::UNIX_EPOCH))),
        (ben, (Presence::Unknown, None)),
    ]);
    let came = roster.came(2, &noted);
    let (presence, seen_at) = (Presence::Attended, Some(DateTime::UNIX_EPOCH));
    assert_eq!(came.lines[0].came, [Came { day: 2, presence, seen_at }]);
    assert_eq!(came.lines[1].came, [], "what is not known is not noted");
}

fn answered(number: u32, value: &str, seen: AnswerReaders) -> Answered {
    let question: QuestionCode = format!("Q{number:04}").parse().expect("a code");
    let (wording, kind) = (format!("Question {number}?"), QuestionKind::Several);
    Answered { question, wording, kind, value: value.to_owned(), is_old: false, seen }
}

#[test]
fn a_booking_answers_once_and_each_reader_sees_what_is_for_her() {
    let two = vec![comes(1, "Ada Obi", "", false), comes(2, "Ben Low", "", false)];
    let roster = Roster::of(vec![of("", "Ruth Okafor", two)]);
    let ben = roster.lines[1].place.id;
    let kitchen = AnswerReaders { by_kitchen: true, ..AnswerReaders::default() };
    let trainer = AnswerReaders { by_trainer: true, ..AnswerReaders::default() };
    let of_places = HashMap::from([(ben, vec![answered(2, "tea\nCake", kitchen)])]);
    let once = vec![answered(1, "vans", trainer)];
    let of_bookings = HashMap::from([(roster.lines[0].reference.clone(), once)]);
    let all = roster.with_answers(&of_places, of_bookings);
    let seen = |roster: &Roster| {
        let values = |one: &RosterLine| -> Vec<_> {
            one.answers.iter().map(|one| one.value.clone()).collect()
        };
        roster.lines.iter().map(values).collect::<Vec<_>>().concat().join("; ")
    };
    assert_eq!(seen(&all), "vans; tea\nCake");
    assert_eq!(seen(&all.clone().seen_by(&[Reader::Trainer])), "vans");
    assert_eq!(seen(&all.clone().seen_by(&[Reader::Helper, Reader::Kitchen])), "tea\nCake");
    assert_eq!(seen(&all.clone().seen_by(&[Reader::Sheet])), "");
    assert_eq!(all.lines[1].answers_for(Reader::Kitchen).len(), 1);
    assert_eq!(all.lines[1].answers_for(Reader::Trainer).len(), 0);
}

#[test]
fn the_kitchen_is_told_how_often_something_was_said_and_by_nobody() {
    let kitchen = AnswerReaders { by_kitchen: true, ..AnswerReaders::default() };
    let mut roster = Roster::of(vec![of(
        "",
        "Ruth Okafor",
        (1..=3).map(|number| comes(number, "Ada Obi", "", false)).collect(),
    )]);
    for (at, value) in ["tea\nCake", "cake", "Cake"].into_iter().enumerate() {
        roster.lines[at].answers =
            vec![answered(1, value, kitchen), answered(2, "secret", AnswerReaders::default())];
    }
    roster.lines[2].answers.push(answered(3, "yes", kitchen));
    let counted = |said: &[(&str, usize)]| -> Vec<_> {
        said.iter().map(|(said, people)| ((*said).to_owned(), *people)).collect()
    };
    let first = ("Question 1?".to_owned(), counted(&[("Cake", 3), ("tea", 1)]));
    let third = ("Question 3?".to_owned(), counted(&[("yes", 1)]));
    assert_eq!(roster.kitchen_counts(), [first, third]);
}

#[test]
fn somebody_is_found_by_all_that_stands_in_her_line() {
    let mut one = of("St Mary", "Ruth Okafor", vec![comes(1, "Ben Low", "", false)]);
    one.leader.phone = "07700 900117".parse().ok();
    one.places.push(place(2, Some(attendee("Ada Obi", "ada@example.org")), PlaceState::Confirmed));
    let roster = Roster::of(vec![one]);
    for (typed, found) in [
        ("ada", &["Ada Obi"][..]),
        ("ada@example", &["Ada Obi"]),
        ("ben mary", &["Ben Low"]),
        ("okafor", &["Ada Obi", "Ben Low"]),
        ("07700900117", &["Ada Obi", "Ben Low"]),
        ("RM7K-4TQ2", &["Ada Obi", "Ben Low"]),
        ("", &["Ada Obi", "Ben Low"]),
        ("nobody", &[]),
    ] {
        assert_eq!(names(&roster.clone().narrowed(typed)), found, "{typed}");
    }
}

fn four() -> Roster {
    Roster::of(vec![
        of("", "Ruth Okafor", vec![comes(1, "Ada", "Nuts", true), comes(2, "Ben", "vegan", false)]),
        of(
            "Zion",
            "Ruth Okafor",
            vec![comes(3, "Cat", "Vegan", false), comes(4, "Dan", "", false)],
        ),
        of(
            "École",
            "Ruth Okafor",
            vec![comes(5, "Eve", "Milk", true), comes(6, "Flo", "Nuts", false)],
        ),
        of(
            "Zion",
            "Ruth Okafor",
            vec![comes(7, "Gil", "nuts", true), comes(8, "Hal", "Eggs", false)],
        ),
    ])
}

#[test]
fn lines_stand_by_institution_and_those_who_come_for_none_last() {
    let roster = four();
    assert_eq!(roster.institutions(), 2);
    let by = roster.by_institution();
    assert_eq!(names(&by), ["Eve", "Flo", "Cat", "Dan", "Gil", "Hal", "Ada", "Ben"]);
}

fn counts(counts: &[FoodCount]) -> Vec<(&str, usize, bool)> {
    counts.iter().map(|one| (one.need.as_str(), one.people, one.is_allergy)).collect()
}

#[test]
fn the_caterer_reads_first_what_could_harm_and_then_what_most_asked_for() {
    assert_eq!(
        counts(&four().food_counts()),
        [
            ("Nuts", 2, true),
            ("Milk", 1, true),
            ("vegan", 2, false),
            ("Eggs", 1, false),
            ("Nuts", 1, false),
        ]
    );
}

#[test]
fn what_could_harm_is_told_by_the_table_people_sit_at() {
    let tables = four().allergies_by_institution();
    let told: Vec<_> = tables.iter().map(|(who, food)| (who.as_deref(), counts(food))).collect();
    assert_eq!(
        told,
        [
            (Some("École"), vec![("Milk", 1, true)]),
            (Some("Zion"), vec![("nuts", 1, true)]),
            (None, vec![("Nuts", 1, true)]),
        ]
    );
}
