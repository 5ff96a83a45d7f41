//! What has just happened to a booking, in words. Each says only what is so by then.

use crate::domain::{place::PlaceStatus, registration::Registration};

/// The words for what a form did, by the word its redirect carries.
pub fn notice(done: &str, registration: &Registration) -> Option<String> {
    match done {
        "saved" => Some("Saved.".to_owned()),
        "answered" => Some("Your answers are saved.".to_owned()),
        "cancelled" => Some("That place is cancelled.".to_owned()),
        "evenings-cancelled" => {
            Some("The evenings that were to come are cancelled.".to_owned())
        }
        "all-cancelled" => Some("Your booking is cancelled.".to_owned()),
        "sent" => Some("We have emailed you your link again.".to_owned()),
        "not-sent" => Some(
            "We sent no letter: there is nothing to come under your address, or several went there \
             within the hour."
                .to_owned(),
        ),
        "all-sent" => Some("We have emailed you a link to one page with everything.".to_owned()),
        "split" => Some(
            "Saved. This person looks after their own place now, and has the link by email."
                .to_owned(),
        ),
        "parted" => Some("That place is not on your booking any more.".to_owned()),
        "passed" => Some("Thank you. You passed the place on. You keep your number.".to_owned()),
        "waiting" => Some("You are on the waiting list again, at its end.".to_owned()),
        "left" => Some("You are off the waiting list.".to_owned()),
        "added" => Some("Saved. One person more is coming.".to_owned()),
        "asked-more" => Some("Saved. The organiser decides about this person.".to_owned()),
        "waits-more" => Some("Saved. This person is on the waiting list.".to_owned()),
        "no-more" => Some("This booking takes no more people.".to_owned()),
        "moved" => Some("Moved. You are booked on this date now.".to_owned()),
        "nobody" => Some("Nobody has a place to tell about.".to_owned()),
        "late" => Some("This session takes no more changes.".to_owned()),
        number => number.strip_prefix("swapped-").and_then(|number| {
            let number: u32 = number.parse().ok()?;
            let place = registration.places.iter().find(|place| place.number == number)?;
            let attendee = place.attendee.as_ref()?;
            let name = &attendee.name;
            Some(match (&attendee.email, place.state.status()) {
                (Some(_), PlaceStatus::Confirmed) => {
                    format!("Saved. {name} is coming. We are emailing {name} the details.")
                }
                _ => format!("Saved. {name} is coming. Please tell {name} the details."),
            })
        }),
    }
}
