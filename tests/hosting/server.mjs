// A real web server for the tests: started in a temporary folder with the files that `cargo xtask dist` made, edited as a person would.
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { CALLBACK } from '../support/journey.mjs';
import { freePorts } from '../support/ports.mjs';

/** What the app asks for when nothing else is wanted. */
export const SCOPES = ['openid', 'profile', 'read:biomarkers'];
const BROTLI = '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so';

/** A certificate for localhost, signed by an authority that exists for this run. */
function certify(folder) {
  const openssl = (...words) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-days', '2', '-subj', '/CN=Throw-away', '-keyout', 'ca.key', '-out', 'ca.pem');
  openssl('req', ...key, '-subj', '/CN=localhost', '-keyout', 'site.key', '-out', 'site.csr');
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n');
  openssl('x509', '-req', '-days', '2', '-in', 'site.csr', '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-out', 'site.pem');
}

/** Registers the app at the platform as a person does in the portal, and says under which client_id. */
async function register(platform, redirect, scopes) {
  const form = new URLSearchParams({ client_name: 'Loop Partner', redirect_uri: redirect });
  for (const scope of scopes) form.append('scope', scope);
  const answer = await fetch(`${platform.portal}/clients`, { method: 'POST', body: form, redirect: 'manual' });
  const clientId = new URL(answer.headers.get('location'), platform.portal).hash.slice(1);
  await platform.baa(true, clientId);
  return clientId;
}

/** Text with each of these replaced; one that is not there is a mistake of the test. */
function edited(text, changes) {
  for (const [from, to] of changes) {
    if (!text.includes(from)) throw new Error(`the generated file has no ${from}`);
    text = text.replaceAll(from, to);
  }
  return text;
}

const HOSTS = {
  nginx({ folder, site, port, plain, doors }) {
    const generated = readFileSync(join(folder, 'deploy/loop-partner.conf'), 'utf8');
    const module = existsSync(BROTLI);
    const text = edited(generated, [
      ['    listen [::]:443 ssl http2;\n', ''],
      ['    listen [::]:80;\n', ''],
      ['listen 443', `listen 127.0.0.1:${port}`],
      ['listen 80', `listen 127.0.0.1:${plain}`],
      ['/etc/ssl/app.example.pem', join(folder, 'site.pem')],
      ['/etc/ssl/app.example.key', join(folder, 'site.key')],
      ['server_name app.example;', 'server_name localhost;'],
      ['/srv/loop-partner', site],
      ['/var/log/nginx', folder],
      ...(module ? [['# brotli_static on;', 'brotli_static on;']] : []),
    ]);
    writeFileSync(join(folder, 'loop-partner.conf'), text);
    const ahead = doors.map(
      ([outside, inside]) =>
        `  server {\n    listen 127.0.0.1:${outside} ssl;\n    ssl_certificate ${folder}/site.pem;\n    ssl_certificate_key ${folder}/site.key;\n    access_log off;\n    location / {\n      proxy_pass http://127.0.0.1:${inside};\n      proxy_set_header Host $http_host;\n    }\n  }\n`,
    );
    writeFileSync(
      join(folder, 'nginx.conf'),
      `${module ? `load_module ${BROTLI};\n` : ''}daemon off;\npid ${folder}/pid;\nerror_log ${folder}/error.log;\nworker_processes 1;\nevents {}\nhttp {\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `  ${name}_temp_path ${folder}/${name};\n`).join('')}  include ${folder}/loop-partner.conf;\n${ahead.join('')}}\n`,
    );
    return { program: process.env.LOOP_NGINX, words: ['-p', folder, '-e', join(folder, 'error.log'), '-c', join(folder, 'nginx.conf')], brotli: module };
  },
  caddy({ folder, site, port, plain, doors }) {
    const generated = readFileSync(join(folder, 'deploy/Caddyfile'), 'utf8');
    const text = edited(generated, [
      // No authority signs for localhost.
      ['app.example {', `localhost {\n\ttls ${folder}/site.pem ${folder}/site.key`],
      ['/srv/loop-partner', site],
      ['/var/log/caddy', folder],
    ]);
    const global = `{\n\tadmin off\n\thttp_port ${plain}\n\thttps_port ${port}\n\tdefault_bind 127.0.0.1\n\tservers {\n\t\tprotocols h1 h2\n\t}\n}\n\n`;
    const ahead = doors.map(([outside, inside]) => `\nhttps://localhost:${outside} {\n\ttls ${folder}/site.pem ${folder}/site.key\n\treverse_proxy 127.0.0.1:${inside}\n}\n`);
    writeFileSync(join(folder, 'Caddyfile'), global + text + ahead.join(''));
    return { program: process.env.LOOP_CADDY, words: ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')], brotli: true };
  },
};

/** Waits until somebody answers there, or the program has ended. */
async function answers(port, child, said) {
  const once = () =>
    new Promise((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', rejectUnauthorized: false }, () => resolve(socket.end()));
      socket.once('error', () => resolve(undefined));
    });
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended: ${said()}`);
    if (await once()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/**
 * Registers the app, makes the files for `host`, starts it. `ask(path)` is one request without a browser: `{status, headers, body}`;
 * `base` is the folder of the origin that the app lies in; `site` is where its files are, `log()` what the server wrote about requests.
 * `doors` are pairs of ports: at the first the server speaks TLS for what listens without it at the second. `flags` are more words
 * for `dist`; `deploy(flags)` does all of it once more with others, at the same address. Between `down()` and `up()` nobody is there.
 */
export async function startServer(host, platform, { base = '', doors = [], flags = [], scopes = SCOPES } = {}) {
  const folder = mkdtempSync(join(tmpdir(), `loop-${host}-`));
  // A server that root starts serves as somebody else.
  chmodSync(folder, 0o755);
  const [port, plain] = await freePorts(2);
  const origin = `https://localhost:${port}`;
  certify(folder);
  const callback = base + CALLBACK;
  const client = await register(platform, origin + callback, scopes);
  const config = { client_id: client, issuer: platform.identity, clinical: platform.clinical, scopes, redirect_path: callback };
  writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
  const deploy = join(folder, 'deploy');
  mkdirSync(deploy);
  const served = join(deploy, 'site');
  const site = join(served, base);
  const made = (flags) => {
    const words = ['dist', '--built', '--host', host, '--config', join(folder, 'config.json'), '--out', deploy, '--base', `${base}/`, ...flags];
    execFileSync(process.env.LOOP_XTASK, words, { stdio: 'pipe' });
    return HOSTS[host]({ folder, site: served, port, plain, doors });
  };
  const { program, words, brotli } = made(flags);
  const env = { ...process.env, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  let child;
  let ended;
  let text = '';
  const up = () => {
    child = spawn(program, words, { stdio: ['ignore', 'pipe', 'pipe'], env });
    for (const pipe of [child.stdout, child.stderr]) pipe.setEncoding('utf8').on('data', (more) => (text += more));
    ended = new Promise((resolve) => child.once('exit', resolve));
    return answers(port, child, () => text);
  };
  const down = () => {
    child.kill('SIGTERM');
    return ended;
  };
  await up();

  const ca = readFileSync(join(folder, 'ca.pem'));
  const ask = (path, { method = 'GET', headers = {} } = {}) =>
    new Promise((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, servername: 'localhost', ca, path, method, headers: { host: `localhost:${port}`, ...headers } }, (answer) => {
        const parts = [];
        answer.on('data', (part) => parts.push(part));
        answer.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts) }));
      });
      sent.once('error', reject).end();
    });
  return {
    host,
    origin,
    base,
    port,
    /** Where it answers without TLS. */
    plain,
    /** The files of its certificate, and of the authority that signed it. */
    authority: join(folder, 'ca.pem'),
    certificate: join(folder, 'site.pem'),
    site,
    client,
    brotli,
    ask,
    log: () => readFileSync(join(folder, 'loop-partner.log'), 'utf8'),
    /** Everything else that the server wrote. */
    said: () => text + ['error.log', 'loop-partner.error.log'].map((name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')).join(''),
    up,
    down,
    async deploy(flags = []) {
      await down();
      made(flags);
      await up();
    },
    async stop() {
      await down();
      rmSync(folder, { recursive: true });
    },
  };
}
