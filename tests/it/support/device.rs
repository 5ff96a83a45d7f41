//! A phone with a passkey on it: somebody else's implementation of what browsers and
//! authenticators do (Web Authentication, CTAP2), so that ours is not tested against itself.

use passkey::{
    authenticator::{Authenticator, UiHint, UserCheck, UserValidationMethod},
    client::{Client, DefaultClientData, WebauthnError},
    crypto::rust_crypto::RustCryptoBackend,
    types::{
        Passkey,
        ctap2::{Aaguid, Ctap2Error},
        webauthn::{CredentialCreationOptions, CredentialRequestOptions},
    },
};
use serde_json::{Value, json};
use url::Url;

/// Where Turnout is, as browsers see it.
pub const OURS: &str = "https://turnout.example";

/// Whoever holds the phone: it asks for a finger each time, or believes whoever picks it up.
#[derive(Debug, Clone, Copy)]
struct Holder {
    shows_finger: bool,
}

#[rocket::async_trait]
impl UserValidationMethod for Holder {
    type PasskeyItem = Passkey;

    async fn check_user<'a>(
        &self,
        hint: UiHint<'a, Passkey>,
        _: bool,
        _: bool,
    ) -> Result<UserCheck, Ctap2Error> {
        if let UiHint::InformExcludedCredentialFound(_) = hint {
            return Err(Ctap2Error::CredentialExcluded);
        }
        Ok(UserCheck { presence: true, verification: self.shows_finger })
    }

    fn is_verification_enabled(&self) -> Option<bool> {
        Some(true)
    }

    fn is_presence_enabled(&self) -> bool {
        true
    }
}

/// A phone that keeps one passkey. A clone of it is a copied phone.
#[derive(Clone, Default)]
pub struct Device {
    key: Option<Passkey>,
}

impl Device {
    fn authenticator(
        &self,
        shows_finger: bool,
    ) -> Authenticator<Option<Passkey>, Holder, RustCryptoBackend> {
        let holder = Holder { shows_finger };
        let mut authenticator =
            Authenticator::new(Aaguid::new_empty(), self.key.clone(), holder, RustCryptoBackend);
        authenticator.set_make_credentials_with_signature_counter(true);
        authenticator
    }

    /// Makes a passkey for a challenge that a page at `origin` shows; the answer as JSON.
    pub async fn create(&mut self, origin: &str, options: Value) -> Result<String, WebauthnError> {
        let origin = Url::parse(origin).expect("an origin");
        let request: CredentialCreationOptions =
            serde_json::from_value(json!({ "publicKey": options })).expect("options for a device");
        let mut client = Client::new(self.authenticator(true));
        let answer = client.register(&origin, request, DefaultClientData).await?;
        self.key = client.authenticator().store().clone();
        Ok(serde_json::to_string(&answer).expect("an answer"))
    }

    /// Answers a challenge that a page at `origin` shows with the passkey; the answer as JSON.
    pub async fn answer(&mut self, origin: &str, options: Value) -> Result<String, WebauthnError> {
        self.answer_as(true, origin, options).await
    }

    /// The same by somebody whose finger the phone does not know, or did not ask for.
    pub async fn answer_without_finger(
        &mut self,
        origin: &str,
        options: Value,
    ) -> Result<String, WebauthnError> {
        self.answer_as(false, origin, options).await
    }

    async fn answer_as(
        &mut self,
        shows_finger: bool,
        origin: &str,
        options: Value,
    ) -> Result<String, WebauthnError> {
        let origin = Url::parse(origin).expect("an origin");
        let request: CredentialRequestOptions =
            serde_json::from_value(json!({ "publicKey": options })).expect("options for a device");
        let mut client = Client::new(self.authenticator(shows_finger));
        let answer = client.authenticate(&origin, request, DefaultClientData).await?;
        self.key = client.authenticator().store().clone();
        Ok(serde_json::to_string(&answer).expect("an answer"))
    }
}
