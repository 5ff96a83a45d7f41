//! What reached us from a door when its day was closed already, in words.

use crate::domain::{
    attendance::{Late, Presence},
    session::Session,
    wording,
};

/// `Ann Ash, seen at 9.02am by Ruth`, with the day where there are several.
pub fn late_words(late: &Late, session: &Session) -> String {
    let sitting = session.sittings.iter().find(|one| one.number == late.sitting);
    let zone = sitting.map_or(session.zone(), |one| one.zone);
    let time = wording::time(late.seen_at.with_timezone(&zone).naive_local().time());
    let day = sitting.filter(|_| session.sittings.len() > 1);
    let day = day
        .map_or_else(String::new, |one| format!(" on {}", wording::short_date(one.starts.date())));
    match late.presence {
        Presence::Attended => format!("{}, seen at {time}{day} by {}", late.name, late.by),
        _ => format!("{}, taken back at {time}{day} by {}", late.name, late.by),
    }
}
