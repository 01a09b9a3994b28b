import { appendFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openSpool } from '../../../src/marketplace/store/spool.ts';
import { temporaryFolder } from '../support/files.ts';
import { patience } from '../support/patience.ts';
import { startMs, startService } from '../support/service.ts';
import { smallDisk } from '../support/smallDisk.ts';

const click = (number: number) => ({
  kind: 'click' as const,
  id: `01980000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  providerId: 1,
  listing: 'acme',
  campaign: undefined,
  referral: String(number),
  clickedAt: 0,
  isBot: false,
});
const referralsIn = (spool: ReturnType<typeof openSpool>) =>
  spool.read(0, 1_000_000).map(({ click: { referral } }) => referral);

describe('a spool', () => {
  test('is one process’s own, and those of ended ones go to the next that begins', async () => {
    const folder = join(await temporaryFolder(), 'spool');
    const [one, other] = [openSpool(folder), openSpool(folder)];
    expect(statSync(join(folder, 'clicks-1.db')).mode & 0o777).toBe(0o600);
    one.add(click(1));
    one.add(click(2));
    other.add(click(3));
    expect([referralsIn(one), referralsIn(other)]).toEqual([['1', '2'], ['3']]);
    one.keepKnown('listings', '[]');
    one.close();
    other.close();
    writeFileSync(join(folder, 'clicks-3.db'), 'what no program of ours has written'.repeat(100));
    const next = openSpool(folder);
    expect([next.takeOver(), next.takeOver()]).toEqual([true, false]);
    expect(referralsIn(next)).toEqual(['1', '2', '3']);
    expect([next.clicks, next.known('listings')]).toEqual([3, '[]']);
    expect(readdirSync(folder).filter((name) => name.endsWith('.db'))).toEqual([
      'clicks-1.db',
      'clicks-3.db',
    ]);
    next.remove(next.read(0, 2));
    expect(referralsIn(next)).toEqual(['3']);
    next.close();
  });

  test('is full at its bound, and has room again once it is emptied', async () => {
    const spool = openSpool(await temporaryFolder(), 128 * 1024);
    let added = 0;
    const fill = () => {
      for (;;) spool.add(click(added++));
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
    expect(spool.clicks).toBeGreaterThan(200);
    expect(spool.bytes).toBeLessThanOrEqual(128 * 1024);
    spool.remove(spool.read(0, added));
    expect(spool.bytes).toBeLessThan(64 * 1024);
    spool.add(click(0));
    expect(spool.clicks).toBe(1);
    spool.close();
  });
});

test('what full spools of ended processes hold is all written, and their files go', async () => {
  const folder = await temporaryFolder();
  const open = () => openSpool(folder, 128 * 1024);
  const { store, database, addProvider } = await startService();
  await addProvider();
  let added = 0;
  const full = [open(), open(), open()];
  for (const spool of full) {
    const fill = () => {
      for (;;) {
        const referral = store.mintReferral({ providerId: 1, clickedAt: startMs, isForTests: false });
        spool.add({ ...click(added), referral, clickedAt: startMs });
        added++;
      }
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'SQLITE_FULL' }));
  }
  for (const spool of full) spool.close();

  const spool = open();
  onTestFinished(() => spool.close());
  await startService({ database, spool });
  await expect
    .poll(() => readdirSync(folder).filter((name) => name.endsWith('.db')), patience)
    .toEqual(['clicks-1.db']);
  await expect.poll(() => spool.clicks, patience).toBe(0);
  expect(added).toBeGreaterThan(600);
  expect(await store.listClicks({ limit: 10_000 })).toHaveLength(added);
});

describe('a link leads on, and its click is in the ledger afterwards', () => {
  async function startLinked(database?: string) {
    const spool = openSpool(await temporaryFolder());
    const service = await startService({ spool, database, maxLinkWaitMs: 1_000 });
    onTestFinished(() => spool.close());
    const acme = await service.addProvider();
    await acme.addListing('acme');
    const follow = async () => (await service.send('/go/acme')).status;
    const clicked = async () => (await acme.clicks()).length;
    return { service, spool, follow, clicked };
  }

  test('where another process has locked the file', async () => {
    const { service, spool, follow, clicked } = await startLinked();
    const other = new Database(service.database);
    onTestFinished(() => void other.close());
    other.exec('begin immediate');
    expect(await follow()).toBe(302);
    expect(spool.clicks).toBe(1);
    other.exec('commit');
    await expect.poll(() => spool.clicks, patience).toBe(0);
    expect(await clicked()).toBe(1);
  });

  test('where the disk is full', async ({ skip }) => {
    const disk = await smallDisk(4);
    if (!disk) return skip('this user may not mount a file system');
    const { spool, follow, clicked } = await startLinked(join(disk, 'ledger.db'));
    const filler = join(disk, 'filler');
    const fill = () => {
      for (;;) appendFileSync(filler, Buffer.alloc(4096));
    };
    expect(fill).toThrow(expect.objectContaining({ code: 'ENOSPC' }));
    let follows = 0;
    // A few still fit into what the log has left.
    await expect
      .poll(async () => {
        expect(await follow()).toBe(302);
        follows++;
        return spool.clicks;
      }, patience)
      .toBeGreaterThan(0);
    rmSync(filler);
    await expect.poll(() => spool.clicks, patience).toBe(0);
    expect(await clicked()).toBe(follows);
  });
});
