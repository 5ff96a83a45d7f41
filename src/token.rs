//! Randomness, and the secrets made of it: shown once, stored hashed.

use std::{borrow::Cow, fmt, str::FromStr};

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::clock::Clock;

/// Where random bytes come from.
pub trait RandomSource: Send + Sync + 'static {
    /// Fills `bytes` with unpredictable values.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemRandom;

impl RandomSource for SystemRandom {
    /// # Panics
    /// When the operating system has no random numbers to give: nothing safe can be done then.
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("the operating system gives random numbers");
    }
}

/// A time-ordered UUID (version 7) for rows: random enough not to collide, near in the index.
pub fn row_id(random: &dyn RandomSource, clock: &dyn Clock) -> Uuid {
    let mut bytes = [0; 10];
    random.fill(&mut bytes);
    let millis = u64::try_from(clock.now().timestamp_millis()).unwrap_or(0);
    Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
}

/// A random UUID (version 4), 122 bits that nobody can guess: for invitations' UIDs.
pub fn secret_uuid(random: &dyn RandomSource) -> Uuid {
    let mut bytes = [0; 16];
    random.fill(&mut bytes);
    Builder::from_random_bytes(bytes).into_uuid()
}

/// Letters and digits of a token: Crockford's base 32 in lower case, without i, l, o and u.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
const LENGTH: usize = 26;

/// A secret that opens something: 130 random bits as 26 letters and digits. Shown in one link and
/// never stored; only its [`TokenHash`] is.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// Draws a new token.
    pub fn generate(random: &dyn RandomSource) -> Self {
        let mut bytes = [0; LENGTH];
        random.fill(&mut bytes);
        Self(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])).collect())
    }

    /// The token as it stands in a link. Never log it.
    pub fn secret(&self) -> &str {
        &self.0
    }

    /// What is stored of it. A token has 130 random bits, so a plain SHA-256 cannot be searched
    /// back; no salt or slow hash is needed.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

/// What may stand in the address of a private link.
pub trait InLink {
    /// The last part of the address. Never log it.
    fn in_link(&self) -> &str;
}

impl InLink for Token {
    fn in_link(&self) -> &str {
        self.secret()
    }
}

/// What stands for the secret of a link in a letter that waits to be delivered: as long as a [`Token`],
/// and none, so that it opens nothing. Whoever delivers the letter puts a token there, so that no
/// secret is ever written down, in the database or in a copy of it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StandIn(String);

impl StandIn {
    /// Draws a new one.
    pub fn generate(random: &dyn RandomSource) -> Self {
        let mut bytes = [0; LENGTH];
        random.fill(&mut bytes);
        Self::shaped(&bytes)
    }

    /// The one that stands for a token in letters which versions before wrote with the token itself.
    pub fn of(token: &Token) -> Self {
        Self::shaped(&Sha256::digest(format!("stand-in {}", token.0).as_bytes()))
    }

    /// No run of letters and digits in it is as long as a secret.
    fn shaped(bytes: &[u8]) -> Self {
        let mut letters = bytes.iter().skip(4).map(|byte| ALPHABET[usize::from(byte & 31)]);
        let shape = (0..LENGTH).map(|at| match at {
            0 | 25 => '~',
            9 | 17 => '-',
            _ => letters.next().map_or('0', char::from),
        });
        Self(shape.collect())
    }

    /// Those that stand in addresses of a text.
    pub fn all_in(text: &str) -> Vec<Self> {
        let starts = text.match_indices("/~").map(|(at, _)| at + 1);
        let parts = starts.filter_map(|at| text.get(at..at + LENGTH));
        parts.filter(|part| is_stand_in(part)).map(|part| Self(part.to_owned())).collect()
    }

    /// What is stored of it: the hash of no token.
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }
}

fn is_stand_in(part: &str) -> bool {
    let is_right = |(at, byte): (usize, u8)| match at {
        0 | 25 => byte == b'~',
        9 | 17 => byte == b'-',
        _ => ALPHABET.contains(&byte),
    };
    part.len() == LENGTH && part.bytes().enumerate().all(is_right)
}

impl InLink for StandIn {
    fn in_link(&self) -> &str {
        &self.0
    }
}

/// A line of a calendar's file that goes on (RFC 5545 3.1).
const FOLD: &str = "\r\n ";

/// A text of which no line is folded.
pub fn unfolded(text: &str) -> Cow<'_, str> {
    if text.contains(FOLD) { text.replace(FOLD, "").into() } else { text.into() }
}

/// A text with one secret, or what stands for it, in the place of another. Both are as long, so that
/// the lines of a calendar's file stay as they are folded.
pub fn swapped(text: &str, from: &impl InLink, to: &impl InLink) -> String {
    let (from, to) = (from.in_link(), to.in_link());
    let first = &from[..1];
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(first) {
        let (before, found) = rest.split_at(at);
        whole.push_str(before);
        let length = folded(found, from);
        let (stood, after) = found.split_at(length.unwrap_or(1));
        if length.is_none() {
            whole.push_str(stood);
        } else {
            let mut letters = to.chars();
            let put = stood
                .chars()
                .map(|one| if FOLD.contains(one) { Some(one) } else { letters.next() });
            whole.extend(put.flatten());
        }
        rest = after;
    }
    whole.push_str(rest);
    whole
}

/// How long `word` is at the start of `text`, with the folds in it; `None` if it does not stand there.
fn folded(text: &str, word: &str) -> Option<usize> {
    let mut rest = text;
    for letter in word.chars() {
        rest = rest.strip_prefix(FOLD).unwrap_or(rest).strip_prefix(letter)?;
    }
    Some(text.len() - rest.len())
}

/// Tokens do not show themselves in logs.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(***)")
    }
}

/// A text that cannot be a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a token")]
pub struct InvalidToken;

impl FromStr for Token {
    type Err = InvalidToken;

    fn from_str(text: &str) -> Result<Self, InvalidToken> {
        if text.len() == LENGTH && text.bytes().all(|byte| ALPHABET.contains(&byte)) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidToken)
        }
    }
}

/// One try to make something, however often it is sent (V3): a digest of the token its form was drawn
/// with and of everything sent with it. Who goes back and types something else tries something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Attempt(pub [u8; 32]);

impl Attempt {
    /// Of what was sent, name by name. Lengths keep apart what would read the same in a row.
    pub fn of<'a>(token: &'a Token, sent: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut digest = Sha256::new();
        for part in [("", token.secret())].into_iter().chain(sent) {
            for text in [part.0, part.1] {
                digest.update(text.len().to_be_bytes());
                digest.update(text.as_bytes());
            }
        }
        Self(digest.finalize().into())
    }
}

impl Attempt {
    /// The id of the row it makes, where the id is what keeps it from being made twice.
    pub fn row_id(&self) -> Uuid {
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&self.0[..16]);
        Builder::from_random_bytes(bytes).into_uuid()
    }
}

/// SHA-256 of a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TokenHash(pub [u8; 32]);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_and_never_shows_itself() {
        let token = Token::generate(&SystemRandom);
        assert_eq!(token.secret().parse(), Ok(token.clone()));
        assert!(!format!("{token:?}").contains(token.secret()));
        assert_ne!(Token::generate(&SystemRandom), token);
    }

    #[test]
    fn a_stand_in_is_as_long_as_a_token_and_opens_nothing() {
        let stand_in = StandIn::generate(&SystemRandom);
        assert_eq!(stand_in.in_link().len(), LENGTH);
        assert!(stand_in.in_link().parse::<Token>().is_err());
        let text = format!("https://t.example/r/{}\nand /~not-one-of-them-at-all-no/", stand_in.0);
        assert_eq!(StandIn::all_in(&text), [stand_in]);
        let token = Token::generate(&SystemRandom);
        assert_eq!(StandIn::of(&token), StandIn::of(&token));
        assert_ne!(StandIn::of(&token).hash(), token.hash());
    }

    #[test]
    fn a_secret_takes_its_place_wherever_a_line_is_folded() {
        let (stand_in, token) = (StandIn::generate(&SystemRandom), Token::generate(&SystemRandom));
        let (head, tail) = stand_in.0.split_at(11);
        let ics = format!("~5 URL:/e/{head}\r\n {tail}\r\nURL:/e/{head}{tail} ~");
        let (first, last) = token.0.split_at(11);
        let expected = format!("~5 URL:/e/{first}\r\n {last}\r\nURL:/e/{first}{last} ~");
        assert_eq!(swapped(&ics, &stand_in, &token), expected);
        assert_eq!(swapped(&expected, &token, &stand_in), ics);
    }

    #[test]
    fn the_same_sent_again_is_the_same_attempt_and_anything_else_another() {
        let (one, other) = (Token::generate(&SystemRandom), Token::generate(&SystemRandom));
        let sent = [("name", "St Brigid's"), ("kind", "faith")];
        assert_eq!(Attempt::of(&one, sent), Attempt::of(&one, sent));
        assert_ne!(Attempt::of(&one, sent), Attempt::of(&other, sent));
        let joined = [("name", "St Brigid'skind"), ("", "faith")];
        assert_ne!(Attempt::of(&one, sent), Attempt::of(&one, joined));
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_before_the_database_is_asked() {
        let long = "0".repeat(27);
        for bad in ["", "short", &"I".repeat(26), &long, &"é".repeat(13)] {
            assert!(bad.parse::<Token>().is_err(), "{bad:?}");
        }
    }
}
