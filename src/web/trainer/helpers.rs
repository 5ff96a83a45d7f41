//! Links for helpers at the door: made here for one sitting, shown once, listed and ended.

use askama::Template;
use rocket::{Either, Route, State, post, response::Redirect, routes};

use crate::{
    actions::door::help::{end_helper_link, make_helper_link},
    domain::{
        helper_link::{HelperHours, HelperLink},
        id::{HelperLinkId, SessionCode},
        session::Session,
        sitting::Sitting,
        wording,
    },
    store::{Conn, StoreError, helper_links, sessions},
    web::{
        Desk, asked,
        failure::Failure,
        forms::Fields,
        guard::{CheckIn, Granted, SameOrigin},
        page::{Chrome, Page},
        paths, qr,
        words::stamp,
    },
};

pub fn routes() -> Vec<Route> {
    routes![make, end]
}

type Who = Granted<CheckIn>;

/// A link that was made, in words.
pub struct HelperLine {
    pub id: HelperLinkId,
    /// The day it is for, and until when.
    pub day: String,
    /// Who made it, and when.
    pub made: String,
    /// Whether people without a booking can be added.
    pub walk_ins: bool,
    /// Whether it may still open its door.
    pub is_good: bool,
}

/// The links of a session, and the days one may still be made for.
pub struct Helpers {
    pub lines: Vec<HelperLine>,
    pub days: Vec<(u32, String)>,
}

fn day(sitting: &Sitting) -> String {
    wording::long_date(sitting.starts.date())
}

fn line(desk: &Desk, link: HelperLink, session: &Session) -> Option<HelperLine> {
    let sitting = session.sittings.iter().find(|one| one.id == link.sitting)?;
    let until = HelperHours::of(sitting, desk.ctx.check_in).until;
    Some(HelperLine {
        id: link.id,
        day: format!("{}, until {}", day(sitting), wording::deadline(until, sitting.zone)),
        made: format!("{}, {}", link.made_by, stamp(link.made_at, sitting.zone)),
        walk_ins: link.walk_ins,
        is_good: link.ended_at.is_none() && desk.ctx.now() <= until,
    })
}

/// What the roster shows of helpers.
pub async fn helpers(
    desk: &Desk,
    conn: &mut Conn,
    session: &Session,
) -> Result<Helpers, StoreError> {
    let found = helper_links::of_session(conn, &session.code).await?;
    let lines = found.into_iter().filter_map(|link| line(desk, link, session)).collect();
    let now = desk.ctx.now();
    let is_to_come = |one: &&Sitting| now <= HelperHours::of(one, desk.ctx.check_in).until;
    let days = session.sittings.iter().filter(is_to_come).map(|one| (one.number, day(one)));
    Ok(Helpers { lines, days: days.collect() })
}

/// A link that was made just now: it is shown this once.
#[derive(Template)]
#[template(path = "trainer/helper_made.html")]
struct HelperMadePage {
    chrome: Chrome,
    session: Session,
    sitting: Sitting,
    walk_ins: bool,
    link: String,
    until: String,
}

impl HelperMadePage {
    fn code(&self) -> Option<String> {
        qr::svg(&self.link)
    }
}

#[post("/trainer/sessions/<code>/helpers", data = "<fields>")]
async fn make(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Either<Redirect, Page<HelperMadePage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = sessions::find(&mut conn, &code).await?.ok_or(Failure::NotFound)?;
    who.on(&session)?;
    drop(conn);
    let number: Option<u32> =
        asked::one("day", Some(fields.get("day")), "it is a day of the session")?;
    // With one day there is nothing to choose.
    let number = number.or(match session.sittings.as_slice() {
        [only] => Some(only.number),
        _ => None,
    });
    let sitting = session.sittings.iter().find(|one| Some(one.number) == number).cloned();
    let Some(sitting) = sitting else {
        return Ok(Either::Left(Redirect::to(paths::trainer::roster(&code).at("helpers"))));
    };
    let until = HelperHours::of(&sitting, desk.ctx.check_in).until;
    if desk.ctx.now() > until {
        return Ok(Either::Left(Redirect::to(paths::trainer::roster(&code).at("helpers"))));
    }
    let walk_ins = fields.is("walk_ins", "1");
    let about = (&code, sitting.number);
    let (_, token) = make_helper_link(&desk.ctx, &who.member, about, walk_ins).await?;
    let link = format!("{}{}", desk.ctx.letterhead.base_url, paths::helper::door(&token));
    let until = wording::deadline(until, sitting.zone);
    let chrome = desk.staff_chrome(&who.member);
    let page = HelperMadePage { chrome, session, sitting, walk_ins, link, until };
    Ok(Either::Right(Page::ok(page)))
}

#[post("/trainer/sessions/<code>/helpers/<id>/end")]
async fn end(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    id: HelperLinkId,
) -> Result<Redirect, Failure> {
    end_helper_link(&desk.ctx, &who.member, &code, id).await?;
    Ok(Redirect::to(paths::trainer::roster(&code).done("helper-ended").at("helpers")))
}
