//! The form that hands something out, on a session as on a course.

use crate::{
    actions::handouts::hand_out::{HandOutError, NewHandout, hand_out},
    domain::{
        audit::Actor,
        handout::{HandedOut, MOST_BYTES, Paper, PaperFault, Readership},
    },
    web::{
        Desk,
        failure::Failure,
        forms::{FormState, Upload, form_fields},
        words::in_words,
    },
};

form_fields! {
    /// What is said about something that is handed out.
    pub enum HandoutField {
        Title = "title",
        File = "file",
        Link = "link",
        Audience = "audience",
    }
}

pub type Brought = Upload<MOST_BYTES>;

/// The form as it is first shown.
pub fn empty(desk: &Desk) -> FormState<HandoutField> {
    let mut form = FormState::default();
    form.fill(HandoutField::Audience, Readership::default().as_str());
    form.attempt_as(desk.attempt());
    form
}

/// Hands out what was sent; what is wrong stands in the form that comes back.
pub async fn add(
    desk: &Desk,
    actor: &Actor,
    of: HandedOut,
    upload: Brought,
) -> Result<Result<(), FormState<HandoutField>>, Failure> {
    let mut form = FormState::sent(&upload.fields);
    let title = form.line::<120>(HandoutField::Title, "what it is called");
    let audience = match form.value(HandoutField::Audience) {
        "" => Some(Readership::default()),
        _ => form.choice(HandoutField::Audience, "Choose who may read it"),
    };
    let typed = upload.fields.of(HandoutField::Link).trim();
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
            let is_link = fault == PaperFault::Link;
            let field = if is_link { HandoutField::Link } else { HandoutField::File };
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
                form.fault(HandoutField::Title, in_words(&refused.to_string()));
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
