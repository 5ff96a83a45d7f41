//! Static files, inside the program.

use std::{borrow::Cow, path::PathBuf};

use rocket::{
    get,
    http::{ContentType, Header},
};
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

/// A static file; browsers keep it for an hour.
#[derive(rocket::Responder)]
pub struct Asset {
    body: Cow<'static, [u8]>,
    kind: ContentType,
    cache: Header<'static>,
}

/// Serves what stands in `static/`.
#[get("/static/<path..>")]
pub fn file(path: PathBuf) -> Option<Asset> {
    let name = path.to_str()?;
    let file = Files::get(name)?;
    let kind = path.extension().and_then(|e| e.to_str()).and_then(ContentType::from_extension);
    Some(Asset {
        body: file.data,
        kind: kind.unwrap_or(ContentType::Binary),
        cache: Header::new("Cache-Control", "public, max-age=3600"),
    })
}

/// Feeds must be open to whoever fetches them for calendar apps.
#[get("/robots.txt")]
pub fn robots() -> &'static str {
    "User-agent: *\nAllow: /\n"
}
