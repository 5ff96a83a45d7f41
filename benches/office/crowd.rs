//! 5,000 sessions over five years, half of them past, and 50,000 people on 10,000 bookings.

use std::sync::Arc;

use chrono::Duration;
use chrono_tz::Europe::London;
use turnout::{
    actions::{ActionContext, people::know_people::know_people},
    domain::{
        alliance::Alliance,
        attendance::{Basis, Mark, Presence},
        attendee::{Attendee, Ticks},
        audit::Actor,
        course::Course,
        id::{LetterId, PlaceId, RegistrationId, SittingId},
        institution::{Institution, InstitutionKind, Membership},
        letter::{Letter, LetterKind},
        location::Location,
        occupancy::{Occupancy, TeamPolicy},
        place::{Place, PlaceState},
        reference::Reference,
        registration::{Leader, Registration, Sender},
        session::{BookingMode, Publication, Session},
        sitting::{Sitting, instants},
        text::Name,
    },
    store::{
        Tx, catalogue,
        door::{self, Arrival},
        enqueue, institutions,
        outbox::{self, About},
        places::{self, Cause},
        registrations::{self, Origin},
        session_lock, sessions,
    },
    token::row_id,
};

const SESSIONS: u32 = 5_000;
const BOOKINGS: u32 = 10_000;
const INSTITUTIONS: u32 = 400;

/// Fills an empty database.
pub async fn gather(ctx: &ActionContext) {
    let mut tx = ctx.store.begin().await.expect("a transaction");
    let alliances = alliances(&mut tx).await;
    let course = course(&mut tx).await;
    let mut planned = Vec::new();
    for number in 1..=SESSIONS {
        let alliance = Arc::clone(&alliances[number as usize % alliances.len()]);
        let session = session(ctx, number, &course, alliance);
        assert!(sessions::insert(&mut tx, &session).await.expect("a session"));
        planned.push(session);
    }
    tx.commit().await.expect("a commit");
    for from in (0..BOOKINGS).step_by(500) {
        let mut tx = ctx.store.begin().await.expect("a transaction");
        for number in from..from + 500 {
            // 97 has no factor in common with 5,000, so the bookings spread over all of them.
            let session = &planned[(number * 97 % SESSIONS) as usize];
            book(ctx, &mut tx, number, session).await;
        }
        tx.commit().await.expect("a commit");
    }
    while know_people(ctx).await.expect("a round") {}
}

async fn alliances(tx: &mut Tx) -> Vec<Arc<Alliance>> {
    let mut alliances = Vec::new();
    for number in 1..=20 {
        let alliance = Alliance {
            slug: format!("alliance-{number}").parse().expect("a slug"),
            name: format!("Alliance {number}"),
            time_zone: London,
            contact_email: "office@example.org".parse().expect("an address"),
            words: Default::default(),
        };
        catalogue::insert_alliance(tx, &alliance).await.expect("an alliance");
        alliances.push(Arc::new(alliance));
    }
    for number in 1..=INSTITUTIONS {
        let institution = Institution {
            code: format!("I{number}").parse().expect("a code"),
            name: format!("Institution {number}"),
            kind: InstitutionKind::Faith,
            alliance: alliances[number as usize % alliances.len()].slug.clone(),
            membership: Membership::Member,
        };
        institutions::insert(tx, &institution).await.expect("an institution");
    }
    alliances
}

async fn course(tx: &mut Tx) -> Arc<Course> {
    let course = Course {
        slug: "course".parse().expect("a slug"),
        title: "A course".to_owned(),
        summary: "What is taught.".to_owned(),
        campaign: "leadership".to_owned(),
        learning_minutes: 120,
        default_capacity: 30,
        prerequisites: vec![],
        needs_guardian: false,
        words: Default::default(),
    };
    catalogue::insert_course(tx, &course).await.expect("a course");
    Arc::new(course)
}

fn session(
    ctx: &ActionContext,
    number: u32,
    course: &Arc<Course>,
    alliance: Arc<Alliance>,
) -> Session {
    // From two and a half years ago to two and a half years ahead.
    let days = i64::from(number) * 1826 / i64::from(SESSIONS) - 913;
    let day = (ctx.now() + Duration::days(days)).date_naive();
    let starts = day.and_hms_opt(10, 0, 0).expect("a time");
    let ends = starts + Duration::hours(6);
    let (starts_at, ends_at) = instants(starts, ends, London).expect("a sitting");
    let id = row_id(&*ctx.random, &*ctx.clock);
    Session {
        code: format!("C{number}").parse().expect("a code"),
        course: Arc::clone(course),
        alliance,
        location: Location::Venue {
            name: format!("Hall of session {number}"),
            address: "41 Copeland Lane, London SE15 0XX".to_owned(),
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
        admission: turnout::domain::admission::Admission::Public,
        series: None,
        changes_close: None,
        on_decline: Default::default(),
        aims: Default::default(),
        overnight: Default::default(),
        reserves: Vec::new(),
        helps: false,
        trainers: vec![],
        note: None,
        words: Default::default(),
        publication: Publication::Published,
        sittings: vec![Sitting {
            id: SittingId::new(id),
            number: 1,
            starts,
            ends,
            zone: London,
            starts_at,
            ends_at,
            uid: format!("{id}@turnout.localhost"),
            sequence: 0,
            created_at: ctx.now(),
            changed_at: ctx.now(),
            place: None,
        }],
    }
}

fn person(number: u32) -> Attendee {
    Attendee {
        name: Name::parse(&format!("Person {number}")).expect("a name"),
        email: format!("p{number}@example.org").parse().ok(),
        dietary: None,
        access: None,
        ticks: Ticks::default(),
        guardian: None,
    }
}

/// A booking of five by the first of them, the letter about it, and who came if it is past.
async fn book(ctx: &ActionContext, tx: &mut Tx, number: u32, session: &Session) {
    let mut bytes = [0; 8];
    ctx.random.fill(&mut bytes);
    let first = person(number * 5);
    let code = format!("I{}", 1 + number % INSTITUTIONS);
    let registration = Registration {
        id: RegistrationId::new(row_id(&*ctx.random, &*ctx.clock)),
        reference: Reference::from_random(bytes),
        session: session.code.clone(),
        leader: Leader { name: first.name.clone(), email: first.email.clone(), phone: None },
        sender: Sender::Listed { code: code.parse().expect("a code"), name: String::new() },
        team: TeamPolicy::Together,
        booked_at: Some(ctx.now()),
        hold_extended: false,
        asked: 5,
        untold_since: None,
        nomination: None,
        places: vec![],
    };
    let origin = Origin { source: "import", attempt: None, fingerprint: None, at: ctx.now() };
    assert!(registrations::insert(tx, &registration, origin).await.expect("a booking"));
    let sitting = &session.sittings[0];
    for at in 0..5 {
        let place = Place {
            id: PlaceId::new(row_id(&*ctx.random, &*ctx.clock)),
            number: at + 1,
            attendee: Some(person(number * 5 + at)),
            state: PlaceState::Confirmed,
        };
        let cause = Cause { by: &Actor::CommandLine, at: ctx.now(), why: None };
        let locked = session_lock::lock(tx, &session.code).await.expect("a lock");
        let mut locked = locked.expect("a session");
        let (place, places) = (place.id, [place]);
        places::insert(&mut locked, registration.id, &places, cause).await.expect("a place");
        if sitting.ends_at < ctx.now() && at < 4 {
            let presence = Presence::Attended;
            let mark = Mark { place, presence, at: sitting.ends_at };
            let by = &Actor::CommandLine;
            let arrival = Arrival { by, at: mark.at, basis: Basis::Seen, is_late: false };
            door::mark(tx, &session.code, sitting.id, &mark, arrival).await.expect("a mark");
        }
    }
    let letter = Letter {
        id: LetterId::new(row_id(&*ctx.random, &*ctx.clock)),
        kind: LetterKind::BookingConfirmed,
        to_name: None,
        to: first.email.expect("an address"),
        subject: "You're booked".to_owned(),
        text: String::new(),
        html: String::new(),
        calendar: None,
        thread: None,
        day: None,
        reply_to: None,
        session: None,
    };
    let about = About { registration: Some(registration.id), place: None };
    enqueue::letter(tx, &letter, about, ctx.now()).await.expect("a letter");
    outbox::mark_sent(tx, &[outbox::Sent::of(&letter)], ctx.now()).await.expect("a letter");
}
