//! Calling a session off: what people will read stands on the page before anything happens.

use rocket::{Route, State, get, post, routes};

use super::change::{Change, Changed, SessionChangePage, Who, again, ask, look, told};
use crate::{
    actions::sessions::tell_change::{SessionChange, change_and_tell, letters_of_change},
    domain::{id::SessionCode, text::Paragraph},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::SameOrigin,
        office::{
            addressed::session_for, letter_look::LetterLook, session_fields::SessionField as Field,
        },
        page::Page,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_cancel, cancel]
}

#[get("/office/sessions/<code>/cancel")]
async fn ask_cancel(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<SessionChangePage>, Failure> {
    let mut page = ask(desk, &who, &code, Change::Cancel).await?;
    // She reads what goes before she says why; a database that is busy costs her no more than that.
    let (actor, change) = (who.actor(), SessionChange::CallOff(None));
    let letters = letters_of_change(&desk.ctx, &actor, &code, &change, (None, None)).await;
    page.template.letters = letters.ok().map(|all| LetterLook::samples(all, desk.ctx.now()));
    Ok(page)
}

#[post("/office/sessions/<code>/cancel", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Changed, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::sent_for(&fields, &[Field::Why, Field::Typed]);
    let drawn = edited::drawn(&fields);
    let why = Paragraph::parse_optional(form.value(Field::Why));
    if !matches!(why, Ok(Some(_))) {
        form.fault(Field::Why, "Say why, in up to 1,000 letters");
    }
    let looks = fields.is("action", "look");
    if !looks && form.value(Field::Typed).trim() != "CANCEL" {
        form.fault(Field::Typed, "Type CANCEL in capital letters");
    }
    let about = (session, Change::Cancel);
    let (Ok(why), true) = (why, form.is_valid()) else {
        return again(desk, &who, about, form, None).await;
    };
    let (change, said) = (SessionChange::CallOff(why.as_ref()), (drawn.as_ref(), None));
    if looks {
        return look(desk, &who, about, (form, Field::Why), (&change, said), None).await;
    }
    match change_and_tell(&desk.ctx, &who.actor(), &code, &change, said).await {
        Ok(done) => Ok(Ok(told(&code, "cancelled", done))),
        Err(error) => again(desk, &who, about, form, Some((Field::Typed, error))).await,
    }
}
