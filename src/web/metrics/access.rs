//! Who may read the numbers.

use std::str::FromStr;

use rocket::Request;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// Shorter ones could be guessed.
const SHORTEST_TOKEN: usize = 20;

/// Who may read the numbers: the setting `metrics`.
#[derive(Clone, PartialEq, Eq)]
pub enum Access {
    /// Nobody; nothing is measured.
    Nobody,
    /// Programs on this machine. What a proxy hands on comes from elsewhere.
    Loopback,
    /// Whoever names the token, of which only the digest is kept.
    Token([u8; 32]),
}

/// A setting that names nobody we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must be off, loopback, or token: and at least 20 characters that nobody can guess")]
pub struct UnknownAccess;

impl FromStr for Access {
    type Err = UnknownAccess;

    fn from_str(text: &str) -> Result<Self, UnknownAccess> {
        match text.trim() {
            "off" => Ok(Self::Nobody),
            "loopback" => Ok(Self::Loopback),
            other => match other.strip_prefix("token:") {
                Some(token) if token.len() >= SHORTEST_TOKEN => Ok(Self::Token(digest(token))),
                _ => Err(UnknownAccess),
            },
        }
    }
}

fn digest(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// What a proxy says of whom it asks for. Any of them means that the request comes from elsewhere.
const HANDED_ON: [&str; 4] = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"];

impl Access {
    /// Whether whoever sent this request may read the numbers.
    pub(super) fn admits(&self, request: &Request<'_>) -> bool {
        match self {
            Self::Nobody => false,
            Self::Loopback => {
                let is_here =
                    request.remote().is_some_and(|remote| remote.ip().to_canonical().is_loopback());
                let handed_on = HANDED_ON.iter().any(|name| request.headers().contains(name));
                is_here && !handed_on && request.real_ip().is_none()
            }
            Self::Token(expected) => {
                let given = request.headers().get_one("Authorization");
                let token = given.and_then(|given| given.strip_prefix("Bearer "));
                token.is_some_and(|token| digest(token.trim()).ct_eq(expected).into())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, UnknownAccess};

    #[test]
    fn a_setting_that_lets_strangers_in_is_refused() {
        for text in ["", "on", "true", "token:", "token:short", "hunter2", "loopback,token:x"] {
            assert_eq!(text.parse::<Access>().err(), Some(UnknownAccess), "{text}");
        }
        assert!(matches!("token:01234567890123456789".parse(), Ok(Access::Token(_))));
        assert!(matches!(" loopback ".parse(), Ok(Access::Loopback)));
        assert!(matches!("off".parse(), Ok(Access::Nobody)));
    }
}
