//! The only floor with SQL: one file per family of tables, speaking domain types.
//!
//! Reads take a [`Conn`]; writes take a [`Tx`], which derefs to one, so that nothing is written
//! outside a transaction. Every function here fails with [`StoreError`]; one says more only where a
//! caller can do something about it.
//!
//! # How to write a statement
//! The texts of a file stand together at its top, each a constant, for SQLite and PostgreSQL alike:
//!
//! ```text
//! row! {
//!     struct StaffRow { login: String, disabled_at: Option<DateTime<Utc>> }
//! }
//!
//! arguments! {
//!     struct NewStaff<'a> { login: &'a str, name: &'a str, email: &'a str, role: &'a str }
//! }
//!
//! statements! {
//!     FIND: StaffRow = "select * from staff where login = $1";
//!     COUNT: i64 = "select count(*) from staff", reads_all: "staff are few";
//!     CLOSE = "update staff set disabled_at = $2 where login = $1";
//!     INSERT(NewStaff) = "insert into staff (:columns) values (:values)";
//!     LOCK: String = {
//!         sqlite: "select login from staff where role = 'admin'",
//!         postgres: "select login from staff where role = 'admin' for update",
//!     };
//! }
//! ```
//!
//! `FIND.optional(conn, [login])` and `.all(…)` read rows, `COUNT.value(conn, ())`, `.values(…)` and
//! `.optional_value(…)` a column, `CLOSE.run(tx, (login, now))` writes. `APPEND.later(tx, [new])` writes too, together
//! with other such and whatever comes next: for what fails only with everything, and what nothing that waits reads
//! (`engine/later.rs`). What is given is an array or
//! a tuple with a value for each parameter, or the struct that the statement names: more than five
//! or so values go by name (`:title` is the field `title`), since positions are easily swapped. The
//! compiler compares how many there are.
//!
//! `checks` prepares each text on both databases without running it, compares its answer with the
//! row, and asks both how they would find the rows: none may read the whole of a table that grows,
//! unless `reads_all` says why. So a filter that may be missing is not `($1 is null or …)`, for which
//! no index serves, but a text of its own. A new file goes on the list `STATEMENTS` below.

#[macro_use]
mod engine;
#[macro_use]
mod organisers_lists;

pub mod announcements;
pub mod answers;
pub mod applications;
pub mod asked_links;
pub mod asked_news;
pub mod asked_retention;
pub mod attempts;
pub mod attendances;
pub mod audit;
pub mod audit_search;
pub mod booking_drafts;
pub mod booking_search;
pub mod catalogue;
pub mod catalogue_merges;
pub mod certificates;
mod changes;
pub mod circulars;
pub mod composition;
pub mod data_links;
pub mod doctor;
pub mod door;
mod due;
pub mod due_steps;
pub mod enqueue;
pub mod erase_own;
pub mod erased_staff;
pub mod erasure;
pub mod exports;
pub mod feedback;
pub mod feedback_questions;
pub mod figures;
mod finding;
pub mod gathering;
pub mod handouts;
pub mod heartbeats;
pub mod help_lists;
pub mod help_offers;
pub mod help_requests;
pub mod helper_links;
pub mod imports;
pub mod institution_merges;
pub mod institutions;
pub mod interests;
pub mod introductions;
pub mod invitations;
pub mod latest_bookings;
pub mod letter_search;
pub mod letter_stops;
pub mod letter_wordings;
pub mod links;
pub mod mailings;
pub mod minimums;
pub mod networks;
pub mod nominated;
pub mod nominations;
pub mod notices;
pub mod office_notes;
pub mod outbox;
pub mod overview_marks;
pub mod own_data;
mod own_letters;
pub mod passkeys;
pub mod path_claims;
pub mod path_learning;
pub mod path_links;
pub mod path_people;
pub mod path_records;
pub mod paths;
pub mod people;
mod people_search;
pub mod person_contacts;
mod person_follows;
pub mod person_merges;
pub mod person_questions;
pub mod person_records;
pub mod personal_invitations;
mod place_rows;
pub mod places;
pub mod pledges;
pub mod private_feeds;
pub mod questions;
pub mod queue;
pub mod readers;
pub mod received;
pub mod registrations;
pub mod reminders;
pub mod removed_days;
pub mod replies;
pub mod request_answers;
pub mod reserves;
pub mod retention;
pub mod rooms;
mod rows;
pub mod season;
pub mod seated;
pub mod series;
pub mod series_bookings;
pub mod session_changes;
mod session_days;
pub mod session_lock;
pub mod session_plans;
mod session_rows;
pub mod session_search;
pub mod sessions;
pub mod sheet_links;
pub mod site_address;
pub mod staff;
pub mod stamps;
mod stand_ins;
pub mod stays;
pub mod stored_values;
pub mod supports;
pub mod things;
pub mod turnout_counts;
pub mod unanswered;
pub mod undelivered;
pub mod venues;
mod version;
mod walk_ins;
pub mod watch;
pub mod whom_to_ask;
pub mod withdrawals;

#[cfg(test)]
mod checks;

pub use changes::{Changes, Concern, Matter, Stamp};
pub use engine::{
    Conn, Connections, Contents, Found, Patience, Store, StoreError, Tx, Window,
    create_postgres_database,
};

use engine::{codec, window};

/// The texts of all files, for the checks.
#[cfg(test)]
const STATEMENTS: &[&[checks::Described]] = &[
    announcements::STATEMENTS,
    answers::STATEMENTS,
    applications::STATEMENTS,
    asked_links::STATEMENTS,
    asked_news::STATEMENTS,
    asked_retention::STATEMENTS,
    attendances::STATEMENTS,
    attempts::STATEMENTS,
    audit::STATEMENTS,
    audit_search::STATEMENTS,
    booking_drafts::STATEMENTS,
    booking_search::STATEMENTS,
    catalogue::STATEMENTS,
    catalogue_merges::STATEMENTS,
    certificates::STATEMENTS,
    circulars::STATEMENTS,
    composition::STATEMENTS,
    data_links::STATEMENTS,
    doctor::STATEMENTS,
    door::STATEMENTS,
    due_steps::STATEMENTS,
    enqueue::STATEMENTS,
    erase_own::STATEMENTS,
    erased_staff::STATEMENTS,
    erasure::STATEMENTS,
    exports::STATEMENTS,
    feedback::STATEMENTS,
    feedback_questions::STATEMENTS,
    figures::STATEMENTS,
    finding::STATEMENTS,
    gathering::STATEMENTS,
    handouts::STATEMENTS,
    heartbeats::STATEMENTS,
    help_lists::STATEMENTS,
    help_offers::STATEMENTS,
    help_requests::STATEMENTS,
    helper_links::STATEMENTS,
    imports::STATEMENTS,
    institution_merges::STATEMENTS,
    institutions::STATEMENTS,
    interests::STATEMENTS,
    introductions::STATEMENTS,
    invitations::STATEMENTS,
    latest_bookings::STATEMENTS,
    letter_search::STATEMENTS,
    letter_stops::STATEMENTS,
    letter_wordings::STATEMENTS,
    links::STATEMENTS,
    mailings::STATEMENTS,
    minimums::STATEMENTS,
    networks::STATEMENTS,
    nominated::STATEMENTS,
    nominations::STATEMENTS,
    notices::STATEMENTS,
    office_notes::STATEMENTS,
    outbox::STATEMENTS,
    organisers_lists::STATEMENTS,
    overview_marks::STATEMENTS,
    own_data::STATEMENTS,
    own_letters::STATEMENTS,
    passkeys::STATEMENTS,
    path_claims::STATEMENTS,
    path_learning::STATEMENTS,
    path_links::STATEMENTS,
    path_people::STATEMENTS,
    path_records::STATEMENTS,
    paths::STATEMENTS,
    people::STATEMENTS,
    people_search::STATEMENTS,
    person_contacts::STATEMENTS,
    person_follows::STATEMENTS,
    person_merges::STATEMENTS,
    person_questions::STATEMENTS,
    person_records::STATEMENTS,
    personal_invitations::STATEMENTS,
    places::STATEMENTS,
    pledges::STATEMENTS,
    private_feeds::STATEMENTS,
    questions::STATEMENTS,
    queue::STATEMENTS,
    readers::STATEMENTS,
    received::STATEMENTS,
    registrations::STATEMENTS,
    reminders::STATEMENTS,
    request_answers::STATEMENTS,
    removed_days::STATEMENTS,
    replies::STATEMENTS,
    reserves::STATEMENTS,
    retention::STATEMENTS,
    rooms::STATEMENTS,
    season::STATEMENTS,
    seated::STATEMENTS,
    series::STATEMENTS,
    series_bookings::STATEMENTS,
    session_changes::STATEMENTS,
    session_lock::STATEMENTS,
    session_plans::STATEMENTS,
    session_search::STATEMENTS,
    sessions::STATEMENTS,
    sheet_links::STATEMENTS,
    site_address::STATEMENTS,
    staff::STATEMENTS,
    stand_ins::STATEMENTS,
    stamps::STATEMENTS,
    stays::STATEMENTS,
    stored_values::STATEMENTS,
    supports::STATEMENTS,
    things::STATEMENTS,
    turnout_counts::STATEMENTS,
    unanswered::STATEMENTS,
    undelivered::STATEMENTS,
    venues::STATEMENTS,
    version::STATEMENTS,
    walk_ins::STATEMENTS,
    watch::STATEMENTS,
    whom_to_ask::STATEMENTS,
    withdrawals::STATEMENTS,
];
