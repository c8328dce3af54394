// Every page and every state of it, and the way there. What is looked at (by axe, by eye) is looked at in all of them.
import { expect } from '@playwright/test';
import { setClock } from './clock.mjs';
import { connect, connectAs, connectInAnyLanguage, deny, signInAs } from './journey.mjs';
import { speakInBrackets } from './language.mjs';
import { letTimePass } from './tabs.mjs';

const MAYA = 'Maya Lindqvist';
const RESULTS = '/v1/biomarkers';

const heading = (page, name) => expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
/** Connects, opens a path, and waits for its heading. */
const at = (path, title, person = MAYA) => async ({ page, platform }) => {
  await connectAs(page, platform, person, { path });
  await heading(page, title);
};
/** With everything allowed that the care pages need. */
const CARE = ['read:red_flags', 'read:recommendations', 'read:check_ins', 'read:protocols', 'write:check_ins'];
const care = (path, title, then = async () => {}) => async ({ page, platform }) => {
  await platform.askFor(CARE);
  await connectAs(page, platform, MAYA, { path });
  await heading(page, title);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await then(page);
};
const toTheForm = async (page) => {
  await page.locator('input[type="date"]').fill('2026-08-01');
  await page.getByRole('button', { name: 'Find my next check-in' }).click();
  await expect(page.getByRole('button', { name: 'Send the check-in' })).toBeVisible();
};
/** In another language. */
const translated = (path, speak) => async ({ page, platform, context }) => {
  await speak(context, platform);
  await platform.askFor(CARE);
  await connectInAnyLanguage(page, platform, MAYA, path);
  await expect(page.locator('[aria-busy="true"], .skeleton')).toHaveCount(0);
};
const german = (path) => translated(path, (context) => context.addInitScript(() => location.hostname && localStorage.setItem('loop.language.v1', 'de')));
const brackets = (path) => translated(path, speakInBrackets);
const listOf = async (page, person, platform) => {
  await connectAs(page, platform, person);
  await expect(page.getByRole('searchbox')).toBeVisible();
};

/** Results that are as bad as they get. */
export const HOSTILE = {
  results: [
    { biomarker_code: 'x"><img src=x>', biomarker_name: '<img src=x onerror=alert(1)>', value: 1e308, unit: 'mg/dL', reference_low: 9, reference_high: 1, status: 'high', collected_at: '2100-01-01T00:00:00Z' },
    { biomarker_code: 'long', biomarker_name: 'Donaudampfschifffahrtsgesellschaft'.repeat(9), value: -3.25, unit: 'u'.repeat(90), reference_low: -5, reference_high: null, status: 'normal', collected_at: '1900-01-01T00:00:00Z' },
    { biomarker_code: 'hs_crp', biomarker_name: 'hs-CRP', value: 0.4, unit: 'mg/L', reference_low: null, reference_high: 3, status: 'normal', collected_at: '2024-03-03T00:00:00Z' },
    { biomarker_code: 'hs_crp', biomarker_name: 'hs-CRP', value: 85, unit: 'mg/L', reference_low: null, reference_high: 3, status: 'high', collected_at: '2025-03-03T00:00:00Z' },
    { biomarker_code: 'hs_crp', biomarker_name: 'hs-CRP', value: 1.2, unit: 'mg/L', reference_low: null, reference_high: 3, status: 'normal', collected_at: '2026-01-03T00:00:00Z' },
    { biomarker_code: 'rtl', biomarker_name: '\u202Eevil\u202C שלום', value: 'negativ\u202E', unit: '', reference_low: null, reference_high: null, status: 'unknown', collected_at: '2024-02-28T00:00:00Z' },
  ].map((result, number) => ({ id: `h${number}`, parsed_at: '2026-01-01T00:00:00Z', ...result })),
};

/** `{ name, open, freezes? }`; `open` takes what a test has: page, platform, context, forgive. */
export const SCENES = [
  { name: 'welcome', open: async ({ page, platform }) => (await page.goto(platform.app), heading(page, 'Your lab results')) },
  { name: 'results', open: ({ page, platform }) => listOf(page, MAYA, platform) },
  {
    name: 'results-out-of-range',
    open: async ({ page, platform }) => {
      await listOf(page, MAYA, platform);
      await page.getByRole('button', { name: /^Out of range/ }).click();
    },
  },
  {
    name: 'results-none-found',
    open: async ({ page, platform }) => {
      await listOf(page, MAYA, platform);
      await page.getByRole('searchbox').fill('no such thing at all');
      await expect(page.getByRole('button', { name: 'Show all results' })).toBeVisible();
    },
  },
  { name: 'results-of-a-man-with-other-news', open: ({ page, platform }) => listOf(page, 'Jonas Okafor', platform) },
  { name: 'results-empty', open: at('/', 'Your results', 'Noor New') },
  {
    name: 'results-loading',
    open: async ({ page, platform }) => {
      await platform.fault('biomarkers', 'stall');
      await connectAs(page, platform, MAYA);
      await expect(page.getByRole('status').filter({ hasText: 'Loading your results' })).toBeAttached();
    },
  },
  { name: 'report', open: at('/report', 'Report') },
  {
    name: 'report-two-draws',
    open: async ({ page, platform }) => {
      await at('/report', 'Report')({ page, platform });
      await page.getByRole('group', { name: 'Draws' }).getByRole('button').nth(1).click();
      await expect(page.getByRole('columnheader', { name: 'Change' })).toBeVisible();
    },
  },
  { name: 'report-of-one-draw', open: at('/report', 'Report', 'From File') },
  { name: 'report-empty', open: at('/report', 'Report', 'Noor New') },
  { name: 'biomarker', open: at('/biomarkers/ldl_cholesterol', 'LDL cholesterol') },
  {
    name: 'biomarker-in-another-unit',
    open: async ({ page, platform }) => {
      await at('/biomarkers/ldl_cholesterol', 'LDL cholesterol')({ page, platform });
      await page.getByRole('radio').nth(1).check();
    },
  },
  { name: 'biomarker-low', open: at('/biomarkers/ferritin', 'Ferritin') },
  {
    name: 'biomarker-on-a-logarithmic-scale',
    open: async ({ page, platform }) => {
      await at('/biomarkers/hs_crp', /CRP|protein/i, 'From File')({ page, platform });
      await page.getByRole('button', { name: 'Logarithmic scale' }).click();
    },
  },
  { name: 'biomarker-as-text', open: at('/biomarkers/hs_crp', /CRP|protein/i, 'Jonas Okafor') },
  { name: 'biomarker-measured-once', open: at('/biomarkers/lipoprotein_a', /Lipoprotein/, 'Jonas Okafor') },
  { name: 'biomarker-unknown', open: at('/biomarkers/nothing_like_it', 'No result of this kind') },
  { name: 'care', open: care('/care', 'Care') },
  { name: 'care-not-allowed', open: at('/care', 'Care') },
  { name: 'care-of-somebody-without-any', open: async ({ page, platform }) => (await platform.askFor(CARE), await connectAs(page, platform, 'Noor New', { path: '/care' }), heading(page, 'Care')) },
  { name: 'check-in', open: care('/care/check-in', 'Check-in') },
  { name: 'check-in-form', open: care('/care/check-in', 'Check-in', toTheForm) },
  {
    name: 'check-in-with-mistakes',
    open: care('/care/check-in', 'Check-in', async (page) => {
      await toTheForm(page);
      await page.getByRole('button', { name: 'Send the check-in' }).click();
      await expect(page.getByRole('group', { name: /answers are missing/ })).toBeVisible();
    }),
  },
  { name: 'german-results', open: german('/') },
  { name: 'german-biomarker', open: german('/biomarkers/ldl_cholesterol') },
  { name: 'german-report', open: german('/report') },
  { name: 'german-care', open: german('/care') },
  { name: 'german-settings', open: german('/settings') },
  { name: 'right-to-left-results', open: brackets('/') },
  { name: 'right-to-left-biomarker', open: brackets('/biomarkers/ldl_cholesterol') },
  { name: 'right-to-left-report', open: brackets('/report') },
  { name: 'right-to-left-care', open: brackets('/care') },
  { name: 'settings', open: at('/settings', 'Settings') },
  { name: 'no-such-page', open: async ({ page, platform }) => (await page.goto(platform.app + '/nowhere'), heading(page, /.+/)) },
  {
    name: 'permission-missing',
    open: async ({ page, platform }) => {
      await connectAs(page, platform, MAYA, { without: ['read:biomarkers'] });
      await heading(page, 'Your permission is needed');
    },
  },
  {
    name: 'permission-refused',
    open: async ({ page, platform }) => {
      await connectAs(page, platform, MAYA, { without: ['read:biomarkers'] });
      await page.getByRole('button', { name: 'Ask Loop for this' }).click();
      await deny(page);
      await heading(page, 'You said no to this, and that is fine');
    },
  },
  {
    name: 'sign-in-refused',
    open: async ({ page, platform }) => {
      await connect(page, platform);
      await signInAs(page, MAYA);
      await deny(page);
      await heading(page, 'You said no, and that is fine');
    },
  },
  {
    name: 'sign-in-loop',
    open: async ({ page, platform }) => {
      await connect(page, platform);
      await signInAs(page, MAYA);
      for (const _ of [1, 2]) {
        await deny(page);
        await heading(page, 'You said no, and that is fine');
        await page.getByRole('button', { name: 'Connect again' }).click();
      }
      await heading(page, 'Signing in goes round in circles');
    },
  },
  {
    name: 'too-many-calls',
    open: async ({ page, platform, forgive }) => {
      forgive(RESULTS, 429);
      await platform.fault('biomarkers', '429', { retryAfter: 600 });
      await connectAs(page, platform, MAYA);
      await heading(page, 'Loop asks for a short break');
    },
  },
  {
    name: 'loop-not-reached',
    open: async ({ page, platform, forgive }) => {
      forgive(RESULTS, 503);
      await platform.fault('biomarkers', '503');
      await connectAs(page, platform, MAYA);
      await heading(page, 'Loop cannot be reached');
    },
  },
  {
    name: 'session-ended',
    open: async ({ page, platform, forgive }) => {
      forgive(RESULTS, 401);
      forgive('/v1/oauth/token', 400);
      await listOf(page, MAYA, platform);
      await platform.expireAccessTokens();
      await platform.revokeRefreshTokens();
      await page.reload();
      await expect(page.getByRole('status').filter({ hasText: 'You were signed out' })).toBeVisible();
    },
  },
  {
    name: 'still-there',
    open: async ({ page, platform }) => {
      await listOf(page, MAYA, platform);
      await letTimePass(platform, [page], 550);
      await expect(page.getByRole('alert').filter({ hasText: 'Are you still there?' })).toBeVisible();
    },
  },
  {
    name: 'nobody-was-there',
    open: async ({ page, platform }) => {
      await listOf(page, MAYA, platform);
      await letTimePass(platform, [page], 610);
      await expect(page.getByRole('status').filter({ hasText: 'You were signed out' })).toBeVisible();
    },
  },
  {
    name: 'disconnected',
    open: async ({ page, platform }) => {
      await listOf(page, MAYA, platform);
      await page.getByRole('button', { name: 'Disconnect' }).click();
      await expect(page.getByRole('status').filter({ hasText: 'Loop has confirmed' })).toBeVisible();
    },
  },
  {
    name: 'clock-of-the-device-wrong',
    open: async ({ page, platform }) => {
      await page.goto(platform.app);
      await setClock(page, { ahead: 7_200_000 });
      await listOf(page, MAYA, platform);
      await expect(page.getByRole('status').filter({ hasText: 'The clock of this device is wrong' })).toBeVisible();
    },
  },
  {
    name: 'not-set-up',
    open: async ({ page, platform }) => {
      await platform.switches({ app_config: { client_id: 'YOUR_CLIENT_ID' } });
      await page.goto(platform.app);
      await heading(page, 'This app is not set up correctly');
    },
  },
  {
    name: 'browser-too-old',
    open: async ({ page, platform }) => {
      await page.addInitScript(() => delete globalThis.WebAssembly);
      await page.goto(platform.app);
      await heading(page, 'This browser is too old');
    },
  },
  {
    name: 'app-broken',
    open: async ({ page, platform }) => {
      await listOf(page, MAYA, platform);
      await page.evaluate(() => {
        const error = new TypeError('canary');
        window.dispatchEvent(new ErrorEvent('error', { error, message: error.message, filename: `${location.origin}/app.js`, cancelable: true }));
      });
      await heading(page, /.+/);
    },
  },
  { name: 'hostile-results', open: ({ page, platform }) => listOf(page, 'From File', platform) },
];
