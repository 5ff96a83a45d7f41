//! The form of a course elsewhere or hours of action.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    actions::path::{claim::Done, latest_day},
    domain::{
        finding::folded,
        path::{RecordKind, typed_hours},
        text::{Line, TextFault},
    },
    web::{
        fields::Fields,
        form::FormState,
        forms::{ATTEMPT, text::complaint},
    },
};

/// What stands on it, in order.
const FIELDS: [&str; 7] = ["kind", "title", "by_whom", "sort", "done_on", "hours", ATTEMPT];

/// An empty form.
pub fn empty(attempt: String) -> FormState {
    let mut form = FormState::default();
    form.keep("kind", "action");
    form.keep(ATTEMPT, attempt);
    form
}

/// Reads what was done; what must be put right stands in the form. `sorts`: the kinds of action to choose from,
/// where one must be chosen.
pub fn read(fields: &Fields, sorts: &[String], now: DateTime<Utc>) -> (FormState, Option<Done>) {
    let mut form = FormState::default();
    for field in FIELDS {
        form.keep(field, fields.get(field));
    }
    let kind = match fields.get("kind").trim() {
        "" => Some(RecordKind::Action),
        typed => typed.parse().ok(),
    };
    if kind.is_none() {
        form.fault("kind", "Choose an action, or a course");
    }
    let title = Line::<160>::parse(fields.get("title"));
    if let Err(fault) = title {
        form.fault("title", complaint(fault, "what it was"));
    }
    let by_whom = Line::<160>::parse_optional(fields.get("by_whom"));
    if let Err(fault) = by_whom {
        form.fault("by_whom", complaint(fault, "who held it, or for whom it was"));
    }
    let sort = sort(&mut form, kind, sorts);
    let done_on = day(&mut form, now);
    let minutes = typed_hours(fields.get("hours"), 1);
    if minutes.is_err() {
        form.fault("hours", "Enter hours, such as 2 or 1.5, up to 1,000");
    }
    let done = || -> Option<Done> {
        let by_whom: Option<Line<160>> = by_whom.ok()?;
        Some(Done {
            kind: kind?,
            title: title.ok()?.to_string(),
            by_whom: by_whom.map(|line| line.to_string()),
            sort,
            done_on: done_on?,
            minutes: minutes.ok()?,
        })
    };
    let done = done().filter(|_| form.is_valid());
    (form, done)
}

/// Which of the kinds of action it was.
fn sort(form: &mut FormState, kind: Option<RecordKind>, sorts: &[String]) -> Option<String> {
    if sorts.is_empty() || kind != Some(RecordKind::Action) {
        return None;
    }
    let typed = folded(form.value("sort"));
    let chosen = sorts.iter().find(|one| folded(one) == typed).cloned();
    if chosen.is_none() {
        form.fault("sort", "Choose what kind of action it was");
    }
    chosen
}

fn day(form: &mut FormState, now: DateTime<Utc>) -> Option<NaiveDate> {
    let typed: Option<NaiveDate> = form.value("done_on").trim().parse().ok();
    match typed {
        Some(day) if day > latest_day(now) => {
            form.fault("done_on", "This day is still to come. Enter the day on which it was");
            None
        }
        Some(day) if day.year() >= 1950 => Some(day),
        _ => {
            form.fault("done_on", "Enter a day, such as 2026-10-03");
            None
        }
    }
}

/// Words that somebody gives for what she did, such as why a claim does not count.
pub fn reason(fields: &Fields, form: &mut FormState, what: &str) -> Option<String> {
    form.keep("reason", fields.get("reason"));
    match Line::<300>::parse(fields.get("reason")) {
        Ok(line) => Some(line.to_string()),
        Err(TextFault::Empty) => {
            form.fault("reason", format!("Say why {what}"));
            None
        }
        Err(fault) => {
            form.fault("reason", complaint(fault, "the reason"));
            None
        }
    }
}
