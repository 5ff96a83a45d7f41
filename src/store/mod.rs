//! The only floor with SQL: one file per family of tables, speaking domain types.
//!
//! The same SQL text runs on SQLite and PostgreSQL (see [`seam`]). Reads take a [`Conn`]; writes
//! take a [`Tx`], which derefs to one, so that nothing is written outside a transaction.

#[macro_use]
pub mod seam;

pub mod attendances;
pub mod audit;
pub mod catalogue;
mod changes;
mod codec;
pub mod doctor;
pub mod door;
mod error;
pub mod feedback;
pub mod institution_merges;
pub mod institutions;
pub mod invitations;
pub mod letter_search;
pub mod links;
pub mod mailings;
mod open;
pub mod outbox;
pub mod passkeys;
pub mod people;
pub mod places;
pub mod pledges;
pub mod private_feeds;
pub mod queue;
pub mod received;
pub mod registrations;
pub mod reminders;
pub mod replies;
pub mod session_changes;
pub mod session_lock;
pub mod session_plans;
pub mod session_search;
pub mod sessions;
pub mod staff;
pub mod watch;
mod window;

mod version;

pub use changes::{Changes, Concern, Matter, Stamp};
pub use error::StoreError;
pub use open::{Store, create_postgres_database};
pub use seam::{Conn, Tx};
pub use window::{Found, Window};
