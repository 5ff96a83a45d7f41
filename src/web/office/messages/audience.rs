//! Whom a message is for, in words.

use crate::domain::{
    mailing::{Audience, RecipientGroup},
    session::Session,
    wording,
};

/// A group in words, such as `Everybody with a place`.
pub fn group_words(group: RecipientGroup, session: &Session) -> String {
    let day = |number: u32| match session.sittings.iter().find(|one| one.number == number) {
        Some(_) if session.sittings.len() == 1 => String::new(),
        Some(sitting) => format!(" on {}", wording::date(sitting.starts.date())),
        None => format!(" on day {number}"),
    };
    match group {
        RecipientGroup::Coming => "Everybody with a place".to_owned(),
        RecipientGroup::Waiting => "Everybody on the waiting list".to_owned(),
        RecipientGroup::Asking => "Everybody who asks for a place".to_owned(),
        RecipientGroup::Cancelled => "Everybody who gave up or lost a place".to_owned(),
        RecipientGroup::Attended(number) => format!("Everybody who came{}", day(number)),
        RecipientGroup::Absent(number) => {
            format!("Everybody who had a place and did not come{}", day(number))
        }
    }
}

pub fn audience_words(audience: &Audience, session: &Session) -> String {
    let groups = audience.groups.iter().map(|group| group_words(*group, session));
    let mut words: Vec<String> = groups.collect();
    words.extend(audience.leaders.then(|| "whoever booked them".to_owned()));
    wording::list(&words)
}
