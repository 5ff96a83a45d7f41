//! A registration as a program sends it: read into domain values, or into faults that name the
//! field by JSON pointer.

use rocket::{
    Data, Request,
    data::{FromData, Outcome, ToByteUnit},
    http::Status,
    request::{self, FromRequest},
};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::{
    actions::{booking::book_places::BookRequest, questions::answer::Answers},
    domain::{
        attendee::{Attendee, Guardian, Ticks},
        contact::{EmailAddress, PhoneNumber},
        id::SessionCode,
        institution::Institution,
        occupancy::TeamPolicy,
        question::Question,
        registration::{Leader, Sender},
        text::{Line, Paragraph, TextFault},
    },
    web::{
        api::{
            answers,
            problem::{FieldError, Problem},
        },
        problem_kind::ProblemKind,
    },
};

/// The bytes of a JSON body, as many as the limit `json` lets in.
pub(super) struct JsonBody(pub(super) Vec<u8>);

#[rocket::async_trait]
impl<'r> FromData<'r> for JsonBody {
    type Error = &'static str;

    async fn from_data(
        request: &'r Request<'_>,
        data: Data<'r>,
    ) -> Outcome<'r, Self, &'static str> {
        let limit = request.limits().get("json").unwrap_or_else(|| 256.kibibytes());
        match data.open(limit).into_bytes().await {
            Ok(body) if body.is_complete() => Outcome::Success(Self(body.into_inner())),
            Ok(_) => Outcome::Error((Status::PayloadTooLarge, "the body is too long")),
            Err(_) => Outcome::Error((Status::BadRequest, "the body could not be read")),
        }
    }
}

/// The `Idempotency-Key` header (draft-ietf-httpapi-idempotency-key-header): a string of 16 to 255
/// visible characters, in quotes or bare. Short keys are refused, because a key that can be guessed
/// would let a stranger repeat somebody's request.
pub(super) struct IdempotencyKey(pub(super) Option<Result<String, ()>>);

#[rocket::async_trait]
impl<'r> FromRequest<'r> for IdempotencyKey {
    type Error = std::convert::Infallible;

    async fn from_request(request: &'r Request<'_>) -> request::Outcome<Self, Self::Error> {
        let sent = request.headers().get_one("Idempotency-Key").map(|text| {
            let key = text.trim().trim_matches('"');
            let is_good =
                (16..=255).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_graphic());
            if is_good { Ok(key.to_owned()) } else { Err(()) }
        });
        request::Outcome::Success(Self(sent))
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RegistrationJson {
    leader: LeaderJson,
    #[serde(default)]
    institution: Option<String>,
    #[serde(default)]
    team: Option<String>,
    places: Vec<PlaceJson>,
    #[serde(default)]
    nomination: Option<String>,
    /// What was answered to questions that are asked once.
    #[serde(default)]
    answers: answers::Sent,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeaderJson {
    name: String,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    phone: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PlaceJson {
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    dietary: Option<String>,
    #[serde(default)]
    access: Option<String>,
    /// An allergy, or food that could make them ill.
    #[serde(default)]
    allergy: bool,
    /// A sign language or other interpreter.
    #[serde(default)]
    interpreter: bool,
    #[serde(default)]
    guardian: Option<GuardianJson>,
    /// What was answered to questions that are asked of each person.
    #[serde(default)]
    answers: answers::Sent,
    /// `no` says that this is somebody else than her namesake on the session (H2).
    #[serde(default)]
    same_person: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GuardianJson {
    name: String,
    contact: String,
}

/// A request to book that is JSON of the right shape; its values are still to be read.
pub(super) struct Sent {
    json: RegistrationJson,
    fingerprint: Vec<u8>,
}

impl Sent {
    /// Reads the shape of a request for `session`.
    ///
    /// # Errors
    /// [`Problem`]: not JSON (400), or not of this shape (422).
    pub(super) fn read(body: &[u8], session: &SessionCode) -> Result<Self, Problem> {
        let value = Self::value(body)?;
        Self::of(&value, &format!("{session}\n{value}"))
    }

    /// The JSON of a body.
    ///
    /// # Errors
    /// [`Problem`]: not JSON (400).
    pub(super) fn value(body: &[u8]) -> Result<serde_json::Value, Problem> {
        serde_json::from_slice(body).map_err(|error| {
            Problem::new(ProblemKind::MalformedJson, format!("Nothing was booked: {error}."))
        })
    }

    /// Reads the shape of a request; `whole` is all of it, by which it is known again.
    ///
    /// # Errors
    /// [`Problem`]: not of this shape (422).
    pub(super) fn of(value: &serde_json::Value, whole: &str) -> Result<Self, Problem> {
        let fingerprint = Sha256::digest(whole).to_vec();
        let json = serde_path_to_error::deserialize(value).map_err(|error| {
            let (pointer, detail) = (pointer(error.path()), error.inner().to_string());
            Problem::fields(vec![FieldError { pointer, detail }])
        })?;
        Ok(Self { json, fingerprint })
    }

    /// The code of the institution it names, as sent.
    pub(super) fn institution(&self) -> Option<&str> {
        self.json.institution.as_deref()
    }

    /// What it answers to the questions of the session, and what is wrong with that. Whoever is not named is
    /// asked once she is.
    pub(super) fn answers(&self, questions: &[Question]) -> (Answers, Vec<FieldError>) {
        let places = self.json.places.iter().map(|place| {
            let name = place.name.as_deref().unwrap_or_default();
            let is_answered = !place.answers.is_empty();
            (!name.trim().is_empty() || is_answered).then_some(&place.answers)
        });
        answers::answers(questions, &self.json.answers, places)
    }

    /// What it asks for; `institution` is the one it names, if that is on the list.
    ///
    /// # Errors
    /// [`Problem`]: all fields that cannot be used, at once (422).
    pub(super) fn request(
        self,
        session: &SessionCode,
        institution: Option<Institution>,
        faults: Vec<FieldError>,
    ) -> Result<BookRequest, Problem> {
        let sent = self.json;
        let mut faults = Faults(faults);
        let leader = leader(sent.leader, &mut faults);
        let sender = match (&sent.institution, institution) {
            (None, _) => Some(Sender::Herself),
            (_, Some(Institution { code, name, .. })) => Some(Sender::Listed { code, name }),
            (Some(_), None) => {
                faults.add("/institution", "There is no institution with this code");
                None
            }
        };
        let team = sent.team.as_deref().unwrap_or("together").parse::<TeamPolicy>();
        let team = faults.take("/team", team.map_err(|error| error.to_string()));
        if sent.places.is_empty() {
            faults.add("/places", "Ask for at least 1 place");
        }
        let apart = apart(&sent.places, &mut faults);
        let places = (0..).zip(sent.places);
        let read = |(at, place): (usize, _)| attendee(&format!("/places/{at}"), place, &mut faults);
        let attendees: Vec<_> = places.map(read).collect();
        let nomination = Paragraph::parse_optional(sent.nomination.as_deref().unwrap_or_default());
        let nomination = faults.take("/nomination", nomination.map_err(words));
        match (faults.0.is_empty(), leader, sender, team, nomination) {
            (true, Some(leader), Some(sender), Some(team), Some(nomination)) => Ok(BookRequest {
                session: session.clone(),
                leader,
                sender,
                team,
                attendees,
                attempt: None,
                fingerprint: Some(self.fingerprint),
                nomination,
                vouched: false,
                apart,
            }),
            _ => Err(Problem::fields(faults.0)),
        }
    }
}

/// `places[0].name` as `/places/0/name` (RFC 6901).
fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", key.replace('~', "~0").replace('/', "~1"))),
            _ => None,
        })
        .collect()
}

#[derive(Default)]
struct Faults(Vec<FieldError>);

impl Faults {
    fn add(&mut self, pointer: &str, detail: impl Into<String>) {
        self.0.push(FieldError { pointer: pointer.to_owned(), detail: detail.into() });
    }

    fn take<T>(&mut self, pointer: &str, read: Result<T, impl Into<String>>) -> Option<T> {
        read.map_err(|detail| self.add(pointer, detail)).ok()
    }
}

fn words(fault: TextFault) -> String {
    fault.to_string()
}

fn line<const MAX: usize>(pointer: &str, text: &str, faults: &mut Faults) -> Option<Line<MAX>> {
    faults.take(pointer, Line::parse(text).map_err(words))
}

fn optional_line<const MAX: usize>(
    pointer: &str,
    text: Option<&str>,
    faults: &mut Faults,
) -> Option<Line<MAX>> {
    faults.take(pointer, Line::parse_optional(text.unwrap_or_default()).map_err(words)).flatten()
}

fn email(pointer: &str, text: Option<&str>, faults: &mut Faults) -> Option<EmailAddress> {
    let text = text.filter(|text| !text.trim().is_empty())?;
    faults.take(pointer, text.parse::<EmailAddress>().map_err(|fault| fault.to_string()))
}

fn leader(sent: LeaderJson, faults: &mut Faults) -> Option<Leader> {
    let name = line("/leader/name", &sent.name, faults);
    let before = faults.0.len();
    let email = email("/leader/email", sent.email.as_deref(), faults);
    let phone = sent.phone.as_deref().filter(|text| !text.trim().is_empty()).and_then(|text| {
        let phone = text.parse::<PhoneNumber>().map_err(|fault| fault.to_string());
        faults.take("/leader/phone", phone)
    });
    if email.is_none() && phone.is_none() && faults.0.len() == before {
        faults.add("/leader", "Give an email address or a phone number to reach the leader");
    }
    Some(Leader { name: name?, email, phone })
}

/// The numbers of those who were said to be somebody else than their namesakes.
fn apart(places: &[PlaceJson], faults: &mut Faults) -> Vec<u32> {
    let mut apart = Vec::new();
    for (number, place) in (1..).zip(places) {
        match place.same_person.as_deref() {
            None => {}
            Some("no") => apart.push(number),
            Some(_) => {
                let pointer = format!("/places/{}/same_person", number - 1);
                faults.add(&pointer, "Send \"no\", or leave it out");
            }
        }
    }
    apart
}

/// Who comes; nobody yet where no name is given.
fn attendee(base: &str, sent: PlaceJson, faults: &mut Faults) -> Option<Attendee> {
    let at = |field: &str| format!("{base}/{field}");
    let name = optional_line(&at("name"), sent.name.as_deref(), faults);
    let email = email(&at("email"), sent.email.as_deref(), faults);
    let dietary = optional_line(&at("dietary"), sent.dietary.as_deref(), faults);
    let access = optional_line(&at("access"), sent.access.as_deref(), faults);
    let ticks = Ticks { allergy: sent.allergy, interpreter: sent.interpreter };
    let ticks = ticks.with_words(dietary.as_ref(), access.as_ref());
    let guardian = sent.guardian.and_then(|guardian| {
        let name = line(&at("guardian/name"), &guardian.name, faults);
        let contact = line(&at("guardian/contact"), &guardian.contact, faults);
        Some(Guardian { name: name?, contact: contact? })
    });
    let is_somebody = email.is_some()
        || dietary.is_some()
        || access.is_some()
        || ticks.any()
        || guardian.is_some();
    if name.is_none() && is_somebody {
        faults.add(&at("name"), "Give the name of whoever this is about");
    }
    Some(Attendee { name: name?, email, dietary, access, ticks, guardian })
}
