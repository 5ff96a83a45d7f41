//! One conversation with a mail server (RFC 5321), letter after letter.

use std::io;

use lettre::{
    Message,
    address::Envelope,
    transport::smtp::{
        self,
        authentication::Mechanism,
        client::{AsyncSmtpConnection, AsyncTokioStream},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{Extension, MailBodyParameter, MailParameter},
    },
};

use super::{
    super::DeliveryError,
    failure::{classify, lacking, refused_us, unreachable},
    server::{Encryption, Server},
    stream::{self, Encrypted},
};

/// Why a letter was not taken.
pub(super) struct Fault {
    pub(super) told: DeliveryError,
    /// Whether the conversation is over: the connection broke, or the server took its leave with
    /// 421. Otherwise the next letter may be tried on it.
    pub(super) is_over: bool,
}

impl From<smtp::Error> for Fault {
    fn from(error: smtp::Error) -> Self {
        let is_over = error.status().is_none_or(|status| status.to_string() == "421");
        Self { told: classify(&error), is_over }
    }
}

impl Fault {
    /// The conversation does not come about: no letter's fault.
    pub(super) fn held(told: String) -> Self {
        Self { told: DeliveryError::Held(told), is_over: true }
    }

    /// The server does not take letters from us, whatever they are.
    fn of_ours(self) -> Self {
        let (DeliveryError::Temporary(told)
        | DeliveryError::Permanent(told)
        | DeliveryError::Held(told)) = self.told;
        Self { told: DeliveryError::Held(told), ..self }
    }
}

/// A connection to a mail server that knows who we are.
pub(super) struct Connection(AsyncSmtpConnection);

impl Connection {
    /// Connects, encrypts and signs in, as the server's URL asks.
    pub(super) async fn open(server: &Server) -> Result<Self, Fault> {
        let host = &server.host;
        let away = |error: io::Error| Fault::held(unreachable(host, &error));
        let stream = stream::connect(host, server.port).await.map_err(away)?;
        let stream: Box<dyn AsyncTokioStream> = match &server.encryption {
            Encryption::FromTheStart => {
                Box::new(Encrypted::over(stream, host).await.map_err(away)?)
            }
            _ => Box::new(stream),
        };
        let greeted = Self::greeted(stream, server).await;
        greeted.map_err(|error| Fault::held(refused_us(host, &error)))
    }

    async fn greeted(
        stream: Box<dyn AsyncTokioStream>,
        server: &Server,
    ) -> Result<Self, smtp::Error> {
        let mut smtp = AsyncSmtpConnection::connect_with_transport(stream, &server.hello).await?;
        match &server.encryption {
            Encryption::Required(tls) => smtp.starttls(tls.clone(), &server.hello).await?,
            Encryption::Opportunistic(tls) if smtp.can_starttls() => {
                smtp.starttls(tls.clone(), &server.hello).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &server.credentials {
            smtp.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(Self(smtp))
    }

    /// Says from whom and to whom, and asks to go on. Until then the server has nothing of the
    /// letter, so after a fault here it may be sent again without being there twice.
    pub(super) async fn announce(&mut self, message: &Message) -> Result<(), Fault> {
        let envelope = message.envelope();
        let options = self.options(envelope)?;
        let is_plain = options.is_empty();
        let from = self.0.command(Mail::new(envelope.from().cloned(), options)).await;
        // What is refused before a reader is named is refused to us, unless it asked for more than
        // other letters do.
        from.map_err(Fault::from)
            .map_err(|fault| if is_plain { fault.of_ours() } else { fault })?;
        for reader in envelope.to() {
            self.0.command(Rcpt::new(reader.clone(), Vec::new())).await?;
        }
        self.0.command(Data).await?;
        Ok(())
    }

    /// Hands over the letter that was announced.
    pub(super) async fn hand_over(&mut self, message: &Message) -> Result<(), Fault> {
        self.0.message(&message.formatted()).await?;
        Ok(())
    }

    /// After a letter that was refused: the next one starts afresh.
    pub(super) async fn start_afresh(&mut self) -> Result<(), Fault> {
        self.0.command(Rset).await?;
        Ok(())
    }

    /// Takes leave.
    pub(super) async fn quit(mut self) {
        // A server that is gone already needs no goodbye.
        let _ = self.0.quit().await;
    }

    /// Messages are plain ASCII as they are made; an address may be more than that, which the
    /// server must be able to take (RFC 6531).
    fn options(&self, envelope: &Envelope) -> Result<Vec<MailParameter>, Fault> {
        let is_ascii = |address: &lettre::Address| AsRef::<str>::as_ref(address).is_ascii();
        if envelope.from().into_iter().chain(envelope.to()).all(is_ascii) {
            return Ok(Vec::new());
        }
        if self.0.server_info().supports_feature(Extension::SmtpUtfEight) {
            let body = MailParameter::Body(MailBodyParameter::EightBitMime);
            return Ok(vec![MailParameter::SmtpUtfEight, body]);
        }
        Err(Fault { told: lacking(), is_over: false })
    }
}
