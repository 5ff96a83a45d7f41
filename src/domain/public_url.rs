//! The address people reach the site at: a scheme and a host, and no more.

use std::{fmt, str::FromStr};

use url::{Host, Url};

/// Where people reach the site, such as `https://turnout.example.org`: every link in letters and
/// calendars begins with it. The host is a name in its ASCII form, since it stands in Message-IDs
/// and UIDs too (RFC 5322 3.6.4).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicUrl {
    url: Url,
}

/// Why a text is no address for the site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublicUrlFault {
    /// It is no URL with one of the two schemes.
    #[error("must start with https:// or http:// and a host, such as https://turnout.example.org")]
    NotAnAddress,
    /// It has a user or a password, which would stand in every letter.
    #[error("must not hold a user or a password: it stands in every letter")]
    HasUser,
    /// It has a path: pages live at the root of their host.
    #[error("must end after the host: pages are at the root, give the site a host of its own")]
    HasPath,
    /// It has a query or a fragment.
    #[error("must end after the host, without ? or #")]
    HasQuery,
    /// The host is an IPv6 address, which cannot stand in a Message-ID or a UID.
    #[error("must have a name for its host, not an address in brackets")]
    IsBracketed,
    /// The host has letters outside ASCII.
    #[error("write the host in its ASCII form: {0}")]
    NotAscii(String),
}

impl PublicUrl {
    /// The host, for UIDs and Message-IDs; a name of our own where the host is this machine.
    pub fn host(&self) -> &str {
        match self.url.host_str().unwrap_or_default() {
            "" | "localhost" => "turnout.localhost",
            address if address.starts_with("127.") => "turnout.localhost",
            host => host,
        }
    }

    /// The address without a slash at its end: what links are made of, and what a browser sends
    /// as `Origin` (RFC 6454 6.2).
    pub fn origin(&self) -> String {
        self.url.origin().ascii_serialization()
    }
}

impl FromStr for PublicUrl {
    type Err = PublicUrlFault;

    fn from_str(text: &str) -> Result<Self, PublicUrlFault> {
        let url = Url::parse(text).map_err(|_| PublicUrlFault::NotAnAddress)?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(PublicUrlFault::NotAnAddress);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(PublicUrlFault::HasUser);
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(PublicUrlFault::HasQuery);
        }
        if url.path() != "/" {
            return Err(PublicUrlFault::HasPath);
        }
        if matches!(url.host(), None | Some(Host::Ipv6(_))) {
            return Err(PublicUrlFault::IsBracketed);
        }
        let parsed = Self { url };
        if !text.is_ascii() {
            return Err(PublicUrlFault::NotAscii(parsed.origin()));
        }
        Ok(parsed)
    }
}

impl fmt::Display for PublicUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin())
    }
}

#[cfg(test)]
mod tests {
    use super::{PublicUrl, PublicUrlFault as Fault};

    fn parsed(text: &str) -> Result<PublicUrl, Fault> {
        text.parse()
    }

    #[test]
    fn an_address_is_a_scheme_and_a_host() {
        for (text, origin, host) in [
            ("https://turnout.example.org", "https://turnout.example.org", "turnout.example.org"),
            ("https://Turnout.Example.org/", "https://turnout.example.org", "turnout.example.org"),
            ("https://turnout.example:8443", "https://turnout.example:8443", "turnout.example"),
            ("https://turnout.example:443", "https://turnout.example", "turnout.example"),
            ("http://localhost:8000", "http://localhost:8000", "turnout.localhost"),
            ("http://127.0.0.1:1", "http://127.0.0.1:1", "turnout.localhost"),
            ("http://192.0.2.7", "http://192.0.2.7", "192.0.2.7"),
        ] {
            let url = parsed(text).expect(text);
            assert_eq!((url.origin().as_str(), url.host()), (origin, host));
            assert_eq!(url.to_string(), origin);
        }
    }

    #[test]
    fn what_cannot_work_is_refused() {
        for (text, fault) in [
            ("", Fault::NotAnAddress),
            ("turnout.example.org", Fault::NotAnAddress),
            ("https://", Fault::NotAnAddress),
            ("ftp://turnout.example.org", Fault::NotAnAddress),
            ("https://turnout.example.org:99999", Fault::NotAnAddress),
            ("https://a b.example", Fault::NotAnAddress),
            ("https://user:pw@example.org", Fault::HasUser),
            ("https://user@example.org", Fault::HasUser),
            ("https://example.org/training", Fault::HasPath),
            ("https://example.org//", Fault::HasPath),
            ("https://example.org?x=1", Fault::HasQuery),
            ("https://example.org/#x", Fault::HasQuery),
            ("https://[::1]:8443", Fault::IsBracketed),
            ("https://münchen.example", Fault::NotAscii("https://xn--mnchen-3ya.example".into())),
        ] {
            assert_eq!(parsed(text), Err(fault), "{text}");
        }
    }
}
