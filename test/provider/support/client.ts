import type { Environment } from '../../../src/provider/environment.ts';
import { OnrampError, type OnrampOptions } from '../../../src/provider/index.ts';
import { createOnrampIn } from '../../../src/provider/onramp.ts';

export const secret = 'os_k7f3q9x2_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789-_AbCdE';
export const nextSecret = 'os_m2p8w4z6_0123456789abcdefghijklmnopqrstuvwxyz-_ABCDE';
export const startMs = Date.parse('2026-05-31T23:59:59.500Z');

/** A client whose time only passes while it waits, and who waits half of what it might. */
export function createClient(
  options: Partial<OnrampOptions> & { baseUrl: string },
  changes: Partial<Environment> = {},
) {
  const waits: number[] = [];
  const time = { now: startMs };
  let ids = 0;
  const environment: Environment = {
    now: () => time.now,
    random: () => 0.5,
    createId: () => `id-${++ids}`,
    sleep: async (ms, signal) => {
      signal?.throwIfAborted();
      waits.push(ms);
      time.now += ms;
    },
    ...changes,
  };
  const onramp = createOnrampIn(environment, { partnerKey: 'pk_acme', secret, ...options });
  return { onramp, waits, time };
}

/** What the call fails with, which has to be an OnrampError. */
export async function failureOf(call: Promise<unknown>): Promise<OnrampError> {
  const error: unknown = await call.then(
    () => 'success',
    (error) => error,
  );
  if (error instanceof OnrampError) return error;
  throw new Error('not an OnrampError', { cause: error });
}
