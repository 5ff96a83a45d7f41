//! One booking, as the office looks after it.

use std::collections::HashMap;

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        letters::resend_letters::resend_once,
        questions::answer::{Asks, asks},
    },
    domain::{
        id::{PersonId, PlaceId},
        office_note::NoteAbout,
        place::{Place, PlaceStatus},
        reference::Reference,
        registration::Registration,
        session::Session,
        wording,
    },
    store::{
        answers::{self, StandingAnswer},
        person_records,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState},
        guard::{Granted, ManageBookings, SameOrigin},
        leader::{
            together::{self, Evening},
            words::{StateWords, called, state},
        },
        office::{
            addressed::booking_for,
            audit::AuditLine,
            bookings::{
                history::{self, LetterWords, LostWords},
                questions::whose,
            },
            notes::{self, NoteField, Notes},
        },
        page::{Area, Chrome, Page},
        paths,
        words::{ReadersClock, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, resend, note]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/show.html")]
struct BookingPage {
    chrome: Chrome,
    notice: Option<String>,
    session: Session,
    booking: Registration,
    /// Of the button that sends the letters again.
    attempt: String,
    /// Addresses at which letters did not arrive.
    lost: Vec<LostWords>,
    notes: Notes,
    /// What was answered, with whose answer it is.
    answered: Vec<(String, StandingAnswer)>,
    /// What is asked of it.
    asks: Asks,
    /// Every letter of it, latest first.
    letters: Vec<LetterWords>,
    /// Everything that happened to it, latest first.
    events: Vec<AuditLine>,
    /// Whom we know on which place, and to look after it.
    people: HashMap<PlaceId, PersonId>,
    leader: Option<PersonId>,
    /// The evenings that were booked together.
    evenings: Vec<Evening>,
}

impl BookingPage {
    fn when(&self) -> String {
        self.booking.booked_at.map_or_else(String::new, |at| stamp(at, self.session.zone()))
    }

    fn name(&self, place: &Place) -> String {
        called(place)
    }

    fn email(&self, place: &Place) -> String {
        let email = place.attendee.as_ref().and_then(|attendee| attendee.email.as_ref());
        email.map_or_else(|| "None given".to_owned(), ToString::to_string)
    }

    fn state(&self, place: &Place) -> StateWords {
        let booked = || StateWords { class: "tag--ok", words: "Has a place".to_owned() };
        state(place.state, self.session.zone()).unwrap_or_else(booked)
    }

    fn is_open(&self, place: &Place) -> bool {
        place.state.status().is_open()
    }

    fn person(&self, place: &Place) -> Option<&PersonId> {
        self.people.get(&place.id)
    }

    /// Whether she stays overnight.
    fn stays(&self, place: &Place) -> bool {
        let is_hers = place.state.status() == PlaceStatus::Confirmed && place.attendee.is_some();
        is_hers && !self.session.nights().is_empty()
    }

    /// Whether somebody can get a booking of her own.
    fn can_part(&self, place: &Place) -> bool {
        self.booking.apart(place).is_ok()
    }

    fn is_untold(&self) -> bool {
        self.booking.untold_since.is_some()
    }

    fn open(&self) -> usize {
        self.booking.places.iter().filter(|place| self.is_open(place)).count()
    }

    fn waits(&self) -> bool {
        self.booking.queue().is_some()
    }
}

#[get("/office/bookings/<reference>?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    done: Option<&str>,
) -> Result<Page<BookingPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let about = booking_for(&mut conn, &who, &reference).await?;
    drop(conn);
    let said = |done| notice(done).or_else(|| changed(done, &about.1));
    let notice = done.and_then(|done| said(done).or_else(|| notes::notice(done)));
    Ok(Page::ok(page(desk, &who, about, FormState::default(), notice).await?))
}

async fn page(
    desk: &Desk,
    who: &Who,
    (session, booking): (Session, Registration),
    form: FormState<NoteField>,
    notice: Option<String>,
) -> Result<BookingPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let clock = ReadersClock::from(session.zone());
    let (about, action) =
        (NoteAbout::Booking(booking.id), paths::records::booking_notes(&booking.reference));
    let reader = (&who.member, clock);
    Ok(BookingPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice,
        attempt: desk.attempt(),
        lost: history::lost(&mut conn, &booking, &session).await?,
        notes: notes::notes(desk, &mut conn, reader, &about, (form, action)).await?,
        answered: answers::of_registration(&mut conn, booking.id)
            .await?
            .into_iter()
            .map(|one| (whose(&booking, &one), one))
            .collect(),
        asks: asks(&mut conn, &session, &booking, None).await?,
        letters: history::letters(&mut conn, &booking, clock).await?,
        events: history::events(&mut conn, &booking, clock).await?,
        people: person_records::people_of_session(&mut conn, &session.code).await?,
        leader: person_records::leader_of(&mut conn, booking.id).await?,
        evenings: together::of(&mut conn, booking.id, desk.ctx.now()).await?,
        session,
        booking,
    })
}

#[post("/office/bookings/<reference>/notes", data = "<fields>")]
async fn note(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Result<Redirect, Page<BookingPage>>, Failure> {
    let about = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    match notes::note(desk, &who.member, NoteAbout::Booking(about.1.id), &fields).await? {
        Ok(()) => {
            let there = paths::office::booking(&reference).done("noted").at("notes");
            Ok(Ok(Redirect::to(there)))
        }
        Err(form) => Ok(Err(Page::unprocessable(page(desk, &who, about, form, None).await?))),
    }
}

/// Whose details were changed.
fn changed(done: &str, booking: &Registration) -> Option<String> {
    if done == "leader" {
        return Some(
            "Saved. We are telling the address there was and the one there is.".to_owned(),
        );
    }
    if done == "late" {
        return Some("This session takes no more changes. Nothing is saved.".to_owned());
    }
    let (verb, number) = done.split_once('-')?;
    let number: u32 = number.parse().ok()?;
    let place = booking.places.iter().find(|place| place.number == number)?;
    let attendee = place.attendee.as_ref()?;
    let name = &attendee.name;
    match verb {
        "needs" => Some(format!("Saved what {name} needs.")),
        "corrected" => Some(format!("Saved: {name}.")),
        "swapped" if attendee.email.is_some() => {
            Some(format!("Saved. {name} is coming, and we are telling whoever gave an address."))
        }
        "swapped" => Some(format!("Saved. {name} is coming, and has no address to be told at.")),
        _ => None,
    }
}

/// What was done, and to how many.
fn notice(done: &str) -> Option<String> {
    match done {
        "links-renewed" => return Some("A new link is on its way to the leader.".to_owned()),
        "split" => {
            return Some(
                "This is a booking of its own now. Whoever gave an address is told.".to_owned(),
            );
        }
        "answered" => return Some("The answers are saved. Nobody is told.".to_owned()),
        "links-ended" => return Some("All links of this booking have ended.".to_owned()),
        _ => {}
    }
    let (verb, count) = done.split_once('-')?;
    let counts: Vec<usize> = count.split('-').filter_map(|count| count.parse().ok()).collect();
    let places = |count: usize| wording::count(count, "place", "places");
    Some(match (verb, counts.as_slice()) {
        ("cancelled", [0]) => "Nothing was left to cancel.".to_owned(),
        ("resent", [count]) => {
            format!("We are sending {} again.", wording::count(*count, "letter", "letters"))
        }
        ("mended", [0]) => "Saved. Nothing was left to send: please tell them yourself.".to_owned(),
        ("mended", [count]) => {
            let letters = wording::count(*count, "letter", "letters");
            format!("Saved. We are sending {letters} to this address.")
        }
        ("told", [0]) => "Nobody on it has an email address: please tell them.".to_owned(),
        ("told", [count]) => {
            format!("We are sending {}.", wording::count(*count, "letter", "letters"))
        }
        ("cancelled", [count]) => format!("{} cancelled. We are telling them.", places(*count)),
        ("confirmed", [count]) => format!("They have {} now. We are telling them.", places(*count)),
        ("booked" | "moved", [now, waiting]) => {
            let mut said = vec![format!("{} booked", places(*now))];
            said.extend((*waiting > 0).then(|| format!("{} waiting", places(*waiting))));
            said.retain(|words| !words.starts_with("0 "));
            let verb = if verb == "moved" { "Moved" } else { "Done" };
            format!("{verb}: {}. We are telling whoever gave an address.", wording::list(&said))
        }
        _ => return None,
    })
}

#[post("/office/bookings/<reference>/resend", data = "<fields>")]
async fn resend(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let (_, booking) = booking_for(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let count = resend_once(&desk.ctx, &who.actor(), booking.id, fields.attempt().as_ref()).await?;
    let verb = if booking.untold_since.is_some() { "told" } else { "resent" };
    Ok(Redirect::to(paths::office::booking(&reference).done(format_args!("{verb}-{count}"))))
}
