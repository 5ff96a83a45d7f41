//! Long lists, a part at a time.

/// Which part of a long list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// How many to leave out at the start.
    pub offset: i64,
    /// How many to take at most.
    pub limit: i64,
}

/// A part of a long list, and how long the whole is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found<T> {
    /// The part.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: i64,
}

/// A `like` pattern that finds what was typed anywhere, whatever signs it holds; `None` when
/// nothing was typed. To be compared with `lower(…) like $n escape '!'`.
pub(in crate::store) fn pattern(typed: &str) -> Option<String> {
    let typed = typed.trim().to_lowercase();
    if typed.is_empty() {
        return None;
    }
    let mut pattern = String::from("%");
    for letter in typed.chars() {
        if matches!(letter, '%' | '_' | '!') {
            pattern.push('!');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    Some(pattern)
}
