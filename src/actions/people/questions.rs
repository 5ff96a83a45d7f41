//! Asking an organiser once whether two people are one, and what she says.

use crate::{
    actions::{
        ActionContext,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        id::PersonId,
        likely_same::{Met, NAMESAKES, Signs},
        person::{Person, is_same_name},
    },
    store::{StoreError, Tx, people, person_questions},
    token::row_id,
};

/// How many people are compared in one transaction: few, so that whoever books waits for nobody.
const BATCH: i64 = 20;

/// How many such transactions there are at a time.
const BATCHES: usize = 20;

/// Asks about those who were known before anybody asked whether they are somebody else, a few at a time; how many were
/// compared. It goes on where it was.
///
/// # Errors
/// [`StoreError`]; who was compared before stays compared.
pub async fn ask_about_known(ctx: &ActionContext) -> Result<usize, StoreError> {
    let mut compared = 0;
    for _ in 0..BATCHES {
        let mut conn = ctx.store.read().await?;
        let left = person_questions::not_compared(&mut conn, BATCH).await?;
        drop(conn);
        if left.is_empty() {
            break;
        }
        let mut tx = ctx.store.begin().await?;
        for id in &left {
            ask_about(ctx, &mut tx, *id).await?;
        }
        tx.commit().await?;
        compared += left.len();
    }
    Ok(compared)
}

/// Asks about somebody who is new, or of whom we know more than before, wherever it is unclear whether she is
/// somebody else. What was asked before is not asked again.
pub(in crate::actions) async fn ask_about(
    ctx: &ActionContext,
    tx: &mut Tx,
    id: PersonId,
) -> Result<(), StoreError> {
    person_questions::compared(tx, id, ctx.now()).await?;
    let Some(person) = people::known_as(tx, id).await? else { return Ok(()) };
    let candidates = person_questions::candidates(tx, &person).await?;
    if candidates.is_empty() {
        return Ok(());
    }
    let is_called_so = |other: &&Person| is_same_name(&person.name, &other.name);
    let namesakes = candidates.iter().filter(is_called_so).count();
    let known = person_questions::all_of(tx, person).await?;
    // An organiser decides about her place, and what comes first may hang on who she is.
    let depends = person_questions::asks_for_a_place(tx, id).await?;
    for other in candidates {
        // Of many who are called so, most have nothing in common: they are not even looked up.
        if namesakes > NAMESAKES && !has_more_in_common(&known.person, &other) {
            continue;
        }
        let other = person_questions::all_of(tx, other).await?;
        let signs = Signs::of(&known, &other, Met::default());
        if signs.is_a_question(&known.person, namesakes, depends) {
            let question = row_id(&*ctx.random, &*ctx.clock);
            let both = (known.person.id, other.person.id);
            person_questions::ask(tx, question, both, ctx.now()).await?;
        }
    }
    Ok(())
}

/// Whether two people share more than a name.
fn has_more_in_common(one: &Person, other: &Person) -> bool {
    (one.email.is_some() && one.email == other.email)
        || (one.phone.is_some() && one.phone == other.phone)
        || (one.institution.is_some() && one.institution == other.institution)
}

/// Why nothing was written down.
#[derive(Debug, thiserror::Error)]
pub enum TellApartError {
    /// One of them is nobody, or both are one.
    #[error("choose two different people")]
    NotTwo,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Writes down that two people are two: nobody is asked again, and what one did is not taken for what the other
/// may have done.
///
/// # Errors
/// [`TellApartError`], in which case nothing is written down.
pub async fn tell_apart(
    ctx: &ActionContext,
    actor: &Actor,
    one: PersonId,
    other: PersonId,
) -> Result<(), TellApartError> {
    let mut tx = ctx.store.begin().await?;
    let both = people::known_as(&mut tx, one).await?.zip(people::known_as(&mut tx, other).await?);
    if one == other || both.is_none() {
        return Err(TellApartError::NotTwo);
    }
    tell_apart_in(ctx, &mut tx, actor, (one, other)).await?;
    Ok(tx.commit().await?)
}

/// The same in a transaction that does more.
pub(in crate::actions) async fn tell_apart_in(
    ctx: &ActionContext,
    tx: &mut Tx,
    actor: &Actor,
    (one, other): (PersonId, PersonId),
) -> Result<(), StoreError> {
    let question = row_id(&*ctx.random, &*ctx.clock);
    person_questions::say_apart(tx, question, (one, other), ctx.now()).await?;
    let about = Subject::about(AuditedRecord::Person(one));
    let detail = Some(format!("{one} and {other}"));
    record(ctx, tx, actor, AuditAction::PeopleToldApart, about, detail).await
}
