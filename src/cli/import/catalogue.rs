//! Alliances, institutions, courses and staff.

use std::{collections::HashSet, path::Path, sync::Arc};

use chrono::{DateTime, Utc};

use super::{
    columns::{
        ALLIANCES, COURSES, INSTITUTIONS, MORE_OF_ALLIANCES, MORE_OF_COURSES, MORE_OF_INSTITUTIONS,
        MORE_OF_STAFF, STAFF,
    },
    fault::FaultList,
    report::{ImportReport, differing, says_other},
    table::{Keyed, Row, Table},
};
use crate::{
    actions::staff::change_account::LINE_ABOUT,
    domain::{
        alliance::Alliance,
        course::{Course, Prerequisite},
        institution::Institution,
        page_words::{AllianceWords, CourseWords},
        staff::StaffMember,
    },
    store::{StoreError, Tx, catalogue, institutions, staff},
};

/// What sessions and registrations refer to.
pub(super) struct Catalogue {
    pub(super) alliances: Keyed<Arc<Alliance>>,
    pub(super) institutions: Keyed<Institution>,
    pub(super) courses: Keyed<Arc<Course>>,
    pub(super) staff: Keyed<StaffMember>,
    /// Institutions and courses that are offered no more, and accounts that are closed, by key.
    gone: [HashSet<String>; 3],
}

impl Catalogue {
    pub(super) fn read(dir: &Path, faults: &FaultList) -> Self {
        let table = Table::read(dir, "alliances.csv", (&ALLIANCES, &MORE_OF_ALLIANCES), faults);
        let alliances = table.keyed("slug", |row| alliance(row).map(Arc::new));
        let columns = (&INSTITUTIONS[..], &MORE_OF_INSTITUTIONS[..]);
        let table = Table::read(dir, "institutions.csv", columns, faults);
        let institutions = table.keyed("code", |row| institution(row, &alliances));
        let gone_institutions = gone(&table, ("code", "archived"));
        let columns = (&COURSES[..], &MORE_OF_COURSES[..]);
        let table = Table::read(dir, "courses.csv", columns, faults);
        let courses = courses(&table);
        let gone_courses = gone(&table, ("slug", "archived"));
        let table = Table::read(dir, "staff.csv", (&STAFF, &MORE_OF_STAFF), faults);
        let gone_staff = gone(&table, ("login", "closed"));
        let staff = table.keyed("login", |row| member(row, &alliances));
        let gone = [gone_institutions, gone_courses, gone_staff];
        Self { alliances, institutions, courses, staff, gone }
    }

    pub(super) async fn write(
        &self,
        tx: &mut Tx,
        now: DateTime<Utc>,
        report: &mut ImportReport,
    ) -> Result<(), StoreError> {
        let [gone_institutions, gone_courses, gone_staff] = &self.gone;
        let known = catalogue::alliances(tx).await?;
        for (line, alliance) in self.alliances.values() {
            let is_new = catalogue::insert_alliance(tx, alliance).await?;
            let there = known.iter().find(|one| one.slug == alliance.slug);
            let changed = there.map(|there| alliance_differs(alliance, there));
            report.alliances.add(is_new, line, &alliance.slug, changed);
        }
        let known = institutions::all(tx).await?;
        for (line, institution) in self.institutions.values() {
            let is_new = institutions::insert(tx, institution).await?;
            if is_new && gone_institutions.contains(institution.code.as_str()) {
                institutions::update(tx, institution, Some(now)).await?;
            }
            let there = known.iter().find(|one| one.code == institution.code);
            let changed = there.map(|there| institution_differs(institution, there));
            report.institutions.add(is_new, line, &institution.code, changed);
        }
        let known = catalogue::courses(tx).await?;
        let mut new_and_gone = Vec::new();
        for (line, course) in self.courses.values() {
            let is_new = catalogue::insert_course(tx, course).await?;
            if is_new && gone_courses.contains(course.slug.as_str()) {
                new_and_gone.push(course);
            }
            let there = known.iter().find(|one| one.slug == course.slug);
            let changed = there.map(|there| course_differs(course, there));
            report.courses.add(is_new, line, &course.slug, changed);
        }
        for (_, course) in self.courses.values() {
            catalogue::insert_prerequisites(tx, course).await?;
        }
        for course in new_and_gone {
            catalogue::update_course(tx, course, Some(now)).await?;
        }
        for (line, member) in self.staff.values() {
            let there = staff::find(tx, &member.login).await?;
            let is_new = staff::insert(tx, member).await?;
            if is_new && gone_staff.contains(member.login.as_str()) {
                staff::set_disabled(tx, &member.login, Some(now)).await?;
            }
            let changed = there.map(|there| member_differs(member, &there));
            report.staff.add(is_new, line, &member.login, changed);
        }
        Ok(())
    }
}

/// The keys of rows that say `yes` in a column.
fn gone(table: &Table<'_>, (key, column): (&str, &'static str)) -> HashSet<String> {
    let rows = table.rows().filter(|row| row.yes(column) == Some(true));
    rows.map(|row| row.text(key).to_owned()).collect()
}

fn alliance(row: Row<'_>) -> Option<Alliance> {
    let slug = row.parse("slug");
    let name = row.line::<120>("name");
    let time_zone = row.parse_as("time_zone", "the name of a time zone, such as Europe/London");
    let contact_email = row.parse("contact_email");
    let (about, colour) = (row.optional_paragraph("about"), row.optional("colour"));
    Some(Alliance {
        slug: slug?,
        name: name?,
        time_zone: time_zone?,
        contact_email: contact_email?,
        words: AllianceWords { about: about?, colour: colour?, ..AllianceWords::default() },
    })
}

fn alliance_differs(file: &Alliance, there: &Alliance) -> Vec<&'static str> {
    differing([
        ("name", file.name != there.name),
        ("time_zone", file.time_zone != there.time_zone),
        ("contact_email", file.contact_email != there.contact_email),
        ("about", says_other(&file.words.about, &there.words.about)),
        ("colour", says_other(&file.words.colour, &there.words.colour)),
    ])
}

fn institution(row: Row<'_>, alliances: &Keyed<Arc<Alliance>>) -> Option<Institution> {
    let code = row.parse("code");
    let name = row.line::<120>("name");
    let kind = row.parse("kind");
    let alliance = alliances.find(row, "alliance", row.text("alliance"));
    let membership = row.parse("membership");
    Some(Institution {
        code: code?,
        name: name?,
        kind: kind?,
        alliance: alliance?.slug.clone(),
        membership: membership?,
    })
}

fn institution_differs(file: &Institution, there: &Institution) -> Vec<&'static str> {
    differing([
        ("name", file.name != there.name),
        ("kind", file.kind != there.kind),
        ("alliance", file.alliance != there.alliance),
        ("membership", file.membership != there.membership),
    ])
}

/// The courses, each with the courses before it, which may stand on any line.
fn courses(table: &Table<'_>) -> Keyed<Arc<Course>> {
    let alone = table.keyed("slug", course);
    let before = |row: Row<'_>| -> Option<Vec<Prerequisite>> {
        let slugs = row.list("prerequisite").into_iter();
        let known: Vec<_> = slugs.map(|slug| alone.find(row, "prerequisite", slug)).collect();
        let prerequisite = |course: &Course| Prerequisite {
            slug: course.slug.clone(),
            title: course.title.clone(),
        };
        known.into_iter().map(|course| course.map(prerequisite)).collect()
    };
    let mut before: Vec<_> = table.rows().map(before).collect();
    alone.map(|at, course| {
        let prerequisites = before[at].take()?;
        Some(Arc::new(Course { prerequisites, ..course }))
    })
}

fn course(row: Row<'_>) -> Option<Course> {
    let slug = row.parse("slug");
    let title = row.line::<120>("title");
    let summary = row.paragraph("summary");
    let campaign = row.optional_line::<60>("campaign");
    let minutes = learning_minutes(row);
    let default_capacity = row.count("default_capacity");
    let needs_guardian = row.yes("needs_guardian");
    let (for_whom, outcomes) = (row.optional_paragraph("for_whom"), row.lines("outcomes"));
    Some(Course {
        slug: slug?,
        title: title?,
        summary: summary?,
        campaign: campaign?,
        learning_minutes: minutes?,
        default_capacity: default_capacity?,
        prerequisites: Vec::new(),
        needs_guardian: needs_guardian?,
        words: CourseWords { for_whom: for_whom?, outcomes: outcomes? },
    })
}

fn learning_minutes(row: Row<'_>) -> Option<u32> {
    const COLUMN: &str = "learning_hours";
    let text = row.text(COLUMN);
    if text.contains(',') {
        let point = text.replace(',', ".");
        return row.fault(COLUMN, format!("write \"{text}\" with a decimal point: {point}"));
    }
    let hours: f64 = row.parse_as(COLUMN, "a number of hours, such as 2.5")?;
    if !(0.0..=1000.0).contains(&hours) {
        return row.fault(COLUMN, "must be 0 to 1000");
    }
    Some((hours * 60.0).round() as u32)
}

fn course_differs(file: &Course, there: &Course) -> Vec<&'static str> {
    let missing = |one: &Prerequisite| !there.prerequisites.iter().any(|two| two.slug == one.slug);
    differing([
        ("title", file.title != there.title),
        ("summary", file.summary != there.summary),
        ("prerequisite", file.prerequisites.iter().any(missing)),
        ("campaign", file.campaign != there.campaign),
        ("learning_hours", file.learning_minutes != there.learning_minutes),
        ("default_capacity", file.default_capacity != there.default_capacity),
        ("for_whom", says_other(&file.words.for_whom, &there.words.for_whom)),
        (
            "outcomes",
            !file.words.outcomes.is_empty() && file.words.outcomes != there.words.outcomes,
        ),
    ])
}

fn member(row: Row<'_>, alliances: &Keyed<Arc<Alliance>>) -> Option<StaffMember> {
    let slugs = row.list("alliances").into_iter();
    let known: Vec<_> = slugs.map(|slug| alliances.find(row, "alliances", slug)).collect();
    let login = row.parse("login");
    let name = row.line::<120>("name");
    let email = row.parse("email");
    let role = row.parse("role");
    let about = row.optional_line::<LINE_ABOUT>("about");
    Some(StaffMember {
        login: login?,
        name: name?,
        email: email?,
        role: role?,
        alliances: known
            .into_iter()
            .map(|alliance| alliance.map(|alliance| alliance.slug.clone()))
            .collect::<Option<_>>()?,
        about: about.map(|line| (!line.is_empty()).then_some(line))?,
    })
}

fn member_differs(file: &StaffMember, there: &StaffMember) -> Vec<&'static str> {
    let sorted = |member: &StaffMember| {
        let mut slugs = member.alliances.clone();
        slugs.sort();
        slugs
    };
    differing([
        ("name", file.name != there.name),
        ("email", file.email != there.email),
        ("role", file.role != there.role),
        ("alliances", sorted(file) != sorted(there)),
        ("about", says_other(&file.about, &there.about)),
    ])
}
