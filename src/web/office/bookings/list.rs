//! Every booking of a session.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        contact::EmailAddress,
        finding::{Wanted, phone_key},
        id::SessionCode,
        place::PlaceStatus,
        registration::Registration,
        session::Session,
        wording,
    },
    store::{
        door::{self, WalkedIn},
        registrations, sessions,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings},
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths::{self, Href},
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

type Who = Granted<ManageBookings>;

#[derive(Template)]
#[template(path = "office/bookings/list.html")]
struct BookingsPage {
    chrome: Chrome,
    session: Session,
    bookings: Listing<Registration>,
    /// Who came without one.
    walked_in: Vec<WalkedIn>,
    words: String,
}

impl BookingsPage {
    fn action(&self) -> Href {
        paths::office::session_bookings(&self.session.code)
    }

    fn days(&self, one: &WalkedIn) -> String {
        wording::count(one.days, "day", "days")
    }

    fn when(&self, one: &Registration) -> String {
        one.booked_at.map_or_else(String::new, |at| stamp(at, self.session.zone()))
    }

    /// `3 booked, 1 waiting`.
    fn standing(&self, one: &Registration) -> String {
        let said = [
            (PlaceStatus::Confirmed, "booked"),
            (PlaceStatus::Offered, "offered"),
            (PlaceStatus::Waiting, "waiting"),
            (PlaceStatus::Requested, "to decide"),
        ];
        let said = said.map(|(status, words)| (one.places_in(status).count(), words));
        let said = said.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said.map(|(count, words)| format!("{count} {words}")).collect();
        if said.is_empty() { "no place any more".to_owned() } else { said.join(", ") }
    }
}

/// Whether what is looked for is in the booking's reference, or a name, address or number in it.
fn matches(booking: &Registration, wanted: &Wanted) -> bool {
    let leader = &booking.leader;
    let mut parts = vec![booking.reference.to_string(), leader.name.to_string()];
    parts.extend(leader.email.iter().map(ToString::to_string));
    parts.extend(leader.phone.iter().map(|phone| phone_key(phone.as_str())));
    parts.extend(booking.sender.name().map(str::to_owned));
    for attendee in booking.places.iter().filter_map(|place| place.attendee.as_ref()) {
        parts.push(attendee.name.to_string());
        parts.extend(attendee.email.iter().map(ToString::to_string));
    }
    wanted.is_among(parts.iter().map(String::as_str))
}

#[get("/office/sessions/<code>/bookings?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: PageQuery<'_>,
) -> Result<Page<BookingsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let mut bookings = registrations::of_session(&mut conn, &code).await?;
    let page = paging::asked(asked.page)?;
    let wanted = Wanted::typed(asked.words());
    bookings.retain(|one| matches(one, &wanted));
    bookings.reverse();
    let list = paths::office::session_bookings(&code);
    let bookings = Listing::of(bookings, page, list, &[("q", asked.words())])?;
    let mut walked_in = door::walked_in(&mut conn, &code).await?;
    walked_in.retain(|one| {
        let email = one.email.as_ref().map(EmailAddress::as_str);
        let others = [one.institution.as_deref(), email];
        wanted.is_among([one.name.as_str()].into_iter().chain(others.into_iter().flatten()))
    });
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let words = asked.words().to_owned();
    Ok(Page::ok(BookingsPage { chrome, session, bookings, walked_in, words }))
}
