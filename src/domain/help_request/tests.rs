use super::*;

#[test]
fn what_is_asked_stands_line_by_line() {
    assert_eq!(HelpWanted::of(HelpKind::Childcare).lines(), []);
    let name = |text: &str| Name::parse(text).ok();
    let wanted = HelpWanted {
        amount: Some(1250),
        children: Some(2),
        ages: name("3 and 5"),
        hours: name("9am to 5pm"),
        language: name("Somali"),
        from: name("Bletchley"),
        how: name("Bus"),
        why: Paragraph::stored("I earn nothing."),
        ..HelpWanted::of(HelpKind::Childcare)
    };
    let lines = wanted.lines();
    let lines: Vec<_> = lines.iter().map(|(name, said)| (*name, said.as_str())).collect();
    assert_eq!(
        lines,
        [
            ("Amount asked", "\u{a3}12.50"),
            ("Children", "2 children"),
            ("How old", "3 and 5"),
            ("Hours", "9am to 5pm"),
            ("Language", "Somali"),
            ("From", "Bletchley"),
            ("How", "Bus"),
            ("Why", "I earn nothing."),
        ]
    );
}

#[test]
fn each_kind_of_help_has_its_words_and_no_letter_tells_of_an_interpreter() {
    let words: Vec<_> = HelpKind::ALL
        .iter()
        .map(|kind| (kind.name(), kind.asked(), kind.in_letters(), kind.in_letters_for_others()))
        .collect();
    assert_eq!(
        words,
        [
            ("Bursary", "a bursary", "A bursary", "a bursary"),
            ("Childcare", "childcare", "Childcare", "childcare"),
            ("Interpreter", "an interpreter", "What you asked for", "what you asked for"),
            ("Travel", "travel", "Travel", "travel"),
        ]
    );
}

#[test]
fn money_is_asked_for_where_it_is_paid_out_and_somebody_found_where_it_is_arranged() {
    for (kind, needs, takes, is_arranged) in [
        (HelpKind::Bursary, true, true, false),
        (HelpKind::Childcare, false, true, true),
        (HelpKind::Interpreter, false, false, true),
        (HelpKind::Travel, true, true, false),
    ] {
        let found = (kind.needs_amount(), kind.takes_amount(), kind.is_arranged());
        assert_eq!(found, (needs, takes, is_arranged), "{kind}");
    }
}

#[test]
fn the_office_reads_where_a_request_stands() {
    let words: Vec<_> =
        HelpState::ALL.iter().map(|state| (state.in_words(), state.is_undecided())).collect();
    assert_eq!(
        words,
        [
            ("To decide", true),
            ("To decide later", true),
            ("Granted", false),
            ("Refused", false),
            ("Taken back", false),
        ]
    );
}

fn now() -> DateTime<Utc> {
    "2027-01-02T10:00:00Z".parse().expect("a moment")
}

fn request(wanted: HelpWanted, state: HelpState) -> HelpRequest {
    HelpRequest {
        id: HelpRequestId::new(uuid::Uuid::nil()),
        place: PlaceId::new(uuid::Uuid::nil()),
        session: "S001".parse().expect("a code"),
        wanted,
        state,
        asked_at: now(),
        changed_at: now(),
        granted: Granting::default(),
        over: None,
        reason: None,
        decided: None,
        paid: None,
        version: 1,
        tell_at: None,
        told: None,
    }
}

#[test]
fn whoever_leads_the_day_reads_of_what_was_granted_and_has_to_be_there() {
    let language = Name::parse("BSL").ok();
    let interpreter = HelpWanted { language, ..HelpWanted::of(HelpKind::Interpreter) };
    let childcare = HelpWanted { children: Some(1), ..HelpWanted::of(HelpKind::Childcare) };
    for (wanted, need) in [
        (interpreter, Some("Interpreter: BSL")),
        (HelpWanted::of(HelpKind::Interpreter), Some("Interpreter")),
        (childcare, Some("Childcare: 1 child")),
        (HelpWanted::of(HelpKind::Bursary), None),
        (HelpWanted::of(HelpKind::Travel), None),
    ] {
        for state in HelpState::ALL {
            let found = request(wanted.clone(), *state).as_need();
            let need = need.filter(|_| *state == HelpState::Granted);
            assert_eq!(found.as_deref(), need, "{} {state}", wanted.kind);
        }
    }
}

#[test]
fn an_amount_is_told_only_while_it_is_granted() {
    let granted = Granting { amount: Some(2550), by_whom: None };
    for (state, told, words) in [
        (HelpState::Granted, "granted 2550", Some("£25.50")),
        (HelpState::Refused, "refused", None),
        (HelpState::Later, "later", None),
    ] {
        let one = request(HelpWanted::of(HelpKind::Bursary), state);
        assert_eq!(one.granted_words(), None);
        let one = HelpRequest { granted: granted.clone(), ..one };
        assert_eq!((one.told_as().as_str(), one.granted_words().as_deref()), (told, words));
    }
    let childcare = request(HelpWanted::of(HelpKind::Childcare), HelpState::Granted);
    assert_eq!(childcare.told_as(), "granted");
}

#[test]
fn whoever_asked_is_told_of_what_is_new_to_her_and_of_nothing_twice() {
    use HelpState::{Asked, Granted, Later, Refused};
    let wait = Duration::minutes(30);
    let soon = now() + Duration::minutes(5);
    for (state, told, waits, tell_at) in [
        (Granted, None, None, Some(now() + wait)),
        (Granted, None, Some(soon), Some(soon)),
        (Granted, Some("granted"), None, None),
        (Granted, Some("granted"), Some(soon), None),
        (Refused, Some("granted"), None, Some(now() + wait)),
        // That nobody has decided is no news, unless she was told that somebody had.
        (Asked, None, Some(soon), None),
        (Later, None, None, None),
        (Later, Some("granted"), None, Some(now() + wait)),
    ] {
        let before = HelpRequest {
            told: told.map(str::to_owned),
            tell_at: waits,
            ..request(HelpWanted::of(HelpKind::Childcare), state)
        };
        let after = before.to_be_told(now(), wait);
        assert_eq!(after.tell_at, tell_at, "{state}, told {told:?}, waits {waits:?}");
    }
}
