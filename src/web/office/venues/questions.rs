//! What is asked before a session is held at a venue: a question that one tick answers.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    actions::venues::ask::ask,
    domain::{
        clash::{VenueQuestion, VenueUse},
        id::SessionCode,
        plan::{SessionPlan, instants_of},
        wording,
    },
    store::{Conn, StoreError},
    web::{forms::FormState, office::session_fields::SessionField as Field},
};

/// A question in words for whoever is asked.
pub fn words(question: &VenueQuestion) -> String {
    match question {
        VenueQuestion::Taken { venue, code, title, sitting } => {
            let when = wording::sitting(sitting);
            format!("{title} ({code}) is at {venue} then: {when}. Is there a room for each?")
        }
        VenueQuestion::TooSmall { venue, holds, places } => {
            format!("{venue} holds {holds}, and there are {places} places. Is that meant?")
        }
    }
}

/// How a plan would use its venue; it uses none where its days cannot be.
pub fn plan_use(
    plan: &SessionPlan,
    (session, usual): (Option<&SessionCode>, u32),
    (zone, now): (Tz, DateTime<Utc>),
) -> VenueUse {
    let days = instants_of(&plan.sittings, zone, now).unwrap_or_default();
    let venue = |at: usize| match plan.day_places.get(at) {
        Some(Some(place)) => place.venue.clone(),
        _ => plan.venue.clone(),
    };
    let day = |(at, (starts, ends))| Some((venue(at)?, starts, ends));
    VenueUse {
        session: session.cloned(),
        days: days.into_iter().enumerate().filter_map(day).collect(),
        places: plan.capacity.unwrap_or(usual),
    }
}

/// Asks beside the box, if there is something to ask that was not answered; whether it asks.
pub async fn asks(
    conn: &mut Conn,
    form: &mut FormState<Field>,
    used: &VenueUse,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let asked: Vec<_> = ask(conn, used, now).await?.iter().map(words).collect();
    if asked.is_empty() {
        return Ok(false);
    }
    form.fill(Field::VenueAsked, "1");
    if form.is(Field::VenueAnyway, "1") {
        return Ok(false);
    }
    form.fault(Field::VenueAnyway, format!("{} Tick the box to go on", asked.join(" ")));
    Ok(true)
}
