//! The form of somebody's stay, wherever it is filled in: under her own link, the leader's, or by the office.

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
        form::FormState,
        forms::{
            Fields,
            edited::{self, DRAWN},
            text::complaint,
        },
        words::in_words,
    },
};

/// A choice: its word, and as it is shown.
pub type Choice = (String, String);

/// The form, with what it offers.
pub struct StayForm {
    pub state: FormState,
    /// The nights of the session, as one line.
    pub all: String,
    /// Each of them.
    pub nights: Vec<Choice>,
    /// The days on which somebody can arrive.
    pub arrivals: Vec<Choice>,
    /// The days on which somebody can leave.
    pub departures: Vec<Choice>,
    /// From when on people arrive, and until when they leave.
    pub arrive: Option<String>,
    pub leave: Option<String>,
}

const JOURNEYS: [(&str, &str); 2] = [("arrives", "arrive"), ("leaves", "leave")];

impl StayForm {
    fn of(session: &Session, state: FormState) -> Self {
        let nights = session.nights();
        let first = session.sittings.iter().map(|one| one.starts.date()).min();
        let last = session.sittings.iter().map(|one| one.ends.date()).max();
        let days = |from: Option<NaiveDate>, until: Option<NaiveDate>| {
            let (Some(from), Some(until)) = (from, until) else { return Vec::new() };
            let days = from.iter_days().take_while(|day| *day <= until);
            days.map(|day| (day.to_string(), wording::date(day))).collect()
        };
        let night = |night: &NaiveDate| (night.to_string(), spans(&[*night]));
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
            state.keep("nights", "");
        }
        state.keep(DRAWN, Drawn::of(&stay).to_string());
        Self::of(session, state)
    }

    /// As it was typed, with what is wrong.
    pub fn typed(session: &Session, state: FormState) -> Self {
        Self::of(session, state)
    }

    pub fn is_valid(&self) -> bool {
        self.state.is_valid()
    }

    /// Whether a night was ticked.
    pub fn has_night(&self, night: &str) -> bool {
        self.state.is(&format!("night-{night}"), "1")
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
fn fill(form: &mut FormState, stay: &Stay) {
    let said = |text: Option<String>| text.unwrap_or_default();
    let yes = |is: bool| if is { "yes" } else { "" };
    match &stay.nights {
        Nights::All => form.keep("nights", "all"),
        Nights::Only(nights) if nights.is_empty() => form.keep("nights", "none"),
        Nights::Only(nights) => {
            form.keep("nights", "some");
            for night in nights {
                form.keep(&format!("night-{night}"), "1");
            }
        }
    }
    form.keep("with_whom", said(stay.with_whom.as_ref().map(ToString::to_string)));
    form.keep("step_free", yes(stay.is_step_free));
    form.keep("quiet", yes(stay.is_quiet));
    form.keep("own_room", yes(stay.is_alone));
    form.keep("own_room_why", said(stay.why_alone.as_ref().map(ToString::to_string)));
    for ((name, _), journey) in JOURNEYS.iter().zip([&stay.arrival, &stay.departure]) {
        let field = |part: &str| format!("{name}_{part}");
        form.keep(&field("on"), said(journey.on.map(|on| on.to_string())));
        form.keep(&field("at"), said(journey.at.map(|at| at.format("%H:%M").to_string())));
        form.keep(&field("by"), journey.by.map_or("", Way::as_str));
        form.keep(&field("from"), said(journey.from.as_ref().map(ToString::to_string)));
        form.keep(&field("lift"), journey.lift.map_or("", Lift::as_str));
    }
}

/// Reads the form; what it does not name stays as it is known. `None`: something is wrong, and said beside it.
pub fn read(fields: &Fields, session: &Session, known: Option<&Stay>) -> (FormState, Option<Stay>) {
    let known = known.cloned().unwrap_or_default();
    let mut form = FormState::default();
    fill(&mut form, &known);
    form.keep(DRAWN, fields.get(DRAWN));
    let nights = nights(fields, &mut form, session, &known.nights);
    let ticked = |form: &mut FormState, field: &str| {
        form.keep(field, fields.get(field));
        matches!(fields.get(field), "yes" | "1" | "on")
    };
    let stay = Stay {
        nights,
        with_whom: line(
            fields,
            &mut form,
            ("with_whom", "who you would share with"),
            known.with_whom,
        ),
        is_step_free: ticked(&mut form, "step_free"),
        is_quiet: ticked(&mut form, "quiet"),
        is_alone: ticked(&mut form, "own_room"),
        why_alone: line(fields, &mut form, ("own_room_why", "why"), known.why_alone),
        arrival: journey(fields, &mut form, JOURNEYS[0], known.arrival),
        departure: journey(fields, &mut form, JOURNEYS[1], known.departure),
    };
    if form.is_valid() {
        for fault in stay.faults(&session.sittings) {
            say(&mut form, fault);
        }
    }
    let stay = Some(stay).filter(|_| form.is_valid());
    (form, stay)
}

fn nights(fields: &Fields, form: &mut FormState, session: &Session, known: &Nights) -> Nights {
    let ticked = fields.all("night");
    if !fields.was_sent("nights") && ticked.is_empty() {
        return known.clone();
    }
    let chosen = fields.get("nights");
    form.keep("nights", chosen);
    for night in nights_between(&session.sittings) {
        form.keep(
            &format!("night-{night}"),
            if ticked.contains(&night.to_string()) { "1" } else { "" },
        );
    }
    let dates: Result<std::collections::BTreeSet<NaiveDate>, _> =
        ticked.iter().filter(|one| !one.is_empty()).map(|one| one.parse()).collect();
    match (chosen, dates) {
        (_, Err(_)) => form.fault("nights", "Choose nights of this session"),
        ("all" | "none", Ok(dates)) if !dates.is_empty() => {
            form.fault("nights", "Choose \u{201c}Only some nights\u{201d}, or untick the nights");
        }
        ("all", _) => return Nights::All,
        ("none", _) => return Nights::Only(Default::default()),
        ("some" | "", Ok(dates)) if !dates.is_empty() => return Nights::Only(dates),
        ("some", _) => form.fault("nights", "Tick the nights on which you stay"),
        _ => form.fault("nights", "Choose on which nights you stay"),
    }
    Nights::All
}

fn line<const MAX: usize>(
    fields: &Fields,
    form: &mut FormState,
    (field, what): (&str, &str),
    known: Option<Line<MAX>>,
) -> Option<Line<MAX>> {
    if !fields.was_sent(field) {
        return known;
    }
    form.keep(field, fields.get(field));
    match Line::parse_optional(fields.get(field)) {
        Ok(line) => line,
        Err(fault) => {
            form.fault(field, complaint(fault, what));
            None
        }
    }
}

/// A time as people type it: `8:30`, `08.30`, `08:30`.
fn time(typed: &str) -> Option<NaiveTime> {
    let plain = typed.trim().replace('.', ":");
    ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(&plain, form).ok())
}

fn journey(
    fields: &Fields,
    form: &mut FormState,
    (name, verb): (&str, &str),
    known: Journey,
) -> Journey {
    let mut read = known.clone();
    let field = |part: &str| format!("{name}_{part}");
    let sent = |form: &mut FormState, part: &str| {
        let field = field(part);
        let typed = fields.was_sent(&field).then(|| fields.get(&field).trim().to_owned());
        if let Some(typed) = &typed {
            form.keep(&field, typed.clone());
        }
        typed
    };
    if let Some(typed) = sent(form, "on") {
        read.on = typed.parse().ok();
        if read.on.is_none() && !typed.is_empty() {
            form.fault(&field("on"), format!("Choose the day on which you {verb}"));
        }
    }
    if let Some(typed) = sent(form, "at") {
        read.at = time(&typed);
        if read.at.is_none() && !typed.is_empty() {
            form.fault(&field("at"), format!("Enter when you {verb}, such as 16:30"));
        }
    }
    if let Some(typed) = sent(form, "by") {
        read.by = typed.parse().ok();
        if read.by.is_none() && !typed.is_empty() {
            form.fault(&field("by"), "Choose how you travel");
        }
    }
    if let Some(typed) = sent(form, "lift") {
        read.lift = typed.parse().ok();
        if read.lift.is_none() && !typed.is_empty() {
            form.fault(&field("lift"), "Choose one of these");
        }
    }
    read.from = line(fields, form, (&field("from"), "the station or place"), known.from);
    read
}

/// Says a fault beside the field it is about.
fn say(form: &mut FormState, fault: StayFault) {
    let field = match fault {
        StayFault::OtherNight => "nights",
        StayFault::ArrivalOutside | StayFault::ArrivesTooLate => "arrives_on",
        StayFault::DepartureOutside | StayFault::LeavesTooEarly | StayFault::LeavesFirst => {
            "leaves_on"
        }
    };
    form.fault(field, in_words(&fault.to_string()));
}

/// The input of a field by its key in an edit.
fn input(key: &str) -> String {
    match key {
        "arrival" => "arrives_on".to_owned(),
        "departure" => "leaves_on".to_owned(),
        other => other.to_owned(),
    }
}

/// The form as it is shown again after a refusal: what somebody else changed meanwhile, or a fault.
pub async fn told(
    desk: &Desk,
    session: &Session,
    (mut form, error): (FormState, StayError),
    reader: &Actor,
) -> Result<(Status, FormState), Failure> {
    match error {
        StayError::Conflicts(conflicts) => {
            let mut form = FormState::default();
            fill(&mut form, &conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            let about = (reader, session.zone());
            edited::tell(&mut conn, &mut form, &conflicts, about, input).await?;
            Ok((Status::Conflict, form))
        }
        StayError::Fault(fault) => {
            say(&mut form, fault);
            Ok((Status::UnprocessableEntity, form))
        }
        other => Err(other.into()),
    }
}
