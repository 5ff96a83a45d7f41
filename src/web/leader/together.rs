//! The evenings of a booking of several, on each page that shows one of them.

use chrono::{DateTime, Utc};

use crate::{
    actions::booking::cancel_evenings::{can_give_up, looks_after},
    domain::{
        id::RegistrationId, place::PlaceStatus, reference::Reference, registration::Registration,
        wording,
    },
    store::{Conn, StoreError, registrations, series_bookings, sessions},
    web::{Desk, failure::Failure},
};

/// One evening, and what somebody has of it.
#[derive(Debug, Clone)]
pub struct Evening {
    /// `Thu 14 January 2027, 5pm to 7pm`.
    pub when: String,
    /// `2 places`.
    pub standing: String,
    pub reference: Reference,
    /// Whether it was sent off.
    pub is_booked: bool,
    /// Whether it is the one the page is about.
    pub is_here: bool,
    /// Whether whoever looks after that one looks after this.
    pub is_hers: bool,
    /// Whether it can be given up still.
    pub can_give_up: bool,
}

/// What somebody has of an evening, in words.
fn standing(registration: &Registration) -> String {
    let count = |status| registration.places_in(status).count();
    let said = [
        (PlaceStatus::Held, "place is held", "places are held"),
        (PlaceStatus::Confirmed, "place", "places"),
        (PlaceStatus::Offered, "place is kept for you", "places are kept for you"),
        (PlaceStatus::Requested, "place is asked for", "places are asked for"),
        (PlaceStatus::Waiting, "person is on the waiting list", "people are on the waiting list"),
    ];
    let counts = said.map(|(status, one, many)| (count(status), one, many));
    let mut said: Vec<String> = counts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| wording::count(count, one, many))
        .collect();
    let later = (registration.asked as usize).saturating_sub(count(PlaceStatus::Held));
    if registration.booked_at.is_none() && later > 0 {
        said.push(format!("{} wait", wording::count(later, "person will", "people will")));
    }
    if said.is_empty() { "No places".to_owned() } else { said.join(", ") }
}

/// The evenings that were chosen with a booking, in order of time; none where it is of one session alone.
pub async fn evenings(desk: &Desk, id: RegistrationId) -> Result<Vec<Evening>, Failure> {
    Ok(of(&mut desk.ctx.store.read().await?, id, desk.ctx.now()).await?)
}

/// The same, where the database is being read.
pub async fn of(
    conn: &mut Conn,
    id: RegistrationId,
    now: DateTime<Utc>,
) -> Result<Vec<Evening>, StoreError> {
    let Some(together) = series_bookings::of(conn, id).await? else { return Ok(Vec::new()) };
    let own = registrations::find(conn, id).await?;
    let mut all = Vec::with_capacity(together.all.len());
    for (other, code) in &together.all {
        let registration = registrations::find(conn, *other).await?;
        let session = sessions::find(conn, code).await?;
        let (Some(registration), Some(session)) = (registration, session) else { continue };
        let evening = Evening {
            when: format!("{}, {}", wording::days(&session), wording::hours(&session)),
            standing: standing(&registration),
            is_booked: registration.booked_at.is_some(),
            is_here: *other == id,
            is_hers: own.as_ref().is_some_and(|own| looks_after(own, &registration)),
            can_give_up: can_give_up(&session, &registration, now),
            reference: registration.reference,
        };
        all.push((session.starts_at(), evening));
    }
    all.sort_by_key(|(starts, _)| *starts);
    Ok(all.into_iter().map(|(_, evening)| evening).collect())
}

/// The same once they were sent off.
pub async fn booked(desk: &Desk, id: RegistrationId) -> Result<Vec<Evening>, Failure> {
    let all = evenings(desk, id).await?;
    Ok(all.into_iter().filter(|one| one.is_booked).collect())
}

/// On how many of them whoever looks after them can give something up.
pub fn to_give_up(evenings: &[Evening]) -> usize {
    evenings.iter().filter(|one| one.is_hers && one.can_give_up).count()
}
