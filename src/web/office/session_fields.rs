//! The fields of the forms about a session: the form that plans it, and those that change its days, its place, or
//! several that follow each other. They read the same things, such as where it is held, so they share the fields.

use std::borrow::Cow;

use crate::{
    domain::{aims::Whom, institution::InstitutionKind},
    web::forms::{FormField, FormState, form_fields},
};

form_fields! {
    /// When a day is.
    pub enum DayField {
        Date = "date",
        Start = "start",
        End = "end",
        EndDate = "end_date",
    }
}

form_fields! {
    /// What is said about a day.
    pub enum DayWord {
        Title = "title",
        Note = "note",
    }
}

/// A field of a form about a session, in the order of its page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum SessionField {
    /// Which of several sessions change.
    Tick,
    Course,
    Alliance,
    Day(u32, DayField),
    /// The day that is taken off.
    DayOff,
    /// The time of day at which each day of several sessions starts.
    Starts,
    Ends,
    Where,
    VenueId,
    Venue,
    Address,
    Room,
    Capacity,
    PerBooking,
    PerInstitution,
    Mode,
    Admission,
    Asking,
    Waiting,
    OnDecline,
    Opens,
    Closes,
    Minimum,
    DecideBy,
    Hope(Whom),
    Residential,
    RoomsOn,
    Arrival,
    Departure,
    /// Whether other trainers lead it.
    Trainers,
    Trainer,
    Access,
    Note,
    Directions,
    Bring,
    Food,
    AccessWords,
    DayWord(u32, DayWord),
    /// What it is a copy of.
    Like,
    /// Set where something is asked about the venue, so that the form shows the box that answers.
    VenueAsked,
    VenueAnyway,
    /// What people are told in her own words.
    Words,
    Why,
    /// CANCEL.
    Typed,
}

impl FormField for SessionField {
    fn name(self) -> Cow<'static, str> {
        let name = match self {
            Self::Tick => "tick",
            Self::Course => "course",
            Self::Alliance => "alliance",
            Self::Day(number, part) => return format!("d{number}_{}", part.name()).into(),
            Self::DayOff => "day",
            Self::Starts => "start",
            Self::Ends => "end",
            Self::Where => "where",
            Self::VenueId => "venue_id",
            Self::Venue => "venue",
            Self::Address => "address",
            Self::Room => "room",
            Self::Capacity => "capacity",
            Self::PerBooking => "per_booking",
            Self::PerInstitution => "per_institution",
            Self::Mode => "mode",
            Self::Admission => "admission",
            Self::Asking => "asking",
            Self::Waiting => "waiting",
            Self::OnDecline => "on_decline",
            Self::Opens => "opens",
            Self::Closes => "closes",
            Self::Minimum => "minimum",
            Self::DecideBy => "decide_by",
            Self::Hope(whom) => return format!("hope_{}", whom.as_str()).into(),
            Self::Residential => "residential",
            Self::RoomsOn => "rooms_on",
            Self::Arrival => "arrival",
            Self::Departure => "departure",
            Self::Trainers => "trainers",
            Self::Trainer => "trainer",
            Self::Access => "access",
            Self::Note => "note",
            Self::Directions => "directions",
            Self::Bring => "bring",
            Self::Food => "food",
            Self::AccessWords => "access_words",
            Self::DayWord(number, part) => return format!("d{number}_{}", part.name()).into(),
            Self::Like => "like",
            Self::VenueAsked => "venue_asked",
            Self::VenueAnyway => "venue_anyway",
            Self::Words => "words",
            Self::Why => "why",
            Self::Typed => "typed",
        };
        name.into()
    }
}

impl SessionField {
    /// What the form that plans a session asks, beside its days, its trainers and what is hoped for.
    pub const PLANNED: &'static [Self] = &[
        Self::Course,
        Self::Alliance,
        Self::Where,
        Self::VenueId,
        Self::Venue,
        Self::Address,
        Self::Room,
        Self::Capacity,
        Self::PerBooking,
        Self::PerInstitution,
        Self::Mode,
        Self::Admission,
        Self::Asking,
        Self::Waiting,
        Self::OnDecline,
        Self::Opens,
        Self::Closes,
        Self::Minimum,
        Self::DecideBy,
        Self::Residential,
        Self::RoomsOn,
        Self::Arrival,
        Self::Departure,
        Self::Access,
        Self::Note,
        Self::Directions,
        Self::Bring,
        Self::Food,
        Self::AccessWords,
        Self::Like,
        Self::VenueAnyway,
    ];

    /// When a day is.
    pub fn day(number: u32) -> [Self; 4] {
        let parts = [DayField::Date, DayField::Start, DayField::End, DayField::EndDate];
        parts.map(|part| Self::Day(number, part))
    }

    /// What is said about a day.
    pub fn day_words(number: u32) -> [Self; 2] {
        [DayWord::Title, DayWord::Note].map(|part| Self::DayWord(number, part))
    }

    /// Where a field stands on the page, by its key in an edit: of a day, or of all that is hoped, the first.
    pub fn of_key(key: &str) -> Self {
        let number = |start: &str| key.strip_prefix(start)?.parse::<u32>().ok();
        if let Some(number) = number("dayword-") {
            return Self::DayWord(number, DayWord::Title);
        }
        if let Some(number) = number("day-") {
            return Self::Day(number, DayField::Date);
        }
        if key.starts_with("trainer-") {
            return Self::Trainer;
        }
        if key == "hopes" {
            return Self::Hope(Whom::Kind(InstitutionKind::Faith));
        }
        let named = Self::PLANNED.iter().find(|field| field.name() == key);
        // The only other key is the place of a day.
        named.copied().unwrap_or(Self::Where)
    }
}

/// Ticks the trainers with these logins.
pub fn tick_trainers<'a>(
    form: &mut FormState<SessionField>,
    logins: impl IntoIterator<Item = &'a str>,
) {
    let logins: Vec<_> = logins.into_iter().collect();
    form.fill(SessionField::Trainer, logins.join("\n"));
}

/// Whether the trainer with this login is ticked.
pub fn is_ticked(form: &FormState<SessionField>, login: &str) -> bool {
    form.value(SessionField::Trainer).lines().any(|one| one == login)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::forms::Fields;

    #[test]
    fn no_two_fields_share_a_name_and_each_day_has_its_own() {
        let days = (1..=2).flat_map(|number| {
            SessionField::day(number).into_iter().chain(SessionField::day_words(number))
        });
        let all: Vec<_> = SessionField::PLANNED.iter().copied().chain(days).collect();
        let names: std::collections::BTreeSet<_> = all.iter().map(|one| one.name()).collect();
        assert_eq!(names.len(), all.len());
        assert_eq!(SessionField::Day(2, DayField::EndDate).name(), "d2_end_date");
        assert_eq!(SessionField::DayWord(1, DayWord::Note).id(), "d1_note");
    }

    #[test]
    fn a_key_of_an_edit_leads_to_its_field() {
        for (key, name) in [
            ("day-2", "d2_date"),
            ("dayword-1", "d1_title"),
            ("trainer-ruth", "trainer"),
            ("hopes", "hope_faith"),
            ("rooms_on", "rooms_on"),
            ("waiting", "waiting"),
            ("dayplace-1", "where"),
        ] {
            assert_eq!(SessionField::of_key(key).name(), name, "{key}");
        }
    }

    #[test]
    fn trainers_are_ticked_by_their_whole_login() {
        let mut form = FormState::sent_for(&Fields::default(), SessionField::PLANNED);
        tick_trainers(&mut form, ["ruth", "omar"]);
        assert!(is_ticked(&form, "omar") && is_ticked(&form, "ruth"));
        assert!(!is_ticked(&form, "rut"));
    }
}
