//! Public answers that are kept rendered: drawn once for each state of the database, and sent to
//! everybody. Only what is the same for everybody is kept; private pages never are.
//!
//! An answer is good while the database is the same ([`crate::store::Store::version`]) and for a quarter of a
//! minute, because some words depend on the time (booking closes, a session ends).

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::{Cursor, Write},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use flate2::{Compression, write::GzEncoder};
use quick_cache::{Weighter, sync::Cache};
use rocket::{
    Request, Response,
    http::{ContentType, Header, Status},
    response::{self, Responder},
};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::{Desk, failure::Failure};
use crate::store::Version;

/// How long an answer may be out of date because the clock went on, in seconds.
const SLOT: i64 = 15;

/// How many bytes of answers are kept.
const MOST: u64 = 16 << 20;

/// When an answer was drawn: what it depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Moment {
    version: Version,
    slot: i64,
}

/// An answer, ready to send again and again.
#[derive(Debug, Clone)]
pub struct Kept(Arc<Answer>);

#[derive(Debug)]
struct Answer {
    body: Vec<u8>,
    gzip: Option<Vec<u8>>,
    etag: String,
    head: Head,
}

/// What an answer says of itself.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its type.
    pub kind: ContentType,
    /// When what it shows last changed, where that is known.
    pub last_modified: Option<DateTime<Utc>>,
    /// More headers.
    pub headers: Vec<(&'static str, String)>,
    /// Whether it may be compressed: pages may; calendars may not, because Outlook on the web fails
    /// on a compressed feed.
    pub compress: bool,
}

impl Head {
    /// A page for everybody.
    pub fn page() -> Self {
        Self { kind: ContentType::HTML, last_modified: None, headers: vec![], compress: true }
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, (Moment, Kept)> for Weight {
    fn weight(&self, key: &String, (_, kept): &(Moment, Kept)) -> u64 {
        let answer = &kept.0;
        let bytes = key.len() + answer.body.len() + answer.gzip.as_ref().map_or(0, Vec::len);
        u64::try_from(bytes).unwrap_or(u64::MAX).max(1)
    }
}

/// The answers kept by this node.
pub struct KeptAnswers {
    answers: Cache<String, (Moment, Kept), Weight>,
    /// Whoever draws an answer holds the lock of its address: a hundred who ask for a page that has
    /// just changed wait for one drawing instead of making a hundred.
    drawing: [Mutex<()>; 16],
}

impl Default for KeptAnswers {
    fn default() -> Self {
        let answers = Cache::with_weighter(500, MOST, Weight);
        Self { answers, drawing: std::array::from_fn(|_| Mutex::new(())) }
    }
}

impl KeptAnswers {
    fn good(&self, address: &str, moment: &Moment) -> Option<Kept> {
        let (drawn, kept) = self.answers.get(address)?;
        (drawn == *moment).then_some(kept)
    }

    fn lock(&self, address: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % 16).unwrap_or(0);
        &self.drawing[at]
    }
}

impl Desk {
    /// The answer at an address (path and query), drawn by `draw` unless it is kept and still good.
    ///
    /// # Errors
    /// Whatever `draw` fails with, or the store.
    pub async fn kept<F>(&self, address: &str, draw: F) -> Result<Kept, Failure>
    where
        F: AsyncFnOnce() -> Result<(Head, String), Failure>,
    {
        if let Some(kept) = self.answers.good(address, &self.moment().await?) {
            return Ok(kept);
        }
        let _drawing = self.answers.lock(address).lock().await;
        // Taken before anything is read, so that an answer is never kept as newer than it is.
        let moment = self.moment().await?;
        if let Some(kept) = self.answers.good(address, &moment) {
            return Ok(kept);
        }
        let (head, body) = draw().await?;
        let kept = Kept::new(head, body.into_bytes());
        self.answers.answers.insert(address.to_owned(), (moment, kept.clone()));
        Ok(kept)
    }

    async fn moment(&self) -> Result<Moment, Failure> {
        let now = self.ctx.now();
        let version = self.ctx.store.version(now).await?;
        Ok(Moment { version, slot: now.timestamp().div_euclid(SLOT) })
    }
}

impl Kept {
    fn new(head: Head, body: Vec<u8>) -> Self {
        let digest = Sha256::digest(&body);
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let gzip = if head.compress { gzip(&body) } else { None };
        Self(Arc::new(Answer { body, gzip, etag: format!("\"{hex}\""), head }))
    }

    /// A file, compressed once.
    pub fn bytes(head: Head, body: Vec<u8>) -> Self {
        Self::new(head, body)
    }

    /// An answer that is drawn for this request alone.
    pub fn once(head: Head, body: String) -> Self {
        Self::new(head, body.into_bytes())
    }
}

/// The body compressed, where that makes it smaller. Level 1: a page shrinks to a fifth already.
pub(super) fn gzip(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 4), Compression::fast());
    encoder.write_all(body).ok()?;
    encoder.finish().ok().filter(|gzip| gzip.len() < body.len())
}

/// Whether the asker takes gzip (RFC 9110 12.5.3).
pub(super) fn takes_gzip(request: &Request<'_>) -> bool {
    request.headers().get("Accept-Encoding").flat_map(|value| value.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let is_gzip = parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"));
        is_gzip && !parts.any(|weight| matches!(weight, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
    })
}

/// Part of an answer that is shared, sent without copying it.
struct Shared {
    answer: Arc<Answer>,
    gzip: bool,
}

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        match (&self.answer.gzip, self.gzip) {
            (Some(gzip), true) => gzip,
            _ => &self.answer.body,
        }
    }
}

impl<'r> Responder<'r, 'static> for Kept {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        let answer = self.0;
        let gzip = answer.gzip.is_some() && takes_gzip(request);
        // Two encodings are two representations, and a strong ETag names one (RFC 9110 8.8.3).
        let etag = if gzip { answer.etag.replacen('"', "\"z", 1) } else { answer.etag.clone() };
        let mut response = Response::build();
        if answer.head.compress {
            response.header(Header::new("Vary", "Accept-Encoding"));
        }
        for (name, value) in &answer.head.headers {
            response.header(Header::new(*name, value.clone()));
        }
        if let Some(at) = answer.head.last_modified {
            let date = at.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
            response.header(Header::new("Last-Modified", date));
        }
        let known = is_known(request, &etag, answer.head.last_modified);
        response.header(Header::new("ETag", etag));
        if known {
            return response.status(Status::NotModified).ok();
        }
        if gzip {
            response.header(Header::new("Content-Encoding", "gzip"));
        }
        response.header(answer.head.kind.clone());
        let body = Shared { answer, gzip };
        let length = body.as_ref().len();
        response.sized_body(length, Cursor::new(body)).ok()
    }
}

/// Whether the asker has these bytes (RFC 9110 13.1): `If-None-Match` wins; a date that cannot be
/// read, or that is older, is answered in full.
fn is_known(request: &Request<'_>, etag: &str, modified: Option<DateTime<Utc>>) -> bool {
    if let Some(known) = request.headers().get_one("If-None-Match") {
        return known
            .split(',')
            .map(|tag| tag.trim().trim_start_matches("W/"))
            .any(|tag| tag == "*" || tag == etag);
    }
    let since = request.headers().get_one("If-Modified-Since");
    let since = since.and_then(|text| DateTime::parse_from_rfc2822(text).ok());
    match (since, modified) {
        (Some(since), Some(modified)) => since.timestamp() >= modified.timestamp(),
        _ => false,
    }
}
