//! Help that somebody asks for so that she can come: a bursary, childcare, an interpreter, her travel. What a session
//! offers, what is asked, and what was decided.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::{
    id::{HelpRequestId, PlaceId, SessionCode, StaffLogin},
    support::pounds,
    text::{Name, Paragraph},
    vocabulary::words,
    wording,
};

/// With what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HelpKind {
    /// With the cost of coming at all.
    Bursary,
    /// With somebody to look after her children.
    Childcare,
    /// With understanding and being understood.
    Interpreter,
    /// With the cost of getting there.
    Travel,
}

words!(HelpKind {
    Bursary => "bursary",
    Childcare => "childcare",
    Interpreter => "interpreter",
    Travel => "travel",
});

impl HelpKind {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bursary => "Bursary",
            Self::Childcare => "Childcare",
            Self::Interpreter => "Interpreter",
            Self::Travel => "Travel",
        }
    }

    /// What is asked for, in words that follow "ask for" and "help with".
    pub const fn asked(self) -> &'static str {
        match self {
            Self::Bursary => "a bursary",
            Self::Childcare => "childcare",
            Self::Interpreter => "an interpreter",
            Self::Travel => "travel",
        }
    }

    /// The same where others may read it: who needs an interpreter is said on her own page alone.
    pub const fn in_letters(self) -> &'static str {
        match self {
            Self::Bursary => "A bursary",
            Self::Childcare => "Childcare",
            Self::Interpreter => "What you asked for",
            Self::Travel => "Travel",
        }
    }

    /// The same where a leader asked for somebody else.
    pub const fn in_letters_for_others(self) -> &'static str {
        match self {
            Self::Bursary => "a bursary",
            Self::Childcare => "childcare",
            Self::Interpreter => "what you asked for",
            Self::Travel => "travel",
        }
    }

    /// Whether an amount must be asked for.
    pub const fn needs_amount(self) -> bool {
        matches!(self, Self::Bursary | Self::Travel)
    }

    /// Whether an amount can be asked for.
    pub const fn takes_amount(self) -> bool {
        !matches!(self, Self::Interpreter)
    }

    /// Whether somebody has to be found for it.
    pub const fn is_arranged(self) -> bool {
        matches!(self, Self::Childcare | Self::Interpreter)
    }
}

/// What is kept of where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HelpState {
    /// Nobody has decided.
    Asked,
    /// It was looked at, and is decided later.
    Later,
    /// It was granted, be it less than was asked.
    Granted,
    /// It was refused.
    Refused,
    /// Whoever asked took it back.
    Withdrawn,
}

words!(HelpState {
    Asked => "asked",
    Later => "later",
    Granted => "granted",
    Refused => "refused",
    Withdrawn => "withdrawn",
});

impl HelpState {
    /// Whether it is still to be decided.
    pub const fn is_undecided(self) -> bool {
        matches!(self, Self::Asked | Self::Later)
    }

    /// For the office.
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Asked => "To decide",
            Self::Later => "To decide later",
            Self::Granted => "Granted",
            Self::Refused => "Refused",
            Self::Withdrawn => "Taken back",
        }
    }
}

/// What a session offers of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpOffer {
    /// With what.
    pub kind: HelpKind,
    /// What to know about it, such as `up to £30 each`.
    pub words: Option<Name>,
    /// How much of the budget may go to it, in pence.
    pub budget: Option<u32>,
}

/// The most children somebody brings.
pub const MOST_CHILDREN: u32 = 12;

/// What somebody asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpWanted {
    /// With what.
    pub kind: HelpKind,
    /// How much, in pence.
    pub amount: Option<u32>,
    /// How many children are to be looked after.
    pub children: Option<u32>,
    /// How old they are.
    pub ages: Option<Name>,
    /// From when to when.
    pub hours: Option<Name>,
    /// Into which language.
    pub language: Option<Name>,
    /// Where she comes from.
    pub from: Option<Name>,
    /// How she travels.
    pub how: Option<Name>,
    /// Why, in her own words.
    pub why: Option<Paragraph>,
    /// Whether she can come only if it is granted.
    pub depends: bool,
}

impl HelpWanted {
    /// Nothing yet.
    pub const fn of(kind: HelpKind) -> Self {
        Self {
            kind,
            amount: None,
            children: None,
            ages: None,
            hours: None,
            language: None,
            from: None,
            how: None,
            why: None,
            depends: false,
        }
    }

    /// What is asked, line by line: what it is called, and what was said.
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let mut lines = Vec::new();
        let said = |text: &Option<Name>| text.as_ref().map(ToString::to_string);
        let children = self.children.map(|one| wording::count(one as usize, "child", "children"));
        for (name, text) in [
            ("Amount asked", self.amount.map(|pence| pounds(pence.into()))),
            ("Children", children),
            ("How old", said(&self.ages)),
            ("Hours", said(&self.hours)),
            ("Language", said(&self.language)),
            ("From", said(&self.from)),
            ("How", said(&self.how)),
            ("Why", self.why.as_ref().map(|why| why.as_str().to_owned())),
        ] {
            lines.extend(text.map(|text| (name, text)));
        }
        lines
    }
}

/// What was granted.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Granting {
    /// How much, in pence; what an interpreter costs.
    pub amount: Option<u32>,
    /// Who is booked for it.
    pub by_whom: Option<Name>,
}

/// What an organiser decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HelpDecision {
    /// It is granted.
    Grant(Granting),
    /// It is refused, with a reason that is told.
    Refuse(Paragraph),
    /// It is decided later.
    Later,
}

impl HelpDecision {
    /// Where a request stands once this is decided.
    pub const fn state(&self) -> HelpState {
        match self {
            Self::Grant(_) => HelpState::Granted,
            Self::Refuse(_) => HelpState::Refused,
            Self::Later => HelpState::Later,
        }
    }
}

/// That money was handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paid {
    /// On which day.
    pub on: NaiveDate,
    /// How, such as `bank transfer`.
    pub how: Option<Name>,
    /// Who wrote that down.
    pub by: Option<StaffLogin>,
}

/// A request as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HelpRequest {
    /// Which.
    pub id: HelpRequestId,
    /// With which place.
    pub place: PlaceId,
    /// On which session.
    pub session: SessionCode,
    /// What is asked.
    pub wanted: HelpWanted,
    /// Where it stands.
    pub state: HelpState,
    /// When it was asked first.
    pub asked_at: DateTime<Utc>,
    /// When it was changed last, by whoever asks.
    pub changed_at: DateTime<Utc>,
    /// What was granted, if it was.
    pub granted: Granting,
    /// By how much that was over the budget, knowingly.
    pub over: Option<u32>,
    /// Why it was refused.
    pub reason: Option<Paragraph>,
    /// Who decided, and when.
    pub decided: Option<(StaffLogin, DateTime<Utc>)>,
    /// That it was paid.
    pub paid: Option<Paid>,
    /// How often it was changed: two who decide at once see it.
    pub version: u32,
    /// When whoever asked is told what was decided, if she is still to be.
    pub tell_at: Option<DateTime<Utc>>,
    /// What she was told last, in the words of [`HelpRequest::told_as`].
    pub told: Option<String>,
}

impl HelpRequest {
    /// What of it whoever leads the day must know, if it was granted: `Interpreter: BSL`.
    pub fn as_need(&self) -> Option<String> {
        let wanted = &self.wanted;
        let more = match wanted.kind {
            _ if self.state != HelpState::Granted => return None,
            HelpKind::Interpreter => wanted.language.as_ref().map(ToString::to_string),
            HelpKind::Childcare => {
                wanted.children.map(|one| wording::count(one as usize, "child", "children"))
            }
            HelpKind::Bursary | HelpKind::Travel => return None,
        };
        let name = wanted.kind.name();
        Some(more.map_or_else(|| name.to_owned(), |more| format!("{name}: {more}")))
    }

    /// What is told of it as it stands, so that nobody is told twice of the same: `granted 2550`.
    pub fn told_as(&self) -> String {
        match (self.state, self.granted.amount) {
            (HelpState::Granted, Some(amount)) => format!("granted {amount}"),
            (state, _) => state.to_string(),
        }
    }

    /// When whoever asked is to be told of a decision of now, if there is anything new to her: with what waits to be
    /// told already, or once `wait` has passed.
    #[must_use]
    pub fn to_be_told(mut self, now: DateTime<Utc>, wait: Duration) -> Self {
        let is_known = self.told.as_ref() == Some(&self.told_as());
        // That nobody has decided yet is news only to somebody who was told otherwise.
        let is_news = !self.state.is_undecided() || self.told.is_some();
        let waits = self.tell_at.unwrap_or(now + wait);
        self.tell_at = (is_news && !is_known).then_some(waits);
        self
    }

    /// `£30.00`, if an amount was granted.
    pub fn granted_words(&self) -> Option<String> {
        let amount = self.granted.amount.filter(|_| self.state == HelpState::Granted)?;
        Some(pounds(amount.into()))
    }
}

#[cfg(test)]
mod tests;
