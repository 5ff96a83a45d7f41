//! A building people travel to, as the office knows it beyond what is told of it.
//!
//! A session that is held there names it and keeps a name and an address of its own: what people were told
//! stays what they were told, until a change tells them otherwise.

use super::{
    contact::{EmailAddress, PhoneNumber},
    finding::folded,
    id::{AllianceSlug, VenueId},
    location::Location,
    page_words::SessionWords,
    text::Name,
};

/// Whom to ask about a venue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct VenueContact {
    /// Who answers there.
    pub name: Option<Name>,
    /// Where she is called.
    pub phone: Option<PhoneNumber>,
    /// Where she is written to.
    pub email: Option<EmailAddress>,
}

/// A building people travel to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Venue {
    /// Never changes.
    pub id: VenueId,
    /// What it is called.
    pub name: String,
    /// Street, town and postcode on one line; may be empty.
    pub address: String,
    /// The alliance that uses it; all of them if `None`.
    pub alliance: Option<AllianceSlug>,
    /// How people get in and about, in sentences for everybody.
    pub access_notes: Option<String>,
    /// How to get there, in sentences for everybody.
    pub directions: Option<String>,
    /// How many people it holds.
    pub capacity: Option<u32>,
    /// Whom to ask; nobody outside the office sees it.
    pub contact: VenueContact,
    /// What it costs, in words such as `£90 a day`.
    pub cost: Option<String>,
    /// How it is hired: keys, deposits, who to invoice.
    pub hire_notes: Option<String>,
}

/// Which venue is meant where a place is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VenueChoice {
    /// Nothing was said of it: a session whose place stays keeps the venue it has.
    Unsaid,
    /// None: the place is what was typed.
    None,
    /// This one.
    Chosen(VenueId),
}

impl Venue {
    /// Where it is, as a session that is held there says.
    pub fn location(&self) -> Location {
        Location::Venue { name: self.name.clone(), address: self.address.clone() }
    }

    /// Whether a place says the same, whatever its capitals and signs.
    pub fn is(&self, location: &Location) -> bool {
        match location {
            Location::Venue { name, address } => {
                folded(name) == folded(&self.name) && folded(address) == folded(&self.address)
            }
            Location::Online { .. } => false,
        }
    }

    /// Whether sessions of an alliance may be held there.
    pub fn is_for(&self, alliance: &AllianceSlug) -> bool {
        self.alliance.as_ref().is_none_or(|own| own == alliance)
    }

    /// Its name and its address on one line.
    pub fn line(&self) -> String {
        self.location().public_line()
    }
}

/// The place and the venue that are meant by what was typed and chosen, where a session was at `known`
/// before. A venue that is newly chosen says where it is; one that stays leaves what was typed beside it.
pub fn place_meant(
    (typed, choice): (Location, &VenueChoice),
    known: Option<(&Location, Option<&VenueId>)>,
    venue: Option<&Venue>,
) -> (Location, Option<VenueId>) {
    let was = known.and_then(|(_, venue)| venue);
    match (choice, venue) {
        _ if typed.is_online() => (typed, None),
        (VenueChoice::Unsaid, _) => {
            let stays = known.is_some_and(|(location, _)| *location == typed);
            (typed, was.filter(|_| stays).cloned())
        }
        (VenueChoice::Chosen(id), Some(_)) if was == Some(id) => (typed, Some(id.clone())),
        (VenueChoice::Chosen(id), Some(venue)) => (venue.location(), Some(id.clone())),
        (VenueChoice::None | VenueChoice::Chosen(_), _) => (typed, None),
    }
}

/// The words of a session's page once it is held at another venue, or once what a venue says of itself is
/// corrected: what it had from the venue before, or had not at all, it has from the one it is at now.
pub fn words_at(words: &SessionWords, from: Option<&Venue>, to: Option<&Venue>) -> SessionWords {
    let follow = |own: &Option<String>, part: fn(&Venue) -> &Option<String>| {
        let (was, now) =
            (from.and_then(|one| part(one).clone()), to.and_then(|one| part(one).clone()));
        if own.is_none() || *own == was { now } else { own.clone() }
    };
    SessionWords {
        directions: follow(&words.directions, |venue| &venue.directions),
        access_words: follow(&words.access_words, |venue| &venue.access_notes),
        ..words.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hall() -> Venue {
        Venue {
            id: "V001".parse().expect("an id"),
            name: "St Mary\u{2019}s Hall".to_owned(),
            address: "1 High Street".to_owned(),
            alliance: None,
            access_notes: Some("A ramp".to_owned()),
            directions: Some("Bus 3".to_owned()),
            capacity: Some(40),
            contact: VenueContact::default(),
            cost: None,
            hire_notes: None,
        }
    }

    fn typed(name: &str) -> Location {
        Location::Venue { name: name.to_owned(), address: String::new() }
    }

    #[test]
    fn a_venue_that_is_newly_chosen_says_where_it_is_and_one_that_stays_leaves_what_was_typed() {
        let (hall, choice) = (hall(), VenueChoice::Chosen("V001".parse().expect("an id")));
        let meant = |known| place_meant((typed("Room 3"), &choice), known, Some(&hall));
        assert_eq!(meant(None), (hall.location(), Some(hall.id.clone())));
        let (before, id) = (hall.location(), hall.id.clone());
        assert_eq!(meant(Some((&before, Some(&id)))), (typed("Room 3"), Some(hall.id.clone())));
    }

    #[test]
    fn a_form_that_says_nothing_of_venues_keeps_the_venue_only_of_a_place_that_stays() {
        let (place, id) = (typed("The hall"), "V001".parse().expect("an id"));
        let known = Some((&place, Some(&id)));
        let meant = |typed| place_meant((typed, &VenueChoice::Unsaid), known, None);
        assert_eq!(meant(typed("The hall")).1, Some(id.clone()));
        assert_eq!(meant(typed("Another")).1, None);
        let none = place_meant((typed("The hall"), &VenueChoice::None), known, None);
        assert_eq!(none.1, None);
    }

    #[test]
    fn a_page_follows_its_venue_unless_somebody_wrote_words_for_it() {
        let (hall, other) = (hall(), Venue { directions: Some("Bus 4".to_owned()), ..hall() });
        let empty = words_at(&SessionWords::default(), None, Some(&hall));
        assert_eq!(empty.directions.as_deref(), Some("Bus 3"));
        assert_eq!(empty.access_words.as_deref(), Some("A ramp"));
        assert_eq!(
            words_at(&empty, Some(&hall), Some(&other)).directions.as_deref(),
            Some("Bus 4")
        );
        let own = SessionWords { directions: Some("Walk".to_owned()), ..empty };
        assert_eq!(words_at(&own, Some(&hall), None).directions.as_deref(), Some("Walk"));
        assert_eq!(words_at(&own, Some(&hall), None).access_words, None);
    }

    #[test]
    fn the_same_place_is_the_same_whatever_its_capitals_and_signs() {
        let place = Location::Venue {
            name: "st marys hall".to_owned(),
            address: "1 High Street".to_owned(),
        };
        assert!(hall().is(&place));
        assert!(!hall().is(&typed("st marys hall")));
    }

    #[test]
    fn a_venue_of_an_alliance_is_for_its_own_sessions_and_one_of_none_for_all() {
        let (own, other) = ("leeds".parse().expect("a slug"), "wales".parse().expect("a slug"));
        assert!(hall().is_for(&own));
        let theirs = Venue { alliance: Some("leeds".parse().expect("a slug")), ..hall() };
        assert!(theirs.is_for(&own) && !theirs.is_for(&other));
        assert_eq!(theirs.line(), "St Mary\u{2019}s Hall, 1 High Street");
    }

    #[test]
    fn a_video_call_is_at_no_venue_whatever_was_chosen() {
        let call = Location::Online { room: "https://meet.example/a".to_owned() };
        let choice = VenueChoice::Chosen("V001".parse().expect("an id"));
        assert_eq!(place_meant((call.clone(), &choice), None, Some(&hall())), (call, None));
    }
}
