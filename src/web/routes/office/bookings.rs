//! The bookings of a session, and what an organiser does for one.

use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        booking::cancel_places::{Which, cancel_places},
        letters::resend_letters::resend_letters,
    },
    domain::{
        id::SessionCode, place::Place, reference::Reference, registration::Registration,
        session::Session, text::Paragraph, wording,
    },
    store::{Conn, registrations, sessions},
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{Granted, ManageBookings, SameOrigin},
        leader::words::called,
        office::bookings::{BookingCancelPage, BookingPage, BookingsPage},
        page::{Area, Page},
        routes::office::Asked,
    },
};

pub(super) type Who = Granted<ManageBookings>;

/// A booking and its session, for somebody who may look after it.
pub(super) async fn found(
    conn: &mut Conn,
    who: &Who,
    reference: &Reference,
) -> Result<(Session, Registration), Failure> {
    let id = registrations::find_by_reference(conn, reference).await?.ok_or(Failure::NotFound)?;
    let booking = registrations::find(conn, id).await?.ok_or(Failure::NotFound)?;
    let session = sessions::find(conn, &booking.session).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    Ok((session, booking))
}

/// Whether every typed word is in the booking's reference, or a name or address in it.
fn matches(booking: &Registration, words: &str) -> bool {
    let leader = &booking.leader;
    let mut text = format!("{} {} ", booking.reference, leader.name);
    text.extend(leader.email.iter().map(ToString::to_string));
    text.push_str(booking.sender.name().unwrap_or_default());
    for attendee in booking.places.iter().filter_map(|place| place.attendee.as_ref()) {
        text.push_str(&format!(" {} ", attendee.name));
        text.extend(attendee.email.iter().map(ToString::to_string));
    }
    let text = text.to_lowercase();
    words.to_lowercase().split_whitespace().all(|word| text.contains(word))
}

#[get("/office/sessions/<code>/bookings?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: Asked<'_>,
) -> Result<Page<BookingsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let mut bookings = registrations::of_session(&mut conn, &code).await?;
    bookings.retain(|one| matches(one, asked.words()));
    bookings.reverse();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let words = asked.words().to_owned();
    Ok(Page::ok(BookingsPage { chrome, session, bookings, words }))
}

#[get("/office/bookings/<reference>?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    done: Option<&str>,
) -> Result<Page<BookingPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = found(&mut conn, &who, &reference).await?;
    let notice = done.and_then(notice);
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(Page::ok(BookingPage { chrome, notice, session, booking }))
}

/// What was done, and to how many.
fn notice(done: &str) -> Option<String> {
    let (verb, count) = done.split_once('-')?;
    let counts: Vec<usize> = count.split('-').filter_map(|count| count.parse().ok()).collect();
    let places = |count: usize| wording::count(count, "place", "places");
    Some(match (verb, counts.as_slice()) {
        ("cancelled", [0]) => "Nothing was left to cancel.".to_owned(),
        ("resent", [count]) => {
            format!("We are sending {} again.", wording::count(*count, "letter", "letters"))
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

#[post("/office/bookings/<reference>/resend")]
async fn resend(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
) -> Result<Redirect, Failure> {
    let (_, booking) = found(&mut desk.ctx.store.read().await?, &who, &reference).await?;
    let count = resend_letters(&desk.ctx, &who.actor(), booking.id).await?;
    Ok(Redirect::to(format!("/office/bookings/{reference}?done=resent-{count}")))
}

/// Which place; all without one.
#[derive(Debug, FromForm)]
struct WhichPlace {
    place: Option<u32>,
}

/// The open places that are meant, and the page that asks about them.
async fn cancel_page(
    desk: &Desk,
    who: &Who,
    reference: &Reference,
    number: Option<u32>,
    form: FormState,
) -> Result<(Vec<Place>, BookingCancelPage), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (session, booking) = found(&mut conn, who, reference).await?;
    let meant = |place: &&Place| {
        place.state.status().is_open() && number.is_none_or(|number| number == place.number)
    };
    let places: Vec<Place> = booking.places.iter().filter(meant).cloned().collect();
    let names = places.iter().map(called).collect();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok((places, BookingCancelPage { chrome, session, booking, number, names, form }))
}

#[get("/office/bookings/<reference>/cancel?<which..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    reference: Reference,
    which: WhichPlace,
) -> Result<Either<Redirect, Page<BookingCancelPage>>, Failure> {
    let empty = FormState::default();
    let (places, page) = cancel_page(desk, &who, &reference, which.place, empty).await?;
    if places.is_empty() {
        return Ok(Either::Left(Redirect::to(format!("/office/bookings/{reference}"))));
    }
    Ok(Either::Right(Page::ok(page)))
}

#[post("/office/bookings/<reference>/cancel?<which..>", data = "<fields>")]
async fn cancel(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    reference: Reference,
    which: WhichPlace,
    fields: Fields,
) -> Result<Either<Redirect, Page<BookingCancelPage>>, Failure> {
    let mut form = FormState::default();
    form.keep("why", fields.get("why"));
    let Ok(why) = Paragraph::parse_optional(fields.get("why")) else {
        form.fault("why", "Say why in up to 1,000 letters");
        let (_, page) = cancel_page(desk, &who, &reference, which.place, form).await?;
        return Ok(Either::Right(Page::unprocessable(page)));
    };
    let (places, page) = cancel_page(desk, &who, &reference, which.place, form).await?;
    let which = match (which.place, places.first()) {
        (Some(_), Some(place)) => Which::One(place.id),
        _ => Which::All,
    };
    let (actor, id) = (who.actor(), page.booking.id);
    let gone = cancel_places(&desk.ctx, &actor, id, which, why.as_ref()).await?;
    let done = format!("/office/bookings/{reference}?done=cancelled-{}", gone.len());
    Ok(Either::Left(Redirect::to(done)))
}

pub fn routes() -> Vec<Route> {
    routes![list, show, resend, ask, cancel]
}
