//! Somebody we know, whatever she booked.

use chrono::{DateTime, Utc};

use super::{
    contact::{EmailAddress, PhoneNumber},
    finding,
    id::{InstitutionCode, PersonId},
    text::Name,
};

/// Somebody we know. An address is neither needed nor hers alone: families and parishes share.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Stays the same when names and addresses change.
    pub id: PersonId,
    /// As she last gave it, or as the office corrected it.
    pub name: Name,
    /// Where she can be written to.
    pub email: Option<EmailAddress>,
    /// Where she can be phoned.
    pub phone: Option<PhoneNumber>,
    /// The institution she came for first, or the one that was set.
    pub institution: Option<InstitutionCode>,
    /// Since when we know her.
    pub known_since: DateTime<Utc>,
    /// Since when she is left out of lists.
    pub archived_at: Option<DateTime<Utc>>,
    /// Who she turned out to be.
    pub merged_into: Option<PersonId>,
}

/// By what somebody is recognised on a booking: the same address and name, or without an address
/// the same name and institution. Case and spaces do not matter.
pub fn recognition_key(
    name: &Name,
    email: Option<&EmailAddress>,
    institution: Option<&InstitutionCode>,
) -> String {
    let name = folded(name);
    match (email, institution) {
        (Some(email), _) => format!("email:{email}:{name}"),
        (None, Some(institution)) => format!("institution:{institution}:{name}"),
        (None, None) => format!("alone:{name}"),
    }
}

/// The address in a key that recognises by one.
pub fn address_in(key: &str) -> Option<&str> {
    let (address, _) = key.strip_prefix("email:")?.split_once(':')?;
    Some(address)
}

/// Whether two names are one, as people type them: capitals, accents, spaces and signs do not tell two
/// people apart.
pub fn is_same_name(one: &Name, other: &Name) -> bool {
    if one == other {
        return true;
    }
    let (left, right) = (finding::folded(one.as_str()), finding::folded(other.as_str()));
    !left.is_empty() && left == right
}

/// A name as it stands in a key that recognises somebody.
fn folded(name: &Name) -> String {
    let words: Vec<_> = name.as_str().split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shared_inbox_is_two_people_and_a_name_twice_at_an_institution_one() {
        let name = |text: &str| Name::parse(text).unwrap();
        let email: EmailAddress = "office@example.org".parse().unwrap();
        let parish: InstitutionCode = "I0001".parse().unwrap();
        let key = |text: &str, email, from| recognition_key(&name(text), email, from);
        let (shared, from) = (Some(&email), Some(&parish));
        assert_ne!(key("Ada Obi", shared, None), key("Ben Low", shared, None));
        assert_eq!(key("ada  OBI", shared, from), key("Ada Obi", shared, None));
        assert_eq!(key("Émile", None, from), key("émile", None, from));
        assert_ne!(key("Ada Obi", None, from), key("Ada Obi", None, None));
    }

    #[test]
    fn the_address_is_read_out_of_a_key_that_has_one() {
        for (key, address) in [
            ("email:ada@example.org:ada obi", Some("ada@example.org")),
            ("email:ada@example.org:ada: obi", Some("ada@example.org")),
            ("institution:I0001:ada obi", None),
            ("alone:ada obi", None),
            ("email:ada@example.org", None),
        ] {
            assert_eq!(address_in(key), address, "{key}");
        }
    }
}
