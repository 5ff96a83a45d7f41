//! A history on the running site and on the model at once.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Duration, Utc};
use rocket::local::asynchronous::Client;
use turnout::domain::{
    alliance::Alliance,
    id::{RegistrationId, SessionCode, StaffLogin},
};

use super::{
    following::Followed,
    mailbox::{Calendars, Event},
    model::{Facts, Model},
    organisers::facts,
    step::Step,
};
use crate::support::{TestTurnout, form::Form};

/// A look of a phone that it has not handed in yet.
pub struct Look {
    pub day: u32,
    pub place: String,
    pub seat: usize,
    pub at: DateTime<Utc>,
    pub here: bool,
}

/// When each day of the session starts, by its number.
type Days = BTreeMap<u32, DateTime<Utc>>;

/// One history.
pub struct Play<'a> {
    pub turnout: &'a TestTurnout,
    pub session: SessionCode,
    pub model: Model,
    /// Nobody in particular, who has links.
    pub anybody: Client,
    /// Two organisers, each with windows that stay open.
    pub organisers: &'a [(StaffLogin, Client)],
    /// When they signed in last.
    pub signed_in: DateTime<Utc>,
    pub drawn: [Option<(Form, Facts)>; 2],
    pub times: [Option<(Form, Days)>; 2],
    /// Bookings, each with its leader's link.
    pub bookings: Vec<(RegistrationId, String)>,
    /// The leader's open forms: the seat, whom it showed.
    pub open: Vec<(usize, String, Form)>,
    /// Two phones at the door.
    pub phones: [Vec<Look>; 2],
    pub calendars: Calendars,
    /// Each person's own link, by address; of those who share one, none.
    pub own: BTreeMap<String, String>,
    /// The session's feed as it was last seen.
    pub feed: BTreeMap<String, Event>,
    pub made: usize,
    /// Somebody whose own feed is read beside her mailbox.
    pub followed: Option<Followed>,
}

impl<'a> Play<'a> {
    /// A session of two evenings, four and five weeks from now, that nobody has booked.
    pub async fn begin(
        turnout: &'a TestTurnout,
        (code, alliance): (&str, &Alliance),
        staff: &'a [(StaffLogin, Client)],
    ) -> Play<'a> {
        let zone = alliance.time_zone;
        let session = turnout
            .plan(code, "first", 60, |session| {
                session.alliance = Arc::new(alliance.clone());
                let first = (turnout.ctx.now() + Duration::days(28)).date_naive();
                let first = first.and_hms_opt(18, 30, 0).expect("an evening");
                let evenings = [first, first + Duration::weeks(1)];
                session.sittings =
                    (1..).zip(evenings).map(|(n, at)| turnout.sitting_in(n, at, zone)).collect();
            })
            .await;
        let planned = turnout.session(&session).await;
        let model = Model {
            now: turnout.ctx.now(),
            days: planned.sittings.iter().map(|day| (day.number, day.starts_at)).collect(),
            is_cancelled: false,
            facts: facts(&planned),
            seats: vec![],
            zone,
        };
        let anybody = turnout.browser().await;
        Self {
            turnout,
            session,
            model,
            anybody,
            organisers: staff,
            signed_in: DateTime::UNIX_EPOCH,
            drawn: [None, None],
            times: [None, None],
            bookings: vec![],
            open: vec![],
            phones: [vec![], vec![]],
            calendars: Calendars::default(),
            own: BTreeMap::new(),
            feed: BTreeMap::new(),
            made: 0,
            followed: None,
        }
    }

    /// Plays one step, and compares everything afterwards.
    pub async fn step(&mut self, step: &Step) -> Result<(), String> {
        self.stay_signed_in().await;
        match *step {
            Step::Book { people, shares } => self.book(people, shares).await?,
            Step::Open(seat) => self.open_place(seat).await,
            Step::Correct => self.correct().await?,
            Step::Swap(seat) => self.swap(seat).await?,
            Step::Needs(seat, what) => self.needs(seat, what).await?,
            Step::GiveUp(seat) => self.give_up(seat, false).await?,
            Step::Cancel(seat) => self.give_up(seat, true).await?,
            Step::Draw(who) => self.draw(who).await,
            Step::Save(who, field, what) => self.save(who, field, what).await?,
            Step::DrawTimes(who) => self.draw_times(who).await,
            Step::Move(who, day, by) => self.move_day(who, day, by).await?,
            Step::AddDay => self.add_day().await?,
            Step::RemoveDay(day) => self.remove_day(day).await?,
            Step::Hours(hours) => self.pass(Duration::hours(hours)),
            Step::NextDay => self.next_day(),
            Step::See { phone, seat, here } => self.see(phone, seat, here).await,
            Step::Sync(phone) => self.sync(phone).await?,
            Step::Close => self.close().await?,
            Step::CallOff => self.call_off().await?,
            Step::Answer { seat, day, answer, by } => self.answer(seat, day, answer, by).await?,
            Step::Decline(seat) => self.decline(seat).await?,
            Step::Keep(seat) => self.keep(seat).await?,
            Step::TooLate => self.answer_too_late().await?,
            Step::Evening => self.evening(),
        }
        self.pass(Duration::minutes(3));
        self.stay_signed_in().await;
        self.agrees().await
    }

    /// The organisers sign in anew before their sign-in ends.
    async fn stay_signed_in(&mut self) {
        if self.model.now - self.signed_in > Duration::hours(6) {
            for (login, browser) in self.organisers {
                self.turnout.sign_in(browser, login).await;
            }
            self.signed_in = self.model.now;
        }
    }

    pub fn pass(&mut self, time: Duration) {
        self.turnout.clock.advance(time);
        self.model.now += time;
    }

    fn evening(&mut self) {
        let today = self.model.wall(self.model.now).date();
        let evening = today.and_hms_opt(21, 30, 0).expect("an evening");
        let wait = self.model.moment(evening) - self.model.now;
        if wait > Duration::zero() {
            self.pass(wait);
        }
    }

    fn next_day(&mut self) {
        let ahead = self.model.days.values().filter(|start| **start > self.model.now);
        if let Some(start) = ahead.min() {
            let wait = *start - Duration::minutes(30) - self.model.now;
            if wait > Duration::zero() {
                self.pass(wait);
            }
        }
    }
}
