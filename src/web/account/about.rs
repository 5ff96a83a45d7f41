//! The line about oneself, for the pages of the sessions one leads.

use askama::Template;
use chrono_tz::UTC;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::{
        add_account::AccountError,
        change_account::{LINE_ABOUT, describe_account},
    },
    domain::{audit::Actor, edit::Drawn, staff::StaffMember, text::Line},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, edited, form_fields},
        guard::{SameOrigin, SignedIn},
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    enum Field { About = "about" }
}

/// The line, to change.
#[derive(Debug, Template)]
#[template(path = "account/about.html")]
struct AboutPage {
    chrome: Chrome,
    form: FormState<Field>,
}

fn filled(member: &StaffMember) -> FormState<Field> {
    let mut form = FormState::default();
    form.fill(Field::About, member.about.as_deref().unwrap_or_default());
    form.draw_from(Drawn::of(member).to_string());
    form
}

fn page(desk: &Desk, who: &SignedIn, form: FormState<Field>) -> AboutPage {
    AboutPage { chrome: desk.signed_in_chrome(Area::Account, &who.member), form }
}

#[get("/account/about")]
fn show(desk: &State<Desk>, who: SignedIn) -> Page<AboutPage> {
    let form = filled(&who.member);
    Page::ok(page(desk, &who, form))
}

#[post("/account/about", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: SignedIn,
    fields: Fields,
) -> Result<Result<Redirect, Page<AboutPage>>, Failure> {
    let mut form = FormState::sent(&fields);
    let Ok(line) = Line::<LINE_ABOUT>::parse_optional(form.value(Field::About)) else {
        form.fault(Field::About, "Use ordinary letters and signs, up to 200 of them, on one line");
        return Ok(Err(Page::unprocessable(page(desk, &who, form))));
    };
    let (login, drawn) = (&who.member.login, edited::drawn(&fields));
    let actor = Actor::Staff(login.clone());
    match describe_account(&desk.ctx, &actor, login, line.as_ref(), drawn.as_ref()).await {
        Ok(()) => Ok(Ok(Redirect::to(paths::account::account().done("renamed")))),
        Err(AccountError::Conflicts(conflicts)) => {
            let (mut form, mut conn) = (filled(&conflicts.hers), desk.ctx.store.read().await?);
            let about = (&actor, UTC);
            edited::tell_of(&mut conn, &mut form, &conflicts, about, |_| Field::About).await?;
            Ok(Err(Page::conflict(page(desk, &who, form))))
        }
        Err(error) => Err(error.into()),
    }
}

pub fn routes() -> Vec<Route> {
    routes![show, save]
}
