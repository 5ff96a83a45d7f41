//! Applications: on which day everybody is told, what was decided until then, and what readers think.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    own_data::at,
    session_lock::Locked,
};
use crate::domain::{
    application::{DecisionDay, Score, UntoldDecision, Verdict},
    id::{PersonId, RegistrationId, SessionCode, StaffLogin},
    own_data::{Record, record},
    text::Paragraph,
};

const TABLE: &str = "application_decisions";

row! {
    struct DecisionRow {
        registration: Uuid,
        decision: String,
        reason: Option<String>,
        places: i32,
        decided_by: String,
        decided_at: DateTime<Utc>,
    }
}

row! {
    struct ScoreRow {
        registration: Uuid,
        reader: String,
        score: i32,
        note: Option<String>,
    }
}

arguments! {
    struct NewDecision<'a> {
        registration: Uuid,
        session: &'a str,
        decision: &'a str,
        reason: Option<&'a str>,
        places: i32,
        decided_by: String,
        decided_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewScore<'a> {
        registration: Uuid,
        reader: &'a str,
        session: &'a str,
        score: i32,
        note: Option<&'a str>,
        scored_at: DateTime<Utc>,
    }
}

statements! {
    DAY: (Option<DateTime<Utc>>, String) =
        "select tell_at, set_by from decision_days where session = $1";

    SET_DAY = "insert into decision_days (session, tell_at, set_by, set_at) values ($1, $2, $3, $4)
         on conflict (session) do update set tell_at = excluded.tell_at, set_by = excluded.set_by,
             set_at = excluded.set_at";

    NO_DAY = "delete from decision_days where session = $1";

    DUE: String = "select session from decision_days where tell_at <= $1 and session in
         (select d.session from application_decisions d where d.session = decision_days.session)
         order by session";

    DECIDE(NewDecision) = "insert into application_decisions (:columns) values (:values)
         on conflict (registration) do update set decision = excluded.decision, reason = excluded.reason,
             places = excluded.places, decided_by = excluded.decided_by, decided_at = excluded.decided_at";

    TAKE_BACK = "delete from application_decisions where registration = $1";

    DECISIONS: DecisionRow =
        "select registration, decision, reason, places, decided_by, decided_at from application_decisions
         where session = $1 order by decided_at, registration";

    DECISION: DecisionRow =
        "select registration, decision, reason, places, decided_by, decided_at from application_decisions
         where registration = $1";

    /// No more of each booking than it still asks for.
    COUNT_PROMISED: i32 =
        "select cast(coalesce(sum(case when d.places < n.asked then d.places else n.asked end), 0) as integer)
         from application_decisions d
         join (select p.registration, count(*) as asked from places p
               where p.session = $1 and p.state = 'requested' and not p.superseded
               group by p.registration) n on n.registration = d.registration
         where d.session = $1";

    SET_PROMISED =
        "update sessions set promised = $2, seen_version = seen_version + 1
         where code = $1 and promised <> $2";

    SCORE(NewScore) = "insert into application_scores (:columns) values (:values)
         on conflict (registration, reader) do update set score = excluded.score, note = excluded.note,
             scored_at = excluded.scored_at";

    NO_SCORE = "delete from application_scores where registration = $1 and reader = $2";

    SCORES: ScoreRow =
        "select registration, reader, score, note from application_scores
         where session = $1 order by scored_at, reader";

    HERS: (String, i32, Option<String>, DateTime<Utc>) =
        "select r.reference, s.score, s.note, s.scored_at
         from registrations r join application_scores s on s.registration = r.id
         where r.person = $1 order by s.scored_at";
}

/// On which day everybody of a session is told, if that was chosen.
pub async fn day(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Option<DecisionDay>, StoreError> {
    let row = DAY.optional(conn, [session.as_str()]).await?;
    Ok(row.map(|(tell_at, _)| DecisionDay { tell_at }))
}

/// Chooses a day, or that it is said later.
pub async fn set_day(
    tx: &mut Tx,
    session: &SessionCode,
    tell_at: Option<DateTime<Utc>>,
    by: &StaffLogin,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    SET_DAY.run(tx, (session.as_str(), tell_at, by.as_str(), now)).await?;
    Ok(())
}

/// Everybody is told at once again.
pub async fn no_day(tx: &mut Tx, session: &SessionCode) -> Result<(), StoreError> {
    NO_DAY.run(tx, [session.as_str()]).await?;
    Ok(())
}

/// The sessions whose day has come and of which somebody is still to be told.
pub async fn due(conn: &mut Conn, now: DateTime<Utc>) -> Result<Vec<SessionCode>, StoreError> {
    let codes = DUE.values(conn, [now]).await?;
    codes.iter().map(|code| parse("decision_days", "session", code, code)).collect()
}

impl DecisionRow {
    fn read(self) -> Result<(RegistrationId, UntoldDecision), StoreError> {
        let id = self.registration;
        let decided = UntoldDecision {
            verdict: parse(TABLE, "decision", &id, &self.decision)?,
            reason: self.reason.as_deref().and_then(Paragraph::stored),
            places: count(self.places),
            by: parse(TABLE, "decided_by", &id, &self.decided_by)?,
            at: self.decided_at,
        };
        Ok((RegistrationId::new(id), decided))
    }
}

/// What was decided on a session and told nobody yet, in order of time.
pub async fn decisions(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<Vec<(RegistrationId, UntoldDecision)>, StoreError> {
    let rows = DECISIONS.all(conn, [session.as_str()]).await?;
    rows.into_iter().map(DecisionRow::read).collect()
}

/// What was decided of one booking and told nobody yet.
pub async fn decision(
    conn: &mut Conn,
    id: RegistrationId,
) -> Result<Option<UntoldDecision>, StoreError> {
    let row = DECISION.optional(conn, [id.uuid()]).await?;
    Ok(row.map(DecisionRow::read).transpose()?.map(|(_, decided)| decided))
}

/// Notes what was decided, in the stead of what was before, and counts what is promised.
pub async fn decide(
    locked: &mut Locked<'_>,
    id: RegistrationId,
    decided: &UntoldDecision,
) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let new = NewDecision {
        registration: id.uuid(),
        session: session.as_str(),
        decision: decided.verdict.as_str(),
        reason: decided.reason.as_ref().map(Paragraph::as_str),
        places: column(match decided.verdict {
            Verdict::Approve => decided.places,
            Verdict::Wait | Verdict::Refuse => 0,
        }),
        decided_by: decided.by.to_string(),
        decided_at: decided.at,
    };
    DECIDE.run(locked, new).await?;
    count_promised(locked).await
}

/// Takes a decision back, or forgets it once it was told; whether there was one.
pub async fn take_back(locked: &mut Locked<'_>, id: RegistrationId) -> Result<bool, StoreError> {
    let was_there = TAKE_BACK.run(locked, [id.uuid()]).await? == 1;
    count_promised(locked).await?;
    Ok(was_there)
}

/// Counts what is promised anew, where anything is: after each change of a place.
pub(super) async fn recount(locked: &mut Locked<'_>) -> Result<(), StoreError> {
    if locked.promises() { count_promised(locked).await } else { Ok(()) }
}

async fn count_promised(locked: &mut Locked<'_>) -> Result<(), StoreError> {
    let session = locked.session().clone();
    let promised = COUNT_PROMISED.value(locked, [session.as_str()]).await?;
    locked.now_promises(promised > 0);
    SET_PROMISED.run(locked, (session.as_str(), promised)).await?;
    Ok(())
}

/// Keeps what a reader thinks of an application; nothing, where she takes it back.
pub async fn score(
    tx: &mut Tx,
    (id, session): (RegistrationId, &SessionCode),
    reader: &StaffLogin,
    score: Option<&Score>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let Some(score) = score else {
        NO_SCORE.run(tx, (id.uuid(), reader.as_str())).await?;
        return Ok(());
    };
    let new = NewScore {
        registration: id.uuid(),
        reader: reader.as_str(),
        session: session.as_str(),
        score: i32::from(score.points),
        note: score.note.as_ref().map(Paragraph::as_str),
        scored_at: now,
    };
    SCORE.run(tx, new).await?;
    Ok(())
}

/// What readers think of the applications for a session.
pub async fn scores(
    conn: &mut Conn,
    session: &SessionCode,
) -> Result<HashMap<RegistrationId, Vec<(StaffLogin, Score)>>, StoreError> {
    let mut scores: HashMap<RegistrationId, Vec<(StaffLogin, Score)>> = HashMap::new();
    for row in SCORES.all(conn, [session.as_str()]).await? {
        let id = row.registration;
        let reader = parse("application_scores", "reader", &id, &row.reader)?;
        let score = Score {
            points: u8::try_from(row.score).unwrap_or(0),
            note: row.note.as_deref().and_then(Paragraph::stored),
        };
        scores.entry(RegistrationId::new(id)).or_default().push((reader, score));
    }
    Ok(scores)
}

/// What of it is handed to somebody who asks what is held about her.
pub(super) async fn hers(conn: &mut Conn, id: PersonId) -> Result<Vec<Record>, StoreError> {
    let rows = HERS.all(conn, [id.uuid()]).await?;
    let read = |(reference, score, note, scored): (String, i32, Option<String>, DateTime<Utc>)| {
        record(vec![
            ("booking", Some(reference)),
            ("score", Some(score.to_string())),
            ("words", note),
            ("scored_at", at(scored)),
        ])
    };
    Ok(rows.into_iter().map(read).collect())
}
