//! Telling systemd that the program can be asked, and that it lives: `sd_notify(3)`, without its
//! library. Where nothing supervises us, nothing is told.

use std::time::Duration;

use rocket::fairing::AdHoc;

/// Says `READY=1` once the port is open, and from then on that the program lives, twice within the
/// time after which the supervisor would replace it.
pub(super) fn fairing() -> AdHoc {
    AdHoc::on_liftoff("tell the supervisor", |_| {
        Box::pin(async {
            tell("READY=1");
            if let Some(every) = watchdog() {
                tokio::spawn(async move {
                    let mut beat = tokio::time::interval(every);
                    loop {
                        beat.tick().await;
                        tell("WATCHDOG=1");
                    }
                });
            }
        })
    })
}

/// How often to say that the program lives.
fn watchdog() -> Option<Duration> {
    let micros: u64 = std::env::var("WATCHDOG_USEC").ok()?.parse().ok()?;
    let is_for_us = std::env::var("WATCHDOG_PID")
        .map_or(true, |process| process == std::process::id().to_string());
    (is_for_us && micros > 0).then(|| Duration::from_micros(micros / 2))
}

/// Whoever supervises us may have gone away; that stops nothing here.
#[cfg(target_os = "linux")]
fn tell(state: &str) {
    if let Some(path) = std::env::var_os("NOTIFY_SOCKET")
        && let Err(error) = send(&path, state)
    {
        log::warn!("the supervisor could not be told {state}: {error}");
    }
}

#[cfg(not(target_os = "linux"))]
fn tell(_: &str) {}

#[cfg(target_os = "linux")]
fn send(path: &std::ffi::OsStr, state: &str) -> std::io::Result<()> {
    use std::os::{
        linux::net::SocketAddrExt,
        unix::{
            ffi::OsStrExt,
            net::{SocketAddr, UnixDatagram},
        },
    };
    let address = match path.as_bytes() {
        [b'@', name @ ..] => SocketAddr::from_abstract_name(name)?,
        _ => SocketAddr::from_pathname(path)?,
    };
    let socket = UnixDatagram::unbound()?;
    socket.set_nonblocking(true)?;
    socket.send_to_addr(state.as_bytes(), &address)?;
    Ok(())
}
