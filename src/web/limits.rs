//! Floods: how often one address may book, or ask for links. In memory, for this node; what one
//! e-mail may do is counted in the database, for all of them.

use std::{convert::Infallible, net::IpAddr, num::NonZeroU32, time::Duration};

use governor::{
    DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter, clock::Clock, clock::DefaultClock,
};
use rocket::{
    Request, State,
    http::Status,
    outcome::Outcome,
    request::{self, FromRequest},
};
use sha2::{Digest, Sha256};

use super::Desk;
use crate::token::TokenHash;

/// What an address may do only so often.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Hold places, book them, or join a waiting list.
    Booking,
    /// Ask for a link by e-mail, or sign in.
    Links,
    /// Ask whether a certificate is true.
    Checks,
}

/// The limits of this node. A school or a mosque books from one address, so they are generous.
pub struct Limits {
    booking: DefaultKeyedRateLimiter<IpAddr>,
    links: DefaultKeyedRateLimiter<IpAddr>,
    checks: DefaultKeyedRateLimiter<IpAddr>,
    feeds: DefaultKeyedRateLimiter<[u8; 32]>,
}

/// Addresses remembered before those that have been quiet are forgotten.
const REMEMBERED: usize = 10_000;

fn quota(tries: u32, within: Duration) -> Quota {
    let burst = NonZeroU32::new(tries).unwrap_or(NonZeroU32::MIN);
    Quota::with_period(within / tries).unwrap_or(Quota::per_second(burst)).allow_burst(burst)
}

impl Default for Limits {
    /// 60 bookings, 20 links and 30 checks of certificates from one address in ten minutes; 60 looks at a private feed in an
    /// hour, whoever looks.
    fn default() -> Self {
        let within = Duration::from_secs(600);
        Self {
            booking: RateLimiter::keyed(quota(60, within)),
            links: RateLimiter::keyed(quota(20, within)),
            checks: RateLimiter::keyed(quota(30, within)),
            feeds: RateLimiter::keyed(quota(60, Duration::from_secs(3600))),
        }
    }
}

impl Limits {
    /// Counts one try; how many seconds to wait where there were too many.
    fn count(&self, kind: Kind, address: IpAddr) -> Result<(), u64> {
        let limiter = match kind {
            Kind::Booking => &self.booking,
            Kind::Links => &self.links,
            Kind::Checks => &self.checks,
        };
        if limiter.len() > REMEMBERED {
            limiter.retain_recent();
        }
        limiter.check_key(&network(address)).map_err(|refused| seconds(&refused))
    }
}

impl Limits {
    /// Counts one look at a private feed; how many seconds to wait where there were too many.
    pub(super) fn count_feed(&self, feed: TokenHash) -> Result<(), u64> {
        if self.feeds.len() > REMEMBERED {
            self.feeds.retain_recent();
        }
        let refused = self.feeds.check_key(&feed.0);
        refused.map_err(|refused| seconds(&refused))
    }
}

fn seconds(refused: &NotUntil<<DefaultClock as Clock>::Instant>) -> u64 {
    refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1
}

/// The address itself, or the /64 that one household or phone has all of (RFC 6177).
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => match v6.to_ipv4_mapped() {
            Some(v4) => v4.into(),
            None => IpAddr::V6((v6.to_bits() >> 64 << 64).into()),
        },
    }
}

/// Seconds to wait, remembered for the `Retry-After` of the answer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Wait(pub(super) u64);

impl Default for Wait {
    /// Ten minutes, where an e-mail rather than an address was too busy.
    fn default() -> Self {
        Self(600)
    }
}

/// Whose tries are counted together. A program on this machine that hands requests on, and says for
/// whom, is a proxy: the last entry of its `X-Forwarded-For` is the one it saw itself, so nobody can
/// choose it. `ROCKET_IP_HEADER` wins, for a proxy on another machine.
fn address(request: &Request<'_>) -> Option<IpAddr> {
    let address = request.client_ip()?;
    let is_on_this_machine = request.remote().is_some_and(|remote| remote.ip().is_loopback());
    if !is_on_this_machine || request.real_ip().is_some() {
        return Some(address);
    }
    let forwarded = request.headers().get("X-Forwarded-For").last();
    let nearest = forwarded.and_then(|list| list.rsplit(',').next()?.trim().parse().ok());
    Some(nearest.unwrap_or(address))
}

async fn paced(request: &Request<'_>, kind: Kind) -> Outcome<(), (Status, ()), Status> {
    let desk = request.guard::<&State<Desk>>().await.succeeded();
    let limits = desk.and_then(|desk| desk.limits.as_ref());
    let (Some(limits), Some(address)) = (limits, address(request)) else {
        return Outcome::Success(());
    };
    match limits.count(kind, address) {
        Ok(()) => Outcome::Success(()),
        Err(seconds) => {
            request.local_cache(|| Wait(seconds));
            Outcome::Error((Status::TooManyRequests, ()))
        }
    }
}

/// Not too many bookings from this address.
pub struct BookingPace {
    /// A digest of the network that asks, where floods are counted.
    pub network: Option<String>,
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for BookingPace {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        let Network(network) = Network::of(request).await;
        paced(request, Kind::Booking).await.map(|()| Self { network })
    }
}

/// A digest of the network that asks, where floods are counted.
pub struct Network(pub Option<String>);

impl Network {
    async fn of(request: &Request<'_>) -> Self {
        let desk = request.guard::<&State<Desk>>().await.succeeded();
        let counts = desk.is_some_and(|desk| desk.limits.is_some());
        let digest = |address| {
            let digest = Sha256::digest(format!("network {}", network(address)));
            digest.iter().map(|byte| format!("{byte:02x}")).collect()
        };
        Self(address(request).filter(|_| counts).map(digest))
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for Network {
    type Error = Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Infallible> {
        Outcome::Success(Self::of(request).await)
    }
}

/// Not too many links asked for from this address.
pub struct LinkPace;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for LinkPace {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        paced(request, Kind::Links).await.map(|()| Self)
    }
}

/// Not too many certificates asked about from this address.
pub struct CheckPace;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for CheckPace {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, ()> {
        paced(request, Kind::Checks).await.map(|()| Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_is_slowed_and_others_are_not() {
        let limits = Limits::default();
        let one: IpAddr = "192.0.2.1".parse().expect("an address");
        let refused = (0..200).filter(|_| limits.count(Kind::Links, one).is_err()).count();
        assert!((179..=180).contains(&refused), "{refused}");
        let wait = limits.count(Kind::Links, one).expect_err("still too many");
        assert!((1..=31).contains(&wait), "{wait}");
        assert_eq!(limits.count(Kind::Booking, one), Ok(()));
        let other: IpAddr = "192.0.2.2".parse().expect("an address");
        assert_eq!(limits.count(Kind::Links, other), Ok(()));
    }

    #[test]
    fn a_household_with_many_ipv6_addresses_is_one_and_a_mapped_ipv4_is_itself() {
        let at = |text: &str| network(text.parse().expect("an address")).to_string();
        assert_eq!(at("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
        assert_eq!(at("::ffff:192.0.2.1"), "192.0.2.1");
    }
}
