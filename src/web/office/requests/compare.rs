//! Applications side by side: a line for each, a column for each question; what the readers think; and the answer.

use std::collections::HashMap;

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::waiting::score_application::score_application,
    domain::{
        application::{
            MOST_POINTS, Score, UntoldDecision, Verdict, mean_in_tenths, points_in_words,
        },
        finding::sort_key,
        id::{RegistrationId, SessionCode, StaffLogin},
        place::PlaceStatus,
        question::Answered,
        reference::Reference,
        registration::Registration,
        session::Session,
        text::Paragraph,
        wording,
    },
    store::{Conn, answers, applications, registrations, session_plans},
    web::{
        Desk, asked,
        failure::Failure,
        forms::{Fields, text::complaint},
        guard::{DecideRequests, Granted, SameOrigin},
        office::{addressed::session_for, requests::said::notice},
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![compare, score]
}

type Who = Granted<DecideRequests>;

/// One application.
struct Line {
    booking: Registration,
    /// What was answered under each question: each person's with her name, where there are several.
    cells: Vec<Vec<(Option<String>, String)>>,
    /// What the readers gave, in words, and how many they are.
    mean: Option<String>,
    readers: Vec<(String, Score)>,
    /// What whoever looks gave herself.
    own: Option<Score>,
    decided: Option<UntoldDecision>,
}

#[derive(Template)]
#[template(path = "office/requests/compare.html")]
struct ComparePage {
    chrome: Chrome,
    notice: Option<String>,
    /// What is wrong with a score that was sent.
    fault: Option<String>,
    session: Session,
    heads: Vec<String>,
    lines: Vec<Line>,
    /// Whether the highest score comes first.
    by_score: bool,
}

impl ComparePage {
    fn places(&self, one: &Registration) -> String {
        let count = one.places_in(PlaceStatus::Requested).count();
        wording::count(count, "place", "places")
    }

    fn when(&self, one: &Registration) -> String {
        one.booked_at.map_or_else(String::new, |at| stamp(at, self.session.zone()))
    }

    /// `4 of 30 places are free, 3 more promised`.
    fn free(&self) -> String {
        let occupancy = self.session.occupancy;
        let promised = match occupancy.promised {
            0 => String::new(),
            promised => format!(", {promised} more promised"),
        };
        format!("{} of {} places are free{promised}", occupancy.free(), occupancy.capacity)
    }

    fn best_first(&self) -> Href {
        paths::desk::compare_requests(&self.session.code).with("sort", "score")
    }

    fn points(&self) -> std::ops::RangeInclusive<u8> {
        0..=MOST_POINTS
    }

    fn gave(&self, line: &Line, points: &u8) -> bool {
        line.own.as_ref().is_some_and(|own| own.points == *points)
    }

    fn note(&self, line: &Line) -> String {
        let note = line.own.as_ref().and_then(|own| own.note.as_ref());
        note.map_or_else(String::new, |note| note.as_str().to_owned())
    }

    fn tag(&self, verdict: &Verdict) -> &'static str {
        match verdict {
            Verdict::Approve => "tag--ok",
            Verdict::Wait => "tag--warn",
            Verdict::Refuse => "",
        }
    }
}

/// What was answered on a session, by booking.
type Standing = HashMap<RegistrationId, Vec<answers::StandingAnswer>>;

/// The questions that somebody who asks has answered, each with the words of its latest revision that was.
fn heads(asking: &[Registration], standing: &Standing) -> Vec<(String, String)> {
    let mut heads: Vec<(String, String)> = Vec::new();
    let all = asking.iter().filter_map(|one| standing.get(&one.id)).flatten();
    for Answered { question, wording, .. } in all.map(|one| &one.answered) {
        if !heads.iter().any(|(code, _)| *code == question.to_string()) {
            heads.push((question.to_string(), wording.clone()));
        }
    }
    heads.sort_by_cached_key(|(code, _)| sort_key(code));
    heads
}

/// What one booking says under each question.
fn cells(
    one: &Registration,
    heads: &[(String, String)],
    standing: &Standing,
) -> Vec<Vec<(Option<String>, String)>> {
    let asking = one.places_in(PlaceStatus::Requested).count();
    let said = standing.get(&one.id).map_or(&[][..], Vec::as_slice);
    let under = |(code, _): &(String, String)| {
        let hers = said.iter().filter(|answer| answer.answered.question.to_string() == *code);
        let cell = |answer: &answers::StandingAnswer| {
            let place = one.places.iter().find(|place| Some(place.id) == answer.place);
            let name = place.and_then(|place| place.attendee.as_ref());
            let name = name.filter(|_| asking > 1).map(|who| who.name.to_string());
            (name, answer.answered.said())
        };
        hers.map(cell).collect()
    };
    heads.iter().map(under).collect()
}

async fn page(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    session: Session,
    by_score: bool,
) -> Result<ComparePage, Failure> {
    let mut asking = registrations::of_session(conn, &session.code).await?;
    asking.retain(|one| one.places_in(PlaceStatus::Requested).next().is_some());
    let mut standing = Standing::new();
    for one in answers::of_session(conn, &session.code).await? {
        standing.entry(one.registration).or_default().push(one);
    }
    let mut scores = applications::scores(conn, &session.code).await?;
    let decisions = applications::decisions(conn, &session.code).await?;
    let mut decisions: HashMap<_, _> = decisions.into_iter().collect();
    let staff = session_plans::possible_trainers(conn).await?;
    let heads = heads(&asking, &standing);
    let called = |login: &StaffLogin| {
        let known = staff.iter().find(|(known, _)| known == login.as_str());
        known.map_or_else(|| login.to_string(), |(_, name)| name.clone())
    };
    let line = |booking: Registration| {
        let given = scores.remove(&booking.id).unwrap_or_default();
        let mean = mean_in_tenths(given.iter().map(|(_, score)| score.points));
        let own = given.iter().find(|(login, _)| *login == who.member.login);
        let line = Line {
            cells: cells(&booking, &heads, &standing),
            mean: mean.map(points_in_words),
            own: own.map(|(_, score)| score.clone()),
            readers: given.iter().map(|(login, score)| (called(login), score.clone())).collect(),
            decided: decisions.remove(&booking.id),
            booking,
        };
        (mean, line)
    };
    let mut lines: Vec<_> = asking.into_iter().map(line).collect();
    if by_score {
        lines.sort_by_key(|(mean, _)| std::cmp::Reverse(*mean));
    }
    Ok(ComparePage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        notice: None,
        fault: None,
        session,
        heads: heads.into_iter().map(|(_, wording)| wording).collect(),
        lines: lines.into_iter().map(|(_, line)| line).collect(),
        by_score,
    })
}

#[get("/office/sessions/<code>/requests/compare?<sort>&<done>")]
async fn compare(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    sort: Option<&str>,
    done: Option<&str>,
) -> Result<Page<ComparePage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let by_score = asked::is("sort", sort, &["score", "asked"])? == Some(0);
    let page = page(desk, &mut conn, &who, session, by_score).await?;
    let notice = done.and_then(|done| match done {
        "scored" => Some("Saved. Only the office sees it.".to_owned()),
        done => notice(done, true),
    });
    Ok(Page::ok(ComparePage { notice, ..page }))
}

#[post("/office/sessions/<code>/requests/scores", data = "<fields>")]
async fn score(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Result<Redirect, Page<ComparePage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let points = match fields.get("score").trim() {
        "" => Ok(None),
        typed => match typed.parse::<u8>() {
            Ok(points) if points <= MOST_POINTS => Ok(Some(points)),
            _ => Err(format!("Give from 0 to {MOST_POINTS} points")),
        },
    };
    let note = Paragraph::parse_optional(fields.get("note"));
    let note = note.map_err(|fault| complaint(fault, "the note"));
    let score = match (points, note) {
        (Ok(points), Ok(note)) => Ok(points.map(|points| Score { points, note })),
        (Err(fault), _) | (_, Err(fault)) => Err(fault),
    };
    let score = match score {
        Ok(score) => score,
        Err(fault) => {
            let page = page(desk, &mut conn, &who, session, false).await?;
            return Ok(Err(Page::unprocessable(ComparePage { fault: Some(fault), ..page })));
        }
    };
    let id = match fields.get("reference").parse::<Reference>() {
        Ok(reference) => registrations::find_by_reference(&mut conn, &reference).await?,
        Err(_) => None,
    };
    let booking = match id {
        Some(id) => registrations::find(&mut conn, id).await?,
        None => None,
    };
    let Some(booking) = booking else { return Err(Failure::NotFound) };
    // The booking must be of the session whose organiser this is.
    if booking.session != code {
        return Err(Failure::Forbidden);
    }
    drop(conn);
    score_application(&desk.ctx, &who.member.login, &booking, score.as_ref()).await?;
    let back = paths::desk::compare_requests(&code).done("scored");
    Ok(Ok(Redirect::to(back.at(format_args!("a{}", booking.reference)))))
}
