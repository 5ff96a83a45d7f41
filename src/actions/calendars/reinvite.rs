//! New invites for the days of a session that changed (C1).

use crate::{
    actions::{ActionContext, tell::Outgoing},
    calendar::imip,
    domain::{
        id::SittingId,
        invitation::Participation,
        letter::{CalendarMethod, CalendarPart, LetterKind},
        place::Place,
        registration::Registration,
        session::Session,
    },
    mail::letters,
    store::{StoreError, Tx, invitations, links::LinkTarget, outbox::About, replies},
};

/// What changed: the sittings it concerns, and in words.
pub(in crate::actions) struct Changes<'a> {
    pub(in crate::actions) sittings: &'a [SittingId],
    pub(in crate::actions) words: &'a [String],
}

/// New invites for one person: the same UID with a higher SEQUENCE, so that calendars move the
/// event they have. Their answer is asked anew (RFC 5546 3.2.2.1).
pub(in crate::actions) async fn invite_again(
    ctx: &ActionContext,
    tx: &mut Tx,
    out: &mut Outgoing,
    (session, registration): (&Session, &Registration),
    place: &Place,
    changes: &Changes<'_>,
) -> Result<(), StoreError> {
    let now = ctx.now();
    let live = invitations::live_of(tx, place.id).await?;
    if live.is_empty() {
        out.invites(ctx, (session, registration), [place]);
        return Ok(());
    }
    let Some(attendee) = &place.attendee else { return Ok(()) };
    // What was declined was another time or another place.
    replies::set_release(tx, place.id, None).await?;
    let token = out.link(ctx, LinkTarget::Attendee(place.id));
    let url = ctx.place_url(&token);
    for sitting in session.sittings.iter().filter(|sitting| changes.sittings.contains(&sitting.id))
    {
        let known = live.iter().find(|invitation| invitation.sitting == sitting.id);
        let (Some(known), true) = (known, sitting.ends_at > now) else { continue };
        let mut invitation = known.clone();
        invitation.sequence += 1;
        invitation.stamp = invitation.next_stamp(chrono::SubsecRound::trunc_subsecs(now, 0));
        invitations::update(tx, &invitation).await?;
        let asked = Participation::NeedsAction;
        let ics = imip::request(&ctx.publisher, session, sitting, &invitation, asked, &url);
        let part = CalendarPart { method: CalendarMethod::Request, ics };
        let name = attendee.name.as_str();
        let words = changes.words;
        let content = letters::day_changed(&ctx.sender, session, sitting, name, words, &url);
        let to = (Some(name.to_owned()), invitation.address.clone());
        let kind = LetterKind::SessionChanged;
        let letter = ctx.letter(kind, to, content, Some((part, invitation.uid)));
        let about = About { registration: Some(registration.id), place: Some(place.id) };
        out.letter(letter, about);
    }
    Ok(())
}
