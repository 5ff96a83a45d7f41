//! Letters, and trying failed ones again.

use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::letters::retry_letter::retry_letter,
    domain::id::LetterId,
    store::{
        catalogue,
        letter_search::{self, Progress},
    },
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ReadLetters, SameOrigin},
        office::{letters::LettersPage, zone_of},
        page::{Area, Page},
        paging::{self, Pager},
    },
};

/// Which letters.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    progress: Option<&'r str>,
    page: Option<&'r str>,
    done: Option<&'r str>,
}

#[get("/office/letters?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<ReadLetters>,
    asked: Asked<'_>,
) -> Result<Page<LettersPage>, Failure> {
    let progress: Progress = asked.progress.and_then(|word| word.parse().ok()).unwrap_or_default();
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let mut conn = desk.ctx.store.read().await?;
    let page = paging::asked(asked.page);
    let found = letter_search::search(&mut conn, progress, within, paging::window(page)).await?;
    let mut counts = Vec::new();
    for one in Progress::ALL {
        let count = letter_search::count(&mut conn, *one, within).await?;
        counts.push((*one, count, *one == progress));
    }
    let notice = asked.done.map(|done| match done {
        "retried" => "It is on its way again.".to_owned(),
        _ => "Nothing to send: it has gone out already.".to_owned(),
    });
    let alliances = catalogue::alliances(&mut conn).await?;
    Ok(Page::ok(LettersPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        progress,
        counts,
        zone: zone_of(&who.member, &alliances),
        letters: found.items,
        pager: Pager::of(page, found.total, "/office/letters", &[("progress", progress.as_str())]),
    }))
}

#[post("/office/letters/<id>/retry")]
async fn retry(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<ReadLetters>,
    id: LetterId,
) -> Result<Redirect, Failure> {
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let retried = retry_letter(&desk.ctx, &who.actor(), id, within).await?;
    let done = if retried { "retried" } else { "gone" };
    Ok(Redirect::to(format!("/office/letters?done={done}")))
}

pub fn routes() -> Vec<Route> {
    routes![list, retry]
}
