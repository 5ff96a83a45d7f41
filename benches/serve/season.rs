//! A season to serve: the organisation's sample, and feeds of 50, 500 and 5,000 events.

use std::sync::Arc;

use chrono::Duration;
use chrono_tz::Europe::London;
use turnout::{
    actions::calendars::stamp::stamp_everything,
    cli::{import, setup},
    clock::{Clock, SystemClock},
    config::Config,
    domain::{
        admission::Admission,
        alliance::Alliance,
        course::Course,
        id::SittingId,
        location::Location,
        occupancy::Occupancy,
        session::{BookingMode, Publication, Session},
        sitting::{Sitting, instants},
    },
    store::{Store, catalogue, create_postgres_database, sessions},
    token::{SystemRandom, row_id, secret_uuid},
};

/// Where the site says it is. The same while the season is written and while it is served: feeds are stamped anew
/// where it changes, and that would be measured.
pub const PUBLIC_URL: &str = "http://127.0.0.1";

/// Where letters come from, which stands in every event too.
pub const MAIL_FROM: &str = "trainings@example.org";

/// Makes the database at `url`.
pub async fn plan(url: &str) {
    let store = Store::open(url).await.expect("a database");
    store.migrate().await.expect("tables");
    let config = Config {
        public_url: PUBLIC_URL.to_owned(),
        mail_from: MAIL_FROM.to_owned(),
        ..Config::default()
    };
    let ctx = setup::context(&config, store).expect("a context");
    let folder = tempfile::tempdir().expect("a folder");
    import::sample::write_sample(folder.path()).expect("the sample");
    let weeks = import::weeks_to_shift(folder.path(), SystemClock.now()).expect("dates");
    import::import(&ctx, folder.path(), weeks).await.expect("an import");
    let mut tx = ctx.store.begin().await.expect("a transaction");
    let courses = catalogue::courses(&mut tx).await.expect("courses");
    let course = courses.into_iter().find(|course| course.prerequisites.is_empty());
    let course = Arc::new(course.expect("a course for everybody"));
    for (slug, name, count, first) in [
        ("few", "Few", 9, "B"),
        ("fifty", "Fifty", 50, "F"),
        ("five-hundred", "Five hundred", 500, "H"),
        ("five-thousand", "Five thousand", 5000, "T"),
    ] {
        let alliance = Arc::new(Alliance {
            slug: slug.parse().expect("a slug"),
            name: name.to_owned(),
            time_zone: London,
            contact_email: "office@example.org".parse().expect("an address"),
            words: Default::default(),
        });
        catalogue::insert_alliance(&mut tx, &alliance).await.expect("an alliance");
        for number in 1..=count {
            let session = session(first, number, (&course, &alliance));
            assert!(sessions::insert(&mut tx, &session).await.expect("a session"));
        }
    }
    tx.commit().await.expect("a commit");
    // As a server does at its start with what an import brought: else it would do so while it is measured.
    stamp_everything(&ctx).await.expect("stamps");
    ctx.store.close().await;
}

/// The session of a number, after a letter that says of which alliance.
fn session(
    first: &str,
    number: i32,
    (course, alliance): (&Arc<Course>, &Arc<Alliance>),
) -> Session {
    Session {
        code: format!("{first}{number}").parse().expect("a code"),
        course: Arc::clone(course),
        alliance: Arc::clone(alliance),
        location: Location::Venue {
            name: "St Aidan's Hall".to_owned(),
            address: "41 Copeland Lane, London SE15 0XX".to_owned(),
        },
        venue: None,
        access: vec!["step-free".to_owned()],
        occupancy: Occupancy { capacity: 1_000_000, ..Occupancy::default() },
        places_per_institution: None,
        places_per_booking: 6,
        mode: BookingMode::Instant,
        booking_opens: None,
        booking_closes: None,
        waiting_list: true,
        admission: Admission::Public,
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
        sittings: vec![sitting(20 + i64::from(number) % 600)],
    }
}

fn sitting(days: i64) -> Sitting {
    let now = SystemClock.now();
    let day = (now + Duration::days(days)).date_naive();
    let starts = day.and_hms_opt(10, 0, 0).expect("a time");
    let ends = starts + Duration::hours(6);
    let (starts_at, ends_at) = instants(starts, ends, London).expect("a sitting");
    let id = row_id(&SystemRandom, &SystemClock);
    Sitting {
        id: SittingId::new(id),
        number: 1,
        starts,
        ends,
        zone: London,
        starts_at,
        ends_at,
        uid: format!("{id}@turnout.localhost"),
        sequence: 0,
        created_at: now,
        changed_at: now,
        place: None,
    }
}

/// The same on a PostgreSQL database of its own; its address.
pub async fn on_postgres(server: &str) -> String {
    let name = format!("turnout_bench_{}", secret_uuid(&SystemRandom).simple());
    let (base, _) = server.rsplit_once('/').expect("a database in the URL");
    create_postgres_database(server, &name).await.expect("a database");
    let url = format!("{base}/{name}");
    plan(&url).await;
    url
}
