//! Behaviours, through the public face.

mod architecture;

mod booking_rules;
mod safety;
mod support;
