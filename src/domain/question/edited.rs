//! A question as it is edited, field by field (V1).

use chrono_tz::Tz;

use super::Question;
use crate::domain::edit::{Field, Keys, Part, Record};

/// Does something with each field: its key, its words, and the field itself of one or two states.
macro_rules! each {
    ($do:ident) => {
        $do!(wording, "wording", "Question");
        $do!(help, "help", "Help");
        $do!(kind, "kind", "Kind of answer");
        $do!(options, "options", "Answers to choose from");
        $do!(most, "most", "Most");
        $do!(asked, "asked", "Who is asked");
        $do!(is_required, "required", "Must be answered");
        $do!(is_sensitive, "sensitive", "Sensitive");
        $do!(shown_when, "shown_when", "Asked only where");
        $do!(for_trainer, "trainer", "Seen by trainers");
        $do!(for_helper, "helper", "Seen by helpers at the door");
        $do!(for_kitchen, "kitchen", "Seen by the kitchen");
        $do!(for_sheet, "sheet", "On the sign-in sheet");
    };
}

impl Record for Question {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields = Vec::new();
        macro_rules! tell {
            ($field:ident, $key:literal, $words:literal) => {
                Part::tell(&self.$field, ($key, $words), zone, &mut fields)
            };
        }
        each!(tell);
        fields
    }

    fn adopt(&mut self, keys: &Keys, from: &Self) {
        macro_rules! adopt {
            ($field:ident, $key:literal, $words:literal) => {
                Part::adopt(&mut self.$field, &keys.of($key), &from.$field)
            };
        }
        each!(adopt);
    }
}
