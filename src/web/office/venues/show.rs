//! A venue: what is known of it, which sessions are held there, and correcting it once for all of them.

use std::borrow::Cow;

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::{
        edit::EditError,
        venues::{
            adopt::{adopt_sessions, at_the_same_place},
            correct::{CorrectError, Correction, change_venue, held_at, would_correct},
            keep::add_venue,
        },
    },
    domain::{
        alliance::Alliance,
        audit::AuditedRecord,
        edit::Listed,
        id::{SessionCode, VenueId},
        session::{Publication, Session},
        venue::Venue,
        wording,
    },
    store::{Conn, catalogue, venues},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormField, FormState, WholeForm, edited},
        guard::{Granted, PlanSessions, SameOrigin},
        office::{
            edits::{self, EditLine},
            query::PageQuery,
            venues::{
                choose::{may_change, may_see},
                form::{VenueField, filled, read},
            },
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{clock_of, in_words, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![new, add, show, save, adopt]
}

type Who = Granted<PlanSessions>;

/// What becomes of a correction that was sent.
#[derive(rocket::Responder)]
enum Saved {
    Look(Box<Page<CorrectPage>>),
    Again(Box<Page<VenuePage>>),
    Done(Box<Redirect>),
}

/// A venue that is there, for whoever looks after sessions.
struct Known {
    venue: Venue,
    is_archived: bool,
    /// The sessions to come that are held there, and how many more are of other alliances.
    held: Vec<Session>,
    others: usize,
    /// The sessions to come that say the same place without being held there.
    same: Vec<Session>,
    may_change: bool,
}

#[derive(Template)]
#[template(path = "office/venues/show.html")]
struct VenuePage {
    chrome: Chrome,
    notice: Option<String>,
    known: Option<Known>,
    form: FormState<VenueField>,
    alliances: Vec<Alliance>,
    /// Whether all alliances may be chosen together.
    for_all: bool,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
}

impl VenuePage {
    fn may_edit(&self) -> bool {
        self.known.as_ref().is_none_or(|known| known.may_change)
    }

    fn heading(&self) -> &str {
        self.known.as_ref().map_or("New venue", |known| &known.venue.name)
    }

    fn action(&self) -> Href {
        self.known
            .as_ref()
            .map_or_else(paths::venues::new, |one| paths::venues::show(&one.venue.id))
    }

    /// `Sat 5 September, Oxford Citizens, draft`.
    fn about(&self, session: &Session) -> String {
        let draft = if session.publication == Publication::Draft { ", draft" } else { "" };
        let place = match &self.known {
            Some(known) if !known.venue.is(&session.location) => {
                format!(". It says: {}", session.location.public_line())
            }
            _ => String::new(),
        };
        let holds = self.known.as_ref().and_then(|known| known.venue.capacity);
        let places = session.occupancy.capacity;
        let crowd = match holds {
            Some(holds) if holds < places => format!(". {places} places, more than it holds"),
            _ => String::new(),
        };
        let (days, hours) = (wording::days(session), wording::hours(session));
        format!("{days}, {hours}, {}{draft}{place}{crowd}", session.alliance.name)
    }

    fn sessions(&self, many: &usize) -> String {
        wording::count(*many, "session", "sessions")
    }

    fn alliance(&self, venue: &Venue) -> String {
        let Some(slug) = &venue.alliance else { return "All alliances use it".to_owned() };
        let known = self.alliances.iter().find(|one| one.slug == *slug);
        known.map_or_else(|| slug.to_string(), |one| one.name.clone())
    }
}

/// A last look at a correction, before people are told.
#[derive(Template)]
#[template(path = "office/venues/correct.html")]
struct CorrectPage {
    chrome: Chrome,
    before: Venue,
    after: Venue,
    found: Correction,
    form: FormState<VenueField>,
}

impl CorrectPage {
    fn kept(&self) -> Vec<(Cow<'static, str>, &str)> {
        VenueField::FIELDS.iter().map(|field| (field.name(), self.form.value(field))).collect()
    }

    fn count(&self, many: &usize) -> String {
        wording::count(*many, "future session", "future sessions")
    }

    fn people(&self) -> String {
        wording::count(self.found.people, "person", "people")
    }

    /// `3 have people who are written to`, and so on.
    fn parts(&self) -> Vec<String> {
        let Correction { told, quiet, drafts, apart, .. } = self.found;
        let has = |many: usize, one: &str, more: &str| {
            (many > 0).then(|| format!("{many} {}", if many == 1 { one } else { more }))
        };
        let told = has(told, "has people who are written to", "have people who are written to");
        let quiet = has(quiet, "has nobody to write to", "have nobody to write to");
        let drafts = has(drafts, "is a draft", "are drafts");
        let own = "a place of its own, such as a room, and stays as it is";
        let owns = "a place of their own, such as a room, and stay as they are";
        let apart = has(apart, &format!("says {own}"), &format!("say {owns}"));
        [told, quiet, drafts, apart].into_iter().flatten().collect()
    }
}

async fn known(desk: &Desk, conn: &mut Conn, who: &Who, id: &VenueId) -> Result<Known, Failure> {
    let (venue, archived_at) = venues::find(conn, id).await?.ok_or(Failure::NotFound)?;
    if !may_see(who, &venue) {
        return Err(Failure::Forbidden);
    }
    let all = held_at(&desk.ctx, conn, id).await?;
    let (held, others): (Vec<_>, Vec<_>) =
        all.into_iter().partition(|one| who.reaches(&one.alliance.slug));
    let mut same = at_the_same_place(conn, &venue, desk.ctx.now()).await?;
    same.retain(|one| archived_at.is_none() && who.reaches(&one.alliance.slug));
    let may_change = may_change(who, &venue);
    let (others, is_archived) = (others.len(), archived_at.is_some());
    Ok(Known { venue, is_archived, held, others, same, may_change })
}

async fn page(
    desk: &Desk,
    who: &Who,
    known: Option<Known>,
    form: FormState<VenueField>,
) -> Result<VenuePage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut alliances = catalogue::alliances(&mut conn).await?;
    let edits = match &known {
        Some(known) => {
            let (zone, about) = (clock_of(&who.member, &alliances), known.venue.id.clone());
            edits::of(&mut conn, AuditedRecord::Venue(about), zone).await?
        }
        None => Vec::new(),
    };
    alliances.retain(|alliance| who.reaches(&alliance.slug));
    Ok(VenuePage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: None,
        known,
        form,
        alliances,
        for_all: who.reaches_everything(),
        edits,
    })
}

#[get("/office/venues/new")]
async fn new(desk: &State<Desk>, who: Who) -> Result<Page<VenuePage>, Failure> {
    let mut form = FormState::default();
    form.attempt_as(desk.attempt());
    Ok(Page::ok(page(desk, &who, None, form).await?))
}

#[post("/office/venues/new", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Result<Redirect, Page<VenuePage>>, Failure> {
    let alliances = catalogue::alliances(&mut desk.ctx.store.read().await?).await?;
    let id = VenueId::numbered(1);
    let (form, venue) = read(&fields, &who, (id, None), &alliances);
    let Some(venue) = venue else {
        return Ok(Err(Page::unprocessable(page(desk, &who, None, form).await?)));
    };
    let id = add_venue(&desk.ctx, &who.actor(), &venue, fields.attempt().as_ref()).await?;
    Ok(Ok(Redirect::to(paths::venues::show(&id).done("added"))))
}

#[get("/office/venues/<id>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    id: VenueId,
    asked: PageQuery<'_>,
) -> Result<Page<VenuePage>, Failure> {
    let known = known(desk, &mut desk.ctx.store.read().await?, &who, &id).await?;
    let form = filled(&Listed { record: known.venue.clone(), is_archived: known.is_archived });
    let mut page = page(desk, &who, Some(known), form).await?;
    page.notice = asked.done.and_then(notice);
    Ok(Page::ok(page))
}

fn notice(done: &str) -> Option<String> {
    let count = |part: &str| part.parse::<usize>().ok();
    let mut parts = done.split('-');
    Some(match (parts.next()?, parts.next().and_then(count), parts.next().and_then(count)) {
        ("added", ..) => "The venue is on the list.".to_owned(),
        ("saved", Some(sessions), Some(people)) if sessions > 0 => format!(
            "Saved, and {} with it. We are telling {}.",
            wording::count(sessions, "session", "sessions"),
            wording::count(people, "person", "people")
        ),
        ("saved", ..) => "Saved.".to_owned(),
        ("adopted", Some(sessions), _) => {
            let sessions = wording::count(sessions, "session is", "sessions are");
            format!("{sessions} held here now. Nobody is told: the place is the same.")
        }
        _ => return None,
    })
}

#[post("/office/venues/<id>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: VenueId,
    fields: Fields,
) -> Result<Saved, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let known = known(desk, &mut conn, &who, &id).await?;
    if !known.may_change {
        return Err(Failure::Forbidden);
    }
    let alliances = catalogue::alliances(&mut conn).await?;
    let (mut form, venue) = read(&fields, &who, (id, Some(&known.venue)), &alliances);
    let Some(venue) = venue else {
        drop(conn);
        return again(Page::unprocessable(page(desk, &who, Some(known), form).await?));
    };
    if !fields.is("sure", "yes") {
        let found = would_correct(&desk.ctx, &mut conn, (&known.venue, &venue)).await?;
        if found.sessions() > 0 {
            let chrome = desk.signed_in_chrome(Area::Office, &who.member);
            let look = CorrectPage { chrome, before: known.venue, after: venue, found, form };
            return Ok(Saved::Look(Box::new(Page::ok(look))));
        }
    }
    drop(conn);
    let sent = Listed { record: venue, is_archived: fields.has(VenueField::Archived, "1") };
    let (actor, drawn) = (who.actor(), edited::drawn(&fields));
    match change_venue(&desk.ctx, &actor, &sent, drawn.as_ref()).await {
        Ok(done) => {
            let saved = format!("saved-{}-{}", done.sessions(), done.people);
            let to = paths::venues::show(&sent.record.id).done(saved);
            Ok(Saved::Done(Box::new(Redirect::to(to))))
        }
        Err(error @ CorrectError::UsedByOthers) => {
            form.fault(VenueField::Alliance, in_words(&error.to_string()));
            again(Page::unprocessable(page(desk, &who, Some(known), form).await?))
        }
        Err(CorrectError::Edit(EditError::NoSuch)) => Err(Failure::NotFound),
        Err(CorrectError::Edit(EditError::Store(error))) => Err(error.into()),
        Err(CorrectError::Edit(EditError::Conflicts(conflicts))) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let reader = (&actor, zone_of(&who.member, &alliances));
            let field = |key: &str| VenueField::sent_as(key).unwrap_or(VenueField::Name);
            edited::tell_of(&mut conn, &mut form, &conflicts, reader, field).await?;
            drop(conn);
            again(Page::conflict(page(desk, &who, Some(known), form).await?))
        }
    }
}

fn again(page: Page<VenuePage>) -> Result<Saved, Failure> {
    Ok(Saved::Again(Box::new(page)))
}

#[post("/office/venues/<id>/adopt")]
async fn adopt(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    id: VenueId,
) -> Result<Redirect, Failure> {
    let known = known(desk, &mut desk.ctx.store.read().await?, &who, &id).await?;
    let codes: Vec<SessionCode> = known.same.into_iter().map(|one| one.code).collect();
    let adopted = adopt_sessions(&desk.ctx, &who.actor(), &id, &codes).await?;
    Ok(Redirect::to(paths::venues::show(&id).done(format_args!("adopted-{adopted}"))))
}
