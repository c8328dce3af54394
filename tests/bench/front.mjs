// What a good host puts before the files: brotli and entity tags. Everything else, the headers too, is as the platform on localhost
// serves the app. Each answer is made once, so that compressing is no part of a measurement.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { brotliCompressSync, constants } from 'node:zlib';

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_LGWIN, BROTLI_PARAM_SIZE_HINT } = constants;
const COMPRESSED = /^(text\/|application\/(json|wasm|manifest\+json)|image\/svg)/;
/** Of the connection, or of the body as it was. */
const NOT_COPIED = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'content-encoding', 'date']);

const compress = (body) => brotliCompressSync(body, { params: { [BROTLI_PARAM_QUALITY]: 11, [BROTLI_PARAM_LGWIN]: 24, [BROTLI_PARAM_SIZE_HINT]: body.length } });

/** One origin that serves what another one serves. */
export class Front {
  #server;
  #behind;
  #rename;
  #kept = new Map();

  /** `rename` changes the text of a header, where it names an origin before which another server stands. */
  static async open(behind, rename) {
    const front = new Front();
    front.#behind = behind;
    front.#rename = rename;
    front.#server = createServer((request, response) => {
      front.#answer(request, response).catch((error) => response.writeHead(502).end(error.message));
    });
    await new Promise((resolve, reject) => front.#server.once('error', reject).listen(0, 'localhost', resolve));
    front.origin = `http://localhost:${front.#server.address().port}`;
    return front;
  }

  async close() {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request, response) {
    const { pathname } = new URL(request.url, this.origin);
    const { status, headers, body } = await this.#keep(pathname);
    if (request.headers['if-none-match'] === headers.etag) return response.writeHead(304, headers).end();
    return response.writeHead(status, { ...headers, 'content-length': body.length }).end(body);
  }

  #keep(path) {
    if (!this.#kept.has(path)) this.#kept.set(path, this.#fetch(path));
    return this.#kept.get(path);
  }

  async #fetch(path) {
    const answer = await fetch(this.#behind + path);
    const raw = Buffer.from(await answer.arrayBuffer());
    const headers = Object.fromEntries([...answer.headers].filter(([name]) => !NOT_COPIED.has(name)).map(([name, text]) => [name, this.#rename(text)]));
    headers.etag = `"${createHash('sha256').update(raw).digest('base64url')}"`;
    if (!COMPRESSED.test(headers['content-type'] ?? '')) return { status: answer.status, headers, body: raw };
    return { status: answer.status, headers: { ...headers, 'content-encoding': 'br', vary: 'accept-encoding' }, body: compress(raw) };
  }
}
