//! An e-mail we send.

use chrono::{DateTime, Utc};

pub use super::calendar_part::{CalendarMethod, CalendarPart};

use super::{
    contact::EmailAddress,
    id::{LetterId, SessionCode},
    near_day::NearDay,
    vocabulary::words,
};

/// Every letter Turnout sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LetterKind {
    /// To the leader: what she booked, and her private link.
    BookingConfirmed,
    /// To an attendee: her place, her own link, and the invite of one sitting.
    Invite,
    /// To an attendee whose place is hers no more, with the CANCEL of one sitting.
    Withdrawn,
    /// To the leader: what she cancelled.
    PlacesCancelled,
    /// To the leader: who comes instead of whom, or with which needs.
    AttendeeChanged,
    /// To whoever asked: links to the bookings under this address.
    LostLink,
    /// To staff: a link that signs them in once.
    SignInLink,
    /// To staff: a passkey signs them in from now on.
    PasskeyAdded,
    /// To the address that staff had: another has taken its place.
    AddressChanged,
    /// To the leader: the organiser will decide about these places.
    PlacesRequested,
    /// To the leader: her places wait, and where they stand.
    WaitingListJoined,
    /// To the leader: a freed place is kept for her until a moment.
    PlaceOffered,
    /// To the leader: the offer ended without an answer.
    OfferLapsed,
    /// To the leader: the organiser said no.
    RequestRefused,
    /// To the leader and to each attendee: other times, or another venue; with the new invite.
    SessionChanged,
    /// To the leader: the session was called off.
    SessionCancelled,
    /// To an attendee, or to a leader for people without an address: a day of a session is near.
    Reminder,
    /// To an attendee: her calendar declined, and when her place goes to somebody else.
    PlaceDeclined,
    /// To an attendee: her calendar answered, and it changed nothing.
    CalendarAnswered,
    /// To anybody with a place or waiting for one: what an organiser wrote.
    Message,
    /// To the leader: places of hers are on another session now.
    PlacesMoved,
    /// To somebody who attended: what she thought of it.
    FeedbackAsked,
    /// To leaders of an institution that has named fewer people than it pledged.
    PledgeChased,
    /// To somebody an organiser asks by name to come, with her own link to answer.
    PersonallyInvited,
    /// To whoever was asked by name or nominated and has no place: the session changed, or was called off.
    InvitationChanged,
    /// To a leader or an attendee: what is asked of her and not answered yet.
    AnswersAsked,
    /// To whoever wants to be told of dates: a link by which she confirms it.
    InterestAsked,
    /// To whoever wanted to be told: there is a date.
    DateAnnounced,
    /// To a trainer: she leads a session or does not any more, or it changed.
    TrainerTold,
    /// To somebody with a new account: a link that signs her in once.
    AccountAdded,
    /// To an organiser who wants it: who gave up their places since the day before.
    WithdrawalsListed,
    /// To an alliance: a session has fewer people than it needs, and it is to be decided about.
    BelowMinimum,
    /// To somebody on a path: what it is, and a link of her own.
    PathJoined,
    /// To somebody who was on a path: she is on a newer version of it, or on it no more.
    PathChanged,
    /// To somebody on a path: what she claimed was confirmed, or not.
    ClaimAnswered,
    /// To somebody who finished a path: her certificate.
    PathFinished,
    /// To whoever asked for help with coming: what was decided.
    HelpDecided,
    /// To staff: a colleague gave her something on the overview to look after.
    ThingGiven,
    /// To whoever has a place and said nothing of her stay, before rooms are given out.
    StayAsked,
    /// To whoever has a place where people stay, or to whoever booked: which room.
    RoomTold,
}

words!(LetterKind {
    BookingConfirmed => "booking-confirmed",
    Invite => "invite",
    Withdrawn => "withdrawn",
    PlacesCancelled => "places-cancelled",
    AttendeeChanged => "attendee-changed",
    LostLink => "lost-link",
    SignInLink => "sign-in-link",
    PasskeyAdded => "passkey-added",
    AddressChanged => "address-changed",
    PlacesRequested => "places-requested",
    WaitingListJoined => "waiting-list-joined",
    PlaceOffered => "place-offered",
    OfferLapsed => "offer-lapsed",
    RequestRefused => "request-refused",
    SessionChanged => "session-changed",
    SessionCancelled => "session-cancelled",
    Reminder => "reminder",
    PlaceDeclined => "place-declined",
    CalendarAnswered => "calendar-answered",
    Message => "message",
    PlacesMoved => "places-moved",
    FeedbackAsked => "feedback-asked",
    PledgeChased => "pledge-chased",
    PersonallyInvited => "personally-invited",
    InvitationChanged => "invitation-changed",
    AnswersAsked => "answers-asked",
    InterestAsked => "interest-asked",
    DateAnnounced => "date-announced",
    TrainerTold => "trainer-told",
    AccountAdded => "account-added",
    WithdrawalsListed => "withdrawals-listed",
    BelowMinimum => "below-minimum",
    PathJoined => "path-joined",
    PathChanged => "path-changed",
    ClaimAnswered => "claim-answered",
    PathFinished => "path-finished",
    HelpDecided => "help-decided",
    ThingGiven => "thing-given",
    StayAsked => "stay-asked",
    RoomTold => "room-told",
});

/// Which letters leave first when many wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// Somebody sits before the page that sends it.
    Link = 0,
    /// It says until when to answer.
    Offer = 1,
    /// What became of a booking, or of a session.
    News = 2,
    /// Nobody asked for it, and an hour later it would be as good.
    Circular = 3,
}

impl Urgency {
    /// The number it has in the outbox, the least first.
    pub const fn rank(self) -> i32 {
        self as i32
    }
}

impl LetterKind {
    /// How urgent letters of this kind are.
    pub const fn urgency(self) -> Urgency {
        match self {
            Self::SignInLink | Self::LostLink | Self::InterestAsked => Urgency::Link,
            Self::PlaceOffered => Urgency::Offer,
            Self::Reminder
            | Self::StayAsked
            | Self::Message
            | Self::FeedbackAsked
            | Self::PledgeChased
            | Self::PersonallyInvited
            | Self::AnswersAsked
            | Self::DateAnnounced
            | Self::WithdrawalsListed
            | Self::BelowMinimum => Urgency::Circular,
            Self::BookingConfirmed
            | Self::Invite
            | Self::Withdrawn
            | Self::PlacesCancelled
            | Self::AttendeeChanged
            | Self::PasskeyAdded
            | Self::AddressChanged
            | Self::PlacesRequested
            | Self::WaitingListJoined
            | Self::OfferLapsed
            | Self::RequestRefused
            | Self::SessionChanged
            | Self::SessionCancelled
            | Self::InvitationChanged
            | Self::PlaceDeclined
            | Self::CalendarAnswered
            | Self::PlacesMoved
            | Self::TrainerTold
            | Self::AccountAdded
            | Self::PathJoined
            | Self::PathChanged
            | Self::ClaimAnswered
            | Self::PathFinished
            | Self::HelpDecided
            | Self::ThingGiven
            | Self::RoomTold => Urgency::News,
        }
    }

    /// Whether a letter of this kind stays behind an earlier one to the same reader that has not
    /// left yet. News and offers stay in order, because an offer makes no sense before the news
    /// that one waits; what goes to many, they overtake. A link stays behind nothing but a link.
    pub fn waits_for(self, earlier: Self) -> bool {
        let last = match self.urgency() {
            Urgency::Link => Urgency::Link,
            Urgency::Offer | Urgency::News => Urgency::News,
            Urgency::Circular => Urgency::Circular,
        };
        earlier.urgency() <= last
    }
}

/// An e-mail, ready to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Which letter; its Message-ID is made of it, so that a letter sent twice is one message.
    pub id: LetterId,
    /// Why it is sent.
    pub kind: LetterKind,
    /// The reader's name, if we know it.
    pub to_name: Option<String>,
    /// The one address it goes to; there is no Cc.
    pub to: EmailAddress,
    /// Plain text of one line.
    pub subject: String,
    /// For readers without HTML: everything, in order.
    pub text: String,
    /// The same with the design.
    pub html: String,
    /// The invite, or its withdrawal.
    pub calendar: Option<CalendarPart>,
    /// Letters with the same thread leave in the order they were written: a CANCEL must not
    /// overtake its REQUEST. It is the invitation's UID.
    pub thread: Option<String>,
    /// The day its words count towards; they are filled in as it leaves.
    pub day: Option<NearDay>,
    /// Who reads answers, where it is not the address the letter comes from. A letter with an invite
    /// has none: a machine reads what calendars answer (calendar clients compare it with ORGANIZER).
    pub reply_to: Option<EmailAddress>,
    /// The session it is about, where it is about no booking.
    pub session: Option<SessionCode>,
}

/// The words of a letter as others than its reader may see them: without the secret of any private
/// link, which is a long run of letters and digits in an address, or what stands for one.
pub fn without_secrets(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['/', '=']) {
        let (before, after) = rest.split_at(at + 1);
        shown.push_str(before);
        let run = after.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(after.len());
        let stands = after.get(..SECRET).filter(|part| is_stand_in(part)).map(str::len);
        let secret = if run >= SECRET { Some(run) } else { stands };
        if secret.is_some() {
            shown.push('…');
        }
        rest = &after[secret.unwrap_or(0)..];
    }
    shown.push_str(rest);
    shown
}

/// Whether this stands for the secret of a link in a letter that waits.
fn is_stand_in(part: &str) -> bool {
    let inner = part.strip_prefix('~').and_then(|part| part.strip_suffix('~'));
    inner.is_some_and(|inner| inner.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// What is said of a reminder that was not sent before its day began.
pub const TOO_LATE_TO_REMIND: &str = "the day it reminds of has begun";

/// How long the secret of a private link is.
const SECRET: usize = 26;

/// Stands in a letter to a leader where it may say what it tells her own calendar; nothing, where it
/// tells it nothing. Set in characters that nobody types.
pub const OWN_CALENDAR: &str = "\u{E000}own calendar\u{E001}";

/// Stands where a letter about somebody's place says the reference of the booking, which is read out on the
/// telephone; nothing, where it is about no booking.
pub const REFERENCE: &str = "\u{E000}reference\u{E001}";

/// Stands where a letter says what whoever changed something says of it in her own words; nothing, where she
/// said nothing.
pub const SAID: &str = "\u{E000}said\u{E001}";

/// Stands where a letter to many says how its reader stops them.
pub const STOP: &str = "\u{E000}stop\u{E001}";

/// What goes to many, that a reader may stop. What became of a booking always comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Circular {
    /// A day is near.
    Reminders,
    /// What an organiser wrote to the people of a session.
    Messages,
    /// How it was.
    Questions,
    /// That an organiser asks somebody by name to come.
    Invitations,
}

words!(Circular {
    Reminders => "reminders",
    Messages => "messages",
    Questions => "questions",
    Invitations => "invitations",
});

impl Circular {
    /// Which of them a letter is, if it is one.
    pub fn of(kind: LetterKind) -> Option<Self> {
        match kind {
            LetterKind::Reminder | LetterKind::StayAsked => Some(Self::Reminders),
            LetterKind::Message | LetterKind::AnswersAsked => Some(Self::Messages),
            LetterKind::FeedbackAsked => Some(Self::Questions),
            LetterKind::PersonallyInvited | LetterKind::InvitationChanged => {
                Some(Self::Invitations)
            }
            _ => None,
        }
    }

    /// Whether they say what an organiser wrote.
    pub const fn is_messages(self) -> bool {
        matches!(self, Self::Messages)
    }

    /// What they are called, after "stop".
    pub const fn called(self) -> &'static str {
        match self {
            Self::Reminders => "reminders",
            Self::Messages => "messages to everybody on a session",
            Self::Questions => "questions about how it was",
            Self::Invitations => "personal invitations",
        }
    }
}

impl Letter {
    /// Whether it asks somebody to come, which anybody may have asked of any address.
    pub fn is_invite(&self) -> bool {
        let asks = self.calendar.as_ref().is_some_and(|part| part.method != CalendarMethod::Cancel);
        asks && matches!(self.kind, LetterKind::Invite | LetterKind::BookingConfirmed)
    }

    /// The letter as it leaves now.
    pub fn leaving(mut self, now: DateTime<Utc>) -> Self {
        for nothing in [OWN_CALENDAR, REFERENCE, SAID] {
            self.text = self.text.replace(&format!("{nothing}\n\n"), "");
            self.html = self.html.replace(nothing, "");
        }
        self.text = self.text.replace(STOP, "");
        self.html = self.html.replace(STOP, "");
        if let Some(day) = self.day {
            for words in [&mut self.subject, &mut self.text, &mut self.html] {
                *words = day.fill(words, now);
            }
        }
        self
    }
}

#[cfg(test)]
mod tests;
