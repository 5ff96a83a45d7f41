//! Saying what columns hold and what becomes of rows, importing, and throwing a file away.

use rocket::{Either, Route, State, post, response::Redirect, routes};
use uuid::Uuid;

use super::{
    brought::{Who, import_for},
    look::{self, LookPage},
};
use crate::{
    actions::imports::{
        ImportError,
        keep_file::{discard, say},
        look::look,
        make::make,
    },
    domain::import::Said,
    web::{Desk, failure::Failure, forms::Fields, guard::SameOrigin, page::Page, paths},
};

pub fn routes() -> Vec<Route> {
    routes![columns, import, throw_away]
}

/// What can be said of every row.
const OF_ALL: [&str; 10] = [
    "alliance",
    "kind",
    "membership",
    "institution",
    "leader",
    "leader_email",
    "leader_phone",
    "together",
    "dates",
    "course",
];

/// The longest answer that is kept.
const LONGEST: usize = 200;

/// What a form says of a file; what it does not send stays as it was.
fn sent(fields: &Fields) -> Said {
    let mut said = Said::new();
    let mut keep = |name: &str, value: &str| {
        said.insert(name.to_owned(), value.trim().chars().take(LONGEST).collect());
    };
    for name in OF_ALL.into_iter().filter(|name| fields.was_sent(name)) {
        keep(name, fields.get(name));
    }
    let is_row = |name: &str| {
        ["column-", "row-", "from-"].iter().any(|start| {
            name.strip_prefix(start).is_some_and(|number| number.parse::<u32>().is_ok())
        })
    };
    for name in fields.all_names().filter(|name| is_row(name)) {
        keep(name, fields.get(name));
    }
    if fields.was_sent("letters") {
        let none = fields.all("letters").iter().any(|value| value == "none");
        keep("letters", if none { "none" } else { "" });
    }
    said
}

/// Gives every question without an answer the same one.
async fn answer_others(desk: &Desk, who: &Who, id: Uuid, answer: &str) -> Result<(), Failure> {
    if !matches!(answer, "leave" | "another") {
        return Ok(());
    }
    let import = import_for(desk, who, id).await?;
    let mut conn = desk.ctx.store.read().await?;
    let looked = look(&desk.ctx, &mut conn, &who.member, &import).await?;
    drop(conn);
    let open = looked.into_iter().flat_map(|looked| looked.doubts);
    let open = open.filter(|doubt| doubt.chosen.is_none());
    let said: Said = open.map(|doubt| (doubt.name, answer.to_owned())).collect();
    if said.is_empty() {
        return Ok(());
    }
    kept(say(&desk.ctx, &who.member, id, said).await)
}

fn kept(done: Result<(), ImportError>) -> Result<(), Failure> {
    match done {
        Ok(()) => Ok(()),
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(_) => Err(Failure::NotFound),
    }
}

#[post("/office/import/<id>/columns", data = "<fields>")]
async fn columns(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: Uuid,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let here = paths::files::import_file(&id);
    if import_for(desk, &who, id).await?.made_at.is_some() {
        return Ok(Redirect::to(here));
    }
    kept(say(&desk.ctx, &who.member, id, sent(&fields)).await)?;
    answer_others(desk, &who, id, fields.get("others")).await?;
    Ok(Redirect::to(here.done("kept").at("check")))
}

#[post("/office/import/<id>/make", data = "<fields>")]
async fn import(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: Uuid,
    fields: Fields,
) -> Result<Either<Redirect, Page<LookPage>>, Failure> {
    let here = paths::files::import_file(&id);
    if import_for(desk, &who, id).await?.made_at.is_some() {
        // Pressed twice: it was imported once.
        return Ok(Either::Left(Redirect::to(here)));
    }
    kept(say(&desk.ctx, &who.member, id, sent(&fields)).await)?;
    answer_others(desk, &who, id, fields.get("others")).await?;
    let refused = match make(&desk.ctx, &who.member, id).await {
        Ok(_) | Err(ImportError::MadeBefore) => {
            return Ok(Either::Left(Redirect::to(here.done("made"))));
        }
        Err(ImportError::Store(error)) => return Err(error.into()),
        Err(ImportError::NoSuchFile) => return Err(Failure::NotFound),
        Err(refused) => refused,
    };
    let words = match refused {
        ImportError::NotReady => {
            "Nothing was imported yet: put right what is listed, and answer the questions"
                .to_owned()
        }
        other => crate::web::words::in_words(&other.to_string()),
    };
    Ok(Either::Right(look::refused(desk, &who, id, words).await?))
}

#[post("/office/import/<id>/discard")]
async fn throw_away(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: Uuid,
) -> Result<Redirect, Failure> {
    import_for(desk, &who, id).await?;
    match discard(&desk.ctx, &who.member, id).await {
        Ok(()) => Ok(Redirect::to(paths::files::import().done("gone"))),
        Err(ImportError::MadeBefore) => Ok(Redirect::to(paths::files::import_file(&id))),
        Err(ImportError::Store(error)) => Err(error.into()),
        Err(_) => Err(Failure::NotFound),
    }
}
