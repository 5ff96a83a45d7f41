//! Questions of a booking are answered: by its leader, by whoever comes, by the office, by a program.

use std::collections::HashMap;

use crate::{
    actions::{
        ActionContext,
        places::opened::Opened,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction},
        id::{PlaceId, RegistrationId},
        place::{Place, PlaceStatus},
        question::{Answered, Asked, Given, Question, missing},
        registration::Registration,
        roster::Roster,
        session::{Publication, Session},
        wording,
    },
    store::{
        Conn, StoreError, Tx,
        answers::{self, Sheet},
        questions, registrations,
        session_lock::Locked,
    },
    token::row_id,
};

/// What was answered: of the booking, and of each of some places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// Of the booking, where that was asked.
    pub of_booking: Option<Vec<Given>>,
    /// Of places, by their numbers.
    pub of_places: HashMap<u32, Vec<Given>>,
}

impl Answers {
    /// Whether nothing was asked.
    pub fn is_empty(&self) -> bool {
        self.of_booking.is_none() && self.of_places.is_empty()
    }
}

/// Why nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum AnswerError {
    /// There is no such place, or it is not open any more.
    #[error("this place is not there any more: it was given up or taken back")]
    NoSuchPlace,
    /// The session is over or called off.
    #[error("the session takes no more changes")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Keeps what was answered for a booking, in the stead of what was answered before.
///
/// # Errors
/// [`AnswerError`], in which case nothing changed.
pub async fn answer_questions(
    ctx: &ActionContext,
    actor: &Actor,
    id: RegistrationId,
    answered: &Answers,
) -> Result<(), AnswerError> {
    let mut tx = ctx.store.begin().await?;
    let opened = Opened::lock(&mut tx, id).await?.ok_or(AnswerError::NoSuchPlace)?;
    let Opened { mut locked, session, registration } = opened;
    may_answer(ctx, actor, (&session, &registration))?;
    let asked = questions::asked(&mut locked, &session).await?;
    save(ctx, &mut locked, &registration, &asked, answered).await?;
    if registration.booked_at.is_some() {
        let (action, subject) = (AuditAction::QuestionsAnswered, Subject::of(&registration));
        record(ctx, &mut locked, actor, action, subject, None).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The office may put right what was answered for as long as the session stands.
fn may_answer(
    ctx: &ActionContext,
    actor: &Actor,
    (session, registration): (&Session, &Registration),
) -> Result<(), AnswerError> {
    let is_office = matches!(actor, Actor::Staff(_) | Actor::CommandLine);
    let is_typing = registration.booked_at.is_none();
    let may = match session.publication {
        Publication::Published => is_office || is_typing || session.accepts_changes_at(ctx.now()),
        Publication::Draft | Publication::Cancelled { .. } => false,
    };
    if may { Ok(()) } else { Err(AnswerError::TooLate) }
}

/// The same within a transaction that does more.
pub(in crate::actions) async fn save(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    registration: &Registration,
    asked: &[Question],
    answered: &Answers,
) -> Result<(), AnswerError> {
    let id = || row_id(&*ctx.random, &*ctx.clock);
    if let Some(given) = &answered.of_booking {
        let of = (registration.id, None);
        answers::save(locked, of, (asked, given), ctx.now(), id).await?;
    }
    let mut numbers: Vec<_> = answered.of_places.iter().collect();
    numbers.sort_by_key(|(number, _)| **number);
    for (number, given) in numbers {
        let open = registration.places.iter().filter(|place| place.state.status().is_open());
        let place = open.clone().find(|place| place.number == *number);
        let place = place.ok_or(AnswerError::NoSuchPlace)?;
        let of = (registration.id, Some(place.id));
        answers::save(locked, of, (asked, given), ctx.now(), id).await?;
    }
    Ok(())
}

/// What was answered as a booking was made, within its transaction.
pub(in crate::actions) async fn save_of(
    ctx: &ActionContext,
    tx: &mut Tx,
    registration: &Registration,
    answered: &Answers,
) -> Result<(), StoreError> {
    let Some(Opened { mut locked, session, .. }) = Opened::lock(tx, registration.id).await? else {
        return Ok(());
    };
    let asked = questions::asked(&mut locked, &session).await?;
    match save(ctx, &mut locked, registration, &asked, answered).await {
        Err(AnswerError::Store(error)) => Err(error),
        // Every place of it was made a moment ago.
        Ok(()) | Err(AnswerError::NoSuchPlace | AnswerError::TooLate) => Ok(()),
    }
}

/// What is still to be answered of a booking.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unanswered {
    /// By whoever booked.
    pub of_booking: usize,
    /// By or for each person, by the number of her place.
    pub of_places: Vec<(u32, usize)>,
}

impl Unanswered {
    /// How many answers that are.
    pub fn count(&self) -> usize {
        self.of_booking + self.of_places.iter().map(|(_, count)| count).sum::<usize>()
    }

    /// How many of one place.
    pub fn of_place(&self, number: u32) -> usize {
        self.of_places.iter().find(|(of, _)| *of == number).map_or(0, |(_, count)| *count)
    }
}

/// Whether a person on a place is asked: she is named, and her place stands.
fn is_asked(place: &&Place) -> bool {
    place.state.status().is_open() && place.attendee.is_some()
}

/// What is still to be answered of a booking that was answered so far. Whoever is to be named is asked once she is.
pub fn unanswered(
    questions: &[Question],
    sheet: &Sheet,
    registration: &Registration,
) -> Unanswered {
    let is_over = |place: &&Place| {
        matches!(place.state.status(), PlaceStatus::Cancelled | PlaceStatus::Refused)
    };
    if registration.places.iter().all(|place| is_over(&place)) {
        return Unanswered::default();
    }
    let of = |place: &Place| {
        let given = sheet.of(Some(place.id));
        (place.number, missing(questions, Asked::Person, given).len())
    };
    Unanswered {
        of_booking: missing(questions, Asked::Booking, sheet.of(None)).len(),
        of_places: registration
            .places
            .iter()
            .filter(is_asked)
            .map(of)
            .filter(|(_, count)| *count > 0)
            .collect(),
    }
}

/// Takes what was answered along to other places of the same people.
pub(in crate::actions) async fn take_along(
    ctx: &ActionContext,
    locked: &mut Locked<'_>,
    booking: (RegistrationId, RegistrationId),
    places: &[(PlaceId, PlaceId)],
) -> Result<(), StoreError> {
    let id = || row_id(&*ctx.random, &*ctx.clock);
    answers::take_along(locked, booking, places, ctx.now(), id).await
}

/// Whether a booking is asked anything, and how much of it is still to be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Asks {
    /// Whether there are questions.
    pub is_asked: bool,
    /// How many answers are missing that must be given.
    pub missing: usize,
}

impl Asks {
    /// `2 questions are`, that must still be answered.
    pub fn still(&self) -> String {
        wording::count(self.missing, "question is", "questions are")
    }

    /// `2 questions`.
    pub fn questions(&self) -> String {
        wording::count(self.missing, "question", "questions")
    }
}

/// The same of a booking; of one place alone, for whoever sits there.
///
/// # Errors
/// [`StoreError`].
pub async fn asks(
    conn: &mut Conn,
    session: &Session,
    registration: &Registration,
    number: Option<u32>,
) -> Result<Asks, StoreError> {
    let asked = questions::asked(conn, session).await?;
    let concerns = |one: &Question| number.is_none() || one.asked == Asked::Person;
    if !asked.iter().any(concerns) {
        return Ok(Asks::default());
    }
    let sheet = answers::given(conn, registration.id).await?;
    let missing = unanswered(&asked, &sheet, registration);
    let missing = number.map_or_else(|| missing.count(), |number| missing.of_place(number));
    Ok(Asks { is_asked: true, missing })
}

/// A roster with what was answered on its session.
pub(in crate::actions) async fn with_answers(
    conn: &mut Conn,
    session: &Session,
    roster: Roster,
) -> Result<Roster, StoreError> {
    let standing = answers::of_session(conn, &session.code).await?;
    if standing.is_empty() {
        return Ok(roster);
    }
    let mut of_places: HashMap<PlaceId, Vec<Answered>> = HashMap::new();
    let mut by_booking: HashMap<RegistrationId, Vec<Answered>> = HashMap::new();
    for one in standing {
        match one.place {
            Some(place) => of_places.entry(place).or_default().push(one.answered),
            None => by_booking.entry(one.registration).or_default().push(one.answered),
        }
    }
    let mut of_bookings = HashMap::new();
    for (id, answered) in by_booking {
        if let Some(reference) = registrations::reference_of(conn, id).await? {
            of_bookings.insert(reference.to_string(), answered);
        }
    }
    Ok(roster.with_answers(&of_places, of_bookings))
}
