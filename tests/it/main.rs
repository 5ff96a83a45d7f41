//! Behaviours, through the public face.
