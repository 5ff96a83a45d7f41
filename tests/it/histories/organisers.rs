//! Two organisers, each with windows that stay open while the other works.

use chrono::{DateTime, Duration, Utc};
use rocket::http::Status;
use turnout::domain::session::{Publication, Session};

use super::{model::Facts, play::Play};
use crate::support::{browser::post, form::Form};

/// What an organiser can write on a session that nobody is told of.
pub fn facts(session: &Session) -> Facts {
    Facts {
        note: session.note.as_ref().map_or_else(String::new, ToString::to_string),
        access: session.access.join("\n"),
        per_booking: session.places_per_booking.to_string(),
    }
}

impl Play<'_> {
    fn office(&self, page: &str) -> String {
        format!("/office/sessions/{}/{page}", self.session)
    }

    /// One of them opens the form of the session.
    pub async fn draw(&mut self, who: usize) {
        if self.model.is_over() {
            return;
        }
        let path = self.office("edit");
        let form = Form::open(&self.organisers[who].1, &path).await;
        self.drawn[who] = Some((form, self.model.facts.clone()));
    }

    /// He changes one field of it and saves (V1).
    pub async fn save(&mut self, who: usize, field: usize, what: u8) -> Result<(), String> {
        let Some((form, drawn)) = self.drawn[who].take() else { return Ok(()) };
        let mut sent = drawn.clone();
        let (name, value) = match field {
            0 => ("note", format!("Bring {what} pens")),
            1 => ("access", format!("{what} steps")),
            _ => ("per_booking", (what + 2).to_string()),
        };
        match name {
            "note" => sent.note.clone_from(&value),
            "access" => sent.access.clone_from(&value),
            _ => sent.per_booking.clone_from(&value),
        }
        let form = form.with(name, &value).with("action", "save");
        let (status, page) = form.send(&self.organisers[who].1).await;
        // What is written of a session can be put right when it is over, but not once it is called off.
        let over = self.model.is_cancelled;
        let before = self.model.facts.clone();
        let saved = !over && self.model.save(&drawn, &sent);
        let now = facts(&self.turnout.session(&self.session).await);
        if over && now == before {
            return Ok(());
        }
        if now != self.model.facts {
            let model = &self.model.facts;
            return Err(format!("{status}: {now:?}, the model says {model:?}: {page}"));
        }
        if !saved && status != Status::Conflict {
            return Err(format!("{status} where two wrote the same field"));
        }
        Ok(())
    }

    /// One of them opens the page of other times.
    pub async fn draw_times(&mut self, who: usize) {
        if self.model.is_over() {
            return;
        }
        let path = self.office("times");
        let form = Form::open(&self.organisers[who].1, &path).await;
        self.times[who] = Some((form, self.model.days.clone()));
    }

    /// He moves a day and saves: a stale page is refused outright (V2).
    pub async fn move_day(&mut self, who: usize, day: usize, by: i64) -> Result<(), String> {
        let Some((form, drawn)) = self.times[who].take() else { return Ok(()) };
        let numbers: Vec<u32> = drawn.keys().copied().collect();
        let day = numbers[day % numbers.len()];
        let to = self.model.wall(drawn[&day]) + Duration::hours(by);
        let form = form
            .with(&format!("d{day}_date"), &to.format("%Y-%m-%d").to_string())
            .with(&format!("d{day}_start"), &to.format("%H:%M").to_string())
            .with(&format!("d{day}_end"), &(to + Duration::hours(2)).format("%H:%M").to_string());
        let (status, page) = form.send(&self.organisers[who].1).await;
        let mut moved = self.model.days.clone();
        moved.insert(day, self.model.moment(to));
        let is_fresh = drawn == self.model.days && !self.model.is_over();
        // A day that has just begun may still be put off.
        let may = is_fresh && self.model.moment(to) > self.model.now;
        let must = may && self.model.is_ahead();
        self.days_become(moved, (may, must), &format!("{status}: {page}")).await
    }

    /// The days in the database are those of before, or `moved` if that `may` be.
    async fn days_become(
        &mut self,
        moved: std::collections::BTreeMap<u32, DateTime<Utc>>,
        (may, must): (bool, bool),
        answer: &str,
    ) -> Result<(), String> {
        let session = self.turnout.session(&self.session).await;
        let now: std::collections::BTreeMap<u32, DateTime<Utc>> =
            session.sittings.iter().map(|day| (day.number, day.starts_at)).collect();
        let changed = now == moved;
        if !changed && now != self.model.days {
            return Err(format!("the days became {now:?}, not {moved:?}"));
        }
        if (changed && !may) || (!changed && must) {
            return Err(format!("may be {may}, must be {must}, was {changed}: {answer}"));
        }
        self.model.days = now;
        Ok(())
    }

    /// A day is added, a week after the last.
    pub async fn add_day(&mut self) -> Result<(), String> {
        let count = self.model.days.len();
        let last = self.model.days.values().max().copied();
        let Some(last) = last.filter(|_| count < 4) else { return Ok(()) };
        let (number, to) = (count + 1, self.model.wall(last) + Duration::weeks(1));
        let path = self.office("days");
        let form = Form::of(&path, "")
            .with(&format!("d{number}_date"), &to.format("%Y-%m-%d").to_string())
            .with(&format!("d{number}_start"), &to.format("%H:%M").to_string())
            .with(
                &format!("d{number}_end"),
                &(to + Duration::hours(2)).format("%H:%M").to_string(),
            );
        let (status, page) = form.send(&self.organisers[0].1).await;
        let mut more = self.model.days.clone();
        more.insert(u32::try_from(number).expect("a small number"), self.model.moment(to));
        let open = !self.model.is_over() && self.model.moment(to) > self.model.now;
        self.days_become(more, (open, open), &format!("{status}: {page}")).await
    }

    /// A day is taken away. Those after it take its number.
    pub async fn remove_day(&mut self, day: usize) -> Result<(), String> {
        let session = self.turnout.session(&self.session).await;
        let going = &session.sittings[day % session.sittings.len()];
        let path = self.office("remove-day");
        let sent = format!("day={}", going.id);
        let (status, page) = post(&self.organisers[0].1, &path, &sent).await;
        let left = self.model.days.iter().filter(|(number, _)| **number != going.number);
        let left = (1..).zip(left.map(|(_, start)| *start)).collect();
        let open = !self.model.is_over() && going.starts_at > self.model.now;
        let open = open && self.model.days.len() > 1;
        self.days_become(left, (open, open), &format!("{status}: {page}")).await
    }

    /// The session is called off.
    pub async fn call_off(&mut self) -> Result<(), String> {
        let sent = "why=The+hall+is+flooded&typed=CANCEL";
        let path = self.office("cancel");
        let (status, page) = post(&self.organisers[0].1, &path, sent).await;
        let session = self.turnout.session(&self.session).await;
        let is_cancelled = session.publication != Publication::Published;
        if is_cancelled == self.model.is_over() && !self.model.is_cancelled {
            return Err(format!("{status}: called off: {is_cancelled}: {page}"));
        }
        if !self.model.is_over() {
            self.model.is_cancelled = true;
            for seat in &mut self.model.seats {
                // Whoever had a place is told; whose calendar had thrown it away, is not.
                if seat.is_confirmed {
                    seat.person.said.clear();
                }
                (seat.is_confirmed, seat.release) = (false, None);
            }
        }
        Ok(())
    }
}
