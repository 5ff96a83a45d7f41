//! A message of the office to the people of a session: whom it reaches, each address once.

use std::{collections::HashSet, fmt, str::FromStr};

use super::{
    attendance::Presence,
    contact::EmailAddress,
    id::{PlaceId, RegistrationId},
    place::{Place, PlaceStatus},
    registration::Registration,
    vocabulary::UnknownWord,
};

/// Some of a session's people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RecipientGroup {
    /// Whoever has a place.
    Coming,
    /// Whoever is on the waiting list, or is offered a place from it.
    Waiting,
    /// Whoever asks for a place.
    Asking,
    /// Whoever had a place and has given it up or lost it.
    Cancelled,
    /// Whoever was there on this day.
    Attended(u32),
    /// Whoever had a place and was not there on this day, once the trainer has closed it.
    Absent(u32),
}

const WORDS: &[&str] = &["coming", "waiting", "asking", "cancelled", "attended-DAY", "absent-DAY"];

impl fmt::Display for RecipientGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Coming => f.write_str("coming"),
            Self::Waiting => f.write_str("waiting"),
            Self::Asking => f.write_str("asking"),
            Self::Cancelled => f.write_str("cancelled"),
            Self::Attended(day) => write!(f, "attended-{day}"),
            Self::Absent(day) => write!(f, "absent-{day}"),
        }
    }
}

impl FromStr for RecipientGroup {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let day = |start: &str| text.strip_prefix(start).and_then(|day| day.parse().ok());
        match text {
            "coming" => Ok(Self::Coming),
            "waiting" => Ok(Self::Waiting),
            "asking" => Ok(Self::Asking),
            "cancelled" => Ok(Self::Cancelled),
            _ => day("attended-")
                .map(Self::Attended)
                .or_else(|| day("absent-").map(Self::Absent))
                .ok_or_else(|| UnknownWord { found: text.to_owned(), allowed: WORDS }),
        }
    }
}

/// Whom a message is for: everybody in any of the groups, and their leaders if asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// Whoever is in any of these gets it, once.
    pub groups: Vec<RecipientGroup>,
    /// Whether whoever booked gets it too, though she may not come herself.
    pub leaders: bool,
}

impl fmt::Display for Audience {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = self.groups.iter().map(ToString::to_string).collect();
        words.extend(self.leaders.then(|| "leaders".to_owned()));
        f.write_str(&words.join(" "))
    }
}

impl FromStr for Audience {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        let (leaders, groups): (Vec<_>, Vec<_>) =
            text.split_whitespace().partition(|word| *word == "leaders");
        let groups = groups.into_iter().map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { groups, leaders: !leaders.is_empty() })
    }
}

/// One address, and everybody it is read for: families and parishes share inboxes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipient {
    /// Where the letter goes.
    pub address: EmailAddress,
    /// Whom it is for, in the order of their bookings.
    pub names: Vec<String>,
    /// The first booking it is about.
    pub registration: RegistrationId,
}

/// Whom a message reaches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct MailingReach {
    /// Each address once, in the order of the bookings.
    pub recipients: Vec<Recipient>,
    /// How many people are in the audience.
    pub people: usize,
    /// Those without an address, whose leader gets the message for them.
    pub by_leader: usize,
    /// How many addresses asked for no messages, and get none.
    pub stopped: usize,
    /// Those whom no e-mail reaches: they and their leaders have no address.
    pub unreachable: Vec<String>,
}

impl MailingReach {
    fn add(&mut self, registration: RegistrationId, address: &EmailAddress, name: &str) {
        let known = self.recipients.iter_mut().find(|one| one.address == *address);
        let names = match known {
            Some(known) => &mut known.names,
            None => {
                let (address, names) = (address.clone(), Vec::new());
                let one = Recipient { address, names, registration };
                self.recipients.push(one);
                match self.recipients.last_mut() {
                    Some(last) => &mut last.names,
                    None => return,
                }
            }
        };
        if names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
}

/// Who was where: the marks at the door, by place and day.
pub type Marks = HashSet<(PlaceId, u32, Presence)>;

fn is_in(place: &Place, group: RecipientGroup, marks: &Marks) -> bool {
    let status = place.state.status();
    match group {
        RecipientGroup::Coming => status == PlaceStatus::Confirmed,
        RecipientGroup::Waiting => matches!(status, PlaceStatus::Waiting | PlaceStatus::Offered),
        RecipientGroup::Asking => status == PlaceStatus::Requested,
        RecipientGroup::Cancelled => status == PlaceStatus::Cancelled,
        RecipientGroup::Attended(day) => marks.contains(&(place.id, day, Presence::Attended)),
        RecipientGroup::Absent(day) => {
            status == PlaceStatus::Confirmed && marks.contains(&(place.id, day, Presence::Absent))
        }
    }
}

/// Whom `audience` reaches among the bookings of a session.
pub fn reach(registrations: &[Registration], marks: &Marks, audience: &Audience) -> MailingReach {
    let mut reach = MailingReach::default();
    for registration in registrations {
        let wanted = |place: &&Place| audience.groups.iter().any(|one| is_in(place, *one, marks));
        let places: Vec<&Place> = registration.places.iter().filter(wanted).collect();
        let leader = &registration.leader;
        for place in &places {
            reach.people += 1;
            let attendee = place.attendee.as_ref();
            let own = attendee.and_then(|attendee| Some((attendee.email.as_ref()?, attendee)));
            match (own, &leader.email) {
                (Some((address, attendee)), _) => {
                    reach.add(registration.id, address, attendee.name.as_str());
                }
                (None, Some(address)) => {
                    reach.by_leader += 1;
                    reach.add(registration.id, address, leader.name.as_str());
                }
                (None, None) => {
                    let name = attendee.map_or("Name to follow", |one| one.name.as_str());
                    reach.unreachable.push(name.to_owned());
                }
            }
        }
        if let (true, Some(address), false) = (audience.leaders, &leader.email, places.is_empty()) {
            reach.add(registration.id, address, leader.name.as_str());
        }
    }
    reach
}

/// Whom one message reaches on several sessions: each address once, with the first session it is about and
/// the names it is read for on all of them.
pub fn together<S>(parts: Vec<(S, MailingReach)>) -> Vec<(S, MailingReach)> {
    let mut all: Vec<(S, MailingReach)> = Vec::new();
    for (session, mut reach) in parts {
        reach.recipients.retain(|one| {
            let known = all.iter_mut().flat_map(|(_, reach)| &mut reach.recipients);
            let mut known = known.filter(|known| known.address == one.address);
            let Some(known) = known.next() else { return true };
            for name in &one.names {
                if !known.names.contains(name) {
                    known.names.push(name.clone());
                }
            }
            false
        });
        all.push((session, reach));
    }
    all
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::{place::PlaceState, samples};

    #[test]
    fn an_audience_is_written_and_read_alike() {
        let text = "coming waiting attended-2 absent-1 leaders";
        let audience: Audience = text.parse().unwrap();
        assert_eq!(audience.to_string(), text);
        assert!(audience.leaders && audience.groups.contains(&RecipientGroup::Attended(2)));
        assert!("everybody".parse::<Audience>().is_err());
    }

    #[test]
    fn every_group_is_read_as_it_is_written() {
        for word in ["coming", "waiting", "asking", "cancelled", "attended-2", "absent-1"] {
            let group: RecipientGroup = word.parse().expect("a group");
            assert_eq!(group.to_string(), word);
        }
        assert!("attended-".parse::<RecipientGroup>().is_err());
        assert!(!"coming".parse::<Audience>().expect("an audience").leaders);
    }

    /// A booking of Ruth's: its number, her address, and who sits where.
    fn booking(number: u128, leader: &str, places: Vec<Place>) -> Registration {
        let mut booking = samples::booking(places);
        booking.id = RegistrationId::new(Uuid::from_u128(number));
        booking.leader.email = leader.parse().ok();
        booking
    }

    fn ada(number: u32, email: &str) -> Place {
        samples::place(number, Some(samples::attendee("Ada Obi", email)), PlaceState::Confirmed)
    }

    fn told(reach: &MailingReach) -> Vec<(&str, String)> {
        reach.recipients.iter().map(|one| (one.address.as_str(), one.names.join(", "))).collect()
    }

    #[test]
    fn each_address_gets_one_letter_for_all_whom_it_is_read_for() {
        let sam = samples::attendee("Sam Obi", "obi@example.org");
        let sam = samples::place(3, Some(sam), PlaceState::Confirmed);
        let first =
            booking(1, "ruth@example.org", vec![ada(1, "obi@example.org"), ada(2, ""), sam]);
        let second = booking(2, "", vec![ada(1, "obi@example.org"), ada(2, "")]);
        let unnamed = booking(3, "", vec![samples::place(1, None, PlaceState::Confirmed)]);
        let audience: Audience = "coming".parse().expect("an audience");
        let reach = reach(&[first, second, unnamed], &Marks::new(), &audience);
        let (obi, ruth) = ("Ada Obi, Sam Obi".to_owned(), "Ruth Okafor".to_owned());
        assert_eq!(told(&reach), [("obi@example.org", obi), ("ruth@example.org", ruth)]);
        assert_eq!((reach.people, reach.by_leader, reach.stopped), (6, 1, 0));
        assert_eq!(reach.unreachable, ["Ada Obi", "Name to follow"]);
        let first = RegistrationId::new(Uuid::from_u128(1));
        assert!(reach.recipients.iter().all(|one| one.registration == first));
    }

    #[test]
    fn a_group_is_those_whose_places_stand_so_or_who_were_marked_so() {
        let until = chrono::DateTime::UNIX_EPOCH;
        let states = [
            PlaceState::Confirmed,
            PlaceState::Waiting { queue: 1 },
            PlaceState::Offered { until, queue: 2 },
            PlaceState::Requested,
            PlaceState::Cancelled,
            PlaceState::Refused,
            PlaceState::Confirmed,
        ];
        let places: Vec<_> =
            (1..).zip(states).map(|(at, state)| samples::place(at, None, state)).collect();
        let mark = |number: usize, day, presence| (places[number - 1].id, day, presence);
        let marks = Marks::from([
            mark(1, 1, Presence::Attended),
            mark(5, 1, Presence::Absent),
            mark(7, 1, Presence::Absent),
            mark(7, 2, Presence::Attended),
        ]);
        for (word, numbers) in [
            ("coming", &[1, 7][..]),
            ("waiting", &[2, 3]),
            ("asking", &[4]),
            ("cancelled", &[5]),
            ("attended-1", &[1]),
            ("attended-2", &[7]),
            // Whoever gave a place up before was not expected.
            ("absent-1", &[7]),
            ("absent-2", &[]),
        ] {
            let group = word.parse().expect("a group");
            let found = places.iter().filter(|place| is_in(place, group, &marks));
            assert_eq!(found.map(|place| place.number).collect::<Vec<_>>(), numbers, "{word}");
        }
    }

    #[test]
    fn leaders_are_written_to_beside_their_people_and_never_without_any() {
        let comes = booking(1, "ruth@example.org", vec![ada(1, "ada@example.org")]);
        let none =
            booking(2, "ben@example.org", vec![samples::place(1, None, PlaceState::Cancelled)]);
        let registrations = [comes, none];
        let to = |audience: &str| {
            let audience: Audience = audience.parse().expect("an audience");
            let reach = reach(&registrations, &Marks::new(), &audience);
            let all = reach.recipients.iter().map(|one| one.address.to_string());
            (all.collect::<Vec<_>>().join(" "), reach.people)
        };
        assert_eq!(to("coming"), ("ada@example.org".to_owned(), 1));
        assert_eq!(to("coming leaders"), ("ada@example.org ruth@example.org".to_owned(), 1));
    }

    #[test]
    fn whoever_is_on_several_sessions_gets_one_letter_for_all_of_them() {
        let on = |bookings: &[Registration]| {
            reach(bookings, &Marks::new(), &"coming".parse().expect("an audience"))
        };
        let sam = samples::attendee("Sam Obi", "obi@example.org");
        let sam = samples::place(1, Some(sam), PlaceState::Confirmed);
        let first = on(&[booking(1, "", vec![ada(1, "obi@example.org")])]);
        let second = on(&[
            booking(2, "", vec![ada(1, "obi@example.org"), sam]),
            booking(3, "", vec![ada(1, "ada@example.org")]),
        ]);
        let all = together(vec![("S001", first), ("S002", second)]);
        let parts: Vec<_> = all.iter().map(|(code, reach)| (*code, told(reach))).collect();
        let both = vec![("obi@example.org", "Ada Obi, Sam Obi".to_owned())];
        let other = vec![("ada@example.org", "Ada Obi".to_owned())];
        assert_eq!(parts, [("S001", both), ("S002", other)]);
    }
}
