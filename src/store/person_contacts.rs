//! Further addresses and numbers of somebody, and by which of them she is recognised.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::{StoreError, Tx, people, seated};
use crate::domain::{
    id::PersonId,
    person::{address_in, recognition_key},
    text::Name,
};

statements! {
    INSERT =
        "insert into person_contacts (id, person, kind, value, added_at) values ($1, $2, $3, $4, $5)";

    DELETE = "delete from person_contacts where person = $1 and value = $2";

    DELETE_KEY = "delete from person_keys where key = $1 and person = $2";
}

/// Of which kind one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An address.
    Email,
    /// A number.
    Phone,
}

/// Adds an address or a number of somebody.
pub async fn insert(
    tx: &mut Tx,
    id: Uuid,
    person: PersonId,
    (kind, value): (Kind, &str),
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    DELETE.run(tx, (person.uuid(), value)).await?;
    let kind = match kind {
        Kind::Email => "email",
        Kind::Phone => "phone",
    };
    INSERT.run(tx, (id, person.uuid(), kind, value, now)).await?;
    Ok(())
}

/// Takes one away: she is recognised by it no more.
pub async fn remove(tx: &mut Tx, person: PersonId, value: &str) -> Result<(), StoreError> {
    DELETE.run(tx, (person.uuid(), value)).await?;
    for key in seated::keys_of(tx, person).await? {
        if address_in(&key).is_some_and(|address| address == value) {
            DELETE_KEY.run(tx, (key, person.uuid())).await?;
        }
    }
    Ok(())
}

/// Lets her be recognised by her name and an address; who else is, if somebody is.
pub async fn recognise_by(
    tx: &mut Tx,
    (person, name): (PersonId, &Name),
    address: &crate::domain::contact::EmailAddress,
) -> Result<Option<PersonId>, StoreError> {
    let key = recognition_key(name, Some(address), None);
    people::add_key(tx, &key, person).await?;
    let known = people::recognised(tx, &key).await?;
    Ok(known.filter(|other| *other != person))
}
