//! What waits for somebody to act, most urgent first.

use std::collections::HashMap;

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::{
    actions::overview::mark_thing::SeenThing,
    domain::{
        fill::fills_slowly,
        permission::{Permission, allows, allows_everywhere, allows_somewhere},
        thing::{ThingKey, ThingKind, WEEK},
        wording,
    },
    store::{
        Conn, StoreError, help_lists,
        letter_search::Progress,
        path_claims, person_questions,
        things::{self, UndeliveredLetters},
        watch,
    },
    web::{
        office::{
            filling::Filling,
            overview::{
                arranging::arranging,
                steps::steps,
                talks::talks,
                task::{Board, Task, about},
            },
        },
        paths,
    },
};

/// What needs somebody, most urgent first.
pub async fn tasks(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<Task>, StoreError> {
    let Board { coming, now, .. } = *board;
    let mut tasks = to_phone(conn, board).await?;
    tasks.extend(arranging(conn, board).await?);
    let asked = things::last_requested(conn, now).await?;
    let requests = coming.iter().filter(|one| one.fill.requested > 0).map(|one| {
        let last = asked.get(&one.session.code).map_or(0, DateTime::timestamp_micros);
        requests(one, last)
    });
    tasks.extend(requests);
    let helped = help_lists::waiting(conn, now).await?;
    tasks.extend(coming.iter().filter_map(|one| {
        let may = allows(&board.who.member, Permission::DecideRequests, &one.session);
        helped.get(&one.session.code).filter(|_| may).map(|waiting| help(one, *waiting))
    }));
    tasks.extend(talks(conn, board).await?);
    tasks.extend(steps(conn, board).await?);
    if allows_somewhere(&board.who.member, Permission::ManagePeople) {
        let claims = path_claims::waiting(conn).await?;
        tasks.extend(claims.iter().filter_map(|one| claimed(board, one)));
    }
    tasks.extend(coming.iter().filter_map(|one| minimum(one, now)));
    let failed = things::failed(conn).await?;
    tasks.extend(failed.iter().filter_map(|one| undelivered(board, one, ThingKind::FailedLetters)));
    let returned = things::returned(conn, now - Duration::days(14)).await?;
    tasks.extend(
        returned.iter().filter_map(|one| undelivered(board, one, ThingKind::ReturnedLetters)),
    );
    tasks.extend(ending(conn, board).await?);
    tasks.extend(coming.iter().filter_map(|one| slow(one, now)));
    tasks.extend(who_is_who(conn, board).await?);
    Ok(tasks)
}

/// People who may be the same, for whoever looks after both.
async fn who_is_who(conn: &mut Conn, board: &Board<'_>) -> Result<Option<Task>, StoreError> {
    let member = &board.who.member;
    if !allows_somewhere(member, Permission::ManagePeople) {
        return Ok(None);
    }
    let everybody = allows_everywhere(member, Permission::ManagePeople);
    let within = (!everybody).then_some(&member.login);
    let (open, last) = person_questions::count(conn, within).await?;
    let (Some(last), Ok(open)) = (last, usize::try_from(open)) else { return Ok(None) };
    let pairs = wording::count(open, "pair of people", "pairs of people");
    Ok(Some(Task {
        seen: SeenThing {
            // Each sees other pairs: hers are hers to do.
            key: ThingKey::new(ThingKind::People, &member.login),
            fact: last.timestamp_micros(),
            alliance: None,
            session: None,
        },
        whose: None,
        from: None,
        zone: member.zone(board.alliances),
        class: "t-warn",
        icon: "people",
        href: paths::records::people_questions(),
        title: format!("{pairs} may be the same person"),
        detail: "What counts as done for a course follows what you say. You are asked once."
            .to_owned(),
        tag: "To decide".to_owned(),
    }))
}

/// Letters of an alliance that did not arrive, for whoever may look after them.
fn undelivered(board: &Board<'_>, one: &UndeliveredLetters, kind: ThingKind) -> Option<Task> {
    let alliance = one.alliance.as_ref();
    let may = match alliance {
        Some(slug) => board.who.reaches(slug),
        None => board.who.reaches_everything(),
    };
    let known = alliance.and_then(|slug| board.alliances.iter().find(|one| one.slug == *slug));
    let whose = known.map_or_else(String::new, |one| format!("{}. ", one.name));
    let emails = wording::count(usize::try_from(one.count).ok()?, "email", "emails");
    let (progress, title, detail, tag) = match kind {
        ThingKind::FailedLetters => (
            Progress::Failed,
            format!("{emails} did not arrive"),
            "Check the addresses, or send them again.",
            "Not sent",
        ),
        _ => (
            Progress::Returned,
            format!("{emails} came back"),
            "The address does not take our letters. Ask for another by phone.",
            "Came back",
        ),
    };
    let about = alliance.map_or("office", |slug| slug.as_str());
    may.then(|| Task {
        seen: SeenThing {
            key: ThingKey::new(kind, about),
            fact: one.last.timestamp_micros(),
            alliance: alliance.cloned(),
            session: None,
        },
        whose: None,
        from: None,
        zone: known.map_or_else(|| board.who.member.zone(board.alliances), |one| one.time_zone),
        class: "t-danger",
        icon: "mail",
        href: paths::office::letters_in(&progress),
        title,
        detail: format!("{whose}{detail}"),
        tag: tag.to_owned(),
    })
}

/// Hours that people of an alliance claim on their paths.
fn claimed(board: &Board<'_>, (alliance, count, last): &path_claims::Waiting) -> Option<Task> {
    let may = match alliance {
        Some(slug) => board.who.reaches(slug),
        None => board.who.reaches_everything(),
    };
    let known = board.alliances.iter().find(|one| Some(&one.slug) == alliance.as_ref());
    let whose = known.map_or_else(String::new, |one| format!("{}. ", one.name));
    let claims = wording::count(usize::try_from(*count).ok()?, "claim waits", "claims wait");
    may.then(|| Task {
        seen: SeenThing {
            key: ThingKey::new(
                ThingKind::Claims,
                alliance.as_ref().map_or("office", |slug| slug.as_str()),
            ),
            fact: last.timestamp_micros(),
            alliance: alliance.clone(),
            session: None,
        },
        whose: None,
        from: None,
        zone: known.map_or_else(|| board.who.member.zone(board.alliances), |one| one.time_zone),
        class: "t-danger",
        icon: "clock",
        href: paths::path::claims(),
        title: format!("{claims} for hours on a path"),
        detail: format!("{whose}Confirm them, or say why not."),
        tag: "To decide".to_owned(),
    })
}

/// A session with fewer people than it needs, in the week before it is decided about.
fn minimum(one: &Filling, now: DateTime<Utc>) -> Option<Task> {
    let session = &one.session;
    let starts = session.starts_at().filter(|starts| *starts > now)?;
    let (coming, needs) = (one.fill.confirmed, session.aims.lacking(one.fill.confirmed)?);
    let today = now.with_timezone(&session.zone()).date_naive();
    let (until, from, tag) = match session.aims.decide_by {
        Some(day) => {
            let from = starts - (starts.with_timezone(&session.zone()).date_naive() - day) - WEEK;
            let tag = if day <= today { "Decide now".to_owned() } else { short(day) };
            (day <= today, from, tag)
        }
        None => (false, starts - WEEK - WEEK, "Too few".to_owned()),
    };
    Some(Task {
        from: Some(from),
        icon: "people",
        href: one.href().at("minimum"),
        title: format!("{} has {coming} of the {needs} people it needs", session.course.title),
        detail: format!("{}. Go ahead with fewer, or call it off.", about(session)),
        tag,
        ..Task::about(one, ThingKind::Minimum, session.code.as_str(), 1 + i64::from(until))
    })
}

fn short(day: NaiveDate) -> String {
    format!("By {}", wording::short_date(day))
}

async fn ending(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<Task>, StoreError> {
    let now = board.now;
    let ending = watch::offers_ending(conn, now, now + Duration::days(1)).await?;
    let task = |offers: watch::EndingOffers| {
        let one = board.coming.iter().find(|one| one.session.code == offers.session)?;
        let count = usize::try_from(offers.count).unwrap_or(usize::MAX);
        let words = wording::count(count, "offer ends", "offers end");
        let (kind, code) = (ThingKind::OffersEnding, offers.session.as_str());
        Some(Task {
            class: "t-warn",
            title: format!("{words} soon: {}", one.session.course.title),
            detail: format!("{}. Then the next people are offered.", about(&one.session)),
            tag: format!("By {}", wording::moment(offers.first, one.session.zone())),
            ..Task::about(one, kind, code, offers.last.timestamp_micros())
        })
    };
    Ok(ending.into_iter().filter_map(task).collect())
}

fn slow(one: &Filling, now: DateTime<Utc>) -> Option<Task> {
    let late = fills_slowly(&one.session, one.fill, now)?;
    let occupancy = one.session.occupancy;
    let left = number(occupancy.free(), "place", "places");
    let days = one.session.starts_at().map_or(0, |starts| (starts - now).num_days());
    let days = wording::count(usize::try_from(days).unwrap_or(0), "day", "days");
    let code = one.session.code.as_str();
    Some(Task {
        class: "t-warn",
        icon: "people",
        title: format!("{} has {left} left", one.session.course.title),
        detail: format!(
            "{}. {} of {} taken with {days} to go.",
            about(&one.session),
            one.fill.confirmed,
            occupancy.capacity
        ),
        tag: "Filling slowly".to_owned(),
        ..Task::about(one, ThingKind::FillsSlowly, code, late.into())
    })
}

fn requests(one: &Filling, last: i64) -> Task {
    let code = &one.session.code;
    Task {
        icon: "person",
        href: paths::office::session_requests(code),
        title: format!(
            "{} for a place: {}",
            number(one.fill.requested, "person asks", "people ask"),
            one.session.course.title
        ),
        detail: format!("{}. They wait for your answer.", about(&one.session)),
        tag: "To decide".to_owned(),
        ..Task::about(one, ThingKind::Requests, code.as_str(), last)
    }
}

/// People who ask for help so that they can come.
fn help(one: &Filling, waiting: help_lists::Waiting) -> Task {
    let code = &one.session.code;
    let depend = match waiting.depend {
        0 => String::new(),
        depend => format!(" {} only if so.", number(depend, "comes", "come")),
    };
    Task {
        class: if waiting.depend > 0 { "t-danger" } else { "t-warn" },
        icon: "person",
        href: paths::help_requests::of_session(code),
        title: format!(
            "{} so that they can come: {}",
            number(waiting.count, "request for help", "requests for help"),
            one.session.course.title
        ),
        detail: format!("{}. Grant or refuse them.{depend}", about(&one.session)),
        tag: "To decide".to_owned(),
        ..Task::about(one, ThingKind::Help, code.as_str(), waiting.last.timestamp_micros())
    }
}

/// Offers that no letter tells of: their leaders gave only a number.
async fn to_phone(conn: &mut Conn, board: &Board<'_>) -> Result<Vec<Task>, StoreError> {
    let offers = watch::offers_to_phone(conn, board.now).await?;
    let by_code: HashMap<_, _> = board.coming.iter().map(|one| (&one.session.code, one)).collect();
    let task = |offer: watch::OfferToPhone| {
        let one = by_code.get(&offer.session)?;
        let may = allows(&board.who.member, Permission::ManageBookings, &one.session);
        let whom = match &offer.phone {
            Some(phone) if may => format!("{} on {phone}", offer.leader),
            _ => "a leader".to_owned(),
        };
        let (reference, until) = (&offer.reference, offer.until);
        Some(Task {
            href: if may { paths::office::booking(reference) } else { one.href() },
            title: format!("Phone {whom}: a place is offered"),
            detail: format!(
                "{}, {}. No email address was given, so no letter says so.",
                one.session.course.title,
                about(&one.session)
            ),
            tag: format!("By {}", wording::moment(until, one.session.zone())),
            ..Task::about(one, ThingKind::Phone, &reference.to_string(), until.timestamp_micros())
        })
    };
    Ok(offers.into_iter().filter_map(task).collect())
}

fn number(count: u32, one: &str, many: &str) -> String {
    wording::count(count as usize, one, many)
}
