//! What an import made, and taking it back.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};
use uuid::Uuid;

use super::{
    brought::{Who, import_for},
    start::kind_name,
};
use crate::{
    actions::imports::{
        ImportError,
        take_back::{take_back, until},
    },
    domain::{
        id::{InstitutionCode, PersonId, RegistrationId, SessionCode},
        import::ImportKind,
        wording,
    },
    store::{
        Conn, StoreError, catalogue,
        imports::{self, Import, Made},
        institutions, people, registrations, sessions,
    },
    web::{
        Desk,
        failure::Failure,
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{ReadersClock, clock_of, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_back, back]
}

/// How many things are named on one page.
const MOST: usize = 200;

/// Something that was made, as it is called now.
struct Line {
    name: String,
    href: Option<Href>,
    kept: Option<String>,
}

#[derive(Template)]
#[template(path = "office/import/made.html")]
pub struct MadePage {
    chrome: Chrome,
    import: Import,
    notice: Option<String>,
    lines: Vec<Line>,
    /// How many it made.
    total: usize,
    /// How many stayed when the others were taken back.
    kept: usize,
    /// Whether the page asks to take all of it back.
    asks: bool,
    clock: ReadersClock,
    now: chrono::DateTime<chrono::Utc>,
}

impl MadePage {
    fn kind(&self) -> &'static str {
        kind_name(self.import.kind)
    }

    fn is_bookings(&self) -> bool {
        self.import.kind == ImportKind::Bookings
    }

    fn when(&self) -> String {
        self.import.made_at.map_or_else(String::new, |at| stamp(at, self.clock))
    }

    fn undone(&self) -> Option<String> {
        self.import.undone_at.map(|at| stamp(at, self.clock))
    }

    fn until(&self) -> Option<String> {
        until(&self.import, self.now).map(|at| stamp(at, self.clock))
    }

    fn things(&self) -> String {
        let words = match self.import.kind {
            ImportKind::Institutions => ("institution", "institutions"),
            ImportKind::Bookings => ("booking", "bookings"),
            ImportKind::Sessions => ("draft", "drafts"),
            ImportKind::People => ("person", "people"),
        };
        wording::count(self.total, words.0, words.1)
    }

    fn more(&self) -> usize {
        self.total.saturating_sub(MOST)
    }
}

/// What something is called now; only its key where it is gone.
async fn line(conn: &mut Conn, kind: ImportKind, made: Made) -> Result<Line, StoreError> {
    let kept = made.kept;
    let gone = |key: String| (key, None);
    let (name, href) = match kind {
        ImportKind::Institutions => {
            let code: Option<InstitutionCode> = made.key.parse().ok();
            let found = match &code {
                Some(code) => institutions::find(conn, code).await?,
                None => None,
            };
            found.map_or_else(
                || gone(made.key.clone()),
                |one| (one.name, Some(paths::office::institution(&one.code))),
            )
        }
        ImportKind::Sessions => {
            let code: Option<SessionCode> = made.key.parse().ok();
            let found = match &code {
                Some(code) => sessions::find(conn, code).await?,
                None => None,
            };
            found.map_or_else(
                || gone(made.key.clone()),
                |one| {
                    let name = format!("{}, {}", one.course.title, wording::days(&one));
                    (name, Some(paths::office::session(&one.code)))
                },
            )
        }
        ImportKind::People => {
            let id: Option<PersonId> = made.key.parse().ok();
            let found = match id {
                Some(id) => people::known(conn, id).await?,
                None => None,
            };
            found.map_or_else(
                || gone("Not known any more".to_owned()),
                |one| (one.name.to_string(), Some(paths::office::person(&one.id))),
            )
        }
        ImportKind::Bookings => {
            let id: Option<RegistrationId> = made.key.parse().ok();
            let found = match id {
                Some(id) => registrations::find(conn, id).await?,
                None => None,
            };
            found.map_or_else(
                || gone("Not there any more".to_owned()),
                |one| {
                    let people = wording::count(one.places.len(), "person", "people");
                    let name = format!("{}, {people}, {}", one.leader.name, one.reference);
                    (name, Some(paths::office::booking(&one.reference)))
                },
            )
        }
    };
    Ok(Line { name, href, kept })
}

async fn drawn(
    desk: &Desk,
    who: &Who,
    import: Import,
    (notice, asks): (Option<String>, bool),
) -> Result<MadePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let mut made = imports::made(&mut conn, import.id).await?;
    let (total, kept) = (made.len(), made.iter().filter(|one| one.kept.is_some()).count());
    // What stayed is named first.
    made.sort_by_key(|one| (one.kept.is_none(), one.number));
    let mut lines = Vec::new();
    for one in made.into_iter().take(MOST) {
        lines.push(line(&mut conn, import.kind, one).await?);
    }
    Ok(MadePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        clock: clock_of(&who.member, &alliances),
        now: desk.ctx.now(),
        import,
        notice,
        lines,
        total,
        kept,
        asks,
    })
}

/// The page of a file that was imported.
pub async fn page(
    desk: &Desk,
    who: &Who,
    import: Import,
    done: Option<&str>,
) -> Result<Page<MadePage>, Failure> {
    let notice = match done {
        Some("made") => Some("Imported. What the file held is forgotten.".to_owned()),
        Some(other) => other.strip_prefix("back-").and_then(taken_back),
        None => None,
    };
    Ok(Page::ok(drawn(desk, who, import, (notice, false)).await?))
}

/// What is said after it was taken back: how many are gone, and how many stay.
fn taken_back(counts: &str) -> Option<String> {
    let (gone, kept) = counts.split_once('-')?;
    let (gone, kept): (usize, usize) = (gone.parse().ok()?, kept.parse().ok()?);
    let said = format!("{} taken back.", wording::count(gone, "thing is", "things are"));
    Some(match kept {
        0 => said,
        _ => format!("{said} {} and why is named below.", wording::count(kept, "stays,", "stay,")),
    })
}

#[get("/office/import/<id>/take-back")]
async fn ask_back(
    desk: &State<Desk>,
    who: Who,
    id: Uuid,
) -> Result<Either<Page<MadePage>, Redirect>, Failure> {
    let import = import_for(desk, &who, id).await?;
    if until(&import, desk.ctx.now()).is_none() {
        return Ok(Either::Right(Redirect::to(paths::files::import_file(&id))));
    }
    Ok(Either::Left(Page::ok(drawn(desk, &who, import, (None, true)).await?)))
}

#[post("/office/import/<id>/take-back")]
async fn back(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: Uuid,
) -> Result<Redirect, Failure> {
    import_for(desk, &who, id).await?;
    let here = paths::files::import_file(&id);
    match take_back(&desk.ctx, &who.member, id).await {
        Ok(done) => Ok(Redirect::to(here.done(format_args!("back-{}-{}", done.gone, done.kept)))),
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(ImportError::NoSuchFile) => Err(Failure::NotFound),
        Err(_) => Ok(Redirect::to(here)),
    }
}
