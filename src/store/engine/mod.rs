//! What runs SQL: connections and transactions on two databases, statements as typed constants,
//! and the ways between columns and domain values.
//!
//! Only this folder can reach a database. The files of tables reach it through [`Statement`]s, which
//! they declare with `statements!`, so that a test can check every text there is (`checks`).

mod answer;
#[macro_use]
pub mod arguments;
#[macro_use]
pub mod named;
#[macro_use]
pub mod statement;

mod bulkhead;
pub mod codec;
mod connections;
mod copy;
mod error;
mod later;
mod migrations;
pub mod open;
mod pool;
mod postgres;
mod seam;
#[macro_use]
pub mod window;
mod writer;

pub use connections::Connections;
pub use copy::Contents;
pub use error::StoreError;
pub use open::{Store, create_postgres_database};
pub use postgres::Patience;
pub use seam::{Conn, Tx};
pub use window::{Found, Window};
