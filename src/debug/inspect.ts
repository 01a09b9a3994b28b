import type { Finding } from './finding.ts';
import { type Calls, watchCalls } from './page/calls.ts';
import { judgeOutbox } from './page/judgeOutbox.ts';
import { followOutbox } from './page/outbox.ts';
import { judgeReceipts } from './page/receipts.ts';
import { readReferral } from './page/referral.ts';
import { readStored } from './page/stored.ts';
import { judgeSurroundings, readSurroundings } from './page/surroundings.ts';
import { askForProof } from './passage/ask.ts';
import { judgePassage } from './passage/judge.ts';
import { createProbing } from './passage/probing.ts';
import { watchViolations } from './passage/violations.ts';
import { judgeSettings } from './settings/judge.ts';
import { findTags, type Tag } from './settings/tag.ts';
import { gather, type ShownEntry, type View } from './view.ts';

export interface Inspection {
  /** Looks at everything there is to see now. */
  look(): View;
  /** Asks by every way whether messages get through. */
  askAgain(): void;
  askFor(entry: ShownEntry): Promise<Finding>;
  stop(): void;
}

/** Follows what the pixel does on this page; `changed` is called when there may be something new to see. */
export function inspectPage(serviceOrigin: string, changed: () => void): Inspection {
  const calls: Calls = watchCalls(changed);
  const violations = watchViolations();
  const probing = createProbing(violations, changed);
  const outbox = followOutbox();
  const asked = new Set<string>();
  const answers = new Map<string, Finding>();

  /** Whom the messages come from and where they go, as far as it is known. */
  function target(tag: Tag | undefined, runningKey: string | undefined) {
    const endpoint = URL.canParse(tag?.settings.endpoint.value ?? '')
      ? tag?.settings.endpoint.value
      : undefined;
    return {
      partnerKey: runningKey ?? tag?.settings.partnerKey.value ?? '',
      // As the pixel does, which takes any number of slashes at its end.
      endpoint: (endpoint ?? serviceOrigin).replace(/\/*$/, ''),
    };
  }

  function look(): View {
    calls.look();
    const now = Date.now();
    const address = new URL(location.href);
    const around = readSurroundings();
    const tags = findTags(document, around.runningKey);
    const [tag] = tags;
    const { partnerKey, endpoint } = target(tag, around.runningKey);
    const stored = readStored(partnerKey);
    const consentSeen = calls.consentSeen();
    const isHeld = tag?.settings.consent.value === 'required' && !consentSeen;
    const entries = outbox(stored, calls.withdrawalSeen()).map((entry) => ({
      ...entry,
      isAskable: entry.message !== undefined && entry.state !== 'proven' && !isHeld,
      isAsked: asked.has(entry.key),
      answer: answers.get(entry.key),
    }));
    const { privacyControl } = around;
    const landing = { address, referrer: document.referrer, now, privacyControl, consentSeen };
    const passage = probing.passage();
    return {
      now,
      page: address.origin + address.pathname,
      partnerKey,
      endpoint,
      passage,
      entries,
      calls: calls.list(),
      referral: tag ? readReferral(tag.settings, stored, landing) : { live: undefined, reasons: [] },
      settings: tag ? Object.values(tag.settings) : [],
      findings: gather([
        ...judgeSurroundings(around, tags, consentSeen),
        ...(tag ? judgeSettings(tag, address, now) : []),
        ...judgePassage(passage),
        ...judgeOutbox(entries, now),
        ...judgeReceipts(calls.list()),
      ]),
    };
  }

  return {
    look,
    askAgain() {
      const { runningKey } = readSurroundings();
      const { endpoint, partnerKey } = target(findTags(document, runningKey)[0], runningKey);
      void probing.ask(endpoint, partnerKey);
    },
    async askFor({ key, message = '' }) {
      const { endpoint } = look();
      asked.add(key);
      changed();
      const answer = await askForProof(endpoint, message);
      answers.set(key, answer);
      asked.delete(key);
      changed();
      return answer;
    },
    stop() {
      calls.stop();
      violations.stop();
    },
  };
}
