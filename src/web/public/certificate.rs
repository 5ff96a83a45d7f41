//! Whether a certificate is true, for whomever it is shown to. It says no more than that: initials, the course
//! and its days.

use askama::Template;
use rocket::{Either, Route, State, get, routes};

use crate::{
    domain::{certificate_number::CertificateNumber, session::Session, wording},
    store::{certificates, door, sessions},
    web::{
        Desk,
        certificate::{Attended, is_ready},
        failure::Failure,
        limits::CheckPace,
        page::{Area, Chrome, Page},
        paths,
        public::{
            initials::initials,
            path_certificate::{self, PathCertificatePage},
        },
    },
};

/// What is known of a number.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Finding {
    /// It is true: whose it is, by initials, and what it is for.
    True { initials: String, extent: String },
    /// It is true of somebody whose name was erased.
    Erased { extent: String },
    /// The place was given up or cancelled afterwards.
    Cancelled,
    /// Too few days are marked as attended.
    NotDue,
}

/// What a number stands for.
#[derive(Debug, Template)]
#[template(path = "public/certificate.html")]
struct CertificatePage {
    chrome: Chrome,
    number: String,
    session: Session,
    finding: Finding,
}

impl CertificatePage {
    fn is_true(&self) -> bool {
        matches!(self.finding, Finding::True { .. } | Finding::Erased { .. })
    }
}

#[get("/certificates/<number>")]
async fn check(
    desk: &State<Desk>,
    _pace: CheckPace,
    number: &str,
) -> Result<Either<Page<CertificatePage>, Page<PathCertificatePage>>, Failure> {
    let number: CertificateNumber = number.parse().map_err(|_| Failure::NotFound)?;
    let mut conn = desk.ctx.store.read().await?;
    let Some(found) = certificates::find(&mut conn, &number).await? else {
        return path_certificate::page(desk, &mut conn, &number).await.map(Either::Right);
    };
    let session = sessions::find(&mut conn, &found.session).await?.ok_or(Failure::NotFound)?;
    let counts = door::attended_sittings(&mut conn, &found.session).await?;
    drop(conn);
    let days = counts.get(&found.place).and_then(|days| usize::try_from(*days).ok());
    let attended = Attended::of(&session, days.unwrap_or(0));
    let is_due = is_ready(desk, &session).await? && attended.is_enough();
    let finding = match found.name {
        _ if !found.is_confirmed => Finding::Cancelled,
        _ if !is_due => Finding::NotDue,
        Some(name) => Finding::True { initials: initials(&name), extent: attended.words() },
        None => Finding::Erased { extent: attended.words() },
    };
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(Either::Left(Page::ok(CertificatePage {
        chrome,
        number: number.to_string(),
        session,
        finding,
    })))
}

pub fn routes() -> Vec<Route> {
    routes![check]
}
