// How real web servers are tried: the same tests through nginx and through Caddy, with the files that `cargo xtask dist` made for them.
import { defineConfig } from '@playwright/test';
import journeys from '../playwright.config.mjs';

const [CLOUDFRONT, FOLDER, ANSWERS, OFFLINE] = ['cloudfront', 'folder*', 'answers', 'offline'].map((name) => `${name}.spec.mjs`);

export default defineConfig({
  ...journeys,
  testDir: '.',
  // One server each, which some tests alter for a moment: `cargo xtask test hosting` runs them one after the other.
  workers: 1,
  // The certificate is of a throw-away authority.
  use: { ...journeys.use, ignoreHTTPSErrors: true },
  projects: [
    { name: 'nginx', use: { host: 'nginx' }, testIgnore: [CLOUDFRONT, FOLDER] },
    // A worker is the same behind both.
    { name: 'caddy', use: { host: 'caddy' }, testIgnore: [CLOUDFRONT, FOLDER, OFFLINE] },
    { name: 'nginx-folder', use: { host: 'nginx', base: '/loop/results' }, testMatch: [FOLDER, ANSWERS] },
    { name: 'caddy-folder', use: { host: 'caddy', base: '/loop/results' }, testMatch: [FOLDER, ANSWERS] },
    // No server to start.
    { name: 'cloudfront', testMatch: CLOUDFRONT },
  ],
});
