//! Nominating somebody of the leader's institution for a course: an organiser decides.

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::asking::nominate::{Nominated, nominate},
    domain::{
        course::Course,
        id::InstitutionCode,
        nomination::{NominationState, Nominator, Talk},
        registration::Registration,
        session::Session,
    },
    store::{
        catalogue, institutions,
        nominations::{self, SeenNomination},
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        leader::opened::booked,
        limits::BookingPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field {
        Course = "course",
        Name = "name",
        Email = "email",
        Phone = "tel",
        Reason = "reason",
    }
}

/// How many people the leader of one booking nominates at most.
const MOST: usize = 20;

#[derive(Template)]
#[template(path = "leader/nominate.html")]
struct NominatePage {
    chrome: Chrome,
    institution: String,
    courses: Vec<Course>,
    /// Whom she nominated before.
    before: Vec<SeenNomination>,
    attempt: String,
    form: FormState<Field>,
    notice: Option<&'static str>,
    token: Token,
}

impl NominatePage {
    fn courses(&self) -> Vec<(&str, &str)> {
        self.courses.iter().map(|one| (one.slug.as_str(), one.title.as_str())).collect()
    }

    fn title(&self, seen: &SeenNomination) -> String {
        let course = self.courses.iter().find(|one| one.slug == seen.0.course);
        course.map_or_else(|| seen.0.course.to_string(), |course| course.title.clone())
    }

    /// Where it stands, as far as it concerns her.
    fn state(&self, seen: &SeenNomination) -> &'static str {
        match seen.0.state(seen.1) {
            NominationState::Proposed => "The organiser decides",
            NominationState::Declined => "The organiser said no",
            NominationState::Withdrawn => "Taken back",
            NominationState::Nominated => "Nominated",
            NominationState::Asked
            | NominationState::Answered
            | NominationState::Waiting
            | NominationState::Booked => "Asked",
            NominationState::Came | NominationState::Reviewed => "Came",
        }
    }
}

/// Her institution: only one on the list nominates.
fn institution(booking: &Registration) -> Result<InstitutionCode, Failure> {
    booking.sender.code().cloned().ok_or(Failure::NotFound)
}

async fn page(
    desk: &Desk,
    token: Token,
    (_, booking): &(Session, Registration),
    form: FormState<Field>,
) -> Result<NominatePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    Ok(NominatePage {
        chrome: desk.private_chrome(Area::Booking),
        institution: booking.sender.name().unwrap_or_default().to_owned(),
        courses: catalogue::courses(&mut conn).await?,
        before: nominations::by_booking(&mut conn, booking.id).await?,
        attempt: desk.attempt(),
        form,
        notice: None,
        token,
    })
}

#[get("/r/<token>/nominate?<done>")]
async fn ask(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<NominatePage>, Failure> {
    let about = booked(desk, &token).await?;
    institution(&about.1)?;
    let notice = (done == Some("nominated"))
        .then_some("Thank you. The organiser reads it and decides whom to ask.");
    let page = page(desk, token, &about, FormState::default()).await?;
    Ok(Page::ok(NominatePage { notice, ..page }))
}

/// What was typed, if it can be used.
async fn typed(
    desk: &Desk,
    (booking, code): (&Registration, InstitutionCode),
    form: &mut FormState<Field>,
) -> Result<Option<Nominated>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let from = institutions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    let courses = catalogue::courses(&mut conn).await?;
    let course = courses.into_iter().find(|one| form.is(Field::Course, one.slug.as_str()));
    if course.is_none() {
        form.fault(Field::Course, "Choose a course");
    }
    let name = form.line::<120>(Field::Name, "the name of whoever you nominate");
    let email = form.optional_email(Field::Email, "the email address");
    let phone = match form.value(Field::Phone).trim() {
        "" => None,
        typed => {
            let phone = typed.parse();
            let words = |_| "Check the telephone number, such as 07700 900117".to_owned();
            form.take(Field::Phone, phone, words)
        }
    };
    let reason = form.paragraph(Field::Reason, "the reason");
    if reason.is_none() && form.error(Field::Reason).is_none() {
        form.fault(Field::Reason, "Say why they should go");
    }
    if nominations::by_booking(&mut conn, booking.id).await?.len() >= MOST {
        form.fault(Field::Name, "You have nominated many people. Please phone us about more");
    }
    let (Some(course), Some(name), Some(reason)) = (course, name, reason) else { return Ok(None) };
    Ok(form.is_valid().then(|| Nominated {
        course: course.slug,
        session: None,
        alliance: from.alliance,
        person: None,
        name,
        email,
        phone,
        institution: Some(code),
        reason,
        by: Nominator::Leader(booking.id),
        talks: (Talk::default(), Talk::default()),
    }))
}

#[post("/r/<token>/nominate", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: BookingPace,
    token: Token,
    fields: Fields,
) -> Result<Either<Redirect, Page<NominatePage>>, Failure> {
    let about = booked(desk, &token).await?;
    let code = institution(&about.1)?;
    let mut form = FormState::sent(&fields);
    let Some(new) = typed(desk, (&about.1, code), &mut form).await? else {
        let template = page(desk, token, &about, form).await?;
        return Ok(Either::Right(Page { status: Status::UnprocessableEntity, template }));
    };
    nominate(&desk.ctx, new, fields.attempt().as_ref()).await?;
    Ok(Either::Left(Redirect::to(paths::leader::nominate(&token).done("nominated"))))
}

pub fn routes() -> Vec<Route> {
    routes![ask, send]
}
