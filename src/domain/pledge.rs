//! What institutions promise, and how it compares with whom they name and who comes.

use super::id::{InstitutionCode, SessionCode};

/// Pledged, named and attended, side by side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Turnout {
    /// How many people an institution promised.
    pub pledged: u32,
    /// People with a place, and those who came without one (D3).
    pub named: u32,
    /// Of those, who came on at least one day.
    pub attended: u32,
}

impl Turnout {
    /// How many people are promised and not named yet.
    pub const fn behind(self) -> u32 {
        self.pledged.saturating_sub(self.named)
    }

    /// The sums, field by field.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            pledged: self.pledged + other.pledged,
            named: self.named + other.named,
            attended: self.attended + other.attended,
        }
    }
}

/// The turnout of one institution on one session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnoutCell {
    /// The session that was promised for.
    pub session: SessionCode,
    /// The institution; `None` for people who come for themselves or for one that is not listed.
    pub institution: Option<InstitutionCode>,
    /// Promised, named and come.
    pub turnout: Turnout,
}

/// One line of a table of turnout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TurnoutLine {
    /// Whose line it is: a session, an institution or an alliance.
    pub name: String,
    /// What tells it apart, such as a date or an alliance.
    pub detail: String,
    /// Its page, where it has one.
    pub session: Option<SessionCode>,
    /// The institution whose line it is, where that is on the list.
    pub institution: Option<InstitutionCode>,
    /// Promised, named and come.
    pub turnout: Turnout,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_names_fewer_than_were_promised_is_behind() {
        let of = |pledged, named| Turnout { pledged, named, attended: 0 }.behind();
        assert_eq!((of(5, 2), of(5, 5), of(5, 9)), (3, 0, 0));
    }

    #[test]
    fn sums_are_made_field_by_field() {
        let one = Turnout { pledged: 5, named: 3, attended: 2 };
        let other = Turnout { pledged: 10, named: 20, attended: 30 };
        assert_eq!(one.plus(other), Turnout { pledged: 15, named: 23, attended: 32 });
    }
}
