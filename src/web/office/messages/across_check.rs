//! A last look at a message to people of many sessions, and how far it has come.

use std::borrow::Cow;

use askama::Template;
use rocket::{Route, State, get, routes};
use uuid::Uuid;

use super::across_scope::{Field, Who, group_words};
use crate::{
    actions::letters::message_people::Draft,
    domain::{
        id::SessionCode,
        mailing::{MailingReach, RecipientGroup},
        wording,
    },
    store::{
        catalogue,
        circulars::{self, MessageAcross},
        mailings::MailingProgress,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{FormField, FormState},
        page::{Area, Chrome, Page},
        paths,
        words::{clock_of, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![sent]
}

#[derive(Template)]
#[template(path = "office/messages/across_check.html")]
pub struct AcrossCheckPage {
    pub chrome: Chrome,
    pub notice: Option<String>,
    form: FormState<Field>,
    ticked: Vec<RecipientGroup>,
    /// Whom it is for, in words.
    scope: String,
    groups: Vec<String>,
    subject: String,
    body: String,
    sessions: usize,
    addresses: usize,
    people: usize,
    by_leader: usize,
    stopped: usize,
    unreachable: Vec<String>,
}

impl AcrossCheckPage {
    fn letters(&self) -> String {
        wording::count(self.addresses, "email", "emails")
    }

    fn how_many(&self) -> String {
        let people = wording::count(self.people, "person", "people");
        let sessions = wording::count(self.sessions, "session", "sessions");
        format!("{}, for {people} on {sessions}", self.letters())
    }

    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.body.split("\n\n").map(|one| one.lines().collect()).collect()
    }

    /// What the form says beside whom and what, to be sent again.
    fn hidden(&self) -> [(Cow<'static, str>, &str); 6] {
        [Field::Course, Field::Alliance, Field::From, Field::Until, Field::Absent, Field::Leaders]
            .map(|field| (field.name(), self.form.value(field)))
    }
}

pub(super) fn check_page(
    desk: &Desk,
    who: &Who,
    (mut form, ticked): (FormState<Field>, Vec<RecipientGroup>),
    (scope, draft): (String, Draft),
    parts: Vec<(SessionCode, MailingReach)>,
) -> AcrossCheckPage {
    if form.attempt().is_empty() {
        form.attempt_as(desk.attempt());
    }
    let sum = |of: fn(&MailingReach) -> usize| parts.iter().map(|(_, reach)| of(reach)).sum();
    let unreachable = parts.iter().flat_map(|(_, reach)| reach.unreachable.clone());
    AcrossCheckPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: None,
        groups: if form.is(Field::Absent, "1") { Vec::new() } else { group_words(&draft.audience) },
        form,
        ticked,
        scope,
        subject: draft.subject.to_string(),
        body: draft.body.as_str().to_owned(),
        sessions: parts.len(),
        addresses: sum(|reach| reach.recipients.len()),
        people: sum(|reach| reach.people),
        by_leader: sum(|reach| reach.by_leader),
        stopped: sum(|reach| reach.stopped),
        unreachable: unreachable.collect(),
    }
}

/// How far a message to people of many sessions has come.
#[derive(Template)]
#[template(path = "office/messages/across_sent.html")]
struct AcrossSentPage {
    chrome: Chrome,
    circular: MessageAcross,
    progress: MailingProgress,
    when: String,
}

impl AcrossSentPage {
    fn heading(&self) -> &'static str {
        match self.progress.left() {
            0 => "Your message is sent",
            _ => "Your message is on its way",
        }
    }

    /// How much of the bar's 200 units is done.
    fn bar(&self) -> i64 {
        (self.progress.sent + self.progress.failed) * 200 / self.progress.total.max(1)
    }

    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.circular.body.split("\n\n").map(|one| one.lines().collect()).collect()
    }
}

#[get("/office/messages/<id>")]
async fn sent(desk: &State<Desk>, who: Who, id: Uuid) -> Result<Page<AcrossSentPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = circulars::find(&mut conn, id).await?;
    // Another's message may be to people of alliances that are not hers.
    let may = |one: &MessageAcross| who.reaches_everything() || one.author == who.member.login;
    let circular = found.filter(may).ok_or(Failure::NotFound)?;
    let progress = circulars::progress(&mut conn, id).await?;
    let zone = clock_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let when = stamp(circular.at, zone);
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(AcrossSentPage { chrome, circular, progress, when }))
}
