// What happens to a person's record reaches a partner's server: the portal, the platform and the receiver as it is shipped.
import { test as base, expect } from '../support/test.mjs';
import { connectAs, expectResults } from '../support/journey.mjs';
import { startReceiver } from '../support/receiver.mjs';

const MAYA = 'Maya Lindqvist';

const test = base.extend({
  receiver: async ({ platform }, use) => {
    const receiver = await startReceiver(platform);
    await expect.poll(() => receiver.metric('connections'), 'it is there').toBe(0);
    await use(receiver);
    expect(await receiver.stop(), 'it stops in good order').toBe(0);
    expect(receiver.said()).not.toMatch(/usr_maya|evt_|Maya|ferritin|whsec/i);
  },
});

const outcome = (receiver, word) => receiver.metric('requests_total', `outcome="${word}"`);

/** A pause that begins after the clock was turned would last a minute of the test, so it must have begun. */
async function untilThePauseIsOver(platform) {
  const states = async () => (await platform.deliveries()).map((delivery) => delivery.state);
  await expect.poll(states, 'it waits to be sent again').toEqual(['waiting']);
  await platform.advance(61);
}

/** In the portal, as whoever runs it does. */
async function addResult(page, platform, biomarker, value) {
  await page.goto(platform.portal);
  const form = page.getByRole('region', { name: 'Add a lab result' });
  await form.getByLabel('Person').selectOption(MAYA);
  await form.getByLabel('Biomarker').selectOption(biomarker);
  await form.getByLabel('Value').fill(value);
  await form.getByRole('button', { name: 'Add' }).click();
}

test('a lab result that is added in the portal reaches the receiver', async ({ page, platform, receiver }) => {
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  await addResult(page, platform, 'Vitamin D (ng/mL)', '41');
  await expect.poll(() => receiver.metric('events_handled_total'), 'it is handled').toBe(1);
  await expect.poll(() => outcome(receiver, 'accepted')).toBe(1);
  await page.reload();
  const delivery = page.getByRole('region', { name: 'Deliveries' }).getByRole('row', { name: 'clinical.biomarker.parsed.v1' });
  await expect(delivery).toContainText('Delivered');
});

test('a critical result is told as such, too', async ({ page, platform, receiver }) => {
  await connectAs(page, platform, MAYA);
  await addResult(page, platform, 'Potassium (mmol/L)', '7.9');
  await expect.poll(() => receiver.metric('events_handled_total'), 'both are handled').toBe(2);
});

test('an event whose answer got lost comes again, and counts once', async ({ page, platform, receiver }) => {
  await connectAs(page, platform, MAYA);
  await platform.webhookFault('lost_answer', 1);
  await addResult(page, platform, 'Vitamin D (ng/mL)', '41');
  await expect.poll(() => outcome(receiver, 'accepted')).toBe(1);
  await expect.poll(() => receiver.metric('events_handled_total'), 'it is handled').toBe(1);
  await untilThePauseIsOver(platform);
  await expect.poll(() => outcome(receiver, 'duplicate')).toBe(1);
  expect(await receiver.metric('events_handled_total'), 'and not again').toBe(1);
});

test('whoever has disconnected is not told of any more', async ({ page, platform, receiver }) => {
  await connectAs(page, platform, MAYA);
  await expectResults(page);
  await page.getByRole('button', { name: 'Disconnect' }).click();
  await expect(page.getByRole('button', { name: /^connect/i })).toBeVisible();
  await expect.poll(async () => Object.keys((await platform.state()).people)).toEqual([]);
  await addResult(page, platform, 'Vitamin D (ng/mL)', '41');
  expect(await platform.deliveries()).toEqual([]);
  expect(await outcome(receiver, 'accepted')).toBe(0);
});

for (const [fault, word] of [
  ['wrong_signature', 'signature_wrong'],
  ['other_id', 'event_id_mismatch'],
  ['other_client', 'client_mismatch'],
]) {
  test(`a delivery is refused: ${fault.replace('_', ' ')}`, async ({ page, platform, receiver }) => {
    await connectAs(page, platform, MAYA);
    await platform.webhookFault(fault, 1);
    await addResult(page, platform, 'Vitamin D (ng/mL)', '41');
    await expect.poll(() => outcome(receiver, word)).toBe(1);
    // It comes again as it should be.
    await untilThePauseIsOver(platform);
    await expect.poll(() => receiver.metric('events_handled_total')).toBe(1);
  });
}
