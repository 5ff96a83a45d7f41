//! A stay as it is edited, field by field (V1). The log says only which field changed: what somebody wishes of
//! her room may say how she is (P5).

use chrono_tz::Tz;

use super::{Journey, Nights, Stay};
use crate::domain::edit::{Field, Keys, Part, Record, Shown};

macro_rules! each {
    ($do:ident) => {
        $do!(nights, "nights", "Nights");
        $do!(with_whom, "with_whom", "Sharing a room with");
        $do!(is_step_free, "step_free", "Step-free room");
        $do!(is_quiet, "quiet", "Quiet room");
        $do!(is_alone, "own_room", "A room of her own");
        $do!(why_alone, "own_room_why", "Why a room of her own");
        $do!(arrival, "arrival", "Arrival");
        $do!(departure, "departure", "Departure");
    };
}

impl Record for Stay {
    fn fields(&self, zone: Tz) -> Vec<Field> {
        let mut fields: Vec<Field> = Vec::new();
        macro_rules! tell {
            ($field:ident, $key:literal, $words:literal) => {
                Part::tell(&self.$field, ($key, $words), zone, &mut fields)
            };
        }
        each!(tell);
        fields.into_iter().map(|field| Field { logged: None, ..field }).collect()
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

impl Shown for Nights {
    fn shown(&self, _: Tz) -> String {
        match self {
            Self::All => "all nights".to_owned(),
            Self::Only(nights) if nights.is_empty() => "goes home at night".to_owned(),
            Self::Only(nights) => super::spans(&nights.iter().copied().collect::<Vec<_>>()),
        }
    }

    fn logged(&self, _: Tz) -> Option<String> {
        None
    }
}

impl Shown for Journey {
    fn shown(&self, _: Tz) -> String {
        self.words()
    }

    fn logged(&self, _: Tz) -> Option<String> {
        None
    }
}
