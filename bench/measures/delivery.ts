import { availableParallelism } from 'node:os';
import type { Browser } from '@playwright/test';
import type { Peer } from '../peers/peer.ts';
import type { Delivery, Requests } from '../results.ts';
import type { BenchServer } from '../server/server.ts';
import { median } from './median.ts';
import { type Scenario, scenarios } from './scenarios.ts';
import { type ConvertingPeer, type Outcome, runVisit } from './visitor.ts';

/** Visits at the same time: most of a visit is waiting. More would make the browser late for its timers. */
const visitorsPerCore = 12;
/** Reported at each twentieth: off a terminal, each report is a line. */
const reports = 20;

/** What a script's visits found. */
export interface Found {
  deliveries: Record<string, Delivery>;
  requests: Requests;
}

interface Job {
  peer: ConvertingPeer;
  scenario: Scenario;
}

export async function measureDelivery(
  browser: Browser,
  server: BenchServer,
  peers: Peer[],
  runs: number,
  report: (doing: string) => void,
): Promise<Map<Peer, Found>> {
  const jobs = peers.flatMap((peer) =>
    scenarios.flatMap((scenario): Job[] => (takesPart(peer, scenario) ? [{ peer, scenario }] : [])),
  );
  const outcomes = new Map(jobs.map((job) => [job, [] as Outcome[]]));
  const queue = Array.from({ length: runs }, () => jobs).flat();
  const total = queue.length;
  let done = 0;
  async function visit(): Promise<void> {
    for (let job = queue.shift(); job; job = queue.shift()) {
      outcomes.get(job)?.push(await runVisit(browser, server, job.peer, job.scenario));
      done++;
      if (done % Math.ceil(total / reports) === 0) report(`${done} of ${total} visits`);
    }
  }
  await Promise.all(Array.from({ length: visitorsPerCore * availableParallelism() }, visit));

  const found = new Map<Peer, Found>();
  for (const [{ peer, scenario }, ended] of outcomes) {
    const { deliveries, requests } = found.get(peer) ?? { deliveries: {}, requests: noRequests };
    deliveries[scenario.id] = summarize(ended);
    found.set(peer, { deliveries, requests: scenario.id === 'works' ? requestsOf(ended) : requests });
  }
  return found;
}

const noRequests: Requests = { carrying: 0, preflights: 0 };

/** A call before the script has loaded is an error without the vendor's stub, and so nobody makes it. */
function takesPart(peer: Peer, { story }: Scenario): peer is ConvertingPeer {
  return Boolean(peer.convert) && (story !== 'early' || peer.hasStub);
}

function summarize(outcomes: Outcome[]): Delivery {
  const count = (is: (outcome: Outcome) => boolean) => outcomes.filter(is).length;
  const asked = outcomes.some(({ counted }) => counted !== undefined);
  return {
    runs: outcomes.length,
    onPage: count(({ delivered }) => delivered === 'on page'),
    atNextPage: count(({ delivered }) => delivered === 'at next page'),
    threw: count(({ threw }) => threw),
    ...(asked && { once: count(({ counted }) => counted === 1) }),
  };
}

function requestsOf(outcomes: Outcome[]): Requests {
  return {
    carrying: median(outcomes.map(({ carrying }) => carrying)),
    preflights: median(outcomes.map(({ preflights }) => preflights)),
  };
}
