// The platform's clinical service with a record of any size. Every request reaches the platform, which checks it; where a record is
// set, the results in its answer are others. A server of its own, because a browser keeps no files for a page whose requests are
// caught inside of it.
import { createServer } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

/** Where the platform has the list. */
export const PATH = '/v1/biomarkers';

/** One origin in front of a clinical service. */
export class Clinic {
  #server;
  #behind;
  #record = null;
  #after = 0;
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

  /** From now on the list has these results, null for the platform's own, and each page of it comes after so many milliseconds. */
  use(record, after = 0) {
    if (record !== this.#record) this.#pages.clear();
    this.#record = record;
    this.#after = after;
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
    const isList = this.#record && request.method === 'GET' && answer.ok && url.pathname === PATH;
    if (isList && this.#after > 0) await wait(this.#after);
    const body = isList ? this.#page(url) : own;
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
