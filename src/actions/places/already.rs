//! Whether somebody who is named for a session is on it already (H2): asked by every verb that gives
//! somebody a place, so that nobody has two without a word.

use crate::{
    domain::{
        already::{Already, Named, Sameness, already},
        attendee::Attendee,
        audit::Actor,
        id::{InstitutionCode, PlaceId, RegistrationId},
        person::recognition_key,
    },
    store::{StoreError, person_questions, seated, session_lock::Locked},
};

/// Who is named, and by whom.
pub(in crate::actions) struct NamedPeople<'a> {
    /// Who, each with the number of her place.
    pub(in crate::actions) people: Vec<(u32, &'a Attendee)>,
    /// The numbers of those who were said to be somebody else.
    pub(in crate::actions) apart: &'a [u32],
    /// Whom they come for.
    pub(in crate::actions) institution: Option<&'a InstitutionCode>,
    /// The booking they are named in, if it stands already.
    pub(in crate::actions) own: Option<RegistrationId>,
    /// The place somebody is named for, if that is hers already.
    pub(in crate::actions) place: Option<PlaceId>,
}

impl<'a> NamedPeople<'a> {
    /// People who are named for a booking that is made now.
    pub(in crate::actions) fn new(
        attendees: impl IntoIterator<Item = (u32, Option<&'a Attendee>)>,
        institution: Option<&'a InstitutionCode>,
        apart: &'a [u32],
    ) -> Self {
        let named = attendees.into_iter();
        let people = named.filter_map(|(number, who)| Some((number, who?))).collect();
        Self { people, apart, institution, own: None, place: None }
    }
}

/// Who of them is on the session already, as far as we can tell. Nobody can be asked while a file is
/// read, so there an address that is shared is no question.
pub(in crate::actions) async fn already_there(
    locked: &mut Locked<'_>,
    actor: &Actor,
    asked: &NamedPeople<'_>,
) -> Result<Vec<Already>, StoreError> {
    let open: Vec<_> =
        asked.people.iter().filter(|(number, _)| !asked.apart.contains(number)).collect();
    if open.is_empty() {
        return Ok(Vec::new());
    }
    let session = locked.session().clone();
    let key = |who: &Attendee| recognition_key(&who.name, who.email.as_ref(), asked.institution);
    let keyed: Vec<_> = open.iter().map(|(_, who)| (*who, key(who))).collect();
    let glimpse = seated::glimpsed(locked, &session, &keyed).await?;
    // Whom we know matters where somebody may be there, or be named twice.
    let known = if glimpse.any_known && (glimpse.any_there || keyed.len() > 1) {
        let keys: Vec<_> = keyed.iter().map(|(_, key)| key.clone()).collect();
        seated::known(locked, &keys).await?
    } else {
        Vec::new()
    };
    let person =
        |key: &String| known.iter().find(|(other, _)| other == key).map(|(_, person)| *person);
    let persons: Vec<_> = keyed.iter().map(|(_, key)| person(key)).collect();
    let recognised: Vec<_> = persons.iter().flatten().copied().collect();
    let apart = person_questions::apart_from(locked, &recognised).await?;
    let others: Vec<_> = persons.iter().map(|person| apart.of(*person)).collect();
    let named: Vec<_> = open
        .iter()
        .zip(persons)
        .zip(&others)
        .map(|(((number, who), person), others)| Named {
            number: *number,
            who,
            institution: asked.institution,
            person,
            others,
        })
        .collect();
    let mut seated = Vec::new();
    if glimpse.any_there {
        seated = seated::of_session(locked, &session).await?;
        seated.retain(|one| asked.place != Some(one.place));
    }
    let mut found = already(&named, &seated, asked.own);
    if *actor == Actor::CommandLine {
        found.retain(|one| one.sameness == Sameness::Person);
    }
    Ok(found)
}
