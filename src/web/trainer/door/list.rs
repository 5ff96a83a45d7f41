//! The door of a sitting: who is here, in one tap, with or without JavaScript or signal.

use askama::Template;
use chrono::{DateTime, Utc};
use rocket::{FromForm, Route, State, get, response::Redirect, routes};

use crate::{
    actions::door::{
        check_in::Refused,
        open::{OpenDoor, open_door},
    },
    domain::{
        attendance::{Basis, Door, DoorHours, DoorLine, DoorTime, WalkIn},
        finding::{Wanted, phone_key, search_key},
        id::{PlaceId, SessionCode},
        session::{Publication, Session},
        sitting::Sitting,
        wording,
    },
    store::sessions,
    web::{
        Desk,
        failure::Failure,
        forms::{FormState, form_fields},
        guard::{CheckIn, Granted},
        headers::Fetching,
        page::{Chrome, Page},
        paths::{self, Href},
        trainer::late::late_words,
    },
};

form_fields! {
    /// Somebody who is not on the list.
    pub enum Field {
        Name = "name",
        Institution = "institution",
        Email = "email",
    }
}

/// The door.
#[derive(Template)]
#[template(path = "trainer/door/list.html")]
pub struct DoorPage {
    chrome: Chrome,
    /// What just happened.
    notice: Option<String>,
    session: Session,
    sitting: Sitting,
    /// Who is expected, and who is here.
    door: Door,
    /// The name that is looked for.
    words: String,
    /// Whose code was read.
    scanned: Option<PlaceId>,
    /// For somebody who is not on the list.
    form: FormState<Field>,
    /// Which attempt to add them it is, so that sending it twice adds one.
    attempt: String,
    /// When people are checked in.
    hours: DoorHours,
    /// Where this moment stands to that.
    time: DoorTime,
    /// What was tapped and not taken.
    refused: Vec<Refused>,
    /// Where the page is.
    path: Href,
    /// For a helper without an account: whether she may add people. She sees no needs, numbers or addresses.
    helper: Option<bool>,
}

/// By which way a door was opened.
pub struct AtDoor {
    pub chrome: Chrome,
    pub path: Href,
    /// For a helper: whether she may add people without a booking.
    pub helper: Option<bool>,
}

impl AtDoor {
    /// The door as staff open it.
    pub fn of_staff(desk: &Desk, who: &Granted<CheckIn>, code: &SessionCode, number: u32) -> Self {
        let path = paths::trainer::door(code, &number);
        Self { chrome: desk.staff_chrome(&who.member), path, helper: None }
    }
}

impl DoorPage {
    fn path(&self) -> &Href {
        &self.path
    }

    fn is_helper(&self) -> bool {
        self.helper.is_some()
    }

    /// Whether people without a booking can be added here.
    fn adds(&self) -> bool {
        self.helper.unwrap_or(true)
    }

    /// The worker that keeps the page without signal, and below which address.
    fn worker(&self) -> [&'static str; 2] {
        match self.is_helper() {
            true => ["/helper/door-worker.js", "/helper/"],
            false => ["/trainer/door-worker.js", "/trainer/sessions/"],
        }
    }

    fn when(&self) -> String {
        wording::short_date(self.sitting.starts.date())
    }

    /// Whether it was asked whether somebody is somebody else.
    fn asks(&self) -> bool {
        self.refused.iter().any(|one| one.asks)
    }

    /// By what a line is found: also by who booked it and their number, as people give them.
    fn key(&self, line: &DoorLine) -> String {
        if self.is_helper() {
            let institution = line.line.institution.as_deref();
            return search_key([line.line.name()].into_iter().chain(institution));
        }
        let phone = line.line.phone.as_deref().map(phone_key);
        let parts = [line.line.name(), line.line.leader.as_str(), line.line.reference.as_str()];
        let others = [line.line.institution.as_deref(), phone.as_deref()];
        search_key(parts.into_iter().chain(others.into_iter().flatten()))
    }

    /// What somebody needs, for whoever may know it.
    fn need<'l>(&self, line: &'l DoorLine) -> Option<&'l str> {
        line.line.access().filter(|_| !self.is_helper())
    }

    /// Where somebody comes from; to staff, who booked, where that is not known.
    fn sender<'l>(&self, line: &'l DoorLine) -> &'l str {
        match line.line.institution.as_deref() {
            Some(institution) => institution,
            None if self.is_helper() && line.line.place.attendee.is_some() => "",
            None => &line.line.leader,
        }
    }

    /// What was typed about somebody and could not be used, for staff.
    fn unread<'w>(&self, one: &'w WalkIn) -> Option<&'w str> {
        one.unread.as_deref().filter(|_| !self.is_helper())
    }

    fn walk_in_key(&self, one: &WalkIn) -> String {
        let institution = one.institution.as_ref().map(ToString::to_string);
        search_key([one.name.as_str()].into_iter().chain(institution.as_deref()))
    }

    fn wanted(&self) -> Wanted {
        Wanted::typed(&self.words)
    }

    fn finds_line(&self, line: &DoorLine) -> bool {
        self.wanted().is_in(&self.key(line))
    }

    fn opens(&self) -> String {
        self.moment(self.hours.opens)
    }

    fn ended(&self) -> String {
        self.moment(self.hours.ends)
    }

    fn moment(&self, at: DateTime<Utc>) -> String {
        let zone = self.sitting.zone;
        format!("{} ({})", wording::moment(at, zone), wording::zone(zone))
    }

    fn is_early(&self) -> bool {
        self.time == DoorTime::Early
    }

    /// Whether what is tapped now is a correction (D2).
    fn corrects(&self) -> bool {
        self.time == DoorTime::Over
    }

    fn opens_stamp(&self) -> i64 {
        self.hours.opens.timestamp()
    }

    /// `Closed at 4.10pm on Saturday 9 January (London time): 12 came, 3 did not.`
    fn closed(&self) -> Option<String> {
        let at = self.moment(self.door.closed_at?);
        let (came, absent) = (self.door.count_here(), self.door.missing().count());
        Some(format!("Closed at {at}: {came} came, {absent} did not."))
    }

    fn late(&self) -> Vec<String> {
        self.door.late.iter().map(|one| late_words(one, &self.session)).collect()
    }

    /// The line of whoever's code was read, and whether she is here already.
    fn read_code(&self) -> Option<(&DoorLine, bool)> {
        let id = self.scanned?;
        let of = |line: &&DoorLine| line.line.place.id == id;
        let missing = self.door.missing().find(of).map(|line| (line, false));
        missing.or_else(|| self.door.here().find(of).map(|line| (line, true)))
    }

    fn missing(&self) -> Vec<&DoorLine> {
        self.door.missing().filter(|line| self.finds_line(line)).collect()
    }

    fn here(&self) -> Vec<&DoorLine> {
        self.door.here().filter(|line| self.finds_line(line)).collect()
    }

    fn walk_ins(&self) -> Vec<&WalkIn> {
        let found = |one: &&WalkIn| self.wanted().is_in(&self.walk_in_key(one));
        self.door.walk_ins.iter().filter(found).collect()
    }

    fn nobody_found(&self) -> bool {
        !self.words.is_empty()
            && self.missing().is_empty()
            && self.here().is_empty()
            && self.walk_ins().is_empty()
    }

    /// Since when somebody is here, or that it was written down afterwards.
    fn here_since(&self, line: &DoorLine) -> String {
        match line.basis {
            Basis::Correction => "Corrected after the day".to_owned(),
            _ => self.since(line.since.as_ref()),
        }
    }

    fn since(&self, at: Option<&DateTime<Utc>>) -> String {
        let local = |at: &DateTime<Utc>| at.with_timezone(&self.sitting.zone).naive_local().time();
        at.map_or_else(String::new, |at| format!("Here since {}", wording::time(local(at))))
    }

    fn bar(&self) -> String {
        let expected = self.door.expected().max(1) as f64;
        format!("{:.1}", (self.door.count_here() as f64 * 200.0 / expected).min(200.0))
    }

    fn is_cancelled(&self) -> bool {
        matches!(self.session.publication, Publication::Cancelled { .. })
    }

    fn room(&self) -> String {
        let capacity = self.session.occupancy.capacity as usize;
        let expected = self.door.expected();
        if expected < capacity {
            let left = wording::count(capacity - expected, "place is", "places are");
            format!("{left} free, so they are welcome to stay.")
        } else {
            "Every place is taken. They may still stay if the room is safe.".to_owned()
        }
    }

    fn ends(&self) -> i64 {
        self.sitting.ends_at.timestamp()
    }
}

impl DoorPage {
    /// The page with what was tapped and not taken.
    pub fn refusing(mut self, refused: Vec<Refused>) -> Self {
        self.refused = refused;
        self
    }
}

pub type DoorAnswer = Fetching<Page<DoorPage>>;

#[get("/trainer/sessions/<code>/check-in")]
async fn today(
    desk: &State<Desk>,
    who: Granted<CheckIn>,
    code: SessionCode,
) -> Result<Redirect, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    let sitting = session.sitting_at_the_door(desk.ctx.now()).ok_or(Failure::NotFound)?;
    Ok(Redirect::to(paths::trainer::door(&code, &sitting.number)))
}

/// What is looked for, and what just happened: a verb and the line it was about.
#[derive(Debug, FromForm)]
struct DoorQuery<'r> {
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

fn closed_words(done: &str) -> Option<String> {
    let mut counts = done.split('.').skip(1).map(|count| count.parse::<usize>().ok());
    let (came, absent) = (counts.next()??, counts.next()??);
    Some(format!("Closed. {came} came, {absent} did not"))
}

pub fn page(
    desk: &Desk,
    at: AtDoor,
    open: OpenDoor,
    form: FormState<Field>,
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
    let hours = DoorHours::of(&sitting, desk.ctx.check_in);
    DoorPage {
        chrome: at.chrome,
        path: at.path,
        helper: at.helper,
        notice,
        session,
        sitting,
        door,
        words: words.trim().to_owned(),
        scanned: None,
        form,
        attempt: desk.attempt(),
        hours,
        time: hours.at(desk.ctx.now()),
        refused: Vec::new(),
    }
}

#[get("/trainer/sessions/<code>/check-in/<number>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Granted<CheckIn>,
    code: SessionCode,
    number: u32,
    asked: DoorQuery<'_>,
) -> Result<DoorAnswer, Failure> {
    let opens = asked.done.is_none() && asked.q.is_none() && asked.place.is_none();
    let open = open_door(&desk.ctx, &who.member, &code, number, opens).await?;
    let words = asked.q.unwrap_or_default();
    let scanned = asked.place.and_then(|place| place.parse().ok());
    let at = AtDoor::of_staff(desk, &who, &code, number);
    let shown = page(desk, at, open, FormState::default(), words, asked.done);
    Ok(Page::ok(DoorPage { scanned, ..shown }).into())
}

pub fn routes() -> Vec<Route> {
    routes![today, show]
}
