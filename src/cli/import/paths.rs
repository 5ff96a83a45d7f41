//! Paths, who is on them, and what people did elsewhere.

use std::path::Path as Folder;

use chrono::{DateTime, Duration, NaiveDate, NaiveTime, Utc};

use super::{
    catalogue::Catalogue,
    columns::{
        MORE_OF_PATH_PEOPLE, MORE_OF_PATH_RECORDS, MORE_OF_PATHS, PATH_PEOPLE, PATH_RECORDS, PATHS,
    },
    fault::FaultList,
    report::ImportReport,
    table::{Row, Table},
};
use crate::{
    actions::ActionContext,
    domain::{
        certificate_number::CertificateNumber,
        contact::EmailAddress,
        id::{InstitutionCode, OnPathId, PathRecordId, PathSlug, PersonId},
        path::{
            Finished, Hours, OnPath, Path, PathCourse, PathRecord, PathRules, PathVersion,
            RecordKind, RecordState, RecordedBy, typed_hours,
        },
        person::recognition_key,
        text::Name,
    },
    store::{
        StoreError, Tx, path_people, path_records, paths,
        people::{self, Unknown, Whereabouts},
    },
    token::row_id,
};

/// Everything the three files say, each with its line.
#[derive(Default)]
pub(super) struct Loaded {
    paths: Vec<(u64, PathLine)>,
    people: Vec<(u64, PersonLine)>,
    records: Vec<(u64, RecordLine)>,
}

/// A version of a path.
struct PathLine {
    path: Path,
    number: u32,
    is_draft: bool,
    is_archived: bool,
}

/// By what somebody is recognised.
struct Who {
    name: Name,
    email: Option<EmailAddress>,
    institution: Option<InstitutionCode>,
}

struct PersonLine {
    who: Who,
    path: PathSlug,
    version: Option<u32>,
    since: NaiveDate,
    ended: Option<(NaiveDate, Option<String>)>,
    finished: Option<(NaiveDate, CertificateNumber)>,
}

struct RecordLine {
    who: Who,
    kind: RecordKind,
    title: String,
    by_whom: Option<String>,
    sort: Option<String>,
    done_on: NaiveDate,
    minutes: u32,
    state: RecordState,
    by: RecordedBy,
    reason: Option<String>,
}

/// The lines of the files; none of a file that is not there.
pub(super) fn read(
    dir: &Folder,
    catalogue: &Catalogue,
    shift: Duration,
    faults: &FaultList,
) -> Loaded {
    let mut loaded = Loaded::default();
    // That a row has faults of its own is not the fault of whoever names it.
    let mut known: Vec<String> = Vec::new();
    if dir.join("paths.csv").exists() {
        let table = Table::read(dir, "paths.csv", (&PATHS, &MORE_OF_PATHS), faults);
        let lines = table.rows().filter_map(|row| Some((row.line, path(row, catalogue)?)));
        loaded.paths = lines.collect();
        known.extend(table.rows().map(|row| row.text("slug").to_owned()));
    }
    if dir.join("path_people.csv").exists() {
        let columns = (&PATH_PEOPLE[..], &MORE_OF_PATH_PEOPLE[..]);
        let table = Table::read(dir, "path_people.csv", columns, faults);
        let lines = table
            .rows()
            .filter_map(|row| Some((row.line, on_path(row, (catalogue, &known), shift)?)));
        loaded.people = lines.collect();
    }
    if dir.join("path_records.csv").exists() {
        let columns = (&PATH_RECORDS[..], &MORE_OF_PATH_RECORDS[..]);
        let table = Table::read(dir, "path_records.csv", columns, faults);
        let lines = table.rows().filter_map(|row| Some((row.line, record(row, catalogue, shift)?)));
        loaded.records = lines.collect();
    }
    loaded
}

fn hours(row: Row<'_>, column: &'static str, least: u32) -> Option<u32> {
    row.checked(column, typed_hours(row.text(column), least))
}

fn path(row: Row<'_>, catalogue: &Catalogue) -> Option<PathLine> {
    let slug = row.parse("slug");
    let name = row.line::<120>("name");
    let about = row.optional_paragraph("about");
    let alliance = match row.text("alliance") {
        "" => Some(None),
        key => catalogue.alliances.find(row, "alliance", key).map(|one| Some(one.slug.clone())),
    };
    let (training, action) = (hours(row, "training_hours", 0), hours(row, "action_hours", 0));
    let required = row.list("required");
    let course = |key: &str| {
        let course = catalogue.courses.find(row, "courses", key)?;
        let (slug, title) = (course.slug.clone(), course.title.clone());
        Some(PathCourse { slug, title, is_required: required.contains(&key) })
    };
    let keys = row.list("courses");
    for key in required.iter().filter(|key| !keys.contains(key)) {
        row.fault::<()>("required", format!("\"{key}\" does not stand in courses"));
    }
    let courses: Option<Vec<_>> = keys.into_iter().map(course).collect();
    let actions = row.lines("actions");
    let months = row.optional_count("quiet_months");
    let (number, in_order) = (row.optional_count("version"), row.yes("in_order"));
    let (repeats, is_draft) = (row.yes("repeats"), row.yes("draft"));
    let is_archived = row.yes("archived");
    let rules = PathRules {
        training: Hours(training?),
        action: Hours(action?),
        courses: courses?,
        in_order: in_order?,
        repeats: repeats?,
        actions: actions?,
    };
    let quiet_months = months?.unwrap_or(6);
    let path =
        Path { slug: slug?, name: name?, about: about?, alliance: alliance?, quiet_months, rules };
    let number = number?.unwrap_or(1);
    Some(PathLine { path, number, is_draft: is_draft?, is_archived: is_archived? })
}

fn who(row: Row<'_>, catalogue: &Catalogue) -> Option<Who> {
    let name = row.checked("name", Name::parse(row.text("name")));
    let email = row.optional("email");
    let institution = match row.text("institution") {
        "" => Some(None),
        key => {
            catalogue.institutions.find(row, "institution", key).map(|one| Some(one.code.clone()))
        }
    };
    Some(Who { name: name?, email: email?, institution: institution? })
}

const A_DATE: &str = "a date like 2026-10-03";

fn maybe_day(row: Row<'_>, column: &'static str, shift: Duration) -> Option<Option<NaiveDate>> {
    if row.text(column).is_empty() {
        return Some(None);
    }
    row.parse_as::<NaiveDate>(column, A_DATE).map(|day| Some(day + shift))
}

fn on_path(
    row: Row<'_>,
    (catalogue, known): (&Catalogue, &[String]),
    shift: Duration,
) -> Option<PersonLine> {
    let path: Option<PathSlug> = row.parse("path");
    let path = path.and_then(|slug| match known.iter().any(|one| one == slug.as_str()) {
        true => Some(slug),
        false => row.fault("path", format!("there is no \"{slug}\" in paths.csv")),
    });
    let who = who(row, catalogue);
    let since = row.parse_as::<NaiveDate>("since", A_DATE);
    let (ended, finished) =
        (maybe_day(row, "ended_on", shift), maybe_day(row, "finished_on", shift));
    let reason = row.optional_line::<300>("end_reason");
    let number = row.optional("certificate");
    let version = row.optional_count("version");
    let reason = reason?;
    Some(PersonLine {
        who: who?,
        path: path?,
        version: version?,
        since: since? + shift,
        ended: ended?.map(|day| (day, (!reason.is_empty()).then_some(reason))),
        finished: match (finished?, number?) {
            (Some(day), Some(number)) => Some((day, number)),
            (None, None) => None,
            _ => return row.fault("certificate", "goes with finished_on"),
        },
    })
}

fn record(row: Row<'_>, catalogue: &Catalogue, shift: Duration) -> Option<RecordLine> {
    let who = who(row, catalogue);
    let kind = row.parse("kind");
    let title = row.line::<160>("title");
    let optional = |text: Option<String>| text.map(|text| (!text.is_empty()).then_some(text));
    let by_whom = optional(row.optional_line::<160>("by_whom"));
    let sort = optional(row.optional_line::<60>("sort"));
    let done_on = row.parse_as::<NaiveDate>("done_on", A_DATE);
    let minutes = hours(row, "hours", 1);
    let state = row.optional("state");
    let claimed = row.yes("claimed");
    let reason = optional(row.optional_line::<300>("reason"));
    Some(RecordLine {
        who: who?,
        kind: kind?,
        title: title?,
        by_whom: by_whom?,
        sort: sort?,
        done_on: done_on? + shift,
        minutes: minutes?,
        state: state?.unwrap_or(RecordState::Confirmed),
        by: if claimed? { RecordedBy::Herself } else { RecordedBy::Office },
        reason: reason?,
    })
}

fn noon(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(NaiveTime::MIN).and_utc() + Duration::hours(12)
}

/// Who is meant, as bookings recognise her; a new person where nobody is.
async fn person(ctx: &ActionContext, tx: &mut Tx, who: &Who) -> Result<PersonId, StoreError> {
    let unknown = Unknown {
        standing: Whereabouts::Nowhere,
        name: who.name.clone(),
        email: who.email.clone(),
        phone: None,
        institution: who.institution.clone(),
    };
    let key = recognition_key(&who.name, who.email.as_ref(), who.institution.as_ref());
    let new = PersonId::new(row_id(&*ctx.random, &*ctx.clock));
    people::recognise(tx, &key, &unknown, new, ctx.now()).await
}

/// Writes what is new; what is there stays as it is.
pub(super) async fn write(
    ctx: &ActionContext,
    tx: &mut Tx,
    loaded: &Loaded,
    report: &mut ImportReport,
) -> Result<(), StoreError> {
    for (line, one) in &loaded.paths {
        let since = one.is_archived.then(|| ctx.now());
        paths::insert(tx, &one.path, (since, ctx.now())).await?;
        let there = paths::find(tx, &one.path.slug).await?;
        let is_new = there.is_some_and(|there| there.version(one.number).is_none());
        if is_new {
            let published_at = (!one.is_draft).then(|| ctx.now());
            let rules = one.path.rules.clone();
            let version = PathVersion { number: one.number, published_at, rules };
            paths::write_version(tx, &one.path.slug, &version).await?;
        }
        report.paths.add(is_new, *line, &one.path.slug, None);
    }
    for (line, one) in &loaded.people {
        let is_new = write_person(ctx, tx, one).await?;
        report.path_people.add(is_new, *line, &one.path, None);
    }
    for (line, one) in &loaded.records {
        let is_new = write_record(ctx, tx, one).await?;
        report.path_records.add(is_new, *line, one.kind, None);
    }
    Ok(())
}

async fn write_person(
    ctx: &ActionContext,
    tx: &mut Tx,
    one: &PersonLine,
) -> Result<bool, StoreError> {
    let id = person(ctx, tx, &one.who).await?;
    let is_it = |known: &OnPath| known.path == one.path && known.since == one.since;
    if path_people::of_person(tx, id).await?.iter().any(is_it) {
        return Ok(false);
    }
    if one.ended.is_none() && path_people::on(tx, &one.path, id).await?.is_some() {
        return Ok(false);
    }
    let Some(found) = paths::find(tx, &one.path).await? else { return Ok(false) };
    let latest = found.published().map(|version| version.number);
    let version = one.version.filter(|number| found.version(*number).is_some()).or(latest);
    let Some(version) = version else { return Ok(false) };
    let finished = one.finished.clone();
    let on = OnPath {
        id: OnPathId::new(row_id(&*ctx.random, &*ctx.clock)),
        path: one.path.clone(),
        version,
        person: id,
        since: one.since,
        ended: one.ended.clone().map(|(day, reason)| (noon(day), reason)),
        finished: finished.map(|(day, number)| Finished { at: noon(day), number }),
    };
    path_people::insert(tx, &on, ctx.now()).await?;
    Ok(true)
}

async fn write_record(
    ctx: &ActionContext,
    tx: &mut Tx,
    one: &RecordLine,
) -> Result<bool, StoreError> {
    let id = person(ctx, tx, &one.who).await?;
    let is_it = |known: &PathRecord| {
        known.kind == one.kind
            && known.title == one.title
            && known.done_on == one.done_on
            && known.minutes == one.minutes
    };
    if path_records::of_person(tx, id).await?.iter().any(is_it) {
        return Ok(false);
    }
    let decided = (one.state != RecordState::Asked).then(|| (ctx.now(), None));
    let new = PathRecord {
        id: PathRecordId::new(row_id(&*ctx.random, &*ctx.clock)),
        person: id,
        kind: one.kind,
        title: one.title.clone(),
        by_whom: one.by_whom.clone(),
        sort: one.sort.clone(),
        done_on: one.done_on,
        minutes: one.minutes,
        state: one.state,
        by: one.by,
        reason: one.reason.clone(),
        asked_at: ctx.now(),
        decided,
    };
    path_records::insert(tx, &new).await
}
