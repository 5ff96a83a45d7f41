//! Where in the United Kingdom a postcode is, as near as its first letters say: enough to tell what is close.

use std::{fmt, str::FromStr};

/// The areas of the postcode with roughly where each is: degrees north and east. Half a degree does not
/// matter here; a list that is ordered by it is right for whoever reads it.
const AREAS: &[(&str, f64, f64)] = &[
    ("AB", 57.2, -2.3),
    ("AL", 51.8, -0.3),
    ("B", 52.5, -1.9),
    ("BA", 51.3, -2.4),
    ("BB", 53.8, -2.3),
    ("BD", 53.8, -1.8),
    ("BH", 50.8, -1.9),
    ("BL", 53.6, -2.4),
    ("BN", 50.9, -0.1),
    ("BR", 51.4, 0.0),
    ("BS", 51.4, -2.6),
    ("BT", 54.6, -6.2),
    ("CA", 54.7, -3.1),
    ("CB", 52.2, 0.2),
    ("CF", 51.6, -3.3),
    ("CH", 53.3, -3.0),
    ("CM", 51.7, 0.5),
    ("CO", 51.9, 0.9),
    ("CR", 51.4, -0.1),
    ("CT", 51.3, 1.1),
    ("CV", 52.4, -1.5),
    ("CW", 53.2, -2.5),
    ("DA", 51.4, 0.2),
    ("DD", 56.5, -2.9),
    ("DE", 53.0, -1.5),
    ("DG", 55.1, -3.9),
    ("DH", 54.8, -1.6),
    ("DL", 54.5, -1.7),
    ("DN", 53.6, -0.9),
    ("DT", 50.8, -2.4),
    ("DY", 52.4, -2.2),
    ("E", 51.5, 0.0),
    ("EC", 51.5, -0.1),
    ("EH", 55.9, -3.3),
    ("EN", 51.7, -0.1),
    ("EX", 50.8, -3.6),
    ("FK", 56.1, -3.9),
    ("FY", 53.8, -3.0),
    ("G", 55.9, -4.3),
    ("GL", 51.8, -2.2),
    ("GU", 51.2, -0.7),
    ("GY", 49.5, -2.6),
    ("HA", 51.6, -0.3),
    ("HD", 53.6, -1.8),
    ("HG", 54.1, -1.5),
    ("HP", 51.7, -0.7),
    ("HR", 52.1, -2.7),
    ("HS", 58.1, -6.6),
    ("HU", 53.8, -0.3),
    ("HX", 53.7, -1.9),
    ("IG", 51.6, 0.1),
    ("IM", 54.2, -4.5),
    ("IP", 52.2, 1.1),
    ("IV", 57.6, -4.6),
    ("JE", 49.2, -2.1),
    ("KA", 55.5, -4.5),
    ("KT", 51.4, -0.3),
    ("KW", 58.7, -3.3),
    ("KY", 56.2, -3.1),
    ("L", 53.4, -2.9),
    ("LA", 54.2, -2.8),
    ("LD", 52.2, -3.4),
    ("LE", 52.6, -1.1),
    ("LL", 53.1, -3.8),
    ("LN", 53.2, -0.4),
    ("LS", 53.8, -1.5),
    ("LU", 51.9, -0.4),
    ("M", 53.5, -2.3),
    ("ME", 51.3, 0.6),
    ("MK", 52.0, -0.7),
    ("ML", 55.8, -3.9),
    ("N", 51.6, -0.1),
    ("NE", 55.1, -1.7),
    ("NG", 53.0, -1.0),
    ("NN", 52.3, -0.9),
    ("NP", 51.7, -3.0),
    ("NR", 52.7, 1.3),
    ("NW", 51.6, -0.2),
    ("OL", 53.6, -2.1),
    ("OX", 51.8, -1.3),
    ("PA", 55.9, -5.0),
    ("PE", 52.6, -0.1),
    ("PH", 56.6, -3.9),
    ("PL", 50.4, -4.3),
    ("PO", 50.8, -1.0),
    ("PR", 53.7, -2.7),
    ("RG", 51.4, -1.1),
    ("RH", 51.1, -0.2),
    ("RM", 51.6, 0.2),
    ("S", 53.4, -1.4),
    ("SA", 51.9, -4.3),
    ("SE", 51.5, -0.1),
    ("SG", 51.9, -0.2),
    ("SK", 53.3, -2.1),
    ("SL", 51.5, -0.6),
    ("SM", 51.4, -0.2),
    ("SN", 51.5, -1.8),
    ("SO", 50.9, -1.4),
    ("SP", 51.1, -1.8),
    ("SR", 54.9, -1.4),
    ("SS", 51.6, 0.7),
    ("ST", 52.9, -2.1),
    ("SW", 51.5, -0.2),
    ("SY", 52.6, -3.0),
    ("TA", 51.1, -3.1),
    ("TD", 55.6, -2.5),
    ("TF", 52.7, -2.5),
    ("TN", 51.1, 0.4),
    ("TQ", 50.4, -3.6),
    ("TR", 50.2, -5.2),
    ("TS", 54.6, -1.2),
    ("TW", 51.4, -0.4),
    ("UB", 51.5, -0.4),
    ("W", 51.5, -0.2),
    ("WA", 53.4, -2.6),
    ("WC", 51.5, -0.1),
    ("WD", 51.7, -0.4),
    ("WF", 53.7, -1.4),
    ("WN", 53.5, -2.6),
    ("WR", 52.2, -2.2),
    ("WS", 52.6, -1.9),
    ("WV", 52.6, -2.1),
    ("YO", 54.0, -0.9),
    ("ZE", 60.3, -1.2),
];

/// The first half of a postcode, such as `SE15`; or its area alone, such as `SE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outward {
    area: &'static str,
    district: String,
}

/// A text that is no postcode, nor the beginning of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the beginning of a postcode: it looks like SE15 or LS11")]
pub struct NoPostcode;

/// How far away something is, as far as can be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nearness {
    /// In the same district, or in the area that was asked for.
    Here,
    /// Within about 15 miles.
    Close,
    /// Within about 50 miles.
    Region,
    /// Further away.
    Far,
    /// Nobody can tell: there is no postcode.
    Unknown,
}

impl Outward {
    /// The last postcode in an address.
    pub fn in_address(address: &str) -> Option<Self> {
        let words: Vec<&str> =
            address.split([' ', ',', '\n']).filter(|word| !word.is_empty()).collect();
        let pair = words.windows(2).rev().find_map(|pair| {
            let [outward, inward] = pair else { return None };
            let is_inward = inward.len() == 3 && inward.starts_with(|c: char| c.is_ascii_digit());
            if is_inward { outward.parse::<Self>().ok() } else { None }
        });
        pair.filter(|found| !found.district.is_empty())
    }

    /// How far away another is.
    pub fn nearness(&self, other: &Self) -> Nearness {
        let either_is_whole = self.district.is_empty() || other.district.is_empty();
        if self.area == other.area && (either_is_whole || self.district == other.district) {
            return Nearness::Here;
        }
        match self.miles(other) {
            miles if miles <= 15.0 => Nearness::Close,
            miles if miles <= 50.0 => Nearness::Region,
            _ => Nearness::Far,
        }
    }

    /// Roughly how many miles apart two areas are.
    fn miles(&self, other: &Self) -> f64 {
        let at = |area: &str| AREAS.iter().find(|one| one.0 == area).map(|one| (one.1, one.2));
        let (Some(one), Some(two)) = (at(self.area), at(other.area)) else { return f64::MAX };
        let north = (one.0 - two.0) * 69.0;
        let east = (one.1 - two.1) * 69.0 * ((one.0 + two.0) / 2.0).to_radians().cos();
        north.hypot(east)
    }
}

impl FromStr for Outward {
    type Err = NoPostcode;

    fn from_str(typed: &str) -> Result<Self, NoPostcode> {
        let mut text: String = typed.to_uppercase().split_whitespace().collect();
        if !text.is_ascii() || text.len() > 7 {
            return Err(NoPostcode);
        }
        // Whoever types the whole of it is understood: the last three are the inward half.
        let is_whole = text.len() >= 5 && {
            let inward = &text.as_bytes()[text.len() - 3..];
            inward[0].is_ascii_digit() && inward[1..].iter().all(u8::is_ascii_alphabetic)
        };
        if is_whole {
            text.truncate(text.len() - 3);
        }
        let letters = text.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (area, district) = text.split_at(letters);
        let known = AREAS.iter().find(|one| one.0 == area).ok_or(NoPostcode)?;
        let mut rest = district.bytes();
        let good = match (rest.next(), rest.next(), rest.next()) {
            (None, ..) => true,
            (Some(first), second, None) => {
                first.is_ascii_digit() && second.is_none_or(|one| one.is_ascii_alphanumeric())
            }
            _ => false,
        };
        if good {
            Ok(Self { area: known.0, district: district.to_owned() })
        } else {
            Err(NoPostcode)
        }
    }
}

impl fmt::Display for Outward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.area, self.district)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Outward {
        text.parse().expect(text)
    }

    #[test]
    fn a_postcode_is_read_whole_or_by_its_beginning() {
        for (typed, read) in [
            ("se15 4qh", "SE15"),
            ("SE154QH", "SE15"),
            ("SE15", "SE15"),
            (" ls ", "LS"),
            ("W1A 0AX", "W1A"),
            ("m1 1ae", "M1"),
            ("E1", "E1"),
        ] {
            assert_eq!(at(typed).to_string(), read, "{typed}");
        }
        for none in ["", "Leeds", "QQ1", "12345", "SE15 4QH 9", "SEX", "LS1111", "é1"] {
            assert_eq!(none.parse::<Outward>(), Err(NoPostcode), "{none}");
        }
    }

    #[test]
    fn an_address_says_where_it_is_by_its_last_postcode() {
        let found = |address| Outward::in_address(address).map(|one| one.to_string());
        assert_eq!(found("3 Chapel Row, Milton Keynes MK13 0XX").as_deref(), Some("MK13"));
        assert_eq!(found("Jenkinson Row, Leeds LS11 0XX, England").as_deref(), Some("LS11"));
        assert_eq!(found("By the lake"), None);
        assert_eq!(found("B 123 Street"), None);
    }

    #[test]
    fn what_is_closer_comes_first() {
        let from = at("SE15");
        let order = ["SE15", "E1", "MK13", "LS11"].map(|other| from.nearness(&at(other)));
        let expected = [Nearness::Here, Nearness::Close, Nearness::Region, Nearness::Far];
        assert_eq!(order, expected);
        assert_eq!(at("SE").nearness(&at("SE22")), Nearness::Here);
        assert_eq!(at("SE1").nearness(&at("SE22")), Nearness::Close);
        assert_eq!(at("BD9").nearness(&at("LS11")), Nearness::Close);
    }

    #[test]
    fn a_house_number_or_a_short_word_behind_a_district_makes_no_postcode() {
        for address in ["M1 The Row", "E1 12 High Street", "SE15 4QHX"] {
            assert_eq!(Outward::in_address(address), None, "{address}");
        }
        for none in ["SE-", "E1-", "E-1", "SE15 4Q-", "éE1"] {
            assert_eq!(none.parse::<Outward>(), Err(NoPostcode), "{none}");
        }
    }

    #[test]
    fn what_is_far_in_one_direction_alone_is_far() {
        // Swindon with Bradford, due north of it, and with London, due east.
        assert_eq!(at("SN1").nearness(&at("BD1")), Nearness::Far);
        assert_eq!(at("SN1").nearness(&at("SE1")), Nearness::Far);
        assert_eq!(at("SN1").nearness(&at("OX1")), Nearness::Region);
    }
}
