//! Two people who were made one and are two after all: asked, and taken back, for a day.

use askama::Template;
use rocket::{Either, FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::people::merge_people::{UnmergeError, unmerge_people},
    domain::{
        id::PersonId,
        person::Person,
        person_merge::{GivenUpPlace, TAKEN_BACK_WITHIN},
        wording,
    },
    store::{
        Conn, StoreError, catalogue,
        person_merges::{self, Merge},
    },
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManagePeople, SameOrigin},
        office::addressed::person_for,
        page::{Area, Chrome, Page},
        paths,
        words::{clock_of, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, unmerge]
}

type Who = Granted<ManagePeople>;

/// A merge that can be taken back, and until when.
#[derive(Debug, Clone)]
pub struct TakeBack {
    pub merge: Merge,
    pub until: String,
}

/// What became part of somebody within the last day, the latest first.
pub async fn to_take_back(
    desk: &Desk,
    conn: &mut Conn,
    (who, person): (&Who, PersonId),
) -> Result<Vec<TakeBack>, StoreError> {
    let since = desk.ctx.now() - TAKEN_BACK_WITHIN;
    let merges = person_merges::of_kept(conn, person, since).await?;
    if merges.is_empty() {
        return Ok(Vec::new());
    }
    let zone = clock_of(&who.member, &catalogue::alliances(conn).await?);
    let until = |merge: &Merge| stamp(merge.merged_at + TAKEN_BACK_WITHIN, zone);
    Ok(merges.into_iter().map(|merge| TakeBack { until: until(&merge), merge }).collect())
}

#[derive(Template)]
#[template(path = "office/people/unmerge.html")]
struct UnmergePage {
    chrome: Chrome,
    kept: Person,
    /// What would be taken back; `None` where it is too late.
    found: Option<TakeBack>,
    /// How many places were given up.
    given_up: usize,
}

impl UnmergePage {
    fn given_up(&self) -> String {
        wording::count(
            self.given_up,
            "place that was given up comes",
            "places that were given up come",
        )
    }
}

/// Who is to be somebody of her own again.
#[derive(Debug, FromForm)]
struct Gone<'r> {
    gone: Option<&'r str>,
}

const A_PERSON: &str = "it is somebody who became part of her";

async fn page(
    desk: &Desk,
    who: &Who,
    kept: Person,
    gone: Option<PersonId>,
) -> Result<UnmergePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let all = to_take_back(desk, &mut conn, (who, kept.id)).await?;
    let found = all.into_iter().find(|one| gone.is_none_or(|gone| one.merge.gone == gone));
    let given_up: Vec<(_, GivenUpPlace)> = match &found {
        Some(one) => person_merges::given_up(&mut conn, one.merge.id).await?,
        None => Vec::new(),
    };
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(UnmergePage { chrome, kept, found, given_up: given_up.len() })
}

#[get("/office/people/<id>/unmerge?<asked..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    asked: Gone<'_>,
) -> Result<Page<UnmergePage>, Failure> {
    let kept = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    let gone = asked::one("gone", asked.gone, A_PERSON)?;
    Ok(Page::ok(page(desk, &who, kept, gone).await?))
}

#[post("/office/people/<id>/unmerge", data = "<fields>")]
async fn unmerge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Either<Redirect, Page<UnmergePage>>, Failure> {
    let kept = person_for(&mut desk.ctx.store.read().await?, &who, id).await?;
    let gone = asked::one("gone", Some(fields.get("gone")), A_PERSON)?;
    match unmerge_people(&desk.ctx, &who.actor(), id, gone).await {
        Ok(done) => {
            let words = match (done.waiting, done.lost) {
                (0, 0) => "unmerged".to_owned(),
                (waiting, lost) => format!("unmerged-in-part-{waiting}-{lost}"),
            };
            Ok(Either::Left(Redirect::to(paths::office::person(&id).done(words))))
        }
        Err(UnmergeError::TooLate) => {
            Ok(Either::Right(Page::conflict(page(desk, &who, kept, gone).await?)))
        }
        Err(UnmergeError::Store(error)) => Err(error.into()),
    }
}

/// What became of places that could not come back as they were: how many wait, and how many are lost.
pub fn returned(done: &str) -> Option<String> {
    let (waiting, lost) = done.strip_prefix("unmerged-in-part-")?.split_once('-')?;
    let (waiting, lost): (usize, usize) = (waiting.parse().ok()?, lost.parse().ok()?);
    let mut words = vec!["They are two people again.".to_owned()];
    if waiting > 0 {
        let places =
            wording::count(waiting, "place that was given up", "places that were given up");
        words.push(format!(
            "{places} could not come back, because others have it by now: she waits first in line, and whoever booked \
             is told if we have an address. Give her a place out of turn from her booking if you think she should have one."
        ));
    }
    if lost > 0 {
        let places = wording::count(lost, "place that was given up", "places that were given up");
        words.push(format!(
            "{places} could not come back, because others have it by now or the session is over or called off, and \
             nobody can wait there. Nobody was told: decide about her booking yourself."
        ));
    }
    Some(words.join(" "))
}
