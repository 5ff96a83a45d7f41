//! Everybody with an account.

use askama::Template;
use rocket::{Route, State, get, routes};

use crate::{
    domain::{
        alliance::Alliance,
        staff::{Account, Role, StaffMember},
        wording,
    },
    store::{catalogue, staff},
    web::{
        Desk,
        failure::Failure,
        guard::{Granted, ManageAccounts},
        office::query::PageQuery,
        page::{Area, Chrome, Page},
        paging::{self, Listing},
        paths,
        words::role_name,
    },
};

pub fn routes() -> Vec<Route> {
    routes![list]
}

type Who = Granted<ManageAccounts>;

#[derive(Template)]
#[template(path = "office/accounts/list.html")]
struct AccountsPage {
    chrome: Chrome,
    notice: Option<String>,
    accounts: Listing<Account>,
    alliances: Vec<Alliance>,
    words: String,
}

impl AccountsPage {
    fn role(&self, member: &StaffMember) -> &'static str {
        role_name(member.role)
    }

    fn alliances_of(&self, member: &StaffMember) -> String {
        if member.role == Role::Administrator {
            return "All".to_owned();
        }
        let own = |alliance: &&Alliance| member.alliances.contains(&alliance.slug);
        let names: Vec<_> =
            self.alliances.iter().filter(own).map(|alliance| alliance.name.as_str()).collect();
        wording::list(&names)
    }
}

#[get("/office/accounts?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: PageQuery<'_>,
) -> Result<Page<AccountsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let page = paging::asked(asked.page)?;
    let found = staff::search(&mut conn, asked.words(), paging::window(page)).await?;
    let list = paths::office::accounts();
    Ok(Page::ok(AccountsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: (asked.done == Some("closed")).then(|| "That account is closed.".to_owned()),
        accounts: Listing::found(found, page, list, &[("q", asked.words())])?,
        alliances: catalogue::alliances(&mut conn).await?,
        words: asked.words().to_owned(),
    }))
}
