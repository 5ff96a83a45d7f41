//! Staying overnight: which nights a session has, and what somebody says of hers: where she sleeps, with whom,
//! how she comes and how she goes.

mod edited;
pub mod rooming;
pub mod suggest;

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use chrono_tz::Tz;

use super::{
    session::{Publication, Session},
    sitting::Sitting,
    text::Line,
    vocabulary::words,
    wording,
};

/// How many days may lie free between two days of a session whose people stay there meanwhile.
const MOST_FREE_DAYS: i64 = 1;

/// How long before rooms are given out whoever has said nothing is asked once more, in days.
pub const ASK_AGAIN_DAYS: u64 = 7;

/// Whether people stay overnight, and what they should know of it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Overnight {
    /// Whether they do.
    pub is_residential: bool,
    /// The day, by the session's own clock, on which rooms are given out; until it, people say what they wish.
    pub rooms_on: Option<NaiveDate>,
    /// From when on people can arrive, in words.
    pub arrival: Option<String>,
    /// Until when they leave, in words.
    pub departure: Option<String>,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OvernightFault {
    /// By then people are there.
    #[error("give out rooms before the first day, or on it")]
    TooLate,
    /// Nobody stays.
    #[error("there are rooms only where people stay overnight")]
    NobodyStays,
}

impl Overnight {
    /// What is wrong with it for a session that begins on `first`.
    ///
    /// # Errors
    /// [`OvernightFault`].
    pub fn checked(&self, first: Option<NaiveDate>) -> Result<(), OvernightFault> {
        match self.rooms_on {
            Some(_) if !self.is_residential => Err(OvernightFault::NobodyStays),
            Some(day) if first.is_some_and(|first| day > first) => Err(OvernightFault::TooLate),
            _ => Ok(()),
        }
    }
}

/// The nights between days, each by the date of its evening: people stay from a day to the next one unless more
/// than one free day lies between them, as between two weekends.
pub fn nights_between(sittings: &[Sitting]) -> Vec<NaiveDate> {
    let dates = |one: &Sitting| {
        let (first, last) = (one.starts.date(), one.ends.date());
        first.iter_days().take_while(move |day| *day <= last)
    };
    let days: BTreeSet<NaiveDate> = sittings.iter().flat_map(dates).collect();
    let days: Vec<_> = days.into_iter().collect();
    let stays = |two: &[NaiveDate]| match two {
        [from, to] if (*to - *from).num_days() <= MOST_FREE_DAYS + 1 => {
            from.iter_days().take_while(|day| day < to).collect()
        }
        _ => Vec::new(),
    };
    days.windows(2).flat_map(stays).collect()
}

impl Session {
    /// Its nights, each by the date of its evening; none where nobody stays.
    pub fn nights(&self) -> Vec<NaiveDate> {
        if self.overnight.is_residential { nights_between(&self.sittings) } else { Vec::new() }
    }

    /// `You stay 5 nights: Sun 14 to Fri 19 February 2027`; nothing where nobody stays.
    pub fn nights_in_words(&self) -> Option<String> {
        let nights = self.nights();
        let count = wording::count(nights.len(), "night", "nights");
        (!nights.is_empty()).then(|| format!("You stay {count}: {}", spans(&nights)))
    }

    /// By which day, its own clock's, people say what they wish: `Wed 10 February 2027`.
    pub fn asks_stays_by(&self) -> Option<String> {
        self.overnight.rooms_on?.pred_opt().map(wording::long_date)
    }

    /// On which day rooms are given out: `Thu 11 February 2027`.
    pub fn gives_rooms_on(&self) -> Option<String> {
        self.overnight.rooms_on.map(wording::long_date)
    }

    /// Whether somebody may still say how she stays.
    pub fn takes_stays_at(&self, now: DateTime<Utc>) -> bool {
        let is_before = |day: NaiveDate| today(now, self.zone()) < day;
        !self.nights().is_empty()
            && self.publication == Publication::Published
            && self.accepts_changes_at(now)
            && self.overnight.rooms_on.is_none_or(is_before)
    }
}

fn today(now: DateTime<Utc>, zone: Tz) -> NaiveDate {
    now.with_timezone(&zone).date_naive()
}

/// Nights as the days between which they lie: `Sun 14 to Fri 19 February 2027`, several of them with `and`.
pub fn spans(nights: &[NaiveDate]) -> String {
    let mut spans: Vec<(NaiveDate, NaiveDate)> = Vec::new();
    for night in nights {
        let morning = *night + Days::new(1);
        match spans.last_mut() {
            Some((_, until)) if until == night => *until = morning,
            _ => spans.push((*night, morning)),
        }
    }
    let words = spans.iter().map(|(from, until)| {
        let same = (from.year(), from.month()) == (until.year(), until.month());
        let from = match same {
            true => from.format("%a %-d").to_string(),
            false => from.format("%a %-d %B").to_string(),
        };
        format!("{from} to {}", wording::long_date(*until))
    });
    wording::list(&words.collect::<Vec<_>>())
}

/// On which nights somebody sleeps there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Nights {
    /// On all of them, whichever they are.
    #[default]
    All,
    /// On these; none: she goes home.
    Only(BTreeSet<NaiveDate>),
}

impl Nights {
    /// Whether she sleeps there on a night of the session.
    pub fn has(&self, night: NaiveDate) -> bool {
        match self {
            Self::All => true,
            Self::Only(nights) => nights.contains(&night),
        }
    }

    /// Those of the session's nights on which she does.
    pub fn of(&self, nights: &[NaiveDate]) -> Vec<NaiveDate> {
        nights.iter().copied().filter(|night| self.has(*night)).collect()
    }

    /// What she said, in words.
    pub fn words(&self, nights: &[NaiveDate]) -> String {
        match self {
            Self::All => "All nights".to_owned(),
            Self::Only(_) => match self.of(nights).as_slice() {
                [] => "Goes home at night".to_owned(),
                some => spans(some),
            },
        }
    }

    /// As a column or a cell has it: empty for all, `none`, or dates.
    pub fn written(&self) -> String {
        match self {
            Self::All => String::new(),
            Self::Only(nights) if nights.is_empty() => "none".to_owned(),
            Self::Only(nights) => {
                nights.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
            }
        }
    }
}

impl std::str::FromStr for Nights {
    type Err = chrono::ParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.trim() {
            "" | "all" => Ok(Self::All),
            "none" => Ok(Self::Only(BTreeSet::new())),
            dates => {
                let dates = dates.split([' ', ';']).filter(|date| !date.is_empty());
                Ok(Self::Only(dates.map(str::parse).collect::<Result<_, _>>()?))
            }
        }
    }
}

/// How somebody travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// By train, to a station.
    Train,
    /// By coach or bus.
    Coach,
    /// In her own car.
    Car,
    /// With somebody else.
    Lift,
    /// On foot, by bicycle, or else.
    Other,
}

words!(Way { Train => "train", Coach => "coach", Car => "car", Lift => "lift", Other => "other" });

impl Way {
    /// As pages say it.
    pub const fn called(self) -> &'static str {
        match self {
            Self::Train => "By train",
            Self::Coach => "By coach or bus",
            Self::Car => "By car",
            Self::Lift => "With somebody else",
            Self::Other => "Another way",
        }
    }
}

/// Whether somebody drives others, or is to be driven.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lift {
    /// She looks for one.
    Needs,
    /// She has seats.
    Offers,
    /// She would like to be met.
    Met,
}

words!(Lift { Needs => "needs", Offers => "offers", Met => "met" });

impl Lift {
    /// As pages say it.
    pub const fn called(self) -> &'static str {
        match self {
            Self::Needs => "Needs a lift",
            Self::Offers => "Offers a lift",
            Self::Met => "To be met",
        }
    }
}

/// The way there, or the way home.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Journey {
    /// On which day she arrives or leaves.
    pub on: Option<NaiveDate>,
    /// When, by the clock of the place.
    pub at: Option<NaiveTime>,
    /// How.
    pub by: Option<Way>,
    /// To which station, or from where.
    pub from: Option<Line<120>>,
    /// Whether she is met, or drives others.
    pub lift: Option<Lift>,
}

impl Journey {
    /// On one line: `Sun 14 Feb at 8.30am, by train, Dorking; needs a lift`. Empty: she said nothing.
    pub fn words(&self) -> String {
        let day = self.on.map(wording::short_date);
        let when = match (day, self.at.map(wording::time)) {
            (Some(day), Some(time)) => Some(format!("{day} at {time}")),
            (day, time) => day.or(time),
        };
        let parts = [
            when,
            self.by.map(|way| way.called().to_lowercase()),
            self.from.as_ref().map(ToString::to_string),
            self.lift.map(|lift| lift.called().to_lowercase()),
        ];
        let parts: Vec<String> = parts.into_iter().flatten().collect();
        let mut words = parts.join(", ");
        if let Some(first) = words.get(..1) {
            words = first.to_uppercase() + &words[1..];
        }
        words
    }
}

/// What somebody says of her stay. What she wishes of her room may say how she is: it is special-category data
/// like her needs, and seen by no more people (P1).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stay {
    /// When she sleeps there.
    pub nights: Nights,
    /// With whom she would share a room, as typed.
    pub with_whom: Option<Line<200>>,
    /// Whether her room must have no steps.
    pub is_step_free: bool,
    /// Whether she asks for a quiet one.
    pub is_quiet: bool,
    /// Whether she asks for one of her own.
    pub is_alone: bool,
    /// Why.
    pub why_alone: Option<Line<300>>,
    /// How she comes.
    pub arrival: Journey,
    /// How she goes.
    pub departure: Journey,
}

/// What is wrong with what somebody said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StayFault {
    /// Nobody sleeps there then.
    #[error("choose nights of this session")]
    OtherNight,
    /// Days before the first one, or after the last.
    #[error("arrive on a day of the session, or on the day before it")]
    ArrivalOutside,
    /// The same of leaving.
    #[error("leave on a day of the session, or on the day after it")]
    DepartureOutside,
    /// She sleeps there before she has come.
    #[error("arrive by the first night on which you sleep there")]
    ArrivesTooLate,
    /// She sleeps there when she has gone.
    #[error("leave after the last night on which you sleep there")]
    LeavesTooEarly,
    /// She goes before she comes.
    #[error("leave after you arrive")]
    LeavesFirst,
}

impl Stay {
    /// Everything that is wrong with it for the days of a session.
    pub fn faults(&self, sittings: &[Sitting]) -> Vec<StayFault> {
        let nights = nights_between(sittings);
        let first = sittings.iter().map(|one| one.starts.date()).min();
        let last = sittings.iter().map(|one| one.ends.date()).max();
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        let mut faults = Vec::new();
        if let Nights::Only(hers) = &self.nights
            && hers.iter().any(|night| !nights.contains(night))
        {
            faults.push(StayFault::OtherNight);
        }
        let hers = self.nights.of(&nights);
        let (comes, goes) = (self.arrival.on, self.departure.on);
        if comes.is_some_and(|on| on < first - Days::new(1) || on > last) {
            faults.push(StayFault::ArrivalOutside);
        } else if comes.zip(hers.first()).is_some_and(|(on, night)| on > *night) {
            faults.push(StayFault::ArrivesTooLate);
        }
        if goes.is_some_and(|on| on < first || on > last + Days::new(1)) {
            faults.push(StayFault::DepartureOutside);
        } else if goes.zip(hers.last()).is_some_and(|(on, night)| on <= *night) {
            faults.push(StayFault::LeavesTooEarly);
        } else if goes.zip(comes).is_some_and(|(goes, comes)| self.leaves_first(comes, goes)) {
            faults.push(StayFault::LeavesFirst);
        }
        faults
    }

    fn leaves_first(&self, comes: NaiveDate, goes: NaiveDate) -> bool {
        let times = self.departure.at.zip(self.arrival.at);
        goes < comes || goes == comes && times.is_some_and(|(goes, comes)| goes <= comes)
    }

    /// Whether it still says something of the days a session has: they may have been changed since.
    pub fn fits(&self, sittings: &[Sitting]) -> bool {
        self.faults(sittings).is_empty()
    }

    /// What she wishes of her room, without why.
    pub fn wishes(&self) -> Vec<&'static str> {
        let wishes = [
            (self.is_step_free, "Step-free"),
            (self.is_quiet, "Quiet"),
            (self.is_alone, "A room of her own"),
        ];
        wishes.into_iter().filter(|(is, _)| *is).map(|(_, words)| words).collect()
    }
}

#[cfg(test)]
mod rooming_tests;
#[cfg(test)]
mod tests;
