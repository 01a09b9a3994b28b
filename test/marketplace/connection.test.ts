import { expect, test } from 'vitest';
import { beginRequest } from './support/connection.ts';
import { type Service, startService } from './support/service.ts';

const half =
  'POST /api/SaasTrackings HTTP/1.1\r\nHost: onramp\r\nContent-Length: 10000\r\n\r\n{"customerId":"private';

async function sendRaw(service: Service, text: string): Promise<string> {
  return await (await beginRequest(service.baseUrl, text)).finish();
}

test.each<[string, number, string, (service: Service) => Promise<string>]>([
  ['garbage', 400, 'bad_request', (service) => sendRaw(service, '\x16\x03private\r\n\r\n')],
  [
    'an unknown method',
    400,
    'bad_request',
    (service) => sendRaw(service, 'FOO /?private HTTP/1.1\r\nHost: onramp\r\n\r\n'),
  ],
  [
    'a body that breaks off',
    400,
    'bad_request',
    async (service) => (await beginRequest(service.baseUrl, half)).breakOff(),
  ],
  [
    'headers over 16 KiB',
    431,
    'headers_too_large',
    (service) =>
      sendRaw(service, `GET / HTTP/1.1\r\nHost: onramp\r\nCookie: ${'private'.repeat(30_000)}\r\n\r\n`),
  ],
])('%s is answered as a problem and logged without what was in it', async (_name, status, code, send) => {
  const service = await startService();
  const [head = '', body = ''] = (await send(service)).split('\r\n\r\n');
  expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
  expect(head).toContain('Content-Type: application/problem+json\r\n');
  expect(head).toContain('Connection: close');
  const problem = JSON.parse(body);
  expect(problem).toMatchObject({ type: `urn:onramp:problem:${code}`, status });
  const lines = service.logLines.filter((line) => line.includes(problem.requestId));
  expect(lines.map((line) => JSON.parse(line).status)).toEqual([status]);
  expect(service.logLines.join('')).not.toContain('private');
});

test.each([
  ['/%zz', /not validly encoded/],
  ['http://market.example/%zz', /not validly encoded/],
  ['http://market.example:99999/', /is not valid/],
])('the address %s is unreadable, and the log finds it', async (address, detail) => {
  const service = await startService();
  const answer = await sendRaw(
    service,
    `GET ${address} HTTP/1.1\r\nHost: onramp\r\nConnection: close\r\n\r\n`,
  );
  const problem = JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
  expect(problem).toMatchObject({ status: 400, detail: expect.stringMatching(detail) });
  expect(service.logLines.filter((line) => line.includes(problem.requestId))).toHaveLength(1);
});

test('a body that trickles is cut when it is said', async () => {
  const service = await startService({ requestTimeoutMs: 500 });
  const startedAt = performance.now();
  const answer = await (await beginRequest(service.baseUrl, half)).trickle(50);
  // Ten seconds are patience with a busy machine: Node alone would look after thirty.
  expect(performance.now() - startedAt).toBeLessThan(10_000);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head).toMatch(/^HTTP\/1.1 408 /);
  expect(JSON.parse(body)).toMatchObject({ type: 'urn:onramp:problem:timeout', status: 408 });
  expect(service.logLines.join('')).not.toContain('private');
});
