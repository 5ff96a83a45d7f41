//! One letter, as a reader would see it, and its parts.

use askama::Template;
use rocket::{
    Responder, Route, State, get,
    http::{ContentType, Header},
    routes,
};

use crate::{
    domain::id::LetterId,
    web::{
        Desk,
        failure::Failure,
        mailbox::letters::{MailItem, folder, letter, read},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

/// One letter.
#[derive(Template)]
#[template(path = "mailbox/letter.html")]
struct MailPage {
    chrome: Chrome,
    /// What the list says of it.
    item: MailItem,
    text: String,
    /// Where its HTML version is.
    html_href: Href,
    /// Where the whole message is, as sent.
    eml_href: Href,
    /// Where its invite is, if it carries one.
    ics_href: Option<Href>,
    headers: Vec<(String, String)>,
}

#[get("/mailbox/<id>", rank = 2)]
async fn show(desk: &State<Desk>, id: &str) -> Result<Page<MailPage>, Failure> {
    let letter = letter(desk, id).await?;
    Ok(Page::ok(MailPage {
        chrome: desk.private_chrome(Area::Elsewhere),
        item: MailItem {
            id: id.to_owned(),
            to: letter.to,
            subject: letter.subject,
            sent: letter.date,
            has_invite: letter.calendar.is_some(),
        },
        headers: letter.headers,
        text: letter.text,
        html_href: paths::mailbox::letter_html(id),
        eml_href: paths::mailbox::letter_eml(id),
        ics_href: letter.calendar.map(|_| paths::mailbox::invite_ics(id)),
    }))
}

/// A part of a letter. The HTML one carries its own styles, as mail must; nothing in it may load
/// or run.
#[derive(Responder)]
struct Part {
    body: Vec<u8>,
    kind: ContentType,
    disposition: Header<'static>,
    csp: Header<'static>,
}

impl Part {
    fn new(body: Vec<u8>, kind: ContentType, disposition: &'static str) -> Self {
        let csp = "default-src 'none'; style-src 'unsafe-inline'; sandbox allow-top-navigation \
                   allow-popups; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
        Self {
            body,
            kind,
            disposition: Header::new("Content-Disposition", disposition),
            csp: Header::new("Content-Security-Policy", csp),
        }
    }
}

#[get("/mailbox/<id>/html")]
async fn html(desk: &State<Desk>, id: &str) -> Result<Part, Failure> {
    let letter = letter(desk, id).await?;
    Ok(Part::new(letter.html.into_bytes(), ContentType::HTML, "inline"))
}

#[get("/mailbox/<id>/letter.eml")]
async fn eml(desk: &State<Desk>, id: &str) -> Result<Part, Failure> {
    let id: LetterId = id.parse().map_err(|_| Failure::NotFound)?;
    let path = folder(desk)?.join(format!("{id}.eml"));
    let (_, bytes) = read(path).await.ok_or(Failure::NotFound)?;
    let kind = ContentType::new("message", "rfc822");
    Ok(Part::new(bytes, kind, "attachment; filename=\"letter.eml\""))
}

#[get("/mailbox/<id>/invite.ics")]
async fn ics(desk: &State<Desk>, id: &str) -> Result<Part, Failure> {
    let letter = letter(desk, id).await?;
    let calendar = letter.calendar.ok_or(Failure::NotFound)?;
    let kind = ContentType::new("text", "calendar").with_params(("charset", "utf-8"));
    Ok(Part::new(calendar, kind, "attachment; filename=\"invite.ics\""))
}

pub fn routes() -> Vec<Route> {
    routes![show, html, eml, ics]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn the_demo_shows_a_letter_and_its_headers() {
        let item = MailItem {
            id: "0197".to_owned(),
            to: "ruth@example.org".to_owned(),
            subject: "You're booked: <script>".to_owned(),
            sent: "10am on Tuesday 25 August".to_owned(),
            has_invite: true,
        };
        let letter = MailPage {
            chrome: chrome(Area::Elsewhere),
            item,
            text: "Hello Ruth\n\nhttps://turnout.example/r/<token>".to_owned(),
            html_href: paths::mailbox::letter_html("0197"),
            eml_href: paths::mailbox::letter_eml("0197"),
            ics_href: Some(paths::mailbox::invite_ics("0197")),
            headers: vec![("Message-ID".to_owned(), "<0197@turnout.example>".to_owned())],
        };
        contains_all(
            &rendered("mail", &letter),
            &["/r/&#60;token&#62;", "&#60;0197@turnout.example"],
        );
    }
}
