//! What is compared after every step: calendars, the feed's stamps, needs, the door, the rules.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use turnout::actions::{
    door::count_turnout::count_turnout, examine::examine, retention::erase_due::erase_due,
    sessions::announce::tell_gathered, waiting::release_declined::release_declined,
};

use super::{mailbox::events, play::Play};
use crate::support::browser::page;

impl Play<'_> {
    /// Wall time where the session is, as calendar files have it.
    fn stamp(&self, at: DateTime<Utc>) -> String {
        self.model.wall(at).format("%Y%m%dT%H%M%S").to_string()
    }

    pub async fn agrees(&mut self) -> Result<(), String> {
        self.read_the_mail().await;
        self.model.let_go();
        let swept = release_declined(&self.turnout.ctx).await;
        swept.map_err(|error| format!("places were not released: {error}"))?;
        self.read_the_mail().await;
        self.places_agree().await?;
        self.calendars_agree()?;
        self.feed_agrees().await?;
        for at in 0..self.model.seats.len() {
            let seat = &self.model.seats[at];
            let (model, real) = (seat.person.diet.clone(), self.eats(at).await);
            if seat.is_confirmed && self.model.remembers_needs() && model != real {
                return Err(format!("{} eats {real:?}, not {model:?}", seat.person.name));
            }
        }
        self.doors_agree().await?;
        self.look_at_the_feed().await;
        let ctx = &self.turnout.ctx;
        // What the step before left counted, this one changed: the doctor sees whether that was noted.
        let mut found = examine(ctx).await.map_err(|error| error.to_string())?;
        if !found.is_empty() {
            // Time passes by months here: what is due to be erased, the jobs erase every hour.
            erase_due(ctx).await.map_err(|error| error.to_string())?;
            found = examine(ctx).await.map_err(|error| error.to_string())?;
        }
        count_turnout(ctx).await.map_err(|error| error.to_string())?;
        if found.is_empty() { Ok(()) } else { Err(format!("not sound: {found:?}")) }
    }

    /// Everybody's calendar takes what the mail brought; whoever got a link keeps it.
    pub async fn read_the_mail(&mut self) {
        tell_gathered(&self.turnout.ctx).await.expect("what was gathered is told");
        for letter in self.turnout.letters().await {
            for (address, uid) in self.calendars.take(&letter) {
                // Another question is another answer, and what was declined was something else.
                for seat in self.model.seats.iter_mut().filter(|one| one.person.email == address) {
                    seat.person.said.remove(&uid);
                    seat.release = None;
                }
            }
            let address = letter.to.split('<').next_back().unwrap_or_default();
            let address = address.trim_end_matches('>').to_owned();
            let link =
                letter.text.split("https://turnout.example").find(|rest| rest.starts_with("/p/"));
            if let Some(link) = link.and_then(|link| link.split_whitespace().next()) {
                let sharing = self.model.seats.iter().filter(|seat| seat.person.email == address);
                if sharing.count() == 1 {
                    let token =
                        link.trim_start_matches("/p/").split('/').next().unwrap_or_default();
                    self.own.insert(address, format!("/p/{token}"));
                }
            }
        }
    }

    /// What the calendar of an address threw away, with the places it declined.
    pub fn thrown_away(&self, address: &str) -> BTreeSet<String> {
        let hers = self.model.seats.iter().filter(|seat| seat.person.email == address);
        hers.flat_map(super::model::Seat::thrown_away).collect()
    }

    /// Whoever has a place in the model has one.
    async fn places_agree(&self) -> Result<(), String> {
        for (booking, (id, _)) in self.bookings.iter().enumerate() {
            let states = self.turnout.states(*id).await;
            for seat in self.model.seats.iter().filter(|seat| seat.booking == booking) {
                let (real, model) = (&states[seat.number - 1], seat.is_confirmed);
                if (*real == "confirmed") != model && !self.model.is_cancelled {
                    let name = &seat.person.name;
                    return Err(format!("{name}'s place is {real}, hers in the model: {model}"));
                }
            }
        }
        Ok(())
    }

    /// What was sent is the confirmed places times the days to come, for everybody (C7).
    fn calendars_agree(&self) -> Result<(), String> {
        let now = self.stamp(self.model.now);
        for address in self.calendars.addresses() {
            let real = self.calendars.ahead(address, &now, &self.thrown_away(address));
            let model = self.model.ahead(address).into_iter();
            let model: Vec<String> = model.map(|start| self.stamp(start)).collect();
            if real != model {
                return Err(format!("{address} has {real:?}, the model says {model:?}"));
            }
        }
        let invited = self.model.seats.iter().filter(|seat| seat.is_confirmed);
        for seat in
            invited.filter(|seat| !self.calendars.addresses().any(|a| *a == seat.person.email))
        {
            if !self.model.ahead(&seat.person.email).is_empty() {
                return Err(format!("{} was never invited", seat.person.name));
            }
        }
        Ok(())
    }

    /// An event of the feed has newer stamps exactly when anything else of it is new (C8).
    async fn feed_agrees(&mut self) -> Result<(), String> {
        let file = page(&self.anybody, &format!("/sessions/{}.ics", self.session)).await;
        for event in events(&file) {
            if let Some(before) = self.feed.get(&event.uid) {
                let same = before.content == event.content;
                let still = before == &event;
                let newer = event.sequence > before.sequence && event.modified > before.modified;
                if !(if same { still } else { newer }) {
                    return Err(format!("stamps lie: {before:?} became {event:?}"));
                }
            }
            self.feed.insert(event.uid.clone(), event);
        }
        Ok(())
    }
}
