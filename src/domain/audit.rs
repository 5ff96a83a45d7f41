//! Who did what, when and why.

use chrono::{DateTime, Utc};

pub use super::{actor::Actor, audited_record::AuditedRecord};
use super::{
    edit::Change,
    id::{PlaceId, RegistrationId, SessionCode},
    vocabulary::words,
};

/// What happened. The words are stored: a new action gets a new word, an old one is never reused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum AuditAction {
    /// Places are held while a leader types.
    PlacesHeld,
    /// A hold was made longer.
    HoldExtended,
    /// A hold was given back before it ran out.
    HoldReleased,
    /// A hold ran out.
    HoldExpired,
    /// Places were confirmed as they were booked.
    PlacesBooked,
    /// Places were asked for.
    PlacesRequested,
    /// Places wait on the list.
    WaitingListJoined,
    /// Freed places were offered to the list.
    PlacesOffered,
    /// An offer was taken up.
    OfferAccepted,
    /// An offer was turned down.
    OfferDeclined,
    /// An offer ran out.
    OfferLapsed,
    /// The organiser said yes to a request.
    RequestApproved,
    /// The organiser said no to a request.
    RequestRefused,
    /// The organiser put a request on the waiting list.
    RequestWaits,
    /// An answer to a request was taken back before anybody was told of it.
    AnswerTakenBack,
    /// A place was given up or taken back.
    PlaceCancelled,
    /// Somebody comes instead of somebody else.
    AttendeeReplaced,
    /// Who looks after a booking, or how she is reached, was changed.
    LeaderChanged,
    /// A name, address or need was edited.
    AttendeeEdited,
    /// A session got more or fewer places.
    CapacityChanged,
    /// A session got other times.
    SessionRescheduled,
    /// A session takes place elsewhere.
    SessionMoved,
    /// A session was called off.
    SessionCancelled,
    /// A session was planned, as a draft.
    SessionPlanned,
    /// What nobody need be told about a session was changed.
    SessionEdited,
    /// A draft was thrown away.
    SessionDiscarded,
    /// A session was put into the catalogue.
    SessionPublished,
    /// A letter that was given up is tried again.
    LetterRetried,
    /// New private links were sent to a leader.
    LinkSent,
    /// An organiser wrote to people of a session.
    MessageSent,
    /// The letters of a booking were sent again.
    LettersResent,
    /// Places were moved to another session.
    PlacesMoved,
    /// Somebody of a booking got one of her own.
    BookingSplit,
    /// An institution pledged a number of people, or took that back.
    TurnoutPledged,
    /// Institutions behind their pledge were reminded.
    PledgesChased,
    /// People were asked by name to come to a session, reminded of it, or that was taken back.
    PeopleAsked,
    /// People were asked for answers that are missing.
    AnswersAsked,
    /// Somebody who was asked by name answered.
    AskedAnswered,
    /// Somebody wants to be told when there is a date of a course, or no more.
    InterestKept,
    /// Somebody was nominated for a course, or something about that was kept.
    NominationKept,
    /// Somebody got a place before those who waited longer.
    ConfirmedOutOfTurn,
    /// Somebody who waits was let pass others.
    MovedUp,
    /// An offer was taken back; whoever had it waits on.
    OfferWithdrawn,
    /// A private calendar address was made; the one before it, if any, ended.
    FeedMade,
    /// A private calendar address was ended.
    FeedStopped,
    /// A calendar answered an invite.
    InviteAnswered,
    /// A place that was declined was kept after all.
    PlaceKept,
    /// A letter came back.
    LetterBounced,
    /// Somebody was marked as here, or that was taken back.
    CheckedIn,
    /// A day at the door was closed: who was not there is absent.
    SittingClosed,
    /// Somebody came without a booking.
    WalkInAdded,
    /// A line for somebody without a booking was taken back.
    WalkInRemoved,
    /// Somebody read a roster, needs included (P1).
    RosterRead,
    /// A sign-in link was asked for.
    SignInRequested,
    /// A sign-in link or a passkey opened the office.
    SignedIn,
    /// Somebody signed in with a passkey.
    SignedInByPasskey,
    /// A passkey that was right but looks copied was turned away: its counter went back.
    PasskeySuspected,
    /// Somebody may sign in with a passkey from now on.
    PasskeyAdded,
    /// A passkey signs nobody in any more.
    PasskeyRemoved,
    /// A sign-in was ended by whoever had it.
    SignedOut,
    /// Somebody was signed out wherever they were signed in.
    SignedOutEverywhere,
    /// A staff account was added.
    AccountAdded,
    /// A staff account was changed.
    AccountChanged,
    /// A staff account was closed.
    AccountDisabled,
    /// A closed staff account was opened again.
    AccountEnabled,
    /// An institution was added, changed or archived.
    InstitutionKept,
    /// Two institutions turned out to be one.
    InstitutionsMerged,
    /// Two alliances turned out to be one.
    AlliancesMerged,
    /// Two courses turned out to be one.
    CoursesMerged,
    /// A name that leaders typed turned out to be an institution on the list.
    InstitutionRecognised,
    /// What we know of somebody was changed, or archived.
    PersonKept,
    /// Two people turned out to be one.
    PeopleMerged,
    /// Two people who were made one turned out to be two after all.
    MergeTakenBack,
    /// Two people who may have been one are two.
    PeopleToldApart,
    /// A place came back that had been given up when two people were made one.
    PlaceCameBack,
    /// A list of people or bookings was handed out as a file; the detail counts its lines.
    ListExported,
    /// Everything held about somebody was handed out.
    PersonExported,
    /// Somebody was erased: who, is known no more.
    PersonErased,
    /// A booking's private links were ended.
    LinksRevoked,
    /// A booking got a new private link; those before it ended.
    LinksRenewed,
    /// A course was added, changed or archived.
    CourseKept,
    /// An alliance was added or changed.
    AllianceKept,
    /// A venue was added, changed or archived.
    VenueKept,
    /// A question of a course or a session was added, changed, moved or retired.
    QuestionKept,
    /// A request was decided, and its people are told later.
    RequestDecided,
    /// It was chosen when everybody who asks is told.
    DecisionDayChosen,
    /// A reader gave points to an application, or took them back.
    ApplicationScored,
    /// Questions of a booking were answered, or answered anew; what, is not in the log.
    QuestionsAnswered,
    /// Somebody said how she stays overnight, or said it anew; what, is not in the log.
    StaySaid,
    /// Rooms of a session were added, changed or removed.
    RoomsKept,
    /// People of a session were given other rooms; who, is not in the log.
    RoomsGiven,
    /// People were told their rooms.
    RoomsTold,
    /// A path was added, changed, published or archived.
    PathKept,
    /// Somebody was put on a path, moved to its newer version, or taken off.
    OnPath,
    /// A course elsewhere or hours of action were written down, claimed, or taken out.
    PathRecorded,
    /// What somebody claimed was confirmed, or not.
    ClaimDecided,
    /// Somebody finished a path: her certificate was granted.
    PathFinished,
    /// A link for a helper at a door was made.
    HelperLinkMade,
    /// A link for a helper was ended before its time.
    HelperLinkEnded,
    /// Somebody on the staff noted something; what, is not in the log.
    NoteWritten,
    /// A note was taken back by whoever wrote it.
    NoteTakenBack,
    /// What was to be done next was done.
    NextStepDone,
    /// A thing on the overview was done, given to somebody, or left for later.
    ThingMarked,
    /// What is arranged for a session, such as an interpreter, was added or changed.
    SupportKept,
    /// It was chosen with what a session helps, and what that may cost.
    HelpOffered,
    /// Help was asked for, otherwise than before, or not any more; why, is not in the log.
    HelpAsked,
    /// Help was granted, refused, or left for later.
    HelpDecided,
    /// Help that was granted was paid, or that was a slip.
    HelpPaid,
    /// People are asked something more afterwards, or are asked it no more.
    FeedbackQuestionsChanged,
    /// Something was given to people to read.
    HandoutAdded,
    /// What people are given to read is called otherwise, or is for others.
    HandoutChanged,
    /// Something is not handed out any more.
    HandoutRemoved,
    /// It was decided that a session takes place with fewer people than it needs, or that this is open again.
    SessionGoesAhead,
    /// Places were kept for a group, or released to everybody.
    ReservesChanged,
    /// Files were imported; the detail counts what they made.
    Imported,
    /// What an import made was taken back.
    ImportTakenBack,
    /// An address for a spreadsheet was made.
    SheetAddressMade,
    /// An address for a spreadsheet was ended.
    SheetAddressEnded,
}

words!(AuditAction {
    PlacesHeld => "places-held",
    HoldExtended => "hold-extended",
    HoldReleased => "hold-released",
    HoldExpired => "hold-expired",
    PlacesBooked => "places-booked",
    PlacesRequested => "places-requested",
    WaitingListJoined => "waiting-list-joined",
    PlacesOffered => "places-offered",
    OfferAccepted => "offer-accepted",
    OfferDeclined => "offer-declined",
    OfferLapsed => "offer-lapsed",
    RequestApproved => "request-approved",
    RequestRefused => "request-refused",
    RequestWaits => "request-waits",
    AnswerTakenBack => "answer-taken-back",
    PlaceCancelled => "place-cancelled",
    AttendeeReplaced => "attendee-replaced",
    LeaderChanged => "leader-changed",
    AttendeeEdited => "attendee-edited",
    CapacityChanged => "capacity-changed",
    SessionRescheduled => "session-rescheduled",
    SessionMoved => "session-moved",
    SessionCancelled => "session-cancelled",
    SessionPlanned => "session-planned",
    SessionEdited => "session-edited",
    SessionDiscarded => "session-discarded",
    SessionPublished => "session-published",
    LetterRetried => "letter-retried",
    LinkSent => "link-sent",
    MessageSent => "message-sent",
    LettersResent => "letters-resent",
    PlacesMoved => "places-moved",
    BookingSplit => "booking-split",
    TurnoutPledged => "turnout-pledged",
    PledgesChased => "pledges-chased",
    PeopleAsked => "people-asked",
    AnswersAsked => "answers-asked",
    AskedAnswered => "asked-answered",
    InterestKept => "interest-kept",
    NominationKept => "nomination-kept",
    ConfirmedOutOfTurn => "confirmed-out-of-turn",
    MovedUp => "moved-up",
    OfferWithdrawn => "offer-withdrawn",
    FeedMade => "feed-made",
    FeedStopped => "feed-stopped",
    InviteAnswered => "invite-answered",
    PlaceKept => "place-kept",
    LetterBounced => "letter-bounced",
    CheckedIn => "checked-in",
    SittingClosed => "sitting-closed",
    WalkInAdded => "walk-in-added",
    WalkInRemoved => "walk-in-removed",
    RosterRead => "roster-read",
    SignInRequested => "sign-in-requested",
    SignedIn => "signed-in",
    SignedInByPasskey => "signed-in-by-passkey",
    PasskeySuspected => "passkey-suspected",
    PasskeyAdded => "passkey-added",
    PasskeyRemoved => "passkey-removed",
    SignedOut => "signed-out",
    SignedOutEverywhere => "signed-out-everywhere",
    AccountAdded => "account-added",
    AccountChanged => "account-changed",
    AccountDisabled => "account-disabled",
    AccountEnabled => "account-enabled",
    InstitutionKept => "institution-kept",
    InstitutionsMerged => "institutions-merged",
    AlliancesMerged => "alliances-merged",
    CoursesMerged => "courses-merged",
    InstitutionRecognised => "institution-recognised",
    PersonKept => "person-kept",
    PeopleMerged => "people-merged",
    MergeTakenBack => "merge-taken-back",
    PeopleToldApart => "people-told-apart",
    PlaceCameBack => "place-came-back",
    ListExported => "list-exported",
    PersonExported => "person-exported",
    PersonErased => "person-erased",
    LinksRevoked => "links-revoked",
    LinksRenewed => "links-renewed",
    CourseKept => "course-kept",
    AllianceKept => "alliance-kept",
    VenueKept => "venue-kept",
    QuestionKept => "question-kept",
    RequestDecided => "request-decided",
    DecisionDayChosen => "decision-day-chosen",
    ApplicationScored => "application-scored",
    QuestionsAnswered => "questions-answered",
    StaySaid => "stay-said",
    RoomsKept => "rooms-kept",
    RoomsGiven => "rooms-given",
    RoomsTold => "rooms-told",
    PathKept => "path-kept",
    OnPath => "on-path",
    PathRecorded => "path-recorded",
    ClaimDecided => "claim-decided",
    PathFinished => "path-finished",
    HelperLinkMade => "helper-link-made",
    HelperLinkEnded => "helper-link-ended",
    NoteWritten => "note-written",
    NoteTakenBack => "note-taken-back",
    NextStepDone => "next-step-done",
    ThingMarked => "thing-marked",
    SupportKept => "support-kept",
    HelpOffered => "help-offered",
    HelpAsked => "help-asked",
    HelpDecided => "help-decided",
    HelpPaid => "help-paid",
    FeedbackQuestionsChanged => "feedback-questions-changed",
    HandoutAdded => "handout-added",
    HandoutChanged => "handout-changed",
    HandoutRemoved => "handout-removed",
    SessionGoesAhead => "session-goes-ahead",
    ReservesChanged => "reserves-changed",
    Imported => "imported",
    ImportTakenBack => "import-taken-back",
    SheetAddressMade => "sheet-address-made",
    SheetAddressEnded => "sheet-address-ended",
});

/// One line of the audit log. Holds no names or addresses, so that erasing a person leaves it true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// The instant of the transaction that did it.
    pub at: DateTime<Utc>,
    /// By role or login, so that nobody's name stays behind.
    pub actor: Actor,
    /// The stored word for what was done.
    pub action: AuditAction,
    /// The session it is about, if it is about one.
    pub session: Option<SessionCode>,
    /// The booking it is about, if it is about one.
    pub registration: Option<RegistrationId>,
    /// The place it is about, if it is about a single one.
    pub place: Option<PlaceId>,
    /// The record it is about, if it is about none of these.
    pub about: Option<AuditedRecord>,
    /// Why, or how many; in words.
    pub detail: Option<String>,
    /// What changed, from what to what.
    pub changes: Vec<Change>,
}
