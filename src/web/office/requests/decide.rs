//! People who ask for places on a session: one answer for each booking.

use std::collections::HashMap;

use askama::Template;
use chrono_tz::Tz;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::prerequisites::{Unprepared, who_lacks},
        waiting::{
            decide_request::{DecideError, Decision, letters_of_decision},
            decision_day::take_back_noted,
            take_back_answers::{answer_request, new_batch},
        },
    },
    domain::{
        application::{DecisionDay, Verdict},
        id::{RegistrationId, SessionCode},
        occupancy::{Occupancy, TeamPolicy},
        place::PlaceStatus,
        reference::Reference,
        registration::Registration,
        session::Session,
        text::Paragraph,
        wording,
    },
    store::{
        Conn,
        answers::{self, StandingAnswer},
        applications, registrations, request_answers,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, text::complaint},
        guard::{DecideRequests, Granted, SameOrigin},
        next::Next,
        office::{
            addressed::session_for,
            bookings::questions::whose,
            letter_look::LetterLook,
            query::PageQuery,
            requests::said::{done_words, notice},
        },
        page::{Area, Chrome, Page},
        paths,
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, decide]
}

type Who = Granted<DecideRequests>;

/// Everybody who asks for places on a session, oldest first.
#[derive(Template)]
#[template(path = "office/requests/decide.html")]
struct RequestsPage {
    chrome: Chrome,
    notice: Option<String>,
    session: Session,
    /// Each with those of whom we do not know that they have done what comes before.
    asking: Vec<(Registration, Unprepared)>,
    /// A reason that could not be kept: whose answer it was, what was typed, and what is wrong.
    unkept: Option<Unkept>,
    /// A refusal that is read before it is sent.
    read: Option<ReadFirst>,
    /// Answers that can be taken back: which, how many bookings, and until when.
    undoable: Vec<Undoable>,
    /// Who waits or is offered places, first in the queue first.
    waiting: Vec<Registration>,
    /// When everybody is told, where that is not at once.
    day: Option<DecisionDay>,
    /// What was decided and told nobody yet.
    noted: HashMap<RegistrationId, Verdict>,
    /// What was answered to questions.
    answered: Vec<StandingAnswer>,
}

/// A reason that could not be kept.
#[derive(Debug)]
struct Unkept {
    reference: String,
    reason: String,
    words: String,
}

/// Answers that can be taken back.
#[derive(Debug)]
struct Undoable {
    batch: String,
    /// `3 bookings are answered.`
    words: String,
    /// When their letters leave.
    until: String,
}

/// A refusal that is read before it is sent: whose, why, and the letters.
#[derive(Debug)]
struct ReadFirst {
    reference: String,
    reason: String,
    letters: Vec<LetterLook>,
}

impl RequestsPage {
    /// The refusal of somebody that is read before it is sent.
    fn read(&self, one: &Registration) -> Option<&ReadFirst> {
        let reference = one.reference.to_string();
        self.read.as_ref().filter(|read| read.reference == reference)
    }

    /// What was typed for somebody, and what is wrong with it.
    fn unkept(&self, one: &Registration) -> Option<&Unkept> {
        let reference = one.reference.to_string();
        self.unkept.as_ref().filter(|unkept| unkept.reference == reference)
    }

    /// Of whom we do not know that they have done what comes before.
    fn lacking(&self, unprepared: &Unprepared) -> String {
        let names: Vec<_> = unprepared.lacking.iter().chain(&unprepared.unclear).collect();
        if names.is_empty() { "Nothing".to_owned() } else { wording::list(&names) }
    }

    fn prerequisites(&self) -> String {
        let courses = self.session.course.prerequisites.iter();
        wording::list(&courses.map(|one| one.title.as_str()).collect::<Vec<_>>())
    }

    /// What somebody in the queue waits for, or until when it is offered.
    fn standing(&self, one: &Registration) -> String {
        let count = |status| one.places_in(status).count();
        let waiting = count(PlaceStatus::Waiting);
        match one.offered_until() {
            Some(until) => {
                let offered = wording::count(count(PlaceStatus::Offered), "place", "places");
                let until = wording::moment(until, self.session.zone());
                format!("{offered} offered until {until}")
            }
            None if one.team == TeamPolicy::Together && waiting > 1 => {
                format!("{waiting} people, all together")
            }
            None => wording::count(waiting, "person", "people"),
        }
    }

    fn places(&self, registration: &Registration) -> String {
        let count = registration.places_in(PlaceStatus::Requested).count();
        wording::count(count, "place", "places")
    }

    fn names(&self, registration: &Registration) -> String {
        let places = registration.places_in(PlaceStatus::Requested);
        let names = places.map(|place| {
            place.attendee.as_ref().map_or("name to follow", |attendee| attendee.name.as_str())
        });
        wording::list(&names.collect::<Vec<_>>())
    }

    /// Each question with what this booking says, and of whom where several ask.
    fn answers(&self, one: &Registration) -> Vec<(&str, String)> {
        let hers = self.answered.iter().filter(|answer| answer.registration == one.id);
        let said = |answer: &'_ StandingAnswer| match one.places.len() {
            1 => answer.answered.said(),
            _ => format!("{}: {}", whose(one, answer), answer.answered.said()),
        };
        hers.map(|answer| (answer.answered.wording.as_str(), said(answer))).collect()
    }

    fn noted(&self, one: &Registration) -> Option<&'static str> {
        self.noted.get(&one.id).map(|verdict| verdict.called())
    }

    /// When whoever is decided on is told, where that is not at once.
    fn told(&self) -> Option<String> {
        let day = self.day?;
        Some(match day.tell_at {
            Some(at) => format!("Everybody is told at {}.", wording::deadline(at, self.zone())),
            None => "Nobody is told before you say so.".to_owned(),
        })
    }

    fn zone(&self) -> Tz {
        self.session.zone()
    }

    fn when(&self, registration: &Registration) -> String {
        registration.booked_at.map_or_else(String::new, |at| stamp(at, self.zone()))
    }

    fn free(&self) -> String {
        let Occupancy { capacity, promised, .. } = self.session.occupancy;
        let promised = match promised {
            0 => String::new(),
            promised => format!(", {promised} more promised"),
        };
        format!("{} of {capacity} places are free{promised}", self.session.occupancy.free())
    }
}

#[get("/office/sessions/<code>/requests?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: PageQuery<'_>,
) -> Result<Page<RequestsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let page = page(desk, &mut conn, &who, session).await?;
    let waits = !page.undoable.is_empty() || page.day.is_some();
    let notice = asked.done.and_then(|done| notice(done, waits));
    Ok(Page::ok(RequestsPage { notice, ..page }))
}

async fn page(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    session: Session,
) -> Result<RequestsPage, Failure> {
    let mut asking = registrations::of_session(conn, &session.code).await?;
    let mut waiting: Vec<_> = asking.iter().filter(|one| one.queue().is_some()).cloned().collect();
    waiting.sort_by_key(Registration::queue);
    asking.retain(|one| one.places_in(PlaceStatus::Requested).next().is_some());
    let mut all = Vec::with_capacity(asking.len());
    for booking in asking {
        let unprepared = who_lacks(conn, &session, &booking).await?;
        all.push((booking, unprepared));
    }
    let open = request_answers::open(conn, &session.code, desk.ctx.now()).await?;
    let undoable = open.into_iter().map(|(batch, bookings, until)| {
        let bookings = usize::try_from(bookings).unwrap_or(0);
        Undoable {
            batch: batch.to_string(),
            words: wording::count(bookings, "booking is answered", "bookings are answered"),
            until: wording::deadline(until, session.zone()),
        }
    });
    let undoable = undoable.collect();
    let day = applications::day(conn, &session.code).await?;
    let noted = applications::decisions(conn, &session.code).await?;
    Ok(RequestsPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice: None,
        unkept: None,
        read: None,
        undoable,
        answered: answers::of_session(conn, &session.code).await?,
        day: day.filter(|day| day.holds_at(desk.ctx.now())),
        noted: noted.into_iter().map(|(id, decided)| (id, decided.verdict)).collect(),
        session,
        asking: all,
        waiting,
    })
}

/// The answer that a button sends; what was noted is taken back with `none`.
fn decision_of(word: &str, reason: Option<Paragraph>) -> Option<Decision> {
    Some(match word {
        "approve" => Decision::Approve,
        "wait" | "none" => Decision::Wait,
        "refuse" | "read-refusal" => Decision::Refuse { reason },
        _ => return None,
    })
}

/// The booking that is answered; it must be of the session whose organiser this is.
async fn asked_of(
    conn: &mut Conn,
    fields: &Fields,
    code: &SessionCode,
) -> Result<Option<RegistrationId>, Failure> {
    let Ok(reference) = fields.get("reference").parse::<Reference>() else { return Ok(None) };
    let found = registrations::find_by_reference(conn, &reference).await?;
    let Some(id) = found else { return Ok(None) };
    let registration = registrations::find(conn, id).await?;
    if registration.is_none_or(|one| one.session != *code) {
        return Err(Failure::Forbidden);
    }
    Ok(Some(id))
}

#[post("/office/sessions/<code>/requests", data = "<fields>")]
async fn decide(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Next<RequestsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let to = paths::office::session_requests(&code);
    let list = if fields.is("back", "compare") {
        paths::desk::compare_requests(&code)
    } else {
        to.clone()
    };
    let back = |done: &str| Next::Go(Box::new(Redirect::to(list.clone().done(done))));
    let reason = match Paragraph::parse_optional(fields.get("reason")) {
        Ok(reason) => reason,
        Err(fault) => {
            let unkept = Some(Unkept {
                reference: fields.get("reference").to_owned(),
                reason: fields.get("reason").to_owned(),
                words: complaint(fault, "the reason"),
            });
            let page = page(desk, &mut conn, &who, session).await?;
            let page = Page::unprocessable(RequestsPage { unkept, ..page });
            return Ok(Next::Show(Box::new(page)));
        }
    };
    let Some(decision) = decision_of(fields.get("decision"), reason) else {
        return Ok(back("nothing"));
    };
    let Some(id) = asked_of(&mut conn, &fields, &code).await? else { return Ok(back("gone")) };
    if fields.is("decision", "none") {
        drop(conn);
        let was_there = take_back_noted(&desk.ctx, &who.actor(), id).await?;
        return Ok(back(if was_there { "taken-back" } else { "too-late" }));
    }
    if fields.is("decision", "read-refusal") {
        drop(conn);
        return match letters_of_decision(&desk.ctx, &who.actor(), id, &decision).await {
            Ok(letters) => {
                let mut conn = desk.ctx.store.read().await?;
                let read = Some(ReadFirst {
                    reference: fields.get("reference").to_owned(),
                    reason: fields.get("reason").to_owned(),
                    letters: LetterLook::samples(letters, desk.ctx.now()),
                });
                let page = page(desk, &mut conn, &who, session).await?;
                Ok(Next::Show(Box::new(Page::ok(RequestsPage { read, ..page }))))
            }
            Err(DecideError::NothingAsked) => Ok(back("gone")),
            Err(error) => Err(Failure::from(error).leads(to, "Back to the requests")),
        };
    }
    drop(conn);
    let batch = new_batch(&desk.ctx);
    match answer_request(&desk.ctx, &who.actor(), id, decision, batch).await {
        Ok(done) => Ok(back(&done_words(done))),
        Err(DecideError::NothingAsked) => Ok(back("gone")),
        Err(error @ (DecideError::TooLate | DecideError::Store(_))) => {
            Err(Failure::from(error).leads(to, "Back to the requests"))
        }
    }
}
