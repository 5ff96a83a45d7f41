//! Where a session takes place.

use url::{Host, Url};

use super::{postcode::Outward, text::Line};

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

/// Why a session cannot take place there, in the same words for pages, files and the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LocationFault {
    /// A venue without a name, or with one that cannot be shown.
    #[error("enter the name of the venue, in ordinary letters and signs, up to 200")]
    Venue,
    /// An address that cannot be shown.
    #[error("enter the address on one line, in ordinary letters and signs, up to 300")]
    Address,
    /// No link that a browser, a letter and a calendar would all take for the same.
    #[error(
        "enter the link to the video call. It starts with https:// and has no spaces or quotation marks"
    )]
    Room,
}

impl Location {
    /// A room people travel to, as it was typed.
    ///
    /// # Errors
    /// [`LocationFault`].
    pub fn venue(name: &str, address: &str) -> Result<Self, LocationFault> {
        let name = Line::<200>::parse(name).map_err(|_| LocationFault::Venue)?.to_string();
        let address = Line::<300>::parse_optional(address).map_err(|_| LocationFault::Address)?;
        let address = address.map_or_else(String::new, |line| line.to_string());
        Ok(Self::Venue { name, address })
    }

    /// A video call, as the address of its room was typed.
    ///
    /// # Errors
    /// [`LocationFault`].
    pub fn online(room: &str) -> Result<Self, LocationFault> {
        let room = Line::<500>::parse(room).map_err(|_| LocationFault::Room)?.to_string();
        if is_room(&room) { Ok(Self::Online { room }) } else { Err(LocationFault::Room) }
    }

    /// Where it is, by its postcode.
    pub fn outward(&self) -> Option<Outward> {
        match self {
            Self::Venue { address, .. } => Outward::in_address(address),
            Self::Online { .. } => None,
        }
    }

    /// The same place, held to what may be typed.
    ///
    /// # Errors
    /// [`LocationFault`].
    pub fn checked(&self) -> Result<Self, LocationFault> {
        match self {
            Self::Venue { name, address } => Self::venue(name, address),
            Self::Online { room } => Self::online(room),
        }
    }

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

/// Whether it is the address of a web page, whole and on its own: what stands in it is put into letters,
/// pages and calendars, each of which ends a link in its own way.
fn is_room(text: &str) -> bool {
    let ends_a_link = |c: char| c.is_whitespace() || "\"'<>`{}|\\^".contains(c);
    let Ok(url) = Url::parse(text) else { return false };
    let has_name = match url.host() {
        Some(Host::Domain(name)) => name.contains('.'),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) | None => false,
    };
    text.starts_with("https://")
        && !text.chars().any(ends_a_link)
        && has_name
        && url.username().is_empty()
        && url.password().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_room_is_a_whole_address_of_a_web_page() {
        for good in ["https://zoom.example/j/123?pwd=a-b_c%20d", "https://meet.example/r/Intro#a"] {
            let room = good.to_owned();
            assert_eq!(Location::online(good), Ok(Location::Online { room }));
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "http://meet.example/a",
            "https://[::1",
            "https://[::1]/",
            "https://user:secret@meet.example/",
            "https://meet.example/\"onclick=alert(1)",
            "https://meet.example/a b",
            "https://meet.example/\u{202E}gpj",
            "https://",
            "meet.example/a",
        ] {
            assert_eq!(Location::online(bad), Err(LocationFault::Room), "{bad:?}");
        }
        assert_eq!(Location::venue("\u{200B}", ""), Err(LocationFault::Venue));
        assert_eq!(Location::venue("Hall", "a\nb"), Err(LocationFault::Address));
        assert!(Location::venue("Hall", "").is_ok());
    }

    #[test]
    fn strangers_read_where_a_session_is_and_never_the_link_to_its_call() {
        let hall = Location::venue("Hall", "3 Chapel Row, Leeds LS11 0XX").expect("a venue");
        let plain = Location::venue("Hall", "").expect("a venue");
        let call = Location::online("https://meet.example/secret").expect("a room");
        for (location, line, short, outward, online) in [
            (&hall, "Hall, 3 Chapel Row, Leeds LS11 0XX", "Hall", Some("LS11"), false),
            (&plain, "Hall", "Hall", None, false),
            (&call, "Online, by video call", "video call", None, true),
        ] {
            assert_eq!((location.public_line().as_str(), location.short_name()), (line, short));
            let found = location.outward().map(|one| one.to_string());
            assert_eq!((found.as_deref(), location.is_online()), (outward, online));
            assert_eq!(location.checked().as_ref(), Ok(location));
        }
    }

    #[test]
    fn what_could_not_be_typed_today_is_not_taken_over() {
        let room = Location::Online { room: "http://meet.example/a".to_owned() };
        assert_eq!(room.checked(), Err(LocationFault::Room));
        let (name, address) = (String::new(), "Leeds".to_owned());
        assert_eq!(Location::Venue { name, address }.checked(), Err(LocationFault::Venue));
    }

    #[test]
    fn a_room_names_a_host_and_no_account() {
        for bad in [
            "https://me@meet.example/",
            "https://:secret@meet.example/",
            "https://localhost/a",
            "https://192.0.2.1/a",
            "https://meet.example/a<b",
        ] {
            assert_eq!(Location::online(bad), Err(LocationFault::Room), "{bad:?}");
        }
    }
}
