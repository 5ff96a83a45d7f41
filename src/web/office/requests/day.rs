//! On which day everybody who asks for places on a session is told: chosen, and what they would be told looked at.

use askama::Template;
use chrono::{NaiveDate, NaiveTime};
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::waiting::{
        decide_request::{DecideError, Decision, letters_of_decision},
        decision_day::{DayError, When, choose_day, tell_everybody},
    },
    domain::{
        application::{DecisionDay, UntoldDecision, Verdict},
        id::{RegistrationId, SessionCode},
        session::Session,
        sitting::instant,
        wording,
    },
    store::applications,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{DecideRequests, Granted, SameOrigin},
        office::{addressed::session_for, letter_look::LetterLook},
        page::{Area, Chrome, Page},
        paths,
        words::in_words,
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, choose]
}

type Who = Granted<DecideRequests>;

form_fields! {
    enum Field {
        When = "when",
        Date = "date",
        Time = "time",
    }
}

#[derive(Template)]
#[template(path = "office/requests/day.html")]
struct DayPage {
    chrome: Chrome,
    session: Session,
    notice: Option<&'static str>,
    day: Option<DecisionDay>,
    decided: Vec<(RegistrationId, UntoldDecision)>,
    /// The letters of one for each answer that was noted.
    letters: Vec<(&'static str, Vec<LetterLook>)>,
    form: FormState<Field>,
}

impl DayPage {
    /// `12 yes, 3 on the waiting list, 5 no`.
    fn counts(&self) -> String {
        let of = |verdict| self.decided.iter().filter(|(_, one)| one.verdict == verdict).count();
        let said = [
            (of(Verdict::Approve), "yes"),
            (of(Verdict::Wait), "on the waiting list"),
            (of(Verdict::Refuse), "no"),
        ];
        let said = said.iter().filter(|(count, _)| *count > 0);
        wording::list(&said.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>())
    }

    fn bookings(&self) -> String {
        wording::count(self.decided.len(), "booking", "bookings")
    }

    /// How things stand now.
    fn stands(&self) -> String {
        match self.day {
            None => "Everybody is told as soon as you decide.".to_owned(),
            Some(DecisionDay { tell_at: None }) => {
                "Nobody is told before you say so here.".to_owned()
            }
            Some(DecisionDay { tell_at: Some(at) }) => {
                format!("Everybody is told at {}.", wording::deadline(at, self.session.zone()))
            }
        }
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    form: FormState<Field>,
) -> Result<DayPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let day = applications::day(&mut conn, &session.code).await?;
    let day = day.filter(|day| day.holds_at(desk.ctx.now()));
    let decided = applications::decisions(&mut conn, &session.code).await?;
    drop(conn);
    let mut letters = Vec::new();
    for verdict in Verdict::ALL {
        let Some((id, one)) = decided.iter().find(|(_, one)| one.verdict == *verdict) else {
            continue;
        };
        let decision = Decision::noted(one);
        match letters_of_decision(&desk.ctx, &who.actor(), *id, &decision).await {
            Ok(all) => letters.push((verdict.called(), LetterLook::samples(all, desk.ctx.now()))),
            Err(DecideError::Store(error)) => return Err(error.into()),
            Err(DecideError::NothingAsked | DecideError::TooLate) => {}
        }
    }
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    Ok(DayPage { chrome, session, notice: None, day, decided, letters, form })
}

/// The form as the session stands.
fn filled(session: &Session, day: Option<DecisionDay>) -> FormState<Field> {
    let mut form = FormState::default();
    let when = match day {
        None => "at-once",
        Some(DecisionDay { tell_at: None }) => "on-word",
        Some(DecisionDay { tell_at: Some(at) }) => {
            let local = at.with_timezone(&session.zone()).naive_local();
            form.fill(Field::Date, local.date().to_string());
            form.fill(Field::Time, local.format("%H:%M").to_string());
            "at"
        }
    };
    form.fill(Field::When, when);
    form
}

#[get("/office/sessions/<code>/requests/day?<done>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    done: Option<&str>,
) -> Result<Page<DayPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let day = applications::day(&mut conn, &code).await?;
    drop(conn);
    let form = filled(&session, day.filter(|day| day.holds_at(desk.ctx.now())));
    let page = page(desk, &who, session, form).await?;
    let notice = (done == Some("chosen")).then_some("Saved.");
    Ok(Page::ok(DayPage { notice, ..page }))
}

#[post("/office/sessions/<code>/requests/day", data = "<fields>")]
async fn choose(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<DayPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let by = &who.member.login;
    let mut form = FormState::sent(&fields);
    let failed = if fields.is("tell", "now") {
        match tell_everybody(&desk.ctx, by, &code).await {
            Ok(told) => {
                let list = paths::office::session_requests(&code);
                return Ok(Either::Left(Redirect::to(list.done(format_args!("told-{told}")))));
            }
            Err(error) => Some(error),
        }
    } else {
        match read(&mut form, &session) {
            None => None,
            Some(when) => match choose_day(&desk.ctx, by, &code, when).await {
                Ok(()) => {
                    let here = paths::desk::decision_day(&code);
                    return Ok(Either::Left(Redirect::to(here.done("chosen"))));
                }
                Err(error) => Some(error),
            },
        }
    };
    match failed {
        None => {}
        Some(DayError::Store(error)) => return Err(error.into()),
        Some(error) => {
            let field = if matches!(error, DayError::NotThen) { Field::Date } else { Field::When };
            form.fault(field, in_words(&error.to_string()));
        }
    }
    Ok(Either::Right(Page::unprocessable(page(desk, &who, session, form).await?)))
}

/// When, as it is typed by the clock of the session.
fn read(form: &mut FormState<Field>, session: &Session) -> Option<When> {
    match form.value(Field::When) {
        "at-once" => return Some(When::AtOnce),
        "on-word" => return Some(When::OnWord),
        "at" => {}
        _ => {
            form.fault(Field::When, "Choose when everybody is told");
            return None;
        }
    }
    let date = form.value(Field::Date).trim().parse::<NaiveDate>().ok();
    if date.is_none() {
        form.fault(Field::Date, "Enter a day, such as 2027-03-03");
    }
    let typed = form.value(Field::Time).trim().to_owned();
    let time = match typed.as_str() {
        "" => NaiveTime::from_hms_opt(9, 0, 0),
        typed => ["%H:%M", "%H:%M:%S"]
            .iter()
            .find_map(|format| NaiveTime::parse_from_str(typed, format).ok()),
    };
    if time.is_none() {
        form.fault(Field::Time, "Enter an hour, such as 12:00");
    }
    let at = instant(date?.and_time(time?), session.zone()).ok();
    if at.is_none() {
        form.fault(Field::Time, "The clocks change then. Choose another hour");
    }
    at.map(When::At)
}
