//! One thing that is handed out: what it is called, who may read it, and taking it away.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use super::add::HandoutField;
use crate::{
    actions::handouts::hand_out::{change_handout, take_away},
    domain::{
        handout::{HandedOut, Handout, Paper},
        id::HandoutId,
    },
    store::{handouts, sessions},
    web::{
        Desk,
        download::Download,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, PlanSessions, SameOrigin},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save, file]
}

type Who = Granted<PlanSessions>;

#[derive(Template)]
#[template(path = "office/handouts/one.html")]
struct HandoutPage {
    chrome: Chrome,
    one: Handout,
    back: Href,
    form: FormState<HandoutField>,
}

/// Where it stands among others.
fn list(of: &HandedOut) -> Href {
    match of {
        HandedOut::Session(code) => paths::handouts::of_session(code),
        HandedOut::Course(slug) => paths::handouts::of_course(slug),
    }
}

/// The one in an address, for whoever plans the session, or every session of the course.
async fn found(desk: &Desk, who: &Who, id: HandoutId) -> Result<Handout, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let one = handouts::find(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    match &one.of {
        HandedOut::Session(code) => {
            let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
            who.on(&session)?;
        }
        HandedOut::Course(_) if who.reaches_everything() => {}
        HandedOut::Course(_) => return Err(Failure::Forbidden),
    }
    Ok(one)
}

fn page(desk: &Desk, who: &Who, one: Handout, form: FormState<HandoutField>) -> HandoutPage {
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    HandoutPage { chrome, back: list(&one.of), one, form }
}

#[get("/office/handouts/<id>")]
async fn show(desk: &State<Desk>, who: Who, id: HandoutId) -> Result<Page<HandoutPage>, Failure> {
    let one = found(desk, &who, id).await?;
    let mut form = FormState::default();
    form.fill(HandoutField::Title, one.title.as_str());
    form.fill(HandoutField::Audience, one.audience.as_str());
    Ok(Page::ok(page(desk, &who, one, form)))
}

#[post("/office/handouts/<id>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: HandoutId,
    fields: Fields,
) -> Result<Either<Redirect, Page<HandoutPage>>, Failure> {
    let one = found(desk, &who, id).await?;
    let to = |done: &str| Ok(Either::Left(Redirect::to(list(&one.of).done(done))));
    if fields.is("act", "remove") {
        take_away(&desk.ctx, &who.actor(), &one).await?;
        return to("removed");
    }
    let mut form = FormState::sent(&fields);
    let title = form.line::<120>(HandoutField::Title, "what it is called");
    let audience = match form.value(HandoutField::Audience) {
        "" => Some(one.audience),
        _ => form.choice(HandoutField::Audience, "Choose who may read it"),
    };
    if let (Some(title), Some(audience)) = (title, audience) {
        let changed = Handout { title, audience, ..one.clone() };
        if changed != one {
            change_handout(&desk.ctx, &who.actor(), &changed).await?;
        }
        return to("saved");
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, one, form))))
}

#[get("/office/handouts/<id>/file")]
async fn file(desk: &State<Desk>, who: Who, id: HandoutId) -> Result<Download, Failure> {
    let one = found(desk, &who, id).await?;
    match &one.paper {
        Paper::File { name, .. } => {
            let mut conn = desk.ctx.store.read().await?;
            Ok(Download::paper(name, handouts::content(&mut conn, id).await?)?)
        }
        Paper::Link(_) => Err(Failure::NotFound),
    }
}
