//! Writing to people of many sessions.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{
    across_check::{AcrossCheckPage, check_page},
    across_scope::{self, Choices, Field, GROUPS, Who, choices},
};
use crate::{
    actions::letters::{
        message_across::{first_of, preview_across, send_across},
        message_people::{Draft, MessageError, send_test},
    },
    domain::{
        mailing::{Audience, RecipientGroup},
        text::{Line, Message, Name},
    },
    store::{
        circulars::{self, MessageAcross},
        mailings::MailingProgress,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::SameOrigin,
        page::{Area, Chrome, Page},
        paths,
        words::{clock_of, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![write, send]
}

/// Writing to people of many sessions.
#[derive(Template)]
#[template(path = "office/messages/across.html")]
struct AcrossPage {
    chrome: Chrome,
    form: FormState<Field>,
    choices: Choices,
    ticked: Vec<RecipientGroup>,
    earlier: Vec<(MessageAcross, MailingProgress, String)>,
}

impl AcrossPage {
    fn courses(&self) -> Vec<(&str, &str)> {
        let courses = self.choices.courses.iter();
        courses.map(|one| (one.slug.as_str(), one.title.as_str())).collect()
    }

    fn alliances(&self) -> Vec<(&str, &str)> {
        let alliances = self.choices.alliances.iter();
        alliances.map(|one| (one.slug.as_str(), one.name.as_str())).collect()
    }

    fn groups(&self) -> &'static [(RecipientGroup, &'static str)] {
        &GROUPS
    }

    fn is_ticked(&self, group: &RecipientGroup) -> bool {
        self.ticked.contains(group)
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    (form, ticked): (FormState<Field>, Vec<RecipientGroup>),
) -> Result<AcrossPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let choices = choices(&mut conn, who).await?;
    let author = (!who.reaches_everything()).then_some(&who.member.login);
    let zone = clock_of(&who.member, &choices.alliances);
    let mut earlier = Vec::new();
    for one in circulars::latest(&mut conn, author).await? {
        let progress = circulars::progress(&mut conn, one.id).await?;
        let at = stamp(one.at, zone);
        earlier.push((one, progress, at));
    }
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(AcrossPage { chrome, form, choices, ticked, earlier })
}

#[get("/office/messages")]
async fn write(desk: &State<Desk>, who: Who) -> Result<Page<AcrossPage>, Failure> {
    let mut form = FormState::default();
    form.attempt_as(desk.attempt());
    Ok(Page::ok(page(desk, &who, (form, vec![RecipientGroup::Coming])).await?))
}

/// What was typed, as it stands in the form, and the groups that are ticked.
fn typed(fields: &Fields) -> (FormState<Field>, Vec<RecipientGroup>) {
    let mut form = FormState::sent(fields);
    form.ticked(Field::Leaders);
    let ticked = fields.all_of(Field::To);
    let groups: Vec<RecipientGroup> = ticked.iter().filter_map(|word| word.parse().ok()).collect();
    let is_known = |group: &RecipientGroup| GROUPS.iter().any(|(known, _)| known == group);
    if groups.len() < ticked.len() || !groups.iter().all(is_known) {
        form.fault(Field::To, "Choose from the groups there are");
    }
    (form, groups)
}

/// The draft that was typed; else what is wrong stands in `form`.
fn draft(form: &mut FormState<Field>, groups: &[RecipientGroup], absent: bool) -> Option<Draft> {
    if groups.is_empty() && !absent {
        form.fault(Field::To, "Choose who gets it");
    }
    let subject: Option<Name> = Line::parse(form.value(Field::Subject)).ok();
    if subject.is_none() {
        form.fault(Field::Subject, "Write a subject, in up to 120 letters on one line");
    }
    let body = Message::parse_optional(form.value(Field::Body)).ok().flatten();
    if body.is_none() {
        form.fault(Field::Body, "Write the message, in up to 5,000 letters");
    }
    let leaders = form.is(Field::Leaders, "1");
    // Who did not come had a place.
    let groups = if absent { vec![RecipientGroup::Coming] } else { groups.to_vec() };
    let audience = Audience { groups, leaders };
    Some(Draft { audience, subject: subject?, body: body? }).filter(|_| form.is_valid())
}

#[derive(rocket::Responder)]
enum Answer {
    Check(Box<Page<AcrossCheckPage>>),
    Form(Box<Page<AcrossPage>>),
    Go(Box<Redirect>),
}

#[post("/office/messages", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Answer, Failure> {
    let (mut form, groups) = typed(&fields);
    let choices = choices(&mut desk.ctx.store.read().await?, &who).await?;
    let scope = across_scope::read(&mut form, &who, &choices, desk.ctx.now());
    let absent = form.is(Field::Absent, "1");
    let draft = draft(&mut form, &groups, absent);
    let (Some((scope, words)), Some(draft)) = (scope, draft) else {
        let page = page(desk, &who, (form, groups)).await?;
        return Ok(Answer::Form(Box::new(Page::unprocessable(page))));
    };
    if fields.is("do", "change") {
        let page = page(desk, &who, (form, groups)).await?;
        return Ok(Answer::Form(Box::new(Page::ok(page))));
    }
    if fields.is("do", "send") {
        let (about, attempt) = ((&scope, words.as_str()), fields.attempt());
        match send_across(&desk.ctx, &who.member, about, &draft, attempt.as_ref()).await {
            Ok(id) => {
                let sent = Redirect::to(paths::office::circular(&id));
                return Ok(Answer::Go(Box::new(sent)));
            }
            Err(MessageError::Nobody) => {}
            Err(error @ (MessageError::NoSuchSession | MessageError::Store(_))) => {
                return Err(error.into());
            }
        }
    }
    let parts = preview_across(&desk.ctx, &scope, &draft.audience).await?;
    let Some(first) = first_of(&desk.ctx, &parts).await? else {
        form.fault(Field::To, "Nobody there has an email address that may be written to");
        let page = page(desk, &who, (form, groups)).await?;
        return Ok(Answer::Form(Box::new(Page::unprocessable(page))));
    };
    let mut notice = None;
    if fields.is("do", "test") {
        send_test(&desk.ctx, &who.member, &first, &draft).await?;
        notice = Some(format!("We sent it to {}. Nobody else has it yet.", who.member.email));
    }
    let mut page = check_page(desk, &who, (form, groups), (words, draft), parts);
    page.notice = notice;
    Ok(Answer::Check(Box::new(Page::ok(page))))
}
