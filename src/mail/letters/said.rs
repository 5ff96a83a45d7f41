//! What whoever changed something says of it in her own words, in the place that letters have for it.

use askama::Template;

use super::{super::plain, Content};
use crate::domain::letter::SAID;

#[derive(Template)]
#[template(path = "letters/parts/said.txt")]
struct Text<'a> {
    said: &'a [String],
}

#[derive(Template)]
#[template(path = "letters/parts/said.html")]
struct Html<'a> {
    said: &'a [String],
}

impl Content {
    /// The same with what whoever changed something says of it, a paragraph each.
    #[must_use]
    pub fn saying(mut self, said: &[String]) -> Self {
        let said: Vec<_> = said.iter().map(|one| plain::one_line(one)).collect();
        if !said.is_empty() {
            let said = said.as_slice();
            self.text = self.text.replace(SAID, super::words(&Text { said }).trim_end());
            self.html = self.html.replace(SAID, super::words(&Html { said }).trim_end());
        }
        self
    }
}
