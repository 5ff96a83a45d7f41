//! Letters to a leader whose places wait, are offered, or were asked for.

use chrono::{DateTime, Utc};

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{Button, Details, Frame, Group, Step},
    leader::{Told, booking},
};
use crate::domain::{
    place::PlaceStatus, registration::Registration, session::Session, text::Paragraph, wording,
};

struct BookingSteps {
    frame: Frame,
    details: Details,
    people: Vec<Group>,
    reference: String,
    steps: Vec<Step>,
    button: Button,
    /// Whether the reader is to press the button before she reads on.
    button_first: bool,
}

fn letter(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    told: Told<'_>,
    steps: Vec<Step>,
) -> BookingSteps {
    let facts = booking(sender, session, registration, told);
    BookingSteps {
        frame: facts.frame,
        details: facts.details,
        people: facts.people,
        reference: facts.reference,
        steps,
        button: facts.button,
        button_first: false,
    }
}

fn render(letter: &BookingSteps) -> Content {
    content!(
        letter,
        BookingSteps,
        "letters/booking-steps/body.txt",
        "letters/booking-steps/body.html"
    )
}

/// `1 place` or `3 places` in one state.
fn places_in(registration: &Registration, status: PlaceStatus) -> String {
    wording::count(registration.places_in(status).count(), "place", "places")
}

fn waiting_rule(registration: &Registration) -> String {
    let waiting = registration.places_in(PlaceStatus::Waiting).count();
    wording::waiting_rule(registration.team, waiting)
}

/// To the leader: nobody has a place yet; where they stand in the queue, and the rule of it.
pub fn waiting_list_joined(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    position: usize,
    manage_url: &str,
) -> Content {
    let lead = format!(
        "{} on {}. You're number {position}. You do not have a place yet.",
        places_in(registration, PlaceStatus::Waiting),
        session.course.title
    );
    let told = Told { heading: "You're on the waiting list", lead, manage_url };
    let steps = vec![
        Step { title: "How the list works", words: waiting_rule(registration) },
        Step {
            title: "Do not travel without a booking",
            words: "Being on the list does not hold a place. We email you as soon as we can \
                    offer you one. You can leave the list at any time with the button below."
                .to_owned(),
        },
    ];
    render(&letter(sender, session, registration, told, steps))
}

/// To the leader: places are kept for her until a moment, and the page where she answers.
pub fn place_offered(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    until: DateTime<Utc>,
    offer_url: &str,
) -> Content {
    let count = registration.places_in(PlaceStatus::Offered).count();
    let heading = if count == 1 {
        "A place is yours if you want it"
    } else {
        "Places are yours if you want them"
    };
    let deadline = wording::deadline(until, session.zone());
    let lead = format!(
        "We are holding {} on {} for you until {deadline}.",
        places_in(registration, PlaceStatus::Offered),
        session.course.title
    );
    let told = Told { heading, lead, manage_url: offer_url };
    let steps = vec![
        Step {
            title: "Cannot come?",
            words: "Please say so now on the same page. Someone else can have the place today."
                .to_owned(),
        },
        Step {
            title: "No answer?",
            words: format!("After {deadline} we offer it to the next person on the list."),
        },
    ];
    let mut letter = letter(sender, session, registration, told, steps);
    letter.button.label = "Answer the offer";
    letter.button_first = true;
    render(&letter)
}

/// To the leader: the offer ended without an answer, and how to wait again.
pub fn offer_lapsed(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let lead = format!(
        "We held a place on {} for you and had no answer, so we offered it to the next person.",
        session.course.title
    );
    let told = Told { heading: "This offer has ended", lead, manage_url };
    let words = if registration.places_in(PlaceStatus::Waiting).next().is_some() {
        "Your other people are still on the waiting list, and keep their number."
    } else {
        "Join the waiting list again from your booking, with the button below. You will be at \
         the end of it."
    };
    let steps = vec![Step { title: "Would you still like to come?", words: words.to_owned() }];
    let mut letter = letter(sender, session, registration, told, steps);
    letter.button.label = "See your booking";
    render(&letter)
}

/// To the leader: the organiser could not give these places, and why.
pub fn request_refused(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    reason: Option<&Paragraph>,
    manage_url: &str,
) -> Content {
    let lead = format!(
        "The organiser could not give you {} on {}.",
        places_in(registration, PlaceStatus::Refused),
        session.course.title
    );
    let told = Told { heading: "An answer to your request", lead, manage_url };
    let mut steps = Vec::new();
    if let Some(reason) = reason {
        steps.push(Step { title: "What they say", words: plain::one_line(reason.as_str()) });
    }
    steps.push(Step {
        title: "What you can do",
        words: "Look for another date, or reply to this email and talk to us.".to_owned(),
    });
    let mut letter = letter(sender, session, registration, told, steps);
    letter.button.label = "See your booking";
    render(&letter)
}
