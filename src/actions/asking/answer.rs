//! Somebody who was asked by name answers by her own link: yes books her place by the verb that books for everybody,
//! so that no session ever has more people than places; no and later are noted.

use crate::{
    actions::{
        ActionContext,
        booking::{
            book_places::{BookRequest, Telling, book_in},
            channel::Extent,
            refusals::BookError,
        },
        record::{Subject, record},
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction},
        contact::PhoneNumber,
        occupancy::TeamPolicy,
        personal_invitation::{Answer, InvitationStanding, PersonalInvitation},
        registration::{Leader, Sender},
        text::Paragraph,
    },
    store::{
        Conn, StoreError, Tx, institutions, personal_invitations, session_lock, sessions, staff,
    },
    token::Token,
};

/// What she says.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Book my place.
    Yes(Box<Coming>),
    /// No, thank you, with a word or without.
    No(Option<Paragraph>),
    /// I cannot say yet.
    Later,
}

/// Who comes, as she says it herself.
#[derive(Debug, Clone)]
pub struct Coming {
    /// Her name, address and needs.
    pub attendee: Attendee,
    /// Her number, for late changes.
    pub phone: Option<PhoneNumber>,
    /// Whether she said that she is somebody else than her namesake on the session (H2).
    pub apart: bool,
}

/// Why her answer was not taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerInvitationError {
    /// The link opens nothing.
    #[error("this link opens no invitation")]
    NoSuch,
    /// She cannot answer any more: her page says why.
    #[error("it cannot be answered now")]
    InvitationStanding(InvitationStanding),
    /// Nothing was booked.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Takes her answer; the link of her booking, where she has one now.
///
/// # Errors
/// [`AnswerInvitationError`], in which case nothing was noted or booked.
pub async fn answer(
    ctx: &ActionContext,
    link: &Token,
    reply: &Reply,
) -> Result<Option<Token>, AnswerInvitationError> {
    let mut tx = ctx.store.begin().await?;
    let found = personal_invitations::by_link(&mut tx, link.hash(), ctx.now()).await?;
    let (found, _) = found.ok_or(AnswerInvitationError::NoSuch)?;
    session_lock::lock(&mut tx, &found.session).await?.ok_or(AnswerInvitationError::NoSuch)?;
    // Two presses of one button: the second sees what the first did.
    let seen = personal_invitations::find(&mut tx, found.id).await?;
    let (one, seat) = seen.ok_or(AnswerInvitationError::NoSuch)?;
    let session =
        sessions::find(&mut tx, &one.session).await?.ok_or(AnswerInvitationError::NoSuch)?;
    match one.standing(&session, seat, ctx.now()) {
        InvitationStanding::Open => {}
        standing => return Err(AnswerInvitationError::InvitationStanding(standing)),
    }
    let (given, words, booked) = match reply {
        Reply::Yes(coming) => {
            let request = request(&mut tx, &one, coming).await?;
            let booked =
                book_in(ctx, &mut tx, (&Actor::Invited, Extent::Alone), request, Telling::Now)
                    .await?;
            (Answer::Yes, None, Some(booked))
        }
        Reply::No(words) => (Answer::No, words.as_ref(), None),
        Reply::Later => (Answer::Later, None, None),
    };
    let registration = booked.as_ref().map(|booked| booked.registration.id);
    personal_invitations::answer(&mut tx, one.id, (given, words), registration, ctx.now()).await?;
    let about = match &booked {
        Some(booked) => Subject::of(&booked.registration),
        None => Subject::session(&one.session),
    };
    let (action, detail) = (AuditAction::AskedAnswered, Some(given.to_string()));
    record(ctx, &mut tx, &Actor::Invited, action, about, detail).await?;
    tx.commit().await?;
    Ok(booked.map(|booked| booked.token))
}

/// What an ordinary booking of hers would ask for.
async fn request(
    tx: &mut Tx,
    one: &PersonalInvitation,
    coming: &Coming,
) -> Result<BookRequest, StoreError> {
    let attendee = &coming.attendee;
    let by = staff::find_account(tx, &one.asked_by).await?;
    let by = by.map_or_else(|| one.asked_by.to_string(), |account| account.member.name);
    let nomination = Paragraph::parse_optional(&format!("Asked to come by {by}"));
    Ok(BookRequest {
        session: one.session.clone(),
        leader: Leader {
            name: attendee.name.clone(),
            email: attendee.email.clone(),
            phone: coming.phone.clone(),
        },
        sender: sender(tx, one).await?,
        team: TeamPolicy::default(),
        attendees: vec![Some(attendee.clone())],
        attempt: None,
        fingerprint: None,
        nomination: nomination.ok().flatten().filter(|_| !one.vouched),
        vouched: one.vouched,
        apart: if coming.apart { vec![1] } else { Vec::new() },
    })
}

async fn sender(conn: &mut Conn, one: &PersonalInvitation) -> Result<Sender, StoreError> {
    let Some(code) = &one.institution else { return Ok(Sender::Herself) };
    let known = institutions::find(conn, code).await?;
    Ok(known.map_or(Sender::Herself, |known| Sender::Listed { code: known.code, name: known.name }))
}
