//! Paths and their versions.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    Conn, StoreError, Tx,
    codec::{column, count, parse},
};
use crate::domain::{
    finding::sort_key,
    id::{AllianceSlug, CourseSlug, PathSlug},
    path::{Hours, Path, PathCourse, PathRules, PathVersion},
};

row! {
    struct PathRow {
        slug: String,
        name: String,
        about: Option<String>,
        alliance: Option<String>,
        quiet_months: i32,
        archived_at: Option<DateTime<Utc>>,
    }
}

row! {
    struct VersionRow {
        number: i32,
        training_minutes: i32,
        action_minutes: i32,
        in_order: bool,
        repeats: bool,
        actions: String,
        published_at: Option<DateTime<Utc>>,
    }
}

row! {
    struct CourseRow {
        number: i32,
        course: String,
        title: String,
        is_required: bool,
    }
}

arguments! {
    struct PathColumns<'a> {
        slug: &'a str,
        name: &'a str,
        about: Option<&'a str>,
        alliance: Option<&'a str>,
        quiet_months: i32,
        archived_at: Option<DateTime<Utc>>,
    }
}

arguments! {
    struct NewPath<'a> {
        slug: &'a str,
        name: &'a str,
        about: Option<&'a str>,
        alliance: Option<&'a str>,
        quiet_months: i32,
        archived_at: Option<DateTime<Utc>>,
        made_at: DateTime<Utc>,
    }
}

arguments! {
    struct VersionColumns<'a> {
        path: &'a str,
        number: i32,
        training_minutes: i32,
        action_minutes: i32,
        in_order: bool,
        repeats: bool,
        actions: &'a str,
        published_at: Option<DateTime<Utc>>,
    }
}

statements! {
    ALL: PathRow =
        "select slug, name, about, alliance, quiet_months, archived_at from paths order by slug";

    FIND: PathRow =
        "select slug, name, about, alliance, quiet_months, archived_at from paths where slug = $1";

    VERSIONS: VersionRow =
        "select number, training_minutes, action_minutes, in_order, repeats, actions, published_at
         from path_versions where path = $1 order by number";

    COURSES: CourseRow =
        "select p.number, p.course, c.title, p.is_required from path_courses p
         join courses c on c.slug = p.course where p.path = $1 order by p.number, p.position, p.course";

    INSERT(NewPath) = "insert into paths (:columns) values (:values) on conflict (slug) do nothing";

    LOCK = "update paths set version = version + 1 where slug = $1";

    UPDATE(PathColumns) =
        "update paths set name = :name, about = :about, alliance = :alliance,
             quiet_months = :quiet_months, archived_at = :archived_at where slug = :slug";

    ADD_VERSION(VersionColumns) = "insert into path_versions (:columns) values (:values)
         on conflict (path, number) do nothing";

    WRITE_VERSION(VersionColumns) =
        "update path_versions set training_minutes = :training_minutes,
             action_minutes = :action_minutes, in_order = :in_order, repeats = :repeats,
             actions = :actions, published_at = :published_at
         where path = :path and number = :number";

    FORGET_COURSES = "delete from path_courses where path = $1 and number = $2";

    ADD_COURSE =
        "insert into path_courses (path, number, course, position, is_required)
         values ($1, $2, $3, $4, $5) on conflict (path, number, course) do nothing";

    /// Where both stand in a version, the one that stays is required if either was.
    BOTH_REQUIRED =
        "update path_courses set is_required = true where course = $1 and exists
             (select 1 from path_courses g where g.path = path_courses.path
                  and g.number = path_courses.number and g.course = $2 and g.is_required)";

    FORGET_TWICE =
        "delete from path_courses where course = $2 and exists
             (select 1 from path_courses k where k.path = path_courses.path
                  and k.number = path_courses.number and k.course = $1)";

    MOVE_COURSE = "update path_courses set course = $1 where course = $2";

    MOVE_ALLIANCE = "update paths set alliance = $1 where alliance = $2";
}

/// A path with its versions, the latest last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathFound {
    /// As it is edited: with the rules of its latest version.
    pub path: Path,
    /// Its versions; at least one.
    pub versions: Vec<PathVersion>,
    /// Since when nobody new is put on it.
    pub archived_at: Option<DateTime<Utc>>,
}

impl PathFound {
    /// The version that whoever joins now is on; `None` while there is only a draft.
    pub fn published(&self) -> Option<&PathVersion> {
        self.versions.iter().rev().find(|one| one.published_at.is_some())
    }

    /// A version by its number.
    pub fn version(&self, number: u32) -> Option<&PathVersion> {
        self.versions.iter().find(|one| one.number == number)
    }

    /// Whether somebody can be put on it.
    pub fn is_open(&self) -> bool {
        self.archived_at.is_none() && self.published().is_some()
    }
}

impl VersionRow {
    fn read(self, courses: Vec<PathCourse>) -> PathVersion {
        let actions = self.actions.lines().map(str::to_owned).collect();
        PathVersion {
            number: count(self.number),
            published_at: self.published_at,
            rules: PathRules {
                training: Hours(count(self.training_minutes)),
                action: Hours(count(self.action_minutes)),
                courses,
                in_order: self.in_order,
                repeats: self.repeats,
                actions,
            },
        }
    }
}

impl PathRow {
    async fn read(self, conn: &mut Conn) -> Result<PathFound, StoreError> {
        let slug: PathSlug = parse("paths", "slug", &self.slug, &self.slug)?;
        let mut courses: HashMap<i32, Vec<PathCourse>> = HashMap::new();
        for row in COURSES.all(conn, [slug.as_str()]).await? {
            let course = PathCourse {
                slug: parse::<CourseSlug>("path_courses", "course", &self.slug, &row.course)?,
                title: row.title,
                is_required: row.is_required,
            };
            courses.entry(row.number).or_default().push(course);
        }
        let mut versions = Vec::new();
        for row in VERSIONS.all(conn, [slug.as_str()]).await? {
            let courses = courses.remove(&row.number).unwrap_or_default();
            versions.push(row.read(courses));
        }
        let last = versions.last().map(|version| version.rules.clone());
        let alliance = self.alliance.map(|text| parse("paths", "alliance", &self.slug, &text));
        let path = Path {
            name: self.name,
            about: self.about,
            alliance: alliance.transpose()?,
            quiet_months: count(self.quiet_months),
            rules: last.unwrap_or_default(),
            slug,
        };
        Ok(PathFound { path, versions, archived_at: self.archived_at })
    }
}

/// All paths by name.
pub async fn all(conn: &mut Conn) -> Result<Vec<PathFound>, StoreError> {
    let mut found = Vec::new();
    for row in ALL.all(conn, ()).await? {
        found.push(row.read(conn).await?);
    }
    found.sort_by_cached_key(|one| sort_key(&one.path.name));
    Ok(found)
}

/// One path.
pub async fn find(conn: &mut Conn, slug: &PathSlug) -> Result<Option<PathFound>, StoreError> {
    match FIND.optional(conn, [slug.as_str()]).await? {
        Some(row) => Ok(Some(row.read(conn).await?)),
        None => Ok(None),
    }
}

/// One path, not to be changed by anybody else until the transaction ends.
pub async fn lock(tx: &mut Tx, slug: &PathSlug) -> Result<Option<PathFound>, StoreError> {
    LOCK.run(tx, [slug.as_str()]).await?;
    find(tx, slug).await
}

/// Adds a path without versions; `true` if its short name was free.
pub async fn insert(
    tx: &mut Tx,
    path: &Path,
    (archived_at, now): (Option<DateTime<Utc>>, DateTime<Utc>),
) -> Result<bool, StoreError> {
    let new = NewPath {
        slug: path.slug.as_str(),
        name: &path.name,
        about: path.about.as_deref(),
        alliance: path.alliance.as_ref().map(AllianceSlug::as_str),
        quiet_months: column(path.quiet_months),
        archived_at,
        made_at: now,
    };
    Ok(INSERT.run(tx, new).await? == 1)
}

/// Writes what is said of a path, and since when it is archived; its versions stay.
pub async fn update(
    tx: &mut Tx,
    path: &Path,
    archived_at: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let row = PathColumns {
        slug: path.slug.as_str(),
        name: &path.name,
        about: path.about.as_deref(),
        alliance: path.alliance.as_ref().map(AllianceSlug::as_str),
        quiet_months: column(path.quiet_months),
        archived_at,
    };
    UPDATE.run(tx, row).await?;
    Ok(())
}

/// Writes a version: a new one, or a draft anew.
pub async fn write_version(
    tx: &mut Tx,
    slug: &PathSlug,
    version: &PathVersion,
) -> Result<(), StoreError> {
    let actions = version.rules.actions.join("\n");
    let columns = || VersionColumns {
        path: slug.as_str(),
        number: column(version.number),
        training_minutes: column(version.rules.training.0),
        action_minutes: column(version.rules.action.0),
        in_order: version.rules.in_order,
        repeats: version.rules.repeats,
        actions: &actions,
        published_at: version.published_at,
    };
    if ADD_VERSION.run(tx, columns()).await? == 0 {
        WRITE_VERSION.run(tx, columns()).await?;
    }
    let number = column(version.number);
    FORGET_COURSES.run(tx, (slug.as_str(), number)).await?;
    for (at, course) in (1..).zip(&version.rules.courses) {
        let position: i32 = at;
        let row = (slug.as_str(), number, course.slug.as_str(), position, course.is_required);
        ADD_COURSE.run(tx, row).await?;
    }
    Ok(())
}

/// Whatever named one course names the other.
pub(super) async fn follow_course(tx: &mut Tx, kept: &str, gone: &str) -> Result<(), StoreError> {
    for statement in [BOTH_REQUIRED, FORGET_TWICE, MOVE_COURSE] {
        statement.run(tx, (kept, gone)).await?;
    }
    Ok(())
}

/// Whatever was one alliance's is the other's.
pub(super) async fn follow_alliance(tx: &mut Tx, kept: &str, gone: &str) -> Result<(), StoreError> {
    MOVE_ALLIANCE.run(tx, (kept, gone)).await?;
    Ok(())
}
