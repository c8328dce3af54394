//! Reads what a host would do out of the files that were made for it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::dist::Host;

/// What a host adds to every answer but for `Cache-Control`, and which paths are the app's page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Served {
    pub(super) headers: BTreeMap<String, String>,
    /// `*` at the end: and everything below.
    pub(super) pages: BTreeSet<String>,
}

impl Served {
    fn header(&mut self, name: &str, value: &str) {
        let before = self.headers.insert(name.to_owned(), value.to_owned());
        assert_eq!(before, None, "{name} twice");
    }

    fn page(&mut self, path: &str) {
        assert!(self.pages.insert(path.to_owned()), "{path} twice");
    }
}

/// Reads the files of this host, for an app that lies there.
pub(super) fn served(host: Host, files: &[(String, String)], base: &str) -> Served {
    let file = |name: &str| {
        let file = files.iter().find(|(one, _)| one == name);
        file.unwrap_or_else(|| panic!("no {name}")).1.as_str()
    };
    match host {
        Host::Nginx => nginx(file("loop-partner.conf"), base),
        Host::Caddy => caddy(file("Caddyfile"), base),
        Host::Netlify => headers_file(
            file("site/_headers"),
            file("site/_redirects"),
            base,
            "index.html",
        ),
        Host::Cloudflare => headers_file(file("site/_headers"), file("site/_redirects"), base, ""),
        Host::Cloudfront => cloudfront(
            &serde_json::from_str(file("cloudfront-headers.json")).unwrap(),
            file("cloudfront-function.js"),
        ),
        Host::GithubPages => {
            let page = file("site/index.html");
            assert_eq!(page, file("site/404.html"));
            github_pages(page)
        }
    }
}

/// What stands between two texts.
fn between<'text>(text: &'text str, start: &str, end: &str) -> Option<&'text str> {
    Some(text.split_once(start)?.1.split_once(end)?.0)
}

fn nginx(text: &str, base: &str) -> Served {
    let mut served = Served::default();
    let document = format!(" {{ try_files {base}index.html =404; }}");
    for line in text.lines().map(str::trim) {
        if let Some(header) = line.strip_prefix("add_header ") {
            // A value without quotes depends on the file: caching, and the methods after 405.
            if let Some((name, value)) = header.split_once(" \"") {
                served.header(name, value.strip_suffix("\" always;").unwrap());
            }
        } else if let Some(place) = line.strip_suffix(&document) {
            match place.strip_prefix("location ^~ ") {
                Some(below) => served.page(&format!("{below}*")),
                None => served.page(place.strip_prefix("location = ").unwrap()),
            }
        }
    }
    served
}

fn caddy(text: &str, base: &str) -> Served {
    let mut served = Served::default();
    let headers = between(text, "(loop_partner_headers) {\n\theader {\n", "\t}\n}\n").unwrap();
    for line in headers.lines() {
        let (name, value) = line.trim().split_once(' ').unwrap();
        if name != "Cache-Control" {
            let value = value
                .strip_prefix('"')
                .and_then(|value| value.strip_suffix('"'));
            served.header(name, value.unwrap());
        }
    }
    let end = format!("\n\t\trewrite @page {base}index.html\n");
    let pages = between(text, "@page path ", &end).unwrap();
    pages.split(' ').for_each(|page| served.page(page));
    served
}

fn headers_file(headers: &str, redirects: &str, base: &str, document: &str) -> Served {
    let mut served = Served::default();
    let every = headers.strip_prefix("/*\n").unwrap();
    for line in every.lines().map_while(|line| line.strip_prefix("  ")) {
        let (name, value) = line.split_once(": ").unwrap();
        served.header(name, value);
    }
    // A folder is its index.html without being told.
    served.page(base);
    for line in redirects.lines() {
        let end = format!(" {base}{document} 200");
        served.page(line.strip_suffix(&end).unwrap());
    }
    served
}

fn cloudfront(policy: &Value, function: &str) -> Served {
    let mut served = Served::default();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    for (member, content) in policy["SecurityHeadersConfig"].as_object().unwrap() {
        assert_eq!(content["Override"], true, "{member}");
        let (name, value) = match member.as_str() {
            "ContentSecurityPolicy" => ("Content-Security-Policy", text(&content[member])),
            "ReferrerPolicy" => ("Referrer-Policy", text(&content[member])),
            "ContentTypeOptions" => ("X-Content-Type-Options", "nosniff".to_owned()),
            "FrameOptions" => ("X-Frame-Options", text(&content["FrameOption"])),
            "StrictTransportSecurity" => {
                assert_eq!(
                    (&content["IncludeSubdomains"], &content["Preload"]),
                    (&true.into(), &false.into())
                );
                let age = &content["AccessControlMaxAgeSec"];
                (
                    "Strict-Transport-Security",
                    format!("max-age={age}; includeSubDomains"),
                )
            }
            other => panic!("CloudFront knows no {other}"),
        };
        served.header(name, &value);
    }
    let custom = policy["CustomHeadersConfig"]["Items"].as_array().unwrap();
    assert_eq!(policy["CustomHeadersConfig"]["Quantity"], custom.len());
    for item in custom {
        assert_eq!(item["Override"], true);
        served.header(&text(&item["Header"]), &text(&item["Value"]));
    }
    let list = |name: &str| -> Vec<String> {
        let list = between(function, &format!("const {name} = "), ";\n").unwrap();
        serde_json::from_str(list).unwrap()
    };
    for page in list("PAGES") {
        served.page(&page);
    }
    for below in list("BELOW") {
        served.page(&format!("{below}*"));
    }
    served
}

fn github_pages(page: &str) -> Served {
    let mut served = Served::default();
    let meta = between(page, "<meta charset=utf-8><meta http-equiv=\"", "\">").unwrap();
    let (name, value) = meta.split_once("\" content=\"").unwrap();
    served.header(name, value);
    served.page("*");
    served
}
