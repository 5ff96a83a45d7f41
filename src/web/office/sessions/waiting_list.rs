//! Who waits for a session: in which order, why somebody is passed, and what is offered until when.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::places::settle::in_line,
    domain::{
        id::SessionCode,
        occupancy::TeamPolicy,
        place::{PlaceState, PlaceStatus},
        registration::Registration,
        session::Session,
        waiting_list::Passed,
        wording,
    },
    store::{
        answers::{self, StandingAnswer},
        registrations,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings},
        office::{addressed::session_for, bookings::questions::whose as answers_whose},
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show]
}

#[derive(Template)]
#[template(path = "office/sessions/waiting_list.html")]
struct WaitingListPage {
    chrome: Chrome,
    session: Session,
    notice: Option<&'static str>,
    offers: Vec<OfferLine>,
    line: Vec<WaiterLine>,
    /// Until when anything can be offered.
    closes: Option<String>,
}

/// What is offered to a booking.
struct OfferLine {
    booking: Registration,
    /// Who leads it, and for whom.
    whose: String,
    places: String,
    until: String,
    answers: Vec<(String, String)>,
}

/// A booking that waits.
struct WaiterLine {
    booking: Registration,
    /// Who leads it, and for whom.
    whose: String,
    /// Where it stands, from 1.
    position: usize,
    places: String,
    /// Why others are offered what comes free before it.
    passed: Option<String>,
    /// What they answered, each with whose answer and to what.
    answers: Vec<(String, String)>,
}

impl WaiterLine {
    fn move_up(&self) -> Option<Href> {
        (self.position > 1).then(|| paths::office::booking_move_up(&self.booking.reference))
    }
}

impl WaitingListPage {
    fn free(&self) -> String {
        wording::count(self.session.occupancy.free() as usize, "place is free", "places are free")
    }
}

/// Whoever leads it, and for whom.
fn whose(booking: &Registration) -> String {
    let leader = &booking.leader.name;
    match booking.sender.name() {
        Some(sender) => format!("{leader}, for {sender}"),
        None => leader.to_string(),
    }
}

/// What was answered on a booking, to what and by whom.
fn answers_of(booking: &Registration, all: &[StandingAnswer]) -> Vec<(String, String)> {
    let hers = all.iter().filter(|one| one.registration == booking.id);
    let said = |one: &StandingAnswer| {
        let (whose, answered) = (answers_whose(booking, one), &one.answered);
        (format!("{} ({whose})", answered.wording), answered.said())
    };
    hers.map(said).collect()
}

fn offer(
    session: &Session,
    booking: &Registration,
    answered: &[StandingAnswer],
) -> Option<OfferLine> {
    let mut offered = booking.places_in(PlaceStatus::Offered).peekable();
    let PlaceState::Offered { until, .. } = offered.peek()?.state else { return None };
    Some(OfferLine {
        places: wording::count(offered.count(), "place", "places"),
        until: wording::moment(until, session.zone()),
        whose: whose(booking),
        answers: answers_of(booking, answered),
        booking: booking.clone(),
    })
}

fn passed(session: &Session, why: Passed) -> String {
    match why {
        Passed::Rests(until) => format!(
            "Passed: they let an offer go, and are asked again from {}",
            wording::moment(until, session.zone())
        ),
        Passed::InstitutionFull => {
            "Passed: their institution has all the places it can have".to_owned()
        }
        Passed::KeptForOthers => {
            "Passed: what is free is kept for groups they do not belong to".to_owned()
        }
        Passed::TooMany => {
            "Passed while they do not fit: they come all together or not at all".to_owned()
        }
    }
}

#[get("/office/sessions/<code>/waiting-list?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<ManageBookings>,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<WaitingListPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let waiters = in_line(&desk.ctx, &session).await?;
    let mut conn = desk.ctx.store.read().await?;
    let bookings = registrations::of_session(&mut conn, &code).await?;
    let answered = answers::of_session(&mut conn, &code).await?;
    drop(conn);
    let line = waiters.iter().zip(1..).filter_map(|((waiter, why), position)| {
        let booking = bookings.iter().find(|one| one.id == waiter.registration)?.clone();
        let places = wording::count(waiter.places as usize, "person", "people");
        let places = match waiter.team {
            TeamPolicy::Together if waiter.places > 1 => format!("{places}, all together"),
            _ => places,
        };
        let passed = why.map(|why| passed(&session, why));
        let (whose, answers) = (whose(&booking), answers_of(&booking, &answered));
        Some(WaiterLine { whose, booking, position, places, passed, answers })
    });
    let notice = match done {
        Some("moved") => Some("Done. They stand further up now; the log says why."),
        Some("withdrawn") => Some("Done. The offer is taken back, and they wait on."),
        _ => None,
    };
    let can_offer = session.offer_deadline(desk.ctx.now(), desk.ctx.offer).is_some();
    let closes = session.closes_at().filter(|_| can_offer);
    Ok(Page::ok(WaitingListPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice,
        offers: bookings.iter().filter_map(|one| offer(&session, one, &answered)).collect(),
        line: line.collect(),
        closes: closes.map(|at| wording::moment(at, session.zone())),
        session,
    }))
}
