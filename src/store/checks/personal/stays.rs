//! The tables of whoever stays overnight.

use super::{
    Kind::{Needs, Staff},
    Table,
};

pub(super) const TABLES: &[Table] = &[
    ("room_letters", &[], "place told told_at"),
    ("room_places", &[], "place room session"),
    ("rooms", &[], "id session name beds step_free quiet notes position"),
    ("stay_letters", &[], "place asked_for asked_at"),
    (
        "stays",
        &[
            ("nights", Needs),
            ("with_whom", Needs),
            ("step_free", Needs),
            ("quiet", Needs),
            ("own_room", Needs),
            ("own_room_why", Needs),
            ("arrives_on", Needs),
            ("arrives_at", Needs),
            ("arrives_by", Needs),
            ("arrives_from", Needs),
            ("arrives_lift", Needs),
            ("leaves_on", Needs),
            ("leaves_at", Needs),
            ("leaves_by", Needs),
            ("leaves_from", Needs),
            ("leaves_lift", Needs),
            ("said_by", Staff),
        ],
        "place session said_at",
    ),
];
