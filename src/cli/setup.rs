//! What every command needs: settings, the database, and what letters and calendars say of us.

use std::sync::Arc;

use anyhow::{Context, bail};
use chrono::Duration;
use rocket::figment::Figment;

use super::{demo, logging};
use crate::{
    actions::{ActionContext, Demand, SignIns},
    calendar::Publisher,
    clock::SystemClock,
    config::{Config, PasskeyDemand, Switch},
    domain::contact::EmailAddress,
    mail,
    store::Store,
    token::SystemRandom,
    web::page::Office,
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
    /// Reads the settings and opens the database, bringing it up to date. Beside a demo, and with
    /// no database named, these are the demo's.
    ///
    /// # Errors
    /// A setting cannot be used, or there is no database: a mistyped name makes no new one.
    pub async fn open() -> anyhow::Result<Self> {
        let nearby = demo::nearby()?.map(|demo| demo.settings);
        Self::open_with(nearby.unwrap_or_else(Config::figment)).await
    }

    /// As [`Setup::open`], with other sources.
    ///
    /// # Errors
    /// As for [`Setup::open`].
    pub async fn open_with(figment: Figment) -> anyhow::Result<Self> {
        let config = Config::read(&figment)?;
        if !Store::exists(&config.database_url).await.context("TURNOUT_DATABASE_URL")? {
            let url = without_password(&config.database_url);
            bail!("there is no database at {url}; `turnout migrate` makes one");
        }
        Self::create_with(figment).await
    }

    /// As [`Setup::open_with`], but makes a database where there is none.
    ///
    /// # Errors
    /// A setting or the database cannot be used.
    pub async fn create_with(figment: Figment) -> anyhow::Result<Self> {
        let mut config = Config::read(&figment)?;
        if config.public_url.is_empty() {
            let port: u16 = figment.extract_inner("port").unwrap_or(8000);
            // A name, since browsers keep no passkeys for a number.
            config.public_url = format!("http://localhost:{port}");
        }
        logging::to_terminal(&config)?;
        let store = Store::open(&config.database_url).await.context("TURNOUT_DATABASE_URL")?;
        store.migrate().await?;
        let ctx = context(&config, store)?;
        Ok(Self { figment, config, ctx })
    }

    /// Whether there may be other nodes, each of which counts floods for itself.
    pub(super) fn limits_count_apart(&self) -> bool {
        self.config.rate_limits == Switch::On && self.config.database_url.starts_with("postgres")
    }

    /// How people reach the office.
    pub fn office(&self) -> Office {
        Office { phone: self.config.office_phone.clone(), email: self.config.office_email.clone() }
    }
}

/// What the verbs work with, for these settings.
///
/// # Errors
/// The letterhead's address or that of the site is none.
pub fn context(config: &Config, store: Store) -> anyhow::Result<ActionContext> {
    let address: EmailAddress = config.mail_from.parse().context("TURNOUT_MAIL_FROM")?;
    let site = config.site()?;
    Ok(ActionContext {
        store,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
        publisher: Arc::new(Publisher {
            product_version: env!("CARGO_PKG_VERSION").to_owned(),
            host: site.host().to_owned(),
            organizer_name: config.mail_from_name.clone(),
            organizer_email: address.clone(),
            base_url: site.origin(),
        }),
        letterhead: Arc::new(mail::Letterhead {
            name: config.mail_from_name.clone(),
            address,
            base_url: site.origin(),
            phone: config.office_phone.clone(),
            host: site.host().to_owned(),
        }),
        hold: Duration::minutes(config.hold_minutes),
        offer: Duration::hours(config.offer_hours),
        trusted_host: Some(config.reply_trusted_host.trim())
            .filter(|host| !host.is_empty())
            .map(Into::into),
        reminders: config.reminders()?.into(),
        check_in: Duration::hours(config.check_in_hours),
        gather: Duration::seconds(config.gather_seconds),
        undo: Duration::seconds(config.undo_seconds),
        invites_a_day: config.invites_a_day.number(),
        held_per_network: config.held_per_network.number(),
        sign_ins: SignIns {
            idle: Duration::hours(config.sign_in_idle_hours),
            passkeys: match config.administrator_passkeys {
                PasskeyDemand::Off => Demand::Never,
                PasskeyDemand::Auto => Demand::OnceThereIsOne,
                PasskeyDemand::On => Demand::Always,
            },
        },
        controller: Arc::new(config.controller()),
    })
}

/// The address of a database as it may be shown.
fn without_password(url: &str) -> String {
    let Ok(mut parsed) = url::Url::parse(url) else { return url.to_owned() };
    if parsed.password().is_none() || parsed.set_password(Some("…")).is_err() {
        return url.to_owned();
    }
    parsed.to_string()
}
