//! A local chapter.

use chrono_tz::Tz;

use super::{contact::EmailAddress, id::AllianceSlug, page_words::AllianceWords};

/// A local chapter, such as London Citizens: its institutions share a programme of training.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alliance {
    /// Its short name in URLs.
    pub slug: AllianceSlug,
    /// Its name as people say it.
    pub name: String,
    /// The zone its sittings are planned in, unless a session says otherwise.
    pub time_zone: Tz,
    /// Where people write to reach its organisers.
    pub contact_email: EmailAddress,
    /// What it says of itself.
    pub words: AllianceWords,
}

impl Alliance {
    /// Which of the six alliance colours marks it, `a` to `f`: a stable hash (FNV-1a) of the slug,
    /// so that the colour survives renaming and restarts. Never the only signal.
    pub fn hue(&self) -> char {
        let hash =
            self.slug.as_str().bytes().fold(0x811c_9dc5_u32, |hash, byte| {
                (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
            });
        char::from(b'a' + (hash % 6) as u8)
    }
}

/// The zone that all of some alliances have in common; `None` if there are several, or no alliance.
pub fn common_zone<'a>(alliances: impl IntoIterator<Item = &'a Alliance>) -> Option<Tz> {
    let mut zones = alliances.into_iter().map(|alliance| alliance.time_zone);
    let first = zones.next()?;
    zones.all(|zone| zone == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    fn in_zone(time_zone: Tz) -> Alliance {
        Alliance { time_zone, ..samples::alliance() }
    }

    #[test]
    fn an_alliance_keeps_its_colour_for_ever() {
        for (slug, hue) in
            [("citizens-mk", 'b'), ("leeds", 'c'), ("wales", 'd'), ("a", 'e'), ("london", 'f')]
        {
            let slug = slug.parse().expect("a slug");
            assert_eq!(Alliance { slug, ..samples::alliance() }.hue(), hue);
        }
    }

    #[test]
    fn alliances_have_a_zone_in_common_only_if_all_are_in_it() {
        let [london, cardiff, dublin] =
            [Tz::Europe__London, Tz::Europe__London, Tz::Europe__Dublin].map(in_zone);
        assert_eq!(common_zone([&london, &cardiff]), Some(Tz::Europe__London));
        assert_eq!(common_zone([&dublin]), Some(Tz::Europe__Dublin));
        assert_eq!(common_zone([&london, &cardiff, &dublin]), None);
        assert_eq!(common_zone([]), None);
    }
}
