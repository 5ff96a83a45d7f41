//! Calendars that answer: yes, perhaps and no; at night, too late, to what was before, and in somebody
//! else's name.

use turnout::{
    actions::calendars::take_reply::take_mail, domain::reply::PartStat, store::received::Outcome,
};

use super::{mailbox::Event, play::Play, step::By};
use crate::support::browser::post;

impl Play<'_> {
    /// The invites to days to come that somebody's calendar holds; none, if two read that mailbox.
    fn hers(&self, at: usize) -> Vec<Event> {
        let email = &self.model.seats[at].person.email;
        if self.model.seats.iter().filter(|seat| seat.person.email == *email).count() > 1 {
            return vec![];
        }
        let now = self.model.wall(self.model.now).format("%Y%m%dT%H%M%S").to_string();
        let held = self.calendars.of(email).into_iter().filter(|event| event.starts > now);
        let mut held: Vec<Event> = held.cloned().collect();
        held.sort_by(|a, b| a.starts.cmp(&b.starts));
        held
    }

    async fn send(
        &self,
        at: usize,
        (event, sequence): (&Event, i64),
        answer: PartStat,
        by: By,
    ) -> Outcome {
        let email = &self.model.seats[at].person.email;
        let from = if by == By::Another { "eve@example.net" } else { email };
        let status = answer.as_str().to_uppercase();
        let (uid, stamp) = (&event.uid, self.model.now.format("%Y%m%dT%H%M%SZ"));
        let raw = format!(
            "From: {from}\r\nTo: trainings@turnout.example\r\nSubject: {status}\r\n\
             Message-ID: <{stamp}.{uid}>\r\nMIME-Version: 1.0\r\n\
             Content-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n\
             BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\n\
             SEQUENCE:{sequence}\r\nDTSTAMP:{stamp}\r\n\
             ATTENDEE;PARTSTAT={status}:mailto:{email}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        );
        let taken = take_mail(&self.turnout.ctx, raw.as_bytes()).await.expect("it is taken");
        taken.unwrap_or(Outcome::Repeated)
    }

    /// A calendar answers to one day.
    pub async fn answer(
        &mut self,
        seat: usize,
        day: usize,
        answer: PartStat,
        by: By,
    ) -> Result<(), String> {
        let Some(at) = self.seat(seat) else { return Ok(()) };
        let hers = self.hers(at);
        if hers.is_empty() || self.model.is_cancelled {
            return Ok(());
        }
        let event = &hers[day % hers.len()];
        let sequence = if by == By::HerFirst { 0 } else { event.sequence };
        let outcome = self.send(at, (event, sequence), answer, by).await;
        let before = self.model.seats[at].person.said.get(&event.uid).copied();
        let expected = if sequence < self.calendars.asked(&event.uid) {
            Outcome::Stale
        } else if before == Some(answer) {
            Outcome::Repeated
        } else if by == By::Another && answer == PartStat::Declined {
            Outcome::NotTheirs
        } else {
            Outcome::Taken
        };
        match outcome {
            Outcome::TooMany => return Ok(()),
            // Of two answers in one minute, the one to what she was asked last counts.
            Outcome::Stale if by == By::HerFirst => return Ok(()),
            _ if outcome == expected => {}
            _ => return Err(format!("{answer} is {outcome}, not {expected}")),
        }
        if outcome == Outcome::Taken {
            self.said(at, &event.uid, answer);
        }
        Ok(())
    }

    /// What follows from an answer that was taken (C2, C10).
    fn said(&mut self, at: usize, uid: &str, answer: PartStat) {
        let person = &mut self.model.seats[at].person;
        person.said.insert(uid.to_owned(), answer);
        if answer != PartStat::Declined {
            self.model.seats[at].release = None;
            return;
        }
        let (hers, to_come) = (self.hers(at), self.model.to_come().count());
        let seat = &self.model.seats[at];
        let no = |event: &Event| seat.person.said.get(&event.uid) == Some(&PartStat::Declined);
        let is_all = hers.len() == to_come && hers.iter().all(no);
        if is_all && to_come > 0 && !seat.was_here() && self.model.release_at().is_some() {
            self.model.seats[at].release = self.model.release_at();
        }
    }

    /// A calendar says no to every day to come.
    pub async fn decline(&mut self, seat: usize) -> Result<(), String> {
        let Some(at) = self.seat(seat) else { return Ok(()) };
        for day in 0..self.hers(at).len() {
            self.answer(seat, day, PartStat::Declined, By::Herself).await?;
        }
        Ok(())
    }

    /// She presses that she keeps it: her calendar gets again what it threw away.
    pub async fn keep(&mut self, seat: usize) -> Result<(), String> {
        let Some(at) = self.seat(seat) else { return Ok(()) };
        let Some(link) = self.own.get(&self.model.seats[at].person.email).cloned() else {
            return Ok(());
        };
        let held = self.hers(at);
        post(&self.anybody, &format!("{link}/keep"), "").await;
        let seat = &mut self.model.seats[at];
        if seat.release.take().is_none() {
            return Ok(());
        }
        for answer in seat.person.said.values_mut().filter(|one| **one == PartStat::Declined) {
            *answer = PartStat::Accepted;
        }
        self.read_the_mail().await;
        let again = self.hers(at);
        let is_newer = held.iter().zip(&again).all(|(was, now)| now.sequence > was.sequence);
        if is_newer && held.len() == again.len() {
            Ok(())
        } else {
            Err(format!("{held:?} was thrown away, and {again:?} came"))
        }
    }

    /// A calendar says yes to a place that went to somebody else: it takes the day out again.
    pub async fn answer_too_late(&mut self) -> Result<(), String> {
        for at in 0..self.model.seats.len() {
            let thrown_away = self.model.seats[at].thrown_away();
            for event in self.hers(at).iter().filter(|one| thrown_away.contains(&one.uid)) {
                let sent = (event, event.sequence);
                let outcome = self.send(at, sent, PartStat::Accepted, By::Herself).await;
                if outcome == Outcome::TooMany {
                    continue;
                }
                if outcome != Outcome::Stale {
                    return Err(format!("a yes that comes too late is {outcome}"));
                }
                self.model.seats[at].person.said.remove(&event.uid);
            }
        }
        Ok(())
    }
}
