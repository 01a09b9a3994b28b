import {
  drop,
  foreignPicture,
  type Handling,
  pass,
  swallowAnswer,
  tooMany,
  unavailable,
} from '../support/handlings.ts';
import type { NetworkState } from './actions.ts';

export const handlings: Record<NetworkState, Handling> = {
  works: pass,
  drops: drop,
  'answers 503': unavailable,
  'answers 429': tooMany,
  'loses the answer': swallowAnswer,
  'answers with a foreign picture': foreignPicture,
};

/** Whether the service gets to see what is sent; whether the browser hears of it is another matter. */
export function delivers(network: NetworkState): boolean {
  return network === 'works' || network === 'loses the answer';
}
