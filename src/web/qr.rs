//! QR codes (ISO/IEC 18004), drawn as SVG: black on white whatever the page's colours, because
//! cameras read nothing else well.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

/// Light modules round the code, as the standard asks.
const QUIET: usize = 4;

/// An SVG of `text`; `None` when it is too long for any code (more than about 2,000 characters).
pub fn svg(text: &str) -> Option<String> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let (width, colors) = (code.width(), code.to_colors());
    let size = width + 2 * QUIET;
    let mut path = String::new();
    for (at, color) in colors.into_iter().enumerate() {
        if color == Color::Dark {
            let (x, y) = (at % width + QUIET, at / width + QUIET);
            write!(path, "M{x} {y}h1v1h-1z").ok()?;
        }
    }
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" \
         shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/>\
         <path d=\"{path}\"/></svg>\n"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_quiet_zone_and_the_three_corners() {
        let svg = svg("https://turnout.example/calendars").expect("a code");
        let size: usize = svg
            .split("viewBox=\"0 0 ")
            .nth(1)
            .expect("a box")
            .split(' ')
            .next()
            .and_then(|text| text.parse().ok())
            .expect("a size");
        for (x, y) in [(4, 4), (size - 5, 4), (4, size - 5)] {
            assert!(svg.contains(&format!("M{x} {y}h1v1h-1z")), "a corner at {x}, {y}");
        }
        assert!(!svg.contains("M3 ") && !svg.contains("style"));
        assert_eq!(super::svg(&"x".repeat(9000)), None);
    }
}
