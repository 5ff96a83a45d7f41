//! How far one support of a session is.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::overview::keep_support::{Arranged, SupportError, Which, keep_support},
    domain::{
        id::{SessionCode, SupportId},
        session::Session,
        support::{SupportKind, SupportState, pence, pounds},
        text::{Name, Paragraph},
        wording,
    },
    store::supports,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            overview::arranging::{Line, STATES, lines},
        },
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

type Who = Granted<PlanSessions>;

form_fields! {
    /// The form for something to arrange.
    pub enum SupportField {
        Title = "title",
        State = "state",
        ByWhom = "by_whom",
        Cost = "cost",
        Note = "note",
    }
}

/// How far it can be, as the form has it.
pub fn states() -> [(&'static str, &'static str); 4] {
    STATES.map(|(state, words)| (state.as_str(), words))
}

#[derive(Template)]
#[template(path = "office/supports/one.html")]
struct SupportPage {
    chrome: Chrome,
    session: Session,
    one: Line,
    form: FormState<SupportField>,
}

impl SupportPage {
    fn states(&self) -> [(&'static str, &'static str); 4] {
        states()
    }

    fn people(&self) -> String {
        wording::count(self.one.asking as usize, "person asks", "people ask")
    }
}

/// What was typed, if it can be used.
pub fn arranged(form: &mut FormState<SupportField>, has_title: bool) -> Option<Arranged> {
    let title = match has_title {
        true => form.line::<120>(SupportField::Title, "what it is"),
        false => None,
    };
    let state = match form.value(SupportField::State) {
        "" => Some(SupportState::default()),
        _ => form.choice(SupportField::State, "Choose how far it is"),
    };
    let by_whom = form.optional_line(SupportField::ByWhom, "who does it");
    let cost = match form.value(SupportField::Cost).trim() {
        "" => None,
        typed => {
            let (cost, words) = (pence(typed).ok_or(()), "Enter pounds, such as 85 or 85.50");
            form.take(SupportField::Cost, cost, |()| words.to_owned())
        }
    };
    let note = form.paragraph(SupportField::Note, "the note");
    let state = state.filter(|_| form.is_valid())?;
    Some(Arranged { title, state, by_whom, cost, note })
}

/// What an address names.
fn named(id: &str) -> Option<Which> {
    match id.parse::<SupportKind>() {
        Ok(kind) if kind.is_of_needs() => Some(Which::OfNeeds(kind)),
        Ok(_) => None,
        Err(_) => id.parse::<SupportId>().ok().map(Which::Added),
    }
}

/// The support in an address, as it stands.
async fn find(desk: &Desk, session: &Session, which: Which) -> Result<Line, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let needed = supports::needed_on(&mut conn, &session.code).await?;
    let kept = supports::of_session(&mut conn, &session.code).await?;
    let found = lines(kept, needed).into_iter().find(|line| match which {
        Which::OfNeeds(kind) => line.kind == kind,
        Which::Added(id) => line.kept.as_ref().is_some_and(|kept| kept.id == id),
        Which::New => false,
    });
    match (found, which) {
        (Some(line), _) => Ok(line),
        // Nobody needs it yet; somebody may know that she will.
        (None, Which::OfNeeds(kind)) => Ok(Line { kind, kept: None, asking: 0 }),
        (None, _) => Err(Failure::NotFound),
    }
}

#[get("/office/sessions/<code>/supports/<id>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    id: &str,
) -> Result<Page<SupportPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let one = find(desk, &session, named(id).ok_or(Failure::NotFound)?).await?;
    let mut form = FormState::default();
    form.fill(SupportField::State, one.state().as_str());
    if let Some(kept) = &one.kept {
        form.fill(SupportField::Title, kept.title.clone());
        form.fill(SupportField::ByWhom, kept.by_whom.as_ref().map_or("", Name::as_str));
        let cost = kept.cost.map_or_else(String::new, |cost| pounds(cost.into()));
        form.fill(SupportField::Cost, cost.trim_start_matches('£'));
        form.fill(SupportField::Note, kept.note.as_ref().map_or("", Paragraph::as_str));
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(SupportPage { chrome, session, one, form }))
}

#[post("/office/sessions/<code>/supports/<id>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    id: &str,
    fields: Fields,
) -> Result<Either<Redirect, Page<SupportPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let which = named(id).ok_or(Failure::NotFound)?;
    let one = find(desk, &session, which).await?;
    let mut form = FormState::sent(&fields);
    if let Some(arranged) = arranged(&mut form, matches!(which, Which::Added(_))) {
        match keep_support(&desk.ctx, &who.member.login, (&code, which), arranged).await {
            Ok(()) => {
                let list = paths::desk::session_supports(&code);
                return Ok(Either::Left(Redirect::to(list.done("saved"))));
            }
            Err(SupportError::Store(error)) => return Err(error.into()),
            Err(SupportError::NoSuchSupport) => return Err(Failure::NotFound),
            Err(SupportError::NoTitle) => form.fault(SupportField::Title, "Enter what it is"),
        }
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Either::Right(Page::unprocessable(SupportPage { chrome, session, one, form })))
}
