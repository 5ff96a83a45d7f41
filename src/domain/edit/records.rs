//! The records people edit, field by field: what the keys of their forms are, and what the log calls
//! them. A field that is added to one of them and forgotten here does not compile.

use chrono_tz::Tz;

use super::{Field, Keys, Part, Record};
use crate::domain::{
    aims::Aims,
    alliance::Alliance,
    attendee::{Attendee, Ticks},
    course::Course,
    id::InstitutionCode,
    institution::Institution,
    letter_wording::{LetterManners, WordingOf},
    page_words::{AllianceWords, CourseWords, DayWords, SessionWords},
    person::Person,
    plan::{PlannedSitting, SessionDetails, SessionPlan},
    registration::Leader,
    sitting::DayPlace,
    staff::StaffMember,
    stay::Overnight,
    venue::{Venue, VenueContact},
};

/// Says of each field of a record what its key and its words are, which fields are never edited
/// (`fixed`), and which are records themselves (`whole`).
macro_rules! record {
    (
        $Record:ident $(fixed($($fixed:ident),+))? $(whole($($whole:ident),+))? {
            $($field:ident: $key:literal, $words:literal;)+
        }
    ) => {
        impl Record for $Record {
            fn fields(&self, zone: Tz) -> Vec<Field> {
                let Self { $($field,)+ $($($fixed: _,)+)? $($($whole,)+)? } = self;
                let mut fields = Vec::new();
                $(Part::tell($field, ($key, $words), zone, &mut fields);)+
                $($(fields.extend(Record::fields($whole, zone));)+)?
                fields
            }

            fn adopt(&mut self, keys: &Keys, from: &Self) {
                $(Part::adopt(&mut self.$field, &keys.of($key), &from.$field);)+
                $($(Record::adopt(&mut self.$whole, keys, &from.$whole);)+)?
            }
        }
    };
}

record! {
    Alliance fixed(slug) whole(words) {
        name: "name", "Name";
        time_zone: "zone", "Time zone";
        contact_email: "email", "Contact address";
    }
}

record! {
    Institution fixed(code) {
        name: "name", "Name";
        kind: "kind", "Kind";
        alliance: "alliance", "Alliance";
        membership: "membership", "Membership";
    }
}

record! {
    Course fixed(slug) whole(words) {
        title: "title", "Title";
        summary: "summary", "Summary";
        campaign: "campaign", "Campaign";
        learning_minutes: "hours", "Learning time in minutes";
        default_capacity: "capacity", "Usual number of places";
        prerequisites: "before", "Asks first for";
        needs_guardian: "guardian", "Asks for a guardian";
    }
}

record! {
    Person fixed(id, known_since, archived_at, merged_into) {
        name: "name", "Name";
        email: "email", "Email address";
        phone: "phone", "Telephone number";
        institution: "institution", "Institution";
    }
}

record! {
    StaffMember fixed(login) {
        name: "name", "Name";
        email: "email", "Email address";
        role: "role", "Role";
        alliances: "alliance", "Alliance";
        about: "about", "A line about them";
    }
}

record! {
    Attendee whole(ticks) {
        name: "name", "Name";
        email: "email", "Email address";
        dietary: "diet", "Food needs";
        access: "access", "Access needs";
        guardian: "guardian", "Guardian";
    }
}

/// Health, as the needs beside them are: the log says only that a tick changed (P5).
impl Record for Ticks {
    fn fields(&self, _: Tz) -> Vec<Field> {
        let of = |key: &str, words: &str, is_ticked: bool| Field {
            key: key.to_owned(),
            words: words.to_owned(),
            value: if is_ticked { "yes" } else { "" }.to_owned(),
            logged: None,
        };
        vec![
            of("allergy", "Allergy", self.allergy),
            of("interpreter", "Interpreter", self.interpreter),
        ]
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        Part::adopt(&mut self.allergy, &keys.of("allergy"), &from.allergy);
        Part::adopt(&mut self.interpreter, &keys.of("interpreter"), &from.interpreter);
    }
}

record! {
    Leader {
        name: "leader_name", "Name of whoever booked";
        email: "leader_email", "Email address of whoever booked";
        phone: "leader_phone", "Telephone number of whoever booked";
    }
}

record! {
    SessionDetails whole(words, aims, overnight) {
        places_per_booking: "per_booking", "Most places in one booking";
        places_per_institution: "per_institution", "Most places for one institution";
        mode: "mode", "How a booking is answered";
        admission: "admission", "Who can find it";
        waiting_list: "waiting", "Waiting list";
        booking_opens: "opens", "Booking opens";
        booking_closes: "closes", "Booking closes";
        trainers: "trainer", "Trainer";
        access: "access", "Access";
        note: "note", "Note";
    }
}

record! {
    AllianceWords fixed(letters) {
        about: "about", "About it";
        colour: "colour", "Colour";
    }
}

record! {
    LetterManners {
        signature: "signature", "Signature";
        reply_to: "reply_to", "Address for answers";
    }
}

/// The words of one letter: each letter's are fields of their own, so that the log says whose changed.
impl Record for WordingOf {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields = Vec::new();
        let (what, to) = self.letter.called();
        let mut tell = |part: &str, words: &str, value: &Option<String>| {
            let named = (
                format!("{}-{part}", self.letter),
                format!("{words} of \u{201c}{what}\u{201d} {to}"),
            );
            value.tell((&named.0, &named.1), zone, &mut fields);
        };
        tell("subject", "Subject", &self.wording.subject);
        tell("opening", "Opening", &self.wording.opening);
        tell("closing", "Closing", &self.wording.closing);
        fields
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        let of = |part: &str| keys.of(&format!("{}-{part}", from.letter));
        Part::adopt(&mut self.wording.subject, &of("subject"), &from.wording.subject);
        Part::adopt(&mut self.wording.opening, &of("opening"), &from.wording.opening);
        Part::adopt(&mut self.wording.closing, &of("closing"), &from.wording.closing);
    }
}

record! {
    CourseWords {
        for_whom: "for_whom", "Who it is for";
        outcomes: "outcomes", "What people will be able to do";
    }
}

record! {
    Aims fixed(went_ahead) {
        minimum: "minimum", "Fewest people";
        decide_by: "decide_by", "Decide by";
        hopes: "hopes", "Who should come";
    }
}

record! {
    Overnight {
        is_residential: "residential", "People stay overnight";
        rooms_on: "rooms_on", "Rooms are given out on";
        arrival: "arrival", "When people arrive";
        departure: "departure", "When people leave";
    }
}

record! {
    SessionWords {
        directions: "directions", "How to get there";
        bring: "bring", "What to bring";
        food: "food", "Food and drink";
        access_words: "access_words", "Access in words";
        days: "dayword", "About day";
    }
}

record! {
    SessionPlan fixed(like, on_decline) whole(details) {
        course: "course", "Course";
        alliance: "alliance", "Alliance";
        sittings: "day", "Day";
        day_places: "dayplace", "Place of day";
        location: "where", "Where";
        venue: "venue_id", "Venue on the list";
        capacity: "capacity", "Places";
    }
}

record! {
    Venue fixed(id) whole(contact) {
        name: "name", "Name";
        address: "address", "Address";
        alliance: "alliance", "Alliance";
        access_notes: "access", "Access";
        directions: "directions", "How to get there";
        capacity: "capacity", "How many people it holds";
        cost: "cost", "What it costs";
        hire_notes: "hire_notes", "How it is hired";
    }
}

record! {
    VenueContact {
        name: "contact_name", "Name of the contact";
        phone: "contact_phone", "Telephone number of the contact";
        email: "contact_email", "Email address of the contact";
    }
}

/// The days of a session, each a field of its own.
pub type Days = Vec<PlannedSitting>;

impl Part for Days {
    fn tell(&self, (key, words): (&str, &str), zone: Tz, fields: &mut Vec<Field>) {
        for (number, day) in (1..).zip(self) {
            let named = (format!("{key}-{number}"), format!("{words} {number}"));
            day.tell((&named.0, &named.1), zone, fields);
        }
    }

    /// A day that the other state lacks is removed; the days after it count on.
    fn adopt(&mut self, parts: &[&str], from: &Self) {
        let most = self.len().max(from.len());
        let days = (0..most).filter_map(|at| {
            let number = (at + 1).to_string();
            let taken = parts.contains(&number.as_str());
            if taken { from.get(at) } else { self.get(at) }.copied()
        });
        *self = days.collect();
    }
}

/// What the days of a session are about, each a field of its own.
impl Part for Vec<DayWords> {
    fn tell(&self, (key, words): (&str, &str), zone: Tz, fields: &mut Vec<Field>) {
        for (number, day) in (1..).zip(self) {
            let named = (format!("{key}-{number}"), format!("{words} {number}"));
            day.tell((&named.0, &named.1), zone, fields);
        }
    }

    fn adopt(&mut self, parts: &[&str], from: &Self) {
        let most = self.len().max(from.len());
        let days = (0..most).map(|at| {
            let number = (at + 1).to_string();
            let taken = parts.contains(&number.as_str());
            let day = if taken { from.get(at) } else { self.get(at) };
            day.cloned().unwrap_or_default()
        });
        *self = days.collect();
    }
}

/// Where the days of a session are held, each a field of its own; one that is held where its session is says
/// nothing.
impl Part for Vec<Option<DayPlace>> {
    fn tell(&self, (key, words): (&str, &str), zone: Tz, fields: &mut Vec<Field>) {
        for (number, place) in (1..).zip(self) {
            let named = (format!("{key}-{number}"), format!("{words} {number}"));
            if let Some(place) = place {
                place.tell((&named.0, &named.1), zone, fields);
            }
        }
    }

    fn adopt(&mut self, parts: &[&str], from: &Self) {
        let most = self.len().max(from.len());
        let places = (0..most).map(|at| {
            let number = (at + 1).to_string();
            let taken = parts.contains(&number.as_str());
            if taken { from.get(at) } else { self.get(at) }.cloned().flatten()
        });
        *self = places.collect();
    }
}

impl Record for Days {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields = Vec::new();
        Part::tell(self, ("day", "Day"), zone, &mut fields);
        fields
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        Part::adopt(self, &keys.of("day"), from);
    }
}

/// A record that can be archived: left out where people choose, and kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed<R> {
    /// The record.
    pub record: R,
    /// Whether it is archived.
    pub is_archived: bool,
}

impl<R: Record> Record for Listed<R> {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields = self.record.fields(zone);
        self.is_archived.tell(("archived", "Archived"), zone, &mut fields);
        fields
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        self.record.adopt(keys, &from.record);
        Part::adopt(&mut self.is_archived, &keys.of("archived"), &from.is_archived);
    }
}

/// What one institution pledges for a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PledgeOf {
    /// Who pledges.
    pub institution: InstitutionCode,
    /// How many people; 0 for none.
    pub people: u32,
}

/// What several institutions pledge for a session, as a page shows them.
impl Record for Vec<PledgeOf> {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        self.iter().flat_map(|pledge| pledge.fields(zone)).collect()
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        for pledge in self {
            if let Some(other) = from.iter().find(|one| one.institution == pledge.institution) {
                pledge.adopt(keys, other);
            }
        }
    }
}

impl Record for PledgeOf {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields = Vec::new();
        let (key, words) = (format!("pledge-{}", self.institution), "People pledged".to_owned());
        let people = Some(self.people).filter(|people| *people > 0);
        people.tell((&key, &words), zone, &mut fields);
        fields
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        if keys.of("pledge").contains(&self.institution.as_str()) {
            self.people = from.people;
        }
    }
}
