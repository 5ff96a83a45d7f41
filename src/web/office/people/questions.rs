//! Two people who may be one: what speaks for it and what against, and what an organiser says.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::people::{
        merge_people::{MergeError, merge_people},
        questions::{TellApartError, tell_apart},
    },
    domain::{
        id::PersonId,
        likely_same::{Against, For, KnownPerson, Signs},
        text::Name,
        wording,
    },
    store::{Conn, Window, institutions, people, person_merges, person_questions},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{Granted, ManagePeople, SameOrigin},
        office::{addressed::person_for, query::PageQuery},
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list, answer]
}

type Who = Granted<ManagePeople>;

/// One of the two.
struct Side {
    known: KnownPerson,
    institution: String,
    /// On how many sessions she has or had a place.
    sessions: usize,
}

impl Side {
    fn sessions(&self) -> String {
        wording::count(self.sessions, "place on a session", "places on sessions")
    }
}

/// What is asked.
struct Pair {
    one: PersonId,
    name: Name,
    other: PersonId,
    other_name: Name,
    sides: Vec<Side>,
    signs: Signs,
}

#[derive(Template)]
#[template(path = "office/people/questions.html")]
struct QuestionsPage {
    chrome: Chrome,
    notice: Option<String>,
    pairs: Vec<Pair>,
    /// How many come once these are answered.
    more: usize,
}

impl QuestionsPage {
    fn more(&self) -> String {
        wording::count(self.more, "more question comes", "more questions come")
    }
}

/// How many are shown at once: each is looked up on its own.
const SHOWN: i64 = 20;

async fn side(
    conn: &mut Conn,
    id: PersonId,
    listed: &[crate::domain::institution::Institution],
) -> Result<Option<Side>, Failure> {
    let Some(person) = people::known_as(conn, id).await? else { return Ok(None) };
    let institution = listed.iter().find(|one| Some(&one.code) == person.institution.as_ref());
    let institution = institution.map_or_else(String::new, |one| one.name.clone());
    let sessions = people::seats(conn, id).await?.len();
    let known = person_questions::all_of(conn, person).await?;
    Ok(Some(Side { known, institution, sessions }))
}

#[get("/office/people/questions?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<QuestionsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let window = Window { offset: 0, limit: SHOWN };
    let found = person_questions::open(&mut conn, within, window).await?;
    let listed = institutions::all(&mut conn).await?;
    let mut pairs = Vec::new();
    for question in &found.items {
        let one = side(&mut conn, question.one, &listed).await?;
        let other = side(&mut conn, question.other, &listed).await?;
        let Some((one, other)) = one.zip(other) else { continue };
        let met = person_questions::met(&mut conn, question.one, question.other).await?;
        let signs = Signs::of(&one.known, &other.known, met);
        pairs.push(Pair {
            one: question.one,
            name: one.known.person.name.clone(),
            other: question.other,
            other_name: other.known.person.name.clone(),
            sides: vec![one, other],
            signs,
        });
    }
    let shown = i64::try_from(found.items.len()).unwrap_or(i64::MAX);
    let notice = asked.done.and_then(|done| match done {
        "two" => Some("They are two people. That is not asked again.".to_owned()),
        _ => None,
    });
    Ok(Page::ok(QuestionsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice,
        pairs,
        more: usize::try_from(found.total - shown).unwrap_or(0),
    }))
}

const A_PERSON: &str = "it is somebody of the list";

#[post("/office/people/questions", data = "<fields>")]
async fn answer(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Redirect, Failure> {
    let one: Option<PersonId> = asked::one("one", Some(fields.get("one")), A_PERSON)?;
    let other: Option<PersonId> = asked::one("other", Some(fields.get("other")), A_PERSON)?;
    let Some((one, other)) = one.zip(other) else {
        return Ok(Redirect::to(paths::records::people_questions()));
    };
    let mut conn = desk.ctx.store.read().await?;
    person_for(&mut conn, &who, one).await?;
    person_for(&mut conn, &who, other).await?;
    if !fields.is("answer", "same") {
        drop(conn);
        return match tell_apart(&desk.ctx, &who.actor(), one, other).await {
            Ok(()) => Ok(Redirect::to(paths::records::people_questions().done("two"))),
            Err(TellApartError::NotTwo) => Ok(Redirect::to(paths::records::people_questions())),
            Err(TellApartError::Store(error)) => Err(error.into()),
        };
    }
    // What stands twice is looked at first: somebody loses a place.
    let doubles = person_merges::doubles(&mut conn, (one, other), desk.ctx.now()).await?;
    drop(conn);
    if !doubles.is_empty() {
        return Ok(Redirect::to(paths::office::person_merge_with(&one, &other)));
    }
    match merge_people(&desk.ctx, &who.actor(), one, other).await {
        Ok(()) => Ok(Redirect::to(paths::office::person(&one).done("merged"))),
        Err(MergeError::NotTwo) => Ok(Redirect::to(paths::records::people_questions())),
        Err(MergeError::Store(error)) => Err(error.into()),
    }
}
