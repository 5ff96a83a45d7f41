//! Writing to the people of a session.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::message_people::{Draft, MessageError, preview, send_message, send_test},
    domain::{
        id::SessionCode,
        mailing::{Audience, RecipientGroup, reach},
        session::Session,
        text::{Line, Message, Name},
        wording,
    },
    store::{
        Conn,
        mailings::{self, Mailing, MailingProgress},
        registrations,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, MessagePeople, SameOrigin},
        office::{
            addressed::session_for,
            messages::{
                audience::{audience_words, group_words},
                check::{MessageCheckPage, check_page},
            },
        },
        page::{Area, Chrome, Page},
        paths,
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![write, send]
}

type Who = Granted<MessagePeople>;

form_fields! {
    enum Field {
        To = "to",
        Leaders = "leaders",
        Subject = "subject",
        Body = "body",
    }
}

#[derive(Template)]
#[template(path = "office/messages/write.html")]
struct MessagePage {
    chrome: Chrome,
    session: Session,
    choices: Vec<Choice>,
    form: FormState<Field>,
    earlier: Vec<(Mailing, MailingProgress)>,
}

impl MessagePage {
    fn label(&self, choice: &Choice) -> String {
        let people = wording::count(choice.people, "person", "people");
        format!("{} ({people})", group_words(choice.group, &self.session))
    }

    fn when(&self, mailing: &Mailing) -> String {
        stamp(mailing.at, self.session.zone())
    }

    fn to(&self, mailing: &Mailing) -> String {
        audience_words(&mailing.audience, &self.session)
    }
}

/// A group to tick, with how many people are in it now.
#[derive(Debug, Clone)]
struct Choice {
    group: RecipientGroup,
    people: usize,
    is_ticked: bool,
}

/// The groups there are: days only once somebody was marked on them.
async fn choices(
    conn: &mut Conn,
    session: &Session,
    ticked: &[RecipientGroup],
) -> Result<Vec<Choice>, Failure> {
    let bookings = registrations::of_session(conn, &session.code).await?;
    let marks = mailings::marks(conn, &session.code).await?;
    let mut groups = vec![
        RecipientGroup::Coming,
        RecipientGroup::Waiting,
        RecipientGroup::Asking,
        RecipientGroup::Cancelled,
    ];
    let days = session.sittings.iter().map(|sitting| sitting.number);
    groups
        .extend(days.flat_map(|day| [RecipientGroup::Attended(day), RecipientGroup::Absent(day)]));
    let choices = groups.into_iter().map(|group| {
        let audience = Audience { groups: vec![group], leaders: false };
        let people = reach(&bookings, &marks, &audience).people;
        Choice { group, people, is_ticked: ticked.contains(&group) }
    });
    let shown =
        |one: &Choice| one.group == RecipientGroup::Coming || one.people > 0 || one.is_ticked;
    Ok(choices.filter(shown).collect())
}

async fn form_page(
    desk: &Desk,
    who: &Who,
    session: Session,
    (form, ticked): (FormState<Field>, &[RecipientGroup]),
) -> Result<MessagePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let choices = choices(&mut conn, &session, ticked).await?;
    let mut earlier = Vec::new();
    for mailing in mailings::of_session(&mut conn, &session.code).await? {
        let progress = mailings::progress(&mut conn, mailing.id).await?;
        earlier.push((mailing, progress));
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(MessagePage { chrome, session, choices, form, earlier })
}

#[get("/office/sessions/<code>/message")]
async fn write(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<MessagePage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let empty = (FormState::default(), &[RecipientGroup::Coming][..]);
    Ok(Page::ok(form_page(desk, &who, session, empty).await?))
}

/// What was typed, as it stands in the form, and the groups that are ticked.
fn typed(fields: &Fields) -> (FormState<Field>, Vec<RecipientGroup>) {
    let mut form = FormState::sent(fields);
    let ticked = fields.all_of(Field::To);
    let groups: Vec<RecipientGroup> = ticked.iter().filter_map(|word| word.parse().ok()).collect();
    if groups.len() < ticked.len() {
        form.fault(Field::To, "Choose from the groups there are");
    }
    form.ticked(Field::Leaders);
    (form, groups)
}

/// The draft that was typed; else what is wrong stands in `form`.
fn draft(form: &mut FormState<Field>, groups: &[RecipientGroup]) -> Option<Draft> {
    if groups.is_empty() {
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
    let audience = Audience { groups: groups.to_vec(), leaders: form.is(Field::Leaders, "1") };
    Some(Draft { audience, subject: subject?, body: body? }).filter(|_| form.is_valid())
}

type Answer = Either<Redirect, Either<Page<MessageCheckPage>, Page<MessagePage>>>;

#[post("/office/sessions/<code>/message", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Answer, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (mut form, groups) = typed(&fields);
    let back_to_form = Either::Right;
    let Some(draft) = draft(&mut form, &groups) else {
        let page = form_page(desk, &who, session, (form, &groups)).await?;
        return Ok(back_to_form(Either::Right(Page::unprocessable(page))));
    };
    let attempt = fields.get("attempt").parse::<Token>();
    let mut notice = None;
    match (fields.get("do"), attempt) {
        ("change", _) => {
            let page = form_page(desk, &who, session, (form, &groups)).await?;
            return Ok(back_to_form(Either::Right(Page::ok(page))));
        }
        ("test", _) => {
            send_test(&desk.ctx, &who.member, &session, &draft).await?;
            notice = Some(format!("We sent it to {}. Nobody else has it yet.", who.member.email));
        }
        ("send", Ok(attempt)) => {
            match send_message(&desk.ctx, &who.member, &code, &draft, &attempt).await {
                Ok(id) => {
                    let sent = paths::office::session_mailing(&code, &id);
                    return Ok(Either::Left(Redirect::to(sent)));
                }
                Err(MessageError::Nobody) => {}
                Err(error @ (MessageError::NoSuchSession | MessageError::Store(_))) => {
                    return Err(error.into());
                }
            }
        }
        _ => {}
    }
    let reach = preview(&desk.ctx, &code, &draft.audience).await?;
    if reach.recipients.is_empty() {
        form.fault(Field::To, "Nobody in these groups has an email address");
        let page = form_page(desk, &who, session, (form, &groups)).await?;
        return Ok(back_to_form(Either::Right(Page::unprocessable(page))));
    }
    let page = check_page(desk, &who, session, draft, reach, notice);
    Ok(Either::Right(Either::Left(Page::ok(page))))
}
