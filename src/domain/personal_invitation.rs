//! Asking somebody to come to a session by name: what she was asked, what she answers, and where that stands. The
//! invite of a calendar is another thing ([`super::invitation`]).

use chrono::{DateTime, Utc};

use super::{
    contact::EmailAddress,
    id::{
        InstitutionCode, NominationId, PersonId, PersonalInvitationId, RegistrationId, SessionCode,
        StaffLogin,
    },
    place::PlaceStatus,
    session::{BookingStatus, Session},
    text::{Name, Paragraph},
    vocabulary::words,
    wording,
};

/// What somebody answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Book my place.
    Yes,
    /// No, thank you.
    No,
    /// I cannot say yet.
    Later,
}

words!(Answer { Yes => "yes", No => "no", Later => "later" });

/// Somebody who was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonalInvitation {
    /// Which.
    pub id: PersonalInvitationId,
    /// To what.
    pub session: SessionCode,
    /// Who she is, where she was chosen from the people we know.
    pub person: Option<PersonId>,
    /// Her name as it was chosen or pasted.
    pub name: Name,
    /// Where she is written to; without one an organiser hands her the link.
    pub email: Option<EmailAddress>,
    /// The nomination it follows from.
    pub nomination: Option<NominationId>,
    /// Whom she would come for.
    pub institution: Option<InstitutionCode>,
    /// Whether the organiser has decided that she may come, whatever she has done before.
    pub vouched: bool,
    /// What the organiser says to her.
    pub words: Option<Paragraph>,
    /// When and where it was when she was asked, for saying what changed since.
    pub said: String,
    /// Until when she may answer.
    pub answer_by: DateTime<Utc>,
    /// Who asked her.
    pub asked_by: StaffLogin,
    /// When.
    pub asked_at: DateTime<Utc>,
    /// When she was reminded, if she was: once at most.
    pub reminded_at: Option<DateTime<Utc>>,
    /// When the organiser took it back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// What she answered last, and when.
    pub answer: Option<(Answer, DateTime<Utc>)>,
    /// What she said to it.
    pub answer_words: Option<Paragraph>,
    /// The booking that was made by it.
    pub registration: Option<RegistrationId>,
}

/// What is seen of it beside what she answered: where her place stands, however it was booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Seat {
    /// Her place on the session, if one is open.
    pub place: Option<PlaceStatus>,
    /// Whether she came.
    pub came: bool,
}

/// Where an invitation stands, for the organiser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum InvitationState {
    /// She has not answered.
    Asked,
    /// She will say later.
    Later,
    /// She said no, or gave up what she had booked.
    Declined,
    /// She asks for a place, and the organiser is to decide.
    Requested,
    /// She waits for a place, or one is offered to her.
    Waiting,
    /// She has a place.
    Booked,
    /// She came.
    Came,
    /// The organiser took it back.
    Withdrawn,
}

words!(InvitationState {
    Asked => "asked",
    Later => "later",
    Declined => "declined",
    Requested => "requested",
    Waiting => "waiting",
    Booked => "booked",
    Came => "came",
    Withdrawn => "withdrawn",
});

impl InvitationState {
    /// In words, as the office reads it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Asked => "Not answered",
            Self::Later => "Will say later",
            Self::Declined => "Said no",
            Self::Requested => "Asks for a place",
            Self::Waiting => "On the waiting list",
            Self::Booked => "Booked",
            Self::Came => "Came",
            Self::Withdrawn => "Taken back",
        }
    }

    /// Whether nothing was heard that settles it.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Asked | Self::Later)
    }
}

impl PersonalInvitation {
    /// When and where a session is, as somebody is told who is asked to it now.
    pub fn said_of(session: &Session) -> String {
        let (days, hours) = (wording::days(session), wording::hours(session));
        format!("{days}, {hours}, {}", session.location.public_line())
    }

    /// Where it stands. What happened counts before what was said: whoever has a place is booked, whatever she
    /// answered, and whether or not it was taken back.
    pub fn state(&self, seat: Seat) -> InvitationState {
        if seat.came {
            return InvitationState::Came;
        }
        match seat.place {
            Some(PlaceStatus::Confirmed) => return InvitationState::Booked,
            Some(PlaceStatus::Waiting | PlaceStatus::Offered) => return InvitationState::Waiting,
            Some(PlaceStatus::Requested) => return InvitationState::Requested,
            _ => {}
        }
        match self.answer.map(|(answer, _)| answer) {
            _ if self.withdrawn_at.is_some() => InvitationState::Withdrawn,
            None => InvitationState::Asked,
            Some(Answer::Later) => InvitationState::Later,
            // Whoever said yes and has no place gave it up, or was refused it.
            Some(Answer::No | Answer::Yes) => InvitationState::Declined,
        }
    }

    /// Whether she can answer at `now`, by what her link shows.
    pub fn standing(
        &self,
        session: &Session,
        seat: Seat,
        now: DateTime<Utc>,
    ) -> InvitationStanding {
        let status = session.booking_status(now);
        match self.state(seat) {
            InvitationState::Came | InvitationState::Booked => return InvitationStanding::Booked,
            InvitationState::Waiting | InvitationState::Requested => {
                return InvitationStanding::Waits;
            }
            _ => {}
        }
        match status {
            BookingStatus::Cancelled => return InvitationStanding::Cancelled,
            BookingStatus::Finished | BookingStatus::Draft => return InvitationStanding::Over,
            _ => {}
        }
        if self.withdrawn_at.is_some() {
            return InvitationStanding::Withdrawn;
        }
        // Whoever is asked need not wait until everybody can book.
        let is_late = now >= self.answer_by || status == BookingStatus::Closed;
        if is_late { InvitationStanding::TooLate } else { InvitationStanding::Open }
    }

    /// Whether she can be reminded: once, while she has not answered and still can.
    pub fn can_remind(&self, session: &Session, seat: Seat, now: DateTime<Utc>) -> bool {
        self.reminded_at.is_none()
            && self.email.is_some()
            && self.state(seat).is_open()
            && self.standing(session, seat, now) == InvitationStanding::Open
    }
}

/// What her link opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvitationStanding {
    /// She can answer.
    Open,
    /// She has a place already.
    Booked,
    /// She waits, or asks for a place.
    Waits,
    /// The session was called off.
    Cancelled,
    /// It is over.
    Over,
    /// The organiser took it back.
    Withdrawn,
    /// The time to answer is over, or booking has closed.
    TooLate,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().expect("a moment")
    }

    fn asked(answer: Option<Answer>, is_withdrawn: bool) -> PersonalInvitation {
        let then = at("2027-01-01T10:00:00Z");
        PersonalInvitation {
            id: PersonalInvitationId::new(Uuid::nil()),
            session: "S1".parse().expect("a code"),
            person: None,
            name: Name::parse("Ada Obi").expect("a name"),
            email: "ada@example.org".parse().ok(),
            institution: None,
            nomination: None,
            vouched: true,
            words: None,
            said: String::new(),
            answer_by: at("2027-02-01T10:00:00Z"),
            asked_by: "ruth".parse().expect("a login"),
            asked_at: then,
            reminded_at: None,
            withdrawn_at: is_withdrawn.then_some(then),
            answer: answer.map(|answer| (answer, then)),
            answer_words: None,
            registration: None,
        }
    }

    fn answers() -> impl Strategy<Value = Option<Answer>> {
        prop::sample::select(vec![None, Some(Answer::Yes), Some(Answer::No), Some(Answer::Later)])
    }

    proptest! {
        #[test]
        fn what_happened_counts_before_what_was_said(
            answer in answers(),
            withdrawn in any::<bool>(),
            came in any::<bool>(),
            status in prop::sample::select(PlaceStatus::ALL),
        ) {
            let (one, seat) = (asked(answer, withdrawn), Seat { place: Some(status), came });
            let state = one.state(seat);
            let expected = match status {
                _ if came => Some(InvitationState::Came),
                PlaceStatus::Confirmed => Some(InvitationState::Booked),
                PlaceStatus::Waiting | PlaceStatus::Offered => Some(InvitationState::Waiting),
                PlaceStatus::Requested => Some(InvitationState::Requested),
                _ => None,
            };
            match expected {
                Some(expected) => prop_assert_eq!(state, expected),
                None => prop_assert_eq!(state, one.state(Seat::default())),
            }
        }

        #[test]
        fn only_who_has_not_answered_waits_to_be_asked_again(
            answer in answers(),
            withdrawn in any::<bool>(),
        ) {
            let one = asked(answer, withdrawn);
            let is_open = one.state(Seat::default()).is_open();
            let silent = matches!(answer, None | Some(Answer::Later));
            prop_assert_eq!(is_open, silent && !withdrawn);
        }
    }

    use crate::domain::samples;

    #[test]
    fn the_office_reads_where_an_invitation_stands() {
        let words: Vec<_> = InvitationState::ALL.iter().map(|state| state.in_words()).collect();
        assert_eq!(
            words,
            [
                "Not answered",
                "Will say later",
                "Said no",
                "Asks for a place",
                "On the waiting list",
                "Booked",
                "Came",
                "Taken back",
            ]
        );
        let said = PersonalInvitation::said_of(&samples::session());
        assert_eq!(
            said,
            "Sat 5 and Sat 12 September 2026, 9.30am to 4.30pm, both days, Bradwell Meeting House, 3 Chapel \
             Row, Milton Keynes MK13 0XX"
        );
    }

    fn seat(place: Option<PlaceStatus>) -> Seat {
        Seat { place, came: false }
    }

    fn open() -> PersonalInvitation {
        PersonalInvitation { answer_by: at("2026-08-20T10:00:00Z"), ..asked(None, false) }
    }

    #[test]
    fn a_link_says_what_can_still_be_answered() {
        use InvitationStanding as I;
        let (session, early) = (samples::session(), at("2026-08-01T10:00:00Z"));
        let opens_later =
            Session { booking_opens: Some(at("2026-08-10T10:00:00Z")), ..samples::session() };
        let closed = Session { booking_closes: Some(early), ..samples::session() };
        let (at_time, reason) = (early, "Ill".to_owned());
        let off = Session {
            publication: crate::domain::session::Publication::Cancelled { at: at_time, reason },
            ..samples::session()
        };
        let draft = Session {
            publication: crate::domain::session::Publication::Draft,
            ..samples::session()
        };
        let (late, over) = (at("2026-08-20T10:00:00Z"), at("2026-10-01T10:00:00Z"));
        for (session, place, now, standing) in [
            (&session, None, early, I::Open),
            (&opens_later, None, early, I::Open),
            (&session, None, late - chrono::Duration::seconds(1), I::Open),
            (&session, None, late, I::TooLate),
            (&closed, None, early, I::TooLate),
            (&session, None, over, I::Over),
            (&draft, None, early, I::Over),
            (&off, None, early, I::Cancelled),
            (&off, Some(PlaceStatus::Confirmed), early, I::Booked),
            (&session, Some(PlaceStatus::Waiting), late, I::Waits),
            (&session, Some(PlaceStatus::Requested), late, I::Waits),
        ] {
            assert_eq!(open().standing(session, seat(place), now), standing, "{place:?} {now}");
        }
        let came = Seat { place: None, came: true };
        assert_eq!(open().standing(&session, came, over), I::Booked);
        let taken_back = PersonalInvitation { withdrawn_at: Some(early), ..open() };
        assert_eq!(taken_back.standing(&session, seat(None), early), I::Withdrawn);
    }

    #[test]
    fn somebody_is_reminded_once_while_she_can_still_answer() {
        let (session, now) = (samples::session(), at("2026-08-01T10:00:00Z"));
        let may = |one: PersonalInvitation| one.can_remind(&session, seat(None), now);
        assert!(may(open()));
        assert!(!may(PersonalInvitation { reminded_at: Some(now), ..open() }));
        assert!(!may(PersonalInvitation { email: None, ..open() }));
        assert!(!may(PersonalInvitation { answer: Some((Answer::No, now)), ..open() }));
        assert!(!may(PersonalInvitation { answer_by: now, ..open() }));
    }
}
