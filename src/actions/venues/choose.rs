//! Which venue of the list a session is held at.

use crate::{
    domain::{
        id::{AllianceSlug, VenueId},
        page_words::SessionWords,
        venue::{Venue, words_at},
    },
    store::{StoreError, Tx, venues},
};

/// A session that leaves one venue of the list for another, or stays where it is.
pub(in crate::actions) struct Between {
    from: Option<Venue>,
    to: Option<Venue>,
}

impl Between {
    /// The words of its page there.
    pub(in crate::actions) fn words(&self, words: &SessionWords) -> SessionWords {
        match self.from.as_ref().map(|one| &one.id) == self.to.as_ref().map(|one| &one.id) {
            // What somebody took out stays out.
            true => words.clone(),
            false => words_at(words, self.from.as_ref(), self.to.as_ref()),
        }
    }
}

/// The venues a session leaves and comes to; `None` if there is no such venue for its alliance. One that was
/// archived or became another alliance's since holds the sessions it has.
pub(in crate::actions) async fn move_between(
    tx: &mut Tx,
    before: Option<&VenueId>,
    (wanted, alliance): (Option<&VenueId>, &AllianceSlug),
) -> Result<Option<Between>, StoreError> {
    let from = match before {
        Some(id) => venues::find(tx, id).await?.map(|(venue, _)| venue),
        None => None,
    };
    let Some(id) = wanted else { return Ok(Some(Between { from, to: None })) };
    // Whoever corrects it meanwhile finds this session, or this session finds it corrected.
    let Some((venue, archived_at)) = venues::lock(tx, id).await? else { return Ok(None) };
    let stays = before == wanted;
    let is_open = archived_at.is_none() && venue.is_for(alliance);
    Ok((stays || is_open).then_some(Between { from, to: Some(venue) }))
}
