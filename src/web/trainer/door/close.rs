//! Closing a day: whoever is not here did not come.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::door::{
        close_sitting::{SittingTurnout, close_sitting},
        open::{DoorError, open_door},
    },
    domain::{attendance::WalkIn, id::SessionCode, session::Session, sitting::Sitting, wording},
    web::{
        Desk,
        failure::Failure,
        guard::{CheckIn, Granted, SameOrigin},
        page::{Chrome, Page},
        paths::{self, Href},
    },
};

/// Asking before a day is closed.
#[derive(Template)]
#[template(path = "trainer/door/close.html")]
struct CloseSittingPage {
    chrome: Chrome,
    session: Session,
    sitting: Sitting,
    /// Whether it has begun.
    has_begun: bool,
    /// How many people with a place are not here.
    missing: usize,
    /// How many people are here.
    here: usize,
    /// How many lines of devices wait for a word.
    questions: usize,
    /// Who came without a booking and of whom a device sent what nobody could use.
    unread: Vec<WalkIn>,
}

impl CloseSittingPage {
    fn door(&self) -> Href {
        paths::trainer::door(&self.session.code, &self.sitting.number)
    }

    fn question_words(&self) -> String {
        wording::count(self.questions, "line of a phone waits", "lines of phones wait")
    }

    fn missing_words(&self) -> String {
        wording::count(self.missing, "person is", "people are")
    }
}

#[get("/trainer/sessions/<code>/check-in/<number>/close")]
async fn ask_close(
    desk: &State<Desk>,
    who: Granted<CheckIn>,
    code: SessionCode,
    number: u32,
) -> Result<Page<CloseSittingPage>, Failure> {
    let open = open_door(&desk.ctx, &who.member, &code, number, false).await?;
    Ok(Page::ok(CloseSittingPage {
        chrome: desk.staff_chrome(&who.member),
        has_begun: open.sitting.starts_at <= desk.ctx.now(),
        missing: open.door.missing().count(),
        here: open.door.count_here(),
        questions: open.door.questions.len(),
        unread: open.door.walk_ins.into_iter().filter(|one| one.unread.is_some()).collect(),
        session: open.session,
        sitting: open.sitting,
    }))
}

#[post("/trainer/sessions/<code>/check-in/<number>/close")]
async fn close(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<CheckIn>,
    code: SessionCode,
    number: u32,
) -> Result<Redirect, Failure> {
    match close_sitting(&desk.ctx, &who.member, &code, number).await {
        Ok(SittingTurnout { came, absent }) => {
            let door = paths::trainer::door(&code, &number);
            Ok(Redirect::to(door.done(format_args!("closed.{came}.{absent}"))))
        }
        Err(DoorError::NotYet) => Ok(Redirect::to(paths::trainer::door_close(&code, &number))),
        Err(error) => Err(error.into()),
    }
}

pub fn routes() -> Vec<Route> {
    routes![ask_close, close]
}
