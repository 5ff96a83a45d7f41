//! Sittings × regularity × zones × clock changes × states × hostile texts.

use std::{path::Path, sync::Arc};

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use chrono_tz::Tz;
use turnout::{
    calendar::{
        Publisher,
        feed::{FeedHead, feed, session_file},
        imip::{EventRemoval, cancel, request},
        private_feed::{OwnPlace, attendee_feed, feed_uid},
    },
    domain::{
        alliance::Alliance,
        course::Course,
        id::{InvitationId, PlaceId, SittingId},
        invitation::{Invitation, Participation},
        location::Location,
        occupancy::Occupancy,
        reply::PartStat,
        session::{BookingMode, Publication, Session},
        sitting::{Sitting, instants},
        text::Name,
    },
};
use uuid::Uuid;

use super::readers::{Event, Understood};

/// A file with what it must be understood as.
pub struct Made {
    pub file: String,
    pub expected: Understood,
}

/// Names of trainings, halls and people as they are typed, each as it must be read.
const TEXTS: [(&str, &str); 9] = [
    ("Power, action; change: \\ \"what\" works?", "Power, action; change: \\ \"what\" works?"),
    (
        "Åse 李伟 \u{1F469}\u{1F3FE}\u{200D}\u{1F9BD} café",
        "Åse 李伟 \u{1F469}\u{1F3FE}\u{200D}\u{1F9BD} café",
    ),
    ("line one\r\nBEGIN:VEVENT\r\nUID:evil", "line one BEGIN:VEVENT UID:evil"),
    ("tab\tand\u{0}null\u{7}bell\u{85}next\u{2028}line", "tab andnullbell next line"),
    ("\u{202E}evil\u{202C} \u{FEFF}mark", "evil mark"),
    ("=HYPERLINK(\"http://x\";\"y\")", "=HYPERLINK(\"http://x\";\"y\")"),
    ("\\n is not a new line, nor is \\, a comma\\", "\\n is not a new line, nor is \\, a comma\\"),
    (
        "مرحبا بالعالم والتنظيم المجتمعي في كل مكان من المدينة الكبيرة",
        "مرحبا بالعالم والتنظيم المجتمعي في كل مكان من المدينة الكبيرة",
    ),
    ("^n ^' ^^ caret^", "^n ^' ^^ caret^"),
];

const ZONES: [Tz; 7] = [
    chrono_tz::Europe::London,
    chrono_tz::Europe::Belfast,
    chrono_tz::America::New_York,
    chrono_tz::Asia::Kolkata,
    chrono_tz::Pacific::Auckland,
    chrono_tz::Africa::Casablanca,
    chrono_tz::Etc::UTC,
];

/// Just before the clocks of Europe, America and New Zealand change, in spring and in autumn; and
/// a night that ends in another year.
const BEGINNINGS: [&str; 3] = ["2027-03-13T09:30:00", "2027-10-23T18:00:00", "2027-12-31T22:00:00"];

fn publisher() -> Publisher {
    Publisher {
        product_version: "1".to_owned(),
        host: "turnout.example".to_owned(),
        organizer_name: "Turnout, trainings \"team\"".to_owned(),
        organizer_email: "trainings@turnout.example".parse().expect("an address"),
        base_url: "https://turnout.example".to_owned(),
    }
}

fn stamp() -> DateTime<Utc> {
    "2027-01-02T10:00:00Z".parse().expect("a moment")
}

/// A sitting of four hours, moved on where the clocks skip its times.
fn sitting(number: u32, mut starts: NaiveDateTime, zone: Tz) -> Sitting {
    let (starts, ends, (starts_at, ends_at)) = loop {
        let ends = starts + Duration::hours(4);
        match instants(starts, ends, zone) {
            Ok(times) => break (starts, ends, times),
            Err(_) => starts += Duration::hours(1),
        }
    };
    Sitting {
        id: SittingId::new(Uuid::from_u128(number.into())),
        number,
        starts,
        ends,
        zone,
        starts_at,
        ends_at,
        uid: format!("0190a5d4-ac96-474b-bcce-{number:012}@turnout.example"),
        sequence: number,
        created_at: stamp(),
        changed_at: stamp(),
        place: None,
    }
}

fn sittings(count: u32, is_regular: bool, zone: Tz, first: NaiveDateTime) -> Vec<Sitting> {
    let start = |number: u32| {
        let step = i64::from(number - 1);
        if is_regular {
            first + Duration::weeks(step)
        } else {
            first + Duration::days(step * (step + 5) / 2) + Duration::minutes(step * 75)
        }
    };
    (1..=count).map(|number| sitting(number, start(number), zone)).collect()
}

fn session(sittings: Vec<Sitting>, text: &str, is_online: bool) -> Session {
    let zone = sittings[0].zone;
    Session {
        code: "S001".parse().expect("a code"),
        course: Arc::new(Course {
            slug: "course".parse().expect("a slug"),
            title: text.to_owned(),
            summary: format!("About {text}"),
            campaign: "housing, homes; all".to_owned(),
            learning_minutes: 60,
            default_capacity: 30,
            prerequisites: vec![],
            needs_guardian: false,
            words: Default::default(),
        }),
        alliance: Arc::new(Alliance {
            slug: "leeds".parse().expect("a slug"),
            name: text.to_owned(),
            time_zone: zone,
            contact_email: "leeds@example.org".parse().expect("an address"),
            words: Default::default(),
        }),
        location: if is_online {
            Location::Online { room: "https://meet.example/room?a=1,2;3".to_owned() }
        } else {
            Location::Venue { name: text.to_owned(), address: String::new() }
        },
        venue: None,
        access: vec!["step-free".to_owned()],
        occupancy: Occupancy { capacity: 30, ..Occupancy::default() },
        places_per_institution: None,
        places_per_booking: 6,
        mode: BookingMode::Instant,
        booking_opens: None,
        booking_closes: None,
        waiting_list: true,
        admission: Default::default(),
        series: None,
        changes_close: None,
        on_decline: Default::default(),
        aims: Default::default(),
        overnight: Default::default(),
        reserves: Vec::new(),
        helps: false,
        trainers: vec![],
        note: Some(text.to_owned()),
        words: Default::default(),
        publication: Publication::Published,
        sittings,
    }
}

fn invitation(sitting: &Sitting, name: &str) -> Invitation {
    let name =
        Name::parse(name).unwrap_or_else(|_| Name::parse("Åsa, \"Ås\" \\ ^n").expect("a name"));
    Invitation {
        id: InvitationId::new(Uuid::from_u128(1)),
        place: PlaceId::new(Uuid::from_u128(1)),
        sitting: sitting.id,
        uid: format!("f47ac10b-58cc-4372-a567-{:012}@turnout.example", sitting.number),
        address: "jose@example.org".parse().expect("an address"),
        name,
        sequence: 7,
        stamp: stamp(),
        withdrawn: false,
        organizer: None,
        mark: None,
        asked: 0,
        counted: 0,
        answer: None,
    }
}

/// What must be read of a sitting; the description is compared by its beginning only where it is
/// the same for all.
fn expected(session: &Session, sitting: &Sitting, text: &str) -> Event {
    let mut summary = match session.sittings.len() {
        1 => text.to_owned(),
        days => format!("{text} (day {} of {days})", sitting.number),
    };
    let cancelled = matches!(session.publication, Publication::Cancelled { .. });
    if cancelled {
        summary = format!("Cancelled: {summary}");
    }
    let online = "Online, by video call".to_owned();
    Event {
        uid: sitting.uid.clone(),
        sequence: sitting.sequence,
        start: sitting.starts_at.timestamp(),
        end: sitting.ends_at.timestamp(),
        summary,
        location: if session.location.is_online() { online } else { text.to_owned() },
        description: None,
        status: Some(if cancelled { "CANCELLED" } else { "CONFIRMED" }.to_owned()),
        attendees: vec![],
    }
}

/// Writes the files; what each must be understood as, in order of name.
pub fn write(folder: &Path) -> Vec<Made> {
    let mut writer = Writer { folder, made: Vec::new(), number: 0 };
    for (at, count) in [1, 2, 3, 20].into_iter().enumerate() {
        for is_regular in [true, false] {
            for (zone_at, zone) in ZONES.into_iter().enumerate() {
                for (begin_at, first) in BEGINNINGS.into_iter().enumerate() {
                    let first = first.parse().expect("a wall time");
                    let sittings = sittings(count, is_regular, zone, first);
                    let text = TEXTS[(at + zone_at * 3 + begin_at) % TEXTS.len()];
                    let is_online = (zone_at + begin_at) % 3 == 0;
                    writer.all_of(&session(sittings, text.0, is_online), text.1);
                }
            }
        }
    }
    writer.made
}

struct Writer<'a> {
    folder: &'a Path,
    made: Vec<Made>,
    number: u32,
}

impl Writer<'_> {
    fn file(&mut self, kind: &str, method: &str, ics: &str, events: Vec<Event>) {
        self.number += 1;
        let file = format!("{:05}-{kind}.ics", self.number);
        std::fs::write(self.folder.join(&file), ics).expect("a file");
        let expected = Understood { file: file.clone(), method: method.to_owned(), events };
        self.made.push(Made { file, expected });
    }

    fn all_of(&mut self, session: &Session, text: &str) {
        let (publisher, now) = (publisher(), stamp());
        let head = FeedHead {
            name: text,
            description: text,
            source: Some("https://turnout.example/feeds/all.ics"),
            zone: session.zone(),
            renamed: None,
        };
        let whole = |session: &Session| -> Vec<Event> {
            session.sittings.iter().map(|sitting| expected(session, sitting, text)).collect()
        };
        let called_off = Session {
            publication: Publication::Cancelled { at: now, reason: text.to_owned() },
            ..session.clone()
        };
        for (kind, one) in [("feed", session), ("cancelled-feed", &called_off)] {
            let body = feed(&publisher, &head, &[(one.clone(), vec![])], now).body;
            self.file(kind, "PUBLISH", &body, whole(one));
        }
        self.file("file", "PUBLISH", &session_file(&publisher, session), whole(session));
        let invitations: Vec<_> =
            session.sittings.iter().map(|sitting| invitation(sitting, text)).collect();
        let own = OwnPlace {
            session: session.clone(),
            invitations: invitations.clone(),
            removed: vec![],
        };
        let body = attendee_feed(&publisher, &head, &[own], now).body;
        let mine = whole(session).into_iter().zip(&invitations).map(|(event, invitation)| Event {
            uid: feed_uid(invitation),
            sequence: event.sequence + invitation.sequence,
            ..event
        });
        let mine: Vec<_> = mine.collect();
        self.file("own-feed", "PUBLISH", &body, mine.clone());
        // A message is of one sitting: the first and the last stand for those between.
        for at in [0, session.sittings.len() - 1] {
            self.messages(session, at, &invitations[at], &mine[at]);
        }
    }

    fn messages(&mut self, session: &Session, at: usize, invitation: &Invitation, event: &Event) {
        let (publisher, sitting) = (publisher(), &session.sittings[at]);
        let to_one = Event {
            uid: invitation.uid.clone(),
            sequence: invitation.sequence,
            attendees: vec!["mailto:jose@example.org".to_owned()],
            ..event.clone()
        };
        // Whoever has a place has the room where her calendar shows where it is.
        let room = match &session.location {
            Location::Online { room } => Some(room.clone()),
            Location::Venue { .. } => None,
        };
        let location = room.unwrap_or_else(|| event.location.clone());
        let invited = Event { location, ..to_one.clone() };
        for participation in [Participation::Said(PartStat::Accepted), Participation::NeedsAction] {
            let url = "https://turnout.example/e/0123456789";
            let ics = request(&publisher, session, sitting, invitation, participation, url);
            self.file("request", "REQUEST", &ics, vec![invited.clone()]);
        }
        for (why, status) in [
            (EventRemoval::AttendeeWithdrawn, None),
            (EventRemoval::SessionCancelled, Some("CANCELLED".to_owned())),
        ] {
            let day = (sitting, session.sittings.len());
            let ics = cancel(&publisher, session, day, invitation, why);
            self.file("cancel", "CANCEL", &ics, vec![Event { status, ..to_one.clone() }]);
        }
    }
}
