//! What waits for somebody to act, most urgent first.

use chrono::{DateTime, Duration, Utc};

use crate::{
    domain::{
        fill::{INTERPRETER_DAYS, fills_slowly},
        permission::{Permission, allows},
        session::Session,
        wording,
    },
    store::{
        Conn, StoreError,
        letter_search::{self, Progress},
        watch,
    },
    web::{
        guard::{Granted, WatchSessions},
        office::filling::Filling,
        paths::{self, Href},
    },
};

/// One thing that needs somebody.
#[derive(Debug, Clone)]
pub struct Task {
    /// How urgent, as a colour class; never the only signal.
    pub class: &'static str,
    pub icon: &'static str,
    pub href: Href,
    pub title: String,
    pub detail: String,
    /// Until when, or what is the matter.
    pub tag: String,
}

type Who = Granted<WatchSessions>;

/// What needs somebody, most urgent first.
pub async fn tasks(
    conn: &mut Conn,
    who: &Who,
    coming: &[Filling],
    now: DateTime<Utc>,
) -> Result<Vec<Task>, StoreError> {
    let mut tasks = to_phone(conn, who, coming, now).await?;
    tasks.extend(interpreters(conn, coming, now).await?);
    tasks.extend(coming.iter().filter(|one| one.fill.requested > 0).map(requests));
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let failed = letter_search::count(conn, Progress::Failed, within).await?;
    if failed > 0 {
        let count = usize::try_from(failed).unwrap_or(usize::MAX);
        tasks.push(Task {
            class: "t-danger",
            icon: "mail",
            href: paths::office::letters_in(&Progress::Failed),
            title: format!("{} did not arrive", wording::count(count, "email", "emails")),
            detail: "Check the addresses, or send them again.".to_owned(),
            tag: "Not sent".to_owned(),
        });
    }
    let returned = letter_search::returned_since(conn, now - Duration::days(14), within).await?;
    if returned > 0 {
        let count = usize::try_from(returned).unwrap_or(usize::MAX);
        tasks.push(Task {
            class: "t-danger",
            icon: "mail",
            href: paths::office::letters_in(&Progress::Returned),
            title: format!("{} came back", wording::count(count, "email", "emails")),
            detail: "The address does not take our letters. Ask for another by phone.".to_owned(),
            tag: "Came back".to_owned(),
        });
    }
    for (code, count, first) in watch::offers_ending(conn, now, now + Duration::days(1)).await? {
        let Some(one) = coming.iter().find(|one| one.session.code == code) else { continue };
        let count = usize::try_from(count).unwrap_or(usize::MAX);
        let offers = wording::count(count, "offer ends", "offers end");
        tasks.push(Task {
            class: "t-warn",
            icon: "clock",
            href: one.href(),
            title: format!("{offers} soon: {}", one.session.course.title),
            detail: format!("{}. Then the next people are offered.", about(&one.session)),
            tag: format!("By {}", wording::moment(first, one.session.zone())),
        });
    }
    let slow = coming.iter().filter(|one| fills_slowly(&one.session, one.fill, now));
    tasks.extend(slow.map(|one| fills_slowly_task(one, now)));
    Ok(tasks)
}

fn fills_slowly_task(one: &Filling, now: DateTime<Utc>) -> Task {
    let occupancy = one.session.occupancy;
    let left = number(occupancy.free(), "place", "places");
    let days = one.session.starts_at().map_or(0, |starts| (starts - now).num_days());
    let days = wording::count(usize::try_from(days).unwrap_or(0), "day", "days");
    Task {
        class: "t-warn",
        icon: "people",
        href: one.href(),
        title: format!("{} has {left} left", one.session.course.title),
        detail: format!(
            "{}. {} of {} taken with {days} to go.",
            about(&one.session),
            one.fill.confirmed,
            occupancy.capacity
        ),
        tag: "Filling slowly".to_owned(),
    }
}

fn requests(one: &Filling) -> Task {
    Task {
        class: "t-danger",
        icon: "person",
        href: paths::office::session_requests(&one.session.code),
        title: format!(
            "{} for a place: {}",
            number(one.fill.requested, "person asks", "people ask"),
            one.session.course.title
        ),
        detail: format!("{}. They wait for your answer.", about(&one.session)),
        tag: "To decide".to_owned(),
    }
}

/// Offers that no letter tells of: their leaders gave only a number.
async fn to_phone(
    conn: &mut Conn,
    who: &Who,
    coming: &[Filling],
    now: DateTime<Utc>,
) -> Result<Vec<Task>, StoreError> {
    let offers = watch::offers_to_phone(conn, now).await?;
    let task = |offer: watch::OfferToPhone| {
        let one = coming.iter().find(|one| one.session.code == offer.session)?;
        let may = allows(&who.member, Permission::ManageBookings, &one.session);
        let whom = match &offer.phone {
            Some(phone) if may => format!("{} on {phone}", offer.leader),
            _ => "a leader".to_owned(),
        };
        Some(Task {
            class: "t-danger",
            icon: "clock",
            href: if may { paths::office::booking(&offer.reference) } else { one.href() },
            title: format!("Phone {whom}: a place is offered"),
            detail: format!(
                "{}, {}. No email address was given, so no letter says so.",
                one.session.course.title,
                about(&one.session)
            ),
            tag: format!("By {}", wording::moment(offer.until, one.session.zone())),
        })
    };
    Ok(offers.into_iter().filter_map(task).collect())
}

async fn interpreters(
    conn: &mut Conn,
    coming: &[Filling],
    now: DateTime<Utc>,
) -> Result<Vec<Task>, StoreError> {
    let asked = watch::interpreters(conn, now).await?;
    let tasks = coming.iter().filter_map(|one| {
        let people = wording::count(*asked.get(&one.session.code)?, "person", "people");
        let by = one.session.starts_at()? - Duration::days(INTERPRETER_DAYS);
        let day = by.with_timezone(&one.session.zone()).date_naive();
        let tag = if by <= now {
            "At once".to_owned()
        } else {
            format!("By {}", wording::short_date(day))
        };
        Some(Task {
            class: "t-danger",
            icon: "access",
            href: paths::trainer::roster(&one.session.code),
            title: format!("Book an interpreter: {}", one.session.course.title),
            detail: format!(
                "{}. Asked for by {people}. Most interpreters need {INTERPRETER_DAYS} days.",
                about(&one.session)
            ),
            tag,
        })
    });
    Ok(tasks.collect())
}

fn about(session: &Session) -> String {
    format!("{}, {}", session.alliance.name, wording::days(session))
}

fn number(count: u32, one: &str, many: &str) -> String {
    wording::count(count as usize, one, many)
}
