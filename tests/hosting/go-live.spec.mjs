// `cargo xtask go-live` on the app behind a real web server, with the platform and the receiver of webhooks behind TLS too.
import { execFile } from 'node:child_process';
import { startReceiver } from '../support/receiver.mjs';
import { test as base, expect } from './test.mjs';

const test = base.extend({
  receiver: async ({ platform, doors }, use) => {
    const receiver = await startReceiver(platform, { port: doors.receiver[1] });
    await expect.poll(() => receiver.metric('connections'), 'it is there').toBe(0);
    await use(receiver);
    expect(await receiver.stop()).toBe(0);
  },
});

/** Its exit code and its report. */
function goLive(words) {
  return new Promise((resolve, reject) => {
    execFile(process.env.LOOP_GO_LIVE, [...words, '--json'], (error, out) => {
      try {
        resolve({ code: error?.code ?? 0, report: JSON.parse(out) });
      } catch {
        reject(error);
      }
    });
  });
}

/** What only a person can confirm. */
const QUESTIONS = ['person.backoff', 'person.errors', 'person.logs', 'person.one-app', 'person.portal', 'person.refresh', 'scopes.baa'];

test('nothing fails, nothing is warned of, and what is left is what only a person can confirm', async ({ server, doors, receiver }) => {
  const words = [server.origin, '--ca', server.authority, '--webhook', `https://localhost:${doors.receiver[0]}/webhooks/loop`, '--webhook-secret-file', receiver.secretFile];
  const { code, report } = await goLive(words);
  const said = (verdict) => report.checks.filter((check) => check.verdict === verdict);
  expect([...said('fail'), ...said('warn')]).toEqual([]);
  expect(said('confirm').map(({ id }) => id).sort()).toEqual(QUESTIONS);
  // A port says nothing of another one, and a platform on this computer is no stage. Where plain HTTP leads is in answers.spec.
  expect(said('skipped').map(({ id }) => id)).toEqual(['tls.plain-http', 'config.stage']);
  expect([code, report.failed, report.warned, report.unconfirmed, report.skipped]).toEqual([0, 0, 0, QUESTIONS.length, 2]);
  expect(report.passed).toBe(report.checks.length - QUESTIONS.length - 2);
  console.log(`go-live: ${report.passed} pass, ${report.unconfirmed} for a person, ${report.skipped} not checked`);
  const confirmed = await goLive([...words, '--strict', ...QUESTIONS.flatMap((id) => ['--confirm', id])]);
  expect([confirmed.code, confirmed.report.unconfirmed]).toEqual([0, 0]);
});
