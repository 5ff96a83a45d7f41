//! A member congregation, union branch, school or community group.

use super::{
    id::{AllianceSlug, InstitutionCode},
    vocabulary::words,
};

/// What kind of institution it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InstitutionKind {
    /// A congregation.
    Faith,
    /// A school, college or university.
    School,
    /// A union or union branch.
    Union,
    /// A tenants', residents' or other community group.
    Community,
    /// A health service or practice.
    Health,
    /// Anything else.
    Other,
}

/// Whether the institution is in membership.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Membership {
    /// Pays dues.
    Member,
    /// On the way to joining.
    Prospective,
}

words!(InstitutionKind {
    Faith => "faith",
    School => "school",
    Union => "union",
    Community => "community",
    Health => "health",
    Other => "other",
});
words!(Membership { Member => "member", Prospective => "prospective" });

/// A member congregation, union branch, school or community group of one alliance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Its code on the organisation's own list.
    pub code: InstitutionCode,
    /// Its name as people say it.
    pub name: String,
    /// What kind it is.
    pub kind: InstitutionKind,
    /// The alliance it belongs to.
    pub alliance: AllianceSlug,
    /// Whether it is in membership.
    pub membership: Membership,
}
