//! The lines of a session in print order.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::{
    attendance::Presence,
    attendee::Ticks,
    contact::EmailAddress,
    finding::{Wanted, phone_key, sort_key},
    id::{InstitutionCode, PlaceId},
    place::{Place, PlaceStatus},
    question::{Answered, Reader},
    registration::Registration,
    reply::PartStat,
    text::Line,
};

/// One line of a roster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RosterLine {
    /// The place it is about.
    pub place: Place,
    /// Whom the attendee comes for.
    pub institution: Option<String>,
    /// Its code, where it is on the list.
    pub institution_code: Option<InstitutionCode>,
    /// Who booked the place.
    pub leader: String,
    /// A number for late changes.
    pub phone: Option<String>,
    /// The reference of the booking, which people give over the telephone.
    pub reference: String,
    /// What their calendar answered, where it did.
    pub answer: Option<PartStat>,
    /// What they wrote beside it.
    pub words: Vec<String>,
    /// What the door noted, day by day.
    pub came: Vec<Came>,
    /// What was answered to questions, hers and those of her booking.
    pub answers: Vec<Answered>,
}

/// Whether somebody was there on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Came {
    /// The number of the day.
    pub day: u32,
    /// Whether they were there.
    pub presence: Presence,
    /// When somebody saw it; none where closing the day assumed it.
    pub seen_at: Option<DateTime<Utc>>,
}

impl RosterLine {
    /// The attendee's name, or what stands in for it.
    pub fn name(&self) -> &str {
        self.place.attendee.as_ref().map_or("Name to follow", |attendee| attendee.name.as_str())
    }

    /// What they eat or must not eat.
    pub fn dietary(&self) -> Option<&str> {
        self.place.attendee.as_ref()?.dietary.as_ref().map(Line::as_str)
    }

    /// What helps them take part.
    pub fn access(&self) -> Option<&str> {
        self.place.attendee.as_ref()?.access.as_ref().map(Line::as_str)
    }

    /// What must not be missed of that.
    pub fn ticks(&self) -> Ticks {
        self.place.attendee.as_ref().map_or_else(Ticks::default, |attendee| attendee.ticks)
    }

    /// Food that could harm, as it was said.
    pub fn allergy(&self) -> Option<&str> {
        self.ticks().allergy.then(|| self.dietary().unwrap_or("Allergy, not said which"))
    }

    /// Access needs as they were said, or that an interpreter is needed.
    pub fn support(&self) -> Option<&str> {
        self.access().or(self.ticks().interpreter.then_some("Interpreter"))
    }

    /// Whether somebody must act on a need before the day: access, or food that could harm.
    pub fn must_plan(&self) -> bool {
        self.access().is_some() || self.ticks().any()
    }

    /// What their calendar answered, in words.
    pub fn answer_words(&self) -> &'static str {
        match self.answer {
            None => "",
            Some(PartStat::Accepted) => "Said yes",
            Some(PartStat::Tentative) => "Said maybe",
            Some(PartStat::Declined) => "Said no",
        }
    }

    /// By what the line is found, besides the attendee's name.
    fn is_wanted(&self, wanted: &Wanted) -> bool {
        let email = self.place.attendee.as_ref().and_then(|attendee| attendee.email.as_ref());
        let phone = self.phone.as_deref().map(phone_key);
        let others =
            [self.institution.as_deref(), email.map(EmailAddress::as_str), phone.as_deref()];
        let always = [self.name(), &self.leader, &self.reference];
        wanted.is_among(always.into_iter().chain(others.into_iter().flatten()))
    }

    /// With what she was granted, as a need: whoever leads the day must know of an interpreter and of children.
    fn helped(mut self, granted: &[String]) -> Self {
        if let Some(attendee) = &mut self.place.attendee {
            let before = attendee.access.as_ref().map(ToString::to_string);
            let all: Vec<String> = before.into_iter().chain(granted.iter().cloned()).collect();
            attendee.access = Some(Line::stored(&all.join("; ")));
        }
        self
    }

    /// The answers that somebody sees.
    pub fn answers_for(&self, reader: Reader) -> Vec<&Answered> {
        self.answers.iter().filter(|one| one.seen.is_for(reader)).collect()
    }

    /// Whether any need was given.
    pub fn has_need(&self) -> bool {
        self.access().is_some() || self.dietary().is_some() || self.ticks().any()
    }
}

/// The people with a place on a session, by name; those whose name is to
/// follow come last, by who booked them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roster {
    /// The lines, in print order.
    pub lines: Vec<RosterLine>,
}

impl Roster {
    /// With what was granted to people, by their places.
    #[must_use]
    pub fn helped(mut self, granted: &HashMap<PlaceId, Vec<String>>) -> Self {
        let lines = self.lines.into_iter().map(|line| match granted.get(&line.place.id) {
            Some(granted) => line.helped(granted),
            None => line,
        });
        self.lines = lines.collect();
        self
    }

    /// Makes the roster of a session's registrations.
    pub fn of(registrations: Vec<Registration>) -> Self {
        let mut lines: Vec<_> = registrations.into_iter().flat_map(lines).collect();
        lines.sort_by_cached_key(|line| {
            (line.place.attendee.is_none(), sort_key(line.name()), sort_key(&line.leader))
        });
        Self { lines }
    }

    /// The roster with what people wrote beside their answers.
    pub fn with_words(mut self, words: &HashMap<PlaceId, Vec<String>>) -> Self {
        for line in &mut self.lines {
            line.words = words.get(&line.place.id).cloned().unwrap_or_default();
        }
        self
    }

    /// The roster with what was answered to questions: each person's, and what was answered once for a booking
    /// at whoever of it stands first.
    pub fn with_answers(
        mut self,
        of_places: &HashMap<PlaceId, Vec<Answered>>,
        mut of_bookings: HashMap<String, Vec<Answered>>,
    ) -> Self {
        for line in &mut self.lines {
            line.answers = of_bookings.remove(&line.reference).unwrap_or_default();
            line.answers.extend(of_places.get(&line.place.id).into_iter().flatten().cloned());
        }
        self
    }

    /// The roster with those answers only that somebody sees.
    pub fn seen_by(mut self, readers: &[Reader]) -> Self {
        for line in &mut self.lines {
            line.answers.retain(|one| readers.iter().any(|reader| one.seen.is_for(*reader)));
        }
        self
    }

    /// What the kitchen is told of answers: each question with what was said how often, and no names.
    pub fn kitchen_counts(&self) -> Vec<(String, Vec<(String, usize)>)> {
        let mut counts: Vec<(String, Vec<(String, usize)>)> = Vec::new();
        let answers = self.lines.iter().flat_map(|line| &line.answers);
        for one in answers.filter(|one| one.seen.is_for(Reader::Kitchen)) {
            let at = counts.iter().position(|(wording, _)| *wording == one.wording);
            let at = at.unwrap_or_else(|| {
                counts.push((one.wording.clone(), Vec::new()));
                counts.len() - 1
            });
            for said in one.each() {
                match counts[at].1.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&said)) {
                    Some((_, people)) => *people += 1,
                    None => counts[at].1.push((said, 1)),
                }
            }
        }
        for (_, said) in &mut counts {
            said.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        }
        counts
    }

    /// The roster with what calendars answered.
    pub fn answered(mut self, answers: &HashMap<PlaceId, PartStat>) -> Self {
        for line in &mut self.lines {
            line.answer = answers.get(&line.place.id).copied();
        }
        self
    }

    /// The roster with what the door noted on a day.
    pub fn came(
        mut self,
        day: u32,
        noted: &HashMap<PlaceId, (Presence, Option<DateTime<Utc>>)>,
    ) -> Self {
        for line in &mut self.lines {
            let known = noted.get(&line.place.id).filter(|known| known.0 != Presence::Unknown);
            line.came.extend(known.map(|(presence, seen_at)| Came {
                day,
                presence: *presence,
                seen_at: *seen_at,
            }));
        }
        self
    }

    /// The lines in which all that is looked for is found: in a name, an address or number, an
    /// institution, who booked, or the booking's reference.
    pub fn narrowed(mut self, words: &str) -> Self {
        let wanted = Wanted::typed(words);
        self.lines.retain(|line| line.is_wanted(&wanted));
        self
    }

    /// The lines by institution, those without one last; by name within each.
    pub fn by_institution(mut self) -> Self {
        let institution = |line: &RosterLine| line.institution.as_deref().map(sort_key);
        self.lines.sort_by_cached_key(|line| (line.institution.is_none(), institution(line)));
        self
    }

    /// Only the lines somebody must act on before the day.
    pub fn to_plan_for(mut self) -> Self {
        self.lines.retain(RosterLine::has_need);
        self
    }

    /// How many institutions send somebody.
    pub fn institutions(&self) -> usize {
        let mut names: Vec<_> =
            self.lines.iter().filter_map(|line| line.institution.as_deref()).collect();
        names.sort_unstable();
        names.dedup();
        names.len()
    }

    /// Food needs, what could harm first, then what most gave: what the caterer needs, no names.
    pub fn food_counts(&self) -> Vec<FoodCount> {
        let mut counts: Vec<FoodCount> = Vec::new();
        for line in &self.lines {
            let is_allergy = line.ticks().allergy;
            let Some(need) = line.allergy().or(line.dietary()) else { continue };
            let same = |one: &&mut FoodCount| {
                one.is_allergy == is_allergy && one.need.eq_ignore_ascii_case(need)
            };
            match counts.iter_mut().find(same) {
                Some(known) => known.people += 1,
                None => counts.push(FoodCount { need: need.to_owned(), people: 1, is_allergy }),
            }
        }
        counts.sort_by(|a, b| {
            let key = |one: &FoodCount| (!one.is_allergy, std::cmp::Reverse(one.people));
            key(a).cmp(&key(b)).then_with(|| a.need.cmp(&b.need))
        });
        counts
    }
}

impl Roster {
    /// Food that could harm, by institution, those without one last: people sit with whom they came with.
    pub fn allergies_by_institution(&self) -> Vec<(Option<String>, Vec<FoodCount>)> {
        let with = |line: &&RosterLine| line.allergy().is_some();
        let lines = self.lines.iter().filter(with).cloned().collect();
        let mut groups: Vec<(Option<String>, Self)> = Vec::new();
        for line in (Self { lines }).by_institution().lines {
            match groups.last_mut().filter(|(name, _)| *name == line.institution) {
                Some((_, group)) => group.lines.push(line),
                None => groups.push((line.institution.clone(), Self { lines: vec![line] })),
            }
        }
        groups.into_iter().map(|(name, group)| (name, group.food_counts())).collect()
    }
}

/// How many people gave a food need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoodCount {
    /// As they wrote it.
    pub need: String,
    /// How many wrote it.
    pub people: usize,
    /// Whether it was ticked as an allergy.
    pub is_allergy: bool,
}

fn lines(registration: Registration) -> Vec<RosterLine> {
    let institution = registration.sender.name().map(str::to_owned);
    let code = registration.sender.code().cloned();
    let leader = registration.leader.name.to_string();
    let phone = registration.leader.phone.as_ref().map(ToString::to_string);
    let reference = registration.reference.to_string();
    registration
        .places
        .into_iter()
        .filter(|place| place.state.status() == PlaceStatus::Confirmed)
        .map(|place| RosterLine {
            place,
            institution: institution.clone(),
            institution_code: code.clone(),
            leader: leader.clone(),
            phone: phone.clone(),
            reference: reference.clone(),
            answer: None,
            words: vec![],
            came: vec![],
            answers: vec![],
        })
        .collect()
}

#[cfg(test)]
mod tests;
