mod records;
mod shown;

use proptest::prelude::*;

use super::*;
use crate::domain::plan::PlannedSitting;

/// A record of four fields, of days and of an unsaid one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Card {
    title: String,
    note: Option<String>,
    days: Days,
    email: Option<crate::domain::contact::EmailAddress>,
}

impl Record for Card {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields = Vec::new();
        self.title.tell(("title", "Title"), zone, &mut fields);
        self.note.tell(("note", "Note"), zone, &mut fields);
        Part::tell(&self.days, ("day", "Day"), zone, &mut fields);
        self.email.tell(("email", "Email address"), zone, &mut fields);
        fields
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        Part::adopt(&mut self.title, &keys.of("title"), &from.title);
        Part::adopt(&mut self.note, &keys.of("note"), &from.note);
        Part::adopt(&mut self.days, &keys.of("day"), &from.days);
        Part::adopt(&mut self.email, &keys.of("email"), &from.email);
    }
}

fn day(number: u32) -> PlannedSitting {
    let at = |hour| {
        let date = chrono::NaiveDate::from_ymd_opt(2027, 3, number).unwrap();
        date.and_hms_opt(hour, 0, 0).unwrap()
    };
    PlannedSitting { starts: at(9), ends: at(17) }
}

fn card(title: &str) -> Card {
    Card { title: title.to_owned(), note: None, days: vec![day(1), day(8)], email: None }
}

fn cards() -> impl Strategy<Value = Card> {
    let note = proptest::option::of("[ab]{1,2}");
    let days = proptest::collection::vec((1_u32..4).prop_map(day), 1..4);
    let email = proptest::option::of(r"[ab]@example\.org");
    ("[ab]{1,2}", note, days, email).prop_map(|(title, note, days, email)| Card {
        title,
        note,
        days,
        email: email.map(|text| text.parse().unwrap()),
    })
}

fn value(card: &Card, key: &str) -> String {
    values(card).get(key).cloned().unwrap_or_default()
}

proptest! {
    /// Nothing is lost: a field that only she changed is hers, one that only another changed is
    /// theirs, and where both changed it, each to something else, nothing is written.
    #[test]
    fn an_edit_loses_nobodys_work(drawn in cards(), present in cards(), sent in cards()) {
        let text = Drawn::of(&drawn).to_string();
        let from: Drawn = text.parse().unwrap();
        let keys: BTreeSet<String> =
            [&drawn, &present, &sent].into_iter().flat_map(|card| values(card).into_keys()).collect();
        let both_changed: Vec<_> = keys
            .iter()
            .filter(|key| {
                let (was, now) = (value(&drawn, key), value(&present, key));
                let own = value(&sent, key);
                own != was && now != was && own != now
            })
            .collect();
        match merge(Some(&from), &present, &sent, Tz::UTC) {
            Ok(merged) => {
                prop_assert!(both_changed.is_empty());
                // Days count on after one was taken out, so they are told apart in a test of their own.
                for key in keys.iter().filter(|key| !key.starts_with("day")) {
                    let (was, own) = (value(&drawn, key), value(&sent, key));
                    let expected = if own == was { value(&present, key) } else { own };
                    prop_assert_eq!(value(&merged.record, key), expected);
                }
                prop_assert_eq!(changes(&present, &merged.record, Tz::UTC), merged.changes);
            }
            Err(conflicts) => {
                let told: BTreeSet<_> = conflicts.fields.iter().map(|one| &one.key).collect();
                prop_assert_eq!(told, both_changed.into_iter().collect());
                // Pressing again, her form now drawn from the present, saves hers.
                let again = merge(Some(&conflicts.drawn), &present, &conflicts.hers, Tz::UTC);
                prop_assert_eq!(again.unwrap().record, conflicts.hers);
            }
        }
    }

    #[test]
    fn whoever_has_the_whole_truth_before_her_writes_what_she_sends(
        present in cards(), sent in cards()
    ) {
        let merged = merge(Some(&Drawn::of(&present)), &present, &sent, Tz::UTC).unwrap();
        prop_assert_eq!(&merged.record, &sent);
        prop_assert_eq!(merge(None, &present, &sent, Tz::UTC).unwrap().record, sent);
    }

    #[test]
    fn a_page_is_stale_once_anything_differs(drawn in cards(), present in cards()) {
        let from = Drawn::of(&drawn);
        let all = ["title", "note", "day", "email"];
        let told = still_as_drawn(Some(&from), &present, &present, (&all, Tz::UTC));
        let differ: BTreeSet<_> = [&drawn, &present]
            .into_iter()
            .flat_map(|card| values(card).into_keys())
            .filter(|key| value(&drawn, key) != value(&present, key))
            .collect();
        prop_assert_eq!(told.is_ok(), differ.is_empty());
        let said = told.err().map(|stale| stale.fields).unwrap_or_default();
        prop_assert_eq!(said.into_iter().map(|one| one.key).collect::<BTreeSet<_>>(), differ);
    }

    #[test]
    fn what_it_was_drawn_from_never_panics(text in ".*") {
        let _ = text.parse::<Drawn>();
    }
}

#[test]
fn two_organisers_move_different_days() {
    let (drawn, mut one, mut other) = (card("Listening"), card("Listening"), card("Listening"));
    one.days[0] = day(2);
    other.days[1] = day(9);
    other.days.push(day(15));
    let merged = merge(Some(&Drawn::of(&drawn)), &one, &other, Tz::UTC).unwrap();
    assert_eq!(merged.record.days, [day(2), day(9), day(15)]);
    other.days = vec![day(1)];
    let merged = merge(Some(&Drawn::of(&drawn)), &one, &other, Tz::UTC).unwrap();
    assert_eq!(merged.record.days, [day(2)]);
}

#[test]
fn the_log_says_what_changed_and_no_address() {
    let (before, mut after) = (card("Listening"), card("Hearing"));
    after.note = Some("Bring a pen".to_owned());
    after.email = Some("amina@example.org".parse().unwrap());
    let told: Vec<_> = changes(&before, &after, Tz::UTC).iter().map(Change::to_string).collect();
    assert_eq!(
        told,
        [
            "Title: was \u{201c}Listening\u{201d}, now \u{201c}Hearing\u{201d}",
            "Note: was nothing, now \u{201c}Bring a pen\u{201d}",
            "Email address: changed",
        ]
    );
}

#[test]
fn what_is_drawn_repeats_no_secret() {
    let mut card = card("Listening");
    card.email = Some("amina@example.org".parse().unwrap());
    let drawn = Drawn::of(&card).to_string();
    assert!(!drawn.contains("amina") && !drawn.contains("Listening"), "{drawn}");
    assert!("".parse::<Drawn>().is_err() && "x".parse::<Drawn>().is_err());
}

#[test]
fn a_day_that_only_one_state_has_comes_from_nothing_or_goes_to_it() {
    let (short, mut long) = (card("Listening"), card("Listening"));
    long.days.push(day(15));
    let said = |from: &Card, to: &Card| {
        let changes = changes(from, to, Tz::UTC);
        changes.into_iter().filter_map(|change| change.values).collect::<Vec<_>>()
    };
    let (added, taken) = (said(&short, &long), said(&long, &short));
    assert!(!added.is_empty() && added.iter().all(|(from, to)| from.is_empty() && !to.is_empty()));
    assert_eq!(taken, added.into_iter().map(|(from, to)| (to, from)).collect::<Vec<_>>());
}

#[test]
fn whoever_would_tell_people_sees_what_another_changed_beside_what_she_changed_herself() {
    let (drawn, mut present, mut sent) = (card("Listening"), card("Hearing"), card("Attending"));
    present.note = Some("Bring a pen".to_owned());
    present.email = Some("amina@example.org".parse().unwrap());
    sent.email.clone_from(&present.email);
    sent.days = vec![day(2), day(8)];
    let told = still_as_drawn(Some(&Drawn::of(&drawn)), &present, &sent, (&[], Tz::UTC));
    let stale = told.unwrap_err();
    let of = |key: &str, theirs: &str, hers: Option<&str>| {
        (key.to_owned(), theirs.to_owned(), hers.map(str::to_owned))
    };
    let told =
        stale.fields.iter().map(|one| (one.key.clone(), one.theirs.clone(), one.hers.clone()));
    assert_eq!(
        told.collect::<Vec<_>>(),
        [
            of("title", "Hearing", Some("Attending")),
            of("note", "Bring a pen", None),
            of("email", "amina@example.org", None),
        ]
    );
    // Her form shows next what both wrote, so that pressing again saves hers.
    let shown = Card { title: "Attending".to_owned(), days: sent.days.clone(), ..present.clone() };
    assert_eq!(stale.hers, shown);
    assert_eq!(stale.drawn, Drawn::of(&present));
}

#[test]
fn a_page_still_shows_what_it_showed_and_says_nothing_of_the_rest() {
    let page = Drawn::of_shown([("places", "Ada Obi, Bo Lee")]);
    assert!(page.shows("places", "Ada Obi, Bo Lee"));
    assert!(!page.shows("places", "Ada Obi"));
    assert!(!page.shows("places", ""));
    assert!(page.shows("rooms", "Oak 3"), "it never showed them");
}
