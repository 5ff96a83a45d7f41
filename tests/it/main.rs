//! Behaviours, through the public face.

#[macro_use]
mod support;

mod accounts;
mod api;
mod architecture;
mod booking_rules;
mod floods;
mod organiser_changes;
mod rights;
mod safety;
mod waiting_list;
