//! What the command line says about webhooks.

use loop_webhooks::Secret;

use super::faults::PlannedWebhookFault;
use super::settings::Settings;
use super::target::Target;
use crate::options::{Options, StartError};

/// How webhooks begin.
#[derive(Debug)]
pub(crate) struct Start {
    pub(crate) settings: Settings,
    pub(crate) fault: Option<PlannedWebhookFault>,
    /// What has to be said about the secret.
    pub(crate) notice: Option<&'static str>,
}

impl Start {
    /// Reads the flags and the file of the secret.
    ///
    /// # Errors
    /// One sentence that says what to do, without the secret.
    pub(crate) fn read(options: &Options) -> Result<Self, StartError> {
        let target = options.webhook_url.as_deref().map(|url| {
            Target::new(url).map_err(|reason| crate::flag("--webhook-url", url, reason))
        });
        let secret = options.webhook_secret_file.as_deref().map(|path| {
            std::fs::read_to_string(path)
                .map_err(|error| error.to_string())
                .and_then(|text| {
                    let text = text.strip_suffix('\n').unwrap_or(&text);
                    let text = text.strip_suffix('\r').unwrap_or(text);
                    Secret::new(text)
                        .map_err(|error| error.to_string().trim_end_matches('.').to_owned())
                })
                .map_err(|reason| StartError::File {
                    what: "--webhook-secret-file",
                    path: path.display().to_string(),
                    reason,
                })
        });
        let fault = options.webhook_fault.as_deref().map(|text| {
            PlannedWebhookFault::parse(text)
                .map_err(|reason| crate::flag("--webhook-fault", text, reason))
        });
        let (target, secret) = (target.transpose()?, secret.transpose()?);
        let is_short = secret.as_ref().is_some_and(Secret::is_short);
        Ok(Self {
            settings: Settings::new(target, secret),
            fault: fault.transpose()?,
            notice: is_short
                .then_some("The webhook secret has fewer than 24 bytes, so it may be guessed."),
        })
    }
}
