//! Planning a session: new, copied, changed.

use askama::Template;
use rocket::{FromForm, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        attempt::was_made,
        sessions::{
            edit_session::{edit_session, edit_session_and_approve},
            plan_session::{PlanError, plan_session, replan_session},
        },
    },
    domain::{
        admission::Admission,
        aims::Aims,
        alliance::Alliance,
        clash::VenueUse,
        course::Course,
        id::SessionCode,
        plan::SessionPlan,
        reply::OnDecline,
        session::{Publication, Session},
    },
    store::{Conn, catalogue, replies, session_plans},
    web::{
        Desk, asked,
        failure::Failure,
        forms::{Fields, FormState, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            addressed::session_for,
            demand::{Waited, waited},
            session_fields::{SessionField as Field, is_ticked},
            sessions::{
                plan_aims::hopes,
                plan_choices::{self, Choice},
                plan_form::{days, filled, keep, rearrange},
                plan_read::{Before, read_details, read_plan, refuse},
                plan_words::WORDS,
            },
            venues::{self, VenueOption},
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
    },
};

pub fn routes() -> Vec<Route> {
    routes![new, add, edit, save]
}

type Who = Granted<PlanSessions>;

/// Planning a session, or changing one.
#[derive(Template)]
#[template(path = "office/sessions/plan.html")]
struct SessionFormPage {
    chrome: Chrome,
    /// The session, if it is there already.
    session: Option<Session>,
    /// Whether everything can be changed: a new session, or a draft.
    is_draft: bool,
    form: FormState<Field>,
    days: u32,
    courses: Vec<Course>,
    alliances: Vec<Alliance>,
    /// Who can lead it: login and name.
    trainers: Vec<(String, String)>,
    /// The venues of the list.
    venues: Vec<VenueOption>,
    /// What each alliance usually does when a calendar says no.
    usual_declines: Vec<(String, OnDecline)>,
    /// What a copy gets of the session it is a copy of, in words.
    copied: Option<String>,
    /// Where people wait for a date: of its course, or of any while none is chosen.
    waited: Vec<Waited>,
}

impl SessionFormPage {
    fn heading(&self) -> String {
        match &self.session {
            Some(session) => format!("Edit {}", session.course.title),
            None => "New session".to_owned(),
        }
    }

    fn action(&self) -> Href {
        match &self.session {
            Some(session) => paths::office::session_edit(&session.code),
            None => paths::office::new_session(),
        }
    }

    fn back(&self) -> Href {
        match &self.session {
            Some(session) => paths::office::session(&session.code),
            None => paths::office::sessions(),
        }
    }

    fn course_choices(&self) -> Vec<(&str, &str)> {
        self.courses.iter().map(|one| (one.slug.as_str(), one.title.as_str())).collect()
    }

    fn alliance_choices(&self) -> Vec<(&str, &str)> {
        self.alliances.iter().map(|one| (one.slug.as_str(), one.name.as_str())).collect()
    }

    /// When a day is.
    fn day(&self, number: &u32) -> [Field; 4] {
        Field::day(*number)
    }

    /// What is said about a day.
    fn day_words(&self, number: &u32) -> [Field; 2] {
        Field::day_words(*number)
    }

    /// The fields of what is hoped for.
    fn hopes(&self) -> Vec<(Field, &'static str)> {
        hopes()
    }

    /// Whether they stand open: something stands in them.
    fn hopes_open(&self) -> bool {
        self.hopes().iter().any(|(field, _)| !self.form.is(field, ""))
    }

    /// Whether the words for the page stand open: something in them must be put right.
    fn words_open(&self) -> bool {
        let of_days = (1..=self.days).flat_map(Field::day_words);
        WORDS.into_iter().chain(of_days).any(|field| self.form.error(field).is_some())
    }

    fn modes(&self) -> [Choice; 2] {
        plan_choices::modes()
    }

    /// What the alliances usually do: the same, or each its own.
    fn usual_decline(&self) -> String {
        let word = |what: &OnDecline| match what {
            OnDecline::Release => "the place goes to the next in line",
            OnDecline::Ask => "they keep it, and we ask",
        };
        let same = self.usual_declines.windows(2).all(|two| two[0].1 == two[1].1);
        match self.usual_declines.as_slice() {
            [] => String::new(),
            [(_, what), ..] if same => word(what).to_owned(),
            all => {
                let each = all.iter().map(|(name, what)| format!("{name}: {}", word(what)));
                each.collect::<Vec<_>>().join("; ")
            }
        }
    }

    fn admissions(&self) -> [Choice; 3] {
        plan_choices::admissions()
    }

    fn is_ticked(&self, login: &str) -> bool {
        is_ticked(&self.form, login)
    }
}

async fn form_page(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    session: Option<Session>,
    (form, days): (FormState<Field>, u32),
) -> Result<SessionFormPage, Failure> {
    let mut alliances = catalogue::alliances(conn).await?;
    alliances.retain(|alliance| who.reaches(&alliance.slug));
    let venues = venues::options(conn, who, None, form.value(Field::VenueId)).await?;
    let mut usual_declines = Vec::new();
    for alliance in &alliances {
        let usual = replies::usual_decline(conn, &alliance.slug).await?.unwrap_or_default();
        usual_declines.push((alliance.name.clone(), usual));
    }
    let is_draft = session.as_ref().is_none_or(|session| session.publication == Publication::Draft);
    let mut waited = waited(conn).await?;
    waited.retain(|one| {
        session.as_ref().is_none_or(|session| session.course.slug == one.course.slug)
    });
    let copied = plan_choices::copied(conn, form.value(Field::Like)).await?;
    Ok(SessionFormPage {
        copied,
        waited,
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        session,
        is_draft,
        form,
        days,
        courses: plan_choices::offered_courses(conn).await?,
        alliances,
        trainers: session_plans::possible_trainers(conn).await?,
        venues,
        usual_declines,
    })
}

/// What a new session may start from.
#[derive(Debug, FromForm)]
struct From<'r> {
    copy: Option<&'r str>,
}

#[get("/office/new-session?<from..>")]
async fn new(
    desk: &State<Desk>,
    who: Who,
    from: From<'_>,
) -> Result<Page<SessionFormPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut start =
        match asked::one("copy", from.copy, "it is the code of a session, such as S001")? {
            Some(code) => {
                let session = session_for(&mut conn, &who, &code).await?;
                let days = u32::try_from(session.sittings.len()).unwrap_or(1);
                let mut form = filled(&SessionPlan::of(&session), session.zone(), false);
                form.fill(Field::Like, session.code.as_str());
                form.fill(Field::OnDecline, session.on_decline.as_str());
                (form, days)
            }
            None => {
                let mut form = FormState::default();
                for (field, value) in [
                    (Field::PerBooking, "6"),
                    (Field::Mode, "instant"),
                    (Field::Waiting, "1"),
                    (Field::Admission, Admission::Public.as_str()),
                    (Field::Where, "venue"),
                ] {
                    form.fill(field, value);
                }
                (form, 1)
            }
        };
    start.0.attempt_as(desk.attempt());
    Ok(Page::ok(form_page(desk, &mut conn, &who, None, start).await?))
}

type Saved = Result<Redirect, Page<SessionFormPage>>;

/// The form with a day more or less; or with why it has not.
fn rearranged(page: SessionFormPage) -> Page<SessionFormPage> {
    if page.form.is_valid() { Page::ok(page) } else { Page::unprocessable(page) }
}

fn to(code: &SessionCode, done: &str) -> Redirect {
    Redirect::to(paths::office::session(code).done(done))
}

#[post("/office/new-session", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut form = keep(&fields);
    if let Some(days) = rearrange(&fields, &mut form) {
        let page = rearranged(form_page(desk, &mut conn, &who, None, (form, days)).await?);
        return Ok(Err(page));
    }
    let alliances = catalogue::alliances(&mut conn).await?;
    let source = match form.value(Field::Like).parse::<SessionCode>() {
        Ok(code) => Some(session_for(&mut conn, &who, &code).await?),
        Err(_) => None,
    };
    let venue = venues::choose(&mut conn, &who, (&fields, &mut form), source.as_ref()).await?;
    let mut before = source.as_ref().map(Before::from).unwrap_or_default();
    // It is decided on another day, and anew.
    before.aims = Aims { decide_by: None, went_ahead: None, ..before.aims };
    before.overnight.rooms_on = None;
    let plan = read_plan(&fields, &mut form, &alliances, (&before, venue));
    let plan = plan.filter(|_| form.is_valid());
    if let Some(plan) = &plan {
        who.within(&plan.alliance)?;
        if !was_made(&mut conn, fields.attempt().as_ref()).await? {
            asks(desk, &mut conn, &mut form, (plan, &alliances), None).await?;
        }
    }
    if let Some(plan) = plan.filter(|_| form.is_valid()) {
        match plan_session(&desk.ctx, &who.actor(), &plan, fields.attempt().as_ref()).await {
            Ok(code) => return Ok(Ok(to(&code, "planned"))),
            Err(error) => {
                let zone = alliances.iter().find(|one| one.slug == plan.alliance);
                refuse(&mut form, error, zone.map_or(chrono_tz::UTC, |one| one.time_zone))?;
            }
        }
    }
    let page = form_page(desk, &mut conn, &who, None, (form, days(&fields))).await?;
    Ok(Err(Page::unprocessable(page)))
}

/// Asks about the venue of a plan, unless it uses the venue as the session does already.
async fn asks(
    desk: &Desk,
    conn: &mut Conn,
    form: &mut FormState<Field>,
    (plan, alliances): (&SessionPlan, &[Alliance]),
    known: Option<&Session>,
) -> Result<(), Failure> {
    let zone = alliances.iter().find(|one| one.slug == plan.alliance);
    let zone = zone.map_or(chrono_tz::UTC, |one| one.time_zone);
    let courses = catalogue::courses(conn).await?;
    let usual = courses.iter().find(|one| one.slug == plan.course);
    let usual = usual.map_or(0, |one| one.default_capacity);
    let code = known.map(|session| &session.code);
    let day_places = known.map(|session| SessionPlan::of(session).day_places).unwrap_or_default();
    let plan = &SessionPlan { day_places, ..plan.clone() };
    let used = venues::plan_use(plan, (code, usual), (zone, desk.ctx.now()));
    if known.map(VenueUse::of).as_ref() != Some(&used) {
        venues::asks(conn, form, &used, desk.ctx.now()).await?;
    }
    Ok(())
}

#[get("/office/sessions/<code>/edit")]
async fn edit(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
) -> Result<Page<SessionFormPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let days = u32::try_from(session.sittings.len()).unwrap_or(1).max(1);
    let form = filled(&SessionPlan::of(&session), session.zone(), true);
    Ok(Page::ok(form_page(desk, &mut conn, &who, Some(session), (form, days)).await?))
}

#[post("/office/sessions/<code>/edit", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let session = session_for(&mut conn, &who, &code).await?;
    let (mut form, zone, actor) = (keep(&fields), session.zone(), who.actor());
    let drawn = edited::drawn(&fields);
    let kept = if session.publication == Publication::Draft {
        if let Some(days) = rearrange(&fields, &mut form) {
            let page = form_page(desk, &mut conn, &who, Some(session), (form, days)).await?;
            return Ok(Err(rearranged(page)));
        }
        let alliances = catalogue::alliances(&mut conn).await?;
        let venue = venues::choose(&mut conn, &who, (&fields, &mut form), Some(&session)).await?;
        let before = Before::from(&session);
        let plan = read_plan(&fields, &mut form, &alliances, (&before, venue));
        let plan = plan.filter(|_| form.is_valid());
        if let Some(plan) = &plan {
            who.within(&plan.alliance)?;
            asks(desk, &mut conn, &mut form, (plan, &alliances), Some(&session)).await?;
        }
        match plan.filter(|_| form.is_valid()) {
            Some(plan) => {
                let done = replan_session(&desk.ctx, &actor, &code, &plan, drawn.as_ref()).await;
                Some(done.map(|()| 0))
            }
            None => None,
        }
    } else {
        let days = u32::try_from(session.sittings.len()).unwrap_or(1);
        match read_details(&fields, &mut form, zone, (&Before::from(&session), days)) {
            Some(details) => {
                let (ctx, drawn) = (&desk.ctx, drawn.as_ref());
                let told = match form.is(Field::Asking, "approve") {
                    true => edit_session_and_approve(ctx, &actor, &code, &details, drawn).await,
                    false => edit_session(ctx, &actor, &code, &details, drawn).await,
                };
                Some(told.map(|told| told.people))
            }
            None => None,
        }
    };
    match kept {
        Some(Ok(0)) => return Ok(Ok(to(&code, "saved"))),
        Some(Ok(people)) => return Ok(Ok(to(&code, &format!("moved-{people}")))),
        Some(Err(PlanError::Conflicts(conflicts))) => {
            let hers = &conflicts.hers;
            let days = u32::try_from(hers.sittings.len()).unwrap_or(1).max(1);
            let mut form = filled(hers, zone, true);
            edited::tell_of(&mut conn, &mut form, &conflicts, (&actor, zone), Field::of_key)
                .await?;
            let page = form_page(desk, &mut conn, &who, Some(session), (form, days)).await?;
            return Ok(Err(Page::conflict(page)));
        }
        Some(Err(error)) => refuse(&mut form, error, zone)?,
        None => {}
    }
    let start = (form, days(&fields));
    let page = form_page(desk, &mut conn, &who, Some(session), start).await?;
    Ok(Err(Page::unprocessable(page)))
}
