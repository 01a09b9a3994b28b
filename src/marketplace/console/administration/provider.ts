import type { FastifyInstance, FastifyRequest } from 'fastify';
import { describeChanges } from '../../administration/changes.ts';
import { HttpProblem, notFound } from '../../http/errors.ts';
import { linkFrom } from '../../pages/link.ts';
import { createSecret, newestKeyId } from '../../providers/secret.ts';
import { makeProviderLink } from '../../signin/links.ts';
import type { Provider } from '../../store/providers.ts';
import { capabilities } from '../../store/schema.ts';
import { type Body, Entered } from './entered.ts';
import { linkLifetimes, sendLinkPage } from './linkPage.ts';
import { type AdministrationOptions, recordChange } from './options.ts';
import { readSettings, textsEntered, textsOf } from './providerFields.ts';
import { type ProviderPageParts, sendProviderPage } from './providerPage.ts';
import { sendSecretPage } from './secretPage.ts';

type ProviderRequest = FastifyRequest<{
  Params: { key: string };
  Body: Body;
  Querystring: { done?: string };
}>;

/** `/console/providers/{key}`: a provider, its secrets and who signs in for it. */
export async function providerRoutes(app: FastifyInstance, options: AdministrationOptions): Promise<void> {
  const { store, guard, clock } = options;
  const url = '/console/providers/:key';

  async function findProvider({ params: { key } }: ProviderRequest): Promise<Provider> {
    const provider = await store.findProvider(key);
    if (!provider) throw notFound();
    return provider;
  }

  async function pageOf(provider: Provider): Promise<ProviderPageParts> {
    const [form, listings, sessions] = await Promise.all([
      store.findOrderFormOf(provider.id),
      store.listListings(),
      store.listSessions({ providerId: provider.id }, clock()),
    ]);
    const own = listings.filter(({ providerId }) => providerId === provider.id);
    return { provider, texts: textsOf(provider), errors: {}, form, listings: own, sessions };
  }

  app.get(url, async (request: ProviderRequest, reply) => {
    await guard.operator(request);
    const done = doneTexts.get(request.query.done ?? '');
    return sendProviderPage(reply, { ...(await pageOf(await findProvider(request))), done });
  });

  app.post(url, async (request: ProviderRequest, reply) => {
    await guard.operator(request);
    const provider = await findProvider(request);
    const { partnerKey } = provider;
    const entered = new Entered(request.body);
    const settings = readSettings(entered);
    if (!settings) {
      const texts = textsEntered(entered);
      const { errors } = entered;
      return sendProviderPage(reply, { ...(await pageOf(provider)), texts, errors }, 422);
    }
    await store.changeProvider(partnerKey, settings);
    const { provisionUrl, ...others } = settings;
    const detail = describeChanges(provider, {
      ...provider,
      ...others,
      provisionUrl: provisionUrl ?? undefined,
    });
    if (detail !== '')
      await recordChange(request, options, { action: 'provider changed', subject: partnerKey, detail });
    return await reply.redirect(
      `${linkFrom(request.url, `console/providers/${partnerKey}`)}?done=saved`,
      303,
    );
  });

  app.post(`${url}/rotate`, async (request: ProviderRequest, reply) => {
    await guard.operator(request);
    const provider = await findProvider(request);
    // A page that is loaded again sends its form again: a second rotation would end the secret that is in use.
    if (new Entered(request.body).text('newest') !== newestKeyId(provider)) {
      return await reply.redirect(
        `${linkFrom(request.url, `console/providers/${provider.partnerKey}`)}?done=rotated-before`,
        303,
      );
    }
    const secret = createSecret(clock());
    await store.addSecret(provider.partnerKey, secret);
    await recordChange(request, options, {
      action: 'secret rotated',
      subject: provider.partnerKey,
      detail: `os_${secret.keyId}_…`,
    });
    return sendSecretPage(reply, { provider, secret: secret.secret, isNew: false });
  });

  app.post(`${url}/revoke`, async (request: ProviderRequest, reply) => {
    await guard.operator(request);
    const { partnerKey } = await findProvider(request);
    const keyId = new Entered(request.body).text('keyId');
    if (await store.revokeSecret(partnerKey, keyId)) {
      const detail = `os_${keyId}_…`;
      await recordChange(request, options, { action: 'secret revoked', subject: partnerKey, detail });
    }
    return await reply.redirect(
      `${linkFrom(request.url, `console/providers/${partnerKey}`)}?done=revoked`,
      303,
    );
  });

  app.post(`${url}/link`, async (request: ProviderRequest, reply) => {
    await guard.operator(request);
    const provider = await findProvider(request);
    const entered = new Entered(request.body);
    const lifetimeMs = linkLifetimes.get(entered.text('expires'));
    if (lifetimeMs === undefined) {
      const detail = 'A link can be used for 1 hour, 1 day or 7 days.';
      throw new HttpProblem({ status: 400, code: 'invalid_expiry', detail });
    }
    const can = capabilities.filter((word) => word === 'view' || entered.isChecked(word));
    const expiresAt = clock() + lifetimeMs;
    const path = await makeProviderLink(store, provider, { can, expiresAt });
    const detail = `can ${can.join(', ')}`;
    const subject = provider.partnerKey;
    await recordChange(request, options, { action: 'sign-in link made for provider', subject, detail });
    const back = `console/providers/${subject}`;
    return sendLinkPage(reply, { name: provider.name, path, expiresAt, back });
  });

  app.post(`${url}/end-access`, async (request: ProviderRequest, reply) => {
    await guard.operator(request);
    const { id: providerId, partnerKey } = await findProvider(request);
    await store.endAccess({ providerId });
    await recordChange(request, options, { action: 'provider signed out everywhere', subject: partnerKey });
    return await reply.redirect(
      `${linkFrom(request.url, `console/providers/${partnerKey}`)}?done=ended`,
      303,
    );
  });
}

/** What a page says after a change, by what stands in its address. */
const doneTexts: ReadonlyMap<string, string> = new Map([
  ['saved', 'Saved. The service goes by it within a second.'],
  ['revoked', 'Revoked. Nothing that the secret proves or has signed is believed any more.'],
  ['ended', 'Signed out everywhere; links that were not used yet have ended as well.'],
  ['rotated-before', 'There is a newer secret already. Rotate again if you need another one.'],
]);
