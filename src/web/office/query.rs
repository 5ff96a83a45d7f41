//! What an address of a page asks: what to search for, which page, and what was just done.

/// `done` is what just happened, for the notice on top of the page after a redirect. It is a word
/// or a number, never a name.
#[derive(Debug, rocket::FromForm)]
pub struct PageQuery<'r> {
    pub done: Option<&'r str>,
    pub q: Option<&'r str>,
    pub page: Option<&'r str>,
}

impl PageQuery<'_> {
    /// What was searched for.
    pub fn words(&self) -> &str {
        self.q.map_or("", str::trim)
    }
}
