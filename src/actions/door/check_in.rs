//! The door: who is here. Taps come one by one from a page, or in a bundle from a device that was
//! without signal; a bundle that is sent twice, or from two devices, changes nothing twice. What was
//! seen outranks what the end of the day made of nobody's word (D1).

use std::collections::HashMap;

use chrono::{DateTime, Utc};

pub use super::taps::{Refused, Taken, Taps};

use super::{
    close_sitting::remember,
    keeper::Keeper,
    open::{DoorError, find},
};
use crate::{
    actions::{
        ActionContext,
        people::know_people::know_those_on,
        record::{Subject, record},
    },
    domain::{
        attendance::{Basis, DoorHours, DoorTime, Mark, Presence, WalkIn},
        audit::{Actor, AuditAction},
        finding::folded,
        id::{InstitutionCode, PlaceId, SessionCode, WalkInId},
        institution::Institution,
        place::PlaceStatus,
        session::Session,
        sitting::Sitting,
        wording,
    },
    store::{
        StoreError, Tx,
        door::{self, Arrival, KnownPresence, WalkInArrival},
        institutions, registrations,
    },
    token::row_id,
};

/// The door while taps are written down.
struct Writing<'a> {
    ctx: &'a ActionContext,
    session: &'a Session,
    sitting: &'a Sitting,
    actor: Actor,
    hours: DoorHours,
    is_closed: bool,
    /// Who stands on which place; `None` for a name to follow, `false` for a place that is gone.
    names: HashMap<PlaceId, (Option<String>, bool)>,
    known: HashMap<PlaceId, KnownPresence>,
    /// Who came without a booking, as far as we know.
    walk_ins: Vec<WalkIn>,
    /// The institutions on the list, if anybody walked in for one.
    institutions: Vec<Institution>,
    taken: Taken,
}

/// Writes taps down; those that are known already, or older than what is known, change nothing.
/// Whatever is not taken is answered with words.
///
/// # Errors
/// [`DoorError`], in which case nothing changed.
pub async fn check_in<'k>(
    ctx: &ActionContext,
    keeper: impl Into<Keeper<'k>>,
    code: &SessionCode,
    number: u32,
    taps: &Taps,
) -> Result<Taken, DoorError> {
    let keeper = keeper.into();
    let mut tx = ctx.store.begin().await?;
    let (session, sitting) = find(&mut tx, keeper, code, number).await?;
    let closed_at = door::lock(&mut tx, sitting.id).await?;
    let bookings = registrations::of_session(&mut tx, code).await?;
    let places = bookings.iter().flat_map(|one| &one.places);
    let names = places.map(|place| {
        let name = place.attendee.as_ref().map(|attendee| attendee.name.to_string());
        (place.id, (name, place.state.status() == PlaceStatus::Confirmed))
    });
    let mut writing = Writing {
        ctx,
        session: &session,
        sitting: &sitting,
        actor: keeper.actor(),
        hours: DoorHours::of(&sitting, ctx.check_in),
        is_closed: closed_at.is_some(),
        names: names.collect(),
        known: door::marks(&mut tx, sitting.id).await?,
        walk_ins: door::walk_ins(&mut tx, sitting.id).await?,
        institutions: match taps.walk_ins.iter().any(|one| one.institution.is_some()) {
            true => institutions::all(&mut tx).await?,
            false => Vec::new(),
        },
        taken: Taken::default(),
    };
    for mark in &taps.marks {
        writing.mark(&mut tx, mark, taps, Basis::Seen).await?;
    }
    for mark in &taps.corrections {
        writing.mark(&mut tx, mark, taps, Basis::Correction).await?;
    }
    writing.without_booking(&mut tx, keeper, taps).await?;
    let taken = writing.taken;
    if taken.changed > 0 {
        know_those_on(ctx, &mut tx, code, &bookings).await?;
    }
    if closed_at.is_some() && taken.changed > 0 {
        remember(ctx, &mut tx, &session).await?;
    }
    tx.commit().await?;
    Ok(taken)
}

/// What a helper is told who may not add anybody.
fn not_added(walk_in: &WalkIn) -> Refused {
    Refused {
        place: None,
        walk_in: Some(walk_in.id),
        at: walk_in.at,
        name: walk_in.name.to_string(),
        why: "People without a booking are added by the trainers: please send them there."
            .to_owned(),
        asks: false,
    }
}

impl Writing<'_> {
    /// Takes down who came without a booking, as far as that is the keeper's to say.
    async fn without_booking(
        &mut self,
        tx: &mut Tx,
        keeper: Keeper<'_>,
        taps: &Taps,
    ) -> Result<(), StoreError> {
        for walk_in in &taps.walk_ins {
            match keeper.adds() {
                true => self.add(tx, walk_in, taps).await?,
                false => self.taken.refused.push(not_added(walk_in)),
            }
        }
        for id in taps.removed.iter().filter(|_| keeper.adds()) {
            self.remove(tx, *id).await?;
        }
        for (id, is_somebody_else) in taps.answers.iter().filter(|_| keeper.answers()) {
            self.answer(tx, *id, *is_somebody_else).await?;
        }
        Ok(())
    }

    async fn mark(
        &mut self,
        tx: &mut Tx,
        mark: &Mark,
        taps: &Taps,
        asked: Basis,
    ) -> Result<(), StoreError> {
        let basis = match self.basis(mark, taps, asked) {
            Ok(basis) => basis,
            Err((name, why)) => {
                let (place, at) = (Some(mark.place), mark.at);
                self.taken.refused.push(Refused {
                    place,
                    walk_in: None,
                    at,
                    name,
                    why,
                    asks: false,
                });
                return Ok(());
            }
        };
        // A tap taken back after the day was closed leaves nobody's word again, and so the default.
        let defaulted = self.is_closed && mark.presence == Presence::Unknown;
        let presence = if defaulted { Presence::Absent } else { mark.presence };
        let counted = Mark { presence, ..*mark };
        let is_late = self.is_closed && basis == Basis::Seen;
        let basis = if defaulted && basis == Basis::Seen { Basis::Closing } else { basis };
        let arrival = Arrival { by: &self.actor, at: self.ctx.now(), basis, is_late };
        let code = &self.session.code;
        if !door::mark(tx, code, self.sitting.id, &counted, arrival).await? {
            return Ok(());
        }
        // A tap that says what is known moves only its time: it settles which tap was the latest.
        let known = KnownPresence { presence, basis, seen_at: Some(mark.at) };
        let before = self.known.insert(mark.place, known);
        if before.map(|known| known.presence).unwrap_or_default() == presence {
            return Ok(());
        }
        self.taken.changed += 1;
        let mut detail = format!("day {}: {presence}", self.sitting.number);
        if basis == Basis::Correction {
            detail.push_str(", a correction after the day");
        } else if is_late {
            let seen = format!(", seen at {}, arrived after closing", self.clock(mark.at));
            detail.push_str(&seen);
        }
        self.record(tx, AuditAction::CheckedIn, Some(mark.place), detail).await
    }

    /// As what a mark is taken; or the name it is about, and why it is not.
    fn basis(&self, mark: &Mark, taps: &Taps, asked: Basis) -> Result<Basis, (String, String)> {
        let shown = taps.shown.get(&mark.place);
        let Some((name, is_confirmed)) = self.names.get(&mark.place) else {
            let name = shown.cloned().unwrap_or_default();
            return Err((name, "This place is not on the list of this session.".to_owned()));
        };
        let called = name.as_deref().unwrap_or("Name to follow").to_owned();
        if !is_confirmed {
            let why = "This place was given up meanwhile. If they came, add them as somebody who \
                       is not on the list.";
            return Err((shown.cloned().unwrap_or(called), why.to_owned()));
        }
        if let Some(shown) = shown.filter(|shown| folded(shown) != folded(&called)) {
            let why = format!("The list changed meanwhile: this place is for {called} now.");
            return Err((shown.clone(), why));
        }
        self.timed(mark.at, asked).map_err(|why| (called, why))
    }

    /// As what a tap of a moment is taken, or why it is not (D2).
    fn timed(&self, at: DateTime<Utc>, asked: Basis) -> Result<Basis, String> {
        match self.hours.at(at) {
            DoorTime::Open => Ok(Basis::Seen),
            DoorTime::Over if asked == Basis::Correction => Ok(Basis::Correction),
            DoorTime::Over => Err(format!(
                "Tapped after the day had ended, {}. Correct it on the page of the door.",
                self.moment(self.hours.ends)
            )),
            DoorTime::Early => Err(format!("Check-in opens {}.", self.moment(self.hours.opens))),
        }
    }

    async fn add(&mut self, tx: &mut Tx, walk_in: &WalkIn, taps: &Taps) -> Result<(), StoreError> {
        let asked = if taps.adds_afterwards { Basis::Correction } else { Basis::Seen };
        let basis = match self.timed(walk_in.at, asked) {
            Ok(basis) => basis,
            Err(why) => {
                let (name, at) = (walk_in.name.to_string(), walk_in.at);
                let walk_in = Some(walk_in.id);
                self.taken.refused.push(Refused {
                    place: None,
                    walk_in,
                    at,
                    name,
                    why,
                    asks: false,
                });
                return Ok(());
            }
        };
        if !taps.sure.contains(&walk_in.id)
            && let Some((place, why)) = self.same(walk_in)
        {
            if taps.keeps_questions {
                self.keep(tx, walk_in, basis, Some(&why)).await?;
            }
            let (name, at) = (walk_in.name.to_string(), walk_in.at);
            let walk_in = Some(walk_in.id);
            self.taken.refused.push(Refused { place, walk_in, at, name, why, asks: true });
            return Ok(());
        }
        if self.keep(tx, walk_in, basis, None).await? {
            let is_late = self.is_closed && basis == Basis::Seen;
            self.walk_ins.push(walk_in.clone());
            self.taken.changed += 1;
            let mut detail = format!("day {}", self.sitting.number);
            if basis == Basis::Correction {
                detail.push_str(", a correction after the day");
            } else if is_late {
                let came = format!(", came at {}, arrived after closing", self.clock(walk_in.at));
                detail.push_str(&came);
            }
            self.record(tx, AuditAction::WalkInAdded, None, detail).await?;
        }
        Ok(())
    }

    /// Writes a line down, or the question whether there is one; `false` if it is known.
    async fn keep(
        &self,
        tx: &mut Tx,
        walk_in: &WalkIn,
        basis: Basis,
        question: Option<&str>,
    ) -> Result<bool, StoreError> {
        let is_late = self.is_closed && basis == Basis::Seen;
        let code = self.institution(walk_in);
        let came = WalkInArrival { by: &self.actor, at: self.ctx.now(), is_late, question };
        door::add_walk_in(tx, self.sitting.id, walk_in, came, code.as_ref()).await
    }

    /// Who may be the same person: somebody with a place, or a line that was added before.
    fn same(&self, walk_in: &WalkIn) -> Option<(Option<PlaceId>, String)> {
        if self.walk_ins.iter().any(|one| one.id == walk_in.id) {
            return None;
        }
        let key = folded(walk_in.name.as_str());
        let has_place = self.names.iter().find(|(_, (name, is_confirmed))| {
            *is_confirmed && name.as_deref().is_some_and(|name| folded(name) == key)
        });
        if let Some((place, (name, _))) = has_place {
            let name = name.as_deref().unwrap_or_default();
            let known = self.known.get(place).map(|known| known.presence);
            let why = if known == Some(Presence::Attended) {
                format!("{name} has a place, and is checked in already. Is this somebody else?")
            } else {
                format!("{name} already has a place. Check them in, or is this somebody else?")
            };
            return Some((Some(*place), why));
        }
        let before = self.walk_ins.iter().find(|one| folded(one.name.as_str()) == key)?;
        let since = self.clock(before.at);
        Some((
            None,
            format!("{} was added already, at {since}. Is this somebody else?", before.name),
        ))
    }

    /// The institution on the list that was meant, where only one is called so.
    fn institution(&self, walk_in: &WalkIn) -> Option<InstitutionCode> {
        let key = folded(walk_in.institution.as_ref()?.as_str());
        let mut called = self.institutions.iter().filter(|one| folded(&one.name) == key);
        let first = called.next()?;
        called.next().is_none().then(|| first.code.clone())
    }

    async fn remove(&mut self, tx: &mut Tx, id: WalkInId) -> Result<(), StoreError> {
        door::answer_question(tx, self.sitting.id, id, false, self.is_closed).await?;
        if door::remove_walk_in(tx, self.sitting.id, id, self.ctx.now()).await? {
            self.taken.changed += 1;
            let detail = format!("day {}", self.sitting.number);
            self.record(tx, AuditAction::WalkInRemoved, None, detail).await?;
        }
        Ok(())
    }

    /// Somebody said whether a line is about somebody else.
    async fn answer(&mut self, tx: &mut Tx, id: WalkInId, other: bool) -> Result<(), StoreError> {
        let (sitting, is_closed) = (self.sitting.id, self.is_closed);
        if door::answer_question(tx, sitting, id, other, is_closed).await? && other {
            self.taken.changed += 1;
            let detail = format!("day {}, somebody else of that name", self.sitting.number);
            self.record(tx, AuditAction::WalkInAdded, None, detail).await?;
        }
        Ok(())
    }

    async fn record(
        &self,
        tx: &mut Tx,
        action: AuditAction,
        place: Option<PlaceId>,
        detail: String,
    ) -> Result<(), StoreError> {
        let session = Some(self.session.code.clone());
        let subject = Subject { session, place, ..Subject::default() };
        record(self.ctx, tx, &self.actor, action, subject, Some(detail)).await
    }

    /// `9.02am`, by the clock on the wall.
    fn clock(&self, at: DateTime<Utc>) -> String {
        wording::time(at.with_timezone(&self.sitting.zone).naive_local().time())
    }

    fn moment(&self, at: DateTime<Utc>) -> String {
        let zone = self.sitting.zone;
        format!("at {} ({})", wording::moment(at, zone), wording::zone(zone))
    }
}

/// The id of a line that is added on a page, not on a device.
pub fn walk_in_id(ctx: &ActionContext) -> WalkInId {
    WalkInId::new(row_id(&*ctx.random, &*ctx.clock))
}
