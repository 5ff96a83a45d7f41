//! The door of a sitting: one tap at a time from the page, or a bundle from a device.

use chrono::{DateTime, Duration, Utc};
use rocket::{
    FromForm, Route, State, get, http::ContentType, post, response::Redirect, routes,
    serde::json::Json,
};
use serde::{Deserialize, Serialize};

use crate::{
    actions::door::{
        check_in::{DoorError, OpenDoor, Taps, check_in, open_door, walk_in_id},
        close_sitting::{Turnout, close_sitting},
    },
    domain::{
        attendance::{Mark, Presence, WalkIn},
        id::{PlaceId, SessionCode},
        text::Name,
    },
    store::sessions,
    web::{
        Desk,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{CheckIn, Granted, SameOrigin},
        headers::Fetching,
        page::Page,
        trainer::door::{CloseSittingPage, DoorPage},
    },
};

type Who = Granted<CheckIn>;

impl From<DoorError> for Failure {
    fn from(error: DoorError) -> Self {
        match error {
            DoorError::NoSuchSitting => Self::NotFound,
            DoorError::Forbidden | DoorError::NotYet => Self::Forbidden,
            DoorError::Store(error) => Self::Store(error),
        }
    }
}

type DoorAnswer = Fetching<Page<DoorPage>>;

#[get("/trainer/sessions/<code>/check-in")]
async fn today(desk: &State<Desk>, who: Who, code: SessionCode) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let sitting = session.sitting_at_the_door(desk.ctx.now()).ok_or(Failure::NotFound)?;
    Ok(Redirect::to(format!("/trainer/sessions/{code}/check-in/{}", sitting.number)))
}

/// What is looked for, and what just happened: a verb and the line it was about.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    q: Option<&'r str>,
    done: Option<&'r str>,
    place: Option<&'r str>,
}

fn notice(open: &OpenDoor, done: &str) -> Option<String> {
    let (verb, id) = done.split_once('.')?;
    if verb == "added" {
        let walk_in = open.door.walk_ins.iter().find(|one| one.id.to_string() == id)?;
        return Some(format!("{} is checked in", walk_in.name));
    }
    let line = open.door.lines.iter().find(|one| one.line.place.id.to_string() == id)?;
    let name = line.line.name();
    match verb {
        "in" => Some(format!("{name} is checked in")),
        "out" => Some(format!("{name} is not here yet")),
        _ => None,
    }
}

fn page(
    desk: &Desk,
    who: &Who,
    open: OpenDoor,
    form: FormState,
    words: &str,
    done: Option<&str>,
) -> DoorPage {
    let notice = match done {
        Some(done) if done.starts_with("closed.") => closed_words(done),
        Some("removed") => Some("That line is gone".to_owned()),
        Some(done) => notice(&open, done),
        None => None,
    };
    let OpenDoor { session, sitting, door } = open;
    DoorPage {
        chrome: desk.staff_chrome(&who.member),
        notice,
        session,
        sitting,
        door,
        words: words.trim().to_owned(),
        scanned: None,
        form,
    }
}

#[get("/trainer/sessions/<code>/check-in/<number>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    number: u32,
    asked: Asked<'_>,
) -> Result<DoorAnswer, Failure> {
    let opens = asked.done.is_none() && asked.q.is_none() && asked.place.is_none();
    let open = open_door(&desk.ctx, &who.member, &code, number, opens).await?;
    let words = asked.q.unwrap_or_default();
    let scanned = asked.place.and_then(|place| place.parse().ok());
    let shown = page(desk, &who, open, FormState::default(), words, asked.done);
    Ok(Page::ok(DoorPage { scanned, ..shown }).into())
}

/// Reads somebody who is not on the list; what must be put right stands in `form`.
fn walk_in(desk: &Desk, fields: &Fields, form: &mut FormState) -> Option<WalkIn> {
    for field in ["name", "institution", "email"] {
        form.keep(field, fields.get(field));
    }
    let name = Name::parse(fields.get("name"));
    if name.is_err() {
        form.fault("name", "Enter their name");
    }
    let institution = Name::parse_optional(fields.get("institution"));
    if institution.is_err() {
        form.fault("institution", "Use ordinary letters and signs, up to 120 of them");
    }
    let typed = fields.get("email").trim();
    let email = if typed.is_empty() { Ok(None) } else { typed.parse().map(Some) };
    if email.is_err() {
        form.fault("email", "Check the email address. It should look like name@example.org");
    }
    Some(WalkIn {
        id: walk_in_id(&desk.ctx),
        name: name.ok()?,
        institution: institution.ok()?,
        email: email.ok()?,
        at: desk.ctx.now(),
    })
}

#[post("/trainer/sessions/<code>/check-in/<number>", data = "<fields>")]
async fn tap(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    number: u32,
    fields: Fields,
) -> Result<Result<Redirect, DoorAnswer>, Failure> {
    let mut taps = Taps::default();
    let mark = |typed: &str, presence| {
        let place: Option<PlaceId> = typed.parse().ok();
        place.map(|place| Mark { place, presence, at: desk.ctx.now() })
    };
    let done = if fields.is("add", "1") {
        let mut form = FormState::default();
        let Some(walk_in) = walk_in(desk, &fields, &mut form) else {
            let open = open_door(&desk.ctx, &who.member, &code, number, false).await?;
            let page = page(desk, &who, open, form, "", None);
            return Ok(Err(Page::unprocessable(page).into()));
        };
        let done = format!("added.{}", walk_in.id);
        taps.walk_ins.push(walk_in);
        done
    } else if let Some(mark) = mark(fields.get("in"), Presence::Attended) {
        taps.marks.push(mark);
        format!("in.{}", mark.place)
    } else if let Some(mark) = mark(fields.get("undo"), Presence::Unknown) {
        taps.marks.push(mark);
        format!("out.{}", mark.place)
    } else {
        taps.removed.extend(fields.get("remove").parse::<crate::domain::id::WalkInId>());
        "removed".to_owned()
    };
    check_in(&desk.ctx, &who.member, &code, number, &taps).await?;
    Ok(Ok(Redirect::to(format!("/trainer/sessions/{code}/check-in/{number}?done={done}"))))
}

fn closed_words(done: &str) -> Option<String> {
    let mut counts = done.split('.').skip(1).map(|count| count.parse::<usize>().ok());
    let (came, absent) = (counts.next()??, counts.next()??);
    Some(format!("Closed. {came} came, {absent} did not"))
}

#[get("/trainer/sessions/<code>/check-in/<number>/close")]
async fn ask_close(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    number: u32,
) -> Result<Page<CloseSittingPage>, Failure> {
    let open = open_door(&desk.ctx, &who.member, &code, number, false).await?;
    Ok(Page::ok(CloseSittingPage {
        chrome: desk.staff_chrome(&who.member),
        has_begun: open.sitting.starts_at <= desk.ctx.now(),
        missing: open.door.missing().count(),
        here: open.door.count_here(),
        session: open.session,
        sitting: open.sitting,
    }))
}

#[post("/trainer/sessions/<code>/check-in/<number>/close")]
async fn close(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    number: u32,
) -> Result<Redirect, Failure> {
    let door = format!("/trainer/sessions/{code}/check-in/{number}");
    match close_sitting(&desk.ctx, &who.member, &code, number).await {
        Ok(Turnout { came, absent }) => {
            Ok(Redirect::to(format!("{door}?done=closed.{came}.{absent}")))
        }
        Err(DoorError::NotYet) => Ok(Redirect::to(format!("{door}/close"))),
        Err(error) => Err(error.into()),
    }
}

/// A bundle of taps from a device, each with how many seconds ago it was made: the device's own
/// clock may be wrong.
#[derive(Debug, Deserialize)]
struct Bundle {
    #[serde(default)]
    marks: Vec<SentMark>,
    #[serde(default)]
    walk_ins: Vec<SentWalkIn>,
    #[serde(default)]
    removed: Vec<uuid::Uuid>,
}

#[derive(Debug, Deserialize)]
struct SentMark {
    place: uuid::Uuid,
    here: bool,
    age: f64,
}

#[derive(Debug, Deserialize)]
struct SentWalkIn {
    id: uuid::Uuid,
    name: String,
    #[serde(default)]
    institution: String,
    #[serde(default)]
    email: String,
    age: f64,
}

/// Where the door stands, for a device.
#[derive(Debug, Serialize)]
struct Standing {
    here: Vec<HereLine>,
    walk_ins: Vec<WalkInLine>,
}

#[derive(Debug, Serialize)]
struct HereLine {
    place: String,
    since: String,
}

#[derive(Debug, Serialize)]
struct WalkInLine {
    id: String,
    name: String,
    institution: Option<String>,
    since: String,
}

/// The longest a device keeps taps, and the most of them.
const OLDEST_SECONDS: f64 = 7.0 * 24.0 * 3600.0;
const MOST: usize = 5000;

impl Bundle {
    /// The taps of the bundle. A line whose name cannot be shown is left out: the page does not
    /// let anybody type one.
    fn read(self, now: DateTime<Utc>) -> Taps {
        let at = |age: f64| {
            let age = if age.is_finite() { age.clamp(0.0, OLDEST_SECONDS) } else { 0.0 };
            now - Duration::microseconds((age * 1e6) as i64)
        };
        let marks = self.marks.into_iter().take(MOST).map(|mark| Mark {
            place: PlaceId::new(mark.place),
            presence: if mark.here { Presence::Attended } else { Presence::Unknown },
            at: at(mark.age),
        });
        let walk_ins = self.walk_ins.into_iter().take(MOST).filter_map(|one| {
            Some(WalkIn {
                id: crate::domain::id::WalkInId::new(one.id),
                name: Name::parse(&one.name).ok()?,
                institution: Name::parse_optional(&one.institution).unwrap_or_default(),
                email: one.email.trim().parse().ok(),
                at: at(one.age),
            })
        });
        let removed = self.removed.into_iter().take(MOST).map(crate::domain::id::WalkInId::new);
        Taps { marks: marks.collect(), walk_ins: walk_ins.collect(), removed: removed.collect() }
    }
}

#[post("/trainer/sessions/<code>/check-in/<number>/sync", data = "<bundle>")]
async fn sync(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    number: u32,
    bundle: Json<Bundle>,
) -> Result<Json<Standing>, Failure> {
    let taps = bundle.into_inner().read(desk.ctx.now());
    check_in(&desk.ctx, &who.member, &code, number, &taps).await?;
    let open = open_door(&desk.ctx, &who.member, &code, number, false).await?;
    let zone = open.sitting.zone;
    let since = |at: DateTime<Utc>| {
        let local = at.with_timezone(&zone).naive_local().time();
        crate::domain::wording::time(local)
    };
    let here = open.door.here().map(|one| HereLine {
        place: one.line.place.id.to_string(),
        since: one.since.map_or_else(String::new, since),
    });
    let walk_ins = open.door.walk_ins.iter().map(|one| WalkInLine {
        id: one.id.to_string(),
        name: one.name.to_string(),
        institution: one.institution.as_ref().map(ToString::to_string),
        since: since(one.at),
    });
    Ok(Json(Standing { here: here.collect(), walk_ins: walk_ins.collect() }))
}

/// The worker that keeps the door open without signal. It stands below `/trainer/`, because a
/// worker looks after no pages above its own.
#[get("/trainer/door-worker.js")]
fn worker(_who: Who) -> Fetching<(ContentType, &'static str)> {
    (ContentType::JavaScript, include_str!("../../../static/door-worker.js")).into()
}

pub fn routes() -> Vec<Route> {
    routes![today, show, tap, ask_close, close, sync, worker]
}
