// Mozilla's HTTP Observatory, by its own package, on a web server of this computer: `node observatory.mjs TLS-PORT PLAIN-PORT` prints what
// its scan of localhost found, as JSON. A program of its own, because Node takes an authority (NODE_EXTRA_CA_CERTS) only when it starts.
// What only Mozilla's own service needs (its API, its database) is an empty package here: see `overrides` in tests/package.json.
import fs from 'node:fs';
import { Socket } from 'node:net';
import { syncBuiltinESMExports } from 'node:module';

const [tls, plain] = process.argv.slice(2).map(Number);

// It scans the ports that an address without one means, and a test cannot have those.
const { connect } = Socket.prototype;
Socket.prototype.connect = function (...words) {
  const options = Array.isArray(words[0]) ? words[0][0] : words[0];
  options.port = { 443: tls, 80: plain }[options.port] ?? options.port;
  return connect.apply(this, words);
};

// The list of hosts that browsers know to be HTTPS alone is downloaded when the package is installed with its scripts. A new host is
// not on it, so none is here.
const read = fs.readFileSync;
fs.readFileSync = (file, ...more) => (String(file).endsWith('hsts-preload.json') ? '{}' : read(file, ...more));
syncBuiltinESMExports();

const { scan } = await import('@mdn/mdn-http-observatory');
console.log(JSON.stringify(await scan('localhost')));
