//! Somebody's browser: it keeps cookies, follows no redirect, and is signed in if it should be.

use rocket::{
    http::{ContentType, Status},
    local::asynchronous::Client,
};
use turnout::{
    actions::staff::{
        add_account::{AccountDetails, add_account},
        sign_in::print_sign_in_link,
    },
    domain::{audit::Actor, id::StaffLogin, staff::Role},
};

use super::{TestTurnout, plan::name, web::site};

impl TestTurnout {
    /// A browser that nobody is signed in with.
    pub async fn browser(&self) -> Client {
        Client::tracked(site(self)).await.expect("a server")
    }

    /// A browser signed in with an account.
    pub async fn signed_in(&self, login: &StaffLogin) -> Client {
        let browser = self.browser().await;
        self.sign_in(&browser, login).await;
        browser
    }

    /// Signs in with a browser: a sign-in does not last for ever.
    pub async fn sign_in(&self, browser: &Client, login: &StaffLogin) {
        let email = format!("{login}@example.org").parse().expect("an address");
        let link =
            print_sign_in_link(&self.ctx, &email).await.expect("a link").expect("an account");
        let path = link.strip_prefix("https://turnout.example").expect("our address").to_owned();
        let answer = browser.post(path).dispatch().await;
        assert_eq!(answer.status(), Status::SeeOther);
    }

    /// An account whose login and address are made of `login`.
    pub async fn account(&self, login: &str, role: Role, alliances: &[&str]) -> StaffLogin {
        let details = AccountDetails {
            name: name(login),
            email: format!("{login}@example.org").parse().expect("an address"),
            role,
            alliances: alliances.iter().map(|slug| slug.parse().expect("a slug")).collect(),
        };
        add_account(&self.ctx, &Actor::CommandLine, details, None).await.expect("an account")
    }
}

/// The page at a path, which must be there.
pub async fn page(browser: &Client, path: &str) -> String {
    let answer = browser.get(path.to_owned()).dispatch().await;
    assert_eq!(answer.status(), Status::Ok, "{path}");
    answer.into_string().await.unwrap_or_default()
}

/// Sends a form; the status, and where it leads or else the page it shows.
pub async fn post(browser: &Client, path: &str, body: &str) -> (Status, String) {
    let request = browser.post(path.to_owned()).header(ContentType::Form).body(body);
    let answer = request.dispatch().await;
    let status = answer.status();
    let there = answer.headers().get_one("Location").map(str::to_owned);
    let shown = answer.into_string().await.unwrap_or_default();
    leads_to_its_inputs(path, &shown);
    (status, there.unwrap_or(shown))
}

/// Whatever a summary of faults leads to is on the page, whichever form it is above.
fn leads_to_its_inputs(path: &str, html: &str) {
    let Some((_, summary)) = html.split_once("class=\"error-summary\"") else { return };
    let (summary, _) = summary.split_once("</ul>").expect("a list of faults");
    for link in summary.split("href=\"#").skip(1) {
        let (id, words) = link.split_once('"').expect("a link");
        assert!(html.contains(&format!("id=\"{id}\"")), "{path}: nothing is called {id}: {words}");
    }
}
