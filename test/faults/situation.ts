import type { Purchase, Receipt } from '../../src/pixel/types.ts';
import type { EngineName } from '../engines/engine.ts';
import type { Row } from '../support/ledger.ts';
import type { TagAttributes } from '../support/tag.ts';
import type { Library } from './libraries.ts';
import type { Step } from './steps.ts';

/** How the pages with the tag are made. They have in this order: what runs before, libraries, the stub, calls, the tag. */
export interface PageParts {
  headers?: Record<string, string>;
  /** Runs in the page before all else, from its source text. It is given the partner key. */
  before?: (partnerKey: string) => void;
  /** Loaded before the page's own doings are over, so their globals are the page's. */
  libraries?: Library[];
  /** The page's own scripts change its document, so that nobody can say what the tag has changed. */
  changesItself?: true;
  stub?: string;
  /** A script that runs between the stub and the tag. */
  calls?: string;
  attributes?: TagAttributes;
  /** How the tag is put into the page; as it is otherwise. Beside it there may be HTML that names the stranger. */
  put?: (tag: string, stranger: string) => string;
  /** The origin of a site that is none of the provider's, and that the pixel may send nothing to; every scene has it. */
  stranger?: string;
}

/** All that has to be true at the end. */
export interface Outcome {
  /** As it stands in docs/faults.md. */
  says: string;
  visits?: number | 'some or none';
  /** Each with the fields that matter. */
  purchases?: Row[];
  signups?: Row[];
  rejections?: number | 'some';
  /** What waits still when all is over; nothing otherwise. */
  waiting?: number;
  /** What is stored beside the pixel's own: the page's, or what stands in for a cookie. */
  stored?: RegExp;
  /** Not even the referral may be stored. */
  storesNothing?: true;
}

/** One row of the table. */
export interface Situation {
  /** "A purchase arrives once where ..." */
  name: string;
  page?: PageParts;
  /** A landing and a purchase otherwise. */
  steps?: Step[];
  /** Once, see outcomes.ts, otherwise. */
  outcome?: Outcome;
  /**
   * What becomes of it is for the engine to say: what it keeps, sends when a page goes, allows, or asks for again by
   * itself; not where the page's own scripts stand in for the browser. Only such rows are played in Firefox and WebKit by
   * each `npm test`; the others by `npm run soak`.
   */
  engineDecides?: true;
  /** See Needs. */
  keptPages?: true;
  /** Why an engine can't show it. */
  cannot?: Partial<Record<EngineName, string>>;
}

export interface Theme {
  name: string;
  /** Said of each of its situations. */
  engineDecides?: true;
  situations: Situation[];
}

export type { Purchase, Receipt };
