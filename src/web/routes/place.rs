//! An attendee's own, weaker link: her place, her needs, give it up; never the team.

use chrono::{DateTime, Utc};
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{
            cancel_places::{Which, cancel_places},
            change_attendee::{ChangeError, change_attendee},
        },
        waiting::release_declined::keep_place,
    },
    domain::{audit::Actor, place::Place, registration::Registration, session::Session},
    store::{
        links::{self, LinkTarget},
        places, registrations, replies, sessions,
    },
    token::Token,
    web::{
        Desk,
        certificate::Attended,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        leader::place::{GiveUpPage, OwnPlacePage},
        page::{Area, Page},
        public::pages::GivenUpPage,
        routes::{
            leader::reason,
            own_after::attended,
            people_form::{Person, prefill_person},
        },
    },
};

/// What an attendee's link opens.
pub(super) struct Opened {
    pub(super) session: Session,
    pub(super) registration: Registration,
    pub(super) place: Place,
    /// When it goes to somebody else, because her calendar said no.
    release_at: Option<DateTime<Utc>>,
}

pub(super) async fn open(desk: &Desk, token: &Token) -> Result<Opened, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let target = links::find(&mut conn, token.hash(), desk.ctx.now()).await?;
    let Some(LinkTarget::Attendee(id)) = target else { return Err(Failure::NotFound) };
    let owner = places::registration_of(&mut conn, id).await?.ok_or(Failure::NotFound)?;
    let registration = registrations::find(&mut conn, owner).await?.ok_or(Failure::NotFound)?;
    let session =
        sessions::find(&mut conn, &registration.session).await?.ok_or(Failure::NotFound)?;
    let place = registration.places.iter().find(|place| place.id == id);
    let place = place.cloned().ok_or(Failure::NotFound)?;
    let release_at = replies::release_at(&mut conn, id).await?;
    Ok(Opened { session, registration, place, release_at })
}

pub(super) fn base(token: &Token) -> String {
    format!("/p/{}", token.secret())
}

fn page(
    desk: &Desk,
    opened: Opened,
    token: &Token,
    form: FormState,
    notice: Option<String>,
    attended: Option<Attended>,
) -> OwnPlacePage {
    OwnPlacePage {
        attended,
        chrome: desk.private_chrome(Area::Booking),
        leader_name: opened.registration.leader.name.to_string(),
        session: opened.session,
        place: opened.place,
        base: base(token),
        form,
        notice,
        release_at: opened.release_at,
        now: desk.ctx.now(),
    }
}

#[get("/p/<token>?<done>")]
async fn show(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<OwnPlacePage>, Failure> {
    let opened = open(desk, &token).await?;
    let mut form = FormState::default();
    if let Some(attendee) = &opened.place.attendee {
        prefill_person(&mut form, "", attendee);
    }
    let notice = match done {
        Some("saved") => Some("Saved.".to_owned()),
        Some("kept") => Some("You kept your place.".to_owned()),
        _ => None,
    };
    let attended = attended(desk, &opened).await?;
    Ok(Page::ok(page(desk, opened, &token, form, notice, attended)))
}

#[post("/p/<token>/needs", data = "<fields>")]
async fn needs(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Result<Redirect, Page<OwnPlacePage>>, Failure> {
    let opened = open(desk, &token).await?;
    let known = opened.place.attendee.clone().ok_or(Failure::NotFound)?;
    let mut form = FormState::default();
    form.keep("diet", fields.get("diet"));
    form.keep("access", fields.get("access"));
    let person = Person {
        name: known.name.as_str(),
        email: known.email.as_ref().map_or("", |email| email.as_str()),
        diet: fields.get("diet"),
        access: fields.get("access"),
        guardian: None,
    };
    let Some(mut attendee) = person.parse("", "your name", &mut form) else {
        return Ok(Err(Page::unprocessable(page(desk, opened, &token, form, None, None))));
    };
    attendee.guardian = known.guardian;
    let (id, place) = (opened.registration.id, opened.place.id);
    match change_attendee(&desk.ctx, &Actor::Attendee, id, place, attendee).await {
        Ok(_) | Err(ChangeError::TooLate) => {}
        Err(ChangeError::NoSuchPlace) => return Err(Failure::NotFound),
        Err(ChangeError::Store(error)) => return Err(error.into()),
    }
    Ok(Ok(Redirect::to(format!("{}?done=saved", base(&token)))))
}

#[post("/p/<token>/keep")]
async fn keep(desk: &State<Desk>, _origin: SameOrigin, token: Token) -> Result<Redirect, Failure> {
    let Opened { place, .. } = open(desk, &token).await?;
    let kept = keep_place(&desk.ctx, place.id).await?;
    Ok(Redirect::to(format!("{}{}", base(&token), if kept { "?done=kept" } else { "" })))
}

#[get("/p/<token>/cancel")]
async fn ask(desk: &State<Desk>, token: Token) -> Result<Page<GiveUpPage>, Failure> {
    let Opened { session, registration, .. } = open(desk, &token).await?;
    let chrome = desk.private_chrome(Area::Booking);
    let leader_name = registration.leader.name.to_string();
    Ok(Page::ok(GiveUpPage { chrome, session, leader_name, base: base(&token) }))
}

#[post("/p/<token>/cancel", data = "<fields>")]
async fn give_up(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let Opened { registration, place, .. } = open(desk, &token).await?;
    let (why, which) = (reason(&fields), Which::One(place.id));
    cancel_places(&desk.ctx, &Actor::Attendee, registration.id, which, why.as_ref()).await?;
    Ok(Redirect::to("/place-given-up"))
}

#[get("/place-given-up")]
fn given_up(desk: &State<Desk>) -> Page<GivenUpPage> {
    Page::ok(GivenUpPage { chrome: desk.private_chrome(Area::Booking) })
}

pub fn routes() -> Vec<Route> {
    routes![show, needs, keep, ask, give_up, given_up]
}
