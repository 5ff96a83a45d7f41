//! The words of one letter of an alliance: beside the original, and as they would read.

use std::sync::Arc;

use askama::Template;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use super::{Who, alliance_for};
use crate::{
    actions::{
        catalogue::word_letters::word_letter,
        edit::EditError,
        letters::specimens::{Specimen, specimen},
    },
    domain::{
        alliance::Alliance,
        edit::Drawn,
        id::{AllianceSlug, SessionCode},
        letter_wording::{LetterWording, ORIGINAL_CLOSING, WordedLetter, WordingOf},
        placeholder::{self, Placeholder},
        session::{Publication, Session},
        text::{Name, Paragraph},
        wording,
    },
    store::{Conn, registrations, sessions},
    web::{
        Desk, asked,
        failure::Failure,
        forms::{
            Fields, FormField, FormState, WholeForm,
            edited::{self, DRAWN},
            form_fields,
            text::complaint,
        },
        guard::SameOrigin,
        next::Next,
        office::letter_look::LetterLook,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

form_fields! {
    /// The parts of a letter that may be worded.
    enum Field {
        Subject = "subject",
        Opening = "opening",
        Closing = "closing",
    }
}

#[derive(Template)]
#[template(path = "office/wording/letter.html")]
struct LetterWordingPage {
    chrome: Chrome,
    alliance: Alliance,
    letter: WordedLetter,
    form: FormState<Field>,
    /// Sessions of the alliance to read it with, and the one that is chosen.
    sessions: Vec<Session>,
    chosen: Option<SessionCode>,
    /// It as it reads with these words, and with which data.
    looks: Vec<(String, LetterLook)>,
    /// It as it is without any.
    original: Option<LetterLook>,
}

impl LetterWordingPage {
    fn placeholders(&self) -> Vec<Placeholder> {
        self.letter.placeholders()
    }

    fn original_subject(&self) -> String {
        format!("At first: {}", self.letter.original_subject())
    }

    fn original_closing(&self) -> String {
        format!("At first: {ORIGINAL_CLOSING}")
    }

    fn is_chosen(&self, session: &Session) -> bool {
        self.chosen.as_ref() == Some(&session.code)
    }

    fn when(&self, session: &Session) -> String {
        format!("{}, {}", session.course.title, wording::days(session))
    }
}

#[derive(Debug, FromForm)]
struct Asked<'r> {
    session: Option<&'r str>,
}

fn filled(of: &WordingOf) -> FormState<Field> {
    let mut form = FormState::default();
    let LetterWording { subject, opening, closing } = of.wording.clone();
    for (part, text) in Field::FIELDS.iter().zip([subject, opening, closing]) {
        form.fill(*part, text.unwrap_or_default());
    }
    form.draw_from(Drawn::of(of).to_string());
    form
}

/// The sessions that the words can be read with: those to come that people may have booked.
async fn sessions_of(
    desk: &Desk,
    conn: &mut Conn,
    alliance: &AllianceSlug,
) -> Result<Vec<Session>, Failure> {
    let mut all = sessions::ending_after(conn, desk.ctx.now()).await?;
    all.retain(|one| one.alliance.slug == *alliance && one.publication == Publication::Published);
    all.sort_by_key(Session::starts_at);
    all.truncate(50);
    Ok(all)
}

/// The page with these words, read with made-up data and with that of a session.
async fn page(
    desk: &Desk,
    who: &Who,
    (alliance, letter): (Alliance, WordedLetter),
    (form, wording): (FormState<Field>, &LetterWording),
    chosen: Option<SessionCode>,
) -> Result<LetterWordingPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let sessions = sessions_of(desk, &mut conn, &alliance.slug).await?;
    let mut worded = alliance.clone();
    worded.words.letters.wordings.insert(letter, wording.clone());
    let (worded, mut plain) = (Arc::new(worded), alliance.clone());
    plain.words.letters.wordings.remove(&letter);
    let now = desk.ctx.now();
    let read = |about: &Specimen| {
        let one = specimen(letter, &desk.ctx.letterhead, about, now)?;
        Some(LetterLook::of(one, now))
    };
    let made_up = Specimen::made_up(Arc::clone(&worded), now);
    let mut looks: Vec<_> = made_up
        .and_then(|about| Some(("With made-up people".to_owned(), read(&about)?)))
        .into_iter()
        .collect();
    let real = sessions.iter().find(|one| chosen.as_ref().is_none_or(|code| one.code == *code));
    if let Some(session) = real {
        let booked = registrations::of_session(&mut conn, &session.code).await?;
        let booked = booked.into_iter().find(|one| one.booked_at.is_some());
        let name = format!("With {}, {}", session.course.title, wording::days(session));
        let about = Session { alliance: Arc::clone(&worded), ..session.clone() };
        looks.extend(read(&Specimen::of(about, booked)).map(|look| (name, look)));
    }
    let original = Specimen::made_up(Arc::new(plain), now).and_then(|about| read(&about));
    let chosen = real.map(|one| one.code.clone());
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(LetterWordingPage { chrome, alliance, letter, form, sessions, chosen, looks, original })
}

#[get("/office/wording/<alliance>/<letter>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    alliance: AllianceSlug,
    letter: WordedLetter,
    asked: Asked<'_>,
) -> Result<Page<LetterWordingPage>, Failure> {
    let alliance = alliance_for(&mut desk.ctx.store.read().await?, &who, &alliance).await?;
    let chosen = asked::one("session", asked.session, "it is a session of the alliance")?;
    let wording = alliance.words.letters.of(letter);
    let form = filled(&WordingOf { letter, wording: wording.clone() });
    Ok(Page::ok(page(desk, &who, (alliance, letter), (form, &wording), chosen).await?))
}

/// What was typed; a part that was not sent is as it was, and one that is empty as it was at first.
fn read(fields: &Fields, known: WordingOf) -> (FormState<Field>, LetterWording) {
    let letter = known.letter;
    let mut form = filled(&known);
    for field in Field::FIELDS.iter().filter(|field| fields.was_sent_for(**field)) {
        form.fill(*field, fields.of(*field));
    }
    if fields.was_sent(DRAWN) {
        form.draw_from(fields.get(DRAWN));
    }
    let subject = Name::parse_optional(form.value(Field::Subject));
    let subject = subject.map(|text| text.map(|text| text.to_string()));
    let passage = |form: &FormState<Field>, part: Field| {
        let text = Paragraph::parse_optional(form.value(part));
        text.map(|text| text.map(|text| text.as_str().to_owned()))
    };
    let typed = [
        (Field::Subject, subject, letter.original_subject()),
        (Field::Opening, passage(&form, Field::Opening), ""),
        (Field::Closing, passage(&form, Field::Closing), ORIGINAL_CLOSING),
    ];
    let mut said = typed.into_iter().map(|(part, text, original)| match text {
        Err(fault) => {
            form.fault(part, complaint(fault, &format!("the {}", part.name())));
            None
        }
        Ok(text) => {
            let text = text.filter(|text| text != original);
            if let Some(Err(fault)) = text.as_ref().map(|text| placeholder::check(text, letter)) {
                form.fault(part, fault.to_string());
            }
            text
        }
    });
    let mut next = || said.next().flatten();
    let wording = LetterWording { subject: next(), opening: next(), closing: next() };
    drop(said);
    (form, wording)
}

#[post("/office/wording/<alliance>/<letter>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    alliance: AllianceSlug,
    letter: WordedLetter,
    fields: Fields,
) -> Result<Next<LetterWordingPage>, Failure> {
    let known = alliance_for(&mut desk.ctx.store.read().await?, &who, &alliance).await?;
    let present = WordingOf { letter, wording: known.words.letters.of(letter) };
    let is_original = fields.is("action", "original");
    let (form, wording) = match is_original {
        true => (filled(&present), LetterWording::default()),
        false => read(&fields, present),
    };
    let chosen = fields.get("session").parse().ok();
    let about = (known, letter);
    let show = |page| Ok(Next::Show(Box::new(page)));
    if !form.is_valid() {
        let page = page(desk, &who, about, (form, &wording), chosen).await?;
        return show(Page::unprocessable(page));
    }
    if fields.is("action", "look") {
        return show(Page::ok(page(desk, &who, about, (form, &wording), chosen).await?));
    }
    let (actor, sent) = (who.actor(), WordingOf { letter, wording });
    let drawn = edited::drawn(&fields);
    match word_letter(&desk.ctx, &actor, &alliance, &sent, drawn.as_ref()).await {
        Ok(()) => {
            let done = if is_original { "original" } else { "saved" };
            let back = paths::office::wording_of(&alliance).done(done);
            Ok(Next::Go(Box::new(Redirect::to(back))))
        }
        Err(EditError::NoSuch) => Err(Failure::NotFound),
        Err(EditError::Store(error)) => Err(error.into()),
        Err(EditError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let reader = (&actor, about.0.time_zone);
            // `invite-subject` is the subject.
            let part = |key: &str| {
                let part = key.rsplit('-').next().and_then(Field::sent_as);
                part.unwrap_or(Field::Subject)
            };
            edited::tell_of(&mut conn, &mut form, &conflicts, reader, part).await?;
            drop(conn);
            let said = (form, &conflicts.hers.wording);
            show(Page::conflict(page(desk, &who, about, said, chosen).await?))
        }
    }
}
