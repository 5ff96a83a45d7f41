//! Asking before somebody's passkeys are removed.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::passkeys::remove_all_passkeys,
    domain::{id::StaffLogin, passkey::Passkey, staff::StaffMember, wording},
    store::passkeys,
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageAccounts, SameOrigin},
        office::addressed::account_for,
        page::{Area, Chrome, Page},
        paths,
    },
};

pub fn routes() -> Vec<Route> {
    routes![ask_passkeys, remove_passkeys]
}

type Who = Granted<ManageAccounts>;

#[derive(Template)]
#[template(path = "office/accounts/passkeys.html")]
struct RemovePasskeysPage {
    chrome: Chrome,
    member: StaffMember,
    passkeys: Vec<Passkey>,
}

impl RemovePasskeysPage {
    fn count(&self) -> String {
        wording::count(self.passkeys.len(), "passkey", "passkeys")
    }

    fn names(&self) -> String {
        let quoted: Vec<_> =
            self.passkeys.iter().map(|key| format!("\u{201c}{}\u{201d}", key.name)).collect();
        wording::list(&quoted.iter().map(String::as_str).collect::<Vec<_>>())
    }
}

fn to(login: &StaffLogin, done: &str) -> Redirect {
    Redirect::to(paths::office::account(login).done(done))
}

#[get("/office/accounts/<login>/passkeys")]
async fn ask_passkeys(
    desk: &State<Desk>,
    who: Who,
    login: StaffLogin,
) -> Result<Page<RemovePasskeysPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let member = account_for(&mut conn, &login).await?.member;
    let keys = passkeys::of(&mut conn, &login).await?;
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(Page::ok(RemovePasskeysPage { chrome, member, passkeys: keys }))
}

#[post("/office/accounts/<login>/passkeys")]
async fn remove_passkeys(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    login: StaffLogin,
) -> Result<Redirect, Failure> {
    account_for(&mut desk.ctx.store.read().await?, &login).await?;
    let removed = remove_all_passkeys(&desk.ctx, &who.actor(), &login).await?;
    Ok(to(&login, &format!("keys-{removed}")))
}
