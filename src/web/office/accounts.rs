//! Staff accounts: who has one, what for, and where they are signed in.

use askama::Template;

use crate::{
    domain::{
        alliance::Alliance,
        passkey::Passkey,
        staff::{Account, Role, StaffMember},
        wording,
    },
    web::{account::HistoryLine, form::FormState, page::Chrome, paging::Pager},
};

/// What a role is called on pages.
pub fn role_name(role: Role) -> &'static str {
    match role {
        Role::Administrator => "Administrator",
        Role::Organiser => "Organiser",
        Role::Trainer => "Trainer",
    }
}

/// What a role may do, in one line.
fn role_words(role: Role) -> &'static str {
    match role {
        Role::Administrator => "Everything, in every alliance",
        Role::Organiser => "Plans and watches the sessions of her alliances",
        Role::Trainer => "Sees the roster and runs the door of the sessions they lead",
    }
}

/// Everybody with an account.
#[derive(Template)]
#[template(path = "office/accounts.html")]
pub struct AccountsPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// This page's accounts.
    pub accounts: Vec<Account>,
    /// The names of the alliances.
    pub alliances: Vec<Alliance>,
    /// What was searched for.
    pub words: String,
    /// Where in the list.
    pub pager: Pager,
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

/// Adding an account, or changing one.
#[derive(Template)]
#[template(path = "office/account.html")]
pub struct AccountPage {
    /// The frame.
    pub chrome: Chrome,
    /// What just happened.
    pub notice: Option<String>,
    /// The account; `None` for a new one.
    pub account: Option<Account>,
    /// What is typed: `name`, `email`, `role`, and `alliance-<slug>` for each box.
    pub form: FormState,
    /// All alliances, to choose from.
    pub alliances: Vec<Alliance>,
    /// When they signed in and out, latest first.
    pub history: Vec<HistoryLine>,
    /// What they sign in with.
    pub passkeys: Vec<Passkey>,
}

impl AccountPage {
    fn heading(&self) -> &str {
        self.account.as_ref().map_or("New account", |account| account.member.name.as_str())
    }

    fn action(&self) -> String {
        match &self.account {
            Some(account) => format!("/office/accounts/{}", account.member.login),
            None => "/office/new-account".to_owned(),
        }
    }

    fn is_open(&self) -> bool {
        self.account.as_ref().is_some_and(|account| account.disabled_at.is_none())
    }

    fn roles(&self) -> Vec<(&'static str, &'static str, &'static str)> {
        let line = |role: &Role| (role.as_str(), role_name(*role), role_words(*role));
        Role::ALL.iter().map(line).collect()
    }

    fn passkeys_words(&self) -> String {
        wording::count(self.passkeys.len(), "passkey", "passkeys")
    }

    fn box_id(&self, alliance: &Alliance) -> String {
        format!("alliance-{}", alliance.slug)
    }
}

/// Asking before somebody's passkeys are removed.
#[derive(Template)]
#[template(path = "office/account_passkeys.html")]
pub struct RemovePasskeysPage {
    /// The frame.
    pub chrome: Chrome,
    /// Whose.
    pub member: StaffMember,
    /// Which.
    pub passkeys: Vec<Passkey>,
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

/// Asking before an account is closed.
#[derive(Template)]
#[template(path = "office/account_disable.html")]
pub struct DisableAccountPage {
    /// The frame.
    pub chrome: Chrome,
    /// Whose.
    pub member: StaffMember,
    /// How many sessions they lead that are not over.
    pub leads: usize,
    /// Why it cannot be done.
    pub refusal: Option<&'static str>,
}

impl DisableAccountPage {
    fn leads_words(&self) -> String {
        wording::count(self.leads, "session that is", "sessions that are")
    }
}
