//! Every letter in every form it takes.

use crate::{
    domain::{
        help_request::{HelpKind, HelpState},
        near_day::NearDay,
        place::PlaceState,
        pledge::Turnout,
        registration::{Registration, Sender},
        session::{Publication, Session},
        sitting::Sitting,
        stay::Overnight,
        text::{Name, Paragraph, Passage},
    },
    mail::{letters::*, samples},
};

/// A letter as it leaves so many days before the day it counts towards.
pub(super) fn near(sitting: &Sitting, days: i64, content: Content) -> Content {
    let day = NearDay { starts_at: sitting.starts_at, zone: sitting.zone };
    let leaves = sitting.starts_at - chrono::Duration::days(days);
    let [subject, text, html] =
        [&content.subject, &content.text, &content.html].map(|words| day.fill(words, leaves));
    Content { subject, text, html, ..content }
}

fn given_up() -> GivenUp {
    GivenUp {
        url: "https://turnout.example.org/office/sessions/S001".to_owned(),
        title: "Two-day leadership training".to_owned(),
        days: "Sat 5 September 2026".to_owned(),
        names: vec![Some("Kwame Mensah".to_owned()), None],
        taken: 28,
        capacity: 30,
    }
}

/// Each with a name: the letter, what is special about it, and where the session is.
pub(super) fn every() -> Vec<(String, Content)> {
    let mut letters = Vec::new();
    for (place, session) in [("hall", samples::session()), ("online", samples::online())] {
        let forms = about_bookings(&session);
        letters.extend(
            forms
                .into_iter()
                .chain(about_places(&session))
                .chain(to_the_asked(&session))
                .chain(to_anybody(&session))
                .chain(to_staff())
                .chain(on_a_path())
                .map(|(name, content)| (format!("{name}, {place}"), content)),
        );
    }
    letters
}

/// Of two evenings of a series, on the second of which everybody is in a state.
pub(super) fn evenings(session: &Session, first: &Registration, state: PlaceState) -> Content {
    let mut second = first.clone();
    second.reference = "RM7K-4TQ3".parse().unwrap();
    second.places.iter_mut().for_each(|place| place.state = state);
    let booked = [(session.clone(), first.clone()), (session.clone(), second)];
    series_booked(&samples::letterhead(), (session, first), &booked, samples::MANAGE)
}

/// The same given up.
pub(super) fn evenings_gone(session: &Session, first: &Registration) -> Content {
    let gone = [(session.clone(), first.clone()), (session.clone(), first.clone())];
    evenings_cancelled(&samples::letterhead(), (session, first), &gone, samples::MANAGE)
}

fn in_state(state: PlaceState, count: usize) -> Registration {
    let mut registration = samples::registration();
    registration.places.iter_mut().take(count).for_each(|place| place.state = state);
    registration
}

fn about_bookings(session: &Session) -> Vec<(&'static str, Content)> {
    let (us, manage) = (samples::letterhead(), samples::MANAGE);
    let all = samples::registration();
    let (waiting, requested) = (PlaceState::Waiting { queue: 1 }, PlaceState::Requested);
    let offered = PlaceState::Offered { queue: 1, until: samples::date() };
    let gone = ["Ruth Okafor".to_owned(), "Kwame Mensah".to_owned()];
    let reason = Paragraph::parse_optional("The roof leaks.").unwrap();
    let reason = reason.as_ref();
    let alone = Registration { places: all.places[..1].to_vec(), ..all.clone() };
    let herself = Registration { sender: Sender::Herself, ..alone.clone() };
    let one = |state: PlaceState| {
        let mut one = alone.clone();
        one.places[0].state = state;
        one
    };
    vec![
        ("booked", booking_confirmed(&us, session, &all, manage)),
        ("booked, alone", booking_confirmed(&us, session, &herself, manage)),
        ("booked, one waits", booking_confirmed(&us, session, &in_state(waiting, 1), manage)),
        ("booked, two wait", booking_confirmed(&us, session, &in_state(waiting, 2), manage)),
        ("booked, all wait", booking_confirmed(&us, session, &in_state(waiting, 4), manage)),
        ("requested", places_requested(&us, session, &in_state(requested, 4), manage)),
        ("requested, one", places_requested(&us, session, &one(requested), manage)),
        ("cancelled", places_cancelled(&us, session, &all, &gone, manage)),
        ("cancelled, one", places_cancelled(&us, session, &all, &gone[..1], manage)),
        (
            "cancelled, all",
            places_cancelled(&us, session, &in_state(PlaceState::Cancelled, 4), &gone, manage),
        ),
        ("changed, instead", attendee_changed(&us, session, &all, Some("Old"), "New", manage)),
        ("changed, named", attendee_changed(&us, session, &all, None, "New", manage)),
        ("changed, details", attendee_changed(&us, session, &all, Some("New"), "New", manage)),
        ("changed, apart", attendee_apart(&us, session, &alone, "Kwame Mensah", manage)),
        ("own booking", booking_of_her_own(&us, session, &herself, "Amina Yusuf", manage)),
        ("waits", waiting_list_joined(&us, session, &in_state(waiting, 4), 3, manage)),
        ("waits, one", waiting_list_joined(&us, session, &one(waiting), 1, manage)),
        ("offered", place_offered(&us, session, &in_state(offered, 2), samples::date(), manage)),
        ("offered, one", place_offered(&us, session, &one(offered), samples::date(), manage)),
        ("lapsed", offer_lapsed(&us, session, &one(PlaceState::Lapsed), manage)),
        ("lapsed, others wait", offer_lapsed(&us, session, &in_state(waiting, 2), manage)),
        ("refused", request_refused(&us, session, &in_state(PlaceState::Refused, 2), None, manage)),
        ("refused, why", request_refused(&us, session, &one(PlaceState::Refused), reason, manage)),
        ("session changed", session_changed(&us, session, &all, &gone, manage)),
        ("session cancelled", session_cancelled(&us, session, &all, None, manage)),
        ("session cancelled, why", session_cancelled(&us, session, &all, reason, manage)),
        ("moved", places_moved(&us, (session, session), &all, manage)),
        ("moved, one waits", places_moved(&us, (session, session), &in_state(waiting, 1), manage)),
        ("moved, all wait", places_moved(&us, (session, session), &in_state(waiting, 4), manage)),
        ("evenings", evenings(session, &all, PlaceState::Confirmed)),
        ("evenings, one waits", evenings(session, &all, waiting)),
        ("evenings cancelled", evenings_gone(session, &all)),
    ]
}

fn about_places(session: &Session) -> Vec<(&'static str, Content)> {
    let (us, day, place) = (samples::letterhead(), &session.sittings[0], samples::PLACE);
    let who = samples::attendee("Kwame Mensah", Some("kwame@example.org"));
    let name = "Kwame Mensah";
    let single = Session { sittings: vec![day.clone()], ..session.clone() };
    let mut off = session.clone();
    off.publication =
        Publication::Cancelled { at: samples::date(), reason: "The roof leaks.".to_owned() };
    let changes = ["Now at: The library".to_owned()];
    let mut letters = vec![
        ("invite", invite(&us, session, day, &who, "Ruth Okafor", place)),
        ("invite, one day", invite(&us, &single, day, &who, "Ruth Okafor", place)),
        ("invite, herself", invite(&us, session, day, &who, name, place)),
        ("day changed", day_changed(&us, session, day, name, &changes, place)),
        ("reminder, tomorrow", near(day, 1, reminder(&us, session, day, name, place))),
        ("reminder, a week", near(day, 7, reminder(&us, session, day, name, place))),
        ("feedback", feedback_asked(&us, session, name, place)),
    ];
    letters.extend(overnight(session));
    for (form, why) in [
        ("withdrawn, replaced", Withdrawal::Replaced),
        ("withdrawn, new address", Withdrawal::NewAddress),
        ("withdrawn, by leader", Withdrawal::CancelledByLeader),
        ("withdrawn, by herself", Withdrawal::CancelledByAttendee),
        ("withdrawn, by calendar", Withdrawal::DeclinedByCalendar),
        ("withdrawn, moved", Withdrawal::Moved),
        ("withdrawn, session off", Withdrawal::SessionCancelled),
        ("withdrawn, day off", Withdrawal::DayRemoved),
        ("withdrawn, twice there", Withdrawal::HasAnother),
    ] {
        letters.push((form, withdrawn(&us, &off, day, name, why)));
    }
    letters.push(("called off, never told", called_off(&us, &off, name)));
    let until = samples::date();
    for (form, heard) in [
        ("calendar declined", Heard::Declined { until }),
        ("calendar asked", Heard::Asked),
        ("calendar too late", Heard::TooLate),
    ] {
        letters.push((form, calendar_answered(&us, session, name, heard, place)));
    }
    letters
}

/// Of a session whose people stay.
fn overnight(session: &Session) -> Vec<(&'static str, Content)> {
    let (us, place, manage) = (samples::letterhead(), samples::PLACE, samples::MANAGE);
    let mut stays = session.clone();
    let second = stays.sittings[0].starts + chrono::Duration::days(1);
    stays.sittings[1].starts = second;
    stays.sittings[1].ends = second + chrono::Duration::hours(7);
    stays.overnight = Overnight {
        is_residential: true,
        rooms_on: "2026-08-20".parse().ok(),
        arrival: Some("from 4pm".to_owned()),
        departure: Some("by 2pm, after lunch".to_owned()),
    };
    let who = samples::attendee("Kwame Mensah", Some("kwame@example.org"));
    let people = ["Sister Mary Keane".to_owned()];
    let day = &stays.sittings[0];
    let room =
        |name: &str| ToldRoom { name: name.to_owned(), room: "Oak 3 (first floor)".to_owned() };
    vec![
        ("invite, overnight", invite(&us, &stays, day, &who, "Ruth Okafor", place)),
        ("booked, overnight", booking_confirmed(&us, &stays, &samples::registration(), manage)),
        ("stay asked", stay_asked(&us, &stays, ("Kwame Mensah", &[]), place)),
        ("room told", room_told(&us, &stays, ("Kwame Mensah", &[room("Kwame Mensah")]), place)),
        (
            "room told, of others",
            room_told(
                &us,
                &stays,
                ("Ruth Okafor", &[room("Ruth Okafor"), room("Sister Mary Keane")]),
                manage,
            ),
        ),
        ("stay asked, of others", stay_asked(&us, &stays, ("Ruth Okafor", &people), manage)),
    ]
}

fn on_a_path() -> Vec<(&'static str, Content)> {
    let (us, ruth) = (samples::letterhead(), "Ruth Okafor");
    let mine = "https://turnout.example.org/path/0123456789abcdefghjkmnpqrs";
    let hours = "50 hours of training and 50 hours of action";
    let path = |asked| path_link(&us, ruth, ("Community organiser", hours, asked), mine);
    let answer = |is_confirmed, reason: Option<&str>, url: Option<&str>| {
        let what = "3 hours, Assembly at City Hall, Saturday 3 October 2026".to_owned();
        let (reason, url) = (reason.map(str::to_owned), url.map(str::to_owned));
        claim_answered(&us, ruth, &ClaimAnswer { what, is_confirmed, reason, url })
    };
    let number = "3F2A-91BC-0D4E-77A0-B1C2";
    vec![
        ("path, put on", path(false)),
        ("path, asked for", path(true)),
        (
            "path changed, newer",
            path_changed(&us, ruth, ("Community organiser", Some(hours)), mine),
        ),
        ("path changed, off", path_changed(&us, ruth, ("Community organiser", None), mine)),
        ("claim, confirmed", answer(true, None, Some(mine))),
        ("claim, refused", answer(false, Some("Nobody saw you there."), Some(mine))),
        ("claim, off the path", answer(true, None, None)),
        ("path finished", path_finished(&us, ruth, ("Community organiser", number), mine)),
    ]
}

/// To people who are asked to come, or who asked to be told.
fn to_the_asked(session: &Session) -> Vec<(&'static str, Content)> {
    let (us, ruth) = (samples::letterhead(), "Ruth Okafor");
    let own = "https://turnout.example.org/my-data/0123456789abcdefghjkmnpqrs";
    let asked = |again| {
        let words = Paragraph::parse_optional("I thought of you.\nIt is your kind of evening.");
        let words = words.unwrap();
        let deadline = "5pm on Friday 4 December";
        let ask = PersonalAsk { by: "Amina Yusuf", words: words.as_ref(), deadline, again };
        personally_invited(&us, session, ruth, ask, own)
    };
    let answers = |count, others: &[Name]| {
        answers_asked(&us, session, ruth, MissingAnswers { count, others, url: samples::MANAGE })
    };
    let told = |news, deadline, url| invitation_changed(&us, session, ruth, (news, deadline, url));
    let words = ["Where: was The Library; now St Aidan".to_owned()];
    let changed = AskedNews::Changed(&words);
    let reason = Paragraph::parse_optional("The roof leaks.").unwrap();
    let off = AskedNews::Cancelled(reason.as_ref());
    vec![
        ("help granted", help_decided(&us, session, decided(ruth, HelpState::Granted))),
        ("help refused", help_decided(&us, session, decided(ruth, HelpState::Refused))),
        ("asked", asked(false)),
        ("asked, again", asked(true)),
        ("asked changed, can answer", told(changed, Some("5pm on Friday 4 December"), Some(own))),
        ("asked changed, too late", told(changed, None, Some(own))),
        ("asked changed, nominated", told(changed, None, None)),
        ("asked called off, asked", told(off, None, Some(own))),
        ("asked called off, nominated", told(AskedNews::Cancelled(None), None, None)),
        ("answers, her own", answers(1, &[])),
        ("answers, for others too", answers(3, &[Name::stored("Sister Mary")])),
        ("interest", interest_asked(&us, ruth, "Two-day leadership training", own)),
        ("date", date_announced(&us, session, ruth, own)),
    ]
}

/// To those who hold it.
fn to_staff() -> Vec<(&'static str, Content)> {
    let (us, manage, ruth) = (samples::letterhead(), samples::MANAGE, "Ruth Okafor");
    vec![
        (
            "withdrawals",
            withdrawals_listed(&us, ruth, "7am on Friday 4 September", vec![given_up()]),
        ),
        (
            "minimum",
            below_minimum(
                &us,
                ("Two-day leadership training", "Sat 5 September 2026"),
                (8, 12),
                "https://turnout.example.org/office/sessions/S001",
            ),
        ),
        (
            "given",
            thing_given(
                &us,
                ruth,
                "Olu Adeyemi",
                ("People ask for places", "Two-day leadership training, Sat 5 September 2026"),
                "https://turnout.example.org/office/things/requests:S001",
            ),
        ),
        ("account", account_added(&us, ruth, manage, (samples::date(), chrono_tz::Tz::UTC))),
        ("sign in", sign_in_link(&us, ruth, manage, (15, samples::date(), chrono_tz::Tz::UTC))),
        (
            "sign in, a minute",
            sign_in_link(&us, ruth, manage, (1, samples::date(), chrono_tz::Tz::UTC)),
        ),
    ]
}

fn to_anybody(session: &Session) -> Vec<(&'static str, Content)> {
    let (us, day, manage) = (samples::letterhead(), &session.sittings[0], samples::MANAGE);
    let names = ["Kwame Mensah".to_owned(), "Sister Mary Keane".to_owned()];
    let ruth = "Ruth Okafor";
    let own = "https://turnout.example.org/my-data/0123456789abcdefghjkmnpqrs";
    let link = BookingLink {
        title: session.course.title.clone(),
        days: "Sat 5 September 2026".to_owned(),
        url: manage.to_owned(),
    };
    let pledge = |named| Turnout { pledged: 9, named, attended: 0 };
    let words = Passage::parse_optional("The hall is shut.\n\nCome to\nthe library.").unwrap();
    let told = |news| trainer_told(&us, session, ruth, news);
    let pass_on =
        |names: &[String]| reminder_to_pass_on(&us, session, day, (ruth, names, false), manage);
    let chased = |named| pledge_chased(&us, session, ruth, ("St Brigid's", pledge(named)));
    vec![
        ("pass on, tomorrow", near(day, 1, pass_on(&names))),
        (
            "pass on, herself",
            near(day, 1, reminder_to_pass_on(&us, session, day, (ruth, &names, true), manage)),
        ),
        ("pass on, a week", near(day, 7, pass_on(&names[..1]))),
        ("chased, nobody", chased(0)),
        ("chased, one", chased(1)),
        ("chased, some", chased(8)),
        ("own data", own_data(&us, ruth, own)),
        ("links, none", lost_link(&us, &[], None)),
        ("links, one", lost_link(&us, std::slice::from_ref(&link), None)),
        ("links, two", lost_link(&us, &[link.clone(), link], Some(manage))),
        ("trainer on", told(TrainerNews::Leads)),
        ("trainer off", told(TrainerNews::LeadsNoMore)),
        ("trainer, changed", told(TrainerNews::Changed(vec!["Where: was A; now B".to_owned()]))),
        ("trainer, cancelled", told(TrainerNews::Cancelled("The roof leaks.".to_owned()))),
        ("address changed", address_changed(&us, ruth)),
        ("passkey", passkey_added(&us, ruth, "The <blue> phone", manage)),
        ("message", message(&us, session, &names, "The hall is shut", &words.unwrap())),
    ]
}

/// What was decided of travel, and of an interpreter, which no letter names.
pub fn decided(name: &str, state: HelpState) -> HelpDecided<'_> {
    let reason = Paragraph::parse_optional("The money is for those from afar.");
    let is_granted = state == HelpState::Granted;
    let answer = |what| HelpAnswer {
        what,
        whose: None,
        state,
        amount: is_granted.then_some(2550),
        reason: reason.clone().expect("a reason").filter(|_| !is_granted),
    };
    HelpDecided {
        name,
        answers: vec![answer(HelpKind::Travel), answer(HelpKind::Interpreter)],
        url: format!("{}/help", samples::PLACE),
        give_up: (!is_granted).then(|| format!("{}/cancel", samples::PLACE)),
    }
}
