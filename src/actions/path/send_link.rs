//! The link to somebody's path: sent with a letter, again when she asks, and ended.

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        letters::recover_links::LINKS_AN_HOUR,
        path::needed,
        people::know_people::know_people,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        contact::EmailAddress,
        id::{PersonId, PlaceId},
        letter::LetterKind,
        path::{OnPath, PathRules},
        person::Person,
    },
    mail::letters,
    store::{
        Conn, StoreError, Tx,
        outbox::{self, About},
        own_data, path_links, path_people, paths, people,
    },
    token::{StandIn, Token},
};

/// A new link for a letter to somebody on a path.
pub(super) async fn new_link(
    ctx: &ActionContext,
    tx: &mut Tx,
    person: PersonId,
) -> Result<StandIn, StoreError> {
    let link = ctx.stand_in();
    path_links::insert(tx, link.hash(), person, ctx.now()).await?;
    Ok(link)
}

/// Writes somebody a letter with her link; `false` where she has no address. A link that was asked for is one of
/// those an address gets so many of in an hour.
pub(super) async fn write_link(
    ctx: &ActionContext,
    tx: &mut Tx,
    person: &Person,
    (path, rules): (&str, &PathRules),
    asked: bool,
) -> Result<bool, StoreError> {
    let Some(email) = &person.email else { return Ok(false) };
    let url = ctx.path_url(&new_link(ctx, tx, person.id).await?);
    let facts = (path, needed(rules), asked);
    let facts = (facts.0, facts.1.as_str(), facts.2);
    let content = letters::path_link(&ctx.letterhead, person.name.as_str(), facts, &url);
    let kind = if asked { LetterKind::LostLink } else { LetterKind::PathJoined };
    let to = (Some(person.name.to_string()), email.clone());
    tell(ctx, tx, kind, to, content, About::default()).await?;
    Ok(true)
}

/// Writes somebody what became of her on a path, with a new link: which hours its newer version takes, or that she was
/// taken off; `false` where she has no address.
pub(super) async fn write_news(
    ctx: &ActionContext,
    tx: &mut Tx,
    person: &Person,
    (path, hours): (&str, Option<&str>),
) -> Result<bool, StoreError> {
    let Some(email) = &person.email else { return Ok(false) };
    let url = ctx.path_url(&new_link(ctx, tx, person.id).await?);
    let content = letters::path_changed(&ctx.letterhead, person.name.as_str(), (path, hours), &url);
    let to = (Some(person.name.to_string()), email.clone());
    tell(ctx, tx, LetterKind::PathChanged, to, content, About::default()).await?;
    Ok(true)
}

/// A new link to somebody's path to print for her, who is on one: only its hash is kept.
///
/// # Errors
/// [`StoreError`], in which case there is none.
pub async fn print_path_link(
    ctx: &ActionContext,
    actor: &Actor,
    id: PersonId,
) -> Result<Option<Token>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    if people::lock(&mut tx, id).await?.is_none() || first_path(&mut tx, id).await?.is_none() {
        return Ok(None);
    }
    let link = ctx.token();
    path_links::insert(&mut tx, link.hash(), id, ctx.now()).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    let detail = Some("path, on paper".to_owned());
    record(ctx, &mut tx, actor, AuditAction::LinkSent, subject, detail).await?;
    tx.commit().await?;
    Ok(Some(link))
}

/// The path somebody is on that her link is told of: the first that she has not finished.
async fn first_path(
    conn: &mut Conn,
    id: PersonId,
) -> Result<Option<(String, PathRules)>, StoreError> {
    let mut hers = path_people::of_person(conn, id).await?;
    hers.retain(OnPath::is_on);
    hers.sort_by_key(|one| one.finished.is_some());
    let Some(on) = hers.first() else { return Ok(None) };
    let found = paths::find(conn, &on.path).await?;
    Ok(found.and_then(|found| {
        let rules = found.version(on.version)?.rules.clone();
        Some((found.path.name, rules))
    }))
}

/// What became of sending a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sent {
    /// It is on its way.
    Written,
    /// She has no address, or none she is recognised by.
    NoAddress,
    /// She is on no path.
    OnNone,
    /// Enough went to her address within the hour.
    TooMany,
}

/// Sends somebody a link to her path, to the address we know. Ends the ones before where `anew` says so.
///
/// # Errors
/// [`StoreError`], in which case none is sent and none ended.
pub async fn send_path_link(
    ctx: &ActionContext,
    actor: &Actor,
    id: PersonId,
    anew: bool,
) -> Result<Sent, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(person) = people::lock(&mut tx, id).await? else { return Ok(Sent::OnNone) };
    let Some((path, rules)) = first_path(&mut tx, id).await? else { return Ok(Sent::OnNone) };
    let Some(email) = &person.email else { return Ok(Sent::NoAddress) };
    let since = ctx.now() - Duration::hours(1);
    if outbox::written_since(&mut tx, email, LetterKind::LostLink, since).await? >= LINKS_AN_HOUR {
        return Ok(Sent::TooMany);
    }
    if anew {
        path_links::end(&mut tx, id, ctx.now()).await?;
    }
    write_link(ctx, &mut tx, &person, (&path, &rules), true).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    record(ctx, &mut tx, actor, AuditAction::LinkSent, subject, Some("path".to_owned())).await?;
    tx.commit().await?;
    Ok(Sent::Written)
}

/// Sends the attendee on a place the link to her path. The link to a place is not enough to see it: whoever
/// books under her name may hold one. So it goes to an address she is recognised by.
///
/// # Errors
/// [`StoreError`], in which case none is sent.
pub async fn send_attendee(ctx: &ActionContext, place: PlaceId) -> Result<Sent, StoreError> {
    while know_people(ctx).await? {}
    let mut conn = ctx.store.read().await?;
    let Some(id) = people::of_place(&mut conn, place).await? else { return Ok(Sent::OnNone) };
    let Some(person) = people::known(&mut conn, id).await? else { return Ok(Sent::OnNone) };
    let known = own_data::addresses(&mut conn, person.id).await?;
    drop(conn);
    if !person.email.as_ref().is_some_and(|email| known.has(email)) {
        return Ok(Sent::NoAddress);
    }
    send_path_link(ctx, &Actor::Attendee, person.id, false).await
}

/// Ends all links to somebody's path; how many there were.
///
/// # Errors
/// [`StoreError`], in which case none is ended.
pub async fn end_path_links(
    ctx: &ActionContext,
    actor: &Actor,
    id: PersonId,
) -> Result<u64, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let ended = path_links::end(&mut tx, id, ctx.now()).await?;
    if ended > 0 {
        let subject = Subject::about(AuditedRecord::Person(id));
        let detail = Some("path".to_owned());
        record(ctx, &mut tx, actor, AuditAction::LinksRevoked, subject, detail).await?;
    }
    tx.commit().await?;
    Ok(ended)
}

/// Sends their links to whoever on a path is known by this address; nobody is told whether there is any.
pub(in crate::actions) async fn recover_path_links(
    ctx: &ActionContext,
    email: &EmailAddress,
) -> Result<bool, StoreError> {
    let mut conn = ctx.store.read().await?;
    let readers = people::recognised_by_address(&mut conn, email).await?;
    drop(conn);
    let mut is_any = false;
    for person in readers.iter().filter(|one| one.email.as_ref() == Some(email)) {
        is_any |= send_path_link(ctx, &Actor::Visitor, person.id, false).await? == Sent::Written;
    }
    Ok(is_any)
}

/// Whose path a link opens.
///
/// # Errors
/// [`StoreError`].
pub async fn opened_by(ctx: &ActionContext, token: &Token) -> Result<Option<Person>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let Some(id) = path_links::find(&mut conn, token.hash(), ctx.now()).await? else {
        return Ok(None);
    };
    people::find(&mut conn, id).await
}
