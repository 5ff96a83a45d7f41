//! What the link of somebody who was asked by name opens: what, when, where, from whom and by when to answer. Opening
//! it changes nothing; its buttons book her place, say no, or say later.

use askama::Template;
use rocket::{Either, Route, State, get, http::Status, post, response::Redirect, routes};

use crate::{
    actions::{
        asking::answer::{AnswerInvitationError, Coming, Reply, answer},
        booking::refusals::{BookError, HoldError},
    },
    domain::{
        contact::EmailAddress,
        personal_invitation::{Answer, InvitationStanding, PersonalInvitation, Seat},
        session::{BookingMode, Publication, Session},
        text::Paragraph,
        wording,
    },
    store::{personal_invitations, questions, sessions, staff},
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields, person::PersonField, text::complaint},
        guard::SameOrigin,
        limits::BookingPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field {
        Answer = "answer",
        Name = "name",
        Email = "email",
        Phone = "tel",
        SamePerson = "same_person",
        Diet = "diet",
        Allergy = "allergy",
        Access = "access",
        Interpreter = "interpreter",
        GuardianName = "guardian_name" at "guardian-name",
        GuardianContact = "guardian_contact" at "guardian-contact",
        Words = "words",
    }
}

fn of_person(field: PersonField) -> Field {
    match field {
        PersonField::Name | PersonField::Follows => Field::Name,
        PersonField::Email => Field::Email,
        PersonField::Diet => Field::Diet,
        PersonField::Allergy => Field::Allergy,
        PersonField::Access => Field::Access,
        PersonField::Interpreter => Field::Interpreter,
        PersonField::GuardianName => Field::GuardianName,
        PersonField::GuardianContact => Field::GuardianContact,
    }
}

#[derive(Template)]
#[template(path = "invited.html")]
struct InvitedPage {
    chrome: Chrome,
    session: Session,
    invitation: PersonalInvitation,
    standing: InvitationStanding,
    /// Who asks her.
    by: String,
    form: FormState<Field>,
    /// Whether somebody like her is on the session, and she is asked whether it is she (H2).
    asks_same: bool,
    token: Token,
}

impl InvitedPage {
    fn deadline(&self) -> String {
        wording::deadline(self.invitation.answer_by, self.session.zone())
    }

    fn zone(&self) -> String {
        wording::zone(self.session.zone())
    }

    /// When and where it was when she was asked, if that is no more true.
    fn was(&self) -> Option<&str> {
        let now = PersonalInvitation::said_of(&self.session);
        Some(self.invitation.said.as_str()).filter(|said| *said != now)
    }

    /// Why it was called off, if somebody said.
    fn reason(&self) -> Option<&str> {
        match &self.session.publication {
            Publication::Cancelled { reason, .. } => {
                Some(reason.as_str()).filter(|reason| !reason.is_empty())
            }
            _ => None,
        }
    }

    fn answered(&self) -> Option<Answer> {
        self.invitation.answer.map(|(answer, _)| answer)
    }

    fn is_full(&self) -> bool {
        self.session.occupancy.open_to_all() == 0
    }

    /// Whether the organiser decides of her.
    fn is_decided_later(&self) -> bool {
        let asks = self.session.mode == BookingMode::Approval
            || !self.session.course.prerequisites.is_empty();
        asks && !self.invitation.vouched
    }

    /// What the button that books says.
    fn button(&self) -> &'static str {
        match (self.is_decided_later(), self.is_full()) {
            (true, _) => "Yes, ask for my place",
            (false, true) => "Yes, put me on the waiting list",
            (false, false) => "Yes, book my place",
        }
    }
}

/// What a link opens.
async fn opened(
    desk: &Desk,
    token: &Token,
) -> Result<(Session, PersonalInvitation, Seat), Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let found = personal_invitations::by_link(&mut conn, token.hash(), desk.ctx.now()).await?;
    let (invitation, seat) = found.ok_or(Failure::NotFound)?;
    let session = sessions::find(&mut conn, &invitation.session).await?;
    Ok((session.ok_or(Failure::NotFound)?, invitation, seat))
}

async fn page(
    desk: &Desk,
    token: Token,
    (session, invitation, seat): (Session, PersonalInvitation, Seat),
    form: FormState<Field>,
) -> Result<InvitedPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let by = staff::find_account(&mut conn, &invitation.asked_by).await?;
    let by = by.map_or_else(|| session.alliance.name.clone(), |account| account.member.name);
    let standing = invitation.standing(&session, seat, desk.ctx.now());
    let chrome = desk.private_chrome(Area::Booking);
    Ok(InvitedPage { chrome, session, invitation, standing, by, form, asks_same: false, token })
}

/// Her name and address as they are known, for her to correct.
fn known(form: &mut FormState<Field>, invitation: &PersonalInvitation) {
    form.fill(Field::Name, invitation.name.as_str());
    form.fill(Field::Email, invitation.email.as_ref().map_or("", EmailAddress::as_str));
}

#[get("/invited/<token>")]
async fn show(desk: &State<Desk>, token: Token) -> Result<Page<InvitedPage>, Failure> {
    let opened = opened(desk, &token).await?;
    let mut form = FormState::default();
    known(&mut form, &opened.1);
    Ok(Page::ok(page(desk, token, opened, form).await?))
}

/// What she said, if it can be used.
fn reply(fields: &Fields, form: &mut FormState<Field>) -> Option<Reply> {
    match form.value(Field::Answer).parse::<Answer>() {
        Ok(Answer::Yes) => {
            let attendee = form.person(of_person, "your name");
            let phone = match form.value(Field::Phone).trim() {
                "" => None,
                typed => {
                    let phone = typed.parse();
                    form.take(Field::Phone, phone, |_| {
                        "Check your mobile number, such as 07700 900117".to_owned()
                    })
                }
            };
            let attendee = attendee?;
            if attendee.email.is_none() && phone.is_none() && form.is_valid() {
                form.fault(Field::Phone, "Enter an email address or a mobile number");
            }
            let apart = fields.is("same_person", "no");
            Some(Reply::Yes(Box::new(Coming { attendee, phone, apart })))
        }
        Ok(Answer::No) => match Paragraph::parse_optional(form.value(Field::Words)) {
            Ok(words) => Some(Reply::No(words)),
            Err(fault) => {
                form.fault(Field::Words, complaint(fault, "what you tell us"));
                None
            }
        },
        Ok(Answer::Later) => Some(Reply::Later),
        Err(_) => {
            form.fault(Field::Answer, "Say yes, no, or later");
            None
        }
    }
}

/// What is said beside the answer that was not taken.
fn explain(refused: &BookError) -> Option<&'static str> {
    match refused {
        BookError::Hold(HoldError::NotEnough { .. }) => Some(
            "Every place is taken, and nobody can wait for one. Nothing is booked. Tell us by replying to our letter",
        ),
        BookError::Hold(HoldError::InstitutionLimit { .. }) => {
            Some("Your institution has all the places it may have. Nothing is booked")
        }
        BookError::Hold(HoldError::WholeSeries(_)) => Some(
            "The evenings of this series are booked together. Nothing is booked. Book them on the page of the series",
        ),
        BookError::Hold(HoldError::AlreadyThere(_)) => Some(
            "Somebody with your name or address is on this session already. If that is you, there is nothing to do",
        ),
        _ => None,
    }
}

type Answered = Either<Redirect, Page<InvitedPage>>;

#[post("/invited/<token>", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: BookingPace,
    token: Token,
    fields: Fields,
) -> Result<Answered, Failure> {
    let opened = opened(desk, &token).await?;
    let mut form = FormState::sent(&fields);
    if !fields.was_sent("name") {
        known(&mut form, &opened.1);
    }
    let reply = reply(&fields, &mut form);
    let (Some(reply), true) = (reply, form.is_valid()) else {
        return Ok(Either::Right(Page::unprocessable(page(desk, token, opened, form).await?)));
    };
    let refused = match answer(&desk.ctx, &token, &reply).await {
        Ok(Some(booking)) => {
            // What the session asks of everybody, it asks of her too, now that she has a booking.
            let asked = questions::asked(&mut desk.ctx.store.read().await?, &opened.0).await?;
            let to = match asked.is_empty() {
                true => paths::leader::booked(&booking),
                false => paths::leader::questions(&booking),
            };
            return Ok(Either::Left(Redirect::to(to)));
        }
        Ok(None) => return Ok(Either::Left(Redirect::to(paths::attendee::invited(&token)))),
        // The page says what became of it meanwhile.
        Err(AnswerInvitationError::InvitationStanding(_)) => {
            return Ok(Either::Right(Page {
                status: Status::Conflict,
                template: page(desk, token, opened, form).await?,
            }));
        }
        Err(AnswerInvitationError::NoSuch) => return Err(Failure::NotFound),
        Err(AnswerInvitationError::Store(error)) => return Err(error.into()),
        Err(AnswerInvitationError::Book(refused)) => refused,
    };
    let Some(words) = explain(&refused) else { return Err(refused.into()) };
    let asks_same = matches!(refused, BookError::Hold(HoldError::AlreadyThere(_)));
    form.fault(if asks_same { Field::SamePerson } else { Field::Answer }, words);
    let template = InvitedPage { asks_same, ..page(desk, token, opened, form).await? };
    Ok(Either::Right(Page { status: Status::Conflict, template }))
}

pub fn routes() -> Vec<Route> {
    routes![show, send]
}
