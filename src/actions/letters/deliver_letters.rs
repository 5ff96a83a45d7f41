//! Hands the outbox's letters to the transport: several at once, and those to one address one
//! after the other.

use std::{
    collections::{HashMap, VecDeque},
    sync::Arc,
};

use chrono::{DateTime, Duration, Utc};
use tokio::{
    task::{self, JoinSet},
    time::timeout,
};

use super::{
    ask_for_link::answer_asked, give_secrets::give_secrets, spare_strangers::spare_strangers,
};
use crate::{
    actions::ActionContext,
    domain::{contact::EmailAddress, id::LetterId, letter::TOO_LATE_TO_REMIND},
    mail::{DeliveryError, Transport, backoff, to_mime},
    store::{
        StoreError, Tx,
        outbox::{self, Claimed, Sent},
    },
};

/// How long a claimed letter stays claimed: longer than the letters of one connection take to
/// fail one after the other, so that no two nodes send one at once, and short enough that a crash
/// delays it little.
const CLAIM: Duration = Duration::minutes(5);

/// How many letters are claimed for each connection. With more, a link that somebody waits for
/// would find more before it; with fewer, connections would wait for the database.
const LETTERS_FOR_EACH: usize = 4;

/// How long letters that are on their way are waited for when the program ends.
const LAST_WORDS: std::time::Duration = std::time::Duration::from_secs(2);

/// What became of a letter.
struct Attempt {
    letter: Claimed,
    outcome: Result<(), DeliveryError>,
}

/// A mail server that takes nothing from us just now.
#[derive(Debug, Clone, Copy)]
struct Held {
    until: DateTime<Utc>,
    /// How often in a row it took nothing.
    refusals: u32,
}

/// The letters in hand. What is dropped with it is sent by somebody else once the claim ends.
pub struct Delivery {
    ctx: ActionContext,
    transport: Arc<Transport>,
    /// Claimed, and waiting for a connection.
    claimed: VecDeque<Claimed>,
    sending: JoinSet<Attempt>,
    /// Who is being written to: two letters to one address are never on their way at once.
    readers: HashMap<task::Id, EmailAddress>,
    /// Tried, and not yet marked.
    tried: Vec<Attempt>,
    /// Claimed, and not to be tried before one that failed.
    put_back: Vec<LetterId>,
    /// Nothing is sent for a while.
    held: Option<Held>,
}

impl Delivery {
    /// Nothing in hand yet.
    pub fn new(ctx: ActionContext, transport: Arc<Transport>) -> Self {
        Self {
            ctx,
            transport,
            claimed: VecDeque::new(),
            sending: JoinSet::new(),
            readers: HashMap::new(),
            tried: Vec::new(),
            put_back: Vec::new(),
            held: None,
        }
    }

    /// Marks what was tried and claims as many due letters as there is room for, in one
    /// transaction; `false` if nothing is in hand then. The same Message-ID goes out however often
    /// a crash makes a letter be sent. Failed deliveries are not errors but are written down and
    /// tried again.
    pub async fn turn(&mut self) -> Result<bool, StoreError> {
        answer_asked(&self.ctx).await?;
        let now = self.ctx.now();
        let mut tx = self.ctx.store.begin().await?;
        outbox::take_turn(&mut tx).await?;
        self.mark(&mut tx, now).await?;
        let in_hand = self.claimed.len() + self.sending.len();
        let room = if self.is_held(now) { 0 } else { self.window().saturating_sub(in_hand) };
        let (mut claimed, any) = self.claim(&mut tx, room, now).await?;
        give_secrets(&self.ctx, &mut tx, &mut claimed).await?;
        if any || !(self.tried.is_empty() && self.put_back.is_empty()) {
            tx.commit().await?;
        }
        self.tried.clear();
        self.put_back.clear();
        self.claimed.extend(claimed);
        self.claimed.make_contiguous().sort_by_key(|one| (one.letter.kind.urgency(), one.position));
        self.start();
        if self.sending.is_empty() {
            self.transport.close_unused().await;
        }
        Ok(!self.sending.is_empty())
    }

    /// Sends until it is time for another [`turn`](Self::turn): half of what may be in hand was
    /// tried, or all that is. Never returns while there is nothing to send. May be dropped and
    /// called again.
    pub async fn progress(&mut self) {
        while self.tried.len() < self.window() / 2 {
            let Some(ended) = self.sending.join_next_with_id().await else { break };
            self.note(ended);
            self.start();
        }
        if self.tried.is_empty() {
            std::future::pending::<()>().await;
        }
    }

    /// Sends, for as long as it is waited for.
    pub async fn send_on(&mut self) {
        while let Some(ended) = self.sending.join_next_with_id().await {
            self.note(ended);
            self.start();
        }
        std::future::pending::<()>().await;
    }

    /// Finishes what is on its way, starts nothing more, and marks what became of it. What a mail server
    /// takes too long over stays claimed: it is sent again, as the same letter, once the claim ends.
    pub async fn finish(mut self) -> Result<(), StoreError> {
        self.put_back.extend(self.claimed.drain(..).map(|one| one.letter.id));
        let all = async {
            while let Some(ended) = self.sending.join_next_with_id().await {
                self.note(ended);
            }
        };
        if timeout(LAST_WORDS, all).await.is_err() {
            log::warn!("{} letters were still on their way", self.sending.len());
        }
        let mut tx = self.ctx.store.begin().await?;
        self.mark(&mut tx, self.ctx.now()).await?;
        tx.commit().await
    }
}

impl Delivery {
    /// Claims due letters, but for invites that must wait; and whether there were any at all.
    async fn claim(
        &self,
        tx: &mut Tx,
        room: usize,
        now: DateTime<Utc>,
    ) -> Result<(Vec<Claimed>, bool), StoreError> {
        let mut any = false;
        loop {
            let mut claimed = outbox::claim(tx, room, now, now + CLAIM).await?;
            let is_last = claimed.is_empty();
            any |= !is_last;
            spare_strangers(&self.ctx, tx, &mut claimed).await?;
            // Where all of them wait now, there may be others behind.
            if is_last || !claimed.is_empty() {
                return Ok((claimed, any));
            }
        }
    }

    /// How many letters may be in hand.
    fn window(&self) -> usize {
        self.transport.connections() * LETTERS_FOR_EACH
    }

    /// Whether the mail server is left alone for now.
    fn is_held(&self, now: DateTime<Utc>) -> bool {
        self.held.is_some_and(|held| now < held.until)
    }

    /// The mail server took nothing from us: everything goes back until it has had its pause. Those
    /// that were on their way with it say nothing new.
    fn hold(&mut self) {
        self.put_back.extend(self.claimed.drain(..).map(|one| one.letter.id));
        let now = self.ctx.now();
        if !self.is_held(now) {
            let refusals = self.held.map_or(0, |held| held.refusals).saturating_add(1);
            self.held = Some(Held { until: now + backoff::pause(refusals), refusals });
        }
    }

    /// Gives connections that are free the next letters to somebody who is not being written to.
    fn start(&mut self) {
        while self.sending.len() < self.transport.connections() {
            let is_free = |one: &Claimed| !self.readers.values().any(|to| *to == one.letter.to);
            let next = self.claimed.iter().position(is_free);
            let Some(letter) = next.and_then(|at| self.claimed.remove(at)) else { return };
            let to = letter.letter.to.clone();
            let (ctx, transport) = (self.ctx.clone(), Arc::clone(&self.transport));
            let task = self.sending.spawn(async move {
                let outcome = attempt(&ctx, &transport, &letter).await;
                Attempt { letter, outcome }
            });
            self.readers.insert(task.id(), to);
        }
    }

    /// Takes note of an attempt. Letters that must not overtake one that failed are put back: the
    /// outbox says when their turn comes.
    fn note(&mut self, ended: Result<(task::Id, Attempt), task::JoinError>) {
        let (id, attempt) = match ended {
            Ok(ended) => ended,
            Err(error) => {
                self.readers.remove(&error.id());
                log::error!("a delivery broke off; its letter is tried again after {CLAIM}");
                return;
            }
        };
        self.readers.remove(&id);
        match &attempt.outcome {
            Err(DeliveryError::Held(_)) => self.hold(),
            Ok(()) => self.held = None,
            Err(DeliveryError::Temporary(_) | DeliveryError::Permanent(_)) => {}
        }
        if let Err(DeliveryError::Temporary(_)) = &attempt.outcome {
            let failed = &attempt.letter.letter;
            let (back, on) = self.claimed.drain(..).partition(|one: &Claimed| {
                one.letter.to == failed.to && one.letter.kind.waits_for(failed.kind)
            });
            let back: VecDeque<Claimed> = back;
            self.put_back.extend(back.iter().map(|one| one.letter.id));
            self.claimed = on;
        }
        self.tried.push(attempt);
    }

    /// Writes down what became of the letters that were tried.
    async fn mark(&self, tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut sent = Vec::new();
        for Attempt { letter: Claimed { letter, attempts, tried_since, .. }, outcome } in
            &self.tried
        {
            let (id, kind) = (letter.id, letter.kind);
            match outcome {
                Ok(()) => {
                    sent.push(Sent::of(&letter.clone().leaving(now)));
                    log::debug!("letter {id} ({kind}) delivered");
                }
                Err(DeliveryError::Temporary(why)) => {
                    let retry = backoff::next_attempt(attempts + 1, *tried_since, now);
                    outbox::mark_failed(tx, id, why, retry, now).await?;
                    log::warn!("letter {id} ({kind}) not delivered: {why}");
                }
                Err(DeliveryError::Held(why)) if !backoff::is_too_old(*tried_since, now) => {
                    outbox::mark_held(tx, id, why).await?;
                    log::warn!("no letter leaves for now: {why}");
                }
                Err(DeliveryError::Permanent(why) | DeliveryError::Held(why)) => {
                    outbox::mark_failed(tx, id, why, None, now).await?;
                    log::error!("letter {id} ({kind}) cannot be delivered: {why}");
                }
            }
        }
        outbox::mark_sent(tx, &sent, now).await?;
        outbox::put_back(tx, &self.put_back).await
    }
}

async fn attempt(
    ctx: &ActionContext,
    transport: &Transport,
    claimed: &Claimed,
) -> Result<(), DeliveryError> {
    let now = ctx.now();
    if claimed.letter.day.is_some_and(|day| day.has_begun(now)) {
        // W5: a mail server was away for so long that there is nothing left to remind of.
        return Err(DeliveryError::Permanent(TOO_LATE_TO_REMIND.to_owned()));
    }
    let letter = claimed.letter.clone().leaving(now);
    let message = to_mime(&ctx.letterhead, &letter, claimed.written_at)
        .map_err(|error| DeliveryError::Permanent(error.to_string()))?;
    transport.deliver(&message, letter.id).await
}

/// Delivers what is due, and what becomes due by it, until nothing is.
pub async fn deliver_due(ctx: &ActionContext, transport: Arc<Transport>) -> Result<(), StoreError> {
    let mut delivery = Delivery::new(ctx.clone(), transport);
    while delivery.turn().await? {
        delivery.progress().await;
    }
    Ok(())
}
