//! Nobody gets more than a few invites a day before she has opened one of our links, whoever types her
//! address, and however often: the bookings stay, and the other invites wait.

use std::collections::BTreeSet;

use chrono::Duration;

use crate::{
    actions::ActionContext,
    domain::{
        id::{LetterId, RegistrationId},
        stranger::{Round, must_wait},
    },
    store::{
        Conn, StoreError, Tx,
        outbox::Claimed,
        readers::{self, Unsent},
    },
    token::Token,
};

/// How long an invite waits, and how long those that went count.
const DAY: Duration = Duration::days(1);

/// Takes out of these letters the invites that must wait, and keeps them back for a day; and those that
/// waited until nobody could come any more.
pub(super) async fn spare_strangers(
    ctx: &ActionContext,
    tx: &mut Tx,
    letters: &mut Vec<Claimed>,
) -> Result<(), StoreError> {
    let now = ctx.now();
    let held: Vec<_> = letters.iter().filter(|one| one.is_held).map(|one| one.letter.id).collect();
    let over = readers::give_up(tx, &held, now).await?;
    letters.retain(|one| !over.contains(&one.letter.id));
    let invite = |one: &Claimed| Unsent {
        id: one.letter.id,
        round: Round { place: one.place, written_at: one.written_at },
        position: one.position,
        to: one.letter.to.to_string(),
        digest: readers::digest(&one.letter.to),
        is_held: one.is_held,
    };
    let mut invites: Vec<_> = letters.iter().filter(|one| one.letter.is_invite()).collect();
    invites.sort_by_key(|one| one.position);
    let invites = invites.into_iter().map(invite).collect();
    let waiting = waiting(ctx, tx, invites, None).await?;
    let waiting: Vec<_> = waiting.into_iter().map(|one| one.id).collect();
    letters.retain(|one| !waiting.contains(&one.letter.id));
    readers::hold(tx, &waiting, now + DAY).await
}

/// Those of some invites that must wait, also for those that are queued before a position.
async fn waiting(
    ctx: &ActionContext,
    conn: &mut Conn,
    invites: Vec<Unsent>,
    queued_before: Option<i64>,
) -> Result<Vec<Unsent>, StoreError> {
    let Some(most) = ctx.invites_a_day else { return Ok(Vec::new()) };
    let digests: BTreeSet<_> = invites.iter().map(|one| one.digest.clone()).collect();
    let digests: Vec<_> = digests.into_iter().collect();
    let ids: Vec<_> = invites.iter().map(|one| one.id).collect();
    let now = ctx.now();
    let mut invited = readers::invited(conn, &digests, (now - DAY, now), &ids).await?;
    if let Some(position) = queued_before {
        readers::count_queued(conn, &mut invited, position).await?;
    }
    // A turn may claim some of the days of one place only: they count as a whole.
    let sizes = readers::sizes(conn, &invited, now - DAY).await?;
    let size = |round: &Round| sizes.get(round).copied().unwrap_or(0);
    let mut waits: BTreeSet<LetterId> = BTreeSet::new();
    for (digest, gone) in invited {
        let theirs: Vec<_> = invites.iter().filter(|one| one.digest == digest).collect();
        let gone: Vec<_> = gone.iter().map(|(one, count)| (*one, size(one).max(*count))).collect();
        let mut rounds: Vec<_> = theirs.iter().map(|one| one.round).collect();
        for round in rounds.iter().copied().collect::<BTreeSet<_>>() {
            let here = rounds.iter().filter(|one| **one == round).count();
            let missing = (size(&round) as usize).saturating_sub(here);
            rounds.extend(std::iter::repeat_n(round, missing));
        }
        let which = must_wait(most, &gone, &rounds);
        waits.extend(theirs.iter().zip(which).filter(|(_, waits)| *waits).map(|(one, _)| one.id));
    }
    Ok(invites.into_iter().filter(|one| waits.contains(&one.id)).collect())
}

/// To which addresses no invite of a booking has gone yet, nor will before somebody there opens a link, or
/// a day is over.
///
/// # Errors
/// [`StoreError`].
pub async fn uninvited(
    ctx: &ActionContext,
    booking: RegistrationId,
) -> Result<Vec<String>, StoreError> {
    let mut conn = ctx.store.read().await?;
    let unsent = readers::unsent(&mut conn, booking).await?;
    let (mut held, others): (Vec<_>, Vec<_>) = unsent.into_iter().partition(|one| one.is_held);
    let first = others.first().map(|one| one.position);
    held.extend(waiting(ctx, &mut conn, others, first).await?);
    let addresses: BTreeSet<_> = held.into_iter().map(|one| one.to).collect();
    Ok(addresses.into_iter().collect())
}

/// Notes that somebody opened a link in a letter, so that nobody need be spared there, and lets go what
/// waited for that.
///
/// # Errors
/// [`StoreError`]; nothing is noted then.
pub async fn note_reader(ctx: &ActionContext, link: &Token) -> Result<(), StoreError> {
    let mut conn = ctx.store.read().await?;
    let stranger = readers::stranger(&mut conn, link.hash()).await?;
    drop(conn);
    let Some(digest) = stranger else { return Ok(()) };
    let mut tx = ctx.store.begin().await?;
    readers::add(&mut tx, &digest, ctx.now()).await?;
    tx.commit().await
}
