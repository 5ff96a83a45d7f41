//! Certificates as PDF, A4 across, a page each. The font is DejaVu Sans, which has the Latin, Greek,
//! Cyrillic, Arabic, Hebrew, Armenian and Georgian scripts; who is written in another prints the
//! page instead, so that nobody gets boxes for a name.

use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, TextStr};

use super::{
    Certificate,
    lettering::{Lettering, has_letters, width},
};

/// A4 across, in points.
const WIDTH: f32 = 842.0;
const HEIGHT: f32 = 595.0;
const LEFT: f32 = 92.0;
/// How wide a line may be.
const ROOM: f32 = WIDTH - 2.0 * LEFT;

/// What the pages call the font.
const FONT: &[u8] = b"F";

/// A colour: red, green, blue.
type Rgb = (u8, u8, u8);

/// The product's ink and its green.
const INK: Rgb = (0x14, 0x20, 0x2e);
const GREEN: Rgb = (0x0b, 0x5d, 0x4b);

/// Whether the font has every letter of a certificate.
pub fn can_write(certificate: &Certificate) -> bool {
    [&certificate.name, &certificate.course, &certificate.place, &certificate.trainers]
        .iter()
        .all(|text| has_letters(text))
}

/// A PDF with a page for each certificate; `None` if it cannot be made.
pub fn render(certificates: &[Certificate]) -> Option<Vec<u8>> {
    let mut next = Ref::new(1);
    let (catalog, tree, info, font) = (next.bump(), next.bump(), next.bump(), next.bump());
    let mut pdf = Pdf::new();
    pdf.catalog(catalog).pages(tree).lang(TextStr("en"));
    let title = certificates.first().map_or("Certificates", |one| one.course.as_str());
    pdf.document_info(info).title(TextStr(&format!("Certificate of attendance: {title}")));
    let mut lettering = Lettering::new()?;
    let mut pages = Vec::new();
    for certificate in certificates {
        let (id, content) = (next.bump(), next.bump());
        let mut page = pdf.page(id);
        page.parent(tree).contents(content).media_box(Rect::new(0.0, 0.0, WIDTH, HEIGHT));
        page.resources().fonts().pair(Name(FONT), font);
        page.finish();
        pdf.stream(content, &drawn(&mut lettering, certificate));
        pages.push(id);
    }
    let count = i32::try_from(pages.len()).ok()?;
    pdf.pages(tree).kids(pages).count(count);
    lettering.embed(&mut pdf, font, &mut next)?;
    Some(pdf.finish())
}

/// What is drawn on the page of a certificate.
fn drawn(lettering: &mut Lettering<'_>, certificate: &Certificate) -> Vec<u8> {
    let mut content = Content::new();
    let [red, green, blue] = parts(GREEN);
    content.set_stroke_rgb(red, green, blue).set_line_width(3.0);
    content.rect(36.0, 36.0, WIDTH - 72.0, HEIGHT - 72.0).stroke();
    let led = format!("Led by {}", certificate.trainers);
    let led = if certificate.trainers.is_empty() { "" } else { &led };
    let lines: [(f32, f32, Rgb, &str); 10] = [
        (116.0, 15.0, GREEN, &certificate.alliance),
        (164.0, 32.0, INK, "Certificate of attendance"),
        (222.0, 14.0, INK, "This is to certify that"),
        (268.0, 34.0, GREEN, &certificate.name),
        (310.0, 14.0, INK, "took part in"),
        (346.0, 22.0, INK, &certificate.course),
        (384.0, 13.0, INK, &certificate.days),
        (406.0, 13.0, INK, &certificate.place),
        (440.0, 15.0, GREEN, &certificate.extent),
        (500.0, 12.0, INK, led),
    ];
    for (down, size, colour, text) in lines {
        // Smaller where it would be too wide for the page.
        let size = size.min(size * ROOM / width(text, size).max(1.0));
        let [red, green, blue] = parts(colour);
        content.set_fill_rgb(red, green, blue).begin_text().set_font(Name(FONT), size);
        lettering.write(&mut content, (LEFT, HEIGHT - down), size, text);
        content.end_text();
    }
    content.finish().into_vec()
}

/// A colour as PDF has it, each part from 0 to 1.
fn parts((red, green, blue): Rgb) -> [f32; 3] {
    [red, green, blue].map(|part| f32::from(part) / 255.0)
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
