//! The letters and invitations of one place: sent when it is confirmed, withdrawn when it is not
//! theirs any more.

use chrono::{SubsecRound, Utc};

use crate::{
    actions::{ActionContext, tell::Outgoing},
    calendar::imip,
    domain::{
        attendee::Attendee,
        id::InvitationId,
        invitation::{Invitation, Participation},
        letter::{CalendarMethod, CalendarPart, LetterKind},
        place::Place,
        registration::Registration,
        session::Session,
    },
    mail::letters,
    store::{
        StoreError, Tx, invitations,
        links::{self, LinkTarget},
        outbox::About,
        replies,
    },
    token::{row_id, secret_uuid},
};

impl Outgoing {
    /// For each attendee with an address her own link, and one invite per sitting that is not
    /// over. Without an address there is nobody to tell: the leader's letter says so.
    pub(in crate::actions) fn invites<'p>(
        &mut self,
        ctx: &ActionContext,
        (session, registration): (&Session, &Registration),
        places: impl IntoIterator<Item = &'p Place>,
    ) {
        let now = ctx.now();
        for place in places {
            let Some(attendee) = &place.attendee else { continue };
            let Some(address) = &attendee.email else { continue };
            let token = self.link(ctx, LinkTarget::Attendee(place.id));
            let url = ctx.place_url(&token);
            for sitting in session.sittings.iter().filter(|sitting| sitting.ends_at > now) {
                let invitation = Invitation {
                    id: InvitationId::new(row_id(&*ctx.random, &*ctx.clock)),
                    place: place.id,
                    sitting: sitting.id,
                    uid: format!("{}@{}", secret_uuid(&*ctx.random), ctx.publisher.host),
                    address: address.clone(),
                    name: attendee.name.clone(),
                    sequence: 0,
                    stamp: now.trunc_subsecs(0),
                    withdrawn: false,
                };
                self.invite(ctx, (session, registration), place, (&invitation, &url));
                self.invitation(invitation);
            }
        }
    }

    /// The letter with one invite; whether its day is still to come.
    fn invite(
        &mut self,
        ctx: &ActionContext,
        (session, registration): (&Session, &Registration),
        place: &Place,
        (invitation, url): (&Invitation, &str),
    ) -> bool {
        let sitting = session.sittings.iter().find(|one| one.id == invitation.sitting);
        let Some(sitting) = sitting.filter(|one| one.ends_at > ctx.now()) else { return false };
        let Some(attendee) = &place.attendee else { return false };
        let answer = participation(registration, attendee);
        let ics = imip::request(&ctx.publisher, session, sitting, invitation, answer, url);
        let part = CalendarPart { method: CalendarMethod::Request, ics };
        let leader = registration.leader.name.as_str();
        let content = letters::invite(&ctx.sender, session, sitting, attendee, leader, url);
        let to = (Some(attendee.name.to_string()), invitation.address.clone());
        let thread = invitation.uid.clone();
        let letter = ctx.letter(LetterKind::Invite, to, content, Some((part, thread)));
        self.letter(letter, About { registration: Some(registration.id), place: Some(place.id) });
        true
    }

    /// The invites that an attendee has, again, with a new private link; how many letters.
    pub(in crate::actions) fn invites_again(
        &mut self,
        ctx: &ActionContext,
        about: (&Session, &Registration),
        place: &Place,
        live: &[Invitation],
    ) -> usize {
        if live.is_empty() {
            return 0;
        }
        let token = self.link(ctx, LinkTarget::Attendee(place.id));
        let url = ctx.place_url(&token);
        live.iter().filter(|one| self.invite(ctx, about, place, (one, &url))).count()
    }
}

/// Writes the invites of a place that is theirs now.
pub(in crate::actions) async fn send_invites(
    ctx: &ActionContext,
    tx: &mut Tx,
    about: (&Session, &Registration),
    place: &Place,
) -> Result<(), StoreError> {
    let mut out = Outgoing::default();
    out.invites(ctx, about, [place]);
    out.write(ctx, tx).await
}

/// Whoever booked herself has said yes; anybody else is asked.
fn participation(registration: &Registration, attendee: &Attendee) -> Participation {
    let leader = &registration.leader;
    if leader.email == attendee.email && leader.name == attendee.name {
        Participation::Accepted
    } else {
        Participation::NeedsAction
    }
}

/// Tells the calendars that hold a place's invitations to remove them, and spends the attendee's
/// links. Sittings that are over are left in peace.
pub(in crate::actions) async fn withdraw_invites(
    ctx: &ActionContext,
    tx: &mut Tx,
    session: &Session,
    place: &Place,
    why: letters::Withdrawal,
) -> Result<(), StoreError> {
    let mut out = Outgoing::default();
    withdraw(ctx, tx, &mut out, session, place, why).await?;
    out.write(ctx, tx).await
}

/// The same with its letters among others of the same change.
pub(in crate::actions) async fn withdraw(
    ctx: &ActionContext,
    tx: &mut Tx,
    out: &mut Outgoing,
    session: &Session,
    place: &Place,
    why: letters::Withdrawal,
) -> Result<(), StoreError> {
    let now = ctx.now();
    links::revoke_place(tx, place.id, now).await?;
    replies::set_release(tx, place.id, None).await?;
    for mut invitation in invitations::live_of(tx, place.id).await? {
        let sitting = session.sittings.iter().find(|sitting| sitting.id == invitation.sitting);
        invitation.sequence += 1;
        invitation.stamp = invitation.next_stamp(now.trunc_subsecs(0)).with_timezone(&Utc);
        invitation.withdrawn = true;
        invitations::update(tx, &invitation).await?;
        let Some(sitting) = sitting.filter(|sitting| sitting.ends_at > now) else { continue };
        if why == letters::Withdrawal::DeclinedByCalendar {
            continue;
        }
        let reason = match why {
            letters::Withdrawal::SessionCancelled => imip::Withdrawal::SessionCancelled,
            _ => imip::Withdrawal::AttendeeWithdrawn,
        };
        let ics = imip::cancel(&ctx.publisher, session, sitting, &invitation, reason);
        let part = CalendarPart { method: CalendarMethod::Cancel, ics };
        let name = invitation.name.as_str();
        let content = letters::withdrawn(&ctx.sender, session, sitting, name, why);
        let to = (Some(invitation.name.to_string()), invitation.address.clone());
        let letter = ctx.letter(LetterKind::Withdrawn, to, content, Some((part, invitation.uid)));
        out.letter(letter, About { registration: None, place: Some(place.id) });
    }
    Ok(())
}
