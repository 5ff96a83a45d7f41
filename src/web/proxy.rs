//! A proxy on another machine that nobody told us of: the limits on floods would take its visitors for one.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use rocket::{
    Data, Request,
    fairing::{Fairing, Info, Kind},
};

use super::Desk;
use crate::actions::notice;

/// Notices when every visitor comes from one other machine, which says of whom it hands requests on, where no
/// setting says which header does. What a program on this machine hands on is understood without one.
#[derive(Default)]
pub struct ProxyWatch {
    seen: Mutex<Seen>,
}

/// From where requests came so far.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Seen {
    #[default]
    Nobody,
    /// All of them from here, where nothing was handed on.
    One(IpAddr),
    /// From several, or it was said already: there is nothing to look for any more.
    Enough,
}

impl Seen {
    /// Takes note of a request; whether it shows a proxy, once.
    fn note(&mut self, from: IpAddr, is_handed_on: bool) -> bool {
        match *self {
            Self::Nobody | Self::One(_) if from.is_loopback() => return false,
            Self::Enough => return false,
            Self::One(one) if one != from => *self = Self::Enough,
            Self::Nobody | Self::One(_) if is_handed_on => {
                *self = Self::Enough;
                return true;
            }
            Self::Nobody | Self::One(_) => *self = Self::One(from),
        }
        false
    }
}

/// What proxies say of whom they ask for.
const HANDED_ON: [&str; 2] = ["X-Forwarded-For", "Forwarded"];

#[rocket::async_trait]
impl Fairing for ProxyWatch {
    fn info(&self) -> Info {
        Info { name: "proxy watch", kind: Kind::Request }
    }

    async fn on_request(&self, request: &mut Request<'_>, _: &mut Data<'_>) {
        let Some(from) = request.remote().map(|remote| remote.ip().to_canonical()) else { return };
        if request.rocket().config().ip_header.is_some() {
            return;
        }
        let is_handed_on = HANDED_ON.iter().any(|name| request.headers().contains(name));
        let shows =
            self.seen.lock().unwrap_or_else(PoisonError::into_inner).note(from, is_handed_on);
        if !shows {
            return;
        }
        log::warn!("{}", notice::PROXY);
        let Some(desk) = request.rocket().state::<Desk>() else { return };
        if let Err(error) = notice::proxy_seen(&desk.ctx).await {
            log::warn!("that a proxy was seen could not be written down: {error}");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);
    const PROXY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    fn noted(requests: &[(IpAddr, bool)]) -> Vec<bool> {
        let mut seen = Seen::default();
        requests.iter().map(|(from, is_handed_on)| seen.note(*from, *is_handed_on)).collect()
    }

    #[test]
    fn one_machine_that_hands_everything_on_is_noticed_once() {
        let from_proxy = [(PROXY, false), (HERE, false), (PROXY, true), (PROXY, true)];
        assert_eq!(noted(&from_proxy), [false, false, true, false]);
    }

    #[test]
    fn neither_a_program_on_this_machine_nor_one_of_many_visitors_is() {
        assert_eq!(noted(&[(HERE, true), (HERE, true)]), [false; 2]);
        assert_eq!(noted(&[(PROXY, false), (OTHER, true), (PROXY, true)]), [false; 3]);
    }
}
