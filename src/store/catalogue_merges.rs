//! Alliances and courses that are there twice: what hangs on one comes to hang on the other, and the addresses
//! of the one that is gone lead to the other.

use chrono::{DateTime, Utc};

use super::{Conn, StoreError, Tx, codec::parse, paths};
use crate::domain::id::{AllianceSlug, CourseSlug, SessionCode};

statements! {
    LOCK_ALLIANCES: String = {
        sqlite: "select slug from alliances
            where slug in ($1, $2) and merged_into is null order by slug",
        postgres: "select slug from alliances
            where slug in ($1, $2) and merged_into is null order by slug for update",
    };

    LOCK_COURSES: String = {
        sqlite: "select slug from courses
            where slug in ($1, $2) and merged_into is null order by slug",
        postgres: "select slug from courses
            where slug in ($1, $2) and merged_into is null order by slug for update",
    };

    INSTITUTIONS: i64 = "select count(*) from institutions where alliance = $1";
    SESSIONS_OF_ALLIANCE: i64 = "select count(*) from sessions where alliance = $1";
    STAFF: i64 = "select count(*) from staff_alliances where alliance = $1";

    CODES_OF_ALLIANCE: String = "select code from sessions where alliance = $1 order by code";
    CODES_OF_COURSE: String = "select code from sessions where course = $1 order by code";

    MOVE_INSTITUTIONS = "update institutions set alliance = $1 where alliance = $2";
    MOVE_SESSIONS_OF_ALLIANCE = "update sessions set alliance = $1 where alliance = $2";
    MOVE_STAFF =
        "insert into staff_alliances (login, alliance)
         select m.login, $1 from staff_alliances m where m.alliance = $2
         on conflict (login, alliance) do nothing";
    MOVE_VENUES = "update venues set alliance = $1 where alliance = $2";
    MOVE_FEEDS = "update private_feeds set alliance = $1 where alliance = $2",
        reads_all: "two alliances are made one, which is seldom";
    MOVE_SHEETS = "update sheet_links set alliance = $1 where alliance = $2";
    FORGET_STAFF = "delete from staff_alliances where alliance = $1";
    FOLLOW_ALLIANCES = "update alliances set merged_into = $1 where merged_into = $2";
    /// Its name is written anew, so that whoever draws pages of it sees that it changed.
    END_ALLIANCE = "update alliances set merged_into = $1, name = name where slug = $2";

    SESSIONS_OF_COURSE: i64 = "select count(*) from sessions where course = $1";
    DONE: i64 = "select count(*) from course_attendances where course = $1";
    ASK_FOR: i64 = "select count(*) from course_prerequisites where prerequisite = $1";

    MOVE_SESSIONS_OF_COURSE = "update sessions set course = $1 where course = $2";
    /// Whoever did both has done the one that is left once.
    FORGET_DONE_TWICE =
        "delete from course_attendances where course = $2 and exists
             (select 1 from course_attendances k where k.course = $1
                 and k.email = course_attendances.email and k.name = course_attendances.name)";
    MOVE_DONE = "update course_attendances set course = $1 where course = $2";
    /// Whatever asked for it asks for the other, but for what the other asks for itself.
    MOVE_PREREQUISITES =
        "insert into course_prerequisites (course, prerequisite)
         select p.course, $1 from course_prerequisites p
         where p.prerequisite = $2 and p.course <> $1
           and not exists (select 1 from course_prerequisites k
                           where k.course = $1 and k.prerequisite = p.course)
         on conflict (course, prerequisite) do nothing";
    /// After those that the other asks already.
    MOVE_QUESTIONS = "update questions set course = $1, position = position + 1000 where course = $2";

    MOVE_FEEDBACK_QUESTIONS = "update feedback_questions set course = $1 where course = $2";
    MOVE_HANDOUTS = "update handouts set course = $1 where course = $2";
    FORGET_PREREQUISITES = "delete from course_prerequisites where course = $1 or prerequisite = $1";
    FOLLOW_COURSES = "update courses set merged_into = $1 where merged_into = $2";
    END_COURSE =
        "update courses set merged_into = $1, archived_at = coalesce(archived_at, $3) where slug = $2";

    SUCCESSOR_OF_ALLIANCE: Option<String> = "select merged_into from alliances where slug = $1";
    SUCCESSOR_OF_COURSE: Option<String> = "select merged_into from courses where slug = $1";

    MERGED_ALLIANCES: (String, String) =
        "select slug, merged_into from alliances where merged_into is not null";
    MERGED_COURSES: (String, String) =
        "select slug, merged_into from courses where merged_into is not null";
}

/// What hangs on an alliance: institutions, sessions, staff.
pub async fn hanging_on_alliance(
    conn: &mut Conn,
    slug: &AllianceSlug,
) -> Result<[i64; 3], StoreError> {
    let slug = slug.as_str();
    Ok([
        INSTITUTIONS.value(conn, [slug]).await?,
        SESSIONS_OF_ALLIANCE.value(conn, [slug]).await?,
        STAFF.value(conn, [slug]).await?,
    ])
}

/// What hangs on a course: sessions, people written down as having done it, courses that ask for it first.
pub async fn hanging_on_course(conn: &mut Conn, slug: &CourseSlug) -> Result<[i64; 3], StoreError> {
    let slug = slug.as_str();
    Ok([
        SESSIONS_OF_COURSE.value(conn, [slug]).await?,
        DONE.value(conn, [slug]).await?,
        ASK_FOR.value(conn, [slug]).await?,
    ])
}

fn read_codes(codes: Vec<String>) -> Result<Vec<SessionCode>, StoreError> {
    codes.iter().map(|code| parse("sessions", "code", code, code)).collect()
}

/// The sessions of an alliance.
pub async fn sessions_of_alliance(
    conn: &mut Conn,
    slug: &AllianceSlug,
) -> Result<Vec<SessionCode>, StoreError> {
    read_codes(CODES_OF_ALLIANCE.values(conn, [slug.as_str()]).await?)
}

/// The sessions of a course.
pub async fn sessions_of_course(
    conn: &mut Conn,
    slug: &CourseSlug,
) -> Result<Vec<SessionCode>, StoreError> {
    read_codes(CODES_OF_COURSE.values(conn, [slug.as_str()]).await?)
}

/// How many of two alliances are there and part of no other. Both stay as they are until the transaction ends.
pub async fn lock_alliances(
    tx: &mut Tx,
    one: &AllianceSlug,
    other: &AllianceSlug,
) -> Result<usize, StoreError> {
    Ok(LOCK_ALLIANCES.values(tx, (one.as_str(), other.as_str())).await?.len())
}

/// The same of two courses.
pub async fn lock_courses(
    tx: &mut Tx,
    one: &CourseSlug,
    other: &CourseSlug,
) -> Result<usize, StoreError> {
    Ok(LOCK_COURSES.values(tx, (one.as_str(), other.as_str())).await?.len())
}

/// Hangs on `kept` what hung on `gone`.
pub async fn merge_alliances(
    tx: &mut Tx,
    kept: &AllianceSlug,
    gone: &AllianceSlug,
) -> Result<(), StoreError> {
    let (kept, gone) = (kept.as_str(), gone.as_str());
    for statement in [
        MOVE_INSTITUTIONS,
        MOVE_SESSIONS_OF_ALLIANCE,
        MOVE_STAFF,
        FOLLOW_ALLIANCES,
        END_ALLIANCE,
        MOVE_VENUES,
        MOVE_FEEDS,
        MOVE_SHEETS,
    ] {
        statement.run(tx, (kept, gone)).await?;
    }
    FORGET_STAFF.run(tx, [gone]).await?;
    paths::follow_alliance(tx, kept, gone).await
}

/// The same of courses. `kept` asks for what it asked for before, but not for `gone`.
pub async fn merge_courses(
    tx: &mut Tx,
    kept: &CourseSlug,
    gone: &CourseSlug,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (kept, gone) = (kept.as_str(), gone.as_str());
    for statement in [
        MOVE_SESSIONS_OF_COURSE,
        FORGET_DONE_TWICE,
        MOVE_DONE,
        MOVE_PREREQUISITES,
        FOLLOW_COURSES,
        MOVE_QUESTIONS,
        MOVE_HANDOUTS,
        MOVE_FEEDBACK_QUESTIONS,
    ] {
        statement.run(tx, (kept, gone)).await?;
    }
    FORGET_PREREQUISITES.run(tx, [gone]).await?;
    END_COURSE.run(tx, (kept, gone, now)).await?;
    paths::follow_course(tx, kept, gone).await
}

/// Which alliance an alliance became part of.
pub async fn successor_of_alliance(
    conn: &mut Conn,
    slug: &AllianceSlug,
) -> Result<Option<AllianceSlug>, StoreError> {
    let found = SUCCESSOR_OF_ALLIANCE.optional_value(conn, [slug.as_str()]).await?.flatten();
    found.map(|kept| parse("alliances", "merged_into", slug, &kept)).transpose()
}

/// Which course a course became part of.
pub async fn successor_of_course(
    conn: &mut Conn,
    slug: &CourseSlug,
) -> Result<Option<CourseSlug>, StoreError> {
    let found = SUCCESSOR_OF_COURSE.optional_value(conn, [slug.as_str()]).await?.flatten();
    found.map(|kept| parse("courses", "merged_into", slug, &kept)).transpose()
}

/// Alliances that became part of others, each with which.
pub async fn merged_alliances(
    conn: &mut Conn,
) -> Result<Vec<(AllianceSlug, AllianceSlug)>, StoreError> {
    let read = |(gone, kept): (String, String)| {
        let slug = |text: &str| parse("alliances", "merged_into", &gone, text);
        Ok((slug(&gone)?, slug(&kept)?))
    };
    MERGED_ALLIANCES.all(conn, ()).await?.into_iter().map(read).collect()
}

/// Courses that became part of others, each with which.
pub async fn merged_courses(conn: &mut Conn) -> Result<Vec<(CourseSlug, CourseSlug)>, StoreError> {
    let read = |(gone, kept): (String, String)| {
        let slug = |text: &str| parse("courses", "merged_into", &gone, text);
        Ok((slug(&gone)?, slug(&kept)?))
    };
    MERGED_COURSES.all(conn, ()).await?.into_iter().map(read).collect()
}
