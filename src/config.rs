//! Settings: read once, from `Rocket.toml`, `TURNOUT_*` and `DATABASE_URL`.

mod environment;
mod keys;
mod limit;
mod release;

use std::path::PathBuf;

use rocket::figment::{
    Figment, Profile,
    providers::{Env, Format, Serialized, Toml},
    value::{Dict, Value},
};
use serde::{Deserialize, Serialize};

use environment::Environment;

pub use limit::Limit;

use crate::domain::{
    contact::EmailAddress,
    public_url::{PublicUrl, PublicUrlFault},
    retention::{Controller, NEEDS_DAYS, Retention},
};

/// Every setting, with its default. As an environment variable each is `TURNOUT_` and its name.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Config {
    /// The database: `sqlite://FILE` or `postgres://…`. `DATABASE_URL` is honoured too.
    pub database_url: String,
    /// How many seconds somebody waits for a connection to PostgreSQL (1 to 60).
    pub database_connection_seconds: u64,
    /// How many seconds somebody waits for a row of PostgreSQL that another has locked (1 to 60).
    pub database_lock_seconds: u64,
    /// How many seconds a statement of the server may take on PostgreSQL (1 to 300).
    pub database_statement_seconds: u64,
    /// How many seconds a transaction may stand open on PostgreSQL while nobody works on it (1 to 300).
    pub database_idle_seconds: u64,
    /// Where people reach the site, such as `https://turnout.example.org`. No slash at the end.
    pub public_url: String,
    /// How letters leave: `folder:PATH`, `smtp://…` or `smtps://…`.
    pub mail: String,
    /// Over how many connections letters leave at once, to a mail server (1 to 100).
    pub mail_connections: usize,
    /// The address letters come from, read by a machine: the ORGANIZER of every invite.
    pub mail_from: String,
    /// The name letters come from.
    pub mail_from_name: String,
    /// Where answers of calendars are fetched, `imaps://USER@HOST/FOLDER`; empty: not by IMAP.
    pub reply_mailbox: String,
    /// The password of that mailbox.
    pub reply_mailbox_password: String,
    /// A file with the certificate of the authority that vouches for that mail server, in PEM;
    /// empty for the usual ones.
    pub reply_mailbox_ca: String,
    /// The name under which our own mail server signs its `Authentication-Results`, such as
    /// `mx.example.org`; empty: they are not looked at.
    pub reply_trusted_host: String,
    /// The office's telephone number, as people read it.
    pub office_phone: String,
    /// The office's address for questions.
    pub office_email: String,
    /// How long places are held for a leader who is typing, in minutes (1 to 120).
    pub hold_minutes: i64,
    /// How long an offer from the waiting list lasts, in hours (1 to 336); shorter near the start.
    pub offer_hours: i64,
    /// How many days before each day of a session people are reminded, such as `7,1`; empty: never.
    pub reminder_days: String,
    /// How many seconds letters about a change wait for the next change, to tell of both (0 to
    /// 3600); 0: they leave at once.
    pub gather_seconds: i64,
    /// How many seconds letters about answers to requests wait, so that the answers can be taken back (0 to
    /// 600); 0: they leave at once.
    pub undo_seconds: i64,
    /// How many hours before a sitting people can be checked in (0 to 336).
    pub check_in_hours: i64,
    /// How many places one network holds at once without having booked them (1 to 10000), or `off`.
    pub held_per_network: Limit,
    /// After how many hours without a request a sign-in ends (1 to 720).
    pub sign_in_idle_hours: i64,
    /// Whether administrators need a passkey: `off`, `on`, or `auto`, once one of them has one.
    pub administrator_passkeys: PasskeyDemand,
    /// How many invites a day go to an address that has not opened one of our links (1 to 1000), or
    /// `off`.
    pub invites_a_day: Limit,
    /// Whether one address may book and ask for links only so often; off for load tests.
    pub rate_limits: Switch,
    /// Who may read `/metrics`: `off`, `loopback`, or `token:` and the token.
    pub metrics: String,
    /// How many days after the last day of a session food and access needs and guardians are kept
    /// (1 to 365).
    pub retention_days: u16,
    /// The organisation that answers for people's data, as the privacy page names it; empty: the
    /// name letters come from.
    pub organisation_name: String,
    /// Its postal address; empty: none is shown.
    pub organisation_address: String,
    /// Where the data is stored, in words that follow "is stored", such as `in the United Kingdom`;
    /// empty: the page says whom to ask.
    pub data_location: String,
    /// How log lines are written: `json` or `text`.
    pub log: String,
    /// Whether this is the demo: its mailbox is open to anybody on this machine.
    pub demo: bool,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            database_url: "sqlite://turnout.db".to_owned(),
            database_connection_seconds: 5,
            database_lock_seconds: 3,
            database_statement_seconds: 10,
            database_idle_seconds: 30,
            public_url: String::new(),
            mail: "folder:mail".to_owned(),
            mail_connections: 8,
            mail_from: "trainings@turnout.example".to_owned(),
            mail_from_name: "Turnout trainings".to_owned(),
            reply_mailbox: String::new(),
            reply_mailbox_password: String::new(),
            reply_mailbox_ca: String::new(),
            reply_trusted_host: String::new(),
            office_phone: "020 7946 0142".to_owned(),
            office_email: "training@example.org".to_owned(),
            hold_minutes: 15,
            offer_hours: 48,
            reminder_days: "7,1".to_owned(),
            gather_seconds: 120,
            undo_seconds: 60,
            check_in_hours: 2,
            held_per_network: Limit::To(60),
            sign_in_idle_hours: 336,
            administrator_passkeys: PasskeyDemand::Auto,
            invites_a_day: Limit::To(3),
            rate_limits: Switch::On,
            metrics: "off".to_owned(),
            retention_days: NEEDS_DAYS,
            organisation_name: String::new(),
            organisation_address: String::new(),
            data_location: String::new(),
            log: "text".to_owned(),
            demo: false,
        }
    }
}

/// A setting that is on or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Switch {
    /// As usual.
    On,
    /// Not at all.
    Off,
}

/// Whether administrators need a passkey.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PasskeyDemand {
    /// None needs one.
    Off,
    /// All do, once one of them has one.
    Auto,
    /// All do.
    On,
}

/// A setting that cannot be used; one line that names the key.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A file cannot be read.
    #[error("configuration: {0}")]
    Unreadable(String),
    /// A value cannot be used, or a key is none.
    #[error("{key}: {message}")]
    Invalid {
        /// The key, as the environment has it.
        key: String,
        /// What is wrong, and what would do.
        message: String,
    },
}

impl Config {
    /// The profile of a release, by its name.
    pub const RELEASE: &str = "release";

    /// Where settings come from: defaults, then the profile in `Rocket.toml`, then the environment.
    pub fn figment() -> Figment {
        Self::given().join(Serialized::from(Self::default(), "default").key("turnout"))
    }

    /// Whether a database was named, by the environment or in `Rocket.toml`.
    pub fn names_a_database() -> bool {
        Self::names("database_url")
    }

    /// Whether somebody gave a setting, in the environment or in `Rocket.toml`.
    fn names(key: &str) -> bool {
        Self::given().contains(&format!("turnout.{key}"))
    }

    /// The settings that somebody gave, without the defaults.
    fn given() -> Figment {
        // Rocket trusts a proxy's header unless told otherwise, names itself in every answer, and logs
        // every address, private links included: here all of it must be asked for.
        // What is being answered has a second to end, and connections one more to close: whoever
        // stops the program waits no longer than five.
        let shutdown = rocket::config::Shutdown { grace: 1, mercy: 1, ..Default::default() };
        let safe = rocket::Config {
            shutdown,
            ip_header: None,
            // Nobody needs to know by which program they are answered.
            ident: rocket::config::Ident::none(),
            log_level: rocket::config::LogLevel::Critical,
            ..rocket::Config::default()
        };
        Figment::from(safe)
            .merge(Toml::file(Env::var_or("ROCKET_CONFIG", "Rocket.toml")).nested())
            .merge(Env::prefixed("ROCKET_").ignore(&["PROFILE"]).global())
            .select(Profile::from_env_or("ROCKET_PROFILE", rocket::Config::DEFAULT_PROFILE))
            .merge(
                Env::raw().only(&["DATABASE_URL"]).map(|_| "turnout.database_url".into()).global(),
            )
            .merge(Environment)
    }

    /// How many threads work, and how many may wait for something meanwhile.
    ///
    /// # Errors
    /// [`ConfigError`], when a setting of Rocket cannot be used.
    pub fn threads() -> Result<(usize, usize), ConfigError> {
        let figment = Self::figment();
        refuse_missing_file()?;
        let rockets = figment.extract::<rocket::Config>();
        let rockets = rockets.map_err(|error| keys::fault(&figment, &error))?;
        Ok((rockets.workers.max(1), rockets.max_blocking.max(1)))
    }

    /// Reads and checks the settings.
    ///
    /// # Errors
    /// [`ConfigError`], naming the key.
    pub fn read(figment: &Figment) -> Result<Self, ConfigError> {
        refuse_missing_file()?;
        keys::refuse_unknown(figment)?;
        let fault = |error| keys::fault(figment, &error);
        figment.extract::<rocket::Config>().map_err(fault)?;
        let Whole { turnout: config } = figment.extract().map_err(fault)?;
        let is_address = |text: &str| text.parse::<EmailAddress>().is_ok();
        for (key, is_right) in [
            ("mail_from", is_address(&config.mail_from)),
            ("office_email", is_address(&config.office_email)),
            ("office_phone", !config.office_phone.trim().is_empty()),
            ("mail_connections", (1..=100).contains(&config.mail_connections)),
            ("hold_minutes", (1..=120).contains(&config.hold_minutes)),
            ("offer_hours", (1..=336).contains(&config.offer_hours)),
            ("gather_seconds", (0..=3600).contains(&config.gather_seconds)),
            ("undo_seconds", (0..=600).contains(&config.undo_seconds)),
            ("held_per_network", config.held_per_network.is_at_most(10_000)),
            ("sign_in_idle_hours", (1..=720).contains(&config.sign_in_idle_hours)),
            ("invites_a_day", config.invites_a_day.is_at_most(1000)),
            ("check_in_hours", (0..=336).contains(&config.check_in_hours)),
            ("database_connection_seconds", (1..=60).contains(&config.database_connection_seconds)),
            ("database_lock_seconds", (1..=60).contains(&config.database_lock_seconds)),
            ("database_statement_seconds", (1..=300).contains(&config.database_statement_seconds)),
            ("database_idle_seconds", (1..=300).contains(&config.database_idle_seconds)),
            ("retention_days", (1..=365).contains(&config.retention_days)),
            ("log", ["json", "text"].contains(&config.log.as_str())),
        ] {
            if !is_right {
                return Err(must(key));
            }
        }
        config.reminders()?;
        if !config.public_url.is_empty() {
            config.site()?;
        }
        Ok(config)
    }

    /// How many days before each day of a session people are reminded of it.
    ///
    /// # Errors
    /// [`ConfigError`], when it is not a list of numbers from 1 to 60.
    pub fn reminders(&self) -> Result<Vec<u32>, ConfigError> {
        let words = self.reminder_days.split(',').map(str::trim).filter(|word| !word.is_empty());
        let days = words.map(|word| word.parse().ok().filter(|days| (1..=60).contains(days)));
        days.collect::<Option<_>>().ok_or_else(|| must("reminder_days"))
    }

    /// Who answers for people's data, and how long it is kept.
    pub fn controller(&self) -> Controller {
        let said = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        Controller {
            name: said(&self.organisation_name).unwrap_or_else(|| self.mail_from_name.clone()),
            address: said(&self.organisation_address),
            stored: said(&self.data_location),
            retention: Retention { needs_days: self.retention_days },
        }
    }

    /// The address people reach the site at.
    ///
    /// # Errors
    /// [`ConfigError`], when it has more or less than a scheme and a host.
    pub fn site(&self) -> Result<PublicUrl, ConfigError> {
        self.public_url.parse().map_err(|fault: PublicUrlFault| ConfigError::Invalid {
            key: "TURNOUT_PUBLIC_URL".to_owned(),
            message: fault.to_string(),
        })
    }
}

/// Every key of ours with its default, which says whether it is a text.
fn defaults() -> Dict {
    let all = Value::serialize(Config::default());
    all.ok().and_then(Value::into_dict).unwrap_or_default()
}

/// What the sources of settings say of us.
#[derive(Deserialize)]
struct Whole {
    turnout: Config,
}

fn must(key: &str) -> ConfigError {
    ConfigError::Invalid {
        key: format!("TURNOUT_{}", key.to_uppercase()),
        message: format!("must be {}", keys::expected(key)),
    }
}

/// A file of settings that is named must be there: without it the program would run by other ones.
fn refuse_missing_file() -> Result<(), ConfigError> {
    let Some(file) = std::env::var_os("ROCKET_CONFIG").map(PathBuf::from) else { return Ok(()) };
    // A relative one is looked for in the folders above, too.
    let here = std::env::current_dir().unwrap_or_default();
    if here.ancestors().any(|folder| folder.join(&file).is_file()) {
        return Ok(());
    }
    let message = format!("there is no file {}", file.display());
    Err(ConfigError::Invalid { key: "ROCKET_CONFIG".to_owned(), message })
}
