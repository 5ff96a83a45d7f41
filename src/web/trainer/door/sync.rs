//! A bundle of taps from a device that was without signal.

use chrono::{DateTime, Duration, Utc};
use rocket::{Route, State, get, http::ContentType, post, routes, serde::json::Json};
use serde::{Deserialize, Serialize};

use crate::{
    actions::door::check_in::{Taps, check_in, open_door},
    domain::{
        attendance::{Mark, Presence, WalkIn},
        id::{PlaceId, SessionCode},
        text::Name,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{CheckIn, Granted, SameOrigin},
        headers::Fetching,
    },
};

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

#[post("/trainer/sessions/<code>/check-in/<number>/sync", data = "<bundle>")]
async fn sync(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Granted<CheckIn>,
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
fn worker(_who: Granted<CheckIn>) -> Fetching<(ContentType, &'static str)> {
    (ContentType::JavaScript, include_str!("../../../../static/door-worker.js")).into()
}

pub fn routes() -> Vec<Route> {
    routes![sync, worker]
}
