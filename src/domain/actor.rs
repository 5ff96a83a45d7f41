//! Who acts.

use std::fmt;

use super::id::StaffLogin;

/// Who acts, as far as the log may know: a role, or a staff login; never a name or an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Somebody without a link: booking, or asking for a link.
    Visitor,
    /// Whoever holds a booking's private link.
    Leader,
    /// Whoever holds a place's private link.
    Attendee,
    /// Whoever was asked by name to come, by her own link.
    Invited,
    /// An attendee's calendar, by its answer to an invite.
    Calendar,
    /// A member of staff, by the login that stays when a name changes.
    Staff(StaffLogin),
    /// Somebody without an account at a door, by a link that a member of staff made.
    Helper(StaffLogin),
    /// A program with the API.
    Api,
    /// Work that time brings on, such as a hold that runs out.
    Job,
    /// Whoever may run the program on its machine.
    CommandLine,
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Visitor => f.write_str("visitor"),
            Self::Leader => f.write_str("leader"),
            Self::Attendee => f.write_str("attendee"),
            Self::Invited => f.write_str("invited"),
            Self::Calendar => f.write_str("calendar"),
            Self::Staff(login) => write!(f, "staff:{login}"),
            Self::Helper(login) => write!(f, "helper:{login}"),
            Self::Api => f.write_str("api"),
            Self::Job => f.write_str("job"),
            Self::CommandLine => f.write_str("command-line"),
        }
    }
}

impl std::str::FromStr for Actor {
    type Err = super::vocabulary::UnknownWord;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unknown = || super::vocabulary::UnknownWord {
            found: text.to_owned(),
            allowed: &[
                "visitor",
                "leader",
                "attendee",
                "invited",
                "calendar",
                "staff:LOGIN",
                "helper:LOGIN",
                "api",
                "job",
                "command-line",
            ],
        };
        match text {
            "visitor" => Ok(Self::Visitor),
            "leader" => Ok(Self::Leader),
            "attendee" => Ok(Self::Attendee),
            "invited" => Ok(Self::Invited),
            "calendar" => Ok(Self::Calendar),
            "api" => Ok(Self::Api),
            "job" => Ok(Self::Job),
            "command-line" => Ok(Self::CommandLine),
            other => {
                let login = |start| other.strip_prefix(start).and_then(|login| login.parse().ok());
                let staff = login("staff:").map(Self::Staff);
                staff.or_else(|| login("helper:").map(Self::Helper)).ok_or_else(unknown)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_did_something_is_read_as_it_was_written() {
        let staff = |login: &str| login.parse().expect("a login");
        for (actor, written) in [
            (Actor::Visitor, "visitor"),
            (Actor::Leader, "leader"),
            (Actor::Attendee, "attendee"),
            (Actor::Invited, "invited"),
            (Actor::Calendar, "calendar"),
            (Actor::Staff(staff("amina.yusuf")), "staff:amina.yusuf"),
            (Actor::Helper(staff("amina.yusuf")), "helper:amina.yusuf"),
            (Actor::Api, "api"),
            (Actor::Job, "job"),
            (Actor::CommandLine, "command-line"),
        ] {
            assert_eq!(actor.to_string(), written);
            assert_eq!(written.parse(), Ok(actor));
        }
        assert!("staff:".parse::<Actor>().is_err() && "".parse::<Actor>().is_err());
    }
}
