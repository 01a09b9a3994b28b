import { execFileSync } from 'node:child_process';
import { Agent, request as openRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnyRequest, anyRequest } from '../support/anyRequest.ts';
import { createCommandLine } from '../support/command.ts';
import { offer } from '../support/ordering.ts';
import { bearer } from '../support/purchase.ts';

/** `npm run soak` sends a million. */
const requests = Number(process.env.ONRAMP_FUZZ_REQUESTS ?? 1000);
const atOnce = 16;
/** What the service may grow by once it is warm: 128 MiB, for a garbage collector that hasn't been by. */
const allowedGrowthKib = 128 * 1024;

interface Answer {
  status: number;
  type: string;
  body: string;
}

function send(baseUrl: string, agent: Agent, { method, path, headers, body }: AnyRequest): Promise<Answer> {
  return new Promise((answered, failed) => {
    const { hostname, port } = new URL(baseUrl);
    const options = {
      hostname,
      port,
      agent,
      method,
      path,
      headers: { ...headers, 'content-length': body.length },
    };
    openRequest(options, (response) => {
      const { statusCode: status = 0, headers: given } = response;
      text(response).then(
        (said) => answered({ status, type: given['content-type'] ?? '', body: said }),
        failed,
      );
    })
      .on('error', failed)
      .end(body);
  });
}

/** Resident memory of a process in KiB, as ps tells it. */
function memoryOf(pid: number | undefined): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }));
}

test(
  `of ${requests} requests of any kind none is answered 5xx, and none is left in memory`,
  async () => {
    const line = await createCommandLine();
    const partnerKey = 'pk_acme';
    const secret = await line.addProvider(partnerKey);
    await line.json(`listing add acme --provider ${partnerKey} --landing https://acme.example/`);
    // Nobody is there, so orders wait.
    await line.withStore((store) =>
      offer(store, { url: 'http://127.0.0.1:9/', idempotent: true, fields: ['phone'] }),
    );
    const service = await line.serve();
    const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
    const seed = Number(process.env.ONRAMP_FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`fuzz: ${requests} requests, ONRAMP_FUZZ_SEED=${seed}`);

    async function play(count: number, from: number): Promise<void> {
      const batch = fc.array(anyRequest({ partnerKey, secret }), { minLength: atOnce, maxLength: atOnce });
      const property = fc.asyncProperty(batch, async (some) => {
        const answers = await Promise.all(some.map((it) => send(service.baseUrl, agent, it)));
        for (const [index, { status, type, body }] of answers.entries()) {
          expect(status, `${JSON.stringify(some[index])}\n${body}`).toBeLessThan(500);
          if (type.includes('json') && body) JSON.parse(body);
          expect(body).not.toContain(secret);
        }
      });
      await fc.assert(property, { seed: from, numRuns: Math.ceil(count / atOnce), endOnFailure: true });
    }

    await play(requests / 4, seed);
    const warm = memoryOf(service.process.pid);
    await play((requests * 3) / 4, seed + 1);
    const grown = memoryOf(service.process.pid) - warm;
    console.log(
      `fuzz: memory ${Math.round(warm / 1024)} MiB after a quarter, ${Math.round(grown / 1024)} more at the end`,
    );
    expect(grown).toBeLessThan(allowedGrowthKib);

    // It has kept its wits, and what it says that it has is to be had.
    const list = await fetch(`${service.baseUrl}/api/SaasTrackings`, { headers: bearer(secret) });
    expect(list.status).toBe(200);
    agent.destroy();
    expect(await service.end('SIGTERM')).toBe(0);
  },
  120_000 + requests * 10,
);
