//! A venue of the list, chosen where the place of a session is typed.

use crate::{
    domain::{
        id::VenueId,
        location::Location,
        session::Session,
        venue::{Venue, VenueChoice, place_meant},
    },
    store::{Conn, StoreError, venues},
    web::{
        forms::{Fields, FormState},
        guard::{Granted, PlanSessions},
        office::session_fields::SessionField as Field,
    },
};

/// A venue to choose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VenueOption {
    pub id: String,
    pub name: String,
}

/// Whether somebody sees a venue: those of her alliances, and those that all use.
pub fn may_see(who: &Granted<PlanSessions>, venue: &Venue) -> bool {
    venue.alliance.as_ref().is_none_or(|alliance| who.reaches(alliance))
}

/// Whether she may change it: what all alliances use is an administrator's.
pub fn may_change(who: &Granted<PlanSessions>, venue: &Venue) -> bool {
    match &venue.alliance {
        Some(alliance) => who.reaches(alliance),
        None => who.reaches_everything(),
    }
}

/// The venues she can choose: those of the session's alliance, if there is a session, and the one it has.
pub async fn options(
    conn: &mut Conn,
    who: &Granted<PlanSessions>,
    session: Option<&Session>,
    chosen: &str,
) -> Result<Vec<VenueOption>, StoreError> {
    let mut all = venues::all(conn).await?;
    all.retain(|(venue, archived_at)| {
        let fits = session.is_none_or(|session| venue.is_for(&session.alliance.slug));
        venue.id.as_str() == chosen || (archived_at.is_none() && fits && may_see(who, venue))
    });
    let option = |(venue, _): (Venue, _)| {
        let holds = venue.capacity.map(|holds| format!(" (holds {holds})"));
        let name = format!("{}{}", venue.line(), holds.unwrap_or_default());
        VenueOption { id: venue.id.to_string(), name }
    };
    Ok(all.into_iter().map(option).collect())
}

/// Which venue the form means.
pub fn choice(fields: &Fields, form: &mut FormState<Field>) -> VenueChoice {
    match fields.of(Field::VenueId).trim() {
        _ if !fields.was_sent_for(Field::VenueId) => VenueChoice::Unsaid,
        "" => VenueChoice::None,
        id => id.parse().map(VenueChoice::Chosen).unwrap_or_else(|_| {
            form.fault(Field::VenueId, "Choose a venue from the list, or type the place");
            VenueChoice::None
        }),
    }
}

/// Reads which venue the form means, where a session was at `known` before, and writes into the form what the
/// record says of a venue that is newly chosen.
pub async fn choose(
    conn: &mut Conn,
    who: &Granted<PlanSessions>,
    (fields, form): (&Fields, &mut FormState<Field>),
    known: Option<&Session>,
) -> Result<Option<VenueId>, StoreError> {
    let choice = choice(fields, form);
    let venue = match &choice {
        VenueChoice::Chosen(id) => venues::find(conn, id).await?.map(|(venue, _)| venue),
        VenueChoice::Unsaid | VenueChoice::None => None,
    };
    // What she may not see she cannot choose; what the session has stays.
    let had = known.and_then(|session| session.venue.as_ref());
    let venue = venue.filter(|one| may_see(who, one) || had == Some(&one.id));
    if venue.is_none() && matches!(choice, VenueChoice::Chosen(_)) {
        form.fault(
            Field::VenueId,
            "There is no such venue any more. Choose another, or type the place",
        );
        return Ok(None);
    }
    if !form.is(Field::Where, "venue") {
        return Ok(None);
    }
    let typed = |form: &FormState<Field>| {
        Location::venue(form.value(Field::Venue), form.value(Field::Address)).ok()
    };
    // With nothing typed, the record says it all.
    let Some(typed) = typed(form).or_else(|| venue.as_ref().map(Venue::location)) else {
        return Ok(None);
    };
    let known = known.map(|session| (&session.location, session.venue.as_ref()));
    let (place, id) = place_meant((typed, &choice), known, venue.as_ref());
    if let (Location::Venue { name, address }, Some(_)) = (&place, &id) {
        form.fill(Field::Venue, name);
        form.fill(Field::Address, address);
    }
    Ok(id)
}
