//! The institution somebody comes from: chosen from the list, or typed.

use crate::{
    domain::{
        alliance::Alliance,
        institution::Institution,
        registration::Sender,
        session::Session,
        text::{Name, TextFault},
    },
    web::{fields::Fields, form::FormState, forms::text::complaint},
};

/// The institutions to choose from, by alliance, the session's own first; narrowed by a typed word.
pub fn groups(
    session: &Session,
    mut alliances: Vec<Alliance>,
    institutions: Vec<Institution>,
    typed: &str,
) -> Vec<(String, Vec<Institution>)> {
    let word = typed.trim().to_lowercase();
    alliances.sort_by_key(|alliance| alliance.slug != session.alliance.slug);
    alliances
        .into_iter()
        .map(|alliance| {
            let members = institutions
                .iter()
                .filter(|one| one.alliance == alliance.slug)
                .filter(|one| word.is_empty() || one.name.to_lowercase().contains(&word))
                .cloned()
                .collect();
            (alliance.name, members)
        })
        .filter(|(_, members): &(String, Vec<Institution>)| !members.is_empty())
        .collect()
}

pub fn sender(
    institutions: &[Institution],
    fields: &Fields,
    form: &mut FormState,
) -> Option<Sender> {
    let typed = fields.get("institution_other");
    match fields.get("institution") {
        "none" => Some(Sender::Herself),
        choice @ ("" | "other") => match Name::parse(typed) {
            Ok(name) => Some(Sender::NotListed(name)),
            Err(TextFault::Empty) if choice.is_empty() => {
                form.fault("inst", "Choose your institution, or type its name");
                None
            }
            Err(fault) => {
                form.fault("inst-other", complaint(fault, "the name of your institution"));
                None
            }
        },
        code => match institutions.iter().find(|one| one.code.as_str() == code) {
            Some(one) => Some(Sender::Listed { code: one.code.clone(), name: one.name.clone() }),
            None => {
                form.fault("inst", "Choose your institution, or type its name");
                None
            }
        },
    }
}
