import { tryBeacon } from './beacon.ts';
import { tryImage } from './image.ts';
import { asking, type Passage, type Way } from './passage.ts';
import { askService } from './service.ts';
import type { Violations } from './violations.ts';

export interface Probing {
  /** As far as it is known by now. */
  passage(): Passage;
  /** Asks by every way, anew. */
  ask(endpoint: string, partnerKey: string): Promise<void>;
}

export function createProbing(violations: Violations, changed: () => void): Probing {
  let passage: Passage = { service: asking, beacon: asking, image: asking };

  return {
    passage: () => passage,
    async ask(endpoint, partnerKey) {
      passage = { service: asking, beacon: asking, image: asking };
      changed();
      const tell = async (way: keyof Passage, answer: Promise<Way>) => {
        passage = { ...passage, [way]: await answer.catch(cannotAsk) };
        changed();
      };
      await tell('service', askService(endpoint, partnerKey, violations));
      // One after the other: each finds the violation that is its own.
      await tell('image', tryImage(endpoint, partnerKey, violations));
      await tell('beacon', tryBeacon(endpoint, partnerKey, violations));
    },
  };
}

function cannotAsk(error: unknown): Way {
  return { outcome: 'unknown', saw: `It cannot be asked: ${String(error)}` };
}
