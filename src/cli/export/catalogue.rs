//! Alliances, institutions, courses and staff.

use super::sheet::{Sheet, maybe, yes};
use crate::{
    cli::import::columns::{
        ALLIANCES, COURSES, INSTITUTIONS, MORE_OF_ALLIANCES, MORE_OF_COURSES, MORE_OF_INSTITUTIONS,
        MORE_OF_STAFF, STAFF,
    },
    domain::{course::Course, staff::Account},
    store::{Conn, StoreError, Window, catalogue, institutions, staff},
};

/// More than any organisation has.
const ALL: Window = Window { offset: 0, limit: 10_000_000 };

pub(super) async fn sheets(conn: &mut Conn) -> Result<Vec<Sheet>, StoreError> {
    Ok(vec![
        alliances(conn).await?,
        of_institutions(conn).await?,
        courses(conn).await?,
        members(conn).await?,
    ])
}

async fn alliances(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("alliances.csv", &ALLIANCES, &MORE_OF_ALLIANCES);
    let mut all = catalogue::alliances(conn).await?;
    all.sort_by(|one, other| one.slug.as_str().cmp(other.slug.as_str()));
    for one in all {
        let zone = one.time_zone.name().to_owned();
        sheet.add([
            one.slug.to_string(),
            one.name,
            zone,
            one.contact_email.to_string(),
            maybe(one.words.about),
            maybe(one.words.colour),
        ]);
    }
    Ok(sheet)
}

async fn of_institutions(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("institutions.csv", &INSTITUTIONS, &MORE_OF_INSTITUTIONS);
    let mut all = institutions::search(conn, "", None, ALL).await?.items;
    all.sort_by(|(one, _), (other, _)| one.code.as_str().cmp(other.code.as_str()));
    for (one, is_archived) in all {
        sheet.add([
            one.code.to_string(),
            one.name,
            one.kind.to_string(),
            one.alliance.to_string(),
            one.membership.to_string(),
            yes(is_archived),
        ]);
    }
    Ok(sheet)
}

async fn courses(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("courses.csv", &COURSES, &MORE_OF_COURSES);
    let archived = catalogue::archived_courses(conn).await?;
    let mut all = catalogue::courses(conn).await?;
    all.sort_by(|one, other| one.slug.as_str().cmp(other.slug.as_str()));
    for one in all {
        let is_archived = archived.contains(&one.slug);
        sheet.add([
            one.slug.to_string(),
            one.title.clone(),
            one.summary.clone(),
            prerequisites(&one),
            one.campaign.clone(),
            hours(one.learning_minutes),
            one.default_capacity.to_string(),
            maybe(one.words.for_whom.as_ref()),
            one.words.outcomes.join("; "),
            yes(one.needs_guardian),
            yes(is_archived),
        ]);
    }
    Ok(sheet)
}

fn prerequisites(course: &Course) -> String {
    let mut slugs: Vec<_> =
        course.prerequisites.iter().map(|before| before.slug.to_string()).collect();
    slugs.sort();
    slugs.join(";")
}

/// Minutes as hours with a decimal point, so exact that reading them gives the same minutes.
fn hours(minutes: u32) -> String {
    let text = format!("{:.3}", f64::from(minutes) / 60.0);
    let short = text.trim_end_matches('0');
    if short.ends_with('.') { format!("{short}0") } else { short.to_owned() }
}

async fn members(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("staff.csv", &STAFF, &MORE_OF_STAFF);
    let mut all = staff::search(conn, "", ALL).await?.items;
    all.sort_by(|one, other| one.member.login.as_str().cmp(other.member.login.as_str()));
    for Account { member, disabled_at } in all {
        let mut slugs: Vec<_> = member.alliances.iter().map(ToString::to_string).collect();
        slugs.sort();
        sheet.add([
            member.login.to_string(),
            member.name,
            member.email.to_string(),
            member.role.to_string(),
            slugs.join(";"),
            maybe(member.about),
            yes(disabled_at.is_some()),
        ]);
    }
    Ok(sheet)
}

#[cfg(test)]
mod tests {
    use super::hours;

    #[test]
    fn hours_read_back_are_the_same_minutes() {
        for minutes in 0..=60_000 {
            let text = hours(minutes);
            let read: f64 = text.parse().expect("a number");
            assert_eq!((read * 60.0).round() as u32, minutes, "{text}");
        }
        assert_eq!((hours(150), hours(120), hours(0)), ("2.5".into(), "2.0".into(), "0.0".into()));
    }
}
