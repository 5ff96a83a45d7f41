//! One person who was asked by name: reminding her, taking it back, and her link to hand over.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::asking::follow_up::{FollowUpError, hand_over_asked, remind_asked, withdraw_asked},
    domain::{
        id::{PersonalInvitationId, SessionCode},
        personal_invitation::{InvitationStanding, InvitationState, PersonalInvitation},
        session::Session,
        wording,
    },
    store::personal_invitations::{self, SeenInvitation},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::{Granted, ManageBookings, SameOrigin},
        office::addressed::session_for,
        page::{Area, Chrome, Page},
        paths,
        words::{in_words, stamp},
    },
};

pub fn routes() -> Vec<Route> {
    routes![show, act]
}

type Who = Granted<ManageBookings>;

form_fields! {
    enum Field {
        Act = "act",
    }
}

#[derive(Template)]
#[template(path = "office/asking/one.html")]
struct OnePage {
    chrome: Chrome,
    session: Session,
    invitation: PersonalInvitation,
    state: InvitationState,
    can_remind: bool,
    can_answer: bool,
    /// Her link, in the answer that made it and nowhere else.
    link: Option<String>,
    form: FormState<Field>,
}

impl OnePage {
    fn asked(&self) -> String {
        stamp(self.invitation.asked_at, self.session.zone())
    }

    fn deadline(&self) -> String {
        wording::deadline(self.invitation.answer_by, self.session.zone())
    }

    fn can_withdraw(&self) -> bool {
        self.state.is_open() || self.state == InvitationState::Declined
    }
}

async fn find(
    desk: &Desk,
    session: &Session,
    id: PersonalInvitationId,
) -> Result<SeenInvitation, Failure> {
    let found = personal_invitations::find(&mut desk.ctx.store.read().await?, id).await?;
    found.filter(|(one, _)| one.session == session.code).ok_or(Failure::NotFound)
}

fn page(desk: &Desk, who: &Who, session: Session, (invitation, seat): SeenInvitation) -> OnePage {
    let now = desk.ctx.now();
    OnePage {
        chrome: desk.signed_in_chrome(Area::Sessions, &who.member),
        state: invitation.state(seat),
        can_remind: invitation.can_remind(&session, seat, now),
        can_answer: invitation.standing(&session, seat, now) == InvitationStanding::Open,
        link: None,
        form: FormState::default(),
        session,
        invitation,
    }
}

#[get("/office/sessions/<code>/invited/<id>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    code: SessionCode,
    id: PersonalInvitationId,
) -> Result<Page<OnePage>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let seen = find(desk, &session, id).await?;
    Ok(Page::ok(page(desk, &who, session, seen)))
}

#[post("/office/sessions/<code>/invited/<id>", data = "<fields>")]
async fn act(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    code: SessionCode,
    id: PersonalInvitationId,
    fields: Fields,
) -> Result<Either<Redirect, Page<OnePage>>, Failure> {
    let session = session_for(&mut desk.ctx.store.read().await?, &who, &code).await?;
    let seen = find(desk, &session, id).await?;
    let (ctx, by) = (&desk.ctx, &who.member);
    let to =
        |done: &str| Ok(Either::Left(Redirect::to(paths::desk::session_invited(&code).done(done))));
    let done = match fields.of(Field::Act) {
        "remind" => remind_asked(ctx, by, &code, Some(id)).await.map(|_| "reminded-1"),
        "withdraw" => withdraw_asked(ctx, by, &code, id).await.map(|()| "withdrawn"),
        "link" => match hand_over_asked(ctx, by, &code, id).await {
            Ok(token) => {
                let link = Some(ctx.invited_url(&token));
                let page = OnePage { link, ..page(desk, &who, session, seen) };
                return Ok(Either::Right(Page::ok(page)));
            }
            Err(error) => Err(error),
        },
        _ => {
            let mut page = page(desk, &who, session, seen);
            page.form.fault(Field::Act, "Say what to do: remind, take back, or show the link");
            return Ok(Either::Right(Page::unprocessable(page)));
        }
    };
    match done {
        Ok(done) => to(done),
        Err(FollowUpError::Store(error)) => Err(error.into()),
        Err(FollowUpError::NoSuch) => Err(Failure::NotFound),
        Err(refused) => {
            let mut page = page(desk, &who, session, seen);
            page.form.fault(Field::Act, in_words(&refused.to_string()));
            Ok(Either::Right(Page::unprocessable(page)))
        }
    }
}
