//! What people thought of a session.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    feedback::{Feedback, Useful},
    id::{PlaceId, RegistrationId, SessionCode},
    text::Paragraph,
};

type Row = (Uuid, i32, String, Option<String>);

arguments! {
    struct NewFeedback<'a> {
        place: Uuid,
        useful: i32,
        recommend: &'a str,
        change: Option<&'a str>,
        given_at: DateTime<Utc>,
    }
}

statements! {
    TO_ASK: (Uuid, Uuid) =
        "select p.registration, p.id from sessions s join places p on p.session = s.code
         where s.publication = 'published' and p.state = 'confirmed' and not p.superseded
           and p.email is not null
           and s.code in (select t.session from sittings t
                          where t.ends_at > $1 and t.ends_at <= $2)
           and not exists (select 1 from sittings t
                           where t.session = s.code and t.ends_at > $2)
           and exists (select 1 from attendances a
                       where a.place = p.id and a.presence = 'attended')
           and not exists (select 1 from feedback_requests f where f.place = p.id
                           and f.asked_at >= (select max(t.ends_at) from sittings t
                                              where t.session = s.code))
         order by p.session, p.registration, p.number limit $3";

    MARK_ASKED =
        "insert into feedback_requests (place, asked_at) values ($1, $2)
         on conflict (place) do update set asked_at = excluded.asked_at
             where feedback_requests.asked_at <
                 (select max(t.ends_at) from places p join sittings t on t.session = p.session
                  where p.id = excluded.place)";

    GIVE(NewFeedback) = "insert into feedback (:columns) values (:values)
         on conflict (place) do update set useful = excluded.useful,
             recommend = excluded.recommend, change = excluded.change,
             given_at = excluded.given_at";

    OF_PLACE: Row = "select place, useful, recommend, change from feedback where place = $1";

    OF_SESSION: Row =
        "select f.place, f.useful, f.recommend, f.change
         from feedback f join places p on p.id = f.place where p.session = $1";
}

/// People to ask: who attended a session that ended between two moments, has an address and was
/// not asked since its last day. At most `most`.
pub async fn to_ask(
    conn: &mut Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
    most: i64,
) -> Result<Vec<(RegistrationId, PlaceId)>, StoreError> {
    let rows = TO_ASK.all(conn, (from, until, most)).await?;
    let read = |(owner, place)| (RegistrationId::new(owner), PlaceId::new(place));
    Ok(rows.into_iter().map(read).collect())
}

/// Writes that somebody is being asked; `false` if she was since the last day, by whichever node
/// (T1).
pub async fn mark_asked(
    tx: &mut Tx,
    place: PlaceId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(MARK_ASKED.run(tx, (place.uuid(), now)).await? == 1)
}

/// Writes somebody's answers, in place of earlier ones.
pub async fn give(
    tx: &mut Tx,
    place: PlaceId,
    answers: &Feedback,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let new = NewFeedback {
        place: place.uuid(),
        useful: i32::from(answers.useful.number()),
        recommend: answers.recommend.as_str(),
        change: answers.change.as_ref().map(Paragraph::as_str),
        given_at: now,
    };
    GIVE.run(tx, new).await?;
    Ok(())
}

fn read((place, useful, recommend, change): Row) -> Result<Feedback, StoreError> {
    let corrupt =
        |column| StoreError::Corrupt { table: "feedback", column, row: place.to_string() };
    let useful = u8::try_from(useful).ok().and_then(Useful::new);
    Ok(Feedback {
        useful: useful.ok_or_else(|| corrupt("useful"))?,
        recommend: parse("feedback", "recommend", &place, &recommend)?,
        change: change.as_deref().and_then(Paragraph::stored),
    })
}

/// What somebody answered.
pub async fn of_place(conn: &mut Conn, place: PlaceId) -> Result<Option<Feedback>, StoreError> {
    OF_PLACE.optional(conn, [place.uuid()]).await?.map(read).transpose()
}

/// What everybody of a session answered.
pub async fn of_session(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<Feedback>, StoreError> {
    let rows = OF_SESSION.all(conn, [session.as_str()]).await?;
    rows.into_iter().map(read).collect()
}
