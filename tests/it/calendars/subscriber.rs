//! A real subscriber, `vdirsyncer` with `khal`, follows a private and a public feed over the
//! network: booked, moved, moved in space, called off.

use std::{fs, path::Path, process::Command};

use chrono::Duration;
use rocket::local::asynchronous::Client;
use turnout::{
    actions::{
        booking::book_places::book_places,
        calendars::{keep_feed::make_feed, take_reply::take_mail},
        sessions::change_session::{NewTimes, cancel_session, move_session, reschedule_session},
        waiting::release_declined::release_declined,
    },
    domain::{
        audit::Actor, location::Location, occupancy::TeamPolicy::Together, private_feed::FeedOwner,
    },
    store::received::Outcome,
};

use super::readers::{reader, understood};
use crate::{
    replies::{BEN, invites, reply},
    support::{
        TestTurnout,
        plan::{attendee, request},
        web::{client, serve},
    },
};

on_both_databases!(a_subscriber_sees_the_truth_at_every_step);

/// `vdirsyncer` and `khal`, with one calendar in a folder.
struct Subscriber {
    folder: tempfile::TempDir,
    vdirsyncer: std::path::PathBuf,
    khal: std::path::PathBuf,
}

impl Subscriber {
    fn to(url: &str) -> Option<Self> {
        let (vdirsyncer, khal) = (reader("vdirsyncer")?, reader("khal")?);
        let folder = tempfile::tempdir().expect("a folder");
        let at = folder.path().display();
        fs::create_dir(folder.path().join("calendar")).expect("a folder");
        let sync = format!(
            "[general]\nstatus_path = \"{at}/status/\"\n\
             [pair training]\na = \"feed\"\nb = \"local\"\ncollections = null\n\
             [storage feed]\ntype = \"http\"\nurl = \"{url}\"\n\
             [storage local]\ntype = \"filesystem\"\npath = \"{at}/calendar/\"\nfileext = \".ics\"\n"
        );
        fs::write(folder.path().join("sync"), sync).expect("a file");
        let show = format!(
            "[calendars]\n[[training]]\npath = {at}/calendar/\n\
             [sqlite]\npath = {at}/khal.db\n\
             [locale]\nlocal_timezone = Europe/London\ndefault_timezone = Europe/London\n\
             timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n\
             datetimeformat = %Y-%m-%d %H:%M\nlongdatetimeformat = %Y-%m-%d %H:%M\n"
        );
        fs::write(folder.path().join("show"), show).expect("a file");
        let subscriber = Self { folder, vdirsyncer, khal };
        subscriber.sync(&["discover"]);
        Some(subscriber)
    }

    fn run(&self, program: &Path, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        // What a shell says of itself must not reach the programs: they are as on a new machine.
        command.env("HOME", self.folder.path()).env("LC_ALL", "C.UTF-8").env("TZ", "Europe/London");
        let done = command.args(arguments).output().expect("it runs");
        let (said, cried) = (done.stdout, String::from_utf8_lossy(&done.stderr).into_owned());
        assert!(done.status.success(), "{arguments:?}: {cried}");
        String::from_utf8(said).expect("UTF-8")
    }

    fn sync(&self, what: &[&str]) {
        let config = self.folder.path().join("sync").display().to_string();
        self.run(&self.vdirsyncer, &[&["-c", config.as_str()], what].concat());
    }

    /// What the calendar shows after a look at the feed.
    fn shows(&self) -> Vec<String> {
        self.sync(&["sync"]);
        let config = self.folder.path().join("show").display().to_string();
        let format = "{start} to {end} {title} at {location}: {status}";
        let arguments = ["-c", &config, "list", "--day-format", "", "--format", format];
        let listed = self.run(&self.khal, &[&arguments[..], &["2027-01-01", "300d"]].concat());
        listed.lines().filter(|line| !line.is_empty()).map(|line| line.trim().to_owned()).collect()
    }
}

/// What `khal` shows of the private feed is what three other programs read in it.
fn all_agree(ics: &str, shown: &[String]) {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("own.ics"), ics).expect("a file");
    for name in super::NAMES {
        let Some(program) = reader(name) else { continue };
        let events = understood(&program, folder.path()).remove(0).events;
        let at = |seconds| {
            let at = chrono::DateTime::from_timestamp(seconds, 0).expect("a moment");
            at.with_timezone(&chrono_tz::Europe::London).format("%Y-%m-%d %H:%M").to_string()
        };
        let line = |event: super::readers::Event| {
            let (start, end) = (at(event.start), at(event.end));
            let status = event.status.unwrap_or_default();
            format!("{start} to {end} {} at {}: {status}", event.summary, event.location)
        };
        assert_eq!(events.into_iter().map(line).collect::<Vec<_>>(), shown, "{name}");
    }
}

/// Two subscribers, to Ben's own feed and to everybody's.
struct Followed {
    own: Subscriber,
    public: Subscriber,
    client: Client,
    path: String,
}

impl Followed {
    async fn by(turnout: &TestTurnout, owner: &FeedOwner) -> Option<Self> {
        let token = make_feed(&turnout.ctx, &Actor::Attendee, owner).await.expect("a feed");
        let site = serve(turnout).await;
        let path = format!("/feeds/p/{}.ics", token.secret());
        Some(Self {
            own: Subscriber::to(&format!("{site}{path}"))?,
            public: Subscriber::to(&format!("{site}/feeds/all.ics"))?,
            client: client(turnout).await,
            path,
        })
    }

    /// What Ben's calendar shows; every other reader of the same feed must agree.
    async fn own_shows(&self) -> Vec<String> {
        let shown = tokio::task::block_in_place(|| self.own.shows());
        let file = self.client.get(self.path.clone()).dispatch().await.into_string().await;
        tokio::task::block_in_place(|| all_agree(&file.expect("a feed"), &shown));
        shown
    }

    async fn both_show(&self, expected: &[String]) {
        assert_eq!(self.own_shows().await, expected);
        assert_eq!(tokio::task::block_in_place(|| self.public.shows()), expected);
    }
}

/// Both evenings as `khal` shows them.
fn evenings(hall: &str, hours: [&str; 2], title: &str, status: &str) -> Vec<String> {
    let evening = |day: u32| {
        let (date, [from, to]) = (format!("2027-03-{}", 26 + day), hours);
        format!("{date} {from} to {date} {to} {title} (day {day} of 2) at {hall}: {status}")
    };
    vec![evening(1), evening(2)]
}

async fn a_subscriber_sees_the_truth_at_every_step(turnout: TestTurnout) {
    let turnout = turnout.season().await;
    let (ctx, office) = (&turnout.ctx, Actor::CommandLine);
    let two_days = |session: &mut turnout::domain::session::Session| {
        // The clocks go forward between them.
        let days = ["2027-03-27T18:30:00", "2027-03-28T18:30:00"];
        let days = days.map(|day| day.parse().expect("a time"));
        session.sittings = (1..).zip(days).map(|(n, day)| turnout.sitting(n, day)).collect();
    };
    let session = turnout.plan("S1", "first", 9, two_days).await;
    let ben = attendee("Ben Low");
    let owner = turnout.feed_owner(&ben).await;
    let Some(followed) = Followed::by(&turnout, &owner).await else { return };
    assert!(followed.own_shows().await.is_empty(), "nothing is booked");

    let mut asked = request(&session, "Ada Obi", 2, Together);
    asked.attendees[1] = Some(ben);
    book_places(ctx, &Actor::Api, asked).await.expect("a booking");
    let (hall, title) = ("St Aidan's Hall, 41 Copeland Lane", "Course first");
    followed.both_show(&evenings(hall, ["18:30", "20:30"], title, "CONFIRMED")).await;

    turnout.clock.advance(Duration::hours(1));
    let later = turnout.session(&session).await.sittings;
    let later = later.iter().map(|sitting| NewTimes {
        number: sitting.number,
        starts: sitting.starts + Duration::hours(1),
        ends: sitting.ends + Duration::hours(1),
    });
    reschedule_session(ctx, &office, &session, &later.collect::<Vec<_>>(), None)
        .await
        .expect("a move");
    followed.both_show(&evenings(hall, ["19:30", "21:30"], title, "CONFIRMED")).await;

    turnout.clock.advance(Duration::hours(1));
    let mill = Location::Venue { name: "The Mill".to_owned(), address: String::new() };
    move_session(ctx, &office, &session, mill, None).await.expect("a move");
    followed.both_show(&evenings("The Mill", ["19:30", "21:30"], title, "CONFIRMED")).await;

    // Ben's calendar declines both days; Cy, who waits, is offered the place.
    let mut waits = request(&session, "Cy Dunn", 8, Together);
    waits.attendees[1..].fill(None);
    let cy = book_places(ctx, &Actor::Api, waits).await.expect("a booking").registration.id;
    assert_eq!(turnout.states(cy).await[0], "waiting");
    let invited = invites(&turnout.letters().await, BEN);
    for invite in &invited[invited.len() - 2..] {
        let answer = reply(invite, BEN, "DECLINED", 1);
        assert_eq!(take_mail(ctx, &answer).await.expect("taken"), Some(Outcome::Taken));
    }
    turnout.clock.advance(Duration::minutes(30));
    assert_eq!(release_declined(ctx).await.expect("a sweep"), 1);
    assert_eq!(turnout.states(cy).await[0], "offered");
    // An empty feed is news that vdirsyncer believes only when told to.
    followed.own.sync(&["sync", "--force-delete", "training"]);
    assert!(followed.own_shows().await.is_empty(), "gone at once from Ben's calendar");

    turnout.clock.advance(Duration::hours(1));
    cancel_session(ctx, &office, &session, None, None).await.expect("a cancellation");
    let title = "Cancelled: Course first";
    let everybody = tokio::task::block_in_place(|| followed.public.shows());
    assert_eq!(everybody, evenings("The Mill", ["19:30", "21:30"], title, "CANCELLED"));
    assert!(followed.own_shows().await.is_empty(), "what Ben gave up was not called off for him");
}
