// How the journeys run: in the Chromium that xtask found, one platform a test file, nothing but localhost.
import { defineConfig } from '@playwright/test';

const executablePath = process.env.LOOP_CHROMIUM;
if (!executablePath) throw new Error('LOOP_CHROMIUM names no browser: run this as `cargo xtask test browser`.');

/**
 * Switched off in the browser. Of two lists Chromium takes the last, so this one has Playwright's own, which keeps a test by itself and
 * off the network. What is added are the pages behind the address bar: hundreds of modules that every new window loads, and that took
 * two fifths of the time of the journeys.
 */
const WITHOUT = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
];

export default defineConfig({
  testDir: 'journeys',
  forbidOnly: Boolean(process.env.CI),
  // Each file starts its own platform on free ports, so files do not disturb each other; two cores carry two browsers.
  workers: 2,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  // A test that passes on the second try has found something.
  retries: 0,
  reporter: [['list', { printSteps: process.env.LOOP_STEPS === '1' }]],
  use: {
    browserName: 'chromium',
    headless: true,
    screenshot: 'only-on-failure',
    // A trace tells what a screenshot does not, and costs a third of the time: `LOOP_TRACE=1` when a failure is a riddle.
    trace: process.env.LOOP_TRACE === '1' ? 'retain-on-failure' : 'off',
    locale: 'en-US',
    timezoneId: 'UTC',
    launchOptions: {
      executablePath,
      // Quiet: a test that says "no request leaves localhost" must not hear the browser's own.
      args: ['--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--disable-features=${WITHOUT}`],
      // Playwright turns the back/forward cache off, and what Back shows after Disconnect is one of the questions.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    },
  },
});
