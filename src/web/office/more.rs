//! The less frequent pages of the office, for those who may open them.

use askama::Template;

use crate::web::page::Chrome;

/// Where the rest is.
#[derive(Template)]
#[template(path = "office/more.html")]
pub struct MorePage {
    /// The frame.
    pub chrome: Chrome,
    /// The pages: address, name, what for.
    pub links: Vec<(&'static str, &'static str, &'static str)>,
}
