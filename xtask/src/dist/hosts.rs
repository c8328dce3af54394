//! The files that tell a host what `hosting/table.json` says, in its own language. Pure: the same site gives the same texts.

mod caddy;
mod cloudfront;
mod github_pages;
mod headers_file;
mod nginx;

use super::Site;
use crate::term::Outcome;

pub(super) use github_pages::NOT_FOR_PHI;

/// Who serves the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Host {
    Nginx,
    Caddy,
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
    /// Amazon S3 behind `CloudFront`.
    Cloudfront,
    GithubPages,
}

impl Host {
    pub(crate) const ALL: [Self; 6] = [
        Self::Nginx,
        Self::Caddy,
        Self::Netlify,
        Self::Cloudflare,
        Self::Cloudfront,
        Self::GithubPages,
    ];
    /// Their words, for a sentence.
    pub(crate) const NAMES: &'static str =
        "nginx, caddy, netlify, cloudflare, cloudfront, github-pages";

    /// The word on the command line.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Netlify => "netlify",
            Self::Cloudflare => "cloudflare",
            Self::Cloudfront => "cloudfront",
            Self::GithubPages => "github-pages",
        }
    }

    /// The host of that name.
    pub(crate) fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|host| host.name() == name)
    }

    /// Whether it serves files that were compressed beforehand. The others compress by themselves.
    pub(crate) const fn serves_compressed(self) -> bool {
        matches!(self, Self::Nginx | Self::Caddy)
    }
}

/// Names, relative to the folder that everything goes to, and texts. `page` is `index.html`.
pub(super) fn files(host: Host, site: &Site<'_>, page: &str) -> Outcome<Vec<(String, String)>> {
    Ok(match host {
        Host::Nginx => nginx::files(site),
        Host::Caddy => caddy::files(site),
        Host::Netlify => headers_file::netlify(site),
        Host::Cloudflare => headers_file::cloudflare(site),
        Host::Cloudfront => cloudfront::files(site)?,
        Host::GithubPages => github_pages::files(site, page)?,
    })
}

impl Site<'_> {
    /// The headers of every answer, but for `Cache-Control`.
    fn headers(&self) -> impl Iterator<Item = (&str, String)> {
        let headers = self.table.headers.iter();
        headers.map(|(name, value)| {
            let value = value.replace("{connect}", &self.settings.connect);
            let (without, with) = &self.table.workers;
            let value = if self.offline {
                value.replace(without, with)
            } else {
                value
            };
            (name.as_str(), value)
        })
    }

    /// Paths of pages, with and without a slash at the end, the callback last. Where [`Site::below`] is a page they are not listed.
    fn pages(&self) -> Vec<String> {
        let pages = self.table.pages.iter();
        let mut all: Vec<String> = pages
            .flat_map(|page| match page.as_str() {
                "/" => vec![self.address("/")],
                page => vec![self.address(page), self.address(&format!("{page}/"))],
            })
            .collect();
        let callback = &self.settings.callback;
        if !all.contains(callback) && !self.below().iter().any(|below| callback.starts_with(below))
        {
            all.push(callback.clone());
        }
        all
    }

    /// Paths below which everything is a page.
    fn below(&self) -> Vec<String> {
        let below = self.table.below.iter();
        below.map(|below| self.address(below)).collect()
    }

    /// Where a path of the app is.
    fn address(&self, path: &str) -> String {
        self.base.address(path)
    }

    /// Where the page is that all pages are.
    fn document(&self) -> String {
        self.address(&self.table.document)
    }

    /// Where the page for what is not there is.
    fn missing(&self) -> String {
        self.address(&self.table.missing)
    }
}
