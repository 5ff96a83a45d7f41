//! Turnout: training-event booking for community organising.
//!
//! The floors, from the ground up; each names only those below it:
//!
//! 1. [`domain`]: nouns and rules, pure values.
//! 2. [`store`]: tables and SQL. [`calendar`]: iCalendar text. [`mail`]: letters and transports.
//! 3. [`actions`]: one verb per file, one transaction each.
//! 4. [`web`]: pages and the API. [`jobs`]: recurring work.
//! 5. [`cli`]: the command line.
//!
//! [`clock`], [`config`] and [`token`] are what the world outside passes in: time, settings and
//! randomness. [`proven`] spares the compiler from proving one thing two thousand times.

pub mod domain;

pub mod clock;
pub mod config;
pub mod proven;
pub mod token;

pub mod calendar;
pub mod mail;
pub mod store;

pub mod actions;

pub mod jobs;
pub mod web;

pub mod cli;
