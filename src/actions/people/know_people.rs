//! Recognising people on bookings, and changing what we know of them.

use chrono_tz::Tz;

pub use super::merge_people::{MergeError, merge_people};

use crate::{
    actions::{
        ActionContext,
        edit::{EditError, States, merged},
        people::questions::ask_about,
        record::{Subject, record, record_changes},
    },
    domain::{
        attendee::Attendee,
        audit::{Actor, AuditAction, AuditedRecord},
        edit::{Drawn, Listed, Merged},
        id::{InstitutionCode, PersonId, PlaceId, SessionCode},
        likeness::Likeness,
        person::{Person, recognition_key},
        place::PlaceStatus,
        registration::Registration,
    },
    store::{
        StoreError, Tx,
        audit::Edited,
        people::{self, Unknown, Whereabouts},
        person_records,
    },
    token::row_id,
};

/// How many people of each kind are recognised in one transaction: few, since whoever books on SQLite waits for it, and
/// each takes some eight statements.
const BATCH: i64 = 20;

/// Recognises people on bookings that were written since the last time; whether there may be more.
/// Apart from booking, so that nobody who books waits for it.
///
/// # Errors
/// [`StoreError`]; who was recognised before stays recognised.
pub async fn know_people(ctx: &ActionContext) -> Result<bool, StoreError> {
    let mut conn = ctx.store.read().await?;
    let unknown = people::not_recognised(&mut conn, BATCH).await?;
    drop(conn);
    if unknown.is_empty() {
        return Ok(false);
    }
    let key = |who: &people::Unknown| {
        recognition_key(&who.name, who.email.as_ref(), who.institution.as_ref())
    };
    let mut keyed: Vec<_> = unknown.iter().map(|who| (key(who), who)).collect();
    // Always in the same order, so that two nodes never wait for each other.
    keyed.sort_by(|a, b| a.0.cmp(&b.0));
    let mut tx = ctx.store.begin().await?;
    let mut met = Vec::new();
    for (key, who) in keyed {
        let new = PersonId::new(row_id(&*ctx.random, &*ctx.clock));
        let person = people::recognise(&mut tx, &key, who, new, ctx.now()).await?;
        people::link(&mut tx, who.standing, person).await?;
        if person == new {
            met.push(person);
        }
    }
    // Once all of hers is linked: whether anything depends on who she is, is seen by then.
    for person in met {
        ask_about(ctx, &mut tx, person).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Who sits on a place: whom she was recognised as, or is now.
pub(in crate::actions) async fn person_on(
    ctx: &ActionContext,
    tx: &mut Tx,
    place: PlaceId,
    (who, institution): (&Attendee, Option<&InstitutionCode>),
) -> Result<PersonId, StoreError> {
    if let Some(known) = people::of_place(tx, place).await? {
        return Ok(known);
    }
    let unknown = Unknown {
        standing: Whereabouts::Place(place),
        name: who.name.clone(),
        email: who.email.clone(),
        phone: None,
        institution: institution.cloned(),
    };
    let key = recognition_key(&who.name, who.email.as_ref(), institution);
    let new = PersonId::new(row_id(&*ctx.random, &*ctx.clock));
    let person = people::recognise(tx, &key, &unknown, new, ctx.now()).await?;
    people::link(tx, unknown.standing, person).await?;
    if person == new {
        ask_about(ctx, tx, person).await?;
    }
    Ok(person)
}

/// Recognises whoever has a place on a session and was booked just now, so that what she does there is hers at once.
pub(in crate::actions) async fn know_those_on(
    ctx: &ActionContext,
    tx: &mut Tx,
    code: &SessionCode,
    bookings: &[Registration],
) -> Result<(), StoreError> {
    let known = person_records::people_of_session(tx, code).await?;
    for booking in bookings {
        let confirmed = booking.places_in(PlaceStatus::Confirmed);
        for place in confirmed.filter(|place| !known.contains_key(&place.id)) {
            let Some(who) = &place.attendee else { continue };
            person_on(ctx, tx, place.id, (who, booking.sender.code())).await?;
        }
    }
    Ok(())
}

/// Adds somebody before she books, in a transaction that adds more; whoever is recognised by the same.
pub(in crate::actions) async fn add_person_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    new: &Person,
) -> Result<PersonId, StoreError> {
    let unknown = Unknown {
        standing: Whereabouts::Nowhere,
        name: new.name.clone(),
        email: new.email.clone(),
        phone: new.phone.clone(),
        institution: new.institution.clone(),
    };
    let key = recognition_key(&new.name, new.email.as_ref(), new.institution.as_ref());
    let person = people::recognise(tx, &key, &unknown, new.id, ctx.now()).await?;
    if person == new.id {
        ask_about(ctx, tx, person).await?;
        let about = Subject::about(AuditedRecord::Person(person));
        let detail = Some(format!("{person}: new"));
        record(ctx, tx, actor, AuditAction::PersonKept, about, detail).await?;
    }
    Ok(person)
}

/// Somebody's name or address on a place is corrected: she stays the person she was. Where nobody
/// else can be meant she is recognised by the new details too; not by an address that a leader only
/// says is hers, because whoever is recognised shares a private calendar.
pub(in crate::actions) async fn still_known(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (place, institution): (PlaceId, Option<&InstitutionCode>),
    (before, now): (&Attendee, &Attendee),
) -> Result<(), StoreError> {
    if before.name == now.name && before.email == now.email {
        return Ok(());
    }
    let id = person_on(ctx, tx, place, (before, institution)).await?;
    let is_plain = before.email == now.email
        && Likeness::of(before, (&now.name, now.email.as_ref())) == Likeness::Same;
    if !is_plain && !matches!(actor, Actor::Staff(_)) {
        return Ok(());
    }
    let key = recognition_key(&now.name, now.email.as_ref(), institution);
    people::add_key(tx, &key, id).await?;
    let Some(mut person) = people::find(tx, id).await? else { return Ok(()) };
    if person.name == before.name {
        person.name = now.name.clone();
    }
    if person.email == before.email {
        person.email = now.email.clone();
    }
    people::update(tx, &person).await
}

/// Writes what was changed of what we know of somebody; she is recognised by it from now on, and still by what was
/// known before. What stands on bookings stays as it was typed there.
///
/// # Errors
/// [`EditError`], in which case nothing changed.
pub async fn keep_person(
    ctx: &ActionContext,
    actor: &Actor,
    sent: &Listed<Person>,
    drawn: Option<&Drawn>,
) -> Result<(), EditError<Listed<Person>>> {
    let mut tx = ctx.store.begin().await?;
    let record = people::lock(&mut tx, sent.record.id).await?.ok_or(EditError::NoSuch)?;
    let (archived_at, about) = (record.archived_at, AuditedRecord::Person(record.id));
    let present = Listed { record, is_archived: archived_at.is_some() };
    let states = States { drawn, present: &present, sent };
    let edited = Edited::Record(about.clone());
    let merged: Merged<Listed<Person>> =
        merged::<_, EditError<_>>(&mut tx, &edited, states, Tz::UTC).await?;
    if merged.changes.is_empty() {
        return Ok(());
    }
    let Listed { record: mut person, is_archived } = merged.record;
    person.archived_at = is_archived.then(|| archived_at.unwrap_or(ctx.now()));
    people::update(&mut tx, &person).await?;
    let key = recognition_key(&person.name, person.email.as_ref(), person.institution.as_ref());
    people::add_key(&mut tx, &key, person.id).await?;
    ask_about(ctx, &mut tx, person.id).await?;
    let what = (AuditAction::PersonKept, Subject::about(about));
    record_changes(ctx, &mut tx, actor, what, (Some(person.id.to_string()), merged.changes))
        .await?;
    Ok(tx.commit().await?)
}
