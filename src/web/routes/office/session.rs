//! One session, as the office looks after it.

use rocket::{Route, State, get, routes};

use super::Asked;
use crate::{
    domain::{
        id::SessionCode,
        permission::{Permission, allows},
        plan::clashes,
        wording,
    },
    store::{door, pledges, sessions, watch},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, WatchSessions},
        office::{overview::Filling, session::SessionPage},
        page::{Area, Page},
        plot::Steps,
    },
};

#[get("/office/sessions/<code>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<WatchSessions>,
    code: SessionCode,
    asked: Asked<'_>,
) -> Result<Page<SessionPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let fill = watch::fill_of(&mut conn, &code).await?;
    let times = pledges::booking_times(&mut conn, &code).await?;
    let until = session.ends_at().map_or(desk.ctx.now(), |end| end.min(desk.ctx.now()));
    let plot = Steps::of(&times, session.occupancy.capacity, until, session.zone());
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    Ok(Page::ok(SessionPage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice: asked.done.and_then(notice),
        clashes: clashes(&session, &coming),
        plot,
        tallies: door::tallies(&mut conn, &code).await?,
        can_plan: allows(&who.member, Permission::PlanSessions, &session),
        line: Filling { session, fill },
        now: desk.ctx.now(),
    }))
}

fn notice(done: &str) -> Option<String> {
    let words = match done {
        "planned" => "Saved as a draft. Look it over, then publish it.",
        "saved" => "Saved.",
        "published" => "Published. Everybody can see it and book.",
        "places" => "Saved. Freed places are offered to the waiting list.",
        other => return counted(other),
    };
    Some(words.to_owned())
}

/// What was done to so many.
fn counted(done: &str) -> Option<String> {
    let (verb, count) = done.split_once('-')?;
    let count: usize = count.parse().ok()?;
    Some(match verb {
        "repeated" => {
            let drafts = wording::count(count, "draft is", "drafts are");
            format!("{drafts} ready. Find them under Sessions, Drafts.")
        }
        "moved" => format!("Saved. We are telling {}.", wording::count(count, "person", "people")),
        "cancelled" => {
            let people = wording::count(count, "person", "people");
            format!("The session is cancelled. We are telling {people}.")
        }
        _ => return None,
    })
}

pub fn routes() -> Vec<Route> {
    routes![show]
}
