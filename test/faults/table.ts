import type { Theme } from './situation.ts';
import { beacons } from './situations/beacons.ts';
import { builtins } from './situations/builtins.ts';
import { calls } from './situations/calls.ts';
import { consent } from './situations/consent.ts';
import { documents } from './situations/documents.ts';
import { injection } from './situations/injection.ts';
import { journeys } from './situations/journeys.ts';
import { links } from './situations/links.ts';
import { networkFaults } from './situations/network.ts';
import { policies } from './situations/policies.ts';
import { storage } from './situations/storage.ts';
import { tag } from './situations/tag.ts';
import { time } from './situations/time.ts';

export const table: Theme[] = [
  beacons,
  networkFaults,
  storage,
  policies,
  builtins,
  tag,
  documents,
  injection,
  calls,
  journeys,
  links,
  time,
  consent,
];
