//! Who may do what: one table.

use super::{
    session::Session,
    staff::{Role, StaffMember},
};

/// Something on the staff side that not everybody may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// Read a session's roster, needs included (P1).
    ReadRoster,
}

impl Permission {
    /// Every permission, for tests that walk the table.
    pub const ALL: &'static [Self] = &[Self::ReadRoster];
}

/// Whether `member` may do `permission` on `session`. Administrators may do everything; organisers
/// what concerns their alliances; trainers what concerns the sessions they lead.
pub fn allows(member: &StaffMember, permission: Permission, session: &Session) -> bool {
    let own_alliance = member.alliances.contains(&session.alliance.slug);
    let leads = session.is_led_by(&member.login);
    match (permission, member.role) {
        (_, Role::Administrator) => true,
        (Permission::ReadRoster, Role::Organiser) => own_alliance || leads,
        (Permission::ReadRoster, Role::Trainer) => leads,
    }
}
