import { expect, test } from 'vitest';
import { createProviderLookup } from '../../../src/marketplace/providers/lookup.ts';
import type { Provider } from '../../../src/marketplace/store/providers.ts';

function createProvider(partnerKey: string): Provider {
  return {
    id: 1,
    partnerKey,
    name: partnerKey,
    origins: [],
    minimumLevel: 'unsigned',
    disabled: false,
    provisionUrl: undefined,
    idempotent: false,
    secrets: [],
  };
}

/** A lookup in a store that counts what it is asked. */
function startLookup(maxRemembered?: number) {
  const asked = { version: 0, providers: [] as string[] };
  const state = { now: 1_000_000, version: 1, isAway: false };
  const answer = <Value>(value: Value) =>
    state.isAway ? Promise.reject(new Error('away')) : Promise.resolve(value);
  const find = (key: string) => {
    asked.providers.push(key);
    return answer(key.startsWith('unknown') ? undefined : createProvider(key));
  };
  const lookup = createProviderLookup(
    {
      readSettingsVersion: () => {
        asked.version++;
        return answer(state.version);
      },
      findProvider: find,
      findProviderByKeyId: find,
    },
    () => state.now,
    maxRemembered,
  );
  return { asked, state, lookup };
}

test('however many providers there are, they are read once, and only whether anything has changed is asked on', async () => {
  const { asked, state, lookup } = startLookup();
  const keys = Array.from({ length: 1_000 }, (_, index) => `pk_${index}`);
  for (let round = 0; round < 3; round++) {
    for (const key of keys) expect((await lookup.byPartnerKey(key))?.partnerKey).toBe(key);
    expect(await lookup.byPartnerKey('unknown')).toBeUndefined();
    state.now += 500;
  }
  expect(asked).toEqual({ version: 3, providers: [...keys, 'unknown'] });
});

test('once anything has changed, everything is read anew', async () => {
  const { asked, state, lookup } = startLookup();
  const find = async () => [await lookup.byPartnerKey('pk'), await lookup.byKeyId('id')];
  await find();
  state.version++;
  state.now += 499;
  await find();
  expect(asked.providers).toEqual(['pk', 'id']);
  state.now += 1;
  await find();
  expect(asked).toEqual({ version: 2, providers: ['pk', 'id', 'pk', 'id'] });
});

test('what can’t be asked any more is not trusted, and asked again by the next', async () => {
  const { asked, state, lookup } = startLookup();
  await lookup.byPartnerKey('pk');
  state.isAway = true;
  expect(await lookup.byPartnerKey('pk')).toBeDefined();
  state.now += 500;
  await expect(lookup.byPartnerKey('pk')).rejects.toThrow('away');
  state.isAway = false;
  expect(await lookup.byPartnerKey('pk')).toBeDefined();
  expect(asked).toEqual({ version: 3, providers: ['pk'] });
});

test('a provider that couldn’t be read is read by the next', async () => {
  const { asked, state, lookup } = startLookup();
  await lookup.byPartnerKey('pk');
  state.isAway = true;
  await expect(lookup.byPartnerKey('pk_2')).rejects.toThrow('away');
  state.isAway = false;
  expect(await lookup.byPartnerKey('pk_2')).toBeDefined();
  expect(asked.providers).toEqual(['pk', 'pk_2', 'pk_2']);
});

test('whatever the number says and the clock does, nothing is trusted for more than a minute', async () => {
  const { asked, state, lookup } = startLookup();
  await lookup.byPartnerKey('pk');
  state.now += 59_999;
  await lookup.byPartnerKey('pk');
  expect(asked.providers).toEqual(['pk']);
  state.now += 1;
  await lookup.byPartnerKey('pk');
  state.now -= 1;
  await lookup.byPartnerKey('pk');
  expect(asked.providers).toEqual(['pk', 'pk', 'pk']);
});

test('of more than it remembers, those go that were sought longest ago', async () => {
  const { asked, lookup } = startLookup(3);
  await lookup.byPartnerKey('pk_old');
  await lookup.byPartnerKey('pk_sought');
  await lookup.byPartnerKey('unknown');
  await lookup.byPartnerKey('pk_sought');
  await lookup.byPartnerKey('pk_new');
  asked.providers.length = 0;
  for (const key of ['pk_sought', 'pk_new', 'pk_old']) await lookup.byPartnerKey(key);
  expect(asked.providers).toEqual(['pk_old']);
});
