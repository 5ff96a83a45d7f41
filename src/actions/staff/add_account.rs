//! A new staff account.

use chrono::Duration;

use super::sign_in::sign_in_url;
use crate::{
    actions::{
        ActionContext,
        attempt::{key, made, made_before},
        record::{Subject, record},
        tell::{letter_link, tell},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        contact::EmailAddress,
        edit::Conflicts,
        id::{AllianceSlug, StaffLogin},
        letter::LetterKind,
        staff::{Role, StaffMember},
        text::Name,
    },
    mail::letters,
    store::{StoreError, Tx, catalogue, links::LinkTarget, outbox::About, staff},
    token::Attempt,
};

/// What an account says of somebody.
#[derive(Debug, Clone)]
pub struct AccountDetails {
    /// Their name.
    pub name: Name,
    /// Where their sign-in links go; no two accounts share one.
    pub email: EmailAddress,
    /// What the account is for.
    pub role: Role,
    /// The alliances an organiser plans for, or a trainer belongs to.
    pub alliances: Vec<AllianceSlug>,
}

impl AccountDetails {
    pub(in crate::actions) fn of(self, login: StaffLogin) -> StaffMember {
        let Self { name, email, role, alliances } = self;
        StaffMember { login, name: name.to_string(), email, role, alliances, about: None }
    }
}

/// Why an account was not added or changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Another account has this address.
    #[error("another account has this e-mail address")]
    AddressTaken,
    /// An organiser without an alliance could do nothing.
    #[error("an organiser needs at least one alliance")]
    NoAlliance,
    /// Nobody could look after accounts any more.
    #[error("this is the last administrator")]
    LastAdministrator,
    /// There is no such account.
    #[error("there is no such account")]
    NoSuchAccount,
    /// Somebody else changed the same.
    #[error("somebody else changed the same")]
    Conflicts(Box<Conflicts<StaffMember>>),
    /// The store failed.
    #[error(transparent)]
    Store(StoreError),
}

impl From<Box<Conflicts<StaffMember>>> for AccountError {
    fn from(conflicts: Box<Conflicts<StaffMember>>) -> Self {
        Self::Conflicts(conflicts)
    }
}

impl From<StoreError> for AccountError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken => Self::AddressTaken,
            other => Self::Store(other),
        }
    }
}

/// How long the link in the first letter works: whoever has a new account may be asleep.
const FIRST_LINK: Duration = Duration::hours(24);

/// Adds an account and writes to its holder, who can sign in from the letter (T5).
///
/// # Errors
/// [`AccountError`], in which case nothing changed.
pub async fn open_account(
    ctx: &ActionContext,
    actor: &Actor,
    details: AccountDetails,
    attempt: Option<&Attempt>,
) -> Result<StaffLogin, AccountError> {
    add(ctx, actor, details, attempt, Telling::ByLetter).await
}

/// Adds an account of which whoever adds it tells its holder.
///
/// # Errors
/// [`AccountError`], in which case nothing changed.
pub async fn add_account(
    ctx: &ActionContext,
    actor: &Actor,
    details: AccountDetails,
    attempt: Option<&Attempt>,
) -> Result<StaffLogin, AccountError> {
    add(ctx, actor, details, attempt, Telling::Otherwise).await
}

/// How somebody learns of her account.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Telling {
    ByLetter,
    Otherwise,
}

/// Adds an account; its login is made of the address and never changes.
async fn add(
    ctx: &ActionContext,
    actor: &Actor,
    details: AccountDetails,
    attempt: Option<&Attempt>,
    telling: Telling,
) -> Result<StaffLogin, AccountError> {
    let mut tx = ctx.store.begin().await?;
    if let Some(made) = made_before(ctx, &mut tx, "account", attempt).await? {
        return Ok(key(&made)?);
    }
    let mut member = details.clone().of(StaffLogin::from_address(&details.email, 1));
    if member.lacks_alliance() {
        return Err(AccountError::NoAlliance);
    }
    let mut number = 1;
    while staff::find_account(&mut tx, &member.login).await?.is_some() {
        number += 1;
        member.login = StaffLogin::from_address(&member.email, number);
    }
    staff::insert(&mut tx, &member).await?;
    let detail = Some(format!("{}: {}", member.login, member.role));
    let subject = Subject::about(AuditedRecord::Account(member.login.clone()));
    record(ctx, &mut tx, actor, AuditAction::AccountAdded, subject, detail).await?;
    made(&mut tx, attempt, member.login.as_str()).await?;
    if telling == Telling::ByLetter {
        welcome(ctx, &mut tx, &member).await?;
    }
    tx.commit().await?;
    Ok(member.login)
}

/// Writes to somebody with a new account, with a link that signs her in once.
async fn welcome(ctx: &ActionContext, tx: &mut Tx, member: &StaffMember) -> Result<(), StoreError> {
    let until = ctx.now() + FIRST_LINK;
    let target = LinkTarget::SignIn(member.login.clone());
    let link = letter_link(ctx, tx, &target, Some(until)).await?;
    let zone = member.zone(&catalogue::alliances(tx).await?);
    let url = sign_in_url(ctx, &link);
    let content = letters::account_added(&ctx.letterhead, &member.name, &url, (until, zone));
    let to = (Some(member.name.clone()), member.email.clone());
    tell(ctx, tx, LetterKind::AccountAdded, to, content, About::default()).await?;
    Ok(())
}
