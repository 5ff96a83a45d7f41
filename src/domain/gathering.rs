//! Changes told together: what somebody is told at once of things that changed one after the other (T3).

/// The line that says what something was and is: `Where: was the hall; now the library`.
pub fn change(what: &str, was: &str, now: &str) -> String {
    format!("{what}: was {was}; now {now}")
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
