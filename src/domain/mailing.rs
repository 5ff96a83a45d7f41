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
    use super::*;

    #[test]
    fn an_audience_is_written_and_read_alike() {
        let text = "coming waiting attended-2 absent-1 leaders";
        let audience: Audience = text.parse().unwrap();
        assert_eq!(audience.to_string(), text);
        assert!(audience.leaders && audience.groups.contains(&RecipientGroup::Attended(2)));
        assert!("everybody".parse::<Audience>().is_err());
    }
}
