//! People with an account.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::{
    alliance::{Alliance, common_zone},
    contact::EmailAddress,
    id::{AllianceSlug, StaffLogin},
    vocabulary::words,
};

/// What an account is for. What each role may do stands in [`super::permission`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// May do everything in every alliance, accounts included.
    Administrator,
    /// Plans and watches the sessions of her alliances.
    Organiser,
    /// Leads sessions: sees their rosters and checks people in.
    Trainer,
}

words!(Role { Administrator => "admin", Organiser => "organiser", Trainer => "trainer" });

/// An account on the staff side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Stays when the name changes: the log names people by it.
    pub login: StaffLogin,
    /// As pages show it to others.
    pub name: String,
    /// Where their sign-in links go.
    pub email: EmailAddress,
    /// What the account is for.
    pub role: Role,
    /// The alliances an organiser plans for, or a trainer belongs to.
    pub alliances: Vec<AllianceSlug>,
    /// A line about them, for the pages of the sessions they lead.
    pub about: Option<String>,
}

/// An account as the office sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// The account it belongs to.
    pub member: StaffMember,
    /// When it was closed, if it was: nobody signs in with it.
    pub disabled_at: Option<DateTime<Utc>>,
}

impl StaffMember {
    /// The zone in which she is told the time: that of her own alliances, or of all. Where they have none in
    /// common it is UTC, which is nobody's, rather than that of whichever comes first.
    pub fn zone(&self, alliances: &[Alliance]) -> Tz {
        let own = alliances.iter().filter(|alliance| self.alliances.contains(&alliance.slug));
        let zone = common_zone(own.clone());
        let zone = if own.count() == 0 { common_zone(alliances) } else { zone };
        zone.unwrap_or(Tz::UTC)
    }

    /// Whether the account makes sense: an organiser without an alliance could do nothing.
    pub fn lacks_alliance(&self) -> bool {
        self.role == Role::Organiser && self.alliances.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::samples;

    fn member(role: Role, alliances: &[&str]) -> StaffMember {
        StaffMember {
            login: "ruth".parse().expect("a login"),
            name: "Ruth".to_owned(),
            email: "ruth@example.org".parse().expect("an address"),
            role,
            alliances: alliances.iter().map(|slug| slug.parse().expect("a slug")).collect(),
            about: None,
        }
    }

    #[test]
    fn she_is_told_the_time_by_the_clocks_of_her_own_alliances() {
        let of = |slug: &str, time_zone| {
            let slug = slug.parse().expect("a slug");
            Alliance { slug, time_zone, ..samples::alliance() }
        };
        let (london, dublin) = (Tz::Europe__London, Tz::Europe__Dublin);
        let all = [of("leeds", london), of("wales", london), of("dublin", dublin)];
        for (own, zone) in [
            (&["dublin"][..], dublin),
            (&["leeds", "wales"], london),
            (&["leeds", "dublin"], Tz::UTC),
            (&[], Tz::UTC),
        ] {
            assert_eq!(member(Role::Organiser, own).zone(&all), zone, "{own:?}");
        }
        let office = member(Role::Administrator, &[]);
        assert_eq!(office.zone(&all[..2]), london, "all of them have one in common");
        assert_eq!(office.zone(&[]), Tz::UTC);
    }

    #[test]
    fn only_an_organiser_needs_an_alliance() {
        assert!(member(Role::Organiser, &[]).lacks_alliance());
        assert!(!member(Role::Organiser, &["leeds"]).lacks_alliance());
        assert!(!member(Role::Administrator, &[]).lacks_alliance());
        assert!(!member(Role::Trainer, &[]).lacks_alliance());
    }
}
