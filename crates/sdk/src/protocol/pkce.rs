//! Proof Key for Code Exchange. `S256` is the only method there is in this crate.

use base64ct::{Base64UrlUnpadded, Encoding as _};

use crate::secret::CodeVerifier;

/// The verifier of 32 random bytes: 43 characters of the unreserved set.
///
/// # Specification
/// RFC 7636 §4.1
pub fn verifier(random: &[u8; 32]) -> CodeVerifier {
    CodeVerifier::new(Base64UrlUnpadded::encode_string(random))
}

/// `BASE64URL(SHA256(verifier))`, from that digest.
///
/// # Specification
/// RFC 7636 §4.2
pub fn challenge(digest: &[u8]) -> String {
    Base64UrlUnpadded::encode_string(digest)
}

#[cfg(test)]
mod tests {
    use sha2::{Digest, Sha256};

    use super::*;

    #[test]
    fn rfc_7636_appendix_b() {
        let octets = [
            116, 24, 223, 180, 151, 153, 224, 37, 79, 250, 96, 125, 216, 173, 187, 186, 22, 212,
            37, 77, 105, 214, 191, 240, 91, 88, 5, 88, 83, 132, 141, 121,
        ];
        let verifier = verifier(&octets);
        assert_eq!(
            verifier.reveal(),
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
        );
        assert_eq!(
            challenge(&Sha256::digest(verifier.reveal())),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        );
    }
}
