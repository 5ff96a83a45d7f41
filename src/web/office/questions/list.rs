//! The questions of a course or a session, in the order in which they are asked.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{
    Owner,
    form::{QuestionField, as_option, empty, kinds, read},
};
use crate::{
    actions::{
        edit::EditError,
        questions::ask_missing::silent,
        questions::keep::{KeepError, add_question, add_questions, move_question, retire_question},
    },
    domain::{
        id::{CourseSlug, QuestionCode, SessionCode},
        question::{Asked, Question, QuestionKind, QuestionOf},
        staff::StaffMember,
        wording,
    },
    store::{questions, sessions},
    web::{
        Desk,
        asking::{AskedPart, preview},
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, ManageCourses, PlanSessions, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![of_course, change_course, of_session, change_session]
}

#[derive(Template)]
#[template(path = "office/questions/list.html")]
struct QuestionsPage {
    chrome: Chrome,
    owner: Owner,
    notice: Option<&'static str>,
    own: Vec<Question>,
    retired: Vec<Question>,
    /// How many have not answered what they must.
    silent: usize,
    /// The form of one more.
    form: FormState<QuestionField>,
    /// How it looks to whoever books.
    preview: Vec<AskedPart>,
}

impl QuestionsPage {
    /// What it may hang on: what is asked before it.
    fn earlier(&self) -> Vec<(&str, String)> {
        self.owner.before.iter().chain(&self.own).map(as_option).collect()
    }

    /// Whose questions they are, if a session's.
    fn session(&self) -> Option<&SessionCode> {
        match &self.owner.of {
            QuestionOf::Session(code) => Some(code),
            QuestionOf::Course(_) => None,
        }
    }

    fn silent(&self) -> String {
        wording::count(self.silent, "person has", "people have")
    }

    fn kinds(&self) -> Vec<(&'static str, &'static str)> {
        kinds()
    }

    fn about(&self, question: &Question) -> String {
        about(question)
    }
}

/// `Each person, one of several answers. Must be answered. Sensitive`.
pub fn about(question: &Question) -> String {
    let who = match question.asked {
        Asked::Booking => "Whoever books, once",
        Asked::Person => "Each person",
    };
    let mut parts = vec![format!("{who}: {}", question.kind.called().to_lowercase())];
    if question.is_required {
        parts.push("must be answered".to_owned());
    }
    if question.is_sensitive {
        parts.push("sensitive".to_owned());
    }
    if let Some(when) = &question.shown_when {
        parts.push(format!("only where {} says \u{201c}{}\u{201d}", when.question, when.says));
    }
    let seen = [
        (question.for_trainer, "trainers"),
        (question.for_helper, "helpers at the door"),
        (question.for_kitchen, "the kitchen"),
        (question.for_sheet, "the sign-in sheet"),
    ];
    let seen: Vec<&str> = seen.iter().filter(|one| one.0).map(|one| one.1).collect();
    let also = match seen.as_slice() {
        [] => "the office alone sees it".to_owned(),
        seen => {
            format!("the office sees it, and {}", crate::domain::wording::list(seen))
        }
    };
    parts.push(also);
    parts.join("; ")
}

async fn page(
    desk: &Desk,
    who: &StaffMember,
    owner: Owner,
    form: FormState<QuestionField>,
) -> Result<QuestionsPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let own = questions::of(&mut conn, &owner.of).await?;
    let retired = questions::retired(&mut conn, &owner.of).await?;
    let silent = match &owner.of {
        QuestionOf::Session(code) => match sessions::find(&mut conn, code).await? {
            Some(session) => silent(&mut conn, &session).await?.len(),
            None => 0,
        },
        QuestionOf::Course(_) => 0,
    };
    let all: Vec<Question> = owner.before.iter().chain(&own).cloned().collect();
    Ok(QuestionsPage {
        chrome: desk.signed_in_chrome(Area::Office, who),
        preview: preview(&all),
        owner,
        notice: None,
        own,
        retired,
        silent,
        form,
    })
}

fn notice(done: &str) -> Option<&'static str> {
    Some(match done {
        "added" => "The question is added. Whoever books from now on is asked it.",
        "saved" => "Saved. What was answered before stays readable in the words it answered.",
        "retired" => "It is not asked any more. What was answered stays readable.",
        "again" => "It is asked again, after the others.",
        "moved" => "Moved.",
        "first" => "It cannot stand before the question it hangs on.",
        "needed" => {
            "Another question is asked only of whoever answers this one. Change that one first."
        }
        "many" => {
            "There are so many questions already that no more can be asked. Retire one first."
        }
        "usual" => "The usual questions of an application are added. Change them as you like.",
        _ => return None,
    })
}

async fn show(
    desk: &Desk,
    who: &StaffMember,
    owner: Owner,
    done: Option<&str>,
) -> Result<Page<QuestionsPage>, Failure> {
    let page = page(desk, who, owner, empty(desk.attempt())).await?;
    Ok(Page::ok(QuestionsPage { notice: done.and_then(notice), ..page }))
}

#[get("/office/courses/<slug>/questions?<done>")]
async fn of_course(
    desk: &State<Desk>,
    who: Granted<ManageCourses>,
    slug: CourseSlug,
    done: Option<&str>,
) -> Result<Page<QuestionsPage>, Failure> {
    let owner = Owner::course(&mut desk.ctx.store.read().await?, &who, &slug).await?;
    show(desk, &who.member, owner, done).await
}

#[get("/office/sessions/<code>/questions?<done>")]
async fn of_session(
    desk: &State<Desk>,
    who: Granted<PlanSessions>,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<QuestionsPage>, Failure> {
    let owner = Owner::session(&mut desk.ctx.store.read().await?, &who, &code).await?;
    show(desk, &who.member, owner, done).await
}

type Changed = Result<Result<Redirect, Page<QuestionsPage>>, Failure>;

#[post("/office/courses/<slug>/questions", data = "<fields>")]
async fn change_course(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ManageCourses>,
    slug: CourseSlug,
    fields: Fields,
) -> Changed {
    let owner = Owner::course(&mut desk.ctx.store.read().await?, &who, &slug).await?;
    change(desk, &who.member, owner, &fields).await
}

#[post("/office/sessions/<code>/questions", data = "<fields>")]
async fn change_session(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<PlanSessions>,
    code: SessionCode,
    fields: Fields,
) -> Changed {
    let owner = Owner::session(&mut desk.ctx.store.read().await?, &who, &code).await?;
    change(desk, &who.member, owner, &fields).await
}

/// A question is moved, retired, asked again or added.
async fn change(desk: &Desk, who: &StaffMember, owner: Owner, fields: &Fields) -> Changed {
    let actor = crate::domain::audit::Actor::Staff(who.login.clone());
    let back = |done: &str| Ok(Ok(Redirect::to(owner.list().done(done))));
    for (verb, done) in
        [("up", "moved"), ("down", "moved"), ("retire", "retired"), ("ask", "again")]
    {
        let Ok(code) = fields.get(verb).parse::<QuestionCode>() else { continue };
        let which = (&owner.of, &code);
        let kept = match verb {
            "up" | "down" => move_question(&desk.ctx, &actor, which, verb == "up").await,
            verb => retire_question(&desk.ctx, &actor, which, verb == "retire").await,
        };
        return match kept {
            Ok(()) => back(done),
            Err(KeepError::Unaskable(_)) => back("first"),
            Err(KeepError::Needed) => back("needed"),
            Err(KeepError::TooMany) => back("many"),
            Err(KeepError::Edit(EditError::Store(error))) => Err(error.into()),
            Err(KeepError::Edit(_)) => Err(Failure::NotFound),
        };
    }
    if fields.is("usual", "1") {
        let usual = usual(&owner);
        return match add_questions(&desk.ctx, &actor, &usual, fields.attempt().as_ref()).await {
            Ok(()) => back("usual"),
            Err(KeepError::Edit(EditError::Store(error))) => Err(error.into()),
            Err(_) => back("many"),
        };
    }
    let (mut form, question) = read(fields, owner.of.clone(), QuestionCode::numbered(1));
    if let Some(question) = question {
        let attempt = fields.attempt();
        match add_question(&desk.ctx, &actor, &question, attempt.as_ref()).await {
            Ok(_) => return back("added"),
            Err(KeepError::Edit(EditError::Store(error))) => return Err(error.into()),
            Err(error) => form.fault(field_of(&error), in_words(&error.to_string())),
        }
    }
    Ok(Err(Page::unprocessable(page(desk, who, owner, form).await?)))
}

/// Beside which field a refusal stands.
pub fn field_of(error: &KeepError) -> QuestionField {
    use crate::domain::question::Unaskable;
    match error {
        KeepError::Unaskable(Unaskable::FewOptions | Unaskable::SameOptions) => {
            QuestionField::Options
        }
        KeepError::Unaskable(Unaskable::NotBefore) => QuestionField::WhenQuestion,
        KeepError::Unaskable(Unaskable::NoSuchAnswer) => QuestionField::WhenSays,
        KeepError::TooMany | KeepError::Needed | KeepError::Edit(_) => QuestionField::Wording,
    }
}

/// What an application usually begins with.
fn usual(owner: &Owner) -> Vec<Question> {
    let question = |wording: &str, help: &str, is_required| Question {
        code: QuestionCode::numbered(1),
        of: owner.of.clone(),
        revision: 1,
        asked: Asked::Person,
        kind: QuestionKind::LongText,
        wording: wording.to_owned(),
        help: Some(help.to_owned()),
        options: Vec::new(),
        most: Some(2_000),
        is_required,
        is_sensitive: false,
        shown_when: None,
        for_trainer: true,
        for_helper: false,
        for_kitchen: false,
        for_sheet: false,
    };
    vec![
        question(
            "Why do you want to come?",
            "What you hope to learn, and what you will do with it. The organiser reads this",
            true,
        ),
        question(
            "What have you organised, or helped to organise, so far?",
            "Nothing yet is a good answer too",
            false,
        ),
    ]
}
