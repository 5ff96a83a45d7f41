//! Step 2: who is coming, while the places are held.

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        hold_places::hold_again,
        name_attendees::{drop_place, name_attendees, say_apart},
    },
    domain::{
        attendee::Attendee,
        id::SessionCode,
        place::{Place, PlaceStatus},
        registration::Registration,
        session::Session,
        wording,
    },
    token::Token,
    web::{
        Desk,
        booking::{
            hold_ended::HoldEndedPage,
            steps::Steps,
            typing::{Typing, onward, typing, until_words},
        },
        failure::Failure,
        forms::{
            Fields, FormState, WholeForm, form_fields,
            person::{OfPerson, PersonField},
        },
        guard::SameOrigin,
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
    /// What happened to the hold, if it ran out.
    notice: Option<&'static str>,
    /// Until when the places are held; empty if they are not.
    until_words: String,
    start_href: Href,
    people_href: Href,
    /// Where the hold is made longer.
    hold_href: Href,
    /// By how many minutes.
    hold_minutes: i64,
    /// Whether somebody may be on the session already, and her leader is asked (H2).
    asks_same: bool,
    form: FormState<OfPerson>,
}

impl BookingPeople {
    fn held(&self) -> Vec<&Place> {
        self.registration.places_in(PlaceStatus::Held).collect()
    }

    fn is_leader(&self, place: &Place) -> bool {
        let leader = &self.registration.leader;
        place.attendee.as_ref().is_some_and(|who| who.name == leader.name) && place.number == 1
    }

    fn field(&self, place: &Place, field: PersonField) -> OfPerson {
        OfPerson(place.number, field)
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
    steps: Steps,
    (form, notice): (FormState<OfPerson>, Option<&'static str>),
) -> BookingPeople {
    BookingPeople {
        chrome: desk.private_chrome(Area::Find),
        until_words: until_words(&step.session, &step.registration),
        session: step.session,
        registration: step.registration,
        notice,
        start_href: steps.start,
        people_href: steps.people,
        hold_href: steps.hold,
        hold_minutes: desk.ctx.hold.num_minutes(),
        asks_same: false,
        form,
    }
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
    let mut form = FormState::default();
    for place in open_places(&step.registration) {
        if let Some(attendee) = &place.attendee {
            form.fill_person(|field| OfPerson(place.number, field), attendee);
        }
    }
    let page = people_page(desk, step, Steps::of(&code, &token), (form, None));
    Ok(Either::Left(Next::Show(Box::new(Page::ok(page)))))
}

#[post("/sessions/<code>/register/<token>/people", data = "<fields>")]
async fn name_people(
    desk: &State<Desk>,
    _origin: SameOrigin,
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
        let held = hold_again(&desk.ctx, id).await;
        held.map_err(|error| onward(Failure::from(error), desk, (&step.session, Some(&token))))?;
        step = typing(desk, &code, &token).await?;
    }
    let mut form = sent_people(&fields, &step.session, &step.registration);
    let attendees = parse_people(&step.registration, &mut form);
    if let Ok(number) = fields.of(Button::Remove).parse::<u32>() {
        let typed: Vec<_> = attendees.into_iter().filter(|(n, _)| *n != number).collect();
        name_attendees(&desk.ctx, id, &typed).await?;
        drop_place(&desk.ctx, id, number).await?;
        return Ok(Next::Go(Box::new(Redirect::to(steps.people))));
    }
    if !form.is_valid() || has_ended {
        let page = people_page(desk, step, steps, (form, has_ended.then_some(HELD_AGAIN)));
        return Ok(Next::Show(Box::new(Page::unprocessable(page))));
    }
    let found = name_attendees(&desk.ctx, id, &attendees).await?;
    if fields.has(Button::SamePerson, "no") {
        say_apart(&desk.ctx, id, &found).await?;
    } else if !found.is_empty() {
        for one in &found {
            let words = format!("{}. Is this somebody else?", one.words());
            form.fault(OfPerson(one.number, PersonField::Name), words);
        }
        let asking =
            BookingPeople { asks_same: true, ..people_page(desk, step, steps, (form, None)) };
        let page = Page { status: Status::Conflict, template: asking };
        return Ok(Next::Show(Box::new(page)));
    }
    Ok(Next::Go(Box::new(Redirect::to(steps.check))))
}

form_fields! {
    /// Going down by one place, and going on with somebody of the same name.
    enum Button { Remove = "remove", SamePerson = "same_person" }
}

fn open_places(registration: &Registration) -> impl Iterator<Item = &Place> {
    registration.places.iter().filter(|place| place.state.status().is_open())
}

/// What was sent. Who is responsible for somebody is asked only on courses that need it.
fn sent_people(
    fields: &Fields,
    session: &Session,
    registration: &Registration,
) -> FormState<OfPerson> {
    let is_guardian = |field: &PersonField| *field >= PersonField::GuardianName;
    let asked = PersonField::FIELDS
        .iter()
        .filter(|field| session.course.needs_guardian || !is_guardian(field));
    let of = |place: &Place| {
        let number = place.number;
        asked.clone().map(move |field| OfPerson(number, *field))
    };
    let fields_of_all: Vec<_> = open_places(registration).flat_map(of).collect();
    FormState::sent_for(fields, &fields_of_all)
}

/// Reads step 2: everybody who could be read; what must be put right stands in `form`.
fn parse_people(
    registration: &Registration,
    form: &mut FormState<OfPerson>,
) -> Vec<(u32, Attendee)> {
    let places: Vec<u32> = open_places(registration).map(|place| place.number).collect();
    let fewer = wording::count(places.len().saturating_sub(1), "place", "places");
    let mut attendees = Vec::new();
    for number in &places {
        let hint = if places.len() > 1 {
            format!("a name for person {number}, or go down to {fewer}")
        } else {
            "the name of the person who is coming".to_owned()
        };
        if let Some(attendee) = form.person(|field| OfPerson(*number, field), &hint) {
            attendees.push((*number, attendee));
        }
    }
    attendees
}

pub fn routes() -> Vec<Route> {
    routes![people, name_people]
}
