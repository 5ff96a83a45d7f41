//! The columns of the files: what every file must name, and what it may.

pub(in crate::cli) const ALLIANCES: [&str; 4] = ["slug", "name", "time_zone", "contact_email"];

pub(in crate::cli) const MORE_OF_ALLIANCES: [&str; 2] = ["about", "colour"];

pub(in crate::cli) const INSTITUTIONS: [&str; 5] =
    ["code", "name", "kind", "alliance", "membership"];
pub(in crate::cli) const MORE_OF_INSTITUTIONS: [&str; 1] = ["archived"];

pub(in crate::cli) const COURSES: [&str; 7] =
    ["slug", "title", "summary", "prerequisite", "campaign", "learning_hours", "default_capacity"];
pub(in crate::cli) const MORE_OF_COURSES: [&str; 4] =
    ["for_whom", "outcomes", "needs_guardian", "archived"];

pub(in crate::cli) const STAFF: [&str; 5] = ["login", "name", "email", "role", "alliances"];
pub(in crate::cli) const MORE_OF_STAFF: [&str; 2] = ["about", "closed"];

pub(in crate::cli) const SESSIONS: [&str; 15] = [
    "code",
    "course",
    "alliance",
    "venue",
    "address",
    "access",
    "online_url",
    "capacity",
    "places_per_institution",
    "places_per_booking",
    "mode",
    "booking_opens",
    "booking_closes",
    "trainers",
    "note",
];
pub(in crate::cli) const MORE_OF_SESSIONS: [&str; 18] = [
    "publication",
    "cancelled_at",
    "cancel_reason",
    "waiting_list",
    "changes_close",
    "on_decline",
    "directions",
    "bring",
    "food",
    "access_words",
    "admission",
    "residential",
    "rooms_on",
    "arrival",
    "departure",
    "venue_id",
    "series",
    "series_booked",
];

pub(in crate::cli) const SITTINGS: [&str; 4] = ["session", "number", "starts", "ends"];
pub(in crate::cli) const MORE_OF_SITTINGS: [&str; 5] =
    ["title", "note", "venue", "address", "venue_id"];

pub(in crate::cli) const REGISTRATIONS: [&str; 8] = [
    "session",
    "booking",
    "institution",
    "attendee",
    "email",
    "is_booker",
    "dietary",
    "access_needs",
];
pub(in crate::cli) const MORE_OF_REGISTRATIONS: [&str; 11] = [
    "leader",
    "leader_email",
    "leader_phone",
    "institution_typed",
    "team",
    "nomination",
    "guardian",
    "guardian_contact",
    "allergy",
    "interpreter",
    "state",
];

pub(in crate::cli) const QUESTIONS: [&str; 6] =
    ["code", "course", "session", "asked", "kind", "question"];
pub(in crate::cli) const MORE_OF_QUESTIONS: [&str; 7] =
    ["help", "options", "most", "required", "sensitive", "only_where", "seen_by"];

pub(in crate::cli) const HELP: [&str; 2] = ["session", "kind"];
pub(in crate::cli) const MORE_OF_HELP: [&str; 2] = ["words", "budget"];

pub(in crate::cli) const ANSWERS: [&str; 4] = ["booking", "place", "question", "answer"];
pub(in crate::cli) const ROOMS: [&str; 6] =
    ["session", "name", "beds", "step_free", "quiet", "notes"];
pub(in crate::cli) const STAYS: [&str; 3] = ["booking", "place", "nights"];
pub(in crate::cli) const MORE_OF_STAYS: [&str; 16] = [
    "with_whom",
    "step_free",
    "quiet",
    "own_room",
    "own_room_why",
    "arrives_on",
    "arrives_at",
    "arrives_by",
    "arrives_from",
    "arrives_lift",
    "leaves_on",
    "leaves_at",
    "leaves_by",
    "leaves_from",
    "leaves_lift",
    "room",
];
pub(in crate::cli) const PATHS: [&str; 5] =
    ["slug", "name", "training_hours", "action_hours", "courses"];
pub(in crate::cli) const MORE_OF_PATHS: [&str; 10] = [
    "version",
    "alliance",
    "about",
    "required",
    "in_order",
    "repeats",
    "actions",
    "quiet_months",
    "draft",
    "archived",
];

pub(in crate::cli) const PATH_PEOPLE: [&str; 3] = ["path", "name", "since"];
pub(in crate::cli) const MORE_OF_PATH_PEOPLE: [&str; 7] =
    ["email", "institution", "version", "ended_on", "end_reason", "finished_on", "certificate"];

pub(in crate::cli) const PATH_RECORDS: [&str; 5] = ["name", "kind", "title", "done_on", "hours"];
pub(in crate::cli) const MORE_OF_PATH_RECORDS: [&str; 7] =
    ["email", "institution", "by_whom", "sort", "state", "claimed", "reason"];

pub(in crate::cli) const ATTENDANCES: [&str; 4] = ["course", "name", "email", "attended_on"];

pub(in crate::cli) const NOMINATIONS: [&str; 4] = ["name", "course", "alliance", "reason"];
pub(in crate::cli) const MORE_OF_NOMINATIONS: [&str; 17] = [
    "email",
    "phone",
    "institution",
    "session",
    "nominated_by",
    "booking",
    "nominated_on",
    "decision",
    "withdrawn_on",
    "before_who",
    "before_due",
    "before_done_on",
    "before_words",
    "after_who",
    "after_due",
    "after_done_on",
    "after_words",
];

pub(in crate::cli) const INVITATIONS: [&str; 4] = ["session", "name", "asked_by", "answer_by"];
pub(in crate::cli) const MORE_OF_INVITATIONS: [&str; 11] = [
    "email",
    "institution",
    "nominated",
    "vouched",
    "words",
    "asked_on",
    "reminded_on",
    "withdrawn_on",
    "answer",
    "answered_on",
    "answer_words",
];

pub(in crate::cli) const INTERESTS: [&str; 3] = ["course", "name", "email"];
pub(in crate::cli) const MORE_OF_INTERESTS: [&str; 4] = ["alliance", "place", "reach", "asked_on"];

pub(in crate::cli) const HANDOUTS: [&str; 1] = ["title"];
pub(in crate::cli) const MORE_OF_HANDOUTS: [&str; 5] =
    ["course", "session", "link", "file", "audience"];

pub(in crate::cli) const FEEDBACK_QUESTIONS: [&str; 2] = ["question", "kind"];
pub(in crate::cli) const MORE_OF_FEEDBACK_QUESTIONS: [&str; 4] =
    ["course", "session", "options", "ended"];

pub(in crate::cli) const VENUES: [&str; 3] = ["id", "name", "address"];
pub(in crate::cli) const MORE_OF_VENUES: [&str; 10] = [
    "alliance",
    "access_notes",
    "directions",
    "capacity",
    "contact_name",
    "contact_phone",
    "contact_email",
    "cost",
    "hire_notes",
    "archived",
];
