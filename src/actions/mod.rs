//! Verbs, one per file. Each is one transaction: lock, read, ask the domain, write, audit, put
//! letters into the outbox, commit. The web, the API, the jobs and the command line call the same
//! verbs, so that nothing can be done in one way that another forbids.

pub mod asking;
pub mod attempt;
pub mod booking;
pub mod calendars;
pub mod catalogue;
pub mod door;
pub mod edit;
pub mod examine;
pub mod feel_pulse;
pub mod handouts;
pub mod help_requests;
pub mod imports;
pub mod letters;
pub mod notes;
pub mod notice;
pub mod overview;
pub mod path;
pub mod people;
pub mod places;
pub mod questions;
mod record;
pub mod retention;
pub mod sessions;
pub mod sheet_address;
pub mod staff;
pub mod stay;
mod tell;
pub mod venues;
pub mod waiting;
pub mod work_done;

use std::sync::Arc;

use chrono::{DateTime, Duration, Utc};

use crate::{
    calendar::Publisher,
    clock::Clock,
    domain::{
        id::{LetterId, PlaceId, RegistrationId},
        letter::{CalendarPart, Letter, LetterKind},
        reference::Reference,
        retention::Controller,
    },
    mail::{self, STOP_PATH, letters::Content},
    store::Store,
    token::{InLink, RandomSource, StandIn, Token, row_id},
};

/// What every verb works with. Cloning it is cheap.
#[derive(Clone)]
pub struct ActionContext {
    /// The database.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Randomness, for ids and tokens.
    pub random: Arc<dyn RandomSource>,
    /// What calendar objects state about us.
    pub publisher: Arc<Publisher>,
    /// What letters state about us.
    pub letterhead: Arc<mail::Letterhead>,
    /// How long places are held for a leader who is typing (B10).
    pub hold: Duration,
    /// How long an offer from the waiting list usually lasts (W3).
    pub offer: Duration,
    /// How long before a sitting people can be checked in (D2).
    pub check_in: Duration,
    /// Whose word on who sent a message to the reply mailbox is believed: our own mail server.
    pub trusted_host: Option<Arc<str>>,
    /// How many days before each day of a session people are reminded of it.
    pub reminders: Arc<[u32]>,
    /// How long letters about a change wait for the next one (T3).
    pub gather: Duration,
    /// How long letters about an answer to a request wait, so that it can be taken back.
    pub undo: Duration,
    /// What is asked of whoever signs in.
    pub sign_ins: SignIns,
    /// How many places one network holds at once without having booked them, if that is limited.
    pub held_per_network: Option<u32>,
    /// How many invites a day go to an address that has not opened one of our links, if that is limited.
    pub invites_a_day: Option<u32>,
    /// Who answers for people's data, and how long it is kept (P5).
    pub controller: Arc<Controller>,
}

/// What is asked of whoever signs in.
#[derive(Debug, Clone, Copy)]
pub struct SignIns {
    /// After how long without a request a sign-in ends.
    pub idle: Duration,
    /// Whether administrators need a passkey.
    pub passkeys: Demand,
}

/// Whether administrators need a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Demand {
    /// None needs one.
    Never,
    /// All do, once one of them has one.
    OnceThereIsOne,
    /// All do.
    Always,
}

impl ActionContext {
    /// The present moment.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    fn registration_id(&self) -> RegistrationId {
        RegistrationId::new(row_id(&*self.random, &*self.clock))
    }

    fn place_id(&self) -> PlaceId {
        PlaceId::new(row_id(&*self.random, &*self.clock))
    }

    /// A reference to try: chance may give one that a registration has.
    fn reference(&self) -> Reference {
        let mut bytes = [0; 8];
        self.random.fill(&mut bytes);
        Reference::from_random(bytes)
    }

    fn token(&self) -> Token {
        Token::generate(&*self.random)
    }

    /// What stands for the secret of a link in a letter, until the letter is delivered.
    fn stand_in(&self) -> StandIn {
        StandIn::generate(&*self.random)
    }

    /// The leader's link.
    pub fn manage_url(&self, token: &impl InLink) -> String {
        format!("{}/r/{}", self.letterhead.base_url, token.in_link())
    }

    /// An attendee's own link.
    pub fn place_url(&self, token: &impl InLink) -> String {
        format!("{}/p/{}", self.letterhead.base_url, token.in_link())
    }

    /// The link of somebody who is asked by name to come.
    pub fn invited_url(&self, token: &impl InLink) -> String {
        format!("{}/invited/{}", self.letterhead.base_url, token.in_link())
    }

    /// The link of somebody who wants to be told of dates.
    fn interest_url(&self, token: &impl InLink) -> String {
        format!("{}/interest/{}", self.letterhead.base_url, token.in_link())
    }

    /// The link that stops letters to many.
    fn stop_url(&self, token: &impl InLink) -> String {
        format!("{}{STOP_PATH}{}", self.letterhead.base_url, token.in_link())
    }

    /// The link in a calendar's event.
    fn event_url(&self, token: &impl InLink) -> String {
        format!("{}/e/{}", self.letterhead.base_url, token.in_link())
    }

    fn letter(
        &self,
        kind: LetterKind,
        to: (Option<String>, crate::domain::contact::EmailAddress),
        content: Content,
        calendar: Option<(CalendarPart, String)>,
    ) -> Letter {
        let has_calendar = calendar.is_some();
        let (calendar, thread) = calendar.unzip();
        Letter {
            id: LetterId::new(row_id(&*self.random, &*self.clock)),
            kind,
            to_name: to.0,
            to: to.1,
            subject: content.subject,
            text: content.text,
            html: content.html,
            calendar,
            thread,
            day: None,
            // An answer to an invite is read by a machine, at the address it came from.
            reply_to: content.reply_to.filter(|_| !has_calendar),
            session: None,
        }
    }
}
