//! Text in a PDF: shaped as its script asks, and the font cut down to the letters that were used.
//!
//! Written with the parts that larger libraries for PDF are made of: those bring a second reader and
//! writer of fonts along, a tenth of what a first build compiles.

use std::collections::BTreeMap;
use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use pdf_writer::{
    Content, Filter, Finish, Name, Pdf, Rect, Ref, Str,
    types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap},
};
use rustybuzz::{Face, UnicodeBuffer, shape};
use subsetter::{GlyphRemapper, subset};

/// DejaVu Sans.
pub const FONT: &[u8] = include_bytes!("DejaVuSans.ttf");

/// The name under which a PDF carries the font: six letters say that it is a part of it.
const NAME: Name<'static> = Name(b"TURNUP+DejaVuSans");

/// Letters are named by their number in the font.
const NUMBERED: SystemInfo<'static> =
    SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };

/// Whether the font has every letter of a text.
pub fn has_letters(text: &str) -> bool {
    let Some(face) = Face::from_slice(FONT, 0) else { return false };
    text.chars().all(|letter| face.glyph_index(letter).is_some_and(|glyph| glyph.0 != 0))
}

/// How wide a line is, in points: the advances of its letters, without kerning.
pub fn width(text: &str, size: f32) -> f32 {
    let Some(face) = Face::from_slice(FONT, 0) else { return 0.0 };
    let advance = |letter| face.glyph_hor_advance(face.glyph_index(letter)?);
    let units: f32 = text.chars().filter_map(advance).map(f32::from).sum();
    units * size / em(&face)
}

/// The units in which the font is drawn, per size.
fn em(face: &Face<'_>) -> f32 {
    // Between 16 and 16384, so exact.
    i16::try_from(face.units_per_em()).map_or(1000.0, f32::from)
}

/// The letters that a PDF has used so far.
pub struct Lettering<'f> {
    face: Face<'f>,
    glyphs: GlyphRemapper,
    /// What each glyph of the PDF stands for, by its number there.
    texts: BTreeMap<u16, String>,
    /// How wide each is, in thousandths of the size, by its number.
    widths: BTreeMap<u16, f32>,
}

impl Lettering<'_> {
    /// None so far.
    pub fn new() -> Option<Self> {
        let face = Face::from_slice(FONT, 0)?;
        let glyphs = GlyphRemapper::new();
        Some(Self { face, glyphs, texts: BTreeMap::new(), widths: BTreeMap::new() })
    }

    /// Writes a line from a point on, each glyph where shaping puts it.
    pub fn write(&mut self, content: &mut Content, (x, y): (f32, f32), size: f32, text: &str) {
        let mut buffer = UnicodeBuffer::new();
        buffer.push_str(text);
        let shaped = shape(&self.face, &[], buffer);
        let scale = size / em(&self.face);
        let scaled = |units: i32| i16::try_from(units).map_or(0.0, f32::from) * scale;
        let mut begins: Vec<usize> =
            shaped.glyph_infos().iter().map(|glyph| glyph.cluster as usize).collect();
        begins.extend([0, text.len()]);
        begins.sort_unstable();
        let mut across = x;
        for (glyph, place) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let begin = glyph.cluster as usize;
            let end = begins.iter().find(|end| **end > begin).copied().unwrap_or(text.len());
            let number = self.number(glyph.glyph_id, text.get(begin..end).unwrap_or_default());
            let (right, up) = (scaled(place.x_offset), scaled(place.y_offset));
            content.set_text_matrix([1.0, 0.0, 0.0, 1.0, across + right, y + up]);
            content.show(Str(&number.to_be_bytes()));
            across += scaled(place.x_advance);
        }
    }

    /// The number of a glyph in this PDF, which stands for `text`.
    fn number(&mut self, glyph: u32, text: &str) -> u16 {
        let glyph = u16::try_from(glyph).unwrap_or_default();
        let number = self.glyphs.remap(glyph);
        self.texts.entry(number).or_insert_with(|| text.to_owned());
        let units = self.face.glyph_hor_advance(rustybuzz::ttf_parser::GlyphId(glyph));
        self.widths.insert(number, f32::from(units.unwrap_or_default()) * 1000.0 / em(&self.face));
        number
    }

    /// Puts the font into the PDF, with the letters that were used and what they stand for.
    pub fn embed(self, pdf: &mut Pdf, font: Ref, next: &mut Ref) -> Option<()> {
        let (letters, facts, file, meaning) = (next.bump(), next.bump(), next.bump(), next.bump());
        pdf.type0_font(font)
            .base_font(NAME)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(letters)
            .to_unicode(meaning);

        let mut cid = pdf.cid_font(letters);
        cid.subtype(CidFontType::Type2).base_font(NAME).system_info(NUMBERED);
        cid.font_descriptor(facts).default_width(0.0).cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid.widths();
        for (number, width) in &self.widths {
            widths.consecutive(*number, [*width]);
        }
        widths.finish();
        cid.finish();

        let thousandths = |units: i16| f32::from(units) * 1000.0 / em(&self.face);
        let bounds = self.face.global_bounding_box();
        let ascent = thousandths(self.face.ascender());
        pdf.font_descriptor(facts)
            .name(NAME)
            .flags(FontFlags::SYMBOLIC)
            .bbox(Rect::new(
                thousandths(bounds.x_min),
                thousandths(bounds.y_min),
                thousandths(bounds.x_max),
                thousandths(bounds.y_max),
            ))
            .italic_angle(0.0)
            .ascent(ascent)
            .descent(thousandths(self.face.descender()))
            .cap_height(self.face.capital_height().map_or(ascent, thousandths))
            .stem_v(95.0)
            .font_file2(file);

        let cut = subset(FONT, 0, &self.glyphs).ok()?;
        let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
        packed.write_all(&cut).ok()?;
        let packed = packed.finish().ok()?;
        pdf.stream(file, &packed)
            .filter(Filter::FlateDecode)
            .pair(Name(b"Length1"), i32::try_from(cut.len()).ok()?);

        let mut meanings = UnicodeCmap::new(Name(b"Meanings"), NUMBERED);
        for (number, text) in &self.texts {
            meanings.pair_with_multiple(*number, text.chars());
        }
        pdf.cmap(meaning, &meanings.finish());
        Some(())
    }
}
