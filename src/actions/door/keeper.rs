//! Who looks after a door: staff who may, or a helper with a link to it.

use crate::domain::{
    audit::Actor,
    helper_link::HelperLink,
    permission::{Permission, allows},
    session::Session,
    sitting::Sitting,
    staff::StaffMember,
};

/// Who looks after a door.
#[derive(Debug, Clone, Copy)]
pub enum Keeper<'a> {
    /// Somebody with an account.
    Staff(&'a StaffMember),
    /// Whoever holds a helper's link that is good now.
    Helper(&'a HelperLink),
}

impl<'a> From<&'a StaffMember> for Keeper<'a> {
    fn from(member: &'a StaffMember) -> Self {
        Self::Staff(member)
    }
}

impl<'a> From<&'a HelperLink> for Keeper<'a> {
    fn from(link: &'a HelperLink) -> Self {
        Self::Helper(link)
    }
}

impl Keeper<'_> {
    /// Who acts, for the log: a helper is known by whoever made the link.
    pub(super) fn actor(self) -> Actor {
        match self {
            Self::Staff(member) => Actor::Staff(member.login.clone()),
            Self::Helper(link) => Actor::Helper(link.made_by.clone()),
        }
    }

    /// Whether the door of a sitting is theirs.
    pub(super) fn keeps(self, session: &Session, sitting: Option<&Sitting>) -> bool {
        match self {
            Self::Staff(member) => allows(member, Permission::CheckIn, session),
            Self::Helper(link) => {
                link.ended_at.is_none() && sitting.is_some_and(|one| one.id == link.sitting)
            }
        }
    }

    /// Whether lines that wait for a word are answered: that takes somebody who knows more than names.
    pub(super) fn answers(self) -> bool {
        matches!(self, Self::Staff(_))
    }

    /// Whether people without a booking may be added, and their lines taken back.
    pub(super) fn adds(self) -> bool {
        match self {
            Self::Staff(_) => true,
            Self::Helper(link) => link.walk_ins,
        }
    }
}
