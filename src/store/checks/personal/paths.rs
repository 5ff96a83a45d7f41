//! The tables of paths, and of help that people ask for.

use super::{
    Kind::{Help, Links, Needs, Path, Staff, Words},
    Table,
};

pub(super) const TABLES: &[Table] = &[
    ("help_budgets", &[], "session pence"),
    ("help_offers", &[], "session kind words budget_pence"),
    (
        "help_requests",
        &[
            ("children", Needs), ("ages", Needs), ("hours", Needs), ("language", Needs),
            ("travel_from", Needs), ("travel_how", Needs), ("why", Needs), ("by_whom", Words),
            ("reason", Words), ("paid_how", Help), ("decided_by", Staff), ("paid_by", Staff),
        ],
        "id place session kind state asked_pence depends asked_at changed_at granted_pence over_pence decided_at
         paid_on version tell_at told",
    ),
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
