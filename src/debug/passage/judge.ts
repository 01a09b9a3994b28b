import type { Finding } from '../finding.ts';
import { refused } from './image.ts';
import type { Passage, Way } from './passage.ts';

/** What the three ways say together: each thing that is wrong once. */
export function judgePassage({ service, image, beacon }: Passage): (Finding | undefined)[] {
  const ways = [service, image, beacon];
  const isThrough = ({ outcome }: Way) => outcome === 'through';
  // Where nothing at all comes back, it is not the image or the beacon.
  if (ways.every(({ isSilent }) => isSilent)) return [service.finding];
  return [
    // The service is there when another way reaches it: what is stopped is the question.
    service.isSilent && ways.some(isThrough) ? undefined : service.finding,
    // The service's words say more than its picture.
    isThrough(service) && image.finding === refused ? undefined : image.finding,
    beacon.finding,
  ];
}
