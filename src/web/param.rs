//! Identifiers and tokens in paths. What cannot be one is no page: 404.

use rocket::{
    form::{Error, FromFormField, ValueField},
    request::FromParam,
};

use crate::{
    domain::{
        id::{
            AllianceSlug, CourseSlug, FeedbackQuestionId, HandoutId, HelpRequestId, HelperLinkId,
            InstitutionCode, LetterId, MailingId, NominationId, NoteId, PasskeyId, PathRecordId,
            PathSlug, PersonId, PersonalInvitationId, QuestionCode, RoomId, SeriesId, SessionCode,
            StaffLogin, VenueId,
        },
        letter_wording::WordedLetter,
        reference::Reference,
    },
    token::Token,
};

macro_rules! from_param {
    ($($name:ty),+) => {$(
        impl<'r> FromParam<'r> for $name {
            type Error = <$name as std::str::FromStr>::Err;

            fn from_param(param: &'r str) -> Result<Self, Self::Error> {
                param.parse()
            }
        }
    )+};
}
from_param!(
    AllianceSlug,
    CourseSlug,
    FeedbackQuestionId,
    HandoutId,
    HelpRequestId,
    HelperLinkId,
    InstitutionCode,
    LetterId,
    MailingId,
    NominationId,
    NoteId,
    PasskeyId,
    PathRecordId,
    PathSlug,
    PersonId,
    QuestionCode,
    PersonalInvitationId,
    Reference,
    RoomId,
    SeriesId,
    SessionCode,
    StaffLogin,
    Token,
    VenueId,
    WordedLetter
);

macro_rules! from_form_field {
    ($($name:ty),+) => {$(
        #[rocket::async_trait]
        impl<'r> FromFormField<'r> for $name {
            fn from_value(field: ValueField<'r>) -> rocket::form::Result<'r, Self> {
                field.value.parse().map_err(|_| Error::validation("not an identifier").into())
            }
        }
    )+};
}
from_form_field!(AllianceSlug, CourseSlug);

/// An identifier followed by `.ics`.
#[derive(Debug, Clone)]
pub struct Ics<T>(pub T);

impl<'r, T: std::str::FromStr> FromParam<'r> for Ics<T> {
    type Error = ();

    fn from_param(param: &'r str) -> Result<Self, ()> {
        let name = param.strip_suffix(".ics").ok_or(())?;
        name.parse().map(Self).map_err(|_| ())
    }
}
