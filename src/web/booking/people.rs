//! Step 2: who is coming, while the places are held. Whoever comes alone books here.

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use super::{
    draft::Draft,
    hold_ended::HoldEndedPage,
    people_form::{Field, fill_minors, numbers, parse, put_pasted, sent},
    steps::{Answer, Steps, books_alone},
    typing::{Typing, onward, typing, until_words},
};
use crate::{
    actions::booking::{
        book_places::confirm_booking,
        hold_places::{extend_hold, hold_again},
        keep_draft::forget_draft,
        name_attendees::{drop_place, name_attendees, say_apart},
        refusals::{BookError, HoldError},
    },
    domain::{
        attendee::Attendee,
        id::SessionCode,
        place::{Place, PlaceStatus},
        question::Question,
        registration::Registration,
        session::{BookingMode, Session},
        wording,
    },
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState, WholeForm, form_fields,
            person::{OfPerson, PersonField},
        },
        guard::SameOrigin,
        leader::together::Evening,
        limits::Network,
        next::Next,
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

/// Step 2: who is coming, while the places are held.
#[derive(Debug, Template)]
#[template(path = "booking/people.html")]
struct BookingPeople {
    chrome: Chrome,
    session: Session,
    /// What is held.
    registration: Registration,
    /// What happened to the hold.
    notice: Option<&'static str>,
    /// Until when the places are held; empty if they are not.
    until_words: String,
    people_href: Href,
    /// By how many minutes the hold can be made longer.
    hold_minutes: i64,
    /// What the session asks, on the next page.
    questions: Vec<Question>,
    /// The evenings that are booked together.
    evenings: Vec<Evening>,
    /// Whether somebody may be on the session already, and her leader is asked (H2).
    asks_same: bool,
    form: FormState<Field>,
}

impl BookingPeople {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn is_alone(&self) -> bool {
        books_alone(&self.session, &self.registration, &self.questions)
    }

    /// What Enter does.
    fn onward(&self) -> &'static str {
        if self.is_alone() { "book" } else { "continue" }
    }

    fn title(&self) -> &'static str {
        if self.is_alone() { "Check, then book" } else { "Who is coming?" }
    }

    /// What the button of whoever comes alone does.
    fn button(&self) -> &'static str {
        match self.session.mode {
            BookingMode::Approval => "Ask for 1 place",
            BookingMode::Instant => "Book 1 place",
        }
    }

    fn is_leader(&self, place: &Place) -> bool {
        let leader = &self.registration.leader;
        place.attendee.as_ref().is_some_and(|who| who.name == leader.name) && place.number == 1
    }

    fn field(&self, place: &Place, field: PersonField) -> Field {
        Field::Of(OfPerson(place.number, field))
    }

    /// Whether what stands behind the line about needs is to be seen: something was typed there.
    fn shows_needs(&self, place: &Place) -> bool {
        let needs = [
            PersonField::Diet,
            PersonField::Allergy,
            PersonField::Access,
            PersonField::Interpreter,
        ];
        needs.iter().any(|field| {
            let field = self.field(place, *field);
            !self.form.value(field).is_empty() || self.form.error(field).is_some()
        })
    }

    /// Whether there are so many that their names are typed in one box, and the rest one by one for whoever
    /// likes: a page of six people is longer than anybody wants to scroll.
    fn pastes_first(&self) -> bool {
        self.held().len() > 3
    }

    /// Whether the first person stands above the box of names: the leader, who is known by now.
    fn begins_with_leader(&self) -> bool {
        self.held().first().is_some_and(|place| self.is_leader(place))
    }

    /// What the box of names asks for.
    fn names_label(&self) -> &'static str {
        match (self.pastes_first(), self.begins_with_leader()) {
            (true, true) => "Who else is coming? One name on each line",
            (true, false) => "Who is coming? One name on each line",
            (false, _) => "Names, one on each line",
        }
    }

    /// Whether those whose names are pasted are to be seen one by one: something was typed there.
    fn shows_each(&self) -> bool {
        self.held().iter().skip(usize::from(self.begins_with_leader())).any(|place| {
            PersonField::FIELDS.iter().any(|field| {
                let field = self.field(place, *field);
                !self.form.value(field).is_empty() || self.form.error(field).is_some()
            })
        })
    }

    fn shows_names(&self) -> bool {
        !self.form.value(Field::Names).is_empty() || self.form.error(Field::Names).is_some()
    }

    fn last(&self) -> u32 {
        self.held().last().map_or(1, |place| place.number)
    }
}

/// What is said to whoever typed longer than the places were held.
const HELD_AGAIN: &str = "Your hold ended, but places were still free. We are holding them again. Nothing is booked yet.";

fn people_page(
    desk: &Desk,
    step: Typing,
    people_href: Href,
    (form, notice): (FormState<Field>, Option<&'static str>),
) -> BookingPeople {
    BookingPeople {
        chrome: desk.private_chrome(Area::Find),
        until_words: until_words(&step.session, &step.registration),
        session: step.session,
        registration: step.registration,
        questions: step.questions,
        evenings: step.evenings,
        notice,
        people_href,
        hold_minutes: desk.ctx.hold.num_minutes(),
        asks_same: false,
        form,
    }
}

/// The form as it was left: who is named, and over it what was typed.
async fn filled(desk: &Desk, registration: &Registration) -> Result<FormState<Field>, Failure> {
    let mut form = FormState::default();
    let open = registration.places.iter().filter(|place| place.state.status().is_open());
    for place in open {
        if let Some(attendee) = &place.attendee {
            form.fill_person(|field| Field::Of(OfPerson(place.number, field)), attendee);
        }
    }
    let draft = Draft::of(desk, registration.id).await?;
    if draft.is_empty() {
        fill_minors(&mut form, registration);
    } else {
        draft.fill(&mut form, &numbers(registration));
    }
    Ok(form)
}

#[get("/sessions/<code>/register/<token>/people")]
async fn people(
    desk: &State<Desk>,
    code: SessionCode,
    token: Token,
) -> Result<Either<Next<BookingPeople>, Page<HoldEndedPage>>, Failure> {
    let step = typing(desk, &code, &token).await?;
    if step.registration.booked_at.is_some() {
        let booked = Redirect::to(paths::leader::booked(&token));
        return Ok(Either::Left(Next::Go(Box::new(booked))));
    }
    if step.has_ended {
        let page = HoldEndedPage::of(desk, step.session, &token);
        return Ok(Either::Right(Page::ok(page)));
    }
    let form = filled(desk, &step.registration).await?;
    let page = people_page(desk, step, Steps::of(&code, &token).people, (form, None));
    Ok(Either::Left(Next::Show(Box::new(Page::ok(page)))))
}

#[post("/sessions/<code>/register/<token>/people", data = "<fields>")]
async fn name_people(
    desk: &State<Desk>,
    _origin: SameOrigin,
    network: Network,
    code: SessionCode,
    token: Token,
    fields: Fields,
) -> Result<Next<BookingPeople>, Failure> {
    let steps = Steps::of(&code, &token);
    let mut step = typing(desk, &code, &token).await?;
    if step.registration.booked_at.is_some() {
        return Ok(Next::Go(Box::new(Redirect::to(paths::leader::booked(&token)))));
    }
    let id = step.registration.id;
    let has_ended = step.has_ended;
    if has_ended {
        // What is typed is worth another try; the page says that it was.
        let held = hold_again(&desk.ctx, id, network.0.as_deref()).await;
        held.map_err(|error| onward(Failure::from(error), desk, (&step.session, Some(&token))))?;
        step = typing(desk, &code, &token).await?;
    }
    let (mut form, attendees) = read(desk, &step, &fields).await?;
    let press = Press::of(&fields);
    let left: Vec<_> =
        attendees.into_iter().filter(|(number, _)| press != Press::Remove(*number)).collect();
    let found = name_attendees(&desk.ctx, id, &left).await?;
    let is_pasted = form.error(Field::Names).is_none();
    if let Some(to) = elsewhere(desk, (&step, &token), (press, is_pasted), &fields).await? {
        return Ok(Next::Go(Box::new(Redirect::to(to))));
    }
    if !form.is_valid() || has_ended {
        let notice = has_ended.then_some(HELD_AGAIN);
        let page = people_page(desk, step, steps.people, (form, notice));
        return Ok(Next::Show(Box::new(Page::unprocessable(page))));
    }
    if fields.has(Button::SamePerson, "no") {
        say_apart(&desk.ctx, id, &found).await?;
    } else if !found.is_empty() {
        for one in &found {
            let words = format!("{}. Is this somebody else?", one.words());
            form.fault(Field::Of(OfPerson(one.number, PersonField::Name)), words);
        }
        let page = people_page(desk, step, steps.people, (form, None));
        let template = BookingPeople { asks_same: true, ..page };
        return Ok(Next::Show(Box::new(Page { status: Status::Conflict, template })));
    }
    if press == Press::Book && books_alone(&step.session, &step.registration, &step.questions) {
        return book_alone(desk, &step, &token, steps).await;
    }
    let next = if step.questions.is_empty() { steps.check } else { steps.questions };
    Ok(Next::Go(Box::new(Redirect::to(next))))
}

/// Where a button leads that does not go on, once what was typed is kept and it did what it says.
async fn elsewhere(
    desk: &Desk,
    (step, token): (&Typing, &Token),
    (press, is_pasted): (Press, bool),
    fields: &Fields,
) -> Result<Option<Href>, Failure> {
    let code = &step.session.code;
    let steps = Steps::of(code, token);
    let id = step.registration.id;
    match press {
        Press::Remove(number) => drop_place(&desk.ctx, id, number).await?,
        Press::Extend => {
            // Whoever asks for more time twice has it once: the page says until when.
            if let Err(error) = extend_hold(&desk.ctx, id).await
                && !matches!(error, HoldError::AlreadyExtended)
            {
                return Err(onward(Failure::from(error), desk, (&step.session, Some(token))));
            }
        }
        Press::Back => {
            return Ok(Some(match Answer::of(fields.of(Button::Change)) {
                Some(answer) => answer.href(code, &steps),
                None => steps.start,
            }));
        }
        Press::Paste if is_pasted => {}
        Press::Paste | Press::Continue | Press::Book => return Ok(None),
    }
    Ok(Some(steps.people))
}

/// Reads what was sent, and keeps it as it was typed.
async fn read(
    desk: &Desk,
    step: &Typing,
    fields: &Fields,
) -> Result<(FormState<Field>, Vec<(u32, Option<Attendee>)>), Failure> {
    let registration = &step.registration;
    let numbers = numbers(registration);
    let mut form = sent(fields, registration);
    put_pasted(&mut form, &numbers);
    let is_asked = fields.has(Button::AsksMinors, "yes");
    let attendees = parse(&step.session, registration, &mut form, is_asked);
    let mut draft = Draft::of(desk, registration.id).await?;
    draft.take(&form, &numbers);
    draft.keep(desk, registration.id).await?;
    Ok((form, attendees))
}

/// Books the one place of a leader who comes alone; what is to be asked first is asked on the next page.
async fn book_alone(
    desk: &Desk,
    step: &Typing,
    token: &Token,
    steps: Steps,
) -> Result<Next<BookingPeople>, Failure> {
    let id = step.registration.id;
    match confirm_booking(&desk.ctx, id, None).await {
        Ok(_) => {
            forget_draft(&desk.ctx, id).await?;
            Ok(Next::Go(Box::new(Redirect::to(paths::leader::booked(token)))))
        }
        Err(BookError::NominationMissing | BookError::Hold(HoldError::AlreadyThere(_))) => {
            Ok(Next::Go(Box::new(Redirect::to(steps.check))))
        }
        Err(error) => Err(onward(Failure::from(error), desk, (&step.session, Some(token)))),
    }
}

form_fields! {
    /// The buttons, and what the form says of itself.
    enum Button {
        Remove = "remove",
        Hold = "hold",
        Action = "action",
        Change = "change",
        SamePerson = "same_person",
        AsksMinors = "asks_minors",
    }
}

/// Which button was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Press {
    Continue,
    /// Whoever comes alone books.
    Book,
    /// Puts the pasted names on the places.
    Paste,
    /// Back to the first step.
    Back,
    /// Keeps the places longer.
    Extend,
    /// Gives a place back.
    Remove(u32),
}

impl Press {
    fn of(fields: &Fields) -> Self {
        if let Ok(number) = fields.of(Button::Remove).parse() {
            return Self::Remove(number);
        }
        match fields.of(Button::Action) {
            _ if fields.has(Button::Hold, "extend") => Self::Extend,
            _ if !fields.of(Button::Change).is_empty() => Self::Back,
            "back" => Self::Back,
            "paste" => Self::Paste,
            "book" => Self::Book,
            _ => Self::Continue,
        }
    }
}

pub fn routes() -> Vec<Route> {
    routes![people, name_people]
}
