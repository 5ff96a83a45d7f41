//! Somebody asks to be forgotten (P2): everything that says who she is goes, and what was counted stays.

use std::collections::HashMap;

use uuid::Uuid;

use crate::{
    actions::{
        ActionContext,
        booking::cancel_places::{CancelError, Which, cancel_places},
        people::know_people::know_people,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::PersonId,
        person::Person,
        reference::Reference,
    },
    store::{
        Conn, StoreError, Tx,
        erase_own::{self, Hers, ToCome},
        erasure, interests, nominated, office_notes, overview_marks, own_data, people,
        personal_invitations, supports,
    },
};

/// What erasing somebody would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// Whom.
    pub person: Person,
    /// Others who may be she: they are not erased with her.
    pub alike: Vec<Person>,
    /// What she would give up: places on what is still to come.
    pub to_come: Vec<ToCome>,
    /// What is in the way: bookings she made for others who are still to come, with how many they are.
    pub leads: Vec<(Reference, i64)>,
    /// How many places lose her name and are counted on.
    pub places: usize,
    /// How many bookings lose their leader's.
    pub bookings: usize,
    /// How many days without a booking.
    pub walk_ins: usize,
    /// How many letters.
    pub letters: i64,
}

/// Why somebody was not erased.
#[derive(Debug, thiserror::Error)]
pub enum EraseError {
    /// There is nobody, or nothing any more.
    #[error("nothing is held about this person")]
    Nothing,
    /// She booked for others who are still to come: nobody could be reached for them.
    #[error(
        "{0} people are still to come whom she booked for, on {1}: cancel these places first, or correct who leads the booking"
    )]
    LeadsOthers(i64, String),
    /// A place of hers cannot be given up.
    #[error("a place of hers cannot be given up: {0}")]
    Settled(#[from] CancelError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What erasing somebody would do; `None` where nothing is held.
pub async fn preview(ctx: &ActionContext, id: PersonId) -> Result<Option<Preview>, StoreError> {
    while know_people(ctx).await? {}
    let mut conn = ctx.store.read().await?;
    let Some(person) = people::known(&mut conn, id).await? else { return Ok(None) };
    Ok(Some(read(ctx, &mut conn, person).await?))
}

async fn read(ctx: &ActionContext, conn: &mut Conn, person: Person) -> Result<Preview, StoreError> {
    let hers = erase_own::hers(conn, person.id).await?;
    Ok(Preview {
        alike: people::alike(conn, &person).await?,
        to_come: erase_own::to_come(conn, person.id, ctx.now()).await?,
        leads: erase_own::leads(conn, person.id, ctx.now()).await?,
        places: hers.places.len(),
        bookings: hers.bookings.len(),
        walk_ins: hers.walk_ins.len(),
        letters: hers.letters,
        person,
    })
}

/// Erases somebody: places to come are given up first, with what takes them out of her calendar. The log
/// says that it was done and not whom.
///
/// # Errors
/// [`EraseError`]; places that were given up stay given up.
pub async fn erase_person(
    ctx: &ActionContext,
    actor: &Actor,
    id: PersonId,
) -> Result<Preview, EraseError> {
    let Some(seen) = preview(ctx, id).await? else { return Err(EraseError::Nothing) };
    if !seen.leads.is_empty() {
        let others = seen.leads.iter().map(|(_, others)| others).sum();
        let bookings: Vec<_> =
            seen.leads.iter().map(|(reference, _)| reference.to_string()).collect();
        return Err(EraseError::LeadsOthers(others, bookings.join(", ")));
    }
    for one in &seen.to_come {
        cancel_places(ctx, actor, one.registration, Which::One(one.place), None).await?;
    }
    let id = seen.person.id;
    let mut tx = ctx.store.begin().await?;
    if people::lock(&mut tx, id).await?.is_none() {
        return Err(EraseError::Nothing);
    }
    // Booked meanwhile: she is asked again rather than left half erased.
    if !erase_own::to_come(&mut tx, id, ctx.now()).await?.is_empty() {
        return Err(EraseError::LeadsOthers(1, "a booking made just now".to_owned()));
    }
    let hers = erase_own::hers(&mut tx, id).await?;
    forget(ctx, &mut tx, id, &hers).await?;
    let subject = Subject::about(AuditedRecord::Person(id));
    record(ctx, &mut tx, actor, AuditAction::PersonErased, subject, None).await?;
    tx.commit().await?;
    Ok(seen)
}

async fn forget(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: PersonId,
    hers: &Hers,
) -> Result<(), StoreError> {
    let now = ctx.now();
    for (course, _) in own_data::courses(tx, id).await? {
        erase_own::course(tx, course, now).await?;
    }
    // Letters first: what is hers of them is found by the names that go next.
    erase_own::letters(tx, id, &hers.names, now).await?;
    erase_own::log(tx, id, &hers.people).await?;
    office_notes::forget(tx, id).await?;
    supports::forget_person(tx, id, &hers.names).await?;
    overview_marks::forget_names(tx, &hers.names).await?;
    interests::forget_person(tx, id).await?;
    nominated::forget_person(tx, id).await?;
    personal_invitations::forget_person(tx, id, now).await?;
    erasure::places(tx, &hers.places, now).await?;
    erasure::leaders(tx, &hers.bookings, now).await?;
    let mut first: HashMap<(&str, &str), Uuid> = HashMap::new();
    for (line, session, key) in &hers.walk_ins {
        let key = key.as_deref().map_or(*line, |key| *first.entry((session, key)).or_insert(*line));
        erasure::walk_in(tx, *line, key, now).await?;
    }
    for one in &hers.people {
        erasure::person(tx, *one, now).await?;
    }
    Ok(())
}
