//! Signing keys: one for each algorithm, made at the start, and the set that publishes them.

use loop_contracts::oauth::Jwk;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _,
};

use crate::options::StartError;
use crate::secret::base64url;
use crate::switches::IdTokenAlg;

/// The keys of one run.
pub(crate) struct Keys {
    random: SystemRandom,
    p256: EcdsaKeyPair,
    ed25519: Ed25519KeyPair,
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Keys").finish_non_exhaustive()
    }
}

impl Keys {
    /// Two fresh key pairs.
    pub(crate) fn generate() -> Result<Self, StartError> {
        let random = SystemRandom::new();
        let p256 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random)
            .map_err(|_| StartError::NoRandomness)
            .and_then(|der| {
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der.as_ref(), &random)
                    .map_err(|_| StartError::NoRandomness)
            })?;
        let ed25519 = Ed25519KeyPair::generate_pkcs8(&random)
            .map_err(|_| StartError::NoRandomness)
            .and_then(|der| {
                Ed25519KeyPair::from_pkcs8(der.as_ref()).map_err(|_| StartError::NoRandomness)
            })?;
        Ok(Self {
            random,
            p256,
            ed25519,
        })
    }

    /// How the algorithm is named in a header, and its key in the set.
    pub(crate) fn names(alg: IdTokenAlg) -> (&'static str, &'static str) {
        match alg {
            IdTokenAlg::ES256 => ("ES256", "sandbox-p256"),
            IdTokenAlg::EdDSA => ("EdDSA", "sandbox-ed25519"),
        }
    }

    /// Signs; empty when the system gives no randomness, which no client accepts.
    pub(crate) fn sign(&self, alg: IdTokenAlg, message: &[u8]) -> Vec<u8> {
        match alg {
            IdTokenAlg::ES256 => self
                .p256
                .sign(&self.random, message)
                .map(|signature| signature.as_ref().to_vec())
                .unwrap_or_default(),
            IdTokenAlg::EdDSA => self.ed25519.sign(message).as_ref().to_vec(),
        }
    }

    /// HMAC with the public key as the secret: what a client falls for that takes the algorithm from the token.
    pub(crate) fn confuse(&self, message: &[u8]) -> Vec<u8> {
        let key = hmac::Key::new(hmac::HMAC_SHA256, self.p256.public_key().as_ref());
        hmac::sign(&key, message).as_ref().to_vec()
    }

    /// The public halves.
    pub(crate) fn set(&self) -> Vec<Jwk> {
        // SEC 1 §2.3.3: 0x04, then both coordinates of 32 bytes.
        let point = self.p256.public_key().as_ref();
        let (x, y) = point.get(1..).unwrap_or_default().split_at(32);
        let entry = |alg, kty: &str, crv: &str| {
            let (alg, kid) = Self::names(alg);
            Jwk {
                kty: kty.to_owned(),
                kid: Some(kid.to_owned()),
                use_: Some("sig".to_owned()),
                alg: Some(alg.to_owned()),
                crv: Some(crv.to_owned()),
                ..Jwk::default()
            }
        };
        vec![
            Jwk {
                x: Some(base64url(x)),
                y: Some(base64url(y)),
                ..entry(IdTokenAlg::ES256, "EC", "P-256")
            },
            Jwk {
                x: Some(base64url(self.ed25519.public_key().as_ref())),
                ..entry(IdTokenAlg::EdDSA, "OKP", "Ed25519")
            },
        ]
    }
}
