//! What staff note for each other, on the page of a booking, a person or an institution: the same list and form
//! on each.

use askama::Template;
use chrono::NaiveDate;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::notes::{
        finish_step::finish_step,
        take_back_note::take_back_note,
        write_note::{Noted, write_note},
    },
    domain::{
        id::{NoteId, StaffLogin},
        office_note::{NoteAbout, OfficeNote},
        staff::StaffMember,
        text::{Paragraph, TextFault},
        wording,
    },
    store::{
        Conn, StoreError, institutions, office_notes, people, registrations, session_plans,
        sessions,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields, text::complaint},
        guard::{Granted, ManageBookings, SameOrigin},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{ReadersClock, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, take_back, done]
}

type Who = Granted<ManageBookings>;

form_fields! {
    /// The form for a note.
    pub enum NoteField {
        Note = "note",
        Step = "step",
        By = "step_by",
        Whose = "step_for",
    }
}

/// The notes about something, and the form for one more.
pub struct Notes {
    pub lines: Vec<NoteLine>,
    /// The logins and names of those whose a next step may be.
    pub staff: Vec<(String, String)>,
    pub form: FormState<NoteField>,
    /// Where the form goes.
    pub action: Href,
    /// Of the form, so that a second press notes nothing.
    pub attempt: String,
}

/// A note in words.
pub struct NoteLine {
    pub id: NoteId,
    pub body: String,
    /// By whom, and when.
    pub by: String,
    /// Whose it is to do, by when, or that it is done.
    pub step: Option<String>,
    pub is_open: bool,
    /// Whether whoever looks wrote it.
    pub is_own: bool,
}

fn line(
    note: OfficeNote,
    staff: &[(String, String)],
    reader: &StaffLogin,
    clock: ReadersClock,
) -> NoteLine {
    let name = |login: &StaffLogin| {
        let known = staff.iter().find(|(known, _)| known == login.as_str());
        known.map_or_else(|| login.to_string(), |(_, name)| name.clone())
    };
    let step = note.step.as_ref().map(|step| match (&step.done, step.by) {
        (Some((at, by)), _) => format!("Done {} by {}", stamp(*at, clock), name(by)),
        (None, Some(day)) => {
            format!("Next step: {}, by {}", name(&step.whose), wording::long_date(day))
        }
        (None, None) => format!("Next step: {}", name(&step.whose)),
    });
    NoteLine {
        id: note.id,
        by: format!("{}, {}", name(&note.author), stamp(note.written_at, clock)),
        step,
        is_open: note.is_open_step(),
        is_own: note.author == *reader,
        body: note.body.as_str().to_owned(),
    }
}

/// The notes about something, as somebody sees them who may.
pub async fn notes(
    desk: &Desk,
    conn: &mut Conn,
    (reader, clock): (&StaffMember, ReadersClock),
    about: &NoteAbout,
    (form, action): (FormState<NoteField>, Href),
) -> Result<Notes, StoreError> {
    let staff = session_plans::possible_trainers(conn).await?;
    let found = office_notes::about(conn, about).await?;
    let lines = found.into_iter().map(|note| line(note, &staff, &reader.login, clock)).collect();
    Ok(Notes { lines, staff, form, action, attempt: desk.attempt() })
}

/// Whose a next step is, and by when; nothing for a plain note.
fn step(
    author: &StaffMember,
    staff: &[(String, String)],
    form: &mut FormState<NoteField>,
) -> Option<(StaffLogin, Option<NaiveDate>)> {
    let whose = form.value(NoteField::Whose).trim().to_owned();
    let day = match form.value(NoteField::By).trim() {
        "" if whose.is_empty() && form.value(NoteField::Step).is_empty() => return None,
        "" => None,
        typed => {
            let day = typed.parse();
            form.take(NoteField::By, day, |_| "Enter a day, such as 2027-03-01".to_owned())
        }
    };
    if whose.is_empty() {
        return Some((author.login.clone(), day));
    }
    let known = staff.iter().any(|(login, _)| *login == whose);
    match whose.parse() {
        Ok(login) if known => Some((login, day)),
        _ => {
            form.fault(NoteField::Whose, "Choose somebody from the list");
            None
        }
    }
}

/// Writes down what was typed; the form again where something is wrong with it.
pub async fn note(
    desk: &Desk,
    author: &StaffMember,
    about: NoteAbout,
    fields: &Fields,
) -> Result<Result<(), FormState<NoteField>>, Failure> {
    let mut form = FormState::sent(fields);
    let mut conn = desk.ctx.store.read().await?;
    let staff = session_plans::possible_trainers(&mut conn).await?;
    drop(conn);
    let body = match Paragraph::parse_optional(form.value(NoteField::Note)) {
        Ok(Some(body)) => Some(body),
        Ok(None) => {
            form.fault(NoteField::Note, complaint(TextFault::Empty, "a note"));
            None
        }
        Err(fault) => {
            form.fault(NoteField::Note, complaint(fault, "the note"));
            None
        }
    };
    let step = step(author, &staff, &mut form);
    let Some(body) = body.filter(|_| form.is_valid()) else { return Ok(Err(form)) };
    let noted = Noted { about, body, step };
    write_note(&desk.ctx, author, noted, fields.attempt().as_ref()).await?;
    Ok(Ok(()))
}

/// A note, for somebody who may see what it is about, and the page it stands on.
async fn note_for(conn: &mut Conn, who: &Who, id: NoteId) -> Result<(OfficeNote, Href), Failure> {
    let note = office_notes::find(conn, id).await?.ok_or(Failure::NotFound)?;
    let page = match &note.about {
        NoteAbout::Booking(id) => {
            let booking = registrations::find(conn, *id).await?.ok_or(Failure::NotFound)?;
            let session = sessions::find(conn, &booking.session).await?;
            who.on(&session.ok_or(Failure::NotFound)?)?;
            paths::office::booking(&booking.reference)
        }
        NoteAbout::Person(id) => {
            let may =
                who.reaches_everything() || people::is_within(conn, *id, &who.member.login).await?;
            if !may {
                return Err(Failure::Forbidden);
            }
            paths::office::person(id)
        }
        NoteAbout::Institution(code) => {
            let one = institutions::find(conn, code).await?.ok_or(Failure::NotFound)?;
            who.within(&one.alliance)?;
            paths::office::institution(code)
        }
    };
    Ok((note, page))
}

/// Asking before a note is taken back.
#[derive(Template)]
#[template(path = "office/take_back_note.html")]
struct TakeBackPage {
    chrome: Chrome,
    id: NoteId,
    body: String,
    back: Href,
}

#[get("/office/notes/<id>/take-back")]
async fn ask(desk: &State<Desk>, who: Who, id: NoteId) -> Result<Page<TakeBackPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (note, back) = note_for(&mut conn, &who, id).await?;
    if note.author != who.member.login {
        return Err(Failure::Forbidden);
    }
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    let body = note.body.as_str().to_owned();
    Ok(Page::ok(TakeBackPage { chrome, id, body, back }))
}

#[post("/office/notes/<id>/take-back")]
async fn take_back(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: NoteId,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (note, back) = note_for(&mut conn, &who, id).await?;
    drop(conn);
    if note.author != who.member.login {
        return Err(Failure::Forbidden);
    }
    take_back_note(&desk.ctx, &who.member, id).await?;
    Ok(Redirect::to(back.done("note-taken-back").at("notes")))
}

#[post("/office/notes/<id>/done")]
async fn done(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: NoteId,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (_, back) = note_for(&mut conn, &who, id).await?;
    drop(conn);
    finish_step(&desk.ctx, &who.member, id).await?;
    Ok(Redirect::to(back.done("step-done").at("notes")))
}

/// What is said once something was done about a note.
pub fn notice(done: &str) -> Option<String> {
    let words = match done {
        "noted" => "Noted. Only staff see it.",
        "note-taken-back" => "The note is taken back.",
        "step-done" => "Marked as done.",
        _ => return None,
    };
    Some(words.to_owned())
}
