//! A number that something may not exceed, or no limit.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A number from 1, or `off`, which 0 says too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// There is none.
    Off,
    /// No more than this.
    To(u32),
}

impl Limit {
    /// The number, if there is one.
    pub fn number(self) -> Option<u32> {
        match self {
            Self::Off => None,
            Self::To(number) => Some(number),
        }
    }

    /// Whether it is off, or no higher than this.
    pub fn is_at_most(self, most: u32) -> bool {
        self.number().is_none_or(|number| number <= most)
    }
}

impl Serialize for Limit {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u32(self.number().unwrap_or(0))
    }
}

struct Read;

impl de::Visitor<'_> for Read {
    type Value = Limit;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or off")
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Limit, E> {
        match u32::try_from(number) {
            Ok(0) => Ok(Limit::Off),
            Ok(number) => Ok(Limit::To(number)),
            Err(_) => Err(E::invalid_value(de::Unexpected::Unsigned(number), &self)),
        }
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<Limit, E> {
        match u64::try_from(number) {
            Ok(number) => self.visit_u64(number),
            Err(_) => Err(E::invalid_value(de::Unexpected::Signed(number), &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Limit, E> {
        match text.trim() {
            "off" => Ok(Limit::Off),
            number => match number.parse() {
                Ok(number) => self.visit_u64(number),
                Err(_) => Err(E::invalid_value(de::Unexpected::Str(text), &self)),
            },
        }
    }
}

impl<'de> Deserialize<'de> for Limit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Read)
    }
}
