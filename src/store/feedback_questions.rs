//! What an organiser asks afterwards, and what was answered.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{Conn, StoreError, Tx, codec::parse};
use crate::domain::{
    feedback_question::{FeedbackAnswer, FeedbackQuestion},
    handout::HandedOut,
    id::{CourseSlug, FeedbackQuestionId, PlaceId, SessionCode},
    text::{Line, Paragraph},
};

const TABLE: &str = "feedback_questions";

row! {
    struct QuestionRow {
        id: Uuid,
        course: Option<String>,
        session: Option<String>,
        kind: String,
        wording: String,
        options: String,
        ended_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewQuestion<'a> {
        id: Uuid,
        course: Option<&'a str>,
        session: Option<&'a str>,
        kind: &'a str,
        wording: &'a str,
        options: String,
        added_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewAnswer<'a> {
        place: Uuid,
        question: Uuid,
        value: Option<&'a str>,
        words: Option<&'a str>,
        given_at: DateTime<Utc>,
    }
}

statements! {
    OF_SESSION: QuestionRow =
        "select * from feedback_questions where session = $1 order by added_at, id";

    OF_COURSE: QuestionRow =
        "select * from feedback_questions where course = $1 order by added_at, id";

    /// Those of the course first.
    ON_SESSION: QuestionRow =
        "select q.* from feedback_questions q where q.id in
             (select a.id from feedback_questions a where a.session = $1
              union select b.id from sessions s join feedback_questions b on b.course = s.course
                    where s.code = $1)
         order by q.session is not null, q.added_at, q.id";

    FIND: QuestionRow = "select * from feedback_questions where id = $1";

    INSERT(NewQuestion) = "insert into feedback_questions (:columns) values (:values)";

    COPY = "insert into feedback_questions (id, session, kind, wording, options, added_at)
         select $2, $3, kind, wording, options, added_at from feedback_questions where id = $1";

    END = "update feedback_questions set ended_at = $2 where id = $1 and ended_at is null";

    GIVE(NewAnswer) = "insert into feedback_answers (:columns) values (:values)
         on conflict (place, question) do update set value = excluded.value, words = excluded.words,
             given_at = excluded.given_at";

    TAKE_BACK = "delete from feedback_answers where place = $1 and question = $2";

    OF_PLACE: (Uuid, Option<String>, Option<String>) =
        "select question, value, words from feedback_answers where place = $1";

    ANSWERS: (Uuid, Option<String>, Option<String>) =
        "select f.question, f.value, f.words
         from places p join feedback_answers f on f.place = p.id where p.session = $1";

    /// How many gave which answers, by session.
    GIVEN: (String, i32, String, i64) =
        "select p.session, f.useful, f.recommend, count(*)
         from sittings t join places p on p.session = t.session join feedback f on f.place = p.id
         where t.number = 1 and t.starts_at >= $1 and t.starts_at < $2
         group by p.session, f.useful, f.recommend";
}

impl QuestionRow {
    fn read(self) -> Result<FeedbackQuestion, StoreError> {
        let corrupt =
            |column| StoreError::Corrupt { table: TABLE, column, row: self.id.to_string() };
        let of = match (&self.course, &self.session) {
            (Some(slug), None) => HandedOut::Course(parse(TABLE, "course", &self.id, slug)?),
            (None, Some(code)) => HandedOut::Session(parse(TABLE, "session", &self.id, code)?),
            _ => return Err(corrupt("session")),
        };
        Ok(FeedbackQuestion {
            id: FeedbackQuestionId::new(self.id),
            of,
            kind: parse(TABLE, "kind", &self.id, &self.kind)?,
            wording: Line::stored(&self.wording),
            options: self.options.lines().map(str::to_owned).collect(),
            is_ended: self.ended_at.is_some(),
        })
    }
}

fn read(rows: Vec<QuestionRow>) -> Result<Vec<FeedbackQuestion>, StoreError> {
    rows.into_iter().map(QuestionRow::read).collect()
}

/// What is asked afterwards of a session itself, or of every session of a course; ended ones too.
pub async fn of(conn: &mut Conn, of: &HandedOut) -> Result<Vec<FeedbackQuestion>, StoreError> {
    read(match of {
        HandedOut::Session(code) => OF_SESSION.all(conn, [code.as_str()]).await?,
        HandedOut::Course(slug) => OF_COURSE.all(conn, [slug.as_str()]).await?,
    })
}

/// Everything that is or was asked after a session, its course's first.
pub async fn on_session(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<FeedbackQuestion>, StoreError> {
    read(ON_SESSION.all(conn, [code.as_str()]).await?)
}

/// One of them.
pub async fn find(
    conn: &mut Conn,
    id: FeedbackQuestionId,
) -> Result<Option<FeedbackQuestion>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(QuestionRow::read).transpose()
}

/// Asks it from `now` on.
pub async fn insert(
    tx: &mut Tx,
    question: &FeedbackQuestion,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (course, session) = match &question.of {
        HandedOut::Course(slug) => (Some(slug), None),
        HandedOut::Session(code) => (None, Some(code)),
    };
    let new = NewQuestion {
        id: question.id.uuid(),
        course: course.map(CourseSlug::as_str),
        session: session.map(SessionCode::as_str),
        kind: question.kind.as_str(),
        wording: question.wording.as_str(),
        options: question.options.join("\n"),
        added_at: now,
    };
    INSERT.run(tx, new).await?;
    Ok(())
}

/// Asks the same after another session.
pub async fn copy(
    tx: &mut Tx,
    id: FeedbackQuestionId,
    (new, to): (FeedbackQuestionId, &SessionCode),
) -> Result<(), StoreError> {
    COPY.run(tx, (id.uuid(), new.uuid(), to.as_str())).await?;
    Ok(())
}

/// Asks it no more; `false` if that was so.
pub async fn end(
    tx: &mut Tx,
    id: FeedbackQuestionId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    Ok(END.run(tx, (id.uuid(), now)).await? == 1)
}

/// Writes what somebody answered; `None` takes an earlier answer back.
pub async fn give(
    tx: &mut Tx,
    (place, question): (PlaceId, FeedbackQuestionId),
    answer: Option<&FeedbackAnswer>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (value, words) = match answer {
        None => {
            TAKE_BACK.run(tx, (place.uuid(), question.uuid())).await?;
            return Ok(());
        }
        Some(FeedbackAnswer::Counted(value)) => (Some(value.as_str()), None),
        Some(FeedbackAnswer::Words(words)) => (None, Some(words.as_str())),
    };
    let new =
        NewAnswer { place: place.uuid(), question: question.uuid(), value, words, given_at: now };
    GIVE.run(tx, new).await?;
    Ok(())
}

/// Answers; one whose words were erased says nothing any more.
fn answers(
    rows: Vec<(Uuid, Option<String>, Option<String>)>,
) -> Vec<(FeedbackQuestionId, FeedbackAnswer)> {
    let read = |(id, value, words): (Uuid, Option<String>, Option<String>)| {
        let words = words.as_deref().and_then(Paragraph::stored).map(FeedbackAnswer::Words);
        let answer = value.map(FeedbackAnswer::Counted).or(words)?;
        Some((FeedbackQuestionId::new(id), answer))
    };
    rows.into_iter().filter_map(read).collect()
}

/// What somebody answered.
pub async fn of_place(
    conn: &mut Conn,
    place: PlaceId,
) -> Result<Vec<(FeedbackQuestionId, FeedbackAnswer)>, StoreError> {
    Ok(answers(OF_PLACE.all(conn, [place.uuid()]).await?))
}

/// What everybody of a session answered.
pub async fn of_everybody(
    conn: &mut Conn,
    code: &SessionCode,
) -> Result<Vec<(FeedbackQuestionId, FeedbackAnswer)>, StoreError> {
    Ok(answers(ANSWERS.all(conn, [code.as_str()]).await?))
}

/// How many people of a session gave the same two answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The session.
    pub session: SessionCode,
    /// How useful it was.
    pub useful: usize,
    /// Whether they would tell a friend to come.
    pub would_recommend: bool,
    /// How many they are.
    pub people: usize,
}

/// What was answered to the first two questions on sessions that begin between two moments.
pub async fn given(
    conn: &mut Conn,
    (from, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<Given>, StoreError> {
    let rows = GIVEN.all(conn, (from, until)).await?;
    let read = |(session, useful, recommend, people): (String, i32, String, i64)| {
        Ok(Given {
            session: parse("places", "session", &session, &session)?,
            useful: usize::try_from(useful).unwrap_or(0),
            would_recommend: recommend == "yes",
            people: usize::try_from(people).unwrap_or(0),
        })
    };
    rows.into_iter().map(read).collect()
}
