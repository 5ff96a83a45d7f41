//! One's own account: passkeys, devices, and what happened lately. Open to everybody signed in.

use askama::Template;
use rocket::{Route, State, get, post, response::Redirect, routes};

use crate::{
    actions::staff::{
        passkeys::{PasskeyError, are_available, finish_enrolment},
        sign_in::vouch,
    },
    domain::{
        passkey::{MOST_PASSKEYS, Passkey},
        staff::{Role, StaffMember},
    },
    store::{audit, catalogue, links, passkeys, withdrawals},
    web::{
        Desk,
        account::{
            history::{Device, about},
            letters::may_hear,
            passkey_form::{Field, read_name},
        },
        failure::Failure,
        forms::{Fields, FormState},
        guard::{LetIn, SameOrigin, SignedIn},
        headers::Fetching,
        page::{Area, Chrome, Page},
        paths::{self, Href},
        sign_in::passkey::Answer,
        words::{HistoryLine, ReadersClock, clock_of, role_name},
    },
};

/// One's own account.
#[derive(Debug, Template)]
#[template(path = "account/overview.html")]
struct OwnAccountPage {
    chrome: Chrome,
    /// What just happened.
    notice: Option<&'static str>,
    member: StaffMember,
    passkeys: Vec<Passkey>,
    /// Whether browsers would keep one for our address.
    available: bool,
    /// The form for another.
    form: FormState<Field>,
    /// Whether a letter a day about places that were given up could concern them, and they want it.
    may_hear: bool,
    hears: bool,
    /// Where they are signed in.
    devices: Vec<Device>,
    /// What they did lately, latest first.
    history: Vec<HistoryLine>,
    /// The zone of all times on the page.
    zone: ReadersClock,
}

impl OwnAccountPage {
    fn role(&self) -> &'static str {
        role_name(self.member.role)
    }

    fn about(&self, passkey: &Passkey) -> String {
        about(passkey, self.zone)
    }

    fn is_full(&self) -> bool {
        self.passkeys.len() >= MOST_PASSKEYS
    }

    /// Where an administrator changes her own details.
    fn own_entry(&self) -> Option<Href> {
        let may = self.member.role == Role::Administrator;
        may.then(|| paths::office::account(&self.member.login))
    }
}

/// How many lines of history the page shows.
const HISTORY: i64 = 10;

async fn account_page(
    desk: &Desk,
    who: &SignedIn,
    form: FormState<Field>,
) -> Result<OwnAccountPage, Failure> {
    let mut conn = desk.ctx.store.read().await?;
    let login = &who.member.login;
    let zone = clock_of(&who.member, &catalogue::alliances(&mut conn).await?);
    let devices = links::devices(&mut conn, login, desk.ctx.now()).await?;
    let history = audit::sign_ins(&mut conn, login, HISTORY).await?;
    Ok(OwnAccountPage {
        chrome: desk.signed_in_chrome(Area::Account, &who.member),
        notice: None,
        member: who.member.clone(),
        passkeys: passkeys::of(&mut conn, login).await?,
        available: are_available(&desk.ctx),
        may_hear: may_hear(&who.member),
        hears: withdrawals::is_wanted(&mut conn, login).await?,
        form,
        devices: devices.iter().map(|one| Device::of(one, who.token.hash(), zone)).collect(),
        history: history.iter().filter_map(|event| HistoryLine::of(event, zone)).collect(),
        zone,
    })
}

#[get("/account?<done>")]
async fn show(
    desk: &State<Desk>,
    who: LetIn,
    done: Option<&str>,
) -> Result<Fetching<Page<OwnAccountPage>>, Failure> {
    let mut page = account_page(desk, &who, FormState::default()).await?;
    page.notice = match done {
        Some("added") => Some("Added. Next time, sign in with your passkey."),
        Some("letters") => {
            Some("Saved. The first letter comes the morning after somebody withdraws.")
        }
        Some("no-letters") => Some("Saved. You get no letters about places given up."),
        Some("renamed") => Some("Saved."),
        Some("removed") => Some("Removed. That passkey signs nobody in any more."),
        _ => None,
    };
    Ok(Page::ok(page).into())
}

#[post("/account/passkeys", data = "<fields>")]
async fn add(
    desk: &State<Desk>,
    _origin: SameOrigin,
    who: LetIn,
    fields: Fields,
) -> Result<Result<Redirect, Fetching<Page<OwnAccountPage>>>, Failure> {
    if !who.may_add_passkey(desk).await? {
        return Err(Failure::Forbidden);
    }
    let mut form = FormState::default();
    let typed = fields.of(Field::Name);
    let name = read_name(&mut form, if typed.trim().is_empty() { "My passkey" } else { typed });
    if let Some(name) = name {
        let words = match fields.of(Answer::Ceremony).parse() {
            Err(_) => "Press the button and answer your device; nothing was added",
            Ok(token) => {
                let answer = fields.of(Answer::Answer);
                match finish_enrolment(&desk.ctx, &who.member, &token, answer, &name).await {
                    Ok(_) => {
                        vouch(&desk.ctx, &who.token).await?;
                        return Ok(Ok(Redirect::to(paths::account::account().done("added"))));
                    }
                    Err(PasskeyError::TooLate) => "That took too long. Try again",
                    Err(PasskeyError::AlreadyHere) => "This passkey was added before",
                    Err(PasskeyError::Refused) => {
                        "We could not check what your device answered. Try again"
                    }
                    Err(error) => return Err(error.into()),
                }
            }
        };
        form.fault(Field::Passkey, words);
    }
    let page = account_page(desk, &who, form).await?;
    Ok(Err(Page::unprocessable(page).into()))
}

pub fn routes() -> Vec<Route> {
    routes![show, add]
}
