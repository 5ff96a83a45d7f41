//! The secrets of private links, put into letters as they leave: until then a [`StandIn`] stands there,
//! which opens nothing, so that neither the database nor a copy of it ever holds one (P2).

use std::collections::HashMap;

use crate::{
    actions::ActionContext,
    store::{StoreError, Tx, links, outbox::Claimed, readers},
    token::{StandIn, Token, swapped, unfolded},
};

/// Gives each link in these letters a secret. A letter that is tried again gets new ones: whoever
/// has the first, if it did arrive, has links that open as much.
pub(super) async fn give_secrets(
    ctx: &ActionContext,
    tx: &mut Tx,
    letters: &mut [Claimed],
) -> Result<(), StoreError> {
    let mut secrets: HashMap<StandIn, Token> = HashMap::new();
    let mut copies = Vec::new();
    for Claimed { letter, .. } in letters.iter() {
        let calendar = letter.calendar.as_ref().map(|part| &part.ics);
        for text in [&letter.text, &letter.html].into_iter().chain(calendar) {
            for stand_in in StandIn::all_in(&unfolded(text)) {
                let hash = stand_in.hash();
                secrets.entry(stand_in).or_insert_with(|| {
                    let token = ctx.token();
                    copies.push((hash, token.hash(), Some(readers::digest(&letter.to))));
                    token
                });
            }
        }
    }
    links::copy(tx, &copies).await?;
    for Claimed { letter, .. } in letters {
        let calendar = letter.calendar.as_mut().map(|part| &mut part.ics);
        for text in [&mut letter.text, &mut letter.html].into_iter().chain(calendar) {
            for stand_in in StandIn::all_in(&unfolded(text)) {
                if let Some(token) = secrets.get(&stand_in) {
                    *text = swapped(text, &stand_in, token);
                }
            }
        }
    }
    Ok(())
}
