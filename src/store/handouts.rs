//! What people are given to read. The files stand in rows of their own: lists do not read them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    handout::{HandedOut, Handout, Paper},
    id::{CourseSlug, HandoutId, SessionCode},
    text::Name,
};

const TABLE: &str = "handouts";

row! {
    struct HandoutRow {
        id: Uuid,
        course: Option<String>,
        session: Option<String>,
        title: String,
        link: Option<String>,
        file_name: Option<String>,
        bytes: Option<i32>,
        audience: String,
        added_at: DateTime<Utc>,
    }
}

arguments! {
    struct NewHandout<'a> {
        id: Uuid,
        course: Option<&'a str>,
        session: Option<&'a str>,
        title: &'a str,
        link: Option<&'a str>,
        file_name: Option<&'a str>,
        bytes: Option<i32>,
        audience: &'a str,
        added_at: DateTime<Utc>,
    }
}

statements! {
    OF_SESSION: HandoutRow =
        "select * from handouts where session = $1 order by added_at, id";

    OF_COURSE: HandoutRow = "select * from handouts where course = $1 order by added_at, id";

    /// Those of the session and of its course.
    ON_SESSION: HandoutRow =
        "select h.* from handouts h where h.id in
             (select a.id from handouts a where a.session = $1
              union select b.id from sessions s join handouts b on b.course = s.course where s.code = $1)
         order by h.added_at, h.id";

    FIND: HandoutRow = "select * from handouts where id = $1";

    INSERT(NewHandout) = "insert into handouts (:columns) values (:values)";

    INSERT_FILE = "insert into handout_files (handout, content) values ($1, $2)";

    COPY = "insert into handouts (id, session, title, link, file_name, bytes, audience, added_at)
         select $2, $3, title, link, file_name, bytes, audience, added_at from handouts where id = $1";

    COPY_FILE = "insert into handout_files (handout, content)
         select $2, content from handout_files where handout = $1";

    CONTENT: Vec<u8> = "select content from handout_files where handout = $1";

    UPDATE = "update handouts set title = $2, audience = $3 where id = $1";

    DELETE_FILE = "delete from handout_files where handout = $1";

    DELETE = "delete from handouts where id = $1";
}

impl HandoutRow {
    fn read(self) -> Result<Handout, StoreError> {
        let corrupt =
            |column| StoreError::Corrupt { table: TABLE, column, row: self.id.to_string() };
        let of = match (&self.course, &self.session) {
            (Some(slug), None) => HandedOut::Course(parse(TABLE, "course", &self.id, slug)?),
            (None, Some(code)) => HandedOut::Session(parse(TABLE, "session", &self.id, code)?),
            _ => return Err(corrupt("session")),
        };
        let paper = match (self.link, self.file_name, self.bytes) {
            (Some(address), None, None) => Paper::Link(address),
            (None, Some(name), Some(bytes)) => Paper::File { name, bytes: count(bytes) },
            _ => return Err(corrupt("link")),
        };
        Ok(Handout {
            id: HandoutId::new(self.id),
            of,
            title: Name::stored(&self.title),
            paper,
            audience: parse(TABLE, "audience", &self.id, &self.audience)?,
            added_at: self.added_at,
        })
    }
}

fn read(rows: Vec<HandoutRow>) -> Result<Vec<Handout>, StoreError> {
    rows.into_iter().map(HandoutRow::read).collect()
}

/// What is handed out on a session itself, or on every session of a course, oldest first.
pub async fn of(conn: &mut Conn, of: &HandedOut) -> Result<Vec<Handout>, StoreError> {
    read(match of {
        HandedOut::Session(code) => OF_SESSION.all(conn, [code.as_str()]).await?,
        HandedOut::Course(slug) => OF_COURSE.all(conn, [slug.as_str()]).await?,
    })
}

/// Everything that whoever comes to a session is given, its course's too, oldest first.
pub async fn on_session(conn: &mut Conn, code: &SessionCode) -> Result<Vec<Handout>, StoreError> {
    read(ON_SESSION.all(conn, [code.as_str()]).await?)
}

/// One of them.
pub async fn find(conn: &mut Conn, id: HandoutId) -> Result<Option<Handout>, StoreError> {
    FIND.optional(conn, [id.uuid()]).await?.map(HandoutRow::read).transpose()
}

/// The file of one that has a file.
pub async fn content(conn: &mut Conn, id: HandoutId) -> Result<Option<Vec<u8>>, StoreError> {
    CONTENT.optional_value(conn, [id.uuid()]).await
}

/// Adds one, with its file if it is one.
pub async fn insert(
    tx: &mut Tx,
    handout: &Handout,
    content: Option<&[u8]>,
) -> Result<(), StoreError> {
    let (course, session) = match &handout.of {
        HandedOut::Course(slug) => (Some(slug), None),
        HandedOut::Session(code) => (None, Some(code)),
    };
    let (link, file_name, bytes) = match &handout.paper {
        Paper::Link(address) => (Some(address.as_str()), None, None),
        Paper::File { name, bytes } => (None, Some(name.as_str()), Some(column(*bytes))),
    };
    let new = NewHandout {
        id: handout.id.uuid(),
        course: course.map(CourseSlug::as_str),
        session: session.map(SessionCode::as_str),
        title: handout.title.as_str(),
        link,
        file_name,
        bytes,
        audience: handout.audience.as_str(),
        added_at: handout.added_at,
    };
    INSERT.run(tx, new).await?;
    if let Some(content) = content {
        INSERT_FILE.run(tx, (handout.id.uuid(), content)).await?;
    }
    Ok(())
}

/// Hands the same out on another session, with its file if it is one.
pub async fn copy(
    tx: &mut Tx,
    id: HandoutId,
    (new, to): (HandoutId, &SessionCode),
) -> Result<(), StoreError> {
    COPY.run(tx, (id.uuid(), new.uuid(), to.as_str())).await?;
    COPY_FILE.run(tx, (id.uuid(), new.uuid())).await?;
    Ok(())
}

/// Writes what one is called and who may read it.
pub async fn update(tx: &mut Tx, handout: &Handout) -> Result<(), StoreError> {
    let (title, audience) = (handout.title.as_str(), handout.audience.as_str());
    UPDATE.run(tx, (handout.id.uuid(), title, audience)).await?;
    Ok(())
}

/// Removes one with its file; `false` if it is gone already.
pub async fn remove(tx: &mut Tx, id: HandoutId) -> Result<bool, StoreError> {
    DELETE_FILE.run(tx, [id.uuid()]).await?;
    Ok(DELETE.run(tx, [id.uuid()]).await? == 1)
}
