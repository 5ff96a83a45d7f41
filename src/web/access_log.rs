//! The one line that every request leaves in the log: nothing in it opens anything, and nothing says
//! who asked.

use std::{
    collections::HashSet,
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::{Instant, SystemTime},
};

use rocket::{
    Data, Orbit, Request, Response, Rocket,
    fairing::{Fairing, Info, Kind},
    http::{Header, Method, Status},
};

/// When and how a request came in, and the name its answer and its lines in the log have.
pub struct Arrived {
    at: Instant,
    method: Method,
    id: String,
    /// Whether it went through the fairings; a request that cannot be read does not.
    is_whole: bool,
}

impl Arrived {
    fn now(request: &Request<'_>, is_whole: bool) -> Self {
        Self { at: Instant::now(), method: request.method(), id: next_id(), is_whole }
    }

    /// Of a request, which is taken as arriving now if it could not be read.
    fn of<'r>(request: &'r Request<'_>) -> &'r Self {
        request.local_cache(|| Self::now(request, false))
    }
}

/// A name no other request of this node has: when the program began, and a number. It is ours alone;
/// one that a visitor sends could hold anything.
fn next_id() -> String {
    static BEGUN: OnceLock<u64> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let began = BEGUN.get_or_init(|| {
        let passed = SystemTime::UNIX_EPOCH.elapsed();
        passed.map_or(0, |passed| passed.as_secs())
    });
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!("{began:x}-{}-{number:x}", std::process::id())
}

/// The name of a request in the log, which its answer carries too.
pub fn request_id<'r>(request: &'r Request<'_>) -> &'r str {
    &Arrived::of(request).id
}

/// Whether a request went through the fairings, which dress its answer and write its line.
pub(super) fn is_whole(request: &Request<'_>) -> bool {
    Arrived::of(request).is_whole
}

/// Writes the lines.
#[derive(Default)]
pub struct AccessLog {
    /// The words that stand in the addresses of our routes.
    words: OnceLock<HashSet<String>>,
}

#[rocket::async_trait]
impl Fairing for AccessLog {
    fn info(&self) -> Info {
        Info { name: "access log", kind: Kind::Liftoff | Kind::Request | Kind::Response }
    }

    async fn on_liftoff(&self, rocket: &Rocket<Orbit>) {
        let paths = rocket.routes().map(|route| route.uri.path().to_owned());
        let parts = paths.flat_map(|path| path.split('/').map(str::to_owned).collect::<Vec<_>>());
        let words = parts.filter(|part| !part.is_empty() && !part.starts_with('<'));
        let _ = self.words.set(words.collect());
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let arrived = Arrived::now(request, true);
        request.local_cache(|| arrived);
        if request.method() == Method::Head {
            request.set_method(Method::Head);
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let is_ours = |word: &str| self.words.get().is_some_and(|words| words.contains(word));
        write(request, response, is_ours);
    }
}

/// Writes the line of a request, and names the request in its answer.
pub(super) fn write(
    request: &Request<'_>,
    response: &mut Response<'_>,
    is_ours: impl Fn(&str) -> bool,
) {
    let arrived = Arrived::of(request);
    response.set_header(Header::new("X-Request-Id", arrived.id.clone()));
    let status: Status = response.status();
    // What stands in the line is worked out only where somebody reads it.
    tracing::info!(
        target: "turnout::access",
        method = %arrived.method,
        path = masked(request.uri().path().as_str(), is_ours),
        status = status.code,
        ms = u64::try_from(arrived.at.elapsed().as_millis()).unwrap_or(u64::MAX),
        id = arrived.id,
        "answered",
    );
}

/// Where addresses begin that open something for whoever has them, or lead to who somebody is.
const PRIVATE: [&str; 10] =
    ["my-data", "path", "r", "p", "e", "offers", "sign-in", "account", "mailbox", "register"];

/// How long a part of a path may be to stand in the log without being a word of ours: a session's
/// code is shorter, and the secret of a link longer.
const SHORT: usize = 16;

/// A path without anything that could open something, whatever it looks like: routes match what is
/// well-formed, and mail programs mangle addresses. A word of ours stays; behind a private link
/// nothing else does, and elsewhere only what is short and plain.
fn masked(path: &str, is_ours: impl Fn(&str) -> bool) -> String {
    let path = decoded(path);
    let mut is_behind = false;
    let mut shown = String::new();
    for part in path.split(['/', '\\']).filter(|part| !part.is_empty()) {
        let is_plain = part.len() <= SHORT
            && part.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'));
        let stays = is_ours(part) || (is_plain && !is_behind);
        shown.push('/');
        shown.push_str(if stays { part } else { "***" });
        let bare = part.trim_matches(|c: char| !c.is_ascii_alphanumeric()).to_ascii_lowercase();
        is_behind |= PRIVATE.contains(&bare.as_str());
    }
    if shown.is_empty() { "/".to_owned() } else { shown }
}

/// A path as it was meant, where somebody encoded it, even twice.
fn decoded(path: &str) -> String {
    let mut path = path.to_owned();
    for _ in 0..3 {
        let once = rocket::http::RawStr::new(&path).percent_decode_lossy().into_owned();
        if once == path {
            break;
        }
        path = once;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdefghjkmnpqrs";

    fn shown(path: &str) -> String {
        let words = ["r", "places", "feeds", "p", "sessions", "register", "static"];
        masked(&path.replace("SECRET", SECRET), |word| words.contains(&word))
    }

    #[test]
    fn private_links_never_reach_the_log_however_they_are_mangled() {
        assert_eq!(shown("/r/SECRET/places/1"), "/r/***/places/***");
        assert_eq!(shown("/feeds/p/SECRET.ics"), "/feeds/p/***");
        for path in [
            "/r/SECRET.",
            "/r/SECRET)",
            "/r/SECRET%3E",
            "//r//SECRET",
            "/R/SECRET",
            "/%72/SECRET",
            "/%2572/SECRET",
            "/r%2FSECRET",
            "/r/01234567/89abcdef",
            "/x/SECRET",
            "/SECRET",
            "/rSECRET",
            "\\r\\SECRET",
        ] {
            let line = shown(path);
            assert!(!line.contains("01234567"), "{path}: {line}");
        }
    }

    #[test]
    fn what_anybody_may_see_stays_readable() {
        assert_eq!(shown("/sessions/S001/register"), "/sessions/S001/register");
        assert_eq!(shown("/wp-login.php"), "/wp-login.php");
        assert_eq!(shown("/"), "/");
    }
}
