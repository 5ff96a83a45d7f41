//! How a person can be reached.

use std::{fmt, str::FromStr};

use url::Host;

use super::{
    characters::{is_deceptive, shown},
    text::{Line, TextFault},
};

/// Why a typed address or number was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ContactFault {
    /// Nothing was typed, or only blanks.
    #[error("empty")]
    Empty,
    /// Not an address that mail could reach.
    #[error("not an e-mail address")]
    NotAnEmail,
    /// Not a telephone number.
    #[error("not a telephone number")]
    NotAPhone,
}

/// An address that mail can be sent to. It identifies nobody: parish inboxes, families and elders
/// share one. Compared and stored in lower case.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EmailAddress(String);

impl EmailAddress {
    /// The address in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An address as it was stored, which the rules of its day took: it is read whatever today's say.
    pub fn stored(text: &str) -> Self {
        Self(shown(text, is_deceptive))
    }

    /// Whether it would be taken today.
    pub fn is_usable(&self) -> bool {
        self.0.parse::<Self>().is_ok()
    }

    /// `mailto:` and the address, with what would end the address there written as its octets (RFC 6068 2).
    pub fn link(&self) -> String {
        let mut link = "mailto:".to_owned();
        for c in self.0.chars() {
            let stands = c.is_ascii_alphanumeric() || "!$'*+-./=@^_`{|}~".contains(c);
            let mut octets = [0; 4];
            match stands {
                true => link.push(c),
                false => link.extend(
                    c.encode_utf8(&mut octets).bytes().map(|octet| format!("%{octet:02X}")),
                ),
            }
        }
        link
    }
}

impl FromStr for EmailAddress {
    type Err = ContactFault;

    /// Accepts `local@domain` with a dotted domain, up to 254 octets (RFC 5321 4.5.3.1.3); no display name,
    /// no quoted local part, no address literal. A domain in other letters is kept in its ASCII form
    /// (RFC 5890 2.3.2.1), which every mail server understands; a local part must be ASCII already.
    fn from_str(typed: &str) -> Result<Self, ContactFault> {
        let text = typed.trim();
        if text.is_empty() {
            return Err(ContactFault::Empty);
        }
        let (local, domain) = text.rsplit_once('@').ok_or(ContactFault::NotAnEmail)?;
        let domain = mail_domain(domain).ok_or(ContactFault::NotAnEmail)?;
        let text = format!("{local}@{domain}");
        let options = email_address::Options::default()
            .with_required_tld()
            .without_display_text()
            .without_domain_literal();
        let valid = email_address::EmailAddress::parse_with_options(&text, options).is_ok();
        // What would end the address in a link, or begin something else.
        let ends_it = |c: char| "\"\\ ?%<>()[],;:|`".contains(c);
        if !valid || !text.is_ascii() || text.len() > 254 || text.contains(ends_it) {
            return Err(ContactFault::NotAnEmail);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

/// A domain in its ASCII form, if mail could be sent there: names of letters, digits and hyphens with dots
/// between them, and not a number.
fn mail_domain(typed: &str) -> Option<String> {
    // The parser of hosts would take these for something else.
    if typed.contains(['%', '[', ']', ':', '/', '?', '#', '@', '\\']) {
        return None;
    }
    let Ok(Host::Domain(domain)) = Host::parse(typed) else { return None };
    let is_label = |label: &str| {
        let ends = [label.chars().next(), label.chars().last()];
        let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        (1..=63).contains(&label.len())
            && label.chars().all(is_plain)
            && ends.iter().flatten().all(char::is_ascii_alphanumeric)
    };
    (domain.contains('.') && domain.split('.').all(is_label)).then_some(domain)
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A telephone number as people write it, such as `07700 900117` or `+44 (0)20 7946 0142`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The number as typed, for reading.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A number as it was stored; see [`EmailAddress::stored`].
    pub fn stored(text: &str) -> Self {
        Self(shown(text, is_deceptive))
    }
}

impl FromStr for PhoneNumber {
    type Err = ContactFault;

    /// Accepts 7 to 15 digits (E.164) with the usual punctuation.
    fn from_str(typed: &str) -> Result<Self, ContactFault> {
        let line = Line::<40>::parse(typed).map_err(|fault| match fault {
            TextFault::Empty => ContactFault::Empty,
            _ => ContactFault::NotAPhone,
        })?;
        let digits = line.as_str().chars().filter(char::is_ascii_digit).count();
        let usual = |c: char| c.is_ascii_digit() || " +-()./".contains(c);
        if (7..=15).contains(&digits) && line.as_str().chars().all(usual) {
            Ok(Self(line.as_str().to_owned()))
        } else {
            Err(ContactFault::NotAPhone)
        }
    }
}

impl fmt::Display for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_mail_can_reach_are_accepted_in_lower_case() {
        let address: Result<EmailAddress, _> = " Ruth.Okafor+team@Example.ORG ".parse();
        assert_eq!(address.map(|a| a.to_string()).as_deref(), Ok("ruth.okafor+team@example.org"));
    }

    #[test]
    fn a_domain_in_other_letters_is_kept_as_mail_servers_know_it() {
        let address: Result<EmailAddress, _> = "Ida@München.example".parse();
        assert_eq!(address.map(|a| a.to_string()).as_deref(), Ok("ida@xn--mnchen-3ya.example"));
    }

    #[test]
    fn an_address_from_earlier_ends_no_link() {
        let stored = EmailAddress::stored("a?b%c|d@example.org\r\nX: y");
        assert!(!stored.is_usable());
        let link = "mailto:a%3Fb%25c|d@example.org%EF%BF%BD%EF%BF%BDX%3A%20y";
        assert_eq!(stored.link(), link);
        let plain: EmailAddress = "o'neill+x@example.org".parse().expect("an address");
        assert_eq!(plain.link(), "mailto:o'neill+x@example.org");
    }

    #[test]
    fn impossible_addresses_are_refused() {
        for bad in [
            "kwame.example.org",
            "a@b",
            "a@@example.org",
            "a b@example.org",
            "a@example.org\r\nBcc: x@example.org",
            "Ruth <ruth@example.org>",
            "\"a b\"@example.org",
            "a@[127.0.0.1]",
            "é@example.org",
            "a@example.org?subject=x",
            "a?b@example.org",
            "a@example.org/x",
            "a@ex%61mple.org",
            "a@1.2.3.4",
            "a@[::1",
            "a@-example.org",
            "a\"onclick=@example.org",
            "\u{200B}@example.org",
            "a@exa\u{202E}mple.org",
        ] {
            assert_eq!(bad.parse::<EmailAddress>(), Err(ContactFault::NotAnEmail), "{bad:?}");
        }
        assert!(format!("{}@example.org", "x".repeat(250)).parse::<EmailAddress>().is_err());
    }

    #[test]
    fn phone_numbers_are_read_as_people_write_them() {
        assert!("+44 (0)20 7946 0142".parse::<PhoneNumber>().is_ok());
        for bad in ["12345", "call me", "0770090011; drop", "0123456789012345"] {
            assert!(bad.parse::<PhoneNumber>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn an_address_is_as_long_as_mail_servers_take_and_its_domain_is_a_name() {
        // 64 before the sign, and names of 63 letters at most.
        let label = "x".repeat(61);
        let domain = format!("{label}.{label}.{label}");
        let longest = format!("{}@{domain}.", "a".repeat(64));
        let fill = |length: usize| format!("{longest}{}", "y".repeat(length - longest.len()));
        let address: EmailAddress = fill(254).parse().expect("an address");
        assert!(address.is_usable());
        assert!(fill(255).parse::<EmailAddress>().is_err());
        for bad in ["a@example.-org", "a@example-.org", "a@exam_ple.org", "a@example..org", "a@org"]
        {
            assert_eq!(bad.parse::<EmailAddress>(), Err(ContactFault::NotAnEmail), "{bad}");
        }
    }

    #[test]
    fn a_number_that_is_not_there_is_told_from_one_that_is_wrong() {
        assert_eq!(" ".parse::<PhoneNumber>(), Err(ContactFault::Empty));
        assert_eq!("call me".parse::<PhoneNumber>(), Err(ContactFault::NotAPhone));
        let number: PhoneNumber = " 07700 900117 ".parse().expect("a number");
        assert_eq!(number.to_string(), "07700 900117");
    }
}
