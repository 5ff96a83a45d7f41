//! A scheduled run of a course, and whether it may be booked.

use std::sync::Arc;

use chrono::{DateTime, Duration, NaiveDate, Utc};
use chrono_tz::Tz;

use super::{
    admission::Admission,
    aims::Aims,
    alliance::Alliance,
    course::Course,
    id::{SeriesId, SessionCode, StaffLogin, VenueId},
    location::Location,
    occupancy::Occupancy,
    page_words::SessionWords,
    reply::OnDecline,
    reserve::Reserve,
    series::{Bookable, InSeries},
    sitting::{DayPlace, Sitting, later},
    stay::Overnight,
    vocabulary::words,
    waiting_list::offer_deadline,
};

/// How a booking is answered (B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingMode {
    /// The place is theirs at once, as long as there are places.
    Instant,
    /// Places are asked for and hold no capacity until an organiser says yes.
    Approval,
}

words!(BookingMode { Instant => "instant", Approval => "approval" });

/// Whether the public sees a session. *Finished* is derived from time, never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// Being planned; only the office sees it.
    Draft,
    /// Everybody sees it in the catalogue and the feeds.
    Published,
    /// Called off; it stays in the catalogue so that people learn of it.
    Cancelled {
        /// When it was called off.
        at: DateTime<Utc>,
        /// Why, in words for everybody.
        reason: String,
    },
}

/// Somebody who leads a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trainer {
    /// The account that may open the roster.
    pub login: StaffLogin,
    /// As the session's page shows it.
    pub name: String,
}

/// A scheduled run of a course. At least one sitting, in order of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Public and permanent: it stands in addresses.
    pub code: SessionCode,
    /// Shared, since a list shows many runs of few courses.
    pub course: Arc<Course>,
    /// The local chapter that runs it; its zone is the zone of the days.
    pub alliance: Arc<Alliance>,
    /// A venue or a video call; the room of a call is for those who have a place (C5).
    pub location: Location,
    /// The venue on the office's list that it is held at, if it is one; where that is, people know from
    /// `location`.
    pub venue: Option<VenueId>,
    /// What the place offers, such as `step-free`; each a short phrase.
    pub access: Vec<String>,
    /// How full it is.
    pub occupancy: Occupancy,
    /// The most places one institution may hold, where that is limited (B2).
    pub places_per_institution: Option<u32>,
    /// The most places one booking may ask for (B2).
    pub places_per_booking: u32,
    /// How a booking is answered.
    pub mode: BookingMode,
    /// When booking opens; `None` means as soon as it is published.
    pub booking_opens: Option<DateTime<Utc>>,
    /// When booking closes; `None` means when the first sitting starts.
    pub booking_closes: Option<DateTime<Utc>>,
    /// Whether people can wait for places when it is full.
    pub waiting_list: bool,
    /// Until when attendees can be named or swapped (B6); `None` means until the last sitting ends.
    pub changes_close: Option<DateTime<Utc>>,
    /// What becomes of a place whose attendee's calendar declines (C2).
    pub on_decline: OnDecline,
    /// Who leads it, in order.
    pub trainers: Vec<Trainer>,
    /// Something everybody should know.
    pub note: Option<String>,
    /// What its page says for whoever thinks of coming.
    pub words: SessionWords,
    /// What it needs and hopes for.
    pub aims: Aims,
    /// Whether people stay overnight.
    pub overnight: Overnight,
    /// Places that are kept for groups.
    pub reserves: Vec<Reserve>,
    /// Whether people can ask for help so that they can come.
    pub helps: bool,
    /// Whether the public sees it.
    pub publication: Publication,
    /// Who of the public.
    pub admission: Admission,
    /// The series it belongs to, if it does.
    pub series: Option<InSeries>,
    /// Its sittings, by number.
    pub sittings: Vec<Sitting>,
}

/// The dates of a session that hang on its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DependentDates {
    /// See [`Session::booking_opens`].
    pub booking_opens: Option<DateTime<Utc>>,
    /// See [`Session::booking_closes`].
    pub booking_closes: Option<DateTime<Utc>>,
    /// See [`Session::changes_close`].
    pub changes_close: Option<DateTime<Utc>>,
    /// See [`Aims::decide_by`].
    pub decide_by: Option<NaiveDate>,
    /// See [`Overnight::rooms_on`].
    pub rooms_on: Option<NaiveDate>,
}

/// Why a place stays as it is, whoever wants it changed and by whatever way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Settled {
    /// The last day has ended: who had a place is history.
    #[error("the session is over, so nothing can be given up or changed any more")]
    Over,
    /// Somebody was checked in on it: that she came is history.
    #[error("somebody was checked in on this place, so it stays")]
    Attended,
}

/// Whether, and why not, a session can be booked at a moment (B1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BookingStatus {
    /// It can be booked until `closes`.
    Open {
        /// The instant from which it cannot be booked.
        closes: DateTime<Utc>,
    },
    /// It can be booked from `opens`.
    NotYetOpen {
        /// The first instant at which it can.
        opens: DateTime<Utc>,
    },
    /// The closing time has passed, or a day has begun.
    Closed,
    /// The session was called off.
    Cancelled,
    /// The last sitting is over.
    Finished,
    /// It is not in the catalogue.
    Draft,
}

impl Session {
    /// The zone its times are told in.
    pub fn zone(&self) -> Tz {
        self.sittings.first().map_or(self.alliance.time_zone, |sitting| sitting.zone)
    }

    /// The venue on the office's list that a day of it is held at.
    pub fn venue_of<'a>(&'a self, day: &'a Sitting) -> Option<&'a VenueId> {
        match &day.place {
            Some(place) => place.venue.as_ref(),
            None => self.venue.as_ref(),
        }
    }

    /// Where a day of it is held.
    pub fn location_on(&self, day: &Sitting) -> Location {
        day.place.as_ref().map_or_else(|| self.location.clone(), DayPlace::location)
    }

    /// When its first sitting starts.
    pub fn starts_at(&self) -> Option<DateTime<Utc>> {
        self.sittings.iter().map(|sitting| sitting.starts_at).min()
    }

    /// When its last sitting ends.
    pub fn ends_at(&self) -> Option<DateTime<Utc>> {
        self.sittings.iter().map(|sitting| sitting.ends_at).max()
    }

    /// When booking closes: as set, but never after the session has started.
    pub fn closes_at(&self) -> Option<DateTime<Utc>> {
        [self.booking_closes, self.starts_at()].into_iter().flatten().min()
    }

    /// Whether its last day has ended.
    pub fn is_over(&self, now: DateTime<Utc>) -> bool {
        self.ends_at().is_none_or(|ends| ends <= now)
    }

    /// Whether a place on it may still be given up, taken back, moved or passed on at `now`; `attended` says
    /// whether anybody was checked in on it.
    ///
    /// # Errors
    /// [`Settled`], which says why not.
    pub fn lets_go(&self, attended: bool, now: DateTime<Utc>) -> Result<(), Settled> {
        match () {
            () if self.is_over(now) => Err(Settled::Over),
            () if attended => Err(Settled::Attended),
            () => Ok(()),
        }
    }

    /// The dates that hang on its days.
    pub fn dates(&self) -> DependentDates {
        DependentDates {
            booking_opens: self.booking_opens,
            booking_closes: self.booking_closes,
            changes_close: self.changes_close,
            decide_by: self.aims.decide_by,
            rooms_on: self.overnight.rooms_on,
        }
    }

    /// What its dates become when its days become `sittings`: they move with the day they stand before. A
    /// date more than a day ahead keeps its hour; one closer keeps its distance. Booking that has opened
    /// stays open.
    pub fn dates_with(&self, sittings: &[Sitting], now: DateTime<Utc>) -> DependentDates {
        let starts = |days: &[Sitting]| days.iter().map(|day| (day.starts, day.starts_at)).min();
        let ends = |days: &[Sitting]| days.iter().map(|day| (day.ends, day.ends_at)).max();
        let zone = self.zone();
        let follow = |at: DateTime<Utc>| {
            let first = starts(&self.sittings).zip(starts(sittings));
            let last = ends(&self.sittings).zip(ends(sittings));
            let is_before = first.is_some_and(|(before, _)| at <= before.1);
            let Some((before, after)) = (if is_before { first } else { last }) else { return at };
            let is_close = before.1 - at < Duration::days(1);
            let days = after.0.date() - before.0.date();
            later(at, if is_close { after.0 - before.0 } else { days }, zone)
        };
        let dates = self.dates();
        let first = starts(&self.sittings).zip(starts(sittings));
        let days =
            first.map_or(Duration::zero(), |(before, after)| after.0.date() - before.0.date());
        DependentDates {
            booking_opens: dates.booking_opens.map(|at| if at <= now { at } else { follow(at) }),
            booking_closes: dates.booking_closes.map(follow),
            changes_close: dates.changes_close.map(follow),
            decide_by: dates.decide_by.map(|day| day + days),
            rooms_on: dates.rooms_on.map(|day| day + days),
        }
    }

    /// Whether it can be booked at `now`: `booking_opens <= now < booking_closes`.
    pub fn booking_status(&self, now: DateTime<Utc>) -> BookingStatus {
        match self.publication {
            Publication::Draft => return BookingStatus::Draft,
            Publication::Cancelled { .. } => return BookingStatus::Cancelled,
            Publication::Published => {}
        }
        let (Some(closes), Some(ends)) = (self.closes_at(), self.ends_at()) else {
            return BookingStatus::Draft;
        };
        match self.booking_opens {
            _ if ends <= now => BookingStatus::Finished,
            _ if closes <= now => BookingStatus::Closed,
            Some(opens) if now < opens => BookingStatus::NotYetOpen { opens },
            _ => BookingStatus::Open { closes },
        }
    }

    /// Whether lists, feeds and searches for everybody show it.
    pub fn is_listed(&self) -> bool {
        self.has_page() && self.admission == Admission::Public
    }

    /// Whether anybody who has its address sees its page, and may book there.
    pub fn has_page(&self) -> bool {
        self.publication != Publication::Draft && self.admission.has_page()
    }

    /// The series that alone can be booked, where single evenings cannot.
    pub fn whole_series(&self) -> Option<&SeriesId> {
        let series = self.series.as_ref().filter(|one| one.bookable == Bookable::Whole);
        series.map(|one| &one.id)
    }

    /// Whether `login` leads it.
    pub fn is_led_by(&self, login: &StaffLogin) -> bool {
        self.trainers.iter().any(|trainer| trainer.login == *login)
    }

    /// The sitting whose door is open or opens next: the first that was not over two hours ago, or
    /// the last.
    pub fn sitting_at_the_door(&self, now: DateTime<Utc>) -> Option<&Sitting> {
        let is_current = |sitting: &&Sitting| sitting.ends_at + Duration::hours(2) > now;
        self.sittings.iter().find(is_current).or(self.sittings.last())
    }

    /// Until when attendees can be named or swapped (B6).
    pub fn changes_until(&self) -> Option<DateTime<Utc>> {
        [self.changes_close, self.ends_at()].into_iter().flatten().min()
    }

    /// Whether attendees can still be named or swapped (B6).
    pub fn accepts_changes_at(&self, now: DateTime<Utc>) -> bool {
        self.publication == Publication::Published
            && self.changes_until().is_some_and(|until| now < until)
    }

    /// Until when an offer made at `now` would hold a place; `None` when none may be made (W3, W5).
    pub fn offer_deadline(&self, now: DateTime<Utc>, usual: Duration) -> Option<DateTime<Utc>> {
        let is_published = self.publication == Publication::Published;
        let (starts, closes) = (self.starts_at()?, self.closes_at()?);
        if is_published { offer_deadline(now, starts, closes, usual) } else { None }
    }
}

#[cfg(test)]
mod tests;
