//! The form that hands something out, on a session as on a course.

use crate::{
    actions::handouts::hand_out::{HandOutError, NewHandout, hand_out},
    domain::{
        audit::Actor,
        handout::{Audience, HandedOut, MOST_BYTES, Paper, PaperFault},
    },
    web::{
        Desk,
        failure::Failure,
        form::FormState,
        forms::{ATTEMPT, Upload, text::line},
        words::in_words,
    },
};

pub type Brought = Upload<MOST_BYTES>;

/// The form as it is first shown.
pub fn empty(desk: &Desk) -> FormState {
    let mut form = FormState::default();
    form.keep("audience", Audience::default().as_str());
    form.keep(ATTEMPT, desk.attempt());
    form
}

/// Hands out what was sent; what is wrong stands in the form that comes back.
pub async fn add(
    desk: &Desk,
    actor: &Actor,
    of: HandedOut,
    upload: Brought,
) -> Result<Result<(), FormState>, Failure> {
    let mut form = FormState::default();
    for field in ["title", "link", "audience", ATTEMPT] {
        form.keep(field, upload.fields.get(field));
    }
    let title = line::<120>(upload.fields.get("title"), "title", "what it is called", &mut form);
    let audience = match upload.fields.get("audience") {
        "" => Some(Audience::default()),
        typed => typed.parse().ok(),
    };
    if audience.is_none() {
        form.fault("audience", "Choose who may read it");
    }
    let typed = upload.fields.get("link").trim();
    let paper = match (upload.is_too_long, upload.bytes.is_empty(), typed) {
        (true, ..) => Err(PaperFault::TooLarge),
        (_, true, "") => Err(PaperFault::Neither),
        (_, true, typed) => Paper::link(typed),
        (_, false, "") => Paper::file(upload.name.as_deref().unwrap_or_default(), &upload.bytes),
        (_, false, _) => Err(PaperFault::Neither),
    };
    let paper = match paper {
        Ok(paper) => Some(paper),
        Err(fault) => {
            let field = if fault == PaperFault::Link { "link" } else { "file" };
            form.fault(field, in_words(&fault.to_string()));
            None
        }
    };
    let attempt = upload.attempt();
    if let (Some(title), Some(audience), Some(paper)) = (title, audience, paper) {
        let content = matches!(paper, Paper::File { .. }).then_some(upload.bytes);
        let new = NewHandout { of, title, paper, content, audience };
        match hand_out(&desk.ctx, actor, new, attempt.as_ref()).await {
            Ok(_) => return Ok(Ok(())),
            Err(HandOutError::Store(error)) => return Err(error.into()),
            Err(refused @ HandOutError::TooMany) => {
                form.fault("title", in_words(&refused.to_string()));
            }
        }
    }
    Ok(Err(form))
}

/// What a page says has just happened.
pub fn notice(done: Option<&str>) -> Option<&'static str> {
    match done? {
        "added" => Some("It is handed out from now on."),
        "saved" => Some("Saved."),
        "removed" => Some("It is not handed out any more."),
        _ => None,
    }
}
