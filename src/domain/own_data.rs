//! What is held about one person, to be handed to her (P2): records with named fields, as they are stored.

use super::{contact::EmailAddress, id::PersonId};

/// A record: its fields by name, those that hold nothing left out.
pub type Record = Vec<(&'static str, String)>;

/// The records of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The name programs read.
    pub key: &'static str,
    /// The heading people read.
    pub title: &'static str,
    /// The records.
    pub records: Vec<Record>,
}

/// All that is held about somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnData {
    /// Who, as we know her.
    pub person: PersonId,
    /// Her name.
    pub name: String,
    /// The parts, those without records included: that nothing is held is an answer too.
    pub parts: Vec<Part>,
}

/// By which addresses somebody is recognised: the only ones whose letters are hers alone, with her name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addresses(pub Vec<EmailAddress>);

impl Addresses {
    /// Whether one of them is this.
    pub fn has(&self, address: &EmailAddress) -> bool {
        self.0.contains(address)
    }
}

/// Leaves out what is empty.
pub fn record(fields: Vec<(&'static str, Option<String>)>) -> Record {
    let filled = fields.into_iter().filter_map(|(name, value)| Some((name, value?)));
    filled.filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_her_own_addresses_are_hers() {
        let address = |text: &str| text.parse::<EmailAddress>().expect("an address");
        let own = Addresses(vec![address("ada@example.org"), address("obi@example.org")]);
        assert!(own.has(&address("obi@example.org")));
        assert!(!own.has(&address("ruth@example.org")));
        assert!(!Addresses::default().has(&address("ada@example.org")));
    }

    #[test]
    fn a_record_leaves_out_what_holds_nothing() {
        let text = |text: &str| Some(text.to_owned());
        let all = vec![("name", text("Ada Obi")), ("phone", None), ("diet", text(""))];
        assert_eq!(record(all), [("name", "Ada Obi".to_owned())]);
    }
}
