//! Nominating somebody for a course: with a reason, a one-to-one before and a review after. Her place is offered by
//! asking her by name. Where it stands follows from what happened, and what can be done next from where it stands.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    contact::{EmailAddress, PhoneNumber},
    id::{
        AllianceSlug, CourseSlug, InstitutionCode, NominationId, PersonId, RegistrationId,
        SessionCode, StaffLogin,
    },
    personal_invitation::{Answer, Seat},
    place::PlaceStatus,
    text::{Name, Paragraph},
    vocabulary::words,
};

/// Who nominated her.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Nominator {
    /// One of the staff, who decides with it.
    Staff(StaffLogin),
    /// Whoever leads this booking, for her own institution: an organiser decides.
    Leader(RegistrationId),
}

/// One of the two talks that go with a nomination.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Talk {
    /// Who has it with her.
    pub who: Option<Name>,
    /// By when.
    pub due: Option<NaiveDate>,
    /// When it was had.
    pub done_at: Option<DateTime<Utc>>,
    /// What was agreed.
    pub words: Option<Paragraph>,
}

/// Which talk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Which {
    /// The one-to-one before she goes.
    Before,
    /// The review after she came.
    After,
}

words!(Which { Before => "before", After => "after" });

/// What the organiser said to a nomination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// She is nominated.
    Approved,
    /// She is not.
    Declined,
}

words!(Decision { Approved => "approved", Declined => "declined" });

/// Somebody who is nominated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nomination {
    /// Which.
    pub id: NominationId,
    /// For what.
    pub course: CourseSlug,
    /// For which session of it, if for one.
    pub session: Option<SessionCode>,
    /// Whose organisers look after it.
    pub alliance: AllianceSlug,
    /// Who she is, where we know her.
    pub person: Option<PersonId>,
    /// Her name.
    pub name: Name,
    /// Where she is written to.
    pub email: Option<EmailAddress>,
    /// Where she is phoned.
    pub phone: Option<PhoneNumber>,
    /// Where she comes from.
    pub institution: Option<InstitutionCode>,
    /// Why she should go.
    pub reason: Paragraph,
    /// Who nominated her.
    pub by: Nominator,
    /// When.
    pub at: DateTime<Utc>,
    /// What the organiser said.
    pub decision: Option<Decision>,
    /// When it was taken back.
    pub withdrawn_at: Option<DateTime<Utc>>,
    /// The one-to-one before.
    pub before: Talk,
    /// The review after.
    pub after: Talk,
}

/// What happened to somebody since she was nominated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Facts {
    /// Whether she was asked by name and that was not taken back.
    pub asked: bool,
    /// What she answered last.
    pub answer: Option<Answer>,
    /// Her place on a session of the course, and whether she came to one.
    pub seat: Seat,
}

/// Where a nomination stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NominationState {
    /// A leader nominated her, and no organiser has decided.
    Proposed,
    /// She is to be asked.
    Nominated,
    /// She was asked and has not answered.
    Asked,
    /// She answered that she cannot, or not yet.
    Answered,
    /// She waits or asks for a place.
    Waiting,
    /// She has a place.
    Booked,
    /// She came.
    Came,
    /// It was looked at with her afterwards.
    Reviewed,
    /// The organiser said no.
    Declined,
    /// It was taken back.
    Withdrawn,
}

words!(NominationState {
    Proposed => "proposed",
    Nominated => "nominated",
    Asked => "asked",
    Answered => "answered",
    Waiting => "waiting",
    Booked => "booked",
    Came => "came",
    Reviewed => "reviewed",
    Declined => "declined",
    Withdrawn => "withdrawn",
});

/// What can be done about a nomination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The organiser says yes.
    Approve,
    /// The organiser says no.
    Decline,
    /// She is asked by name to a session.
    Ask,
    /// The one-to-one is planned or had.
    Before,
    /// The review is planned or had.
    After,
    /// It is taken back.
    Withdraw,
}

words!(Step {
    Approve => "approve",
    Decline => "decline",
    Ask => "ask",
    Before => "before",
    After => "after",
    Withdraw => "withdraw",
});

/// A step that makes no sense where a nomination stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a nomination that is {state} cannot {step}")]
pub struct IllegalStep {
    /// Where it stands.
    pub state: NominationState,
    /// What was asked for.
    pub step: Step,
}

impl NominationState {
    /// In words, as the office reads it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Proposed => "To decide",
            Self::Nominated => "Nominated",
            Self::Asked => "Asked",
            Self::Answered => "Answered: not now",
            Self::Waiting => "Waits for a place",
            Self::Booked => "Booked",
            Self::Came => "Came",
            Self::Reviewed => "Reviewed",
            Self::Declined => "Declined",
            Self::Withdrawn => "Taken back",
        }
    }

    /// Whether nothing more happens.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Reviewed | Self::Declined | Self::Withdrawn)
    }

    /// Goes on only if a step makes sense here.
    ///
    /// # Errors
    /// [`IllegalStep`].
    pub fn may(self, step: Step) -> Result<(), IllegalStep> {
        use NominationState as S;
        let may = match step {
            Step::Approve | Step::Decline => self == S::Proposed,
            Step::Ask => matches!(self, S::Nominated | S::Answered),
            Step::Before => {
                matches!(self, S::Nominated | S::Asked | S::Answered | S::Waiting | S::Booked)
            }
            Step::After => matches!(self, S::Booked | S::Came | S::Reviewed),
            Step::Withdraw => {
                matches!(self, S::Proposed | S::Nominated | S::Asked | S::Answered)
            }
        };
        if may { Ok(()) } else { Err(IllegalStep { state: self, step }) }
    }
}

impl Nomination {
    /// Where it stands. That it was declined or taken back counts before everything; what happened before what
    /// was said.
    pub fn state(&self, facts: Facts) -> NominationState {
        use NominationState as S;
        if self.withdrawn_at.is_some() {
            return S::Withdrawn;
        }
        match self.decision {
            None => return S::Proposed,
            Some(Decision::Declined) => return S::Declined,
            Some(Decision::Approved) => {}
        }
        if facts.seat.came {
            return if self.after.done_at.is_some() { S::Reviewed } else { S::Came };
        }
        match facts.seat.place {
            Some(PlaceStatus::Confirmed) => return S::Booked,
            Some(PlaceStatus::Waiting | PlaceStatus::Offered | PlaceStatus::Requested) => {
                return S::Waiting;
            }
            _ => {}
        }
        match (facts.asked, facts.answer) {
            (false, _) => S::Nominated,
            (true, None) => S::Asked,
            (true, Some(_)) => S::Answered,
        }
    }

    /// One of its talks.
    pub fn talk(&self, which: Which) -> &Talk {
        match which {
            Which::Before => &self.before,
            Which::After => &self.after,
        }
    }

    /// Whether a talk is still to be had: it has a day, and whoever it is with is not out of it.
    pub fn is_due(&self, which: Which, facts: Facts) -> bool {
        let (talk, state) = (self.talk(which), self.state(facts));
        let is_out = matches!(
            state,
            NominationState::Declined | NominationState::Withdrawn | NominationState::Proposed
        );
        let is_past = which == Which::Before
            && matches!(state, NominationState::Came | NominationState::Reviewed);
        talk.due.is_some() && talk.done_at.is_none() && !is_out && !is_past
    }
}

#[cfg(test)]
mod tests;
