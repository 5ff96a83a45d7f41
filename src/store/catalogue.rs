//! Alliances and courses.

use chrono::{DateTime, Utc};
use sqlx::FromRow;

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    alliance::Alliance,
    course::{Course, Prerequisite},
    id::CourseSlug,
};

#[derive(FromRow)]
struct AllianceRow {
    slug: String,
    name: String,
    time_zone: String,
    contact_email: String,
}

#[derive(FromRow)]
struct CourseRow {
    slug: String,
    title: String,
    summary: String,
    campaign: String,
    learning_minutes: i32,
    default_capacity: i32,
    needs_guardian: bool,
}

/// All alliances, by name.
pub async fn alliances(conn: &mut Conn) -> Result<Vec<Alliance>, StoreError> {
    let rows = run!(all AllianceRow, conn, "select * from alliances order by name")?;
    rows.into_iter()
        .map(|row| {
            Ok(Alliance {
                slug: parse("alliances", "slug", &row.slug, &row.slug)?,
                time_zone: parse("alliances", "time_zone", &row.slug, &row.time_zone)?,
                contact_email: parse("alliances", "contact_email", &row.slug, &row.contact_email)?,
                name: row.name,
            })
        })
        .collect()
}

/// All courses with their prerequisites, by title.
pub async fn courses(conn: &mut Conn) -> Result<Vec<Course>, StoreError> {
    let rows = run!(all CourseRow, conn, "select * from courses order by title")?;
    let required = run!(
        all(String, String, String),
        conn,
        "select p.course, c.slug, c.title from course_prerequisites p
         join courses c on c.slug = p.prerequisite order by p.course, c.title",
    )?;
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
            })
        })
        .collect()
}

/// What a course asks for first, by title.
pub(super) async fn prerequisites(
    conn: &mut Conn,
    course: &str,
) -> Result<Vec<Prerequisite>, StoreError> {
    let rows = run!(
        all(String, String),
        conn,
        "select c.slug, c.title from course_prerequisites p
         join courses c on c.slug = p.prerequisite where p.course = $1 order by c.title",
        course,
    )?;
    let read = |(slug, title): (String, String)| {
        let slug = parse("course_prerequisites", "prerequisite", &course, &slug)?;
        Ok(Prerequisite { slug, title })
    };
    rows.into_iter().map(read).collect()
}

/// Adds an alliance, or leaves the one with its slug as it is; `true` if it was new.
pub async fn insert_alliance(tx: &mut Tx, alliance: &Alliance) -> Result<bool, StoreError> {
    let written = run!(
        exec,
        tx,
        "insert into alliances (slug, name, time_zone, contact_email) values ($1, $2, $3, $4)
         on conflict (slug) do nothing",
        alliance.slug.as_str(),
        alliance.name.as_str(),
        alliance.time_zone.name(),
        alliance.contact_email.as_str(),
    )?;
    Ok(written == 1)
}

/// Adds a course without its prerequisites, or leaves the one with its slug as it is; `true` if it
/// was new.
pub async fn insert_course(tx: &mut Tx, course: &Course) -> Result<bool, StoreError> {
    let written =
        run!(
        exec, tx,
        "insert into courses (slug, title, summary, campaign, learning_minutes, default_capacity,
             needs_guardian)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict (slug) do nothing",
        course.slug.as_str(), course.title.as_str(), course.summary.as_str(),
        course.campaign.as_str(), column(course.learning_minutes),
        column(course.default_capacity), course.needs_guardian,
    )?;
    Ok(written == 1)
}

/// Adds a course's prerequisites; those it has already stay.
pub async fn insert_prerequisites(tx: &mut Tx, course: &Course) -> Result<(), StoreError> {
    for prerequisite in &course.prerequisites {
        run!(
            exec,
            tx,
            "insert into course_prerequisites (course, prerequisite) values ($1, $2)
             on conflict (course, prerequisite) do nothing",
            course.slug.as_str(),
            prerequisite.slug.as_str(),
        )?;
    }
    Ok(())
}

/// The courses that are offered no more.
pub async fn archived_courses(conn: &mut Conn) -> Result<Vec<CourseSlug>, StoreError> {
    let slugs =
        run!(values String, conn, "select slug from courses where archived_at is not null")?;
    slugs.iter().map(|slug| parse("courses", "slug", slug, slug)).collect()
}

/// Writes a course anew, and whether and since when it is archived.
pub async fn update_course(
    tx: &mut Tx,
    course: &Course,
    archived_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let slug = course.slug.as_str();
    run!(
        exec,
        tx,
        "update courses set title = $2, summary = $3, campaign = $4, learning_minutes = $5,
             default_capacity = $6, needs_guardian = $7, archived_at = $8 where slug = $1",
        slug,
        course.title.as_str(),
        course.summary.as_str(),
        course.campaign.as_str(),
        column(course.learning_minutes),
        column(course.default_capacity),
        course.needs_guardian,
        archived_at,
    )?;
    run!(exec, tx, "delete from course_prerequisites where course = $1", slug)?;
    insert_prerequisites(tx, course).await
}

/// Writes an alliance anew.
pub async fn update_alliance(tx: &mut Tx, alliance: &Alliance) -> Result<(), StoreError> {
    let text = "update alliances set name = $2, time_zone = $3, contact_email = $4 where slug = $1";
    let (slug, name) = (alliance.slug.as_str(), alliance.name.as_str());
    let (zone, email) = (alliance.time_zone.name(), alliance.contact_email.as_str());
    run!(exec, tx, text, slug, name, zone, email)?;
    Ok(())
}
