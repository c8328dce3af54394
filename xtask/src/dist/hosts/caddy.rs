//! Caddy: one Caddyfile.

use std::fmt::Write as _;

use crate::dist::Site;

const HEAD: &str = "# Made by `cargo xtask dist --host caddy`: append it to /etc/caddy/Caddyfile, and edit the lines with EDIT. Caddy fetches the
# certificate by itself. The configuration of the app may change without a new file, as long as its two services stay: the
# policy names them.

(loop_partner_headers) {
	header {
";

/// The whole configuration.
pub(super) fn files(site: &Site<'_>) -> Vec<(String, String)> {
    let mut text = HEAD.to_owned();
    let table = site.table;
    // Writing to a `String` cannot fail.
    for (name, value) in site.headers() {
        let _ = writeln!(text, "\t\t{name} \"{value}\"");
    }
    let _ = writeln!(text, "\t\tCache-Control \"{}\"", table.not_kept);
    let below = site.below();
    let below = below.iter().map(|below| below.replace('.', r"\."));
    let private = format!(r"(\?.*|^({}).*)$", below.collect::<Vec<_>>().join("|"));
    let _ = write!(
        text,
        r#"	}}
}}

# EDIT: the name of your site.
app.example {{
	# EDIT: where the folder `site` was copied to.
	root * /srv/loop-partner

	# Without query strings, since the code comes in the query of the callback; without paths of the app, which name biomarkers;
	# and without what a browser says of itself.
	log {{
		output file /var/log/caddy/loop-partner.log
		format filter {{
			wrap json
			fields {{
				request>uri regexp "{private}" ""
				request>headers delete
				resp_headers delete
			}}
		}}
	}}

	route {{
		import loop_partner_headers

		@other not method GET HEAD
		header @other Allow "GET, HEAD"
		respond @other 405

"#
    );
    let pages = site.pages().into_iter();
    let below = site.below();
    let below = below.iter().map(|below| format!("{below}*"));
    let all: Vec<String> = pages.chain(below).collect();
    let _ = writeln!(text, "\t\t@page path {}", all.join(" "));
    let _ = writeln!(text, "\t\trewrite @page {}", site.document());
    text.push_str(
        r"
		# Whatever else has no file is not there; the page in its place would be kept under its name.
		@missing not file
		error @missing 404
		@packed path *.br *.gz
		error @packed 404

",
    );
    for kept in &table.kept {
        let _ = writeln!(
            text,
            "\t\t@{} path_regexp \"{}\"",
            kept.kind,
            kept.paths(site.base)
        );
        let _ = writeln!(
            text,
            "\t\theader @{} Cache-Control \"{}\"",
            kept.kind, kept.value
        );
    }
    for (extension, kind) in &table.types {
        let _ = writeln!(text, "\t\t@{extension} path *.{extension}");
        let _ = writeln!(text, "\t\theader @{extension} Content-Type \"{kind}\"");
    }
    let compressed: Vec<String> = table
        .compressed
        .iter()
        .map(|extension| format!("*.{extension}"))
        .collect();
    // `file_server` says so only of what it sends compressed; a cache in between has to know it of both.
    let _ = writeln!(text, "\t\t@compressed path {}", compressed.join(" "));
    text.push_str("\t\theader @compressed {\n\t\t\tVary Accept-Encoding\n\t\t\tdefer\n\t\t}\n");
    let _ = write!(
        text,
        r#"
		file_server {{
			precompressed br gzip
			hide .*
		}}
	}}

	handle_errors {{
		import loop_partner_headers
		header Content-Type "text/html; charset=utf-8"
		rewrite * {}
		file_server {{
			status {{err.status_code}}
		}}
	}}
}}
"#,
        site.missing()
    );
    vec![("Caddyfile".to_owned(), text)]
}
