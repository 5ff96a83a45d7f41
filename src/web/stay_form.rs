//! The form of somebody's stay, wherever it is filled in: under her own link, the leader's, or by the office.

use std::{borrow::Cow, collections::BTreeSet};

use chrono::{Days, NaiveDate, NaiveTime};
use rocket::http::Status;

use crate::{
    actions::stay::say::StayError,
    domain::{
        audit::Actor,
        edit::Drawn,
        session::Session,
        stay::{Journey, Lift, Nights, Stay, StayFault, Way, nights_between, spans},
        text::Line,
        wording,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormField, FormState,
            edited::{self, DRAWN},
        },
        words::in_words,
    },
};

/// A choice: its word, and as it is shown.
pub type Choice = (String, String);

/// The fields, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StayField {
    /// All, some or none.
    Nights,
    /// One of them: the boxes of all are sent under one name.
    Night(NaiveDate),
    WithWhom,
    StepFree,
    Quiet,
    OwnRoom,
    OwnRoomWhy,
    ArrivesOn,
    ArrivesAt,
    ArrivesBy,
    ArrivesFrom,
    ArrivesLift,
    LeavesOn,
    LeavesAt,
    LeavesBy,
    LeavesFrom,
    LeavesLift,
}

impl FormField for StayField {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Nights => "nights",
            Self::Night(_) => "night",
            Self::WithWhom => "with_whom",
            Self::StepFree => "step_free",
            Self::Quiet => "quiet",
            Self::OwnRoom => "own_room",
            Self::OwnRoomWhy => "own_room_why",
            Self::ArrivesOn => "arrives_on",
            Self::ArrivesAt => "arrives_at",
            Self::ArrivesBy => "arrives_by",
            Self::ArrivesFrom => "arrives_from",
            Self::ArrivesLift => "arrives_lift",
            Self::LeavesOn => "leaves_on",
            Self::LeavesAt => "leaves_at",
            Self::LeavesBy => "leaves_by",
            Self::LeavesFrom => "leaves_from",
            Self::LeavesLift => "leaves_lift",
        }
        .into()
    }

    fn id(self) -> Cow<'static, str> {
        match self {
            Self::Night(night) => format!("night-{night}").into(),
            other => other.name(),
        }
    }
}

/// The fields of a journey, and what somebody does on it.
struct JourneyFields {
    on: StayField,
    at: StayField,
    by: StayField,
    from: StayField,
    lift: StayField,
    verb: &'static str,
}

const ARRIVAL: JourneyFields = JourneyFields {
    on: StayField::ArrivesOn,
    at: StayField::ArrivesAt,
    by: StayField::ArrivesBy,
    from: StayField::ArrivesFrom,
    lift: StayField::ArrivesLift,
    verb: "arrive",
};

const DEPARTURE: JourneyFields = JourneyFields {
    on: StayField::LeavesOn,
    at: StayField::LeavesAt,
    by: StayField::LeavesBy,
    from: StayField::LeavesFrom,
    lift: StayField::LeavesLift,
    verb: "leave",
};

/// The form, with what it offers.
pub struct StayForm {
    pub state: FormState<StayField>,
    /// The nights of the session, as one line.
    pub all: String,
    /// Each of them.
    pub nights: Vec<(NaiveDate, String)>,
    /// The days on which somebody can arrive.
    pub arrivals: Vec<Choice>,
    /// The days on which somebody can leave.
    pub departures: Vec<Choice>,
    /// From when on people arrive, and until when they leave.
    pub arrive: Option<String>,
    pub leave: Option<String>,
}

impl StayForm {
    fn of(session: &Session, state: FormState<StayField>) -> Self {
        let nights = session.nights();
        let first = session.sittings.iter().map(|one| one.starts.date()).min();
        let last = session.sittings.iter().map(|one| one.ends.date()).max();
        let days = |from: Option<NaiveDate>, until: Option<NaiveDate>| {
            let (Some(from), Some(until)) = (from, until) else { return Vec::new() };
            let days = from.iter_days().take_while(|day| *day <= until);
            days.map(|day| (day.to_string(), wording::date(day))).collect()
        };
        let night = |night: &NaiveDate| (*night, spans(&[*night]));
        Self {
            state,
            all: spans(&nights),
            nights: nights.iter().map(night).collect(),
            arrivals: days(first.map(|day| day - Days::new(1)), last),
            departures: days(first, last.map(|day| day + Days::new(1))),
            arrive: session.overnight.arrival.clone(),
            leave: session.overnight.departure.clone(),
        }
    }

    /// With what is known; nothing is chosen for whoever said nothing yet.
    pub fn filled(session: &Session, known: Option<&Stay>) -> Self {
        let mut state = FormState::default();
        let stay = known.cloned().unwrap_or_default();
        fill(&mut state, &stay);
        if known.is_none() {
            state.fill(StayField::Nights, "");
        }
        state.draw_from(Drawn::of(&stay).to_string());
        Self::of(session, state)
    }

    /// As it was typed, with what is wrong.
    pub fn typed(session: &Session, state: FormState<StayField>) -> Self {
        Self::of(session, state)
    }

    pub fn is_valid(&self) -> bool {
        self.state.is_valid()
    }

    /// Whether a night was ticked.
    pub fn has_night(&self, night: &NaiveDate) -> bool {
        self.state.is(StayField::Night(*night), "1")
    }

    /// The ways to travel.
    pub fn ways(&self) -> Vec<Choice> {
        Way::ALL.iter().map(|way| (way.to_string(), way.called().to_owned())).collect()
    }

    /// What somebody may look for or offer.
    pub fn lifts(&self) -> Vec<Choice> {
        Lift::ALL.iter().map(|lift| (lift.to_string(), lift.called().to_owned())).collect()
    }
}

/// Puts what is known into the fields.
fn fill(form: &mut FormState<StayField>, stay: &Stay) {
    let said = |text: Option<String>| text.unwrap_or_default();
    let yes = |is: bool| if is { "yes" } else { "" };
    match &stay.nights {
        Nights::All => form.fill(StayField::Nights, "all"),
        Nights::Only(nights) if nights.is_empty() => form.fill(StayField::Nights, "none"),
        Nights::Only(nights) => {
            form.fill(StayField::Nights, "some");
            for night in nights {
                form.fill(StayField::Night(*night), "1");
            }
        }
    }
    form.fill(StayField::WithWhom, said(stay.with_whom.as_ref().map(ToString::to_string)));
    form.fill(StayField::StepFree, yes(stay.is_step_free));
    form.fill(StayField::Quiet, yes(stay.is_quiet));
    form.fill(StayField::OwnRoom, yes(stay.is_alone));
    form.fill(StayField::OwnRoomWhy, said(stay.why_alone.as_ref().map(ToString::to_string)));
    for (fields, journey) in [(ARRIVAL, &stay.arrival), (DEPARTURE, &stay.departure)] {
        form.fill(fields.on, said(journey.on.map(|on| on.to_string())));
        form.fill(fields.at, said(journey.at.map(|at| at.format("%H:%M").to_string())));
        form.fill(fields.by, journey.by.map_or("", Way::as_str));
        form.fill(fields.from, said(journey.from.as_ref().map(ToString::to_string)));
        form.fill(fields.lift, journey.lift.map_or("", Lift::as_str));
    }
}

/// Reads the form; what it does not name stays as it is known. `None`: something is wrong, and said beside it.
pub fn read(
    fields: &Fields,
    session: &Session,
    known: Option<&Stay>,
) -> (FormState<StayField>, Option<Stay>) {
    let known = known.cloned().unwrap_or_default();
    let mut form = FormState::default();
    fill(&mut form, &known);
    form.draw_from(fields.get(DRAWN));
    let nights = nights(fields, &mut form, session, &known.nights);
    let ticked = |form: &mut FormState<StayField>, field| {
        form.fill(field, fields.of(field));
        matches!(fields.of(field), "yes" | "1" | "on")
    };
    let with_whom = (StayField::WithWhom, "who you would share with");
    let stay = Stay {
        nights,
        with_whom: line(fields, &mut form, with_whom, known.with_whom),
        is_step_free: ticked(&mut form, StayField::StepFree),
        is_quiet: ticked(&mut form, StayField::Quiet),
        is_alone: ticked(&mut form, StayField::OwnRoom),
        why_alone: line(fields, &mut form, (StayField::OwnRoomWhy, "why"), known.why_alone),
        arrival: journey(fields, &mut form, &ARRIVAL, known.arrival),
        departure: journey(fields, &mut form, &DEPARTURE, known.departure),
    };
    if form.is_valid() {
        for fault in stay.faults(&session.sittings) {
            say(&mut form, fault);
        }
    }
    let stay = Some(stay).filter(|_| form.is_valid());
    (form, stay)
}

fn nights(
    fields: &Fields,
    form: &mut FormState<StayField>,
    session: &Session,
    known: &Nights,
) -> Nights {
    let ticked = fields.all("night");
    if !fields.was_sent("nights") && ticked.is_empty() {
        return known.clone();
    }
    let chosen = fields.of(StayField::Nights);
    form.fill(StayField::Nights, chosen);
    for night in nights_between(&session.sittings) {
        let is_ticked = ticked.contains(&night.to_string());
        form.fill(StayField::Night(night), if is_ticked { "1" } else { "" });
    }
    let dates: Result<BTreeSet<NaiveDate>, _> =
        ticked.iter().filter(|one| !one.is_empty()).map(|one| one.parse()).collect();
    let mut fault = |words: &str| form.fault(StayField::Nights, words);
    match (chosen, dates) {
        (_, Err(_)) => fault("Choose nights of this session"),
        ("all" | "none", Ok(dates)) if !dates.is_empty() => {
            fault("Choose \u{201c}Only some nights\u{201d}, or untick the nights");
        }
        ("all", _) => return Nights::All,
        ("none", _) => return Nights::Only(BTreeSet::new()),
        ("some" | "", Ok(dates)) if !dates.is_empty() => return Nights::Only(dates),
        ("some", _) => fault("Tick the nights on which you stay"),
        _ => fault("Choose on which nights you stay"),
    }
    Nights::All
}

/// What was sent for a field, if it was: what is left out stays as it is.
fn sent(fields: &Fields, form: &mut FormState<StayField>, field: StayField) -> Option<String> {
    let typed = fields.was_sent(&field.name()).then(|| fields.of(field).trim().to_owned());
    if let Some(typed) = &typed {
        form.fill(field, typed.clone());
    }
    typed
}

fn line<const MAX: usize>(
    fields: &Fields,
    form: &mut FormState<StayField>,
    (field, what): (StayField, &str),
    known: Option<Line<MAX>>,
) -> Option<Line<MAX>> {
    if !fields.was_sent(&field.name()) {
        return known;
    }
    form.fill(field, fields.of(field));
    form.optional_line(field, what)
}

/// A time as people type it: `8:30`, `08.30`, `08:30`.
fn time(typed: &str) -> Option<NaiveTime> {
    let plain = typed.trim().replace('.', ":");
    ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(&plain, form).ok())
}

fn journey(
    fields: &Fields,
    form: &mut FormState<StayField>,
    asked: &JourneyFields,
    known: Journey,
) -> Journey {
    let (mut read, verb) = (known.clone(), asked.verb);
    if let Some(typed) = sent(fields, form, asked.on) {
        read.on = typed.parse().ok();
        if read.on.is_none() && !typed.is_empty() {
            form.fault(asked.on, format!("Choose the day on which you {verb}"));
        }
    }
    if let Some(typed) = sent(fields, form, asked.at) {
        read.at = time(&typed);
        if read.at.is_none() && !typed.is_empty() {
            form.fault(asked.at, format!("Enter when you {verb}, such as 16:30"));
        }
    }
    if let Some(typed) = sent(fields, form, asked.by) {
        read.by = typed.parse().ok();
        if read.by.is_none() && !typed.is_empty() {
            form.fault(asked.by, "Choose how you travel");
        }
    }
    if let Some(typed) = sent(fields, form, asked.lift) {
        read.lift = typed.parse().ok();
        if read.lift.is_none() && !typed.is_empty() {
            form.fault(asked.lift, "Choose one of these");
        }
    }
    read.from = line(fields, form, (asked.from, "the station or place"), known.from);
    read
}

/// Says a fault beside the field it is about.
fn say(form: &mut FormState<StayField>, fault: StayFault) {
    let field = match fault {
        StayFault::OtherNight => StayField::Nights,
        StayFault::ArrivalOutside | StayFault::ArrivesTooLate => StayField::ArrivesOn,
        StayFault::DepartureOutside | StayFault::LeavesTooEarly | StayFault::LeavesFirst => {
            StayField::LeavesOn
        }
    };
    form.fault(field, in_words(&fault.to_string()));
}

/// The field by the key of a part of the stay.
fn field(key: &str) -> StayField {
    match key {
        "with_whom" => StayField::WithWhom,
        "step_free" => StayField::StepFree,
        "quiet" => StayField::Quiet,
        "own_room" => StayField::OwnRoom,
        "own_room_why" => StayField::OwnRoomWhy,
        "arrival" => StayField::ArrivesOn,
        "departure" => StayField::LeavesOn,
        _ => StayField::Nights,
    }
}

/// The form as it is shown again after a refusal: what somebody else changed meanwhile, or a fault.
pub async fn told(
    desk: &Desk,
    session: &Session,
    (mut form, error): (FormState<StayField>, StayError),
    reader: &Actor,
) -> Result<(Status, FormState<StayField>), Failure> {
    match error {
        StayError::Conflicts(conflicts) => {
            let mut form = FormState::default();
            fill(&mut form, &conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            let about = (reader, session.zone());
            edited::tell_of(&mut conn, &mut form, &conflicts, about, field).await?;
            Ok((Status::Conflict, form))
        }
        StayError::Fault(fault) => {
            say(&mut form, fault);
            Ok((Status::UnprocessableEntity, form))
        }
        other => Err(other.into()),
    }
}
