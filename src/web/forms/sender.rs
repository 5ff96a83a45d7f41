//! The institution somebody comes from: chosen from the list, or typed.

use crate::{
    domain::{
        alliance::Alliance,
        finding::Wanted,
        institution::Institution,
        registration::Sender,
        session::Session,
        text::{Name, TextFault},
    },
    web::forms::{FormField, FormState, text::complaint},
};

/// The institutions to choose from, by alliance, the session's own first; narrowed by a typed word.
pub fn groups(
    session: &Session,
    mut alliances: Vec<Alliance>,
    institutions: Vec<Institution>,
    typed: &str,
) -> Vec<(String, Vec<Institution>)> {
    let wanted = Wanted::typed(typed);
    alliances.sort_by_key(|alliance| alliance.slug != session.alliance.slug);
    alliances
        .into_iter()
        .map(|alliance| {
            let members = institutions
                .iter()
                .filter(|one| one.alliance == alliance.slug)
                .filter(|one| wanted.is_among([one.name.as_str()]))
                .cloned()
                .collect();
            (alliance.name, members)
        })
        .filter(|(_, members): &(String, Vec<Institution>)| !members.is_empty())
        .collect()
}

impl<K: FormField> FormState<K> {
    /// Reads the institution from the field where it is chosen, and the one where it is typed.
    pub fn sender(&mut self, chosen: K, typed: K, institutions: &[Institution]) -> Option<Sender> {
        const CHOOSE: &str = "Choose your institution, or type its name";
        match self.value(chosen) {
            "none" => Some(Sender::Herself),
            choice @ ("" | "other") => match (Name::parse(self.value(typed)), choice) {
                (Ok(name), _) => Some(Sender::NotListed(name)),
                (Err(TextFault::Empty), "") => {
                    self.fault(chosen, CHOOSE);
                    None
                }
                (Err(fault), _) => {
                    self.fault(typed, complaint(fault, "the name of your institution"));
                    None
                }
            },
            code => {
                let listed = institutions.iter().find(|one| one.code.as_str() == code);
                let listed = listed
                    .map(|one| Sender::Listed { code: one.code.clone(), name: one.name.clone() });
                self.take(chosen, listed.ok_or(()), |()| CHOOSE.to_owned())
            }
        }
    }
}
