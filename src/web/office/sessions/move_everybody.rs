//! Everybody to another date, before a session is called off: a look at what becomes of each booking first.

use askama::Template;
use rocket::{Route, State, get, post, routes};

use super::change::{Who, told};
use crate::{
    actions::sessions::{
        change_session::{ChangeSessionError, may_change},
        move_everybody::{
            BookingFate, Everybody, MoveEverybodyError, Stays, look_at_moving, move_everybody,
        },
    },
    domain::{
        id::SessionCode,
        plan::SessionPlan,
        session::{Publication, Session},
        text::Paragraph,
        wording,
    },
    store::sessions,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields},
        guard::SameOrigin,
        next::Next,
        office::{addressed::session_for, letter_look::LetterLook},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, move_them]
}

form_fields! {
    /// The other date, what those who are cancelled are told, and CANCEL.
    enum Field {
        To = "to",
        Why = "why",
        Typed = "typed",
    }
}

#[derive(Template)]
#[template(path = "office/sessions/move_everybody.html")]
struct MoveEverybodyPage {
    chrome: Chrome,
    session: Session,
    /// Other dates of the course that she looks after.
    dates: Vec<Session>,
    form: FormState<Field>,
    /// What would become of everybody.
    look: Option<Everybody>,
    /// The letters it would be: two of each kind.
    letters: Vec<LetterLook>,
}

impl MoveEverybodyPage {
    /// The dates she can choose.
    fn choices(&self) -> Vec<(&str, String)> {
        self.dates.iter().map(|date| (date.code.as_str(), self.when(date))).collect()
    }

    fn when(&self, session: &Session) -> String {
        let free = wording::count(session.occupancy.free() as usize, "place free", "places free");
        let place = session.location.public_line();
        format!("{}, {}. {place}. {free}", wording::days(session), wording::hours(session))
    }

    fn places(&self, fate: &BookingFate) -> String {
        wording::count(fate.places, "place", "places")
    }

    fn becomes(&self, fate: &BookingFate) -> &'static str {
        match fate.stays {
            None => "Moves, and gets one letter that says so",
            Some(Stays::Full) => "There is not enough room: cancelled, and told so",
            Some(Stays::AlreadyThere) => {
                "Somebody seems to be on that date already: cancelled, and told so"
            }
            Some(Stays::Came) => {
                "Somebody was here on a day that has begun: keeps it, the rest is cancelled"
            }
        }
    }

    fn words(&self, look: &Everybody) -> String {
        format!("Move {} and cancel the session", wording::count(look.moved(), "place", "places"))
    }

    fn waiting(&self, look: &Everybody) -> String {
        wording::count(look.waiting, "booking asks or waits", "bookings ask or wait")
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    form: FormState<Field>,
) -> Result<MoveEverybodyPage, Failure> {
    let now = desk.ctx.now();
    let mut dates = sessions::ending_after(&mut desk.ctx.store.read().await?, now).await?;
    dates.retain(|one| {
        one.course.slug == session.course.slug
            && one.code != session.code
            && one.publication == Publication::Published
            && who.reaches(&one.alliance.slug)
    });
    dates.sort_by_key(Session::starts_at);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(MoveEverybodyPage { chrome, session, dates, form, look: None, letters: Vec::new() })
}

#[get("/office/sessions/<code>/move-everybody")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<MoveEverybodyPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    if let Err(refused) = may_change(&session, desk.ctx.now()) {
        let back = paths::office::session(&code);
        return Err(Failure::from(refused).leads(back, "Back to the session"));
    }
    let mut form = FormState::default();
    form.draw_from(edited::field(Some(&SessionPlan::of(&session))));
    Ok(Page::ok(page(desk, &who, session, form).await?))
}

/// What must be said before anybody is moved.
fn check(form: &mut FormState<Field>, says_why: bool) {
    if !says_why {
        form.fault(Field::Why, "Say why, in up to 1,000 letters");
    }
    if form.value(Field::Typed).trim() != "CANCEL" {
        form.fault(Field::Typed, "Type CANCEL in capital letters");
    }
}

#[post("/office/sessions/<code>/move-everybody", data = "<fields>")]
async fn move_them(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Next<MoveEverybodyPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let (mut form, drawn) = (FormState::sent(&fields), edited::drawn(&fields));
    let to = form.value(Field::To).parse::<SessionCode>().ok();
    let found = match &to {
        Some(to) => sessions::find(&mut desk.ctx.store.read().await?, to).await?,
        None => None,
    };
    let Some(to) = found else {
        form.fault(Field::To, "Choose another date");
        let page = page(desk, &who, session, form).await?;
        return Ok(Next::Show(Box::new(Page::unprocessable(page))));
    };
    who.on(&to)?;
    let (actor, both) = (who.actor(), (&code, &to.code));
    let why = Paragraph::parse_optional(form.value(Field::Why));
    let is_sure = fields.is("sure", "yes");
    if is_sure {
        check(&mut form, matches!(why, Ok(Some(_))));
    }
    let refused = if let (true, true, Ok(why)) = (is_sure, form.is_valid(), &why) {
        let said = (why.as_ref(), drawn.as_ref());
        match move_everybody(&desk.ctx, &actor, both, said).await {
            Ok(done) => return Ok(Next::Go(Box::new(told(&code, "cancelled", done.told)))),
            Err(error) => Some(error),
        }
    } else {
        None
    };
    let why = why.ok().flatten();
    let looked = look_at_moving(&desk.ctx, &actor, both, why.as_ref()).await;
    let look = match (refused, looked) {
        (None, Ok(look)) => Some(look),
        (Some(MoveEverybodyError::Change(ChangeSessionError::Conflicts(_))), Ok(look)) => {
            form.draw_from(edited::field(Some(&SessionPlan::of(&session))));
            form.fault(
                Field::Typed,
                "The session has changed since the page was opened. Look again",
            );
            Some(look)
        }
        (Some(MoveEverybodyError::NotThere), _) | (None, Err(MoveEverybodyError::NotThere)) => {
            form.fault(Field::To, "Choose another date of this course that takes bookings");
            None
        }
        (Some(MoveEverybodyError::Change(error)), _)
        | (None, Err(MoveEverybodyError::Change(error))) => {
            let back = paths::office::session(&code);
            return Err(Failure::from(error).leads(back, "Back to the session"));
        }
    };
    let is_valid = form.is_valid();
    let (look, letters) = look.unzip();
    let letters = LetterLook::samples(letters.unwrap_or_default(), desk.ctx.now());
    let page = MoveEverybodyPage { look, letters, ..page(desk, &who, session, form).await? };
    let page = if is_valid { Page::ok(page) } else { Page::unprocessable(page) };
    Ok(Next::Show(Box::new(page)))
}
