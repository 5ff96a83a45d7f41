//! Telling news of a session to those who were asked to it by name or nominated for it, and have no place there: one
//! letter each (T3), so that nobody makes up her mind about a day that is no more.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        letters::stop_letters::{is_stopped, stoppable},
        tell::tell_all,
    },
    domain::{
        announcement::{Announcement, News},
        contact::EmailAddress,
        letter::{Circular, Letter, LetterKind},
        session::Session,
        wording,
    },
    mail::letters::{self, AskedNews, Content},
    store::{Conn, StoreError, Tx, asked_news, outbox::About, personal_invitations},
};

/// Tells them of some news, in the transaction that takes the last of the bookings off its list.
pub(super) async fn tell_asked(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: Uuid,
    (session, announcement): (&Session, &Announcement),
) -> Result<(), StoreError> {
    let Some(until) = asked_news::made_at(tx, id).await? else { return Ok(()) };
    let about = (&session.code, until);
    let mut letters = Vec::new();
    for one in asked_news::invited(tx, about).await? {
        if is_stopped(tx, (&one.email, Circular::Invitations)).await? {
            continue;
        }
        let link = ctx.stand_in();
        personal_invitations::insert_link(tx, link.hash(), one.id, ctx.now()).await?;
        let (name, url) = (one.name.as_str(), ctx.invited_url(&link));
        let content = asked(ctx, (session, announcement), name, (one.answer_by, &url));
        let content = stoppable(ctx, tx, content, (&one.email, Circular::Invitations)).await?;
        letters.push((letter(ctx, session, (name, &one.email), content), About::default()));
    }
    for (name, email) in asked_news::nominated(tx, about).await? {
        if is_stopped(tx, (&email, Circular::Invitations)).await? {
            continue;
        }
        let content = nominated(ctx, (session, announcement), name.as_str());
        let content = stoppable(ctx, tx, content, (&email, Circular::Invitations)).await?;
        letters.push((letter(ctx, session, (name.as_str(), &email), content), About::default()));
    }
    tell_all(ctx, tx, &letters).await
}

/// The letters it would be to at most `most` of them. Their links are made for the look, and open nothing.
pub(super) async fn letters_to_asked(
    ctx: &ActionContext,
    conn: &mut Conn,
    (session, announcement): (&Session, &Announcement),
    most: usize,
) -> Result<Vec<Letter>, StoreError> {
    let about = (&session.code, ctx.now());
    let mut letters = Vec::new();
    for one in asked_news::invited(conn, about).await?.into_iter().take(most) {
        let (name, url) = (one.name.as_str(), ctx.invited_url(&ctx.stand_in()));
        let content = asked(ctx, (session, announcement), name, (one.answer_by, &url));
        letters.push(letter(ctx, session, (name, &one.email), content));
    }
    let left = most.saturating_sub(letters.len());
    for (name, email) in asked_news::nominated(conn, about).await?.into_iter().take(left) {
        let content = nominated(ctx, (session, announcement), name.as_str());
        letters.push(letter(ctx, session, (name.as_str(), &email), content));
    }
    Ok(letters)
}

/// What somebody who was asked is told, with a new link of her own.
fn asked(
    ctx: &ActionContext,
    (session, announcement): (&Session, &Announcement),
    name: &str,
    (answer_by, url): (DateTime<Utc>, &str),
) -> Content {
    // Who is asked until after a session begins can answer until it does.
    let until = session.starts_at().map_or(answer_by, |starts| starts.min(answer_by));
    let deadline = (until > ctx.now()).then(|| wording::deadline(until, session.zone()));
    let news = of(announcement);
    letters::invitation_changed(
        &ctx.letterhead,
        session,
        name,
        (news, deadline.as_deref(), Some(url)),
    )
    .saying(&announcement.said)
}

/// What somebody who was nominated is told: there is nothing for her to answer yet.
fn nominated(
    ctx: &ActionContext,
    (session, announcement): (&Session, &Announcement),
    name: &str,
) -> Content {
    letters::invitation_changed(&ctx.letterhead, session, name, (of(announcement), None, None))
        .saying(&announcement.said)
}

fn of(announcement: &Announcement) -> AskedNews<'_> {
    match &announcement.news {
        News::Changed { words, .. } => AskedNews::Changed(words),
        News::Cancelled { reason } => AskedNews::Cancelled(reason.as_ref()),
    }
}

fn letter(
    ctx: &ActionContext,
    session: &Session,
    (name, email): (&str, &EmailAddress),
    content: Content,
) -> Letter {
    let to = (Some(name.to_owned()), email.clone());
    let mut letter = ctx.letter(LetterKind::InvitationChanged, to, content, None);
    letter.session = Some(session.code.clone());
    letter
}
