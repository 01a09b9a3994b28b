import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Clock } from '../../wire/time.ts';
import type { Limits } from '../limits/limits.ts';
import { hashOfKey } from '../operators/token.ts';
import { html } from '../pages/html.ts';
import { linkFrom } from '../pages/link.ts';
import { said } from '../pages/said.ts';
import type { ProviderLookup } from '../providers/lookup.ts';
import { isLiveSecret, keyIdOf } from '../providers/secret.ts';
import type { AuditStore } from '../store/audit.ts';
import type { SignInLinkStore } from '../store/signInLinks.ts';
import { consoleArea, portalArea, sendAreaPage } from './areas.ts';
import type { Sessions } from './sessions.ts';
import { sendSignInPage } from './signInPage.ts';

export interface SignInRoutesOptions {
  store: SignInLinkStore & AuditStore;
  sessions: Sessions;
  providers: ProviderLookup;
  limits: Limits;
  clock: Clock;
}

const areas = { operator: consoleArea, provider: portalArea } as const;
type Kind = keyof typeof areas;

type LinkRequest = FastifyRequest<{ Params: { token: string } }>;
type FormRequest = FastifyRequest<{ Body: Record<string, string> | undefined }>;

/** `/console/sign-in`, `/provider/sign-in`: by a link, and for a provider by its secret; and `…/sign-out`. */
export async function signInRoutes(app: FastifyInstance, options: SignInRoutesOptions): Promise<void> {
  const { store, sessions, providers, limits, clock } = options;
  const find = { operator: sessions.findOperator, provider: sessions.findProvider };
  for (const kind of ['operator', 'provider'] as const) {
    const { path } = areas[kind];

    app.get(`/${path}/sign-in`, async (request, reply) => {
      if (!(await find[kind](request))) return sendSignInPage(reply);
      return await reply.redirect(linkFrom(request.url, path), 303);
    });

    // Only looks: programs that show what a link leads to must not use it up.
    app.get(`/${path}/sign-in/:token`, async (request: LinkRequest, reply) => {
      const { token } = request.params;
      const link = await store.findSignInLink(hashOfKey(token), clock());
      if (link?.kind !== kind) return sendSignInPage(reply, { status: 410, error: usedUp });
      return sendLinkPage(reply, { kind, token, name: link.name });
    });

    app.post(`/${path}/sign-in`, async (request: FormRequest, reply) => {
      limits.admitSignIn(request.ip);
      const { token, secret } = request.body ?? {};
      const error =
        kind === 'provider' && token === undefined
          ? await signInBySecret(request, reply, secret?.trim() ?? '')
          : await signInByLink(request, reply, { kind, token: token ?? '' });
      if (error !== undefined) return sendSignInPage(reply, { status: 422, error });
      return await reply.redirect(linkFrom(request.url, path), 303);
    });

    app.post(`/${path}/sign-out`, async (request, reply) => {
      await sessions.end(request, reply, kind);
      return await reply.redirect(linkFrom(request.url, `${path}/sign-in`), 303);
    });
  }

  /** What went wrong, if anything. */
  async function signInByLink(
    request: FastifyRequest,
    reply: FastifyReply,
    link: { kind: Kind; token: string },
  ): Promise<string | undefined> {
    const found = await store.findSignInLink(hashOfKey(link.token), clock());
    if (!found || !(await sessions.beginByLink(request, reply, link))) return usedUp;
    const { kind, name } = found;
    await store.recordAudit({ at: clock(), actor: { kind, name }, action: 'signed in by a link' });
    return undefined;
  }

  /** What went wrong, if anything. */
  async function signInBySecret(
    request: FastifyRequest,
    reply: FastifyReply,
    secret: string,
  ): Promise<string | undefined> {
    const keyId = keyIdOf(secret);
    if (keyId === undefined)
      return 'This is no secret: it looks like os_k3y1d000_…, and is 55 characters long.';
    const provider = await providers.byKeyId(keyId);
    if (!provider || !isLiveSecret(provider, secret)) {
      return 'This secret is not a live one. It may have been replaced: look for the newest.';
    }
    await sessions.beginBySecret(request, reply, { provider, keyId });
    const actor = { kind: 'provider', name: provider.partnerKey } as const;
    await store.recordAudit({ at: clock(), actor, action: 'signed in by secret', detail: `os_${keyId}_…` });
    return undefined;
  }
}

const usedUp = 'This link no longer works: it was used before, or its time is over. Ask for another one.';

/** The link's page: it is used by its button. */
function sendLinkPage(
  reply: FastifyReply,
  { kind, token, name }: { kind: Kind; token: string; name: string },
): FastifyReply {
  const { path } = areas[kind];
  const title = kind === 'operator' ? 'Sign in to the console' : 'Sign in as a provider';
  return sendAreaPage(reply, {
    title,
    content: html`<div class="alone card">
<h1>${title}</h1>
<p>This link signs you in as <b>${said(name)}</b>, in this browser, once.</p>
<form method="post" action="${linkFrom(reply.request.url, `${path}/sign-in`)}">
<input type="hidden" name="token" value="${token}">
<button>Sign in</button>
</form>
</div>`,
  });
}
