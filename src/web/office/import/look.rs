//! A file before it is imported: its columns, its faults, what may be there already, and what it would make.

use askama::Template;
use rocket::{Either, FromForm, Route, State, get, http::Status, routes};
use uuid::Uuid;

use super::{
    brought::{Who, import_for},
    made::{self, MadePage},
    start::kind_name,
};
use crate::{
    actions::{
        booking::book_places::BookRequest,
        imports::look::{Looked, Plan, known, look},
    },
    domain::{
        import::{Doubt, Field, Known, RowFault, fields, said},
        institution::Institution,
        session::Session,
        wording,
    },
    store::{imports::Import, sessions},
    web::{
        Desk,
        failure::Failure,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

/// How many faults, and how many lines of what would be made, are shown at once.
const MOST: usize = 100;
/// How many cells of a column are shown.
const SAMPLES: usize = 3;

/// A column of the file.
struct Column {
    number: usize,
    heading: String,
    samples: String,
    holds: String,
}

#[derive(Template)]
#[template(path = "office/import/look.html")]
pub struct LookPage {
    chrome: Chrome,
    import: Import,
    session: Option<Session>,
    looked: Looked,
    known: Known,
    problem: Option<String>,
    notice: Option<&'static str>,
}

impl LookPage {
    fn kind(&self) -> &'static str {
        kind_name(self.import.kind)
    }

    fn is(&self, kind: &str) -> bool {
        self.import.kind.as_str() == kind
    }

    fn said(&self, name: &str) -> &str {
        said(&self.import.said, name)
    }

    fn about(&self) -> String {
        let rows = self.import.sheet.as_ref().map_or(0, |sheet| sheet.rows.len());
        let rows = wording::count(rows, "row", "rows");
        let name = self.import.file_name.as_deref().unwrap_or("Pasted cells");
        format!("{name}: {rows}, read as {}", self.import.how)
    }

    fn columns(&self) -> Vec<Column> {
        let Some(sheet) = &self.import.sheet else { return Vec::new() };
        let column = |number: usize| {
            let cells = sheet.rows.iter().filter_map(|(_, cells)| cells.get(number));
            let filled = cells.filter(|cell| !cell.is_empty()).take(SAMPLES);
            let short = filled.map(|cell| cell.chars().take(40).collect::<String>());
            Column {
                number,
                heading: sheet.heading(number),
                samples: short.collect::<Vec<_>>().join(" \u{b7} "),
                holds: self.said(&format!("column-{number}")).to_owned(),
            }
        };
        (0..sheet.heads.len()).map(column).collect()
    }

    fn fields(&self) -> &'static [Field] {
        fields(self.import.kind)
    }

    /// Whether what holds for every row is asked: all but the columns of the file.
    fn lacks(&self, field: &str) -> bool {
        !self.columns().iter().any(|column| column.holds == field)
    }

    fn institutions(&self) -> Vec<(String, Vec<&Institution>)> {
        let of = |slug: &str| {
            let all = self.known.institutions.iter();
            all.filter(|one| one.alliance.as_str() == slug).collect::<Vec<_>>()
        };
        let groups =
            self.known.alliances.iter().map(|one| (one.name.clone(), of(one.slug.as_str())));
        groups.filter(|(_, all)| !all.is_empty()).collect()
    }

    fn faults(&self) -> &[RowFault] {
        &self.looked.faults[..self.looked.faults.len().min(MOST)]
    }

    fn more_faults(&self) -> usize {
        self.looked.faults.len().saturating_sub(MOST)
    }

    fn fault_count(&self) -> String {
        wording::count(self.looked.faults.len(), "thing", "things")
    }

    fn open(&self) -> String {
        wording::count(self.looked.open(), "question waits", "questions wait")
    }

    fn is_from(&self, doubt: &Doubt) -> bool {
        doubt.name.starts_with("from-")
    }

    fn import_words(&self) -> String {
        format!("Import {}", self.looked.plan.words())
    }

    /// What would be made, a line for each.
    fn lines(&self) -> Vec<String> {
        match &self.looked.plan {
            Plan::Institutions(rows) => {
                let line = |one: &Institution| {
                    let kind = in_words(one.kind.as_str()).to_lowercase();
                    format!("{}, {kind}, {}, {}", one.name, self.alliance(one), one.membership)
                };
                rows.iter().take(MOST).map(|row| line(&row.institution)).collect()
            }
            Plan::Bookings(rows) => rows.iter().take(MOST).map(|(_, one)| booking(one)).collect(),
            Plan::Sessions(rows) => {
                rows.iter().take(MOST).map(|row| self.draft(&row.plan)).collect()
            }
            Plan::People(rows) => {
                let email = |email: Option<&crate::domain::contact::EmailAddress>| {
                    email.map_or_else(|| "no address".to_owned(), ToString::to_string)
                };
                let rows = rows.iter().take(MOST);
                rows.map(|row| format!("{}, {}", row.name, email(row.email.as_ref()))).collect()
            }
        }
    }

    fn alliance(&self, one: &Institution) -> String {
        let known = self.known.alliances.iter().find(|other| other.slug == one.alliance);
        known.map_or_else(|| one.alliance.to_string(), |known| known.name.clone())
    }

    fn draft(&self, plan: &crate::domain::plan::SessionPlan) -> String {
        let course = self.known.courses.iter().find(|one| one.slug == plan.course);
        let title = course.map_or(plan.course.as_str(), |one| one.title.as_str());
        let day = plan.sittings.first().map(|day| {
            let date = wording::long_date(day.starts.date());
            format!("{date}, {}", wording::time_span(day.starts, day.ends))
        });
        let more = match plan.sittings.len() {
            0 | 1 => String::new(),
            days => format!(" and {}", wording::count(days - 1, "more day", "more days")),
        };
        let day = day.unwrap_or_default();
        format!("{title}, {day}{more}, {}", plan.location.public_line())
    }

    fn more_lines(&self) -> usize {
        self.looked.plan.count().saturating_sub(MOST)
    }

    fn session_href(&self, session: &Session) -> Href {
        paths::office::session(&session.code)
    }
}

/// `Ruth Okafor, St Mark: Ada Obi, Ben Low, 1 name to follow`.
fn booking(request: &BookRequest) -> String {
    let named = request.attendees.iter().flatten().map(|who| who.name.to_string());
    let mut names: Vec<String> = named.collect();
    let unnamed = request.attendees.iter().filter(|who| who.is_none()).count();
    if unnamed > 0 {
        names.push(wording::count(unnamed, "name to follow", "names to follow"));
    }
    let from = request.sender.name().map(|name| format!(", {name}")).unwrap_or_default();
    format!("{}{from}: {}", request.leader.name, names.join(", "))
}

/// The page of a file that is not imported yet.
pub async fn page(
    desk: &Desk,
    who: &Who,
    import: Import,
    problem: Option<String>,
) -> Result<LookPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let looked = look(&desk.ctx, &mut conn, &who.member, &import).await?;
    let looked = looked.ok_or(Failure::NotFound)?;
    let session = match &import.session {
        Some(code) => sessions::find(&mut conn, code).await?,
        None => None,
    };
    Ok(LookPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        session,
        looked,
        known: known(&mut conn, &who.member).await?,
        problem,
        notice: None,
        import,
    })
}

/// The same, as an answer to what could not be done.
pub async fn refused(
    desk: &Desk,
    who: &Who,
    id: Uuid,
    problem: String,
) -> Result<Page<LookPage>, Failure> {
    let import = import_for(desk, who, id).await?;
    let template = page(desk, who, import, Some(problem)).await?;
    Ok(Page { status: Status::UnprocessableEntity, template })
}

/// What was just done.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    done: Option<&'r str>,
}

#[get("/office/import/<id>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: Uuid,
    asked: Asked<'_>,
) -> Result<Either<Page<LookPage>, Page<MadePage>>, Failure> {
    let import = import_for(desk, &who, id).await?;
    if import.made_at.is_some() {
        return Ok(Either::Right(made::page(desk, &who, import, asked.done).await?));
    }
    let page = page(desk, &who, import, None).await?;
    let notice = asked.done.filter(|done| *done == "kept").map(|_| "Looked through once more.");
    Ok(Either::Left(Page::ok(LookPage { notice, ..page })))
}
