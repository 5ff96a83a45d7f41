//! A calendar of one's own: its address is a secret, shown once.

use askama::Template;
use chrono::NaiveDate;

use super::super::page::Chrome;
use crate::domain::{private_feed::PrivateFeed, wording};

/// The ways to a feed that was just made.
#[derive(Debug, Clone)]
pub struct PrivateLinks {
    /// Its address.
    pub https: String,
    /// The same for apps that open `webcals:`; never `webcal:`, which starts unencrypted.
    pub webcals: Option<String>,
}

impl PrivateLinks {
    /// The ways to the feed at `url`.
    pub fn to(url: &str) -> Self {
        let webcals = url.strip_prefix("https://").map(|rest| format!("webcals://{rest}"));
        Self { https: url.to_owned(), webcals }
    }
}

/// Making, replacing and ending a calendar of one's own.
#[derive(Debug, Template)]
#[template(path = "public/private_calendar.html")]
pub struct PrivateCalendarPage {
    /// The frame.
    pub chrome: Chrome,
    /// Whether it is about sessions somebody leads, not places somebody has.
    pub for_trainer: bool,
    /// Where the reader came from.
    pub back: String,
    /// The path of this page.
    pub base: String,
    /// The feed there is.
    pub feed: Option<PrivateFeed>,
    /// The address, if it has just been made.
    pub made: Option<PrivateLinks>,
}

impl PrivateCalendarPage {
    fn date(&self, day: &NaiveDate) -> String {
        wording::long_date(*day)
    }

    fn made_on(&self, feed: &PrivateFeed) -> String {
        wording::long_date(feed.created_at.date_naive())
    }

    /// What is in it, as a sentence.
    fn contents(&self) -> &'static str {
        if self.for_trainer {
            "Every session you lead, with how many people are coming. It names nobody."
        } else {
            "Every place booked for you under your name and email address. It names nobody else."
        }
    }
}
