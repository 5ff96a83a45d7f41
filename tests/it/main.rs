//! Behaviours, through the public face.

mod architecture;
