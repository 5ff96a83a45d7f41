//! Alliances and courses.

use chrono::{DateTime, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
    letter_wordings::letters,
};
use crate::domain::{
    alliance::Alliance,
    contact::EmailAddress,
    course::{Course, Prerequisite},
    finding::{search_key, sort_key},
    id::{AllianceSlug, CourseSlug},
    page_words::{AllianceWords, CourseWords},
};

row! {
    struct AllianceRow {
        slug: String,
        name: String,
        time_zone: String,
        contact_email: String,
        about: Option<String>,
        colour: Option<String>,
        letters_signature: Option<String>,
        letters_reply_to: Option<String>,
        letter_wording: Option<String>,
    }
}

row! {
    struct CourseRow {
        slug: String,
        title: String,
        summary: String,
        campaign: String,
        learning_minutes: i32,
        default_capacity: i32,
        needs_guardian: bool,
        for_whom: Option<String>,
        outcomes: String,
    }
}

arguments! {
    struct AllianceColumns<'a> {
        slug: &'a str,
        name: &'a str,
        time_zone: &'a str,
        contact_email: &'a str,
        about: Option<&'a str>,
        colour: Option<String>,
        search_key: String,
        sort_key: Vec<u8>,
    }
}

arguments! {
    struct CourseColumns<'a> {
        slug: &'a str,
        title: &'a str,
        summary: &'a str,
        campaign: &'a str,
        learning_minutes: i32,
        default_capacity: i32,
        needs_guardian: bool,
        archived_at: Option<DateTime<Utc>>,
        for_whom: Option<&'a str>,
        outcomes: String,
        search_key: String,
        sort_key: Vec<u8>,
    }
}

statements! {
    ALLIANCES: AllianceRow = "select * from alliances where merged_into is null order by sort_key, slug";

    COURSES: CourseRow = "select * from courses where merged_into is null order by sort_key, slug";

    PREREQUISITES: (String, String, String) =
        "select p.course, c.slug, c.title from course_prerequisites p
         join courses c on c.slug = p.prerequisite order by p.course, c.sort_key";

    ARCHIVED_COURSES: String = "select slug from courses where archived_at is not null";

    INSERT_ALLIANCE(AllianceColumns) = "insert into alliances (:columns) values (:values)
        on conflict (slug) do nothing";

    UPDATE_ALLIANCE(AllianceColumns) = "update alliances set name = :name,
        time_zone = :time_zone, contact_email = :contact_email, about = :about, colour = :colour,
        search_key = :search_key, sort_key = :sort_key where slug = :slug";

    INSERT_COURSE(CourseColumns) = "insert into courses (:columns) values (:values)
        on conflict (slug) do nothing";

    UPDATE_COURSE(CourseColumns) = "update courses set title = :title, summary = :summary,
        campaign = :campaign, learning_minutes = :learning_minutes,
        default_capacity = :default_capacity, needs_guardian = :needs_guardian,
        archived_at = :archived_at, for_whom = :for_whom, outcomes = :outcomes, search_key = :search_key, sort_key = :sort_key
        where slug = :slug";

    COURSE_ARCHIVED_AT: Option<DateTime<Utc>> = "select archived_at from courses where slug = $1";

    COURSE_RENAMED_AT: Option<DateTime<Utc>> = "select renamed_at from courses where slug = $1";

    ALLIANCE_RENAMED_AT: Option<DateTime<Utc>> =
        "select renamed_at from alliances where slug = $1";

    RENAME_COURSE = "update courses set renamed_at = $2 where slug = $1";

    RENAME_ALLIANCE = "update alliances set renamed_at = $2 where slug = $1";

    LOCK_ALLIANCE = "update alliances set version = version + 1 where slug = $1";

    LOCK_COURSE = "update courses set version = version + 1 where slug = $1";

    INSERT_PREREQUISITE = "insert into course_prerequisites (course, prerequisite)
        values ($1, $2) on conflict (course, prerequisite) do nothing";

    DELETE_PREREQUISITES = "delete from course_prerequisites where course = $1";
}

/// All alliances, by name.
pub async fn alliances(conn: &mut Conn) -> Result<Vec<Alliance>, StoreError> {
    let rows = ALLIANCES.all(conn, ()).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Alliance {
                slug: parse("alliances", "slug", &row.slug, &row.slug)?,
                time_zone: parse("alliances", "time_zone", &row.slug, &row.time_zone)?,
                contact_email: EmailAddress::stored(&row.contact_email),
                words: AllianceWords {
                    letters: letters(
                        &row.slug,
                        (
                            row.letters_signature,
                            row.letters_reply_to.as_deref(),
                            row.letter_wording.as_deref(),
                        ),
                    )?,
                    ..alliance_words(&row.slug, row.about, row.colour)?
                },
                name: row.name,
            })
        })
        .collect()
}

/// All courses with their prerequisites, by title.
pub async fn courses(conn: &mut Conn) -> Result<Vec<Course>, StoreError> {
    let rows = COURSES.all(conn, ()).await?;
    let required = PREREQUISITES.all(conn, ()).await?;
    rows.into_iter()
        .map(|row| {
            let prerequisites = required
                .iter()
                .filter(|(course, ..)| *course == row.slug)
                .map(|(course, slug, title)| {
                    let slug = parse("course_prerequisites", "prerequisite", course, slug)?;
                    Ok(Prerequisite { slug, title: title.clone() })
                })
                .collect::<Result<_, StoreError>>()?;
            Ok(Course {
                slug: parse("courses", "slug", &row.slug, &row.slug)?,
                title: row.title,
                summary: row.summary,
                campaign: row.campaign,
                learning_minutes: count(row.learning_minutes),
                default_capacity: count(row.default_capacity),
                prerequisites,
                needs_guardian: row.needs_guardian,
                words: course_words(row.for_whom, &row.outcomes),
            })
        })
        .collect()
}

/// What an alliance says of itself, as its columns have it.
pub(super) fn alliance_words(
    slug: &str,
    about: Option<String>,
    colour: Option<String>,
) -> Result<AllianceWords, StoreError> {
    let colour = colour.map(|colour| parse("alliances", "colour", &slug, &colour)).transpose()?;
    Ok(AllianceWords { about, colour, ..AllianceWords::default() })
}

/// What a course says of itself, as its columns have it.
pub(super) fn course_words(for_whom: Option<String>, outcomes: &str) -> CourseWords {
    CourseWords { for_whom, outcomes: outcomes.lines().map(str::to_owned).collect() }
}

/// Keeps everybody else from changing an alliance until the transaction ends.
pub async fn lock_alliance(tx: &mut Tx, slug: &AllianceSlug) -> Result<(), StoreError> {
    LOCK_ALLIANCE.run(tx, [slug.as_str()]).await?;
    Ok(())
}

/// Keeps everybody else from changing a course until the transaction ends.
pub async fn lock_course(tx: &mut Tx, slug: &CourseSlug) -> Result<(), StoreError> {
    LOCK_COURSE.run(tx, [slug.as_str()]).await?;
    Ok(())
}

/// Since when a course is offered no more.
pub async fn course_archived_at(
    conn: &mut Conn,
    slug: &CourseSlug,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    let found = COURSE_ARCHIVED_AT.values(conn, [slug.as_str()]).await?;
    Ok(found.into_iter().flatten().next())
}

/// Adds an alliance, or leaves the one with its slug as it is; `true` if it was new.
pub async fn insert_alliance(tx: &mut Tx, alliance: &Alliance) -> Result<bool, StoreError> {
    Ok(INSERT_ALLIANCE.run(tx, AllianceColumns::of(alliance)).await? == 1)
}

/// Writes an alliance anew.
pub async fn update_alliance(tx: &mut Tx, alliance: &Alliance) -> Result<(), StoreError> {
    UPDATE_ALLIANCE.run(tx, AllianceColumns::of(alliance)).await?;
    Ok(())
}

impl<'a> AllianceColumns<'a> {
    fn of(alliance: &'a Alliance) -> Self {
        Self {
            slug: alliance.slug.as_str(),
            name: alliance.name.as_str(),
            time_zone: alliance.time_zone.name(),
            contact_email: alliance.contact_email.as_str(),
            about: alliance.words.about.as_deref(),
            colour: alliance.words.colour.map(|colour| colour.to_string()),
            search_key: search_key([alliance.name.as_str()]),
            sort_key: sort_key(&alliance.name),
        }
    }
}

/// Adds a course without its prerequisites, or leaves the one with its slug as it is; `true` if it
/// was new.
pub async fn insert_course(tx: &mut Tx, course: &Course) -> Result<bool, StoreError> {
    Ok(INSERT_COURSE.run(tx, CourseColumns::of(course, None)).await? == 1)
}

/// Writes a course anew, and whether and since when it is archived.
pub async fn update_course(
    tx: &mut Tx,
    course: &Course,
    archived_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    UPDATE_COURSE.run(tx, CourseColumns::of(course, archived_at)).await?;
    DELETE_PREREQUISITES.run(tx, [course.slug.as_str()]).await?;
    insert_prerequisites(tx, course).await
}

impl<'a> CourseColumns<'a> {
    fn of(course: &'a Course, archived_at: Option<DateTime<Utc>>) -> Self {
        Self {
            slug: course.slug.as_str(),
            title: course.title.as_str(),
            summary: course.summary.as_str(),
            campaign: course.campaign.as_str(),
            learning_minutes: column(course.learning_minutes),
            default_capacity: column(course.default_capacity),
            needs_guardian: course.needs_guardian,
            archived_at,
            for_whom: course.words.for_whom.as_deref(),
            outcomes: course.words.outcomes.join("\n"),
            search_key: search_key([course.title.as_str()]),
            sort_key: sort_key(&course.title),
        }
    }
}

/// Adds a course's prerequisites; those it has already stay.
pub async fn insert_prerequisites(tx: &mut Tx, course: &Course) -> Result<(), StoreError> {
    for prerequisite in &course.prerequisites {
        let pair = [course.slug.as_str(), prerequisite.slug.as_str()];
        INSERT_PREREQUISITE.run(tx, pair).await?;
    }
    Ok(())
}

/// The courses that are offered no more.
pub async fn archived_courses(conn: &mut Conn) -> Result<Vec<CourseSlug>, StoreError> {
    let slugs = ARCHIVED_COURSES.values(conn, ()).await?;
    slugs.iter().map(|slug| parse("courses", "slug", slug, slug)).collect()
}

/// Notes that the feed of a course has another name.
pub async fn rename_course(
    tx: &mut Tx,
    course: &CourseSlug,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    RENAME_COURSE.run(tx, (course.as_str(), now)).await?;
    Ok(())
}

/// Notes that the feed of an alliance has another name.
pub async fn rename_alliance(
    tx: &mut Tx,
    alliance: &AllianceSlug,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    RENAME_ALLIANCE.run(tx, (alliance.as_str(), now)).await?;
    Ok(())
}

/// When the feed of a course got the name it has.
pub async fn course_renamed_at(
    conn: &mut Conn,
    course: &CourseSlug,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(COURSE_RENAMED_AT.optional_value(conn, [course.as_str()]).await?.flatten())
}

/// When the feed of an alliance got the name it has.
pub async fn alliance_renamed_at(
    conn: &mut Conn,
    alliance: &AllianceSlug,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(ALLIANCE_RENAMED_AT.optional_value(conn, [alliance.as_str()]).await?.flatten())
}
