//! Whether somebody has done what a course asks for first (B7): asked of the person, never of her
//! address alone, because an address may be shared and may be missing (H3).

use super::{
    attendee::Attendee,
    contact::EmailAddress,
    course::Prerequisite,
    id::{CourseSlug, PersonId},
    likeness::Likeness,
    person::is_same_name,
    text::Name,
};

/// How somebody stands to what comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Preparation {
    /// She has done all of it.
    Done,
    /// As far as we know she has not.
    Lacking,
    /// Somebody of her name, or of nearly her name at her address, has; whether that is she, an
    /// organiser decides.
    Unclear,
}

/// That somebody did a course, as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The course.
    pub course: CourseSlug,
    /// Her name then.
    pub name: Name,
    /// Her address then.
    pub email: Option<EmailAddress>,
    /// By what she was recognised.
    pub key: String,
    /// Who she is, if we know her.
    pub person: Option<PersonId>,
}

/// Somebody who is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Who, as she is named.
    pub who: &'a Attendee,
    /// By what she is recognised.
    pub key: &'a str,
    /// Who she is, if we know her.
    pub person: Option<PersonId>,
    /// Who she is not, as an organiser said.
    pub others: &'a [PersonId],
    /// Whether that says who she is: a name without an address and without an institution does not.
    pub is_told_apart: bool,
}

impl Candidate<'_> {
    /// How she stands, from what we know that anybody did who may be she.
    pub fn preparation(&self, asked: &[Prerequisite], done: &[Done]) -> Preparation {
        let has = |is_hers: &dyn Fn(&Done) -> bool, course: &Prerequisite| {
            done.iter().any(|one| one.course == course.slug && is_hers(one))
        };
        // Where we know who both are, what is typed says no more: an address may have been another's.
        let is_she = |one: &Done| match self.person.zip(one.person) {
            Some((she, whoever)) => she == whoever,
            None => one.key == self.key,
        };
        let may_be_she = |one: &Done| is_she(one) || self.may_be(one);
        let all = |is_hers: &dyn Fn(&Done) -> bool| asked.iter().all(|course| has(is_hers, course));
        if all(&is_she) {
            if self.is_told_apart { Preparation::Done } else { Preparation::Unclear }
        } else if all(&may_be_she) {
            Preparation::Unclear
        } else {
            Preparation::Lacking
        }
    }

    /// Whether whoever did a course may be she: of her name, or nearly so at her address.
    fn may_be(&self, one: &Done) -> bool {
        if one.person.is_some_and(|person| self.others.contains(&person)) {
            return false;
        }
        if is_same_name(&one.name, &self.who.name) {
            return true;
        }
        let is_same_address = self.who.email.is_some() && self.who.email == one.email;
        let now = (&one.name, one.email.as_ref());
        is_same_address && Likeness::of(self.who, now) == Likeness::Same
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::domain::person::recognition_key;
    use crate::domain::samples::{attendee, name};

    fn parish() -> crate::domain::id::InstitutionCode {
        "I0001".parse().expect("a code")
    }

    fn person(number: u128) -> Option<PersonId> {
        Some(PersonId::new(Uuid::from_u128(number)))
    }

    fn did(text: &str, email: &str, person: Option<PersonId>) -> Done {
        let email: Option<EmailAddress> = email.parse().ok();
        let key = recognition_key(&name(text), email.as_ref(), Some(&parish()));
        let course = "first".parse().expect("a slug");
        Done { course, name: name(text), email, key, person }
    }

    fn asked(who: &Attendee, person: Option<PersonId>, done: &[Done]) -> Preparation {
        let key = recognition_key(&who.name, who.email.as_ref(), Some(&parish()));
        let candidate = Candidate { who, key: &key, person, others: &[], is_told_apart: true };
        let slug = "first".parse().expect("a slug");
        candidate.preparation(&[Prerequisite { slug, title: "First".to_owned() }], done)
    }

    #[test]
    fn a_shared_inbox_qualifies_nobody_but_who_was_there() {
        let done = [did("Ann Baker", "office@example.org", None)];
        let ann = attendee("ann  BAKER", "office@example.org");
        assert_eq!(asked(&ann, None, &done), Preparation::Done);
        let ben = attendee("Ben Low", "office@example.org");
        assert_eq!(asked(&ben, None, &done), Preparation::Lacking);
    }

    #[test]
    fn whoever_has_no_address_qualifies_by_name_and_institution() {
        let done = [did("Ann Baker", "", None)];
        assert_eq!(asked(&attendee("Ann Baker", ""), None, &done), Preparation::Done);
        assert_eq!(asked(&attendee("Cy Dunn", ""), None, &done), Preparation::Lacking);
    }

    #[test]
    fn a_person_qualifies_under_another_name_and_address() {
        let done = [did("Ann Baker", "ann@example.org", person(1))];
        let married = attendee("Ann Cole", "cole@example.org");
        assert_eq!(asked(&married, person(1), &done), Preparation::Done);
        assert_eq!(asked(&married, person(2), &done), Preparation::Lacking);
    }

    #[test]
    fn a_namesake_is_unclear_and_so_is_a_slip_in_the_name() {
        let done = [did("Ann Baker", "ann@example.org", person(1))];
        assert_eq!(asked(&attendee("Ann Baker", ""), None, &done), Preparation::Unclear);
        let other = attendee("Ann Baker", "baker@example.org");
        assert_eq!(asked(&other, person(2), &done), Preparation::Unclear);
        let slip = attendee("Ann Bakker", "ann@example.org");
        assert_eq!(asked(&slip, None, &done), Preparation::Unclear);
    }

    #[test]
    fn whoever_was_said_to_be_somebody_else_is_not_unclear() {
        let done = [did("Ann Baker", "ann@example.org", person(1))];
        let who = attendee("Ann Baker", "baker@example.org");
        let key = recognition_key(&who.name, who.email.as_ref(), Some(&parish()));
        let others = [PersonId::new(Uuid::from_u128(1))];
        let candidate = Candidate {
            who: &who,
            key: &key,
            person: person(2),
            others: &others,
            is_told_apart: true,
        };
        let slug = "first".parse().expect("a slug");
        let asked = [Prerequisite { slug, title: "First".to_owned() }];
        assert_eq!(candidate.preparation(&asked, &done), Preparation::Lacking);
    }

    #[test]
    fn an_address_that_was_anothers_says_nothing_where_we_know_both() {
        let done = [did("Ann Baker", "ann@example.org", person(1))];
        let ann = attendee("Ann Baker", "ann@example.org");
        assert_eq!(asked(&ann, person(2), &done), Preparation::Unclear);
        assert_eq!(asked(&ann, person(1), &done), Preparation::Done);
    }

    #[test]
    fn a_name_alone_says_too_little() {
        let who = attendee("Ann Baker", "");
        let key = recognition_key(&who.name, None, None);
        let done = Done { key: key.clone(), ..did("Ann Baker", "", person(1)) };
        let candidate = Candidate {
            who: &who,
            key: &key,
            person: person(1),
            others: &[],
            is_told_apart: false,
        };
        let slug = "first".parse().expect("a slug");
        let asked = [Prerequisite { slug, title: "First".to_owned() }];
        assert_eq!(candidate.preparation(&asked, &[done]), Preparation::Unclear);
    }
}
