//! What was answered on a booking, for whoever looks after it: read, and put right as somebody says it on the
//! telephone.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::questions::answer::answer_questions,
    domain::{
        question::Question, reference::Reference, registration::Registration, session::Session,
        wording,
    },
    store::{
        answers::{self, StandingAnswer},
        questions,
    },
    web::{
        Desk,
        asking::{self, Asking, Strict, Whom},
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::booking_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, answer]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/questions.html")]
struct BookingAnswersPage {
    chrome: Chrome,
    session: Session,
    registration: Registration,
    asking: Asking,
    /// Answers to questions that are another by now, or are not asked any more.
    old: Vec<(String, StandingAnswer)>,
}

/// Whose answer it is.
pub fn whose(registration: &Registration, one: &StandingAnswer) -> String {
    let place = registration.places.iter().find(|place| Some(place.id) == one.place);
    match place {
        Some(place) => crate::web::leader::words::called(place),
        None => "The booking".to_owned(),
    }
}

fn is_asked(questions: &[Question], one: &StandingAnswer) -> bool {
    !one.answered.is_old && questions.iter().any(|asked| asked.code == one.answered.question)
}

async fn page(
    desk: &Desk,
    who: &Who,
    (session, registration): (Session, Registration),
    asking: Option<Asking>,
) -> Result<BookingAnswersPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let asked = questions::asked(&mut conn, &session).await?;
    let sheet = answers::given(&mut conn, registration.id).await?;
    let mut standing = answers::of_registration(&mut conn, registration.id).await?;
    standing.retain(|one| !is_asked(&asked, one));
    let old = standing.into_iter().map(|one| (whose(&registration, &one), one)).collect();
    let asking =
        asking.unwrap_or_else(|| asking::filled(&asked, &sheet, &Whom::all(&registration)));
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(BookingAnswersPage { chrome, session, registration, asking, old })
}

#[get("/office/bookings/<reference>/questions")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
) -> Result<Page<BookingAnswersPage>, Failure> {
    let found = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    Ok(Page::ok(page(desk, &who, found, None).await?))
}

#[post("/office/bookings/<reference>/questions", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Result<Redirect, Page<BookingAnswersPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, registration) = booking_for(&mut conn, &who, &reference).await?;
    let asked = questions::asked(&mut conn, &session).await?;
    let sheet = answers::given(&mut conn, registration.id).await?;
    drop(conn);
    let whom = Whom::all(&registration);
    let (asking, answers) = asking::merged(&asked, &fields, (&sheet, &whom), Strict::Nothing);
    if !asking.is_valid() {
        let status = asking.status();
        let template = page(desk, &who, (session, registration), Some(asking)).await?;
        return Ok(Err(Page { status, template }));
    }
    let back = paths::office::booking(&reference);
    match answer_questions(&desk.ctx, &who.actor(), registration.id, &answers).await {
        Ok(()) => Ok(Ok(Redirect::to(back.done("answered")))),
        Err(error) => Err(Failure::from(error).leads(back, "Back to the booking")),
    }
}
