//! Booking for somebody on the telephone: the same verb as on the site, by an organiser.

use std::borrow::Cow;

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::booking::{
        book_evenings::{BookEvenings, BookEveningsError, book_evenings},
        book_places::{BookRequest, book_places},
        hold_evenings::EveningsError,
        refusals::{BookError, HoldError},
    },
    domain::{
        attendee::Attendee,
        contact::{ContactFault, PhoneNumber},
        id::{SeriesId, SessionCode},
        institution::Institution,
        occupancy::TeamPolicy,
        place::PlaceStatus,
        registration::{Leader, Registration},
        series::{Bookable, IfFull},
        session::{BookingStatus, Session},
        wording,
    },
    store::{catalogue, institutions},
    token::{SystemRandom, Token},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState, person::PersonField, sender::groups},
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, book]
}

type Who = Granted<ManageBookings>;

/// The fields, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Name,
    Email,
    Phone,
    Institution,
    OtherInstitution,
    /// What is asked about one of those who come.
    Person(u32, PersonField),
    People,
    Team,
    Evenings,
}

impl FormField for Field {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Name => "name".into(),
            Self::Email => "email".into(),
            Self::Phone => "tel".into(),
            Self::Institution => "institution".into(),
            Self::OtherInstitution => "institution_other".into(),
            Self::Person(number, field) => format!("p{number}-{}", field.id()).into(),
            Self::People => "people".into(),
            Self::Team => "team".into(),
            Self::Evenings => "evenings".into(),
        }
    }

    fn id(self) -> Cow<'static, str> {
        match self {
            Self::Institution => "inst".into(),
            Self::OtherInstitution => "inst-other".into(),
            other => other.name(),
        }
    }
}

/// What is asked once.
const ONCE: [Field; 8] = [
    Field::Name,
    Field::Email,
    Field::Phone,
    Field::Institution,
    Field::OtherInstitution,
    Field::People,
    Field::Team,
    Field::Evenings,
];

/// What is asked about everybody who comes.
const PERSON: [PersonField; 8] = [
    PersonField::Name,
    PersonField::Email,
    PersonField::Diet,
    PersonField::Access,
    PersonField::Allergy,
    PersonField::Interpreter,
    PersonField::GuardianName,
    PersonField::GuardianContact,
];

/// One form for all of it.
#[derive(Template)]
#[template(path = "office/bookings/book.html")]
struct BookPage {
    chrome: Chrome,
    session: Session,
    is_shut: bool,
    /// How many people there are fields for.
    people: u32,
    groups: Vec<(String, Vec<Institution>)>,
    form: FormState<Field>,
    /// Marks this form, so that a second press books nothing.
    attempt: String,
    /// Whether somebody may be on the session already, and the organiser is asked (H2).
    asks_same: bool,
}

impl BookPage {
    fn free(&self) -> String {
        let free = self.session.occupancy.open_to_all();
        match free {
            0 if self.session.occupancy.kept > 0 => {
                "What is free is kept for groups: others will wait.".to_owned()
            }
            0 => "No place is free: they will wait.".to_owned(),
            free => format!("{} free.", wording::count(free as usize, "place is", "places are")),
        }
    }

    fn person(&self, number: &u32, field: PersonField) -> Field {
        Field::Person(*number, field)
    }

    fn can_add(&self) -> bool {
        self.people < self.session.places_per_booking
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    (form, people): (FormState<Field>, u32),
    attempt: Option<&str>,
) -> Result<BookPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let listed = institutions::all(&mut conn).await?;
    let status = session.booking_status(desk.ctx.now());
    let attempt = attempt.map(str::to_owned);
    Ok(BookPage {
        asks_same: false,
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        is_shut: !matches!(status, BookingStatus::Open { .. }),
        groups: groups(&session, alliances, listed, ""),
        people,
        form,
        attempt: attempt.unwrap_or_else(|| Token::generate(&SystemRandom).secret().to_owned()),
        session,
    })
}

#[get("/office/sessions/<code>/book")]
async fn ask(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Page<BookPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let mut form = FormState::default();
    form.fill(Field::Team, "together");
    form.fill(Field::Evenings, if session.whole_series().is_some() { "all" } else { "" });
    Ok(Page::ok(page(desk, &who, session, (form, 1), None).await?))
}

/// What was typed, and for how many people.
fn keep(session: &Session, fields: &Fields) -> (FormState<Field>, u32) {
    let most = session.places_per_booking;
    let says = fields.of(Field::People).trim();
    let says = if says.is_empty() { Ok(1) } else { says.parse::<u32>() };
    let typed = typed(fields);
    // All that was typed is drawn again, as far as a booking can go.
    let people = says.as_ref().map_or(1, |says| *says).max(typed).clamp(1, most);
    let mut asked = ONCE.to_vec();
    let of = |number| PERSON.map(|field| Field::Person(number, field));
    asked.extend((1..=people).flat_map(of));
    let mut form = FormState::sent_for(fields, &asked);
    match says {
        Ok(0) | Err(_) => form.fault(Field::People, "The number of people is no number from 1"),
        Ok(says) if says.max(typed) > most => {
            let most = wording::count(most as usize, "person", "people");
            form.fault(
                Field::People,
                format!("One booking is for at most {most}. Nothing is booked"),
            );
        }
        Ok(_) => {}
    }
    (form, people)
}

/// The number of the last person about whom something was typed.
fn typed(fields: &Fields) -> u32 {
    let number = |name: &str| {
        let (number, field) = name.strip_prefix('p')?.split_once('-')?;
        PERSON.iter().any(|one| one.id() == field).then(|| number.parse().unwrap_or(u32::MAX))
    };
    fields.names().filter_map(number).max().unwrap_or(0)
}

/// Who booked: a name, and an address or a number (B9).
fn leader(form: &mut FormState<Field>) -> Option<Leader> {
    let name = form.line::<120>(Field::Name, "the name of whoever is booking");
    let email = form.optional_email(Field::Email, "the email address");
    let phone = match form.value(Field::Phone).parse::<PhoneNumber>() {
        Ok(phone) => Some(phone),
        Err(ContactFault::Empty) => None,
        Err(_) => {
            form.fault(Field::Phone, "Check the telephone number, such as 07700 900117");
            None
        }
    };
    if [Field::Email, Field::Phone].iter().all(|field| form.value(field).trim().is_empty()) {
        form.fault(Field::Phone, "Enter an email address or a telephone number");
    }
    Some(Leader { name: name?, email, phone })
}

/// Who comes; nothing typed for somebody means that the name follows.
fn people(session: &Session, count: u32, form: &mut FormState<Field>) -> Vec<Option<Attendee>> {
    (1..=count)
        .map(|number| {
            let at = |field| Field::Person(number, field);
            if PERSON.iter().all(|field| form.value(at(*field)).trim().is_empty()) {
                return None;
            }
            if !session.course.needs_guardian {
                form.fill(at(PersonField::GuardianName), "");
                form.fill(at(PersonField::GuardianContact), "");
            }
            form.person(at, "the name of the person who is coming")
        })
        .collect()
}

fn asked(
    session: &Session,
    listed: &[Institution],
    fields: &Fields,
    (form, count): (&mut FormState<Field>, u32),
) -> Option<BookRequest> {
    let leader = leader(form);
    let sender = form.sender(Field::Institution, Field::OtherInstitution, listed);
    let attendees = people(session, count, form);
    let team = match form.value(Field::Team) {
        "" => Ok(TeamPolicy::default()),
        typed => typed.parse(),
    };
    if team.is_err() {
        form.fault(Field::Team, "Choose what happens if there are fewer places");
    }
    if !matches!(fields.get("same_person"), "" | "no") {
        form.fault(Field::People, "Say that it is somebody else, or leave them out");
    }
    if !form.is_valid() {
        return None;
    }
    Some(BookRequest {
        session: session.code.clone(),
        leader: leader?,
        sender: sender?,
        team: team.ok()?,
        attendees,
        // Of all that was typed: whoever goes back and types something else books something else.
        attempt: fields.attempt().map(|attempt| attempt.row_id().to_string()),
        fingerprint: None,
        nomination: None,
        // Whoever takes the call has asked what they have done before.
        vouched: true,
        apart: if fields.is("same_person", "no") { (1..=count).collect() } else { vec![] },
    })
}

#[post("/office/sessions/<code>/book", data = "<fields>")]
async fn book(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let chosen = institutions::open_to_bookings(&mut conn, fields.of(Field::Institution)).await?;
    drop(conn);
    let (mut form, count) = keep(&session, &fields);
    let attempt = Some(fields.get("attempt")).filter(|typed| !typed.is_empty());
    if fields.is("do", "add") {
        if count >= session.places_per_booking && form.is_valid() {
            let most = wording::count(count as usize, "person", "people");
            form.fault(Field::People, format!("One booking is for at most {most}"));
        }
        let is_valid = form.is_valid();
        let more = if is_valid { count + 1 } else { count };
        let page = page(desk, &who, session, (form, more), attempt).await?;
        let page = if is_valid { Page::ok(page) } else { Page::unprocessable(page) };
        return Ok(Either::Right(page));
    }
    if let Some(request) = asked(&session, chosen.as_slice(), &fields, (&mut form, count)) {
        let booked = match &session.series {
            Some(one) if fields.has(Field::Evenings, "all") => {
                book_all(desk, &who, &one.id, request).await
            }
            _ => book_places(&desk.ctx, &who.actor(), request).await.map(|one| one.registration),
        };
        match booked {
            Ok(booked) => {
                let of = |status| booked.places_in(status).count();
                let (now, waiting) = (of(PlaceStatus::Confirmed), of(PlaceStatus::Waiting));
                let reference = &booked.reference;
                let done =
                    paths::office::booking(reference).done(format_args!("booked-{now}-{waiting}"));
                return Ok(Either::Left(Redirect::to(done)));
            }
            Err(BookError::Hold(HoldError::Store(error))) => return Err(error.into()),
            Err(BookError::Hold(HoldError::AlreadyThere(found))) => {
                for one in &found {
                    let words = format!("{}. Is this somebody else?", one.words_for_office());
                    form.fault(Field::Person(one.number, PersonField::Name), words);
                }
                let template = page(desk, &who, session, (form, count), attempt).await?;
                let template = BookPage { asks_same: true, ..template };
                return Ok(Either::Right(Page { status: Status::Conflict, template }));
            }
            Err(refused) => form.fault(Field::People, refusal(&refused)),
        }
    }
    let page = page(desk, &who, session, (form, count), attempt).await?;
    Ok(Either::Right(Page::unprocessable(page)))
}

/// Books every evening of a series that is to come: what has no room is waited for. The booking of the first.
async fn book_all(
    desk: &Desk,
    who: &Who,
    series: &SeriesId,
    each: BookRequest,
) -> Result<Registration, BookError> {
    let if_full = IfFull::Room;
    let all = BookEvenings { series: series.clone(), evenings: Vec::new(), if_full, each };
    match book_evenings(&desk.ctx, &who.actor(), all, None).await {
        Ok(booked) => {
            let lead = booked.all.into_iter().find(|(_, one)| one.id == booked.lead);
            lead.map(|(_, lead)| lead).ok_or(BookError::NoSuchRegistration)
        }
        Err(BookEveningsError::On(_, refused)) => Err(refused),
        Err(BookEveningsError::Evenings(
            EveningsError::Hold(refused) | EveningsError::Evening(_, refused),
        )) => Err(refused.into()),
        // Nothing was left out, so there is nothing to be booked.
        Err(BookEveningsError::Evenings(_)) => Err(HoldError::NoSuchSession.into()),
    }
}

fn refusal(refused: &BookError) -> String {
    match refused {
        BookError::Hold(HoldError::NotEnough { free }) => {
            let free = wording::count(*free as usize, "place is", "places are");
            format!("Only {free} free, and this session has no waiting list. Nothing is booked")
        }
        BookError::Hold(HoldError::InstitutionLimit { room }) => {
            format!("Their institution can have {room} more here. Nothing is booked")
        }
        BookError::Hold(HoldError::NotOpen(_) | HoldError::NoSuchSession) => {
            "This session takes no bookings: it is a draft, cancelled or over".to_owned()
        }
        other => in_words(&other.to_string()),
    }
}
