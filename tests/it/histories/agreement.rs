//! What is compared after every step: calendars, the feed's stamps, needs, the door, the rules.

use chrono::{DateTime, Utc};
use turnout::actions::examine::examine;

use super::{mailbox::events, model::in_london, play::Play};
use crate::support::browser::page;

/// Wall time in London, as calendar files have it.
fn stamp(at: DateTime<Utc>) -> String {
    in_london(at).format("%Y%m%dT%H%M%S").to_string()
}

impl Play<'_> {
    pub async fn agrees(&mut self) -> Result<(), String> {
        self.read_the_mail().await;
        self.calendars_agree()?;
        self.feed_agrees().await?;
        for at in 0..self.model.seats.len() {
            let seat = &self.model.seats[at];
            let (model, real) = (seat.person.diet.clone(), self.eats(at).await);
            if seat.is_confirmed && model != real {
                return Err(format!("{} eats {real:?}, not {model:?}", seat.person.name));
            }
        }
        self.doors_agree().await?;
        let found = examine(&self.turnout.ctx).await.map_err(|error| error.to_string())?;
        if found.is_empty() { Ok(()) } else { Err(format!("not sound: {found:?}")) }
    }

    /// Everybody's calendar takes what the mail brought; whoever got a link keeps it.
    pub async fn read_the_mail(&mut self) {
        for letter in self.turnout.letters().await {
            self.calendars.take(&letter);
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

    /// What was sent is the confirmed places times the days to come, for everybody (C7).
    fn calendars_agree(&self) -> Result<(), String> {
        let now = stamp(self.model.now);
        for address in self.calendars.addresses() {
            let real = self.calendars.ahead(address, &now);
            let model: Vec<String> = self.model.ahead(address).into_iter().map(stamp).collect();
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
