//! Finding one's institution among many: the list is narrowed by the server, so that it stays short and needs
//! no script.

use super::form::Field;
use crate::{
    domain::{institution::Institution, session::Session, wording},
    store::{Conn, StoreError, institutions},
    web::forms::FormState,
};

/// How many are listed at most. More than this are found by typing.
const LISTED: i64 = 60;

/// What can be chosen.
#[derive(Debug, Default)]
pub struct Choice {
    /// Found by what was typed; before that, those of the session's alliance, if they are few.
    pub options: Vec<Institution>,
    /// How many were found, if something was typed.
    found: Option<i64>,
}

impl Choice {
    /// What can be chosen by somebody who typed this, or chose already.
    pub async fn of(
        conn: &mut Conn,
        session: &Session,
        form: &FormState<Field>,
    ) -> Result<Self, StoreError> {
        let typed = form.value(Field::InstitutionSearch).trim();
        let mut choice = if typed.is_empty() {
            let mut options =
                institutions::of_alliance(conn, &session.alliance.slug, LISTED + 1).await?;
            if options.len() > usize::try_from(LISTED).unwrap_or(usize::MAX) {
                options.clear();
            }
            Self { options, found: None }
        } else {
            let found = institutions::open_to_choice(conn, typed, LISTED).await?;
            Self { options: found.items, found: Some(found.total) }
        };
        let chosen = form.value(Field::Institution);
        if choice.options.iter().all(|one| one.code.as_str() != chosen) {
            choice.options.extend(institutions::open_to_bookings(conn, chosen).await?);
        }
        Ok(choice)
    }

    /// How many were found, in words; nothing if nothing was looked for.
    pub fn found_words(&self) -> Option<String> {
        let shown = self.options.len();
        Some(match self.found? {
            0 => "Nothing found. Check the spelling, or choose that it is not listed.".to_owned(),
            many if many > LISTED => {
                format!("{many} found, the first {shown} are listed. Type more of its name.")
            }
            many => format!("{many} found. Choose yours."),
        })
    }

    pub fn first_words(&self) -> &'static str {
        if self.options.is_empty() { "Find it by its name first" } else { "Choose from the list" }
    }

    /// Chooses for somebody who typed a name and went on: the one institution it can be. Otherwise what is
    /// to be done stands beside the field.
    pub fn settle(&self, form: &mut FormState<Field>) {
        let typed = form.value(Field::InstitutionSearch).trim().to_owned();
        match form.value(Field::Institution) {
            "other" if form.value(Field::InstitutionOther).trim().is_empty() => {
                form.fill(Field::InstitutionOther, typed);
            }
            "" if !typed.is_empty() && form.value(Field::InstitutionOther).trim().is_empty() => {
                let same = |one: &&Institution| one.name.to_lowercase() == typed.to_lowercase();
                let only = || (self.options.len() == 1).then(|| self.options.first()).flatten();
                if let Some(one) = self.options.iter().find(same).or_else(only) {
                    form.fill(Field::Institution, one.code.as_str());
                    return;
                }
                let words = match self.options.len() {
                    0 => format!(
                        "No institution called \u{201c}{typed}\u{201d} is listed. Check the spelling, or choose that it is not listed"
                    ),
                    many => format!(
                        "{} found. Choose yours from the list",
                        wording::count(many, "institution", "institutions")
                    ),
                };
                form.fault(Field::Institution, words);
            }
            _ => {}
        }
    }
}
