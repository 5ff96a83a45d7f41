//! Headers every answer carries.

use rocket::{
    Request, Responder, Response,
    fairing::{Fairing, Info, Kind},
    http::{Header, Status},
};

use super::Desk;

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                   manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of pages whose script fetches from us: the door, which sends taps by itself, and
/// wherever a passkey is asked for.
pub const FETCHING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of what may stand in a frame on any site: it runs no script and sends no form.
const FRAMED: &str = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors *";

/// A page whose script may fetch from us.
#[derive(Debug, Responder)]
pub struct Fetching<T> {
    page: T,
    policy: Header<'static>,
}

impl<T> From<T> for Fetching<T> {
    fn from(page: T) -> Self {
        Self { page, policy: Header::new("Content-Security-Policy", FETCHING_POLICY) }
    }
}

/// After how many seconds to ask again, where the database is away.
const AWAY: &str = "30";

/// What a page may use of the device it is shown on: nothing.
const DEVICE: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";

/// For how long browsers come back by https alone (RFC 6797): a year.
const HTTPS_ALONE: &str = "max-age=31536000";

/// Security and cache headers. What a handler set itself stays, but that no failure is ever kept.
pub struct SafeHeaders;

#[rocket::async_trait]
impl Fairing for SafeHeaders {
    fn info(&self) -> Info {
        Info { name: "safe headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        dress(request, response);
    }
}

/// Puts on an answer what every answer carries. Twice is as once.
pub(super) fn dress(request: &Request<'_>, response: &mut Response<'_>) {
    let status = response.status();
    if status == Status::TooManyRequests {
        let wait = request.local_cache(super::limits::Wait::default).0;
        response.set_header(Header::new("Retry-After", wait.to_string()));
    }
    if status == Status::ServiceUnavailable {
        response.set_header(Header::new("Retry-After", AWAY));
    }
    if status.code >= 400 {
        response.set_header(Header::new("Cache-Control", "no-store"));
    }
    let mut set = |name: &'static str, value: &'static str| {
        if !response.headers().contains(name) {
            response.set_header(Header::new(name, value));
        }
    };
    if may_be_framed(request.uri().path().as_str(), status) {
        set("Content-Security-Policy", FRAMED);
    } else {
        set("Content-Security-Policy", CSP);
        set("X-Frame-Options", "DENY");
    }
    set("X-Content-Type-Options", "nosniff");
    set("Permissions-Policy", DEVICE);
    set("Cross-Origin-Opener-Policy", "same-origin");
    let desk = request.rocket().state::<Desk>();
    if desk.is_some_and(|desk| desk.ctx.letterhead.base_url.starts_with("https://")) {
        set("Strict-Transport-Security", HTTPS_ALONE);
    }
    if is_private(request.uri().path().as_str()) {
        set("Referrer-Policy", "no-referrer");
        set("X-Robots-Tag", "noindex");
        set("Cache-Control", "no-store");
    } else {
        set("Referrer-Policy", "same-origin");
        // What the asker of a 304 has came with the rest (RFC 9110 15.4.5).
        set("Cache-Control", "no-cache");
    }
}

/// Whether an answer may stand in a frame on another site: the embeds, and nothing else.
fn may_be_framed(path: &str, status: Status) -> bool {
    path.starts_with("/embed/") && (status == Status::Ok || status == Status::NotModified)
}

/// Whether a path leads behind a private link or a sign-in (P3).
fn is_private(path: &str) -> bool {
    [
        "/r/",
        "/p/",
        "/e/",
        "/sign-in",
        "/sign-out",
        "/account",
        "/trainer",
        "/office",
        "/mailbox",
        "/offers/",
        "/certificates/",
        "/my-data/",
        "/path/",
        "/helper/",
        "/feeds/p/",
        "/stop/",
        "/sheets/",
        "/invited/",
        "/interest/",
    ]
    .iter()
    .any(|start| path.starts_with(start))
        || path.contains("/register")
        || path.ends_with("/waiting-list")
}
