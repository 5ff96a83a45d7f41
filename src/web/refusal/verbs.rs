//! Each verb's refusals, one by one.

#![deny(clippy::wildcard_enum_match_arm)]

use crate::{
    actions::{
        booking::{
            cancel_places::CancelError,
            change_attendee::ChangeError,
            change_leader::LeaderError,
            move_places::MoveError,
            refusals::{BookError, HoldError},
            split_off::SplitError,
        },
        catalogue::{merge_institutions::MergeInstitutionsError, pledge::PledgeError},
        door::{open::DoorError, read_roster::RosterError},
        help_requests::ask::AskHelpError,
        letters::{mend_address::MendError, message_people::MessageError},
        path::put_on::PathError,
        people::know_people::MergeError,
        questions::answer::AnswerError,
        sessions::{change_session::ChangeSessionError, plan_session::PlanError},
        staff::{add_account::AccountError, passkeys::PasskeyError},
        stay::{rooms::RoomsError, say::StayError},
        waiting::{
            answer_offer::OfferError, confirm_out_of_turn::OutOfTurnError,
            decide_request::DecideError, take_back_answers::TakeBackError,
        },
    },
    domain::session::BookingStatus,
    web::refusal::{Cause, Refusal},
};

/// Says what each refusal of a verb is. What comes from the store is no refusal.
macro_rules! refusals {
    ($($Refused:ident { $($variant:pat => $kind:expr),+ $(,)? })+) => {
        $(impl From<$Refused> for Cause {
            fn from(error: $Refused) -> Self {
                let kind = match &error {
                    $Refused::Store(_) => None,
                    $($variant => Some($kind),)+
                };
                match (kind, error) {
                    (Some(kind), error) => Self::refused(kind, error),
                    (None, $Refused::Store(error)) => Self::Store(error),
                    // There is no kind for what comes from the store alone.
                    (None, error) => Self::refused(Refusal::Unusable, error),
                }
            }
        })+
    };
}

refusals! {
    HoldError {
        HoldError::NoSuchSession => Refusal::NotFound,
        HoldError::NotOpen(status) => not_open(*status),
        HoldError::WholeSeries(_) => Refusal::WholeSeries,
        HoldError::NotEnough { .. } => Refusal::Full,
        HoldError::InstitutionLimit { .. } => Refusal::InstitutionLimit,
        HoldError::WrongNumber { most } => Refusal::WrongNumber { most: *most },
        HoldError::TooMany | HoldError::NetworkHoldsTooMany { .. } => Refusal::TooMany,
        HoldError::AlreadyThere(_) => Refusal::SamePerson,
        HoldError::AlreadyExtended => Refusal::AlreadyExtended,
    }
    CancelError {
        CancelError::Settled(_) => Refusal::TooLate,
        CancelError::SomebodyElse(_) => Refusal::Meanwhile,
    }
    ChangeError {
        ChangeError::NoSuchPlace | ChangeError::Conflicts(_) => Refusal::Meanwhile,
        ChangeError::TooLate | ChangeError::CheckedIn { .. } => Refusal::TooLate,
        ChangeError::SomebodyElse { .. } => Refusal::Unusable,
        ChangeError::Lacking { .. } => Refusal::NominationMissing,
        ChangeError::AlreadyThere(_) => Refusal::SamePerson,
    }
    AnswerError {
        AnswerError::NoSuchPlace => Refusal::Gone,
        AnswerError::TooLate => Refusal::TooLate,
    }
    StayError {
        StayError::NoSuchPlace => Refusal::Gone,
        StayError::NobodyStays => Refusal::NotFound,
        StayError::TooLate => Refusal::TooLate,
        StayError::Fault(_) => Refusal::Unusable,
        StayError::Conflicts(_) => Refusal::Meanwhile,
    }
    RoomsError {
        RoomsError::NoSuchSession | RoomsError::NobodyStays => Refusal::NotFound,
        RoomsError::TooLate => Refusal::TooLate,
        RoomsError::Line(..) | RoomsError::TooMany => Refusal::Unusable,
        RoomsError::Conflicts(_) | RoomsError::Stale => Refusal::Meanwhile,
    }
    AskHelpError {
        AskHelpError::NoSuchPlace => Refusal::Gone,
        AskHelpError::NotOffered => Refusal::Unusable,
        AskHelpError::TooLate | AskHelpError::IsPaid => Refusal::TooLate,
        AskHelpError::Decided(_) => Refusal::Meanwhile,
    }
    LeaderError {
        LeaderError::NoSuchBooking => Refusal::NotFound,
        LeaderError::Unreachable => Refusal::Unusable,
        LeaderError::Conflicts(_) => Refusal::Meanwhile,
    }
    MendError {
        MendError::NoAddress => Refusal::Gone,
        MendError::Meanwhile(_) => Refusal::Meanwhile,
    }
    MoveError {
        MoveError::NothingToMove => Refusal::Meanwhile,
        MoveError::SomebodyElse(_) | MoveError::OtherDate(_) => Refusal::Meanwhile,
        MoveError::NotThere => Refusal::Unusable,
        MoveError::Settled(_) => Refusal::TooLate,
        MoveError::Full { .. } => Refusal::Full,
        MoveError::AlreadyThere(_) => Refusal::SamePerson,
    }
    SplitError {
        SplitError::NoSuchPlace => Refusal::Gone,
        SplitError::TooLate => Refusal::TooLate,
        SplitError::NotApart(_) | SplitError::Unreachable => Refusal::Unusable,
        SplitError::SomebodyElse(_) => Refusal::Meanwhile,
    }
    OfferError {
        OfferError::NoOffer => Refusal::Meanwhile,
        OfferError::AllOrNothing | OfferError::NothingChosen => Refusal::Unusable,
    }
    OutOfTurnError {
        OutOfTurnError::NobodyWaits => Refusal::Meanwhile,
        OutOfTurnError::TooLate => Refusal::TooLate,
        OutOfTurnError::NoRoom { .. } => Refusal::Full,
    }
    DecideError {
        DecideError::NothingAsked => Refusal::Meanwhile,
        DecideError::TooLate => Refusal::TooLate,
    }
    TakeBackError {
        TakeBackError::TooLate => Refusal::TooLate,
    }
    ChangeSessionError {
        ChangeSessionError::NoSuchSession => Refusal::NotFound,
        ChangeSessionError::TooLate => Refusal::TooLate,
        ChangeSessionError::Draft => Refusal::OtherStage,
        ChangeSessionError::NothingChanged => Refusal::Unchanged,
        ChangeSessionError::Conflicts(_) => Refusal::Meanwhile,
        ChangeSessionError::BelowOccupancy { .. }
        | ChangeSessionError::NoPlaces
        | ChangeSessionError::BelowMinimum(_)
        | ChangeSessionError::BelowReserves { .. }
        | ChangeSessionError::BelowPromised { .. }
        | ChangeSessionError::Location(_)
        | ChangeSessionError::NoSuchVenue
        | ChangeSessionError::NoSuchSitting(_)
        | ChangeSessionError::DayHasBegun(_)
        | ChangeSessionError::DayAttended(_)
        | ChangeSessionError::OnlyDay
        | ChangeSessionError::Days(_) => Refusal::Unusable,
    }
    PlanError {
        PlanError::NoSuchSession => Refusal::NotFound,
        PlanError::NotADraft => Refusal::OtherStage,
        PlanError::RequestsWait { .. } => Refusal::Meanwhile,
        PlanError::Conflicts(_) => Refusal::Meanwhile,
        PlanError::NoSuchCourse
        | PlanError::NoSuchAlliance
        | PlanError::NoSuchTrainer
        | PlanError::NoSuchVenue
        | PlanError::NoPlaces
        | PlanError::Aims(_)
        | PlanError::Overnight(_)
        | PlanError::Location(_)
        | PlanError::Weeks
        | PlanError::NoDays
        | PlanError::Days(_) => Refusal::Unusable,
    }
    MessageError {
        MessageError::NoSuchSession => Refusal::NotFound,
        MessageError::Nobody => Refusal::Unusable,
    }
    AccountError {
        AccountError::NoSuchAccount => Refusal::NotFound,
        AccountError::Conflicts(_) => Refusal::Meanwhile,
        AccountError::AddressTaken
        | AccountError::NoAlliance
        | AccountError::LastAdministrator => Refusal::Unusable,
    }
    MergeInstitutionsError { MergeInstitutionsError::NotTwo => Refusal::Unusable }
    MergeError { MergeError::NotTwo => Refusal::Unusable }
    PathError {
        PathError::NoSuchPerson => Refusal::NotFound,
        PathError::NotOpen | PathError::NotOnIt | PathError::Meanwhile => Refusal::Meanwhile,
        PathError::OnItAlready | PathError::Finished => Refusal::Unchanged,
        PathError::OtherAlliance => Refusal::Forbidden,
        PathError::NotReached | PathError::ToCome => Refusal::Unusable,
    }
    PledgeError {
        PledgeError::NoSuch => Refusal::NotFound,
        PledgeError::TooLate => Refusal::TooLate,
        PledgeError::TooMany => Refusal::Unusable,
        PledgeError::Conflicts(_) => Refusal::Meanwhile,
    }
    PasskeyError {
        PasskeyError::NoSuchPasskey => Refusal::NotFound,
        PasskeyError::TooLate
        | PasskeyError::Refused
        | PasskeyError::AlreadyHere
        | PasskeyError::TooMany
        | PasskeyError::Unavailable => Refusal::Passkey,
    }
    DoorError {
        DoorError::NoSuchSitting => Refusal::NotFound,
        DoorError::Forbidden => Refusal::Forbidden,
        DoorError::NotYet => Refusal::NotYetBegun,
    }
    RosterError {
        RosterError::NoSuchSession => Refusal::NotFound,
        RosterError::Forbidden => Refusal::Forbidden,
    }
}

impl From<BookError> for Cause {
    fn from(error: BookError) -> Self {
        let kind = match error {
            BookError::Hold(error) => return error.into(),
            BookError::HoldRanOut { .. } => Refusal::HoldEnded,
            BookError::KeyReused => Refusal::KeyReused,
            BookError::NominationMissing => Refusal::NominationMissing,
            BookError::NotSentOff => Refusal::HoldEnded,
            BookError::NoSuchRegistration => Refusal::NotFound,
        };
        Self::refused(kind, error)
    }
}

fn not_open(status: BookingStatus) -> Refusal {
    match status {
        BookingStatus::NotYetOpen { .. } => Refusal::NotYetOpen,
        BookingStatus::Cancelled => Refusal::Cancelled,
        BookingStatus::Open { .. }
        | BookingStatus::Closed
        | BookingStatus::Finished
        | BookingStatus::Draft => Refusal::Closed,
    }
}
