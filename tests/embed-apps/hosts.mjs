// The sandbox under the platform's own names, and an app under the guide's: one server with TLS in front of all three, and a browser
// that finds it under their names.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { request } from 'node:http';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { extname, join, normalize } from 'node:path';
import { startPlatform } from '../support/platform.mjs';
import { freePorts } from '../support/ports.mjs';

export const APP = 'https://your-app.example.com';
export const IDENTITY = 'https://identity.platform.loop.health';
export const CLINICAL = 'https://clinical.platform.loop.health';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

/** A certificate for this run, which the browser is told not to mind. */
async function certified() {
  const folder = await mkdtemp(join(tmpdir(), 'loop-certificate-'));
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  execFileSync('openssl', ['req', '-x509', ...key, '-days', '2', '-subj', '/CN=Throw-away', '-keyout', 'key', '-out', 'cert'], { cwd: folder, stdio: 'pipe' });
  const [made, cert] = await Promise.all(['key', 'cert'].map((name) => readFile(join(folder, name))));
  await rm(folder, { recursive: true });
  return { key: made, cert };
}

/** Starts all of it. `folder` is where the app will be; `pages` are files in it by their paths. */
export async function startHosts(folder, pages) {
  const [identity, clinical] = await freePorts(2);
  const flags = ['--identity-port', identity, '--clinical-port', clinical, '--identity-origin', IDENTITY, '--clinical-origin', CLINICAL];
  // The app is served below; the platform's own place for one has to have something in it.
  const platform = await startPlatform(flags.map(String), { app: new URL('guide', import.meta.url).pathname });
  const services = { [new URL(IDENTITY).host]: identity, [new URL(CLINICAL).host]: clinical };
  const server = createServer(await certified(), async (incoming, answer) => {
    const { method, url, headers } = incoming;
    const port = services[headers.host];
    if (port) {
      const onward = request({ port, host: '127.0.0.1', method, path: url, headers }, (came) => {
        answer.writeHead(came.statusCode, came.rawHeaders);
        came.pipe(answer);
      });
      onward.on('error', () => answer.destroy());
      return incoming.pipe(onward);
    }
    const { pathname } = new URL(url, APP);
    const file = pages[pathname] ?? normalize(pathname).slice(1);
    const bytes = await readFile(join(folder, file)).catch(() => null);
    answer.writeHead(bytes ? 200 : 404, { 'content-type': TYPES[extname(file)] ?? 'text/plain', 'content-security-policy': POLICY, 'referrer-policy': 'no-referrer' }).end(bytes);
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  const stop = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    await platform.stop();
  };
  return { platform, port: server.address().port, stop };
}

/** What docs/components.md asks for, and no more. */
const POLICY = `default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self' ${IDENTITY} ${CLINICAL}; img-src data:; base-uri 'none'`;
