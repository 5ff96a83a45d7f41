//! Alliances, institutions, courses and staff.

use std::{path::Path, sync::Arc};

use super::{
    ImportError, ImportReport,
    table::{CellError, Row, Table},
};
use crate::{
    domain::{
        alliance::Alliance,
        course::{Course, Prerequisite},
        institution::Institution,
        staff::StaffMember,
    },
    store::{StoreError, Tx, catalogue, institutions, staff},
};

/// What sessions and registrations refer to.
pub(super) struct Catalogue {
    pub(super) alliances: Vec<Arc<Alliance>>,
    pub(super) institutions: Vec<Institution>,
    pub(super) courses: Vec<Arc<Course>>,
    pub(super) staff: Vec<StaffMember>,
}

impl Catalogue {
    pub(super) fn read(dir: &Path) -> Result<Self, ImportError> {
        let columns = ["slug", "name", "time_zone", "contact_email"];
        let alliances = Table::read(dir, "alliances.csv", &columns)?;
        let alliances = alliances
            .rows()
            .map(|row| alliance(row).map(Arc::new))
            .collect::<Result<Vec<_>, _>>()?;
        let columns = ["code", "name", "kind", "alliance", "membership"];
        let institutions = Table::read(dir, "institutions.csv", &columns)?;
        let institutions = institutions
            .rows()
            .map(|row| institution(row, &alliances))
            .collect::<Result<_, _>>()?;
        let columns = [
            "slug",
            "title",
            "summary",
            "prerequisite",
            "campaign",
            "learning_hours",
            "default_capacity",
        ];
        let table = Table::read(dir, "courses.csv", &columns)?;
        let mut courses = table.rows().map(course).collect::<Result<Vec<_>, _>>()?;
        let titles: Vec<_> = courses.iter().map(|c| (c.slug.clone(), c.title.clone())).collect();
        for (row, course) in table.rows().zip(&mut courses) {
            for slug in row.list("prerequisite") {
                let known = titles.iter().find(|(known, _)| known.as_str() == slug);
                let (slug, title) = known
                    .ok_or_else(|| row.fail("prerequisite", format!("no course \"{slug}\"")))?;
                let prerequisite = Prerequisite { slug: slug.clone(), title: title.clone() };
                course.prerequisites.push(prerequisite);
            }
        }
        let table =
            Table::read(dir, "staff.csv", &["login", "name", "email", "role", "alliances"])?;
        let staff =
            table.rows().map(|row| member(row, &alliances)).collect::<Result<Vec<_>, _>>()?;
        let courses = courses.into_iter().map(Arc::new).collect();
        Ok(Self { alliances, institutions, courses, staff })
    }

    pub(super) async fn write(
        &self,
        tx: &mut Tx,
        report: &mut ImportReport,
    ) -> Result<(), StoreError> {
        for alliance in &self.alliances {
            report.alliances.add(catalogue::insert_alliance(tx, alliance).await?);
        }
        for institution in &self.institutions {
            report.institutions.add(institutions::insert(tx, institution).await?);
        }
        for course in &self.courses {
            report.courses.add(catalogue::insert_course(tx, course).await?);
        }
        for course in &self.courses {
            catalogue::insert_prerequisites(tx, course).await?;
        }
        for member in &self.staff {
            report.staff.add(staff::insert(tx, member).await?);
        }
        Ok(())
    }
}

fn alliance(row: Row<'_>) -> Result<Alliance, CellError> {
    Ok(Alliance {
        slug: row.parse("slug")?,
        name: row.required("name")?,
        time_zone: row.parse("time_zone")?,
        contact_email: row.parse("contact_email")?,
    })
}

/// The alliance a cell names.
pub(super) fn known_alliance<'a>(
    row: Row<'_>,
    column: &'static str,
    slug: &str,
    alliances: &'a [Arc<Alliance>],
) -> Result<&'a Arc<Alliance>, CellError> {
    let known = alliances.iter().find(|alliance| alliance.slug.as_str() == slug);
    known.ok_or_else(|| row.fail(column, format!("no alliance \"{slug}\" in alliances.csv")))
}

fn institution(row: Row<'_>, alliances: &[Arc<Alliance>]) -> Result<Institution, CellError> {
    let alliance = known_alliance(row, "alliance", row.text("alliance"), alliances)?;
    Ok(Institution {
        code: row.parse("code")?,
        name: row.required("name")?,
        kind: row.parse("kind")?,
        alliance: alliance.slug.clone(),
        membership: row.parse("membership")?,
    })
}

fn course(row: Row<'_>) -> Result<Course, CellError> {
    let hours: f64 = row.parse("learning_hours")?;
    if !(0.0..=1000.0).contains(&hours) {
        return Err(row.fail("learning_hours", "must be 0 to 1000"));
    }
    Ok(Course {
        slug: row.parse("slug")?,
        title: row.required("title")?,
        summary: row.text("summary").to_owned(),
        campaign: row.text("campaign").to_owned(),
        learning_minutes: (hours * 60.0).round() as u32,
        default_capacity: row.parse("default_capacity")?,
        prerequisites: Vec::new(),
        needs_guardian: false,
    })
}

fn member(row: Row<'_>, alliances: &[Arc<Alliance>]) -> Result<StaffMember, CellError> {
    let slugs = row.list("alliances").into_iter();
    let known = slugs.map(|slug| {
        known_alliance(row, "alliances", slug, alliances).map(|alliance| alliance.slug.clone())
    });
    Ok(StaffMember {
        login: row.parse("login")?,
        name: row.required("name")?,
        email: row.parse("email")?,
        role: row.parse("role")?,
        alliances: known.collect::<Result<_, _>>()?,
    })
}
