//! A small season: one alliance, two institutions, a first course and one that comes after it, and
//! whatever sessions a test plans.

use std::sync::Arc;

use chrono::{Duration, NaiveDateTime};
use chrono_tz::{Europe::London, Tz};
use turnout::{
    domain::{
        alliance::Alliance,
        attendee::Attendee,
        course::{Course, Prerequisite},
        id::{PersonId, PlaceId, RegistrationId, SessionCode, SittingId},
        institution::{Institution, InstitutionKind, Membership},
        location::Location,
        occupancy::{Occupancy, TeamPolicy},
        person::recognition_key,
        private_feed::FeedOwner,
        registration::{Leader, Registration, Sender},
        session::{BookingMode, Publication, Session},
        sitting::{Sitting, instants},
        text::Name,
    },
    store::{
        catalogue, institutions,
        people::{self, Unknown, Whereabouts},
        registrations, sessions,
    },
    token::{SystemRandom, row_id},
};

use super::TestTurnout;

/// The season's alliance.
pub fn alliance() -> Alliance {
    Alliance {
        slug: "oxford".parse().expect("a slug"),
        name: "Oxford Citizens".to_owned(),
        time_zone: London,
        contact_email: "oxford@example.org".parse().expect("an address"),
        words: Default::default(),
    }
}

fn course(slug: &str, prerequisites: Vec<Prerequisite>) -> Course {
    Course {
        slug: slug.parse().expect("a slug"),
        title: format!("Course {slug}"),
        summary: "What is taught.".to_owned(),
        campaign: "leadership".to_owned(),
        learning_minutes: 120,
        default_capacity: 30,
        prerequisites,
        needs_guardian: false,
        words: Default::default(),
    }
}

/// The name of somebody.
pub fn name(text: &str) -> Name {
    Name::parse(text).expect("a name")
}

/// Somebody with an address made of their name.
pub fn attendee(text: &str) -> Attendee {
    leader(text).attends()
}

/// A leader with an address made of her name.
pub fn leader(text: &str) -> Leader {
    let email = format!("{}@example.org", text.to_lowercase().replace(' ', "."));
    Leader { name: name(text), email: email.parse().ok(), phone: None }
}

/// St Brigid's, or the mosque.
pub fn sender(number: u32) -> Sender {
    let code = format!("I000{number}").parse().expect("a code");
    Sender::Listed { code, name: format!("Institution {number}") }
}

impl TestTurnout {
    /// Puts the season's alliance, institutions and courses into the database.
    pub async fn season(self) -> Self {
        let mut tx = self.ctx.store.begin().await.expect("a transaction");
        catalogue::insert_alliance(&mut tx, &alliance()).await.expect("an alliance");
        let first = Prerequisite {
            slug: "first".parse().expect("a slug"),
            title: "Course first".to_owned(),
        };
        for course in [course("first", vec![]), course("second", vec![first])] {
            catalogue::insert_course(&mut tx, &course).await.expect("a course");
            catalogue::insert_prerequisites(&mut tx, &course).await.expect("its prerequisites");
        }
        for number in 1..=3 {
            let Sender::Listed { code, name } = sender(number) else { unreachable!() };
            let institution = Institution {
                code,
                name,
                kind: InstitutionKind::Faith,
                alliance: alliance().slug,
                membership: Membership::Member,
            };
            institutions::insert(&mut tx, &institution).await.expect("an institution");
        }
        tx.commit().await.expect("a commit");
        self
    }

    /// Adds a course that asks who is responsible for whoever is under 18.
    pub async fn course_for_the_young(&self) {
        let mut tx = self.ctx.store.begin().await.expect("a transaction");
        let young = Course { needs_guardian: true, ..course("young", vec![]) };
        catalogue::insert_course(&mut tx, &young).await.expect("a course");
        tx.commit().await.expect("a commit");
    }

    /// Plans a session of `course` with `capacity` places and one sitting four weeks after the
    /// test's first moment, changed as `change` says.
    pub async fn plan(
        &self,
        code: &str,
        course_slug: &str,
        capacity: u32,
        change: impl FnOnce(&mut Session),
    ) -> SessionCode {
        let mut conn = self.ctx.store.read().await.expect("a connection");
        let courses = catalogue::courses(&mut conn).await.expect("courses");
        drop(conn);
        let course = courses.into_iter().find(|one| one.slug.as_str() == course_slug);
        let starts = super::start().naive_utc() + Duration::days(28);
        let mut session = Session {
            code: code.parse().expect("a code"),
            course: Arc::new(course.expect("a course")),
            alliance: Arc::new(alliance()),
            location: Location::Venue {
                name: "St Aidan's Hall".to_owned(),
                address: "41 Copeland Lane".to_owned(),
            },
            venue: None,
            access: vec![],
            occupancy: Occupancy { capacity, ..Occupancy::default() },
            places_per_institution: None,
            places_per_booking: 20,
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
            note: None,
            words: Default::default(),
            publication: Publication::Published,
            sittings: vec![self.sitting(1, starts)],
        };
        change(&mut session);
        let mut tx = self.ctx.store.begin().await.expect("a transaction");
        assert!(sessions::insert(&mut tx, &session).await.expect("a session"));
        tx.commit().await.expect("a commit");
        session.code
    }

    /// A sitting of two hours that starts at a wall time in London.
    pub fn sitting(&self, number: u32, starts: NaiveDateTime) -> Sitting {
        self.sitting_in(number, starts, London)
    }

    /// The same where another clock goes.
    pub fn sitting_in(&self, number: u32, starts: NaiveDateTime, zone: Tz) -> Sitting {
        let ends = starts + Duration::hours(2);
        let (starts_at, ends_at) = instants(starts, ends, zone).expect("a sitting");
        let id = row_id(&SystemRandom, &*self.ctx.clock);
        Sitting {
            id: SittingId::new(id),
            number,
            starts,
            ends,
            zone,
            starts_at,
            ends_at,
            uid: format!("{id}@turnout.example"),
            sequence: 0,
            created_at: super::start(),
            changed_at: super::start(),
            place: None,
        }
    }

    /// A session as it stands.
    pub async fn session(&self, code: &SessionCode) -> Session {
        let mut conn = self.ctx.store.read().await.expect("a connection");
        sessions::find(&mut conn, code).await.expect("a read").expect("a session")
    }

    /// A registration as it stands.
    pub async fn registration(&self, id: RegistrationId) -> Registration {
        let mut conn = self.ctx.store.read().await.expect("a connection");
        registrations::find(&mut conn, id).await.expect("a read").expect("a registration")
    }

    /// The words for the states of a registration's places, by number.
    pub async fn states(&self, id: RegistrationId) -> Vec<&'static str> {
        let registration = self.registration(id).await;
        registration.places.iter().map(|place| place.state.status().as_str()).collect()
    }
}

/// What a team asks for: a leader who comes, with `others` whose names follow.
pub fn request(
    session: &SessionCode,
    who: &str,
    places: usize,
    team: TeamPolicy,
) -> turnout::actions::booking::book_places::BookRequest {
    let mut attendees = vec![None; places];
    attendees[0] = Some(attendee(who));
    turnout::actions::booking::book_places::BookRequest {
        session: session.clone(),
        leader: leader(who),
        sender: Sender::Herself,
        team,
        attendees,
        attempt: None,
        fingerprint: None,
        nomination: None,
        vouched: false,
        // Tests book under a few names again and again, and mean somebody else each time.
        apart: (1..=u32::try_from(places).unwrap_or(u32::MAX)).collect(),
    }
}

impl TestTurnout {
    /// Whose feed it is that somebody makes, whom we know by her name and address.
    pub async fn feed_owner(&self, who: &Attendee) -> FeedOwner {
        let email = who.email.clone().expect("an address");
        let key = recognition_key(&who.name, Some(&email), None);
        let unknown = Unknown {
            standing: Whereabouts::Place(PlaceId::new(uuid::Uuid::nil())),
            name: who.name.clone(),
            email: Some(email.clone()),
            phone: None,
            institution: None,
        };
        let new = PersonId::new(turnout::token::secret_uuid(&turnout::token::SystemRandom));
        let mut tx = self.ctx.store.begin().await.expect("a transaction");
        let now = self.ctx.now();
        let person = people::recognise(&mut tx, &key, &unknown, new, now).await.expect("somebody");
        tx.commit().await.expect("a commit");
        FeedOwner::Attendee { person, email, name: who.name.clone() }
    }
}
