//! A bundle of taps from a device that was without signal.

use std::collections::HashMap;

use chrono::{DateTime, Duration, Utc};
use rocket::{Route, State, get, http::ContentType, post, routes, serde::json::Json};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{
    actions::door::{
        check_in::{Refused, Taps, check_in},
        keeper::Keeper,
        open::open_door,
    },
    domain::{
        attendance::{Mark, Presence, WalkIn},
        characters::is_deceptive,
        id::{PlaceId, SessionCode, WalkInId},
        text::Name,
    },
    web::{
        Desk,
        failure::Failure,
        guard::{CheckIn, Granted, SameOrigin},
        headers::Fetching,
        trainer::late::late_words,
    },
};

/// A bundle of taps from a device, each with how many seconds ago it was made: the device's own
/// clock may be wrong. Each tap is read on its own: one that cannot be read holds none of the others up.
#[derive(Debug, Deserialize)]
pub struct Bundle {
    #[serde(default)]
    marks: Vec<Value>,
    #[serde(default)]
    walk_ins: Vec<Value>,
    #[serde(default)]
    removed: Vec<Value>,
}

/// A line taken back: its id, and with it the device's own name for the tap where it has one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Removed {
    Id(uuid::Uuid),
    Tap { id: uuid::Uuid, uid: String },
}

/// A bundle as the door takes it.
#[derive(Debug, Default)]
struct ReadBundle {
    taps: Taps,
    /// The device's names for what we answer for.
    answered: Vec<String>,
    /// The device's name for each mark and each line that was added, by what it is about and when.
    uids: HashMap<(uuid::Uuid, DateTime<Utc>), String>,
    /// What could not be read.
    refused: Vec<RefusedTap>,
}

impl Bundle {
    /// The taps of the bundle, and which of them we answer for.
    fn read(self, now: DateTime<Utc>) -> ReadBundle {
        let mut read = ReadBundle::default();
        read.taps.keeps_questions = true;
        // A clock that was put back meanwhile makes a tap seem to come: it was made at the latest now.
        let at = |age: f64| {
            let age = if age.is_finite() { age.clamp(0.0, OLDEST_SECONDS) } else { 0.0 };
            now - Duration::microseconds((age * 1e6) as i64)
        };
        // What is more than this is not answered for, and sent again.
        for sent in self.marks.into_iter().take(MOST) {
            if let Some(mark) = read.one::<SentMark>(sent) {
                read.mark(&mark, at(mark.age));
            }
        }
        for sent in self.walk_ins.into_iter().take(MOST) {
            if let Some(one) = read.one::<SentWalkIn>(sent) {
                let at = at(one.age);
                read.walk_in(one, at);
            }
        }
        for sent in self.removed.into_iter().take(MOST) {
            let id = match read.one(sent) {
                None => continue,
                Some(Removed::Id(id)) => id,
                Some(Removed::Tap { id, uid }) => {
                    read.answered.push(uid);
                    id
                }
            };
            read.taps.removed.push(WalkInId::new(id));
        }
        read
    }
}

impl ReadBundle {
    /// A tap as the device sent it; or what is said of it.
    fn one<T: DeserializeOwned>(&mut self, sent: Value) -> Option<T> {
        let text = |name: &str| sent.get(name).and_then(Value::as_str).map(str::to_owned);
        let (uid, name) = (text("uid"), text("name").unwrap_or_default());
        match serde_json::from_value(sent) {
            Ok(tap) => Some(tap),
            Err(_) => {
                self.answered.extend(uid.clone());
                let why = "This tap could not be read. Tap or type it again.".to_owned();
                let (place, walk_in) = (None, None);
                self.refused.push(RefusedTap { uid, place, walk_in, name, why, asks: false });
                None
            }
        }
    }

    fn mark(&mut self, mark: &SentMark, at: DateTime<Utc>) {
        let place = PlaceId::new(mark.place);
        self.answer(mark.uid.clone(), (mark.place, at));
        self.taps.shown.extend(mark.name.clone().map(|name| (place, name)));
        let presence = if mark.here { Presence::Attended } else { Presence::Unknown };
        let kind = if mark.correction { &mut self.taps.corrections } else { &mut self.taps.marks };
        kind.push(Mark { place, presence, at });
    }

    fn walk_in(&mut self, one: SentWalkIn, at: DateTime<Utc>) {
        let (id, uid) = (WalkInId::new(one.id), one.uid.clone());
        self.answer(one.uid, (one.id, at));
        let Ok(name) = Name::parse(&one.name) else {
            let why = "This name cannot be written down as it is: type it anew.".to_owned();
            let walk_in = Some(id.to_string());
            let (place, name) = (None, one.name);
            self.refused.push(RefusedTap { uid, place, walk_in, name, why, asks: false });
            return;
        };
        // Somebody was there, whatever was mistyped about her: that is kept as it was typed.
        let mut unread = Vec::new();
        let institution = Name::parse_optional(&one.institution).unwrap_or_else(|_| {
            unread.push(format!("institution \u{201c}{}\u{201d}", shown(&one.institution)));
            None
        });
        let email = match one.email.trim() {
            "" => None,
            typed => typed.parse().map(Some).unwrap_or_else(|_| {
                unread.push(format!("email address \u{201c}{}\u{201d}", shown(typed)));
                None
            }),
        };
        self.taps.adds_afterwards |= one.correction;
        self.taps.sure.extend(one.again.then_some(id));
        let unread = (!unread.is_empty()).then(|| unread.join(", "));
        self.taps.walk_ins.push(WalkIn { id, name, institution, email, at, unread });
    }

    fn answer(&mut self, uid: Option<String>, tap: (uuid::Uuid, DateTime<Utc>)) {
        if let Some(uid) = uid {
            self.answered.push(uid.clone());
            self.uids.insert(tap, uid);
        }
    }

    /// What was not taken, in words for the device.
    fn refusals(self, refused: Vec<Refused>) -> (Vec<String>, Vec<RefusedTap>) {
        let mut said = self.refused;
        for one in refused {
            let id = one.walk_in.map(WalkInId::uuid).or(one.place.map(PlaceId::uuid));
            said.push(RefusedTap {
                uid: id.and_then(|id| self.uids.get(&(id, one.at)).cloned()),
                place: one.place.map(|place| place.to_string()),
                walk_in: one.walk_in.map(|id| id.to_string()),
                name: one.name,
                why: one.why,
                asks: one.asks,
            });
        }
        (self.answered, said)
    }
}

#[derive(Debug, Deserialize)]
struct SentMark {
    place: uuid::Uuid,
    here: bool,
    age: f64,
    /// What the device calls this tap, so that it forgets what we answered for and nothing else.
    uid: Option<String>,
    /// The name that stood beside the button.
    name: Option<String>,
    /// Whether whoever tapped had read that the day is over.
    #[serde(default)]
    correction: bool,
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
    uid: Option<String>,
    #[serde(default)]
    correction: bool,
    /// Whether whoever added them was asked, and knows that it is somebody else.
    #[serde(default)]
    again: bool,
}

/// Where the door stands, for a device.
#[derive(Debug, Serialize)]
pub struct Standing {
    here: Vec<HereLine>,
    walk_ins: Vec<WalkInLine>,
    /// The taps of this bundle that we answered for, by the device's names for them: taken, known
    /// already, or among the refused.
    answered: Vec<String>,
    /// The taps of this bundle that were not taken.
    refused: Vec<RefusedTap>,
    /// What reached us after the day was closed, in words.
    late: Vec<String>,
}

/// A tap that was not taken, and why.
#[derive(Debug, Serialize)]
struct RefusedTap {
    uid: Option<String>,
    place: Option<String>,
    walk_in: Option<String>,
    name: String,
    why: String,
    /// Whether it is a question, and the line is taken if it is sent with `again`.
    asks: bool,
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
    /// What was typed besides and could not be used.
    unread: Option<String>,
}

/// What was typed, with whatever cannot be shown named by its number.
fn shown(typed: &str) -> String {
    typed.chars().fold(String::with_capacity(typed.len()), |mut shown, c| {
        match is_deceptive(c) {
            true => shown.extend(c.escape_unicode()),
            false => shown.push(c),
        }
        shown
    })
}

/// Longer ago than any sitting: what claims to be older was not tapped at this door.
const OLDEST_SECONDS: f64 = 10.0 * 366.0 * 24.0 * 3600.0;

/// How many taps are answered for at once; a device sends the others again.
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
    let keeper = Keeper::Staff(&who.member);
    Ok(Json(take_bundle(desk, keeper, (&code, number), bundle.into_inner()).await?))
}

impl Standing {
    /// The same for somebody without an account: names, and who is here.
    pub fn for_a_helper(mut self) -> Self {
        self.walk_ins.iter_mut().for_each(|one| one.unread = None);
        self.late.clear();
        self
    }
}

/// Takes a bundle of taps; where the door stands then.
pub async fn take_bundle(
    desk: &Desk,
    keeper: Keeper<'_>,
    (code, number): (&SessionCode, u32),
    bundle: Bundle,
) -> Result<Standing, Failure> {
    let bundle = bundle.read(desk.ctx.now());
    let taken = check_in(&desk.ctx, keeper, code, number, &bundle.taps).await?;
    let (answered, refused) = bundle.refusals(taken.refused);
    let open = open_door(&desk.ctx, keeper, code, number, false).await?;
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
        unread: one.unread.clone(),
    });
    let late = open.door.late.iter().map(|one| late_words(one, &open.session));
    Ok(Standing {
        here: here.collect(),
        walk_ins: walk_ins.collect(),
        answered,
        refused,
        late: late.collect(),
    })
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
