//! REQUEST and CANCEL: one sitting, one attendee, one event (RFC 5546 3.2.2 and 3.2.5).

use ical::{generator::IcalEvent, parser::ical::component::IcalAlarm, property::Property};

use super::{
    Publisher,
    event::{calendar, common, description, times, title, title_of, url, zone},
    text::{emit, hash, marked, param, prop, uri, utc},
};
use crate::domain::{
    invitation::{EventMark, Invitation, Participation},
    location::Location,
    reply::PartStat,
    session::Session,
    sitting::Sitting,
};

/// Why a calendar is told to remove an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventRemoval {
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
    event_url: &str,
) -> String {
    let status = match participation {
        Participation::NeedsAction => "NEEDS-ACTION",
        Participation::Said(PartStat::Accepted) => "ACCEPTED",
        Participation::Said(PartStat::Tentative) => "TENTATIVE",
        Participation::Said(PartStat::Declined) => "DECLINED",
    };
    let title = title(session, sitting);
    let mut event = event(publisher, session, (sitting, &title), invitation, status);
    invite(&mut event, publisher, session, sitting, event_url);
    file(publisher, "REQUEST", sitting, event)
}

/// What a REQUEST says of a day, whoever gets it and however often: what its letter depends on.
pub fn mark(publisher: &Publisher, session: &Session, sitting: &Sitting) -> EventMark {
    let mut event = IcalEvent::new();
    event.properties.extend(times(sitting, has_zone(sitting)));
    event.properties.extend(common(publisher, (session, sitting), &title(session, sitting)));
    // Who invited stays, and says nothing of the day.
    event.properties.retain(|one| !one.name.starts_with("ORGANIZER"));
    invite(&mut event, publisher, session, sitting, "");
    let occasion = [
        sitting.starts.to_string(),
        sitting.ends.to_string(),
        sitting.zone.name().to_owned(),
        // A zone's rules may change: then the same wall time is another moment.
        utc(sitting.starts_at),
        utc(sitting.ends_at),
        format!("{:?}", session.location_on(sitting)),
    ];
    EventMark { rendered: marked(&event), occasion: hash(&occasion.join("\n")) }
}

/// What an invite says besides who, when and where.
fn invite(
    event: &mut IcalEvent,
    publisher: &Publisher,
    session: &Session,
    sitting: &Sitting,
    event_url: &str,
) {
    let mut first = format!("Your place: {event_url}");
    if let Location::Online { room } = &session.location_on(sitting) {
        first = format!("Join the video call: {room}\n\n{first}");
        let head = format!("CONFERENCE;VALUE=URI;FEATURE=VIDEO{}", param("LABEL", "Video call"));
        event.properties.extend(uri(room).map(|room| prop(head, room)));
        // Outlook and Apple's calendar show nothing of CONFERENCE. A link is never cut.
        let is_location =
            |one: &&mut Property| one.name == "LOCATION" && room.chars().count() <= 255;
        for location in event.properties.iter_mut().filter(is_location) {
            location.value = Some(super::text::line(room, 255));
        }
    }
    event.properties.push(description(publisher, session, &first));
    event.properties.push(prop("STATUS", "CONFIRMED"));
    event.properties.push(prop("TRANSP", "OPAQUE"));
    url(event, event_url);
    let mut alarm = IcalAlarm::new();
    alarm.properties = vec![
        prop("ACTION", "DISPLAY"),
        prop("DESCRIPTION", super::text::line(&title(session, sitting), 255)),
        prop("TRIGGER", "-P1D"),
    ];
    event.alarms.push(alarm);
}

/// The file that takes a sitting, which is or was one of `days`, out of an attendee's calendar.
pub fn cancel(
    publisher: &Publisher,
    session: &Session,
    (sitting, days): (&Sitting, usize),
    invitation: &Invitation,
    why: EventRemoval,
) -> String {
    let title = title_of(session, sitting, days);
    let mut event = event(publisher, session, (sitting, &title), invitation, "NEEDS-ACTION");
    if why == EventRemoval::SessionCancelled {
        event.properties.push(prop("STATUS", "CANCELLED"));
        event.properties.push(prop("TRANSP", "TRANSPARENT"));
    }
    file(publisher, "CANCEL", sitting, event)
}

fn event(
    publisher: &Publisher,
    session: &Session,
    (sitting, title): (&Sitting, &str),
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
    event.properties.extend(common(publisher, (session, sitting), title));
    if let Some(organizer) = &invitation.organizer {
        // As it was when this UID was sent first, whatever the settings say now.
        let is_organizer = |one: &&mut Property| one.name.starts_with("ORGANIZER");
        let known = event.properties.iter_mut().find(is_organizer);
        if let Some(property) = known {
            property.value = Some(organizer.link());
        }
    }
    event.properties.push(prop(attendee, invitation.address.link()));
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
