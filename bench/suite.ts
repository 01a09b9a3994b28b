import { cpus, loadavg, release, type as systemName } from 'node:os';
import { startService } from '../test/support/service.ts';
import { bundleService } from '../tools/serviceBundle.ts';
import { launchBrowser } from './browser.ts';
import { measureBurdened } from './measures/burdened.ts';
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
  const busyBefore = loadAverage();
  await bundleService();
  const service = await startService(await freePort());
  const provider = await service.addProvider('Acme CRM', 'http://shop.localhost');
  const peers = await createPeers(service, provider);
  const server = await startBenchServer();
  const browser = await launchBrowser();
  try {
    const speeds = await measureStep('speed', (report) =>
      measureSpeed(browser, server, peers, plan.speedRounds, report),
    );
    const burdened = await measureStep('burdened sites', (report) =>
      measureBurdened(browser, server, peers, plan.burdenedRounds, report),
    );
    const delivered = await measureStep('delivery', (report) =>
      measureDelivery(browser, server, peers, plan.deliveryRuns, report),
    );
    return {
      takenOn: new Date().toISOString().slice(0, 10),
      machine: describeMachine(browser.version(), busyBefore),
      runs: { speed: plan.speedRounds, burdened: plan.burdenedRounds, delivery: plan.deliveryRuns },
      scripts: [...speeds].map(([peer, speed]) => {
        const { title, about, version, storesUnsent } = peer;
        const bytes = measureBytes(peer.script('https://collector.example'));
        const loaded = burdened.get(peer);
        return {
          ...{ title, about, version, storesUnsent, bytes, speed, deliveries: {} },
          ...(loaded && { burdened: loaded }),
          ...delivered.get(peer),
        };
      }),
    };
  } finally {
    await browser.close();
    await server.stop();
    await service.stop();
  }
}

function loadAverage(): string {
  return (loadavg()[0] ?? Number.NaN).toFixed(1);
}

/** The load average tells a reader whether the machine had something else to do. */
function describeMachine(browserVersion: string, busyBefore: string): string {
  const processors = cpus();
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return [
    `${processors.length} × ${model}`,
    `${systemName()} ${release()}`,
    `Node ${process.versions.node}`,
    `Chromium ${browserVersion}`,
    `load average ${busyBefore} at the start and ${loadAverage()} at the end`,
  ].join(', ');
}
