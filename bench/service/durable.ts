/**
 * The least that a server in Node can do to have a purchase on disk: `node durable.ts <ledger>` reads the
 * message, writes it into the service's own table with its indexes, and answers when it is synced. What arrives in one
 * turn of the event loop is one transaction. It checks nothing and logs nothing: what the service takes longer than this
 * is what checking, merging, logging and the framework cost.
 */
import { hash, randomFillSync } from 'node:crypto';
import { createServer, type ServerResponse } from 'node:http';
import Database from 'better-sqlite3';
import { listen } from './listen.ts';

type Fields = Record<string, string | number>;

const [, , file] = process.argv;
const connection = new Database(file);
// As the service opens it.
connection.pragma('journal_mode = WAL');
connection.pragma('synchronous = FULL');
connection.pragma('cache_size = -65536');
connection.pragma('wal_autocheckpoint = 10000');

const providers = connection
  .prepare<[], { id: number; partner_key: string }>('select * from providers')
  .all();
const providerIds = new Map(providers.map(({ id, partner_key }) => [partner_key, id]));
const insert = connection.prepare(
  `insert into trackings (id, event, dedupe_key, provider_id, stamped, service_name, customer_id, order_id,
     purchased_at, amount, currency, referral, referral_source, landed_at, page, trust, copies, received_at, verdict, test)
   values (?, 'purchase', ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'origin', ?, ?, 'unknown', 0)
   on conflict do nothing`,
);
const gif = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** Of this turn. */
let waiting: { fields: Fields; via: 'post' | 'gif'; response: ServerResponse }[] = [];

const commit = connection.transaction((messages: typeof waiting) => {
  for (const { fields, via } of messages) store(fields, via, Date.now());
});

function store(fields: Fields, via: string, now: number): void {
  const key = `${fields.partnerKey}\n${fields.serviceName}\n${fields.customerId}\n${fields.orderId}`;
  const said = ['purchasedAt', 'amount', 'currency', 'referral', 'referralSource', 'landedAt', 'page'];
  insert.run(
    createId(now),
    hash('sha256', key, 'buffer').subarray(0, 16),
    providerIds.get(String(fields.partnerKey)),
    fields.serviceName,
    fields.customerId,
    fields.orderId,
    Date.parse(String(fields.purchasedAt)),
    fields.amount,
    fields.currency,
    fields.referral,
    fields.referralSource,
    Number(fields.landedAt),
    fields.page,
    JSON.stringify([{ trust: 'origin', via, receivedAt: now, said }]),
    now,
  );
}

let ids = 0;

/** A UUIDv7, as the service's. */
function createId(now: number): Buffer {
  const id = randomFillSync(Buffer.allocUnsafe(16));
  id.writeUIntBE(now, 0, 6);
  id.writeUInt16BE(0x7000 | (ids++ & 0xfff), 6);
  id.writeUInt8(0x80 | (id.readUInt8(8) & 0x3f), 8);
  return id;
}

function take(fields: Fields, via: 'post' | 'gif', response: ServerResponse): void {
  if (waiting.length === 0) setImmediate(answerAll);
  waiting.push({ fields, via, response });
}

function answerAll(): void {
  const messages = waiting;
  waiting = [];
  commit.immediate(messages);
  for (const { via, response } of messages) {
    response.statusCode = via === 'gif' ? 200 : 201;
    response.setHeader('content-type', via === 'gif' ? 'image/gif' : 'application/json');
    response.end(via === 'gif' ? gif : '{"status":"created"}');
  }
}

listen(
  createServer((request, response) => {
    if (request.method === 'GET') {
      const query = new URLSearchParams(request.url?.split('?')[1]);
      take(Object.fromEntries(query), 'gif', response);
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => take(JSON.parse(Buffer.concat(chunks).toString()), 'post', response));
  }),
);
