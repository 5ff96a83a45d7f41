//! Turnout's settings in the environment. A text is what it says: a telephone number keeps its leading
//! zero, and a password of digits is no number.

use rocket::figment::{
    Error, Metadata, Profile, Provider,
    value::{Dict, Map, Value},
};

/// The variables whose names begin with `TURNOUT_`.
pub(super) struct Environment;

impl Provider for Environment {
    fn metadata(&self) -> Metadata {
        Metadata::named("the environment")
    }

    /// In the global profile, so that they win over every table of a file.
    fn data(&self) -> Result<Map<Profile, Dict>, Error> {
        let (mut given, defaults) = (Dict::new(), super::defaults());
        for (name, value) in std::env::vars_os() {
            let name = name.to_string_lossy().to_lowercase();
            let Some(key) = name.strip_prefix("turnout_") else { continue };
            given.insert(key.to_owned(), read(defaults.get(key), &value.to_string_lossy()));
        }
        let dict = Dict::from([("turnout".to_owned(), Value::from(given))]);
        Ok(Map::from([(Profile::Global, dict)]))
    }
}

/// What a variable says, where its default is such a value.
fn read(default: Option<&Value>, text: &str) -> Value {
    match default {
        Some(Value::Num(..)) => {
            text.trim().parse::<i64>().map_or_else(|_| text.into(), Value::from)
        }
        Some(Value::Bool(..)) => {
            text.trim().parse::<bool>().map_or_else(|_| text.into(), Value::from)
        }
        _ => text.into(),
    }
}
