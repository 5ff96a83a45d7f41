//! What every command needs: settings, the database, and what letters and calendars say of us.

use std::sync::Arc;

use anyhow::Context;
use chrono::Duration;
use rocket::figment::Figment;

use crate::{
    actions::ActionContext, calendar::Publisher, clock::SystemClock, config::Config,
    domain::contact::EmailAddress, mail, store::Store, token::SystemRandom, web::page::Office,
};

/// Everything opened and ready.
pub struct Setup {
    /// The settings' sources, for Rocket.
    pub figment: Figment,
    /// The settings.
    pub config: Config,
    /// For the verbs.
    pub ctx: ActionContext,
}

impl Setup {
    /// Reads the settings and opens the database, bringing it up to date.
    ///
    /// # Errors
    /// A setting or the database cannot be used.
    pub async fn open() -> anyhow::Result<Self> {
        Self::open_with(Config::figment()).await
    }

    /// As [`Setup::open`], with other sources.
    ///
    /// # Errors
    /// A setting or the database cannot be used.
    pub async fn open_with(figment: Figment) -> anyhow::Result<Self> {
        let mut config = Config::read(&figment)?;
        if config.public_url.is_empty() {
            let port: u16 = figment.extract_inner("port").unwrap_or(8000);
            // A name, since browsers keep no passkeys for a number.
            config.public_url = format!("http://localhost:{port}");
        }
        log_to_terminal(&config);
        let store = Store::open(&config.database_url).await.context("TURNOUT_DATABASE_URL")?;
        store.migrate().await?;
        let ctx = context(&config, store)?;
        Ok(Self { figment, config, ctx })
    }

    /// How people reach the office.
    pub fn office(&self) -> Office {
        Office { phone: self.config.office_phone.clone(), email: self.config.office_email.clone() }
    }
}

/// What the verbs work with, for these settings.
///
/// # Errors
/// The sender's address is none.
pub fn context(config: &Config, store: Store) -> anyhow::Result<ActionContext> {
    let address: EmailAddress = config.mail_from.parse().context("TURNOUT_MAIL_FROM")?;
    let base_url = config.public_url.trim_end_matches('/').to_owned();
    Ok(ActionContext {
        store,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        publisher: Arc::new(Publisher {
            product_version: env!("CARGO_PKG_VERSION").to_owned(),
            host: config.host(),
            organizer_name: config.mail_from_name.clone(),
            organizer_email: address.clone(),
            base_url: base_url.clone(),
        }),
        sender: Arc::new(mail::Sender {
            name: config.mail_from_name.clone(),
            address,
            base_url,
            phone: config.office_phone.clone(),
            host: config.host(),
        }),
        hold: Duration::minutes(config.hold_minutes),
        offer: Duration::hours(config.offer_hours),
        reminders: config.reminders()?.into(),
    })
}

fn log_to_terminal(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("TURNOUT_LOG_LEVEL")
        // The library prints bytes that anybody may send as the answer of a passkey.
        .unwrap_or_else(|_| {
            tracing_subscriber::EnvFilter::new("warn,turnout=info,webauthn_rs_core=off")
        });
    let lines = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A second call, in tests, finds the logger set; that is as well.
    let _ = if config.log == "json" { lines.json().try_init() } else { lines.try_init() };
}
