//! Letters to the leader, who made the booking and alone may change it.

use super::{
    super::{Sender, plain},
    Content, content,
    frame::{Button, Details, Frame, Group, Opening, Person, short_title, signed, site_name},
};
use crate::domain::{
    place::{Place, PlaceStatus},
    registration::Registration,
    session::Session,
    wording,
};

/// What every letter about a booking states.
pub(super) struct Booking {
    pub(super) frame: Frame,
    pub(super) details: Details,
    pub(super) people: Vec<Group>,
    pub(super) reference: String,
    pub(super) button: Button,
}

/// To the leader: her places are hers, or wait on the list; who is coming, and her private link.
pub fn booking_confirmed(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let (confirmed, waiting) =
        (registration.confirmed().count(), registration.places_in(PlaceStatus::Waiting).count());
    let (heading, mut lead) = if confirmed > 0 {
        ("You're booked", places(confirmed, session, registration))
    } else {
        ("You're on the waiting list", places(waiting, session, registration))
    };
    if waiting > 0 {
        let (those, are) = match waiting {
            _ if confirmed == 0 => ("You do not have a place yet".to_owned(), ""),
            1 => ("1 person".to_owned(), " is on the waiting list"),
            many => (format!("{many} people"), " are on the waiting list"),
        };
        lead = format!("{lead}. {those}{are}. Do not travel without a booking.");
    }
    let letter = booking(sender, session, registration, Told { heading, lead, manage_url });
    content!(
        &letter,
        Booking,
        "letters/booking-confirmed/body.txt",
        "letters/booking-confirmed/body.html"
    )
}

/// To the leader: the organiser will decide about these places.
pub fn places_requested(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    manage_url: &str,
) -> Content {
    let asked = registration.places_in(PlaceStatus::Requested).count();
    let lead = places(asked, session, registration);
    let told = Told { heading: "We have your request", lead, manage_url };
    let letter = booking(sender, session, registration, told);
    content!(
        &letter,
        Booking,
        "letters/places-requested/body.txt",
        "letters/places-requested/body.html"
    )
}

/// To the leader: these people's places were given up. `registration` is as it stands after;
/// a cancelled place without a name is passed as `Name to follow`.
pub fn places_cancelled(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    cancelled: &[String],
    manage_url: &str,
) -> Content {
    let is_over = !registration.places.iter().any(|place| place.state.status().is_open());
    let title = &session.course.title;
    let (heading, lead) = if is_over {
        ("Your booking is cancelled", format!("Nobody is coming to {title} from this booking."))
    } else {
        let count = wording::count(cancelled.len(), "place is", "places are");
        ("Your booking has changed", format!("{count} cancelled on {title}."))
    };
    let mut letter = booking(sender, session, registration, Told { heading, lead, manage_url });
    let people = cancelled.iter().map(|name| Person::named(name)).collect();
    letter.people.insert(0, Group { title: "Cancelled", people });
    if is_over {
        letter.button.label = "See your booking";
    }
    content!(
        &letter,
        Booking,
        "letters/places-cancelled/body.txt",
        "letters/places-cancelled/body.html"
    )
}

/// To the leader: who comes instead of whom (`old_name` is `None` where the name was to follow),
/// or, with the same name twice, that somebody's details changed; never which.
pub fn attendee_changed(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    old_name: Option<&str>,
    new_name: &str,
    manage_url: &str,
) -> Content {
    let title = &session.course.title;
    let lead = match old_name {
        Some(old) if old == new_name => {
            format!("Saved. We have the new details of {new_name} for {title}.")
        }
        Some(old) => format!("Saved. {new_name} is coming to {title} instead of {old}."),
        None => format!("Saved. {new_name} is coming to {title}."),
    };
    let told = Told { heading: "Your booking has changed", lead, manage_url };
    let letter = booking(sender, session, registration, told);
    content!(
        &letter,
        Booking,
        "letters/attendee-changed/body.txt",
        "letters/attendee-changed/body.html"
    )
}

/// The result a letter tells, and the link to act on it.
pub(super) struct Told<'a> {
    pub(super) heading: &'a str,
    pub(super) lead: String,
    pub(super) manage_url: &'a str,
}

/// The facts of a booking, with the result it leads with.
pub(super) fn booking(
    sender: &Sender,
    session: &Session,
    registration: &Registration,
    told: Told<'_>,
) -> Booking {
    let subject = format!("{}: {}, {}", told.heading, short_title(session), wording::days(session));
    let opening = Opening {
        subject,
        heading: told.heading,
        lead: told.lead,
        to_name: registration.leader.name.as_str(),
        why: format!("You get this email because you booked at {}.", site_name(sender)),
        signed: signed(session),
    };
    Booking {
        frame: Frame::new(sender, &opening),
        details: details(sender, session, registration),
        people: people(registration),
        reference: registration.reference.to_string(),
        button: Button {
            url: told.manage_url.to_owned(),
            label: "Change or cancel",
            caution: "This link is private. Anyone who has it can change your booking, so please \
                      do not forward this email. To tell your team, copy the details above."
                .to_owned(),
        },
    }
}

/// `3 places on Two-day leadership training for St Brigid's`.
fn places(count: usize, session: &Session, registration: &Registration) -> String {
    let places = wording::count(count, "place", "places");
    match registration.sender.name() {
        Some(name) => format!("{places} on {} for {name}", session.course.title),
        None => format!("{places} on {}", session.course.title),
    }
}

/// When and where. The room of an online session is for those who have a place (C5): each has it
/// in her own letter, so the leader gets it only to tell those who have no address.
fn details(sender: &Sender, session: &Session, registration: &Registration) -> Details {
    let details = Details::of_session(sender, session);
    if !session.location.is_online() || registration.confirmed().next().is_none() {
        return details;
    }
    if registration.confirmed().any(has_no_letter) {
        let how = "Please pass this link on only to people with a place who gave no email. The \
                   others have it in their own email.";
        return details.with_room(session, how);
    }
    let how_to_join = "The link to join is in each person's own email.".to_owned();
    Details { how_to_join, ..details }
}

fn has_no_letter(place: &Place) -> bool {
    place.attendee.as_ref().is_some_and(|attendee| attendee.email.is_none())
}

/// Everybody on the booking, by how their place stands.
fn people(registration: &Registration) -> Vec<Group> {
    let headings = [
        (PlaceStatus::Confirmed, "Who is coming"),
        (PlaceStatus::Offered, "We are holding a place for"),
        (PlaceStatus::Requested, "Waiting for an answer"),
        (PlaceStatus::Waiting, "On the waiting list"),
        (PlaceStatus::Lapsed, "Not booked: the offer ended"),
        (PlaceStatus::Refused, "Not booked"),
    ];
    let groups = headings.into_iter().map(|(status, title)| {
        let people = registration.places_in(status).map(|place| person(place, registration));
        Group { title, people: people.collect() }
    });
    groups.filter(|group| !group.people.is_empty()).collect()
}

/// Who sits on a place, and what the leader has to do about it. Never their needs.
fn person(place: &Place, registration: &Registration) -> Person {
    let Some(attendee) = &place.attendee else {
        return Person {
            name: "Name to follow".to_owned(),
            remark: "tell us who with the link below",
        };
    };
    let name = attendee.name.as_str();
    let is_leader = plain::one_line(name) == plain::one_line(registration.leader.name.as_str());
    if is_leader || place.state.status() != PlaceStatus::Confirmed {
        Person::named(name)
    } else {
        Person::told_by(name, attendee.email.as_ref())
    }
}
