//! The form of a page, as a browser fills and sends it.

use rocket::{http::Status, local::asynchronous::Client};

use super::browser::{page, post};

/// The fields of a page's forms, in their order, as they would be sent back untouched.
#[derive(Debug, Clone)]
pub struct Form {
    path: String,
    fields: Vec<(String, String)>,
}

/// What stands between `before` and `after`, at its first place.
fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

fn plain(text: &str) -> String {
    let numbers = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    numbers.iter().fold(text.to_owned(), |text, (from, to)| text.replace(from, to))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    between(tag, &format!(" {name}=\""), "\"").map(plain)
}

impl Form {
    /// Opens the page at a path, which is also where its form is sent.
    pub async fn open(browser: &Client, path: &str) -> Self {
        Self::of(path, &page(browser, path).await)
    }

    /// The form of a page that was shown.
    pub fn of(path: &str, html: &str) -> Self {
        let mut fields = Vec::new();
        for part in html.split('<').skip(1) {
            let tag = part.split_once('>').map_or(part, |(tag, _)| tag);
            let tag = format!("{} ", tag.replace('\n', " "));
            if !tag.starts_with("input ") {
                continue;
            }
            let is_box = tag.contains("type=\"radio\"") || tag.contains("type=\"checkbox\"");
            if is_box && !tag.contains(" checked") {
                continue;
            }
            if let Some(name) = attribute(&tag, "name") {
                fields.push((name, attribute(&tag, "value").unwrap_or_default()));
            }
        }
        for part in html.split("<textarea").skip(1) {
            let name = attribute(part, "name").expect("a name");
            let typed = between(part, ">", "</textarea>").unwrap_or_default();
            fields.push((name, plain(typed.strip_prefix('\n').unwrap_or(typed))));
        }
        for part in html.split("<select").skip(1) {
            let options = part.split_once("</select>").map_or(part, |(options, _)| options);
            let chosen = options.split("<option").find(|option| option.contains(" selected"));
            let value = chosen.and_then(|option| attribute(option, "value"));
            fields.push((attribute(part, "name").expect("a name"), value.unwrap_or_default()));
        }
        Self { path: path.to_owned(), fields }
    }

    /// The same with something typed, ticked or chosen.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some(field) => value.clone_into(&mut field.1),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// The same with one more box ticked.
    pub fn ticked(mut self, name: &str, value: &str) -> Self {
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The same without a field, as a script or an old page sends it.
    pub fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        field.map_or("", |(_, value)| value.as_str())
    }

    /// Sends it; the status, and where it leads or else the page it shows.
    pub async fn send(&self, browser: &Client) -> (Status, String) {
        self.send_to(browser, &self.path).await
    }

    /// Sends it to another path.
    pub async fn send_to(&self, browser: &Client, path: &str) -> (Status, String) {
        let mut body = form_urlencoded::Serializer::new(String::new());
        body.extend_pairs(&self.fields);
        post(browser, path, &body.finish()).await
    }
}
