//! Nominating somebody for a course.

use std::borrow::Cow;

use askama::Template;
use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use super::talk::{self, TalkField};
use crate::{
    actions::asking::nominate::{Nominated, nominate},
    domain::{
        alliance::Alliance,
        contact::{ContactFault, EmailAddress, PhoneNumber},
        course::Course,
        id::{AllianceSlug, PersonId, SessionCode},
        institution::Institution,
        nomination::{Nominator, Which},
        person::Person,
    },
    store::{Conn, catalogue, institutions, people, sessions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState},
        guard::{Granted, ManageBookings, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, send]
}

type Who = Granted<ManageBookings>;

/// The fields, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Person,
    Name,
    Email,
    Tel,
    Institution,
    Alliance,
    Course,
    Session,
    Reason,
    Talk(TalkField),
}

impl Field {
    /// All of them.
    fn all() -> Vec<Self> {
        let said = [
            Self::Person,
            Self::Name,
            Self::Email,
            Self::Tel,
            Self::Institution,
            Self::Alliance,
            Self::Course,
            Self::Session,
            Self::Reason,
        ];
        let talks = [Which::Before, Which::After].map(talk::fields).into_iter().flatten();
        said.into_iter().chain(talks.map(Self::Talk)).collect()
    }
}

impl FormField for Field {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Person => "person".into(),
            Self::Name => "name".into(),
            Self::Email => "email".into(),
            Self::Tel => "tel".into(),
            Self::Institution => "institution".into(),
            Self::Alliance => "alliance".into(),
            Self::Course => "course".into(),
            Self::Session => "session".into(),
            Self::Reason => "reason".into(),
            Self::Talk(field) => field.name(),
        }
    }
}

/// Whom or for what, where the page was come to from there.
#[derive(Debug, FromForm)]
struct From<'r> {
    person: Option<&'r str>,
    session: Option<&'r str>,
    course: Option<&'r str>,
}

#[derive(Template)]
#[template(path = "office/nominations/new.html")]
struct NewPage {
    chrome: Chrome,
    courses: Vec<Course>,
    /// Those she organises, where she has to say which.
    alliances: Vec<Alliance>,
    groups: Vec<(String, Vec<Institution>)>,
    form: FormState<Field>,
}

impl NewPage {
    /// The fields of a talk.
    fn talk(&self, which: Which) -> [Field; 3] {
        talk::fields(which).map(Field::Talk)
    }

    fn courses(&self) -> Vec<(&str, &str)> {
        self.courses.iter().map(|one| (one.slug.as_str(), one.title.as_str())).collect()
    }
}

async fn page(desk: &Desk, who: &Who, form: FormState<Field>) -> Result<NewPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut alliances = catalogue::alliances(&mut conn).await?;
    alliances.retain(|one| who.reaches(&one.slug));
    let listed = institutions::all(&mut conn).await?;
    let of = |alliance: &Alliance| {
        let members = listed.iter().filter(|one| one.alliance == alliance.slug).cloned();
        (alliance.name.clone(), members.collect())
    };
    Ok(NewPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        courses: catalogue::courses(&mut conn).await?,
        groups: alliances.iter().map(of).collect(),
        alliances,
        form,
    })
}

/// Somebody we know, whom the organiser may see.
async fn known(conn: &mut Conn, who: &Who, typed: &str) -> Result<Option<Person>, Failure> {
    let Ok(id) = typed.parse::<PersonId>() else { return Ok(None) };
    if !who.reaches_everything() && !people::is_within(conn, id, &who.member.login).await? {
        return Err(Failure::Forbidden);
    }
    Ok(people::known(conn, id).await?)
}

#[get("/office/new-nomination?<asked..>")]
async fn show(desk: &State<Desk>, who: Who, asked: From<'_>) -> Result<Page<NewPage>, Failure> {
    let mut form = FormState::default();
    form.fill(Field::Course, asked.course.unwrap_or_default());
    let mut conn = desk.ctx.store.read().await?;
    if let Some(person) = known(&mut conn, &who, asked.person.unwrap_or_default()).await? {
        form.fill(Field::Person, person.id.to_string());
        form.fill(Field::Name, person.name.as_str());
        form.fill(Field::Email, person.email.as_ref().map_or("", EmailAddress::as_str));
        form.fill(Field::Tel, person.phone.as_ref().map_or("", PhoneNumber::as_str));
        form.fill(Field::Institution, person.institution.as_ref().map_or("", |code| code.as_str()));
    }
    if let Ok(code) = asked.session.unwrap_or_default().parse::<SessionCode>()
        && let Some(session) = sessions::find(&mut conn, &code).await?
    {
        who.on(&session)?;
        form.fill(Field::Session, code.as_str());
        form.fill(Field::Course, session.course.slug.as_str());
        form.fill(Field::Alliance, session.alliance.slug.as_str());
    }
    drop(conn);
    form.attempt_as(desk.attempt());
    Ok(Page::ok(page(desk, &who, form).await?))
}

/// For what, and whose organisers look after it.
async fn about(
    conn: &mut Conn,
    who: &Who,
    form: &mut FormState<Field>,
) -> Result<Option<(Course, Option<SessionCode>, AllianceSlug)>, Failure> {
    let courses = catalogue::courses(conn).await?;
    let course = courses.into_iter().find(|one| form.is(Field::Course, one.slug.as_str()));
    if course.is_none() {
        form.fault(Field::Course, "Choose a course");
    }
    let mut session = None;
    let typed = form.value(Field::Session).trim().to_owned();
    if !typed.is_empty() {
        let code = typed.parse::<SessionCode>().ok();
        let found = match &code {
            Some(code) => sessions::find(conn, code).await?,
            None => None,
        };
        let is_of = |slug| course.as_ref().is_some_and(|course| course.slug == slug);
        match found {
            Some(found) if is_of(found.course.slug.clone()) => session = Some(found),
            Some(_) => form.fault(Field::Session, "This session is of another course"),
            None => form.fault(Field::Session, "Enter a session code, such as S001"),
        }
    }
    if let Some(session) = &session {
        who.on(session)?;
    }
    let mut alliance = session.as_ref().map(|session| session.alliance.slug.clone());
    let typed = form.value(Field::Institution).to_owned();
    if let (None, Ok(code)) = (&alliance, typed.parse()) {
        alliance = institutions::find(conn, &code).await?.map(|one| one.alliance);
    }
    if alliance.is_none() {
        let mut own = catalogue::alliances(conn).await?;
        own.retain(|one| who.reaches(&one.slug));
        let is_only = own.len() == 1;
        let chosen =
            own.into_iter().find(|one| is_only || form.is(Field::Alliance, one.slug.as_str()));
        alliance = chosen.map(|one| one.slug);
    }
    let Some(alliance) = alliance else {
        form.fault(Field::Alliance, "Choose whose organisers look after it");
        return Ok(None);
    };
    who.within(&alliance)?;
    let session = session.map(|session| session.code);
    Ok(course.map(|course| (course, session, alliance)))
}

/// How she is reached, if at all.
fn reached(form: &mut FormState<Field>) -> (Option<EmailAddress>, Option<PhoneNumber>) {
    let email = form.optional_email(Field::Email, "the email address");
    let phone = match form.value(Field::Tel).parse::<PhoneNumber>() {
        Err(ContactFault::Empty) => None,
        phone => {
            let words = |_| "Check the telephone number, such as 07700 900117".to_owned();
            form.take(Field::Tel, phone, words)
        }
    };
    (email, phone)
}

/// Everything that was typed, if it can be used.
async fn typed(
    conn: &mut Conn,
    who: &Who,
    form: &mut FormState<Field>,
) -> Result<Option<Nominated>, Failure> {
    let person = known(conn, who, form.value(Field::Person)).await?;
    let name = form.line::<120>(Field::Name, "the name of whoever you nominate");
    let (email, phone) = reached(form);
    let institution = match form.value(Field::Institution).trim() {
        "" => None,
        typed => match typed.parse() {
            Ok(code) if institutions::find(conn, &code).await?.is_some() => Some(code),
            _ => {
                form.fault(Field::Institution, "Choose an institution from the list");
                None
            }
        },
    };
    let reason = form.paragraph(Field::Reason, "the reason");
    if reason.is_none() && form.error(Field::Reason).is_none() {
        form.fault(Field::Reason, "Say why they should go");
    }
    let about = about(conn, who, form).await?;
    let talks = [Which::Before, Which::After].map(|one| talk::typed(form, Field::Talk, one));
    let (Some(name), Some(reason), Some((course, session, alliance)), [Some(before), Some(after)]) =
        (name, reason, about, talks)
    else {
        return Ok(None);
    };
    Ok(form.is_valid().then(|| Nominated {
        course: course.slug,
        session,
        alliance,
        person: person.map(|person| person.id),
        name,
        email,
        phone,
        institution,
        reason,
        by: Nominator::Staff(who.member.login.clone()),
        talks: (before, after),
    }))
}

#[post("/office/new-nomination", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Either<Redirect, Page<NewPage>>, Failure> {
    let mut form = FormState::sent_for(&fields, &Field::all());
    let new = typed(&mut desk.ctx.store.read().await?, &who, &mut form).await?;
    let Some(new) = new else {
        return Ok(Either::Right(Page::unprocessable(page(desk, &who, form).await?)));
    };
    let attempt = fields.attempt();
    let id = nominate(&desk.ctx, new, attempt.as_ref()).await?;
    Ok(Either::Left(Redirect::to(paths::records::nomination(&id).done("nominated"))))
}
