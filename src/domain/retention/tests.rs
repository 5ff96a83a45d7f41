use super::*;

#[test]
fn each_kind_has_a_line_of_its_own_and_needs_follow_the_setting() {
    let lines = table(Retention { needs_days: 7 });
    for (line, kind) in lines.iter().zip(Kind::ALL) {
        assert_eq!(line.kind, *kind);
        assert!(!line.why.is_empty() && !line.basis.is_empty() && !line.after.is_empty());
    }
    let mut whats: Vec<_> = lines.iter().map(|line| line.what).collect();
    whats.sort_unstable();
    whats.dedup();
    assert_eq!(whats.len(), Kind::ALL.len());
    let how_long = |kind| Retention { needs_days: 7 }.rule(kind).how_long();
    assert_eq!(how_long(Kind::Needs), "7 days after the last day of the session");
    assert_eq!(how_long(Kind::Guardian), "7 days after the last day of the session");
    assert_eq!(how_long(Kind::Names), "3 years after the last day of the session");
    assert_eq!(how_long(Kind::Letters), "1 year after it was written");
    assert_eq!(how_long(Kind::Hold), "Less than a day after your places were let go");
}

#[test]
fn the_defaults_are_those_that_were_promised() {
    let keep = |kind| Retention::default().rule(kind).keep.num_days();
    assert_eq!([keep(Kind::Needs), keep(Kind::Guardian)], [30, 30]);
    assert_eq!([keep(Kind::Names), keep(Kind::Log), keep(Kind::Letters)], [1095, 1095, 365]);
    assert_eq!(keep(Kind::Links), 60);
    let hold = Retention::default().rule(Kind::Hold).keep + GRACE;
    assert!(hold <= Duration::days(1), "within one day, however long the work waits");
}

#[test]
fn data_is_due_once_it_is_older_than_it_is_kept_and_overdue_a_while_after() {
    let now: DateTime<Utc> = "2027-03-31T10:00:00Z".parse().expect("a moment");
    let needs = Retention { needs_days: 30 }.rule(Kind::Needs);
    assert_eq!(needs.due(now), now - Duration::days(30));
    assert_eq!(needs.overdue(now), now - Duration::days(30) - GRACE);
    assert!(needs.overdue(now) < needs.due(now), "what is behind was due before");
}

#[test]
fn notes_are_kept_for_three_years() {
    let notes = Retention::default().rule(Kind::Notes);
    assert_eq!(notes.keep, Duration::days(1095));
}

#[test]
fn whoever_reads_the_table_is_told_what_becomes_of_each_kind() {
    for (fate, words) in [
        (Fate::Erased, "Erased"),
        (Fate::Counted, "Made anonymous; numbers are kept"),
        (Fate::Ends, "Stops working, and is erased with the names"),
    ] {
        assert_eq!(fate.words(), words);
    }
}

#[test]
fn what_is_kept_for_years_is_kept_for_as_many_as_was_promised() {
    for (kind, days) in [
        (Kind::Nominations, 730),
        (Kind::Interest, 365),
        (Kind::Calendars, 1095),
        (Kind::Path, 1095),
        (Kind::Files, 1),
        (Kind::Staff, 1095),
    ] {
        assert_eq!(Retention::default().rule(kind).keep, Duration::days(days), "{kind}");
    }
}
