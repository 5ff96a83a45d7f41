//! Two people who may be one: what speaks for it and what against, and whether an organiser is asked (H3).

use super::{
    contact::{EmailAddress, PhoneNumber},
    finding::phone_key,
    likeness::may_be_spelt_so,
    person::{Person, is_same_name},
};

/// Somebody with everything she is known by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownPerson {
    /// Who.
    pub person: Person,
    /// All her addresses.
    pub addresses: Vec<EmailAddress>,
    /// All her numbers.
    pub phones: Vec<PhoneNumber>,
}

/// Where both of them are or were, as far as we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Met {
    /// Whether both have, or had, places in one booking: whoever made it named them beside each other.
    pub in_one_booking: bool,
    /// Whether both are, or were, at two sessions that take place at once.
    pub in_two_places: bool,
    /// Whether both were seen on the same day of a session.
    pub at_one_door: bool,
}

/// What speaks for two people being one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum For {
    /// An address that both read.
    Address(EmailAddress),
    /// A number that both answer.
    Phone(PhoneNumber),
    /// The name.
    Name,
    /// Nearly the same name.
    NearName,
    /// They come from the same institution.
    Institution,
}

/// What speaks against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against {
    /// The names differ by more than a slip.
    Name,
    /// They read different mail.
    Addresses,
    /// They answer different numbers.
    Phones,
    /// They come from different institutions.
    Institutions,
    /// They were named beside each other in one booking.
    OneBooking,
    /// They are in two places at once.
    TwoPlaces,
    /// Both were seen on the same day.
    OneDoor,
}

/// Whom somebody may be, and why.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Signs {
    /// What speaks for it.
    pub speaks_for: Vec<For>,
    /// What speaks against it.
    pub against: Vec<Against>,
}

/// How many people of one name there may be before the name alone is no reason to ask.
pub const NAMESAKES: usize = 5;

impl Signs {
    /// What speaks for and against two people being one.
    pub fn of(one: &KnownPerson, other: &KnownPerson, met: Met) -> Self {
        let mut signs = Self::default();
        let (left, right) = (&one.person, &other.person);
        match () {
            () if is_same_name(&left.name, &right.name) => signs.speaks_for.push(For::Name),
            () if may_be_spelt_so(&left.name, &right.name) => signs.speaks_for.push(For::NearName),
            () => signs.against.push(Against::Name),
        }
        let shared = one.addresses.iter().find(|address| other.addresses.contains(address));
        match shared {
            Some(address) => signs.speaks_for.push(For::Address(address.clone())),
            None if !one.addresses.is_empty() && !other.addresses.is_empty() => {
                signs.against.push(Against::Addresses);
            }
            None => {}
        }
        let key = |phone: &PhoneNumber| phone_key(phone.as_str());
        let has = |phone: &&PhoneNumber| other.phones.iter().any(|known| key(known) == key(phone));
        match one.phones.iter().find(has) {
            Some(phone) => signs.speaks_for.push(For::Phone(phone.clone())),
            None if !one.phones.is_empty() && !other.phones.is_empty() => {
                signs.against.push(Against::Phones);
            }
            None => {}
        }
        match left.institution.as_ref().zip(right.institution.as_ref()) {
            Some((from, also)) if from == also => signs.speaks_for.push(For::Institution),
            Some(_) => signs.against.push(Against::Institutions),
            None => {}
        }
        let seen = [
            (met.in_one_booking, Against::OneBooking),
            (met.in_two_places, Against::TwoPlaces),
            (met.at_one_door, Against::OneDoor),
        ];
        signs.against.extend(seen.into_iter().filter(|(is_so, _)| *is_so).map(|(_, sign)| sign));
        signs
    }

    /// Whether an organiser is asked, where there are `namesakes` others of the name: a name and something
    /// beside it; or a full name that few have, unless two things speak against it and nothing `depends` on it yet.
    /// A shared inbox alone is no reason: families and parishes share.
    pub fn is_a_question(&self, one: &Person, namesakes: usize, depends: bool) -> bool {
        let has = |sign: &For| self.speaks_for.contains(sign);
        let reached = |sign: &For| matches!(sign, For::Address(_) | For::Phone(_));
        let is_reached_alike = self.speaks_for.iter().any(reached);
        if has(&For::NearName) {
            return is_reached_alike;
        }
        let is_full = one.name.as_str().split_whitespace().nth(1).is_some();
        let is_rare = is_full && namesakes <= NAMESAKES;
        has(&For::Name)
            && (is_reached_alike
                || has(&For::Institution)
                || (is_rare && (depends || self.against.len() < 2)))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{id::PersonId, text::Name};

    fn known(name: &str, email: &str, phone: &str, institution: &str) -> KnownPerson {
        let email: Option<EmailAddress> = email.parse().ok();
        let phone: Option<PhoneNumber> = phone.parse().ok();
        let person = Person {
            id: PersonId::new(Uuid::from_u128(1)),
            name: Name::parse(name).expect("a name"),
            email: email.clone(),
            phone: phone.clone(),
            institution: institution.parse().ok(),
            known_since: "2026-01-01T00:00:00Z".parse().expect("a moment"),
            archived_at: None,
            merged_into: None,
        };
        KnownPerson {
            person,
            addresses: email.into_iter().collect(),
            phones: phone.into_iter().collect(),
        }
    }

    fn asks(one: &KnownPerson, other: &KnownPerson, namesakes: usize) -> bool {
        Signs::of(one, other, Met::default()).is_a_question(&one.person, namesakes, false)
    }

    #[test]
    fn a_name_and_something_beside_it_is_a_question_and_an_inbox_alone_is_none() {
        let ada = known("Ada Obi", "ada@example.org", "07700 900117", "I0001");
        for other in [
            known("Ada Obbi", "ada@example.org", "", ""),
            known("Ada Obi", "ada@work.example", "", "I0001"),
            known("Ada Smith", "ada@example.org", "", "I0002"),
            known("ada OBI", "", "+44 7700 900117", "I0003"),
        ] {
            assert!(asks(&ada, &other, 99), "{other:?}");
        }
        for other in [
            known("Ben Low", "ada@example.org", "", "I0001"),
            known("Ben Low", "ben@example.org", "07700 900117", "I0001"),
            known("Ada Obbi", "other@example.org", "", "I0001"),
        ] {
            assert!(!asks(&ada, &other, 0), "{other:?}");
        }
    }

    #[test]
    fn a_name_that_many_have_is_no_question_by_itself() {
        let (one, other) =
            (known("John Smith", "a@example.org", "", ""), known("John Smith", "", "", "I0001"));
        assert!(asks(&one, &other, NAMESAKES));
        assert!(!asks(&one, &other, NAMESAKES + 1));
        let (one, other) = (known("John", "a@example.org", "", ""), known("John", "", "", "I0001"));
        assert!(!asks(&one, &other, 1), "a first name says too little");
    }

    #[test]
    fn a_namesake_from_elsewhere_is_asked_about_when_something_depends_on_it() {
        let one = known("Ada Obi", "a@example.org", "", "I0001");
        let other = known("Ada Obi", "b@example.org", "", "I0002");
        let signs = Signs::of(&one, &other, Met::default());
        assert!(!signs.is_a_question(&one.person, 1, false));
        assert!(signs.is_a_question(&one.person, 1, true));
    }

    #[test]
    fn whoever_is_in_two_places_at_once_is_hardly_one() {
        let one = known("Ada Obi", "a@example.org", "07700 900117", "I0001");
        let other = known("Ada Obi", "b@example.org", "07700 900118", "I0002");
        let met = Met { in_two_places: true, in_one_booking: true, at_one_door: true };
        let signs = Signs::of(&one, &other, met);
        assert_eq!(signs.speaks_for, [For::Name]);
        assert_eq!(
            signs.against,
            [
                Against::Addresses,
                Against::Phones,
                Against::Institutions,
                Against::OneBooking,
                Against::TwoPlaces,
                Against::OneDoor
            ]
        );
    }

    #[test]
    fn what_one_of_them_has_not_given_speaks_neither_for_nor_against() {
        let ada = known("Ada Obi", "ada@example.org", "07700 900117", "I0001");
        let bare = known("Ada Obi", "", "", "");
        for (one, other) in [(&ada, &bare), (&bare, &ada), (&bare, &bare)] {
            let signs = Signs::of(one, other, Met::default());
            assert_eq!((signs.speaks_for, signs.against), (vec![For::Name], vec![]));
        }
    }
}
