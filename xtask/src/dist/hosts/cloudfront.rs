//! Amazon `CloudFront` before S3: a function for the routes, a policy for the headers, error pages, and the upload with its caching.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::dist::{SITE, Site, bad_table};
use crate::term::{Outcome, Tried};

/// All of it.
pub(super) fn files(site: &Site<'_>) -> Outcome<Vec<(String, String)>> {
    let error = |code: u16| json!({ "ErrorCode": code, "ResponsePagePath": site.missing(), "ResponseCode": "404", "ErrorCachingMinTTL": 0 });
    // A bucket that may not be listed says 403 of what is not there.
    let errors = json!({ "Quantity": 2, "Items": [error(403), error(404)] });
    Ok(vec![
        ("cloudfront-function.js".to_owned(), function(site)),
        (
            "cloudfront-headers.json".to_owned(),
            pretty(&policy(site)?)?,
        ),
        ("cloudfront-errors.json".to_owned(), pretty(&errors)?),
        ("upload.sh".to_owned(), upload(site)),
    ])
}

/// For the event viewer-request, runtime cloudfront-js-2.0.
fn function(site: &Site<'_>) -> String {
    let list = |paths: &[String]| Value::from(paths).to_string();
    format!(
        "// Made by `cargo xtask dist --host cloudfront`: associate it with viewer requests. Pages of the app are one document; whatever\n\
         // else has no file is not there.\n\
         const PAGES = {};\nconst BELOW = {};\n\n\
         function handler(event) {{\n  const request = event.request;\n  const uri = request.uri;\n  \
         if (PAGES.includes(uri) || BELOW.some((below) => uri.startsWith(below))) request.uri = '{}';\n  \
         // Neither S3 nor its log needs it: the code comes in the query of the callback.\n  request.querystring = {{}};\n  \
         return request;\n}}\n",
        list(&site.pages()),
        list(&site.below()),
        site.document()
    )
}

/// For `aws cloudfront create-response-headers-policy`. What it knows as a security header it takes nowhere else.
fn policy(site: &Site<'_>) -> Outcome<Value> {
    let mut security = serde_json::Map::new();
    let mut custom = Vec::new();
    for (name, value) in site.headers() {
        let (member, content) = match name {
            "Content-Security-Policy" => (name, json!({ "ContentSecurityPolicy": value })),
            "Strict-Transport-Security" => ("StrictTransportSecurity", transport(&value)?),
            "Referrer-Policy" => (name, json!({ "ReferrerPolicy": value })),
            "X-Content-Type-Options" => ("ContentTypeOptions", json!({})),
            "X-Frame-Options" => ("FrameOptions", json!({ "FrameOption": value })),
            _ => {
                custom.push(json!({ "Header": name, "Value": value, "Override": true }));
                continue;
            }
        };
        let mut content = content;
        content["Override"] = true.into();
        security.insert(member.replace('-', ""), content);
    }
    Ok(json!({
        "Name": "loop-partner",
        "SecurityHeadersConfig": security,
        "CustomHeadersConfig": { "Quantity": custom.len(), "Items": custom },
    }))
}

fn transport(value: &str) -> Outcome<Value> {
    let seconds = value
        .split("; ")
        .find_map(|part| part.strip_prefix("max-age="));
    let seconds: Option<u64> = seconds.and_then(|seconds| seconds.parse().ok());
    Ok(json!({
        "AccessControlMaxAgeSec": seconds.ok_or_else(|| bad_table("Strict-Transport-Security has no max-age"))?,
        "IncludeSubdomains": value.contains("includeSubDomains"),
        "Preload": false,
    }))
}

/// Each file with its type and its caching. The page last: what it names is there by then.
fn upload(site: &Site<'_>) -> String {
    let mut text = "#!/bin/sh\n# Made by `cargo xtask dist --host cloudfront`: sh upload.sh s3://your-bucket\nset -eu\ncd \"$(dirname \"$0\")\"\n".to_owned();
    let table = site.table;
    let is_page = |name: &&String| **name == table.document;
    let rest = site.files.iter().filter(|name| !is_page(name));
    for name in rest.chain(site.files.iter().filter(is_page)) {
        let extension = name.rsplit('.').next().unwrap_or_default();
        let kind = table.types.iter().find(|(one, _)| one == extension);
        let kind = kind.map_or("application/octet-stream", |(_, kind)| kind);
        let cache = table.cache(name);
        let address = site.address(name);
        // Writing to a `String` cannot fail.
        let _ = writeln!(
            text,
            "aws s3 cp '{SITE}{address}' \"$1{address}\" --content-type '{kind}' --cache-control '{cache}'"
        );
    }
    text
}

fn pretty(value: &Value) -> Outcome<String> {
    let text = serde_json::to_string_pretty(value).tried("write JSON")?;
    Ok(text + "\n")
}
