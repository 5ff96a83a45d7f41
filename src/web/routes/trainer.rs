//! The trainer's sessions and rosters.

use rocket::{FromForm, Route, State, get, routes};

use crate::{
    actions::door::read_roster::{RosterError, read_roster},
    domain::{
        id::SessionCode,
        permission::{Permission, allows},
        session::Session,
    },
    store::{sessions, watch},
    web::{
        Desk,
        failure::Failure,
        guard::SignedIn,
        page::Page,
        trainer::{
            roster::{RosterPage, View},
            sessions::{TrainerPage, TrainerSession},
        },
    },
};

/// How many sessions of each kind are listed.
const MOST: usize = 50;

/// Blank lines on the sign-in sheet, for people who turn up.
const WALK_IN_LINES: u32 = 4;

impl From<RosterError> for Failure {
    fn from(error: RosterError) -> Self {
        match error {
            RosterError::NoSuchSession => Self::NotFound,
            RosterError::Forbidden => Self::Forbidden,
            RosterError::Store(error) => Self::Store(error),
        }
    }
}

#[get("/trainer")]
async fn mine(desk: &State<Desk>, who: SignedIn) -> Result<Page<TrainerPage>, Failure> {
    let now = desk.ctx.now();
    let mut conn = desk.ctx.store.read().await?;
    let since = now - chrono::Duration::days(365);
    let mut all = sessions::ending_after(&mut conn, since).await?;
    all.retain(|session| allows(&who.member, Permission::ReadRoster, session));
    let (mut today, mut upcoming, mut past) = (Vec::new(), Vec::new(), Vec::new());
    let counts = watch::coming_with_needs(&mut conn, since).await?;
    for session in all {
        let (coming, needs) = counts.get(&session.code).copied().unwrap_or_default();
        let day = now.with_timezone(&session.zone()).date_naive();
        let sits_today = session.sittings.iter().find(|sitting| sitting.starts.date() == day);
        let entry = |session: Session, sitting_number| TrainerSession {
            session,
            sitting_number,
            coming,
            needs,
        };
        match sits_today.map(|sitting| sitting.number) {
            Some(number) => today.push(entry(session, number)),
            None if session.ends_at().is_some_and(|end| end > now) => {
                upcoming.push(entry(session, 1));
            }
            None => past.push(entry(session, 1)),
        }
    }
    past.reverse();
    // Whoever may see every roster looks the others up under Sessions.
    let has_more = upcoming.len() > MOST || past.len() > MOST;
    upcoming.truncate(MOST);
    past.truncate(MOST);
    let greeting = format!("Hello, {}", who.member.name);
    let chrome = desk.staff_chrome(&who.member);
    Ok(Page::ok(TrainerPage { chrome, greeting, today, upcoming, past, has_more, now }))
}

/// How the roster is to be shown.
#[derive(Debug, FromForm)]
struct Shown<'r> {
    q: Option<&'r str>,
    sort: Option<&'r str>,
    needs: Option<&'r str>,
}

#[get("/trainer/sessions/<code>/roster?<shown..>")]
async fn roster(
    desk: &State<Desk>,
    who: SignedIn,
    code: SessionCode,
    shown: Shown<'_>,
) -> Result<Page<RosterPage>, Failure> {
    let (session, roster) = read_roster(&desk.ctx, &who.member, &code).await?;
    let view = View {
        words: shown.q.unwrap_or_default().trim().to_owned(),
        by_institution: shown.sort == Some("institution"),
        needs_only: shown.needs == Some("1"),
    };
    let mut shown = roster.clone().narrowed(&view.words);
    if view.by_institution {
        shown = shown.by_institution();
    }
    if view.needs_only {
        shown = shown.to_plan_for();
    }
    Ok(Page::ok(RosterPage {
        chrome: desk.staff_chrome(&who.member),
        walk_in_lines: WALK_IN_LINES,
        is_over: session.ends_at().is_some_and(|end| end <= desk.ctx.now()),
        shown,
        view,
        session,
        roster,
    }))
}

pub fn routes() -> Vec<Route> {
    routes![mine, roster]
}
