//! The page of the first step: how many places, and who is booking. It begins a hold, joins the waiting list
//! of a session that is full, or asks the organiser.

use askama::Template;
use rocket::response::Redirect;

use super::{
    choosable,
    form::{Field, parse_start},
    institution::Choice,
};
use crate::{
    actions::booking::hold_places::HoldRequest,
    domain::{
        id::SessionCode,
        session::{BookingMode, BookingStatus, Session},
        wording,
    },
    store::{institutions, sessions},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        next::Next,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

/// Step 1: how many places, and who is booking.
#[derive(Debug, Template)]
#[template(path = "booking/start.html")]
pub(super) struct BookingStart {
    chrome: Chrome,
    session: Session,
    /// The institutions to choose from.
    choice: Choice,
    /// What the form is for.
    kind: StartKind,
    form: FormState<Field>,
    /// The evenings to choose from, where it is of a series.
    pub(super) series: Option<choosable::Choice>,
}

impl BookingStart {
    fn title(&self) -> &'static str {
        match self.kind {
            StartKind::Hold { .. } if self.series.is_some() => "Which evenings, and who are you?",
            StartKind::Hold { .. } => "How many places, and who are you?",
            StartKind::Wait { .. } => "Join the waiting list",
            StartKind::Ask => "Ask for places",
        }
    }

    fn is_hold(&self) -> bool {
        matches!(self.kind, StartKind::Hold { .. })
    }

    /// Where she came from.
    fn back(&self) -> (Href, &'static str) {
        match &self.series {
            Some(series) => (paths::public::series(&series.series), "Back to the series"),
            None => (paths::public::session(&self.session.code), "Back to the session"),
        }
    }

    fn offers_list(&self) -> bool {
        self.kind == StartKind::Hold { short: true }
    }

    fn action(&self) -> Href {
        let code = &self.session.code;
        if let Some(series) = &self.series {
            paths::booking::start_series(&series.series)
        } else if self.is_hold() {
            paths::booking::start(code)
        } else {
            paths::booking::waiting_list(code)
        }
    }

    /// What somebody who joins the list should know first.
    fn rule(&self) -> Option<String> {
        match self.kind {
            StartKind::Wait { ahead, hours } => {
                let ahead = match ahead {
                    0 => "Nobody is ahead of you.".to_owned(),
                    1 => "1 booking is ahead of you.".to_owned(),
                    many => format!("{many} bookings are ahead of you."),
                };
                Some(format!(
                    "{ahead} If a place comes free we offer it to the first on the list it is \
                     enough for: by email, or by phone without an address, and under their private link. They have {hours} hours to take it, less when the day is near, then we \
                     offer it to the next."
                ))
            }
            StartKind::Ask => Some(
                "Every place is taken for now. The organiser reads each request. The answer comes \
                 by email, and stands under your private link."
                    .to_owned(),
            ),
            StartKind::Hold { .. } => None,
        }
    }

    /// Whether a team might have to be split, so that its leader is asked beforehand (B4).
    fn asks_team(&self) -> bool {
        let session = &self.session;
        session.waiting_list
            && session.mode == BookingMode::Instant
            && session.places_per_booking > 1
            && (!self.is_hold()
                || session.places_per_institution.is_some()
                || session.occupancy.open_to_all() < 2 * session.places_per_booking)
    }

    /// Whether the name is asked for: the institution is not on the list, and was not typed to look for it.
    fn asks_name_of_institution(&self) -> bool {
        self.form.is(Field::Institution, "other")
            || !self.form.value(Field::InstitutionOther).is_empty()
            || self.form.error(Field::InstitutionOther).is_some()
    }

    fn asks_nomination(&self) -> bool {
        !self.is_hold() && !self.session.course.prerequisites.is_empty()
    }

    fn numbers(&self) -> Vec<String> {
        (1..=self.session.places_per_booking).map(|number| number.to_string()).collect()
    }
}

/// What the first step leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StartKind {
    /// Places are held.
    Hold {
        /// Whether fewer were left than were asked for, so that waiting is offered.
        short: bool,
    },
    /// The waiting list.
    Wait {
        /// How many registrations wait already.
        ahead: usize,
        /// How long an offer usually lasts, in hours.
        hours: i64,
    },
    /// A request, though every place is taken: the organiser decides.
    Ask,
}

pub(super) async fn session(desk: &Desk, code: &SessionCode) -> Result<Session, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = sessions::find(&mut conn, code).await?;
    found.filter(Session::has_page).ok_or(Failure::NotFound)
}

pub(super) fn is_open(desk: &Desk, session: &Session) -> bool {
    matches!(session.booking_status(desk.ctx.now()), BookingStatus::Open { .. })
}

/// Whether people can wait for this session, or ask for it though it is full.
pub(super) fn can_wait(session: &Session) -> bool {
    session.waiting_list || session.mode == BookingMode::Approval
}

pub(super) fn to_session(code: &SessionCode) -> Next<BookingStart> {
    Next::Go(Box::new(Redirect::to(paths::public::session(code))))
}

pub(super) async fn start_page(
    desk: &Desk,
    session: Session,
    kind: StartKind,
    form: FormState<Field>,
) -> Result<BookingStart, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let choice = Choice::of(&mut conn, &session, &form).await?;
    let chrome = desk.private_chrome(Area::Find);
    Ok(BookingStart { chrome, session, choice, kind, form, series: None })
}

/// What was sent, read; or the page that says what to put right.
pub(super) enum Sent {
    Read(Box<(HoldRequest, FormState<Field>)>),
    Again(Next<BookingStart>),
}

pub(super) async fn read(
    desk: &Desk,
    session: &Session,
    kind: StartKind,
    fields: &Fields,
) -> Result<Sent, Failure> {
    let mut form = FormState::sent(fields);
    if fields.has(Field::Action, "filter") {
        let page = start_page(desk, session.clone(), kind, form).await?;
        return Ok(Sent::Again(Next::Show(Box::new(Page::ok(page)))));
    }
    let mut conn = desk.ctx.store.read().await?;
    Choice::of(&mut conn, session, &form).await?.settle(&mut form);
    let chosen = institutions::open_to_bookings(&mut conn, form.value(Field::Institution)).await?;
    drop(conn);
    match parse_start(session, chosen.as_slice(), &mut form) {
        // The same form with other answers is another attempt: she went back and changed her mind.
        Some(mut request) => {
            request.attempt = fields.attempt().map(|attempt| attempt.row_id().to_string());
            Ok(Sent::Read(Box::new((request, form))))
        }
        None => {
            let page = start_page(desk, session.clone(), kind, form).await?;
            Ok(Sent::Again(Next::Show(Box::new(Page::unprocessable(page)))))
        }
    }
}
