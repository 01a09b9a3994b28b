import type { FastifyReply, FastifyRequest } from 'fastify';
import { dayMs } from '../../wire/fields.ts';
import { cutText, toStoredText } from '../../wire/text.ts';
import type { Clock } from '../../wire/time.ts';
import { createRandomKey, hashOfKey } from '../operators/token.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { isLive } from '../providers/secret.ts';
import { unlessUnavailable } from '../store/errors.ts';
import type { Provider, Secret } from '../store/providers.ts';
import { capabilities } from '../store/schema.ts';
import type { KnownSession, NewSession, SessionStore } from '../store/sessions.ts';
import type { SignInLinkStore } from '../store/signInLinks.ts';
import type { OperatorReader, ProviderReader } from './reader.ts';

type Kind = 'operator' | 'provider';

/** Each kind has a cookie of its own: whoever is both may be signed in as both. */
const cookieNames: Readonly<Record<Kind, string>> = {
  operator: 'onramp_console',
  provider: 'onramp_provider',
};

/** How long a session lasts after somebody was last there. */
const idleMs = 14 * dayMs;
/** That somebody was there is written once in so long, or reading would write all the time. */
const noteMs = 60_000;
/** What browsers keep at most; the session itself ends long before. */
const cookieMaxAgeSeconds = (400 * dayMs) / 1000;
/** What is kept of how a browser calls itself. */
const maxBrowserLength = 200;

export interface SessionParts {
  store: SessionStore & SignInLinkStore;
  providers: ProviderLookup;
  clock: Clock;
}

export type Sessions = ReturnType<typeof createSessions>;

/** Who has signed in, by a cookie that no script sees and no other site's page makes the browser send. */
export function createSessions({ store, providers, clock }: SessionParts) {
  async function find(request: FastifyRequest, kind: Kind): Promise<KnownSession | undefined> {
    const key = request.cookies[cookieNames[kind]];
    if (!key) return undefined;
    const hash = hashOfKey(key);
    const now = clock();
    const session = await store.findSession(hash, now);
    if (session && now - session.lastSeenAt >= noteMs) {
      // Where nothing can be written just now, the console is what people look at.
      await store.keepSession(hash, { lastSeenAt: now, expiresAt: now + idleMs }).catch(unlessUnavailable);
    }
    return session;
  }

  /** Ends the session that the browser has had until now, if any. */
  async function endEarlier({ cookies }: FastifyRequest, kind: Kind): Promise<void> {
    const key = cookies[cookieNames[kind]];
    if (key) await store.endSession(hashOfKey(key).toString('hex'));
  }

  /** A session that is no one's yet. Its key is new, whatever the browser has had before. */
  function create(request: FastifyRequest): { key: string; session: NewSession } {
    const key = createRandomKey();
    const now = clock();
    const browser = cutText(toStoredText(request.headers['user-agent'] ?? ''), maxBrowserLength);
    return { key, session: { hash: hashOfKey(key), browser, createdAt: now, expiresAt: now + idleMs } };
  }

  /**
   * Without a path of its own, so that the cookie goes to what is below the folder of the page that sets it: a proxy may
   * have put the service below a path that it doesn't know of. So only `/console/…` and `/provider/…`, one level deep, may.
   */
  function giveCookie({ protocol }: FastifyRequest, reply: FastifyReply, kind: Kind, key: string): void {
    reply.setCookie(cookieNames[kind], key, {
      httpOnly: true,
      sameSite: 'strict',
      secure: protocol === 'https',
      maxAge: key === '' ? 0 : cookieMaxAgeSeconds,
    });
  }

  return {
    async findOperator(request: FastifyRequest): Promise<OperatorReader | undefined> {
      const session = await find(request, 'operator');
      if (!session || !('operator' in session)) return undefined;
      return { kind: 'operator', ...session.operator, sessionId: session.id };
    },

    async findProvider(request: FastifyRequest): Promise<ProviderReader | undefined> {
      const session = await find(request, 'provider');
      if (!session || !('partnerKey' in session)) return undefined;
      const { id: sessionId, partnerKey, can, keyId } = session;
      const provider = await providers.byPartnerKey(partnerKey);
      // What a secret has begun ends with it.
      if (!provider || (keyId !== undefined && !hasLive(provider, keyId))) return undefined;
      return { kind: 'provider', provider, can, sessionId };
    },

    /** Whether the link could still be used. */
    async beginByLink(
      request: FastifyRequest,
      reply: FastifyReply,
      link: { token: string; kind: Kind },
    ): Promise<boolean> {
      const { key, session } = create(request);
      const hash = hashOfKey(link.token);
      const owner = await store.signInByLink({ hash, kind: link.kind }, session);
      if (!owner) return false;
      await endEarlier(request, link.kind);
      giveCookie(request, reply, link.kind, key);
      return true;
    },

    /** With a secret, a provider may do all that its session can. */
    async beginBySecret(
      request: FastifyRequest,
      reply: FastifyReply,
      { provider, keyId }: { provider: Provider; keyId: Secret['keyId'] },
    ): Promise<void> {
      const { key, session } = create(request);
      await store.beginProviderSession(session, { providerId: provider.id, can: capabilities, keyId });
      await endEarlier(request, 'provider');
      giveCookie(request, reply, 'provider', key);
    },

    /** Ends the session of this browser. */
    async end(request: FastifyRequest, reply: FastifyReply, kind: Kind): Promise<void> {
      await endEarlier(request, kind);
      giveCookie(request, reply, kind, '');
    },
  };
}

function hasLive(provider: Provider, keyId: string): boolean {
  return provider.secrets.some((secret) => secret.keyId === keyId && isLive(secret));
}
