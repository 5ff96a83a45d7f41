//! What a release insists on before it serves: the defaults of somebody who tries it out would harm
//! those who book.

use std::net::IpAddr;

use rocket::figment::Figment;
use url::{Host, Url};

use super::{Config, ConfigError, keys::expected};

impl Config {
    /// Refuses what is good enough to try the program with, and not to run it.
    ///
    /// # Errors
    /// [`ConfigError`], naming the first key that must be set.
    pub fn refuse_unsafe(&self, figment: &Figment) -> Result<(), ConfigError> {
        let fault =
            |key: &str, message: String| Err(ConfigError::Invalid { key: key.to_owned(), message });
        if figment.extract_inner::<String>("secret_key").is_err() {
            let message = "is missing; make one with `openssl rand -base64 32`".to_owned();
            return fault("ROCKET_SECRET_KEY", message);
        }
        if self.public_url.is_empty() {
            let message = format!("is missing; write {}", expected("public_url"));
            return fault("TURNOUT_PUBLIC_URL", message);
        }
        if !Self::names("mail") {
            let message = format!("is missing; write {}", expected("mail"));
            return fault("TURNOUT_MAIL", message);
        }
        if is_in_clear(&self.mail) {
            let message = "would send letters, and the links in them, in clear to another machine; \
                           write smtp://…?tls=required or smtps://…";
            return fault("TURNOUT_MAIL", message.to_owned());
        }
        let sample = Self::default();
        if self.mail_from == sample.mail_from || self.mail_from.ends_with("@turnout.example") {
            let message = "is the sample's; write the address your letters come from".to_owned();
            return fault("TURNOUT_MAIL_FROM", message);
        }
        if digits(&self.office_phone) == digits(&sample.office_phone) {
            let message = "is the sample's; write the number people may ring".to_owned();
            return fault("TURNOUT_OFFICE_PHONE", message);
        }
        Ok(())
    }
}

fn digits(phone: &str) -> String {
    phone.chars().filter(char::is_ascii_digit).collect()
}

/// Whether letters would cross a network as anybody on it may read them.
fn is_in_clear(mail: &str) -> bool {
    let Ok(url) = Url::parse(mail.trim()) else { return false };
    let is_plain = url.scheme() == "smtp" && !url.query_pairs().any(|(key, _)| key == "tls");
    let is_here = match url.host() {
        // Not one of the schemes whose hosts are read as addresses.
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            name.eq_ignore_ascii_case("localhost")
                || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    is_plain && !is_here
}

#[cfg(test)]
mod tests {
    use super::is_in_clear;

    #[test]
    fn mail_crosses_a_network_encrypted_or_not_at_all() {
        for clear in
            ["smtp://mail.example.org", "smtp://u:p@mail.example.org:587", "smtp://10.0.0.1"]
        {
            assert!(is_in_clear(clear), "{clear}");
        }
        for safe in [
            "smtp://localhost:25",
            "smtp://127.0.0.1",
            "smtp://[::1]:25",
            "smtp://mail.example.org:587?tls=required",
            "smtps://mail.example.org",
            "folder:/var/lib/turnout/mail",
        ] {
            assert!(!is_in_clear(safe), "{safe}");
        }
    }
}
