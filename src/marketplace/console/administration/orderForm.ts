import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FieldName, fieldNames } from '../../../wire/account.ts';
import { describeForm, fieldsOf } from '../../administration/orderForm.ts';
import { readOrderPath, readResellerKey } from '../../administration/values.ts';
import { notFound } from '../../http/errors.ts';
import type { FieldErrors } from '../../pages/fields.ts';
import { linkFrom } from '../../pages/link.ts';
import { alwaysRequired } from '../../provisioning/entries.ts';
import { maxLogoBytes, readLogo } from '../../provisioning/logo.ts';
import { unlessTaken } from '../../store/errors.ts';
import type { OrderForm } from '../../store/orderForms.ts';
import type { Provider } from '../../store/providers.ts';
import { type Body, Entered } from './entered.ts';
import { type AdministrationOptions, recordChange } from './options.ts';
import { type Asked, sendOrderFormPage } from './orderFormPage.ts';

interface ProviderParams {
  Params: { key: string };
  Querystring: { done?: string };
}
type FormRequest = FastifyRequest<ProviderParams & { Body: Body }>;
type LogoRequest = FastifyRequest<ProviderParams & { Body: Buffer | undefined }>;

/** What is read of an upload, so that a picture that is too large is answered by a page. */
const maxUploadBytes = 4 * 1024 * 1024;

/** `/console/providers/{key}/form`: the form by which accounts at a provider are ordered. */
export async function orderFormRoutes(app: FastifyInstance, options: AdministrationOptions): Promise<void> {
  const { store, guard } = options;
  const url = '/console/providers/:key/form';
  // Beside the forms that all pages take, whatever a browser sends as a file.
  app.addContentTypeParser(
    'multipart/form-data',
    { parseAs: 'buffer', bodyLimit: maxUploadBytes },
    async (_request: FastifyRequest, body: Buffer) => body,
  );

  app.get(url, async (request: FormRequest, reply) => {
    await guard.operator(request);
    return await sendForm(request, reply);
  });

  app.post(url, async (request: FormRequest, reply) => {
    await guard.operator(request);
    const provider = await findProvider(request);
    const before = await store.findOrderFormOf(provider.id);
    const entered = new Entered(request.body);
    const path = entered.read('path', readOrderPath);
    // Not shown once it is there, so an empty field leaves it as it is.
    const resellerKey = entered.readOptional('resellerKey', readResellerKey) ?? before?.resellerKey;
    const asked = askedIn(entered);
    if (path !== undefined && entered.isRight) {
      const fields = fieldsOf(
        fieldNames.filter((name) => asked[name] === 'optional'),
        fieldNames.filter((name) => asked[name] === 'required'),
      );
      const isSaved = await store
        .putOrderForm({ providerId: provider.id, path, fields, resellerKey, logo: before?.logo })
        .then(() => true, unlessTaken);
      if (isSaved) {
        const detail = describeForm({ path, fields });
        return await finish(request, reply, { action: 'order form changed', detail, done: 'saved' });
      }
      entered.refuse('path', `The page /order/${path} belongs to another provider. Choose another name.`);
    }
    const { errors } = entered;
    return await sendForm(request, reply, { path: entered.text('path'), asked, errors }, 422);
  });

  app.post(`${url}/logo`, async (request: LogoRequest, reply) => {
    await guard.operator(request);
    const provider = await findProvider(request);
    const form = await findForm(provider);
    const bytes = await readUpload(request);
    const logo = bytes.length > maxLogoBytes ? undefined : readLogo(bytes);
    if (!logo) {
      const errors = { logo: 'It takes a PNG, SVG or WebP picture of at most 256 KiB.' };
      return await sendForm(request, reply, { errors }, 422);
    }
    await store.keepLogo(logo);
    await store.putOrderForm({ ...form, logo: logo.version });
    return await finish(request, reply, { action: 'logo changed', detail: logo.type, done: 'logo' });
  });

  app.post(`${url}/remove-logo`, async (request: FormRequest, reply) => {
    await guard.operator(request);
    const form = await findForm(await findProvider(request));
    await store.putOrderForm({ ...form, logo: undefined });
    return await finish(request, reply, { action: 'logo removed', done: 'logo' });
  });

  async function findProvider({ params: { key } }: FastifyRequest<ProviderParams>): Promise<Provider> {
    const provider = await store.findProvider(key);
    if (!provider) throw notFound();
    return provider;
  }

  async function findForm({ id }: Provider): Promise<OrderForm> {
    const form = await store.findOrderFormOf(id);
    if (!form) throw notFound();
    return form;
  }

  async function finish(
    request: FastifyRequest<ProviderParams>,
    reply: FastifyReply,
    { done, ...change }: { action: string; detail?: string; done: string },
  ): Promise<FastifyReply> {
    const { key } = request.params;
    await recordChange(request, options, { ...change, subject: key });
    return await reply.redirect(
      `${linkFrom(request.url, `console/providers/${key}/form`)}?done=${done}`,
      303,
    );
  }

  async function sendForm(
    request: FastifyRequest<ProviderParams>,
    reply: FastifyReply,
    entered: { path?: string; asked?: Asked; errors?: FieldErrors } = {},
    status = 200,
  ): Promise<FastifyReply> {
    const provider = await findProvider(request);
    const form = await store.findOrderFormOf(provider.id);
    const { path = form?.path ?? '', asked = askedBy(form), errors = {} } = entered;
    const done = doneTexts.get(request.query.done ?? '');
    return sendOrderFormPage(reply, { provider, form, path, asked, errors, done }, status);
  }
}

const doneTexts: ReadonlyMap<string, string> = new Map([
  ['saved', 'Saved. The form looks so at once.'],
  ['logo', 'Saved. The form shows it at once.'],
]);

function askedIn(entered: Entered): Asked {
  const isAsked = (word: string) => word === 'optional' || word === 'required';
  return Object.fromEntries(
    fieldNames.flatMap((name) => {
      const word = entered.text(`ask-${name}`);
      return isAsked(word) ? [[name, word]] : [];
    }),
  );
}

function askedBy(form: OrderForm | undefined): Asked {
  const fields = form?.fields ?? alwaysRequired.map((name: FieldName) => ({ name, required: true }));
  return Object.fromEntries(fields.map(({ name, required }) => [name, required ? 'required' : 'optional']));
}

/** The bytes of the file that the form has sent; none where it was left out. */
async function readUpload({ body, headers }: LogoRequest): Promise<Buffer> {
  const type = headers['content-type'] ?? '';
  // The platform reads such forms by itself, as the answer of a server.
  const answer = new Response(new Blob([new Uint8Array(body ?? [])]), { headers: { 'content-type': type } });
  const file = await answer.formData().then(
    (form) => form.get('logo'),
    () => null,
  );
  return file instanceof Blob ? Buffer.from(await file.arrayBuffer()) : Buffer.alloc(0);
}
