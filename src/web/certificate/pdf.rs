//! Certificates as PDF, A4 across, a page each. The font is DejaVu Sans, which has the Latin, Greek,
//! Cyrillic, Arabic, Hebrew, Armenian and Georgian scripts; who is written in another prints the
//! page instead, so that nobody gets boxes for a name.

use krilla::{
    Document,
    color::rgb,
    geom::{PathBuilder, Point, Rect},
    metadata::Metadata,
    num::NormalizedF32,
    page::PageSettings,
    paint::{Fill, FillRule, Stroke},
    surface::Surface,
    text::{Font, TextDirection},
};
use skrifa::MetadataProvider;

use super::Certificate;

const FONT: &[u8] = include_bytes!("DejaVuSans.ttf");

/// A4 across, in points.
const WIDTH: f32 = 842.0;
const HEIGHT: f32 = 595.0;
const LEFT: f32 = 92.0;
/// How wide a line may be.
const ROOM: f32 = WIDTH - 2.0 * LEFT;

/// A colour: red, green, blue.
type Rgb = (u8, u8, u8);

/// The product's ink and its green.
const INK: Rgb = (0x14, 0x20, 0x2e);
const GREEN: Rgb = (0x0b, 0x5d, 0x4b);

/// Whether the font has every letter of a certificate.
pub fn can_write(certificate: &Certificate) -> bool {
    let Ok(font) = skrifa::FontRef::new(FONT) else { return false };
    let letters = font.charmap();
    [&certificate.name, &certificate.course, &certificate.place, &certificate.trainers]
        .iter()
        .flat_map(|text| text.chars())
        .all(|letter| letters.map(letter).is_some_and(|glyph| glyph.to_u32() != 0))
}

/// A PDF with a page for each certificate; `None` if it cannot be made.
pub fn render(certificates: &[Certificate]) -> Option<Vec<u8>> {
    let font = Font::new(FONT.to_vec().into(), 0)?;
    let mut document = Document::new();
    let title = certificates.first().map_or("Certificates", |one| one.course.as_str());
    let title = format!("Certificate of attendance: {title}");
    document.set_metadata(Metadata::new().title(title).language("en".to_owned()));
    for certificate in certificates {
        let mut page = document.start_page_with(PageSettings::from_wh(WIDTH, HEIGHT)?);
        let mut surface = page.surface();
        draw(&mut surface, &font, certificate)?;
        surface.finish();
        page.finish();
    }
    document.finish().ok()
}

fn draw(surface: &mut Surface<'_>, font: &Font, certificate: &Certificate) -> Option<()> {
    frame(surface)?;
    let lines: [(f32, f32, Rgb, &str); 8] = [
        (116.0, 15.0, GREEN, &certificate.alliance),
        (164.0, 32.0, INK, "Certificate of attendance"),
        (222.0, 14.0, INK, "This is to certify that"),
        (268.0, 34.0, GREEN, &certificate.name),
        (310.0, 14.0, INK, "took part in"),
        (346.0, 22.0, INK, &certificate.course),
        (384.0, 13.0, INK, &certificate.days),
        (406.0, 13.0, INK, &certificate.place),
    ];
    for (down, size, colour, text) in lines {
        write(surface, font, (down, size, colour), text);
    }
    write(surface, font, (440.0, 15.0, GREEN), &certificate.extent);
    if !certificate.trainers.is_empty() {
        let led = format!("Led by {}", certificate.trainers);
        write(surface, font, (500.0, 12.0, INK), &led);
    }
    Some(())
}

fn frame(surface: &mut Surface<'_>) -> Option<()> {
    let mut path = PathBuilder::new();
    path.push_rect(Rect::from_xywh(36.0, 36.0, WIDTH - 72.0, HEIGHT - 72.0)?);
    surface.set_fill(None);
    let paint = rgb::Color::new(GREEN.0, GREEN.1, GREEN.2).into();
    surface.set_stroke(Some(Stroke { paint, width: 3.0, ..Stroke::default() }));
    surface.draw_path(&path.finish()?);
    surface.set_stroke(None);
    Some(())
}

/// Writes one line, smaller where it would be too wide for the page.
fn write(
    surface: &mut Surface<'_>,
    font: &Font,
    (down, size, colour): (f32, f32, Rgb),
    text: &str,
) {
    let size = size.min(size * ROOM / width(text, size).max(1.0));
    surface.set_fill(Some(Fill {
        paint: rgb::Color::new(colour.0, colour.1, colour.2).into(),
        opacity: NormalizedF32::ONE,
        rule: FillRule::default(),
    }));
    let start = Point::from_xy(LEFT, down);
    surface.draw_text(start, font.clone(), size, text, false, TextDirection::Auto);
}

/// How wide a line is, in points: the advances of its letters, without kerning.
fn width(text: &str, size: f32) -> f32 {
    let Ok(font) = skrifa::FontRef::new(FONT) else { return 0.0 };
    let letters = font.charmap();
    let metrics = font
        .glyph_metrics(skrifa::instance::Size::new(size), skrifa::instance::LocationRef::default());
    let advance = |letter| metrics.advance_width(letters.map(letter).unwrap_or_default());
    text.chars().filter_map(advance).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(name: &str) -> Certificate {
        Certificate {
            name: name.to_owned(),
            course: "Two-day leadership training".to_owned(),
            days: "Sat 5 and Sat 12 September 2026".to_owned(),
            place: "St Aidan's Hall".to_owned(),
            extent: "2 of 2 days, 12 hours of learning".to_owned(),
            alliance: "Oxford Citizens".to_owned(),
            trainers: "Ruth Okafor".to_owned(),
        }
    }

    #[test]
    fn a_name_is_written_only_in_letters_the_font_has() {
        for name in ["Zoë O'Hara-Smith", "Nguyễn Thị Hạnh", "Елена", "فاطمة", "שרה"]
        {
            assert!(can_write(&of(name)), "{name}");
        }
        for name in ["李伟", "அன்பு", "👩🏾‍🦽 Ana"] {
            assert!(!can_write(&of(name)), "{name}");
        }
    }

    #[test]
    fn a_line_that_is_too_wide_gets_smaller() {
        assert!(width("Ruth", 34.0) < ROOM);
        assert!(width(&"Maximiliana ".repeat(10), 34.0) > ROOM);
        assert!(render(&[of(&"Maximiliana ".repeat(10))]).is_some());
    }
}
