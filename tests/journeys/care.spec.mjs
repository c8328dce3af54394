// What stands beside the results: each part is asked for, closed, loaded, broken and mended by itself; and the next check-in.
import { test, expect } from '../support/test.mjs';
import { allow, backInTheApp, connectAs, deny, sentTo, stored } from '../support/journey.mjs';

const MAYA = 'Maya Lindqvist';
const READS = ['read:red_flags', 'read:recommendations', 'read:check_ins', 'read:protocols'];
const ALL = [...READS, 'write:check_ins'];

const part = (page, name) => page.getByRole('region', { name, exact: true });
const names = (page, name) => part(page, name).getByRole('heading', { level: 3 });

/** Connected, with everything allowed, on a page. */
async function openCare(page, platform, { name = MAYA, path = '/care', scopes = ALL } = {}) {
  await platform.askFor(scopes);
  await connectAs(page, platform, name, { path });
}

/** From the page of the next check-in to its form. */
async function toTheForm(page, day = '2026-08-01') {
  await page.getByLabel('On which day did you enrol?').fill(day);
  await page.getByRole('button', { name: 'Find my next check-in' }).click();
  await expect(page.getByRole('button', { name: 'Send the check-in' })).toBeVisible();
}

/** All that has to be answered. */
async function fillIn(page, { goal = 'Run 10 km' } = {}) {
  await page.getByLabel('Your goals').fill(goal);
  await page.getByLabel('What went well').fill('Slept well\n\n  Cooked at home  ');
  await page.getByLabel('What stood in the way').fill('nothing');
  await page.getByRole('group', { name: 'How is your mood?' }).getByLabel('8', { exact: true }).check();
  await page.getByRole('group', { name: 'How well do you sleep?' }).getByLabel('10', { exact: true }).check();
}

const answers = (platform) => ({ status: 200, headers: { 'access-control-allow-origin': platform.app } });

test('flags, recommendations, check-ins and protocols, the most important first', async ({ page, platform }) => {
  await openCare(page, platform, { path: '/' });
  await page.getByRole('link', { name: 'Care' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Care' })).toBeFocused();
  expect(new URL(page.url()).pathname).toBe('/care');

  await expect(names(page, 'Safety flags')).toHaveText(['Iron stores exhausted', 'LDL above goal', 'Vitamin D low']);
  const flags = part(page, 'Safety flags');
  await expect(flags.getByRole('note')).toContainText('Please talk to a clinician now.');
  await expect(flags.getByRole('note')).toContainText('not a diagnosis');
  await expect(flags.getByRole('listitem').first()).toContainText('Urgent: talk to a clinician now');
  await expect(flags.getByRole('listitem').first()).toContainText('Not acknowledged yet');
  await expect(flags.getByRole('listitem').last()).toContainText('Acknowledged');
  await expect(names(page, 'Recommendations')).toHaveText(['Talk to a clinician about your iron', 'Iron every second day', 'More soluble fibre', 'Measure vitamin D again in spring']);
  await expect(part(page, 'Recommendations').getByRole('listitem').nth(1)).toContainText('Rests on a protocol: Iron repletion');
  await expect(names(page, 'Check-ins')).toHaveText(['Day 60', 'Day 30']);
  await expect(part(page, 'Check-ins').getByRole('listitem').first()).toContainText('Run 5 km again');
  await expect(names(page, 'Protocols')).toHaveText(['Iron repletion', 'LDL, step by step']);
  await expect(part(page, 'Protocols')).toContainText('biomarker: ferritin');
  expect((await platform.calls('protocols')).map((call) => call.path.split('/').pop()), 'those that recommendations name, once each').toEqual(['prt_iron', 'prt_lipids']);

  await flags.getByRole('link', { name: 'Ferritin' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Ferritin' })).toBeVisible();
  await page.goBack();
  await expect(names(page, 'Safety flags')).toHaveCount(3);
  expect(await platform.calls('red_flags'), 'what is there is not loaded again').toHaveLength(1);
});

test('a person with nothing: each part says so, and none of it sounds like an all-clear', async ({ page, platform }) => {
  await openCare(page, platform, { name: 'Noor New' });
  await expect(part(page, 'Safety flags')).toContainText('That is not an all-clear');
  await expect(part(page, 'Recommendations')).toContainText('no recommendation for you');
  await expect(part(page, 'Check-ins')).toContainText('have not answered a check-in yet');
  await expect(part(page, 'Protocols')).toContainText('name no protocol');
  expect(await platform.calls('protocols')).toEqual([]);
});

test('what was not allowed is closed and not tried; a yes opens it on the same page, and nothing else', async ({ page, platform }) => {
  await connectAs(page, platform, MAYA, { path: '/care' });
  for (const name of ['Safety flags', 'Recommendations', 'Check-ins', 'Protocols']) {
    await expect(part(page, name).getByRole('button', { name: 'Ask Loop for this' })).toBeVisible();
  }
  await part(page, 'Safety flags').getByRole('button', { name: 'Ask Loop for this' }).click();
  await page.waitForURL((url) => url.origin === platform.identity);
  expect(new URL(page.url()).searchParams.get('scope')?.split(' ').sort()).toEqual(['openid', 'profile', 'read:biomarkers', 'read:red_flags']);
  await allow(page);
  await backInTheApp(page, platform);
  expect(new URL(page.url()).pathname).toBe('/care');
  await expect(names(page, 'Safety flags')).toHaveCount(3);
  await expect(part(page, 'Check-ins')).toContainText('You have not allowed this app to see your check-ins');
  for (const endpoint of ['recommendations', 'check_ins', 'protocols']) expect(await platform.calls(endpoint), endpoint).toEqual([]);
});

test('several closed parts are one question, and one that stays closed leaves the others alone', async ({ page, platform }) => {
  await connectAs(page, platform, MAYA, { path: '/care' });
  await page.getByRole('main').getByRole('button', { name: 'Ask Loop for this' }).first().click();
  await allow(page, { without: ['read:recommendations'] });
  await backInTheApp(page, platform);
  await expect(names(page, 'Safety flags')).toHaveCount(3);
  await expect(names(page, 'Check-ins')).toHaveCount(2);
  await expect(part(page, 'Protocols'), 'which there are is known from recommendations alone').toContainText('no list of protocols');
  await expect(page.getByRole('main').getByRole('button', { name: 'Ask Loop for this' })).toHaveCount(1);
});

test('a no is fine: that part stays closed, calmly, and can be asked for again', async ({ page, platform }) => {
  await openCare(page, platform, { scopes: ['read:recommendations', 'read:protocols', 'read:check_ins'] });
  const flags = part(page, 'Safety flags');
  await flags.getByRole('button', { name: 'Ask Loop for this' }).click();
  await deny(page);
  await backInTheApp(page, platform);
  await expect(flags).toContainText('You said no to this, and that is fine');
  await expect(names(page, 'Recommendations')).toHaveCount(4);
  await page.getByRole('link', { name: 'Results' }).click();
  await page.getByRole('link', { name: 'Care' }).click();
  await expect(flags.getByRole('button')).toHaveText(['Ask me again']);
  expect(await platform.calls('red_flags')).toEqual([]);
});

test('a part that fails leaves the others alone, and Try again mends it', async ({ page, platform, forgive }) => {
  forgive('/v1/recommendations/usr_maya', 500);
  await platform.fault('recommendations', '500');
  await openCare(page, platform);
  await expect(part(page, 'Recommendations')).toContainText('Loop cannot be reached');
  await expect(names(page, 'Safety flags')).toHaveCount(3);
  await expect(names(page, 'Check-ins')).toHaveCount(2);
  await expect(part(page, 'Protocols')).toContainText('known from your recommendations');
  await platform.clearFaults();
  await part(page, 'Recommendations').getByRole('button', { name: 'Try again' }).click();
  await expect(names(page, 'Recommendations')).toHaveCount(4);
  await expect(names(page, 'Protocols')).toHaveCount(2);
});

test('slow answers: each part says that it is loading', async ({ page, platform }) => {
  await platform.fault('red_flags', 'slow', { times: 1 });
  await openCare(page, platform);
  await expect(part(page, 'Safety flags').getByRole('status')).toHaveText('Loading');
  await expect(names(page, 'Recommendations')).toHaveCount(4);
  await expect(names(page, 'Safety flags')).toHaveCount(3);
});

test('answers of another shape: what can be read is shown, the rest is counted', async ({ page, platform }) => {
  const flag = (id, more) => ({ id, patient_id: 'usr_maya', severity: 'warn', rule_name: `Flag ${id}`, ...more });
  await page.route(`${platform.clinical}/v1/red-flags/*`, (route) =>
    route.fulfill({ ...answers(platform), json: { flags: [flag('info', { severity: 'info' }), 7, { id: 'x' }, flag('seen', { acknowledged: true }), flag('theirs', { patient_id: 'usr_jonas' }), flag('new'), flag('odd', { severity: 'apocalyptic', biomarker_code: 'kryptonite', detected_at: 'spring' })], count: 9 } }));
  await page.route(`${platform.clinical}/v1/recommendations/*`, (route) => route.fulfill({ ...answers(platform), json: ['no object'] }));
  await page.route(`${platform.clinical}/v1/check-ins`, (route) => route.fulfill({ ...answers(platform), json: { check_ins: [{ id: 'x' }] } }));
  await openCare(page, platform);
  const flags = part(page, 'Safety flags');
  await expect(names(page, 'Safety flags')).toHaveText(['Flag odd', 'Flag new', 'Flag seen', 'Flag info']);
  await expect(flags).toContainText('3 entries could not be read and are not shown. Loop has more than is shown here.');
  await expect(flags.getByRole('listitem').first()).toContainText('apocalyptic');
  await expect(flags.getByRole('listitem').first()).toContainText('About kryptonite');
  await expect(flags.getByRole('listitem').first()).toContainText('spring (as written)');
  await expect(part(page, 'Recommendations')).toContainText('The answer could not be read');
  const checkIns = part(page, 'Check-ins');
  await expect(checkIns).toContainText('One entry could not be read');
  await expect(checkIns, 'nothing that could be read is not nothing').not.toContainText('have not answered');
});

const IMG = '<img src=x onerror="window.harmed=1">';

test('texts that mean harm are shown as text', async ({ page, platform }) => {
  const hostile = `${IMG} \u202Etxet\u202C A\u200B${'long '.repeat(3000)}`;
  const words = { rule_name: hostile, message: hostile, title: hostile, description: hostile, rationale: hostile, name: hostile, category: hostile };
  await page.route(`${platform.clinical}/v1/red-flags/*`, (route) => route.fulfill({ ...answers(platform), json: { flags: [{ ...words, id: '1', patient_id: 'usr_maya', severity: IMG, biomarker_code: '//evil.example', detected_at: IMG }] } }));
  await page.route(`${platform.clinical}/v1/recommendations/*`, (route) => route.fulfill({ ...answers(platform), json: { recommendations: [{ ...words, id: '1', priority: IMG, source: 'protocol', source_id: '../../a?b#c' }] } }));
  await page.route(`${platform.clinical}/v1/protocols/**`, (route) => route.fulfill({ ...answers(platform), json: { ...words, id: '../../a?b#c', version: { [IMG]: [IMG] }, active: true, criteria: { [IMG]: { deep: [[[[[IMG]]]]] } }, recommendations: [hostile, { [hostile]: hostile }, ...Array(500).fill('many')] } }));
  const list = Array(300).fill(hostile);
  await page.route(`${platform.clinical}/v1/check-ins`, (route) => route.fulfill({ ...answers(platform), json: { check_ins: [{ id: '1', patient_id: 'usr_maya', day_marker: 30, goals: list, wins: list, blockers: list, protocol_changes: hostile, mood: 200, sleep_quality: 0, weight_kg: 1e300 }] } }));
  await page.setViewportSize({ width: 360, height: 740 });
  await openCare(page, platform);
  await expect(names(page, 'Protocols')).toHaveCount(1);
  await expect(part(page, 'Safety flags')).toContainText(IMG);
  const found = await page.evaluate(() => {
    const out = { harmed: window.harmed, images: document.images.length, invisible: 0, links: [], wide: document.documentElement.scrollWidth - innerWidth };
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) if (/[\u202A-\u202E\u2066-\u2069\u200B]/.test(walker.currentNode.data)) out.invisible += 1;
    for (const link of document.links) if (link.origin !== location.origin) out.links.push(link.href);
    return out;
  });
  expect(found).toEqual({ harmed: undefined, images: 0, invisible: 0, links: [], wide: expect.any(Number) });
  expect(found.wide, 'nothing is wider than the window').toBeLessThanOrEqual(0);
  expect((await page.getByRole('main').textContent()).length, 'what is too long is cut').toBeLessThan(600_000);
});

test('a check-in with the keyboard alone: asked for, written, and in the list', async ({ page, platform }) => {
  await openCare(page, platform, { scopes: READS });
  await expect(part(page, 'Check-ins').getByRole('link', { name: 'Answer the next check-in' })).toBeVisible();
  const tabTo = async (name) => {
    for (let presses = 0; presses < 80; presses += 1) {
      await page.keyboard.press('Tab');
      if (await page.evaluate((name) => {
        const at = document.activeElement;
        return [at.textContent, at.labels?.[0]?.textContent, at.getAttribute('name')].includes(name);
      }, name)) return;
    }
    throw new Error(`Tab does not lead to ${name}`);
  };
  await tabTo('Answer the next check-in');
  await page.keyboard.press('Enter');
  // Writing is asked for when it is wanted, and not before.
  await expect(page.getByRole('heading', { level: 1, name: 'Your permission is needed' })).toBeFocused();
  await tabTo('Ask Loop for this');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === platform.identity);
  await tabTo('Allow');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.origin === platform.app && url.pathname === '/care/check-in');
  await expect(page.getByRole('heading', { level: 1, name: 'Check-in' })).toBeFocused();

  await tabTo('On which day did you enrol?');
  await page.keyboard.type('08012026');
  await page.keyboard.press('Enter');
  await expect(page.getByText('The next one is for day 90, due Oct 30, 2026.')).toBeVisible();
  await tabTo('goals');
  await page.keyboard.type('Run 10 km');
  await tabTo('wins');
  await page.keyboard.type('Slept well');
  await tabTo('blockers');
  await page.keyboard.type('nothing');
  await tabTo('mood');
  await page.keyboard.press('Space');
  for (let mark = 1; mark < 8; mark += 1) await page.keyboard.press('ArrowRight');
  await tabTo('sleep');
  // Up from the first is round to the last.
  await page.keyboard.press('ArrowLeft');
  await tabTo('weight');
  await page.keyboard.type('71,50');
  const sent = sentTo(page, `${platform.clinical}/v1/check-ins`);
  // Enter in a field sends the form; a second one does nothing.
  await page.keyboard.press('Enter');
  await page.keyboard.press('Enter');
  await page.waitForURL((url) => url.pathname === '/care');
  await expect(page.getByRole('status').filter({ hasText: 'Your check-in was written down' })).toBeVisible();
  await expect(names(page, 'Check-ins')).toHaveText(['Day 90', 'Day 60', 'Day 30']);
  const first = part(page, 'Check-ins').getByRole('listitem').first();
  for (const words of ['Run 10 km', '8 of 10', '10 of 10', '71.5 kg']) await expect(first).toContainText(words);
  await expect(part(page, 'Check-ins')).toContainText('Loop names no further check-in');
  const posts = sent.filter((request) => request.method() === 'POST');
  expect(posts).toHaveLength(1);
  expect(posts[0].postDataJSON()).toEqual({ day_marker: 90, enrolled_at: '2026-08-01T12:00:00.000Z', goals: ['Run 10 km'], wins: ['Slept well'], blockers: ['nothing'], mood: 8, sleep_quality: 10, weight_kg: 71.5 });
});

test('what is missing is said beside each field and in a summary, and nothing is sent', async ({ page, platform }) => {
  await openCare(page, platform, { path: '/care/check-in' });
  await page.getByRole('button', { name: 'Find my next check-in' }).click();
  const enrolled = page.getByLabel('On which day did you enrol?');
  await expect(enrolled).toHaveAccessibleDescription(/Choose a day that is not in the future/);
  await expect(enrolled).toBeFocused();
  await enrolled.fill('2999-01-01');
  await page.getByRole('button', { name: 'Find my next check-in' }).click();
  await expect(enrolled).toBeFocused();
  expect(await platform.calls('check_ins')).toEqual([]);
  await toTheForm(page);

  await page.getByLabel('Your goals').fill('\n  \n');
  await page.getByLabel(/Weight in kilograms/).fill('heavy');
  const sent = sentTo(page, `${platform.clinical}/v1/check-ins`);
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  const summary = page.getByRole('group', { name: '6 answers are missing or cannot be read' });
  await expect(summary).toBeFocused();
  await expect(page.getByLabel('Your goals')).toHaveAccessibleDescription(/One a line.* Write at least one goal\./);
  await expect(page.getByLabel('Your goals')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByRole('group', { name: 'How is your mood?' })).toHaveAccessibleDescription(/Choose a number for your mood/);
  await expect(page.getByLabel(/Weight in kilograms/), 'what was typed stays').toHaveValue('heavy');
  await summary.getByRole('button', { name: /weight/ }).click();
  await expect(page.getByLabel(/Weight in kilograms/)).toBeFocused();
  await summary.getByRole('button', { name: /mood/ }).click();
  await expect(page.getByRole('group', { name: 'How is your mood?' }).getByLabel('1', { exact: true })).toBeFocused();
  await fillIn(page);
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  await expect(page.getByRole('group', { name: 'One answer is missing or cannot be read' })).toBeFocused();
  await expect(page.getByRole('group', { name: 'How is your mood?' }).getByLabel('8', { exact: true })).toBeChecked();
  expect(sent).toEqual([]);
  await page.getByLabel(/Weight in kilograms/).fill('');
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  await expect(names(page, 'Check-ins')).toHaveText(['Day 90', 'Day 60', 'Day 30']);
  expect(sent.filter((request) => request.method() === 'POST')).toHaveLength(1);
});

test('the answer gets lost: nobody knows, the same is sent again, and it is written once', async ({ page, platform, forgive }) => {
  forgive('/v1/check-ins', 'net::ERR_EMPTY_RESPONSE');
  await openCare(page, platform, { path: '/care/check-in' });
  await toTheForm(page);
  await fillIn(page);
  const sent = sentTo(page, `${platform.clinical}/v1/check-ins`);
  await platform.fault('check_ins', 'reset');
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  await expect(page.getByRole('alert')).toContainText('It is not known whether your check-in arrived');
  // Going away and coming back changes nothing about that.
  await page.getByRole('link', { name: 'Settings' }).click();
  await page.goBack();
  await expect(page.getByRole('alert')).toContainText('It is not known whether your check-in arrived');
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect.poll(() => sent.filter((request) => request.method() === 'POST').length).toBe(6);
  await expect(page.getByRole('button', { name: 'Send it again' })).toBeEnabled();
  await platform.clearFaults();
  await page.getByRole('button', { name: 'Send it again' }).click();
  await expect(page.getByRole('status').filter({ hasText: 'Your check-in was written down' })).toBeVisible();
  await expect(names(page, 'Check-ins')).toHaveText(['Day 90', 'Day 60', 'Day 30']);
  const posts = sent.filter((request) => request.method() === 'POST');
  const keys = await Promise.all(posts.map((request) => request.headerValue('idempotency-key')));
  expect(new Set(keys).size, 'one key').toBe(1);
  expect(new Set(posts.map((request) => request.postData())).size, 'one check-in').toBe(1);
  await page.reload();
  await expect(names(page, 'Check-ins'), 'written once').toHaveText(['Day 90', 'Day 60', 'Day 30']);
});

test('Loop says no: why, and what was typed stays', async ({ page, platform, forgive }) => {
  forgive('/v1/check-ins', 409, 412);
  await openCare(page, platform, { path: '/care/check-in', name: 'Noor New' });
  await toTheForm(page);
  await fillIn(page);
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  await expect(page.getByRole('alert')).toContainText('Loop takes check-ins once there are lab results');
  await expect(page.getByLabel('Your goals')).toHaveValue('Run 10 km');
  const sent = sentTo(page, `${platform.clinical}/v1/check-ins`);
  await page.route(`${platform.clinical}/v1/check-ins`, (route) => (route.request().method() === 'POST' ? route.fulfill({ ...answers(platform), status: 409, json: { error: 'conflict' } }) : route.continue()));
  await page.getByRole('button', { name: 'Send the check-in' }).click();
  await expect(page.getByRole('alert')).toContainText('Loop has this check-in already');
  expect(sent).toHaveLength(1);
});

test('what is typed is in no store and no address, and goes with the person', async ({ page, platform }) => {
  const canary = 'Zanzibar';
  await openCare(page, platform, { path: '/care/check-in' });
  await toTheForm(page, '2026-07-31');
  await fillIn(page, { goal: canary });
  const look = async (when) => {
    const places = await page.evaluate(async () => [location.href, document.title, document.cookie, window.name, ...[history.state, { ...localStorage }, await indexedDB.databases(), await caches.keys()].map((it) => JSON.stringify(it))]);
    const all = JSON.stringify([...places, await stored(page)]);
    expect(all, when).not.toMatch(/Zanzibar|2026-07-31|Cooked/);
  };
  await look('while typing');
  await page.getByRole('link', { name: 'Results' }).click();
  await look('on another page');
  await page.goBack();
  await expect(page.getByLabel('Your goals'), 'it stays in memory').toHaveValue(canary);
  await page.reload();
  await expect(page.getByLabel('On which day did you enrol?'), 'and nowhere else').toHaveValue('');
  await toTheForm(page);
  await expect(page.getByLabel('Your goals')).toHaveValue('');
  await page.getByLabel('Your goals').fill(canary);
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await page.getByRole('button', { name: 'Connect with Loop' }).click();
  await allow(page);
  await backInTheApp(page, platform);
  await page.goto(`${platform.app}/care/check-in`);
  await toTheForm(page);
  await expect(page.getByLabel('Your goals')).toHaveValue('');
});

test('the pages are for somebody who is connected', async ({ page, platform }) => {
  for (const path of ['/care', '/care/check-in']) {
    await page.goto(platform.app + path);
    await expect(page.getByRole('button', { name: 'Connect with Loop' })).toBeVisible();
  }
  await connectAs(page, platform, MAYA, { path: '/care' });
  await page.getByRole('banner').getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('status')).toContainText('Loop has confirmed');
});
