//! The tables of whoever wants to be told of dates.

use super::{
    Kind::{Interest, Links},
    Table,
};

pub(super) const TABLES: &[Table] = &[
    ("answers_asked", &[], "registration place session asked_at"),
    ("interest_links", &[("token_hash", Links)], "interest created_at"),
    ("interest_told", &[], "interest session said told_at"),
    (
        "interests",
        &[("place", Interest), ("key", Interest), ("name", Interest), ("email", Interest)],
        "id course alliance reach person asked_at confirmed_at ended_at",
    ),
];
