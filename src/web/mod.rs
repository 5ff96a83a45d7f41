//! Pages and the API: parse, call one action, render or redirect.

pub mod form;
pub mod page;

pub mod leader;
pub mod mailbox;
pub mod public;
pub mod trainer;

#[cfg(test)]
mod private_tests;
