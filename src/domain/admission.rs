//! Who may find a session, and book it.

use super::vocabulary::words;

/// Who may find a session once it is published. What is not public stands in no list, feed, search or
/// picture; a place on it is a place like any other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Admission {
    /// Everybody: it stands in the catalogue, the feeds and the API.
    #[default]
    Public,
    /// Whoever has its address, which is handed from one to the next; no list shows it.
    Unlisted,
    /// Whom an organiser books herself: to everybody else there is no such session.
    Closed,
}

impl Admission {
    /// Whether there is a page whose address may be handed on.
    pub fn has_page(self) -> bool {
        self != Self::Closed
    }
}

words!(Admission { Public => "public", Unlisted => "unlisted", Closed => "closed" });

#[cfg(test)]
mod tests {
    use super::Admission;

    #[test]
    fn only_a_closed_session_has_no_page() {
        let with_page = [Admission::Public, Admission::Unlisted, Admission::Closed];
        assert_eq!(with_page.map(Admission::has_page), [true, true, false]);
    }
}
