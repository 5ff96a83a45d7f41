//! Nominating somebody for a course.

use askama::Template;
use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use super::talk;
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
        text::Paragraph,
    },
    store::{Conn, catalogue, institutions, people, sessions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        forms::{
            ATTEMPT,
            text::{complaint, line},
        },
        guard::{Granted, ManageBookings, SameOrigin},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, send]
}

type Who = Granted<ManageBookings>;

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
    form: FormState,
}

async fn page(desk: &Desk, who: &Who, form: FormState) -> Result<NewPage, Failure> {
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
    form.keep("course", asked.course.unwrap_or_default());
    let mut conn = desk.ctx.store.read().await?;
    if let Some(person) = known(&mut conn, &who, asked.person.unwrap_or_default()).await? {
        form.keep("person", person.id.to_string());
        form.keep("name", person.name.as_str());
        form.keep("email", person.email.as_ref().map_or("", EmailAddress::as_str));
        form.keep("tel", person.phone.as_ref().map_or("", PhoneNumber::as_str));
        form.keep("institution", person.institution.as_ref().map_or("", |code| code.as_str()));
    }
    if let Ok(code) = asked.session.unwrap_or_default().parse::<SessionCode>()
        && let Some(session) = sessions::find(&mut conn, &code).await?
    {
        who.on(&session)?;
        form.keep("session", code.as_str());
        form.keep("course", session.course.slug.as_str());
        form.keep("alliance", session.alliance.slug.as_str());
    }
    drop(conn);
    form.keep(ATTEMPT, desk.attempt());
    Ok(Page::ok(page(desk, &who, form).await?))
}

/// For what, and whose organisers look after it.
async fn about(
    conn: &mut Conn,
    who: &Who,
    form: &mut FormState,
) -> Result<Option<(Course, Option<SessionCode>, AllianceSlug)>, Failure> {
    let courses = catalogue::courses(conn).await?;
    let course = courses.into_iter().find(|one| form.is("course", one.slug.as_str()));
    if course.is_none() {
        form.fault("course", "Choose a course");
    }
    let mut session = None;
    let typed = form.value("session").trim().to_owned();
    if !typed.is_empty() {
        let code = typed.parse::<SessionCode>().ok();
        let found = match &code {
            Some(code) => sessions::find(conn, code).await?,
            None => None,
        };
        let is_of = |slug| course.as_ref().is_some_and(|course| course.slug == slug);
        match found {
            Some(found) if is_of(found.course.slug.clone()) => session = Some(found),
            Some(_) => form.fault("session", "This session is of another course"),
            None => form.fault("session", "Enter a session code, such as S001"),
        }
    }
    if let Some(session) = &session {
        who.on(session)?;
    }
    let mut alliance = session.as_ref().map(|session| session.alliance.slug.clone());
    let typed = form.value("institution").to_owned();
    if let (None, Ok(code)) = (&alliance, typed.parse()) {
        alliance = institutions::find(conn, &code).await?.map(|one| one.alliance);
    }
    if alliance.is_none() {
        let mut own = catalogue::alliances(conn).await?;
        own.retain(|one| who.reaches(&one.slug));
        let is_only = own.len() == 1;
        let chosen = own.into_iter().find(|one| is_only || form.is("alliance", one.slug.as_str()));
        alliance = chosen.map(|one| one.slug);
    }
    let Some(alliance) = alliance else {
        form.fault("alliance", "Choose whose organisers look after it");
        return Ok(None);
    };
    who.within(&alliance)?;
    let session = session.map(|session| session.code);
    Ok(course.map(|course| (course, session, alliance)))
}

/// How she is reached, if at all.
fn reached(form: &mut FormState) -> (Option<EmailAddress>, Option<PhoneNumber>) {
    let email = match form.value("email").parse::<EmailAddress>() {
        Ok(email) => Some(email),
        Err(ContactFault::Empty) => None,
        Err(_) => {
            form.fault("email", "Check the email address. It should look like name@example.org");
            None
        }
    };
    let phone = match form.value("tel").parse::<PhoneNumber>() {
        Ok(phone) => Some(phone),
        Err(ContactFault::Empty) => None,
        Err(_) => {
            form.fault("tel", "Check the telephone number, such as 07700 900117");
            None
        }
    };
    (email, phone)
}

/// Everything that was typed, if it can be used.
async fn typed(
    conn: &mut Conn,
    who: &Who,
    fields: &Fields,
    form: &mut FormState,
) -> Result<Option<Nominated>, Failure> {
    for name in [
        "person",
        "name",
        "email",
        "tel",
        "institution",
        "alliance",
        "course",
        "session",
        "reason",
        ATTEMPT,
    ] {
        form.keep(name, fields.get(name));
    }
    let person = known(conn, who, fields.get("person")).await?;
    let name = line::<120>(fields.get("name"), "name", "the name of whoever you nominate", form);
    let (email, phone) = reached(form);
    let institution = match fields.get("institution").trim() {
        "" => None,
        typed => match typed.parse() {
            Ok(code) if institutions::find(conn, &code).await?.is_some() => Some(code),
            _ => {
                form.fault("institution", "Choose an institution from the list");
                None
            }
        },
    };
    let reason = Paragraph::parse_optional(fields.get("reason"));
    match &reason {
        Ok(Some(_)) => {}
        Ok(None) => form.fault("reason", "Say why they should go"),
        Err(fault) => form.fault("reason", complaint(*fault, "the reason")),
    }
    let about = about(conn, who, form).await?;
    let talks = (talk::typed(fields, form, Which::Before), talk::typed(fields, form, Which::After));
    let (
        Some(name),
        Ok(Some(reason)),
        Some((course, session, alliance)),
        (Some(before), Some(after)),
    ) = (name, reason, about, talks)
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
    let mut form = FormState::default();
    let new = typed(&mut desk.ctx.store.read().await?, &who, &fields, &mut form).await?;
    let Some(new) = new else {
        return Ok(Either::Right(Page::unprocessable(page(desk, &who, form).await?)));
    };
    let attempt = fields.attempt();
    let id = nominate(&desk.ctx, new, attempt.as_ref()).await?;
    Ok(Either::Left(Redirect::to(paths::records::nomination(&id).done("nominated"))))
}
