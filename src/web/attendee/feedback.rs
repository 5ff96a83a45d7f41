//! Three questions, after the last day.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::ask_feedback::{OPEN_FOR, give_feedback},
    domain::{
        feedback::{Feedback, Useful},
        session::Session,
        text::Paragraph,
        wording,
    },
    store::feedback,
    token::Token,
    web::{
        Desk,
        attendee::opened::{Opened, base, name, opened},
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::SameOrigin,
        page::{Area, Chrome, Page},
    },
};

/// Three questions.
#[derive(Template)]
#[template(path = "attendee/feedback.html")]
struct FeedbackPage {
    chrome: Chrome,
    session: Session,
    /// The private link's path, `/p/<token>`.
    base: String,
    /// Fields `useful`, `recommend` and `change`.
    form: FormState,
    /// Whether she has answered.
    thanks: bool,
    /// Whether she can answer now.
    is_open: bool,
    /// Whether the time to answer is over.
    is_over: bool,
    /// Until when she can.
    until: String,
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
    let opened = opened(desk, &token).await?;
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
    let opened = opened(desk, &token).await?;
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
    routes![questions, answer]
}
