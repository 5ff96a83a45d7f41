//! What an alliance's letters say in its own words: columns of the alliance.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{StoreError, Tx};
use crate::domain::{
    contact::EmailAddress,
    id::AllianceSlug,
    letter_wording::{AllianceLetters, LetterWording, WordedLetter},
};

statements! {
    SET_LETTERS =
        "update alliances set letters_signature = $2, letters_reply_to = $3, letter_wording = $4
         where slug = $1";
}

/// The words of one letter, as the column has them.
#[derive(Default, Serialize, Deserialize)]
struct Words {
    subject: Option<String>,
    opening: Option<String>,
    closing: Option<String>,
}

/// What the columns hold. A letter that is known no more is left out.
pub(super) fn letters(
    slug: &str,
    (signature, reply_to, wording): (Option<String>, Option<&str>, Option<&str>),
) -> Result<AllianceLetters, StoreError> {
    let unreadable = |_| StoreError::Corrupt {
        table: "alliances",
        column: "letter_wording",
        row: slug.to_owned(),
    };
    let stored: BTreeMap<String, Words> = match wording {
        None | Some("") => BTreeMap::new(),
        Some(text) => serde_json::from_str(text).map_err(unreadable)?,
    };
    let read = |(letter, words): (String, Words)| {
        let letter: WordedLetter = letter.parse().ok()?;
        let Words { subject, opening, closing } = words;
        Some((letter, LetterWording { subject, opening, closing }))
    };
    let wordings = stored.into_iter().filter_map(read).collect();
    Ok(AllianceLetters { signature, reply_to: reply_to.map(EmailAddress::stored), wordings })
}

/// Writes what the letters of an alliance say, which is locked.
pub async fn set(
    tx: &mut Tx,
    slug: &AllianceSlug,
    letters: &AllianceLetters,
) -> Result<(), StoreError> {
    let words = letters.wordings.iter().filter(|(_, wording)| !wording.is_original());
    let words: BTreeMap<&str, Words> = words
        .map(|(letter, wording)| {
            let LetterWording { subject, opening, closing } = wording.clone();
            (letter.as_str(), Words { subject, opening, closing })
        })
        .collect();
    let wording = serde_json::to_string(&words);
    let wording = wording.map_err(|error| sqlx::Error::Encode(Box::new(error)))?;
    let wording = (!words.is_empty()).then_some(wording);
    let reply_to = letters.reply_to.as_ref().map(EmailAddress::as_str);
    let signature = letters.signature.as_deref();
    SET_LETTERS.run(tx, (slug.as_str(), signature, reply_to, wording.as_deref())).await?;
    Ok(())
}
