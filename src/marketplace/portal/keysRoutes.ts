import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import { HttpProblem } from '../http/errors.ts';
import type { Fields } from '../http/fields.ts';
import type { Html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { zoneOf } from '../pages/zone.ts';
import { createSecret, findSecret } from '../providers/secret.ts';
import { sendAreaPage } from '../signin/areas.ts';
import type { Guard } from '../signin/guard.ts';
import { actorOf, type ProviderReader } from '../signin/reader.ts';
import type { AuditStore } from '../store/audit.ts';
import type { Provider, ProviderStore, Secret } from '../store/providers.ts';
import { confirmContent, type Ending, keysContent, newSecretContent } from './keysPage.ts';

export interface KeysRoutesOptions {
  guard: Guard;
  store: ProviderStore & AuditStore;
  clock: Clock;
}

type AskRequest = FastifyRequest<{ Querystring: Fields }>;
type FormRequest = FastifyRequest<{ Body: Record<string, string> | undefined }>;

/** `/provider/keys`: the provider's secrets, listed, replaced and ended. */
export async function keysRoutes(
  app: FastifyInstance,
  { guard, store, clock }: KeysRoutesOptions,
): Promise<void> {
  const url = '/provider/keys';

  app.get(url, async (request, reply) => {
    const { provider, can } = await current(request, 'view');
    const zone = zoneOf(request);
    const content = keysContent({ url: request.url, provider, zone, mayRotate: can.includes('rotate') });
    return sendAreaPage(reply, { title: 'Keys', zone, content });
  });

  app.post(`${url}/rotate`, async (request: FormRequest, reply) => {
    const reader = await current(request, 'rotate');
    const { partnerKey, secrets } = reader.provider;
    // Sent again, as by a reload, the same form would retire the secret that is in use.
    if (request.body?.newest !== (secrets.at(-1)?.keyId ?? '')) throw alreadyRotated();
    const made = createSecret(clock());
    await store.addSecret(partnerKey, made);
    await record(reader, 'made a new secret', made.keyId);
    return send(reply, 'Your new secret', newSecretContent(request.url, made.secret));
  });

  serveEnding('retire', (provider, { keyId }) => store.retireSecret(provider.partnerKey, keyId, clock()));
  serveEnding('revoke', (provider, { keyId }) => store.revokeSecret(provider.partnerKey, keyId));

  function serveEnding(ending: Ending, end: (provider: Provider, secret: Secret) => Promise<boolean>): void {
    app.get(`${url}/${ending}`, async (request: AskRequest, reply) => {
      const { provider } = await current(request, 'rotate');
      const secret = requireSecret(provider, request.query.key);
      return send(reply, 'Keys', confirmContent(request.url, provider, secret, ending));
    });

    app.post(`${url}/${ending}`, async (request: FormRequest, reply) => {
      const reader = await current(request, 'rotate');
      const secret = requireSecret(reader.provider, request.body?.key);
      if (await end(reader.provider, secret)) await record(reader, `${ending}d a secret`, secret.keyId);
      return await reply.redirect(linkFrom(request.url, 'provider/keys'), 303);
    });
  }

  /** Who reads, and the provider as it is now: what sessions go by is up to half a second old. */
  async function current(request: FastifyRequest, capability: 'view' | 'rotate'): Promise<ProviderReader> {
    const reader = await guard.provider(request, capability);
    return { ...reader, provider: (await store.findProvider(reader.provider.partnerKey)) ?? reader.provider };
  }

  async function record(reader: ProviderReader, action: string, keyId: string): Promise<void> {
    const subject = reader.provider.partnerKey;
    await store.recordAudit({
      at: clock(),
      actor: actorOf(reader),
      action,
      subject,
      detail: `os_${keyId}_…`,
    });
  }
}

function send(reply: FastifyReply, title: string, content: Html): FastifyReply {
  return sendAreaPage(reply, { title, content, modules: ['pages/browser/copy.js'] });
}

/** @throws HttpProblem 404 */
function requireSecret(provider: Provider, keyId: unknown): Secret {
  const secret = findSecret(provider, typeof keyId === 'string' ? keyId : undefined);
  if (secret) return secret;
  throw new HttpProblem({
    status: 404,
    code: 'unknown_secret',
    detail: 'You have no secret of this name any more.',
  });
}

function alreadyRotated(): HttpProblem {
  const detail =
    'A new secret was made meanwhile, and was shown the one time. If nobody has copied it, go back to Keys and make another one.';
  return new HttpProblem({ status: 409, code: 'already_rotated', detail });
}
