//! No two of the same name without a question: what exists is shown first, and whoever knows that it is another
//! one goes on.

use crate::{
    actions::attempt::was_made,
    domain::likeness::are_alike,
    store::{catalogue, institutions},
    web::{
        Desk,
        failure::Failure,
        forms::Fields,
        paths::{self, Href},
    },
};

/// What exists and is called alike: its page, and what it is called.
pub type Alike = Vec<(Href, String)>;

/// The button that says it is another one.
const OTHER: &str = "other";

/// Says what the question is, if there is one: `say` puts it beside its field. There is none where somebody said
/// that it is another one. What was found may also be what this very form made when it was sent before: it is
/// looked for first, so that of two that are sent at once neither is asked about the other.
async fn ask(
    desk: &Desk,
    fields: &Fields,
    say: impl FnOnce(String) + Send,
    found: Alike,
) -> Result<Alike, Failure> {
    let Some((_, first)) = found.first() else { return Ok(found) };
    if fields.is(OTHER, "1") {
        return Ok(Alike::new());
    }
    if let Some(attempt) = fields.attempt()
        && was_made(&mut desk.ctx.store.read().await?, Some(&attempt)).await?
    {
        return Ok(Alike::new());
    }
    say(format!("There is {first} already. Is this another one?"));
    Ok(found)
}

/// Institutions that are called like `name`, but for the one that is changed, whose name was `before`.
pub async fn institutions_alike(
    desk: &Desk,
    fields: &Fields,
    say: impl FnOnce(String) + Send,
    (name, before): (&str, Option<&crate::domain::institution::Institution>),
) -> Result<Alike, Failure> {
    if before.is_some_and(|one| one.name == name) {
        return Ok(Vec::new());
    }
    let mut all = institutions::all(&mut desk.ctx.store.read().await?).await?;
    all.retain(|one| before.is_none_or(|before| before.code != one.code));
    let found = all.into_iter().filter(|one| are_alike(&one.name, name));
    let found = found
        .map(|one| (paths::office::institution(&one.code), format!("{} ({})", one.name, one.code)));
    ask(desk, fields, say, found.collect()).await
}

/// Courses that are called like `title`.
pub async fn courses_alike(
    desk: &Desk,
    fields: &Fields,
    say: impl FnOnce(String) + Send,
    (title, before): (&str, Option<&crate::domain::course::Course>),
) -> Result<Alike, Failure> {
    if before.is_some_and(|one| one.title == title) {
        return Ok(Vec::new());
    }
    let mut all = catalogue::courses(&mut desk.ctx.store.read().await?).await?;
    all.retain(|one| before.is_none_or(|before| before.slug != one.slug));
    let found = all.into_iter().filter(|one| are_alike(&one.title, title));
    let found = found
        .map(|one| (paths::office::course(&one.slug), format!("{} ({})", one.title, one.slug)));
    ask(desk, fields, say, found.collect()).await
}

/// Alliances that are called like `name`.
pub async fn alliances_alike(
    desk: &Desk,
    fields: &Fields,
    say: impl FnOnce(String) + Send,
    (name, before): (&str, Option<&crate::domain::alliance::Alliance>),
) -> Result<Alike, Failure> {
    if before.is_some_and(|one| one.name == name) {
        return Ok(Vec::new());
    }
    let mut all = catalogue::alliances(&mut desk.ctx.store.read().await?).await?;
    all.retain(|one| before.is_none_or(|before| before.slug != one.slug));
    let found = all.into_iter().filter(|one| are_alike(&one.name, name));
    let found = found
        .map(|one| (paths::office::alliance(&one.slug), format!("{} ({})", one.name, one.slug)));
    ask(desk, fields, say, found.collect()).await
}

/// People of the name that somebody gets, whom whoever asks may see.
pub async fn people_alike(
    desk: &Desk,
    fields: &Fields,
    say: impl FnOnce(String) + Send,
    found: Vec<crate::domain::person::Person>,
) -> Result<Alike, Failure> {
    let found = found.into_iter().map(|one| {
        let email = one.email.as_ref().map(|email| format!(" ({email})")).unwrap_or_default();
        (paths::office::person(&one.id), format!("{}{email}", one.name))
    });
    ask(desk, fields, say, found.collect()).await
}
