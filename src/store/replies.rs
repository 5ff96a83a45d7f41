//! What calendars answered, and the places they gave up.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    invitations, rows,
};
use crate::domain::{
    id::{AllianceSlug, InvitationId, LetterId, PlaceId, RegistrationId, SessionCode},
    invitation::Invitation,
    letter::without_secrets,
    reply::{HeardAnswer, OnDecline, PartStat},
};

statements! {
    ANSWER: (Option<String>, Option<i32>, Option<DateTime<Utc>>) =
        "select answer, answered_sequence, answered_stamp from invitations where id = $1";

    SET_ANSWER =
        "update invitations set answer = $2, answered_sequence = $3, answered_stamp = $4,
             answered_at = $5 where id = $1";

    OF_PLACE: Option<String> =
        "select i.answer from invitations i join sittings t on t.id = i.sitting
         where i.place = $1 and not i.withdrawn and t.starts_at > $2 order by t.number";

    OF_SESSION: (Uuid, Option<String>) =
        "select i.place, i.answer from invitations i join places p on p.id = i.place
         where p.session = $1 and not i.withdrawn";

    ON_DECLINE: String = "select on_decline from sessions where code = $1";

    SET_ON_DECLINE = "update sessions set on_decline = $2 where code = $1";

    USUAL_DECLINE: String = "select on_decline from alliances where slug = $1";

    SET_USUAL_DECLINE = "update alliances set on_decline = $2 where slug = $1";

    RELEASE_AT: Option<DateTime<Utc>> = "select release_at from places where id = $1";

    STOP_RELEASES = {
        sqlite: "update places set release_at = null
            where id in (select unhex(value) from json_each($1)) and release_at is not null",
        postgres: "update places set release_at = null
            where id = any(array(select json_array_elements_text($1::json)::uuid))
              and release_at is not null",
    };

    SET_RELEASE = "update places set release_at = $2 where id = $1";

    DUE: (Uuid, Uuid, String) =
        "select id, registration, session from places
         where release_at is not null and release_at <= $1 order by release_at";

    KEEP =
        "update invitations set answer = $2, answered_at = $3
         where place = $1 and not withdrawn and answer = $4";

    ABOUT: (Option<Uuid>, Option<Uuid>, Option<String>) =
        "select o.registration, o.place, coalesce(r.session, p.session, o.session)
         from outbox o left join registrations r on r.id = o.registration
         left join places p on p.id = o.place where o.id = $1";

    MARK_BOUNCED =
        "update outbox set bounced_at = $2, bounce_reason = $3
         where id = $1 and bounced_at is null and sent_at is not null";
}

/// The invitation with this UID, and what was answered to it last.
pub async fn find(
    conn: &mut Conn,
    uid: &str,
) -> Result<Option<(Invitation, Option<HeardAnswer>)>, StoreError> {
    let Some(invitation) = invitations::by_uid(conn, uid).await? else { return Ok(None) };
    let row = ANSWER.optional(conn, [invitation.id.uuid()]).await?;
    let (answer, sequence, stamp) = row.unwrap_or_default();
    let answer = answer.map(|word| read_answer(&invitation.id.to_string(), &word)).transpose()?;
    let answered = answer.zip(sequence).map(|(answer, sequence)| HeardAnswer {
        answer,
        sequence: count(sequence),
        stamp,
    });
    Ok(Some((invitation, answered)))
}

fn read_answer(row: &str, word: &str) -> Result<PartStat, StoreError> {
    parse("invitations", "answer", &row, word)
}

/// Writes an answer.
pub async fn set_answer(
    tx: &mut Tx,
    invitation: InvitationId,
    answered: HeardAnswer,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    SET_ANSWER
        .run(
            tx,
            (
                invitation.uuid(),
                answered.answer.as_str(),
                column(answered.sequence),
                answered.stamp,
                now,
            ),
        )
        .await?;
    Ok(())
}

/// What the calendar of a place answered to each of its sittings still to come at `now`.
pub async fn of_place(
    conn: &mut Conn,
    place: PlaceId,
    now: DateTime<Utc>,
) -> Result<Vec<Option<PartStat>>, StoreError> {
    let words = OF_PLACE.values(conn, (place.uuid(), now)).await?;
    let row = place.to_string();
    words.into_iter().map(|word| word.map(|word| read_answer(&row, &word)).transpose()).collect()
}

/// What calendars answered to a session, for each place with an answer: a no to any day is a no, a
/// yes needs all of them.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<PlaceId, PartStat>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    let mut answers: HashMap<PlaceId, Vec<Option<PartStat>>> = HashMap::new();
    for (place, word) in rows {
        let answer = word.map(|word| read_answer(&place.to_string(), &word)).transpose()?;
        answers.entry(PlaceId::new(place)).or_default().push(answer);
    }
    let worst = |given: &[Option<PartStat>]| {
        [PartStat::Declined, PartStat::Tentative]
            .into_iter()
            .find(|answer| given.contains(&Some(*answer)))
            .or_else(|| given.iter().all(Option::is_some).then_some(PartStat::Accepted))
    };
    Ok(answers.into_iter().filter_map(|(place, given)| Some((place, worst(&given)?))).collect())
}

/// How a session takes a *declined*.
pub async fn on_decline(conn: &mut Conn, session: &SessionCode) -> Result<OnDecline, StoreError> {
    let word = ON_DECLINE.value(conn, [session.as_str()]).await?;
    parse("sessions", "on_decline", session, &word)
}

/// Sets how a session takes a *declined*; `false` if there is no such session.
pub async fn set_on_decline(
    tx: &mut Tx,
    session: &SessionCode,
    on_decline: OnDecline,
) -> Result<bool, StoreError> {
    Ok(SET_ON_DECLINE.run(tx, (session.as_str(), on_decline.as_str())).await? == 1)
}

/// What new sessions of an alliance begin with; `None` if there is no such alliance.
pub async fn usual_decline(
    conn: &mut Conn,
    alliance: &AllianceSlug,
) -> Result<Option<OnDecline>, StoreError> {
    let word = USUAL_DECLINE.optional_value(conn, [alliance.as_str()]).await?;
    word.map(|word| parse("alliances", "on_decline", alliance, &word)).transpose()
}

/// Sets what new sessions of an alliance begin with.
pub async fn set_usual_decline(
    tx: &mut Tx,
    alliance: &AllianceSlug,
    what: OnDecline,
) -> Result<(), StoreError> {
    SET_USUAL_DECLINE.run(tx, (alliance.as_str(), what.as_str())).await?;
    Ok(())
}

/// Until when a declined place stays hers.
pub async fn release_at(
    conn: &mut Conn,
    place: PlaceId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    RELEASE_AT.value(conn, [place.uuid()]).await
}

/// Sets when a place comes free, or that it does not.
pub async fn set_release(
    tx: &mut Tx,
    place: PlaceId,
    at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    SET_RELEASE.run(tx, (place.uuid(), at)).await?;
    Ok(())
}

/// Keeps declined places from coming free.
pub async fn stop_releases(tx: &mut Tx, places: &[PlaceId]) -> Result<(), StoreError> {
    if places.is_empty() {
        return Ok(());
    }
    let ids: Vec<_> = places.iter().map(|id| rows::key(id.uuid())).collect();
    STOP_RELEASES.run(tx, [rows::json(&ids)?]).await?;
    Ok(())
}

/// The places to release at `now`, with the booking and the session of each.
pub async fn due(
    conn: &mut Conn,
    now: DateTime<Utc>,
) -> Result<Vec<(PlaceId, RegistrationId, SessionCode)>, StoreError> {
    let rows = DUE.all(conn, [now]).await?;
    let read = |(place, registration, session): (Uuid, Uuid, String)| {
        let code = parse("places", "session", &place, &session)?;
        Ok((PlaceId::new(place), RegistrationId::new(registration), code))
    };
    rows.into_iter().map(read).collect()
}

/// Takes back every *declined* of a place: its attendee comes after all.
pub async fn keep(tx: &mut Tx, place: PlaceId, now: DateTime<Utc>) -> Result<(), StoreError> {
    set_release(tx, place, None).await?;
    KEEP.run(tx, (place.uuid(), PartStat::Accepted.as_str(), now, PartStat::Declined.as_str()))
        .await?;
    Ok(())
}

/// The booking, place and session that a letter is about.
pub async fn about(
    conn: &mut Conn,
    letter: LetterId,
) -> Result<(Option<RegistrationId>, Option<PlaceId>, Option<SessionCode>), StoreError> {
    let id = letter.uuid();
    let found = ABOUT.optional(conn, [id]).await?.unwrap_or_default();
    let (registration, place, session) = found;
    let session = session.map(|code| parse("outbox", "session", &id, &code)).transpose()?;
    Ok((registration.map(RegistrationId::new), place.map(PlaceId::new), session))
}

/// Marks a letter as come back; whether it is one of ours that had not come back before.
pub async fn mark_bounced(
    tx: &mut Tx,
    letter: LetterId,
    reason: &str,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(MARK_BOUNCED.run(tx, (letter.uuid(), now, without_secrets(reason).as_str())).await? == 1)
}
