//! Her certificates: of the sessions she came to, and of a path she has finished.

use askama::Template;
use rocket::{Either, Route, State, get, response::Redirect, routes};

use super::{at_home, whose};
use crate::{
    domain::{
        id::{PathSlug, PersonId, SessionCode},
        path::AttendedSession,
        place::PlaceStatus,
    },
    store::{Conn, certificates, people, sessions},
    token::Token,
    web::{
        Desk,
        certificate::{Attended, Certificate, is_ready, pdf},
        download::Download,
        failure::Failure,
        page::{Area, Chrome, Page},
        path_view::views,
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![finished, finished_pdf, attended, attended_pdf]
}

#[derive(Template)]
#[template(path = "my_path/certificate.html")]
struct CertificatePage {
    chrome: Chrome,
    token: Token,
    certificate: Certificate,
    /// Where it is as a PDF, whose font has every letter of it.
    pdf: Option<Href>,
}

/// The sessions of which somebody has a certificate: she had a place, came to more than half, and it is over.
pub async fn ready(
    desk: &Desk,
    conn: &mut Conn,
    person: PersonId,
    attended: &[AttendedSession],
) -> Result<Vec<SessionCode>, Failure> {
    let seats = people::seats(conn, person).await?;
    let mut ready = Vec::new();
    for one in attended {
        let has_place = seats
            .iter()
            .any(|seat| seat.session == one.session && seat.status == PlaceStatus::Confirmed);
        let Some(session) = sessions::find(conn, &one.session).await?.filter(|_| has_place) else {
            continue;
        };
        if Attended::of(&session, one.came.len()).is_enough() && is_ready(desk, &session).await? {
            ready.push(one.session.clone());
        }
    }
    Ok(ready)
}

/// Her certificate of a path.
async fn of_path(desk: &Desk, token: &Token, slug: &PathSlug) -> Result<Certificate, Failure> {
    let person = whose(desk, token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let (_, today) = at_home(desk, &mut conn, &person).await?;
    let hers = views(&mut conn, person.id, today).await?;
    let view = hers.iter().find(|view| view.on.path == *slug).ok_or(Failure::NotFound)?;
    Certificate::of_path(desk, person.name.as_str(), view).ok_or(Failure::NotFound)
}

/// Her certificate of a session, with the number of her place.
async fn of_session(
    desk: &Desk,
    token: &Token,
    code: &SessionCode,
) -> Result<Certificate, Failure> {
    let person = whose(desk, token).await?;
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
    let hers = certificates::place_of(&mut conn, code, person.id).await?;
    drop(conn);
    let (place, number, days) = hers.ok_or(Failure::NotFound)?;
    let attended = Attended::of(&session, days);
    if !attended.is_enough() || !is_ready(desk, &session).await? {
        return Err(Failure::NotFound);
    }
    let certificate = Certificate::of(&session, person.name.as_str(), attended);
    Ok(certificate.numbered(desk, (place, number.as_ref()), attended).await?)
}

fn page(
    desk: &Desk,
    token: Token,
    certificate: Certificate,
    pdf: Href,
) -> Result<Page<CertificatePage>, Failure> {
    let pdf = Some(pdf).filter(|_| pdf::can_write(&certificate));
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CertificatePage { chrome, token, certificate, pdf }))
}

/// The PDF; the page where its font lacks a letter.
fn file(certificate: Certificate, page: Href) -> Result<Either<Download, Redirect>, Failure> {
    if !pdf::can_write(&certificate) {
        return Ok(Either::Right(Redirect::to(page)));
    }
    Ok(Either::Left(Download::pdf("certificate", pdf::render(&[certificate]))?))
}

#[get("/path/<token>/finished/<slug>")]
async fn finished(
    desk: &State<Desk>,
    token: Token,
    slug: PathSlug,
) -> Result<Page<CertificatePage>, Failure> {
    let certificate = of_path(desk, &token, &slug).await?;
    let pdf = paths::path::finished_pdf(&token, &slug);
    page(desk, token, certificate, pdf)
}

#[get("/path/<token>/finished/<slug>/certificate.pdf")]
async fn finished_pdf(
    desk: &State<Desk>,
    token: Token,
    slug: PathSlug,
) -> Result<Either<Download, Redirect>, Failure> {
    file(of_path(desk, &token, &slug).await?, paths::path::finished(&token, &slug))
}

#[get("/path/<token>/sessions/<code>")]
async fn attended(
    desk: &State<Desk>,
    token: Token,
    code: SessionCode,
) -> Result<Page<CertificatePage>, Failure> {
    let certificate = of_session(desk, &token, &code).await?;
    let pdf = paths::path::attended_pdf(&token, &code);
    page(desk, token, certificate, pdf)
}

#[get("/path/<token>/sessions/<code>/certificate.pdf")]
async fn attended_pdf(
    desk: &State<Desk>,
    token: Token,
    code: SessionCode,
) -> Result<Either<Download, Redirect>, Failure> {
    file(of_session(desk, &token, &code).await?, paths::path::attended(&token, &code))
}
