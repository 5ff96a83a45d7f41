//! The picture that stands beside a link to a session where it is shared: drawn here, without words of how
//! full it is, because whoever shows it keeps it.

use std::sync::{Arc, LazyLock};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree, fontdb},
};
use rocket::{Route, State, get, http::ContentType, routes};

use crate::{
    domain::{
        id::SessionCode,
        session::{Publication, Session},
        wording,
    },
    store::{Concern, Matter, sessions},
    web::{
        Desk,
        certificate::lettering::{FONT, width},
        failure::Failure,
        kept::{Head, Kept},
        paths,
    },
};

/// How wide and high it is: what those who show previews ask for.
pub const SIZE: (u32, u32) = (1200, 630);

const LEFT: f32 = 72.0;

/// How wide a line may be.
const ROOM: f32 = 1056.0;

const CROWD: &str = include_str!("../../../static/crowd.svg");

/// The letters it is written in, read once.
static FONTS: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut fonts = fontdb::Database::new();
    fonts.load_font_data(FONT.to_vec());
    Arc::new(fonts)
});

/// Text as it stands in SVG.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Words in lines that are no wider than there is room, at most so many; what does not fit is cut.
fn wrapped(text: &str, size: f32, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if width(&format!("{line} {word}"), size) <= ROOM => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    let is_cut = lines.len() > most;
    lines.truncate(most);
    for line in &mut lines {
        while width(line, size) > ROOM && line.pop().is_some() {}
    }
    if let (true, Some(last)) = (is_cut, lines.last_mut()) {
        while width(&format!("{last}…"), size) > ROOM && last.pop().is_some() {}
        last.push('…');
    }
    lines
}

/// The picture of a session, as SVG.
fn svg(session: &Session) -> String {
    let cancelled = matches!(session.publication, Publication::Cancelled { .. });
    let own = session.alliance.words.colour.map(|colour| colour.to_string());
    let (ground, flag) = match cancelled {
        true => ("#a11a1a".to_owned(), format!("Cancelled: {}", session.alliance.name)),
        false => (own.unwrap_or_else(|| "#06343c".to_owned()), session.alliance.name.clone()),
    };
    let mut texts = Vec::new();
    let mut write = |down: f32, size: f32, colour: &str, text: &str| {
        let text = escaped(text);
        texts.push(format!(
            "<text x=\"{LEFT}\" y=\"{down}\" font-size=\"{size}\" fill=\"{colour}\">{text}</text>"
        ));
    };
    for line in wrapped(&flag, 36.0, 1) {
        write(68.0, 36.0, "#ffffff", &line);
    }
    let mut down = 190.0;
    for line in wrapped(&session.course.title, 66.0, 2) {
        write(down, 66.0, "#0c2a31", &line);
        down += 78.0;
    }
    let facts =
        [wording::days(session), wording::hours(session), session.location.short_name().to_owned()];
    for fact in facts {
        for line in wrapped(&fact, 34.0, 1) {
            write(down, 34.0, "#0c2a31", &line);
            down += 48.0;
        }
    }
    let (across, high) = SIZE;
    let texts = texts.concat();
    let crowd = CROWD.replacen("<svg ", "<svg x=\"0\" y=\"480\" ", 1);
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{across}\" height=\"{high}\" \
         font-family=\"DejaVu Sans\"><rect width=\"{across}\" height=\"{high}\" fill=\"#ffb81f\"/>\
         <rect width=\"{across}\" height=\"104\" fill=\"{ground}\"/>{crowd}{texts}</svg>"
    )
}

/// The same as PNG; `None` if it cannot be drawn.
fn drawn(session: &Session) -> Option<Vec<u8>> {
    let options = Options { fontdb: Arc::clone(&FONTS), ..Options::default() };
    let tree = Tree::from_str(&svg(session), &options).ok()?;
    let mut pixels = Pixmap::new(SIZE.0, SIZE.1)?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    packed(&pixels)
}

/// Nothing of it is seen through, so that part is left out; and what is flat packs best as it is. Both
/// together make a third of what it would be else.
fn packed(pixels: &Pixmap) -> Option<Vec<u8>> {
    let colours = pixels.pixels().iter().flat_map(|one| [one.red(), one.green(), one.blue()]);
    let colours: Vec<u8> = colours.collect();
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, SIZE.0, SIZE.1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Default);
    encoder.set_filter(png::FilterType::NoFilter);
    encoder.write_header().ok()?.write_image_data(&colours).ok()?;
    Some(file)
}

#[get("/sessions/<code>/preview.png")]
async fn preview(desk: &State<Desk>, code: SessionCode) -> Result<Kept, Failure> {
    let address = paths::public::session_preview(&code);
    let draw = async || {
        let session = sessions::find(&mut desk.ctx.store.read().await?, &code).await?;
        let session = session.filter(Session::has_page);
        let session = session.ok_or(Failure::NotFound)?;
        let about = session.clone();
        // It takes a while, which nobody else should have to wait for.
        let picture = tokio::task::spawn_blocking(move || drawn(&session)).await.ok().flatten();
        let head = Head {
            kind: ContentType::PNG,
            last_modified: None,
            headers: vec![("Cache-Control", "public, max-age=3600".to_owned())],
            compress: false,
            all_day: true,
        };
        let head = head.about(&about);
        let picture = picture.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>((head, picture, Concern::facts(Matter::Session(code.clone()))))
    };
    desk.kept(address.as_str(), draw).await
}

pub fn routes() -> Vec<Route> {
    routes![preview]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_title_is_wrapped_and_cut_within_the_picture() {
        let lines = wrapped(&"Strengthening ".repeat(20), 66.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| width(line, 66.0) <= ROOM), "{lines:?}");
        assert!(lines[1].ends_with('…'));
        assert!(wrapped(&"x".repeat(500), 66.0, 2).iter().all(|line| width(line, 66.0) <= ROOM));
    }
}
