//! The trainers' pages.

use super::Href;
use crate::domain::id::{HelperLinkId, PlaceId, SessionCode};

pub fn sessions() -> Href {
    Href::of("/trainer")
}

pub fn calendar() -> Href {
    sessions().join("calendar")
}

pub fn calendar_stop() -> Href {
    calendar().join("stop")
}

pub(super) fn session(code: &SessionCode) -> Href {
    sessions().join("sessions").join(code)
}

pub fn roster(code: &SessionCode) -> Href {
    session(code).join("roster")
}

pub fn roster_csv(code: &SessionCode) -> Href {
    session(code).join("roster.csv")
}

pub fn roster_xlsx(code: &SessionCode) -> Href {
    session(code).join("roster.xlsx")
}

/// The same files, by institution.
pub fn roster_csv_by_institution(code: &SessionCode) -> Href {
    roster_csv(code).with("sort", "institution")
}

/// See [`roster_csv_by_institution`].
pub fn roster_xlsx_by_institution(code: &SessionCode) -> Href {
    roster_xlsx(code).with("sort", "institution")
}

/// What the kitchen must know, without names.
pub fn kitchen(code: &SessionCode) -> Href {
    session(code).join("kitchen")
}

pub fn badges(code: &SessionCode) -> Href {
    session(code).join("badges")
}

pub fn certificates_pdf(code: &SessionCode) -> Href {
    session(code).join("certificates.pdf")
}

/// Making a link for a helper at the door.
pub fn helpers(code: &SessionCode) -> Href {
    session(code).join("helpers")
}

/// Ending one.
pub fn helper_end(code: &SessionCode, id: &HelperLinkId) -> Href {
    helpers(code).join(id).join("end")
}

/// The door of the sitting that is next.
pub fn check_in(code: &SessionCode) -> Href {
    session(code).join("check-in")
}

pub fn door(code: &SessionCode, sitting: &u32) -> Href {
    check_in(code).join(sitting)
}

pub fn door_at(code: &SessionCode, sitting: &u32, place: &PlaceId) -> Href {
    door(code, sitting).with("place", place)
}

pub fn door_close(code: &SessionCode, sitting: &u32) -> Href {
    door(code, sitting).join("close")
}

pub fn door_sync(code: &SessionCode, sitting: &u32) -> Href {
    door(code, sitting).join("sync")
}
