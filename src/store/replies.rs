//! What calendars answered, and the places they gave up.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    invitations,
};
use crate::domain::{
    id::{InvitationId, LetterId, PlaceId, RegistrationId, SessionCode},
    invitation::Invitation,
    reply::{Answer, Answered, OnDecline},
};

/// The invitation with this UID, and what was answered to it last.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    conn: &mut Conn,
    uid: &str,
) -> Result<Option<(Invitation, Option<Answered>)>, StoreError> {
    let Some(invitation) = invitations::by_uid(conn, uid).await? else { return Ok(None) };
    let row = run!(
        opt(Option<String>, Option<i32>, Option<DateTime<Utc>>),
        conn,
        "select answer, answered_sequence, answered_stamp from invitations where id = $1",
        invitation.id.uuid(),
    )?;
    let (answer, sequence, stamp) = row.unwrap_or_default();
    let answer = answer.map(|word| read_answer(&invitation.id.to_string(), &word)).transpose()?;
    let answered = answer.zip(sequence).map(|(answer, sequence)| Answered {
        answer,
        sequence: count(sequence),
        stamp,
    });
    Ok(Some((invitation, answered)))
}

fn read_answer(row: &str, word: &str) -> Result<Answer, StoreError> {
    parse("invitations", "answer", &row, word)
}

/// Writes an answer.
///
/// # Errors
/// [`StoreError`].
pub async fn set_answer(
    tx: &mut Tx,
    invitation: InvitationId,
    answered: Answered,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    run!(
        exec,
        tx,
        "update invitations set answer = $2, answered_sequence = $3, answered_stamp = $4,
             answered_at = $5 where id = $1",
        invitation.uuid(),
        answered.answer.as_str(),
        column(answered.sequence),
        answered.stamp,
        now,
    )?;
    Ok(())
}

/// What the calendar of a place answered to each of its sittings still to come at `now`.
///
/// # Errors
/// [`StoreError`].
pub async fn of_place(
    conn: &mut Conn,
    place: PlaceId,
    now: DateTime<Utc>,
) -> Result<Vec<Option<Answer>>, StoreError> {
    let words = run!(
        values Option<String>, conn,
        "select i.answer from invitations i join sittings t on t.id = i.sitting
         where i.place = $1 and not i.withdrawn and t.starts_at > $2 order by t.number",
        place.uuid(), now,
    )?;
    let row = place.to_string();
    words.into_iter().map(|word| word.map(|word| read_answer(&row, &word)).transpose()).collect()
}

/// What calendars answered to a session, for each place with an answer: a no to any day is a no, a
/// yes needs all of them.
///
/// # Errors
/// [`StoreError`].
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, Answer>, StoreError> {
    let rows = run!(
        all(Uuid, Option<String>),
        conn,
        "select i.place, i.answer from invitations i join places p on p.id = i.place
         where p.session = $1 and not i.withdrawn",
        session.as_str(),
    )?;
    let mut answers: HashMap<PlaceId, Vec<Option<Answer>>> = HashMap::new();
    for (place, word) in rows {
        let answer = word.map(|word| read_answer(&place.to_string(), &word)).transpose()?;
        answers.entry(PlaceId::new(place)).or_default().push(answer);
    }
    let worst = |given: &[Option<Answer>]| {
        [Answer::Declined, Answer::Tentative]
            .into_iter()
            .find(|answer| given.contains(&Some(*answer)))
            .or_else(|| given.iter().all(Option::is_some).then_some(Answer::Accepted))
    };
    Ok(answers.into_iter().filter_map(|(place, given)| Some((place, worst(&given)?))).collect())
}

/// How a session takes a *declined*.
///
/// # Errors
/// [`StoreError`].
pub async fn on_decline(conn: &mut Conn, session: &SessionCode) -> Result<OnDecline, StoreError> {
    let text = "select on_decline from sessions where code = $1";
    let word = run!(value String, conn, text, session.as_str())?;
    parse("sessions", "on_decline", session, &word)
}

/// Sets how a session takes a *declined*; `false` if there is no such session.
///
/// # Errors
/// [`StoreError`].
pub async fn set_on_decline(
    tx: &mut Tx,
    session: &SessionCode,
    on_decline: OnDecline,
) -> Result<bool, StoreError> {
    let text = "update sessions set on_decline = $2 where code = $1";
    Ok(run!(exec, tx, text, session.as_str(), on_decline.as_str())? == 1)
}

/// Until when a declined place stays hers.
///
/// # Errors
/// [`StoreError`].
pub async fn release_at(
    conn: &mut Conn,
    place: PlaceId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let text = "select release_at from places where id = $1";
    run!(value Option<DateTime<Utc>>, conn, text, place.uuid())
}

/// Sets when a place comes free, or that it does not.
///
/// # Errors
/// [`StoreError`].
pub async fn set_release(
    tx: &mut Tx,
    place: PlaceId,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    run!(exec, tx, "update places set release_at = $2 where id = $1", place.uuid(), at)?;
    Ok(())
}

/// The places to release at `now`, with the booking and the session of each.
///
/// # Errors
/// [`StoreError`].
pub async fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<(PlaceId, RegistrationId, SessionCode)>, StoreError> {
    let rows = run!(
        all(Uuid, Uuid, String),
        conn,
        "select id, registration, session from places
         where release_at is not null and release_at <= $1 order by release_at",
        now,
    )?;
    let read = |(place, registration, session): (Uuid, Uuid, String)| {
        let code = parse("places", "session", &place, &session)?;
        Ok((PlaceId::new(place), RegistrationId::new(registration), code))
    };
    rows.into_iter().map(read).collect()
}

/// Takes back every *declined* of a place: its attendee comes after all.
///
/// # Errors
/// [`StoreError`].
pub async fn keep(tx: &mut Tx, place: PlaceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    set_release(tx, place, None).await?;
    run!(
        exec,
        tx,
        "update invitations set answer = $2, answered_at = $3
         where place = $1 and not withdrawn and answer = $4",
        place.uuid(),
        Answer::Accepted.as_str(),
        now,
        Answer::Declined.as_str(),
    )?;
    Ok(())
}

/// Marks a letter as come back; whether it is one of ours that had not come back before.
///
/// # Errors
/// [`StoreError`].
pub async fn mark_bounced(
    tx: &mut Tx,
    letter: LetterId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let text = "update outbox set bounced_at = $2, bounce_reason = $3
                where id = $1 and bounced_at is null and sent_at is not null";
    Ok(run!(exec, tx, text, letter.uuid(), now, reason)? == 1)
}
