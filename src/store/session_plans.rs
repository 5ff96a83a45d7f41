//! Sessions as they are planned: drafts, and what changes without anybody being told.

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::column,
    sessions::{insert_sitting, insert_trainers, write_day_words},
};
use crate::domain::{
    finding::folded,
    id::{SessionCode, StaffLogin, VenueId},
    location::Location,
    plan::SessionDetails,
    session::{Session, Trainer},
};

arguments! {
    struct DetailColumns<'a> {
        code: &'a str,
        access: String,
        places_per_institution: Option<i32>,
        places_per_booking: i32,
        mode: &'a str,
        booking_opens: Option<DateTime<Utc>>,
        booking_closes: Option<DateTime<Utc>>,
        waiting_list: bool,
        admission: &'a str,
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
    }
}

arguments! {
    struct DraftColumns<'a> {
        code: &'a str,
        course: &'a str,
        alliance: &'a str,
        venue_name: Option<&'a str>,
        venue_key: Option<String>,
        venue_address: Option<&'a str>,
        online_room: Option<&'a str>,
        venue_id: Option<&'a str>,
        capacity: i32,
    }
}

statements! {
    COUNT: i64 = "select count(*) from sessions",
        reads_all: "counts them";

    NAME: String = "select name from staff where login = $1";

    POSSIBLE_TRAINERS: (String, String) =
        "select login, name from staff where disabled_at is null order by sort_key, login";

    SET_DETAILS(DetailColumns) =
        "update sessions set access = :access, places_per_institution = :places_per_institution,
             places_per_booking = :places_per_booking, mode = :mode,
             booking_opens = :booking_opens, booking_closes = :booking_closes,
             waiting_list = :waiting_list, admission = :admission, note = :note, directions = :directions, bring = :bring,
             food = :food, access_words = :access_words, minimum = :minimum, hopes = :hopes,
             decide_told_at = case when decide_by = :decide_by then decide_told_at else null end,
             decide_by = :decide_by, residential = :residential, rooms_on = :rooms_on, arrival = :arrival,
             departure = :departure
         where code = :code";

    FORGET_TRAINERS = "delete from session_trainers where session = $1";

    REPLACE_DRAFT(DraftColumns) =
        "update sessions set course = :course, alliance = :alliance, venue_name = :venue_name,
             venue_key = :venue_key, venue_address = :venue_address, online_room = :online_room, venue_id = :venue_id,
             capacity = :capacity,
             series_id = case when course = :course and alliance = :alliance then series_id end
         where code = :code and publication = 'draft'";

    FORGET_SITTINGS = "delete from sittings where session = $1";

    FORGET_PAPERS =
        "delete from handout_files where handout in (select h.id from handouts h where h.session = $1)";

    FORGET_HANDOUTS = "delete from handouts where session = $1";

    DISCARD = "delete from sessions where code = $1 and publication = 'draft'";

    PUBLISH =
        "update sessions set publication = 'published'
         where code = $1 and publication = 'draft'";

    /// New from this moment: whatever they said as a draft was said to nobody.
    DATE_SITTINGS =
        "update sittings set created_at = $2, changed_at = $2, rendered = null where session = $1";
}

/// How many sessions there are, whatever their publication.
pub async fn count(conn: &mut Conn) -> Result<i64, StoreError> {
    COUNT.value(conn, ()).await
}

/// The open accounts among `logins`, in that order, as trainers.
pub async fn trainers(conn: &mut Conn, logins: &[StaffLogin]) -> Result<Vec<Trainer>, StoreError> {
    let mut trainers = Vec::with_capacity(logins.len());
    for login in logins {
        if let Some(name) = NAME.optional_value(conn, [login.as_str()]).await? {
            trainers.push(Trainer { login: login.clone(), name });
        }
    }
    Ok(trainers)
}

/// Everybody who can lead sessions: open accounts, by name.
pub async fn possible_trainers(conn: &mut Conn) -> Result<Vec<(String, String)>, StoreError> {
    POSSIBLE_TRAINERS.all(conn, ()).await
}

/// Writes what changes without anybody being told.
pub async fn set_details(
    tx: &mut Tx,
    code: &SessionCode,
    details: &SessionDetails,
) -> Result<(), StoreError> {
    let row = DetailColumns {
        code: code.as_str(),
        access: details.access.join("; "),
        places_per_institution: details.places_per_institution.map(column),
        places_per_booking: column(details.places_per_booking),
        mode: details.mode.as_str(),
        booking_opens: details.booking_opens,
        booking_closes: details.booking_closes,
        waiting_list: details.waiting_list,
        admission: details.admission.as_str(),
        note: details.note.as_deref(),
        directions: details.words.directions.as_deref(),
        bring: details.words.bring.as_deref(),
        food: details.words.food.as_deref(),
        access_words: details.words.access_words.as_deref(),
        minimum: details.aims.minimum.map(column),
        decide_by: details.aims.decide_by,
        hopes: details.aims.hopes.to_string(),
        residential: details.overnight.is_residential,
        rooms_on: details.overnight.rooms_on,
        arrival: details.overnight.arrival.as_deref(),
        departure: details.overnight.departure.as_deref(),
    };
    SET_DETAILS.run(tx, row).await?;
    write_day_words(tx, code, &details.words.days).await?;
    let trainers = trainers(tx, &details.trainers).await?;
    FORGET_TRAINERS.run(tx, [code.as_str()]).await?;
    insert_trainers(tx, code, &trainers).await
}

/// Writes a draft anew: course, alliance, place, number of places and days. Nobody has booked a
/// draft, so nothing hangs on its days.
pub async fn replace_draft(tx: &mut Tx, session: &Session) -> Result<(), StoreError> {
    let (venue, address, room) = match &session.location {
        Location::Venue { name, address } => (Some(name.as_str()), Some(address.as_str()), None),
        Location::Online { room } => (None, None, Some(room.as_str())),
    };
    let row = DraftColumns {
        code: session.code.as_str(),
        course: session.course.slug.as_str(),
        alliance: session.alliance.slug.as_str(),
        venue_name: venue,
        venue_key: venue.map(folded),
        venue_address: address,
        online_room: room,
        venue_id: session.venue.as_ref().map(VenueId::as_str),
        capacity: column(session.occupancy.capacity),
    };
    REPLACE_DRAFT.run(tx, row).await?;
    FORGET_SITTINGS.run(tx, [session.code.as_str()]).await?;
    for sitting in &session.sittings {
        insert_sitting(tx, &session.code, sitting).await?;
    }
    Ok(())
}

/// Deletes a draft with its days. Nobody has booked it, so nothing else hangs on it.
pub async fn discard_draft(tx: &mut Tx, code: &SessionCode) -> Result<(), StoreError> {
    FORGET_TRAINERS.run(tx, [code.as_str()]).await?;
    FORGET_SITTINGS.run(tx, [code.as_str()]).await?;
    FORGET_PAPERS.run(tx, [code.as_str()]).await?;
    FORGET_HANDOUTS.run(tx, [code.as_str()]).await?;
    DISCARD.run(tx, [code.as_str()]).await?;
    Ok(())
}

/// Puts a draft into the catalogue; its days are new from this moment. `false` if it was no draft.
pub async fn publish(
    tx: &mut Tx,
    code: &SessionCode,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let written = PUBLISH.run(tx, [code.as_str()]).await?;
    DATE_SITTINGS.run(tx, (code.as_str(), now)).await?;
    Ok(written == 1)
}
