//! A transcript: how far somebody is on her paths and what counted, as a PDF of A4 pages.

use chrono::NaiveDate;
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, TextStr};

use super::lettering::{Lettering, has_letters, width};
use crate::{
    domain::{person::Person, wording},
    web::path_view::PathView,
};

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 56.0;
const RIGHT: f32 = WIDTH - LEFT;
/// Where the second and the third column begin.
const WHAT: f32 = 150.0;
const HOURS: f32 = 470.0;
/// How far down lines go.
const FOOT: f32 = HEIGHT - 64.0;

/// What the pages call the font.
const FONT: &[u8] = b"F";

/// What a transcript says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transcript {
    /// Whose it is.
    pub name: String,
    /// Who says so.
    pub organisation: String,
    /// The day on which it says so.
    pub on: String,
    /// A part for each path.
    pub paths: Vec<PathPart>,
}

/// What it says of one path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathPart {
    pub name: String,
    pub standing: String,
    /// The hours that are there, of those that are needed.
    pub hours: Vec<String>,
    /// What counted: when, what, and how long.
    pub rows: Vec<[String; 3]>,
}

/// The transcript of somebody.
pub fn of(
    person: &Person,
    views: &[PathView],
    (today, organisation): (NaiveDate, &str),
) -> Transcript {
    let part = |view: &PathView| {
        let lines = view.lines();
        let counted = lines.iter().rev().filter(|line| line.counted.minutes > 0);
        let standing = match view.granted() {
            Some((on, number)) => format!("Finished. Certificate {number}, granted on {on}"),
            None => format!("{}. On the path since {}", view.standing.words(), view.since()),
        };
        PathPart {
            name: view.name.clone(),
            standing,
            hours: view.bars().into_iter().map(|bar| bar.words).collect(),
            rows: counted
                .map(|line| {
                    let what = format!("{}. {}", line.title, line.about);
                    [line.on.clone(), what, line.hours.clone()]
                })
                .collect(),
        }
    };
    Transcript {
        name: person.name.to_string(),
        organisation: organisation.to_owned(),
        on: wording::long_date(today),
        paths: views.iter().map(part).collect(),
    }
}

/// Whether the font has every letter of it.
pub fn can_write(transcript: &Transcript) -> bool {
    let rows = transcript.paths.iter().flat_map(|path| path.rows.iter().flatten());
    let names = transcript.paths.iter().map(|path| &path.name);
    let heads = [&transcript.name, &transcript.organisation];
    heads.into_iter().chain(names).chain(rows).all(|text| has_letters(text))
}

/// One piece of text: where it begins, how wide it may be, how large it is, and whether it is green.
struct Piece {
    at: f32,
    room: f32,
    size: f32,
    is_green: bool,
    text: String,
}

fn piece((at, room): (f32, f32), size: f32, is_green: bool, text: &str) -> Piece {
    Piece { at, room, size, is_green, text: text.to_owned() }
}

/// The lines from above, each with how far it stands below the one before.
fn lines(transcript: &Transcript) -> Vec<(f32, Vec<Piece>)> {
    let whole = (LEFT, RIGHT - LEFT);
    let mut lines = vec![
        (0.0, vec![piece(whole, 12.0, true, &transcript.organisation)]),
        (34.0, vec![piece(whole, 26.0, false, "Transcript")]),
        (30.0, vec![piece(whole, 18.0, true, &transcript.name)]),
        (20.0, vec![piece(whole, 10.0, false, &format!("As of {}", transcript.on))]),
    ];
    for path in &transcript.paths {
        lines.push((38.0, vec![piece(whole, 16.0, false, &path.name)]));
        lines.push((18.0, vec![piece(whole, 10.0, false, &path.standing)]));
        for hours in &path.hours {
            lines.push((16.0, vec![piece(whole, 11.0, true, hours)]));
        }
        for (at, [on, what, hours]) in path.rows.iter().enumerate() {
            let columns = vec![
                piece((LEFT, WHAT - LEFT - 8.0), 9.0, false, on),
                piece((WHAT, HOURS - WHAT - 8.0), 9.0, false, what),
                piece((HOURS, RIGHT - HOURS), 9.0, false, hours),
            ];
            lines.push((if at == 0 { 24.0 } else { 15.0 }, columns));
        }
    }
    lines
}

/// The transcript as a PDF; `None` if it cannot be made.
pub fn render(transcript: &Transcript) -> Option<Vec<u8>> {
    let mut next = Ref::new(1);
    let (catalog, tree, info, font) = (next.bump(), next.bump(), next.bump(), next.bump());
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("en"));
    pdf.document_info(info).title(TextStr(&format!("Transcript: {}", transcript.name)));
    let mut lettering = Lettering::new()?;
    let mut pages = Vec::new();
    for content in drawn(&mut lettering, transcript) {
        let (id, stream) = (next.bump(), next.bump());
        let mut page = pdf.page(id);
        page.parent(tree).contents(stream).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        page.resources().fonts().pair(Name(FONT), font);
        page.finish();
        pdf.stream(stream, &content);
        pages.push(id);
    }
    let count = i32::try_from(pages.len()).ok()?;
    pdf.pages(tree).kids(pages).count(count);
    lettering.embed(&mut pdf, font, &mut next)?;
    Some(pdf.finish())
}

/// What is drawn on each page.
fn drawn(lettering: &mut Lettering<'_>, transcript: &Transcript) -> Vec<Vec<u8>> {
    let (mut pages, mut content, mut down) = (Vec::new(), Content::new(), 72.0);
    for (gap, pieces) in lines(transcript) {
        down += gap;
        if down > FOOT {
            pages.push(std::mem::replace(&mut content, Content::new()).finish().into_vec());
            down = 72.0;
        }
        for piece in pieces {
            // Smaller where it would be too wide for its column.
            let size = piece.size * (piece.room / width(&piece.text, piece.size).max(1.0)).min(1.0);
            let [red, green, blue] =
                if piece.is_green { [0.043, 0.365, 0.294] } else { [0.078, 0.125, 0.18] };
            content.set_fill_rgb(red, green, blue).begin_text().set_font(Name(FONT), size);
            lettering.write(&mut content, (piece.at, HEIGHT - down), size, &piece.text);
            content.end_text();
        }
    }
    pages.push(content.finish().into_vec());
    pages
}

#[cfg(test)]
mod tests {
    use super::*;

    fn long(rows: usize) -> Transcript {
        let row = ["Sat 3 October 2026", "Assembly. Action", "2 hours"].map(str::to_owned);
        Transcript {
            name: "Zoë Obi".to_owned(),
            organisation: "Oxford Citizens".to_owned(),
            on: "Thu 26 November 2026".to_owned(),
            paths: vec![PathPart {
                name: "Community organiser".to_owned(),
                standing: "On the way".to_owned(),
                hours: vec!["2 of 50 hours of action".to_owned()],
                rows: vec![row; rows],
            }],
        }
    }

    #[test]
    fn what_does_not_fit_on_a_page_goes_on_the_next() {
        let mut lettering = Lettering::new().expect("the font");
        assert_eq!(drawn(&mut lettering, &long(3)).len(), 1);
        assert_eq!(drawn(&mut lettering, &long(100)).len(), 3);
        assert!(render(&long(3)).is_some_and(|pdf| pdf.starts_with(b"%PDF")));
    }

    #[test]
    fn letters_that_the_font_lacks_are_seen_beforehand() {
        assert!(can_write(&long(1)));
        assert!(!can_write(&Transcript { name: "李伟".to_owned(), ..long(1) }));
    }
}
