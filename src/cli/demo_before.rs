//! What had happened before the demo begins: a session some weeks ago, who came to it, and how they said it was. It is
//! booked, attended and answered by the verbs that everything is, at the time when it was.

use std::sync::Arc;

use anyhow::Context;
use chrono::{DateTime, Duration, Utc};

use crate::{
    actions::{
        ActionContext,
        booking::book_places::{BookRequest, book_places_untold},
        door::check_in::{Taps, check_in},
        letters::ask_feedback::give_feedback,
        people::know_people::know_people,
        sessions::ask_afterwards::ask_afterwards,
    },
    clock::FixedClock,
    domain::{
        attendance::{Mark, Presence},
        audit::Actor,
        feedback::{Feedback, Recommend, Useful},
        feedback_question::{FeedbackAnswer, FeedbackKind, FeedbackQuestion},
        handout::HandedOut,
        id::{FeedbackQuestionId, PlaceId, SessionCode, SittingId},
        occupancy::{Occupancy, TeamPolicy},
        session::Session,
        sitting::{Sitting, instants},
        text::{Line, Paragraph},
    },
    store::{feedback_questions, registrations, sessions, staff},
    token::{row_id, secret_uuid},
};

/// How many weeks before the demo's first session it was.
const WEEKS: i64 = 6;

/// What people said: how useful it was, whether they would tell a friend, what should change, and of the question of
/// the organiser's own.
const SAID: [(u8, Recommend, &str, &str); 6] = [
    (5, Recommend::Yes, "", "5"),
    (5, Recommend::Yes, "More time for the one-to-ones in the afternoon.", "4"),
    (4, Recommend::Yes, "", "4"),
    (4, Recommend::Maybe, "The hall was cold until ten.", "3"),
    (5, Recommend::Yes, "Nothing. I have told two friends already.", "5"),
    (3, Recommend::Maybe, "Begin later: the first bus comes at half past nine.", "2"),
];

/// Makes it of the session with code `like`, under the code `code`; nothing where there is no such session.
pub(super) async fn make(ctx: &ActionContext, code: &str, like: &str) -> anyhow::Result<()> {
    let (code, like): (SessionCode, SessionCode) = (code.parse()?, like.parse()?);
    let mut conn = ctx.store.read().await?;
    let Some(first) = sessions::find(&mut conn, &like).await? else { return Ok(()) };
    let bookings = registrations::of_session(&mut conn, &like).await?;
    let Some(trainer) = first.trainers.first() else { return Ok(()) };
    let keeper = staff::find(&mut conn, &trainer.login).await?.context("no trainer")?;
    drop(conn);
    let session = earlier(ctx, &first, code)?;
    let starts = session.starts_at().context("a session has a day")?;
    let clock = FixedClock::at(starts - Duration::days(20));
    let then = ActionContext { clock: Arc::new(clock.clone()), ..ctx.clone() };
    let mut tx = then.store.begin().await?;
    sessions::insert(&mut tx, &session).await?;
    tx.commit().await?;
    let mut places: Vec<PlaceId> = Vec::new();
    let leaders = bookings.into_iter().filter(|one| one.own_place().is_some());
    for booking in leaders.take(SAID.len()) {
        let request = BookRequest {
            session: session.code.clone(),
            attendees: vec![Some(booking.leader.attends())],
            leader: booking.leader,
            sender: booking.sender,
            team: TeamPolicy::Together,
            attempt: None,
            fingerprint: None,
            nomination: None,
            vouched: true,
            apart: Vec::new(),
        };
        let booked = book_places_untold(&then, &Actor::CommandLine, request).await?;
        places.extend(booked.registration.confirmed().map(|place| place.id));
    }
    while know_people(&then).await? {}
    for day in &session.sittings {
        clock.advance(day.starts_at - then.now());
        let here =
            |place: &PlaceId| Mark { place: *place, presence: Presence::Attended, at: then.now() };
        let taps = Taps { marks: places.iter().map(here).collect(), ..Taps::default() };
        check_in(&then, &keeper, &session.code, day.number, &taps).await?;
    }
    let over: DateTime<Utc> = session.ends_at().context("a session has a day")?;
    clock.advance(over + Duration::hours(20) - then.now());
    answer(&then, &session, &places).await
}

/// A session as it was some weeks before.
fn earlier(ctx: &ActionContext, first: &Session, code: SessionCode) -> anyhow::Result<Session> {
    let by = Duration::weeks(WEEKS);
    let day = |day: &Sitting| -> anyhow::Result<Sitting> {
        let (starts, ends) = (day.starts - by, day.ends - by);
        let (starts_at, ends_at) = instants(starts, ends, day.zone)?;
        Ok(Sitting {
            id: SittingId::new(row_id(&*ctx.random, &*ctx.clock)),
            uid: format!("{}@{}", secret_uuid(&*ctx.random), ctx.publisher.host),
            starts,
            ends,
            starts_at,
            ends_at,
            created_at: starts_at - Duration::days(60),
            changed_at: starts_at - Duration::days(60),
            ..day.clone()
        })
    };
    Ok(Session {
        code,
        occupancy: Occupancy { capacity: first.occupancy.capacity, ..Occupancy::default() },
        booking_opens: None,
        booking_closes: None,
        changes_close: None,
        sittings: first.sittings.iter().map(day).collect::<anyhow::Result<_>>()?,
        ..first.clone()
    })
}

/// How they said it was, and what they answered to a question of the organiser's own.
async fn answer(ctx: &ActionContext, session: &Session, places: &[PlaceId]) -> anyhow::Result<()> {
    let question = FeedbackQuestion {
        id: FeedbackQuestionId::new(row_id(&*ctx.random, &*ctx.clock)),
        of: HandedOut::Session(session.code.clone()),
        kind: FeedbackKind::Scale,
        wording: Line::parse("Could you begin a one-to-one on your own now?")?,
        options: Vec::new(),
        is_ended: false,
    };
    ask_afterwards(ctx, &Actor::CommandLine, &question, None).await?;
    let asked = feedback_questions::on_session(&mut ctx.store.read().await?, &session.code).await?;
    for (place, (useful, recommend, change, own)) in places.iter().zip(SAID) {
        let useful = Useful::new(useful).context("from one to five")?;
        let change = Paragraph::parse_optional(change)?;
        let answers = Feedback { useful, recommend, change };
        let own = |one: &FeedbackQuestion| {
            let answer =
                (one.kind == FeedbackKind::Scale).then(|| FeedbackAnswer::Counted(own.to_owned()));
            (one.id, answer)
        };
        let own: Vec<_> = asked.iter().map(own).collect();
        give_feedback(ctx, *place, &answers, &own).await?;
    }
    Ok(())
}
