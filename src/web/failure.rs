//! The one place where faults become a status. The page for a status is drawn by the catchers.

#![deny(clippy::wildcard_enum_match_arm)]

use rocket::{
    Request,
    http::Status,
    response::{self, Responder},
};

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
    store::StoreError,
    web::{
        access_log,
        asked::Unusable,
        kept::MaybeAway,
        page::Unrendered,
        paths::Href,
        refusal::{
            Answer, Cause, HelperLinkEnded, LinkEnded, MergedAway, OtherLink, PastTheEnd,
            PathLinkEnded, Refusal,
        },
    },
};

/// Why a page cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// There is no such page, or this link does not open it.
    #[error("not found")]
    NotFound,
    /// Whoever asks may not see it.
    #[error("forbidden")]
    Forbidden,
    /// Something else of ours failed; it was logged where it did.
    #[error("failed")]
    Broken,
    /// A verb refused.
    #[error("refused")]
    Refused(Box<Answer>),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<Cause> for Failure {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Refused(refused) => Self::Refused(Box::new(Answer::new(refused))),
            Cause::Store(error) => Self::Store(error),
        }
    }
}

impl From<Unrendered> for Failure {
    fn from(_: Unrendered) -> Self {
        Self::Broken
    }
}

/// The refusals that a handler may pass on.
macro_rules! passed_on {
    ($($Refused:ty),+ $(,)?) => {
        $(impl From<$Refused> for Failure {
            fn from(error: $Refused) -> Self {
                Cause::from(error).into()
            }
        })+
    };
}

passed_on!(
    HoldError,
    BookError,
    CancelError,
    ChangeError,
    AnswerError,
    StayError,
    RoomsError,
    AskHelpError,
    LeaderError,
    MendError,
    MoveError,
    SplitError,
    OfferError,
    OutOfTurnError,
    DecideError,
    TakeBackError,
    ChangeSessionError,
    PlanError,
    MessageError,
    AccountError,
    MergeInstitutionsError,
    MergeError,
    PathError,
    PledgeError,
    PasskeyError,
    DoorError,
    RosterError,
    HelperLinkEnded,
    LinkEnded,
    PathLinkEnded,
    OtherLink,
    PastTheEnd,
    Unusable,
    MergedAway,
);

impl Failure {
    /// What kind of refusal it is, if it is one.
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused(answer) => Some(answer.kind()),
            Self::NotFound | Self::Forbidden | Self::Broken | Self::Store(_) => None,
        }
    }

    /// Where the page of a refusal leads on to; other failures have pages of their own.
    #[must_use]
    pub fn leads(self, to: Href, words: impl Into<String>) -> Self {
        match self {
            Self::Refused(answer) => Self::Refused(Box::new(answer.leads(to, words))),
            Self::NotFound | Self::Forbidden | Self::Broken | Self::Store(_) => self,
        }
    }
}

impl MaybeAway for Failure {
    fn is_away(&self) -> bool {
        matches!(self, Self::Store(error) if error.is_away())
    }
}

/// Whether nobody knows if what was asked for was done, for the page that says so.
#[derive(Debug, Default)]
pub struct Unsure(pub bool);

impl<'r> Responder<'r, 'static> for Failure {
    fn respond_to(self, request: &'r Request<'_>) -> response::Result<'static> {
        Err(match self {
            Self::NotFound => Status::NotFound,
            Self::Forbidden => Status::Forbidden,
            Self::Broken => Status::InternalServerError,
            Self::Refused(answer) => return answer.respond_to(request),
            Self::Store(StoreError::Unsure(error)) => {
                log::error!("nobody knows whether a commit happened: {error}");
                request.local_cache(|| Unsure(true));
                Status::ServiceUnavailable
            }
            Self::Store(StoreError::Unavailable(error)) => {
                let id = access_log::request_id(request);
                log::error!("the database is unavailable: {error} (request {id})");
                Status::ServiceUnavailable
            }
            Self::Store(error) => {
                log::error!("{error} (request {})", access_log::request_id(request));
                Status::InternalServerError
            }
        })
    }
}
