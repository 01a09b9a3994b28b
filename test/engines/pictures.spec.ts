import { expect } from '@playwright/test';
import { test } from '../faults/fixtures.ts';

/** How large the pictures at the addresses are to a page, as the pixel and the panel ask it. */
async function sizesInPage(addresses: string[]): Promise<string[]> {
  const sizeOf = (address: string) =>
    new Promise<string>((resolve) => {
      const image = new Image();
      image.onload = () => {
        const { width, height, naturalWidth, naturalHeight } = image;
        resolve(`${width}x${height} ${naturalWidth}x${naturalHeight}`);
      };
      image.onerror = () => resolve('none');
      image.src = address;
    });
  return await Promise.all(addresses.map(sizeOf));
}

const title = 'each picture of the service is as large as it says, and so names what it answers';
test(title, { tag: '@engine' }, async ({ openScene }) => {
  const { tabs, service, provider, withoutTag } = await openScene();
  const tab = await tabs.open();
  await tab.goto(withoutTag);
  const times = [0, 1, 252, 253, 999];
  const addressOf = (fields: Record<string, string>) =>
    `${service.baseUrl}/api/SaasTrackings.gif?${new URLSearchParams(fields)}`;
  const expected = new Map<string, string>([
    [addressOf({ probe: provider.partnerKey }), '2x2'],
    [addressOf({ probe: 'pk_nobody' }), '2x3'],
  ]);
  for (const time of times) {
    const visit = { partnerKey: provider.partnerKey, event: 'visit', sent: `${1764547200000 + time}` };
    expected.set(addressOf(visit), `${3 + time}x1`);
    expected.set(addressOf({ ...visit, event: 'none' }), `1x${3 + time}`);
  }
  const sizes = await tab.run(sizesInPage, [...expected.keys()]);
  expect(sizes).toEqual([...expected.values()].map((size) => `${size} ${size}`));
});
