//! Who sleeps in which room, and what is still not as people wish it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use chrono_tz::Tz;

use super::Stay;
use crate::domain::{
    edit::{Field, Keys, Record},
    finding::folded,
    id::{PlaceId, RoomId},
    text::{Line, TextFault},
};

/// How many rooms a session has at most.
pub const MOST_ROOMS: usize = 300;

/// How many beds a room has at most.
pub const MOST_BEDS: u32 = 60;

/// A room of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    /// Stays the same whatever is changed about it.
    pub id: RoomId,
    /// What stands on its door.
    pub name: Line<80>,
    /// How many people sleep there.
    pub beds: u32,
    /// Whether no step leads to it.
    pub is_step_free: bool,
    /// Whether it is a quiet one.
    pub is_quiet: bool,
    /// Where it is, and what else is to be known of it.
    pub notes: Option<Line<200>>,
}

/// Why a line is no room.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RoomFault {
    /// It has no name, or one that cannot be written.
    #[error("begin with what the room is called")]
    Name,
    /// No number of beds.
    #[error("say how many beds it has, from 1 to {MOST_BEDS}")]
    Beds,
    /// What is said beside it cannot be written.
    #[error("shorten what is said of it")]
    Notes,
}

impl From<TextFault> for RoomFault {
    fn from(_: TextFault) -> Self {
        Self::Name
    }
}

impl Room {
    /// A room as it is typed on one line: `Oak 3, 2 beds, step-free, quiet, first floor`. What it is called comes
    /// first, then the number of its beds; what else stands there is said of it.
    ///
    /// # Errors
    /// [`RoomFault`].
    pub fn typed(id: RoomId, line: &str) -> Result<Self, RoomFault> {
        let mut parts = line.split([',', ';', '\t']).map(str::trim);
        let name = Line::parse(parts.next().unwrap_or_default())?;
        let beds = parts.next().unwrap_or_default();
        let beds = beds.split_whitespace().next().and_then(|number| number.parse().ok());
        let beds = beds.filter(|beds| (1..=MOST_BEDS).contains(beds)).ok_or(RoomFault::Beds)?;
        let (mut is_step_free, mut is_quiet, mut notes) = (false, false, Vec::new());
        for part in parts.filter(|part| !part.is_empty()) {
            match part.to_lowercase().replace('-', " ").as_str() {
                "step free" | "no steps" | "without steps" => is_step_free = true,
                "quiet" => is_quiet = true,
                _ => notes.push(part),
            }
        }
        let notes = Line::parse_optional(&notes.join(", ")).map_err(|_| RoomFault::Notes)?;
        Ok(Self { id, name, beds, is_step_free, is_quiet, notes })
    }

    /// As whoever sleeps there is told it: `Oak 3 (first floor)`.
    pub fn told(&self) -> String {
        match &self.notes {
            Some(notes) => format!("{} ({notes})", self.name),
            None => self.name.to_string(),
        }
    }

    /// The same as it would be typed.
    pub fn line(&self) -> String {
        let beds = if self.beds == 1 { "1 bed".to_owned() } else { format!("{} beds", self.beds) };
        let mut parts = vec![self.name.to_string(), beds];
        parts.extend(self.is_step_free.then(|| "step-free".to_owned()));
        parts.extend(self.is_quiet.then(|| "quiet".to_owned()));
        parts.extend(self.notes.as_ref().map(ToString::to_string));
        parts.join(", ")
    }
}

/// Somebody with a place on a session, as rooms are given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Her place.
    pub place: PlaceId,
    /// Her name.
    pub name: String,
    /// Whom she comes for.
    pub institution: Option<String>,
    /// What she said; nothing: she sleeps there on all nights.
    pub stay: Option<Stay>,
    /// On which nights she sleeps there.
    pub nights: Vec<NaiveDate>,
    /// The others she would share a room with, as far as they are recognised.
    pub with: BTreeSet<PlaceId>,
}

impl Guest {
    /// Whether her room must have no steps.
    pub fn is_step_free(&self) -> bool {
        self.stay.as_ref().is_some_and(|stay| stay.is_step_free)
    }

    /// Whether she asks for a quiet one.
    pub fn is_quiet(&self) -> bool {
        self.stay.as_ref().is_some_and(|stay| stay.is_quiet)
    }

    /// Whether she asks for one of her own.
    pub fn is_alone(&self) -> bool {
        self.stay.as_ref().is_some_and(|stay| stay.is_alone)
    }

    /// Whether she and somebody else sleep there on a same night.
    pub fn meets(&self, other: &Self) -> bool {
        self.nights.iter().any(|night| other.nights.contains(night))
    }
}

/// Recognises with whom each would share: whoever is named in full, or by a first name that nobody else has.
pub fn recognise(guests: &mut [Guest]) {
    let words = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| c.is_whitespace() || ",;:.&+/()".contains(c));
        parts.map(folded).filter(|word| !word.is_empty()).collect()
    };
    let names: Vec<Vec<String>> = guests.iter().map(|one| words(&one.name)).collect();
    let first = |name: &Vec<String>| name.first().cloned();
    let is_only =
        |one: &Option<String>| names.iter().filter(|name| first(name) == *one).count() == 1;
    let places: Vec<PlaceId> = guests.iter().map(|one| one.place).collect();
    for (at, guest) in guests.iter_mut().enumerate() {
        let said = guest.stay.as_ref().and_then(|stay| stay.with_whom.as_ref());
        let Some(said) = said.map(|line| words(line.as_str())) else { continue };
        let is_named = |name: &Vec<String>| {
            !name.is_empty() && said.windows(name.len()).any(|part| part == name.as_slice())
        };
        for (other, name) in names.iter().enumerate().filter(|(other, _)| *other != at) {
            let by_first = first(name).filter(|_| is_only(&first(name)));
            if is_named(name) || by_first.is_some_and(|word| said.contains(&word)) {
                guest.with.insert(places[other]);
            }
        }
    }
}

/// Who sleeps in which room. Somebody stands there once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rooming(pub BTreeMap<PlaceId, RoomId>);

impl Rooming {
    /// The room of somebody.
    pub fn of(&self, place: PlaceId) -> Option<RoomId> {
        self.0.get(&place).copied()
    }

    /// Those of `guests` who are in a room.
    pub fn in_room<'a>(&self, room: RoomId, guests: &'a [Guest]) -> Vec<&'a Guest> {
        guests.iter().filter(|one| self.of(one.place) == Some(room)).collect()
    }

    /// How many of `guests` sleep in a room on a night.
    pub fn sleep(&self, room: RoomId, night: NaiveDate, guests: &[Guest]) -> u32 {
        let there = self.in_room(room, guests);
        let count = there.iter().filter(|one| one.nights.contains(&night)).count();
        u32::try_from(count).unwrap_or(u32::MAX)
    }
}

/// Each person is a field of her own, so that two who give out rooms at once overwrite nothing of each other's (V1).
impl Record for Rooming {
    fn fields(&self, _: Tz) -> Vec<Field> {
        let field = |(place, room): (&PlaceId, &RoomId)| Field {
            key: place.to_string().replace('-', ""),
            words: "Room".to_owned(),
            value: room.to_string(),
            logged: None,
        };
        // A form that was drawn before anybody had a room says so: drawn from nothing would be from what is there.
        let always = Field {
            key: "rooms".to_owned(),
            words: "Rooms".to_owned(),
            value: "given".to_owned(),
            logged: None,
        };
        [always].into_iter().chain(self.0.iter().map(field)).collect()
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        let places: BTreeSet<PlaceId> = self.0.keys().chain(from.0.keys()).copied().collect();
        for place in places {
            if keys.of(&place.to_string().replace('-', "")).is_empty() {
                continue;
            }
            match from.of(place) {
                Some(room) => self.0.insert(place, room),
                None => self.0.remove(&place),
            };
        }
    }
}

/// Something that is not as somebody wishes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unmet {
    /// She sleeps there and has no room.
    NoRoom,
    /// Steps lead to her room.
    Steps,
    /// Her room is not a quiet one.
    Noise,
    /// She does not have it for herself.
    NotAlone,
    /// Somebody she would share with is in another room; whether that one wishes the same.
    Apart(PlaceId, bool),
}

/// What is not as somebody wishes it, for somebody who sleeps there at all.
pub fn unmet(guest: &Guest, (guests, rooms): (&[Guest], &[Room]), rooming: &Rooming) -> Vec<Unmet> {
    if guest.nights.is_empty() {
        return Vec::new();
    }
    let room = rooming.of(guest.place);
    let Some(room) = rooms.iter().find(|one| Some(one.id) == room) else {
        return vec![Unmet::NoRoom];
    };
    let others = rooming.in_room(room.id, guests);
    let shares = others.iter().any(|one| one.place != guest.place && one.meets(guest));
    let simple = [
        (guest.is_step_free() && !room.is_step_free, Unmet::Steps),
        (guest.is_quiet() && !room.is_quiet, Unmet::Noise),
        (guest.is_alone() && shares, Unmet::NotAlone),
    ];
    let simple = simple.into_iter().filter(|(is, _)| *is).map(|(_, unmet)| unmet);
    let apart = guest.with.iter().filter_map(|other| {
        let other = guests.iter().find(|one| one.place == *other)?;
        let is_apart = other.meets(guest) && rooming.of(other.place) != Some(room.id);
        is_apart.then(|| Unmet::Apart(other.place, other.with.contains(&guest.place)))
    });
    simple.chain(apart).collect()
}

/// How the beds of a session stand on one night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NightCount {
    /// Which.
    pub night: NaiveDate,
    /// How many sleep there.
    pub sleep: usize,
    /// How many of them have a room.
    pub roomed: usize,
    /// How many beds are free in all rooms together.
    pub free: u32,
}

/// The beds of all nights.
pub fn count_nights(
    nights: &[NaiveDate],
    (guests, rooms): (&[Guest], &[Room]),
    rooming: &Rooming,
) -> Vec<NightCount> {
    let count = |night: &NaiveDate| {
        let sleep: Vec<&Guest> = guests.iter().filter(|one| one.nights.contains(night)).collect();
        let free = |room: &Room| room.beds.saturating_sub(rooming.sleep(room.id, *night, guests));
        NightCount {
            night: *night,
            sleep: sleep.len(),
            roomed: sleep.iter().filter(|one| rooming.of(one.place).is_some()).count(),
            free: rooms.iter().map(free).sum(),
        }
    };
    nights.iter().map(count).collect()
}

/// The nights on which more people sleep in a room than it has beds.
pub fn too_many(
    room: &Room,
    nights: &[NaiveDate],
    guests: &[Guest],
    rooming: &Rooming,
) -> Vec<NaiveDate> {
    let is_over = |night: &&NaiveDate| rooming.sleep(room.id, **night, guests) > room.beds;
    nights.iter().filter(is_over).copied().collect()
}
