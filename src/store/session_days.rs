//! The days of a session: as rows, or as one column of the session's row.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    StoreError,
    codec::{count, parse},
};
use crate::domain::{
    id::SittingId,
    page_words::DayWords,
    sitting::{DayPlace, Sitting},
};

row! {
    #[derive(Deserialize)]
    pub(super) struct SittingRow {
        pub(super) session: String,
        id: Uuid,
        number: i32,
        starts: NaiveDateTime,
        ends: NaiveDateTime,
        zone: String,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
        uid: String,
        sequence: i32,
        created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        place_name: Option<String>,
        place_address: Option<String>,
        place_venue_id: Option<String>,
    }
}

row! {
    /// A day of a session that is there, with what it is about.
    #[derive(Deserialize)]
    pub(super) struct DayRow {
        #[flatten]
        sitting: SittingRow,
        title: Option<String>,
        note: Option<String>,
    }
}

/// The days of session `s` in their order, as JSON in the words of each database: a question less than asking for
/// them by themselves. SQLite keeps a key as bytes, and a time of day with a space where ISO 8601 has a `T`.
macro_rules! days {
    (sqlite) => {
        "(select json_group_array(json_object('title', d.title, 'note', d.note, 'sitting', json_object(
            'session', d.session, 'id', hex(d.id), 'number', d.number, 'starts', replace(d.starts, ' ', 'T'),
            'ends', replace(d.ends, ' ', 'T'), 'zone', d.zone, 'starts_at', d.starts_at, 'ends_at', d.ends_at,
            'uid', d.uid, 'sequence', d.sequence, 'created_at', d.created_at, 'changed_at', d.changed_at,
            'place_name', d.place_name, 'place_address', d.place_address, 'place_venue_id', d.place_venue_id)))
          from (select * from sittings where session = s.code order by number) d)"
    };
    (postgres) => {
        "(select coalesce(json_agg(json_build_object('title', d.title, 'note', d.note, 'sitting', json_build_object(
            'session', d.session, 'id', d.id, 'number', d.number, 'starts', d.starts, 'ends', d.ends,
            'zone', d.zone, 'starts_at', d.starts_at, 'ends_at', d.ends_at, 'uid', d.uid, 'sequence', d.sequence,
            'created_at', d.created_at, 'changed_at', d.changed_at, 'place_name', d.place_name,
            'place_address', d.place_address, 'place_venue_id', d.place_venue_id)) order by d.number), '[]')::text
          from sittings d where d.session = s.code)"
    };
}
pub(super) use days;

/// The days that a session's row lists.
pub(super) fn listed(session: &str, days: &str) -> Result<Vec<DayRow>, StoreError> {
    serde_json::from_str(days).map_err(|_| StoreError::Corrupt {
        table: "sittings",
        column: "days",
        row: session.to_owned(),
    })
}

impl DayRow {
    /// The session, its day, and what that is about.
    pub(super) fn read(self) -> Result<(String, Sitting, DayWords), StoreError> {
        let Self { sitting, title, note } = self;
        Ok((sitting.session.clone(), sitting.read()?, DayWords { title, note }))
    }
}

impl SittingRow {
    pub(super) fn read(self) -> Result<Sitting, StoreError> {
        let venue = self.place_venue_id.as_deref();
        let venue =
            venue.map(|id| parse("sittings", "place_venue_id", &self.id, id)).transpose()?;
        let address = self.place_address.unwrap_or_default();
        let place = self.place_name.map(|name| DayPlace { venue, name, address });
        Ok(Sitting {
            id: SittingId::new(self.id),
            number: count(self.number),
            starts: self.starts,
            ends: self.ends,
            zone: parse("sittings", "zone", &self.id, &self.zone)?,
            starts_at: self.starts_at,
            ends_at: self.ends_at,
            uid: self.uid,
            sequence: count(self.sequence),
            created_at: self.created_at,
            changed_at: self.changed_at,
            place,
        })
    }
}
