//! Forms of records that somebody else may edit too (V1): what a form was drawn from stands in its
//! hidden field `drawn`, and where both changed the same, both values are told beside the field.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::{
    domain::{
        attendee::Attendee,
        audit::Actor,
        edit::{Conflict, Conflicts, Drawn, Record},
        wording,
    },
    store::{Conn, StoreError, staff},
    web::{
        forms::{Fields, FormField, FormState, person::PersonField},
        words::stamp,
    },
};

pub use super::DRAWN;

/// What the form was drawn from; `None` if it does not say: then it counts as drawn from what is there.
pub fn drawn(fields: &Fields) -> Option<Drawn> {
    fields.get(DRAWN).parse().ok()
}

/// What the form of a record that may not be there yet is drawn from, as its hidden field has it.
pub fn field(record: Option<&impl Record>) -> String {
    record.map_or_else(String::new, |record| Drawn::of(record).to_string())
}

/// Says beside each field who changed it meanwhile, to what, and what she typed herself; `field` is the one of a
/// key. From now on the form is drawn from what is there, so that sending it again saves hers knowingly.
pub async fn tell_of<R, K: FormField>(
    conn: &mut Conn,
    form: &mut FormState<K>,
    conflicts: &Conflicts<R>,
    (reader, zone): (&Actor, Tz),
    field: impl Fn(&str) -> K,
) -> Result<(), StoreError> {
    form.draw_from(conflicts.drawn.to_string());
    for conflict in &conflicts.fields {
        form.fault(field(&conflict.key), words(conn, conflict, (reader, zone)).await?);
    }
    Ok(())
}

/// The same for somebody on a place.
pub async fn tell_person(
    conn: &mut Conn,
    form: &mut FormState<PersonField>,
    conflicts: &Conflicts<Attendee>,
    about: (&Actor, Tz),
) -> Result<(), StoreError> {
    let field = |key: &str| match key {
        "email" => PersonField::Email,
        "diet" => PersonField::Diet,
        "access" => PersonField::Access,
        "allergy" => PersonField::Allergy,
        "interpreter" => PersonField::Interpreter,
        _ => PersonField::Name,
    };
    tell_of(conn, form, conflicts, about, field).await
}

/// `Note: Ruth Okafor changed this to “Bring a pen” (Tue 24 Nov 2026, 9.30am, London time). …`
pub async fn words(
    conn: &mut Conn,
    conflict: &Conflict,
    (reader, zone): (&Actor, Tz),
) -> Result<String, StoreError> {
    let who = match &conflict.changed {
        Some((actor, _)) if actor == reader => "you".to_owned(),
        Some((actor, _)) => name(conn, actor).await?,
        None => "somebody else".to_owned(),
    };
    let when = conflict.changed.as_ref().map(|(_, at)| moment(*at, zone)).unwrap_or_default();
    let done = match conflict.theirs.as_str() {
        "" => "took this out".to_owned(),
        theirs => format!("changed this to \u{201c}{theirs}\u{201d}"),
    };
    let told = format!("{}: {who} {done}{when} while this page was open.", conflict.field);
    Ok(match conflict.hers.as_deref() {
        Some("") => format!("{told} You left it empty. Send it again to save that"),
        Some(hers) => {
            format!("{told} You have \u{201c}{hers}\u{201d}. Send it again to save yours")
        }
        None => format!("{told} Look again before you go on"),
    })
}

fn moment(at: DateTime<Utc>, zone: Tz) -> String {
    format!(" ({}, {})", stamp(at, zone), wording::zone(zone))
}

/// Who acts, for whoever edits the same.
async fn name(conn: &mut Conn, actor: &Actor) -> Result<String, StoreError> {
    let words = match actor {
        Actor::Staff(login) => match staff::find_account(conn, login).await? {
            Some(account) => return Ok(account.member.name),
            None => return Ok(login.to_string()),
        },
        Actor::Leader => "the leader of the booking",
        Actor::Attendee => "the person who is coming",
        Actor::Invited => "whoever was asked to come",
        Actor::Calendar => "a calendar",
        Actor::Visitor => "a visitor",
        Actor::Api => "a program",
        Actor::Helper(_) => "a helper at the door",
        Actor::Job => "Turnout",
        Actor::CommandLine => "the office, by the command line,",
    };
    Ok(words.to_owned())
}
