import type { Command } from 'commander';
import { NameTakenError } from '../store/errors.ts';
import type { Listing } from '../store/listings.ts';
import { parseLandingUrl, parseListingName, parsePartnerKey } from './arguments.ts';
import { byCommand } from './byCommand.ts';
import {
  CommandFailure,
  type CommonOptions,
  databaseOption,
  jsonOption,
  print,
  table,
  withStore,
} from './command.ts';

interface AddOptions extends CommonOptions {
  provider: string;
  landing: string;
}

/** `listing add | list | remove` */
export function addListingCommands(program: Command): void {
  const listing = program
    .command('listing')
    .description("the marketplace's links to providers: /go/<listing>");

  listing
    .command('add')
    .argument('<listing>', 'name of the listing, as it stands in the link', parseListingName)
    .description('register a link to a provider, or change where it leads')
    .requiredOption('--provider <partner-key>', 'whose listing it is', parsePartnerKey)
    .requiredOption('--landing <url>', "the provider's page that buyers are sent to", parseLandingUrl)
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  onramp-marketplace listing add acme-crm --provider pk_acme_crm_x7k2 \\\n    --landing https://acme.example/welcome',
    )
    .action(addListing);

  listing
    .command('list')
    .description('all listings')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(listListings);

  listing
    .command('remove')
    .argument('<listing>', 'name of the listing', parseListingName)
    .description('end a link: whoever follows it is told so; its clicks and what they brought stay')
    .addOption(databaseOption())
    .addOption(jsonOption())
    .action(removeListing);
}

async function addListing(name: string, options: AddOptions): Promise<void> {
  const { provider: partnerKey, landing: landingUrl } = options;
  const result = await withStore(options, async (store) => {
    const provider = await store.findProvider(partnerKey);
    if (!provider) {
      const message = `No provider has the partner key ${partnerKey}. See: onramp-marketplace provider list`;
      throw new CommandFailure(message);
    }
    const put = await store
      .putListing({ name, providerId: provider.id, landingUrl })
      .catch((error: unknown) => {
        throw error instanceof NameTakenError ? new CommandFailure(error.message) : error;
      });
    const action = put === 'created' ? 'listing added' : 'listing changed';
    await store.recordAudit(byCommand(action, name, `of ${partnerKey}, leads to ${landingUrl}`));
    return put;
  });
  const path = `/go/${name}`;
  const done = result === 'created' ? 'Added' : 'Changed';
  print(options, { listing: name, partnerKey, landingUrl, path }, `${done}: ${path} leads to ${landingUrl}`);
}

async function listListings(options: CommonOptions): Promise<void> {
  const listings = await withStore(options, (store) => store.listListings());
  const rows = listings.map(({ name, partnerKey, landingUrl }) => [`/go/${name}`, partnerKey, landingUrl]);
  const none = 'No listings yet. Add one: onramp-marketplace listing add --help';
  print(options, listings.map(summary), table(['LINK', 'PROVIDER', 'LANDING PAGE'], rows, none));
}

async function removeListing(name: string, options: CommonOptions): Promise<void> {
  await withStore(options, async (store) => {
    if (!(await store.removeListing(name))) {
      throw new CommandFailure(`There is no listing ${name}. See: onramp-marketplace listing list`);
    }
    await store.recordAudit(byCommand('listing removed', name));
  });
  print(options, { listing: name, removed: true }, `Removed: /go/${name} leads nowhere now.`);
}

function summary({ name, partnerKey, landingUrl }: Listing) {
  return { listing: name, partnerKey, landingUrl, path: `/go/${name}` };
}
