//! Two people side by side, before they are made one.

use askama::Template;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::people::merge_people::{MergeError, merge_settling},
    domain::{
        id::{PersonId, PlaceId},
        person::Person,
        person_merge::{Double, MergedSeat, Settling},
        text::Name,
        wording,
    },
    store::{Conn, Window, people, person_merges},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManagePeople, SameOrigin},
        office::addressed::person_for,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask, merge]
}

type Who = Granted<ManagePeople>;

#[derive(Template)]
#[template(path = "office/people/merge.html")]
struct MergePage {
    chrome: Chrome,
    kept: Person,
    /// Who becomes part of her; `None` while she is looked for.
    gone: Option<(Person, usize, i64)>,
    /// What stands twice then, and is settled.
    doubles: Vec<Double>,
    /// On how many sessions of others something stands twice, and stays.
    left: usize,
    words: String,
    /// Who was found, or may be the same.
    found: Vec<Person>,
}

impl MergePage {
    fn action(&self) -> Href {
        paths::office::person_merge(&self.kept.id)
    }

    /// What moves from one to the other.
    fn moves(&self, places: &usize, led: &i64) -> String {
        let led = usize::try_from(*led).unwrap_or(0);
        format!(
            "{} and {}",
            wording::count(*places, "place", "places"),
            wording::count(led, "booking she led", "bookings she led")
        )
    }

    fn keep(&self, double: &Double) -> String {
        keep(double)
    }

    /// What a place is, so that it can be told from the other.
    fn seat(&self, seat: &MergedSeat) -> String {
        let name = seat.name.as_ref().map_or("Name to follow", Name::as_str);
        let came = if seat.attended > 0 { ", and she was seen there" } else { "" };
        let state = in_words(seat.status.as_str());
        format!("{state}: {name}, booking {}{came}", seat.reference)
    }

    fn is_best(&self, double: &Double, seat: &MergedSeat) -> bool {
        double.best() == Some(seat.place)
    }

    /// Whether one of the places is given up: she may have been seen on each.
    fn is_settled(&self, double: &Double) -> bool {
        double.given_up(&[]).next().is_some()
    }

    fn left(&self) -> String {
        wording::count(self.left, "session", "sessions")
    }

    fn email(&self, person: &Person) -> String {
        person.email.as_ref().map_or_else(|| "no address".to_owned(), ToString::to_string)
    }
}

/// Whom to merge with, or words to find her by.
#[derive(Debug, FromForm)]
struct Other<'r> {
    with: Option<&'r str>,
    q: Option<&'r str>,
}

/// The field that says which place on a session is kept.
fn keep(double: &Double) -> String {
    format!("keep_{}", double.session)
}

/// What stands twice on sessions whoever looks at it may settle, and what stays.
async fn doubles(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    both: (PersonId, PersonId),
) -> Result<(Vec<Double>, Vec<Double>), Failure> {
    let doubles = person_merges::doubles(conn, both, desk.ctx.now()).await?;
    Ok(doubles.into_iter().partition(|one| who.reaches(&one.alliance)))
}

const A_PERSON: &str = "it is somebody else of the list";

#[get("/office/people/<id>/merge?<other..>")]
async fn ask(
    desk: &State<Desk>,
    who: Who,
    id: PersonId,
    other: Other<'_>,
) -> Result<Page<MergePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let kept = person_for(&mut conn, &who, id).await?;
    let gone = match asked::one("with", other.with, A_PERSON)?.filter(|with| *with != id) {
        None => None,
        Some(with) => {
            let gone = person_for(&mut conn, &who, with).await?;
            let places = people::seats(&mut conn, with).await?.len();
            let led = people::led(&mut conn, with).await?;
            Some((gone, places, led))
        }
    };
    let (doubles, left) = match &gone {
        Some((gone, ..)) => doubles(desk, &mut conn, &who, (kept.id, gone.id)).await?,
        None => Default::default(),
    };
    let left = left.len();
    let words = other.q.unwrap_or_default().trim().to_owned();
    let found = if words.is_empty() {
        people::alike(&mut conn, &kept).await?
    } else {
        let within = (!who.reaches_everything()).then_some(&who.member.login);
        let window = Window { offset: 0, limit: 20 };
        let mut found = people::search(&mut conn, &words, within, window).await?.items;
        found.retain(|one| one.id != id);
        found
    };
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(MergePage { chrome, kept, gone, doubles, left, words, found }))
}

#[post("/office/people/<id>/merge", data = "<fields>")]
async fn merge(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: PersonId,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    person_for(&mut conn, &who, id).await?;
    let Some(with) = asked::one("with", Some(fields.get("with")), A_PERSON)? else {
        return Ok(Redirect::to(paths::office::person_merge(&id)));
    };
    person_for(&mut conn, &who, with).await?;
    let (doubles, left) = doubles(desk, &mut conn, &who, (id, with)).await?;
    drop(conn);
    let chosen = doubles.iter().filter_map(|one| fields.get(&keep(one)).parse().ok());
    let chosen: Vec<PlaceId> = chosen.collect();
    let left: Vec<_> = left.into_iter().map(|one| one.session).collect();
    let settling = Settling { chosen: &chosen, left: &left };
    match merge_settling(&desk.ctx, &who.actor(), (id, with), settling).await {
        Ok(()) => Ok(Redirect::to(paths::office::person(&id).done("merged"))),
        Err(MergeError::NotTwo) => Ok(Redirect::to(paths::office::person_merge(&id))),
        Err(MergeError::Store(error)) => Err(error.into()),
    }
}
