//! What a failed conversation means for the letter.

use std::{error::Error as _, io};

use lettre::transport::smtp;

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
    if error.is_permanent() && !is_sign_in {
        DeliveryError::Permanent(said)
    } else {
        DeliveryError::Temporary(said)
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
