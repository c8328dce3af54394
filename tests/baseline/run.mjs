// The same tabs, the same faults, another client: what the best-known OAuth client for browsers does where ours must not
// fail. Measured at the server, printed as a table; nothing is judged here.
//
//   cargo xtask build && cargo build --profile native --package loop-sandbox
//   cd tests && npm ci && node baseline/run.mjs [--server sandbox|oidc-provider] [--client TEXT] [--scenario TEXT] [--times N]
//       [--latency MILLISECONDS] [--words]
//
// LOOP_APP, LOOP_SANDBOX and LOOP_CHROMIUM name the built app, the platform and the browser, where they are elsewhere.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { chromium } from '@playwright/test';
import { LoopPartner } from './loop-partner.mjs';
import { OidcClientTs } from './oidc-client-ts.mjs';
import { OidcProvider, Sandbox } from './servers.mjs';
import { SCENARIOS } from './scenarios.mjs';

const { values: wanted } = parseArgs({
  options: {
    server: { type: 'string', default: 'sandbox' },
    client: { type: 'string', default: '' },
    scenario: { type: 'string', default: '' },
    times: { type: 'string', default: '1' },
    // As to a server that is not on the same machine.
    latency: { type: 'string', default: '100' },
    words: { type: 'boolean', default: false },
  },
});

const root = fileURLToPath(new URL('../..', import.meta.url));
const onPath = (name) => process.env.PATH.split(delimiter).map((folder) => join(folder, name)).find(existsSync);
process.env.LOOP_APP ??= join(root, 'dist');
process.env.LOOP_SANDBOX ??= join(root, 'target/native/loop-sandbox');
process.env.LOOP_CHROMIUM ??= ['chromium', 'chromium-browser', 'google-chrome'].map(onPath).find(Boolean) ?? '';
const { launchOptions, locale, timezoneId } = (await import('../playwright.config.mjs')).default.use;

const Server = { sandbox: Sandbox, 'oidc-provider': OidcProvider }[wanted.server];
if (!Server) throw new Error(`--server ${wanted.server} is neither sandbox nor oidc-provider`);
const clients = [new LoopPartner(), new OidcClientTs('sessionStorage'), new OidcClientTs('localStorage')].filter(({ name }) => name.includes(wanted.client));
const scenarios = Object.entries(SCENARIOS).filter(([name]) => name.includes(wanted.scenario));

const yes = (is) => (is ? 'yes' : 'no');

/** One scenario with one client: a line of the table, or nothing when this server cannot play it. */
async function play(browser, server, client, [name, scenario]) {
  const context = await browser.newContext({ locale, timezoneId });
  context.setDefaultTimeout(20_000);
  try {
    await server.prepare(client);
    const pages = await scenario({ server, client, context, latency: Number(wanted.latency) });
    if (!pages) return undefined;
    const { calls, old } = await server.refreshes();
    const words = [];
    for (const page of pages) words.push(...(await client.read([page])));
    // Asked again: what a tab does when it is used once more belongs to the outcome, but not to the counts.
    const { revoked } = await server.refreshes();
    const still = words.filter((word) => word === 'connected').length;
    const line = [name, client.name, calls, old > 0 ? `yes (${old})` : 'no', yes(revoked), `${still} of ${pages.length}`];
    return wanted.words ? [...line, [...new Set(words)].join('; ')] : line;
  } finally {
    await context.close();
  }
}

const print = (line) => console.log(line.join(' | '));
const browser = await chromium.launch(launchOptions);
console.log(`server: ${wanted.server}; Chromium ${browser.version()}`);
print(['scenario', 'client', 'refresh calls', 'old token sent', 'grant revoked', 'still connected', ...(wanted.words ? ['what the tabs say'] : [])]);
let broken = 0;
for (const client of clients) {
  const server = new Server();
  await server.start(client);
  for (const scenario of scenarios) {
    for (let time = 0; time < Number(wanted.times); time += 1) {
      try {
        const line = await play(browser, server, client, scenario);
        if (line) print(line);
      } catch (error) {
        broken += 1;
        print([scenario[0], client.name, `could not be measured: ${error.message.split('\n')[0]}`]);
        if (wanted.words) console.error(error);
      }
    }
  }
  await server.stop();
  await client.stop();
}
await browser.close();
// Without every line it is no comparison.
process.exitCode = broken > 0 ? 1 : 0;
