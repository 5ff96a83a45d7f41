//! Whether somebody has done what a course asks for first (B7).

use crate::{
    domain::{
        attendee::Attendee,
        id::InstitutionCode,
        person::recognition_key,
        prerequisite::{Candidate, Preparation},
        registration::Registration,
        session::Session,
    },
    store::{Conn, StoreError, attendances, seated},
};

/// How each of these people stands to what comes before this session, in order. A place whose name is
/// to follow is looked at when somebody is named.
pub(in crate::actions) async fn meet(
    conn: &mut Conn,
    session: &Session,
    attendees: &[Option<&Attendee>],
    institution: Option<&InstitutionCode>,
) -> Result<Vec<Preparation>, StoreError> {
    let asked = &session.course.prerequisites;
    let named: Vec<_> = attendees.iter().flatten().copied().collect();
    if asked.is_empty() || named.is_empty() {
        return Ok(vec![Preparation::Done; attendees.len()]);
    }
    let key = |who: &Attendee| recognition_key(&who.name, who.email.as_ref(), institution);
    let keys: Vec<_> = named.iter().map(|who| key(who)).collect();
    let known = seated::known(conn, &keys).await?;
    let done = attendances::done_before(conn, &session.course.slug, &named, &known).await?;
    let preparation = |attendee: &Option<&Attendee>| {
        let Some(who) = *attendee else { return Preparation::Done };
        let key = key(who);
        let person = known.iter().find(|(other, _)| *other == key).map(|(_, person)| *person);
        let is_told_apart = who.email.is_some() || institution.is_some();
        Candidate { who, key: &key, person, is_told_apart }.preparation(asked, &done)
    };
    Ok(attendees.iter().map(preparation).collect())
}

/// The people of a booking of whom we do not know that they have done what comes before, by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unprepared {
    /// As far as we know they have not.
    pub lacking: Vec<String>,
    /// Whether they have depends on who they are.
    pub unclear: Vec<String>,
}

/// Who of a booking has, as far as we know, not done what comes before, and of whom that is unclear.
pub async fn who_lacks(
    conn: &mut Conn,
    session: &Session,
    registration: &Registration,
) -> Result<Unprepared, StoreError> {
    let open = registration.places.iter().filter(|place| place.state.status().is_open());
    let people: Vec<_> = open.filter_map(|place| place.attendee.as_ref()).collect();
    let asked: Vec<_> = people.iter().map(|one| Some(*one)).collect();
    let stand = meet(conn, session, &asked, registration.sender.code()).await?;
    let of = |which: Preparation| {
        let some = people.iter().zip(&stand).filter(|(_, one)| **one == which);
        some.map(|(attendee, _)| attendee.name.to_string()).collect()
    };
    Ok(Unprepared { lacking: of(Preparation::Lacking), unclear: of(Preparation::Unclear) })
}
