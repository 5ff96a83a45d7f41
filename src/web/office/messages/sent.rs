//! How far a message has come.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        id::{MailingId, SessionCode},
        session::Session,
        wording,
    },
    store::mailings::{self, Mailing, MailingProgress},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, MessagePeople},
        office::{addressed::session_for, messages::audience::audience_words},
        page::{Area, Chrome, Page},
        paths,
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![sent]
}

type Who = Granted<MessagePeople>;

#[derive(Template)]
#[template(path = "office/messages/sent.html")]
struct MessageSentPage {
    chrome: Chrome,
    session: Session,
    mailing: Mailing,
    progress: MailingProgress,
}

impl MessageSentPage {
    fn to(&self) -> String {
        audience_words(&self.mailing.audience, &self.session)
    }

    fn when(&self) -> String {
        stamp(self.mailing.at, self.session.zone())
    }

    fn heading(&self) -> String {
        match self.progress.left() {
            0 => "Your message is sent".to_owned(),
            _ => "Your message is on its way".to_owned(),
        }
    }

    /// How much of the bar's 200 units is done.
    fn bar(&self) -> i64 {
        let done = self.progress.sent + self.progress.failed;
        done * 200 / self.progress.total.max(1)
    }

    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.mailing.body.split("\n\n").map(|one| one.lines().collect()).collect()
    }
}

#[get("/office/sessions/<code>/messages/<id>")]
async fn sent(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    id: MailingId,
) -> Result<Page<MessageSentPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let mailing = mailings::find(&mut conn, id).await?.filter(|one| one.session == code);
    let mailing = mailing.ok_or(Failure::NotFound)?;
    let progress = mailings::progress(&mut conn, id).await?;
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(MessageSentPage { chrome, session, mailing, progress }))
}
