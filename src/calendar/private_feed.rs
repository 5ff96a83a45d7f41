//! Feeds for one reader: an attendee's places, a trainer's sittings, an organiser's season (C3).
//!
//! They are shared more easily than their owners think, so they name nobody (C5).

use std::borrow::Cow;

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use super::{
    Publisher,
    feed::{Entry, Feed, FeedHead, assemble, file},
};
use crate::domain::{
    fill::Fill,
    invitation::Invitation,
    location::Location,
    session::{Publication, Session},
    sitting::RemovedDay,
};

/// A place of the reader's, with what her calendar was told of it.
#[derive(Debug, Clone)]
pub struct OwnPlace {
    /// What it is on.
    pub session: Session,
    /// Her invitations to its sittings, withdrawn ones included.
    pub invitations: Vec<Invitation>,
    /// The days taken off it.
    pub removed: Vec<RemovedDay>,
}

/// The UID of an invitation's event in her feed: a feed is shared more easily than a letter, and the
/// invite's own UID frees the place (C10). It tells nothing of that one, and stays as long.
pub fn feed_uid(invitation: &Invitation) -> String {
    let digest = Sha256::digest(format!("in a feed: {}", invitation.uid));
    let hex: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    let host = invitation.uid.split_once('@').map_or("turnout", |(_, host)| host);
    format!("{hex}@{host}")
}

/// The feed of an attendee's confirmed places. What she gave up is gone at once; what was called off
/// stays as cancelled, like in every feed (C4).
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

/// The events of somebody's invites, to import once: the very ones her letters bring, so that a
/// calendar with both shows one. `None` where nothing stands.
pub fn invited_file(publisher: &Publisher, place: &OwnPlace) -> Option<String> {
    let standing = place.invitations.iter().filter(|one| !one.withdrawn);
    let standing: Vec<_> =
        standing.filter_map(|one| own_entry(place, one).zip(Some(one))).collect();
    (!standing.is_empty()).then(|| told_file(publisher, place, standing))
}

/// The same of all the invitations of `place`, for a letter that tells of many days at once: those that
/// are withdrawn are called off in it.
pub fn told_of_many(publisher: &Publisher, place: &OwnPlace) -> String {
    let all = place.invitations.iter().filter_map(|one| any_entry(place, one).zip(Some(one)));
    let all = all.map(|(entry, one)| {
        let cancelled = one.withdrawn.then_some(one.stamp).or(entry.cancelled);
        (Entry { cancelled, ..entry }, one)
    });
    told_file(publisher, place, all.collect())
}

fn told_file(
    publisher: &Publisher,
    place: &OwnPlace,
    mut told: Vec<(Entry<'_>, &Invitation)>,
) -> String {
    told.sort_by_key(|(entry, _)| entry.sitting.starts_at);
    let entries = told.into_iter().map(|(entry, invitation)| Entry {
        uid: Cow::Owned(invitation.uid.clone()),
        sequence: invitation.sequence,
        changed: invitation.stamp,
        ..entry
    });
    file(publisher, place.session.zone(), &entries.collect::<Vec<_>>())
}

/// What an invitation of hers is shown as, if it is still about her.
fn own_entry<'a>(place: &'a OwnPlace, invitation: &'a Invitation) -> Option<Entry<'a>> {
    let entry = any_entry(place, invitation)?;
    // Withdrawn before it was called off: given up, not called off.
    let is_hers = entry.cancelled.map_or(!invitation.withdrawn, |at| {
        !invitation.withdrawn || invitation.stamp.timestamp() >= at.timestamp()
    });
    is_hers.then_some(entry)
}

fn any_entry<'a>(place: &'a OwnPlace, invitation: &'a Invitation) -> Option<Entry<'a>> {
    let session = &place.session;
    let standing = session.sittings.iter().find(|sitting| sitting.id == invitation.sitting);
    let removed = || place.removed.iter().find(|day| day.sitting.id == invitation.sitting);
    let public = match standing {
        Some(sitting) => Entry::public(session, sitting),
        None => Entry::removed(session, removed()?),
    };
    let first = match &session.location_on(public.sitting) {
        Location::Online { room } if public.cancelled.is_none() && !invitation.withdrawn => {
            format!("Join the video call: {room}")
        }
        _ => String::new(),
    };
    Some(Entry {
        uid: Cow::Owned(feed_uid(invitation)),
        // Both rise whenever what they count is different, so their sum does; what both counted is one
        // change.
        sequence: (public.sequence + invitation.sequence).saturating_sub(invitation.counted),
        changed: public.changed.max(invitation.stamp),
        first,
        ..public
    })
}

/// A session somebody leads.
#[derive(Debug, Clone)]
pub struct Led {
    /// What she leads.
    pub session: Session,
    /// How full it is.
    pub fill: Fill,
    /// How often that changed, and when last.
    pub heads: (u32, Option<DateTime<Utc>>),
    /// The days taken off it.
    pub removed: Vec<RemovedDay>,
}

/// With stamps that follow the head count as well: sums of what only rises.
fn counted<'a>(entry: Entry<'a>, (heads, at): (u32, Option<DateTime<Utc>>)) -> Entry<'a> {
    let changed = at.map_or(entry.changed, |at| at.max(entry.changed));
    Entry { sequence: entry.sequence + heads, changed, ..entry }
}

/// The feed of a trainer's sittings: how many come, and where the roster is, behind a sign-in.
pub fn trainer_feed(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    sessions: &[Led],
    now: DateTime<Utc>,
) -> Feed {
    let entries = sessions.iter().flat_map(|Led { session, fill, heads, removed }| {
        let standing = session.sittings.iter().map(move |sitting| Entry {
            first: format!(
                "Coming: {} of {} places\nRoster: {}/trainer/sessions/{}/roster",
                fill.confirmed, session.occupancy.capacity, publisher.base_url, session.code
            ),
            ..counted(Entry::public(session, sitting), *heads)
        });
        standing.chain(removed.iter().map(move |day| Entry::removed(session, day)))
    });
    assemble(publisher, head, entries.collect(), now)
}

/// The feed of the season, for whoever looks after it: how full each session is, and where the office has it,
/// behind a sign-in. Drafts stand in it as not certain, where `with_drafts`.
pub fn season_feed(
    publisher: &Publisher,
    head: &FeedHead<'_>,
    (sessions, with_drafts): (&[Led], bool),
    now: DateTime<Utc>,
) -> Feed {
    let shown =
        sessions.iter().filter(|one| with_drafts || one.session.publication != Publication::Draft);
    let entries = shown.flat_map(|Led { session, fill, heads, removed }| {
        let is_tentative = session.publication == Publication::Draft;
        let draft = if is_tentative { "Draft: nobody sees it yet\n" } else { "" };
        let standing = session.sittings.iter().map(move |sitting| Entry {
            first: format!(
                "{draft}Booked: {} of {} places\nIn the office: {}/office/sessions/{}",
                fill.confirmed, session.occupancy.capacity, publisher.base_url, session.code
            ),
            is_tentative,
            ..counted(Entry::public(session, sitting), *heads)
        });
        standing.chain(removed.iter().map(move |day| Entry::removed(session, day)))
    });
    assemble(publisher, head, entries.collect(), now)
}
