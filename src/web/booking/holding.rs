//! The first step of booking: places are held for whoever goes on, and what she typed before comes with her.

use rocket::{
    Route, State, get,
    http::{Cookie, CookieJar, SameSite},
    post,
    response::Redirect,
    routes,
};

use super::{
    draft::Draft,
    form::{Field, explain, prefill},
    hold::{HOLD_COOKIE, is_held, own_typing},
    people_form::{numbers, parse},
    questions::save_typed,
    remembered,
    start::{
        BookingStart, Sent, StartKind, can_wait, is_open, read, session, start_page, to_session,
    },
    steps::{Steps, books_alone},
    typing::onward,
    waiting::{join, refusal},
};
use crate::{
    actions::booking::{
        hold_places::{Held, hold_places},
        name_attendees::name_attendees,
        refusals::HoldError,
    },
    domain::{
        id::{SeriesId, SessionCode},
        registration::{Leader, Registration},
        session::Session,
    },
    store::series_bookings,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        leader::opened::opened_by,
        limits::BookingPace,
        next::Next,
        page::Page,
        paths,
    },
};

#[get("/sessions/<code>/register?<then>")]
async fn start(
    desk: &State<Desk>,
    code: SessionCode,
    then: Option<&str>,
    cookies: &CookieJar<'_>,
) -> Result<Next<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let typing = own_typing(desk, cookies, &code).await;
    if let Some(series) = booked_together(desk, &session, typing.as_ref()).await? {
        let to = paths::booking::start_series(&series);
        let to = if then.is_some() { to.with("then", "check") } else { to };
        return Ok(Next::Go(Box::new(Redirect::to(to))));
    }
    let hold = typing.as_ref().filter(|(_, typed)| is_held(desk, typed));
    if !is_open(desk, &session) {
        return Ok(to_session(&code));
    }
    if session.occupancy.free() == 0 && hold.is_none() {
        return Ok(if can_wait(&session) {
            Next::Go(Box::new(Redirect::to(paths::booking::waiting_list(&code))))
        } else {
            to_session(&code)
        });
    }
    let mut form = FormState::default();
    prefill(&mut form, typing.as_ref().map(|(_, registration)| registration));
    if typing.is_none() {
        remembered::fill(cookies, &mut form);
    }
    form.fill(Field::Then, then.unwrap_or_default());
    form.fill(Field::Attempt, Token::generate(&*desk.ctx.random).secret());
    let page = start_page(desk, session, StartKind::Hold { short: false }, form).await?;
    Ok(Next::Show(Box::new(Page::ok(page))))
}

/// The series of which an evening is not booked alone: it never is, or its leader chose others with it.
async fn booked_together(
    desk: &Desk,
    session: &Session,
    typing: Option<&(Token, Registration)>,
) -> Result<Option<SeriesId>, Failure> {
    if let Some(series) = session.whole_series() {
        return Ok(Some(series.clone()));
    }
    let (Some(series), Some((_, typing))) = (&session.series, typing) else { return Ok(None) };
    let mut conn = desk.ctx.store.read().await?;
    let together = series_bookings::of(&mut conn, typing.id).await?;
    Ok(together.filter(|one| one.all.len() > 1).map(|_| series.id.clone()))
}

#[post("/sessions/<code>/register", data = "<fields>")]
async fn hold(
    desk: &State<Desk>,
    _origin: SameOrigin,
    pace: BookingPace,
    code: SessionCode,
    cookies: &CookieJar<'_>,
    fields: Fields,
) -> Result<Next<BookingStart>, Failure> {
    let session = session(desk, &code).await?;
    let kind = StartKind::Hold { short: false };
    let (mut request, mut form) = match read(desk, &session, kind, &fields).await? {
        Sent::Read(read) => *read,
        Sent::Again(step) => return Ok(step),
    };
    if fields.has(Field::Action, "join") {
        return join(desk, session, request, form).await;
    }
    let earlier = own_typing(desk, cookies, &code).await.map(|(_, earlier)| earlier);
    request.network = pace.network;
    request.instead_of = earlier.as_ref().map(|earlier| earlier.id);
    let (leader, comes) = (request.leader.clone(), request.leader_comes);
    match hold_places(&desk.ctx, request).await {
        Ok(held) => go_on(desk, cookies, (held, &form), earlier, (leader, comes)).await,
        Err(HoldError::Store(error)) => Err(error.into()),
        Err(refused @ HoldError::WholeSeries(_)) => {
            Err(onward(Failure::from(refused), desk, (&session, None)))
        }
        Err(refused) => {
            explain(&refused, &session, desk, &mut form);
            let short =
                matches!(refused, HoldError::NotEnough { .. } | HoldError::InstitutionLimit { .. });
            let kind = StartKind::Hold { short: short && can_wait(&session) };
            let template = start_page(desk, session, kind, form).await?;
            let status = refusal(&refused);
            Ok(Next::Show(Box::new(Page { status, template })))
        }
    }
}

/// Where whoever has places held goes on, with what she typed before.
pub(super) async fn go_on(
    desk: &Desk,
    cookies: &CookieJar<'_>,
    (held, form): (Held, &FormState<Field>),
    earlier: Option<Registration>,
    (leader, comes): (Leader, bool),
) -> Result<Next<BookingStart>, Failure> {
    let cookie = Cookie::build((HOLD_COOKIE, held.token.secret().to_owned()))
        .same_site(SameSite::Lax)
        .http_only(true)
        .secure(desk.ctx.letterhead.base_url.starts_with("https://"))
        .path("/");
    cookies.add_private(cookie);
    remembered::keep(desk, cookies, form);
    let (session, _) = opened_by(desk, &held.token).await?;
    let steps = Steps::of(&session.code, &held.token);
    let is_whole = match earlier.filter(|earlier| earlier.id != held.registration) {
        Some(earlier) => carry_on(desk, &held, &earlier, (&leader, comes)).await?,
        None => false,
    };
    let checks = is_whole && form.is(Field::Then, "check");
    Ok(Next::Go(Box::new(Redirect::to(if checks { steps.check } else { steps.people }))))
}

/// Brings what was typed about people over to another hold of hers; whether everybody is named on it, so that
/// nothing is left but the last page.
async fn carry_on(
    desk: &Desk,
    held: &Held,
    earlier: &Registration,
    (leader, comes): (&Leader, bool),
) -> Result<bool, Failure> {
    let draft = Draft::of(desk, earlier.id).await?;
    if draft.is_empty() {
        return Ok(false);
    }
    let draft = draft.moved(earlier, leader, comes);
    draft.keep(desk, held.registration).await?;
    let (session, registration) = opened_by(desk, &held.token).await?;
    let mut form = FormState::default();
    draft.fill(&mut form, &numbers(&registration));
    let people = parse(&session, &registration, &mut form, session.course.needs_guardian);
    name_attendees(&desk.ctx, held.registration, &people).await?;
    let asked = save_typed(desk, &draft, &held.token).await?;
    Ok(form.is_valid() && !books_alone(&session, &registration, &asked))
}

pub fn routes() -> Vec<Route> {
    routes![start, hold]
}
