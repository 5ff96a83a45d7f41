//! Institutions that may be the one that is meant.

use rocket::FromForm;

use crate::{
    domain::{
        institution::{Institution, may_be_one},
        wording,
    },
    store::{Conn, Window, institutions},
    web::{
        failure::Failure,
        guard::{Granted, ManageInstitutions},
    },
};

type Who = Granted<ManageInstitutions>;

/// What would do where another one is asked for.
pub const AN_INSTITUTION: &str = "it is an institution of the list";

/// The institution that was chosen, or words to find it by.
#[derive(Debug, FromForm)]
pub struct Other<'r> {
    pub name: Option<&'r str>,
    pub with: Option<&'r str>,
    pub q: Option<&'r str>,
}

/// Institutions somebody may change that are called like `name`, or else hold `words`.
pub async fn candidates(
    conn: &mut Conn,
    who: &Who,
    name: &str,
    words: &str,
) -> Result<Vec<Institution>, Failure> {
    if words.is_empty() {
        let mut all = institutions::all(conn).await?;
        all.retain(|one| who.reaches(&one.alliance) && may_be_one(&one.name, name));
        return Ok(all);
    }
    let within = (!who.reaches_everything()).then_some(&who.member.login);
    let window = Window { offset: 0, limit: 20 };
    let found = institutions::search(conn, words, within, window).await?.items;
    Ok(found.into_iter().map(|(one, _)| one).collect())
}

pub fn count(number: i64, one: &str, many: &str) -> String {
    wording::count(usize::try_from(number).unwrap_or(0), one, many)
}
