import { startDemo } from './demo.ts';
import type { Origins } from './origins.ts';
import { type Ports, wantedPorts } from './ports.ts';

const closers: (() => Promise<void>)[] = [];
let closing: Promise<void> | undefined;

async function closeAll(): Promise<void> {
  for (const close of closers.reverse()) await close();
}

/** Ctrl+C may arrive twice, from the terminal and from npm: the second one waits for the first. */
async function stop(exitCode: number): Promise<void> {
  closing ??= closeAll();
  await closing;
  process.exit(exitCode);
}

async function fail(error: unknown): Promise<void> {
  // What is broken off by Ctrl+C fails as well, and needs no words.
  if (!closing) console.error(`\n  The demo can't run: ${error instanceof Error ? error.message : error}\n`);
  await stop(1);
}

function movedPorts(wanted: Ports, origins: Origins): string[] {
  const names = Object.keys(wanted) as (keyof Ports)[];
  return names
    .filter((name) => wanted[name] !== 0 && wanted[name] !== Number(new URL(origins[name]).port))
    .map((name) => String(wanted[name]));
}

async function main(): Promise<void> {
  const wanted = wantedPorts(process.env.DEMO_PORT);
  console.log('\n  onramp-pixel: starting the demo …');
  const origins = await startDemo(wanted, (close) => closers.push(close));
  const moved = movedPorts(wanted, origins);
  console.log(`
  Three journeys between a marketplace and a provider: a purchase on the provider's site, an account
  ordered on the marketplace's form, a month's usage on the bill. Be the buyer, be the provider, break
  things, and watch what the marketplace has of it, in its own console as well. Open in a browser:

      ${origins.console}/
${moved.length > 0 ? `\n  (In use by another program: port ${moved.join(', ')}. Free ones were taken instead.)\n` : ''}
  Ctrl+C stops it. Nothing leaves this machine, and nothing is left behind.
`);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stop(0).catch(fail);
  });
}
await main().catch(fail);
