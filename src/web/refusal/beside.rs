//! What a verb refused, beside the field it is about.

use crate::{
    actions::sessions::change_session::ChangeSessionError,
    web::{
        forms::{FormField, FormState},
        words::in_words,
    },
};

/// Says beside `field` what another input would mend; gives back what none would, and what a page says in
/// its own way: faults of days, and what somebody else changed.
///
/// # Errors
/// The refusal, if it is not about the field.
pub fn beside<K: FormField>(
    form: &mut FormState<K>,
    field: K,
    error: ChangeSessionError,
) -> Result<(), ChangeSessionError> {
    match error {
        ChangeSessionError::Store(_)
        | ChangeSessionError::NoSuchSession
        | ChangeSessionError::TooLate
        | ChangeSessionError::Draft
        | ChangeSessionError::Days(_)
        | ChangeSessionError::Conflicts(_) => return Err(error),
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
        | ChangeSessionError::NothingChanged => form.fault(field, in_words(&error.to_string())),
    }
    Ok(())
}
