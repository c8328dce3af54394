//! The page that says what `cargo xtask` can do.

/// What `cargo xtask help` prints.
pub(crate) const HELP: &str = "\
cargo xtask demo            build the app, start a Loop platform on localhost, print where to look
    --smoke                   instead of waiting: do the whole journey in headless Chromium, then stop
    --open                    open the app in your browser
    --webhooks                and a webhook receiver, to which the platform tells what happens
    --watch                   build the app quickly, and again whenever you save a file of it; its pages then load again
    --port N                  use ports from N on
    -- FLAGS                  hand FLAGS to the platform (see `cargo xtask demo -- --help`)
cargo xtask test [PART…]    run the tests; without PART, all of them, in this order:
    lint                      formatting, clippy on the host and for wasm, docs, licences
    unit                      unit, property and documentation tests on the host
    webhooks                  the receiver of webhooks, in a file and in PostgreSQL
    wasm                      what only a browser provides, in Chromium
    size                      the download against budgets.toml
    browser                   what a user sees: journeys in Chromium against the platform
    hosting                   the app behind nginx and Caddy, over TLS, with the files that dist makes
    embed                     the npm package on plain pages, in React, Vue and Svelte, and in the examples
cargo xtask sim             live thousands of lives of one browser, each from a seed, on the real session code
    --seeds N                 how many (2000)
    --from S                  the first seed; one seed is one exact replay
    --json                    as one JSON object
    --mutants                 switch off one rule after the other: each must be missed
cargo xtask baseline        many tabs, lost answers: this client beside oidc-client-ts, on the sandbox
    --server oidc-provider    on a certified OpenID Provider instead
    --scenario TEXT, --client TEXT, --times N, --latency MS
cargo xtask bench WHAT      dist/ as it is beside apps that do the same job (bench/peers/), in turns: docs/performance.md
    size                      bytes over the wire until the list is there, and until a trend is
    startup                   a navigation to a list that can be used; slow CPU, slow network; what signing in asks
    list                      100 to 10,000 results: data to painted, key to painted, frames while scrolling
    chart                     10 to 5,000 points: a click to a painted trend
    memory                    what is alive after ten minutes of clicking; --minutes N
    reload                    from saving a file to the page that has it; saves files of this folder, and puts them back
    --json                    as one JSON object
    --runs N                  how often each (11; size 3, list 5)
    --peers NAMES             beside these alone, such as react,preact; none for ours by itself (all)
    --check                   list: ours by itself, and fail when it takes longer than it may
cargo xtask bench native    the pure parts on the host: the protocol beside openidconnect, results from JSON beside serde_json, drawings
    --json                    as one JSON object
    --runs N                  how many turns (5)
cargo xtask bench webhooks  verifying beside two libraries, and the receiver beside Express; needs Node
    --json                    as one JSON object
cargo xtask crash           kill webhook receivers under load, on SQLite and two at once on PostgreSQL: nothing may be lost or doubled
    --runs N                  how often, on each (1000)
    --seed S                  the same seed makes the same choices (1)
    --json                    as one JSON object
cargo xtask fuzz [TARGET]    every parser on inputs that try to break it; needs a nightly and cargo-fuzz
    --runs N                  how many inputs each (1000000)
cargo xtask gallery [NAME]  a picture of every page and state, in target/gallery/
    --docs                    and those of docs/gallery/
cargo xtask build           build the app into dist/
    --dev                     quick and big, for looking at one change
cargo xtask rebuild         the app of this commit, built twice in two folders: every byte must be the same
cargo xtask package         the custom elements as an npm package, in dist-npm/: docs/components.md
cargo xtask dist            what a host serves, and the files that tell it how: docs/hosting.md
    --host NAME               nginx, caddy, netlify, cloudflare, cloudfront or github-pages
    --base PATH               where on its origin, such as /app/ (/)
    --config FILE             the configuration (public/loop.config.json)
    --out DIR                 where to (deploy)
    --built                   take dist/ as it is, with its configuration
    --offline                 with a service worker, so that the app says that it is offline
    --sbom                    and what the app is made of, as CycloneDX, beside the folder
cargo xtask go-live URL     check a deployment from outside, without credentials: docs/go-live.md
    --webhook URL             and this webhook receiver; with --webhook-secret-file FILE it gets a signed test event
    --yes-baa                 a BAA has been signed; --confirm ID for anything else that only you can confirm
    --strict                  exit code 3 while something is left to confirm
    --json                    as one JSON object
    --ca FILE                 trust these certificates too
cargo xtask size            what a visitor downloads, from dist/
    --json                    as one JSON object
    --check                   fail when it is over budgets.toml
    --auth                    and small apps: what signing in adds to one, and one with Leptos that says a word
    --parts                   and what each room of the code weighs; builds the app
cargo xtask supply          licences, sources and checksums of all packages, and what is known against them
cargo xtask sbom            the packages that the app is made of, as CycloneDX
    --out FILE                into FILE
    --features LIST           of the app with these features
cargo xtask tools           check the tools, install what is missing
cargo xtask help            this page

$LOOP_TEST_POSTGRES names a PostgreSQL for tests; without it one is started, and removed at the end.
Tools live in $LOOP_TOOLS_DIR, else in loop-partner/tools under your cache directory. Tools of the right version on
PATH are used instead. $CHROMIUM and $CHROMEDRIVER name a browser and its driver that are not on PATH.";
