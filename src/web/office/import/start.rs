//! Choosing a file, and the files of before.

use askama::Template;
use rocket::{
    Either, FromForm, Route, State, get, post, response::Redirect, routes,
    tokio::task::spawn_blocking,
};

use crate::{
    actions::imports::{
        ImportError,
        keep_file::{NewFile, keep_file},
        take_back::until,
    },
    domain::{
        id::SessionCode,
        import::{ImportKind, MOST_ROWS},
        permission::{Permission, allows},
        wording,
    },
    store::{
        catalogue,
        imports::{self, Import},
        sessions,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{FormState, Upload, form_fields},
        guard::{Granted, ImportFiles, SameOrigin},
        page::{Area, Chrome, Page},
        paging::{self, Pager},
        paths::{self, Href},
        read_sheet::{self, FileFault, MOST_BYTES, ReadFile},
        words::{ReadersClock, clock_of, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, bring]
}

type Who = Granted<ImportFiles>;

form_fields! {
    enum Field {
        Kind = "kind",
        Session = "session",
        File = "file",
        Pasted = "pasted",
    }
}

/// What a file can bring in, in words.
pub fn kind_name(kind: ImportKind) -> &'static str {
    match kind {
        ImportKind::Institutions => "Institutions",
        ImportKind::Bookings => "Bookings of one session",
        ImportKind::Sessions => "Sessions, as drafts",
        ImportKind::People => "People to know beforehand",
    }
}

/// A file of before, with how many things it made.
struct Earlier {
    import: Import,
    made: i64,
}

#[derive(Template)]
#[template(path = "office/import/start.html")]
struct ImportPage {
    chrome: Chrome,
    notice: Option<&'static str>,
    form: FormState<Field>,
    earlier: Vec<Earlier>,
    pager: Pager,
    clock: ReadersClock,
    now: chrono::DateTime<chrono::Utc>,
}

impl ImportPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let hint = |kind| match kind {
            ImportKind::Institutions => "Names, kinds and alliances for the list",
            ImportKind::Bookings => "Who comes, as a school or parish sends it",
            ImportKind::Sessions => "Courses with dates, times and venues: the term at once",
            ImportKind::People => "Names with addresses and numbers, before they book",
        };
        ImportKind::ALL.iter().map(|kind| (kind.as_str(), kind_name(*kind), hint(*kind))).collect()
    }

    fn most_megabytes(&self) -> usize {
        MOST_BYTES / 1024 / 1024
    }

    fn most_rows(&self) -> String {
        wording::count(MOST_ROWS, "row", "rows").replace("2000", "2,000")
    }

    fn href(&self, one: &Earlier) -> Href {
        paths::files::import_file(&one.import.id)
    }

    /// `Institutions, 26 November at 9am`.
    fn name(&self, one: &Earlier) -> String {
        let file = one.import.file_name.as_deref();
        file.unwrap_or(kind_name(one.import.kind)).to_owned()
    }

    fn about(&self, one: &Earlier) -> String {
        let at = stamp(one.import.at, self.clock);
        let session = one.import.session.as_ref().map(|code| format!(", session {code}"));
        let session = session.unwrap_or_default();
        format!("{}{session}, brought by {}, {at}", kind_name(one.import.kind), one.import.made_by)
    }

    fn standing(&self, one: &Earlier) -> String {
        let made = usize::try_from(one.made).unwrap_or(0);
        match (one.import.made_at, one.import.undone_at) {
            (_, Some(_)) => "Taken back".to_owned(),
            (Some(_), None) if until(&one.import, self.now).is_some() => {
                format!("{made} made, can be taken back")
            }
            (Some(_), None) => format!("{made} made"),
            (None, _) => "Not imported yet".to_owned(),
        }
    }
}

/// Which part of the list, for which session, and what was just done.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    session: Option<&'r str>,
    page: Option<&'r str>,
    done: Option<&'r str>,
}

async fn page(
    desk: &Desk,
    who: &Who,
    mut form: FormState<Field>,
    (number, done): (i64, Option<&str>),
) -> Result<ImportPage, Failure> {
    form.attempt_as(desk.attempt());
    let mut conn = desk.ctx.store.read().await?;
    let of = (!who.reaches_everything()).then_some(&who.member.login);
    let found = imports::latest(&mut conn, of, paging::window(number)).await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let mut earlier = Vec::with_capacity(found.items.len());
    for import in found.items {
        let made = imports::count_made(&mut conn, import.id).await?;
        earlier.push(Earlier { import, made });
    }
    Ok(ImportPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: done.filter(|done| *done == "gone").map(|_| "The file is thrown away."),
        form,
        earlier,
        pager: Pager::of(number, found.total, paths::files::import(), &[])?,
        clock: clock_of(&who.member, &alliances),
        now: desk.ctx.now(),
    })
}

#[get("/office/import?<asked..>")]
async fn ask(desk: &State<Desk>, who: Who, asked: Asked<'_>) -> Result<Page<ImportPage>, Failure> {
    let mut form = FormState::default();
    let session = asked.session.unwrap_or_default().trim();
    form.fill(Field::Session, session);
    let usual = if session.is_empty() { "" } else { "bookings" };
    form.fill(Field::Kind, usual);
    let number = paging::asked(asked.page)?;
    Ok(Page::ok(page(desk, &who, form, (number, asked.done)).await?))
}

type Brought = Upload<MOST_BYTES>;

/// Reads the file where it may take its time, and where a damaged one takes nothing with it.
async fn table(upload: Brought) -> Result<(ReadFile, Option<String>), FileFault> {
    let Upload { bytes, fields, name, .. } = upload;
    let bytes = if bytes.is_empty() { fields.of(Field::Pasted).as_bytes().to_vec() } else { bytes };
    let read = spawn_blocking(move || read_sheet::read(&bytes)).await;
    Ok((read.unwrap_or(Err(FileFault::Unreadable))?, name))
}

/// The session whose bookings a file brings, where she may book for others.
async fn session(
    desk: &Desk,
    who: &Who,
    typed: &str,
    form: &mut FormState<Field>,
) -> Result<Option<SessionCode>, Failure> {
    let code: Option<SessionCode> = typed.parse().ok();
    let mut conn = desk.ctx.store.read().await?;
    let session = match &code {
        Some(code) => sessions::find(&mut conn, code).await?,
        None => None,
    };
    let session = session.filter(|one| allows(&who.member, Permission::ManageBookings, one));
    if session.is_none() {
        form.fault(Field::Session, "Enter the code of one of your sessions, such as S001");
    }
    Ok(session.map(|session| session.code))
}

#[post("/office/import", data = "<upload>")]
async fn bring(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    upload: Brought,
) -> Result<Either<Redirect, Page<ImportPage>>, Failure> {
    let mut form = FormState::sent(&upload.fields);
    let kind = form.value(Field::Kind).trim().parse::<ImportKind>().ok();
    let has_none = upload.bytes.is_empty() && form.value(Field::Pasted).trim().is_empty();
    if upload.is_too_long {
        let most = MOST_BYTES / 1024 / 1024;
        form.fault(
            Field::File,
            format!("The file is larger than {most} MB. Split it, or leave out pictures"),
        );
    } else if kind.is_none() {
        form.fault(Field::Kind, "Say what is in the file");
    }
    let mut code = None;
    if kind == Some(ImportKind::Bookings) {
        code = session(desk, &who, upload.fields.of(Field::Session).trim(), &mut form).await?;
    }
    if has_none && !upload.is_too_long {
        form.fault(Field::File, "Choose a file, or paste the cells");
    }
    if let (true, Some(kind)) = (form.is_valid(), kind) {
        let attempt = upload.attempt();
        match table(upload).await {
            Ok((ReadFile { sheet, how }, name)) => {
                let file = NewFile { kind, name, how, sheet, session: code };
                return match keep_file(&desk.ctx, &who.member, file, attempt.as_ref()).await {
                    Ok(id) => Ok(Either::Left(Redirect::to(paths::files::import_file(&id)))),
                    Err(ImportError::Store(error)) => Err(error.into()),
                    Err(_) => Err(Failure::NotFound),
                };
            }
            Err(fault) => form.fault(Field::File, fault.to_string()),
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, form, (1, None)).await?)))
}
