//! A letter as it would say something, to be read before any leaves: about made-up people on a made-up
//! session, or about a real one. Nobody gets it, and its links open nothing.

use std::sync::Arc;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use uuid::Uuid;

use super::{
    super::Letterhead, AskedNews, Content, Heard, HelpAnswer, HelpDecided, MissingAnswers,
    PersonalAsk, ToldRoom, Withdrawal, answers_asked, attendee_changed, booking_confirmed,
    booking_of_her_own, calendar_answered, date_announced, day_changed, feedback_asked,
    help_decided, invitation_changed, invite, offer_lapsed, personally_invited, place_offered,
    places_cancelled, places_moved, places_requested, pledge_chased, reminder, reminder_to_pass_on,
    request_refused, room_told, session_cancelled, session_changed, stay_asked,
    waiting_list_joined, withdrawn,
};
use crate::domain::{
    alliance::Alliance,
    attendee::{Attendee, Ticks},
    contact::EmailAddress,
    course::Course,
    help_request::{HelpKind, HelpState},
    id::{LetterId, PlaceId, RegistrationId, SittingId},
    letter::{Letter, LetterKind},
    letter_wording::WordedLetter,
    location::Location,
    near_day::NearDay,
    occupancy::{Occupancy, TeamPolicy},
    place::{Place, PlaceState},
    pledge::Turnout,
    reference::Reference,
    registration::{Leader, Registration, Sender},
    session::{BookingMode, Publication, Session, Trainer},
    sitting::{Sitting, instants},
    text::Name,
};

/// What a specimen is about.
#[derive(Debug, Clone)]
pub struct Specimen {
    /// The session.
    pub session: Session,
    /// A booking of it.
    pub registration: Registration,
}

impl Specimen {
    /// A session of an alliance that never was, a month from now; `None` if there is no such day.
    pub fn made_up(alliance: Arc<Alliance>, now: DateTime<Utc>) -> Option<Self> {
        let zone = alliance.time_zone;
        let first = now.with_timezone(&zone).date_naive() + Days::new(30);
        let sittings =
            vec![sitting(1, first, zone, now)?, sitting(2, first + Days::new(7), zone, now)?];
        let session = Session {
            code: "SAMPLE".parse().ok()?,
            course: Arc::new(course()?),
            alliance,
            location: Location::Venue {
                name: "The Meeting House".to_owned(),
                address: "3 Chapel Row".to_owned(),
            },
            venue: None,
            access: Vec::new(),
            occupancy: Occupancy { capacity: 30, occupied: 2, ..Occupancy::default() },
            places_per_institution: None,
            places_per_booking: 6,
            mode: BookingMode::Instant,
            booking_opens: None,
            booking_closes: None,
            waiting_list: true,
            admission: Default::default(),
            series: None,
            aims: Default::default(),
            overnight: Default::default(),
            reserves: Vec::new(),
            helps: false,
            changes_close: None,
            on_decline: Default::default(),
            trainers: vec![Trainer {
                login: "sample".parse().ok()?,
                name: "Amina Yusuf".to_owned(),
            }],
            note: None,
            words: Default::default(),
            publication: Publication::Published,
            sittings,
        };
        Some(Self { registration: made_up_booking(&session), session })
    }

    /// A real session, and a booking of it, or a made-up one.
    pub fn of(session: Session, registration: Option<Registration>) -> Self {
        let named = |one: &Registration| one.places.iter().any(|place| place.attendee.is_some());
        let registration = registration.filter(named);
        let registration = registration.unwrap_or_else(|| made_up_booking(&session));
        Self { session, registration }
    }

    /// The booking with its places in a state.
    fn all(&self, state: PlaceState) -> Registration {
        let mut registration = self.registration.clone();
        registration.places.iter_mut().for_each(|place| place.state = state);
        registration
    }

    /// Somebody who comes.
    fn attendee(&self) -> Attendee {
        let mut named = self.registration.places.iter().filter_map(|place| place.attendee.clone());
        named.next().unwrap_or_else(|| attendee("Kwame Mensah", "kwame@example.org"))
    }

    fn sitting(&self) -> Option<&Sitting> {
        self.session.sittings.first()
    }
}

fn course() -> Option<Course> {
    Some(Course {
        slug: "sample".parse().ok()?,
        title: "Two-day leadership training".to_owned(),
        summary: String::new(),
        campaign: String::new(),
        learning_minutes: 720,
        default_capacity: 30,
        prerequisites: Vec::new(),
        needs_guardian: false,
        words: Default::default(),
    })
}

fn sitting(
    number: u32,
    day: NaiveDate,
    zone: chrono_tz::Tz,
    now: DateTime<Utc>,
) -> Option<Sitting> {
    let at = |hour| NaiveTime::from_hms_opt(hour, 0, 0).map(|time| day.and_time(time));
    let (starts, ends) = (at(10)?, at(16)?);
    let (starts_at, ends_at) = instants(starts, ends, zone).ok()?;
    Some(Sitting {
        id: SittingId::new(Uuid::from_u128(u128::from(number))),
        number,
        starts,
        ends,
        zone,
        place: None,
        starts_at,
        ends_at,
        uid: String::new(),
        sequence: 0,
        created_at: now,
        changed_at: now,
    })
}

fn attendee(name: &str, address: &str) -> Attendee {
    Attendee {
        name: Name::stored(name),
        email: Some(EmailAddress::stored(address)),
        dietary: None,
        access: None,
        ticks: Ticks::default(),
        guardian: None,
    }
}

fn made_up_booking(session: &Session) -> Registration {
    let people = [("Ruth Okafor", "ruth@example.org"), ("Kwame Mensah", "kwame@example.org")];
    let place = |(number, (name, address)): (u32, (&str, &str))| Place {
        id: PlaceId::new(Uuid::from_u128(u128::from(number))),
        number,
        attendee: Some(attendee(name, address)),
        state: PlaceState::Confirmed,
    };
    Registration {
        id: RegistrationId::new(Uuid::nil()),
        reference: Reference::from_random([0; 8]),
        session: session.code.clone(),
        leader: Leader {
            name: Name::stored("Ruth Okafor"),
            email: Some(EmailAddress::stored("ruth@example.org")),
            phone: None,
        },
        sender: Sender::NotListed(Name::stored("St Brigid's RC Parish")),
        team: TeamPolicy::Together,
        booked_at: Some(
            session.sittings.first().map_or(DateTime::UNIX_EPOCH, |one| one.created_at),
        ),
        hold_extended: false,
        asked: 0,
        nomination: None,
        untold_since: None,
        places: (1..).zip(people).map(place).collect(),
    }
}

/// The letter, as its reader would see it; `None` about a session without a day.
pub fn specimen(
    letter: WordedLetter,
    letterhead: &Letterhead,
    about: &Specimen,
    now: DateTime<Utc>,
) -> Option<Letter> {
    let day = about.sitting()?;
    let content = match letter_to_leader(letter, letterhead, about, now) {
        Some(content) => content,
        None => letter_to_one(letter, letterhead, (about, day), now)?,
    };
    let content = content.of(&about.registration.reference);
    let letter = Letter {
        id: LetterId::new(Uuid::nil()),
        kind: LetterKind::Message,
        to_name: None,
        to: EmailAddress::stored("ruth@example.org"),
        subject: content.subject,
        text: content.text,
        html: content.html,
        calendar: None,
        thread: None,
        day: Some(NearDay { starts_at: day.starts_at, zone: day.zone }),
        reply_to: content.reply_to,
        session: None,
    };
    Some(letter.leaving(now))
}

/// Where links stand that open nothing.
const LINK: &str = "…";

fn letter_to_leader(
    letter: WordedLetter,
    us: &Letterhead,
    about: &Specimen,
    now: DateTime<Utc>,
) -> Option<Content> {
    use WordedLetter as L;
    let (session, url) = (&about.session, &format!("{}/r/{LINK}", us.base_url));
    let all = |state| about.all(state);
    let coming = &all(PlaceState::Confirmed);
    let changed = [format!("Where: was The Library; now {}", session.location.public_line())];
    let names = [about.attendee().name.to_string()];
    Some(match letter {
        L::BookingConfirmed => booking_confirmed(us, session, coming, url),
        L::PlacesRequested => places_requested(us, session, &all(PlaceState::Requested), url),
        L::WaitingListJoined => {
            waiting_list_joined(us, session, &all(PlaceState::Waiting { queue: 1 }), 1, url)
        }
        L::PlaceOffered => {
            let until = now + chrono::Duration::days(2);
            let offered = all(PlaceState::Offered { until, queue: 1 });
            place_offered(us, session, &offered, until, url)
        }
        L::OfferLapsed => offer_lapsed(us, session, &all(PlaceState::Lapsed), url),
        L::RequestRefused => request_refused(us, session, &all(PlaceState::Refused), None, url),
        L::SessionChanged => session_changed(us, session, coming, &changed, url),
        L::SessionCancelled => session_cancelled(us, session, coming, None, url),
        L::PlacesMoved => places_moved(us, (session, session), coming, url),
        L::PlacesCancelled => {
            places_cancelled(us, session, &all(PlaceState::Cancelled), &names, url)
        }
        L::AttendeeChanged => attendee_changed(us, session, coming, None, &names[0], url),
        L::BookingOfYourOwn => booking_of_her_own(us, session, coming, "Amina Yusuf", url),
        _ => return None,
    })
}

/// What is decided of a request in the sample.
fn travel_granted<'a>(name: &'a str, url: &str) -> HelpDecided<'a> {
    let travel = HelpAnswer {
        what: HelpKind::Travel,
        whose: None,
        state: HelpState::Granted,
        amount: Some(2550),
        reason: None,
    };
    HelpDecided { name, answers: vec![travel], url: format!("{url}/help"), give_up: None }
}

fn letter_to_one(
    letter: WordedLetter,
    us: &Letterhead,
    (about, day): (&Specimen, &Sitting),
    now: DateTime<Utc>,
) -> Option<Content> {
    use WordedLetter as L;
    let (session, url) = (&about.session, &format!("{}/p/{LINK}", us.base_url));
    let who = about.attendee();
    let (name, leader) = (who.name.as_str(), about.registration.leader.name.as_str());
    let changed = [format!("Where: was The Library; now {}", session.location.public_line())];
    Some(match letter {
        L::Invite => invite(us, session, day, &who, leader, url),
        L::DayChanged => day_changed(us, session, day, name, &changed, url),
        L::Withdrawn => withdrawn(us, session, day, name, Withdrawal::CancelledByLeader),
        L::Reminder => reminder(us, session, day, name, url),
        L::ReminderToPassOn => {
            reminder_to_pass_on(us, session, day, (leader, &[name.to_owned()], true), url)
        }
        L::FeedbackAsked => feedback_asked(us, session, name, url),
        L::RoomTold => {
            let room = ToldRoom { name: name.to_owned(), room: "Oak 3 (first floor)".to_owned() };
            room_told(us, session, (name, &[room]), &format!("{url}/stay"))
        }
        L::StayAsked => stay_asked(us, session, (name, &[]), &format!("{url}/stay")),
        L::PledgeChased => {
            let turnout = Turnout { pledged: 8, named: 5, ..Turnout::default() };
            pledge_chased(us, session, leader, ("St Brigid's RC Parish", turnout))
        }
        L::DateAnnounced => {
            date_announced(us, session, name, &format!("{}/interest/{LINK}", us.base_url))
        }
        L::HelpDecided => help_decided(us, session, travel_granted(name, url)),
        L::PersonallyInvited => {
            let deadline = "5pm on Friday 4 December";
            let ask = PersonalAsk { by: leader, words: None, deadline, again: false };
            personally_invited(us, session, name, ask, &format!("{}/invited/{LINK}", us.base_url))
        }
        L::AnswersAsked => {
            let asks = MissingAnswers { count: 2, others: &[], url: &format!("{url}/questions") };
            answers_asked(us, session, name, asks)
        }
        L::InvitationChanged => {
            let (deadline, link) =
                ("5pm on Friday 4 December", format!("{}/invited/{LINK}", us.base_url));
            let news = (AskedNews::Changed(&changed), Some(deadline), Some(link.as_str()));
            invitation_changed(us, session, name, news)
        }
        L::CalendarAnswered => {
            let until = now + chrono::Duration::days(1);
            calendar_answered(us, session, name, Heard::Declined { until }, url)
        }
        _ => return None,
    })
}
