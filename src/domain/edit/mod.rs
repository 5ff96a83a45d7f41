//! Editing a record that somebody else may edit at the same time (V1, V2).
//!
//! A form carries what it was [`Drawn`] from: a digest for each field, so that no secret is repeated
//! on the page. When it is sent, each field has three values: as drawn, as it is now, and as sent.
//! Only what was changed is written; another's changes to other fields stay; a field that both
//! changed, each to something else, is a [`Conflict`] and nothing is written.

mod part;
#[macro_use]
mod records;
mod paths;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    str::FromStr,
};

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

pub use part::{Part, Shown};
pub use records::{Days, Listed, PledgeOf};

use super::audit::Actor;

/// A record as its editors see it: fields with names, words and values.
pub trait Record: Clone {
    /// Its fields, in the order of the form. Moments are told in `zone`.
    fn fields(&self, zone: Tz) -> Vec<Field>;

    /// Takes the fields with these keys from another state of the same record, and no others.
    fn adopt(&mut self, keys: &Keys, from: &Self);
}

/// A field of a record as it is compared and told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name in forms and in the log.
    pub key: String,
    /// Its name in words.
    pub words: String,
    /// What it says, for whoever may edit it; empty if nothing.
    pub value: String,
    /// What the log may say of it; `None` where it is told only that it changed.
    pub logged: Option<String>,
}

impl Field {
    /// A field that is not there any more, such as a day that was taken out.
    fn gone(key: &str) -> Self {
        let mut letters = key.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        let words = format!("{first}{}", letters.as_str()).replace('-', " ");
        Self { key: key.to_owned(), words, value: String::new(), logged: Some(String::new()) }
    }
}

/// Names of fields. A field of several parts, such as the days of a session, has a key for each:
/// `day-1`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Keys(BTreeSet<String>);

impl Keys {
    /// Which parts of a field are among them; `""` is the whole of it.
    pub fn of(&self, field: &str) -> Vec<&str> {
        let part = |key: &'_ String| -> Option<usize> {
            let rest = key.strip_prefix(field)?;
            (rest.is_empty() || rest.starts_with('-')).then(|| (field.len() + 1).min(key.len()))
        };
        self.0.iter().filter_map(|key| part(key).map(|from| &key[from..])).collect()
    }

    fn insert(&mut self, key: &str) {
        self.0.insert(key.to_owned());
    }
}

/// A short digest (FNV-1a) of a field: enough to see that it changed, and not what it says.
fn digest(value: &str) -> u64 {
    value.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// What a form was drawn from. Whoever forges one only chooses what she overwrites herself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn(BTreeMap<String, u64>);

impl Drawn {
    /// The record as it is drawn now.
    pub fn of(record: &impl Record) -> Self {
        let fields = record.fields(Tz::UTC).into_iter();
        Self(fields.map(|field| (field.key, digest(&field.value))).collect())
    }

    /// What a page shows that is not edited there, name by name, such as whose places it would cancel.
    pub fn of_shown<'a>(shown: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self(shown.into_iter().map(|(key, value)| (key.to_owned(), digest(value))).collect())
    }

    /// Whether something still says what a page showed of it.
    pub fn shows(&self, key: &str, value: &str) -> bool {
        self.0.get(key).is_none_or(|was| *was == digest(value))
    }

    /// Whether a field still says what it said then; one that was not there said nothing.
    fn says(&self, key: &str, value: &str) -> bool {
        self.0.get(key).copied().unwrap_or(digest("")) == digest(value)
    }
}

/// As a hidden field of a form holds it.
impl fmt::Display for Drawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (key, digest)) in self.0.iter().enumerate() {
            let between = if at == 0 { "" } else { " " };
            write!(f, "{between}{key}={digest:016x}")?;
        }
        Ok(())
    }
}

/// A text that says of nothing what it was drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not what a form was drawn from")]
pub struct NotDrawn;

impl FromStr for Drawn {
    type Err = NotDrawn;

    fn from_str(text: &str) -> Result<Self, NotDrawn> {
        let field = |part: &str| {
            let (key, digest) = part.split_once('=')?;
            Some((key.to_owned(), u64::from_str_radix(digest, 16).ok()?))
        };
        let fields: Option<BTreeMap<_, _>> = text.split_whitespace().map(field).collect();
        fields.filter(|fields| !fields.is_empty()).map(Self).ok_or(NotDrawn)
    }
}

/// A change of one field, as the log keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The field's name in forms.
    pub key: String,
    /// Its name in words.
    pub field: String,
    /// From what to what; `None` where it is told only that it changed.
    pub values: Option<(String, String)>,
}

/// `Note: was nothing, now “Bring a pen”`; `Phone: changed`.
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = |value: &str| match value {
            "" => "nothing".to_owned(),
            value => format!("\u{201c}{value}\u{201d}"),
        };
        match &self.values {
            Some((from, to)) => write!(f, "{}: was {}, now {}", self.field, said(from), said(to)),
            None => write!(f, "{}: changed", self.field),
        }
    }
}

/// A field that two people changed, each to something else; or, to whoever would tell people of it,
/// one that is not any more as she saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// The field's name in forms.
    pub key: String,
    /// Its name in words.
    pub field: String,
    /// What it says now.
    pub theirs: String,
    /// What she sent; `None` if she left it as it was drawn.
    pub hers: Option<String>,
    /// Who changed it last and when, as far as the log knows.
    pub changed: Option<(Actor, DateTime<Utc>)>,
}

/// Why nothing was written, with the record as her form shows it next: what is there now, with
/// everything she changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflicts<R> {
    /// The fields, in the order of the form; at least one.
    pub fields: Vec<Conflict>,
    /// What her form says.
    pub hers: R,
    /// What it is drawn from, so that she can save hers knowingly.
    pub drawn: Drawn,
}

/// An edit that may be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Merged<R> {
    /// The record with what she changed.
    pub record: R,
    /// What she changes; empty if nothing.
    pub changes: Vec<Change>,
}

fn values(record: &impl Record) -> BTreeMap<String, String> {
    record.fields(Tz::UTC).into_iter().map(|field| (field.key, field.value)).collect()
}

/// The fields of two states, by key: those of `first` in its order, then those only `second` has.
fn both(first: &[Field], second: &[Field]) -> Vec<(Field, Field)> {
    let nothing = |like: &Field| Field {
        value: String::new(),
        logged: like.logged.as_ref().map(|_| String::new()),
        ..like.clone()
    };
    let find = |fields: &[Field], key: &str| fields.iter().find(|one| one.key == key).cloned();
    let pair =
        |field: &Field| (field.clone(), find(second, &field.key).unwrap_or_else(|| nothing(field)));
    let only = second.iter().filter(|field| find(first, &field.key).is_none());
    let only = only.map(|field| (nothing(field), field.clone()));
    first.iter().map(pair).chain(only).collect()
}

/// What differs between two states of a record, as the log keeps it.
pub fn changes<R: Record>(before: &R, after: &R, zone: Tz) -> Vec<Change> {
    let pairs = both(&before.fields(zone), &after.fields(zone)).into_iter();
    let changed = pairs.filter(|(from, to)| from.value != to.value);
    changed
        .map(|(from, to)| {
            let values = from.logged.zip(to.logged).filter(|(from, to)| from != to);
            Change { key: from.key, field: from.words, values }
        })
        .collect()
}

/// Merges what somebody sent into the record as it is now. Without `drawn`, her form counts as drawn
/// from that.
///
/// # Errors
/// [`Conflicts`], when both changed a field, each to something else.
pub fn merge<R: Record>(
    drawn: Option<&Drawn>,
    present: &R,
    sent: &R,
    zone: Tz,
) -> Result<Merged<R>, Box<Conflicts<R>>> {
    let as_it_is = Drawn::of(present);
    let drawn = drawn.unwrap_or(&as_it_is);
    let (now, hers) = (values(present), values(sent));
    let value =
        |state: &BTreeMap<String, String>, key: &str| state.get(key).cloned().unwrap_or_default();
    let (mut written, mut conflicts) = (Keys::default(), Vec::new());
    for (theirs, own) in both(&present.fields(zone), &sent.fields(zone)) {
        let (is_now, is_sent) = (value(&now, &own.key), value(&hers, &own.key));
        if is_sent == is_now || drawn.says(&own.key, &is_sent) {
            continue;
        }
        written.insert(&own.key);
        if !drawn.says(&own.key, &is_now) {
            conflicts.push(Conflict {
                key: own.key,
                field: own.words,
                theirs: theirs.value,
                hers: Some(own.value),
                changed: None,
            });
        }
    }
    let mut record = present.clone();
    record.adopt(&written, sent);
    if conflicts.is_empty() {
        let changes = changes(present, &record, zone);
        return Ok(Merged { record, changes });
    }
    Err(Box::new(Conflicts { fields: conflicts, hers: record, drawn: as_it_is }))
}

/// What of `fields` is not any more as a form was drawn, for whoever is about to tell people of it
/// (V2): she must look again, whatever she changed herself. No fields are all of them.
///
/// # Errors
/// [`Conflicts`], with every such field that is not as she saw it.
pub fn still_as_drawn<R: Record>(
    drawn: Option<&Drawn>,
    present: &R,
    sent: &R,
    (fields, zone): (&[&str], Tz),
) -> Result<(), Box<Conflicts<R>>> {
    let Some(drawn) = drawn else { return Ok(()) };
    let (now, hers) = (values(present), values(sent));
    let mut pairs = both(&present.fields(zone), &sent.fields(zone));
    let gone = drawn.0.keys().filter(|key| pairs.iter().all(|(one, _)| one.key != **key));
    let gone: Vec<_> = gone.map(|key| Field::gone(key)).collect();
    pairs.extend(gone.into_iter().map(|field| (field.clone(), field)));
    let (mut written, mut conflicts) = (Keys::default(), Vec::new());
    for (theirs, own) in pairs {
        let value =
            |state: &BTreeMap<String, String>| state.get(&own.key).cloned().unwrap_or_default();
        let (is_now, is_sent) = (value(&now), value(&hers));
        let is_hers = is_sent != is_now && !drawn.says(&own.key, &is_sent);
        if is_hers {
            written.insert(&own.key);
        }
        let name = own.key.split('-').next().unwrap_or_default();
        let is_told = fields.is_empty() || fields.contains(&name);
        if is_told && !drawn.says(&own.key, &is_now) {
            conflicts.push(Conflict {
                key: own.key,
                field: own.words,
                theirs: theirs.value,
                hers: is_hers.then_some(own.value),
                changed: None,
            });
        }
    }
    if conflicts.is_empty() {
        return Ok(());
    }
    let mut record = present.clone();
    record.adopt(&written, sent);
    Err(Box::new(Conflicts { fields: conflicts, hers: record, drawn: Drawn::of(present) }))
}

#[cfg(test)]
mod tests;
