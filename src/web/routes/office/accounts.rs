//! Staff accounts.

use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::{
        add_account::{AccountDetails, AccountError, add_account},
        change_account::change_account,
        disable_account::{disable_account, enable_account},
        passkeys::remove_all_passkeys,
        sign_in::sign_out_everywhere,
    },
    domain::{alliance::Alliance, id::StaffLogin, staff::Account, text::Name, wording},
    store::{Conn, audit, catalogue, passkeys, sessions, staff},
    web::{
        Desk,
        account::HistoryLine,
        failure::Failure,
        fields::Fields,
        form::FormState,
        guard::{Granted, ManageAccounts, SameOrigin},
        office::{
            accounts::{AccountPage, AccountsPage, DisableAccountPage, RemovePasskeysPage},
            zone_of,
        },
        page::{Area, Page},
        paging::{self, Pager},
        routes::office::Asked,
    },
};

type Who = Granted<ManageAccounts>;

/// How many lines of history an account's page shows.
const HISTORY: i64 = 20;

#[get("/office/accounts?<asked..>")]
async fn list(
    desk: &State<Desk>,
    who: Who,
    asked: Asked<'_>,
) -> Result<Page<AccountsPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let page = paging::asked(asked.page);
    let found = staff::search(&mut conn, asked.words(), paging::window(page)).await?;
    Ok(Page::ok(AccountsPage {
        chrome: desk.signed_in_chrome(Area::Office, &who.member),
        notice: (asked.done == Some("closed")).then(|| "That account is closed.".to_owned()),
        accounts: found.items,
        alliances: catalogue::alliances(&mut conn).await?,
        words: asked.words().to_owned(),
        pager: Pager::of(page, found.total, "/office/accounts", &[("q", asked.words())]),
    }))
}

/// The page of an account, with a form as given.
async fn account_page(
    desk: &Desk,
    conn: &mut Conn,
    who: &Who,
    account: Option<Account>,
    form: FormState,
) -> Result<AccountPage, Failure> {
    let alliances = catalogue::alliances(conn).await?;
    let zone = zone_of(&who.member, &alliances);
    let (mut history, mut keys) = (Vec::new(), Vec::new());
    if let Some(account) = &account {
        let login = &account.member.login;
        let found = audit::sign_ins(conn, login, HISTORY).await?;
        history = found.iter().filter_map(|event| HistoryLine::of(event, zone)).collect();
        keys = passkeys::of(conn, login).await?;
    }
    let chrome = desk.signed_in_chrome(Area::Office, &who.member);
    Ok(AccountPage { chrome, notice: None, account, form, alliances, history, passkeys: keys })
}

/// The form as it was sent: the details, or the faults beside the fields.
fn read(fields: &Fields, alliances: &[Alliance]) -> (FormState, Option<AccountDetails>) {
    let mut form = FormState::default();
    for field in ["name", "email", "role"] {
        form.keep(field, fields.get(field));
    }
    let chosen: Vec<_> = alliances
        .iter()
        .map(|alliance| &alliance.slug)
        .filter(|slug| fields.all("alliance").iter().any(|sent| sent == slug.as_str()))
        .cloned()
        .collect();
    for slug in &chosen {
        form.keep(&format!("alliance-{slug}"), "1");
    }
    let name = Name::parse(fields.get("name"));
    if name.is_err() {
        form.fault("name", "Enter a name in ordinary letters, up to 120 of them");
    }
    let email = fields.get("email").parse();
    if email.is_err() {
        form.fault("email", "Enter an email address. It should look like name@example.org");
    }
    let role = fields.get("role").parse();
    if role.is_err() {
        form.fault("role", "Choose what the account is for");
    }
    let details = match (name, email, role) {
        (Ok(name), Ok(email), Ok(role)) => {
            Some(AccountDetails { name, email, role, alliances: chosen })
        }
        _ => None,
    };
    (form, details)
}

/// Says what a verb refused beside the field it is about.
fn refuse(form: &mut FormState, error: AccountError) -> Result<(), Failure> {
    match error {
        AccountError::AddressTaken => {
            form.fault("email", "Another account has this address. Use a different one");
        }
        AccountError::NoAlliance => form.fault("alliance", "Choose at least one alliance"),
        AccountError::LastAdministrator => {
            form.fault("role", "This is the last administrator. Make somebody else one first");
        }
        AccountError::NoSuchAccount => return Err(Failure::NotFound),
        AccountError::Store(error) => return Err(error.into()),
    }
    Ok(())
}

#[get("/office/new-account")]
async fn new(desk: &State<Desk>, who: Who) -> Result<Page<AccountPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    Ok(Page::ok(account_page(desk, &mut conn, &who, None, FormState::default()).await?))
}

#[post("/office/new-account", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    fields: Fields,
) -> Result<Result<Redirect, Page<AccountPage>>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let (mut form, details) = read(&fields, &catalogue::alliances(&mut conn).await?);
    if let Some(details) = details {
        match add_account(&desk.ctx, &who.actor(), details).await {
            Ok(login) => return Ok(Ok(to(&login, "added"))),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let page = account_page(desk, &mut conn, &who, None, form).await?;
    Ok(Err(Page::unprocessable(page)))
}

fn to(login: &StaffLogin, done: &str) -> Redirect {
    Redirect::to(format!("/office/accounts/{login}?done={done}"))
}

async fn found(conn: &mut Conn, login: &StaffLogin) -> Result<Account, Failure> {
    staff::find_account(conn, login).await?.ok_or(Failure::NotFound)
}

#[get("/office/accounts/<login>?<asked..>")]
async fn show(
    desk: &State<Desk>,
    who: Who,
    login: StaffLogin,
    asked: Asked<'_>,
) -> Result<Page<AccountPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let account = found(&mut conn, &login).await?;
    let mut form = FormState::default();
    form.keep("name", &account.member.name);
    form.keep("email", account.member.email.as_str());
    form.keep("role", account.member.role.as_str());
    for slug in &account.member.alliances {
        form.keep(&format!("alliance-{slug}"), "1");
    }
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
    let account = found(&mut conn, &login).await?;
    let (mut form, details) = read(&fields, &catalogue::alliances(&mut conn).await?);
    if let Some(details) = details {
        match change_account(&desk.ctx, &who.actor(), &login, details).await {
            Ok(()) => return Ok(Ok(to(&login, "saved"))),
            Err(error) => refuse(&mut form, error)?,
        }
    }
    let page = account_page(desk, &mut conn, &who, Some(account), form).await?;
    Ok(Err(Page::unprocessable(page)))
}

#[post("/office/accounts/<login>/sign-out")]
async fn sign_out(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: Who,
    login: StaffLogin,
) -> Result<Redirect, Failure> {
    found(&mut desk.ctx.store.read().await?, &login).await?;
    let devices = sign_out_everywhere(&desk.ctx, &who.actor(), &login).await?;
    Ok(to(&login, &format!("out-{devices}")))
}

#[get("/office/accounts/<login>/passkeys")]
async fn ask_passkeys(
    desk: &State<Desk>,
    who: Who,
    login: StaffLogin,
) -> Result<Page<RemovePasskeysPage>, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let member = found(&mut conn, &login).await?.member;
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
    found(&mut desk.ctx.store.read().await?, &login).await?;
    let removed = remove_all_passkeys(&desk.ctx, &who.actor(), &login).await?;
    Ok(to(&login, &format!("keys-{removed}")))
}

async fn disable_page(
    desk: &Desk,
    who: &Who,
    login: &StaffLogin,
) -> Result<DisableAccountPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let member = found(&mut conn, login).await?.member;
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
        Ok(()) => Ok(Ok(Redirect::to("/office/accounts?done=closed"))),
        Err(AccountError::LastAdministrator) => {
            let mut page = disable_page(desk, &who, &login).await?;
            page.refusal = Some("This is the last administrator. Make somebody else one first.");
            Ok(Err(Page::unprocessable(page)))
        }
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(_) => Err(Failure::NotFound),
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
        Err(AccountError::Store(error)) => Err(error.into()),
        Err(_) => Err(Failure::NotFound),
    }
}

pub fn routes() -> Vec<Route> {
    routes![
        list,
        new,
        add,
        show,
        save,
        sign_out,
        ask_passkeys,
        remove_passkeys,
        ask_disable,
        disable,
        enable
    ]
}
