//! Files to keep: spreadsheets and papers, with the name they are saved under.

use rocket::{
    Responder,
    http::{ContentType, Header},
};

use super::failure::Failure;

/// A file to download.
#[derive(Responder)]
pub struct Download {
    body: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
}

impl Download {
    fn new(name: &str, kind: ContentType, body: Vec<u8>) -> Self {
        let disposition = format!("attachment; filename=\"{name}\"");
        let disposition = Header::new("Content-Disposition", disposition);
        Self { body, kind, disposition }
    }

    /// A CSV file (RFC 4180) in UTF-8.
    ///
    /// # Errors
    /// [`Failure::Broken`] when it could not be written.
    pub fn csv(name: &str, body: Result<Vec<u8>, csv::Error>) -> Result<Self, Failure> {
        let kind = ContentType::new("text", "csv").with_params(("charset", "utf-8"));
        Ok(Self::new(&format!("{name}.csv"), kind, body.map_err(|error| broken(&error))?))
    }

    /// A workbook (Office Open XML).
    ///
    /// # Errors
    /// [`Failure::Broken`] when it could not be written.
    pub fn xlsx(
        name: &str,
        body: Result<Vec<u8>, rust_xlsxwriter::XlsxError>,
    ) -> Result<Self, Failure> {
        let kind = ContentType::new(
            "application",
            "vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        );
        Ok(Self::new(&format!("{name}.xlsx"), kind, body.map_err(|error| broken(&error))?))
    }

    /// An archive.
    ///
    /// # Errors
    /// [`Failure::Broken`] when it could not be written.
    pub fn zip<E: std::fmt::Display>(
        name: &str,
        body: Result<Vec<u8>, E>,
    ) -> Result<Self, Failure> {
        let body = body.map_err(|error| broken(&error))?;
        Ok(Self::new(&format!("{name}.zip"), ContentType::ZIP, body))
    }

    /// A PDF; `None` when it could not be made.
    ///
    /// # Errors
    /// [`Failure::Broken`].
    pub fn pdf(name: &str, body: Option<Vec<u8>>) -> Result<Self, Failure> {
        let body = body.ok_or_else(|| broken(&"no page"))?;
        Ok(Self::new(&format!("{name}.pdf"), ContentType::PDF, body))
    }

    /// A PDF that somebody handed out, under its own name.
    ///
    /// # Errors
    /// [`Failure::NotFound`] when there is none.
    pub fn paper(name: &str, body: Option<Vec<u8>>) -> Result<Self, Failure> {
        Ok(Self::new(name, ContentType::PDF, body.ok_or(Failure::NotFound)?))
    }
}

fn broken(error: &dyn std::fmt::Display) -> Failure {
    log::error!("a file could not be written: {error}");
    Failure::Broken
}
