//! Her certificate, as a page and as a PDF.

use askama::Template;
use rocket::{Either, Route, State, get, response::Redirect, routes};

use crate::{
    store::certificates,
    token::Token,
    web::{
        Desk,
        attendee::opened::{attended, name, opened},
        certificate::{Certificate, is_ready, pdf},
        download::Download,
        failure::Failure,
        page::{Area, Chrome, Page},
        paths,
    },
};

/// A certificate to print.
#[derive(Template)]
#[template(path = "attendee/certificate.html")]
struct CertificatePage {
    chrome: Chrome,
    /// What it says.
    certificate: Certificate,
    /// Their private link.
    token: Token,
    /// Whether the PDF's font has every letter of it.
    has_pdf: bool,
}

/// Her certificate, if she has one: the last day is closed or over, and she attended enough.
async fn certificate_of(desk: &Desk, token: &Token) -> Result<Certificate, Failure> {
    let opened = opened(desk, token).await?;
    let name = name(&opened)?;
    let is_ready = is_ready(desk, &opened.session).await?;
    let attended = attended(desk, &opened).await?.filter(|one| is_ready && one.is_enough());
    let attended = attended.ok_or(Failure::NotFound)?;
    let certificate = Certificate::of(&opened.session, &name, attended);
    let mut conn = desk.ctx.store.read().await?;
    let numbers = certificates::of_session(&mut conn, &opened.session.code).await?;
    drop(conn);
    let place = opened.place.id;
    Ok(certificate.numbered(desk, (place, numbers.get(&place)), attended).await?)
}

#[get("/p/<token>/certificate")]
async fn certificate(desk: &State<Desk>, token: Token) -> Result<Page<CertificatePage>, Failure> {
    let certificate = certificate_of(desk, &token).await?;
    let has_pdf = pdf::can_write(&certificate);
    let chrome = desk.private_chrome(Area::Booking);
    Ok(Page::ok(CertificatePage { chrome, certificate, token, has_pdf }))
}

/// The PDF; the page where its font lacks a letter of the name.
#[get("/p/<token>/certificate.pdf")]
async fn certificate_pdf(
    desk: &State<Desk>,
    token: Token,
) -> Result<Either<Download, Redirect>, Failure> {
    let certificate = certificate_of(desk, &token).await?;
    if !pdf::can_write(&certificate) {
        return Ok(Either::Right(Redirect::to(paths::attendee::certificate(&token))));
    }
    Ok(Either::Left(Download::pdf("certificate", pdf::render(&[certificate]))?))
}

pub fn routes() -> Vec<Route> {
    routes![certificate, certificate_pdf]
}
