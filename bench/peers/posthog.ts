import { fieldsOf, parseJson, type Received, textOf } from '../server/received.ts';
import { readPackageFile, versionOf } from './packages.ts';
import type { Conversion, Peer } from './peer.ts';

const name = 'posthog-js';

interface PosthogEvent {
  event: string;
  uuid?: string;
  properties?: { order?: string };
}

export function createPosthog(): Peer {
  const script = readPackageFile(name, 'dist/array.js');
  return {
    title: 'PostHog',
    about: `product analytics; \`${name}\`'s \`array.js\` as shipped`,
    version: versionOf(name),
    scriptPath: '/array.js',
    script: () => script,
    // Of its extensions, which it would fetch besides, a conversion needs none. Without the filter, it sends
    // nothing in a browser that is driven by a program.
    head: (base) => `<script src="${base}/array.js"></script>
      <script>
        posthog.init('bench', {
          api_host: '${base}', disable_external_dependency_loading: true, opt_out_useragent_filter: true,
        })
      </script>`,
    convert: ({ id, amount, currency }) =>
      `posthog.capture('purchase', { order: '${id}', amount: ${amount}, currency: '${currency}' })`,
    hasStub: false,
    // What it tries again it has in memory.
    storesUnsent: false,
    recognise(received) {
      return eventsIn(received).flatMap((event): Conversion[] => {
        const orderId = event.event === 'purchase' && event.properties?.order;
        return orderId ? [{ orderId, eventId: event.uuid }] : [];
      });
    },
  };
}

/** One event, a list of them or a batch; as JSON, compressed, or in base64 as a form's field. */
function eventsIn(received: Received): PosthogEvent[] {
  const data = fieldsOf(received).get('data');
  const text = data ? Buffer.from(data, 'base64').toString() : textOf(received);
  const message = parseJson<PosthogEvent | PosthogEvent[] | { batch: PosthogEvent[] }>(text);
  if (!message) return [];
  if (Array.isArray(message)) return message;
  return 'batch' in message ? message.batch : [message];
}
