//! Whether somebody has done what a course asks for first (B7).

use crate::{
    domain::{
        attendee::Attendee,
        id::{InstitutionCode, PersonId},
        person::recognition_key,
        prerequisite::{Candidate, Preparation},
        registration::Registration,
        session::Session,
    },
    store::{Conn, StoreError, attendances, person_questions, person_records, seated},
};

/// How each of these people stands to what comes before this session, in order. A place whose name is
/// to follow is looked at when somebody is named.
pub(in crate::actions) async fn meet(
    conn: &mut Conn,
    session: &Session,
    attendees: &[Option<&Attendee>],
    institution: Option<&InstitutionCode>,
) -> Result<Vec<Preparation>, StoreError> {
    let unknown = vec![None; attendees.len()];
    meet_known(conn, session, (attendees, &unknown), institution).await
}

/// The same of people of whom we may know who they are, whatever stands on their places.
async fn meet_known(
    conn: &mut Conn,
    session: &Session,
    (attendees, people): (&[Option<&Attendee>], &[Option<PersonId>]),
    institution: Option<&InstitutionCode>,
) -> Result<Vec<Preparation>, StoreError> {
    let asked = &session.course.prerequisites;
    let named: Vec<_> = attendees.iter().flatten().copied().collect();
    if asked.is_empty() || named.is_empty() {
        return Ok(vec![Preparation::Done; attendees.len()]);
    }
    let key = |who: &Attendee| recognition_key(&who.name, who.email.as_ref(), institution);
    let keys: Vec<_> = named.iter().map(|who| key(who)).collect();
    let mut known = seated::known(conn, &keys).await?;
    known.extend(people.iter().flatten().map(|person| (String::new(), *person)));
    let done = attendances::done_before(conn, &session.course.slug, &named, &known).await?;
    let recognised: Vec<_> = known.iter().map(|(_, person)| *person).collect();
    let apart = person_questions::apart_from(conn, &recognised).await?;
    let mut all = Vec::with_capacity(attendees.len());
    for (attendee, person) in attendees.iter().zip(people) {
        let Some(who) = *attendee else {
            all.push(Preparation::Done);
            continue;
        };
        let key = key(who);
        let by_key = known.iter().find(|(other, _)| *other == key).map(|(_, person)| *person);
        let person = person.or(by_key);
        let others = apart.of(person);
        let is_told_apart = who.email.is_some() || institution.is_some();
        let candidate = Candidate { who, key: &key, person, others: &others, is_told_apart };
        all.push(candidate.preparation(asked, &done));
    }
    Ok(all)
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
    let named: Vec<_> =
        open.filter_map(|place| Some((place.id, place.attendee.as_ref()?))).collect();
    let people: Vec<_> = named.iter().map(|(_, who)| *who).collect();
    let asked: Vec<_> = people.iter().map(|one| Some(*one)).collect();
    let seated = person_records::people_of_session(conn, &session.code).await?;
    let known: Vec<_> = named.iter().map(|(place, _)| seated.get(place).copied()).collect();
    let institution = registration.sender.code();
    let stand = meet_known(conn, session, (&asked, &known), institution).await?;
    let of = |which: Preparation| {
        let some = people.iter().zip(&stand).filter(|(_, one)| **one == which);
        some.map(|(attendee, _)| attendee.name.to_string()).collect()
    };
    Ok(Unprepared { lacking: of(Preparation::Lacking), unclear: of(Preparation::Unclear) })
}
