//! One nomination: where it stands, the talks before and after, and what can be done next.

use std::borrow::Cow;

use askama::Template;
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use super::talk::{self, TalkField};
use crate::{
    actions::asking::{
        ask_people::AskError,
        nominate::{
            NominateError, ask_nominated, decide_nomination, keep_talk, withdraw_nomination,
        },
    },
    domain::{
        id::NominationId,
        nomination::{Decision, Nomination, NominationState, Nominator, Step, Which},
        session::{BookingStatus, Session},
        text::Paragraph,
        wording,
    },
    store::{
        Conn, catalogue,
        nominations::{self, SeenNomination},
        registrations, sessions,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState},
        guard::{Granted, ManageBookings, SameOrigin},
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paths,
        words::{in_words, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, act]
}

type Who = Granted<ManageBookings>;

/// The fields of its forms, in the order of the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Field {
    Session,
    Words,
    AnswerBy,
    Talk(TalkField),
    /// What is to be done: where a fault of the whole stands.
    Act,
}

impl FormField for Field {
    fn name(self) -> Cow<'static, str> {
        match self {
            Self::Session => "session".into(),
            Self::Words => "words".into(),
            Self::AnswerBy => "answer_by".into(),
            Self::Talk(field) => field.name(),
            Self::Act => "act".into(),
        }
    }
}

#[derive(Template)]
#[template(path = "office/nominations/one.html")]
struct OnePage {
    chrome: Chrome,
    notice: Option<&'static str>,
    one: Nomination,
    state: NominationState,
    course: String,
    /// Who nominated her, and when.
    by: String,
    /// The sessions to which she can be asked.
    dates: Vec<Session>,
    form: FormState<Field>,
}

impl OnePage {
    fn may(&self, step: Step) -> bool {
        self.state.may(step).is_ok()
    }

    fn can_plan_review(&self) -> bool {
        self.may(Step::Before) || self.may(Step::After)
    }

    fn done(&self, which: Which) -> Option<String> {
        let done = self.one.talk(which).done_at?;
        Some(wording::date(done.date_naive()))
    }

    /// The fields of a talk.
    fn names(&self, which: Which) -> [Field; 3] {
        talk::fields(which).map(Field::Talk)
    }

    fn sessions(&self) -> Vec<(String, String)> {
        let option = |session: &Session| (session.code.to_string(), self.label(session));
        self.dates.iter().map(option).collect()
    }

    fn label(&self, session: &Session) -> String {
        let (days, place) = (wording::days(session), session.location.short_name());
        format!("{days}, {place} ({})", session.code)
    }
}

async fn find(conn: &mut Conn, who: &Who, id: NominationId) -> Result<SeenNomination, Failure> {
    let seen = nominations::find(conn, id).await?.ok_or(Failure::NotFound)?;
    who.within(&seen.0.alliance)?;
    Ok(seen)
}

async fn page(
    desk: &Desk,
    who: &Who,
    seen: SeenNomination,
    form: FormState<Field>,
) -> Result<OnePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (one, facts) = seen;
    let courses = catalogue::courses(&mut conn).await?;
    let course = courses.into_iter().find(|course| course.slug == one.course);
    let zone = who.member.zone(&catalogue::alliances(&mut conn).await?);
    let at = stamp(one.at, zone);
    let by = match &one.by {
        Nominator::Staff(login) => format!("{login}, {at}"),
        Nominator::Leader(id) => match registrations::find(&mut conn, *id).await? {
            Some(booking) => format!("{}, who leads a booking, {at}", booking.leader.name),
            None => format!("a leader, {at}"),
        },
    };
    let now = desk.ctx.now();
    let mut dates = sessions::ending_after(&mut conn, now).await?;
    dates.retain(|session| {
        let status = session.booking_status(now);
        session.course.slug == one.course
            && one.session.as_ref().is_none_or(|code| session.code == *code)
            && who.reaches(&session.alliance.slug)
            && matches!(status, BookingStatus::Open { .. } | BookingStatus::NotYetOpen { .. })
    });
    Ok(OnePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: None,
        state: one.state(facts),
        course: course.map_or_else(|| one.course.to_string(), |course| course.title),
        one,
        by,
        dates,
        form,
    })
}

/// The forms as they are drawn: with what is known of the talks.
fn filled(one: &Nomination, now: DateTime<Utc>) -> FormState<Field> {
    let mut form = FormState::default();
    talk::fill(&mut form, Field::Talk, (Which::Before, &one.before));
    talk::fill(&mut form, Field::Talk, (Which::After, &one.after));
    form.fill(Field::Session, one.session.as_ref().map_or("", |code| code.as_str()));
    form.fill(Field::AnswerBy, (now.date_naive() + Days::new(14)).to_string());
    form
}

#[get("/office/nominations/<id>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: NominationId,
    asked: PageQuery<'_>,
) -> Result<Page<OnePage>, Failure> {
    let seen = find(&mut desk.ctx.store.read().await?, &who, id).await?;
    let form = filled(&seen.0, desk.ctx.now());
    let notice = asked.done.and_then(|done| match done {
        "nominated" => Some("Nominated. Next: a one-to-one, and asking them to a session."),
        "asked" => Some("Asked. Their letter is on its way."),
        "saved" => Some("Saved."),
        _ => None,
    });
    Ok(Page::ok(OnePage { notice, ..page(desk, &who, seen, form).await? }))
}

/// To which session she is asked, until when, and with which words.
async fn asked(
    desk: &Desk,
    fields: &Fields,
    form: &mut FormState<Field>,
) -> Result<Option<(Session, DateTime<Utc>, Option<Paragraph>)>, Failure> {
    for field in [Field::Session, Field::AnswerBy, Field::Words] {
        form.fill(field, fields.of(field));
    }
    let session = match fields.of(Field::Session).parse() {
        Ok(code) => sessions::find(&mut desk.ctx.store.read().await?, &code).await?,
        Err(_) => None,
    };
    let Some(session) = session else {
        form.fault(Field::Session, "Choose a session");
        return Ok(None);
    };
    let zone = session.zone();
    let day = match fields.of(Field::AnswerBy).trim() {
        "" => Some(desk.ctx.now().with_timezone(&zone).date_naive() + Days::new(14)),
        typed => typed.parse::<NaiveDate>().ok(),
    };
    let last = |day: NaiveDate| Some(day.and_time(NaiveTime::from_hms_opt(23, 59, 0)?));
    let until = day.and_then(last).and_then(|last| zone.from_local_datetime(&last).latest());
    let words = form.paragraph(Field::Words, "what you write to them");
    let Some(until) = until else {
        form.fault(Field::AnswerBy, "Enter a day, such as 2027-01-31");
        return Ok(None);
    };
    // Nobody answers after booking has closed.
    let until = session.closes_at().map_or(until.to_utc(), |closes| until.to_utc().min(closes));
    Ok(form.is_valid().then_some((session, until, words)))
}

/// Does what was asked for; `None` where what is wrong stands in `form`.
async fn done(
    desk: &Desk,
    who: &Who,
    one: &Nomination,
    (fields, form): (&Fields, &mut FormState<Field>),
) -> Result<Option<&'static str>, Failure> {
    let (ctx, actor, id) = (&desk.ctx, who.actor(), one.id);
    let act = fields.of(Field::Act);
    let done = match act {
        "approve" => decide_nomination(ctx, &actor, id, Decision::Approved).await.map(|()| "saved"),
        "decline" => decide_nomination(ctx, &actor, id, Decision::Declined).await.map(|()| "saved"),
        "withdraw" => withdraw_nomination(ctx, &actor, id).await.map(|()| "saved"),
        "before" | "after" | "before-done" | "after-done" => {
            let which = if act.starts_with("before") { Which::Before } else { Which::After };
            for field in talk::fields(which).map(Field::Talk) {
                form.fill(field, fields.of(field));
            }
            let Some(talk) = talk::typed(form, Field::Talk, which) else {
                return Ok(None);
            };
            // Saving what was agreed does not undo that it was had.
            let is_done = act.ends_with("-done") || one.talk(which).done_at.is_some();
            keep_talk(ctx, &actor, id, (which, &talk, is_done)).await.map(|()| "saved")
        }
        "ask" => {
            let Some((session, until, words)) = asked(desk, fields, form).await? else {
                return Ok(None);
            };
            who.on(&session)?;
            let to = (&session.code, until);
            ask_nominated(ctx, &who.member, id, to, words).await.map(|()| "asked")
        }
        _ => {
            form.fault(Field::Act, "Say what to do");
            return Ok(None);
        }
    };
    let field = if act == "ask" { Field::Session } else { Field::Act };
    match done {
        Ok(done) => Ok(Some(done)),
        Err(NominateError::NoSuch) => Err(Failure::NotFound),
        Err(NominateError::Store(error) | NominateError::Ask(AskError::Store(error))) => {
            Err(error.into())
        }
        Err(NominateError::Illegal(illegal)) => {
            let state = illegal.state.in_words().to_lowercase();
            let words = format!("That makes no sense now: the nomination stands at {state}");
            form.fault(Field::Act, words);
            Ok(None)
        }
        Err(refused @ (NominateError::LeftOut | NominateError::Ask(_))) => {
            form.fault(field, in_words(&refused.to_string()));
            Ok(None)
        }
    }
}

#[post("/office/nominations/<id>", data = "<fields>")]
async fn act(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: NominationId,
    fields: Fields,
) -> Result<Either<Redirect, Page<OnePage>>, Failure> {
    let seen = find(&mut desk.ctx.store.read().await?, &who, id).await?;
    let mut form = filled(&seen.0, desk.ctx.now());
    match done(desk, &who, &seen.0, (&fields, &mut form)).await? {
        Some(done) => Ok(Either::Left(Redirect::to(paths::records::nomination(&id).done(done)))),
        None => Ok(Either::Right(Page::unprocessable(page(desk, &who, seen, form).await?))),
    }
}
