//! What was answered on all bookings of a session at once, and whom an organiser asked for what is missing.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    answers::Sheet,
    codec::{count, parse},
};
use crate::domain::{
    id::{PlaceId, RegistrationId, SessionCode},
    question::Given,
};

row! {
    struct GivenRow {
        registration: Uuid,
        question: String,
        revision: i32,
        place: Option<Uuid>,
        value: String,
    }
}

statements! {
    GIVEN: GivenRow =
        "select registration, question, revision, place, value from answers where session = $1
         order by answered_at, question";

    ASKED: (Uuid, Option<Uuid>, DateTime<Utc>) =
        "select registration, place, asked_at from answers_asked where session = $1";

    ASK_LEADER =
        "insert into answers_asked (registration, session, asked_at) values ($1, $2, $3)
         on conflict (registration) where place is null do update set asked_at = excluded.asked_at";

    ASK_ATTENDEE =
        "insert into answers_asked (registration, place, session, asked_at) values ($1, $2, $3, $4)
         on conflict (place) where place is not null do update set asked_at = excluded.asked_at";

    FORGET_PLACE = "delete from answers_asked where place = $1";
}

/// What was answered on each booking of a session.
pub async fn sheets(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<HashMap<RegistrationId, Sheet>, StoreError> {
    let mut sheets: HashMap<RegistrationId, Sheet> = HashMap::new();
    for row in GIVEN.all(conn, [code.as_str()]).await? {
        let question = parse("answers", "question", &row.registration, &row.question)?;
        let given = Given { question, revision: count(row.revision), value: row.value };
        let sheet = sheets.entry(RegistrationId::new(row.registration)).or_default();
        match row.place {
            None => sheet.of_booking.push(given),
            Some(place) => sheet.of_places.entry(PlaceId::new(place)).or_default().push(given),
        }
    }
    Ok(sheets)
}

/// Whom an organiser asked: the leader of a booking, or whoever has a place of it.
pub type Respondent = (RegistrationId, Option<PlaceId>);

/// When each was asked last on a session.
pub async fn asked(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<HashMap<Respondent, DateTime<Utc>>, StoreError> {
    let rows = ASKED.all(conn, [code.as_str()]).await?;
    let read = |(registration, place, at): (Uuid, Option<Uuid>, DateTime<Utc>)| {
        ((RegistrationId::new(registration), place.map(PlaceId::new)), at)
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Notes that somebody is asked.
pub async fn ask(
    tx: &mut Tx,
    (registration, place): Respondent,
    code: &SessionCode,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (registration, code) = (registration.uuid(), code.as_str());
    match place {
        None => ASK_LEADER.run(tx, (registration, code, now)).await?,
        Some(place) => ASK_ATTENDEE.run(tx, (registration, place.uuid(), code, now)).await?,
    };
    Ok(())
}

/// Forgets that whoever had a place was asked: it is somebody else's from now on (H1).
pub(super) async fn forget_place(tx: &mut Tx, place: PlaceId) -> Result<(), StoreError> {
    FORGET_PLACE.run(tx, [place.uuid()]).await?;
    Ok(())
}
