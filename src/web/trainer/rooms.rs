//! The rooming list: who sleeps in which room on which night, for whoever leads the session and for the house. Why
//! somebody asks for a room of her own is not on it.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    actions::stay::{
        house::{House, read_house},
        rooms::RoomsError,
    },
    domain::{
        id::SessionCode,
        session::Session,
        stay::{
            Journey, Stay,
            rooming::{Guest, Room, count_nights},
        },
        wording,
    },
    store::sessions,
    web::{
        Desk,
        download::Download,
        failure::Failure,
        guard::{CheckIn, Granted},
        page::{Chrome, Page},
        paths,
        spreadsheet::{Cell, Table, to_csv, to_xlsx},
    },
};

pub fn routes() -> Vec<Route> {
    routes![list, csv, xlsx]
}

type Who = Granted<CheckIn>;

#[derive(Template)]
#[template(path = "trainer/rooms.html")]
struct RoomingPage {
    chrome: Chrome,
    session: Session,
    house: House,
}

impl RoomingPage {
    /// Whoever sleeps in a room.
    fn in_room(&self, room: &Room) -> Vec<Sleeper> {
        let there = self.house.rooming.in_room(room.id, &self.house.guests);
        there.into_iter().map(|one| Sleeper::of(&self.session, one)).collect()
    }

    /// Whoever sleeps there and has no room.
    fn without(&self) -> Vec<Sleeper> {
        let has_none =
            |one: &&Guest| !one.nights.is_empty() && self.house.rooming.of(one.place).is_none();
        let without = self.house.guests.iter().filter(has_none);
        without.map(|one| Sleeper::of(&self.session, one)).collect()
    }

    /// `Sun 14 February: 38`, for each night.
    fn counts(&self) -> Vec<String> {
        sleepers(&self.session, &self.house)
    }
}

/// A line of the list.
struct Sleeper {
    name: String,
    nights: String,
    arrival: String,
    departure: String,
}

impl Sleeper {
    fn of(session: &Session, guest: &Guest) -> Self {
        Self {
            name: guest.name.clone(),
            nights: nights(session, guest),
            arrival: journey(guest, |stay| &stay.arrival),
            departure: journey(guest, |stay| &stay.departure),
        }
    }
}

fn nights(session: &Session, guest: &Guest) -> String {
    let all = session.nights();
    match &guest.stay {
        Some(stay) if guest.nights != all => stay.nights.words(&all),
        _ => "All nights".to_owned(),
    }
}

fn journey(guest: &Guest, of: impl Fn(&Stay) -> &Journey) -> String {
    guest.stay.as_ref().map(|stay| of(stay).words()).unwrap_or_default()
}

/// How many sleep there on each night: `Sun 14 February: 38`.
pub fn sleepers(session: &Session, house: &House) -> Vec<String> {
    let about = (house.guests.as_slice(), house.rooms.as_slice());
    let counts = count_nights(&session.nights(), about, &house.rooming);
    counts.iter().map(|one| format!("{}: {}", wording::date(one.night), one.sleep)).collect()
}

async fn read(desk: &Desk, who: &Who, code: &SessionCode) -> Result<(Session, House), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, code).await?.ok_or(Failure::NotFound)?;
    drop(conn);
    who.on(&session)?;
    if session.nights().is_empty() {
        return Err(RoomsError::NobodyStays.into());
    }
    let house = read_house(&desk.ctx, &who.actor(), &session).await?;
    Ok((session, house))
}

#[get("/trainer/sessions/<code>/rooms")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<RoomingPage>, Failure> {
    let (session, house) = read(desk, &who, &code).await?;
    let chrome = desk.staff_chrome(&who.member);
    Ok(Page::ok(RoomingPage { chrome, session, house }))
}

/// A row for each person, room by room; those who go home come last.
fn table(session: &Session, house: &House) -> Table {
    let nights_of = session.nights();
    let heads = ["Room", "Name", "Nights"].map(str::to_owned).into_iter();
    let heads = heads.chain(nights_of.iter().map(|night| wording::short_date(*night)));
    let heads = heads.chain(["Arrival", "Departure"].map(str::to_owned)).collect();
    let row = |room: &str, guest: &Guest| -> Vec<Cell> {
        let sleeps = nights_of.iter().map(|night| guest.nights.contains(night));
        let sleeps = sleeps.map(|is| Cell::from(if is { "Yes" } else { "" }));
        let one = Sleeper::of(session, guest);
        let first = [room.to_owned(), one.name, one.nights];
        let last = [one.arrival, one.departure];
        first
            .into_iter()
            .map(Cell::from)
            .chain(sleeps)
            .chain(last.into_iter().map(Cell::from))
            .collect()
    };
    let roomed = house.rooms.iter().flat_map(|room| {
        let there = house.rooming.in_room(room.id, &house.guests);
        there.into_iter().map(move |guest| (room.name.as_str(), guest))
    });
    let others = house.guests.iter().filter(|one| house.rooming.of(one.place).is_none());
    let (home, without): (Vec<_>, Vec<_>) = others.partition(|one| one.nights.is_empty());
    let without = without.into_iter().map(|one| ("No room yet", one));
    let home = home.into_iter().map(|one| ("Goes home", one));
    let rows = roomed.chain(without).chain(home).map(|(room, guest)| row(room, guest)).collect();
    Table { name: "Rooms", heads, rows }
}

#[get("/trainer/sessions/<code>/rooms.csv")]
async fn csv(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Download, Failure> {
    let (session, house) = read(desk, &who, &code).await?;
    Download::csv(&format!("rooms-{code}"), to_csv(&table(&session, &house)))
}

#[get("/trainer/sessions/<code>/rooms.xlsx")]
async fn xlsx(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Download, Failure> {
    let (session, house) = read(desk, &who, &code).await?;
    Download::xlsx(&format!("rooms-{code}"), to_xlsx(&[table(&session, &house)]))
}
