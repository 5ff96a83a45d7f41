//! Sessions of many days: one letter tells all of them, with a file to open. A message that a calendar
//! files by itself can carry only one, and nobody wants a dozen.

use std::collections::BTreeMap;

use super::{
    days::Days,
    reconcile::{Telling, new_invitation, next_stamp, updated},
};
use crate::{
    actions::{ActionContext, tell::Outgoing},
    calendar::private_feed::{OwnPlace, told_of_many},
    domain::{
        difference::CalendarStep,
        id::PlaceId,
        invitation::Invitation,
        letter::{CalendarMethod, CalendarPart, LetterKind},
        place::Place,
        registration::Registration,
    },
    mail::letters::{self, Content, Withdrawal},
    store::outbox::About,
};

/// What one attendee is told of many days, by what it is.
#[derive(Default)]
struct Told {
    invited: Vec<Invitation>,
    updated: Vec<Invitation>,
    withdrawn: Vec<Invitation>,
}

impl Outgoing {
    /// Adds a letter of each kind, at most, for each attendee.
    pub(super) fn tell_of_many(
        &mut self,
        ctx: &ActionContext,
        (days, registration): (&Days<'_>, &Registration),
        steps: Vec<CalendarStep>,
        telling: Telling<'_>,
    ) {
        let mut told: BTreeMap<PlaceId, Told> = BTreeMap::new();
        for step in steps {
            let id = step.place();
            let hers = told.entry(id).or_default();
            match step {
                CalendarStep::Invite(due) => {
                    let invitation = new_invitation(ctx, due);
                    self.invitation(invitation.clone());
                    hers.invited.push(invitation);
                }
                CalendarStep::Update { invitation, due, asks } => {
                    let invitation = updated(ctx, invitation, due, asks);
                    if asks {
                        self.keep(id);
                    }
                    self.told_again(invitation.clone());
                    hers.updated.push(invitation);
                }
                CalendarStep::Withdraw(mut invitation) => {
                    invitation.sequence += 1;
                    invitation.stamp = next_stamp(ctx, &invitation);
                    invitation.withdrawn = true;
                    self.told_again(invitation.clone());
                    hers.withdrawn.push(invitation);
                }
            }
        }
        for (id, told) in told {
            self.withdraw_many(ctx, (days, registration), told.withdrawn, telling);
            let Some(place) = registration.places.iter().find(|one| one.id == id) else { continue };
            self.change_many(ctx, (days, registration), place, told.updated, telling);
            self.invite_many(ctx, (days, registration), place, told.invited);
        }
    }

    /// The letter with all days; how many letters that is.
    pub(super) fn invite_many(
        &mut self,
        ctx: &ActionContext,
        (days, registration): (&Days<'_>, &Registration),
        place: &Place,
        invited: Vec<Invitation>,
    ) -> usize {
        let attendee = place.attendee.as_ref().filter(|_| !invited.is_empty());
        let Some(attendee) = attendee else { return 0 };
        let (session, leader) = (days.session, registration.leader.name.as_str());
        let url = self.urls(ctx, place.id).letter;
        let words = letters::invite_to_many;
        let content = words(&ctx.letterhead, session, attendee, leader, &url);
        let content = content.of(&registration.reference);
        self.letter_of_many(ctx, (days, registration), invited, (LetterKind::Invite, content));
        1
    }

    fn change_many(
        &mut self,
        ctx: &ActionContext,
        (days, registration): (&Days<'_>, &Registration),
        place: &Place,
        updated: Vec<Invitation>,
        telling: Telling<'_>,
    ) {
        let Some(attendee) = place.attendee.as_ref().filter(|_| !updated.is_empty()) else {
            return;
        };
        let (session, name) = (days.session, attendee.name.as_str());
        let url = self.urls(ctx, place.id).letter;
        let content = letters::days_changed(&ctx.letterhead, session, name, telling.words, &url);
        let content = content.of(&registration.reference).saying(telling.said);
        let kind = LetterKind::SessionChanged;
        self.letter_of_many(ctx, (days, registration), updated, (kind, content));
    }

    fn withdraw_many(
        &mut self,
        ctx: &ActionContext,
        (days, registration): (&Days<'_>, &Registration),
        mut withdrawn: Vec<Invitation>,
        Telling { why, said, .. }: Telling<'_>,
    ) {
        // A day that is over is left in peace.
        let is_to_come = |one: &Invitation| {
            days.day(one.sitting).is_some_and(|(day, ..)| day.ends_at > ctx.now())
        };
        withdrawn.retain(is_to_come);
        if why == Withdrawal::DeclinedByCalendar {
            return;
        }
        let Some(first) = withdrawn.first() else { return };
        let name = first.name.as_str().to_owned();
        let gone = withdrawn.iter().filter_map(|one| Some(days.day(one.sitting)?.0));
        let gone: Vec<_> = gone.collect();
        let has_left = |one: &Invitation| days.day(one.sitting).is_some_and(|(.., stands)| !stands);
        let is_comer = registration.confirmed().any(|place| place.id == first.place);
        let why =
            if is_comer && withdrawn.iter().all(has_left) { Withdrawal::DayRemoved } else { why };
        let content = letters::withdrawn_from(&ctx.letterhead, days.session, &gone, &name, why);
        let content = content.of(&registration.reference).saying(said);
        let kind = LetterKind::Withdrawn;
        self.letter_of_many(ctx, (days, registration), withdrawn, (kind, content));
    }

    fn letter_of_many(
        &mut self,
        ctx: &ActionContext,
        (days, registration): (&Days<'_>, &Registration),
        invitations: Vec<Invitation>,
        (kind, content): (LetterKind, Content),
    ) {
        let Some(first) = invitations.first() else { return };
        let (place, thread) = (first.place, first.uid.clone());
        let to = (Some(first.name.to_string()), first.address.clone());
        let removed = days.removed.clone();
        let own = OwnPlace { session: days.session.clone(), invitations, removed };
        let ics = told_of_many(&ctx.publisher, &own);
        let part = CalendarPart { method: CalendarMethod::Publish, ics };
        let letter = ctx.letter(kind, to, content, Some((part, thread)));
        self.letter(letter, About { registration: Some(registration.id), place: Some(place) });
    }
}
