//! Who sits on a place.

use super::{
    contact::EmailAddress,
    text::{Name, Need},
};

/// Somebody who is coming. Diet and access needs are special-category data (P1): shown only to the
/// session's trainers, its alliance's organisers and the leader who typed them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attendee {
    /// The full name, as a badge and a certificate show it.
    pub name: Name,
    /// Where their own letter and invite go, if they have an address.
    pub email: Option<EmailAddress>,
    /// What they eat or must not eat.
    pub dietary: Option<Need>,
    /// What helps them take part.
    pub access: Option<Need>,
    /// Which of that must not be missed.
    pub ticks: Ticks,
    /// For somebody under 18, where the course asks for it.
    pub guardian: Option<Guardian>,
}

impl Attendee {
    /// What she needs in words, what is ticked among it: `Sesame (allergy)`, `Interpreter`.
    pub fn needs(&self) -> Vec<String> {
        let said = Ticks::default().with_words(self.dietary.as_ref(), self.access.as_ref());
        let words =
            |need: &Option<Need>, is_ticked: bool, is_said: bool, tick: [&str; 2]| match need {
                None => is_ticked.then(|| tick[0].to_owned()),
                Some(need) if is_ticked && !is_said => Some(format!("{need} ({})", tick[1])),
                Some(need) => Some(need.to_string()),
            };
        let food = words(&self.dietary, self.ticks.allergy, said.allergy, ["Allergy", "allergy"]);
        let access = words(
            &self.access,
            self.ticks.interpreter,
            said.interpreter,
            ["Interpreter", "interpreter"],
        );
        food.into_iter().chain(access).collect()
    }

    /// Somebody who comes instead of `before`, as typed over her details: what was typed for her
    /// stays, what only stood there from before was never said of her.
    pub fn instead_of(self, before: &Self) -> Self {
        // A form that is sent may break its lines in another way than it was filled with.
        let words = |need: &Need| need.as_str().split_whitespace().collect::<Vec<_>>().join(" ");
        let own = |typed: Option<Need>, old: &Option<Need>| {
            typed.filter(|typed| old.as_ref().map(words) != Some(words(typed)))
        };
        let (dietary, access) =
            (own(self.dietary, &before.dietary), own(self.access, &before.access));
        // A tick goes with the words beside it; one that was not there before was meant for her.
        let ticks = Ticks {
            allergy: self.ticks.allergy && (dietary.is_some() || !before.ticks.allergy),
            interpreter: self.ticks.interpreter && (access.is_some() || !before.ticks.interpreter),
        };
        Self {
            dietary,
            access,
            ticks,
            guardian: self.guardian.filter(|guardian| before.guardian.as_ref() != Some(guardian)),
            ..self
        }
    }
}

/// The adult responsible for an attendee under 18.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guardian {
    /// The full name, as a badge and a certificate show it.
    pub name: Name,
    /// A telephone number or e-mail address that reaches them during the session.
    pub contact: Name,
}

/// What must not be missed among somebody's needs: ticked by whoever types them, since a word may mean
/// anything ("nut" stands in "doughnut"). It decides what the kitchen is warned of and which session needs
/// an interpreter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ticks {
    /// An allergy, or food that could make them ill.
    pub allergy: bool,
    /// A sign language or other interpreter, who must be booked weeks before.
    pub interpreter: bool,
}

impl Ticks {
    /// These, with what the words beside them say outright: whoever writes "allergic to nuts" and leaves the
    /// box out must not be missed.
    pub fn with_words(self, dietary: Option<&Need>, access: Option<&Need>) -> Self {
        const ALLERGY: &[&str] = &["allerg", "anaphyla", "epipen", "coeliac", "celiac"];
        const INTERPRETER: &[&str] = &["bsl", "interpret", "signlanguage", "lipspeak"];
        Self {
            allergy: self.allergy || dietary.is_some_and(|need| says(need.as_str(), ALLERGY)),
            interpreter: self.interpreter
                || access.is_some_and(|need| says(need.as_str(), INTERPRETER)),
        }
    }

    /// Whether any is ticked.
    pub fn any(self) -> bool {
        self.allergy || self.interpreter
    }
}

/// Whether one of the words, or two of them written apart, begins with a stem and is not denied:
/// "no known allergies".
fn says(text: &str, stems: &[&str]) -> bool {
    let text = text.to_lowercase();
    text.split([',', ';', '.', ':', '(', ')']).any(|clause| {
        let words: Vec<_> =
            clause.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        (0..words.len()).any(|at| {
            let apart = words[at..words.len().min(at + 2)].concat();
            let is_said = stems.iter().any(|stem| apart.starts_with(stem));
            is_said && !is_denied(&words[..at])
        })
    })
}

/// Whether the words before one deny it.
fn is_denied(before: &[&str]) -> bool {
    let mut before = before.iter().rev().skip_while(|word| ["known", "food", "any"].contains(word));
    before.next().is_some_and(|word| ["no", "not", "nil", "without", "non"].contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ticks(dietary: &str, access: &str) -> Ticks {
        let need = |text| Need::parse_optional(text).expect("a need");
        Ticks::default().with_words(need(dietary).as_ref(), need(access).as_ref())
    }

    #[test]
    fn an_allergy_is_what_is_said_outright() {
        for said in ["Nut allergy", "allergic to sesame", "carries an EpiPen", "No eggs, allergy"] {
            assert!(ticks(said, "").allergy, "{said}");
        }
        for said in [
            "Doughnuts, please",
            "Coconut milk",
            "Halal",
            "No allergies",
            "no known food allergies",
        ] {
            assert!(!ticks(said, "").allergy, "{said}");
        }
    }

    #[test]
    fn an_interpreter_is_noticed_however_it_is_asked_for() {
        for need in ["BSL", "a sign language interpreter please", "Lipspeaker", "lip speaker"] {
            assert!(ticks("", need).interpreter, "{need}");
        }
        for need in ["Step-free seat near the door", "No interpreter", "designated parking"] {
            assert!(!ticks("", need).interpreter, "{need}");
        }
    }

    #[test]
    fn needs_are_told_with_what_is_ticked_once() {
        let need = |text| Need::parse_optional(text).expect("a need");
        let of = |dietary, access, allergy, interpreter| {
            let ticks = Ticks { allergy, interpreter };
            let name = Name::parse("Ada Obi").expect("a name");
            let (dietary, access) = (need(dietary), need(access));
            Attendee { name, email: None, dietary, access, ticks, guardian: None }.needs()
        };
        assert_eq!(of("Sesame", "", true, false), ["Sesame (allergy)"]);
        assert_eq!(of("Nut allergy", "Ramp", true, true), ["Nut allergy", "Ramp (interpreter)"]);
        assert_eq!(of("", "", true, true), ["Allergy", "Interpreter"]);
        assert_eq!(of("Halal", "", false, false), ["Halal"]);
        assert!(of("", "", false, false).is_empty());
    }

    #[test]
    fn whoever_comes_instead_has_no_tick_of_the_one_before() {
        let need = |text| Need::parse_optional(text).expect("a need");
        let of = |dietary, allergy| Attendee {
            name: Name::parse("Ada Obi").expect("a name"),
            email: None,
            dietary: need(dietary),
            access: None,
            ticks: Ticks { allergy, interpreter: false },
            guardian: None,
        };
        let before = of("Sesame", true);
        assert!(!of("Sesame", true).instead_of(&before).ticks.allergy, "it only stood there");
        assert!(of("Sesame and milk", true).instead_of(&before).ticks.allergy);
        assert!(of("", true).instead_of(&of("Sesame", false)).ticks.allergy, "ticked for her");
    }

    #[test]
    fn whoever_comes_instead_keeps_only_what_was_typed_for_her() {
        let need = |text| Need::parse_optional(text).expect("a need");
        let guardian = |name: &str| {
            let (name, contact) = (Name::parse(name), Name::parse("07700 900000"));
            Guardian { name: name.expect("a name"), contact: contact.expect("a number") }
        };
        let of = |name, dietary, access, guardian| Attendee {
            name: Name::parse(name).expect("a name"),
            email: None,
            dietary: need(dietary),
            access: need(access),
            ticks: Ticks { allergy: false, interpreter: true },
            guardian,
        };
        let before = of("Ada Obi", "Halal", "BSL,   front row", Some(guardian("Ruth Okafor")));
        let stood_there = of("Ben Low", "Halal", "BSL, front  row", Some(guardian("Ruth Okafor")));
        let after = stood_there.instead_of(&before);
        let nothing = Attendee { ticks: Ticks::default(), ..of("Ben Low", "", "", None) };
        assert_eq!(after, nothing);
        let typed = of("Ben Low", "Vegan", "Ramp, lipspeaker", Some(guardian("Ida Green")));
        assert_eq!(typed.clone().instead_of(&before), typed);
    }

    #[test]
    fn a_tick_for_an_interpreter_that_only_stood_there_is_dropped() {
        let who = |access, interpreter| Attendee {
            access: Need::parse_optional(access).expect("a need"),
            ticks: Ticks { allergy: false, interpreter },
            ..crate::domain::samples::attendee("Ada Obi", "")
        };
        let ticked =
            |typed: Attendee, before: &Attendee| typed.instead_of(before).ticks.interpreter;
        let before = who("BSL", true);
        assert!(!ticked(who("BSL", true), &before), "it only stood there");
        assert!(ticked(who("Lipspeaker", true), &before), "typed beside her own words");
        assert!(!ticked(who("Lipspeaker", false), &before), "left out for her");
        assert!(ticked(who("", true), &who("Ramp", false)), "ticked for her");
    }

    #[test]
    fn words_that_say_it_outright_tick_a_box_that_was_left_out_and_never_untick_one() {
        let need = |text| Need::parse_optional(text).expect("a need");
        let both = Ticks { allergy: true, interpreter: true };
        assert_eq!(both.with_words(need("Halal").as_ref(), need("Ramp").as_ref()), both);
        assert_eq!(ticks("Coeliac", "BSL"), both);
        assert_eq!(ticks("BSL", "Coeliac"), Ticks::default());
        for (allergy, interpreter) in [(true, false), (false, true), (true, true)] {
            assert!(Ticks { allergy, interpreter }.any());
        }
        assert!(!Ticks::default().any());
    }
}
