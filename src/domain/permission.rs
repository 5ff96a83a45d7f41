//! Who may do what: one table.

use super::{
    id::AllianceSlug,
    session::Session,
    staff::{Role, StaffMember},
};

/// Something on the staff side that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read a session's roster, needs included (P1).
    ReadRoster,
    /// Mark who is there, and add who came without a booking.
    CheckIn,
    /// See the overview and the list of sessions, with how full each is.
    WatchSessions,
    /// Plan, change, publish and call off sessions.
    PlanSessions,
    /// Answer places that were asked for, and look after the waiting list.
    DecideRequests,
    /// Book for somebody, move places, give one out of turn, send letters again.
    ManageBookings,
    /// Write to the people of a session.
    MessagePeople,
    /// See which letters wait, went out or failed, and send them again.
    ReadLetters,
    /// Read who did what.
    ReadAudit,
    /// See, change and merge the people we know.
    ManagePeople,
    /// Add and change institutions.
    ManageInstitutions,
    /// Bring in files, and take back what they made.
    ImportFiles,
    /// Add and change courses, which all alliances share.
    ManageCourses,
    /// Add and change alliances.
    ManageAlliances,
    /// Add, change and disable staff accounts.
    ManageAccounts,
}

/// How far somebody may do something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// Over every alliance.
    Everywhere,
    /// Over the alliances the account is for.
    Alliances,
    /// In their alliances, and on the sessions they lead elsewhere.
    AlliancesAndLed,
    /// On the sessions they lead.
    Led,
    /// Not at all.
    Nowhere,
}

/// The table: a row for each permission, a column for each role.
const fn reach(permission: Permission, role: Role) -> Reach {
    use Reach::{Alliances, AlliancesAndLed, Everywhere, Led, Nowhere};
    let [administrator, organiser, trainer] = match permission {
        Permission::ReadRoster => [Everywhere, AlliancesAndLed, Led],
        Permission::CheckIn => [Everywhere, AlliancesAndLed, Led],
        Permission::WatchSessions => [Everywhere, Alliances, Nowhere],
        Permission::PlanSessions => [Everywhere, Alliances, Nowhere],
        Permission::DecideRequests => [Everywhere, Alliances, Nowhere],
        Permission::ManageBookings => [Everywhere, Alliances, Nowhere],
        Permission::MessagePeople => [Everywhere, Alliances, Nowhere],
        Permission::ReadLetters => [Everywhere, Alliances, Nowhere],
        Permission::ReadAudit => [Everywhere, Alliances, Nowhere],
        Permission::ManagePeople => [Everywhere, Alliances, Nowhere],
        Permission::ManageInstitutions => [Everywhere, Alliances, Nowhere],
        Permission::ImportFiles => [Everywhere, Alliances, Nowhere],
        Permission::ManageCourses => [Everywhere, Nowhere, Nowhere],
        Permission::ManageAlliances => [Everywhere, Nowhere, Nowhere],
        Permission::ManageAccounts => [Everywhere, Nowhere, Nowhere],
    };
    match role {
        Role::Administrator => administrator,
        Role::Organiser => organiser,
        Role::Trainer => trainer,
    }
}

impl Permission {
    /// Every permission, for tests that walk the table.
    pub const ALL: &'static [Self] = &[
        Self::ReadRoster,
        Self::CheckIn,
        Self::WatchSessions,
        Self::PlanSessions,
        Self::DecideRequests,
        Self::ManageBookings,
        Self::MessagePeople,
        Self::ReadLetters,
        Self::ReadAudit,
        Self::ManagePeople,
        Self::ManageInstitutions,
        Self::ImportFiles,
        Self::ManageCourses,
        Self::ManageAlliances,
        Self::ManageAccounts,
    ];
}

/// Whose right it is, in words that follow "This is for".
pub fn whose(permission: Permission) -> &'static str {
    let goes = |role| reach(permission, role) != Reach::Nowhere;
    match (goes(Role::Organiser), goes(Role::Trainer)) {
        (false, _) => "administrators",
        (true, false) => "administrators, and organisers in their own alliances",
        (true, true) => {
            "administrators, organisers in their own alliances, and whoever leads the session"
        }
    }
}

/// Whether `member` may do `permission` on `session`.
pub fn allows(member: &StaffMember, permission: Permission, session: &Session) -> bool {
    let leads = session.is_led_by(&member.login);
    match reach(permission, member.role) {
        Reach::Led => leads,
        Reach::AlliancesAndLed if leads => true,
        _ => allows_in(member, permission, &session.alliance.slug),
    }
}

/// Whether `member` may do `permission` on whatever belongs to `alliance`.
pub fn allows_in(member: &StaffMember, permission: Permission, alliance: &AllianceSlug) -> bool {
    match reach(permission, member.role) {
        Reach::Everywhere => true,
        Reach::Alliances | Reach::AlliancesAndLed => member.alliances.contains(alliance),
        Reach::Led | Reach::Nowhere => false,
    }
}

/// Whether `member` may do `permission` on everything, what belongs to no alliance included.
pub fn allows_everywhere(member: &StaffMember, permission: Permission) -> bool {
    reach(permission, member.role) == Reach::Everywhere
}

/// Whether there can be anything on which `member` may do `permission`: whether its pages open.
pub fn allows_somewhere(member: &StaffMember, permission: Permission) -> bool {
    reach(permission, member.role) != Reach::Nowhere
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: Role) -> StaffMember {
        StaffMember {
            login: "ruth".parse().unwrap(),
            name: "Ruth".to_owned(),
            email: "ruth@example.org".parse().unwrap(),
            role,
            alliances: vec!["leeds".parse().unwrap()],
            about: None,
        }
    }

    #[test]
    fn an_organiser_acts_in_her_alliances_and_an_administrator_everywhere() {
        let (own, other) = ("leeds".parse().unwrap(), "oxford".parse().unwrap());
        let (organiser, office) = (member(Role::Organiser), member(Role::Administrator));
        assert!(allows_in(&organiser, Permission::PlanSessions, &own));
        assert!(!allows_in(&organiser, Permission::PlanSessions, &other));
        assert!(allows_in(&office, Permission::PlanSessions, &other));
        assert!(!allows_somewhere(&organiser, Permission::ManageAccounts));
    }

    #[test]
    fn only_the_door_and_the_roster_open_to_trainers_and_belonging_to_an_alliance_is_not_enough() {
        let trainer = member(Role::Trainer);
        let may = |permission: &&Permission| allows_somewhere(&trainer, **permission);
        let open: Vec<_> = Permission::ALL.iter().filter(may).collect();
        assert_eq!(open, [&Permission::ReadRoster, &Permission::CheckIn]);
        assert!(!allows_in(&trainer, Permission::ReadRoster, &"leeds".parse().unwrap()));
    }

    #[test]
    fn whoever_leads_a_session_may_see_who_comes_wherever_she_belongs() {
        let mut session = crate::domain::samples::session();
        for (leads, in_own, role, reads) in [
            (true, true, Role::Trainer, true),
            (true, false, Role::Trainer, true),
            (false, true, Role::Trainer, false),
            (true, false, Role::Organiser, true),
            (false, true, Role::Organiser, true),
            (false, false, Role::Organiser, false),
            (false, false, Role::Administrator, true),
        ] {
            let login = if leads { "ruth" } else { "amina.yusuf" };
            session.trainers = vec![crate::domain::samples::trainer(login, "Ruth")];
            let mut one = member(role);
            if in_own {
                one.alliances.push(session.alliance.slug.clone());
            }
            let may = |permission| allows(&one, permission, &session);
            let told = format!("{role}, leads: {leads}, in her own alliance: {in_own}");
            assert_eq!(may(Permission::ReadRoster), reads, "{told}");
            assert_eq!(may(Permission::CheckIn), reads, "{told}");
            // Who leads a session does not plan it.
            let plans = role == Role::Administrator || (role == Role::Organiser && in_own);
            assert_eq!(may(Permission::PlanSessions), plans, "{told}");
            assert_eq!(may(Permission::ManageAccounts), role == Role::Administrator, "{told}");
        }
    }

    #[test]
    fn only_administrators_act_on_what_belongs_to_no_alliance() {
        for permission in Permission::ALL {
            assert!(allows_everywhere(&member(Role::Administrator), *permission));
            assert!(!allows_everywhere(&member(Role::Organiser), *permission));
            assert!(!allows_everywhere(&member(Role::Trainer), *permission));
        }
    }

    #[test]
    fn a_refusal_says_whose_right_it_is() {
        let organisers = "administrators, and organisers in their own alliances";
        let leaders =
            "administrators, organisers in their own alliances, and whoever leads the session";
        for permission in Permission::ALL {
            use Permission as P;
            let expected = match permission {
                P::ReadRoster | P::CheckIn => leaders,
                P::ManageCourses | P::ManageAlliances | P::ManageAccounts => "administrators",
                _ => organisers,
            };
            assert_eq!(whose(*permission), expected, "{permission:?}");
        }
    }
}
