//! Everybody who is nominated, narrowed by where it stands, course and session.

use askama::Template;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{
        course::Course,
        id::{CourseSlug, SessionCode},
        nomination::{NominationState, Nominator},
    },
    store::{
        catalogue,
        nominations::{self, SeenNomination},
    },
    web::{
        Desk,
        asked::{self, given},
        failure::Failure,
        guard::{Granted, ManageBookings},
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

/// What narrows the list.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    state: Option<&'r str>,
    course: Option<&'r str>,
    session: Option<&'r str>,
    page: Option<&'r str>,
}

#[derive(Template)]
#[template(path = "office/nominations/list.html")]
struct NominationsPage {
    chrome: Chrome,
    shown: Listing<SeenNomination>,
    courses: Vec<Course>,
    state: Option<NominationState>,
    course: Option<CourseSlug>,
    session: Option<SessionCode>,
}

impl NominationsPage {
    fn states(&self) -> &'static [NominationState] {
        NominationState::ALL
    }

    fn state_of(&self, seen: &SeenNomination) -> NominationState {
        seen.0.state(seen.1)
    }

    fn title(&self, slug: &CourseSlug) -> String {
        let course = self.courses.iter().find(|one| one.slug == *slug);
        course.map_or_else(|| slug.to_string(), |course| course.title.clone())
    }

    fn is_narrowed(&self) -> bool {
        self.state.is_some() || self.course.is_some() || self.session.is_some()
    }

    fn by(&self, seen: &SeenNomination) -> String {
        match &seen.0.by {
            Nominator::Staff(login) => login.to_string(),
            Nominator::Leader(_) => "a leader".to_owned(),
        }
    }

    fn nominate(&self) -> Href {
        match &self.session {
            Some(code) => paths::records::new_nomination_for(code),
            None => paths::records::new_nomination(),
        }
    }
}

#[get("/office/nominations?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<ManageBookings>,
    asked: Asked<'_>,
) -> Result<Page<NominationsPage>, Failure> {
    let state = asked::one("state", asked.state, "it is where a nomination stands, such as asked")?;
    let course = asked::one("course", asked.course, "it is the short name of a course")?;
    let session = asked::one("session", asked.session, "it is the code of a session")?;
    let page = paging::asked(asked.page)?;
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut found = nominations::list(&mut conn, within).await?;
    found.retain(|(one, facts)| {
        state.is_none_or(|state| one.state(*facts) == state)
            && course.as_ref().is_none_or(|course| one.course == *course)
            && session.as_ref().is_none_or(|code| one.session.as_ref() == Some(code))
    });
    let narrowed = [
        ("state", given(asked.state).unwrap_or_default()),
        ("course", given(asked.course).unwrap_or_default()),
        ("session", given(asked.session).unwrap_or_default()),
    ];
    Ok(Page::ok(NominationsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        courses: catalogue::courses(&mut conn).await?,
        shown: Listing::of(found, page, paths::records::nominations(), &narrowed)?,
        state,
        course,
        session,
    }))
}
