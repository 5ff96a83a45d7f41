//! Two phones at the door, without signal for as long as it takes.

use chrono::Duration;
use rocket::http::{ContentType, Status};
use serde_json::{Value, json};

use super::{
    model::{Model, Seat},
    play::{Look, Play},
};
use crate::support::browser::post;

impl Play<'_> {
    /// The day at whose door a phone can stand now.
    fn at_the_door(&self) -> Option<u32> {
        let now = self.model.now;
        let days = self.model.days.iter().filter(|(_, start)| {
            now >= **start - Duration::hours(1) && now <= **start + Duration::hours(2)
        });
        days.map(|(day, _)| *day).next().filter(|_| !self.model.is_cancelled)
    }

    /// A phone sees somebody, or takes it back; nobody else hears of it yet.
    pub async fn see(&mut self, phone: usize, seat: usize, here: bool) {
        let (Some(day), Some(at)) = (self.at_the_door(), self.seat(seat)) else { return };
        let Seat { booking, number, .. } = &self.model.seats[at];
        let booking = self.turnout.registration(self.bookings[*booking].0).await;
        let place = booking.places[number - 1].id.to_string();
        let look = Look { day, place, seat: at, at: self.model.now, here };
        self.phones[phone].push(look);
    }

    async fn hand_in(&self, day: u32, looks: &[Look]) -> Result<Value, String> {
        let age = |look: &Look| (self.model.now - look.at).num_seconds();
        let marks: Vec<Value> = looks
            .iter()
            .filter(|look| look.day == day)
            .map(|look| json!({ "place": look.place, "here": look.here, "age": age(look) }))
            .collect();
        let path = format!("/trainer/sessions/{}/check-in/{day}/sync", self.session);
        let request = self.organisers[0].1.post(path).header(ContentType::JSON);
        let answer = request.body(json!({ "marks": marks }).to_string()).dispatch().await;
        let status = answer.status();
        let body = answer.into_string().await.unwrap_or_default();
        if status != Status::Ok {
            return Err(format!("the door answers {status}: {body}"));
        }
        serde_json::from_str(&body).map_err(|why| format!("{why}: {body}"))
    }

    /// A phone finds a signal and hands in what it saw.
    pub async fn sync(&mut self, phone: usize) -> Result<(), String> {
        let looks = std::mem::take(&mut self.phones[phone]);
        let mut days: Vec<u32> = looks.iter().map(|look| look.day).collect();
        days.sort_unstable();
        days.dedup();
        days.retain(|day| self.model.days.contains_key(day) && !self.model.is_cancelled);
        for day in days {
            self.hand_in(day, &looks).await?;
        }
        for look in looks {
            let seat = &mut self.model.seats[look.seat];
            // Its number may be another day's since: whose door was not open then.
            let start = self.model.days.get(&look.day);
            let open = |start: &chrono::DateTime<chrono::Utc>| {
                (*start - Duration::hours(2)..=*start + Duration::hours(2)).contains(&look.at)
            };
            if !start.is_some_and(open) {
                continue;
            }
            // What was seen of somebody is not true of who came to sit there later (H1).
            if seat.is_confirmed && seat.person.since <= look.at && !self.model.is_cancelled {
                Model::see(&mut seat.person, look.day, look.at, look.here);
            }
        }
        Ok(())
    }

    /// Whoever is at the door closes the day that began last.
    pub async fn close(&mut self) -> Result<(), String> {
        let now = self.model.now;
        let last = self.model.days.iter().rfind(|(_, start)| **start <= now).map(|(day, _)| *day);
        let Some(day) = last.filter(|_| !self.model.is_cancelled) else { return Ok(()) };
        let path = format!("/trainer/sessions/{}/check-in/{day}/close", self.session);
        let (status, page) = post(&self.organisers[1].1, &path, "").await;
        if status == Status::SeeOther {
            Ok(())
        } else {
            Err(format!("not closed: {status} {page}"))
        }
    }

    /// Every door says who is here.
    pub async fn doors_agree(&self) -> Result<(), String> {
        if self.model.is_cancelled {
            return Ok(());
        }
        let opened = self.model.days.iter().filter(|(_, start)| **start <= self.model.now);
        for (day, _) in opened {
            let standing = self.hand_in(*day, &[]).await?;
            let lines = standing["here"].as_array().ok_or("no list of who is here")?;
            let mut here: Vec<String> =
                lines.iter().filter_map(|line| line["place"].as_str().map(str::to_owned)).collect();
            let mut expected = Vec::new();
            for (booking, number) in self.model.here(*day) {
                let booking = self.turnout.registration(self.bookings[booking].0).await;
                expected.push(booking.places[number - 1].id.to_string());
            }
            here.sort();
            expected.sort();
            if here != expected {
                return Err(format!("day {day}: {here:?} are here, the model says {expected:?}"));
            }
        }
        Ok(())
    }
}
