//! Which sessions a message is for, as a form has it.

use chrono::{DateTime, Days, Months, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;

use crate::{
    actions::letters::message_across::Scope,
    domain::{
        alliance::{Alliance, common_zone},
        course::Course,
        mailing::{Audience, RecipientGroup},
        wording,
    },
    store::{Conn, StoreError, catalogue},
    web::{
        forms::{FormState, form_fields},
        guard::{Granted, MessagePeople},
    },
};

pub(super) type Who = Granted<MessagePeople>;

/// The groups that many sessions have.
pub(super) const GROUPS: [(RecipientGroup, &str); 4] = [
    (RecipientGroup::Coming, "Everybody with a place"),
    (RecipientGroup::Waiting, "Everybody on the waiting list"),
    (RecipientGroup::Asking, "Everybody who asks for a place"),
    (RecipientGroup::Cancelled, "Everybody who gave up or lost a place"),
];

/// What is chosen, in words.
pub(super) fn group_words(audience: &Audience) -> Vec<String> {
    let chosen = GROUPS.iter().filter(|(group, _)| audience.groups.contains(group));
    chosen.map(|(_, words)| (*words).to_owned()).collect()
}

form_fields! {
    /// The fields of the whole form; those up to `until`, and `absent`, say which sessions are meant.
    pub enum Field {
        Course = "course",
        Alliance = "alliance",
        From = "from",
        Until = "until",
        To = "to",
        Absent = "absent",
        Leaders = "leaders",
        Subject = "subject",
        Body = "body",
    }
}

/// What can be chosen.
pub struct Choices {
    pub courses: Vec<Course>,
    /// The alliances whose people she writes to.
    pub alliances: Vec<Alliance>,
}

pub async fn choices(conn: &mut Conn, who: &Who) -> Result<Choices, StoreError> {
    let mut alliances = catalogue::alliances(conn).await?;
    alliances.retain(|one| who.reaches(&one.slug));
    Ok(Choices { courses: catalogue::courses(conn).await?, alliances })
}

fn day(form: &mut FormState<Field>, field: Field) -> Option<NaiveDate> {
    let typed = form.value(field).trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    let day = typed.parse::<NaiveDate>().ok();
    if day.is_none() {
        form.fault(field, "Enter a date, such as 2027-01-31");
    }
    day
}

/// When a day begins.
fn begins(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = day.and_time(NaiveTime::MIN);
    let local = zone.from_local_datetime(&midnight).earliest();
    local.map_or_else(|| midnight.and_utc(), |at| at.with_timezone(&Utc))
}

/// Which sessions are meant, and that in words; else what is wrong stands in `form`. Without dates, it is those to
/// come; of whoever did not turn up, those of the year until now.
pub fn read(
    form: &mut FormState<Field>,
    who: &Who,
    choices: &Choices,
    now: DateTime<Utc>,
) -> Option<(Scope, String)> {
    let zone = common_zone(&choices.alliances).unwrap_or(Tz::UTC);
    let today = now.with_timezone(&zone).date_naive();
    let absent_twice = form.ticked(Field::Absent);
    let (first, last) = match absent_twice {
        true => (today - Months::new(12), today),
        false => (today, today + Months::new(24)),
    };
    let from = day(form, Field::From).unwrap_or(first);
    let until = day(form, Field::Until).unwrap_or_else(|| last.max(from));
    if until < from {
        form.fault(Field::Until, "Choose a last day that is not before the first");
    }
    let typed = form.value(Field::Course).to_owned();
    let course = choices.courses.iter().find(|one| one.slug.as_str() == typed);
    if course.is_none() && !typed.is_empty() {
        form.fault(Field::Course, "Choose a course from the list");
    }
    let typed = form.value(Field::Alliance).to_owned();
    let alliance = choices.alliances.iter().find(|one| one.slug.as_str() == typed);
    if alliance.is_none() && !typed.is_empty() {
        form.fault(Field::Alliance, "Choose one of your alliances");
    }
    if !form.is_valid() {
        return None;
    }
    let mut words = vec![
        course.map_or_else(|| "All courses".to_owned(), |one| one.title.clone()),
        alliance.map_or_else(
            || if who.reaches_everything() { "all alliances" } else { "your alliances" }.to_owned(),
            |one| one.name.clone(),
        ),
        format!("from {} to {}", wording::long_date(from), wording::long_date(until)),
    ];
    if absent_twice {
        words.push("who had a place on two of them and did not come".to_owned());
    }
    let scope = Scope {
        course: course.map(|one| one.slug.clone()),
        alliance: alliance.map(|one| one.slug.clone()),
        between: (begins(from, zone), begins(until + Days::new(1), zone)),
        absent_twice,
        within: (!who.reaches_everything()).then(|| who.member.login.clone()),
    };
    Some((scope, words.join(", ")))
}
