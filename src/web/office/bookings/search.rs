//! Every booking there is, found by whoever booked or comes.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{place::PlaceStatus, wording},
    store::{
        booking_search::{self, FoundBooking},
        latest_bookings,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageBookings},
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paging::{self, Pager, Turning},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![search]
}

#[derive(Template)]
#[template(path = "office/bookings/search.html")]
struct BookingSearchPage {
    chrome: Chrome,
    words: String,
    bookings: Vec<FoundBooking>,
    /// Where in the list the page is; none before anything is looked for.
    pager: Option<Pager>,
    /// The pages beside this one, before anything is looked for.
    turning: Option<Turning>,
}

impl BookingSearchPage {
    fn total(&self, pager: &Pager) -> String {
        wording::count(usize::try_from(pager.total).unwrap_or(0), "booking", "bookings")
    }

    /// `Listening well, Sat 5 Sep 2026, London Citizens`.
    fn about(&self, one: &FoundBooking) -> String {
        let day = one.starts.map(|at| wording::long_date(at.date_naive()));
        let parts = [Some(one.title.clone()), day, Some(one.alliance.clone())];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }

    /// Who comes, and what became of the places: `Ruth Okafor, Kwame Mensah, 1 name to follow`.
    fn people(&self, one: &FoundBooking) -> String {
        let open = || one.registration.places.iter().filter(|place| place.state.status().is_open());
        let mut names: Vec<String> = open()
            .filter_map(|place| place.attendee.as_ref())
            .map(|who| who.name.to_string())
            .collect();
        let unnamed = open().filter(|place| place.attendee.is_none()).count();
        if unnamed > 0 {
            names.push(wording::count(unnamed, "name to follow", "names to follow"));
        }
        if names.is_empty() { "No place any more".to_owned() } else { names.join(", ") }
    }

    /// What is not simply booked: `1 waiting`.
    fn standing(&self, one: &FoundBooking) -> String {
        let said = [
            (PlaceStatus::Offered, "offered"),
            (PlaceStatus::Waiting, "waiting"),
            (PlaceStatus::Requested, "to decide"),
        ];
        let count = |status| one.registration.places_in(status).count();
        let said = said.map(|(status, words)| (count(status), words));
        let said = said.iter().filter(|(count, _)| *count > 0);
        said.map(|(count, words)| format!("{count} {words}")).collect::<Vec<_>>().join(", ")
    }
}

#[get("/office/bookings?<asked..>")]
async fn search(
    desk: &State<Desk>,
    who: Granted<ManageBookings>,
    asked: PageQuery<'_>,
) -> Result<Page<BookingSearchPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let words = asked.words();
    let (page, list) = (paging::asked(asked.page)?, paths::office::bookings());
    let (bookings, pager, turning) = if words.is_empty() {
        let latest = latest_bookings::latest(&mut conn, within, Turning::window(page)).await?;
        let (turning, bookings) = Turning::of(page, latest, list)?;
        (bookings, None, Some(turning))
    } else {
        let found = booking_search::search(&mut conn, words, within, paging::window(page)).await?;
        let pager = Pager::of(page, found.total, list, &[("q", words)])?;
        (found.items, Some(pager), None)
    };
    let words = words.to_owned();
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(BookingSearchPage { chrome, words, bookings, pager, turning }))
}
