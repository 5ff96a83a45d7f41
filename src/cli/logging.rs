//! Where log lines go: standard error, each without anything that could open something.

use std::io::{self, Write};

use anyhow::bail;
use tracing_subscriber::{
    EnvFilter, Layer,
    filter::{FilterExt, filter_fn},
    fmt::{self, MakeWriter},
    layer::SubscriberExt,
    util::SubscriberInitExt,
};

use crate::{config::Config, domain::letter};

/// What is written unless `TURNOUT_LOG_LEVEL` says otherwise. The passkeys' library prints bytes that
/// anybody may send.
const USUAL: &str = "warn,turnout=info,webauthn_rs_core=off";

/// Begins to write log lines.
///
/// # Errors
/// `TURNOUT_LOG_LEVEL` is not a list of levels.
pub(super) fn to_terminal(config: &Config) -> anyhow::Result<()> {
    let levels = std::env::var("TURNOUT_LOG_LEVEL").unwrap_or_else(|_| USUAL.to_owned());
    let Ok(levels) = EnvFilter::builder().parse(levels) else {
        bail!(
            "TURNOUT_LOG_LEVEL: must be error, warn, info, debug or trace, or a list such as \
             warn,turnout=debug"
        );
    };
    let safe = filter_fn(|event| is_safe(event.target(), *event.level()));
    let lines = fmt::layer().with_writer(Masked);
    let lines = if config.log == "json" { lines.json().boxed() } else { lines.boxed() };
    let lines = lines.with_filter(levels.and(safe));
    // A second call, in tests, finds the logger set; that is as well.
    let _ = tracing_subscriber::registry().with(lines).try_init();
    Ok(())
}

/// Whether what a part of the program says may be read. Rocket prints addresses, private links
/// included, whether a route is ours or not, and so do its macros in our handlers; other libraries
/// print what they were sent at the levels for those who work on them.
fn is_safe(target: &str, level: tracing::Level) -> bool {
    let is_rockets = target.starts_with("rocket") || target.ends_with('_');
    let is_ours = target == "turnout" || target.starts_with("turnout::");
    !is_rockets && (is_ours || level <= tracing::Level::WARN)
}

/// Standard error, with what may be the secret of a link left out of every line: the words of a mail
/// server, or of an error, may quote one.
struct Masked;

impl<'a> MakeWriter<'a> for Masked {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        Self
    }
}

impl Write for Masked {
    /// Each line comes whole.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let shown = letter::without_secrets(&String::from_utf8_lossy(line));
        io::stderr().write_all(shown.as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// Has a panic leave a line as every other fault does.
pub(super) fn panics() {
    std::panic::set_hook(Box::new(|panic| tracing::error!("{panic}")));
}

#[cfg(test)]
mod tests {
    use tracing::Level;

    use super::is_safe;

    #[test]
    fn what_others_print_of_requests_is_not_read() {
        assert!(is_safe("turnout::access", Level::INFO));
        assert!(is_safe("turnout::web::failure", Level::DEBUG));
        assert!(is_safe("sqlx::pool", Level::WARN));
        assert!(!is_safe("rocket::server", Level::ERROR));
        assert!(!is_safe("rocket::server::_", Level::ERROR));
        assert!(!is_safe("turnout::web::leader::manage::_", Level::WARN));
        assert!(!is_safe("hyper::proto::h1", Level::TRACE));
        assert!(!is_safe("turnoutside", Level::TRACE));
    }
}
