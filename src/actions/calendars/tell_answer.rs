//! What people are told whose calendars answered.

use chrono::Duration;

use super::{days::Days, reconcile::next_stamp};
use crate::{
    actions::{
        ActionContext,
        record::Subject,
        tell::{self, letter_link, tell_all},
    },
    calendar::imip::{self, EventRemoval},
    domain::{
        contact::EmailAddress,
        invitation::Invitation,
        letter::{CalendarMethod, CalendarPart, LetterKind},
        place::Place,
        session::{Publication, Session},
    },
    mail::letters::{self, Content, Heard},
    store::{
        StoreError, Tx, invitations,
        links::LinkTarget,
        outbox::{self, About},
        registrations,
    },
};

/// An invitation that was answered, with all it is about.
pub(super) struct Answering {
    pub(super) session: Session,
    pub(super) place: Place,
    pub(super) subject: Subject,
    /// Whether it came from the attendee's own address, as far as anybody can tell.
    pub(super) is_hers: bool,
}

impl Answering {
    fn address(&self) -> Option<&EmailAddress> {
        self.place.attendee.as_ref().and_then(|attendee| attendee.email.as_ref())
    }

    /// A letter of it, with the reference of its booking.
    async fn named(&self, tx: &mut Tx, content: Content) -> Result<Content, StoreError> {
        let Some(id) = self.subject.registration else { return Ok(content) };
        let reference = registrations::reference_of(tx, id).await?;
        Ok(reference.map_or(content.clone(), |reference| content.of(&reference)))
    }

    fn about(&self) -> About {
        About { registration: self.subject.registration, place: Some(self.place.id) }
    }

    /// Whether she had a letter of this kind about her place within a day. A question is asked once; that
    /// a place is about to go is always told.
    async fn is_told(&self, ctx: &ActionContext, tx: &mut Tx) -> Result<bool, StoreError> {
        let Some(address) = self.address() else { return Ok(true) };
        let (kind, since) = (LetterKind::CalendarAnswered, ctx.now() - Duration::days(1));
        let about = (address, self.place.id);
        Ok(outbox::written_about_since(tx, about, kind, since).await? > 0)
    }
}

/// Writes to the attendee, at her address and with a link of her own.
pub(super) async fn tell(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    heard: Heard,
) -> Result<(), StoreError> {
    let kind = match heard {
        Heard::Declined { .. } => LetterKind::PlaceDeclined,
        Heard::Asked | Heard::TooLate => LetterKind::CalendarAnswered,
    };
    if kind == LetterKind::CalendarAnswered && answering.is_told(ctx, tx).await? {
        return Ok(());
    }
    let (place, session) = (&answering.place, &answering.session);
    let Some(attendee) = &place.attendee else { return Ok(()) };
    let Some(address) = &attendee.email else { return Ok(()) };
    let link = letter_link(ctx, tx, &LinkTarget::Attendee(place.id), None).await?;
    let (name, url) = (attendee.name.to_string(), ctx.place_url(&link));
    let content = letters::calendar_answered(&ctx.letterhead, session, &name, heard, &url);
    let content = answering.named(tx, content).await?;
    let to = (Some(name), address.clone());
    tell::tell(ctx, tx, kind, to, content, answering.about()).await?;
    Ok(())
}

/// Writes to somebody whose calendar says yes to a place that is hers no more: her calendar has just put
/// the day in again, so that the letter takes it out.
pub(super) async fn tell_too_late(
    ctx: &ActionContext,
    tx: &mut Tx,
    answering: &Answering,
    invitation: &Invitation,
) -> Result<(), StoreError> {
    let Answering { session, .. } = answering;
    let days = Days::read(ctx, tx, session, std::iter::once(invitation)).await?;
    let day = days.day(invitation.sitting).filter(|(day, ..)| day.ends_at > ctx.now());
    let Some((sitting, of, _)) = day else { return Ok(()) };
    let mut again = invitation.clone();
    again.sequence += 1;
    again.stamp = next_stamp(ctx, invitation);
    let why = match session.publication {
        Publication::Cancelled { .. } => EventRemoval::SessionCancelled,
        Publication::Draft | Publication::Published => EventRemoval::AttendeeWithdrawn,
    };
    let ics = imip::cancel(&ctx.publisher, session, (sitting, of), &again, why);
    let part = CalendarPart { method: CalendarMethod::Cancel, ics };
    invitations::update_all(tx, std::slice::from_ref(&again)).await?;
    let url = format!("{}/sessions/{}", ctx.letterhead.base_url, session.code);
    let name = again.name.to_string();
    let content = letters::calendar_answered(&ctx.letterhead, session, &name, Heard::TooLate, &url);
    let content = answering.named(tx, content).await?;
    let to = (Some(name), again.address.clone());
    let letter =
        ctx.letter(LetterKind::CalendarAnswered, to, content, Some((part, again.uid.clone())));
    tell_all(ctx, tx, &[(letter, answering.about())]).await
}
