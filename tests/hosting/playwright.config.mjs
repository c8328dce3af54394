// How real web servers are tried: the same tests through nginx and through Caddy, with the files that `cargo xtask dist` made for them.
import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config.mjs';

export default defineConfig({
  ...journeys,
  testDir: '.',
  // One server each, which some tests alter for a moment: `cargo xtask test hosting` runs them one after the other.
  workers: 1,
  // The certificate is of a throw-away authority.
  use: { ...journeys.use, ignoreHTTPSErrors: true },
  projects: [
    { name: 'nginx', use: { host: 'nginx' }, testIgnore: 'cloudfront*' },
    { name: 'caddy', use: { host: 'caddy' }, testIgnore: 'cloudfront*' },
    // No server to start.
    { name: 'cloudfront', testMatch: 'cloudfront*' },
  ],
});
