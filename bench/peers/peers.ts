import type { Provider, Service } from '../../test/support/service.ts';
import { createAhoy } from './ahoy.ts';
import { createCounterscale } from './counterscale.ts';
import { createCountly } from './countly.ts';
import { createMixpanel } from './mixpanel.ts';
import { createOnramp } from './onramp.ts';
import { createOpenpanel } from './openpanel.ts';
import { createOpenpixel } from './openpixel.ts';
import type { Peer } from './peer.ts';
import { createPlausible } from './plausible.ts';
import { createPosthog } from './posthog.ts';
import { createSnowplow } from './snowplow.ts';

/** Ours first, then the others from the smallest to the largest. */
export async function createPeers(service: Service, provider: Provider): Promise<Peer[]> {
  return [
    createOnramp(service, provider),
    createCounterscale(),
    await createPlausible(),
    createAhoy(),
    createOpenpixel(),
    await createOpenpanel(),
    await createSnowplow(),
    createMixpanel(),
    createCountly(),
    createPosthog(),
  ];
}
