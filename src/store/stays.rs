//! What people say of their stay, with their places, and who was asked once more.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse, own_data::at, session_lock::Locked};
use crate::domain::{
    audit::Actor,
    id::{PersonId, PlaceId, RegistrationId, SessionCode},
    own_data::{Record, record},
    stay::{Journey, Lift, Stay, Way},
    text::Line,
};

const TABLE: &str = "stays";

row! {
    struct StayRow {
        place: Uuid,
        nights: String,
        with_whom: Option<String>,
        step_free: bool,
        quiet: bool,
        own_room: bool,
        own_room_why: Option<String>,
        arrives_on: Option<NaiveDate>,
        arrives_at: Option<String>,
        arrives_by: Option<String>,
        arrives_from: Option<String>,
        arrives_lift: Option<String>,
        leaves_on: Option<NaiveDate>,
        leaves_at: Option<String>,
        leaves_by: Option<String>,
        leaves_from: Option<String>,
        leaves_lift: Option<String>,
    }
}

row! {
    struct HersRow {
        #[flatten]
        stay: StayRow,
        session: String,
        said_by: String,
        said_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewStay<'a> {
        place: Uuid,
        session: &'a str,
        nights: String,
        with_whom: Option<&'a str>,
        step_free: bool,
        quiet: bool,
        own_room: bool,
        own_room_why: Option<&'a str>,
        arrives_on: Option<NaiveDate>,
        arrives_at: Option<String>,
        arrives_by: Option<&'a str>,
        arrives_from: Option<&'a str>,
        arrives_lift: Option<&'a str>,
        leaves_on: Option<NaiveDate>,
        leaves_at: Option<String>,
        leaves_by: Option<&'a str>,
        leaves_from: Option<&'a str>,
        leaves_lift: Option<&'a str>,
        said_by: String,
        said_at: DateTime<Utc>,
    }
}

statements! {
    OF_PLACE: StayRow = "select * from stays where place = $1";

    OF_REGISTRATION: StayRow =
        "select y.* from places p join stays y on y.place = p.id where p.registration = $1";

    OF_SESSION: StayRow = "select * from stays where session = $1";

    HERS: HersRow =
        "select y.* from places p join stays y on y.place = p.id where p.person = $1
         order by y.said_at";

    FORGET = "delete from stays where place = $1";

    INSERT(NewStay) = "insert into stays (:columns) values (:values)";

    /// What she wishes goes along to another session; when she comes and goes, does not.
    TAKE_ALONG =
        "insert into stays (place, session, with_whom, step_free, quiet, own_room, own_room_why, said_by, said_at)
         select $2, $3, y.with_whom, y.step_free, y.quiet, y.own_room, y.own_room_why, y.said_by, y.said_at
         from stays y join sessions s on s.code = $3
         where y.place = $1 and s.residential";

    OF_PLACES = {
        sqlite: "delete from stays where place in (select unhex(value) from json_each($1))",
        postgres: "delete from stays
            where place = any(array(select json_array_elements_text($1::json)::uuid))",
    };

    /// Whoever asks looks at the day by the session's own clock again.
    TO_ASK: (Uuid, Uuid) =
        "select p.registration, p.id from sessions s join places p on p.session = s.code
         where s.rooms_on > $1 and s.rooms_on <= $2 and s.residential and s.publication = 'published'
           and p.state = 'confirmed' and not p.superseded and p.name is not null and p.changed_at <= $3
           and not exists (select 1 from stays y where y.place = p.id)
           and not exists (select 1 from stay_letters l where l.place = p.id and l.asked_for = s.rooms_on)
         order by p.registration, p.number limit $4";

    MARK_ASKED =
        "insert into stay_letters (place, asked_for, asked_at) values ($1, $2, $3)
         on conflict (place) do update set asked_for = excluded.asked_for, asked_at = excluded.asked_at
             where stay_letters.asked_for is distinct from excluded.asked_for";
}

fn journey(
    row: &Uuid,
    (on, at, by): (Option<NaiveDate>, Option<&str>, Option<&str>),
    (from, lift): (Option<&str>, Option<&str>),
) -> Result<Journey, StoreError> {
    let time = |text: &str| parse::<NaiveTime>(TABLE, "arrives_at", row, &format!("{text}:00"));
    Ok(Journey {
        on,
        at: at.map(time).transpose()?,
        by: by.map(|by| parse(TABLE, "arrives_by", row, by)).transpose()?,
        from: from.map(Line::stored),
        lift: lift.map(|lift| parse(TABLE, "arrives_lift", row, lift)).transpose()?,
    })
}

impl StayRow {
    fn read(self) -> Result<(PlaceId, Stay), StoreError> {
        let stay = Stay {
            nights: parse(TABLE, "nights", &self.place, &self.nights)?,
            with_whom: self.with_whom.as_deref().map(Line::stored),
            is_step_free: self.step_free,
            is_quiet: self.quiet,
            is_alone: self.own_room,
            why_alone: self.own_room_why.as_deref().map(Line::stored),
            arrival: journey(
                &self.place,
                (self.arrives_on, self.arrives_at.as_deref(), self.arrives_by.as_deref()),
                (self.arrives_from.as_deref(), self.arrives_lift.as_deref()),
            )?,
            departure: journey(
                &self.place,
                (self.leaves_on, self.leaves_at.as_deref(), self.leaves_by.as_deref()),
                (self.leaves_from.as_deref(), self.leaves_lift.as_deref()),
            )?,
        };
        Ok((PlaceId::new(self.place), stay))
    }
}

/// What was said of one place, if anything was.
pub async fn of_place(conn: &mut Conn, place: PlaceId) -> Result<Option<Stay>, StoreError> {
    let row = OF_PLACE.optional(conn, [place.uuid()]).await?;
    Ok(row.map(StayRow::read).transpose()?.map(|(_, stay)| stay))
}

/// The same of all places of a booking.
pub async fn of_registration(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<HashMap<PlaceId, Stay>, StoreError> {
    OF_REGISTRATION.all(conn, [id.uuid()]).await?.into_iter().map(StayRow::read).collect()
}

/// The same of all places of a session, whatever became of them.
pub async fn of_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<HashMap<PlaceId, Stay>, StoreError> {
    OF_SESSION.all(conn, [code.as_str()]).await?.into_iter().map(StayRow::read).collect()
}

/// Saves what somebody says of her stay, in the stead of what was said before.
pub async fn save(
    locked: &mut Locked<'_>,
    place: PlaceId,
    stay: &Stay,
    (by, now): (&Actor, DateTime<Utc>),
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let time = |journey: &Journey| journey.at.map(|at| at.format("%H:%M").to_string());
    let (arrival, departure) = (&stay.arrival, &stay.departure);
    let new = NewStay {
        place: place.uuid(),
        session: session.as_str(),
        nights: stay.nights.written(),
        with_whom: stay.with_whom.as_ref().map(Line::as_str),
        step_free: stay.is_step_free,
        quiet: stay.is_quiet,
        own_room: stay.is_alone,
        own_room_why: stay.why_alone.as_ref().map(Line::as_str),
        arrives_on: arrival.on,
        arrives_at: time(arrival),
        arrives_by: arrival.by.map(Way::as_str),
        arrives_from: arrival.from.as_ref().map(Line::as_str),
        arrives_lift: arrival.lift.map(Lift::as_str),
        leaves_on: departure.on,
        leaves_at: time(departure),
        leaves_by: departure.by.map(Way::as_str),
        leaves_from: departure.from.as_ref().map(Line::as_str),
        leaves_lift: departure.lift.map(Lift::as_str),
        said_by: by.to_string(),
        said_at: now,
    };
    FORGET.run(locked, [place.uuid()]).await?;
    INSERT.run(locked, new).await?;
    Ok(())
}

/// Leaves the stay of somebody behind whose place is somebody else's from now on (H1).
pub async fn leave_behind(tx: &mut Tx, place: PlaceId) -> Result<(), StoreError> {
    FORGET.run(tx, [place.uuid()]).await?;
    Ok(())
}

/// Takes what the same people wish of their rooms along to places on another session, if they stay there.
pub async fn take_along(
    locked: &mut Locked<'_>,
    places: &[(PlaceId, PlaceId)],
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    for (old, new) in places {
        TAKE_ALONG.run(locked, (old.uuid(), new.uuid(), session.as_str())).await?;
    }
    Ok(())
}

/// Erases the stays of people, by their places.
pub(super) async fn erase_of_places(tx: &mut Tx, ids: &str) -> Result<(), StoreError> {
    OF_PLACES.run(tx, [ids]).await?;
    Ok(())
}

/// What of it is handed to somebody who asks what is held about her.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let read = |row: HersRow| {
        let (session, said_by, said_at) = (row.session, row.said_by, row.said_at);
        let yes = |is: bool| is.then(|| "yes".to_owned());
        let words = |journey: &Journey| Some(journey.words()).filter(|words| !words.is_empty());
        let (_, stay) = row.stay.read()?;
        Ok(record(vec![
            ("session", Some(session)),
            ("nights", Some(stay.nights.written())),
            ("with_whom", stay.with_whom.map(|line| line.to_string())),
            ("step_free", yes(stay.is_step_free)),
            ("quiet", yes(stay.is_quiet)),
            ("own_room", yes(stay.is_alone)),
            ("own_room_why", stay.why_alone.map(|line| line.to_string())),
            ("arrival", words(&stay.arrival)),
            ("departure", words(&stay.departure)),
            ("said_by", Some(said_by)),
            ("said_at", at(said_at)),
        ]))
    };
    rows.into_iter().map(read).collect()
}

/// People to ask once more: on sessions whose rooms are given out after `from` and by `until`, with a place since
/// before `since`, who said nothing and were not asked for that day. By booking, at most `most`.
pub async fn to_ask(
    conn: &mut Conn,
    (from, until): (NaiveDate, NaiveDate),
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(RegistrationId, PlaceId)>, StoreError> {
    let rows = TO_ASK.all(conn, (from, until, since, most)).await?;
    let read = |(owner, place)| (RegistrationId::new(owner), PlaceId::new(place));
    Ok(rows.into_iter().map(read).collect())
}

/// Writes that somebody is asked for a day of giving out rooms; `false` if she was, by whichever node (T1).
pub async fn mark_asked(
    tx: &mut Tx,
    place: PlaceId,
    asked_for: NaiveDate,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(MARK_ASKED.run(tx, (place.uuid(), asked_for, now)).await? == 1)
}
