//! The rooms of a session, who sleeps in which, and what was told of it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count},
    session_lock::Locked,
};
use crate::domain::{
    id::{PersonId, PlaceId, RoomId, SessionCode},
    own_data::{Record, record},
    stay::rooming::{Room, Rooming},
    text::Line,
};

row! {
    struct RoomRow {
        id: Uuid,
        name: String,
        beds: i32,
        step_free: bool,
        quiet: bool,
        notes: Option<String>,
    }
}

arguments! {
    struct NewRoom<'a> {
        id: Uuid,
        session: &'a str,
        name: &'a str,
        beds: i32,
        step_free: bool,
        quiet: bool,
        notes: Option<&'a str>,
        position: i32,
    }
}

arguments! {
    struct ChangedRoom<'a> {
        id: Uuid,
        name: &'a str,
        beds: i32,
        step_free: bool,
        quiet: bool,
        notes: Option<&'a str>,
    }
}

statements! {
    OF_SESSION: RoomRow =
        "select id, name, beds, step_free, quiet, notes from rooms where session = $1 order by position, id";

    LAST: i32 = "select coalesce(max(position), 0) from rooms where session = $1";

    INSERT(NewRoom) = "insert into rooms (:columns) values (:values)";

    UPDATE(ChangedRoom) =
        "update rooms set name = :name, beds = :beds, step_free = :step_free, quiet = :quiet, notes = :notes
         where id = :id";

    EMPTY = "delete from room_places where room = $1";

    DELETE = "delete from rooms where id = $1 and session = $2";

    GIVEN: (Uuid, Uuid) = "select place, room from room_places where session = $1";

    TAKE = "delete from room_places where place = $1";

    GIVE = "insert into room_places (place, room, session) values ($1, $2, $3)
         on conflict (place) do update set room = excluded.room";

    OF_PLACE: RoomRow =
        "select r.id, r.name, r.beds, r.step_free, r.quiet, r.notes
         from room_places g join rooms r on r.id = g.room where g.place = $1";

    TOLD: (Uuid, String) =
        "select l.place, l.told from places p join room_letters l on l.place = p.id where p.session = $1";

    TOLD_OF_PLACE: String = "select told from room_letters where place = $1";

    KEEP_TOLD =
        "insert into room_letters (place, told, told_at) values ($1, $2, $3)
         on conflict (place) do update set told = excluded.told, told_at = excluded.told_at";

    HERS: (String, String) =
        "select g.session, r.name from places p join room_places g on g.place = p.id
         join rooms r on r.id = g.room where p.person = $1 order by g.session";

    OF_PLACES = {
        sqlite: "delete from room_places where place in (select unhex(value) from json_each($1))",
        postgres: "delete from room_places
            where place = any(array(select json_array_elements_text($1::json)::uuid))",
    };
}

impl RoomRow {
    fn read(self) -> Room {
        Room {
            id: RoomId::new(self.id),
            name: Line::stored(&self.name),
            beds: count(self.beds),
            is_step_free: self.step_free,
            is_quiet: self.quiet,
            notes: self.notes.as_deref().map(Line::stored),
        }
    }
}

/// The rooms of a session, in the order in which they were added.
pub async fn of_session(conn: &mut Conn, code: &SessionCode) -> Result<Vec<Room>, StoreError> {
    let rows = OF_SESSION.all(conn, [code.as_str()]).await?;
    Ok(rows.into_iter().map(RoomRow::read).collect())
}

/// Who sleeps in which of them.
pub async fn rooming(conn: &mut Conn, code: &SessionCode) -> Result<Rooming, StoreError> {
    let rows = GIVEN.all(conn, [code.as_str()]).await?;
    let given = rows.into_iter().map(|(place, room)| (PlaceId::new(place), RoomId::new(room)));
    Ok(Rooming(given.collect::<BTreeMap<_, _>>()))
}

/// The room of one place, if it has one.
pub async fn of_place(conn: &mut Conn, place: PlaceId) -> Result<Option<Room>, StoreError> {
    Ok(OF_PLACE.optional(conn, [place.uuid()]).await?.map(RoomRow::read))
}

/// Adds rooms behind those that are there.
pub async fn add(locked: &mut Locked<'_>, rooms: &[Room]) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let last = LAST.value(locked, [session.as_str()]).await?;
    for (position, room) in (last + 1..).zip(rooms) {
        let new = NewRoom {
            id: room.id.uuid(),
            session: session.as_str(),
            name: room.name.as_str(),
            beds: column(room.beds),
            step_free: room.is_step_free,
            quiet: room.is_quiet,
            notes: room.notes.as_ref().map(Line::as_str),
            position,
        };
        INSERT.run(locked, new).await?;
    }
    Ok(())
}

/// Writes what is said of a room.
pub async fn update(locked: &mut Locked<'_>, room: &Room) -> Result<(), StoreError> {
    let changed = ChangedRoom {
        id: room.id.uuid(),
        name: room.name.as_str(),
        beds: column(room.beds),
        step_free: room.is_step_free,
        quiet: room.is_quiet,
        notes: room.notes.as_ref().map(Line::as_str),
    };
    UPDATE.run(locked, changed).await?;
    Ok(())
}

/// Removes a room; whoever slept there has none.
pub async fn remove(locked: &mut Locked<'_>, room: RoomId) -> Result<bool, StoreError> {
    let session = locked.session().clone();
    EMPTY.run(locked, [room.uuid()]).await?;
    Ok(DELETE.run(locked, (room.uuid(), session.as_str())).await? == 1)
}

/// Writes who sleeps where, as far as it is another than before.
pub async fn give(
    locked: &mut Locked<'_>,
    (before, after): (&Rooming, &Rooming),
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    for place in before.0.keys().filter(|place| after.of(**place).is_none()) {
        TAKE.run(locked, [place.uuid()]).await?;
    }
    for (place, room) in after.0.iter().filter(|(place, room)| before.of(**place) != Some(**room)) {
        GIVE.run(locked, (place.uuid(), room.uuid(), session.as_str())).await?;
    }
    Ok(())
}

/// Takes the bed of whoever's place is somebody else's from now on (H1).
pub async fn leave_behind(tx: &mut Tx, place: PlaceId) -> Result<(), StoreError> {
    TAKE.run(tx, [place.uuid()]).await?;
    Ok(())
}

/// What each was told of her room last.
pub async fn told(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<HashMap<PlaceId, String>, StoreError> {
    let rows = TOLD.all(conn, [code.as_str()]).await?;
    Ok(rows.into_iter().map(|(place, told)| (PlaceId::new(place), told)).collect())
}

/// The room of one place, as she was told it: nothing before that, or when she has another since.
pub async fn told_of_place(conn: &mut Conn, place: PlaceId) -> Result<Option<String>, StoreError> {
    let told = TOLD_OF_PLACE.optional_value(conn, [place.uuid()]).await?;
    let room = of_place(conn, place).await?;
    Ok(told.filter(|told| room.is_some_and(|room| room.told() == *told)))
}

/// Writes what somebody is told (T1).
pub async fn keep_told(
    tx: &mut Tx,
    place: PlaceId,
    told: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    KEEP_TOLD.run(tx, (place.uuid(), told, now)).await?;
    Ok(())
}

/// Takes the beds of people who are erased.
pub(super) async fn erase_of_places(tx: &mut Tx, ids: &str) -> Result<(), StoreError> {
    OF_PLACES.run(tx, [ids]).await?;
    Ok(())
}

/// What of it is handed to somebody who asks what is held about her.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let read = |(session, room)| record(vec![("session", Some(session)), ("room", Some(room))]);
    Ok(rows.into_iter().map(read).collect())
}
