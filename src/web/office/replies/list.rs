//! What came to the reply mailbox. It belongs to no alliance, so only those who may read letters
//! everywhere see it.

use askama::Template;
use chrono::Duration;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    store::{
        catalogue,
        received::{self, Outcome, ReceivedMail},
    },
    web::{
        Desk, asked,
        failure::Failure,
        guard::{Granted, ReadLetters},
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths,
        words::{ReadersClock, clock_of, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

fn everywhere(who: &Granted<ReadLetters>) -> Result<(), Failure> {
    if who.reaches_everything() { Ok(()) } else { Err(Failure::Forbidden) }
}

#[derive(Template)]
#[template(path = "office/replies/list.html")]
struct RepliesPage {
    chrome: Chrome,
    notice: Option<String>,
    /// How many came to each end in the last thirty days.
    counts: Vec<(Outcome, i64)>,
    mails: Listing<ReceivedMail>,
    /// Those that came to one end only.
    only: Option<Outcome>,
    zone: ReadersClock,
}

impl RepliesPage {
    fn words(&self, of: &Outcome) -> &'static str {
        outcome(*of)
    }

    /// Every end a message can come to, its words and whether the list is narrowed to it.
    fn outcomes(&self) -> Vec<(&'static str, &'static str, bool)> {
        let line = |one: &Outcome| (one.as_str(), outcome(*one), self.only == Some(*one));
        Outcome::ALL.iter().map(line).collect()
    }

    fn when(&self, mail: &ReceivedMail) -> String {
        stamp(mail.at, self.zone)
    }
}

/// What became of a message, in words.
fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Taken => "Answer taken",
        Outcome::Repeated => "Said before",
        Outcome::Stale => "Answer to an older invite",
        Outcome::Unknown => "Answer to an invite we do not know",
        Outcome::NotTheirs => "Answer from another address: we asked by email",
        Outcome::TooMany => "Too many answers to one invite",
        Outcome::Bounced => "A letter that came back",
        Outcome::Automatic => "Automatic, ignored",
        Outcome::ForTheOffice => "For you to read",
        Outcome::Refused => "Too large, refused",
    }
}

/// Which part of the list.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    done: Option<&'r str>,
    outcome: Option<&'r str>,
    page: Option<&'r str>,
}

#[get("/office/replies?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    asked: Asked<'_>,
) -> Result<Page<RepliesPage>, Failure> {
    everywhere(&who)?;
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let only = asked::one("outcome", asked.outcome, "it is one of those of the list")?;
    let page = paging::asked(asked.page)?;
    let found = received::latest(&mut conn, only, paging::window(page)).await?;
    let narrowed = [("outcome", only.map_or("", Outcome::as_str))];
    let since = desk.ctx.now() - Duration::days(30);
    Ok(Page::ok(RepliesPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: asked.done.map(|_| "Done. We have forgotten what it says.".to_owned()),
        counts: received::counts(&mut conn, since).await?,
        mails: Listing::found(found, page, paths::office::replies(), &narrowed)?,
        only,
        zone: clock_of(&who.member, &alliances),
    }))
}
