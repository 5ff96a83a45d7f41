//! Somebody has everything a path asks for: her certificate is granted, and she is told.

use super::{put_on::PathError, send_link::new_link};
use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        certificate_number::CertificateNumber,
        id::{PathSlug, PersonId},
        letter::LetterKind,
        path::{PathStanding, tally},
    },
    mail::letters,
    store::{StoreError, outbox::About, path_learning, path_people, paths, people},
};

/// A number that nobody guesses.
fn number(ctx: &ActionContext) -> Result<CertificateNumber, StoreError> {
    let mut bytes = [0; 10];
    ctx.random.fill(&mut bytes);
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    let corrupt =
        |_| StoreError::Corrupt { table: "path_people", column: "certificate", row: String::new() };
    digits.parse().map_err(corrupt)
}

/// Grants the certificate of a path.
///
/// # Errors
/// [`PathError`]: something is missing, or it was granted before; then nothing changed.
pub async fn finish_path(
    ctx: &ActionContext,
    actor: &Actor,
    slug: &PathSlug,
    id: PersonId,
) -> Result<(), PathError> {
    let mut tx = ctx.store.begin().await?;
    let person = people::lock(&mut tx, id).await?.ok_or(PathError::NoSuchPerson)?;
    let on = path_people::on(&mut tx, slug, id).await?.ok_or(PathError::NotOnIt)?;
    if on.finished.is_some() {
        return Err(PathError::Finished);
    }
    let found = paths::find(&mut tx, slug).await?.ok_or(PathError::NotOnIt)?;
    let version = found.version(on.version).ok_or(PathError::NotOnIt)?;
    let hers = tally(&version.rules, &path_learning::of(&mut tx, id).await?);
    let rules = (&version.rules, found.path.quiet_months);
    if !PathStanding::of(rules, (&on, &hers), ctx.now().date_naive()).is_reached {
        return Err(PathError::NotReached);
    }
    let number = number(ctx)?;
    path_people::finish(&mut tx, on.id, &number, ctx.now()).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    let detail = Some(format!("{slug}, version {}", on.version));
    record(ctx, &mut tx, actor, AuditAction::PathFinished, subject, detail).await?;
    if let Some(email) = &person.email {
        let url = ctx.path_url(&new_link(ctx, &mut tx, id).await?);
        let facts = (found.path.name.as_str(), number.to_string());
        let facts = (facts.0, facts.1.as_str());
        let content = letters::path_finished(&ctx.letterhead, person.name.as_str(), facts, &url);
        let to = (Some(person.name.to_string()), email.clone());
        tell(ctx, &mut tx, LetterKind::PathFinished, to, content, About::default()).await?;
    }
    Ok(tx.commit().await?)
}
