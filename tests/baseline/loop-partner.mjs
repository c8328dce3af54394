// Our own app, as `cargo xtask build` left it, served by the platform.
import { connectHere } from './connect.mjs';

const results = (page) => page.getByRole('link', { name: 'LDL cholesterol' });
const connectButton = (page) => page.getByRole('main').getByRole('button', { name: /^connect/i });
/** Longer than the app waits for an answer. */
const PATIENCE = 40_000;

export class LoopPartner {
  name = 'Loop Partner';
  /** Ten minutes without a person end its session. */
  idles = true;
  #place;

  /** The platform serves and registers it. */
  async listen() {}

  use({ issuer, app }) {
    this.#place = { app, identity: issuer };
    this.origin = app;
  }

  async openTab(context) {
    const page = await context.newPage();
    await page.goto(this.origin);
    await this.ready(page);
    if (await connectButton(page).isVisible()) await connectHere(page, this.#place);
    await results(page).waitFor();
    return page;
  }

  /** The results are there, or the app says that they cannot be. */
  async ready(page) {
    await results(page).or(connectButton(page)).or(page.getByRole('alert')).first().waitFor({ timeout: PATIENCE });
  }

  read(pages) {
    return Promise.all(
      pages.map(async (page) => {
        await page.reload();
        await this.ready(page);
        if (await results(page).isVisible()) return 'connected';
        return (await connectButton(page).isVisible()) ? 'signed out' : (await page.getByRole('alert').first().innerText()).replace(/\s+/g, ' ');
      }),
    );
  }

  /** It renews a token when it needs one, and never by itself. */
  async leaveAlone() {}

  async stop() {}
}
