// The platform guide's own webhook handler, on Express, with better-sqlite3 as the memory of what was processed: what a partner
// has who follows the guide. Each delivery is one transaction that is on the disk before it is answered.
import crypto from 'node:crypto';
import express from 'express';
import Database from 'better-sqlite3';

const { LOOP_WEBHOOK_SECRETS: secret, LOOP_WEBHOOK_DATABASE: file, LOOP_WEBHOOK_LISTEN: listen, LOOP_WEBHOOK_PATH: path } = process.env;

const database = new Database(file);
database.pragma('journal_mode = WAL');
database.pragma('synchronous = FULL');
database.exec(`
  CREATE TABLE IF NOT EXISTS processed (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS loop_events (position INTEGER PRIMARY KEY, id TEXT NOT NULL, type TEXT NOT NULL, user_id TEXT NOT NULL, body TEXT NOT NULL)`);
const alreadyProcessed = database.prepare('SELECT 1 FROM processed WHERE id = ?');
const markProcessed = database.prepare('INSERT INTO processed (id) VALUES (?)');
const handleEvent = database.prepare('INSERT INTO loop_events (id, type, user_id, body) VALUES (?, ?, ?, ?)');

const processOnce = database.transaction((id, event, body) => {
  if (alreadyProcessed.get(id)) return;
  handleEvent.run(id, event.type, event.user_id, body);
  markProcessed.run(id);
});

const app = express();
app.disable('x-powered-by');
app.post(path, express.raw({ type: () => true, limit: '256kb' }), (request, response) => {
  const signature = Buffer.from(request.header('X-Loop-Signature') ?? '');
  const expected = Buffer.from(crypto.createHmac('sha256', secret).update(request.body).digest('hex'));
  if (signature.length !== expected.length || !crypto.timingSafeEqual(signature, expected)) return response.status(401).end();
  const body = request.body.toString();
  processOnce(request.header('X-Loop-Event-Id'), JSON.parse(body), body);
  response.status(200).end();
});

const [host, port] = listen.split(':');
app.listen(Number(port), host);
