//! Sessions with their sittings and trainers.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx, catalogue,
    codec::{column, parse},
    rows, series,
    session_days::{DayRow, days},
    session_rows::{Parts, SessionRow, TrainerRow, WholeRow},
};
use crate::domain::{
    finding::folded,
    id::{SessionCode, VenueId},
    location::Location,
    page_words::DayWords,
    series::InSeries,
    session::{Publication, Session, Trainer},
    sitting::Sitting,
};

arguments! {
    struct NewSession<'a> {
        code: &'a str,
        course: &'a str,
        alliance: &'a str,
        venue_name: Option<&'a str>,
        venue_key: Option<String>,
        venue_address: Option<&'a str>,
        online_room: Option<&'a str>,
        venue_id: Option<&'a str>,
        access: String,
        capacity: i32,
        places_per_institution: Option<i32>,
        places_per_booking: i32,
        mode: &'a str,
        booking_opens: Option<DateTime<Utc>>,
        booking_closes: Option<DateTime<Utc>>,
        waiting_list: bool,
        changes_close: Option<DateTime<Utc>>,
        on_decline: &'a str,
        note: Option<&'a str>,
        directions: Option<&'a str>,
        bring: Option<&'a str>,
        food: Option<&'a str>,
        access_words: Option<&'a str>,
        minimum: Option<i32>,
        decide_by: Option<NaiveDate>,
        hopes: String,
        residential: bool,
        rooms_on: Option<NaiveDate>,
        arrival: Option<&'a str>,
        departure: Option<&'a str>,
        publication: &'a str,
        admission: &'a str,
        series_id: Option<&'a str>,
        cancelled_at: Option<DateTime<Utc>>,
        cancel_reason: Option<&'a str>,
    }
}

arguments! {
    struct NewSitting<'a> {
        id: Uuid,
        session: &'a str,
        number: i32,
        starts: NaiveDateTime,
        ends: NaiveDateTime,
        zone: &'a str,
        starts_at: DateTime<Utc>,
        ends_at: DateTime<Utc>,
        uid: &'a str,
        sequence: i32,
        created_at: DateTime<Utc>,
        changed_at: DateTime<Utc>,
        place_name: Option<&'a str>,
        place_address: Option<&'a str>,
        place_venue_id: Option<&'a str>,
    }
}

/// A session with all that belongs to it in one row: its days, who trains and what comes before as JSON, in the words
/// of each database.
macro_rules! whole {
    ($database:ident, $trainers:literal, $prerequisites:literal) => {
        concat!(
            "select s.*, a.name as alliance_name, a.time_zone, a.contact_email, a.about as alliance_about, a.colour,
             a.letters_signature, a.letters_reply_to, a.letter_wording,
             c.title, c.summary, c.campaign, c.learning_minutes, c.default_capacity, c.needs_guardian, c.for_whom,
             c.outcomes, ",
            $trainers,
            " as trained_by, ",
            $prerequisites,
            " as asks_for, ",
            days!($database),
            " as days,
             (select count(*) from places p
              where p.session = s.code and p.state = 'waiting') as waiting,
             (select e.booked from series e where e.id = s.series_id) as series_booked,
             (select count(*) from help_offers h where h.session = s.code) > 0 as helps,
             (select min(p.until) from places p
              where p.session = s.code and p.state in ('held', 'offered')) as first_deadline,
             (select min(v.until) from reserves v
              where v.session = s.code and v.released_at is null) as next_release
             from sessions s join alliances a on a.slug = s.alliance join courses c on c.slug = s.course
             where s.code = $1"
        )
    };
}

statements! {
    WHOLE: WholeRow = {
        sqlite: whole!(
            sqlite,
            "(select json_group_array(json_array(l.login, l.name)) from (select t.login, m.name
                from session_trainers t join staff m using (login)
                where t.session = s.code order by t.position) l)",
            "(select json_group_array(json_array(q.slug, q.title)) from (select k.slug, k.title
                from course_prerequisites o join courses k on k.slug = o.prerequisite
                where o.course = s.course order by k.sort_key) q)"
        ),
        postgres: whole!(
            postgres,
            "(select coalesce(json_agg(json_build_array(t.login, m.name) order by t.position), '[]')::text
              from session_trainers t join staff m using (login) where t.session = s.code)",
            "(select coalesce(json_agg(json_build_array(k.slug, k.title) order by k.sort_key), '[]')::text
              from course_prerequisites o join courses k on k.slug = o.prerequisite
              where o.course = s.course)"
        ),
    };

    TIME_ZONE: String =
        "select a.time_zone from sessions s join alliances a on a.slug = s.alliance
         where s.code = $1";

    TIME_ZONES: (String, String) = {
        sqlite: "select s.code, a.time_zone from sessions s join alliances a on a.slug = s.alliance
            where s.code in (select value from json_each($1))",
        postgres: "select s.code, a.time_zone from sessions s join alliances a on a.slug = s.alliance
            where s.code in (select value from json_array_elements_text($1::json) l(value))",
    };

    /// The sittings to come are few, however many there were: each statement starts from them.
    ENDING_AFTER: SessionRow =
        "select s.*, (select count(*) from places p
                      where p.session = s.code and p.state = 'waiting') as waiting,
             (select e.booked from series e where e.id = s.series_id) as series_booked,
                     (select count(*) from help_offers h where h.session = s.code) > 0 as helps
         from sessions s where s.code in (select session from sittings where ends_at > $1)";

    SITTINGS_ENDING_AFTER: DayRow =
        "select * from sittings
         where session in (select session from sittings where ends_at > $1)
         order by session, number";

    TRAINERS_ENDING_AFTER: TrainerRow =
        "select t.session, t.login, s.name from session_trainers t join staff s using (login)
         where t.session in (select session from sittings where ends_at > $1)
         order by t.session, t.position";

    INSERT(NewSession) = "insert into sessions (:columns) values (:values)
         on conflict (code) do nothing";

    INSERT_TRAINER = "insert into session_trainers (session, login, position) values ($1, $2, $3)";

    SET_DAY_WORDS = "update sittings set title = $3, note = $4 where session = $1 and number = $2";

    INSERT_SITTING(NewSitting) = "insert into sittings (:columns) values (:values)";
}

/// One session, whatever its publication.
pub async fn find(conn: &mut Conn, code: &SessionCode) -> Result<Option<Session>, StoreError> {
    Ok(find_with_deadline(conn, code).await?.map(|(session, _)| session))
}

/// One session, and when the first of its holds and offers runs out.
pub async fn find_with_deadline(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Option<(Session, Option<DateTime<Utc>>)>, StoreError> {
    let row = WHOLE.optional(conn, [code.as_str()]).await?;
    row.map(WholeRow::read).transpose()
}

/// The zone of the alliance that runs a session.
pub async fn time_zone(conn: &mut Conn, code: &SessionCode) -> Result<Option<Tz>, StoreError> {
    let name = TIME_ZONE.optional_value(conn, [code.as_str()]).await?;
    name.map(|name| parse("alliances", "time_zone", code, &name)).transpose()
}

/// The zones of the alliances of some sessions, asked for all of them at once.
pub async fn time_zones<'a>(
    conn: &mut Conn,
    codes: impl Iterator<Item = &'a SessionCode>,
) -> Result<HashMap<SessionCode, Tz>, StoreError> {
    let codes: BTreeSet<_> = codes.map(SessionCode::as_str).collect();
    let codes = rows::json(&codes.into_iter().collect::<Vec<_>>())?;
    let mut zones = HashMap::new();
    for (code, zone) in TIME_ZONES.all(conn, [codes.as_str()]).await? {
        let zone = parse("alliances", "time_zone", &code, &zone)?;
        zones.insert(parse("sessions", "code", &code, &code)?, zone);
    }
    Ok(zones)
}

/// All sessions with a sitting that ends after `moment`, in order of their first sitting.
pub async fn ending_after(
    conn: &mut Conn,
    moment: DateTime<Utc>,
) -> Result<Vec<Session>, StoreError> {
    let rows = ENDING_AFTER.all(conn, [moment]).await?;
    let sittings = SITTINGS_ENDING_AFTER.all(conn, [moment]).await?;
    let trainers = TRAINERS_ENDING_AFTER.all(conn, [moment]).await?;
    let mut parts = Parts::of(sittings, trainers)?;
    for alliance in catalogue::alliances(conn).await? {
        parts.take(alliance);
    }
    for course in catalogue::courses(conn).await? {
        parts.take_course(course);
    }
    let sessions = rows.into_iter().map(|row| parts.assemble(row));
    let mut sessions = sessions.collect::<Result<Vec<_>, _>>()?;
    sessions.sort_by_cached_key(|session| (session.starts_at(), session.code.clone()));
    Ok(sessions)
}

/// Adds a session with its sittings and trainers; `false` if the code is taken.
pub async fn insert(tx: &mut Tx, session: &Session) -> Result<bool, StoreError> {
    let (venue, address, room) = match &session.location {
        Location::Venue { name, address } => (Some(name.as_str()), Some(address.as_str()), None),
        Location::Online { room } => (None, None, Some(room.as_str())),
    };
    let (publication, cancelled_at, cancel_reason) = match &session.publication {
        Publication::Draft => ("draft", None, None),
        Publication::Published => ("published", None, None),
        Publication::Cancelled { at, reason } => ("cancelled", Some(*at), Some(reason.as_str())),
    };
    let new = NewSession {
        code: session.code.as_str(),
        course: session.course.slug.as_str(),
        alliance: session.alliance.slug.as_str(),
        venue_name: venue,
        venue_key: venue.map(folded),
        venue_address: address,
        online_room: room,
        venue_id: session.venue.as_ref().map(VenueId::as_str),
        access: session.access.join("; "),
        capacity: column(session.occupancy.capacity),
        places_per_institution: session.places_per_institution.map(column),
        places_per_booking: column(session.places_per_booking),
        mode: session.mode.as_str(),
        booking_opens: session.booking_opens,
        booking_closes: session.booking_closes,
        waiting_list: session.waiting_list,
        changes_close: session.changes_close,
        on_decline: session.on_decline.as_str(),
        note: session.note.as_deref(),
        directions: session.words.directions.as_deref(),
        bring: session.words.bring.as_deref(),
        food: session.words.food.as_deref(),
        access_words: session.words.access_words.as_deref(),
        minimum: session.aims.minimum.map(column),
        decide_by: session.aims.decide_by,
        hopes: session.aims.hopes.to_string(),
        residential: session.overnight.is_residential,
        rooms_on: session.overnight.rooms_on,
        arrival: session.overnight.arrival.as_deref(),
        departure: session.overnight.departure.as_deref(),
        publication,
        admission: session.admission.as_str(),
        series_id: session.series.as_ref().map(|one| one.id.as_str()),
        cancelled_at,
        cancel_reason,
    };
    if let Some(InSeries { id, bookable }) = &session.series {
        series::add(tx, id, *bookable).await?;
    }
    if INSERT.run(tx, new).await? == 0 {
        return Ok(false);
    }
    for sitting in &session.sittings {
        insert_sitting(tx, &session.code, sitting).await?;
    }
    write_day_words(tx, &session.code, &session.words.days).await?;
    insert_trainers(tx, &session.code, &session.trainers).await?;
    Ok(true)
}

/// Writes what the days of a session are about, by their numbers.
pub(super) async fn write_day_words(
    tx: &mut Tx,
    session: &SessionCode,
    days: &[DayWords],
) -> Result<(), StoreError> {
    for (number, day) in (1_i32..).zip(days) {
        let (title, note) = (day.title.as_deref(), day.note.as_deref());
        SET_DAY_WORDS.run(tx, (session.as_str(), number, title, note)).await?;
    }
    Ok(())
}

pub(super) async fn insert_trainers(
    tx: &mut Tx,
    session: &SessionCode,
    trainers: &[Trainer],
) -> Result<(), StoreError> {
    for (position, trainer) in (1_i32..).zip(trainers) {
        INSERT_TRAINER.run(tx, (session.as_str(), trainer.login.as_str(), position)).await?;
    }
    Ok(())
}

pub(super) async fn insert_sitting(
    tx: &mut Tx,
    session: &SessionCode,
    sitting: &Sitting,
) -> Result<(), StoreError> {
    let new = NewSitting {
        id: sitting.id.uuid(),
        session: session.as_str(),
        number: column(sitting.number),
        starts: sitting.starts,
        ends: sitting.ends,
        zone: sitting.zone.name(),
        starts_at: sitting.starts_at,
        ends_at: sitting.ends_at,
        uid: sitting.uid.as_str(),
        sequence: column(sitting.sequence),
        created_at: sitting.created_at,
        changed_at: sitting.changed_at,
        place_name: sitting.place.as_ref().map(|place| place.name.as_str()),
        place_address: sitting.place.as_ref().map(|place| place.address.as_str()),
        place_venue_id: sitting
            .place
            .as_ref()
            .and_then(|place| place.venue.as_ref().map(VenueId::as_str)),
    };
    INSERT_SITTING.run(tx, new).await?;
    Ok(())
}
