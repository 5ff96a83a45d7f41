//! Step 3: check, then book.

use askama::Template;
use rocket::{Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::{
            book_places::confirm_booking,
            keep_draft::forget_draft,
            name_attendees::say_apart,
            prerequisites::{Unprepared, who_lacks},
            refusals::{BookError, HoldError},
        },
        questions::answer::unanswered,
    },
    domain::{
        already::sentence,
        id::{RegistrationId, SessionCode},
        place::{Place, PlaceStatus},
        question::Answered,
        registration::Registration,
        session::{BookingMode, Session},
        wording,
    },
    store::answers::{self, StandingAnswer},
    token::Token,
    web::{
        Desk,
        asking::Whom,
        booking::{
            draft::Draft,
            steps::{Answer, Steps},
            typing::{Typing, onward, typing, until_words},
        },
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        leader::together::Evening,
        next::Next,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

form_fields! {
    enum Field {
        Nomination = "nomination",
        Permission = "permission",
        SamePerson = "same_person" at "same-person",
        Change = "change",
    }
}

/// Step 3: check, then book.
#[derive(Debug, Template)]
#[template(path = "booking/check.html")]
struct BookingCheck {
    chrome: Chrome,
    session: Session,
    /// What is held.
    registration: Registration,
    /// Until when.
    until_words: String,
    check_href: Href,
    /// The evenings that are booked together.
    evenings: Vec<Evening>,
    /// Who, as far as we know, has not done the course that comes before (B7).
    nominated: Vec<String>,
    /// What was answered, each person’s under her name.
    answered: Vec<(String, Vec<Answered>)>,
    /// Of whom we cannot tell.
    unclear: Vec<String>,
    /// Whether the box was ticked, and what is said for those who lack a course.
    form: FormState<Field>,
}

impl BookingCheck {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn count(&self) -> String {
        wording::count(self.held().len(), "place", "places")
    }

    /// How many people will wait because fewer places could be held (B4).
    fn will_wait(&self) -> usize {
        (self.registration.asked as usize).saturating_sub(self.held().len())
    }

    /// Whether the organiser is told why they ask: where she decides of everybody and asks nothing of her own.
    fn asks_why(&self) -> bool {
        self.session.mode == BookingMode::Approval && self.answered.is_empty()
    }

    /// What the button does: `Book 2 places`, or `Ask for 2 places` where the organiser decides.
    fn button(&self) -> String {
        let is_request = self.session.mode == BookingMode::Approval
            || self.nominated.len() + self.unclear.len() == self.held().len();
        let verb = if is_request { "Ask for" } else { "Book" };
        match self.evenings.len() {
            0 | 1 => format!("{verb} {}", self.count()),
            many => format!("{verb} {} on {many} evenings", self.count()),
        }
    }

    /// Whether somebody is named who has to know; a leader who comes alone knows.
    fn needs_permission(&self) -> bool {
        names_others(&self.registration)
    }

    /// The first person, where step 2 begins.
    fn first(&self) -> u32 {
        self.held().first().map_or(1, |place| place.number)
    }

    fn prerequisites(&self) -> String {
        let titles: Vec<&str> =
            self.session.course.prerequisites.iter().map(|one| one.title.as_str()).collect();
        wording::list(&titles)
    }
}

async fn check_page(
    desk: &Desk,
    step: Typing,
    steps: Steps,
    form: FormState<Field>,
) -> Result<BookingCheck, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let unprepared = match step.session.mode {
        BookingMode::Instant => who_lacks(&mut conn, &step.session, &step.registration).await?,
        BookingMode::Approval => Unprepared::default(),
    };
    let standing = match step.questions.is_empty() {
        true => Vec::new(),
        false => answers::of_registration(&mut conn, step.registration.id).await?,
    };
    drop(conn);
    Ok(BookingCheck {
        answered: by_person(&step.registration, &standing),
        nominated: unprepared.lacking,
        unclear: unprepared.unclear,
        chrome: desk.private_chrome(Area::Find),
        until_words: until_words(&step.session, &step.registration),
        session: step.session,
        registration: step.registration,
        check_href: steps.check,
        evenings: step.evenings,
        form,
    })
}

/// The answers of each person under her name, those of the booking first.
fn by_person(
    registration: &Registration,
    standing: &[StandingAnswer],
) -> Vec<(String, Vec<Answered>)> {
    let whom = Whom::all(registration).into_iter();
    let of = |one: Whom| {
        let hers = standing.iter().filter(|answer| answer.place == one.place);
        (one.name, hers.map(|answer| answer.answered.clone()).collect::<Vec<_>>())
    };
    whom.map(of).filter(|(_, answers)| !answers.is_empty()).collect()
}

/// Whether something must be answered first.
async fn lacks_answers(desk: &Desk, step: &Typing) -> Result<bool, Failure> {
    if step.questions.is_empty() {
        return Ok(false);
    }
    let mut conn = desk.ctx.store.read().await?;
    let sheet = answers::given(&mut conn, step.registration.id).await?;
    Ok(unanswered(&step.questions, &sheet, &step.registration).count() > 0)
}

#[get("/sessions/<code>/register/<token>/check")]
async fn check(
    desk: &State<Desk>,
    code: SessionCode,
    token: Token,
) -> Result<Next<BookingCheck>, Failure> {
    let step = typing(desk, &code, &token).await?;
    let steps = Steps::of(&code, &token);
    if step.registration.booked_at.is_some() {
        return Ok(Next::Go(Box::new(Redirect::to(paths::leader::booked(&token)))));
    }
    if step.has_ended {
        return Ok(Next::Go(Box::new(Redirect::to(steps.people))));
    }
    let draft = Draft::of(desk, step.registration.id).await?;
    if is_unnamed(&step.registration, &draft) {
        return Ok(Next::Go(Box::new(Redirect::to(steps.people))));
    }
    if lacks_answers(desk, &step).await? {
        return Ok(Next::Go(Box::new(Redirect::to(steps.questions))));
    }
    let mut form = FormState::default();
    form.fill(Field::Nomination, draft.nomination);
    form.fill(Field::Permission, if draft.permission { "yes" } else { "" });
    let page = check_page(desk, step, steps, form).await?;
    Ok(Next::Show(Box::new(Page::ok(page))))
}

#[post("/sessions/<code>/register/<token>/check", data = "<fields>")]
async fn book(
    desk: &State<Desk>,
    _origin: SameOrigin,
    code: SessionCode,
    token: Token,
    fields: Fields,
) -> Result<Next<BookingCheck>, Failure> {
    let step = typing(desk, &code, &token).await?;
    let steps = Steps::of(&code, &token);
    let booked = paths::leader::booked(&token);
    if step.registration.booked_at.is_some() {
        return Ok(Next::Go(Box::new(Redirect::to(booked))));
    }
    let draft = Draft::of(desk, step.registration.id).await?;
    if !step.has_ended && is_unnamed(&step.registration, &draft) {
        return Ok(Next::Go(Box::new(Redirect::to(steps.people))));
    }
    let mut form = FormState::sent(&fields);
    if let Some(answer) = Answer::of(form.value(Field::Change)) {
        keep_answers(desk, step.registration.id, draft, &form).await?;
        return Ok(Next::Go(Box::new(Redirect::to(answer.href(&code, &steps)))));
    }
    if !step.has_ended && lacks_answers(desk, &step).await? {
        keep_answers(desk, step.registration.id, draft, &form).await?;
        return Ok(Next::Go(Box::new(Redirect::to(steps.questions))));
    }
    if names_others(&step.registration) && !form.is(Field::Permission, "yes") {
        form.fault(Field::Permission, "Tick to say the people named know you are booking");
    }
    let nomination = form.paragraph(Field::Nomination, "what you tell the organiser");
    // Whether the box is ticked does not matter to a hold that has ended: the verb says what became of it.
    if !form.is_valid() && !step.has_ended {
        let page = check_page(desk, step, steps, form).await?;
        return Ok(Next::Show(Box::new(Page::unprocessable(page))));
    }
    let id: RegistrationId = step.registration.id;
    let mut done = confirm_booking(&desk.ctx, id, nomination.as_ref()).await;
    if let (Err(BookError::Hold(HoldError::AlreadyThere(found))), true) =
        (&done, form.is(Field::SamePerson, "no"))
    {
        say_apart(&desk.ctx, id, found).await?;
        done = confirm_booking(&desk.ctx, id, nomination.as_ref()).await;
    }
    match done {
        Ok(_) => {
            forget_draft(&desk.ctx, id).await?;
            Ok(Next::Go(Box::new(Redirect::to(booked))))
        }
        Err(BookError::NominationMissing) => {
            form.fault(Field::Nomination, "Tell the organiser why they should come");
            let page = check_page(desk, step, steps, form).await?;
            Ok(Next::Show(Box::new(Page::unprocessable(page))))
        }
        Err(BookError::Hold(HoldError::AlreadyThere(found))) => {
            let words = format!("{}. Is this somebody else?", sentence(&found));
            form.fault(Field::SamePerson, words);
            let template = check_page(desk, step, steps, form).await?;
            Ok(Next::Show(Box::new(Page { status: Status::Conflict, template })))
        }
        Err(error) => Err(onward(Failure::from(error), desk, (&step.session, Some(&token)))),
    }
}

/// Keeps what stood on the last page, for when she comes back to it.
async fn keep_answers(
    desk: &Desk,
    id: RegistrationId,
    mut draft: Draft,
    form: &FormState<Field>,
) -> Result<(), Failure> {
    form.value(Field::Nomination).clone_into(&mut draft.nomination);
    draft.permission = form.is(Field::Permission, "yes");
    draft.keep(desk, id).await
}

/// Whether a place has neither a name nor a word that it is to follow.
fn is_unnamed(registration: &Registration, draft: &Draft) -> bool {
    registration.places.iter().any(|place| {
        place.state.status().is_open() && place.attendee.is_none() && !draft.follows(place.number)
    })
}

fn names_others(registration: &Registration) -> bool {
    let named = registration.places.iter().filter(|place| place.state.status().is_open());
    let mut named = named.filter_map(|place| place.attendee.as_ref());
    named.any(|who| who.name != registration.leader.name)
}

pub fn routes() -> Vec<Route> {
    routes![check, book]
}
