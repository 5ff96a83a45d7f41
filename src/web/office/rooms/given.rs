//! Giving out rooms: who sleeps where, what is not as people wish it, and the beds of each night.

use std::borrow::Cow;

use askama::Template;
use chrono::NaiveDate;
use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::stay::{
        house::{House, read_house},
        rooms::{RoomsError, add_rooms, give_rooms},
        tell_rooms::{Untold, letters_to_come, tell_rooms, to_tell},
    },
    domain::{
        edit::Drawn,
        id::{PlaceId, SessionCode},
        reference::Reference,
        session::Session,
        stay::{
            rooming::{Guest, NightCount, Room, Rooming, Unmet, count_nights, too_many, unmet},
            suggest::suggest,
        },
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{addressed::session_for, letter_look::LetterLook},
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, save]
}

type Who = Granted<PlanSessions>;

/// The fields of the page, in its order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    /// The room of one of the guests: which of them on the page, and on which place.
    Room(usize, PlaceId),
    Lines,
}

impl FormField for Field {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Room(_, place) => format!("room-{place}").into(),
            Self::Lines => "lines".into(),
        }
    }
}

#[derive(Template)]
#[template(path = "office/rooms/given.html")]
struct RoomsPage {
    chrome: Chrome,
    notice: Option<String>,
    session: Session,
    house: House,
    /// Who sleeps where as the page shows it: as it is kept, as it is suggested, or as it was typed.
    shown: Rooming,
    /// Whether that is a draft nobody kept yet.
    is_draft: bool,
    /// What the form was drawn from.
    drawn: String,
    form: FormState<Field>,
    /// Who is still to be told.
    untold: Untold,
    /// The letters that would be, where she asked to read them.
    letters: Option<Vec<LetterLook>>,
}

impl RoomsPage {
    /// Whoever sleeps there on any night.
    fn stay(&self) -> Vec<&Guest> {
        self.house.guests.iter().filter(|one| !one.nights.is_empty()).collect()
    }

    /// The names of whoever goes home.
    fn go_home(&self) -> String {
        let home = self.house.guests.iter().filter(|one| one.nights.is_empty());
        wording::list(&home.map(|one| one.name.as_str()).collect::<Vec<_>>())
    }

    fn counts(&self) -> Vec<NightCount> {
        let house = (self.house.guests.as_slice(), self.house.rooms.as_slice());
        count_nights(&self.session.nights(), house, &self.shown)
    }

    fn night(&self, night: &NaiveDate) -> String {
        wording::date(*night)
    }

    fn nights(&self, guest: &Guest) -> String {
        let all = self.session.nights();
        match &guest.stay {
            _ if guest.nights == all => "All nights".to_owned(),
            Some(stay) => stay.nights.words(&all),
            None => "All nights".to_owned(),
        }
    }

    fn field(&self, guest: &Guest) -> Field {
        let at = self.house.guests.iter().position(|one| one.place == guest.place);
        Field::Room(at.unwrap_or_default(), guest.place)
    }

    fn is_in(&self, guest: &Guest, room: &Room) -> bool {
        self.shown.of(guest.place) == Some(room.id)
    }

    fn booking(&self, guest: &Guest) -> Option<&(Reference, u32)> {
        self.house.bookings.get(&guest.place)
    }

    /// With whom she would share, as she typed it and as it is recognised: whether the other wishes it too.
    fn with(&self, guest: &Guest) -> Option<String> {
        let typed = guest.stay.as_ref()?.with_whom.as_ref()?;
        let words = |other: &Guest| match other.with.contains(&guest.place) {
            true => format!("{} wishes it too", other.name),
            false => format!("{} has not asked for it", other.name),
        };
        let known = self.house.guests.iter().filter(|other| guest.with.contains(&other.place));
        let known: Vec<String> = known.map(words).collect();
        Some(match known.is_empty() {
            true => format!("{typed} (nobody recognised)"),
            false => format!("{typed} ({})", known.join("; ")),
        })
    }

    /// What else she wishes, in words.
    fn wishes(&self, guest: &Guest) -> Option<String> {
        let stay = guest.stay.as_ref()?;
        let wishes = stay.wishes().join(", ");
        let why = stay.why_alone.as_ref().filter(|_| stay.is_alone);
        let words = why.map_or_else(|| wishes.clone(), |why| format!("{wishes}: {why}"));
        Some(words).filter(|words| !words.is_empty())
    }

    /// Whether what she said was of other days.
    fn is_of_other_days(&self, guest: &Guest) -> bool {
        guest.stay.as_ref().is_some_and(|stay| !stay.fits(&self.session.sittings))
    }

    /// What is not as she wishes it.
    fn unmet(&self, guest: &Guest) -> Vec<String> {
        let house = (self.house.guests.as_slice(), self.house.rooms.as_slice());
        let name = |place: PlaceId| {
            let other = self.house.guests.iter().find(|one| one.place == place);
            other.map_or("somebody", |one| one.name.as_str())
        };
        let words = |one: Unmet| match one {
            Unmet::NoRoom => "No room yet".to_owned(),
            Unmet::Steps => "Has steps".to_owned(),
            Unmet::Noise => "Not quiet".to_owned(),
            Unmet::NotAlone => "Not alone".to_owned(),
            Unmet::Apart(other, true) => format!("Apart from {}: both wish it", name(other)),
            Unmet::Apart(other, false) => format!("Apart from {}", name(other)),
        };
        unmet(guest, house, &self.shown).into_iter().map(words).collect()
    }

    /// Who sleeps in a room.
    fn who(&self, room: &Room) -> String {
        let there = self.shown.in_room(room.id, &self.house.guests);
        wording::list(&there.iter().map(|one| one.name.as_str()).collect::<Vec<_>>())
    }

    /// The nights on which too many do.
    fn over(&self, room: &Room) -> Option<String> {
        let nights = too_many(room, &self.session.nights(), &self.house.guests, &self.shown);
        let nights: Vec<String> = nights.into_iter().map(wording::short_date).collect();
        (!nights.is_empty()).then(|| wording::list(&nights))
    }

    /// `3 people have`, who are still to be told.
    fn untold_people(&self) -> String {
        wording::count(self.untold.people, "person has", "people have")
    }

    /// Those whom no letter reaches, in words.
    fn unreachable(&self) -> String {
        wording::list(&self.untold.unreachable)
    }

    /// How many sleep there and have no room.
    fn without(&self) -> usize {
        let has = |one: &&&Guest| self.shown.of(one.place).is_none();
        self.stay().iter().filter(has).count()
    }
}

fn page(desk: &Desk, who: &Who, (session, house, untold): (Session, House, Untold)) -> RoomsPage {
    let mut form = FormState::default();
    form.attempt_as(desk.attempt());
    RoomsPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice: None,
        session,
        shown: house.rooming.clone(),
        is_draft: false,
        drawn: Drawn::of(&house.rooming).to_string(),
        house,
        form,
        untold,
        letters: None,
    }
}

/// What the page was opened for.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    done: Option<&'r str>,
    /// Whether it shows a draft.
    suggest: Option<&'r str>,
}

fn notice(done: &str) -> Option<String> {
    let (what, number) = done.split_once('-')?;
    let number: usize = number.parse().ok()?;
    Some(match what {
        "added" => format!("{}.", wording::count(number, "room is added", "rooms are added")),
        "given" if number == 0 => "Nothing was changed.".to_owned(),
        "given" => format!(
            "Saved. {} another room now.",
            wording::count(number, "person has", "people have")
        ),
        "told" if number == 0 => "Everybody knows her room.".to_owned(),
        "told" => format!("{} told.", wording::count(number, "person is", "people are")),
        "room" => "Saved.".to_owned(),
        "removed" => "The room is removed. Whoever slept there has none now.".to_owned(),
        _ => return None,
    })
}

async fn opened(
    desk: &Desk,
    who: &Who,
    code: &SessionCode,
) -> Result<(Session, House, Untold), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, who, code).await?;
    drop(conn);
    if session.nights().is_empty() {
        let back = paths::office::session(code);
        return Err(Failure::from(RoomsError::NobodyStays).leads(back, "Back to the session"));
    }
    let house = read_house(&desk.ctx, &who.actor(), &session).await?;
    let untold = to_tell(&mut desk.ctx.store.read().await?, &session, &house).await?;
    Ok((session, house, untold))
}

#[get("/office/sessions/<code>/rooms?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: Asked<'_>,
) -> Result<Page<RoomsPage>, Failure> {
    let mut page = page(desk, &who, opened(desk, &who, &code).await?);
    page.notice = asked.done.and_then(notice);
    if asked.suggest.is_some() {
        let house = &page.house;
        page.shown = suggest(&house.guests, &house.rooms, &house.rooming);
        page.is_draft = true;
    }
    Ok(Page::ok(page))
}

type Saved = Either<Redirect, Page<RoomsPage>>;

#[post("/office/sessions/<code>/rooms", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Saved, Failure> {
    // A form that names people gives them rooms, whatever else stands on the page.
    let gives = fields.all_names().any(|name| name.starts_with("room-"));
    let lines = fields.of(Field::Lines);
    let adds = !lines.trim().is_empty() || fields.was_sent_for(Field::Lines) && !gives;
    let mut page = page(desk, &who, opened(desk, &who, &code).await?);
    match fields.get("act") {
        "read" => {
            let letters = letters_to_come(&desk.ctx, &page.session).await?;
            page.letters = Some(LetterLook::samples(letters, desk.ctx.now()));
            Ok(Either::Right(Page::ok(page)))
        }
        "tell" => {
            let drawn = edited::drawn(&fields);
            match tell_rooms(&desk.ctx, &who.actor(), &code, drawn.as_ref()).await {
                Ok(people) => Ok(to(&code, format!("told-{people}"))),
                Err(error) => {
                    Err(Failure::from(error).leads(paths::stay::rooms(&code), "Back to the rooms"))
                }
            }
        }
        _ if adds => add(desk, &who, (page, &code), &fields).await,
        _ => give(desk, &who, (page, &code), &fields).await,
    }
}

fn to(code: &SessionCode, done: String) -> Saved {
    Either::Left(Redirect::to(paths::stay::rooms(code).done(done)))
}

/// Adds rooms, one on each line.
async fn add(
    desk: &Desk,
    who: &Who,
    (mut page, code): (RoomsPage, &SessionCode),
    fields: &Fields,
) -> Result<Saved, Failure> {
    let typed = fields.of(Field::Lines);
    page.form.fill(Field::Lines, typed);
    if typed.trim().is_empty() {
        page.form.fault(Field::Lines, "Enter a room, such as: Oak 3, 2 beds, step-free");
        return Ok(Either::Right(Page::unprocessable(page)));
    }
    let attempt = fields.attempt();
    match add_rooms(&desk.ctx, &who.actor(), (code, typed), attempt.as_ref()).await {
        Ok(added) => Ok(to(code, format!("added-{added}"))),
        Err(error @ (RoomsError::Line(..) | RoomsError::TooMany)) => {
            page.form.fault(Field::Lines, in_words(&error.to_string()));
            Ok(Either::Right(Page::unprocessable(page)))
        }
        Err(error) => {
            Err(Failure::from(error).leads(paths::stay::rooms(code), "Back to the rooms"))
        }
    }
}

/// Writes who sleeps where; whoever the form does not name stays where she is.
async fn give(
    desk: &Desk,
    who: &Who,
    (mut page, code): (RoomsPage, &SessionCode),
    fields: &Fields,
) -> Result<Saved, Failure> {
    let mut typed = page.house.rooming.clone();
    for (at, guest) in page.house.guests.iter().enumerate() {
        let field = Field::Room(at, guest.place);
        if !fields.was_sent_for(field) {
            continue;
        }
        match fields.of(field) {
            "" => {
                typed.0.remove(&guest.place);
            }
            chosen => match page.house.rooms.iter().find(|one| one.id.to_string() == chosen) {
                Some(room) => {
                    typed.0.insert(guest.place, room.id);
                }
                None => page.form.fault(field, format!("Choose a room for {}", guest.name)),
            },
        }
    }
    page.shown = typed.clone();
    if !page.form.is_valid() {
        page.drawn = fields.get(edited::DRAWN).to_owned();
        return Ok(Either::Right(Page::unprocessable(page)));
    }
    let drawn = edited::drawn(fields);
    match give_rooms(&desk.ctx, &who.actor(), (code, &typed), drawn.as_ref()).await {
        Ok(people) => Ok(to(code, format!("given-{people}"))),
        Err(RoomsError::Conflicts(conflicts)) => {
            for (at, guest) in page.house.guests.iter().enumerate() {
                let key = guest.place.to_string().replace('-', "");
                if !conflicts.fields.iter().any(|one| one.key == key) {
                    continue;
                }
                let now = page.house.rooming.of(guest.place);
                let now = page.house.rooms.iter().find(|one| Some(one.id) == now);
                let now = now.map_or("no room", |room| room.name.as_str());
                let told = format!(
                    "{}: somebody else gave {now} while this page was open. Send it again to save yours",
                    guest.name
                );
                page.form.fault(Field::Room(at, guest.place), told);
            }
            page.shown = conflicts.hers.clone();
            page.drawn = conflicts.drawn.to_string();
            Ok(Either::Right(Page::conflict(page)))
        }
        Err(error) => {
            Err(Failure::from(error).leads(paths::stay::rooms(code), "Back to the rooms"))
        }
    }
}
