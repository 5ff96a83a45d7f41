//! A letter as it would be, with people who never were or with those of a real session: for whoever words it.

pub use crate::mail::letters::{Specimen, specimen};
