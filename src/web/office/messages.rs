//! Writing to the people of a session: the form, a last look, and how far it has come.

use askama::Template;

use crate::{
    domain::{
        mailing::{Audience, Group, Reach},
        session::Session,
        wording,
    },
    store::mailings::{Mailing, Progress},
    web::{form::FormState, office::stamp, page::Chrome},
};

/// A group in words, such as `Everybody with a place`.
pub fn group_words(group: Group, session: &Session) -> String {
    let day = |number: u32| match session.sittings.iter().find(|one| one.number == number) {
        Some(_) if session.sittings.len() == 1 => String::new(),
        Some(sitting) => format!(" on {}", wording::date(sitting.starts.date())),
        None => format!(" on day {number}"),
    };
    match group {
        Group::Coming => "Everybody with a place".to_owned(),
        Group::Waiting => "Everybody on the waiting list".to_owned(),
        Group::Asking => "Everybody who asks for a place".to_owned(),
        Group::Cancelled => "Everybody who gave up or lost a place".to_owned(),
        Group::Attended(number) => format!("Everybody who came{}", day(number)),
        Group::Absent(number) => {
            format!("Everybody who had a place and did not come{}", day(number))
        }
    }
}

fn audience_words(audience: &Audience, session: &Session) -> String {
    let groups = audience.groups.iter().map(|group| group_words(*group, session));
    let mut words: Vec<String> = groups.collect();
    words.extend(audience.leaders.then(|| "whoever booked them".to_owned()));
    wording::list(&words)
}

/// A group to tick, with how many people are in it now.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The group.
    pub group: Group,
    /// How many people.
    pub people: usize,
    /// Whether it is ticked.
    pub is_ticked: bool,
}

/// Writing a message.
#[derive(Template)]
#[template(path = "office/message.html")]
pub struct MessagePage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The groups to choose from.
    pub choices: Vec<Choice>,
    /// What is typed.
    pub form: FormState,
    /// What was sent before, latest first.
    pub earlier: Vec<(Mailing, Progress)>,
}

impl MessagePage {
    fn label(&self, choice: &Choice) -> String {
        let people = wording::count(choice.people, "person", "people");
        format!("{} ({people})", group_words(choice.group, &self.session))
    }

    fn when(&self, mailing: &Mailing) -> String {
        stamp(mailing.at, self.session.zone())
    }

    fn to(&self, mailing: &Mailing) -> String {
        audience_words(&mailing.audience, &self.session)
    }
}

/// A last look before it goes out.
#[derive(Template)]
#[template(path = "office/message_check.html")]
pub struct MessageCheckPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// The session.
    pub session: Session,
    /// Whom it is for.
    pub audience: Audience,
    /// Whom it reaches.
    pub reach: Reach,
    /// The subject.
    pub subject: String,
    /// The words.
    pub body: String,
    /// Marks this sending, so that a second press sends nothing.
    pub attempt: String,
}

impl MessageCheckPage {
    fn to(&self) -> String {
        audience_words(&self.audience, &self.session)
    }

    fn letters(&self) -> String {
        wording::count(self.reach.recipients.len(), "email", "emails")
    }

    fn people(&self) -> String {
        wording::count(self.reach.people, "person", "people")
    }

    fn unreachable(&self) -> String {
        wording::list(&self.reach.unreachable)
    }

    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.body.split("\n\n").map(|one| one.lines().collect()).collect()
    }
}

/// How far a message has come.
#[derive(Template)]
#[template(path = "office/message_sent.html")]
pub struct MessageSentPage {
    /// The frame.
    pub chrome: Chrome,
    /// The session.
    pub session: Session,
    /// The message.
    pub mailing: Mailing,
    /// How far it has come.
    pub progress: Progress,
}

impl MessageSentPage {
    fn to(&self) -> String {
        audience_words(&self.mailing.audience, &self.session)
    }

    fn when(&self) -> String {
        stamp(self.mailing.at, self.session.zone())
    }

    fn heading(&self) -> String {
        match self.progress.left() {
            0 => "Your message is sent".to_owned(),
            _ => "Your message is on its way".to_owned(),
        }
    }

    /// How much of the bar's 200 units is done.
    fn bar(&self) -> i64 {
        let done = self.progress.sent + self.progress.failed;
        done * 200 / self.progress.total.max(1)
    }

    fn paragraphs(&self) -> Vec<Vec<&str>> {
        self.mailing.body.split("\n\n").map(|one| one.lines().collect()).collect()
    }
}
