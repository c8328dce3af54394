//! Faults of deliveries on demand: what a receiver has to bear, and what it has to refuse.

use serde::{Deserialize, Serialize};

/// How a delivery goes wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum WebhookFault {
    /// It comes a second time after the answer, with the same number of the attempt.
    Twice,
    /// It comes twice at the same moment.
    TwiceAtOnce,
    /// Whatever is answered counts as no answer, so it is sent again.
    LostAnswer,
    /// The next event of the same person comes first.
    OutOfOrder,
    /// One digit of the signature is another one.
    WrongSignature,
    /// The header of the signature is missing.
    NoSignature,
    /// Signed with the secret that was replaced.
    OldSecret,
    /// A space stands behind what was signed: the same JSON, and other bytes.
    ChangedBody,
    /// The header has the id of another event.
    OtherId,
    /// The header has another type.
    OtherType,
    /// What is signed is for another app.
    OtherClient,
    /// What is signed stops halfway, so it is no JSON.
    Unreadable,
}

impl WebhookFault {
    /// All of them, as they are named and in words.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 12] = [
        (Self::Twice, "twice", "sent twice, one after the other"),
        (
            Self::TwiceAtOnce,
            "twice_at_once",
            "sent twice at the same moment",
        ),
        (
            Self::LostAnswer,
            "lost_answer",
            "the answer is lost, so it is sent again",
        ),
        (
            Self::OutOfOrder,
            "out_of_order",
            "the person's next event comes first",
        ),
        (
            Self::WrongSignature,
            "wrong_signature",
            "one digit of the signature is wrong",
        ),
        (Self::NoSignature, "no_signature", "without a signature"),
        (
            Self::OldSecret,
            "old_secret",
            "signed with the secret before",
        ),
        (
            Self::ChangedBody,
            "changed_body",
            "a space more than was signed",
        ),
        (Self::OtherId, "other_id", "the header has another id"),
        (Self::OtherType, "other_type", "the header has another type"),
        (
            Self::OtherClient,
            "other_client",
            "signed, and for another app",
        ),
        (Self::Unreadable, "unreadable", "signed, and no JSON"),
    ];
}

/// A fault that waits for deliveries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlannedWebhookFault {
    pub(crate) fault: WebhookFault,
    /// For how many tries; `None` until cleared.
    #[serde(default)]
    pub(crate) times: Option<u32>,
}

impl PlannedWebhookFault {
    /// Reads a name; until further notice.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        serde_json::from_value(serde_json::json!({ "fault": text }))
            .map_err(|error| error.to_string())
    }
}

/// One fault at a time; a later one replaces it.
#[derive(Debug, Default)]
pub(crate) struct WebhookFaults(Option<PlannedWebhookFault>);

impl WebhookFaults {
    /// Plans a fault, or with `None` forgets what was planned.
    pub(crate) fn plan(&mut self, fault: Option<PlannedWebhookFault>) {
        self.0 = fault.filter(|planned| planned.times != Some(0));
    }

    /// What is planned.
    pub(crate) fn planned(&self) -> Option<&PlannedWebhookFault> {
        self.0.as_ref()
    }

    /// The fault for a try that goes out now, counted.
    pub(crate) fn take(&mut self) -> Option<WebhookFault> {
        let planned = self.0.as_mut()?;
        let fault = planned.fault;
        match &mut planned.times {
            None => {}
            Some(times) if *times > 1 => *times -= 1,
            Some(_) => self.0 = None,
        }
        Some(fault)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_the_name_that_it_is_read_by() {
        for (fault, name, words) in WebhookFault::ALL {
            assert_eq!(serde_json::to_value(fault).unwrap(), name);
            assert!(!words.is_empty());
            assert_eq!(
                PlannedWebhookFault::parse(name),
                Ok(PlannedWebhookFault { fault, times: None })
            );
        }
        assert!(PlannedWebhookFault::parse("melt").is_err());
    }

    #[test]
    fn counted_ones_run_out_and_the_others_stay() {
        let mut faults = WebhookFaults::default();
        let planned = |times| {
            Some(PlannedWebhookFault {
                fault: WebhookFault::Twice,
                times,
            })
        };
        for (times, taken) in [(Some(0), 0), (Some(1), 1), (Some(3), 3), (None, 9)] {
            faults.plan(planned(times));
            let took = (0..9).filter(|_| faults.take().is_some()).count();
            assert_eq!(took, taken, "{times:?}");
        }
        faults.plan(None);
        assert_eq!(faults.take(), None);
    }
}
