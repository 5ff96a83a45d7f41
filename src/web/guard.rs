//! Who asks: a guard type per right.

use std::{marker::PhantomData, ops::Deref};

use rocket::{
    Request, State,
    http::Status,
    request::{FromRequest, Outcome},
};

use crate::{
    actions::staff::{passkeys::are_demanded, sign_in::signed_in_with},
    domain::{
        audit::Actor,
        id::AllianceSlug,
        permission::{Permission, allows, allows_everywhere, allows_in, allows_somewhere},
        session::Session,
        staff::{Role, StaffMember},
    },
    store::{StoreError, passkeys},
    token::Token,
    web::{Desk, failure::Failure},
};

/// The request comes from a page of ours: every route that changes something takes this guard.
///
/// Browsers say where a request comes from in `Sec-Fetch-Site`, which pages cannot forge; where a
/// browser is too old to, `Origin` must name this host. SameSite cookies are a second lock.
#[derive(Debug, Clone, Copy)]
pub struct SameOrigin;

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SameOrigin {
    type Error = &'static str;

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, &'static str> {
        let headers = request.headers();
        let trusted = match headers.get_one("Sec-Fetch-Site") {
            Some(site) => site == "same-origin" || site == "none",
            // Neither header: not a browser, so nobody's cookies ride along.
            None => headers.get_one("Origin").is_none_or(|origin| is_ours(request, origin)),
        };
        if trusted {
            Outcome::Success(Self)
        } else {
            Outcome::Error((Status::Forbidden, "this request comes from another site"))
        }
    }
}

/// Whether an `Origin` (RFC 6454 7) is this site: the address people know it by, since a proxy may
/// rewrite `Host`, or the host that was asked, for a site that is tried under another name.
fn is_ours(request: &Request<'_>, origin: &str) -> bool {
    let host = request.headers().get_one("Host");
    let is_asked = origin.split_once("://").is_some_and(|(_, rest)| Some(rest) == host);
    let desk = request.rocket().state::<Desk>();
    is_asked || desk.is_some_and(|desk| desk.ctx.letterhead.base_url == origin)
}

/// The name of the cookie that says who is signed in.
pub const SIGN_IN_COOKIE: &str = "turnout-sign-in";

/// Somebody who is signed in, with the token that says so.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub member: StaffMember,
    /// The secret in their cookie.
    pub token: Token,
    /// Whether more than a letter let them in.
    pub is_strong: bool,
}

impl SignedIn {
    /// Whether they must add a passkey before they do anything else.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn lacks_passkey(&self, desk: &Desk) -> Result<bool, StoreError> {
        let is_administrator = self.member.role == Role::Administrator;
        Ok(is_administrator && !self.is_strong && are_demanded(&desk.ctx).await?)
    }

    /// Whether they may add a passkey: whoever needs one and has one signs in with it first, so that
    /// whoever reads an administrator's letters cannot add one of her own.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn may_add_passkey(&self, desk: &Desk) -> Result<bool, StoreError> {
        if !self.lacks_passkey(desk).await? {
            return Ok(true);
        }
        let mut conn = desk.ctx.store.read().await?;
        Ok(passkeys::of(&mut conn, &self.member.login).await?.is_empty())
    }
}

/// What whoever sent a request must be allowed, for the page that refuses it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needed(pub Option<Permission>);

/// Said of a request whose sender must add a passkey first.
#[derive(Debug, Clone, Copy, Default)]
pub struct PasskeyFirst(pub bool);

/// The same, also where a letter let in an administrator who needs a passkey: it opens her own account, so
/// that she can add one, and nothing else.
#[derive(Debug, Clone)]
pub struct LetIn(SignedIn);

impl Deref for LetIn {
    type Target = SignedIn;

    fn deref(&self) -> &SignedIn {
        &self.0
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for LetIn {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match request.local_cache_async(async { find_signed_in(request).await }).await {
            Ok(Some(found)) => Outcome::Success(Self(found.clone())),
            Ok(None) => Outcome::Error((Status::Unauthorized, ())),
            Err(()) => Outcome::Error((Status::ServiceUnavailable, ())),
        }
    }
}

#[rocket::async_trait]
impl<'r> FromRequest<'r> for SignedIn {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        let LetIn(who) = match request.guard::<LetIn>().await {
            Outcome::Success(who) => who,
            Outcome::Error(error) => return Outcome::Error(error),
            Outcome::Forward(status) => return Outcome::Forward(status),
        };
        let Outcome::Success(desk) = request.guard::<&State<Desk>>().await else {
            return Outcome::Error((Status::ServiceUnavailable, ()));
        };
        match who.lacks_passkey(desk).await {
            Ok(false) => Outcome::Success(who),
            Ok(true) => {
                request.local_cache(|| PasskeyFirst(true));
                Outcome::Error((Status::Unauthorized, ()))
            }
            Err(error) => {
                log::error!("whether a passkey is needed could not be read: {error}");
                Outcome::Error((Status::ServiceUnavailable, ()))
            }
        }
    }
}

async fn find_signed_in(request: &Request<'_>) -> Result<Option<SignedIn>, ()> {
    let Outcome::Success(desk) = request.guard::<&State<Desk>>().await else { return Err(()) };
    let cookies = request.cookies();
    let plain = cookies.get(SIGN_IN_COOKIE).and_then(|cookie| cookie.value().parse::<Token>().ok());
    // Versions before sealed it with a key.
    let sealed = || cookies.get_private(SIGN_IN_COOKIE)?.value().parse::<Token>().ok();
    let Some(token) = plain.or_else(sealed) else {
        return Ok(None);
    };
    let found = signed_in_with(&desk.ctx, &token).await.map_err(|error: StoreError| {
        log::error!("who is signed in could not be read: {error}");
    })?;
    Ok(found.map(|(member, is_strong)| SignedIn { member, token, is_strong }))
}

/// A right as a type, so that a handler's signature says what it asks for.
pub trait Right: Send + Sync + 'static {
    /// The row of the table in [`crate::domain::permission`].
    const PERMISSION: Permission;
}

macro_rules! rights {
    ($($name:ident),+ $(,)?) => {$(
        #[doc = concat!("See [`Permission::", stringify!($name), "`].")]
        #[derive(Debug, Clone, Copy)]
        pub enum $name {}

        impl Right for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}
rights!(
    CheckIn,
    WatchSessions,
    PlanSessions,
    DecideRequests,
    ManageBookings,
    MessagePeople,
    ReadLetters,
    ReadAudit,
    ManagePeople,
    ManageInstitutions,
    ImportFiles,
    ManageCourses,
    ManageAlliances,
    ManageAccounts,
);

/// Somebody signed in whose role may do `R` somewhere. Where exactly, the handler asks with
/// [`Granted::on`] or [`Granted::within`] once it knows what the request is about.
#[derive(Debug, Clone)]
pub struct Granted<R> {
    /// Who.
    pub member: StaffMember,
    right: PhantomData<R>,
}

impl<R: Right> Granted<R> {
    /// Goes on only if they may do it on this session.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn on(&self, session: &Session) -> Result<(), Failure> {
        granted(allows(&self.member, R::PERMISSION, session))
    }

    /// Goes on only if they may do it in this alliance.
    ///
    /// # Errors
    /// [`Failure::Forbidden`].
    pub fn within(&self, alliance: &AllianceSlug) -> Result<(), Failure> {
        granted(self.reaches(alliance))
    }

    /// Whether they may do it in this alliance.
    pub fn reaches(&self, alliance: &AllianceSlug) -> bool {
        allows_in(&self.member, R::PERMISSION, alliance)
    }

    /// Whether they may do it in every alliance, and where there is none.
    pub fn reaches_everything(&self) -> bool {
        allows_everywhere(&self.member, R::PERMISSION)
    }

    /// Who acts, for the audit log.
    pub fn actor(&self) -> Actor {
        Actor::Staff(self.member.login.clone())
    }
}

fn granted(may: bool) -> Result<(), Failure> {
    if may { Ok(()) } else { Err(Failure::Forbidden) }
}

#[rocket::async_trait]
impl<'r, R: Right> FromRequest<'r> for Granted<R> {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        request.local_cache(|| Needed(Some(R::PERMISSION)));
        match request.guard::<SignedIn>().await {
            Outcome::Success(who) if allows_somewhere(&who.member, R::PERMISSION) => {
                Outcome::Success(Self { member: who.member, right: PhantomData })
            }
            Outcome::Success(_) => Outcome::Error((Status::Forbidden, ())),
            Outcome::Error(error) => Outcome::Error(error),
            Outcome::Forward(status) => Outcome::Forward(status),
        }
    }
}
