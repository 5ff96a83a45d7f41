//! A place as the columns of its row, read and written.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::{
    StoreError,
    codec::{column, count, parse},
    rows,
};
use crate::domain::{
    attendee::{Attendee, Guardian, Ticks},
    contact::EmailAddress,
    finding::folded,
    id::PlaceId,
    place::{Place, PlaceState, PlaceStatus},
    text::{Line, Need},
};

const TABLE: &str = "places";

row! {
    pub(super) struct PlaceRow {
        id: Uuid,
        pub(super) registration: Uuid,
        number: i32,
        name: Option<String>,
        email: Option<String>,
        dietary: Option<String>,
        access: Option<String>,
        allergy: bool,
        interpreter: bool,
        guardian_name: Option<String>,
        guardian_contact: Option<String>,
        state: String,
        until: Option<DateTime<Utc>>,
        queue: Option<i64>,
    }
}

impl PlaceRow {
    pub(super) fn read(self) -> Result<Place, StoreError> {
        let state = self.state()?;
        let attendee = match &self.name {
            None => None,
            Some(name) => Some(Attendee {
                name: Line::stored(name),
                email: self.email.as_deref().map(EmailAddress::stored),
                dietary: self.dietary.as_deref().map(Need::stored),
                access: self.access.as_deref().map(Need::stored),
                ticks: Ticks { allergy: self.allergy, interpreter: self.interpreter },
                guardian: match (&self.guardian_name, &self.guardian_contact) {
                    (Some(name), Some(contact)) => {
                        Some(Guardian { name: Line::stored(name), contact: Line::stored(contact) })
                    }
                    _ => None,
                },
            }),
        };
        Ok(Place { id: PlaceId::new(self.id), number: count(self.number), attendee, state })
    }

    fn corrupt(&self, column: &'static str) -> StoreError {
        StoreError::Corrupt { table: TABLE, column, row: self.id.to_string() }
    }

    fn state(&self) -> Result<PlaceState, StoreError> {
        let until = self.until.ok_or_else(|| self.corrupt("until"));
        let queue = self.queue.ok_or_else(|| self.corrupt("queue"));
        Ok(match parse(TABLE, "state", &self.id, &self.state)? {
            PlaceStatus::Held => PlaceState::Held { until: until? },
            PlaceStatus::Requested => PlaceState::Requested,
            PlaceStatus::Waiting => PlaceState::Waiting { queue: queue? },
            PlaceStatus::Offered => PlaceState::Offered { until: until?, queue: queue? },
            PlaceStatus::Confirmed => PlaceState::Confirmed,
            PlaceStatus::Expired => PlaceState::Expired,
            PlaceStatus::Lapsed => PlaceState::Lapsed,
            PlaceStatus::Declined => PlaceState::Declined,
            PlaceStatus::Refused => PlaceState::Refused,
            PlaceStatus::Cancelled => PlaceState::Cancelled,
        })
    }
}

/// The columns a state fills: its word, its deadline, its place in the queue.
pub(super) fn columns(state: PlaceState) -> (&'static str, Option<DateTime<Utc>>, Option<i64>) {
    let (until, queue) = match state {
        PlaceState::Held { until } => (Some(until), None),
        PlaceState::Waiting { queue } => (None, Some(queue)),
        PlaceState::Offered { until, queue } => (Some(until), Some(queue)),
        _ => (None, None),
    };
    (state.status().as_str(), until, queue)
}

/// A place to be added, with the columns of its row.
#[derive(Serialize)]
pub(super) struct NewPlace<'a> {
    id: String,
    number: i32,
    name: Option<&'a str>,
    name_key: Option<String>,
    email: Option<&'a str>,
    dietary: Option<&'a str>,
    access: Option<&'a str>,
    allergy: bool,
    interpreter: bool,
    guardian_name: Option<&'a str>,
    guardian_contact: Option<&'a str>,
    state: &'static str,
    until: Option<String>,
    queue: Option<i64>,
}

impl<'a> NewPlace<'a> {
    pub(super) fn of(place: &'a Place) -> Self {
        let (state, until, queue) = columns(place.state);
        let attendee = place.attendee.as_ref();
        let guardian = attendee.and_then(|attendee| attendee.guardian.as_ref());
        Self {
            id: rows::key(place.id.uuid()),
            number: column(place.number),
            name: attendee.map(|a| a.name.as_str()),
            name_key: attendee.map(|a| folded(a.name.as_str())),
            email: attendee.and_then(|a| a.email.as_ref()).map(EmailAddress::as_str),
            dietary: attendee.and_then(|a| a.dietary.as_ref()).map(Need::as_str),
            access: attendee.and_then(|a| a.access.as_ref()).map(Need::as_str),
            allergy: attendee.is_some_and(|a| a.ticks.allergy),
            interpreter: attendee.is_some_and(|a| a.ticks.interpreter),
            guardian_name: guardian.map(|g| g.name.as_str()),
            guardian_contact: guardian.map(|g| g.contact.as_str()),
            state,
            until: until.map(rows::moment),
            queue,
        }
    }
}
