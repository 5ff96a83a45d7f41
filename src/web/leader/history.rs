//! What became of a booking, in plain words: each move with its moment (the audit log's own).

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{
    audit::{Actor, AuditAction, AuditEvent},
    wording,
};

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// `10am on Tuesday 25 August`.
    pub when: String,
    /// What, and who did it.
    pub what: String,
}

/// What the leader may know of the events of her booking, oldest first.
pub fn history(events: &[AuditEvent], zone: Tz) -> Vec<Happened> {
    let told = events.iter().filter_map(|event| Some((event, words(event, zone)?)));
    told.map(|(event, what)| Happened { when: wording::moment(event.at, zone), what }).collect()
}

fn words(event: &AuditEvent, zone: Tz) -> Option<String> {
    let who = who(&event.actor);
    let detail = event.detail.as_deref().unwrap_or_default();
    let (count, until) = places(detail);
    Some(match event.action {
        AuditAction::PlacesBooked => format!("{who} booked {count}"),
        AuditAction::PlacesRequested => format!("{who} asked for {count}"),
        AuditAction::WaitingListJoined if detail.is_empty() => {
            format!("{who} joined the waiting list again, at its end")
        }
        AuditAction::WaitingListJoined => format!("{count} joined the waiting list"),
        AuditAction::PlacesOffered => match until {
            Some(until) => {
                let until = wording::moment(until, zone);
                format!("{count} came free, and we offered it until {until}")
            }
            None => format!("{count} came free, and we offered it"),
        },
        AuditAction::OfferAccepted => format!("{who} took up {count} of the offer"),
        AuditAction::OfferDeclined if detail == "passed it on" => {
            format!("{who} passed the offer on, and kept the number")
        }
        AuditAction::OfferDeclined => format!("{who} declined the offer, and left the list"),
        AuditAction::OfferLapsed => "The offer ended without an answer".to_owned(),
        AuditAction::RequestApproved => format!("{who} said yes to {count}"),
        AuditAction::RequestRefused => format!("{who} could not give {count}"),
        AuditAction::RequestWaits => format!("{who} put {count} on the waiting list"),
        AuditAction::PlaceCancelled => format!("{who} cancelled 1 place"),
        AuditAction::AttendeeReplaced => format!("{who} changed who comes"),
        AuditAction::LeaderChanged => format!("{who} changed who looks after the booking"),
        AuditAction::BookingSplit if detail.starts_with("from ") => {
            "This became a booking of its own".to_owned()
        }
        AuditAction::BookingSplit => format!("{who} gave somebody a booking of their own"),
        AuditAction::AttendeeEdited => format!("{who} changed somebody\u{2019}s details"),
        _ => return None,
    })
}

fn who(actor: &Actor) -> &'static str {
    match actor {
        Actor::Visitor | Actor::Leader | Actor::Invited | Actor::Api => "You",
        Actor::Attendee | Actor::Calendar => "The person who was to come",
        Actor::Staff(_) | Actor::Helper(_) | Actor::CommandLine => "The organiser",
        Actor::Job => "We",
    }
}

/// Reads `2 places until 2027-01-04T10:00:00+00:00`.
fn places(detail: &str) -> (String, Option<DateTime<Utc>>) {
    let number = detail.split(' ').next().and_then(|word| word.parse().ok()).unwrap_or(1);
    let until = detail.split(" until ").nth(1).and_then(|text| text.parse().ok());
    (wording::count(number, "place", "places"), until)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_reads_as_a_sentence() {
        let event = |action, actor, detail: &str| AuditEvent {
            at: "2027-01-02T10:00:00Z".parse().expect("a moment"),
            actor,
            action,
            session: None,
            registration: None,
            place: None,
            about: None,
            detail: Some(detail.to_owned()),
            changes: Vec::new(),
        };
        let zone = chrono_tz::Europe::London;
        let told = history(
            &[
                event(AuditAction::PlacesBooked, Actor::Visitor, "2 places"),
                event(AuditAction::LinkSent, Actor::Visitor, ""),
                event(
                    AuditAction::PlacesOffered,
                    Actor::Job,
                    "1 places until 2027-01-04T10:00:00Z",
                ),
            ],
            zone,
        );
        let what: Vec<&str> = told.iter().map(|one| one.what.as_str()).collect();
        let offered = "1 place came free, and we offered it until 10am on Monday 4 January";
        assert_eq!(what, ["You booked 2 places", offered]);
        assert_eq!(told[0].when, "10am on Saturday 2 January");
    }
}
