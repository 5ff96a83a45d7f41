//! The tables of paths.

use super::{
    Kind::{Links, Path, Staff},
    Table,
};

pub(super) const TABLES: &[Table] = &[
    ("path_courses", &[], "path number course position is_required"),
    ("path_links", &[("token_hash", Links)], "person created_at ended_at"),
    (
        "path_people",
        &[("end_reason", Path)],
        "id path number person since joined_at ended_at finished_at certificate",
    ),
    (
        "path_records",
        &[
            ("title", Path),
            ("by_whom", Path),
            ("sort", Path),
            ("done_on", Path),
            ("minutes", Path),
            ("reason", Path),
            ("decided_by", Staff),
        ],
        "id person kind state is_claim asked_at decided_at",
    ),
    (
        "path_versions",
        &[],
        "path number training_minutes action_minutes in_order repeats actions published_at",
    ),
    ("paths", &[], "slug name about alliance quiet_months archived_at made_at version"),
];
