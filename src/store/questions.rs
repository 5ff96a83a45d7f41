//! The questions of courses and sessions, and each wording they ever had.

use chrono::{DateTime, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    id::QuestionCode,
    question::{Question, QuestionKind, QuestionOf, ShownWhen},
    session::Session,
};

const TABLE: &str = "questions";

row! {
    struct QuestionRow {
        code: String,
        course: Option<String>,
        session: Option<String>,
        asked: String,
        required: bool,
        sensitive: bool,
        shown_when: Option<String>,
        for_trainer: bool,
        for_helper: bool,
        for_kitchen: bool,
        for_sheet: bool,
        revision: i32,
        retired_at: Option<DateTime<Utc>>,
        kind: String,
        wording: String,
        help: Option<String>,
        options: String,
        most: Option<i32>,
    }
}

arguments! {
    struct QuestionColumns<'a> {
        code: &'a str,
        course: Option<&'a str>,
        session: Option<&'a str>,
        asked: &'a str,
        required: bool,
        sensitive: bool,
        shown_when: Option<String>,
        for_trainer: bool,
        for_helper: bool,
        for_kitchen: bool,
        for_sheet: bool,
        revision: i32,
        retired_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewRevision<'a> {
        question: &'a str,
        number: i32,
        kind: &'a str,
        wording: &'a str,
        help: Option<&'a str>,
        options: String,
        most: Option<i32>,
        at: DateTime<Utc>,
    }
}

/// What a question is now, with its words.
macro_rules! questions {
    ($where:literal) => {
        concat!(
            "select q.code, q.course, q.session, q.asked, q.required, q.sensitive, q.shown_when, q.for_trainer,
                 q.for_helper, q.for_kitchen, q.for_sheet, q.revision, q.retired_at, r.kind, r.wording, r.help,
                 r.options, r.most
             from questions q join question_revisions r on r.question = q.code and r.number = q.revision
             where ",
            $where
        )
    };
}

statements! {
    OF_COURSE: QuestionRow =
        questions!("q.course = $1 and q.retired_at is null order by q.position, q.code");

    OF_SESSION: QuestionRow =
        questions!("q.session = $1 and q.retired_at is null order by q.position, q.code");

    ASKED: QuestionRow =
        questions!("q.code in (select c.code from questions c where c.course = $1
                               union select s.code from questions s where s.session = $2)
            and q.retired_at is null
            order by case when q.session is null then 0 else 1 end, q.position, q.code");

    RETIRED_OF_COURSE: QuestionRow =
        questions!("q.course = $1 and q.retired_at is not null order by q.position, q.code");

    RETIRED_OF_SESSION: QuestionRow =
        questions!("q.session = $1 and q.retired_at is not null order by q.position, q.code");

    ALL: QuestionRow =
        questions!("q.retired_at is null order by coalesce(q.course, ''), coalesce(q.session, ''), q.position,
            q.code"), reads_all: "everything is written into files, which is seldom";

    FIND: QuestionRow = questions!("q.code = $1");

    COUNT: i64 = "select count(*) from questions", reads_all: "a question is added, which is seldom";

    /// After the others of its course or session.
    INSERT(QuestionColumns) = "insert into questions (:columns, position)
         values (:values,
             (select coalesce(max(o.position), 0) + 1 from questions o
              where o.code in (select c.code from questions c where c.course = :course
                               union select s.code from questions s where s.session = :session)))
         on conflict (code) do nothing";

    REVISE(NewRevision) = "insert into question_revisions (:columns) values (:values)
         on conflict (question, number) do nothing";

    LOCK: i32 = "update questions set version = version + 1 where code = $1 returning version";

    UPDATE(QuestionColumns) =
        "update questions set course = :course, session = :session, asked = :asked, required = :required,
             sensitive = :sensitive, shown_when = :shown_when, for_trainer = :for_trainer,
             for_helper = :for_helper, for_kitchen = :for_kitchen, for_sheet = :for_sheet,
             revision = :revision, retired_at = :retired_at
         where code = :code";

    PLACE = "update questions set position = $2 where code = $1";

    SEEN_OF_COURSE = "update courses set seen_version = seen_version + 1 where slug = $1";

    SEEN_OF_SESSION = "update sessions set seen_version = seen_version + 1 where code = $1";

    /// What an organiser marks as sensitive later is kept no longer than needs from then on, whoever
    /// answered before.
    KEEP_AS = "update answers set kept_as = $2 where question = $1 and kept_as <> $2";
}

impl<'a> QuestionColumns<'a> {
    fn of(question: &'a Question, retired_at: Option<DateTime<Utc>>) -> Self {
        let (course, session) = match &question.of {
            QuestionOf::Course(slug) => (Some(slug.as_str()), None),
            QuestionOf::Session(code) => (None, Some(code.as_str())),
        };
        Self {
            code: question.code.as_str(),
            course,
            session,
            asked: question.asked.as_str(),
            required: question.is_required,
            sensitive: question.is_sensitive,
            shown_when: question.shown_when.as_ref().map(ShownWhen::to_string),
            for_trainer: question.for_trainer,
            for_helper: question.for_helper,
            for_kitchen: question.for_kitchen,
            for_sheet: question.for_sheet,
            revision: column(question.revision),
            retired_at,
        }
    }
}

impl QuestionRow {
    fn read(self) -> Result<(Question, Option<DateTime<Utc>>), StoreError> {
        let code = self.code;
        let of = match (&self.course, &self.session) {
            (Some(slug), _) => QuestionOf::Course(parse(TABLE, "course", &code, slug)?),
            (None, session) => {
                let session = session.as_deref().unwrap_or_default();
                QuestionOf::Session(parse(TABLE, "session", &code, session)?)
            }
        };
        let when = |text: &str| parse(TABLE, "shown_when", &code, text);
        let kind: QuestionKind = parse("question_revisions", "kind", &code, &self.kind)?;
        let question = Question {
            of,
            revision: count(self.revision),
            asked: parse(TABLE, "asked", &code, &self.asked)?,
            kind,
            wording: self.wording,
            help: self.help,
            options: lines(&self.options),
            most: self.most.map(count),
            is_required: self.required,
            is_sensitive: self.sensitive,
            shown_when: self.shown_when.as_deref().map(when).transpose()?,
            for_trainer: self.for_trainer,
            for_helper: self.for_helper,
            for_kitchen: self.for_kitchen,
            for_sheet: self.for_sheet,
            code: parse(TABLE, "code", &code, &code)?,
        };
        Ok((question, self.retired_at))
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn read_all(rows: Vec<QuestionRow>) -> Result<Vec<Question>, StoreError> {
    rows.into_iter().map(|row| Ok(row.read()?.0)).collect()
}

/// What a session asks: its course's questions, then its own.
pub async fn asked(conn: &mut Conn, session: &Session) -> Result<Vec<Question>, StoreError> {
    let of = (session.course.slug.as_str(), session.code.as_str());
    read_all(ASKED.all(conn, of).await?)
}

/// The questions of a course, or a session's own, that are asked.
pub async fn of(conn: &mut Conn, of: &QuestionOf) -> Result<Vec<Question>, StoreError> {
    read_all(match of {
        QuestionOf::Course(slug) => OF_COURSE.all(conn, [slug.as_str()]).await?,
        QuestionOf::Session(code) => OF_SESSION.all(conn, [code.as_str()]).await?,
    })
}

/// Those that are not asked any more.
pub async fn retired(conn: &mut Conn, of: &QuestionOf) -> Result<Vec<Question>, StoreError> {
    read_all(match of {
        QuestionOf::Course(slug) => RETIRED_OF_COURSE.all(conn, [slug.as_str()]).await?,
        QuestionOf::Session(code) => RETIRED_OF_SESSION.all(conn, [code.as_str()]).await?,
    })
}

/// All that are asked, those of one course or session together and in order.
pub async fn all(conn: &mut Conn) -> Result<Vec<Question>, StoreError> {
    read_all(ALL.all(conn, ()).await?)
}

/// One question, and since when it is not asked any more.
pub async fn find(
    conn: &mut Conn,
    code: &QuestionCode,
) -> Result<Option<(Question, Option<DateTime<Utc>>)>, StoreError> {
    FIND.optional(conn, [code.as_str()]).await?.map(QuestionRow::read).transpose()
}

/// The same, not to be changed by anybody else until the transaction ends.
pub async fn lock(
    tx: &mut Tx,
    code: &QuestionCode,
) -> Result<Option<(Question, Option<DateTime<Utc>>)>, StoreError> {
    LOCK.optional_value(tx, [code.as_str()]).await?;
    find(tx, code).await
}

/// How many questions there ever were.
pub async fn count_all(conn: &mut Conn) -> Result<i64, StoreError> {
    COUNT.value(conn, ()).await
}

/// Adds a question after the others, or leaves the one with its number as it is; `true` if it was new.
pub async fn insert(
    tx: &mut Tx,
    question: &Question,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    if INSERT.run(tx, QuestionColumns::of(question, None)).await? == 0 {
        return Ok(false);
    }
    revise(tx, question, now).await?;
    Ok(true)
}

async fn revise(tx: &mut Tx, question: &Question, now: DateTime<Utc>) -> Result<(), StoreError> {
    let new = NewRevision {
        question: question.code.as_str(),
        number: column(question.revision),
        kind: question.kind.as_str(),
        wording: &question.wording,
        help: question.help.as_deref(),
        options: question.options.join("\n"),
        most: question.most.map(column),
        at: now,
    };
    REVISE.run(tx, new).await?;
    Ok(())
}

/// Writes a question anew, with the words of a revision that is not written yet, and since when it is not
/// asked any more.
pub async fn update(
    tx: &mut Tx,
    question: &Question,
    retired_at: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    revise(tx, question, now).await?;
    UPDATE.run(tx, QuestionColumns::of(question, retired_at)).await?;
    let kept_as = question.kept_as();
    KEEP_AS.run(tx, (question.code.as_str(), kept_as.as_str())).await?;
    Ok(())
}

/// Puts questions in an order.
pub async fn put_in_order(tx: &mut Tx, codes: &[QuestionCode]) -> Result<(), StoreError> {
    for (position, code) in (1_i32..).zip(codes) {
        PLACE.run(tx, (code.as_str(), position)).await?;
    }
    Ok(())
}

/// Says that what the public sees of a course or a session is another: what it asks.
pub async fn seen(tx: &mut Tx, of: &QuestionOf) -> Result<(), StoreError> {
    match of {
        QuestionOf::Course(slug) => SEEN_OF_COURSE.run(tx, [slug.as_str()]).await?,
        QuestionOf::Session(code) => SEEN_OF_SESSION.run(tx, [code.as_str()]).await?,
    };
    Ok(())
}
