//! Whom a question is asked, and what is read of what was typed.

use super::question;
use crate::domain::{
    id::QuestionCode,
    question::{Asked, Fault, Given, Question, QuestionKind, ShownWhen, applies, missing, read},
};

fn given(number: usize, value: &str) -> Given {
    Given {
        question: question(number, QuestionKind::Text).code,
        revision: 1,
        value: value.to_owned(),
    }
}

/// A question that is only asked where an earlier one was answered so.
fn hanging(number: usize, (on, says): (usize, &str)) -> Question {
    let when = ShownWhen { question: given(on, "").question, says: says.to_owned() };
    Question { shown_when: Some(when), ..question(number, QuestionKind::Text) }
}

#[test]
fn a_question_is_asked_where_the_one_it_hangs_on_is_asked_and_says_so() {
    let first = question(1, QuestionKind::Several);
    let (second, third) = (hanging(2, (1, "Other")), hanging(3, (2, "why")));
    let all = [first.clone(), second.clone(), third.clone()];
    assert!(applies(&first, &all, &[]), "that hangs on nothing");
    for (answer, is_asked) in
        [("Other", true), ("other", true), ("Red\nOther", true), ("Red", false), ("", false)]
    {
        assert_eq!(applies(&second, &all, &[given(1, answer)]), is_asked, "{answer}");
    }
    assert!(!applies(&second, &all, &[]));
    assert!(!applies(&second, &all, &[given(2, "Other")]), "another question says so");
    assert!(applies(&third, &all, &[given(1, "Other"), given(2, "why")]));
    let stale = [given(1, "Red"), given(2, "why")];
    assert!(!applies(&third, &all, &stale), "the one it hangs on is not asked any more");
    // What it hangs on is an earlier question, of the same people.
    let said = [given(1, "Other")];
    assert!(!applies(&second, &[second.clone(), first.clone()], &said));
    let of_leader = Question { asked: Asked::Booking, ..first };
    assert!(!applies(&second, &[of_leader, second.clone()], &said));
}

#[test]
fn only_what_must_be_answered_is_missed() {
    let of = |number, kind, is_required| Question { is_required, ..question(number, kind) };
    let all = [
        of(1, QuestionKind::Choice, true),
        of(2, QuestionKind::Text, false),
        of(3, QuestionKind::Consent, false),
        Question { is_required: true, ..hanging(4, (1, "Other")) },
        Question { asked: Asked::Booking, ..of(5, QuestionKind::Text, true) },
    ];
    let missed = |asked, answers: &[Given]| {
        let codes = missing(&all, asked, answers).into_iter().map(|one| one.code.to_string());
        codes.collect::<Vec<_>>()
    };
    assert_eq!(missed(Asked::Person, &[]), ["Q0001", "Q0003"]);
    assert_eq!(missed(Asked::Booking, &[]), ["Q0005"]);
    assert_eq!(missed(Asked::Person, &[given(1, "Other"), given(3, "yes")]), ["Q0004"]);
    assert!(missed(Asked::Person, &[given(1, "Red"), given(3, "yes")]).is_empty());
    // The same of a form that is sent empty.
    let empty = read(&all, Asked::Person, |_: &QuestionCode| String::new());
    let faults = [(1, Fault::Missing), (3, Fault::NotTicked)];
    assert_eq!(empty.faults, faults.map(|(number, fault)| (given(number, "").question, fault)));
    assert!(empty.given.is_empty());
}

#[test]
fn an_answer_is_kept_in_one_way_however_it_was_typed() {
    use QuestionKind as K;
    let kept = |value: &str| Ok(Some(value.to_owned()));
    for (kind, typed, read) in [
        (K::YesNo, "Yes", kept("yes")),
        (K::YesNo, "true", kept("yes")),
        (K::YesNo, "NO", kept("no")),
        (K::YesNo, "false", kept("no")),
        (K::YesNo, "perhaps", Err(Fault::NotAnOption)),
        (K::YesNo, " ", Ok(None)),
        (K::Consent, "Yes", kept("yes")),
        (K::Consent, "true", kept("yes")),
        (K::Consent, "no", Ok(None)),
        (K::Consent, "False", Ok(None)),
        (K::Consent, "perhaps", Err(Fault::NotTicked)),
        (K::Date, " 2027-03-01 ", kept("2027-03-01")),
        (K::Date, "1900-01-01", kept("1900-01-01")),
        (K::Date, "1899-12-31", Err(Fault::NotADay)),
        (K::Date, "2200-12-31", kept("2200-12-31")),
        (K::Date, "2201-01-01", Err(Fault::NotADay)),
        (K::Date, "2027-02-29", Err(Fault::NotADay)),
        (K::Text, " One line ", kept("One line")),
        (K::LongText, " One line\r\nand another ", kept("One line\nand another")),
        (K::LongText, "a\u{202E}b", Err(Fault::Unprintable)),
        (K::Choice, "red", kept("Red")),
        (K::Choice, "Blue", Err(Fault::NotAnOption)),
    ] {
        assert_eq!(question(1, kind).parse(typed), read, "{kind}: {typed:?}");
    }
}

#[test]
fn as_many_are_chosen_of_several_as_may_be() {
    let of =
        |most, typed: &str| Question { most, ..question(1, QuestionKind::Several) }.parse(typed);
    let two = Ok(Some("Red\nOther".to_owned()));
    assert_eq!(of(Some(2), "Other\nRed"), two);
    assert_eq!(of(Some(2), "Other\nRed\n\n Red "), two, "each counts once");
    assert_eq!(of(None, "Other\nRed"), two);
    assert_eq!(of(Some(1), "Other\nRed"), Err(Fault::TooMany { most: 1 }));
}
