//! What a session's calendars should say, and how that differs from what they were told.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use crate::{
    actions::ActionContext,
    calendar::imip,
    domain::{
        difference::{CalendarStep, Decided, Due, difference},
        id::SittingId,
        invitation::{EventMark, Invitation},
        place::{Place, PlaceStatus},
        registration::Registration,
        session::{Publication, Session},
        sitting::{RemovedDay, Sitting},
    },
    store::{Conn, StoreError, invitations::ByBooking, removed_days},
};

/// What a session's calendars should say: its days, with what an event says of each that has not
/// begun.
pub(in crate::actions) struct Days<'a> {
    pub(super) session: &'a Session,
    now: DateTime<Utc>,
    marks: HashMap<SittingId, EventMark>,
    pub(super) removed: Vec<RemovedDay>,
}

impl<'a> Days<'a> {
    pub(in crate::actions) fn of(ctx: &ActionContext, session: &'a Session) -> Self {
        let now = ctx.now();
        let to_come = session.sittings.iter().filter(|one| one.starts_at > now);
        let mark = |sitting: &Sitting| (sitting.id, imip::mark(&ctx.publisher, session, sitting));
        Self { session, now, marks: to_come.map(mark).collect(), removed: Vec::new() }
    }

    /// The same, with what is to be known of days that `stored` invitations are for and that were
    /// taken off.
    pub(in crate::actions) async fn read<'i>(
        ctx: &ActionContext,
        conn: &mut Conn,
        session: &'a Session,
        mut stored: impl Iterator<Item = &'i Invitation>,
    ) -> Result<Self, StoreError> {
        let mut days = Self::of(ctx, session);
        if stored.any(|one| days.day(one.sitting).is_none()) {
            days.removed = removed_days::of_session(conn, &session.code).await?;
        }
        Ok(days)
    }

    /// A day that the session has, or had; of how many; and whether it still has it.
    pub(super) fn day(&self, id: SittingId) -> Option<(&Sitting, usize, bool)> {
        let standing = &self.session.sittings;
        let standing =
            standing.iter().find(|one| one.id == id).map(|one| (one, standing.len(), true));
        let removed = self.removed.iter().find(|one| one.sitting.id == id);
        standing.or_else(|| removed.map(|one| (&one.sitting, one.days as usize, false)))
    }

    /// What is due to somebody's calendar.
    fn due(&self, place: &Place) -> Vec<Due> {
        let comes = place.state.status() == PlaceStatus::Confirmed
            && self.session.publication == Publication::Published;
        let Some(attendee) = place.attendee.as_ref().filter(|_| comes) else { return Vec::new() };
        let Some(address) = &attendee.email else { return Vec::new() };
        let day = |sitting: &Sitting| Due {
            place: place.id,
            sitting: sitting.id,
            address: address.clone(),
            name: attendee.name.clone(),
            mark: self.marks.get(&sitting.id).cloned(),
        };
        self.session.sittings.iter().map(day).collect()
    }

    /// What these places' calendars are to be told.
    pub(in crate::actions) fn difference<'p>(
        &self,
        places: impl IntoIterator<Item = &'p Place>,
        stored: &[Invitation],
        decided: Decided,
    ) -> Vec<CalendarStep> {
        let due: Vec<_> = places.into_iter().flat_map(|place| self.due(place)).collect();
        difference(&due, stored, decided)
    }

    /// What the calendars of these bookings are still to be told by letter.
    pub(in crate::actions) fn untold(
        &self,
        registrations: &[Registration],
        stored: &ByBooking,
    ) -> Vec<CalendarStep> {
        let of_booking = |one: &Registration| {
            let stored = stored.get(&one.id).map_or(&[][..], Vec::as_slice);
            self.difference(&one.places, stored, Decided::default())
        };
        let is_written = |step: &CalendarStep| match step {
            CalendarStep::Invite(_) | CalendarStep::Update { .. } => true,
            // A day that is over is left in peace.
            CalendarStep::Withdraw(one) => {
                self.day(one.sitting).is_some_and(|(day, ..)| day.ends_at > self.now)
            }
        };
        let told = registrations.iter().filter(|one| one.untold_since.is_none());
        told.flat_map(of_booking).filter(is_written).collect()
    }
}
