//! REQUEST and CANCEL: one sitting, one attendee, one event (RFC 5546 3.2.2 and 3.2.5).

use ical::{generator::IcalEvent, parser::ical::component::IcalAlarm};

use super::{
    Publisher,
    event::{calendar, common, description, times, title, url, zone},
    text::{emit, param, prop, uri, utc},
};
use crate::domain::{
    invitation::{Invitation, Participation},
    location::Location,
    session::Session,
    sitting::Sitting,
};

/// Why a calendar is told to remove an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Withdrawal {
    /// The attendee does not come; the sitting takes place. Without STATUS (RFC 5546 3.2.5).
    AttendeeWithdrawn,
    /// The sitting does not take place.
    SessionCancelled,
}

/// The file that puts a sitting into an attendee's calendar. The online room is in it: whoever
/// gets it has a place (C5).
pub fn request(
    publisher: &Publisher,
    session: &Session,
    sitting: &Sitting,
    invitation: &Invitation,
    participation: Participation,
    manage_url: &str,
) -> String {
    let status = match participation {
        Participation::NeedsAction => "NEEDS-ACTION",
        Participation::Accepted => "ACCEPTED",
    };
    let mut event = event(publisher, session, sitting, invitation, status);
    let mut more = format!("Change your needs, or give up your place: {manage_url}");
    if let Location::Online { room } = &session.location {
        more = format!("Join the video call: {room}\n\n{more}");
        let head = format!("CONFERENCE;VALUE=URI;FEATURE=VIDEO{}", param("LABEL", "Video call"));
        event.properties.extend(uri(room).map(|room| prop(head, room)));
    }
    event.properties.push(description(publisher, session, &more));
    event.properties.push(prop("STATUS", "CONFIRMED"));
    event.properties.push(prop("TRANSP", "OPAQUE"));
    url(&mut event, manage_url);
    let mut alarm = IcalAlarm::new();
    alarm.properties = vec![
        prop("ACTION", "DISPLAY"),
        prop("DESCRIPTION", super::text::line(&title(session, sitting), 255)),
        prop("TRIGGER", "-P1D"),
    ];
    event.alarms.push(alarm);
    file(publisher, "REQUEST", sitting, event)
}

/// The file that takes a sitting out of an attendee's calendar.
pub fn cancel(
    publisher: &Publisher,
    session: &Session,
    sitting: &Sitting,
    invitation: &Invitation,
    why: Withdrawal,
) -> String {
    let mut event = event(publisher, session, sitting, invitation, "NEEDS-ACTION");
    if why == Withdrawal::SessionCancelled {
        event.properties.push(prop("STATUS", "CANCELLED"));
        event.properties.push(prop("TRANSP", "TRANSPARENT"));
    }
    file(publisher, "CANCEL", sitting, event)
}

fn event(
    publisher: &Publisher,
    session: &Session,
    sitting: &Sitting,
    invitation: &Invitation,
    status: &str,
) -> IcalEvent {
    let attendee = format!(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT={status};RSVP=TRUE{}",
        param("CN", invitation.name.as_str())
    );
    let mut event = IcalEvent::new();
    event.properties = vec![
        prop("UID", invitation.uid.as_str()),
        prop("DTSTAMP", utc(invitation.stamp)),
        prop("SEQUENCE", invitation.sequence.to_string()),
    ];
    event.properties.extend(times(sitting, has_zone(sitting)));
    event.properties.extend(common(publisher, session, &title(session, sitting)));
    event.properties.push(prop(attendee, format!("mailto:{}", invitation.address)));
    event.properties.push(prop("X-MICROSOFT-DISALLOW-COUNTER", "TRUE"));
    event
}

fn has_zone(sitting: &Sitting) -> bool {
    zone(sitting.zone, std::iter::once(sitting)).is_some()
}

fn file(publisher: &Publisher, method: &str, sitting: &Sitting, event: IcalEvent) -> String {
    let mut calendar = calendar(publisher, method);
    calendar.timezones.extend(zone(sitting.zone, std::iter::once(sitting)));
    calendar.events.push(event);
    emit(&calendar)
}
