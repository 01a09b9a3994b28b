import { expect, test } from 'vitest';
import {
  rejectionsPath,
  trackingPath,
  trackingPicturePath,
  updateSubscriptionPath,
} from '../../../src/wire/paths.ts';

// Pixels and backends that are out there go on using them.
test('the paths are what is published', () => {
  expect([trackingPath, trackingPicturePath, updateSubscriptionPath, rejectionsPath]).toEqual([
    '/api/SaasTrackings',
    '/api/SaasTrackings.gif',
    '/update-subscription/',
    '/api/rejections',
  ]);
});
