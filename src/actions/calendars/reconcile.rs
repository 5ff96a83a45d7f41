//! What calendars are told (C7): the difference between who comes when and what stands in their
//! calendars, whatever made it. Every verb that changes a session, a place, a person, a course, an
//! alliance or who sends calls this, and decides nothing of it by hand.
//!
//! Statements are few however many people it concerns: what stands is read at once, the letters and
//! invitations are collected in an [`Outgoing`], and written together.

use std::collections::HashMap;

use chrono::{DateTime, SubsecRound, Utc};

use super::days::Days;
use crate::{
    actions::{ActionContext, tell::Outgoing},
    calendar::imip,
    domain::{
        attendee::Attendee,
        difference::{CalendarStep, Decided, Due},
        id::{InvitationId, PlaceId},
        invitation::{Invitation, MOST_LETTERS, Participation},
        letter::{CalendarMethod, CalendarPart, LetterKind},
        place::{Place, PlaceStatus},
        reference::Reference,
        registration::Registration,
        reply::PartStat,
        session::Session,
        sitting::Sitting,
    },
    mail::letters::{self, Withdrawal},
    store::{StoreError, Tx, invitations, links::LinkTarget, outbox::About},
    token::{row_id, secret_uuid},
};

/// What letters say of a difference.
#[derive(Debug, Clone, Copy)]
pub(in crate::actions) struct Telling<'a> {
    /// What changed, a line each.
    pub(in crate::actions) words: &'a [String],
    /// What whoever changed it says in her own words, a paragraph each.
    pub(in crate::actions) said: &'a [String],
    /// Why a place is not theirs any more, if it is not.
    pub(in crate::actions) why: Withdrawal,
    /// What only the verb knows.
    pub(in crate::actions) decided: Decided,
}

impl<'a> Telling<'a> {
    /// Something about the session, or about a person, is different.
    pub(in crate::actions) fn changed(words: &'a [String]) -> Self {
        Self { words, said: &[], why: Withdrawal::Replaced, decided: Decided::default() }
    }

    /// Places are theirs no more.
    pub(in crate::actions) fn gone(why: Withdrawal) -> Self {
        Self { words: &[], said: &[], why, decided: Decided::default() }
    }
}

impl Outgoing {
    /// Invites whoever sits on places that were confirmed just now, so that their calendars know
    /// nothing yet.
    pub(in crate::actions) fn invites<'p>(
        &mut self,
        ctx: &ActionContext,
        about: (&Session, &Registration),
        places: impl IntoIterator<Item = &'p Place>,
    ) {
        let days = Days::of(ctx, about.0);
        let steps = days.difference(places, &[], Decided::default());
        self.tell_calendars(ctx, (&days, about.1), steps, Telling::changed(&[]));
    }

    /// Reads what stands in the calendars of a booking and adds whatever is different.
    pub(in crate::actions) async fn reconcile_stored(
        &mut self,
        ctx: &ActionContext,
        tx: &mut Tx,
        about: (&Session, &Registration),
        telling: Telling<'_>,
    ) -> Result<(), StoreError> {
        let stored = invitations::live_of_registrations(tx, &[about.1.id]).await?;
        let stored = stored.into_values().next().unwrap_or_default();
        let days = Days::read(ctx, tx, about.0, stored.iter()).await?;
        self.reconcile(ctx, &days, about.1, &stored, telling);
        Ok(())
    }

    /// Adds whatever is different between what stands in the calendars of a booking, which is
    /// `stored`, and what is true.
    pub(in crate::actions) fn reconcile(
        &mut self,
        ctx: &ActionContext,
        days: &Days<'_>,
        registration: &Registration,
        stored: &[Invitation],
        telling: Telling<'_>,
    ) {
        // Nobody was told of the booking at all, as whoever imported it wanted.
        if registration.untold_since.is_some() {
            return;
        }
        let steps = days.difference(&registration.places, stored, telling.decided);
        for step in &steps {
            // A day more: what was declined was the others.
            if let CalendarStep::Invite(due) = step
                && stored.iter().any(|one| one.place == due.place)
            {
                self.keep(due.place);
            }
        }
        self.tell_calendars(ctx, (days, registration), steps, telling);
    }

    fn tell_calendars(
        &mut self,
        ctx: &ActionContext,
        (days, registration): (&Days<'_>, &Registration),
        steps: Vec<CalendarStep>,
        telling: Telling<'_>,
    ) {
        let about = (days.session, registration);
        if days.session.sittings.len() > MOST_LETTERS {
            self.tell_of_many(ctx, (days, registration), steps, telling);
            return;
        }
        let mut urls: HashMap<PlaceId, Urls> = HashMap::new();
        for step in steps {
            let id = step.place();
            // Whoever was swapped sits on a place that is not one of the booking any more.
            let place = about.1.places.iter().find(|one| one.id == id);
            if let CalendarStep::Withdraw(invitation) = step {
                let comes = place.is_some_and(|one| one.state.status() == PlaceStatus::Confirmed);
                let of = &registration.reference;
                self.withdraw(ctx, (days, comes, of), invitation, telling);
                continue;
            }
            let Some(place) = place else { continue };
            let urls = urls.entry(id).or_insert_with(|| self.urls(ctx, id));
            match step {
                CalendarStep::Invite(due) => {
                    let invitation = new_invitation(ctx, due);
                    self.invite(ctx, about, place, (&invitation, urls));
                    self.invitation(invitation);
                }
                CalendarStep::Update { invitation, due, asks } => {
                    let invitation = updated(ctx, invitation, due, asks);
                    if asks {
                        // What was declined was another time or another place.
                        self.keep(id);
                    }
                    if telling.decided.again == Some(id) {
                        self.invite(ctx, about, place, (&invitation, urls));
                    } else {
                        self.update(ctx, about, place, (&invitation, urls), telling);
                    }
                    self.told_again(invitation);
                }
                CalendarStep::Withdraw(_) => {}
            }
        }
    }

    /// The letter with one invite.
    fn invite(
        &mut self,
        ctx: &ActionContext,
        (session, registration): (&Session, &Registration),
        place: &Place,
        (invitation, urls): (&Invitation, &Urls),
    ) -> bool {
        let Some((sitting, attendee)) = day_of(ctx, session, place, invitation) else {
            return false;
        };
        let answer = participation(registration, attendee, invitation);
        let ics = imip::request(&ctx.publisher, session, sitting, invitation, answer, &urls.event);
        let part = CalendarPart { method: CalendarMethod::Request, ics };
        let leader = registration.leader.name.as_str();
        let content =
            letters::invite(&ctx.letterhead, session, sitting, attendee, leader, &urls.letter)
                .of(&registration.reference);
        let to = (Some(attendee.name.to_string()), invitation.address.clone());
        let thread = invitation.uid.clone();
        let letter = ctx.letter(LetterKind::Invite, to, content, Some((part, thread)));
        self.letter(letter, About { registration: Some(registration.id), place: Some(place.id) });
        true
    }

    /// The letter with what is different of a day: the same UID with a higher SEQUENCE, so that
    /// calendars change the event they have.
    fn update(
        &mut self,
        ctx: &ActionContext,
        (session, registration): (&Session, &Registration),
        place: &Place,
        (invitation, urls): (&Invitation, &Urls),
        Telling { words, said, .. }: Telling<'_>,
    ) {
        let Some((sitting, attendee)) = day_of(ctx, session, place, invitation) else { return };
        let answer = participation(registration, attendee, invitation);
        let ics = imip::request(&ctx.publisher, session, sitting, invitation, answer, &urls.event);
        let part = CalendarPart { method: CalendarMethod::Request, ics };
        let name = attendee.name.as_str();
        let content =
            letters::day_changed(&ctx.letterhead, session, sitting, name, words, &urls.letter)
                .of(&registration.reference)
                .saying(said);
        let to = (Some(name.to_owned()), invitation.address.clone());
        let part = Some((part, invitation.uid.clone()));
        let letter = ctx.letter(LetterKind::SessionChanged, to, content, part);
        self.letter(letter, About { registration: Some(registration.id), place: Some(place.id) });
    }

    /// The letter that takes a day out of a calendar. A day that is over is left in peace, and so is
    /// a calendar that has taken the day out by itself.
    fn withdraw(
        &mut self,
        ctx: &ActionContext,
        (days, comes, reference): (&Days<'_>, bool, &Reference),
        mut invitation: Invitation,
        Telling { why, said, .. }: Telling<'_>,
    ) {
        invitation.sequence += 1;
        invitation.stamp = next_stamp(ctx, &invitation);
        invitation.withdrawn = true;
        let is_known =
            why == Withdrawal::DeclinedByCalendar && invitation.answer == Some(PartStat::Declined);
        let day = days.day(invitation.sitting);
        let day = day.filter(|(sitting, ..)| sitting.ends_at > ctx.now() && !is_known);
        if let Some((sitting, of, stands)) = day {
            let why = if comes && !stands { Withdrawal::DayRemoved } else { why };
            let reason = match why {
                Withdrawal::SessionCancelled | Withdrawal::DayRemoved => {
                    imip::EventRemoval::SessionCancelled
                }
                _ => imip::EventRemoval::AttendeeWithdrawn,
            };
            let (session, day) = (days.session, (sitting, of));
            let ics = imip::cancel(&ctx.publisher, session, day, &invitation, reason);
            let part = CalendarPart { method: CalendarMethod::Cancel, ics };
            let name = invitation.name.as_str();
            let content =
                letters::withdrawn(&ctx.letterhead, session, sitting, name, why).of(reference);
            let content = content.saying(said);
            let to = (Some(name.to_owned()), invitation.address.clone());
            let part = Some((part, invitation.uid.clone()));
            let letter = ctx.letter(LetterKind::Withdrawn, to, content, part);
            self.letter(letter, About { registration: None, place: Some(invitation.place) });
        }
        self.told_again(invitation);
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
        if about.0.sittings.len() > MOST_LETTERS {
            return self.invite_many(ctx, (&Days::of(ctx, about.0), about.1), place, live.to_vec());
        }
        let urls = self.urls(ctx, place.id);
        live.iter().filter(|one| self.invite(ctx, about, place, (one, &urls))).count()
    }

    /// New links to a place.
    pub(super) fn urls(&mut self, ctx: &ActionContext, place: PlaceId) -> Urls {
        let letter = self.link(ctx, LinkTarget::Attendee(place));
        let event = self.link(ctx, LinkTarget::Event(place));
        Urls { letter: ctx.place_url(&letter), event: ctx.event_url(&event) }
    }
}

/// The links to a place: the one in a letter changes it, the one in an event, which may be in a shared
/// calendar, only shows it (C10).
pub(super) struct Urls {
    pub(super) letter: String,
    event: String,
}

/// The day an invitation is about, unless it is over, and who sits on the place.
fn day_of<'s, 'p>(
    ctx: &ActionContext,
    session: &'s Session,
    place: &'p Place,
    invitation: &Invitation,
) -> Option<(&'s Sitting, &'p Attendee)> {
    let sitting = session.sittings.iter().find(|one| one.id == invitation.sitting);
    sitting.filter(|one| one.ends_at > ctx.now()).zip(place.attendee.as_ref())
}

pub(super) fn new_invitation(ctx: &ActionContext, due: Due) -> Invitation {
    Invitation {
        id: InvitationId::new(row_id(&*ctx.random, &*ctx.clock)),
        place: due.place,
        sitting: due.sitting,
        uid: format!("{}@{}", secret_uuid(&*ctx.random), ctx.publisher.host),
        address: due.address,
        name: due.name,
        sequence: 0,
        stamp: ctx.now().trunc_subsecs(0),
        withdrawn: false,
        organizer: Some(ctx.publisher.organizer_email.clone()),
        mark: due.mark,
        asked: 0,
        counted: 0,
        answer: None,
    }
}

pub(super) fn updated(ctx: &ActionContext, told: Invitation, due: Due, asks: bool) -> Invitation {
    let sequence = told.sequence + 1;
    Invitation {
        sequence,
        stamp: next_stamp(ctx, &told),
        name: due.name,
        organizer: told.organizer.or_else(|| Some(ctx.publisher.organizer_email.clone())),
        mark: due.mark,
        asked: if asks { sequence } else { told.asked },
        answer: told.answer.filter(|_| !asks),
        ..told
    }
}

pub(super) fn next_stamp(ctx: &ActionContext, told: &Invitation) -> DateTime<Utc> {
    told.next_stamp(ctx.now().trunc_subsecs(0))
}

/// What a calendar shows as her answer: what she said, or that she booked herself, unless she was
/// asked anew since.
fn participation(
    registration: &Registration,
    attendee: &Attendee,
    invitation: &Invitation,
) -> Participation {
    let leader = &registration.leader;
    let is_leader = leader.email == attendee.email && leader.name == attendee.name;
    match invitation.answer {
        Some(answer) => Participation::Said(answer),
        None if is_leader && invitation.asked == 0 => Participation::Said(PartStat::Accepted),
        None => Participation::NeedsAction,
    }
}
