//! Whether somebody who is named is the same person, better spelt, or somebody else (H1).

use super::{
    attendee::Attendee, contact::EmailAddress, finding::folded, institution::TellingWords,
    person::is_same_name, text::Name,
};

/// How a name and an address compare with those of whoever sat there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Likeness {
    /// The same person: better spelt, with a new surname, or with a new address.
    Same,
    /// Perhaps: the name or the address alone speaks for it.
    Unsure,
    /// Somebody else: neither the name nor the address is hers.
    Other,
}

impl Likeness {
    /// How whoever is named now compares with whoever was named before.
    pub fn of(before: &Attendee, now: (&Name, Option<&EmailAddress>)) -> Self {
        let (name, email) = now;
        let (old, new) = (words(&before.name), words(name));
        if is_same_name(&before.name, name) {
            return Self::Same;
        }
        match (before.email.as_ref(), email) {
            // Families and parishes share an inbox, so the address alone does not make her the same.
            (Some(one), Some(other)) if one == other => {
                if is_given_name_kept(&old, &new) || is_respelt(&old, &new) {
                    Self::Same
                } else {
                    Self::Unsure
                }
            }
            // A new name and a new address at once may be a sister.
            (Some(_), Some(_)) => match is_given_name_kept(&old, &new) || is_respelt(&old, &new) {
                true => Self::Unsure,
                false => Self::Other,
            },
            _ if is_respelt(&old, &new) => Self::Same,
            _ if is_given_name_kept(&old, &new) => Self::Unsure,
            _ => Self::Other,
        }
    }
}

/// Whether two names may be one person's who reads one inbox: one better spelt, shortened, or with a new surname.
pub fn may_be_spelt_so(one: &Name, other: &Name) -> bool {
    let (one, other) = (words(one), words(other));
    is_given_name_kept(&one, &other) || is_respelt(&one, &other)
}

/// The words of a name, as they are compared; a double name is two words.
fn words(name: &Name) -> Vec<String> {
    let name = name.as_str();
    let words = name.split(|c: char| c.is_whitespace() || matches!(c, '-' | '.' | ','));
    words.map(folded).filter(|word| !word.is_empty()).collect()
}

/// Whether the first name is the same, better spelt or shortened: a surname changes, as by marriage.
fn is_given_name_kept(old: &[String], new: &[String]) -> bool {
    let (Some(one), Some(other)) = (old.first(), new.first()) else { return false };
    is_near(one, other) || is_short_for(one, other)
}

/// Whether every word of the shorter name is in the longer one, though better spelt: a slip, a
/// middle name or a title more, a first name written out.
fn is_respelt(old: &[String], new: &[String]) -> bool {
    let (shorter, longer) = if old.len() <= new.len() { (old, new) } else { (new, old) };
    let mut left: Vec<&String> = longer.iter().collect();
    let matched = shorter.iter().all(|word| {
        let found = left.iter().position(|other| is_near(word, other) || is_short_for(word, other));
        found.map(|at| left.remove(at)).is_some()
    });
    // One word of several is too little: two people are called Ann.
    matched && (shorter.len() > 1 || longer.len() == 1)
}

/// Whether one word is the other's beginning, as `nat` of `natalie` or an initial.
fn is_short_for(one: &str, other: &str) -> bool {
    one.starts_with(other) || other.starts_with(one)
}

/// Whether two words differ by a slip of the finger at most: one letter in a short word, two in a
/// long one.
fn is_near(one: &str, other: &str) -> bool {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let most = match one.len().min(other.len()) {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    one.len().abs_diff(other.len()) <= most && distance(&one, &other) <= most
}

/// How many letters must be put in, left out or changed to make one text of the other.
pub(super) fn distance_of(one: &str, other: &str) -> usize {
    let letters = |text: &str| text.chars().collect::<Vec<_>>();
    distance(&letters(one), &letters(other))
}

/// How many letters must be put in, left out or changed to make one word of the other.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, letter) in one.iter().enumerate() {
        let mut corner = at;
        let mut last = at + 1;
        for (place, known) in row.iter_mut().skip(1).zip(other) {
            let changed = corner + usize::from(letter != known);
            corner = *place;
            last = changed.min(last + 1).min(corner + 1);
            *place = last;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Whether two names of institutions, courses or alliances may be one, so that somebody is asked before there are
/// two: they say the same but for case, signs, words that come and go, and a slip in a long word. What has
/// another number is another.
pub fn are_alike(one: &str, other: &str) -> bool {
    let (one, other) = (TellingWords::of(one), TellingWords::of(other));
    let (one, other) = (one.words(), other.words());
    if one.is_empty() || one.len() != other.len() {
        return false;
    }
    let (mut left, mut slips) = (other.clone(), 0);
    for word in one {
        if left.remove(word) {
            continue;
        }
        let is_plain = |word: &str| !word.chars().any(|c| c.is_ascii_digit());
        let letters = |word: &str| word.chars().collect::<Vec<_>>();
        let near = left.iter().find(|known| {
            let long = word.chars().count().min(known.chars().count()) >= 6;
            let slip = long && is_plain(word) && is_plain(known);
            slip && distance(&letters(word), &letters(known)) <= 1
        });
        let Some(near) = near.cloned() else { return false };
        left.remove(&near);
        slips += 1;
    }
    slips <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_may_be_one_are_asked_about_and_others_are_not() {
        for (one, other) in [
            ("St Mary\u{2019}s Church", "Saint Marys"),
            ("Two-day training", "two day TRAINING"),
            ("Birmingham Citizens", "Birmingam Citizens"),
            ("Oxford Citizens", "The Oxford citizens"),
            ("Tenants Walsall", "Walsall Tenants"),
            ("Walsal Tenants", "Walsall Tenants"),
        ] {
            assert!(are_alike(one, other) && are_alike(other, one), "{one}, {other}");
        }
        for (one, other) in [
            ("St Mary", "St Mark"),
            ("Institution 1", "Institution 2"),
            ("Leadership 1", "Leadership 10"),
            ("Listening well", "Listening well online"),
            ("Course first", "Course second"),
            ("Leicester Citizens", "Liecester Citizens"),
            ("Birmingam Tennants", "Birmingham Tenants"),
            ("Section 1000001", "Section 1000002"),
            ("Walsall Tenants", "Walsall Tenants Tenants Union"),
            ("", ""),
        ] {
            assert!(!are_alike(one, other) && !are_alike(other, one), "{one}, {other}");
        }
    }
    use crate::domain::attendee::Ticks;

    fn likeness(before: (&str, &str), now: (&str, &str)) -> Likeness {
        let name = |text: &str| Name::parse(text).expect("a name");
        let email = |text: &str| text.parse::<EmailAddress>().ok();
        let before = Attendee {
            name: name(before.0),
            email: email(before.1),
            dietary: None,
            access: None,
            ticks: Ticks::default(),
            guardian: None,
        };
        Likeness::of(&before, (&name(now.0), email(now.1).as_ref()))
    }

    #[test]
    fn a_better_spelling_a_new_surname_and_a_new_address_are_the_same_person() {
        let nat = ("Nat Nutt", "nat@example.org");
        for now in [
            ("Nat Nutt-Smith", "nat@example.org"),
            ("Natalie Smith", "nat@example.org"),
            ("nat  NUTT", "NAT@example.org"),
            ("Nat Nutt", "natalie@example.com"),
            ("Nat Nutt", ""),
            ("Nat Nut", ""),
            ("Dr Nat Nutt", ""),
        ] {
            assert_eq!(likeness(nat, now), Likeness::Same, "{now:?}");
        }
        assert_eq!(likeness(("Kwame Mensa", ""), ("Kwame Mensah", "")), Likeness::Same);
        assert_eq!(likeness(("Smith Jo", ""), ("Joanna Smith", "")), Likeness::Same);
    }

    #[test]
    fn another_name_is_somebody_else_even_in_a_shared_inbox() {
        let olga = ("Olga Old", "olga@example.org");
        assert_eq!(likeness(olga, ("Nora New", "nora@example.org")), Likeness::Other);
        assert_eq!(likeness(olga, ("Nora New", "")), Likeness::Other);
        assert_eq!(likeness(("Olga Old", ""), ("Nora New", "")), Likeness::Other);
        for now in [
            ("Nora New", "olga@example.org"),
            ("Nora Old", "olga@example.org"),
            ("Olga Oldham", "oldham@example.org"),
            ("Olga Newton", ""),
        ] {
            assert_eq!(likeness(olga, now), Likeness::Unsure, "{now:?}");
        }
        assert_eq!(likeness(("Ann", ""), ("Ann Baker", "")), Likeness::Unsure);
    }

    #[test]
    fn a_distance_is_counted_in_letters() {
        let letters = |text: &str| text.chars().collect::<Vec<_>>();
        for (one, other, expected) in
            [("", "", 0), ("ann", "anna", 1), ("mensah", "mensa", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(distance(&letters(one), &letters(other)), expected, "{one} {other}");
        }
    }

    #[test]
    fn a_slip_of_the_finger_is_measured_by_the_length_of_the_word() {
        for (before, now, expected) in [
            ("Kwame Mensah", "Kwame Mensay", Likeness::Same),
            ("Kwame Mensah", "Kwame Nensay", Likeness::Same),
            ("Kwame Mensah", "Kwame Nensey", Likeness::Unsure),
            ("Tim Mensah", "Tom Mensah", Likeness::Same),
            ("Tim Mensah", "Pam Mensah", Likeness::Other),
            ("Jo Li", "Al Li", Likeness::Other),
            ("Jo Li", "Ja Li", Likeness::Other),
        ] {
            assert_eq!(likeness((before, ""), (now, "")), expected, "{before}, {now}");
        }
    }

    #[test]
    fn with_another_address_a_name_that_is_only_alike_may_be_a_sister() {
        let olga = ("Olga Old", "olga@example.org");
        for now in ["Olga Newton", "Old Olga", "Olga Olds"] {
            assert_eq!(likeness(olga, (now, "new@example.org")), Likeness::Unsure, "{now}");
        }
    }

    #[test]
    fn every_letter_more_or_less_is_a_step() {
        for (one, other, steps) in [
            ("abc", "", 3),
            ("", "abc", 3),
            ("abc", "bc", 1),
            ("abc", "c", 2),
            ("ab", "ba", 2),
            ("flaw", "lawn", 2),
            ("äöü", "aou", 3),
        ] {
            assert_eq!(distance_of(one, other), steps, "{one}, {other}");
        }
    }
}
