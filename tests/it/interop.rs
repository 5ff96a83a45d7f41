//! What others make of our letters and calendars: a MIME parser and two iCalendar parsers that are
//! not ours read every letter of one booking of ten people on three days, hostile names and all.

use std::{str::FromStr, sync::Arc};

use calcard::icalendar::{
    ICalendar, ICalendarComponentType, ICalendarMethod, ICalendarProperty, ICalendarValue,
};
use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use icalendar::{
    Calendar, CalendarComponent, CalendarDateTime, Component, DatePerhapsTime, EventLike,
};
use mail_parser::{MessageParser, MimeHeaders};
use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        booking::{
            book_places::book_places,
            cancel_places::{Which, cancel_places},
        },
        letters::deliver_letters::deliver_due,
    },
    domain::{
        attendee::{Attendee, Ticks},
        audit::Actor,
        contact::EmailAddress,
        id::SessionCode,
        occupancy::TeamPolicy::Together,
        session::Session,
    },
    mail::{Memory, Transport},
};

use crate::support::{
    TestTurnout,
    plan::{name, request},
    web::client,
};

const NAMES: [&str; 9] = [
    "Åsa",
    "José García, Dr",
    "O\"Neill \\ Sons",
    "李伟",
    "Siân; ap Rhys: MBE",
    "👩🏾‍🦽 Ana",
    "=HYPERLINK(\"x\")",
    "<b>Kẹ́mi</b> & Co",
    "Wolfeschlegelsteinhausenbergerdorff Wolfeschlegelsteinhausenbergerdorff Wolfeschlegelsteinhausen",
];

/// An event as both parsers read it.
#[derive(Debug, PartialEq, Eq)]
struct Event {
    uid: String,
    sequence: u32,
    starts: NaiveDateTime,
    zone: String,
    ends: NaiveDateTime,
    summary: String,
    location: String,
    attendee: Option<String>,
}

/// What `calcard` reads; also the METHOD.
fn read_by_calcard(ics: &str) -> (String, Vec<Event>) {
    let calendar = ICalendar::parse(ics).unwrap_or_else(|entry| panic!("{entry:?} in\n{ics}"));
    let of_type = |kind: ICalendarComponentType| {
        calendar.components.iter().filter(move |one| one.component_type == kind)
    };
    let root = of_type(ICalendarComponentType::VCalendar).next().expect("a calendar");
    let method = match &root.property(&ICalendarProperty::Method).expect("a method").values[0] {
        ICalendarValue::Method(ICalendarMethod::Request) => "REQUEST",
        ICalendarValue::Method(ICalendarMethod::Cancel) => "CANCEL",
        ICalendarValue::Method(ICalendarMethod::Publish) => "PUBLISH",
        other => panic!("{other:?}"),
    };
    let events = of_type(ICalendarComponentType::VEvent).map(|event| {
        let text = |property: ICalendarProperty| {
            let entry = event.property(&property)?;
            entry.values.first()?.as_text().map(str::to_owned)
        };
        let time = |property: ICalendarProperty| {
            let entry = event.property(&property).expect("a time");
            let at = entry.values[0].as_partial_date_time().expect("a time");
            let at = at.to_date_time().expect("a time").date_time;
            (at, entry.tz_id().unwrap_or("UTC").to_owned())
        };
        let (starts, zone) = time(ICalendarProperty::Dtstart);
        let sequence = event.property(&ICalendarProperty::Sequence).expect("a sequence");
        let attendee = event.property(&ICalendarProperty::Attendee);
        Event {
            uid: event.uid().expect("a UID").to_owned(),
            sequence: sequence.values[0].as_integer().expect("a number").try_into().expect("small"),
            starts,
            zone,
            ends: time(ICalendarProperty::Dtend).0,
            summary: text(ICalendarProperty::Summary).expect("a summary"),
            location: text(ICalendarProperty::Location).expect("a location"),
            attendee: attendee.and_then(|entry| entry.calendar_address().map(str::to_owned)),
        }
    });
    (method.to_owned(), events.collect())
}

/// What `icalendar` reads; also the METHOD.
fn read_by_icalendar(ics: &str) -> (String, Vec<Event>) {
    let calendar = Calendar::from_str(ics).unwrap_or_else(|why| panic!("{why} in\n{ics}"));
    let method = calendar.property_value("METHOD").expect("a method").to_owned();
    let events = calendar.components.iter().filter_map(|component| match component {
        CalendarComponent::Event(event) => Some(event),
        _ => None,
    });
    let time = |time: Option<DatePerhapsTime>| match time.expect("a time") {
        DatePerhapsTime::DateTime(CalendarDateTime::WithTimezone { date_time, tzid }) => {
            (date_time, tzid)
        }
        DatePerhapsTime::DateTime(CalendarDateTime::Utc(at)) => (at.naive_utc(), "UTC".to_owned()),
        other => panic!("{other:?}"),
    };
    let events = events.map(|event| {
        let (starts, zone) = time(event.get_start());
        let attendee = event.multi_properties().get("ATTENDEE").and_then(|all| all.first());
        let attendee = attendee.or(event.properties().get("ATTENDEE"));
        Event {
            uid: event.get_uid().expect("a UID").to_owned(),
            sequence: event.get_sequence().expect("a sequence"),
            starts,
            zone,
            ends: time(event.get_end()).0,
            summary: event.get_summary().expect("a summary").to_owned(),
            location: event.get_location().expect("a location").to_owned(),
            attendee: attendee.map(|one| one.value().trim_start_matches("mailto:").to_owned()),
        }
    });
    (method, events.collect())
}

/// What both read, having found that they agree, and that the bytes keep to RFC 5545 3.1.
fn agreed(ics: &str) -> (String, Vec<Event>) {
    for line in ics.split_terminator("\r\n") {
        assert!(!line.contains(['\r', '\n']), "a bare line end in {line:?}");
        assert!(line.len() <= 75, "{} octets: {line:?}", line.len());
    }
    assert!(ics.ends_with("END:VCALENDAR\r\n"));
    let (ours, theirs) = (read_by_calcard(ics), read_by_icalendar(ics));
    assert_eq!(ours, theirs);
    ours
}

/// One delivered letter.
struct Delivered {
    to: String,
    method: Option<String>,
    events: Vec<Event>,
}

async fn deliver(turnout: &TestTurnout) -> Vec<Delivered> {
    let memory = Memory::default();
    let transport = Transport::Memory(memory.clone());
    deliver_due(&turnout.ctx, Arc::new(transport)).await.expect("a delivery");
    memory.sent().iter().map(|letter| read(&letter.message)).collect()
}

fn read(bytes: &[u8]) -> Delivered {
    let message = MessageParser::default().parse(bytes).expect("a message");
    assert!(message.subject().is_some_and(|subject| !subject.is_empty()));
    assert!(message.message_id().is_some() && message.date().is_some());
    assert!(message.body_text(0).is_some() && message.body_html(0).is_some());
    let to = message.to().and_then(|to| to.first()).and_then(|to| to.address()).expect("a reader");
    let calendars: Vec<_> = message
        .parts
        .iter()
        .filter(|part| part.content_type().is_some_and(|kind| kind.subtype() == Some("calendar")))
        .collect();
    let mut delivered = Delivered { to: to.to_owned(), method: None, events: vec![] };
    for part in calendars {
        let ics = std::str::from_utf8(part.contents()).expect("UTF-8");
        let (method, events) = agreed(ics);
        let kind = part.content_type().expect("a type");
        assert_eq!(kind.attribute("method"), Some(method.as_str()), "RFC 6047 2.4");
        assert_eq!(events.len(), 1, "one event in a letter");
        assert_eq!(events[0].attendee.as_deref(), Some(to), "its only attendee is its reader");
        delivered.method = Some(method);
        delivered.events = events;
    }
    delivered
}

async fn three_days(turnout: &TestTurnout) -> SessionCode {
    // The second day is behind the clock change of 28 March 2027.
    turnout
        .plan("S1", "first", 30, |session| {
            let days = ["2027-03-20T09:30:00", "2027-04-03T09:30:00", "2027-04-10T23:00:00"];
            let days = days.map(|day| day.parse::<NaiveDateTime>().expect("a time"));
            session.sittings = (1..).zip(days).map(|(n, day)| turnout.sitting(n, day)).collect();
        })
        .await
}

fn is_the_sitting(event: &Event, session: &Session) {
    let same = |one: &&turnout::domain::sitting::Sitting| {
        (one.starts, one.ends) == (event.starts, event.ends)
    };
    let sitting = session.sittings.iter().find(same).expect("a sitting at these times");
    assert_eq!(event.zone, "Europe/London");
    assert_eq!(event.summary, format!("Course first (day {} of 3)", sitting.number));
    assert_eq!(event.location, "St Aidan's Hall, 41 Copeland Lane");
}

async fn ten_people_on_three_days_get_letters_that_others_can_read(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = three_days(&turnout).await;
    let mut asked = request(&code, "Ruth Okafor", 10, Together);
    asked.leader.name = name("Ruth \"the Organiser\" O'Kafor, Rev. Dr");
    for (number, who) in NAMES.iter().enumerate() {
        let email: EmailAddress = format!("p{number}@example.org").parse().expect("an address");
        asked.attendees[number] = Some(Attendee {
            name: name(who),
            email: Some(email),
            dietary: None,
            access: None,
            ticks: Ticks::default(),
            guardian: None,
        });
    }
    asked.attendees[9] = None;
    let booked = book_places(&turnout.ctx, &Actor::Api, asked).await.expect("a booking");
    let letters = deliver(&turnout).await;
    assert_eq!(letters.len(), 1 + 9 * 3, "one to the leader, and one for each person and day");
    let session = turnout.session(&code).await;
    let mut uids: Vec<&str> = Vec::new();
    for letter in letters.iter().filter(|letter| letter.method.is_some()) {
        assert_eq!(letter.method.as_deref(), Some("REQUEST"));
        assert_eq!(letter.events[0].sequence, 0);
        is_the_sitting(&letter.events[0], &session);
        uids.push(&letter.events[0].uid);
    }
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), 27, "each event has a UID of its own");

    let id = booked.registration.id;
    cancel_places(&turnout.ctx, &Actor::Leader, id, Which::All, None).await.expect("a cancel");
    let cancelled = deliver(&turnout).await;
    assert_eq!(cancelled.len(), 1 + 9 * 3);
    for letter in cancelled.iter().filter(|letter| letter.method.is_some()) {
        assert_eq!(letter.method.as_deref(), Some("CANCEL"));
        assert_eq!(letter.events[0].sequence, 1);
        assert!(uids.contains(&letter.events[0].uid.as_str()), "of an event that was sent");
        assert!(letter.to.starts_with('p'));
    }
}

async fn get(client: &Client, uri: &str) -> String {
    let answer = client.get(uri).dispatch().await;
    assert_eq!(
        answer.content_type().map(|kind| kind.to_string()).as_deref(),
        Some("text/calendar; charset=utf-8")
    );
    answer.into_string().await.expect("a calendar")
}

async fn feeds_say_the_same_to_everybody(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let code = three_days(&turnout).await;
    let client = client(&turnout).await;
    let session = turnout.session(&code).await;
    for uri in [
        "/feeds/all.ics",
        "/feeds/alliances/oxford.ics",
        "/feeds/courses/first.ics",
        "/sessions/S1.ics",
    ] {
        let (method, events) = agreed(&get(&client, uri).await);
        assert_eq!((method.as_str(), events.len()), ("PUBLISH", 3), "{uri}");
        for event in events {
            is_the_sitting(&event, &session);
            assert_eq!(event.attendee, None);
        }
    }
    let before: DateTime<Utc> = turnout.ctx.now();
    let first = get(&client, "/feeds/all.ics").await;
    turnout.clock.advance(Duration::hours(5));
    assert_eq!(get(&client, "/feeds/all.ics").await, first, "same data, same bytes since {before}");
}

on_both_databases!(
    ten_people_on_three_days_get_letters_that_others_can_read,
    feeds_say_the_same_to_everybody,
);
