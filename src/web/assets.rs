//! Static files, inside the program; compressed once, when the first is asked for.

use std::{collections::HashMap, path::PathBuf, sync::LazyLock};

use rocket::{Route, get, http::ContentType, routes};
use rust_embed::RustEmbed;

use super::kept::{Head, Kept};

#[derive(RustEmbed)]
#[folder = "static/"]
struct Files;

static ANSWERS: LazyLock<HashMap<String, Kept>> = LazyLock::new(|| {
    let files = Files::iter().filter_map(|name| Some((name.to_string(), Files::get(&name)?.data)));
    files.map(|(name, data)| (name.clone(), Kept::bytes(head(&name), data.into_owned()))).collect()
});

/// Browsers keep a file for an hour, and ask then whether it is still the same.
fn head(name: &str) -> Head {
    let extension = name.rsplit('.').next().unwrap_or_default();
    let kind = match extension {
        "webmanifest" => ContentType::new("application", "manifest+json"),
        _ => ContentType::from_extension(extension).unwrap_or(ContentType::Binary),
    };
    Head {
        kind,
        last_modified: None,
        headers: vec![("Cache-Control", "public, max-age=3600".to_owned())],
        compress: true,
        all_day: true,
    }
}

/// Serves what stands in `static/`.
#[get("/static/<path..>")]
pub fn file(path: PathBuf) -> Option<Kept> {
    ANSWERS.get(path.to_str()?).cloned()
}

/// What browsers ask for by a name of their own.
#[get("/favicon.ico")]
fn favicon() -> Option<Kept> {
    ANSWERS.get("favicon.ico").cloned()
}

/// The picture on a phone's first screen.
#[get("/apple-touch-icon.png")]
fn touch_icon() -> Option<Kept> {
    ANSWERS.get("apple-touch-icon.png").cloned()
}

#[get("/manifest.webmanifest")]
fn manifest() -> Option<Kept> {
    ANSWERS.get("manifest.webmanifest").cloned()
}

/// Feeds must be open to whoever fetches them for calendar apps.
#[get("/robots.txt")]
pub fn robots() -> &'static str {
    "User-agent: *\nAllow: /\n"
}

pub(super) fn routes() -> Vec<Route> {
    routes![file, favicon, touch_icon, manifest, robots]
}
