//! How many people an institution promises to bring, under its leader's link.

use askama::Template;
use rocket::{Either, Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::catalogue::pledge::{MOST, PledgeError, pledge},
    domain::{
        audit::Actor, edit::PledgeOf, id::InstitutionCode, registration::Registration,
        session::Session, wording,
    },
    store::pledges,
    token::Token,
    web::{
        Desk,
        failure::Failure,
        forms::{
            Fields, FormState,
            edited::{self, DRAWN},
            form_fields,
        },
        guard::SameOrigin,
        leader::opened::booked,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field { People = "people" }
}

/// One number.
#[derive(Template)]
#[template(path = "leader/pledge.html")]
struct PledgePage {
    chrome: Chrome,
    session: Session,
    institution: String,
    /// Their private link.
    token: Token,
    form: FormState<Field>,
    /// What the form was drawn from.
    drawn: String,
    /// What just happened.
    notice: Option<String>,
}

/// Her institution: only one on the list can pledge.
fn institution(booking: &Registration) -> Result<InstitutionCode, Failure> {
    booking.sender.code().cloned().ok_or(Failure::NotFound)
}

fn page(
    desk: &Desk,
    token: &Token,
    (session, booking): (Session, Registration),
    (form, drawn): (FormState<Field>, String),
    notice: Option<String>,
) -> PledgePage {
    let chrome = desk.private_chrome(Area::Booking);
    let institution = booking.sender.name().unwrap_or_default().to_owned();
    PledgePage { chrome, session, institution, token: token.clone(), form, drawn, notice }
}

#[get("/r/<token>/pledge?<done>")]
async fn ask(
    desk: &State<Desk>,
    token: Token,
    done: Option<&str>,
) -> Result<Page<PledgePage>, Failure> {
    let about = booked(desk, &token).await?;
    let code = institution(&about.1)?;
    let mut conn = desk.ctx.store.read().await?;
    let people = pledges::find(&mut conn, &about.0.code, &code).await?;
    let mut form = FormState::default();
    form.fill(Field::People, if people > 0 { people.to_string() } else { String::new() });
    let notice = (done == Some("saved")).then(|| "Thank you. We have written it down.".to_owned());
    let drawn = edited::field(Some(&PledgeOf { institution: code, people }));
    Ok(Page::ok(page(desk, &token, about, (form, drawn), notice)))
}

#[post("/r/<token>/pledge", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    token: Token,
    fields: Fields,
) -> Result<Either<Redirect, Page<PledgePage>>, Failure> {
    let about = booked(desk, &token).await?;
    let code = institution(&about.1)?;
    let mut form = FormState::sent(&fields);
    let range = format!("Enter a whole number from 0 to {MOST}");
    let (actor, drawn, session) = (Actor::Leader, edited::drawn(&fields), &about.0);
    if let Some(people) = form.count(Field::People, 0..=MOST, &range) {
        let drawn = drawn.as_ref();
        let refused = match pledge(&desk.ctx, &actor, &session.code, &code, people, drawn).await {
            Ok(()) => {
                let done = paths::leader::pledge(&token).done("saved");
                return Ok(Either::Left(Redirect::to(done)));
            }
            Err(PledgeError::Conflicts(conflicts)) => {
                let mut conn = desk.ctx.store.read().await?;
                let about_whom = (&actor, session.zone());
                for conflict in &conflicts.fields {
                    let words = edited::words(&mut conn, conflict, about_whom).await?;
                    form.fault(Field::People, words);
                }
                let drawn = conflicts.drawn.to_string();
                let page = page(desk, &token, about, (form, drawn), None);
                return Ok(Either::Right(Page::conflict(page)));
            }
            Err(PledgeError::TooMany) => range,
            Err(error) => {
                let failure = Failure::from(error);
                return Err(failure.leads(paths::leader::booking(&token), "Back to your booking"));
            }
        };
        form.fault(Field::People, refused);
    }
    let drawn = fields.get(DRAWN).to_owned();
    Ok(Either::Right(Page::unprocessable(page(desk, &token, about, (form, drawn), None))))
}

pub fn routes() -> Vec<Route> {
    routes![ask, save]
}
