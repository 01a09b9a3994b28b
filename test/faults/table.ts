import type { Theme } from './situation.ts';
import { beacons } from './situations/beacons.ts';

export const table: Theme[] = [beacons];
