//! Trainers who would have to be in two places at once.

use super::{
    session::{Publication, Session},
    sitting::Sitting,
};

/// Somebody who would have to be in two places at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The trainer's name, as the page shows it.
    pub trainer: String,
    /// What else they lead then.
    pub title: String,
    /// The day on which they do.
    pub sitting: Sitting,
}

/// The trainers of `session` who lead another of `others` at the same time.
pub fn clashes(session: &Session, others: &[Session]) -> Vec<Clash> {
    let mut clashes = Vec::new();
    for other in others.iter().filter(|other| {
        other.code != session.code && !matches!(other.publication, Publication::Cancelled { .. })
    }) {
        let overlapping = other.sittings.iter().find(|theirs| {
            session
                .sittings
                .iter()
                .any(|ours| ours.starts_at < theirs.ends_at && theirs.starts_at < ours.ends_at)
        });
        let Some(sitting) = overlapping else { continue };
        let busy = session.trainers.iter().filter(|trainer| other.is_led_by(&trainer.login));
        clashes.extend(busy.map(|trainer| Clash {
            trainer: trainer.name.clone(),
            title: other.course.title.clone(),
            sitting: sitting.clone(),
        }));
    }
    clashes
}
