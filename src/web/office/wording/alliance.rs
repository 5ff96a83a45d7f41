//! How the letters of an alliance are signed and answered, and which of them say something of its own.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use super::{Who, alliance_for};
use crate::{
    actions::{catalogue::word_letters::sign_letters, edit::EditError},
    domain::{
        alliance::Alliance,
        edit::Drawn,
        id::AllianceSlug,
        letter_wording::{LetterManners, WordedLetter},
        text::Paragraph,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState, WholeForm,
            edited::{self, DRAWN},
            form_fields,
            text::complaint,
        },
        guard::SameOrigin,
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

form_fields! {
    enum Field {
        Signature = "signature",
        ReplyTo = "reply_to",
    }
}

/// How letters are signed and who reads answers.
#[derive(Template)]
#[template(path = "office/wording/alliance.html")]
struct AllianceLettersPage {
    chrome: Chrome,
    notice: Option<String>,
    alliance: Alliance,
    form: FormState<Field>,
}

impl AllianceLettersPage {
    fn letters(&self) -> &'static [WordedLetter] {
        WordedLetter::ALL
    }

    fn is_worded(&self, letter: &WordedLetter) -> bool {
        !self.alliance.words.letters.of(*letter).is_original()
    }
}

fn manners(alliance: &Alliance) -> LetterManners {
    let letters = &alliance.words.letters;
    LetterManners { signature: letters.signature.clone(), reply_to: letters.reply_to.clone() }
}

fn filled(manners: &LetterManners) -> FormState<Field> {
    let mut form = FormState::default();
    form.fill(Field::Signature, manners.signature.clone().unwrap_or_default());
    let reply_to = manners.reply_to.as_ref().map(ToString::to_string);
    form.fill(Field::ReplyTo, reply_to.unwrap_or_default());
    form.draw_from(Drawn::of(manners).to_string());
    form
}

fn page(desk: &Desk, who: &Who, alliance: Alliance, form: FormState<Field>) -> AllianceLettersPage {
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    AllianceLettersPage { chrome, notice: None, alliance, form }
}

#[get("/office/wording/<alliance>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    alliance: AllianceSlug,
    asked: PageQuery<'_>,
) -> Result<Page<AllianceLettersPage>, Failure> {
    let alliance = alliance_for(&mut desk.ctx.store.read().await?, &who, &alliance).await?;
    let form = filled(&manners(&alliance));
    let notice = asked.done.map(|done| match done {
        "original" => "The letter says what it said at first.".to_owned(),
        _ => "Saved. Letters that are written from now on say it.".to_owned(),
    });
    Ok(Page::ok(AllianceLettersPage { notice, ..page(desk, &who, alliance, form) }))
}

/// What was typed; what was not sent is as it was.
fn read(fields: &Fields, known: LetterManners) -> (FormState<Field>, LetterManners) {
    let (mut form, mut sent) = (filled(&known), known);
    for field in Field::FIELDS.iter().filter(|field| fields.was_sent_for(**field)) {
        form.fill(*field, fields.of(*field));
    }
    if fields.was_sent(DRAWN) {
        form.draw_from(fields.get(DRAWN));
    }
    match Paragraph::parse_optional(form.value(Field::Signature)) {
        Ok(text) => sent.signature = text.map(|text| text.as_str().to_owned()),
        Err(fault) => form.fault(Field::Signature, complaint(fault, "the signature")),
    }
    match form.value(Field::ReplyTo).trim() {
        "" => sent.reply_to = None,
        typed => match typed.parse() {
            Ok(address) => sent.reply_to = Some(address),
            Err(_) => form.fault(
                Field::ReplyTo,
                "Enter an email address. It should look like name@example.org",
            ),
        },
    }
    (form, sent)
}

#[post("/office/wording/<alliance>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    alliance: AllianceSlug,
    fields: Fields,
) -> Result<Result<Redirect, Page<AllianceLettersPage>>, Failure> {
    let known = alliance_for(&mut desk.ctx.store.read().await?, &who, &alliance).await?;
    let (form, sent) = read(&fields, manners(&known));
    if !form.is_valid() {
        return Ok(Err(Page::unprocessable(page(desk, &who, known, form))));
    }
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match sign_letters(&desk.ctx, &actor, &alliance, &sent, drawn.as_ref()).await {
        Ok(()) => Ok(Ok(Redirect::to(paths::office::wording_of(&alliance).done("saved")))),
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let reader = (&actor, known.time_zone);
            let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Signature);
            edited::tell_of(&mut conn, &mut form, &conflicts, reader, field).await?;
            drop(conn);
            Ok(Err(Page::conflict(page(desk, &who, known, form))))
        }
    }
}
