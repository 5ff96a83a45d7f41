//! The form of a course elsewhere or hours of action.

use chrono::{DateTime, Datelike, NaiveDate, Utc};

use crate::{
    actions::path::{claim::ClaimedWork, latest_day},
    domain::{
        finding::folded,
        path::{RecordKind, typed_hours},
    },
    web::forms::{Fields, FormState, form_fields},
};

form_fields! {
    /// What stands on it.
    pub enum PathField {
        Kind = "kind",
        Title = "title",
        Sort = "sort",
        ByWhom = "by_whom",
        DoneOn = "done_on",
        Hours = "hours",
    }
}

/// An empty form.
pub fn empty(attempt: String) -> FormState<PathField> {
    let mut form = FormState::default();
    form.fill(PathField::Kind, "action");
    form.attempt_as(attempt);
    form
}

/// Reads what was done; what must be put right stands in the form. `sorts`: the kinds of action to choose from,
/// where one must be chosen.
pub fn read(
    fields: &Fields,
    sorts: &[String],
    now: DateTime<Utc>,
) -> (FormState<PathField>, Option<ClaimedWork>) {
    let mut form = FormState::sent(fields);
    let kind = match form.value(PathField::Kind).trim() {
        "" => Some(RecordKind::Action),
        typed => {
            let kind = typed.parse::<RecordKind>();
            form.take(PathField::Kind, kind, |_| "Choose an action, or a course".to_owned())
        }
    };
    let title = form.line::<160>(PathField::Title, "what it was");
    let whom = "who held it, or for whom it was";
    let by_whom = form.optional_line::<160>(PathField::ByWhom, whom);
    let sort = sort(&mut form, kind, sorts);
    let done_on = day(&mut form, now);
    let minutes = typed_hours(form.value(PathField::Hours), 1);
    if minutes.is_err() {
        form.fault(PathField::Hours, "Enter hours, such as 2 or 1.5, up to 1,000");
    }
    let done = || -> Option<ClaimedWork> {
        Some(ClaimedWork {
            kind: kind?,
            title: title?.to_string(),
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
fn sort(
    form: &mut FormState<PathField>,
    kind: Option<RecordKind>,
    sorts: &[String],
) -> Option<String> {
    if sorts.is_empty() || kind != Some(RecordKind::Action) {
        return None;
    }
    let typed = folded(form.value(PathField::Sort));
    let chosen = sorts.iter().find(|one| folded(one) == typed).cloned();
    if chosen.is_none() {
        form.fault(PathField::Sort, "Choose what kind of action it was");
    }
    chosen
}

fn day(form: &mut FormState<PathField>, now: DateTime<Utc>) -> Option<NaiveDate> {
    let typed: Option<NaiveDate> = form.value(PathField::DoneOn).trim().parse().ok();
    match typed {
        Some(day) if day > latest_day(now) => {
            form.fault(
                PathField::DoneOn,
                "This day is still to come. Enter the day on which it was",
            );
            None
        }
        Some(day) if day.year() >= 1950 => Some(day),
        _ => {
            form.fault(PathField::DoneOn, "Enter a day, such as 2026-10-03");
            None
        }
    }
}
