//! The log: who did what, and when.

use askama::Template;
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveTime, TimeZone, Utc};
use chrono_tz::Tz;
use rocket::{FromForm, Route, State, get, routes};

use crate::{
    domain::{
        audit::{Actor, AuditAction, AuditEvent},
        id::SessionCode,
        reference::Reference,
    },
    store::{
        Conn,
        audit_search::{self, AuditFilter, MOST},
        catalogue, registrations, sessions,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{FormField, FormState, WholeForm, form_fields},
        guard::{Granted, ReadAudit},
        office::edits,
        page::{Area, Chrome, Page},
        paging::{self, Pager},
        paths,
        words::{ReadersClock, clock_of, in_words, stamp, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

form_fields! {
    /// What the log is narrowed to.
    enum Field {
        Session = "session",
        Reference = "reference",
        Actor = "actor",
        Until = "until",
    }
}

#[derive(Template)]
#[template(path = "office/audit.html")]
struct AuditPage {
    chrome: Chrome,
    form: FormState<Field>,
    /// Whether there is more than is paged through.
    is_cut: bool,
    lines: Vec<AuditLine>,
    pager: Pager,
}

/// One line of the log, in words.
#[derive(Debug, Clone)]
pub struct AuditLine {
    pub when: String,
    pub who: String,
    pub what: String,
    session: Option<SessionCode>,
    reference: Option<Reference>,
    pub detail: String,
    /// From what to what.
    pub changes: Vec<String>,
}

/// What the log is narrowed to.
#[derive(Debug, FromForm)]
struct Asked<'r> {
    session: Option<&'r str>,
    reference: Option<&'r str>,
    actor: Option<&'r str>,
    until: Option<&'r str>,
    page: Option<&'r str>,
}

/// Reads what the log is narrowed to; what cannot be is said beside its field.
async fn narrowed(
    conn: &mut Conn,
    who: &Granted<ReadAudit>,
    form: &mut FormState<Field>,
    (now, zone): (DateTime<Utc>, Tz),
) -> Result<AuditFilter, Failure> {
    let within = (!who.reaches_everything()).then(|| who.member.login.clone());
    // Clocks of several nodes differ a little.
    let mut filter = AuditFilter { within, ..AuditFilter::until(now + Duration::days(1)) };
    match form.value(Field::Until) {
        "" => {}
        typed => match typed.parse::<NaiveDate>().ok().and_then(|day| day.succ_opt()) {
            Some(next) if (2000..=2100).contains(&next.year()) => {
                let midnight = zone.from_local_datetime(&next.and_time(NaiveTime::MIN)).earliest();
                filter.until = midnight.map_or(filter.until, |at| at.to_utc());
            }
            _ => form.fault(Field::Until, "Enter a date, such as 2026-09-01"),
        },
    }
    match form.value(Field::Session) {
        "" => {}
        typed => match typed.parse() {
            Ok(code) => filter.session = Some(code),
            Err(_) => form.fault(Field::Session, "Enter a session code, such as S001"),
        },
    }
    match form.value(Field::Actor).to_owned().as_str() {
        "" => {}
        typed => {
            let actor = typed.parse().or_else(|_| format!("staff:{typed}").parse::<Actor>());
            match actor {
                Ok(actor) => filter.actor = Some(actor),
                Err(_) => form.fault(Field::Actor, "Enter a login, visitor, leader or job"),
            }
        }
    }
    if !form.value(Field::Reference).is_empty() {
        let found = match form.value(Field::Reference).parse::<Reference>() {
            Ok(reference) => registrations::find_by_reference(conn, &reference).await?,
            Err(_) => None,
        };
        filter.registration = found;
        if found.is_none() {
            form.fault(Field::Reference, "No booking has this reference. Check the letters");
        }
    }
    Ok(filter)
}

#[get("/office/audit?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Granted<ReadAudit>,
    asked: Asked<'_>,
) -> Result<Page<AuditPage>, Failure> {
    let mut form = FormState::default();
    for (field, typed) in [
        (Field::Session, asked.session),
        (Field::Reference, asked.reference),
        (Field::Actor, asked.actor),
        (Field::Until, asked.until),
    ] {
        form.fill(field, typed.unwrap_or_default().trim());
    }
    let mut conn = desk.ctx.store.read().await?;
    let page = paging::asked(asked.page)?;
    let alliances = catalogue::alliances(&mut conn).await?;
    let at = (desk.ctx.now(), zone_of(&who.member, &alliances));
    let filter = narrowed(&mut conn, &who, &mut form, at).await?;
    let (mut lines, mut total) = (Vec::new(), 0);
    if form.is_valid() {
        let found = audit_search::search(&mut conn, &filter, paging::window(page)).await?;
        let zone = clock_of(&who.member, &alliances);
        total = found.total;
        let references = audit_search::references(&mut conn, &found.items).await?;
        let codes = found.items.iter().filter_map(|event| event.session.as_ref());
        let zones = sessions::time_zones(&mut conn, codes).await?;
        for event in found.items {
            let zone = match &event.session {
                Some(code) if zone.asks_for_zone() => zone.where_it_is(zones.get(code).copied()),
                _ => zone,
            };
            let reference = event.registration.and_then(|id| references.get(&id).cloned());
            lines.push(line(event, reference, zone));
        }
    }
    let named = Field::FIELDS.iter().map(|field| (field.name(), form.value(field)));
    let named: Vec<_> = named.collect();
    let narrowed: Vec<_> = named.iter().map(|(name, value)| (name.as_ref(), *value)).collect();
    let pager = Pager::of(page, total, paths::office::audit(), &narrowed)?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(AuditPage { chrome, form, is_cut: total >= MOST, lines, pager }))
}

/// An event in words.
pub fn line(
    event: AuditEvent,
    reference: Option<Reference>,
    zone: impl Into<ReadersClock>,
) -> AuditLine {
    // Where the fields say it all, the words of the letter say it twice.
    let is_said = matches!(
        event.action,
        AuditAction::SessionRescheduled | AuditAction::SessionMoved | AuditAction::CapacityChanged
    ) && !event.changes.is_empty();
    AuditLine {
        when: stamp(event.at, zone),
        who: edits::who(&event.actor),
        changes: edits::what(&event),
        what: in_words(event.action.as_str()),
        session: event.session,
        reference,
        detail: event.detail.filter(|_| !is_said).unwrap_or_default(),
    }
}
