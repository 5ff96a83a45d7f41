//! Asking for a sign-in link, or for a passkey.

use askama::Template;
use rocket::{Route, State, get, post, routes};

use crate::{
    actions::{
        letters::ask_for_link::ask_to_sign_in,
        staff::{passkeys::are_available, sign_in::LINK_MINUTES},
    },
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, form_fields},
        guard::SameOrigin,
        headers::Fetching,
        limits::LinkPace,
        page::{Area, Chrome, Page},
        paths,
    },
};

form_fields! {
    /// `Passkey` is no input: it is where the fault of a passkey stands.
    pub enum Field {
        Passkey = "passkey",
        Email = "email",
    }
}

/// Asking for a passkey, or for a sign-in link.
#[derive(Template)]
#[template(path = "sign_in/ask.html")]
pub struct SignInPage {
    chrome: Chrome,
    /// Whether passkeys work at our address.
    passkeys: bool,
    form: FormState<Field>,
}

/// The answer, the same whether or not we know the address.
#[derive(Template)]
#[template(path = "sign_in/sent.html")]
struct SignInSentPage {
    chrome: Chrome,
    email: String,
    /// For how many minutes the link works.
    minutes: u32,
}

#[get("/sign-in")]
fn ask(desk: &State<Desk>) -> Fetching<Page<SignInPage>> {
    Page::ok(sign_in_page(desk, FormState::default())).into()
}

pub fn sign_in_page(desk: &Desk, form: FormState<Field>) -> SignInPage {
    let chrome = desk.private_chrome(Area::Elsewhere);
    SignInPage { chrome, passkeys: are_available(&desk.ctx), form }
}

#[post("/sign-in", data = "<fields>")]
async fn send(
    desk: &State<Desk>,
    _origin: SameOrigin,
    _pace: LinkPace,
    fields: Fields,
) -> Result<Result<Page<SignInSentPage>, Fetching<Page<SignInPage>>>, Failure> {
    let mut form = FormState::sent_for(&fields, &[Field::Email]);
    let Some(email) = form.email(Field::Email, "your email address") else {
        return Ok(Err(Page::unprocessable(sign_in_page(desk, form)).into()));
    };
    ask_to_sign_in(&desk.ctx, &email).await?;
    let email = email.to_string();
    let chrome = desk.private_chrome(Area::Elsewhere);
    Ok(Ok(Page::ok(SignInSentPage { chrome, email, minutes: LINK_MINUTES })))
}

pub fn routes() -> Vec<Route> {
    routes![ask, send]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::samples::*;

    #[test]
    fn what_was_typed_stays_and_the_answer_names_no_account() {
        let mut form = FormState::default();
        form.fill(Field::Email, "amina");
        form.fault(Field::Email, "Enter your email address");
        let chrome = || chrome(Area::Elsewhere);
        let ask = SignInPage { chrome: chrome(), passkeys: false, form };
        contains_all(&rendered("sign-in", &ask), &["aria-invalid=\"true\" value=\"amina\""]);
        let email = "<b>@example.org".to_owned();
        let sent = SignInSentPage { chrome: chrome(), email, minutes: 15 };
        contains_all(&rendered("sign-in-sent", &sent), &["&#60;b&#62;@example.org", "15 minutes"]);
    }
}
