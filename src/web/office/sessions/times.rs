//! Other days or times: the page says what moves with them, and lists the new dates if it is asked to.

use rocket::{Route, State, get, post, routes};

use super::change::{
    Change, Changed, SessionChangePage, Who, again, ask, asks, look, own_words, told,
};
use crate::{
    actions::sessions::{
        change_session::NewTimes,
        days::would_move,
        tell_change::{SessionChange, change_and_tell},
    },
    domain::{
        clash::VenueUse, id::SessionCode, plan::PlannedSitting, session::Session, sitting::instants,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::SameOrigin,
        office::{
            addressed::session_for,
            session_fields::{DayField, SessionField as Field},
            sessions::plan_read::day,
        },
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
    let typed: Vec<_> = (1..=days).flat_map(Field::day).chain([Field::VenueAnyway]).collect();
    let (mut form, drawn) = (FormState::sent_for(&fields, &typed), edited::drawn(&fields));
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
    let words = own_words(&fields, &mut form);
    let first = Field::Day(1, DayField::Date);
    let about = (session, Change::Times);
    if !form.is_valid() {
        return again(desk, &who, about, form, None).await;
    }
    let (change, said) = (SessionChange::Times(&new), (drawn.as_ref(), words.as_ref()));
    if fields.is("action", "look") {
        return match would_move(&about.0, &new, desk.ctx.now()) {
            Ok(moving) => {
                look(desk, &who, about, (form, first), (&change, said), Some(moving)).await
            }
            Err(error) => again(desk, &who, about, form, Some((first, error))).await,
        };
    }
    if asks(desk, &about.0, &mut form, &moved_use(&about.0, &new)).await? {
        return again(desk, &who, about, form, None).await;
    }
    match change_and_tell(&desk.ctx, &who.actor(), &code, &change, said).await {
        Ok(done) => Ok(Ok(told(&code, "moved", done))),
        Err(error) => again(desk, &who, about, form, Some((first, error))).await,
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
