//! What an alliance's letters say in its own words: the subject, an opening and a closing of each, how they
//! are signed, and who reads answers. When and where, links and invites are never among it.

use std::collections::BTreeMap;

use super::{contact::EmailAddress, placeholder::Placeholder, vocabulary::words};

/// A letter to leaders or attendees whose words an alliance may choose. Its word is the folder of its
/// templates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum WordedLetter {
    /// To the leader: her places are hers.
    BookingConfirmed,
    /// To an attendee: her place, with the invite.
    Invite,
    /// To the leader: the organiser will decide.
    PlacesRequested,
    /// To the leader: her places wait.
    WaitingListJoined,
    /// To the leader: a place is kept for her until a moment.
    PlaceOffered,
    /// To the leader: the offer ended.
    OfferLapsed,
    /// To the leader: the organiser said no.
    RequestRefused,
    /// To the leader: other times or another place.
    SessionChanged,
    /// To an attendee: the same, with the new invite.
    DayChanged,
    /// To the leader: the session is called off.
    SessionCancelled,
    /// To an attendee: her place is hers no more, or a day is called off.
    Withdrawn,
    /// To the leader: her people are on another date.
    PlacesMoved,
    /// To the leader: what she cancelled.
    PlacesCancelled,
    /// To the leader: who comes instead of whom.
    AttendeeChanged,
    /// To somebody who has a booking of her own now.
    BookingOfYourOwn,
    /// To an attendee: a day is near.
    Reminder,
    /// To the leader: the same, for those without an address.
    ReminderToPassOn,
    /// To somebody who came: how it was.
    FeedbackAsked,
    /// To somebody with a place: how she stays.
    StayAsked,
    /// To somebody with a place: her room.
    RoomTold,
    /// To leaders of an institution behind its pledge.
    PledgeChased,
    /// To an attendee: what her calendar answered.
    CalendarAnswered,
    /// To somebody who is asked by name to come.
    PersonallyInvited,
    /// To the same, or to somebody who is nominated: the session changed, or is called off.
    InvitationChanged,
    /// To a leader or an attendee: what is asked of her and not answered yet.
    AnswersAsked,
    /// To somebody who wanted to be told when there is a date.
    DateAnnounced,
    /// To somebody who asked for help with coming: what was decided.
    HelpDecided,
}

words!(WordedLetter {
    BookingConfirmed => "booking-confirmed",
    Invite => "invite",
    PlacesRequested => "places-requested",
    WaitingListJoined => "waiting-list-joined",
    PlaceOffered => "place-offered",
    OfferLapsed => "offer-lapsed",
    RequestRefused => "request-refused",
    SessionChanged => "session-changed",
    DayChanged => "day-changed",
    SessionCancelled => "session-cancelled",
    Withdrawn => "withdrawn",
    PlacesMoved => "places-moved",
    PlacesCancelled => "places-cancelled",
    AttendeeChanged => "attendee-changed",
    BookingOfYourOwn => "booking-of-your-own",
    Reminder => "reminder",
    ReminderToPassOn => "reminder-to-pass-on",
    FeedbackAsked => "feedback-asked",
    StayAsked => "stay-asked",
    RoomTold => "room-told",
    PledgeChased => "pledge-chased",
    CalendarAnswered => "calendar-answered",
    PersonallyInvited => "personally-invited",
    InvitationChanged => "invitation-changed",
    AnswersAsked => "answers-asked",
    DateAnnounced => "date-announced",
    HelpDecided => "help-decided",
});

/// Those that every letter about a session can fill in.
const EVERYWHERE: [Placeholder; 9] = [
    Placeholder::Course,
    Placeholder::Days,
    Placeholder::FirstDay,
    Placeholder::Time,
    Placeholder::Place,
    Placeholder::Alliance,
    Placeholder::Trainers,
    Placeholder::Name,
    Placeholder::Phone,
];

impl WordedLetter {
    /// What it is, and to whom.
    pub const fn called(self) -> (&'static str, &'static str) {
        match self {
            Self::BookingConfirmed => ("Places are booked", "to whoever booked"),
            Self::Invite => ("The invite", "to whoever has a place"),
            Self::PlacesRequested => ("Places are asked for", "to whoever booked"),
            Self::WaitingListJoined => ("Places wait on the list", "to whoever booked"),
            Self::PlaceOffered => ("A place is offered", "to whoever booked"),
            Self::OfferLapsed => ("An offer has ended", "to whoever booked"),
            Self::RequestRefused => ("A request is refused", "to whoever booked"),
            Self::SessionChanged => ("Other times or another place", "to whoever booked"),
            Self::DayChanged => ("Other times or another place", "to whoever has a place"),
            Self::SessionCancelled => ("The session is cancelled", "to whoever booked"),
            Self::Withdrawn => ("A place or a day is cancelled", "to whoever had the place"),
            Self::PlacesMoved => ("People are on another date", "to whoever booked"),
            Self::PlacesCancelled => ("Places are given up", "to whoever booked"),
            Self::AttendeeChanged => ("Who comes has changed", "to whoever booked"),
            Self::BookingOfYourOwn => ("A booking of her own", "to whoever has it now"),
            Self::Reminder => ("A day is near", "to whoever has a place"),
            Self::ReminderToPassOn => ("A day is near, to pass on", "to whoever booked"),
            Self::FeedbackAsked => ("How was it?", "to whoever came"),
            Self::StayAsked => ("Which nights do you stay?", "to whoever has a place"),
            Self::RoomTold => ("Which room", "to whoever has a place"),
            Self::PledgeChased => ("Fewer people than pledged", "to leaders of an institution"),
            Self::CalendarAnswered => ("What a calendar answered", "to whoever has the place"),
            Self::PersonallyInvited => ("Somebody is asked by name to come", "to whoever is asked"),
            Self::InvitationChanged => {
                ("Where somebody was asked to has changed", "to whoever has not answered")
            }
            Self::AnswersAsked => ("Questions are not answered", "to leaders and attendees"),
            Self::DateAnnounced => ("There is a date", "to whoever wanted to be told"),
            Self::HelpDecided => ("Help with coming is decided", "to whoever asked for it"),
        }
    }

    /// Whether it goes to whoever booked, about a booking.
    const fn is_to_leader(self) -> bool {
        !matches!(
            self,
            Self::Invite
                | Self::DayChanged
                | Self::Withdrawn
                | Self::Reminder
                | Self::ReminderToPassOn
                | Self::FeedbackAsked
                | Self::StayAsked
                | Self::RoomTold
                | Self::PledgeChased
                | Self::CalendarAnswered
                | Self::PersonallyInvited
                | Self::InvitationChanged
                | Self::AnswersAsked
                | Self::DateAnnounced
                | Self::HelpDecided
        )
    }

    /// What its wording may say in braces.
    pub fn placeholders(self) -> Vec<Placeholder> {
        let mut allowed = EVERYWHERE.to_vec();
        if self.is_to_leader() {
            allowed.push(Placeholder::Reference);
        }
        if matches!(self, Self::Reminder | Self::ReminderToPassOn) {
            allowed.push(Placeholder::HowSoon);
        }
        if self.original_subject().ends_with("{day}") {
            allowed.push(Placeholder::Day);
        }
        if self.original_subject().starts_with("{what happened}") {
            allowed.push(Placeholder::WhatHappened);
        }
        allowed
    }

    /// Its subject as it is without a wording of the alliance's own, with placeholders where it has facts.
    pub const fn original_subject(self) -> &'static str {
        match self {
            Self::BookingConfirmed => "You're booked: {course}, {days}",
            Self::PlacesRequested => "We have your request: {course}, {days}",
            Self::WaitingListJoined => "You're on the waiting list: {course}, {days}",
            Self::OfferLapsed => "This offer has ended: {course}, {days}",
            Self::RequestRefused => "An answer to your request: {course}, {days}",
            Self::SessionChanged => "Changed: {course}, {days}",
            Self::SessionCancelled => "Cancelled: {course}, {days}",
            Self::PlacesMoved => "Moved: {course}, {days}",
            Self::AttendeeChanged => "Your booking has changed: {course}, {days}",
            Self::BookingOfYourOwn => "A booking of your own: {course}, {days}",
            Self::PlaceOffered
            | Self::PlacesCancelled
            | Self::CalendarAnswered
            | Self::InvitationChanged => "{what happened}: {course}, {days}",
            Self::Invite => "You have a place: {course}, {day}",
            Self::DayChanged => "Changed: {course}, {day}",
            Self::Withdrawn => "{what happened}: {course}, {day}",
            Self::Reminder | Self::ReminderToPassOn => "{how soon}: {course}, {day}",
            Self::FeedbackAsked => "How was it? {course}",
            Self::StayAsked => "Which nights do you stay? {course}, {days}",
            Self::RoomTold => "Your room: {course}, {days}",
            Self::PledgeChased => "Who is coming? {course}",
            Self::PersonallyInvited => "Will you come? {course}, {days}",
            Self::AnswersAsked => "Please answer: {course}, {days}",
            Self::DateAnnounced => "There is a date: {course}, {days}",
            Self::HelpDecided => "An answer about help: {course}, {days}",
        }
    }
}

/// How every letter ends that has no closing of the alliance's own.
pub const ORIGINAL_CLOSING: &str = "Any questions, reply to this email or phone {phone}.";

/// The words an alliance chose for one of its letters; `None` is as it was.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LetterWording {
    /// The subject.
    pub subject: Option<String>,
    /// What is said before the facts.
    pub opening: Option<String>,
    /// What is said after them, instead of whom to ask.
    pub closing: Option<String>,
}

impl LetterWording {
    /// Whether the letter is as it was.
    pub const fn is_original(&self) -> bool {
        self.subject.is_none() && self.opening.is_none() && self.closing.is_none()
    }
}

/// What an alliance's letters say in its own words.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AllianceLetters {
    /// Who signs, line by line, instead of the trainers and the alliance.
    pub signature: Option<String>,
    /// Who reads answers, if not whoever reads the alliance's own address.
    pub reply_to: Option<EmailAddress>,
    /// The letters whose words it chose.
    pub wordings: BTreeMap<WordedLetter, LetterWording>,
}

impl AllianceLetters {
    /// The words it chose for a letter.
    pub fn of(&self, letter: WordedLetter) -> LetterWording {
        self.wordings.get(&letter).cloned().unwrap_or_default()
    }
}

/// How letters are signed and answered, as one form has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LetterManners {
    /// See [`AllianceLetters::signature`].
    pub signature: Option<String>,
    /// See [`AllianceLetters::reply_to`].
    pub reply_to: Option<EmailAddress>,
}

/// The words for one letter, as one form has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WordingOf {
    /// Which letter.
    pub letter: WordedLetter,
    /// Its words.
    pub wording: LetterWording,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_letter_has_the_words_that_were_chosen_for_it() {
        let opening = Some("Welcome to our hall.".to_owned());
        let wording = LetterWording { opening, ..LetterWording::default() };
        let wordings = BTreeMap::from([(WordedLetter::Invite, wording.clone())]);
        let letters = AllianceLetters { wordings, ..AllianceLetters::default() };
        assert_eq!(letters.of(WordedLetter::Invite), wording);
        assert_eq!(letters.of(WordedLetter::PlaceOffered), LetterWording::default());
    }

    #[test]
    fn a_letter_is_as_it_was_until_any_part_has_other_words() {
        let own = || Some("Welcome".to_owned());
        let plain = LetterWording::default();
        assert!(plain.is_original());
        for one in [
            LetterWording { subject: own(), ..plain.clone() },
            LetterWording { opening: own(), ..plain.clone() },
            LetterWording { closing: own(), ..plain.clone() },
        ] {
            assert!(!one.is_original(), "{one:?}");
        }
    }

    #[test]
    fn each_letter_is_called_by_what_it_is_and_to_whom_it_goes() {
        let mut called: Vec<_> = WordedLetter::ALL.iter().map(|letter| letter.called()).collect();
        assert!(called.iter().all(|(what, to)| !what.is_empty() && to.starts_with("to ")));
        called.sort_unstable();
        called.dedup();
        assert_eq!(called.len(), WordedLetter::ALL.len(), "no two are called alike");
        for letter in WordedLetter::ALL {
            assert!(letter.original_subject().contains("{course}"), "{letter}");
        }
    }
}
