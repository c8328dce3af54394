//! nginx: one file for its `conf.d`.

use std::fmt::Write as _;

use crate::dist::Site;

const HEAD: &str = "# Made by `cargo xtask dist --host nginx`: copy it to /etc/nginx/conf.d/, and edit the lines with EDIT.
# The configuration of the app may change without a new file, as long as its two services stay: the policy names them.

# Without query strings: the code comes in the query of the callback. And without paths of the app, which name biomarkers:
# $uri is the file that was served.
log_format loop_partner '$remote_addr [$time_iso8601] $request_method $uri $server_protocol $status $body_bytes_sent';

";

/// The whole configuration.
pub(super) fn files(site: &Site<'_>) -> Vec<(String, String)> {
    let mut text = HEAD.to_owned();
    let table = site.table;
    // Writing to a `String` cannot fail.
    let _ = writeln!(text, "map $uri $loop_partner_cache {{");
    let _ = writeln!(text, "    default \"{}\";", table.not_kept);
    for kept in &table.kept {
        let _ = writeln!(
            text,
            "    \"~{}\" \"{}\";",
            kept.paths(site.base),
            kept.value
        );
    }
    text.push_str(
        r#"}
map $status $loop_partner_allow {
    default "";
    405 "GET, HEAD";
}

server {
    listen 80;
    listen [::]:80;
    server_name app.example; # EDIT
    server_tokens off;
    access_log off;
    return 301 https://$host$request_uri;
}

server {
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name app.example; # EDIT
    ssl_certificate /etc/ssl/app.example.pem; # EDIT
    ssl_certificate_key /etc/ssl/app.example.key; # EDIT
    ssl_protocols TLSv1.2 TLSv1.3;
    root /srv/loop-partner; # EDIT: where the folder `site` was copied to

    server_tokens off;
    access_log /var/log/nginx/loop-partner.log loop_partner;
    # Every level below would say whole requests, with the query: a folder that cannot be read is `crit`.
    error_log /var/log/nginx/loop-partner.error.log emerg;

"#,
    );
    for (name, value) in site.headers() {
        let _ = writeln!(text, "    add_header {name} \"{value}\" always;");
    }
    text.push_str(
        "    add_header Cache-Control $loop_partner_cache always;\n    add_header Allow $loop_partner_allow always;\n\n",
    );
    text.push_str("    types {\n");
    for (extension, kind) in &table.types {
        let _ = writeln!(text, "        \"{kind}\" {extension};");
    }
    text.push_str(
        r#"    }
    default_type application/octet-stream;

    gzip_static on;
    gzip_vary on;
    # brotli_static on; # EDIT: with the package libnginx-mod-http-brotli-static, or another build with that module

    if ($request_method !~ "^(GET|HEAD)$") {
        return 405;
    }

"#,
    );
    let document = site.document();
    for page in site.pages() {
        let _ = writeln!(
            text,
            "    location = {page} {{ try_files {document} =404; }}"
        );
    }
    for below in site.below() {
        let _ = writeln!(
            text,
            "    location ^~ {below} {{ try_files {document} =404; }}"
        );
    }
    let missing = site.missing();
    let _ = write!(
        text,
        r"
    # Whatever else has no file is not there; the page in its place would be kept under its name.
    location / {{ try_files $uri =404; }}
    location ~ /\. {{ return 404; }}
    location ~ \.(br|gz)$ {{ return 404; }}
    error_page 404 {missing};
    location = {missing} {{ internal; }}
}}
"
    );
    vec![("loop-partner.conf".to_owned(), text)]
}
