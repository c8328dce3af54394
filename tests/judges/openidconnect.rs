//! Judge two of the table of mutations: the openidconnect crate, as far as it goes. It has no step for the callback, and
//! leaves the person of a refresh to whoever uses it; all the rest is asked of it as its documentation says.

use std::cell::Cell;
use std::convert::Infallible;

use openidconnect::core::{CoreClient, CoreProviderMetadata, CoreTokenResponse};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, HttpRequest, HttpResponse, IssuerUrl, Nonce,
    OAuth2TokenResponse as _, RedirectUrl, RefreshToken, TokenResponse as _,
};
use support::{Answer, CLIENT_ID, ISSUER, Keys, Mutation, Server, SignIn, Table};

#[path = "../../crates/sdk/tests/support/mutations.rs"]
mod support;

const NAME: &str = "openidconnect";

/// One sign-in, and one refresh when the mutation is about that. `Err` has the library's own words.
fn judge(keys: &Keys, mutation: Mutation<'_>, alg: &str) -> Result<(), String> {
    let server = Server {
        keys,
        mutation,
        alg,
    };
    let now = chrono::Utc::now().timestamp();
    let device = now + mutation.change("device_clock").as_i64().unwrap_or(0);
    let clock = || chrono::DateTime::from_timestamp(device, 0).unwrap();
    let sign_in = SignIn {
        state: String::new(),
        nonce: "the-nonce-of-this-sign-in".to_owned(),
        now,
    };
    let earlier = Cell::new(mutation.change("keys_before").is_array());
    let http = |request: HttpRequest| {
        let body = String::from_utf8_lossy(request.body());
        let answer = match request.uri().path() {
            "/.well-known/openid-configuration" => server.metadata(),
            // It reads the keys with the metadata, once: later is another sign-in.
            "/j" => server.jwks(earlier.get()),
            "/t" if body.contains("grant_type=refresh_token") => server.refreshed(&sign_in),
            _ => server.tokens(&sign_in),
        };
        Ok::<_, Infallible>(response(answer))
    };
    let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
    let metadata = CoreProviderMetadata::discover(&issuer, &http).map_err(|e| words(&e))?;
    let client =
        CoreClient::from_provider_metadata(metadata, ClientId::new(CLIENT_ID.to_owned()), None)
            .set_redirect_uri(RedirectUrl::new("https://app.example/cb".to_owned()).unwrap());
    let nonce = Nonce::new(sign_in.nonce.clone());

    let check = |answer: &CoreTokenResponse, refresh: bool| -> Result<(), String> {
        let Some(id_token) = answer.id_token() else {
            return if refresh {
                Ok(())
            } else {
                Err("no id_token".to_owned())
            };
        };
        let verifier = client.id_token_verifier().set_time_fn(clock);
        let claims = if refresh {
            // OpenID Connect Core §12.2: the nonce of the sign-in, or none.
            let same = |came: Option<&Nonce>| match came {
                Some(came) if came.secret() != nonce.secret() => Err("another nonce".to_owned()),
                _ => Ok(()),
            };
            id_token.claims(&verifier, same)
        } else {
            id_token.claims(&verifier, &nonce)
        };
        let Some(expected) = claims.map_err(|e| words(&e))?.access_token_hash() else {
            return Ok(());
        };
        let alg = id_token.signing_alg().map_err(|e| words(&e))?;
        let key = id_token.signing_key(&verifier).map_err(|e| words(&e))?;
        let actual = AccessTokenHash::from_token(answer.access_token(), alg, key);
        if actual.map_err(|e| words(&e))? == *expected {
            Ok(())
        } else {
            Err("another at_hash".to_owned())
        }
    };

    let code = AuthorizationCode::new("C".to_owned());
    let request = client.exchange_code(code).map_err(|e| words(&e))?;
    let answer = request.request(&http).map_err(|e| words(&e))?;
    check(&answer, false)?;
    if mutation.step() == "refresh" {
        let token = RefreshToken::new(support::REFRESH_TOKEN.to_owned());
        let request = client
            .exchange_refresh_token(&token)
            .map_err(|e| words(&e))?;
        let answer = request.request(&http).map_err(|e| words(&e))?;
        check(&answer, true)?;
    }
    Ok(())
}

fn response(answer: Answer) -> HttpResponse {
    let builder = openidconnect::http::Response::builder().status(answer.status);
    let builder = builder.header("content-type", "application/json");
    builder.body(answer.body.into_bytes()).unwrap()
}

fn words(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

#[test]
fn openidconnect_decides_as_this_client_or_the_difference_is_written_down() {
    let (table, keys) = (Table::read(), Keys::new());
    let (mut runs, mut written, mut wrong) = (0, 0, vec![]);
    for mutation in table.mutations() {
        if mutation.step() == "callback" {
            assert_eq!(
                mutation.disagreement(NAME),
                None,
                "{}: it has no such step",
                mutation.name()
            );
            continue;
        }
        let difference = mutation.disagreement(NAME);
        let expected = match difference.and_then(|text| text.split_once(": ")) {
            Some(("accepts", _)) => true,
            Some(("refuses", _)) => false,
            _ => mutation.accepts(),
        };
        written += usize::from(difference.is_some());
        let is_one = expected != mutation.accepts();
        if difference.is_some() != is_one {
            wrong.push(format!("{}: the difference is none", mutation.name()));
        }
        for alg in mutation.algorithms() {
            runs += 1;
            let outcome = judge(&keys, mutation, alg);
            if outcome.is_ok() != expected {
                let outcome =
                    outcome.map_or_else(|why| format!("refuses: {why}"), |()| "accepts".to_owned());
                wrong.push(format!(
                    "{} ({alg}): {}: {outcome}",
                    mutation.step(),
                    mutation.name()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    println!("openidconnect: {runs} runs, {written} written differences");
}
