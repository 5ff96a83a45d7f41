//! What of all that somebody did counts on a path, line by line, and what it comes to.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    super::{finding::folded, id::CourseSlug},
    AttendedSession, PathRecord, PathRules, RecordKind, RecordState, WrittenDown,
    course_time::{CourseTime, minutes_of},
};

/// All that somebody did, whatever path she is on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Learning {
    /// Sessions at which she was seen.
    pub attended: Vec<AttendedSession>,
    /// Courses that were written down as done.
    pub written: Vec<WrittenDown>,
    /// Courses elsewhere and hours of action.
    pub records: Vec<PathRecord>,
}

/// One thing she did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// Days of a session.
    Session(AttendedSession),
    /// A course that was written down.
    Written(WrittenDown),
    /// A course elsewhere, or an action.
    Record(PathRecord),
}

/// Why something counts nothing, or less than it is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyNot {
    /// The course is none of the path's.
    OtherCourse,
    /// Nor is the action.
    OtherAction,
    /// What it taught is counted already.
    CountedAlready,
    /// Nobody has confirmed it yet.
    Asked,
    /// It was refused.
    Refused,
}

impl WhyNot {
    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OtherCourse => "This course is not part of the path",
            Self::OtherAction => "This kind of action does not count on the path",
            Self::CountedAlready => "Counted already: the same counts once",
            Self::Asked => "Waits for an organiser",
            Self::Refused => "Not confirmed",
        }
    }
}

/// A line of her record: a thing she did, and what of it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    /// What.
    pub what: What,
    /// Minutes that count.
    pub minutes: u32,
    /// Why they are not more, where they are not.
    pub why_not: Option<WhyNot>,
}

impl Counted {
    /// When it was, the last day of several.
    pub fn on(&self) -> Option<NaiveDate> {
        match &self.what {
            What::Session(session) => session.last(),
            What::Written(written) => Some(written.on),
            What::Record(record) => Some(record.done_on),
        }
    }

    /// What it is called.
    pub fn title(&self) -> &str {
        match &self.what {
            What::Session(session) => &session.title,
            What::Written(written) => &written.title,
            What::Record(record) => &record.title,
        }
    }

    /// Whether it is an action; everything else is training.
    pub fn is_action(&self) -> bool {
        matches!(&self.what, What::Record(record) if record.kind == RecordKind::Action)
    }
}

/// What everything comes to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tally {
    /// Minutes of training.
    pub training: u32,
    /// Minutes of action.
    pub action: u32,
    /// Each thing, in order of time.
    pub lines: Vec<Counted>,
    /// The courses she has done, whether they count here or not.
    pub done: BTreeSet<CourseSlug>,
    /// The last day on which she came to something or did something that was confirmed.
    pub last: Option<NaiveDate>,
}

/// What is known while lines are counted.
#[derive(Default)]
struct Count<'a> {
    courses: BTreeMap<&'a CourseSlug, CourseTime>,
    /// The titles of courses of ours that count.
    titles: BTreeSet<String>,
    /// Courses elsewhere and actions, by what tells that two are one.
    records: BTreeSet<(&'static str, String, NaiveDate)>,
}

/// What counts of all that somebody did. Nothing counts twice, and nothing that nobody confirmed.
pub fn tally(rules: &PathRules, learning: &Learning) -> Tally {
    let mut count = Count::default();
    let mut lines = Vec::new();
    let mut attended: Vec<_> =
        learning.attended.iter().filter(|one| !one.came.is_empty()).collect();
    attended.sort_by_key(|one| (one.last(), one.session.clone()));
    for session in &attended {
        lines.push(count.session(rules, session));
    }
    let mut written: Vec<_> = learning.written.iter().collect();
    written.sort_by_key(|one| one.on);
    for one in written {
        let is_seen = attended.iter().any(|known| {
            known.course == one.course && known.came.values().any(|day| *day == one.on)
        });
        lines.push(count.written(rules, one, is_seen));
    }
    let mut records: Vec<_> = learning.records.iter().collect();
    records.sort_by_key(|one| (one.done_on, one.id));
    for record in records {
        lines.push(count.record(rules, record));
    }
    lines.sort_by_key(Counted::on);
    let sum = |is_action: bool| {
        let hers = lines.iter().filter(|line| line.is_action() == is_action);
        hers.fold(0_u32, |all, line| all.saturating_add(line.minutes))
    };
    let is_known = |line: &&Counted| !matches!(&line.what, What::Record(record) if record.state != RecordState::Confirmed);
    Tally {
        training: sum(false),
        action: sum(true),
        last: lines.iter().filter(is_known).filter_map(Counted::on).max(),
        done: count
            .courses
            .iter()
            .filter(|(_, time)| time.is_done())
            .map(|(c, _)| (*c).clone())
            .collect(),
        lines,
    }
}

impl<'a> Count<'a> {
    fn session(&mut self, rules: &PathRules, session: &'a AttendedSession) -> Counted {
        let alone = minutes_of(session);
        let time = self.courses.entry(&session.course).or_default();
        let before = time.minutes(session.worth);
        time.attend(session);
        let more = time.minutes(session.worth).saturating_sub(before);
        let minutes = if rules.repeats { alone } else { more };
        let what = What::Session(session.clone());
        self.of_course(rules, (&session.course, &session.title), what, (minutes, alone))
    }

    fn written(&mut self, rules: &PathRules, one: &'a WrittenDown, is_seen: bool) -> Counted {
        let time = self.courses.entry(&one.course).or_default();
        let before = time.minutes(one.worth);
        time.write_down();
        let more = one.worth.saturating_sub(before);
        let minutes = match (rules.repeats, is_seen) {
            (true, true) => 0,
            (true, false) => one.worth,
            (false, _) => more,
        };
        let what = What::Written(one.clone());
        self.of_course(rules, (&one.course, &one.title), what, (minutes, one.worth))
    }

    /// A line about a course of ours: what it brings, of what it is worth alone.
    fn of_course(
        &mut self,
        rules: &PathRules,
        (course, title): (&CourseSlug, &str),
        what: What,
        (minutes, alone): (u32, u32),
    ) -> Counted {
        if !rules.counts(course) {
            return Counted { what, minutes: 0, why_not: Some(WhyNot::OtherCourse) };
        }
        self.titles.insert(folded(title));
        let why_not = (minutes < alone).then_some(WhyNot::CountedAlready);
        Counted { what, minutes, why_not }
    }

    fn record(&mut self, rules: &PathRules, record: &PathRecord) -> Counted {
        let why_not = match record.state {
            RecordState::Asked => Some(WhyNot::Asked),
            RecordState::Refused => Some(WhyNot::Refused),
            RecordState::Confirmed => self.why_not(rules, record),
        };
        let minutes = if why_not.is_some() { 0 } else { record.minutes };
        Counted { what: What::Record(record.clone()), minutes, why_not }
    }

    /// Why a record that is confirmed counts nothing.
    fn why_not(&mut self, rules: &PathRules, record: &PathRecord) -> Option<WhyNot> {
        let title = folded(&record.title);
        let is_ours = record.kind == RecordKind::Course && self.titles.contains(&title);
        if is_ours && !rules.repeats {
            return Some(WhyNot::CountedAlready);
        }
        let sort = record.sort.as_deref().map(folded).unwrap_or_default();
        let is_wanted =
            rules.actions.is_empty() || rules.actions.iter().any(|one| folded(one) == sort);
        if record.kind == RecordKind::Action && !is_wanted {
            return Some(WhyNot::OtherAction);
        }
        let is_new = self.records.insert((record.kind.as_str(), title, record.done_on));
        (!is_new).then_some(WhyNot::CountedAlready)
    }
}

#[cfg(test)]
mod tests {
    use super::WhyNot;

    #[test]
    fn whoever_reads_her_record_is_told_why_something_does_not_count() {
        for (why_not, words) in [
            (WhyNot::OtherCourse, "This course is not part of the path"),
            (WhyNot::OtherAction, "This kind of action does not count on the path"),
            (WhyNot::CountedAlready, "Counted already: the same counts once"),
            (WhyNot::Asked, "Waits for an organiser"),
            (WhyNot::Refused, "Not confirmed"),
        ] {
            assert_eq!(why_not.words(), words);
        }
    }
}
