//! oEmbed 1.0 (oembed.com): what other sites ask about a link to a session or an alliance, to show it.

use rocket::{
    Route, State, get,
    http::{ContentType, Status},
    routes,
};
use serde_json::json;

use crate::{
    domain::{
        id::{AllianceSlug, SessionCode},
        session::Session,
    },
    store::{catalogue, catalogue_merges, sessions},
    web::{
        Desk,
        failure::Failure,
        kept::{Head, Kept},
        paths::{self, Href},
        public::preview,
    },
};

/// How wide and high a frame is that nobody limits.
const WIDTH: u32 = 600;
const HEIGHT_OF_LIST: u32 = 640;
const HEIGHT_OF_ONE: u32 = 280;

/// Why nothing is told, in plain words.
type Refused = (Status, &'static str);

/// What a link leads to.
enum Shown {
    Session(SessionCode),
    Alliance(AllianceSlug),
}

/// What an address of ours shows; `None` where it is not ours, or shows nothing that can stand in a frame.
fn shown(base: &str, url: &str) -> Option<Shown> {
    let path = url.strip_prefix(base)?.split(['?', '#']).next()?;
    let path = path.strip_prefix("/embed").unwrap_or(path);
    let path = path.strip_suffix('/').unwrap_or(path);
    match path.split('/').collect::<Vec<_>>().as_slice() {
        ["", "sessions", code] => code.parse().ok().map(Shown::Session),
        ["", "alliances", slug] => slug.parse().ok().map(Shown::Alliance),
        _ => None,
    }
}

/// A page of ours in a frame.
pub fn frame(base: &str, at: &Href, title: &str, (width, height): (&str, u32)) -> String {
    let title = title.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<iframe src=\"{base}{at}\" title=\"{title}\" width=\"{width}\" height=\"{height}\" \
         loading=\"lazy\"></iframe>"
    )
}

/// What is asked.
#[derive(Debug, rocket::FromForm)]
struct Asked<'r> {
    url: Option<&'r str>,
    format: Option<&'r str>,
    maxwidth: Option<&'r str>,
    maxheight: Option<&'r str>,
}

/// The most that is asked for; what is no number from 1 is refused.
fn most(asked: Option<&str>, usual: u32) -> Result<u32, Refused> {
    let Some(asked) = asked.filter(|asked| !asked.is_empty()) else { return Ok(usual) };
    let most = asked.parse::<u32>().ok().filter(|most| *most > 0);
    most.map(|most| most.min(usual))
        .ok_or((Status::BadRequest, "maxwidth and maxheight are whole numbers from 1"))
}

async fn told(desk: &Desk, asked: &Asked<'_>) -> Result<Result<String, Refused>, Failure> {
    let base = &desk.ctx.letterhead.base_url;
    let Some(url) = asked.url.filter(|url| !url.is_empty()) else {
        return Ok(Err((Status::BadRequest, "url is the address of a session or an alliance")));
    };
    if !matches!(asked.format, None | Some("" | "json")) {
        return Ok(Err((Status::NotImplemented, "only format=json is there")));
    }
    const UNKNOWN: Refused = (Status::NotFound, "there is no such session or alliance here");
    let Some(shown) = shown(base, url) else { return Ok(Err(UNKNOWN)) };
    let mut conn = desk.ctx.store.read().await?;
    let (title, at, height, picture) = match shown {
        Shown::Session(code) => {
            let session = sessions::find(&mut conn, &code).await?;
            let session = session.filter(Session::has_page);
            let Some(session) = session else { return Ok(Err(UNKNOWN)) };
            let title = format!("{}, {}", session.course.title, session.alliance.name);
            let picture = format!("{base}{}", paths::public::session_preview(&code));
            (title, paths::public::embed_session(&code), HEIGHT_OF_ONE, Some(picture))
        }
        Shown::Alliance(slug) => {
            let kept = catalogue_merges::successor_of_alliance(&mut conn, &slug).await?;
            let slug = kept.unwrap_or(slug);
            let mut alliances = catalogue::alliances(&mut conn).await?.into_iter();
            let Some(alliance) = alliances.find(|one| one.slug == slug) else {
                return Ok(Err(UNKNOWN));
            };
            let title = format!("Training by {}", alliance.name);
            (title, paths::public::embed_alliance(&slug), HEIGHT_OF_LIST, None)
        }
    };
    let (width, height) = match (most(asked.maxwidth, WIDTH), most(asked.maxheight, height)) {
        (Ok(width), Ok(height)) => (width, height),
        (Err(refused), _) | (_, Err(refused)) => return Ok(Err(refused)),
    };
    let mut answer = json!({
        "version": "1.0",
        "type": "rich",
        "provider_name": "Turnout",
        "provider_url": base,
        "title": title,
        "html": frame(base, &at, &title, (&width.to_string(), height)),
        "width": width,
        "height": height,
        "cache_age": 3600,
    });
    // A picture that is larger than what is asked for must be left out (oEmbed 2.3.4).
    let fits = asked.maxwidth.is_none() && asked.maxheight.is_none();
    if let Some(picture) = picture.filter(|_| fits) {
        answer["thumbnail_url"] = json!(picture);
        answer["thumbnail_width"] = json!(preview::SIZE.0);
        answer["thumbnail_height"] = json!(preview::SIZE.1);
    }
    Ok(Ok(answer.to_string()))
}

#[get("/oembed?<asked..>")]
async fn oembed(
    desk: &State<Desk>,
    asked: Asked<'_>,
) -> Result<Result<Kept, (Status, (ContentType, &'static str))>, Failure> {
    let open = vec![("Access-Control-Allow-Origin", "*".to_owned())];
    let head = Head { kind: ContentType::JSON, headers: open, ..Head::page() };
    Ok(match told(desk, &asked).await? {
        Ok(answer) => Ok(Kept::once(head, answer)),
        Err((status, words)) => Err((status, (ContentType::Plain, words))),
    })
}

pub fn routes() -> Vec<Route> {
    routes![oembed]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_are_known() {
        let base = "https://turnout.example";
        let known = |url: &str| shown(base, url).is_some();
        assert!(known("https://turnout.example/sessions/S001"));
        assert!(known("https://turnout.example/alliances/oxford/?x=1#top"));
        assert!(known("https://turnout.example/embed/alliances/oxford"));
        for foreign in [
            "https://turnout.example.evil.org/sessions/S001",
            "http://turnout.example/sessions/S001",
            "https://turnout.example@evil.org/sessions/S001",
            "https://turnout.example/",
            "https://turnout.example/office",
            "https://turnout.example/sessions/S001/register",
            "/sessions/S001",
        ] {
            assert!(!known(foreign), "{foreign}");
        }
    }
}
