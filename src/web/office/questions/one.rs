//! One question, to change it.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{
    Owner,
    form::{QuestionField, as_option, field, filled, kinds, read},
    list::{about, field_of},
};
use crate::{
    actions::{
        edit::EditError,
        questions::keep::{KeepError, change_question},
    },
    domain::{
        audit::{Actor, AuditedRecord},
        id::{CourseSlug, QuestionCode, SessionCode},
        question::Question,
        staff::StaffMember,
    },
    store::{catalogue, questions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::{Granted, ManageCourses, PlanSessions, SameOrigin},
        office::edits::{self, EditLine},
        page::{Area, Chrome, Page},
        words::{clock_of, in_words, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![of_course, save_course, of_session, save_session]
}

#[derive(Template)]
#[template(path = "office/questions/one.html")]
struct QuestionPage {
    chrome: Chrome,
    owner: Owner,
    question: Question,
    is_retired: bool,
    /// What it may hang on.
    earlier: Vec<Question>,
    form: FormState<QuestionField>,
    edits: Vec<EditLine>,
}

impl QuestionPage {
    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        kinds()
    }

    fn earlier(&self) -> Vec<(&str, String)> {
        self.earlier.iter().map(as_option).collect()
    }

    fn about(&self) -> String {
        about(&self.question)
    }
}

/// The question, if it is this owner's.
async fn page(
    desk: &Desk,
    who: &StaffMember,
    owner: Owner,
    code: &QuestionCode,
    form: Option<FormState<QuestionField>>,
) -> Result<QuestionPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = questions::find(&mut conn, code).await?.filter(|(one, _)| one.of == owner.of);
    let (question, retired_at) = found.ok_or(Failure::NotFound)?;
    let own = questions::of(&mut conn, &owner.of).await?;
    let earlier = own.into_iter().take_while(|one| one.code != *code);
    let earlier = owner.before.iter().cloned().chain(earlier).collect();
    let clock = clock_of(who, &catalogue::alliances(&mut conn).await?);
    let edits = edits::of(&mut conn, AuditedRecord::Question(code.clone()), clock).await?;
    Ok(QuestionPage {
        chrome: desk.signed_in_chrome(Area::Office, who),
        owner,
        form: form.unwrap_or_else(|| filled(&question)),
        question,
        is_retired: retired_at.is_some(),
        earlier,
        edits,
    })
}

#[get("/office/courses/<slug>/questions/<question>")]
async fn of_course(
    desk: &State<Desk>,
    who: Granted<ManageCourses>,
    slug: CourseSlug,
    question: QuestionCode,
) -> Result<Page<QuestionPage>, Failure> {
    let owner = Owner::course(&mut desk.ctx.store.read().await?, &who, &slug).await?;
    Ok(Page::ok(page(desk, &who.member, owner, &question, None).await?))
}

#[get("/office/sessions/<code>/questions/<question>")]
async fn of_session(
    desk: &State<Desk>,
    who: Granted<PlanSessions>,
    code: SessionCode,
    question: QuestionCode,
) -> Result<Page<QuestionPage>, Failure> {
    let owner = Owner::session(&mut desk.ctx.store.read().await?, &who, &code).await?;
    Ok(Page::ok(page(desk, &who.member, owner, &question, None).await?))
}

type Saved = Result<Result<Redirect, Page<QuestionPage>>, Failure>;

#[post("/office/courses/<slug>/questions/<question>", data = "<fields>")]
async fn save_course(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManageCourses>,
    slug: CourseSlug,
    question: QuestionCode,
    fields: Fields,
) -> Saved {
    let owner = Owner::course(&mut desk.ctx.store.read().await?, &who, &slug).await?;
    save(desk, &who.member, owner, question, &fields).await
}

#[post("/office/sessions/<code>/questions/<question>", data = "<fields>")]
async fn save_session(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<PlanSessions>,
    code: SessionCode,
    question: QuestionCode,
    fields: Fields,
) -> Saved {
    let owner = Owner::session(&mut desk.ctx.store.read().await?, &who, &code).await?;
    save(desk, &who.member, owner, question, &fields).await
}

async fn save(
    desk: &Desk,
    who: &StaffMember,
    owner: Owner,
    code: QuestionCode,
    fields: &Fields,
) -> Saved {
    let (mut form, sent) = read(fields, owner.of.clone(), code.clone());
    let Some(sent) = sent else {
        let page = page(desk, who, owner, &code, Some(form)).await?;
        return Ok(Err(Page::unprocessable(page)));
    };
    let (actor, drawn) = (Actor::Staff(who.login.clone()), edited::drawn(fields));
    match change_question(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(()) => Ok(Ok(Redirect::to(owner.list().done("saved")))),
        Err(KeepError::Edit(EditError::NoSuch)) => Err(Failure::NotFound),
        Err(KeepError::Edit(EditError::Store(error))) => Err(error.into()),
        Err(KeepError::Edit(EditError::Conflicts(conflicts))) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let zone = zone_of(who, &catalogue::alliances(&mut conn).await?);
            edited::tell_of(&mut conn, &mut form, &conflicts, (&actor, zone), field).await?;
            drop(conn);
            Ok(Err(Page::conflict(page(desk, who, owner, &code, Some(form)).await?)))
        }
        Err(error) => {
            form.fault(field_of(&error), in_words(&error.to_string()));
            let page = page(desk, who, owner, &code, Some(form)).await?;
            Ok(Err(Page::unprocessable(page)))
        }
    }
}
