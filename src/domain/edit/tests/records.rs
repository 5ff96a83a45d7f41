//! The records that are edited part by part: what the log says of each, and that two people who change different
//! parts at once keep what both wrote (V1).

use std::fmt::Debug;

use chrono_tz::Tz;

use super::day;
use crate::domain::{
    attendee::{Attendee, Ticks},
    edit::{Change, Days, Drawn, Listed, PledgeOf, Record, changes, merge},
    institution::{Institution, InstitutionKind, Membership},
    letter_wording::{LetterWording, WordedLetter, WordingOf},
    page_words::{DayWords, SessionWords},
    plan::SessionPlan,
    samples::{alliance, attendee, booking, course, session},
    sitting::DayPlace,
};

/// What the log says of a change.
fn logged<R: Record>(before: &R, after: &R) -> Vec<String> {
    changes(before, after, Tz::UTC).iter().map(Change::to_string).collect()
}

/// What is kept where somebody saved `present` while another, who had `drawn` before her, sends `sent`.
fn kept<R: Record + Debug>(drawn: &R, present: &R, sent: &R) -> R {
    merge(Some(&Drawn::of(drawn)), present, sent, Tz::UTC).expect("no conflict").record
}

/// Health, as the needs beside them (P5).
#[test]
fn of_a_tick_the_log_says_only_that_it_changed() {
    let ticked = |allergy, interpreter| Attendee {
        ticks: Ticks { allergy, interpreter },
        ..attendee("Ada Obi", "")
    };
    let (none, both) = (ticked(false, false), ticked(true, true));
    assert_eq!(logged(&none, &both), ["Allergy: changed", "Interpreter: changed"]);
    assert_eq!(logged(&ticked(true, false), &none), ["Allergy: changed"]);
    assert_eq!(kept(&none, &ticked(true, false), &ticked(false, true)), both);
}

#[test]
fn the_log_says_which_letters_words_changed() {
    let worded = |subject: Option<&str>, opening: Option<&str>, closing: Option<&str>| {
        let [subject, opening, closing] =
            [subject, opening, closing].map(|one| one.map(Into::into));
        let wording = LetterWording { subject, opening, closing };
        WordingOf { letter: WordedLetter::BookingConfirmed, wording }
    };
    let (plain, own) = (worded(None, None, None), worded(Some("You're in"), None, Some("Bye")));
    let named = "of \u{201c}Places are booked\u{201d} to whoever booked";
    assert_eq!(
        logged(&plain, &own),
        [
            format!("Subject {named}: was nothing, now \u{201c}You're in\u{201d}"),
            format!("Closing {named}: was nothing, now \u{201c}Bye\u{201d}"),
        ]
    );
    let opened = worded(None, Some("Welcome"), None);
    let all = worded(Some("You're in"), Some("Welcome"), Some("Bye"));
    assert_eq!(kept(&plain, &opened, &own), all);
    assert_eq!(kept(&plain, &own, &opened), all);
}

#[test]
fn two_people_say_what_different_days_are_about() {
    let about = |titles: &[&str]| {
        let of = |title: &&str| DayWords { title: Some((*title).to_owned()), note: None };
        SessionWords { days: titles.iter().map(of).collect(), ..SessionWords::default() }
    };
    let drawn = about(&["Power", "People"]);
    let (one, other) = (about(&["Power first", "People"]), about(&["Power", "Action", "Tea"]));
    assert_eq!(kept(&drawn, &one, &other), about(&["Power first", "Action", "Tea"]));
    assert_eq!(
        logged(&drawn, &other),
        [
            "About day 2: was \u{201c}People\u{201d}, now \u{201c}Action\u{201d}",
            "About day 3: was nothing, now \u{201c}Tea\u{201d}",
        ]
    );
}

#[test]
fn two_people_move_different_days_elsewhere() {
    let held = |places: [Option<&str>; 2]| {
        let place = |name: &str| DayPlace {
            venue: None,
            name: name.to_owned(),
            address: "Leeds LS11 0XX".to_owned(),
        };
        let day_places = places.into_iter().map(|one| one.map(place)).collect();
        SessionPlan { day_places, ..SessionPlan::of(&session()) }
    };
    let (drawn, one, other) =
        (held([None, None]), held([Some("Town Hall"), None]), held([None, Some("Holbeck Club")]));
    let both = held([Some("Town Hall"), Some("Holbeck Club")]);
    assert_eq!(kept(&drawn, &one, &other), both);
    assert_eq!(kept(&both, &both, &one), one, "a day comes back to where the session is");
    assert_eq!(
        logged(&both, &one),
        ["Place of day 2: was \u{201c}Holbeck Club, Leeds LS11 0XX\u{201d}, now nothing"]
    );
}

#[test]
fn days_are_a_record_by_themselves() {
    let drawn: Days = vec![day(1), day(8)];
    let (one, other) = (vec![day(2), day(8)], vec![day(1), day(9)]);
    assert_eq!(kept(&drawn, &one, &other), [day(2), day(9)]);
    assert_eq!(
        logged(&drawn, &one),
        ["Day 1: was \u{201c}Mon 1 March 2027, 9am to 5pm\u{201d}, \
          now \u{201c}Tue 2 March 2027, 9am to 5pm\u{201d}"]
    );
}

#[test]
fn a_record_is_archived_while_another_renames_it() {
    let listed = |name: &str, is_archived| {
        let record = Institution {
            code: "C1001".parse().expect("a code"),
            name: name.to_owned(),
            kind: InstitutionKind::Faith,
            alliance: "leeds".parse().expect("a slug"),
            membership: Membership::Member,
        };
        Listed { record, is_archived }
    };
    let (drawn, archived) = (listed("Zion", false), listed("Zion", true));
    let renamed = listed("Zion Chapel", false);
    assert_eq!(kept(&drawn, &archived, &renamed), listed("Zion Chapel", true));
    assert_eq!(kept(&drawn, &renamed, &archived), listed("Zion Chapel", true));
    assert_eq!(
        logged(&drawn, &listed("Zion Chapel", true)),
        [
            "Name: was \u{201c}Zion\u{201d}, now \u{201c}Zion Chapel\u{201d}",
            "Archived: was \u{201c}no\u{201d}, now \u{201c}yes\u{201d}",
        ]
    );
}

#[test]
fn each_institutions_pledge_is_written_by_itself_and_none_is_told_as_nothing() {
    let pledges = |zion, school| {
        let of = |(code, people): (&str, u32)| PledgeOf {
            institution: code.parse().expect("a code"),
            people,
        };
        [("C1001", zion), ("C1002", school)].map(of).to_vec()
    };
    let drawn = pledges(0, 0);
    assert_eq!(kept(&drawn, &pledges(12, 0), &pledges(0, 5)), pledges(12, 5));
    assert_eq!(
        logged(&pledges(0, 5), &pledges(12, 0)),
        [
            "People pledged: was nothing, now \u{201c}12\u{201d}",
            "People pledged: was \u{201c}5\u{201d}, now nothing",
        ]
    );
    let [none, some] = [&drawn, &pledges(12, 0)].map(|all| all[0].clone());
    assert_eq!(kept(&none, &none, &some), some);
}

/// Of two fields with one key, a change of one would be taken for a change of the other.
#[test]
fn no_two_fields_of_a_record_have_one_key() {
    fn keys(record: &impl Record) -> Vec<String> {
        record.fields(Tz::UTC).into_iter().map(|field| field.key).collect()
    }
    let plan = SessionPlan { day_places: Vec::new(), ..SessionPlan::of(&session()) };
    assert_eq!(
        keys(&plan).join(" "),
        "course alliance day-1 day-2 where venue_id capacity per_booking per_institution mode \
         admission waiting opens closes trainer-amina.yusuf access note directions bring food \
         access_words minimum decide_by hopes residential rooms_on arrival departure"
    );
    assert_eq!(
        keys(&course("Listening")).join(" "),
        "title summary campaign hours capacity guardian for_whom outcomes"
    );
    assert_eq!(keys(&alliance()).join(" "), "name zone email about colour");
    assert_eq!(
        keys(&attendee("Ada Obi", "")).join(" "),
        "name email diet access guardian allergy interpreter"
    );
    let leader = booking(Vec::new()).leader;
    assert_eq!(keys(&leader).join(" "), "leader_name leader_email leader_phone");
}
