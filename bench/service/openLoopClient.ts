/**
 * `node openLoopClient.ts <order>` sends purchases at an even pace and prints what it counted as JSON. The time of an
 * answer runs from when its request was due, also where no connection was free or this process was late: a
 * server that stands still delays all that falls due meanwhile, and each of them counts.
 */
import { once } from 'node:events';
import { connect } from 'node:net';
import { quantile } from '../measures/spread.ts';
import { createAnswerReader } from './answer.ts';
import type { Counted } from './load.ts';
import { customerOf, orderIdOf, partnerKeyOf, renderRequest } from './message.ts';
import type { OpenLoopOrder } from './openLoop.ts';

/** More than are under way at once, unless the server stands still for long. */
const connectionCount = 256;
/** Who has not answered all by then, after the last was due, never will. */
const patienceMs = 30_000;

interface Connection {
  send(number: number): void;
}

const { ports, providers, expected, way, perSecond, seconds, run }: OpenLoopOrder = JSON.parse(
  process.argv[2] ?? '',
);
const total = perSecond * seconds;
const latenciesMs: number[] = [];
/** The longest idle first, so that none is closed for doing nothing. */
const idle: Connection[] = [];
let sent = 0;
let unexpected = 0;
let unexpectedStatus = 0;
let failed = 0;

const finished = Promise.withResolvers<void>();

async function open(port: number): Promise<Connection> {
  const socket = connect(port, '127.0.0.1').setNoDelay().setEncoding('latin1');
  await once(socket, 'connect');
  let number = 0;
  let isBusy = false;
  const read = createAnswerReader();
  const connection: Connection = {
    send(next) {
      number = next;
      isBusy = true;
      const partnerKey = partnerKeyOf(number % providers);
      const purchase = { partnerKey, customer: customerOf(number), orderId: orderIdOf(run, number) };
      socket.write(renderRequest(way, purchase));
    },
  };
  socket.on('data', (chunk: string) => {
    const status = read(chunk);
    if (status === undefined) return;
    isBusy = false;
    latenciesMs.push(performance.now() - dueAt(number));
    if (status !== expected) {
      unexpected++;
      unexpectedStatus = status;
    }
    idle.push(connection);
    sendWhatIsDue();
  });
  socket.on('error', () => undefined);
  // A request whose connection ended is not sent again: it would hide that it failed.
  socket.on('close', () => {
    if (isBusy) failed++;
    else idle.splice(idle.indexOf(connection), 1);
    if (latenciesMs.length + failed === total) finished.resolve();
  });
  return connection;
}

function dueAt(number: number): number {
  return start + (number * 1_000) / perSecond;
}

function sendWhatIsDue(): void {
  const now = performance.now();
  while (sent < total && dueAt(sent) <= now) {
    const connection = idle.shift();
    if (!connection) break;
    connection.send(sent++);
  }
  if (latenciesMs.length + failed === total) finished.resolve();
}

for (let index = 0; index < connectionCount; index++) {
  idle.push(await open(ports[index % ports.length] ?? 0));
}
const start = performance.now();
const pace = setInterval(sendWhatIsDue, 1);
const patience = setTimeout(finished.resolve, seconds * 1_000 + patienceMs);
await finished.promise;
const end = performance.now();
clearInterval(pace);
clearTimeout(patience);

const counted: Counted = {
  answers: latenciesMs.length,
  seconds: (end - start) / 1_000,
  p50Ms: quantile(latenciesMs, 0.5),
  p99Ms: quantile(latenciesMs, 0.99),
  unexpected,
  unexpectedStatus,
  failed: total - latenciesMs.length,
};
process.stdout.write(JSON.stringify(counted), () => process.exit());
