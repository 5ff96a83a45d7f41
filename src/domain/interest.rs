//! Wanting to be told when there is a date of a course: where from, and how far one would go.

use chrono::{DateTime, Utc};

use super::{
    alliance::Alliance,
    contact::EmailAddress,
    finding::Wanted,
    id::{AllianceSlug, CourseSlug, InterestId},
    location::Location,
    postcode::{Nearness, Outward},
    session::Session,
    text::Name,
    vocabulary::words,
};

/// How far somebody would go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Reach {
    /// To what is near, not online.
    Here,
    /// To what is near, or online.
    #[default]
    Online,
    /// Anywhere.
    Anywhere,
}

words!(Reach { Here => "here", Online => "online", Anywhere => "anywhere" });

impl Reach {
    /// In words, as whoever plans reads it.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Here => "near there only",
            Self::Online => "near there or online",
            Self::Anywhere => "anywhere",
        }
    }
}

/// Somebody who wants to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interest {
    /// Which.
    pub id: InterestId,
    /// Of what.
    pub course: CourseSlug,
    /// Whose sessions are near her, if she chose an alliance.
    pub alliance: Option<AllianceSlug>,
    /// Where she is, as she typed it: a postcode or a town.
    pub place: Option<Name>,
    /// How far she would go.
    pub reach: Reach,
    /// Her name.
    pub name: Name,
    /// Where she is told.
    pub email: EmailAddress,
    /// When she asked.
    pub asked_at: DateTime<Utc>,
    /// When she confirmed it by her letter.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it ended: she stopped it, or booked.
    pub ended_at: Option<DateTime<Utc>>,
}

impl Interest {
    /// Whether she would go to a session. Where nobody can tell how far it is, she is told, and judges herself.
    pub fn is_for(&self, session: &Session) -> bool {
        session.course.slug == self.course && self.reaches(&session.alliance, &session.location)
    }

    /// Whether she would go to where an alliance holds something.
    fn reaches(&self, alliance: &Alliance, location: &Location) -> bool {
        match self.reach {
            Reach::Anywhere => return true,
            Reach::Online if location.is_online() => return true,
            Reach::Here if location.is_online() => return false,
            Reach::Here | Reach::Online => {}
        }
        let is_theirs = self.alliance.as_ref() == Some(&alliance.slug);
        let is_near = |place| near(place, alliance, location);
        is_theirs || self.place.as_ref().map_or(self.alliance.is_none(), is_near)
    }
}

/// Whether a place that was typed is near one of an alliance.
fn near(place: &Name, alliance: &Alliance, location: &Location) -> bool {
    match (place.as_str().parse::<Outward>().ok(), location.outward()) {
        (Some(here), Some(there)) => {
            matches!(here.nearness(&there), Nearness::Here | Nearness::Close)
        }
        // A postcode and a building without one: nobody can tell.
        (Some(_), None) => true,
        (None, _) => {
            let wanted = Wanted::typed(place.as_str());
            wanted.is_among([location.public_line().as_str(), alliance.name.as_str()])
        }
    }
}

/// How many of those who wait are told at once, where so many places are open: two for each, since who is told by a
/// letter of a day that was long hoped for may not be free on it. Were it one, a place stood empty for a day for each
/// who is not; the others are told a day later, if places are left.
pub fn in_turn(open: u32, waiting: usize) -> usize {
    usize::try_from(open).unwrap_or(usize::MAX).saturating_mul(2).min(waiting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alliance() -> Alliance {
        Alliance {
            slug: "leeds".parse().expect("a slug"),
            name: "Leeds Citizens".to_owned(),
            time_zone: chrono_tz::Europe::London,
            contact_email: "leeds@example.org".parse().expect("an address"),
            words: Default::default(),
        }
    }

    fn interest(alliance: Option<&str>, place: Option<&str>, reach: Reach) -> Interest {
        let at = DateTime::UNIX_EPOCH;
        Interest {
            id: InterestId::new(uuid::Uuid::nil()),
            course: "first".parse().expect("a slug"),
            alliance: alliance.map(|slug| slug.parse().expect("a slug")),
            place: place.map(|place| Name::parse(place).expect("a place")),
            reach,
            name: Name::parse("Ada Obi").expect("a name"),
            email: "ada@example.org".parse().expect("an address"),
            asked_at: at,
            confirmed_at: Some(at),
            ended_at: None,
        }
    }

    #[test]
    fn she_is_told_of_what_is_near_enough() {
        let hall = Location::Venue {
            name: "Holbeck Club".to_owned(),
            address: "Jenkinson Row, Leeds LS11 0XX".to_owned(),
        };
        let online = Location::Online { room: "https://video.example/r".to_owned() };
        for (alliance, place, reach, in_hall, on_line) in [
            (Some("leeds"), None, Reach::Here, true, false),
            (Some("leeds"), None, Reach::Online, true, true),
            (Some("elsewhere"), None, Reach::Online, false, true),
            (Some("elsewhere"), None, Reach::Anywhere, true, true),
            (None, Some("LS6"), Reach::Here, true, false),
            (None, Some("PL1"), Reach::Here, false, false),
            (None, Some("leeds"), Reach::Here, true, false),
            (None, Some("Plymouth"), Reach::Online, false, true),
            (None, None, Reach::Here, true, false),
        ] {
            let one = interest(alliance, place, reach);
            let reaches = |location| one.reaches(&self::alliance(), location);
            assert_eq!(reaches(&hall), in_hall, "{alliance:?} {place:?} {reach}");
            assert_eq!(reaches(&online), on_line, "{alliance:?} {place:?} {reach}");
        }
    }

    #[test]
    fn twice_as_many_are_told_as_there_are_places_and_never_more_than_wait() {
        assert_eq!((in_turn(3, 10), in_turn(3, 5), in_turn(0, 5)), (6, 5, 0));
        assert_eq!(in_turn(u32::MAX, 7), 7);
    }

    #[test]
    fn she_is_told_of_the_course_she_waits_for_and_no_other() {
        let mut session = crate::domain::samples::session();
        let of = |alliance: &str, course: &str| {
            let course = course.parse().expect("a slug");
            Interest { course, ..interest(Some(alliance), None, Reach::Here) }
        };
        assert!(of("citizens-mk", "two-day").is_for(&session));
        assert!(!of("citizens-mk", "first").is_for(&session), "another course");
        assert!(!of("leeds", "two-day").is_for(&session), "too far");
        session.location = Location::Online { room: "https://video.example/r".to_owned() };
        assert!(!of("citizens-mk", "two-day").is_for(&session), "not online");
    }

    #[test]
    fn somebody_with_a_postcode_is_told_of_a_building_without_one() {
        let hall = Location::Venue { name: "Holbeck Club".to_owned(), address: String::new() };
        let reaches = |place| interest(None, Some(place), Reach::Here).reaches(&alliance(), &hall);
        assert!(reaches("PL1"), "nobody can tell how far it is");
        assert!(reaches("holbeck"));
        assert!(!reaches("Plymouth"));
    }

    #[test]
    fn whoever_plans_reads_how_far_each_would_go() {
        let words = Reach::ALL.iter().map(|reach| reach.in_words()).collect::<Vec<_>>();
        assert_eq!(words, ["near there only", "near there or online", "anywhere"]);
    }
}
