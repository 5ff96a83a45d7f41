//! Planning a session, publishing it, changing it and calling it off.

pub mod announce;
pub mod ask_afterwards;
pub mod change_capacity;
pub mod change_series;
pub mod change_session;
pub mod copy_belongings;
pub mod days;
pub mod discard_session;
pub mod edit_session;
mod first_news;
pub mod follow_address;
pub mod follow_zones;
pub(super) mod gather;
pub mod go_ahead;
pub mod move_everybody;
pub mod news_to_come;
pub mod plan_session;
pub mod publish_session;
pub mod relocate;
pub mod remove_day;
pub mod reserve_places;
pub mod series;
mod tell_asked;
pub mod tell_change;
pub(in crate::actions) mod tell_trainers;
