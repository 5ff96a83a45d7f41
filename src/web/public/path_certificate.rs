//! Whether a certificate of a whole path is true, for whomever it is shown to.

use askama::Template;

use crate::{
    actions::path::needed,
    domain::{certificate_number::CertificateNumber, wording},
    store::{Conn, path_people, paths as stored_paths, people},
    web::{
        Desk,
        failure::Failure,
        page::{Area, Chrome, Page},
        public::initials::initials,
    },
};

/// What a number of a path stands for.
#[derive(Debug, Template)]
#[template(path = "public/path_certificate.html")]
pub struct PathCertificatePage {
    chrome: Chrome,
    number: String,
    path: String,
    /// Whose it is; `None` where the name was erased.
    initials: Option<String>,
    granted: String,
    hours: String,
}

/// The page of a number of a path.
pub async fn page(
    desk: &Desk,
    conn: &mut Conn,
    number: &CertificateNumber,
) -> Result<Page<PathCertificatePage>, Failure> {
    let on = path_people::by_number(conn, number).await?.ok_or(Failure::NotFound)?;
    let found = stored_paths::find(conn, &on.path).await?.ok_or(Failure::NotFound)?;
    let version = found.version(on.version).ok_or(Failure::NotFound)?;
    let person = people::known(conn, on.person).await?;
    let finished = on.finished.as_ref().ok_or(Failure::NotFound)?;
    Ok(Page::ok(PathCertificatePage {
        chrome: desk.private_chrome(Area::Elsewhere),
        number: number.to_string(),
        initials: person.map(|one| initials(one.name.as_str())),
        granted: wording::long_date(finished.at.date_naive()),
        hours: needed(&version.rules),
        path: found.path.name,
    }))
}
