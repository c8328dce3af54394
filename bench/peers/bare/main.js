// The least that signs in, reads the results, and shows a list, a search and a trend: no library, no router, no check of any answer.
// Nobody should use it. It is here to say what the browser and the network take by themselves, whatever an app is made of.
import { day, rangeOf, series, valueOf } from './series.js';

const PAGE = 500;
/** As many rows as can be seen, and a few more. */
const ROWS = 30;
/** Measurements that are drawn. */
const FIRST = 60;
const WIDTH = 900;
const HEIGHT = 320;

const root = document.getElementById('root');
const config = await (await fetch('/loop.config.json')).json();
const redirectUri = location.origin + config.redirect_path;

/** An element with attributes and children; a listener is an attribute, too. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'function') made.addEventListener(key, value);
    else made.setAttribute(key, value);
  }
  made.append(...children);
  return made;
}

const discover = async () => (await fetch(`${config.issuer}/.well-known/openid-configuration`)).json();
const base64url = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');

async function connect() {
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)));
  sessionStorage.setItem('verifier', verifier);
  const address = new URL((await discover()).authorization_endpoint);
  address.search = new URLSearchParams({
    client_id: config.client_id,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: config.scopes.join(' '),
    code_challenge: base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
    code_challenge_method: 'S256',
    state: base64url(crypto.getRandomValues(new Uint8Array(32))),
    nonce: base64url(crypto.getRandomValues(new Uint8Array(32))),
  });
  location.assign(address);
}

/** Exchanges the code in the address bar. */
async function complete() {
  const body = new URLSearchParams({
    grant_type: 'authorization_code',
    client_id: config.client_id,
    redirect_uri: redirectUri,
    code: new URLSearchParams(location.search).get('code'),
    code_verifier: sessionStorage.getItem('verifier'),
  });
  const { access_token, id_token } = await (await fetch((await discover()).token_endpoint, { method: 'POST', body })).json();
  const { sub } = JSON.parse(atob(id_token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/')));
  sessionStorage.setItem('session', JSON.stringify({ token: access_token, subject: sub }));
  history.replaceState(null, '', '/');
}

async function readAll({ token, subject }) {
  const all = [];
  for (;;) {
    const query = new URLSearchParams({ user_id: subject, limit: PAGE, offset: all.length });
    const answer = await fetch(`${config.clinical}/v1/biomarkers?${query}`, { headers: { authorization: `Bearer ${token}` } });
    const { results, count } = await answer.json();
    all.push(...results);
    if (results.length === 0 || all.length >= count) return all;
  }
}

/** The list, with a search; an address of one biomarker shows that. */
function show(all) {
  const found = all.find(({ code }) => location.pathname === `/biomarkers/${encodeURIComponent(code)}`);
  if (found) return showOne(found);
  const count = element('p', { role: 'status', 'data-testid': 'count' });
  const rows = element('div');
  const draw = (wanted) => {
    const left = wanted ? all.filter(({ name }) => name.toLowerCase().includes(wanted)) : all;
    count.textContent = `${left.length} of ${all.length}`;
    rows.replaceChildren(...left.slice(0, ROWS).map(row));
  };
  const row = ({ code, name, latest }) => {
    const open = (event) => {
      event.preventDefault();
      history.pushState(null, '', event.currentTarget.href);
      show(all);
    };
    const link = element('a', { href: `/biomarkers/${encodeURIComponent(code)}`, click: open }, name);
    return element('div', { class: 'row', 'data-testid': 'row' }, ...[link, valueOf(latest), rangeOf(latest), latest.status, day(latest.at)].map((cell) => element('div', {}, cell)));
  };
  onpopstate = () => show(all);
  draw('');
  const search = element('input', { type: 'search', 'aria-label': 'Search', input: () => draw(search.value.trim().toLowerCase()) });
  root.replaceChildren(element('h1', {}, 'Your results'), element('div', { class: 'tools' }, search, count), rows);
}

function showOne({ name, points, latest }) {
  const drawn = points.filter(({ value }) => typeof value === 'number');
  const [times, values] = [drawn.map(({ at }) => at), drawn.map(({ value }) => value)];
  const scale = (all, length) => {
    const [low, high] = [Math.min(...all), Math.max(...all)];
    return (value) => ((value - low) / (high - low || 1)) * length;
  };
  const [x, y] = [scale(times, WIDTH), scale(values, HEIGHT)];
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  line.setAttribute('d', `M${drawn.map(({ at, value }) => `${x(at).toFixed(1)},${(HEIGHT - y(value)).toFixed(1)}`).join('L')}`);
  line.setAttribute('fill', 'none');
  line.setAttribute('stroke', 'currentColor');
  line.dataset.testid = 'line';
  const chart = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  chart.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  chart.append(line);
  const measurement = (point) => element('tr', { 'data-testid': 'measurement' }, ...[day(point.at), valueOf(point), rangeOf(point), point.status].map((cell) => element('td', {}, cell)));
  root.replaceChildren(
    element('h1', {}, name),
    element('p', {}, valueOf(latest)),
    element('figure', { class: 'chart', 'data-testid': 'chart' }, chart),
    element('table', {}, element('tbody', {}, ...points.toReversed().slice(0, FIRST).map(measurement))),
  );
}

if (location.pathname === config.redirect_path) await complete();
const session = JSON.parse(sessionStorage.getItem('session'));
if (session) show(series(await readAll(session)));
else root.append(element('button', { type: 'button', class: 'primary', click: connect }, 'Connect with Loop'));
