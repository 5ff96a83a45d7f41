//! What versions before wrote with secrets in it, written anew without, once: letters that wait or were
//! given up, and the keys of attempts.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Store, StoreError, Tx, links, rows};
use crate::token::{StandIn, Token, swapped, unfolded};

/// How many rows are read at once.
const BATCH: i64 = 200;

statements! {
    /// Keeps other nodes waiting that start meanwhile.
    FINISH = "delete from chores where name = $1";

    IS_USED: i64 = "select count(*) from (select 1 from outbox limit 1) one",
        reads_all: "stops at the first";

    LETTERS: (Uuid, String, String, Option<String>) =
        "select id, text_body, html_body, calendar_body from outbox
         where sent_at is null and id > $1 order by id limit $2";

    REWRITE =
        "update outbox set text_body = $2, html_body = $3, calendar_body = $4 where id = $1";

    BOOKINGS: (Uuid, String) =
        "select id, attempt from registrations
         where id > $1 and attempt is not null order by id limit $2";

    KEEP_DIGEST = "update registrations set attempt = $2 where id = $1";

    MAILINGS: (Uuid, String) =
        "select id, attempt from mailings where id > $1 order by id limit $2";

    KEEP_MAILING_DIGEST = "update mailings set attempt = $2 where id = $1";
}

impl Store {
    /// Writes anew what versions before wrote with secrets; whether there may have been any.
    pub(super) async fn stand_in_for_secrets(&self) -> Result<bool, StoreError> {
        let mut tx = self.begin().await?;
        if FINISH.run(&mut tx, ["stand in for secrets"]).await? == 0 {
            return Ok(false);
        }
        let is_used = IS_USED.value(&mut tx, ()).await? > 0;
        rewrite_letters(&mut tx).await?;
        digest_attempts(&mut tx).await?;
        tx.commit().await?;
        Ok(is_used)
    }
}

async fn rewrite_letters(tx: &mut Tx) -> Result<(), StoreError> {
    let mut known: HashMap<String, StandIn> = HashMap::new();
    let mut last = Uuid::nil();
    loop {
        let letters = LETTERS.all(tx, (last, BATCH)).await?;
        let Some((id, ..)) = letters.last() else { return Ok(()) };
        last = *id;
        let mut copies = Vec::new();
        for (id, mut text, mut html, mut calendar) in letters {
            for part in [&mut text, &mut html].into_iter().chain(calendar.as_mut()) {
                for token in tokens_in(&unfolded(part)) {
                    let stand_in = known.entry(token.secret().to_owned()).or_insert_with(|| {
                        let stand_in = StandIn::of(&token);
                        copies.push((token.hash(), stand_in.hash(), None));
                        stand_in
                    });
                    *part = swapped(part, &token, stand_in);
                }
            }
            REWRITE.run(tx, (id, text, html, calendar)).await?;
        }
        links::copy(tx, &copies).await?;
    }
}

/// What stands in addresses of a text and may be a token.
fn tokens_in(text: &str) -> Vec<Token> {
    let is_end = |c: char| !c.is_ascii_alphanumeric();
    let parts = text.match_indices('/').map(|(at, _)| &text[at + 1..]);
    parts.filter_map(|part| part.split(is_end).next()?.parse().ok()).collect()
}

async fn digest_attempts(tx: &mut Tx) -> Result<(), StoreError> {
    for (read, keep) in [(BOOKINGS, KEEP_DIGEST), (MAILINGS, KEEP_MAILING_DIGEST)] {
        let mut last = Uuid::nil();
        loop {
            let found = read.all(tx, (last, BATCH)).await?;
            let Some((id, _)) = found.last() else { break };
            last = *id;
            for (id, attempt) in &found {
                keep.run(tx, (*id, rows::attempt(attempt))).await?;
            }
        }
    }
    Ok(())
}
