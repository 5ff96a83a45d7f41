//! Headers every answer carries, and the one log line every request leaves.

use rocket::{
    Data, Request, Responder, Response,
    fairing::{Fairing, Info, Kind},
    http::{Header, Method, Status},
};

const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                   form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The policy of pages whose script fetches from us: the door, which sends taps by itself, and
/// wherever a passkey is asked for.
pub const FETCHING_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

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

/// Security and cache headers. What a handler set itself stays.
pub struct SafeHeaders;

#[rocket::async_trait]
impl Fairing for SafeHeaders {
    fn info(&self) -> Info {
        Info { name: "safe headers", kind: Kind::Response }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        let path = request.uri().path();
        let private = is_private(path.as_str());
        let status = response.status();
        if status == Status::TooManyRequests {
            let wait = request.local_cache(super::limits::Wait::default).0;
            response.set_header(Header::new("Retry-After", wait.to_string()));
        }
        if status == Status::ServiceUnavailable {
            response.set_header(Header::new("Retry-After", AWAY));
        }
        let mut set = |name: &'static str, value: &'static str| {
            if !response.headers().contains(name) {
                response.set_header(Header::new(name, value));
            }
        };
        if status == Status::NotModified {
            // What the asker has came with the rest (RFC 9110 15.4.5).
            set("Cache-Control", "no-cache");
            return;
        }
        set("Content-Security-Policy", CSP);
        set("X-Content-Type-Options", "nosniff");
        set("X-Frame-Options", "DENY");
        set("Permissions-Policy", "camera=(), geolocation=(), microphone=()");
        set("Cross-Origin-Opener-Policy", "same-origin");
        if private {
            set("Referrer-Policy", "no-referrer");
            set("X-Robots-Tag", "noindex");
            set("Cache-Control", "no-store");
        } else {
            set("Referrer-Policy", "same-origin");
            set("Cache-Control", "no-cache");
        }
    }
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
        "/feeds/p/",
    ]
    .iter()
    .any(|start| path.starts_with(start))
        || path.contains("/register")
}

/// One line for each request, with private links masked and nothing about the person.
pub struct AccessLog;

#[rocket::async_trait]
impl Fairing for AccessLog {
    fn info(&self) -> Info {
        Info { name: "access log", kind: Kind::Request | Kind::Response }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        if request.method() == Method::Head {
            request.set_method(Method::Head);
        }
    }

    async fn on_response<'r>(&self, request: &'r Request<'_>, response: &mut Response<'r>) {
        // What stands in the line is worked out only where somebody reads it.
        tracing::info!(
            target: "turnout::access",
            method = %request.method(),
            path = masked(request.uri().path().as_str()),
            status = response.status().code,
            "answered",
        );
    }
}

/// A path with every segment that could be a secret replaced.
fn masked(path: &str) -> String {
    let secret = |segment: &str| {
        let name = segment.trim_end_matches(".ics");
        name.len() >= 20 && name.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    path.split('/')
        .map(|segment| if secret(segment) { "***" } else { segment })
        .collect::<Vec<_>>()
        .join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_links_never_reach_the_log() {
        let secret = "0123456789abcdefghjkmnpqrs";
        assert_eq!(masked(&format!("/r/{secret}/places/1")), "/r/***/places/1");
        assert_eq!(masked(&format!("/feeds/p/{secret}.ics")), "/feeds/p/***");
        assert_eq!(masked("/sessions/S001/register"), "/sessions/S001/register");
    }
}
