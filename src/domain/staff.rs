//! People with an account.

use super::{
    contact::EmailAddress,
    id::{AllianceSlug, StaffLogin},
    vocabulary::words,
};

/// What an account is for. What each role may do stands in [`super::permission`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Everything, everywhere.
    Administrator,
    /// Plans and watches the sessions of her alliances.
    Organiser,
    /// Leads sessions.
    Trainer,
}

words!(Role { Administrator => "admin", Organiser => "organiser", Trainer => "trainer" });

/// An account on the staff side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffMember {
    /// Which account.
    pub login: StaffLogin,
    /// Their name.
    pub name: String,
    /// Where their sign-in links go.
    pub email: EmailAddress,
    /// What the account is for.
    pub role: Role,
    /// The alliances an organiser plans for, or a trainer belongs to.
    pub alliances: Vec<AllianceSlug>,
}
