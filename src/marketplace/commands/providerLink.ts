import type { Command } from 'commander';
import { makeProviderLink } from '../signin/links.ts';
import { type Capability, capabilities } from '../store/schema.ts';
import { parseCapabilities, parseLinkLifetime, parsePartnerKey } from './arguments.ts';
import { byCommand } from './byCommand.ts';
import { databaseOption, jsonOption, noSuchProvider, print, withStore } from './command.ts';
import { type LinkOptions, toAddress, urlOption } from './linkAddress.ts';

interface ProviderLinkOptions extends LinkOptions {
  can: readonly Capability[];
  /** In milliseconds. */
  expires: number;
}

/** `provider link` */
export function addProviderLink(provider: Command): void {
  provider
    .command('link')
    .argument('<partner-key>', 'whom it signs in', parsePartnerKey)
    .description("make a link that signs in once at /provider, the provider's own page")
    .option(
      '--can <list>',
      `what it allows there, with commas between: ${capabilities.join(', ')}`,
      parseCapabilities,
      ['view'],
    )
    .option('--expires <time>', 'how long it can be used, from 1h to 7d', parseLinkLifetime, 24 * 3_600_000)
    .addOption(urlOption())
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      '\nExample:\n  onramp-marketplace provider link pk_acme_crm_x7k2 --can view,replay,rotate --expires 24h',
    )
    .action(linkProvider);
}

async function linkProvider(partnerKey: string, options: ProviderLinkOptions): Promise<void> {
  const { can, expires } = options;
  const expiresAt = Date.now() + expires;
  const path = await withStore(options, async (store) => {
    const provider = await store.findProvider(partnerKey);
    if (!provider) throw noSuchProvider(partnerKey);
    const made = await makeProviderLink(store, provider, { can, expiresAt });
    await store.recordAudit(byCommand('sign-in link made for provider', partnerKey, `can ${can.join(', ')}`));
    return made;
  });
  const link = toAddress(path, options);
  const until = new Date(expiresAt).toISOString();
  print(
    options,
    { partnerKey, link, can, expiresAt: until },
    `This signs in at the page of ${partnerKey}, once, until ${until}, and allows: ${can.join(', ')}\n\n  ${link}`,
  );
}
