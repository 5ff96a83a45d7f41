//! A better spelling of an attendee's name for the calendar that holds her invites.

use chrono::SubsecRound;

use crate::{
    actions::ActionContext,
    calendar::imip,
    domain::{
        invitation::Participation,
        letter::{CalendarMethod, CalendarPart, LetterKind},
        place::Place,
        registration::Registration,
        reply::Answer,
        session::Session,
    },
    mail::letters,
    store::{
        StoreError, Tx, invitations,
        links::{self, LinkTarget},
        outbox::{self, About},
        replies,
    },
};

/// Sends the invites that an attendee has with her new name: the same UID with a higher SEQUENCE. What
/// her calendar answered stands, because neither the time nor the place changed.
pub(in crate::actions) async fn rename_invites(
    ctx: &ActionContext,
    tx: &mut Tx,
    (session, registration): (&Session, &Registration),
    place: &Place,
) -> Result<(), StoreError> {
    let Some(attendee) = &place.attendee else { return Ok(()) };
    let now = ctx.now();
    let words = [format!("Your name is now written {}.", attendee.name)];
    for mut invitation in invitations::live_of(tx, place.id).await? {
        let sitting = session.sittings.iter().find(|one| one.id == invitation.sitting);
        let Some(sitting) = sitting.filter(|sitting| sitting.ends_at > now) else { continue };
        let answered = replies::find(tx, &invitation.uid).await?.and_then(|(_, answer)| answer);
        let participation = match answered.map(|answered| answered.answer) {
            Some(Answer::Accepted) => Participation::Accepted,
            _ => Participation::NeedsAction,
        };
        invitation.sequence += 1;
        invitation.stamp = invitation.next_stamp(now.trunc_subsecs(0));
        invitation.name = attendee.name.clone();
        invitations::rename(tx, &invitation).await?;
        let token = ctx.token();
        links::insert(tx, token.hash(), &LinkTarget::Attendee(place.id), now, None).await?;
        let url = ctx.place_url(&token);
        let ics = imip::request(&ctx.publisher, session, sitting, &invitation, participation, &url);
        let part = CalendarPart { method: CalendarMethod::Request, ics };
        let name = attendee.name.as_str();
        let content = letters::day_changed(&ctx.sender, session, sitting, name, &words, &url);
        let to = (Some(name.to_owned()), invitation.address.clone());
        let calendar = Some((part, invitation.uid));
        let letter = ctx.letter(LetterKind::SessionChanged, to, content, calendar);
        let about = About { registration: Some(registration.id), place: Some(place.id) };
        outbox::enqueue(tx, &letter, about, now).await?;
    }
    Ok(())
}
