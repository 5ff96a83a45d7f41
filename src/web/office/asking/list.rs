//! Who was asked by name to come to a session, and what they answered.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::asking::follow_up::{FollowUpError, remind_asked},
    domain::{
        id::SessionCode,
        personal_invitation::{InvitationState, PersonalInvitation},
        session::Session,
        wording,
    },
    store::personal_invitations::{self, SeenInvitation},
    web::{
        Desk,
        failure::Failure,
        forms::{FormState, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        office::{addressed::session_for, query::PageQuery},
        page::{Area, Chrome, Page},
        paths,
        words::{in_words, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, remind]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Remind = "remind",
    }
}

#[derive(Template)]
#[template(path = "office/asking/list.html")]
struct InvitedPage {
    chrome: Chrome,
    session: Session,
    notice: Option<String>,
    asked: Vec<SeenInvitation>,
    /// How many have not answered and can be reminded.
    to_remind: usize,
    form: FormState<Field>,
}

impl InvitedPage {
    fn state(&self, seen: &SeenInvitation) -> InvitationState {
        seen.0.state(seen.1)
    }

    fn count(&self, states: &[InvitationState]) -> usize {
        self.asked.iter().filter(|seen| states.contains(&self.state(seen))).count()
    }

    fn silent(&self) -> usize {
        self.count(&[InvitationState::Asked, InvitationState::Later])
    }

    fn booked(&self) -> usize {
        self.count(&[InvitationState::Booked, InvitationState::Came])
    }

    fn said_no(&self) -> usize {
        self.count(&[InvitationState::Declined])
    }

    fn when(&self, one: &PersonalInvitation) -> String {
        let asked = format!("{} by {}", stamp(one.asked_at, self.session.zone()), one.asked_by);
        match one.reminded_at {
            Some(at) => format!("{asked}; reminded {}", stamp(at, self.session.zone())),
            None => asked,
        }
    }

    fn reminds(&self) -> String {
        wording::count(self.to_remind, "person", "people")
    }
}

async fn page(
    desk: &Desk,
    who: &Who,
    session: Session,
    notice: Option<String>,
) -> Result<InvitedPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let asked = personal_invitations::of_session(&mut conn, &session.code).await?;
    let can = |seen: &&SeenInvitation| seen.0.can_remind(&session, seen.1, desk.ctx.now());
    let to_remind = asked.iter().filter(can).count();
    let chrome = desk.signed_in_chrome(Area::Sessions, &who.member);
    let form = FormState::default();
    Ok(InvitedPage { chrome, session, notice, asked, to_remind, form })
}

/// What was just done, from the address.
fn notice(done: &str) -> Option<String> {
    let mut parts = done.split('-');
    let (what, count, left) = (parts.next()?, parts.next(), parts.next());
    let count: usize = count.unwrap_or("1").parse().ok()?;
    let left: usize = left.unwrap_or("0").parse().ok()?;
    let people = wording::count(count, "person is", "people are");
    Some(match (what, left) {
        ("asked", 0) => format!("{people} asked. Their letters are on their way."),
        ("asked", left) => {
            let left = wording::count(left, "person was", "people were");
            format!(
                "{people} asked. {left} left out: asked before, on this session already, or wanting no such letters."
            )
        }
        ("reminded", _) => format!("{people} reminded."),
        ("withdrawn", _) => "Taken back. The link says so.".to_owned(),
        _ => return None,
    })
}

#[get("/office/sessions/<code>/invited?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    asked: PageQuery<'_>,
) -> Result<Page<InvitedPage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    Ok(Page::ok(page(desk, &who, session, asked.done.and_then(notice)).await?))
}

/// Reminds whoever has not answered.
#[post("/office/sessions/<code>/invited")]
async fn remind(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
) -> Result<Either<Redirect, Page<InvitedPage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    match remind_asked(&desk.ctx, &who.member, &code, None).await {
        Ok(count) => {
            let done = format!("reminded-{count}");
            Ok(Either::Left(Redirect::to(paths::desk::session_invited(&code).done(done))))
        }
        Err(FollowUpError::Store(error)) => Err(error.into()),
        Err(FollowUpError::NoSuch) => Err(Failure::NotFound),
        Err(refused) => {
            let mut page = page(desk, &who, session, None).await?;
            page.form.fault(Field::Remind, in_words(&refused.to_string()));
            Ok(Either::Right(Page::unprocessable(page)))
        }
    }
}
