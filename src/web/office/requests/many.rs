//! One answer for several bookings that ask for places on a session: ticked in a table, looked at once more,
//! then sent.

use askama::Template;
use rocket::{Route, State, post, response::Redirect, routes};

use crate::{
    actions::waiting::{
        decide_request::{DecideError, DecidedPlaces, Decision, letters_of_decision},
        take_back_answers::{answer_request, new_batch},
    },
    domain::{
        id::SessionCode, place::PlaceStatus, reference::Reference, registration::Registration,
        session::Session, text::Paragraph, wording,
    },
    store::registrations,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, text::complaint},
        guard::{DecideRequests, Granted, SameOrigin},
        next::Next,
        office::{addressed::session_for, letter_look::LetterLook, requests::said::done_words},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![answer]
}

/// What the answers are called in forms, and in the words of the last look.
const ANSWERS: [(&str, &str); 3] =
    [("approve", "Say yes to"), ("wait", "Put on the waiting list:"), ("refuse", "Say no to")];

/// The last look at one answer for several bookings.
#[derive(Template)]
#[template(path = "office/requests/many.html")]
struct AnswerManyPage {
    chrome: Chrome,
    session: Session,
    /// Those who were ticked and still ask, oldest first.
    asking: Vec<Registration>,
    /// Which answer, as the form has it.
    decision: &'static str,
    reason: String,
    /// What is wrong with the reason.
    fault: Option<String>,
    /// How many were ticked that ask no more.
    gone: usize,
    /// The letters that the first of them would get.
    letters: Vec<LetterLook>,
}

impl AnswerManyPage {
    fn refuses(&self) -> bool {
        self.decision == "refuse"
    }

    fn places(&self) -> usize {
        self.asking.iter().map(|one| one.places_in(PlaceStatus::Requested).count()).sum()
    }

    /// `Say yes to 12 bookings, 30 places`.
    fn words(&self) -> String {
        let start = ANSWERS.iter().find(|one| one.0 == self.decision).map_or("", |one| one.1);
        let bookings = wording::count(self.asking.len(), "booking", "bookings");
        format!("{start} {bookings}, {}", wording::count(self.places(), "place", "places"))
    }

    fn of(&self, one: &Registration) -> String {
        let count = one.places_in(PlaceStatus::Requested).count();
        let whom = one.sender.name().map_or_else(String::new, |name| format!(", {name}"));
        format!("{}{whom}: {}", one.leader.name, wording::count(count, "place", "places"))
    }

    /// What may come of saying yes to more than there is room for.
    fn is_tight(&self) -> bool {
        let free = usize::try_from(self.session.occupancy.free()).unwrap_or(usize::MAX);
        self.decision == "approve" && self.places() > free
    }
}

/// The letters that the first of those who were ticked would get.
async fn letters(
    desk: &Desk,
    who: &Granted<DecideRequests>,
    page: &AnswerManyPage,
) -> Result<Vec<LetterLook>, Failure> {
    let Some(first) = page.asking.first() else { return Ok(Vec::new()) };
    let reason = Paragraph::parse_optional(&page.reason).unwrap_or_default();
    let decision = decision(page.decision, reason);
    match letters_of_decision(&desk.ctx, &who.actor(), first.id, &decision).await {
        Ok(letters) => Ok(LetterLook::samples(letters, desk.ctx.now())),
        Err(DecideError::Store(error)) => Err(error.into()),
        // The answer itself says so.
        Err(DecideError::NothingAsked | DecideError::TooLate) => Ok(Vec::new()),
    }
}

fn decision(word: &str, reason: Option<Paragraph>) -> Decision {
    match word {
        "approve" => Decision::Approve,
        "wait" => Decision::Wait,
        _ => Decision::Refuse { reason },
    }
}

#[post("/office/sessions/<code>/requests/many", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<DecideRequests>,
    code: SessionCode,
    fields: Fields,
) -> Result<Next<AnswerManyPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let back = |done: &str| {
        let list = paths::office::session_requests(&code);
        Ok(Next::Go(Box::new(Redirect::to(list.done(done)))))
    };
    let ticked = fields.all("tick");
    let named = |one: &&(&str, &str)| one.0 == fields.get("decision");
    let Some((decision, _)) = ANSWERS.iter().find(named).filter(|_| !ticked.is_empty()) else {
        return back("none-ticked");
    };
    let mut asking = registrations::of_session(&mut conn, &code).await?;
    drop(conn);
    let wanted: Vec<Reference> = ticked.iter().filter_map(|one| one.parse().ok()).collect();
    asking.retain(|one| {
        wanted.contains(&one.reference) && one.places_in(PlaceStatus::Requested).next().is_some()
    });
    let reason = Paragraph::parse_optional(fields.get("reason"));
    let is_sure = fields.is("sure", "yes") && !fields.is("action", "look") && !asking.is_empty();
    let reason = match reason {
        Ok(reason) if is_sure => reason,
        typed => {
            let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
            let fault = typed.err().map(|fault| complaint(fault, "the reason"));
            let is_unusable = fault.is_some();
            let gone = ticked.len().saturating_sub(asking.len());
            let reason = fields.get("reason").to_owned();
            let mut page = AnswerManyPage {
                chrome,
                session,
                asking,
                decision,
                reason,
                fault,
                gone,
                letters: vec![],
            };
            if !is_unusable {
                page.letters = letters(desk, &who, &page).await?;
            }
            let page = if is_unusable { Page::unprocessable(page) } else { Page::ok(page) };
            return Ok(Next::Show(Box::new(page)));
        }
    };
    match answer_all(desk, &who, &code, asking, &self::decision(decision, reason)).await? {
        DecidedPlaces { confirmed: 0, waiting: 0, refused: 0, .. } => back("gone"),
        done => back(&done_words(done)),
    }
}

/// Gives all of them one answer, which is taken back as one.
async fn answer_all(
    desk: &Desk,
    who: &Granted<DecideRequests>,
    code: &SessionCode,
    asking: Vec<Registration>,
    decision: &Decision,
) -> Result<DecidedPlaces, Failure> {
    let (mut all, batch) = (DecidedPlaces::default(), new_batch(&desk.ctx));
    for one in asking {
        match answer_request(&desk.ctx, &who.actor(), one.id, decision.clone(), batch).await {
            Ok(done) => {
                all.confirmed += done.confirmed;
                all.waiting += done.waiting;
                all.refused += done.refused;
                all.is_noted |= done.is_noted;
            }
            Err(DecideError::NothingAsked) => {}
            Err(error @ (DecideError::TooLate | DecideError::Store(_))) => {
                let list = paths::office::session_requests(code);
                return Err(Failure::from(error).leads(list, "Back to the requests"));
            }
        }
    }
    Ok(all)
}
