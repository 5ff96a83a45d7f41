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
        attendee::opened::{Opened, name, opened},
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field {
        Useful = "useful",
        Recommend = "recommend",
        Change = "change",
    }
}

/// Three questions.
#[derive(Template)]
#[template(path = "attendee/feedback.html")]
struct FeedbackPage {
    chrome: Chrome,
    session: Session,
    /// Their private link.
    token: Token,
    form: FormState<Field>,
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
    form: FormState<Field>,
    thanks: bool,
) -> FeedbackPage {
    let now = desk.ctx.now();
    let (ends, zone) = (opened.session.ends_at(), opened.session.zone());
    let closes = ends.map(|ends| ends + OPEN_FOR);
    FeedbackPage {
        chrome: desk.private_chrome(Area::Booking),
        token: token.clone(),
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
        form.fill(Field::Useful, known.useful.number().to_string());
        form.fill(Field::Recommend, known.recommend.as_str());
        form.fill(Field::Change, known.change.as_ref().map_or("", Paragraph::as_str));
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
    let mut form = FormState::sent(&fields);
    let useful = fields.of(Field::Useful).parse().ok().and_then(Useful::new);
    let useful =
        form.take(Field::Useful, useful.ok_or(()), |()| "Choose a number from 1 to 5".to_owned());
    let recommend = form.choice(Field::Recommend, "Choose yes, maybe or no");
    let change = Paragraph::parse_optional(fields.of(Field::Change));
    let change =
        form.take(Field::Change, change, |_| "Shorten it to 1,000 letters or fewer".to_owned());
    let place = opened.place.id;
    let page = feedback_page(desk, &token, opened, form, false);
    let (Some(useful), Some(recommend), Some(change), true) =
        (useful, recommend, change, page.is_open)
    else {
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    give_feedback(&desk.ctx, place, &Feedback { useful, recommend, change }).await?;
    Ok(Either::Left(Redirect::to(paths::attendee::feedback(&token))))
}

pub fn routes() -> Vec<Route> {
    routes![questions, answer]
}
