//! What an address asks for behind its question mark. What cannot be used is said, never passed over:
//! whoever follows an old or mistyped address would take the whole list for what she asked for.

use std::str::FromStr;

/// The most letters that are searched for at once.
const MOST_LETTERS: usize = 100;

/// A part of an address that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the address asks for {name} \u{201c}{typed}\u{201d}, which cannot be: {would}")]
pub struct Unusable {
    /// The name of the part, such as `month`.
    pub name: &'static str,
    /// What stands there, cut to what a line can show.
    typed: String,
    /// What would do, in words.
    pub would: String,
}

impl Unusable {
    pub fn new(name: &'static str, typed: &str, would: impl Into<String>) -> Self {
        let shown: String = typed.chars().filter(|c| !c.is_control()).take(40).collect();
        Self { name, typed: shown, would: would.into() }
    }
}

/// What was asked for; an empty part asks for nothing, since forms send all their fields.
pub fn given(typed: Option<&str>) -> Option<&str> {
    typed.map(str::trim).filter(|typed| !typed.is_empty())
}

/// One value of a kind; `would` says what would do.
pub fn one<T: FromStr>(
    name: &'static str,
    typed: Option<&str>,
    would: &str,
) -> Result<Option<T>, Unusable> {
    let Some(typed) = given(typed) else { return Ok(None) };
    typed.parse().map(Some).map_err(|_| Unusable::new(name, typed, would))
}

/// One of a few words; whether it is asked for.
pub fn is(
    name: &'static str,
    typed: Option<&str>,
    words: &[&str],
) -> Result<Option<usize>, Unusable> {
    let Some(typed) = given(typed) else { return Ok(None) };
    let known = words.iter().position(|word| *word == typed);
    known
        .map(Some)
        .ok_or_else(|| Unusable::new(name, typed, format!("it is {}", words.join(" or "))))
}

/// Words to search for.
pub fn words<'r>(name: &'static str, typed: Option<&'r str>) -> Result<&'r str, Unusable> {
    let typed = given(typed).unwrap_or_default();
    if typed.chars().count() > MOST_LETTERS {
        let would = format!("it is at most {MOST_LETTERS} letters long");
        return Err(Unusable::new(name, typed, would));
    }
    Ok(typed)
}

/// Which page, from 1.
pub fn page(typed: Option<&str>) -> Result<usize, Unusable> {
    let Some(typed) = given(typed) else { return Ok(1) };
    let number = typed.parse::<u32>().ok().filter(|page| *page > 0);
    let number = number.and_then(|page| usize::try_from(page).ok());
    number.ok_or_else(|| Unusable::new("page", typed, "pages are counted from 1"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_part_asks_for_nothing_and_an_odd_one_is_said() {
        assert_eq!(one::<u32>("week", Some(" "), "a number"), Ok(None));
        assert_eq!(one::<u32>("week", Some("7"), "a number"), Ok(Some(7)));
        let odd = one::<u32>("week", Some("x\u{7}y"), "it is a number").unwrap_err();
        let told = "the address asks for week \u{201c}xy\u{201d}, which cannot be: it is a number";
        assert_eq!(odd.to_string(), told);
        for bad in ["0", "-1", "x", "1.5", "99999999999999999999"] {
            assert!(page(Some(bad)).is_err(), "{bad}");
        }
        assert_eq!(page(Some("12")), Ok(12));
        assert!(words("q", Some(&"x".repeat(101))).is_err());
    }
}
