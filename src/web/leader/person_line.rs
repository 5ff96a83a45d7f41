//! One person of a booking, as the page of its leader lists her.

use crate::web::leader::words::StateWords;

/// One person of a booking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLine {
    /// The place's number, in links.
    pub number: u32,
    /// The name, or `Name to follow`.
    pub name: String,
    /// What links call the person, so that no two read the same.
    pub called: String,
    /// Whether the leader comes herself.
    pub is_leader: bool,
    /// The needs given, on one line.
    pub needs: String,
    /// Where the place stands, unless it is theirs.
    pub state: Option<StateWords>,
    /// Whether it can be changed and cancelled.
    pub can_change: bool,
    /// Whether she can be sent a link of her own.
    pub can_tell: bool,
    /// Whether help can be asked for her, or was.
    pub can_help: bool,
}
