import type { Finding } from '../finding.ts';
import { judgeEndpoint } from './endpoint.ts';
import { judgeKey } from './key.ts';
import { judgePurchaseOptions } from './purchase.ts';
import { judgeReferralOptions } from './referral.ts';
import { judgeSpelling } from './spelling.ts';
import type { Tag } from './tag.ts';

/** All that is wrong with the tag's settings, on a page of that address at that time. */
export function judgeSettings(tag: Tag, page: URL, now: number): Finding[] {
  const { settings } = tag;
  return [
    ...judgeKey(settings),
    ...judgeSpelling(tag),
    ...judgeEndpoint(settings, page),
    ...judgePurchaseOptions(settings, now),
    ...judgeReferralOptions(settings, page),
  ];
}
