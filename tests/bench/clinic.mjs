// The platform's clinical service with a record of any size. Every request reaches the platform, which checks it; where a record is
// set, the results in its answer are others. A server of its own, because a browser keeps no files for a page whose requests are
// caught inside of it.
import { createServer } from 'node:http';

/** Where the platform has the list. */
export const PATH = '/v1/biomarkers';

/** One origin in front of a clinical service. */
export class Clinic {
  #server;
  #behind;
  #record = null;
  #pages = new Map();

  static async open(behind) {
    const clinic = new Clinic();
    clinic.#behind = behind;
    clinic.#server = createServer((request, response) => {
      clinic.#answer(request, response).catch((error) => response.writeHead(502).end(error.message));
    });
    await new Promise((resolve, reject) => clinic.#server.once('error', reject).listen(0, 'localhost', resolve));
    clinic.origin = `http://localhost:${clinic.#server.address().port}`;
    return clinic;
  }

  /** From now on the list has these results; null for the platform's own. */
  use(record) {
    if (record !== this.#record) this.#pages.clear();
    this.#record = record;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const { connection, host, ...headers } = request.headers;
    const answer = await fetch(this.#behind + request.url, { method: request.method, headers });
    const url = new URL(request.url, this.#behind);
    const own = Buffer.from(await answer.arrayBuffer());
    const body = this.#record && request.method === 'GET' && answer.ok && url.pathname === PATH ? this.#page(url) : own;
    const passed = [...answer.headers].filter(([name]) => !['connection', 'content-length', 'transfer-encoding', 'date'].includes(name));
    response.writeHead(answer.status, { ...Object.fromEntries(passed), 'content-length': body.length }).end(body);
  }

  #page({ search, searchParams: asked }) {
    if (!this.#pages.has(search)) {
      const from = Number(asked.get('offset') ?? 0);
      const results = this.#record.slice(from, from + Number(asked.get('limit') ?? 100));
      this.#pages.set(search, Buffer.from(JSON.stringify({ results, count: this.#record.length })));
    }
    return this.#pages.get(search);
  }
}
