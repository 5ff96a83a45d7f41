//! Under an attendee's link: her code for the door, her certificate, and three questions.

use rocket::{Either, Route, State, get, http::ContentType, post, response::Redirect, routes};

use crate::{
    actions::letters::ask_feedback::{OPEN_FOR, give_feedback},
    domain::{
        feedback::{Feedback, Useful},
        place::PlaceStatus,
        text::Paragraph,
        wording,
    },
    store::{door, feedback},
    token::Token,
    web::{
        Desk,
        certificate::{Attended, Certificate, CertificatePage, pdf},
        download::Download,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        leader::after::{FeedbackPage, TicketPage},
        page::{Area, Page},
        qr,
        routes::place::{Opened, base, open},
    },
};

/// The name on a place that is hers.
fn name(opened: &Opened) -> Result<String, Failure> {
    let is_hers = opened.place.state.status() == PlaceStatus::Confirmed;
    let attendee = opened.place.attendee.as_ref().filter(|_| is_hers);
    attendee.map(|attendee| attendee.name.to_string()).ok_or(Failure::NotFound)
}

#[get("/p/<token>/ticket")]
async fn ticket(desk: &State<Desk>, token: Token) -> Result<Page<TicketPage>, Failure> {
    let opened = open(desk, &token).await?;
    let name = name(&opened)?;
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(TicketPage { chrome, session: opened.session, name, base: base(&token) }))
}

/// The address is the place's, not her private link's: a photograph of it opens nothing but the
/// trainer's own list.
#[get("/p/<token>/code.svg")]
async fn code(desk: &State<Desk>, token: Token) -> Result<(ContentType, String), Failure> {
    let opened = open(desk, &token).await?;
    name(&opened)?;
    let address = format!("{}/door/{}", desk.ctx.sender.base_url, opened.place.id);
    Ok((ContentType::SVG, qr::svg(&address).ok_or(Failure::Broken)?))
}

/// What somebody attended of a session, once anything is known.
pub(super) async fn attended(desk: &Desk, opened: &Opened) -> Result<Option<Attended>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let counts = door::attended_sittings(&mut conn, &opened.session.code).await?;
    let days = counts.get(&opened.place.id).and_then(|days| usize::try_from(*days).ok());
    Ok(days.filter(|days| *days > 0).map(|days| Attended::of(&opened.session, days)))
}

/// Her certificate, if she has one: the session is over and she attended enough of it.
async fn certificate_of(desk: &Desk, token: &Token) -> Result<Certificate, Failure> {
    let opened = open(desk, token).await?;
    let name = name(&opened)?;
    let is_over = opened.session.ends_at().is_some_and(|end| end <= desk.ctx.now());
    let attended = attended(desk, &opened).await?.filter(|one| is_over && one.is_enough());
    Ok(Certificate::of(&opened.session, &name, attended.ok_or(Failure::NotFound)?))
}

#[get("/p/<token>/certificate")]
async fn certificate(desk: &State<Desk>, token: Token) -> Result<Page<CertificatePage>, Failure> {
    let certificate = certificate_of(desk, &token).await?;
    let has_pdf = pdf::can_write(&certificate);
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CertificatePage { chrome, certificate, base: base(&token), has_pdf }))
}

/// The PDF; the page where its font lacks a letter of the name.
#[get("/p/<token>/certificate.pdf")]
async fn certificate_pdf(
    desk: &State<Desk>,
    token: Token,
) -> Result<Either<Download, Redirect>, Failure> {
    let certificate = certificate_of(desk, &token).await?;
    if !pdf::can_write(&certificate) {
        return Ok(Either::Right(Redirect::to(format!("{}/certificate", base(&token)))));
    }
    Ok(Either::Left(Download::pdf("certificate", pdf::render(&[certificate]))?))
}

fn feedback_page(
    desk: &Desk,
    token: &Token,
    opened: Opened,
    form: FormState,
    thanks: bool,
) -> FeedbackPage {
    let now = desk.ctx.now();
    let (ends, zone) = (opened.session.ends_at(), opened.session.zone());
    let closes = ends.map(|ends| ends + OPEN_FOR);
    FeedbackPage {
        chrome: desk.private_chrome(Area::Booking),
        base: base(token),
        form,
        thanks,
        is_open: ends.is_some_and(|ends| ends <= now) && closes.is_some_and(|at| now < at),
        is_over: closes.is_some_and(|at| at <= now),
        until: closes.map_or_else(String::new, |at| wording::deadline(at, zone)),
        session: opened.session,
    }
}

#[get("/p/<token>/feedback")]
async fn questions(desk: &State<Desk>, token: Token) -> Result<Page<FeedbackPage>, Failure> {
    let opened = open(desk, &token).await?;
    name(&opened)?;
    let mut conn = desk.ctx.store.read().await?;
    let known = feedback::of_place(&mut conn, opened.place.id).await?;
    drop(conn);
    let mut form = FormState::default();
    if let Some(known) = &known {
        form.keep("useful", known.useful.number().to_string());
        form.keep("recommend", known.recommend.as_str());
        form.keep("change", known.change.as_ref().map_or("", Paragraph::as_str));
    }
    Ok(Page::ok(feedback_page(desk, &token, opened, form, known.is_some())))
}

#[post("/p/<token>/feedback", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Either<Redirect, Page<FeedbackPage>>, Failure> {
    let opened = open(desk, &token).await?;
    name(&opened)?;
    let mut form = FormState::default();
    for field in ["useful", "recommend", "change"] {
        form.keep(field, fields.get(field));
    }
    let useful = fields.get("useful").parse().ok().and_then(Useful::new);
    if useful.is_none() {
        form.fault("useful", "Choose a number from 1 to 5");
    }
    let recommend = fields.get("recommend").parse().ok();
    if recommend.is_none() {
        form.fault("recommend", "Choose yes, maybe or no");
    }
    let change = Paragraph::parse_optional(fields.get("change"));
    if change.is_err() {
        form.fault("change", "Shorten it to 1,000 letters or fewer");
    }
    let place = opened.place.id;
    let page = feedback_page(desk, &token, opened, form, false);
    let (Some(useful), Some(recommend), Ok(change), true) =
        (useful, recommend, change, page.is_open)
    else {
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    give_feedback(&desk.ctx, place, &Feedback { useful, recommend, change }).await?;
    Ok(Either::Left(Redirect::to(format!("{}/feedback", base(&token)))))
}

pub fn routes() -> Vec<Route> {
    routes![ticket, code, certificate, certificate_pdf, questions, answer]
}
