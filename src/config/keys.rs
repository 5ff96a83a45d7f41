//! The keys that settings may have, what each may be, and what to say where one is wrong: one line that
//! names the key and says what to write.

use rocket::figment::{Error, Figment, error::Kind, value::Value};

use super::ConfigError;

/// Turnout's own keys, and what to write.
pub(super) const OWN: &[(&str, &str)] = &[
    ("database_url", "sqlite://FILE or postgres://USER:PASSWORD@HOST/NAME"),
    ("database_connection_seconds", "a number of seconds from 1 to 60"),
    ("database_lock_seconds", "a number of seconds from 1 to 60"),
    ("database_statement_seconds", "a number of seconds from 1 to 300"),
    ("database_idle_seconds", "a number of seconds from 1 to 300"),
    ("public_url", "an address such as https://training.example.org"),
    (
        "mail",
        "smtp://USER:PASSWORD@HOST:587?tls=required, smtps://USER:PASSWORD@HOST or folder:PATH",
    ),
    ("mail_connections", "a number from 1 to 100"),
    ("mail_from", "an e-mail address"),
    ("mail_from_name", "a name such as \"Example Citizens, training\""),
    ("reply_mailbox", "imaps://USER@HOST/FOLDER, or nothing"),
    ("reply_mailbox_password", "the password of the reply mailbox"),
    ("reply_mailbox_ca", "the path of a PEM file"),
    ("reply_trusted_host", "the name of your mail server, such as mx.example.org"),
    ("office_phone", "a telephone number as people read it"),
    ("office_email", "an e-mail address"),
    ("hold_minutes", "a number of minutes from 1 to 120"),
    ("offer_hours", "a number of hours from 1 to 336"),
    ("reminder_days", "numbers of days from 1 to 60 with commas between, such as 7,1"),
    ("gather_seconds", "a number of seconds from 0 to 3600"),
    ("undo_seconds", "a number of seconds from 0 to 600"),
    ("check_in_hours", "a number of hours from 0 to 336"),
    ("retention_days", "a number of days from 1 to 365"),
    ("organisation_name", "the name of your organisation"),
    ("organisation_address", "a postal address"),
    ("data_location", "words that follow \"is stored\", such as \"in the United Kingdom\""),
    ("held_per_network", "a number of places from 1 to 10000, or off"),
    ("sign_in_idle_hours", "a number of hours from 1 to 720"),
    ("administrator_passkeys", "off, auto or on"),
    ("invites_a_day", "a number from 1 to 1000, or off"),
    ("rate_limits", "on or off"),
    ("metrics", "off, loopback, or token: and at least 20 characters that nobody can guess"),
    ("log", "json or text"),
    ("demo", "true or false"),
];

/// What the environment may hold beside them: the level of the log, and what tests and benches read.
const BESIDE: &[&str] =
    &["log_level", "advisory_db", "bin", "browser_tests", "calendar_readers", "render_dir"];

/// Rocket's keys, and what to write.
const ROCKETS: &[(&str, &str)] = &[
    ("address", "an IP address such as 127.0.0.1"),
    ("port", "a number from 0 to 65535"),
    ("workers", "a number of threads"),
    ("max_blocking", "a number of threads"),
    ("ident", "false, or a name without a version"),
    ("ip_header", "the header in which your proxy puts an address, such as X-Real-IP, or false"),
    ("limits", "a table of sizes such as {form = \"64 KiB\"}"),
    ("temp_dir", "the path of a folder"),
    ("keep_alive", "a number of seconds"),
    ("shutdown", "a table such as {grace = 10, mercy = 5}"),
    ("secret_key", "256 bits in base64, which `openssl rand -base64 32` makes"),
    ("log_level", "off, critical, normal or debug"),
    ("cli_colors", "true or false"),
    ("tls", "a table with the paths of certs and key"),
    ("profile", "the name of a table in Rocket.toml, such as release"),
    ("config", "the path of a file of settings"),
];

/// What to write for one of Turnout's keys.
pub(super) fn expected(key: &str) -> &'static str {
    looked_up(OWN, key).unwrap_or("a value that docs/configuration.md names")
}

fn looked_up(keys: &[(&str, &'static str)], key: &str) -> Option<&'static str> {
    keys.iter().find(|(known, _)| *known == key).map(|(_, expected)| *expected)
}

/// Refuses a key that nobody reads, in the environment or in the table `turnout` of a file: whoever
/// wrote it meant another.
pub(super) fn refuse_unknown(given: &Figment) -> Result<(), ConfigError> {
    if let Ok(Value::Dict(_, keys)) = given.find_value("turnout") {
        let known = super::defaults();
        for (key, value) in &keys {
            let is_known = known.contains_key(key)
                || BESIDE.contains(&key.as_str())
                || ["test_", "bench_"].iter().any(|start| key.starts_with(start));
            if !is_known {
                let name = format!("TURNOUT_{}", key.to_uppercase());
                return Err(unknown(name, key, OWN, &origin(given, value)));
            }
        }
    }
    for (name, _) in std::env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        let Some(key) = name.strip_prefix("ROCKET_") else { continue };
        let key = key.split('.').next().unwrap_or(key).to_lowercase();
        if looked_up(ROCKETS, &key).is_none() {
            return Err(unknown(name.to_owned(), &key, ROCKETS, ""));
        }
    }
    Ok(())
}

fn unknown(name: String, key: &str, keys: &[(&str, &str)], origin: &str) -> ConfigError {
    let prefix = name.split('_').next().unwrap_or_default();
    let near = keys.iter().map(|(known, _)| (strsim::osa_distance(known, key), known));
    let near = near.min().filter(|(distance, _)| *distance <= key.len().div_ceil(2));
    let advice = match near {
        Some((_, known)) => format!("did you mean {prefix}_{}?", known.to_uppercase()),
        None => "docs/configuration.md lists those there are".to_owned(),
    };
    ConfigError::Invalid {
        key: name,
        message: format!("there is no such setting{origin}; {advice}"),
    }
}

/// Where a value stands, if that is a file: the environment is named by the key.
fn origin(figment: &Figment, value: &Value) -> String {
    let metadata = figment.get_metadata(value.tag());
    let file = metadata.and_then(|metadata| metadata.source.as_ref()?.file_path());
    file.map_or_else(String::new, |path| format!(" (in {})", path.display()))
}

/// What is wrong, as one line. Values are never repeated: some hold passwords.
pub(super) fn fault(figment: &Figment, error: &Error) -> ConfigError {
    let (prefix, keys, path) = match error.path.as_slice() {
        [first, rest @ ..] if first == "turnout" => ("TURNOUT_", OWN, rest),
        path => ("ROCKET_", ROCKETS, path),
    };
    let Some(key) = path.first() else {
        let words = error.to_string();
        let words: Vec<_> = words.split_whitespace().collect();
        return ConfigError::Unreadable(words.join(" "));
    };
    let whole = error.path.join(".");
    let place =
        figment.find_value(&whole).ok().map_or_else(String::new, |value| origin(figment, &value));
    let within = if path.len() > 1 { format!(" ({})", path.join(".")) } else { String::new() };
    let must = looked_up(keys, key).unwrap_or("a value that docs/configuration.md names");
    let message = match &error.kind {
        Kind::MissingField(_) => format!("is missing{place}; write {must}"),
        _ => format!("must be {must}{within}{place}"),
    };
    ConfigError::Invalid { key: format!("{prefix}{}", key.to_uppercase()), message }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_every_setting_it_is_known_what_to_write() {
        for key in crate::config::defaults().keys() {
            assert!(looked_up(OWN, key).is_some(), "{key}");
        }
    }
}
