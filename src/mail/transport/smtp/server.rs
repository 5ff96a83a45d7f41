//! Where a mail server is and how it wants to be spoken to, read from a URL.

use lettre::transport::smtp::{
    authentication::Credentials, client::TlsParameters, extension::ClientId,
};
use url::Url;

use super::super::TransportUrlError;

/// How a conversation is kept from other ears.
pub(super) enum Encryption {
    /// Not at all: for a server on the same machine.
    None,
    /// With STARTTLS, where the server offers it.
    Opportunistic(TlsParameters),
    /// With STARTTLS, or there is no conversation.
    Required(TlsParameters),
    /// From the first byte.
    FromTheStart,
}

/// A mail server, and who we are to it.
pub(super) struct Server {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) encryption: Encryption,
    /// The name we introduce ourselves with.
    pub(super) hello: ClientId,
    pub(super) credentials: Option<Credentials>,
}

impl Server {
    /// Reads `smtp://USER:PASSWORD@HOST:PORT/NAME?tls=required`, where all but the host may be left
    /// out. The error does not repeat the URL, which holds a password.
    pub(super) fn from_url(text: &str) -> Result<Self, TransportUrlError> {
        let url = Url::parse(text).map_err(|_| TransportUrlError::Smtp)?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or(TransportUrlError::Smtp)?;
        let host = host.trim_matches(['[', ']']).to_owned();
        let tls = || TlsParameters::new(host.clone()).map_err(|_| TransportUrlError::Smtp);
        let asked = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value);
        let (encryption, usual_port) = match (url.scheme(), asked.as_deref()) {
            ("smtp", None) => (Encryption::None, 25),
            ("smtp", Some("opportunistic")) => (Encryption::Opportunistic(tls()?), 587),
            ("smtp", Some("required")) => (Encryption::Required(tls()?), 587),
            ("smtps", _) => (Encryption::FromTheStart, 465),
            _ => return Err(TransportUrlError::Smtp),
        };
        let name = url.path().trim_matches('/');
        Ok(Self {
            port: url.port().unwrap_or(usual_port),
            encryption,
            hello: match name {
                "" => ClientId::default(),
                name => ClientId::Domain(name.to_owned()),
            },
            credentials: url
                .password()
                .map(|password| Credentials::new(decoded(url.username()), decoded(password))),
            host,
        })
    }
}

/// What stands percent-encoded before the host. A plus is a plus here, not a space.
fn decoded(text: &str) -> String {
    let text = text.replace('+', "%2B").replace('&', "%26").replace('=', "%3D");
    form_urlencoded::parse(text.as_bytes()).map(|(text, _)| text.into_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_the_server_is_and_who_asks() {
        let server = Server::from_url("smtp://mail%40x:p%2Bq+r&s%3D@h/me?tls=required").unwrap();
        assert_eq!((server.host.as_str(), server.port), ("h", 587));
        assert_eq!(server.hello, ClientId::Domain("me".to_owned()));
        let expected = Credentials::new("mail@x".to_owned(), "p+q+r&s=".to_owned());
        assert!(server.credentials == Some(expected));
        let port = |url| Server::from_url(url).unwrap().port;
        assert_eq!([port("smtp://h"), port("smtps://h"), port("smtp://[::1]:26")], [25, 465, 26]);
    }
}
