//! Signing in with a passkey (Web Authentication Level 3, W3C): a key that stays on a phone, a
//! laptop or a security key and asks for its owner's finger, face or PIN. There is nothing to
//! type, nothing to forget, and nothing that works on another site.
//!
//! Each ceremony has two halves: a challenge, kept by us for five minutes and good for one answer,
//! and the answer, which the library checks against our origin.

mod enrol;
mod keep;
mod sign_in;

pub use enrol::{begin_enrolment, finish_enrolment};
pub use keep::{offer_once, remove_all_passkeys, remove_passkey, rename_passkey};
pub use sign_in::{begin_sign_in, finish_sign_in};

use chrono::Duration;
use serde::{Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::{
    actions::{ActionContext, Demand},
    domain::id::StaffLogin,
    store::{StoreError, passkeys},
    token::Token,
};

/// How long somebody has to answer a challenge.
const ANSWER_MINUTES: i64 = 5;

/// A challenge for the browser to answer.
#[derive(Debug)]
pub struct Ceremony {
    /// Comes back with the answer.
    pub token: Token,
    /// What `navigator.credentials` is asked, as JSON; bytes are base64url.
    pub options: serde_json::Value,
}

/// Why a passkey was not added, changed or believed.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// Browsers keep passkeys for names reached by HTTPS (and for localhost), not for numbers.
    #[error("passkeys need a public address with a name and https")]
    Unavailable,
    /// The challenge is unknown, answered or too old.
    #[error("the challenge is unknown, answered or too old")]
    TooLate,
    /// The answer is not one we believe.
    #[error("the answer was refused")]
    Refused,
    /// The key is in the list already.
    #[error("this passkey was added before")]
    AlreadyHere,
    /// Nobody has that many devices.
    #[error("there are too many passkeys")]
    TooMany,
    /// There is none like it.
    #[error("there is no such passkey")]
    NoSuchPasskey,
    /// The database did not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Whether passkeys can be used at our address.
pub fn are_available(ctx: &ActionContext) -> bool {
    relying_party(ctx).is_some()
}

/// Whether a passkey is demanded of administrators: an inbox that somebody else reads is not enough to
/// be one.
///
/// # Errors
/// [`StoreError`].
pub async fn are_demanded(ctx: &ActionContext) -> Result<bool, StoreError> {
    match ctx.sign_ins.passkeys {
        Demand::Never => Ok(false),
        _ if !are_available(ctx) => Ok(false),
        Demand::Always => Ok(true),
        Demand::OnceThereIsOne => {
            let mut conn = ctx.store.read().await?;
            passkeys::has_an_administrator(&mut conn).await
        }
    }
}

/// Us, as passkeys know us: the host of the public address. `None` where browsers would not have
/// it, since it is a number or not secure.
fn relying_party(ctx: &ActionContext) -> Option<Webauthn> {
    let origin = Url::parse(&ctx.letterhead.base_url).ok()?;
    let host = origin.domain()?;
    if origin.scheme() != "https" && host != "localhost" {
        return None;
    }
    WebauthnBuilder::new(host, &origin).ok()?.rp_name("Turnout").build().ok()
}

/// Keeps the state of a challenge, and gives the browser its half.
async fn open(
    ctx: &ActionContext,
    tx: &mut crate::store::Tx,
    login: Option<&StaffLogin>,
    state: &impl Serialize,
    options: serde_json::Value,
) -> Result<Ceremony, PasskeyError> {
    let state = serde_json::to_string(state).map_err(|_| PasskeyError::Refused)?;
    let token = ctx.token();
    let ends = ctx.now() + Duration::minutes(ANSWER_MINUTES);
    passkeys::open_ceremony(tx, token.hash(), login, &state, ctx.now(), ends).await?;
    Ok(Ceremony { token, options })
}

/// Takes a challenge out of the drawer, whatever the answer turns out to be worth.
async fn take<T: DeserializeOwned>(
    ctx: &ActionContext,
    token: &Token,
    login: Option<&StaffLogin>,
) -> Result<T, PasskeyError> {
    let mut tx = ctx.store.begin().await?;
    let state = passkeys::take_ceremony(&mut tx, token.hash(), login, ctx.now()).await?;
    tx.commit().await?;
    read(&state.ok_or(PasskeyError::TooLate)?)
}

/// Reads what a browser sent, or what we kept.
fn read<T: DeserializeOwned>(json: &str) -> Result<T, PasskeyError> {
    serde_json::from_str(json).map_err(|_| PasskeyError::Refused)
}
