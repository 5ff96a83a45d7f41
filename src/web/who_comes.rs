//! Changing who comes, for the leader and for the office: the same form, the same questions and the
//! same refusals, on two pages.

use chrono_tz::Tz;
use rocket::http::Status;

use crate::{
    actions::booking::change_attendee::{
        AttendeeChange, ChangeError, Changed, Intent, change_attendee,
    },
    domain::{
        already::Already,
        audit::Actor,
        id::RegistrationId,
        place::{Place, PlaceStatus},
        text::Paragraph,
    },
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormField, FormState,
            edited::{self, DRAWN},
            person::PersonField,
            text::complaint,
        },
        words::in_words,
    },
};

/// What is asked besides the details.
const VERB: &str = "verb";
const SURE: &str = "sure";
const WHO_COMES: &str = "the name of the person who is coming";
const SAME_PERSON: &str = "same_person";
const NOMINATION: &str = "nomination";

/// Who sits on a place, and what is typed over her.
pub struct WhoComes {
    /// The place as it stands.
    pub place: Place,
    pub form: FormState<PersonField>,
    /// What must be answered before it is saved.
    pub question: Option<Question>,
    /// Whether needs are part of the form.
    pub with_needs: bool,
    /// What the form was drawn from.
    pub drawn: String,
    /// In which moments are told.
    zone: Tz,
}

/// What must be answered first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Neither the name nor the address is that of whoever sits there.
    IsShe { old: String, new: String },
    /// Whoever is named may be on the session already (H2).
    IsSomebodyElse {
        /// What exists.
        words: Vec<String>,
        /// Which button was pressed before.
        verb: String,
        /// Whether that was said to be the same person.
        sure: bool,
    },
    /// Whoever is named has not done what comes first: why should she come (B7)?
    WhyShould {
        /// What she lacks.
        words: String,
        /// What was typed and cannot be kept.
        typed: String,
        /// What is wrong with it.
        fault: Option<String>,
        /// Which button was pressed before.
        verb: String,
        /// Whether she was said to be somebody else than her namesake.
        apart: bool,
    },
}

/// What became of the form.
pub enum Outcome {
    Done(Changed),
    /// The session takes no more changes.
    TooLate,
    /// The form again, with what must be put right or answered.
    Again(Box<WhoComes>, Status),
}

impl WhoComes {
    /// The form as it is first shown: what we know of the person.
    pub fn filled(place: Place, with_needs: bool, zone: Tz) -> Self {
        let mut form = FormState::default();
        if let Some(attendee) = &place.attendee {
            form.fill_person(|field| field, attendee);
        }
        let drawn = edited::field(place.attendee.as_ref());
        Self { place, form, question: None, with_needs, drawn, zone }
    }

    /// Whether the place is theirs, so that letters tell whoever comes.
    pub fn is_confirmed(&self) -> bool {
        self.place.state.status() == PlaceStatus::Confirmed
    }

    /// The name of whoever sits there.
    pub fn name(&self) -> Option<&str> {
        self.place.attendee.as_ref().map(|attendee| attendee.name.as_str())
    }

    /// `Change Kwame Mensah’s place`, or a question.
    pub fn heading(&self) -> String {
        match (&self.question, self.name()) {
            (Some(Question::IsShe { old, new }), _) => {
                format!("Is {new} the same person as {old}?")
            }
            (Some(Question::IsSomebodyElse { .. }), _) => "Is this somebody else?".to_owned(),
            (Some(Question::WhyShould { .. }), _) => "Why should they come?".to_owned(),
            (None, Some(name)) => format!("Change {name}\u{2019}s place"),
            (None, None) => format!("Who is person {}?", self.place.number),
        }
    }

    /// What was typed, for a form that only asks a question.
    pub fn typed(&self) -> Vec<(String, &str)> {
        let asked = asked(self.with_needs).iter();
        asked.map(|field| (field.name().into_owned(), self.form.value(*field))).collect()
    }
}

/// Who is responsible for somebody under 18 is said while booking.
fn asked(with_needs: bool) -> &'static [PersonField] {
    const ALL: &[PersonField] = &[
        PersonField::Name,
        PersonField::Email,
        PersonField::Diet,
        PersonField::Allergy,
        PersonField::Access,
        PersonField::Interpreter,
    ];
    if with_needs { ALL } else { &[PersonField::Name, PersonField::Email] }
}

/// Why somebody who is there is not swapped, and what to do instead.
fn checked_in(name: &str, new: &str) -> String {
    format!(
        "{name} was checked in already, so this place and the certificate stay {name}\u{2019}s. \
         Nothing is changed. If {new} is there instead, the trainers add {new} at the door \
         as somebody without a booking. For a day to come, book a place for {new}"
    )
}

/// Reads the form and changes who comes; `told` says of what exists as much as this reader may know.
pub async fn change(
    desk: &Desk,
    actor: &Actor,
    id: RegistrationId,
    mut who: WhoComes,
    fields: &Fields,
    told: fn(&Already, RegistrationId) -> String,
) -> Result<Outcome, Failure> {
    who.form = FormState::sent_for(fields, asked(who.with_needs));
    who.drawn = fields.get(DRAWN).to_owned();
    let Some(attendee) = who.form.person(|field| field, WHO_COMES) else {
        return Ok(Outcome::Again(Box::new(who), Status::UnprocessableEntity));
    };
    let sure = fields.is(SURE, "yes");
    let apart = fields.is(SAME_PERSON, "no");
    let nomination = Paragraph::parse_optional(fields.get(NOMINATION));
    let change = AttendeeChange {
        attendee,
        intent: match fields.get(VERB) {
            "correct" => Intent::Correct { sure },
            "swap" => Intent::Swap,
            _ => Intent::Unsaid,
        },
        drawn: edited::drawn(fields),
        without_needs: !who.with_needs,
        apart,
        nomination: nomination.clone().ok().flatten(),
    };
    match change_attendee(&desk.ctx, actor, id, who.place.id, change).await {
        Ok(changed) => return Ok(Outcome::Done(changed)),
        Err(ChangeError::TooLate) => return Ok(Outcome::TooLate),
        Err(error @ (ChangeError::NoSuchPlace | ChangeError::Store(_))) => {
            return Err(Failure::from(error));
        }
        Err(ChangeError::SomebodyElse { old, new }) => {
            let (old, new) = (old.to_string(), new.to_string());
            who.question = Some(Question::IsShe { old, new });
        }
        Err(ChangeError::AlreadyThere(found)) => {
            let words = found.iter().map(|one| told(one, id)).collect();
            let verb = fields.get(VERB).to_owned();
            who.question = Some(Question::IsSomebodyElse { words, verb, sure });
        }
        Err(error @ ChangeError::Lacking { .. }) => {
            let fault = nomination.err().map(|fault| complaint(fault, "what you say for them"));
            who.question = Some(Question::WhyShould {
                words: in_words(&error.to_string()),
                typed: fields.get(NOMINATION).to_owned(),
                fault,
                verb: fields.get(VERB).to_owned(),
                apart,
            });
        }
        Err(ChangeError::Conflicts(conflicts)) => {
            who.form = FormState::default();
            who.form.fill_person(|field| field, &conflicts.hers);
            let mut conn = desk.ctx.store.read().await?;
            edited::tell_person(&mut conn, &mut who.form, &conflicts, (actor, who.zone)).await?;
            who.drawn = conflicts.drawn.to_string();
        }
        Err(ChangeError::CheckedIn { name }) => {
            let words = checked_in(name.as_str(), who.form.value(PersonField::Name).trim());
            who.form.fault(PersonField::Name, words);
        }
    }
    Ok(Outcome::Again(Box::new(who), Status::Conflict))
}
