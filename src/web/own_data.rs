//! What is held about somebody as one file: a page to read and JSON for programs, in a ZIP.

use std::io::{Cursor, Write as _};

use askama::Template;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use zip::{ZipWriter, result::ZipResult, write::SimpleFileOptions};

use crate::domain::{own_data::OwnData, retention::Controller};

/// The page to read: a file of its own, which needs nothing else.
#[derive(Template)]
#[template(path = "own_data.html")]
struct OwnDataPage<'a> {
    data: &'a OwnData,
    controller: &'a Controller,
    at: String,
}

impl OwnDataPage<'_> {
    /// `leader_email` as people read it.
    fn words(&self, key: &str) -> String {
        key.replace('_', " ")
    }
}

/// The same for programs.
fn as_json(data: &OwnData, at: &str) -> Value {
    let mut all = Map::new();
    all.insert("person_id".to_owned(), data.person.to_string().into());
    all.insert("name".to_owned(), data.name.clone().into());
    all.insert("made_at".to_owned(), at.into());
    for part in &data.parts {
        let record = |fields: &crate::domain::own_data::Record| {
            let fields =
                fields.iter().map(|(key, value)| ((*key).to_owned(), value.clone().into()));
            Value::Object(fields.collect())
        };
        all.insert(part.key.to_owned(), part.records.iter().map(record).collect());
    }
    Value::Object(all)
}

/// Why the file could not be made.
#[derive(Debug, thiserror::Error)]
#[error("what is held could not be written: {0}")]
pub enum OwnDataError {
    /// The part for programs.
    Json(#[from] serde_json::Error),
    /// The page.
    Page(#[from] askama::Error),
    /// The archive.
    Zip(#[from] zip::result::ZipError),
}

/// One ZIP with both.
///
/// # Errors
/// The page or the archive could not be written.
pub fn zipped(
    data: &OwnData,
    controller: &Controller,
    now: DateTime<Utc>,
) -> Result<Vec<u8>, OwnDataError> {
    let at = now.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    let json = serde_json::to_vec_pretty(&as_json(data, &at))?;
    let page = OwnDataPage { data, controller, at }.render()?;
    Ok(archive(&[("data.json", &json), ("data.html", page.as_bytes())])?)
}

fn archive(files: &[(&str, &[u8])]) -> ZipResult<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    // Without times: the page says when it was made.
    let options = SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Stored)
        .last_modified_time(zip::DateTime::default());
    for (name, bytes) in files {
        zip.start_file(*name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
