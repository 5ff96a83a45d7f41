//! Bookings with who comes, as they were looked for, as files. Needs stay where they are: on the roster.

use rocket::{Route, State, get, routes};

use crate::{
    actions::people::export_list::{Exported, list_exported},
    domain::{contact::EmailAddress, place::Place},
    store::{
        Conn, StoreError, Window,
        booking_search::{self, FoundBooking},
        latest_bookings,
    },
    web::{
        Desk, asked,
        download::Download,
        failure::Failure,
        guard::{Granted, ManageBookings},
        office::query::PageQuery,
        spreadsheet::{Cell, Table, to_csv, to_xlsx},
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![csv, xlsx]
}

type Who = Granted<ManageBookings>;

/// How many bookings a file holds at most, the latest.
const MOST: usize = 20_000;
/// How many are read at once.
const BATCH: i64 = 500;

const HEADS: [&str; 14] = [
    "Reference",
    "Session",
    "Course",
    "First day",
    "Alliance",
    "Booked at (UTC)",
    "Institution",
    "Booked by",
    "Email of who booked",
    "Phone of who booked",
    "Person",
    "Name",
    "Email",
    "Place",
];

/// A line for each person of a booking.
fn rows(one: &FoundBooking) -> Vec<Vec<Cell>> {
    let booking = &one.registration;
    let leader = &booking.leader;
    let day = one.starts.map(|at| at.date_naive().to_string());
    let at = booking.booked_at.map(|at| at.format("%Y-%m-%d %H:%M").to_string());
    let line = |place: &Place| -> Vec<Cell> {
        let who = place.attendee.as_ref();
        let email = who.and_then(|who| who.email.as_ref());
        vec![
            booking.reference.to_string().into(),
            booking.session.as_str().into(),
            one.title.as_str().into(),
            day.clone().unwrap_or_default().into(),
            one.alliance.as_str().into(),
            at.clone().unwrap_or_default().into(),
            booking.sender.name().unwrap_or_default().into(),
            leader.name.as_str().into(),
            leader.email.as_ref().map_or("", EmailAddress::as_str).into(),
            leader.phone.as_ref().map_or("", |phone| phone.as_str()).into(),
            i64::from(place.number).into(),
            who.map_or("", |who| who.name.as_str()).into(),
            email.map_or("", EmailAddress::as_str).into(),
            in_words(place.state.status().as_str()).into(),
        ]
    };
    booking.places.iter().map(line).collect()
}

/// Part after part of what was looked for, until there is no more or the file is full.
async fn found(conn: &mut Conn, who: &Who, words: &str) -> Result<Vec<FoundBooking>, StoreError> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut all = Vec::new();
    while all.len() < MOST {
        let offset = i64::try_from(all.len()).unwrap_or(i64::MAX);
        let window = Window { offset, limit: BATCH };
        let part = match words.is_empty() {
            true => latest_bookings::latest(conn, within, window).await?,
            false => booking_search::search(conn, words, within, window).await?.items,
        };
        let is_last = part.len() < usize::try_from(BATCH).unwrap_or(0);
        all.extend(part);
        if is_last {
            break;
        }
    }
    all.truncate(MOST);
    Ok(all)
}

/// The list; that it was taken is written down.
async fn taken(desk: &Desk, who: &Who, asked: &PageQuery<'_>) -> Result<Table, Failure> {
    let words = asked::words("q", asked.q)?;
    let found = found(&mut desk.ctx.store.read().await?, who, words).await?;
    let rows: Vec<_> = found.iter().flat_map(rows).collect();
    list_exported(&desk.ctx, &who.actor(), Exported::Bookings, rows.len()).await?;
    Ok(Table { name: "Bookings", heads: HEADS.map(str::to_owned).to_vec(), rows })
}

#[get("/office/bookings.csv?<asked..>")]
async fn csv(desk: &State<Desk>, who: Who, asked: PageQuery<'_>) -> Result<Download, Failure> {
    Download::csv("bookings", to_csv(&taken(desk, &who, &asked).await?))
}

#[get("/office/bookings.xlsx?<asked..>")]
async fn xlsx(desk: &State<Desk>, who: Who, asked: PageQuery<'_>) -> Result<Download, Failure> {
    Download::xlsx("bookings", to_xlsx(&[taken(desk, &who, &asked).await?]))
}
