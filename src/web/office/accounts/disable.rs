//! Asking before an account is closed; opening it again.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::{
        add_account::AccountError,
        disable_account::{disable_account, enable_account},
    },
    domain::{id::StaffLogin, staff::StaffMember, wording},
    store::sessions,
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
    routes![ask_disable, disable, enable]
}

type Who = Granted<ManageAccounts>;

#[derive(Template)]
#[template(path = "office/accounts/disable.html")]
struct DisableAccountPage {
    chrome: Chrome,
    member: StaffMember,
    /// How many sessions they lead that are not over.
    leads: usize,
    refusal: Option<&'static str>,
}

impl DisableAccountPage {
    fn leads_words(&self) -> String {
        wording::count(self.leads, "session that is", "sessions that are")
    }
}

fn to(login: &StaffLogin, done: &str) -> Redirect {
    Redirect::to(paths::office::account(login).done(done))
}

async fn disable_page(
    desk: &Desk,
    who: &Who,
    login: &StaffLogin,
) -> Result<DisableAccountPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let member = account_for(&mut conn, login).await?.member;
    let coming = sessions::ending_after(&mut conn, desk.ctx.now()).await?;
    let leads = coming.iter().filter(|session| session.is_led_by(login)).count();
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(DisableAccountPage { chrome, member, leads, refusal: None })
}

#[get("/office/accounts/<login>/disable")]
async fn ask_disable(
    desk: &State<Desk>,
    who: Who,
    login: StaffLogin,
) -> Result<Page<DisableAccountPage>, Failure> {
    Ok(Page::ok(disable_page(desk, &who, &login).await?))
}

#[post("/office/accounts/<login>/disable")]
async fn disable(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    login: StaffLogin,
) -> Result<Result<Redirect, Page<DisableAccountPage>>, Failure> {
    match disable_account(&desk.ctx, &who.actor(), &login).await {
        Ok(()) => Ok(Ok(Redirect::to(paths::office::accounts().done("closed")))),
        Err(AccountError::LastAdministrator) => {
            let mut page = disable_page(desk, &who, &login).await?;
            page.refusal = Some("This is the last administrator. Make somebody else one first.");
            Ok(Err(Page::unprocessable(page)))
        }
        Err(error) => {
            Err(Failure::from(error).leads(paths::office::accounts(), "Back to the accounts"))
        }
    }
}

#[post("/office/accounts/<login>/enable")]
async fn enable(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    login: StaffLogin,
) -> Result<Redirect, Failure> {
    match enable_account(&desk.ctx, &who.actor(), &login).await {
        Ok(()) => Ok(to(&login, "opened")),
        Err(error) => {
            Err(Failure::from(error).leads(paths::office::accounts(), "Back to the accounts"))
        }
    }
}
