//! Changes told together: what somebody is told at once of things that changed one after the other (T3).

/// The line that says what something was and is: `Where: was the hall; now the library`.
pub fn change(what: &str, was: &str, now: &str) -> String {
    format!("{what}: was {was}; now {now}")
}

/// How lines begin that say how something is now, and what it is: of two about one thing the later says all.
const STATES: [(&str, &str); 6] = [
    ("Please know: ", "note"),
    ("No longer so: ", "note"),
    ("Access: ", "access"),
    ("It is called ", "title"),
    ("It is run by ", "alliance"),
    ("This site has a new address: ", "address"),
];

/// What a line of this kind is about.
fn state(line: &str) -> Option<&'static str> {
    STATES.iter().find(|(start, _)| line.starts_with(start)).map(|(_, about)| *about)
}

/// Whether a line says that what `earlier` says is not so any more.
fn takes_back(line: &str, earlier: &str) -> bool {
    line.strip_prefix("No longer so: ")
        .zip(earlier.strip_prefix("Please know: "))
        .is_some_and(|(gone, was)| gone == was)
}

/// The parts of such a line.
fn parts(line: &str) -> Option<(&str, &str, &str)> {
    let (what, rest) = line.split_once(": was ")?;
    let (was, now) = rest.rsplit_once("; now ")?;
    Some((what, was, now))
}

/// What to say of changes that follow each other: of each thing, what it was before the first and is
/// after the last. Nothing of what is again as it was.
pub fn gathered(earlier: &[String], later: &[String]) -> Vec<String> {
    let mut all = earlier.to_vec();
    for line in later {
        if let Some(about) = state(line) {
            let was_news = all.iter().any(|known| takes_back(line, known));
            all.retain(|known| state(known) != Some(about));
            if !was_news {
                all.push(line.clone());
            }
            continue;
        }
        let Some((what, was, now)) = parts(line) else {
            match all.iter().position(|known| is_taken_off(known, line)) {
                Some(at) => drop(all.remove(at)),
                None if all.contains(line) => {}
                None => all.push(line.clone()),
            }
            continue;
        };
        match all.iter().position(|known| is_followed(known, what, was)) {
            None => all.push(line.clone()),
            Some(at) => match parts(&all[at]) {
                Some((_, first, _)) if first == now => drop(all.remove(at)),
                Some((_, first, _)) => all[at] = change(what, first, now),
                None => all[at] = all[at].replace(was, now),
            },
        }
    }
    all
}

/// Whether a day that was added is taken off again.
fn is_taken_off(line: &str, later: &str) -> bool {
    let added = line.strip_prefix("A day more: ");
    added.is_some_and(|day| later.starts_with(&format!("A day less: {day}")))
}

/// Whether what a line tells of is what was `was` before it changed again. The only day of a session
/// is called otherwise once there are more, so what it became counts as well as its name.
fn is_followed(line: &str, what: &str, was: &str) -> bool {
    match parts(line) {
        Some((known, _, now)) => known == what || (known == "When" && now == was),
        // "A day more: Sat 5 June 2027, 10am to noon".
        None => line.split_once(": ").is_some_and(|(_, words)| words == was),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(lines: &[&str]) -> Vec<String> {
        lines.iter().map(|line| (*line).to_owned()).collect()
    }

    #[test]
    fn what_changes_twice_is_told_from_its_first_state_to_its_last() {
        let first = lines(&["Day 1: was A; now B", "Where: was the hall; now the mill"]);
        let then = lines(&["Day 1: was B; now C", "Day 2: was X; now Y"]);
        assert_eq!(
            gathered(&first, &then),
            lines(&[
                "Day 1: was A; now C",
                "Where: was the hall; now the mill",
                "Day 2: was X; now Y"
            ])
        );
        assert_eq!(gathered(&first, &[]), first);
        assert_eq!(gathered(&[], &then), then);
    }

    #[test]
    fn what_is_as_it_was_is_not_told() {
        let there = lines(&["When: was A; now B", "Where: was the hall; now the mill"]);
        assert_eq!(gathered(&there, &lines(&["When: was B; now A"])), there[1..]);
        assert_eq!(gathered(&there[..1], &lines(&["When: was B; now A"])), Vec::<String>::new());
    }

    #[test]
    fn of_what_is_told_as_it_is_the_last_is_told() {
        let told = |first: &[&str], then: &[&str]| gathered(&lines(first), &lines(then));
        let note = ["Please know: Bring pens", "Access: no lift"];
        assert_eq!(
            told(&note, &["Please know: Bring pencils: was a pen; now two"]),
            lines(&["Access: no lift", "Please know: Bring pencils: was a pen; now two"])
        );
        assert_eq!(told(&note, &["No longer so: Bring pens"]), lines(&["Access: no lift"]));
        assert_eq!(
            told(&["No longer so: Bring pens"], &["Please know: Bring a cake"]),
            lines(&["Please know: Bring a cake"])
        );
        assert_eq!(
            told(
                &["It is called \u{201c}A\u{201d} now."],
                &["It is called \u{201c}B\u{201d} now."]
            ),
            lines(&["It is called \u{201c}B\u{201d} now."])
        );
    }

    #[test]
    fn a_day_that_was_added_is_told_as_it_is_in_the_end() {
        let more = lines(&["When: was A; now B", "A day more: C"]);
        let then = lines(&["Day 2: was C; now D", "Day 1: was B; now E"]);
        assert_eq!(gathered(&more, &then), lines(&["Day 1: was A; now E", "A day more: D"]));
        let less = lines(&["A day less: D does not take place"]);
        assert_eq!(gathered(&lines(&["A day more: D"]), &less), Vec::<String>::new());
        assert_eq!(gathered(&[], &less), less);
        let link = lines(&["The link to join is new."]);
        assert_eq!(gathered(&link, &link), link);
    }
}
