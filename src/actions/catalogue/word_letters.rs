//! What an alliance's letters say in its own words. Letters that wait in the outbox keep what they said; those
//! that are written from now on say it otherwise.

use super::write_catalogue::Edit;
use crate::{
    actions::{ActionContext, edit::EditError},
    domain::{
        alliance::Alliance,
        audit::{Actor, AuditAction, AuditedRecord},
        edit::Drawn,
        id::AllianceSlug,
        letter_wording::{AllianceLetters, LetterManners, WordingOf},
    },
    store::{StoreError, Tx, catalogue, letter_wordings},
};

/// Chooses the words of one letter; without any, it is as it was.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn word_letter(
    ctx: &ActionContext,
    actor: &Actor,
    alliance: &AllianceSlug,
    sent: &WordingOf,
    drawn: Option<&Drawn>,
) -> Result<(), EditError<WordingOf>> {
    let mut tx = ctx.store.begin().await?;
    let mut letters = lock(&mut tx, alliance).await?.ok_or(EditError::NoSuch)?;
    let present = WordingOf { letter: sent.letter, wording: letters.of(sent.letter) };
    let edit = Edit { actor, drawn, present: &present, sent };
    let about = AuditedRecord::Alliance(alliance.clone());
    let kept = edit.write(ctx, &mut tx, (AuditAction::AllianceKept, about)).await?;
    letters.wordings.insert(kept.letter, kept.wording);
    letter_wordings::set(&mut tx, alliance, &letters).await?;
    Ok(tx.commit().await?)
}

/// Chooses who signs an alliance's letters, and who reads answers to them.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn sign_letters(
    ctx: &ActionContext,
    actor: &Actor,
    alliance: &AllianceSlug,
    sent: &LetterManners,
    drawn: Option<&Drawn>,
) -> Result<(), EditError<LetterManners>> {
    let mut tx = ctx.store.begin().await?;
    let letters = lock(&mut tx, alliance).await?.ok_or(EditError::NoSuch)?;
    let present =
        LetterManners { signature: letters.signature.clone(), reply_to: letters.reply_to.clone() };
    let edit = Edit { actor, drawn, present: &present, sent };
    let about = AuditedRecord::Alliance(alliance.clone());
    let kept = edit.write(ctx, &mut tx, (AuditAction::AllianceKept, about)).await?;
    let LetterManners { signature, reply_to } = kept;
    let letters = AllianceLetters { signature, reply_to, ..letters };
    letter_wordings::set(&mut tx, alliance, &letters).await?;
    Ok(tx.commit().await?)
}

async fn lock(tx: &mut Tx, slug: &AllianceSlug) -> Result<Option<AllianceLetters>, StoreError> {
    catalogue::lock_alliance(tx, slug).await?;
    let mut all = catalogue::alliances(tx).await?.into_iter();
    Ok(all.find(|one: &Alliance| one.slug == *slug).map(|one| one.words.letters))
}
