//! The form of a session as it is read: to a plan, or to faults beside the fields.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use chrono_tz::Tz;

use crate::{
    actions::sessions::plan_session::PlanError,
    domain::{
        admission::Admission,
        aims::{Aims, AimsFault},
        alliance::Alliance,
        id::{SessionCode, StaffLogin, VenueId},
        location::{Location, LocationFault},
        occupancy::MOST_PLACES,
        page_words::SessionWords,
        plan::{DayFault, Edge, NumberedFault, PlannedSitting, SessionDetails, SessionPlan},
        session::Session,
        sitting::{Sitting, SittingFault, instant},
        stay::Overnight,
        text::{Line, Paragraph},
        wording,
    },
    web::{
        failure::Failure,
        forms::{Fields, FormState},
        office::{
            session_fields::{DayField, SessionField as Field},
            sessions::{
                plan_aims::read_aims,
                plan_form::{days, fault_number_of_days},
                plan_stay::read_overnight,
                plan_words::read_words,
            },
        },
        paths,
        words::in_words,
    },
};

/// What a session says already, and a form need not name.
#[derive(Debug, Clone, Default)]
pub struct Before {
    pub words: SessionWords,
    pub aims: Aims,
    pub overnight: Overnight,
    pub admission: Admission,
}

impl From<&Session> for Before {
    fn from(session: &Session) -> Self {
        let (words, aims) = (session.words.clone(), session.aims.clone());
        let overnight = session.overnight.clone();
        Self { words, aims, overnight, admission: session.admission }
    }
}

/// Reads the whole plan.
pub fn read_plan(
    fields: &Fields,
    form: &mut FormState<Field>,
    alliances: &[Alliance],
    (before, venue): (&Before, Option<VenueId>),
) -> Option<SessionPlan> {
    let course = form.choice(Field::Course, "Choose a course");
    let chosen = alliances.iter().find(|one| one.slug.as_str() == form.value(Field::Alliance));
    let chosen = form.take(Field::Alliance, chosen.ok_or(()), |()| "Choose an alliance".to_owned());
    let mut sittings = Vec::new();
    fault_number_of_days(fields, form);
    for number in 1..=days(fields) {
        sittings.extend(day(form, number, None));
    }
    let location = location(form);
    let capacity = number(form, Field::Capacity);
    let like = match form.value(Field::Like) {
        "" => Some(None),
        code => {
            let unknown = "We do not know which session this is a copy of. Begin again";
            let code = code.parse::<SessionCode>();
            form.take(Field::Course, code, |_| unknown.to_owned()).map(Some)
        }
    };
    let on_decline = match form.value(Field::OnDecline) {
        "" => Some(None),
        _ => form.choice(Field::OnDecline, "Choose what happens when a calendar says no").map(Some),
    };
    let zone = chosen.map_or(Tz::UTC, |one| one.time_zone);
    let details = read_details(fields, form, zone, (before, days(fields)));
    Some(SessionPlan {
        course: course?,
        alliance: chosen?.slug.clone(),
        location: location?,
        venue,
        capacity,
        sittings,
        day_places: Vec::new(),
        details: details?,
        like: like?,
        on_decline: on_decline?,
    })
}

const NO_SUCH_TRAINER: &str = "Choose trainers from the list: one of them has no open account";

/// Reads what nobody is told about. What the form does not name of the words for so many days stays as
/// it is.
pub fn read_details(
    fields: &Fields,
    form: &mut FormState<Field>,
    zone: Tz,
    (before, days): (&Before, u32),
) -> Option<SessionDetails> {
    let per_booking = number(form, Field::PerBooking);
    if per_booking.is_none() && form.error(Field::PerBooking).is_none() {
        form.fault(Field::PerBooking, "Enter how many places one booking may have");
    }
    let places_per_institution = number(form, Field::PerInstitution);
    let mode = form.choice(Field::Mode, "Choose how a booking is answered");
    let booking_opens = moment(form, Field::Opens, zone);
    let booking_closes = moment(form, Field::Closes, zone);
    if let (Some(opens), Some(closes)) = (booking_opens, booking_closes)
        && closes <= opens
    {
        form.fault(Field::Closes, "Booking must close after it opens");
    }
    let access = lines(form);
    let note = Paragraph::parse_optional(form.value(Field::Note));
    let unreadable = |_| "Use ordinary letters and signs, up to 1,000 of them".to_owned();
    let note = form.take(Field::Note, note, unreadable).flatten();
    let note = note.map(|note| note.as_str().to_owned());
    let words = read_words(fields, form, &before.words, days);
    let aims = read_aims(fields, form, &before.aims);
    let overnight = read_overnight(fields, form, &before.overnight);
    let trainers = fields.all_of(Field::Trainer).iter().map(|login| login.parse());
    let trainers = trainers.collect::<Result<Vec<StaffLogin>, _>>();
    let trainers = form.take(Field::Trainer, trainers, |_| NO_SUCH_TRAINER.to_owned());
    let waiting_list = form.ticked(Field::Waiting);
    let admission = admission(form, before.admission);
    if !matches!(form.value(Field::Asking), "" | "open" | "approve") {
        form.fault(
            Field::Mode,
            "Say yes to all who wait for your answer, or answer each of them first",
        );
    }
    if !form.is_valid() {
        return None;
    }
    Some(SessionDetails {
        access,
        places_per_institution,
        places_per_booking: per_booking?,
        mode: mode?,
        booking_opens,
        booking_closes,
        waiting_list,
        admission: admission?,
        trainers: trainers?,
        note,
        words,
        aims,
        overnight,
    })
}

/// Who may find it; whatever it was before where the form does not ask.
fn admission(form: &mut FormState<Field>, before: Admission) -> Option<Admission> {
    match form.value(Field::Admission) {
        "" => Some(before),
        _ => form.choice(Field::Admission, "Choose who can find it"),
    }
}

/// The lines of what the place offers; each is one phrase.
fn lines(form: &mut FormState<Field>) -> Vec<String> {
    let typed = form.value(Field::Access).to_owned();
    let mut lines = Vec::new();
    for line in typed.split(['\n', ';']) {
        match Line::<200>::parse_optional(line) {
            Ok(line) => lines.extend(line.map(|line| line.to_string())),
            Err(_) => {
                form.fault(Field::Access, "Use ordinary letters and signs, up to 200 in each line");
                break;
            }
        }
    }
    lines
}

/// Reads a number from 1 that may be left out.
fn number(form: &mut FormState<Field>, field: Field) -> Option<u32> {
    let typed = form.value(field).trim().to_owned();
    let number = typed.parse::<u32>().ok().filter(|number| (1..=MOST_PLACES).contains(number));
    if number.is_none() && !typed.is_empty() {
        form.fault(field, "Enter a whole number from 1 to 100,000");
    }
    number
}

fn wall(text: &str) -> Option<NaiveDateTime> {
    let formats = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"];
    formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())
}

fn moment(form: &mut FormState<Field>, field: Field, zone: Tz) -> Option<DateTime<Utc>> {
    let typed = form.value(field).trim().to_owned();
    if typed.is_empty() {
        return None;
    }
    let Some(local) = wall(&typed) else {
        form.fault(field, "Enter a date and time, such as 2027-01-09T09:30");
        return None;
    };
    match instant(local, zone) {
        Ok(moment) => Some(moment),
        Err(SittingFault::NoSuchTime { .. } | SittingFault::EndsBeforeStart) => {
            form.fault(field, never(local, zone));
            None
        }
    }
}

fn never(local: NaiveDateTime, zone: Tz) -> String {
    format!(
        "{} does not happen on {} in {}, because the clocks go forward. Choose another time",
        wording::time(local.time()),
        wording::long_date(local.date()),
        wording::zone(zone)
    )
}

fn twice(local: NaiveDateTime, zone: Tz) -> String {
    format!(
        "{} happens twice on {} in {}, because the clocks go back. Choose another time",
        wording::time(local.time()),
        wording::long_date(local.date()),
        wording::zone(zone)
    )
}

/// Reads a day; `known` is the one that is there, which may be longer than the form can say.
pub fn day(
    form: &mut FormState<Field>,
    number: u32,
    known: Option<&Sitting>,
) -> Option<PlannedSitting> {
    let [date, start, end, end_date] = Field::day(number);
    let parsed = form.value(date).trim().parse::<NaiveDate>();
    let date = form.take(date, parsed, |_| format!("Enter the date of day {number}"));
    let mut time = |field: Field, words: &str| {
        let typed = form.value(field).trim();
        let mut formats = ["%H:%M", "%H:%M:%S"].iter();
        let time = formats.find_map(|format| NaiveTime::parse_from_str(typed, format).ok());
        let words = |()| format!("Enter when day {number} {words}, such as 09:30");
        form.take(field, time.ok_or(()), words)
    };
    let (starts, ends) = (time(start, "starts"), time(end, "ends"));
    let typed = form.value(end_date).trim().to_owned();
    let ends_on = typed.parse::<NaiveDate>().ok();
    if ends_on.is_none() && !typed.is_empty() {
        form.fault(end_date, format!("Enter the date on which day {number} ends"));
    }
    let (date, starts, ends) = (date?, starts?, ends?);
    // Only the date moves: it lasts as long as it did.
    let known = known.filter(|one| (one.starts.time(), one.ends.time()) == (starts, ends));
    let known = known.filter(|one| ends_on.is_none_or(|on| on == one.ends.date()));
    Some(match (known, ends_on) {
        (Some(one), _) => PlannedSitting::later(one, date - one.starts.date()),
        (None, Some(on)) => {
            PlannedSitting { starts: date.and_time(starts), ends: on.and_time(ends) }
        }
        (None, None) => PlannedSitting::on(date, starts, ends),
    })
}

/// Reads where it is.
pub fn location(form: &mut FormState<Field>) -> Option<Location> {
    let read = match form.value(Field::Where) {
        "venue" => Location::venue(form.value(Field::Venue), form.value(Field::Address)),
        "online" => Location::online(form.value(Field::Room)),
        _ => {
            form.fault(Field::Where, "Choose how people take part");
            return None;
        }
    };
    read.map_err(|fault| fault_location(form, fault)).ok()
}

fn fault_location(form: &mut FormState<Field>, fault: LocationFault) {
    let field = match fault {
        LocationFault::Venue => Field::Venue,
        LocationFault::Address => Field::Address,
        LocationFault::Room => Field::Room,
    };
    form.fault(field, in_words(&fault.to_string()));
}

/// Says what is wrong with days beside their fields.
pub fn fault_days(form: &mut FormState<Field>, faults: &[NumberedFault], zone: Tz) {
    for NumberedFault { number, fault } in faults {
        let typed = |part| form.value(Field::Day(*number, part)).trim();
        let local = |part| wall(&format!("{}T{}", typed(DayField::Date), typed(part)));
        let (part, words) = match fault {
            DayFault::NeverHappens(Edge::Start) => {
                (DayField::Start, local(DayField::Start).map(|at| never(at, zone)))
            }
            DayFault::NeverHappens(Edge::End) => {
                (DayField::End, local(DayField::End).map(|at| never(at, zone)))
            }
            DayFault::HappensTwice(Edge::Start) => {
                (DayField::Start, local(DayField::Start).map(|at| twice(at, zone)))
            }
            DayFault::HappensTwice(Edge::End) => {
                (DayField::End, local(DayField::End).map(|at| twice(at, zone)))
            }
            DayFault::EndsBeforeStart => {
                (DayField::End, Some(format!("Day {number} must end after it starts")))
            }
            DayFault::Overlaps => (
                DayField::Start,
                Some(format!("Day {number} must start after the day before it has ended")),
            ),
            DayFault::InThePast => (DayField::Date, Some(format!("Day {number} is in the past"))),
            DayFault::TooMany => (DayField::Date, Some(in_words(&fault.to_string()))),
        };
        let words = words.unwrap_or_else(|| format!("Check the times of day {number}"));
        form.fault(Field::Day(*number, part), words);
    }
}

/// Says what a verb refused beside the field it is about.
pub fn refuse(form: &mut FormState<Field>, error: PlanError, zone: Tz) -> Result<(), Failure> {
    match error {
        PlanError::Days(ref faults) => fault_days(form, faults, zone),
        PlanError::Weeks => form.fault(Field::Day(1, DayField::Date), in_words(&error.to_string())),
        PlanError::RequestsWait { .. } => {
            form.fault(Field::Mode, in_words(&error.to_string()));
            form.fill(Field::Asking, "open");
        }
        PlanError::NoSuchTrainer => form.fault(Field::Trainer, NO_SUCH_TRAINER),
        PlanError::NoDays => form.fault(Field::Day(1, DayField::Date), "Enter the date of day 1"),
        PlanError::NoPlaces => form.fault(Field::Capacity, "There must be 1 to 100,000 places"),
        PlanError::Location(fault) => fault_location(form, fault),
        PlanError::Aims(fault) => {
            let field = match fault {
                AimsFault::Minimum(_) => Field::Minimum,
                AimsFault::NothingToDecide | AimsFault::TooLate => Field::DecideBy,
            };
            form.fault(field, in_words(&fault.to_string()));
        }
        PlanError::Overnight(fault) => form.fault(Field::RoomsOn, in_words(&fault.to_string())),
        PlanError::NoSuchCourse => form.fault(Field::Course, "Choose a course"),
        PlanError::NoSuchVenue => form.fault(Field::VenueId, in_words(&error.to_string())),
        PlanError::NoSuchAlliance => form.fault(Field::Alliance, "Choose an alliance"),
        // What somebody else changed is told beside the fields.
        PlanError::NoSuchSession
        | PlanError::NotADraft
        | PlanError::Conflicts(_)
        | PlanError::Store(_) => {
            let failure = Failure::from(error);
            return Err(failure.leads(paths::office::sessions(), "Back to the sessions"));
        }
    }
    Ok(())
}
