//! Which columns hold data about people, and of which kind: every column of every table, so that a new
//! one is not forgotten when it comes to erasing.

use std::collections::BTreeMap;

use sqlx::{PgPool, SqlitePool};

use super::database;
use crate::domain::retention::Kind;

use Kind::{
    Asked, Attempts, Calendars, Feedback, Guardian, Letters, Links, Log, Messages, Names, Needs,
    Nominations, Notes, Passkeys, Received, SignIns, Staff, Words,
};

/// Each table with its columns about people, and the rest.
type Table = (&'static str, &'static [(&'static str, Kind)], &'static str);

mod interests;
mod paths;
mod stays;

fn tables() -> impl Iterator<Item = &'static Table> {
    let more = interests::TABLES.iter().chain(paths::TABLES).chain(stays::TABLES);
    TABLES.iter().chain(more)
}

const TABLES: &[Table] = &[
    (
        "alliances",
        &[],
        "slug merged_into name time_zone contact_email about colour seen_version version search_key sort_key renamed_at
         on_decline letters_signature letters_reply_to letter_wording",
    ),
    ("announcements", &[], "id session kind words said sittings made_at to_leaders leaves_at"),
    ("announcements_untold", &[], "announcement registration"),
    (
        "answers",
        &[("value", Words)],
        "id question revision registration place session kept_as answered_at",
    ),
    (
        "application_decisions",
        &[("reason", Words), ("decided_by", Staff)],
        "registration session decision places decided_at",
    ),
    (
        "application_scores",
        &[("note", Notes), ("reader", Staff)],
        "registration session score scored_at",
    ),
    ("asked_links", &[("address", SignIns)], "id kind asked_at"),
    ("attempts", &[("digest", Attempts)], "kind made at"),
    (
        "attendances",
        &[("marked_by", Staff), ("observed_by", Staff)],
        "place sitting presence marked_at basis observed_at received_at arrived_late",
    ),
    (
        "audit_events",
        &[("actor", Log), ("detail", Log), ("changes", Log), ("about", Log)],
        "id at action session registration place",
    ),
    (
        "course_attendances",
        &[("name", Names), ("email", Names), ("person_key", Names)],
        "id course attended_on source erased_at",
    ),
    ("booking_drafts", &[("typed", Kind::Hold)], "registration at"),
    ("certificates", &[], "place number"),
    ("chores", &[], "name"),
    ("course_prerequisites", &[], "course prerequisite"),
    (
        "courses",
        &[],
        "merged_into slug title summary campaign learning_minutes default_capacity needs_guardian archived_at for_whom
         outcomes seen_version
         version search_key sort_key renamed_at",
    ),
    ("data_links", &[("token_hash", Links)], "person created_at expires_at"),
    ("decision_days", &[("set_by", Staff)], "session tell_at set_at"),
    ("feedback", &[("change", Feedback)], "place useful recommend given_at"),
    ("feedback_answers", &[("words", Feedback)], "place question value given_at"),
    ("feedback_questions", &[], "id course session kind wording options added_at ended_at"),
    ("feedback_requests", &[], "place asked_at"),
    ("handout_files", &[], "handout content"),
    ("handouts", &[], "id course session title link file_name bytes audience added_at"),
    ("heartbeats", &[], "node at ballast"),
    (
        "helper_links",
        &[("token_hash", Links), ("made_by", Staff), ("ended_by", Staff)],
        "id sitting walk_ins made_at ended_at",
    ),
    (
        "institutions",
        &[],
        "code name kind alliance membership archived_at merged_into version search_key sort_key",
    ),
    (
        "invitations",
        &[("address", Names), ("name", Names), ("rendered", Names)],
        "id place sitting uid sequence stamp withdrawn answer answered_sequence answered_stamp answered_at
         occasion organizer asked counted seen_sequence",
    ),
    ("import_made", &[], "import number key digest kept"),
    (
        "imports",
        &[("file_name", Kind::Files), ("heads", Kind::Files), ("cells", Kind::Files), ("settings", Kind::Files), ("made_by", Staff)],
        "id kind how session at made_at undone_at",
    ),
    ("invited_links", &[("token_hash", Links)], "invitation created_at"),
    ("key_rules", &[], "id rules"),
    ("letter_stops", &[("address", Names)], "kind stopped_at"),
    (
        "links",
        &[("token_hash", Links), ("staff", SignIns), ("reader", Links)],
        "kind registration place created_at expires_at used_at in_event proves_address seen_at is_strong",
    ),
    ("mailing_recipients", &[("address", Messages), ("names", Messages)], "mailing registration letter"),
    (
        "mailings",
        &[("author", Staff), ("subject", Messages), ("body", Messages)],
        "id session attempt audience created_at erased_at circular scope",
    ),
    (
        "nominations",
        &[
            ("key", Nominations), ("name", Nominations), ("email", Nominations), ("phone", Nominations),
            ("institution", Nominations), ("reason", Nominations), ("before_who", Nominations),
            ("before_words", Nominations), ("after_who", Nominations), ("after_words", Nominations),
            ("nominated_by", Staff), ("decided_by", Staff),
        ],
        "id course session alliance person registration nominated_at decision decided_at withdrawn_at before_due
         before_done_at after_due after_done_at",
    ),
    ("notices", &[], "name since"),
    (
        "office_notes",
        &[("author", Staff), ("step_for", Staff), ("done_by", Staff), ("body", Notes)],
        "id registration person institution written_at step_by done_at",
    ),
    (
        "outbox",
        &[
            ("to_name", Letters),
            ("to_address", Letters),
            ("subject", Letters),
            ("text_body", Letters),
            ("html_body", Letters),
            ("calendar_body", Letters),
            ("last_error", Letters),
            ("bounce_reason", Letters),
            ("reply_to", Letters),
            ("invite_for", Letters),
        ],
        "id is_held kind registration place calendar_method thread position created_at due_at attempts claimed_until
         sent_at failed_at bounced_at urgency day_starts_at day_zone session erased_at erase_when_sent retried_at
         mended_at",
    ),
    (
        "overview_marks",
        &[("assignee", Staff), ("note", Messages), ("marked_by", Staff)],
        "thing fact state snoozed_until marked_at",
    ),
    ("passkey_ceremonies", &[("token_hash", SignIns), ("staff", SignIns), ("state", SignIns)], "expires_at"),
    (
        "passkeys",
        &[("staff", Passkeys), ("credential_id", Passkeys), ("credential", Passkeys), ("name", Passkeys)],
        "id created_at last_used_at",
    ),
    (
        "people",
        &[
            ("name", Names),
            ("email", Names),
            ("phone", Names),
            ("institution", Names),
            ("name_key", Names),
            ("search_key", Names),
            ("sort_key", Names),
        ],
        "id known_since archived_at merged_into version erased_at compared_at",
    ),
    ("person_contacts", &[("value", Names)], "id person kind added_at"),
    ("person_keys", &[("key", Names)], "person"),
    ("person_merge_rows", &[("row_key", Names)], "merge relation moved"),
    ("person_merge_seats", &[], "merge place state queue"),
    ("person_merges", &[], "id kept gone merged_at gave_email gave_phone gave_institution"),
    ("person_questions", &[], "id one other asked_at answered_at is_apart"),
    (
        "personal_invitations",
        &[
            ("key", Asked), ("name", Asked), ("email", Asked), ("institution", Asked),
            ("words", Asked), ("answer_words", Asked), ("asked_by", Staff),
        ],
        "id session person nomination vouched said answer_by asked_at reminded_at withdrawn_at answer answered_at registration
         erased_at",
    ),
    (
        "places",
        &[
            ("name", Names),
            ("name_key", Names),
            ("email", Names),
            ("dietary", Needs),
            ("access", Needs),
            ("allergy", Needs),
            ("interpreter", Needs),
            ("guardian_name", Guardian),
            ("guardian_contact", Guardian),
            ("reason", Words),
            ("changed_by", Staff),
        ],
        "id registration session number state until queue changed_at superseded release_at person apart erased_at",
    ),
    ("pledges", &[("pledged_by", Staff)], "session institution people pledged_at chased_at"),
    (
        "private_feeds",
        &[("owner", Calendars), ("email", Calendars), ("name", Calendars), ("token_hash", Calendars)],
        "staff created_at last_used revoked_at person alliance drafts",
    ),
    ("question_revisions", &[], "question number kind wording help options most at"),
    (
        "questions",
        &[],
        "code course session position asked required sensitive shown_when for_trainer for_helper for_kitchen
         for_sheet revision retired_at version",
    ),
    ("readers", &[("digest", Letters)], "since"),
    (
        "received_mails",
        &[("from_address", Received), ("subject", Received), ("raw", Received), ("words", Words)],
        "id digest received_at outcome place done_at erased_at",
    ),
    (
        "registrations",
        &[
            ("leader_name", Names),
            ("leader_email", Names),
            ("leader_phone", Names),
            ("nomination", Words),
            ("attempt", Attempts),
            ("attempt_fingerprint", Attempts),
            ("network", Kind::Hold),
        ],
        "id reference session institution institution_typed team source hold_extended created_at booked_at asked
         rests_until person institution_key untold_since erased_at series_booking series_choice",
    ),
    ("request_answers", &[], "id batch session registration moved letters answered_at leaves_at"),
    ("reminders", &[], "place sitting days_before sent_at starts_at"),
    (
        "removed_days",
        &[],
        "id session number days starts ends zone starts_at ends_at uid sequence created_at changed_at removed_at
         rendered place_name place_address place_venue_id",
    ),
    ("reserves", &[("made_by", Staff)], "id session for_group places until made_at released_at"),
    ("session_listings", &[], "session listed_at next_at"),
    ("session_trainers", &[("login", Staff)], "session position"),
    ("series", &[], "id title booked"),
    (
        "sessions",
        &[],
        "code course alliance venue_name venue_address online_room access capacity occupied places_per_institution
         places_per_booking mode booking_opens booking_closes note publication cancelled_at cancel_reason version
         waiting_list last_queue changes_close on_decline seen_version venue_key heads heads_at
         directions bring food access_words venue_id admission minimum decide_by hopes went_ahead_at
         decide_told_at kept_for promised residential rooms_on arrival departure series_id",
    ),
    (
        "sheet_links",
        &[("token_hash", Links), ("made_by", Staff)],
        "id alliance with_names created_at last_read revoked_at",
    ),
    ("site_address", &[], "id url"),
    (
        "sittings",
        &[],
        "id session number starts ends zone starts_at ends_at uid sequence created_at changed_at closed_at rendered
         previous_starts_at title note place_name place_address place_venue_id",
    ),
    ("stop_links", &[("token_hash", Links), ("address", Names)], "kind created_at"),
    (
        "staff",
        &[("login", Staff), ("name", Staff), ("email", Staff), ("about", Staff), ("search_key", Staff), ("sort_key", Staff)],
        "role disabled_at passkey_handle passkey_offered_at seen_version version withdrawals_since erased_at",
    ),
    (
        "supports",
        &[("title", Words), ("by_whom", Words), ("note", Words), ("changed_by", Staff)],
        "id session kind state people cost_pence changed_at",
    ),
    ("staff_alliances", &[("login", Staff)], "alliance"),
    // The contact is the venue's, as an alliance's is its own, and goes when the venue is archived.
    ("turnout_counts", &[], "session institution named attended walked_in"),
    ("turnout_uncounted", &[], "session changes"),
    (
        "venues",
        &[],
        "id name address alliance access_notes directions capacity contact_name contact_phone contact_email cost
         hire_notes archived_at version",
    ),
    (
        "walk_ins",
        &[
            ("name", Names),
            ("institution", Names),
            ("email", Names),
            ("name_key", Names),
            ("unread", Names),
            ("question", Names),
            ("added_by", Staff),
        ],
        "id sitting came_at removed_at arrived_late institution_code person erased_at",
    ),
];

type Columns = BTreeMap<String, Vec<String>>;

fn classified() -> Columns {
    let columns = tables().map(|(table, personal, rest)| {
        let personal = personal.iter().map(|(column, _)| (*column).to_owned());
        let mut all: Vec<_> = personal.chain(rest.split_whitespace().map(str::to_owned)).collect();
        all.sort();
        ((*table).to_owned(), all)
    });
    columns.collect()
}

fn by_table(rows: Vec<(String, String)>) -> Columns {
    let mut columns = Columns::new();
    for (table, column) in rows {
        columns.entry(table).or_default().push(column);
    }
    columns.values_mut().for_each(|all| all.sort());
    columns
}

async fn on_sqlite(pool: &SqlitePool) -> Columns {
    let rows = sqlx::query_as(
        "select t.name, c.name from sqlite_schema t join pragma_table_info(t.name) c
         where t.type = 'table' and t.name not like 'sqlite%' and t.name not like '\\_sqlx%' escape '\\'",
    );
    by_table(rows.fetch_all(pool).await.expect("columns"))
}

async fn on_postgres(pool: &PgPool) -> Columns {
    let rows = sqlx::query_as(
        "select table_name::text, column_name::text from information_schema.columns
         where table_schema = 'public' and table_name not like '\\_sqlx%'",
    );
    by_table(rows.fetch_all(pool).await.expect("columns"))
}

/// What is in one and not in the other.
fn differences(schema: &Columns, classified: &Columns) -> Vec<String> {
    let lacking = |one: &Columns, other: &Columns, words: &str| -> Vec<String> {
        let missing = one.iter().flat_map(|(table, columns)| {
            let known = other.get(table).cloned().unwrap_or_default();
            let missing = columns.iter().filter(move |column| !known.contains(column));
            missing.map(|column| format!("{table}.{column} {words}")).collect::<Vec<_>>()
        });
        missing.collect()
    };
    let mut found = lacking(schema, classified, "is not said to be about people or not");
    found.extend(lacking(classified, schema, "is no more"));
    found
}

#[tokio::test]
async fn every_column_of_sqlite_is_said_to_be_about_people_or_not() {
    let database = database::on_sqlite().await;
    let schema = on_sqlite(&database.pool).await;
    assert_eq!(differences(&schema, &classified()), [""; 0]);
}

#[tokio::test]
async fn every_column_of_postgres_is_said_to_be_about_people_or_not() {
    let Some(pool) = database::on_postgres().await else { return };
    let schema = on_postgres(&pool).await;
    assert_eq!(differences(&schema, &classified()), [""; 0]);
}

#[test]
fn a_new_column_is_missed() {
    let mut schema = classified();
    schema.entry("places".to_owned()).or_default().push("shoe_size".to_owned());
    let found = differences(&schema, &classified());
    assert_eq!(found, ["places.shoe_size is not said to be about people or not"]);
}

#[test]
fn every_kind_has_columns() {
    let all: Vec<_> = tables().flat_map(|(_, named, _)| *named).collect();
    let named = |kind: &Kind| all.iter().any(|(_, known)| known == kind);
    let without: Vec<_> = Kind::ALL.iter().filter(|kind| !named(kind)).collect();
    assert_eq!(without, [&Kind::Hold; 0]);
}
