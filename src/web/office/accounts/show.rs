//! Adding an account, or changing one.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::{
        add_account::{AccountDetails, AccountError, open_account},
        change_account::change_account,
        sign_in::sign_out_everywhere,
    },
    domain::{
        alliance::Alliance,
        audit::AuditedRecord,
        edit::Drawn,
        id::{AllianceSlug, StaffLogin},
        passkey::Passkey,
        staff::{Account, Role, StaffMember},
        text::Name,
        wording,
    },
    store::{Conn, audit, catalogue, passkeys},
    web::{
        Desk,
        failure::Failure,
        forms::{Fields, FormState, WholeForm, edited, form_fields},
        guard::{Granted, ManageAccounts, SameOrigin},
        office::{
            addressed::account_for,
            edits::{self, EditLine},
            query::PageQuery,
        },
        page::{Area, Chrome, Page},
        paths::{self, Href},
        words::{HistoryLine, clock_of, role_name, zone_of},
    },
};

pub fn routes() -> Vec<Route> {
    routes![new, add, show, save, sign_out]
}

type Who = Granted<ManageAccounts>;

form_fields! {
    enum Field {
        Name = "name",
        Email = "email",
        Role = "role",
        Alliance = "alliance",
    }
}

/// How many lines of history an account's page shows.
const HISTORY: i64 = 20;

#[derive(Template)]
#[template(path = "office/accounts/show.html")]
struct AccountPage {
    chrome: Chrome,
    notice: Option<String>,
    /// The account; `None` for a new one.
    account: Option<Account>,
    form: FormState<Field>,
    /// The alliances that are ticked.
    ticked: Vec<AllianceSlug>,
    alliances: Vec<Alliance>,
    /// When they signed in and out, latest first.
    history: Vec<HistoryLine>,
    passkeys: Vec<Passkey>,
    /// What was changed about it, latest first.
    edits: Vec<EditLine>,
}

impl AccountPage {
    fn heading(&self) -> &str {
        self.account.as_ref().map_or("New account", |account| account.member.name.as_str())
    }

    fn action(&self) -> Href {
        match &self.account {
            Some(account) => paths::office::account(&account.member.login),
            None => paths::office::new_account(),
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

    fn is_ticked(&self, alliance: &Alliance) -> bool {
        self.ticked.contains(&alliance.slug)
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

/// What is typed, and the alliances that are ticked.
type Typed = (FormState<Field>, Vec<AllianceSlug>);

/// The page of an account, with a form as given.
async fn account_page(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    account: Option<Account>,
    (form, ticked): Typed,
) -> Result<AccountPage, Failure> {
    let alliances = catalogue::alliances(conn).await?;
    let zone = clock_of(&who.member, &alliances);
    let (mut history, mut keys, mut edited) = (Vec::new(), Vec::new(), Vec::new());
    if let Some(account) = &account {
        let login = &account.member.login;
        let found = audit::sign_ins(conn, login, HISTORY).await?;
        history = found.iter().filter_map(|event| HistoryLine::of(event, zone)).collect();
        keys = passkeys::of(conn, login).await?;
        edited = edits::of(conn, AuditedRecord::Account(login.clone()), zone).await?;
    }
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(AccountPage {
        chrome,
        notice: None,
        account,
        form,
        ticked,
        alliances,
        history,
        passkeys: keys,
        edits: edited,
    })
}

/// The form as it was sent: the details, or the faults beside the fields.
fn read(fields: &Fields, alliances: &[Alliance]) -> (Typed, Option<AccountDetails>) {
    let mut form = FormState::sent(fields);
    let sent = fields.all_of(Field::Alliance);
    let chosen: Vec<_> = alliances
        .iter()
        .map(|alliance| &alliance.slug)
        .filter(|slug| sent.iter().any(|sent| sent == slug.as_str()))
        .cloned()
        .collect();
    if chosen.len() < sent.len() {
        form.fault(Field::Alliance, "Choose from the alliances there are");
    }
    let name = Name::parse(form.value(Field::Name));
    let words = "Enter a name in ordinary letters, up to 120 of them";
    let name = form.take(Field::Name, name, |_| words.to_owned());
    let words = "Enter an email address. It should look like name@example.org";
    let email = form.choice(Field::Email, words);
    let role = form.choice(Field::Role, "Choose what the account is for");
    let details = match (name, email, role) {
        (Some(name), Some(email), Some(role)) if form.is_valid() => {
            Some(AccountDetails { name, email, role, alliances: chosen.clone() })
        }
        _ => None,
    };
    ((form, chosen), details)
}

/// Says what a verb refused beside the field it is about.
fn refuse(form: &mut FormState<Field>, error: AccountError) -> Result<(), Failure> {
    match error {
        AccountError::AddressTaken => {
            form.fault(Field::Email, "Another account has this address. Use a different one");
        }
        AccountError::NoAlliance => form.fault(Field::Alliance, "Choose at least one alliance"),
        AccountError::LastAdministrator => {
            form.fault(Field::Role, "This is the last administrator. Make somebody else one first");
        }
        // What somebody else changed is told beside the fields.
        AccountError::NoSuchAccount | AccountError::Conflicts(_) | AccountError::Store(_) => {
            return Err(error.into());
        }
    }
    Ok(())
}

#[get("/office/new-account")]
async fn new(desk: &State<Desk>, who: Who) -> Result<Page<AccountPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let mut form = FormState::default();
    form.attempt_as(desk.attempt());
    Ok(Page::ok(account_page(desk, &mut conn, &who, None, (form, vec![])).await?))
}

#[post("/office/new-account", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Result<Redirect, Page<AccountPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (mut typed, details) = read(&fields, &catalogue::alliances(&mut conn).await?);
    if let Some(details) = details {
        match open_account(&desk.ctx, &who.actor(), details, fields.attempt().as_ref()).await {
            Ok(login) => return Ok(Ok(to(&login, "added"))),
            Err(error) => refuse(&mut typed.0, error)?,
        }
    }
    let page = account_page(desk, &mut conn, &who, None, typed).await?;
    Ok(Err(Page::unprocessable(page)))
}

/// The form of an account that is there.
fn filled(member: &StaffMember) -> Typed {
    let mut form = FormState::default();
    form.fill(Field::Name, &member.name);
    form.fill(Field::Email, member.email.as_str());
    form.fill(Field::Role, member.role.as_str());
    form.draw_from(Drawn::of(member).to_string());
    (form, member.alliances.clone())
}

fn to(login: &StaffLogin, done: &str) -> Redirect {
    Redirect::to(paths::office::account(login).done(done))
}

#[get("/office/accounts/<login>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    login: StaffLogin,
    asked: PageQuery<'_>,
) -> Result<Page<AccountPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let account = account_for(&mut conn, &login).await?;
    let form = filled(&account.member);
    let name = account.member.name.clone();
    let mut page = account_page(desk, &mut conn, &who, Some(account), form).await?;
    page.notice = asked.done.and_then(|done| match done {
        "added" => Some(format!("Added. {name} can sign in with that address now.")),
        "saved" => Some("Saved.".to_owned()),
        "opened" => Some("This account is open again.".to_owned()),
        other => match other.split_once('-')? {
            ("out", number) => {
                let devices = wording::count(number.parse().ok()?, "device", "devices");
                Some(format!("{name} is signed out on {devices}."))
            }
            ("keys", number) => {
                let keys = wording::count(number.parse().ok()?, "passkey", "passkeys");
                Some(format!("{keys} of {name} removed."))
            }
            _ => None,
        },
    });
    Ok(Page::ok(page))
}

#[post("/office/accounts/<login>", data = "<fields>")]
async fn save(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    login: StaffLogin,
    fields: Fields,
) -> Result<Result<Redirect, Page<AccountPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let account = account_for(&mut conn, &login).await?;
    let (mut typed, details) = read(&fields, &catalogue::alliances(&mut conn).await?);
    if let Some(details) = details {
        let (actor, drawn) = (who.actor(), edited::drawn(&fields));
        match change_account(&desk.ctx, &actor, &login, details, drawn.as_ref()).await {
            Ok(()) => return Ok(Ok(to(&login, "saved"))),
            Err(AccountError::Conflicts(conflicts)) => {
                let mut typed = filled(&conflicts.hers);
                let zone = zone_of(&who.member, &catalogue::alliances(&mut conn).await?);
                let reader = (&actor, zone);
                let field = |key: &str| Field::sent_as(key).unwrap_or(Field::Name);
                edited::tell_of(&mut conn, &mut typed.0, &conflicts, reader, field).await?;
                let page = account_page(desk, &mut conn, &who, Some(account), typed).await?;
                return Ok(Err(Page::conflict(page)));
            }
            Err(error) => refuse(&mut typed.0, error)?,
        }
    }
    let page = account_page(desk, &mut conn, &who, Some(account), typed).await?;
    Ok(Err(Page::unprocessable(page)))
}

#[post("/office/accounts/<login>/sign-out")]
async fn sign_out(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    login: StaffLogin,
) -> Result<Redirect, Failure> {
    account_for(&mut desk.ctx.store.read().await?, &login).await?;
    let devices = sign_out_everywhere(&desk.ctx, &who.actor(), &login).await?;
    Ok(to(&login, &format!("out-{devices}")))
}
