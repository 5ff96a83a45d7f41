//! One thing on the overview: it is done, given to somebody, or left for later, with a note.

use askama::Template;
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        asking::nominate::{NominateError, finish_talk},
        notes::finish_step::finish_step,
        overview::mark_thing::{MarkError, Marking, mark_thing},
    },
    domain::{
        text::Paragraph,
        thing::{ThingKey, ThingStanding},
    },
    store::{catalogue, overview_marks},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, SameOrigin, WatchSessions},
        office::{
            filling::watched,
            overview::{
                sorted::{Sorted, heading, sorted},
                steps::step_meant,
                talks::meant,
                task::Board,
                tasks::tasks,
            },
        },
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, mark]
}

type Who = Granted<WatchSessions>;

form_fields! {
    enum Field {
        Note = "note",
        Act = "act",
        Assignee = "assignee",
        Until = "until",
    }
}

#[derive(Template)]
#[template(path = "office/overview/thing.html")]
struct ThingPage {
    chrome: Chrome,
    one: Sorted,
    /// Whoever may look after it: login and name.
    colleagues: Vec<(String, String)>,
    said: Option<String>,
    form: FormState<Field>,
}

impl ThingPage {
    /// Whether somebody has done it or left it.
    fn is_put_away(&self) -> bool {
        matches!(self.one.standing, ThingStanding::Done | ThingStanding::Snoozed(_))
    }
}

/// The thing as it is now, if it still needs anybody who may see it.
async fn find(desk: &Desk, who: &Who, key: &ThingKey) -> Result<Option<Sorted>, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let coming = watched(&mut conn, who, now).await?;
    let board = Board { who, coming: &coming, alliances: &alliances, now };
    let mut all = tasks(&mut conn, &board).await?;
    all.retain(|task| task.seen.key == *key);
    Ok(sorted(&mut conn, all, now).await?.pop())
}

async fn page(
    desk: &Desk,
    who: &Who,
    one: Sorted,
    mut form: FormState<Field>,
) -> Result<ThingPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let alliance = one.task.seen.alliance.as_ref();
    let colleagues = overview_marks::colleagues(&mut conn, alliance).await?;
    let names = overview_marks::everybody(&mut conn).await?;
    if form.is_valid() {
        let mark = one.mark.as_ref();
        let assignee = mark.and_then(|mark| mark.assignee.as_ref());
        form.fill(Field::Assignee, assignee.map_or_else(String::new, ToString::to_string));
        let note = mark.and_then(|mark| mark.note.as_ref());
        form.fill(Field::Note, note.map_or("", Paragraph::as_str));
        let today = desk.ctx.now().with_timezone(&one.task.zone).date_naive();
        let monday = today + Days::new(7 - u64::from(today.weekday().num_days_from_monday()));
        form.fill(Field::Until, monday.to_string());
    }
    let chrome = desk.signed_in_chrome(Area::Overview, &who.member);
    Ok(ThingPage { chrome, said: one.said(&names), one, colleagues, form })
}

#[get("/office/things/<id>")]
async fn show(desk: &State<Desk>, who: Who, id: &str) -> Result<Page<ThingPage>, Failure> {
    let key = id.parse().map_err(|_| Failure::NotFound)?;
    let one = find(desk, &who, &key).await?.ok_or(Failure::NotFound)?;
    Ok(Page::ok(page(desk, &who, one, FormState::default()).await?))
}

/// The first moment of a day that is typed, in a zone; it must be after today.
fn morning(typed: &str, zone: Tz, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let day: NaiveDate = typed.trim().parse().ok()?;
    let today = now.with_timezone(&zone).date_naive();
    if day <= today || day > today + Days::new(366) {
        return None;
    }
    let midnight = day.and_time(NaiveTime::MIN);
    let first = zone.from_local_datetime(&midnight).earliest();
    // Where the clocks go forward over midnight, the day begins an hour later.
    let first = first
        .or_else(|| zone.from_local_datetime(&(midnight + chrono::Duration::hours(1))).earliest());
    first.map(|at| at.to_utc())
}

/// What the form asks for, and what the overview says of it.
fn marking(
    form: &mut FormState<Field>,
    one: &Sorted,
    now: DateTime<Utc>,
) -> Option<(Marking, &'static str)> {
    match form.value(Field::Act) {
        "done" => Some((Marking::Done, "done")),
        "open" => Some((Marking::Reopen, "opened")),
        "assign" => match form.value(Field::Assignee).trim() {
            "" => Some((Marking::Assign(None), "opened")),
            typed => match typed.parse() {
                Ok(login) => Some((Marking::Assign(Some(login)), "assigned")),
                Err(_) => {
                    form.fault(Field::Assignee, "Choose somebody from the list");
                    None
                }
            },
        },
        "snooze" => {
            let until = morning(form.value(Field::Until), one.task.zone, now);
            if until.is_none() {
                form.fault(Field::Until, "Enter a day after today, within a year");
            }
            until.map(|until| (Marking::Snooze(until), "snoozed"))
        }
        _ => {
            form.fault(
                Field::Act,
                "Say whether it is done, whose it is, or until when to leave it",
            );
            None
        }
    }
}

/// A talk that is done on the overview was had, and a step is done: its nomination or note knows it too.
async fn had(desk: &Desk, who: &Who, one: &Sorted, marking: &Marking) -> Result<(), Failure> {
    if let (Marking::Done, Some(note)) = (marking, step_meant(&one.task.seen.key)) {
        finish_step(&desk.ctx, &who.member, note).await?;
    }
    let (Marking::Done, Some((id, which))) = (marking, meant(&one.task.seen.key)) else {
        return Ok(());
    };
    match finish_talk(&desk.ctx, &who.actor(), id, (which, None)).await {
        Err(NominateError::Store(error)) => Err(error.into()),
        // What cannot be said of the nomination any more is still done here.
        Ok(()) | Err(_) => Ok(()),
    }
}

#[post("/office/things/<id>", data = "<fields>")]
async fn mark(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: &str,
    fields: Fields,
) -> Result<Either<Redirect, Page<ThingPage>>, Failure> {
    let key: ThingKey = id.parse().map_err(|_| Failure::NotFound)?;
    let to = |done: &str| Ok(Either::Left(Redirect::to(paths::office::overview().done(done))));
    let Some(mut one) = find(desk, &who, &key).await? else { return to("gone") };
    let mut form = FormState::sent(&fields);
    let note = form.paragraph(Field::Note, "the note");
    // What came after the page was drawn was not seen, so it is not done.
    if let Ok(seen) = fields.get("fact").parse::<i64>() {
        one.task.seen.fact = one.task.seen.fact.min(seen);
    }
    let asked = marking(&mut form, &one, desk.ctx.now());
    if let (Some((marking, done)), true) = (asked, form.is_valid()) {
        let (by, seen) = (&who.member.login, (&one.task.seen, heading(one.task.seen.key.kind)));
        match mark_thing(&desk.ctx, by, seen, &marking, note).await {
            Ok(()) => {
                had(desk, &who, &one, &marking).await?;
                return to(done);
            }
            Err(MarkError::Store(error)) => return Err(error.into()),
            Err(refused @ MarkError::NotTheirs) => {
                form.fault(Field::Assignee, in_words(&refused.to_string()));
            }
            Err(refused @ MarkError::Passed) => {
                form.fault(Field::Until, in_words(&refused.to_string()));
            }
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, one, form).await?)))
}
