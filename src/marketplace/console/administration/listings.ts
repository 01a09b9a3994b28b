import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { readLandingUrl, readListingName } from '../../administration/values.ts';
import { notFound } from '../../http/errors.ts';
import { emptyState, notice, postButton } from '../../pages/blocks.ts';
import { choiceField, errorSummary, type FieldErrors, textField } from '../../pages/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { linkFrom } from '../../pages/link.ts';
import { table } from '../../pages/table.ts';
import { sendAreaPage } from '../../signin/areas.ts';
import type { Listing } from '../../store/listings.ts';
import type { Provider } from '../../store/providers.ts';
import { type Body, Entered } from './entered.ts';
import { type AdministrationOptions, recordChange } from './options.ts';

type ListingsRequest = FastifyRequest<{
  Params: { name: string };
  Body: Body;
  Querystring: { done?: string; provider?: string };
}>;

/** `/console/listings`: the marketplace's links to providers, and another one; `/console/listings/{name}`: one of them. */
export async function listingRoutes(app: FastifyInstance, options: AdministrationOptions): Promise<void> {
  const { store, guard } = options;
  const url = '/console/listings';

  app.get(url, async (request: ListingsRequest, reply) => {
    await guard.operator(request);
    const { done, provider = '' } = request.query;
    const entered = { listing: '', provider, landing: '' };
    return await sendListings(reply, { entered, errors: {}, done: doneTexts.get(done ?? '') });
  });

  app.post(url, async (request: ListingsRequest, reply) => {
    await guard.operator(request);
    const form = new Entered(request.body);
    const name = form.read('listing', readListingName);
    const landingUrl = form.read('landing', readLandingUrl);
    const provider = await store.findProvider(form.text('provider'));
    if (!provider) form.refuse('provider', 'Choose whose listing it is.');
    if (name !== undefined && landingUrl !== undefined && provider) {
      if (await store.findListing(name)) {
        form.refuse('listing', `There is a listing ${name} already.`);
      } else {
        await save(request, { name, landingUrl, provider }, 'listing added');
        return await reply.redirect(`${linkFrom(request.url, 'console/listings')}?done=added`, 303);
      }
    }
    const entered = {
      listing: form.text('listing'),
      provider: form.text('provider'),
      landing: form.text('landing'),
    };
    return await sendListings(reply, { entered, errors: form.errors }, 422);
  });

  app.get(`${url}/:name`, async (request: ListingsRequest, reply) => {
    await guard.operator(request);
    const listing = await findListing(request);
    return sendListing(reply, { listing, landing: listing.landingUrl, errors: {} });
  });

  app.post(`${url}/:name`, async (request: ListingsRequest, reply) => {
    await guard.operator(request);
    const listing = await findListing(request);
    const form = new Entered(request.body);
    const landingUrl = form.read('landing', readLandingUrl);
    if (landingUrl === undefined) {
      return sendListing(reply, { listing, landing: form.text('landing'), errors: form.errors }, 422);
    }
    const { name, providerId: id, partnerKey } = listing;
    await save(request, { name, landingUrl, provider: { id, partnerKey } }, 'listing changed');
    return await reply.redirect(`${linkFrom(request.url, 'console/listings')}?done=changed`, 303);
  });

  app.post(`${url}/:name/remove`, async (request: ListingsRequest, reply) => {
    await guard.operator(request);
    const { name, landingUrl } = await findListing(request);
    if (await store.removeListing(name)) {
      const detail = `led to ${landingUrl}`;
      await recordChange(request, options, { action: 'listing removed', subject: name, detail });
    }
    return await reply.redirect(`${linkFrom(request.url, 'console/listings')}?done=removed`, 303);
  });

  async function save(
    request: FastifyRequest,
    {
      name,
      landingUrl,
      provider,
    }: { name: string; landingUrl: string; provider: Pick<Provider, 'id' | 'partnerKey'> },
    action: string,
  ): Promise<void> {
    await store.putListing({ name, providerId: provider.id, landingUrl });
    const detail = `of ${provider.partnerKey}, leads to ${landingUrl}`;
    await recordChange(request, options, { action, subject: name, detail });
  }

  async function findListing({ params: { name } }: ListingsRequest): Promise<Listing> {
    const listing = await store.findListing(name);
    if (!listing) throw notFound();
    return listing;
  }

  async function sendListings(
    reply: FastifyReply,
    { entered, errors, done }: ListingsParts,
    status = 200,
  ): Promise<FastifyReply> {
    const [listings, providers] = await Promise.all([store.listListings(), store.listProviders()]);
    const content = html`<h1>Listings</h1>
<p class="lead">A listing is a link of the marketplace to a provider. Whoever follows it is sent on to the landing page, and what they buy there
is known to have come of it.</p>
${done !== undefined && notice('good', html`<p>${done}</p>`)}
${errorSummary(errors)}
${listingsTable(listings, reply.request.url)}
${addForm({ entered, errors, providers, url: reply.request.url })}`;
    return sendAreaPage(reply, { title: status === 200 ? 'Listings' : 'Error: Listings', content }, status);
  }
}

const doneTexts: ReadonlyMap<string, string> = new Map([
  ['added', 'Added. The link works within a second.'],
  ['changed', 'Changed. The link leads there within a second.'],
  [
    'removed',
    'Removed. Whoever follows the link is told that it leads nowhere; its clicks and what they brought stay.',
  ],
]);

interface ListingsParts {
  entered: { listing: string; provider: string; landing: string };
  errors: FieldErrors;
  done?: string | undefined;
}

function listingsTable(listings: readonly Listing[], url: string): Html {
  if (listings.length === 0) {
    return emptyState(
      'No listings yet',
      html`<p>Add the first one below: a name for the link, and where it leads.</p>`,
    );
  }
  return table<Listing>({
    caption: 'All listings',
    isCaptionUnseen: true,
    rows: listings,
    columns: [
      {
        heading: 'Link',
        kind: 'name',
        cell: ({ name }) => html`<a href="${linkFrom(url, `console/listings/${name}`)}">/go/${name}</a>`,
      },
      {
        heading: 'Provider',
        cell: ({ partnerKey }) =>
          html`<a href="${linkFrom(url, `console/providers/${partnerKey}`)}">${partnerKey}</a>`,
      },
      { heading: 'Leads to', cell: ({ landingUrl }) => html`<span class="code">${landingUrl}</span>` },
    ],
  });
}

function addForm({
  entered,
  errors,
  providers,
  url,
}: ListingsParts & { providers: readonly Provider[]; url: string }): Html {
  if (providers.length === 0) {
    return html`<p>A listing is a provider’s: <a href="${linkFrom(url, 'console/add-provider')}">add a provider</a> first.</p>`;
  }
  return html`<form method="post" action="${linkFrom(url, 'console/listings')}" class="card">
<h2>Add a listing</h2>
${textField({
  name: 'listing',
  label: 'Name',
  hint: 'It becomes the link: /go/<name>.',
  value: entered.listing,
  required: true,
  isCode: true,
  autocomplete: 'off',
  error: errors.listing,
})}${choiceField({
  name: 'provider',
  label: 'Provider',
  value: entered.provider,
  choices: [
    { value: '', text: 'Choose one' },
    ...providers.map(({ partnerKey, name }) => ({ value: partnerKey, text: `${name} (${partnerKey})` })),
  ],
  error: errors.provider,
})}${landingField(entered.landing, errors)}<button>Add the listing</button>
</form>`;
}

function landingField(value: string, errors: FieldErrors): Html {
  return textField({
    name: 'landing',
    label: 'Landing page',
    hint: 'The provider’s page that buyers are sent to, for example https://acme.example/welcome',
    value,
    type: 'url',
    required: true,
    isCode: true,
    error: errors.landing,
  });
}

interface ListingParts {
  listing: Listing;
  landing: string;
  errors: FieldErrors;
}

function sendListing(
  reply: FastifyReply,
  { listing, landing, errors }: ListingParts,
  status = 200,
): FastifyReply {
  const { url } = reply.request;
  const { name, partnerKey } = listing;
  const own = linkFrom(url, `console/listings/${name}`);
  const title = `/go/${name}`;
  return sendAreaPage(
    reply,
    {
      title: status === 200 ? title : `Error: ${title}`,
      content: html`<p class="small"><a href="${linkFrom(url, 'console/listings')}">Listings</a></p>
<h1>${title}</h1>
<p class="lead">A listing of <a href="${linkFrom(url, `console/providers/${partnerKey}`)}">${partnerKey}</a></p>
${errorSummary(errors)}
<form method="post" action="${own}" class="card"><h2>Where it leads</h2>
${landingField(landing, errors)}<button>Save</button>
</form>
<section class="card"><h2>Remove it</h2>
<p>Whoever follows the link is told that it leads nowhere. Its clicks and what they brought stay.</p>
${postButton({ action: `${own}/remove`, text: 'Remove the listing', kind: 'danger' })}</section>`,
    },
    status,
  );
}
