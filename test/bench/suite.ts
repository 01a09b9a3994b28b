import { cpus, loadavg, release, type as systemName } from 'node:os';
import { startService } from '../support/service.ts';
import { launchBrowser } from './browser.ts';
import { measureBytes } from './measures/bytes.ts';
import { measureDelivery } from './measures/delivery.ts';
import { measureSpeed } from './measures/speed.ts';
import { createPeers } from './peers/peers.ts';
import type { Plan } from './plan.ts';
import type { Results } from './results.ts';
import { freePort } from './server/port.ts';
import { startBenchServer } from './server/server.ts';
import { measureStep } from './step.ts';

/** The pixel's benchmark: its numbers beside the peers'. */
export async function runSuite(plan: Plan): Promise<Results> {
  const busy = loadavg()[0] ?? Number.NaN;
  const service = await startService(await freePort());
  const provider = await service.addProvider('Acme CRM', 'http://shop.localhost');
  const peers = await createPeers(service, provider);
  const server = await startBenchServer();
  const browser = await launchBrowser();
  try {
    const speeds = await measureStep('speed', (report) =>
      measureSpeed(browser, server, peers, plan.speedRounds, report),
    );
    const delivered = await measureStep('delivery', (report) =>
      measureDelivery(browser, server, peers, plan.deliveryRuns, report),
    );
    return {
      takenOn: new Date().toISOString().slice(0, 10),
      machine: describeMachine(browser.version(), busy),
      runs: { speed: plan.speedRounds, delivery: plan.deliveryRuns },
      scripts: peers.map((peer) => {
        const { title, about, version } = peer;
        const bytes = measureBytes(peer.script('https://collector.example'));
        const speed = speeds.get(peer) ?? { startMs: Number.NaN, heapBytes: Number.NaN };
        return { title, about, version, bytes, speed, deliveries: {}, ...delivered.get(peer) };
      }),
    };
  } finally {
    await browser.close();
    await server.stop();
    await service.stop();
  }
}

/** The load average tells a reader whether the machine had something else to do. */
function describeMachine(browserVersion: string, busy: number): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return [
    `${processors.length} × ${model}`,
    `${systemName()} ${release()}`,
    `Node ${process.versions.node}`,
    `Chromium ${browserVersion}`,
    `load average ${busy.toFixed(1)} at the start`,
  ].join(', ');
}
