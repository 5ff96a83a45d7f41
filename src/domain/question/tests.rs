//! Random questions and answers against what the rules say.

mod edited;
mod reading;

use proptest::prelude::*;

use super::*;

fn question(number: usize, kind: QuestionKind) -> Question {
    Question {
        code: QuestionCode::numbered(i64::try_from(number).unwrap_or(0)),
        of: QuestionOf::Session("S001".parse().expect("a code")),
        revision: 1,
        asked: Asked::Person,
        kind,
        wording: format!("Question {number}"),
        help: None,
        options: match kind.has_options() {
            true => vec!["Red".to_owned(), "Green".to_owned(), "Other".to_owned()],
            false => vec![],
        },
        most: None,
        is_required: false,
        is_sensitive: false,
        shown_when: None,
        for_trainer: true,
        for_helper: false,
        for_kitchen: false,
        for_sheet: false,
    }
}

/// Questions of which some hang on earlier ones, each required or not.
fn questions() -> impl Strategy<Value = Vec<Question>> {
    let one = (0..QuestionKind::ALL.len(), any::<bool>(), any::<bool>(), 0usize..8, any::<bool>());
    proptest::collection::vec(one, 1..9).prop_map(|all| {
        let mut made: Vec<Question> = Vec::new();
        for (at, (kind, required, of_booking, on, hangs)) in all.into_iter().enumerate() {
            let mut next = question(at + 1, QuestionKind::ALL[kind]);
            next.is_required = required;
            next.asked = if of_booking { Asked::Booking } else { Asked::Person };
            let on =
                made.get(on % made.len().max(1)).filter(|one| hangs && one.asked == next.asked);
            next.shown_when = on.map(|one| ShownWhen {
                question: one.code.clone(),
                says: match one.kind {
                    QuestionKind::Choice | QuestionKind::Several => "Other",
                    QuestionKind::Text | QuestionKind::LongText => "words",
                    QuestionKind::Date => "2027-03-01",
                    QuestionKind::YesNo | QuestionKind::Consent => "yes",
                }
                .to_owned(),
            });
            made.push(next);
        }
        made
    })
}

const TYPED: [&str; 8] =
    ["", "yes", "no", "words", "Other", "Red\nOther", "2027-03-01", "neither this nor that"];

proptest! {
    #[test]
    fn what_is_hidden_is_never_required_nor_kept_and_what_is_seen_never_missing(
        all in questions(),
        typed in proptest::collection::vec(0..TYPED.len(), 9),
        asked in prop_oneof![Just(Asked::Booking), Just(Asked::Person)],
    ) {
        let say = |code: &QuestionCode| {
            let at = all.iter().position(|one| one.code == *code).unwrap_or(0);
            TYPED[typed[at]].to_owned()
        };
        let read = read(&all, asked, say);
        let order = |code: &QuestionCode| all.iter().position(|one| one.code == *code);
        let given: Vec<_> = read.given.iter().map(|one| order(&one.question)).collect();
        prop_assert!(given.windows(2).all(|two| two[0] < two[1]), "out of order");
        for one in &all {
            let is_given = read.given.iter().any(|given| given.question == one.code);
            let is_wrong = read.faults.iter().any(|(code, _)| *code == one.code);
            if one.asked != asked || !applies(one, &all, &read.given) {
                prop_assert!(!is_given && !is_wrong, "{} is hidden", one.code);
            } else if one.is_required || one.kind == QuestionKind::Consent {
                prop_assert!(is_given || is_wrong, "{} is missing", one.code);
            }
        }
        if read.faults.is_empty() {
            prop_assert!(missing(&all, asked, &read.given).is_empty());
        }
        // Reading what was read changes nothing.
        let kept = |code: &QuestionCode| {
            let found = read.given.iter().find(|one| one.question == *code);
            found.map_or_else(String::new, |one| one.value.clone())
        };
        prop_assert_eq!(&super::read(&all, asked, kept).given, &read.given);
    }
}

#[test]
fn an_answer_is_one_of_those_there_are_and_no_longer_than_it_may() {
    let mut several = question(1, QuestionKind::Several);
    several.most = Some(1);
    let read = |one: &Question, typed: &str| {
        let typed = typed.to_owned();
        super::read(std::slice::from_ref(one), Asked::Person, |_| typed.clone())
    };
    assert_eq!(read(&several, "Green\nRed").faults[0].1, Fault::TooMany { most: 1 });
    assert_eq!(read(&several, "Blue").faults[0].1, Fault::NotAnOption);
    several.most = None;
    assert_eq!(read(&several, "green\nRed").given[0].value, "Red\nGreen");
    let mut text = question(2, QuestionKind::Text);
    text.most = Some(3);
    assert_eq!(read(&text, "four").faults[0].1, Fault::TooLong { most: 3 });
    assert_eq!(read(&text, "a\u{202E}b").faults[0].1, Fault::Unprintable);
    let consent = question(3, QuestionKind::Consent);
    assert_eq!(read(&consent, "").faults[0].1, Fault::NotTicked);
    assert_eq!(read(&question(4, QuestionKind::Date), "1 March").faults[0].1, Fault::NotADay);
}

#[test]
fn a_question_hangs_only_on_one_before_it() {
    let first = question(1, QuestionKind::Choice);
    let mut second = question(2, QuestionKind::Text);
    let when = |says: &str| Some(ShownWhen { question: first.code.clone(), says: says.to_owned() });
    second.shown_when = when("Other");
    assert_eq!(second.askable_after(std::slice::from_ref(&first)), Ok(()));
    assert_eq!(second.askable_after(&[]), Err(Unaskable::NotBefore));
    assert!(is_in_order(&[first.clone(), second.clone()]));
    assert!(!is_in_order(&[second.clone(), first.clone()]));
    second.shown_when = when("Blue");
    assert_eq!(second.askable_after(std::slice::from_ref(&first)), Err(Unaskable::NoSuchAnswer));
    let one = Question { options: vec!["Red".to_owned()], ..first.clone() };
    assert_eq!(one.askable_after(&[]), Err(Unaskable::FewOptions));
    let twice = Question { options: vec!["Red".to_owned(), "red".to_owned()], ..first };
    assert_eq!(twice.askable_after(&[]), Err(Unaskable::SameOptions));
}

#[test]
fn each_kind_of_answer_is_called_and_has_answers_to_choose_from_or_not() {
    use QuestionKind as K;
    for (kind, called, has_options) in [
        (K::Text, "One line of text", false),
        (K::LongText, "Some sentences", false),
        (K::Choice, "One of several answers", true),
        (K::Several, "Any of several answers", true),
        (K::YesNo, "Yes or no", false),
        (K::Date, "A date", false),
        (K::Consent, "A box they must tick", false),
    ] {
        assert_eq!((kind.called(), kind.has_options()), (called, has_options), "{kind}");
        let one = Question { options: Vec::new(), ..question(1, kind) };
        let asked = if has_options { Err(Unaskable::FewOptions) } else { Ok(()) };
        assert_eq!(one.askable_after(&[]), asked, "{kind} without answers");
        // Only of several is there a box for each.
        assert_eq!(one.takes_several(), kind == K::Several, "{kind}");
    }
}

#[test]
fn what_a_question_hangs_on_is_read_as_it_is_written() {
    let when: ShownWhen = "Q0001=  Yes = no ".parse().expect("a condition");
    assert_eq!((when.question.as_str(), when.says.as_str()), ("Q0001", "Yes = no"));
    assert_eq!(when.to_string(), "Q0001 = Yes = no");
    assert_eq!(when.to_string().parse(), Ok(when));
    for bad in ["", "Q0001", "Q0001 = ", "= Other"] {
        assert!(bad.parse::<ShownWhen>().is_err(), "{bad}");
    }
}

#[test]
fn an_answer_is_as_long_as_its_question_says_and_never_longer_than_its_kind() {
    use QuestionKind::{LongText, Text};
    for (kind, most, longest) in [
        (Text, None, 300),
        (Text, Some(20), 20),
        (Text, Some(301), 300),
        (LongText, None, 5000),
        (LongText, Some(301), 301),
        (LongText, Some(5001), 5000),
    ] {
        let one = Question { most, ..question(1, kind) };
        assert_eq!(one.longest(), longest, "{kind} of {most:?}");
    }
}

#[test]
fn a_revision_that_asks_the_same_needs_no_other_words_for_its_answers() {
    let asked = question(1, QuestionKind::Choice);
    let later = Question {
        revision: 2,
        is_required: true,
        is_sensitive: true,
        for_kitchen: true,
        ..asked.clone()
    };
    assert!(asked.reads_as(&later));
    for other in [
        Question { kind: QuestionKind::Several, ..asked.clone() },
        Question { wording: "Which?".to_owned(), ..asked.clone() },
        Question { options: vec!["Red".to_owned(), "Blue".to_owned()], ..asked.clone() },
        Question { most: Some(1), ..asked.clone() },
        Question { help: Some("Any will do".to_owned()), ..asked.clone() },
    ] {
        assert!(!asked.reads_as(&other), "{other:?}");
    }
}

/// Everybody sees the sheet: what is sensitive never stands on it (P5).
#[test]
fn an_answer_is_seen_by_those_its_question_names_and_by_the_office() {
    use Reader::{Helper, Kitchen, Office, Sheet, Trainer};
    let nobody = AnswerReaders::default();
    let everybody = AnswerReaders {
        is_sensitive: false,
        by_trainer: true,
        by_helper: true,
        by_kitchen: true,
        on_sheet: true,
    };
    let sensitive = AnswerReaders { is_sensitive: true, ..everybody };
    for (seen, readers) in [
        (nobody, &[Office][..]),
        (AnswerReaders { by_trainer: true, ..nobody }, &[Office, Trainer]),
        (AnswerReaders { by_helper: true, ..nobody }, &[Office, Helper]),
        (AnswerReaders { by_kitchen: true, ..nobody }, &[Office, Kitchen]),
        (AnswerReaders { on_sheet: true, ..nobody }, &[Office, Sheet]),
        (everybody, &[Office, Trainer, Helper, Kitchen, Sheet]),
        (sensitive, &[Office, Trainer, Helper, Kitchen]),
    ] {
        for reader in [Office, Trainer, Helper, Kitchen, Sheet] {
            assert_eq!(seen.is_for(reader), readers.contains(&reader), "{reader:?} of {seen:?}");
        }
    }
}

#[test]
fn an_answer_is_read_on_one_line_in_plain_words() {
    use QuestionKind as K;
    for (kind, value, words) in [
        (K::YesNo, "yes", "Yes"),
        (K::YesNo, "no", "No"),
        (K::Consent, "yes", "Agreed"),
        (K::Text, "yes", "yes"),
        (K::Choice, "Red", "Red"),
        (K::Several, "Red\nGreen", "Red, Green"),
        (K::Date, "2027-03-01", "Mon 1 March 2027"),
        (K::Date, "some day", "some day"),
    ] {
        assert_eq!(said(kind, value), words, "{kind}");
        let answered = Answered {
            question: QuestionCode::numbered(1),
            wording: "Which?".to_owned(),
            kind,
            value: value.to_owned(),
            is_old: false,
            seen: AnswerReaders::default(),
        };
        assert_eq!(answered.said(), words, "{kind}");
        let each = if kind == K::Several { vec!["Red", "Green"] } else { vec![words] };
        assert_eq!(answered.each(), each, "{kind}");
    }
}
