import type { PixelHandle } from '../pixel/types.ts';
import { type Finding, gather } from '../settings/finding.ts';
import { judgeEndpoint, judgeSettings } from '../settings/judgeSettings.ts';
import { addressOf, type Source } from '../settings/settings.ts';
import { trackingPath } from '../wire/paths.ts';
import { watchCalls } from './calls.ts';
import { judgeSurroundings } from './judgeSurroundings.ts';
import { callsOfTag, openedWith, readSurroundings } from './page.ts';
import { askForProof, createProbing, type Destination, judgePassage, watchViolations } from './passage.ts';
import { findTags, readModule } from './sources.ts';
import { followOutbox, judgeOutbox, readReferral, readStored } from './stored.ts';
import type { ShownEntry, View } from './view.ts';
import type { Target } from './ways.ts';

export interface Inspection {
  /** Looks at everything there is to see now. */
  look(): View;
  /** Asks by every way whether messages get through. */
  askAgain(): void;
  askFor(entry: ShownEntry): Promise<Finding>;
  stop(): void;
}

/**
 * Follows what the pixel does on this page: the module's or else the tag's. `changed` is called when there may be
 * something new to see.
 */
export function inspectPage(
  module: PixelHandle | undefined,
  panelAddress: string,
  changed: () => void,
): Inspection {
  const calls = watchCalls(changed);
  const violations = watchViolations();
  const probing = createProbing(violations.directiveFor, changed);
  const outbox = followOutbox();
  const asked = new Set<string>();
  const answers = new Map<string, Finding>();
  let target: Target | undefined;
  let askedOf: string | undefined;
  let sources: Source[] = [];

  /** Asks, once for each address and key: a later tag may have others. */
  function probe(next: Target | undefined, isWanted = false): void {
    const of = JSON.stringify(next ?? null);
    if (of === askedOf && !isWanted) return;
    target = next;
    askedOf = of;
    void probing.ask(next);
  }

  function look(): View {
    const now = Date.now();
    const address = new URL(location.href);
    const around = readSurroundings(module);
    const found = module ? [readModule(module)] : findTags(document, panelAddress);
    // A tag that was taken out goes on to count: the pixel holds on to it.
    if (found.length > 0) sources = found;
    const [source] = sources;
    const settings = source?.settings;
    const partnerKey = settings?.partnerKey.value ?? '';
    const endpoint = settings ? settings.endpoint.value : new URL(panelAddress).origin;
    // As the pixel makes it, which takes any number of slashes at its end.
    const messages = addressOf(endpoint.replace(/\/*$/, trackingPath), document.baseURI);
    const isWrong = messages === undefined || (settings && judgeEndpoint(settings, address).length > 0);
    probe(isWrong ? undefined : { address: messages.href, partnerKey });

    calls.look(module?.calls ?? callsOfTag() ?? [], settings);
    const stored = readStored(partnerKey);
    const landing = {
      addresses: `${openedWith()}&${address.href}`,
      hostname: address.hostname,
      referrer: document.referrer,
      now,
      privacyControl: around.privacyControl,
      isAllowed: calls.isAllowed(),
    };
    const referral = settings ? readReferral(settings, stored, landing) : { live: undefined, reasons: [] };
    // One that was captured on this page shows as well that consent was given.
    const isAllowed = calls.isAllowed() || (referral.live?.landedAt ?? 0) >= performance.timeOrigin;
    const needsConsent = settings?.consent.value === 'required';
    const entries = outbox(stored, now).map((entry) => ({
      ...entry,
      // What is gone may have been withdrawn.
      isAskable:
        target !== undefined &&
        entry.message !== undefined &&
        entry.state !== 'proven' &&
        (!needsConsent || (isAllowed && entry.state === 'waiting')),
      isAsked: asked.has(entry.key),
      answer: answers.get(entry.key),
    }));
    const passage = probing.passage();
    const list = calls.list();
    return {
      now,
      page: address.origin + address.pathname,
      startedBy: module ? 'module' : 'tag',
      partnerKey,
      endpoint,
      passage,
      entries,
      isStorageDenied: stored.isDenied,
      calls: list,
      referral,
      settings: settings ? Object.values(settings) : [],
      findings: gather([
        ...judgeSurroundings(around, sources, isAllowed),
        ...(source ? judgeSettings(source, address, now) : []),
        ...(isWrong ? [] : judgePassage(passage, destinationOf(source, messages, address))),
        ...judgeOutbox(entries, now),
        ...list.flatMap(({ findings }) => findings),
      ]),
    };
  }

  return {
    look,
    askAgain: () => probe(target, true),
    async askFor({ key, message = '' }) {
      const address = target?.address ?? '';
      asked.add(key);
      changed();
      const answer = await askForProof(address, message);
      answers.set(key, answer);
      asked.delete(key);
      changed();
      return answer;
    },
    stop: violations.stop,
  };
}

function destinationOf(source: Source | undefined, messages: URL, page: URL): Destination {
  const { endpoint } = source?.settings ?? {};
  return {
    origin: messages.origin,
    host: messages.host,
    path: messages.pathname.slice(0, -trackingPath.length),
    label: endpoint?.label ?? 'data-endpoint',
    isOwnHost: endpoint?.from === 'default' && source?.address?.host === page.host,
  };
}
