//! Asking to be told when there is a date of a course: by a letter, confirmed by its link, ended by the link in each
//! letter. The page answers the same whoever asks.

use chrono::Duration;

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
        tell::tell,
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        contact::EmailAddress,
        course::Course,
        id::{AllianceSlug, InterestId},
        interest::{Interest, Reach},
        letter::LetterKind,
        person::recognition_key,
        text::Name,
    },
    mail::letters,
    store::{
        StoreError, interests,
        outbox::{self, About},
        people,
    },
    token::{Token, row_id},
};

/// How many such letters an address gets in an hour.
const LETTERS_AN_HOUR: i64 = 3;

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Of what.
    pub course: Course,
    /// Whose sessions are near her.
    pub alliance: Option<AllianceSlug>,
    /// Where she is.
    pub place: Option<Name>,
    /// How far she would go.
    pub reach: Reach,
    /// Her name.
    pub name: Name,
    /// Where she is told.
    pub email: EmailAddress,
}

/// Notes what she asks for, and sends her the letter by which she confirms it. Asked again, it is the same.
///
/// # Errors
/// [`StoreError`], in which case nothing was noted.
pub async fn ask_to_be_told(ctx: &ActionContext, wish: Wish) -> Result<(), StoreError> {
    let mut tx = ctx.store.begin().await?;
    let since = ctx.now() - Duration::hours(1);
    let kind = LetterKind::InterestAsked;
    if outbox::written_since(&mut tx, &wish.email, kind, since).await? >= LETTERS_AN_HOUR {
        return Ok(());
    }
    let known = interests::live(&mut tx, &wish.email, &wish.course.slug).await?;
    let one = match known {
        Some(known) => known,
        None => {
            let one = Interest {
                id: InterestId::new(row_id(&*ctx.random, &*ctx.clock)),
                course: wish.course.slug.clone(),
                alliance: wish.alliance,
                place: wish.place,
                reach: wish.reach,
                name: wish.name,
                email: wish.email,
                asked_at: ctx.now(),
                confirmed_at: None,
                ended_at: None,
            };
            let key = recognition_key(&one.name, Some(&one.email), None);
            let person = people::recognised(&mut tx, &key).await?;
            interests::insert(&mut tx, &one, person).await?;
            one
        }
    };
    let link = ctx.stand_in();
    interests::insert_link(&mut tx, link.hash(), one.id, ctx.now()).await?;
    let (name, url) = (one.name.as_str(), ctx.interest_url(&link));
    let content = letters::interest_asked(&ctx.letterhead, name, &wish.course.title, &url);
    let to = (Some(name.to_owned()), one.email.clone());
    tell(ctx, &mut tx, kind, to, content, About::default()).await?;
    record_interest(ctx, &mut tx, &one, "asked").await?;
    tx.commit().await
}

async fn record_interest(
    ctx: &ActionContext,
    tx: &mut crate::store::Tx,
    one: &Interest,
    what: &str,
) -> Result<(), StoreError> {
    let about = Subject::about(AuditedRecord::Course(one.course.clone()));
    let (action, detail) = (AuditAction::InterestKept, Some(what.to_owned()));
    record(ctx, tx, &Actor::Visitor, action, about, detail).await
}

/// Confirms what the link is about, or ends it; what it is now, or nothing where the link opens nothing.
///
/// # Errors
/// [`StoreError`], in which case nothing changed.
pub async fn answer_interest(
    ctx: &ActionContext,
    link: &Token,
    wants: bool,
) -> Result<Option<Interest>, StoreError> {
    let mut tx = ctx.store.begin().await?;
    let Some(one) = interests::by_link(&mut tx, link.hash()).await? else { return Ok(None) };
    match (wants, one.confirmed_at, one.ended_at) {
        (true, None, None) => {
            interests::confirm(&mut tx, one.id, ctx.now()).await?;
            record_interest(ctx, &mut tx, &one, "confirmed").await?;
        }
        (false, _, None) => {
            interests::end(&mut tx, one.id, ctx.now()).await?;
            record_interest(ctx, &mut tx, &one, "ended").await?;
        }
        // Pressed twice: it is as it was asked to be.
        _ => {}
    }
    let now = interests::by_link(&mut tx, link.hash()).await?;
    tx.commit().await?;
    Ok(now)
}
