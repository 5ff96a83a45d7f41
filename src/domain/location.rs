//! Where a session takes place.

/// Where a session takes place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// A room people travel to.
    Venue {
        /// What the building is called.
        name: String,
        /// Street, town and postcode on one line.
        address: String,
    },
    /// A video call. The address of the room is for confirmed attendees and trainers only (C5).
    Online {
        /// The address of the room.
        room: String,
    },
}

impl Location {
    /// The one line that is safe for strangers: never the online room.
    pub fn public_line(&self) -> String {
        match self {
            Self::Venue { name, address } if address.is_empty() => name.clone(),
            Self::Venue { name, address } => format!("{name}, {address}"),
            Self::Online { .. } => "Online, by video call".to_owned(),
        }
    }

    /// The name alone, for lists.
    pub fn short_name(&self) -> &str {
        match self {
            Self::Venue { name, .. } => name,
            Self::Online { .. } => "video call",
        }
    }

    /// Whether people join from home.
    pub fn is_online(&self) -> bool {
        matches!(self, Self::Online { .. })
    }
}
