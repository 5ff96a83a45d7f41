//! Public answers that are kept rendered: drawn once, and sent to everybody until something they show
//! changes. Only what is the same for everybody is kept; private pages never are.
//!
//! Whoever draws an answer says what it concerns; it is good while that did not change
//! ([`crate::store::Store::changes`]), and for a quarter of a minute, because some words depend on the
//! time (booking closes, a session ends). Calendars depend on the day only.
//!
//! While the database is away, what was good when it last answered is sent for a while, and says so in
//! [`STALE`].

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    io::{Cursor, Write},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::SystemTime,
};

use chrono::{DateTime, TimeDelta, Utc};
use flate2::{Compression, write::GzEncoder};
use quick_cache::{Weighter, sync::Cache};
use rocket::{
    Request, Response,
    http::{ContentType, Header, Status},
    response::{self, Responder},
};
use sha2::{Digest, Sha256};
use tokio::sync::Mutex;

use super::Desk;
use crate::{
    domain::session::Session,
    store::{Changes, Concern, Stamp, Store, StoreError},
};

/// How long an answer may be out of date because the clock went on, in seconds.
const SLOT: i64 = 15;

/// The same for answers that depend on the day only.
const DAY: i64 = 24 * 60 * 60;

/// The header of an answer that is sent although the database is away: for how many seconds it has been.
pub const STALE: &str = "X-Turnout-Stale";

/// How long such answers are sent.
const LONGEST_STALE: TimeDelta = TimeDelta::minutes(15);

/// How many bytes of answers are kept.
const MOST: u64 = 16 << 20;

/// How many bytes of an answer are handed to the connection at once.
const PIECE: usize = 64 << 10;

/// An answer that was drawn, with what says whether it is still good.
struct Drawn {
    kept: Kept,
    concern: Concern,
    stamp: Stamp,
    slot: i64,
}

/// An answer, ready to send again and again.
#[derive(Debug, Clone)]
pub struct Kept {
    answer: Arc<Answer>,
    /// For how many seconds the database has been away, if it is.
    stale: Option<i64>,
}

#[derive(Debug)]
struct Answer {
    body: Vec<u8>,
    gzip: Option<Vec<u8>>,
    etag: String,
    /// The tag of the compressed body: two encodings are two representations, and a strong ETag
    /// names one (RFC 9110 8.8.3).
    gzip_etag: String,
    /// The date of `head.last_modified`, as a header has it.
    last_modified: Option<String>,
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
    /// Whether it is the same for a whole day (UTC) if nothing changes; others may say how late it is.
    pub all_day: bool,
}

impl Head {
    /// A page for everybody.
    pub fn page() -> Self {
        Self {
            kind: ContentType::HTML,
            last_modified: None,
            headers: vec![],
            compress: true,
            all_day: false,
        }
    }

    /// What answers about one session: no machine lists one that is found by its link alone.
    #[must_use]
    pub fn about(mut self, session: &Session) -> Self {
        if !session.is_listed() {
            self.headers.push(("X-Robots-Tag", "noindex".to_owned()));
        }
        self
    }

    fn slot(&self, now: DateTime<Utc>) -> i64 {
        now.timestamp().div_euclid(if self.all_day { DAY } else { SLOT })
    }
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Drawn>> for Weight {
    fn weight(&self, key: &String, drawn: &Arc<Drawn>) -> u64 {
        let answer = &drawn.kept.answer;
        let bytes = key.len() + answer.body.len() + answer.gzip.as_ref().map_or(0, Vec::len);
        u64::try_from(bytes).unwrap_or(u64::MAX).max(1)
    }
}

/// The answers kept by this node.
pub struct KeptAnswers {
    answers: Cache<String, Arc<Drawn>, Weight>,
    /// Whoever draws an answer holds the lock of its address: a hundred who ask for a page that has
    /// just changed wait for one drawing instead of making a hundred.
    drawing: [Mutex<()>; 16],
    drawings: AtomicU64,
    /// How many drawings failed because the database was away.
    failures: AtomicU64,
}

impl Default for KeptAnswers {
    fn default() -> Self {
        let answers = Cache::with_weighter(500, MOST, Weight);
        let drawing = std::array::from_fn(|_| Mutex::new(()));
        Self { answers, drawing, drawings: AtomicU64::new(0), failures: AtomicU64::new(0) }
    }
}

impl KeptAnswers {
    fn good(&self, address: &str, changes: &Changes, now: DateTime<Utc>) -> Option<Kept> {
        let drawn = self.answers.get(address)?;
        let same = drawn.slot == drawn.kept.answer.head.slot(now)
            && drawn.stamp == changes.stamp(&drawn.concern);
        same.then(|| drawn.kept.clone())
    }

    /// What was good when the database last answered, unless that is too long ago.
    fn stale(&self, address: &str, store: &Store, now: DateTime<Utc>) -> Option<Kept> {
        let (at, changes) = store.last_changes()?;
        let drawn = self.answers.get(address)?;
        let is_good = drawn.stamp == changes.stamp(&drawn.concern) && now - at <= LONGEST_STALE;
        let stale = Some((now - at).num_seconds().max(0));
        is_good.then(|| Kept { stale, ..drawn.kept.clone() })
    }

    fn lock(&self, address: &str) -> &Mutex<()> {
        let mut hasher = DefaultHasher::new();
        address.hash(&mut hasher);
        let at = usize::try_from(hasher.finish() % 16).unwrap_or(0);
        &self.drawing[at]
    }

    /// How often an answer was drawn.
    pub fn drawings(&self) -> u64 {
        self.drawings.load(Ordering::Relaxed)
    }
}

impl Desk {
    /// The answer at an address (path and query), drawn by `draw` unless it is kept and still good.
    /// `draw` says also what the answer concerns.
    ///
    /// # Errors
    /// Whatever `draw` fails with, or the store.
    pub async fn kept<F, B, E>(&self, address: &str, draw: F) -> Result<Kept, E>
    where
        F: AsyncFnOnce() -> Result<(Head, B, Concern), E>,
        B: Into<Vec<u8>>,
        E: From<StoreError> + MaybeAway,
    {
        let now = self.ctx.now();
        match self.kept_or_drawn(address, draw).await {
            Err(error) if error.is_away() => {
                self.answers.stale(address, &self.ctx.store, now).ok_or(error)
            }
            answer => answer,
        }
    }

    async fn kept_or_drawn<F, B, E>(&self, address: &str, draw: F) -> Result<Kept, E>
    where
        F: AsyncFnOnce() -> Result<(Head, B, Concern), E>,
        B: Into<Vec<u8>>,
        E: From<StoreError> + MaybeAway,
    {
        let (store, now) = (&self.ctx.store, self.ctx.now());
        let failures = self.answers.failures.load(Ordering::Acquire);
        if let Some(kept) = self.answers.good(address, &*store.changes(now).await?, now) {
            return Ok(kept);
        }
        let _drawing = self.answers.lock(address).lock().await;
        // Looked at before anything is read, so that an answer is never kept as newer than it is.
        let now = self.ctx.now();
        let changes = store.changes(now).await?;
        if let Some(kept) = self.answers.good(address, &changes, now) {
            return Ok(kept);
        }
        // Whoever waited for a drawing that failed does not make the next in the row wait for another.
        if self.answers.failures.load(Ordering::Acquire) != failures {
            return Err(StoreError::away().into());
        }
        self.answers.drawings.fetch_add(1, Ordering::Relaxed);
        let (head, body, concern) = draw().await.inspect_err(|error| {
            if error.is_away() {
                self.answers.failures.fetch_add(1, Ordering::AcqRel);
            }
        })?;
        let (stamp, slot) = (changes.stamp(&concern), head.slot(now));
        let kept = Kept::new(head, body.into());
        let drawn = Drawn { kept: kept.clone(), concern, stamp, slot };
        self.answers.answers.insert(address.to_owned(), Arc::new(drawn));
        Ok(kept)
    }
}

/// A failure that may be that the database is away.
pub trait MaybeAway {
    fn is_away(&self) -> bool;
}

impl Kept {
    fn new(head: Head, body: Vec<u8>) -> Self {
        let digest = Sha256::digest(&body);
        let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let gzip = if head.compress { gzip(&body) } else { None };
        let (etag, gzip_etag) = (format!("\"{hex}\""), format!("\"z{hex}\""));
        let last_modified = head.last_modified.and_then(http_date);
        let answer = Arc::new(Answer { body, gzip, etag, gzip_etag, last_modified, head });
        Self { answer, stale: None }
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

/// A date as headers have it (RFC 9110 5.6.7), whose years have four digits.
fn http_date(at: DateTime<Utc>) -> Option<String> {
    let years = 0..=253_402_300_799;
    years.contains(&at.timestamp()).then(|| httpdate::fmt_http_date(SystemTime::from(at)))
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
        let Self { answer, stale } = self;
        let gzip = answer.gzip.is_some() && takes_gzip(request);
        let etag = if gzip { answer.gzip_etag.clone() } else { answer.etag.clone() };
        let mut response = Response::build();
        if answer.head.compress {
            response.header(Header::new("Vary", "Accept-Encoding"));
        }
        for (name, value) in &answer.head.headers {
            response.header(Header::new(*name, value.clone()));
        }
        if let Some(date) = &answer.last_modified {
            response.header(Header::new("Last-Modified", date.clone()));
        }
        if let Some(seconds) = stale {
            response.header(Header::new(STALE, seconds.to_string()));
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
        // By itself Rocket sends 4 KiB at a time, each piece with a buffer of its own.
        response.sized_body(length, Cursor::new(body)).max_chunk_size(length.clamp(1, PIECE)).ok()
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
    let since = since.and_then(|text| httpdate::parse_http_date(text).ok());
    match (since, modified) {
        (Some(since), Some(modified)) => {
            DateTime::<Utc>::from(since).timestamp() >= modified.timestamp()
        }
        _ => false,
    }
}
