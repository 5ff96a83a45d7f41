//! The addresses and numbers somebody is known by: added, corrected, taken away, and which of them letters use.

use crate::{
    actions::{
        ActionContext,
        people::questions::ask_about,
        record::{Subject, record},
    },
    domain::{
        audit::{Actor, AuditAction, AuditedRecord},
        contact::{EmailAddress, PhoneNumber},
        id::PersonId,
        person::Person,
    },
    store::{
        StoreError, Tx, people,
        person_contacts::{self, Kind},
    },
    token::row_id,
};

/// An address or a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contact {
    /// An address.
    Email(EmailAddress),
    /// A number.
    Phone(PhoneNumber),
}

impl Contact {
    fn as_str(&self) -> &str {
        match self {
            Self::Email(email) => email.as_str(),
            Self::Phone(phone) => phone.as_str(),
        }
    }

    fn word(&self) -> &'static str {
        match self {
            Self::Email(_) => "an address",
            Self::Phone(_) => "a number",
        }
    }
}

/// What is to become of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactChange {
    /// She is known by it from now on.
    Add(Contact),
    /// It was wrong; this is it.
    Correct(Contact, Contact),
    /// It is not hers.
    Remove(Contact),
    /// It is the one in use from now on.
    Use(Contact),
}

/// Why nothing changed.
#[derive(Debug, thiserror::Error)]
pub enum ContactError {
    /// There is no such person any more.
    #[error("this person is not there any more")]
    NoSuch,
    /// Somebody else of her name is known by that address.
    #[error("somebody else of this name is known by that address")]
    Another(PersonId),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Changes by what somebody is known.
///
/// # Errors
/// [`ContactError`], in which case nothing changed.
pub async fn keep_contact(
    ctx: &ActionContext,
    actor: &Actor,
    id: PersonId,
    change: &ContactChange,
) -> Result<(), ContactError> {
    let mut tx = ctx.store.begin().await?;
    people::lock(&mut tx, id).await?;
    let mut person = people::known_as(&mut tx, id).await?.ok_or(ContactError::NoSuch)?;
    let said = match change {
        ContactChange::Add(new) => {
            add(ctx, &mut tx, &mut person, new).await?;
            format!("{} was added", new.word())
        }
        ContactChange::Correct(old, new) => {
            let was_used = is_used(&person, old);
            remove(&mut tx, &mut person, old).await?;
            add(ctx, &mut tx, &mut person, new).await?;
            if was_used {
                use_it(&mut person, new);
            }
            format!("{} was corrected", new.word())
        }
        ContactChange::Remove(old) => {
            remove(&mut tx, &mut person, old).await?;
            format!("{} was taken away", old.word())
        }
        ContactChange::Use(one) => {
            keep_old(ctx, &mut tx, &person, one).await?;
            add(ctx, &mut tx, &mut person, one).await?;
            use_it(&mut person, one);
            format!("{} is in use from now on", one.word())
        }
    };
    people::update(&mut tx, &person).await?;
    ask_about(ctx, &mut tx, id).await?;
    let about = Subject::about(AuditedRecord::Person(id));
    record(ctx, &mut tx, actor, AuditAction::PersonKept, about, Some(said)).await?;
    Ok(tx.commit().await?)
}

async fn add(
    ctx: &ActionContext,
    tx: &mut Tx,
    person: &mut Person,
    new: &Contact,
) -> Result<(), ContactError> {
    let (kind, is_first) = match new {
        Contact::Email(email) => {
            let her = (person.id, &person.name);
            if let Some(other) = person_contacts::recognise_by(tx, her, email).await? {
                return Err(ContactError::Another(other));
            }
            (Kind::Email, person.email.is_none())
        }
        Contact::Phone(_) => (Kind::Phone, person.phone.is_none()),
    };
    let id = row_id(&*ctx.random, &*ctx.clock);
    person_contacts::insert(tx, id, person.id, (kind, new.as_str()), ctx.now()).await?;
    if is_first {
        use_it(person, new);
    }
    Ok(())
}

async fn remove(tx: &mut Tx, person: &mut Person, old: &Contact) -> Result<(), StoreError> {
    person_contacts::remove(tx, person.id, old.as_str()).await?;
    match old {
        Contact::Email(email) if person.email.as_ref() == Some(email) => person.email = None,
        Contact::Phone(phone) if person.phone.as_ref() == Some(phone) => person.phone = None,
        _ => {}
    }
    Ok(())
}

/// What letters or calls used until now stays one of hers.
async fn keep_old(
    ctx: &ActionContext,
    tx: &mut Tx,
    person: &Person,
    new: &Contact,
) -> Result<(), StoreError> {
    let old = match new {
        Contact::Email(_) => person.email.as_ref().map(|old| (Kind::Email, old.as_str())),
        Contact::Phone(_) => person.phone.as_ref().map(|old| (Kind::Phone, old.as_str())),
    };
    let Some(old) = old else { return Ok(()) };
    let id = row_id(&*ctx.random, &*ctx.clock);
    person_contacts::insert(tx, id, person.id, old, ctx.now()).await
}

fn use_it(person: &mut Person, one: &Contact) {
    match one {
        Contact::Email(email) => person.email = Some(email.clone()),
        Contact::Phone(phone) => person.phone = Some(phone.clone()),
    }
}

fn is_used(person: &Person, one: &Contact) -> bool {
    match one {
        Contact::Email(email) => person.email.as_ref() == Some(email),
        Contact::Phone(phone) => person.phone.as_ref() == Some(phone),
    }
}
