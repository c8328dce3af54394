// The webhook receiver as partners run it: a program with a file of its own.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './ports.mjs';

/** What signs, on both sides. */
const SECRET = 'whsec_of_the_journeys_and_no_secret';

/**
 * Starts a receiver for the platform's app and tells the platform of it. `metric(name, labels)` is what it counted, such as
 * `metric('requests_total', 'outcome="accepted"')`, or `undefined` while it does not answer. `port` is
 * where it listens, when that has to be known before.
 */
export async function startReceiver(platform, { port = null } = {}) {
  const program = process.env.LOOP_RECEIVER;
  if (!program) throw new Error('LOOP_RECEIVER names no receiver: run this as `cargo xtask test browser`.');
  const folder = await mkdtemp(join(tmpdir(), 'loop-receiver-'));
  const [own, admin] = await freePorts(2);
  const listen = port ?? own;
  await writeFile(join(folder, 'secret'), SECRET, { mode: 0o600 });
  const flags = {
    'client-id': platform.clientId,
    'secret-file': join(folder, 'secret'),
    database: join(folder, 'inbox.db'),
    listen: `127.0.0.1:${listen}`,
    admin: `127.0.0.1:${admin}`,
  };
  const words = Object.entries(flags).flatMap(([name, value]) => [`--${name}`, value]);
  const child = spawn(program, ['serve', ...words], { stdio: ['ignore', 'pipe', 'inherit'] });
  let said = '';
  child.stdout.on('data', (text) => (said += text));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const url = `http://localhost:${listen}/webhooks/loop`;
  await platform.webhooks({ client_id: platform.clientId, url, secret: SECRET });
  return {
    url,
    /** The file with what signs. */
    secretFile: join(folder, 'secret'),
    /** All lines of its log. */
    said: () => said,
    async metric(name, labels = '') {
      const text = await fetch(`http://127.0.0.1:${admin}/metrics`).then((answer) => answer.text(), () => '');
      const start = `loop_webhook_${name}${labels && `{${labels}}`} `;
      const line = text.split('\n').find((line) => line.startsWith(start));
      return line && Number(line.slice(start.length));
    },
    /** As a service manager does; its exit code. */
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      await rm(folder, { recursive: true });
      return code;
    },
  };
}
