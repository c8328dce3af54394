// The apps that are compared: ours and its peers. Each has a platform of its own, an origin of its own, and the same hooks.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { CALLBACK, connectAs } from '../support/journey.mjs';
import { startPlatform } from '../support/platform.mjs';
import { Clinic } from './clinic.mjs';
import { Front } from './front.mjs';
import { PAGE, root } from './setup.mjs';

export const OURS = 'loop-partner';
const SEARCH = 'input[type="search"]';
const PEER = { row: '[data-testid="row"]', link: '[data-testid="row"] a', search: SEARCH, count: '[data-testid="count"]', measurement: '[data-testid="measurement"]' };

/** What to look for on a page of each: a row, its link, the search, how many are left, the line of the trend, a measurement. */
const HOOKS = {
  [OURS]: { row: '.row', link: '.row__link', search: SEARCH, count: '.results__left [role="status"]', line: 'path.trend__line', measurement: '.measurements tbody tr' },
  react: { ...PEER, line: '[data-testid="chart"] path.recharts-line-curve' },
  preact: { ...PEER, line: '[data-testid="chart"] canvas' },
  yew: { ...PEER, line: '[data-testid="chart"] [data-testid="line"]' },
  bare: { ...PEER, line: '[data-testid="chart"] [data-testid="line"]' },
};

const peerFolder = (name) => join(root, 'bench/peers', name, 'dist');
const isBuilt = (name) => existsSync(join(peerFolder(name), 'index.html'));

/** The names of the apps that `--peers` asks for, ours first. */
export function chosen(peers) {
  const known = Object.keys(HOOKS).filter((name) => name !== OURS);
  if (peers === 'none') return [OURS];
  if (peers === 'all') return [OURS, ...known.filter(isBuilt)];
  const asked = peers.split(',');
  const wrong = asked.find((name) => !known.includes(name) || !isBuilt(name));
  if (wrong !== undefined) throw new Error(`--peers: there is no built peer ${wrong}; there are ${known.filter(isBuilt).join(', ')}`);
  return [OURS, ...asked];
}

/** One app, served on a platform of its own. */
export class App {
  /** Starts a platform, registers an origin, and serves the app there. */
  static async start(name) {
    const app = new App();
    app.name = name;
    app.hooks = HOOKS[name];
    // Loading twenty times a minute is not what the platform's limits are for.
    app.platform = await startPlatform(['--switch', 'rate_limits=off'], { app: name === OURS ? process.env.LOOP_APP : peerFolder(name) });
    app.clinic = await Clinic.open(app.platform.clinical);
    app.front = await Front.open(app.platform.app, (text) => text.replaceAll(app.platform.clinical, app.clinic.origin));
    app.origin = app.front.origin;
    const config = await (await fetch(`${app.platform.app}/loop.config.json`)).json();
    await app.platform.switches({ app_config: { ...config, clinical: app.clinic.origin, client_id: await app.#register() } });
    return app;
  }

  async #register() {
    const { identity } = this.platform;
    const answer = await fetch(`${identity}/v1/admin/oauth-clients`, {
      method: 'POST',
      // The sandbox tells this to everybody.
      headers: { authorization: 'Bearer sandbox-admin', 'content-type': 'application/json' },
      body: JSON.stringify({ client_name: this.name, client_type: 'public', redirect_uris: [this.origin + CALLBACK], allowed_scopes: ['openid', 'profile', 'read:biomarkers'], allowed_origins: [this.origin] }),
    });
    if (!answer.ok) throw new Error(`the platform did not register ${this.origin}: ${await answer.text()}`);
    const { client_id: id } = await answer.json();
    await this.platform.baa(true, id);
    return id;
  }

  /** Signs in, until the list is there. */
  async connect(page) {
    await connectAs(page, { app: this.origin, identity: this.platform.identity }, 'Maya Lindqvist');
    await page.locator(this.hooks.row).first().waitFor();
  }

  /** What a tab of somebody who is signed in has stored, for tabs that begin there. */
  async session(browser) {
    this.clinic.use(null);
    const context = await browser.newContext(PAGE);
    try {
      const page = await context.newPage();
      await this.connect(page);
      const { tab, shared } = await page.evaluate(() => ({ tab: { ...sessionStorage }, shared: { ...localStorage } }));
      // How often an app asked lately: ours keeps the platform's limits by itself, and would wait.
      for (const key of Object.keys(shared)) if (/^loop\.(calls|pause)\./.test(key)) delete shared[key];
      return { tab, shared };
    } finally {
      await context.close();
    }
  }

  /** A tab of somebody who is signed in, and to whom nothing was shown yet: an empty cache, an empty page. */
  async tab(browser, stored) {
    const context = await browser.newContext(PAGE);
    const plant = ({ origin, stored }) => {
      if (location.origin !== origin || sessionStorage.length > 0) return;
      Object.assign(sessionStorage, stored.tab);
      Object.assign(localStorage, stored.shared);
    };
    await context.addInitScript(plant, { origin: this.origin, stored });
    return context.newPage();
  }

  async stop() {
    await this.front.close();
    await this.clinic.close();
    await this.platform.stop();
  }
}

/** Starts those that are asked for, lets `use` have them, and stops them. */
export async function withApps(peers, use) {
  const apps = [];
  try {
    for (const name of chosen(peers)) apps.push(await App.start(name));
    return await use(apps);
  } finally {
    for (const app of apps) await app.stop();
  }
}
