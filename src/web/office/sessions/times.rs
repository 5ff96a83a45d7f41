//! Other days or times: the page says what moves with them, and lists the new dates if it is asked to.

use rocket::{Route, State, get, post, routes};

use super::change::{Change, Changed, SessionChangePage, Who, again, ask, asks, page, told};
use crate::{
    actions::sessions::{
        change_session::{NewTimes, reschedule_session},
        days::would_move,
    },
    domain::{
        clash::VenueUse, id::SessionCode, plan::PlannedSitting, session::Session, sitting::instants,
    },
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        forms::edited::{self, DRAWN},
        guard::SameOrigin,
        office::{addressed::session_for, sessions::plan_read::day, venues},
        page::Page,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_times, times]
}

#[get("/office/sessions/<code>/times")]
async fn ask_times(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<SessionChangePage>, Failure> {
    ask(desk, &who, &code, Change::Times).await
}

#[post("/office/sessions/<code>/times", data = "<fields>")]
async fn times(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Changed, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let days = u32::try_from(session.sittings.len()).unwrap_or(1);
    let (mut form, drawn) = (FormState::default(), edited::drawn(&fields));
    for field in [DRAWN, venues::ANYWAY] {
        form.keep(field, fields.get(field));
    }
    for number in 1..=days {
        for part in ["date", "start", "end", "end_date"] {
            let id = format!("d{number}_{part}");
            form.keep(&id, fields.get(&id));
        }
    }
    let mut new = Vec::new();
    for number in 1..=days {
        let known = session.sittings.iter().find(|sitting| sitting.number == number);
        let planned = day(&mut form, number, known);
        new.extend(planned.map(|PlannedSitting { starts, ends }| NewTimes {
            number,
            starts,
            ends,
        }));
    }
    let about = (session, Change::Times);
    if !form.is_valid() {
        return again(desk, &who, about, form, None).await;
    }
    if fields.is("action", "look") {
        return look(desk, &who, about, form, &new).await;
    }
    if asks(desk, &about.0, &mut form, &moved_use(&about.0, &new)).await? {
        return again(desk, &who, about, form, None).await;
    }
    match reschedule_session(&desk.ctx, &who.actor(), &code, &new, drawn.as_ref()).await {
        Ok(done) => Ok(Ok(told(&code, "moved", done))),
        Err(error) => again(desk, &who, about, form, Some(("d1_date", error))).await,
    }
}

/// How a session uses its venue at other times.
pub fn moved_use(session: &Session, new: &[NewTimes]) -> VenueUse {
    let mut moved = session.clone();
    for one in new {
        // Times that cannot be are refused by who moves it.
        let Ok((starts_at, ends_at)) = instants(one.starts, one.ends, session.zone()) else {
            continue;
        };
        let known = moved.sittings.iter_mut().find(|day| day.number == one.number);
        if let Some(day) = known {
            (day.starts_at, day.ends_at) = (starts_at, ends_at);
        } else if let Some(venue) = &session.venue {
            let mut used = VenueUse::of(&moved);
            used.days.push((venue.clone(), starts_at, ends_at));
            return used;
        }
    }
    VenueUse::of(&moved)
}

/// The form again with what would move with the days, before anything does.
async fn look(
    desk: &Desk,
    who: &Who,
    about: (Session, Change),
    form: FormState,
    new: &[NewTimes],
) -> Result<Changed, Failure> {
    match would_move(&about.0, new, desk.ctx.now()) {
        Ok(moving) => {
            let mut page = page(desk, who, about.0, about.1, form).await?;
            page.moving = Some(moving);
            Ok(Err(Page::ok(page)))
        }
        Err(error) => again(desk, who, about, form, Some(("d1_date", error))).await,
    }
}
