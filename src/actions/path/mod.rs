//! Paths: what counts, who is on one, what she did, and her certificate.

pub mod claim;
pub mod decide_claim;
pub mod finish;
pub mod keep_path;
pub mod put_on;
pub mod send_link;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use super::ActionContext;
use crate::{domain::path::PathRules, token::InLink};

impl ActionContext {
    /// The link to somebody's path.
    pub fn path_url(&self, token: &impl InLink) -> String {
        format!("{}/path/{}", self.letterhead.base_url, token.in_link())
    }
}

/// `50 hours of training and 50 hours of action`.
pub fn needed(rules: &PathRules) -> String {
    format!("{} of training and {} of action", rules.training.words(), rules.action.words())
}

/// The latest day it is anywhere: nothing was done later.
pub fn latest_day(now: DateTime<Utc>) -> NaiveDate {
    (now + Duration::hours(14)).date_naive()
}
