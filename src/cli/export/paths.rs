//! Paths, who is on them, and what people did elsewhere, as the import reads them.

use std::collections::{HashMap, hash_map::Entry};

use super::sheet::{Sheet, maybe, yes};
use crate::{
    cli::import::columns::{
        MORE_OF_PATH_PEOPLE, MORE_OF_PATH_RECORDS, MORE_OF_PATHS, PATH_PEOPLE, PATH_RECORDS, PATHS,
    },
    domain::{
        path::{Hours, PathCourse, RecordState, RecordedBy},
        person::Person,
    },
    store::{Conn, StoreError, path_people, path_records, paths, people},
};

pub(super) async fn sheets(conn: &mut Conn) -> Result<Vec<Sheet>, StoreError> {
    Ok(vec![of_paths(conn).await?, of_people(conn).await?, of_records(conn).await?])
}

fn slugs<'a>(courses: impl Iterator<Item = &'a PathCourse>) -> String {
    courses.map(|one| one.slug.as_str()).collect::<Vec<_>>().join(";")
}

async fn of_paths(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("paths.csv", &PATHS, &MORE_OF_PATHS);
    for found in paths::all(conn).await? {
        for version in &found.versions {
            let (path, rules) = (&found.path, &version.rules);
            sheet.add([
                path.slug.to_string(),
                path.name.clone(),
                rules.training.to_string(),
                rules.action.to_string(),
                slugs(rules.courses.iter()),
                version.number.to_string(),
                maybe(path.alliance.as_ref()),
                maybe(path.about.as_ref()),
                slugs(rules.required()),
                yes(rules.in_order),
                yes(rules.repeats),
                rules.actions.join(";"),
                path.quiet_months.to_string(),
                yes(version.published_at.is_none()),
                yes(found.archived_at.is_some()),
            ]);
        }
    }
    Ok(sheet)
}

async fn of_people(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("path_people.csv", &PATH_PEOPLE, &MORE_OF_PATH_PEOPLE);
    for one in path_people::every(conn).await? {
        let on = &one.on;
        let ended = on.ended.as_ref();
        let finished = on.finished.as_ref();
        sheet.add([
            on.path.to_string(),
            one.name.to_string(),
            on.since.to_string(),
            maybe(one.email.as_ref()),
            maybe(one.institution.as_ref().map(|(code, _)| code)),
            on.version.to_string(),
            maybe(ended.map(|(at, _)| at.date_naive())),
            maybe(ended.and_then(|(_, why)| why.as_ref())),
            maybe(finished.map(|one| one.at.date_naive())),
            maybe(finished.map(|one| &one.number)),
        ]);
    }
    Ok(sheet)
}

async fn of_records(conn: &mut Conn) -> Result<Sheet, StoreError> {
    let mut sheet = Sheet::new("path_records.csv", &PATH_RECORDS, &MORE_OF_PATH_RECORDS);
    let mut known: HashMap<_, Option<Person>> = HashMap::new();
    for one in path_records::every(conn).await? {
        let person = match known.entry(one.person) {
            Entry::Occupied(there) => there.into_mut(),
            Entry::Vacant(new) => new.insert(people::find(conn, one.person).await?),
        };
        let Some(person) = person else { continue };
        sheet.add([
            person.name.to_string(),
            one.kind.to_string(),
            one.title.clone(),
            one.done_on.to_string(),
            Hours(one.minutes).to_string(),
            maybe(person.email.as_ref()),
            maybe(person.institution.as_ref()),
            maybe(one.by_whom.as_ref()),
            maybe(one.sort.as_ref()),
            if one.state == RecordState::Confirmed { String::new() } else { one.state.to_string() },
            yes(one.by == RecordedBy::Herself),
            maybe(one.reason.as_ref()),
        ]);
    }
    Ok(sheet)
}
