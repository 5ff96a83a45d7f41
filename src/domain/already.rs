//! Somebody who is on a session already, and is named for it again (H2, B5).

use super::{
    attendee::Attendee,
    contact::EmailAddress,
    id::{InstitutionCode, PersonId, PlaceId, RegistrationId},
    person::is_same_name,
    place::PlaceStatus,
    reference::Reference,
    text::Name,
    wording,
};

/// Somebody who has a place on a session, waits for one, or asks for one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seated {
    /// Her place.
    pub place: PlaceId,
    /// Its number in its booking.
    pub number: u32,
    /// The booking.
    pub registration: RegistrationId,
    /// The booking's reference.
    pub reference: Reference,
    /// Who booked.
    pub leader: Name,
    /// Who she is; `None` while the name is to follow.
    pub name: Option<Name>,
    /// Her address.
    pub email: Option<EmailAddress>,
    /// Whom she comes for, if that is on the list.
    pub institution: Option<InstitutionCode>,
    /// Whom she was recognised as.
    pub person: Option<PersonId>,
    /// Where the place stands.
    pub status: PlaceStatus,
    /// Its booking's number in the queue.
    pub queue: Option<i64>,
}

/// Somebody who is named for a session now.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// The number of the place she is named for.
    pub number: u32,
    /// Who she is.
    pub who: &'a Attendee,
    /// Whom she comes for, if that is on the list.
    pub institution: Option<&'a InstitutionCode>,
    /// Whom we know under her name and address.
    pub person: Option<PersonId>,
    /// Who she is not, as an organiser said.
    pub others: &'a [PersonId],
}

/// What makes us ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sameness {
    /// It is, as far as we can tell, the same person.
    Person,
    /// The same address under another name: it may be shared.
    Address,
}

/// Whoever is named may be on the session already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Already {
    /// The number of the place she is named for.
    pub number: u32,
    /// As she is named now.
    pub name: Name,
    /// Her address, as it is given now.
    pub email: Option<EmailAddress>,
    /// What makes us ask.
    pub sameness: Sameness,
    /// What she has; `None` if she is named twice at once.
    pub there: Option<Seated>,
    /// How many bookings stand in the queue up to hers, if she waits.
    pub position: Option<usize>,
}

impl Named<'_> {
    /// What makes her look like somebody of this name and address, who comes for `institution`. Without
    /// an address a name is told apart by whom they come for.
    fn sameness(
        &self,
        (name, email, person): (&Name, Option<&EmailAddress>, Option<PersonId>),
        institution: Option<&InstitutionCode>,
    ) -> Option<Sameness> {
        if self.person.is_some() && self.person == person {
            return Some(Sameness::Person);
        }
        if person.is_some_and(|person| self.others.contains(&person)) {
            return None;
        }
        let is_named_so = || is_same_name(&self.who.name, name);
        match (self.who.email.as_ref(), email) {
            (Some(one), Some(other)) if one == other => {
                Some(if is_named_so() { Sameness::Person } else { Sameness::Address })
            }
            (Some(_), Some(_)) => None,
            _ => {
                let is_from_elsewhere =
                    self.institution.zip(institution).is_some_and(|(one, other)| one != other);
                (!is_from_elsewhere && is_named_so()).then_some(Sameness::Person)
            }
        }
    }

    fn already(&self, sameness: Sameness, there: Option<(&Seated, Option<usize>)>) -> Already {
        Already {
            number: self.number,
            name: self.who.name.clone(),
            email: self.who.email.clone(),
            sameness,
            there: there.map(|(there, _)| there.clone()),
            position: there.and_then(|(_, position)| position),
        }
    }
}

/// Which of those who are `named` for a booking may be among those `seated` on the session, or are
/// named twice. In one booking an address may be shared: its leader sees both names before her.
pub fn already(
    named: &[Named<'_>],
    seated: &[Seated],
    own: Option<RegistrationId>,
) -> Vec<Already> {
    let mut found = Vec::new();
    for (at, one) in named.iter().enumerate() {
        let like = |there: &&Seated| {
            let name = there.name.as_ref()?;
            let there_from = there.institution.as_ref();
            let sameness = one.sameness((name, there.email.as_ref(), there.person), there_from)?;
            let is_own = own == Some(there.registration);
            (sameness == Sameness::Person || !is_own).then_some(sameness)
        };
        let mut alike: Vec<_> =
            seated.iter().filter_map(|there| Some((like(&there)?, there))).collect();
        alike.sort_by_key(|(sameness, _)| *sameness == Sameness::Address);
        if let Some((sameness, there)) = alike.first() {
            found.push(one.already(*sameness, Some((there, position(there, seated)))));
            continue;
        }
        let is_twice = named[..at].iter().any(|other| {
            let other = (&other.who.name, other.who.email.as_ref(), other.person);
            one.sameness(other, one.institution) == Some(Sameness::Person)
        });
        if is_twice {
            found.push(one.already(Sameness::Person, None));
        }
    }
    found
}

/// How many bookings stand in the queue up to that of a place.
fn position(one: &Seated, seated: &[Seated]) -> Option<usize> {
    let own = one.queue?;
    let mut ahead: Vec<i64> =
        seated.iter().filter_map(|other| other.queue).filter(|queue| *queue <= own).collect();
    ahead.sort_unstable();
    ahead.dedup();
    Some(ahead.len())
}

impl Already {
    /// What exists, for anybody who may know no more than that: whose booking it is stays private.
    pub fn words(&self) -> String {
        let name = &self.name;
        match (&self.there, self.sameness, &self.email) {
            (None, ..) => format!("{name} is in this booking twice"),
            (Some(there), Sameness::Address, Some(email)) => {
                let has = match there.status {
                    PlaceStatus::Waiting | PlaceStatus::Offered => {
                        "is on the waiting list of this session"
                    }
                    PlaceStatus::Requested => "has asked for a place on this session",
                    _ => "has a place on this session",
                };
                format!("Somebody else with the address {email} {has}")
            }
            (Some(there), ..) => format!("{name} {}", has(there.status)),
        }
    }

    /// What exists, for whoever looks after all bookings: whose it is, and where.
    pub fn words_for_office(&self) -> String {
        let Some(there) = &self.there else { return self.words() };
        let Seated { leader, reference, .. } = there;
        let queue = self.position.map_or_else(String::new, |at| format!(", position {at}"));
        let who = match (self.sameness, &there.name) {
            (Sameness::Address, Some(other)) => format!(" ({other})"),
            _ => String::new(),
        };
        format!("{}{queue}{who}: booked by {leader}, {reference}", self.words())
    }

    /// What exists, for the leader of a booking: her own she may know all of.
    pub fn words_for(&self, own: RegistrationId) -> String {
        match &self.there {
            Some(there) if there.registration == own => {
                format!("{} is in this booking already, as person {}", self.name, there.number)
            }
            _ => self.words(),
        }
    }
}

fn has(status: PlaceStatus) -> &'static str {
    match status {
        PlaceStatus::Waiting | PlaceStatus::Offered => {
            "is already on the waiting list of this session"
        }
        PlaceStatus::Requested => "has already asked for a place on this session",
        _ => "already has a place on this session",
    }
}

/// All of it in one sentence.
pub fn sentence(found: &[Already]) -> String {
    wording::list(&found.iter().map(Already::words).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::samples::attendee;

    fn seated(name: &str, email: &str, status: PlaceStatus, queue: Option<i64>) -> Seated {
        let who = attendee(name, email);
        Seated {
            place: PlaceId::new(Uuid::from_u128(1)),
            number: 1,
            registration: RegistrationId::new(Uuid::from_u128(7)),
            reference: Reference::from_random([7; 8]),
            leader: Name::parse("Ruth Okafor").expect("a name"),
            name: Some(who.name),
            email: who.email,
            institution: None,
            person: None,
            status,
            queue,
        }
    }

    fn found(name: &str, email: &str, seated: &[Seated]) -> Vec<Sameness> {
        let who = attendee(name, email);
        let named = [Named { number: 1, who: &who, institution: None, person: None, others: &[] }];
        already(&named, seated, None).iter().map(|one| one.sameness).collect()
    }

    #[test]
    fn the_same_person_is_asked_about_however_she_is_spelt() {
        let there = [seated("Ida Green", "ida@example.org", PlaceStatus::Confirmed, None)];
        for (name, email) in
            [("Ida Green", "ida@example.org"), ("ida  GREEN", "IDA@example.org"), ("Ida Green", "")]
        {
            assert_eq!(found(name, email, &there), [Sameness::Person], "{name} {email}");
        }
        assert_eq!(found("Ben Low", "ida@example.org", &there), [Sameness::Address]);
        assert_eq!(found("Ben Low", "ben@example.org", &there), []);
        assert_eq!(found("Ida Green", "another@example.org", &there), []);
    }

    #[test]
    fn without_an_address_a_namesake_from_elsewhere_is_somebody_else() {
        let code = |text: &str| text.parse::<InstitutionCode>().expect("a code");
        let (one, other) = (code("I0001"), code("I0002"));
        let mut there = seated("Ida Green", "ida@example.org", PlaceStatus::Confirmed, None);
        there.institution = Some(one.clone());
        let who = attendee("Ida Green", "");
        for (institution, asks) in [(Some(&one), 1), (Some(&other), 0), (None, 1)] {
            let named = [Named { number: 1, who: &who, institution, person: None, others: &[] }];
            assert_eq!(already(&named, std::slice::from_ref(&there), None).len(), asks);
        }
    }

    #[test]
    fn a_person_we_know_is_the_same_under_any_name_and_address() {
        let mut there = seated("Nat Nutt", "nat@example.org", PlaceStatus::Confirmed, None);
        there.person = Some(PersonId::new(Uuid::from_u128(3)));
        let who = attendee("Nat Smith", "smith@example.org");
        let named =
            [Named { number: 1, who: &who, institution: None, person: there.person, others: &[] }];
        assert_eq!(already(&named, &[there], None).len(), 1);
    }

    #[test]
    fn in_one_booking_an_address_is_shared_and_a_person_named_once() {
        let (ada, ben) = (attendee("Ada Obi", "o@example.org"), attendee("Ben", "o@example.org"));
        let named =
            |number, who| Named { number, who, institution: None, person: None, others: &[] };
        assert_eq!(already(&[named(1, &ada), named(2, &ben)], &[], None), []);
        let twice = already(&[named(1, &ada), named(2, &ada)], &[], None);
        assert_eq!(twice.len(), 1);
        assert_eq!(twice[0].words(), "Ada Obi is in this booking twice");
    }

    #[test]
    fn a_stranger_learns_that_there_is_a_place_and_the_office_whose() {
        let there = seated("Ida Green", "ida@example.org", PlaceStatus::Waiting, Some(9));
        let ahead = seated("Ben Low", "ben@example.org", PlaceStatus::Waiting, Some(4));
        let who = attendee("Ida Green", "ida@example.org");
        let named = [Named { number: 1, who: &who, institution: None, person: None, others: &[] }];
        let found = already(&named, &[ahead, there.clone()], None);
        let words = found[0].words();
        assert_eq!(words, "Ida Green is already on the waiting list of this session");
        let office = found[0].words_for_office();
        assert!(office.contains("position 2: booked by Ruth Okafor"), "{office}");
        let own = found[0].words_for(there.registration);
        assert_eq!(own, "Ida Green is in this booking already, as person 1");
    }

    #[test]
    fn what_somebody_has_is_said_by_where_her_place_stands() {
        use PlaceStatus as S;
        for (status, own, shared) in [
            (S::Waiting, "is already on the waiting list of", "is on the waiting list of"),
            (S::Offered, "is already on the waiting list of", "is on the waiting list of"),
            (S::Requested, "has already asked for a place on", "has asked for a place on"),
            (S::Confirmed, "already has a place on", "has a place on"),
        ] {
            let there = [seated("Ida Green", "ida@example.org", status, None)];
            let ask = |name: &str| {
                let who = attendee(name, "ida@example.org");
                let named =
                    [Named { number: 1, who: &who, institution: None, person: None, others: &[] }];
                already(&named, &there, None).remove(0)
            };
            assert_eq!(ask("Ida Green").words(), format!("Ida Green {own} this session"));
            let other = ask("Ben Low");
            let stranger =
                format!("Somebody else with the address ida@example.org {shared} this session");
            assert_eq!(other.words(), stranger);
            // The office reads whose address it is, and a leader of another booking no more than anybody.
            let office = other.words_for_office();
            assert!(office.contains(" (Ida Green): booked by Ruth Okafor"), "{office}");
            let elsewhere = RegistrationId::new(Uuid::from_u128(8));
            assert_eq!(other.words_for(elsewhere), stranger);
        }
    }

    #[test]
    fn her_own_booking_may_share_her_address_and_she_herself_is_named_before_who_shares_it() {
        let mut shares = seated("Ben Low", "ida@example.org", PlaceStatus::Confirmed, None);
        shares.number = 2;
        let herself = seated("Ida Green", "ida@example.org", PlaceStatus::Confirmed, None);
        let who = attendee("Ida Green", "ida@example.org");
        let named = [Named { number: 1, who: &who, institution: None, person: None, others: &[] }];
        let own = Some(shares.registration);
        assert_eq!(already(&named, std::slice::from_ref(&shares), own), []);
        assert_eq!(already(&named, std::slice::from_ref(&herself), own).len(), 1);
        let other = Some(RegistrationId::new(Uuid::from_u128(8)));
        assert_eq!(already(&named, std::slice::from_ref(&shares), other).len(), 1);
        let found = already(&named, &[shares, herself], other);
        let there = found[0].there.as_ref().map(|there| there.number);
        assert_eq!((found[0].sameness, there), (Sameness::Person, Some(1)));
    }

    #[test]
    fn whoever_an_organiser_called_somebody_else_is_not_asked_about_again() {
        let mut there = seated("Ida Green", "ida@example.org", PlaceStatus::Confirmed, None);
        let (known, new) = (PersonId::new(Uuid::from_u128(3)), PersonId::new(Uuid::from_u128(4)));
        there.person = Some(known);
        let who = attendee("Ida Green", "ida@example.org");
        for (others, asks) in [(&[known][..], 0), (&[new][..], 1), (&[][..], 1)] {
            let named = [Named { number: 1, who: &who, institution: None, person: None, others }];
            assert_eq!(already(&named, std::slice::from_ref(&there), None).len(), asks);
        }
    }

    #[test]
    fn all_that_was_found_stands_in_one_sentence() {
        let there = [
            seated("Ida Green", "ida@example.org", PlaceStatus::Confirmed, None),
            seated("Ben Low", "ben@example.org", PlaceStatus::Requested, None),
        ];
        let (ida, ben) = (attendee("Ida Green", ""), attendee("Ben Low", ""));
        let named =
            |number, who| Named { number, who, institution: None, person: None, others: &[] };
        let found = already(&[named(1, &ida), named(2, &ben)], &there, None);
        assert_eq!(
            sentence(&found),
            "Ida Green already has a place on this session and Ben Low has already asked for a place on \
             this session"
        );
        assert_eq!(sentence(&[]), "");
    }
}
