//! What a failed conversation means for the letter.

use std::{error::Error as _, io};

use lettre::transport::smtp;
use tokio_rustls::rustls::{self, CertificateError};

use super::super::DeliveryError;

/// What is said of a server that cannot do what a letter needs.
const LACKING: &str = "the mail server lacks something that sending needs";

/// A letter that this server cannot take; another, or a newer one, may.
pub(super) fn lacking() -> DeliveryError {
    DeliveryError::Temporary(LACKING.to_owned())
}

/// Whether trying again may help. Says the server's codes but never its words, which often repeat
/// the address.
pub(super) fn classify(error: &smtp::Error) -> DeliveryError {
    let Some(status) = error.status() else {
        return DeliveryError::Temporary(unanswered(error));
    };
    let status = status.to_string();
    let detail = error.source().map(ToString::to_string).unwrap_or_default();
    let said = match detail.split_whitespace().next().filter(|word| is_enhanced(word)) {
        Some(enhanced) => format!("the mail server answered {status} {enhanced}"),
        None => format!("the mail server answered {status}"),
    };
    // A refused password is the office's to mend (RFC 4954 6), and no letter's fault.
    let is_sign_in = matches!(status.as_str(), "530" | "534" | "535" | "538");
    if is_sign_in {
        DeliveryError::Held(said)
    } else if error.is_permanent() {
        DeliveryError::Permanent(said)
    } else {
        DeliveryError::Temporary(said)
    }
}

/// What is said of a server that took leave before a letter was named.
pub(super) fn refused_us(host: &str, error: &smtp::Error) -> String {
    if let Some(words) = certificate_in(host, error) {
        return words;
    }
    let (DeliveryError::Temporary(said)
    | DeliveryError::Permanent(said)
    | DeliveryError::Held(said)) = classify(error);
    said
}

/// What is said of a server that cannot be reached, or not in a way that can be trusted.
pub(super) fn unreachable(host: &str, error: &io::Error) -> String {
    if let Some(words) = certificate_in(host, error) {
        return words;
    }
    match error.kind() {
        io::ErrorKind::InvalidData => "the mail server's certificate or encryption failed".into(),
        kind => format!("the mail server cannot be reached: {kind}"),
    }
}

/// What is wrong with a certificate, if that is the cause.
fn certificate_in(host: &str, error: &(dyn std::error::Error + 'static)) -> Option<String> {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if let Some(rustls::Error::InvalidCertificate(fault)) = error.downcast_ref() {
            return Some(format!("the certificate of {host} {}", certificate(fault)));
        }
        // What an error of the wire wraps is not called its source.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        cause = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    None
}

fn certificate(fault: &CertificateError) -> String {
    match fault {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "is not valid yet".to_owned()
        }
        CertificateError::NotValidForName => "is for another name".to_owned(),
        CertificateError::NotValidForNameContext { presented, .. } => {
            // As in `DnsName("mail.example")`.
            let names = presented.iter().map(|name| match name.split('"').nth(1) {
                Some(inner) => inner.to_owned(),
                None => name.clone(),
            });
            format!("is for {}", names.collect::<Vec<_>>().join(", "))
        }
        CertificateError::UnknownIssuer => {
            "is not trusted: no authority that we know signed it".to_owned()
        }
        CertificateError::Revoked => "was revoked".to_owned(),
        _ => "is not trusted".to_owned(),
    }
}

/// Whether a word is an enhanced status code, such as `5.1.1` (RFC 3463).
fn is_enhanced(word: &str) -> bool {
    let is_number = |part: &str| {
        (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    word.split('.').count() == 3 && word.split('.').all(is_number)
}

/// What went wrong when no status code came.
fn unanswered(error: &smtp::Error) -> String {
    let mut cause = error.source();
    while let Some(source) = cause {
        if let Some(io) = source.downcast_ref::<io::Error>() {
            return format!("the mail server cannot be reached: {}", io.kind());
        }
        cause = source.source();
    }
    match error {
        _ if error.is_tls() => "the mail server's certificate or encryption failed",
        _ if error.is_response() => "the mail server's answer could not be understood",
        _ if error.is_client() => LACKING,
        _ => "the connection to the mail server failed",
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_is_not_good_is_said_to_be_so() {
        let said = |fault: CertificateError| {
            let error = rustls::Error::InvalidCertificate(fault);
            unreachable("mail.example", &io::Error::new(io::ErrorKind::InvalidData, error))
        };
        assert_eq!(said(CertificateError::Expired), "the certificate of mail.example has expired");
        let other = CertificateError::NotValidForNameContext {
            expected: "mail.example".try_into().unwrap(),
            presented: vec!["DnsName(\"www.example\")".to_owned()],
        };
        assert_eq!(said(other), "the certificate of mail.example is for www.example");
        let unknown = said(CertificateError::UnknownIssuer);
        assert!(unknown.starts_with("the certificate of mail.example is not trusted"), "{unknown}");
    }
}
