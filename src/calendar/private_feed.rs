//! Feeds for one reader: an attendee's places, a trainer's sittings (C3).
//!
//! They are shared more easily than their owners think, so they name nobody (C5).

use chrono::{DateTime, Utc};

use super::{
    Publisher,
    feed::{Entry, Feed, FeedHead, assemble, changed_at},
};
use crate::domain::{
    fill::Fill,
    invitation::Invitation,
    location::Location,
    session::{Publication, Session},
};

/// A place of the reader's, with what her calendar was told of it.
#[derive(Debug, Clone)]
pub struct OwnPlace {
    /// What it is on.
    pub session: Session,
    /// Her invitations to its sittings, withdrawn ones included.
    pub invitations: Vec<Invitation>,
}

/// The feed of an attendee's confirmed places. It uses the UIDs of her invites, so that a calendar
/// with both shows one event. What she gave up is gone at once; what was called off stays as
/// cancelled, like in every feed (C4).
pub fn attendee_feed(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    places: &[OwnPlace],
    now: DateTime<Utc>,
) -> Feed {
    let entries = places.iter().flat_map(|place| {
        place.invitations.iter().filter_map(move |invitation| own_entry(place, invitation))
    });
    assemble(publisher, head, entries.collect(), now)
}

fn own_entry<'a>(place: &'a OwnPlace, invitation: &'a Invitation) -> Option<Entry<'a>> {
    let session = &place.session;
    let sitting = session.sittings.iter().find(|sitting| sitting.id == invitation.sitting)?;
    let is_hers = match &session.publication {
        Publication::Draft => false,
        Publication::Published => !invitation.withdrawn,
        // Withdrawn before the session was called off: given up, not called off.
        Publication::Cancelled { at, .. } => invitation.stamp.timestamp() >= at.timestamp(),
    };
    let more = match &session.location {
        Location::Online { room } if !invitation.withdrawn => {
            format!("Join the video call: {room}")
        }
        _ => String::new(),
    };
    is_hers.then(|| Entry {
        session,
        sitting,
        uid: &invitation.uid,
        sequence: invitation.sequence,
        changed: changed_at(session, sitting).max(invitation.stamp),
        more,
    })
}

/// The feed of a trainer's sittings: how many come, and where the roster is, behind a sign-in.
pub fn trainer_feed(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    sessions: &[(Session, Fill)],
    now: DateTime<Utc>,
) -> Feed {
    let entries = sessions.iter().flat_map(|(session, fill)| {
        session.sittings.iter().map(move |sitting| Entry {
            more: format!(
                "Coming: {} of {} places\nRoster: {}/trainer/sessions/{}/roster",
                fill.confirmed, session.occupancy.capacity, publisher.base_url, session.code
            ),
            ..Entry::public(session, sitting)
        })
    });
    assemble(publisher, head, entries.collect(), now)
}
