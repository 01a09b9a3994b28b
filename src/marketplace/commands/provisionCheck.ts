import type { Command } from 'commander';
import { commandsFor } from '../provisioning/advice.ts';
import { callTimeoutMs } from '../provisioning/call.ts';
import { type Check, checkEndpoint, type Finding } from '../provisioning/check.ts';
import { parsePartnerKey } from './arguments.ts';
import {
  CommandFailure,
  type CommonOptions,
  databaseOption,
  jsonOption,
  noSuchProvider,
  print,
  withStore,
} from './command.ts';

/** `provision check` */
export function addProvisionCheck(provision: Command): void {
  provision
    .command('check')
    .argument('<partner-key>', "whose endpoint is called; with the provider's live secrets", parsePartnerKey)
    .description("call a provider's endpoint and say what is wrong with it; nothing can be ordered by that")
    .addOption(databaseOption())
    .addOption(jsonOption())
    .addHelpText('after', help)
    .action(checkProvider);
}

const help = `
It is called with POST and the body [] at most twice: signed with a wrong secret, which it has to refuse with 401, then
with the right one, which it has to refuse with 400 or 422, since there is nothing to order in it.
Exit codes: 0 fine, or warnings only; 1 something has to be mended.`;

async function checkProvider(partnerKey: string, options: CommonOptions): Promise<void> {
  const { provider, hasForm } = await withStore(options, async (store) => {
    const found = await store.findProvider(partnerKey);
    if (!found) throw noSuchProvider(partnerKey);
    return { provider: found, hasForm: (await store.findOrderFormOf(found.id)) !== undefined };
  });
  const check = await checkEndpoint({
    provider,
    means: commandsFor(partnerKey),
    hasForm,
    clock: Date.now,
    timeoutMs: callTimeoutMs,
  });
  const problems = check.findings.filter(({ severity }) => severity === 'problem').length;
  const url = provider.provisionUrl ?? null;
  print(
    options,
    {
      partnerKey,
      url,
      ok: problems === 0,
      findings: check.findings,
      calls: check.probes.map(({ signature, probe }) => ({
        signature,
        tookMs: probe.tookMs,
        ...('status' in probe ? { status: probe.status } : { failure: probe.failure.message }),
      })),
    },
    report(`${partnerKey}: ${url ?? 'no provision URL'}`, check),
  );
  if (problems > 0) {
    throw new CommandFailure(`${problems === 1 ? '1 thing has' : `${problems} things have`} to be mended.`);
  }
}

function report(heading: string, { findings, probes }: Check): string {
  const calls = probes.map(({ signature, probe }) => {
    const outcome = 'status' in probe ? `answered ${probe.status}` : probe.failure.message;
    return `  signed with a ${signature === 'wrong' ? 'wrong' : 'live'} secret: ${outcome}, ${probe.tookMs} ms`;
  });
  const isFine = findings.every(({ severity }) => severity === 'warning');
  const fine = '  It refuses who has not the secret, knows ours, and refuses what cannot be an order.';
  return [
    [heading, ...calls, ...(isFine ? [fine] : [])].join('\n'),
    ...findings.toSorted(problemsFirst).map(describe),
  ].join('\n\n');
}

function problemsFirst(one: Finding, other: Finding): number {
  return Number(one.severity === 'warning') - Number(other.severity === 'warning');
}

function describe({ severity, detail, remedy }: Finding): string {
  return `${severity.toUpperCase()}: ${detail}\n  ${remedy}`;
}
