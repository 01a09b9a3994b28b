// Addresses of databases as PostgreSQL's own library takes them, with several servers in one.
import { expect, test } from 'vitest';
import { isReadable, listServers, withoutPassword } from '../../../src/marketplace/store/postgres/address.ts';

test.each([
  ['postgres://one/ledger', ['postgres://one/ledger']],
  ['postgres://one,two:5433/ledger', ['postgres://one/ledger', 'postgres://two:5433/ledger']],
  [
    'postgresql://a:p,%40w@one:1,[::1]:2,10.0.0.3/ledger?sslmode=verify-full',
    [
      'postgresql://a:p,%40w@one:1/ledger?sslmode=verify-full',
      'postgresql://a:p,%40w@[::1]:2/ledger?sslmode=verify-full',
      'postgresql://a:p,%40w@10.0.0.3/ledger?sslmode=verify-full',
    ],
  ],
  ['postgres://a:p,w@one', ['postgres://a:p,w@one']],
  [
    'postgres:///ledger?host=one,two&port=1,2',
    ['postgres:///ledger?host=one&port=1', 'postgres:///ledger?host=two&port=2'],
  ],
  [
    'postgres:///ledger?host=one,two&port=1',
    ['postgres:///ledger?host=one&port=1', 'postgres:///ledger?host=two&port=1'],
  ],
  [
    'postgres:///ledger?host=one,two',
    ['postgres:///ledger?host=one&port=', 'postgres:///ledger?host=two&port='],
  ],
  ['postgres:///ledger?host=/run/postgresql', ['postgres:///ledger?host=/run/postgresql']],
])('%s', (address, servers) => {
  expect(listServers(address)).toEqual(servers);
  expect(isReadable(address)).toBe(true);
});

test.each([
  ['postgres://a:secret@one,two:5433/ledger?sslmode=require', 'postgres://one,two:5433/ledger'],
  ['postgres://a:sec@ret@one/ledger', 'postgres://one/ledger'],
  ['postgres:///ledger?host=one&password=secret', 'postgres:///ledger'],
  ['postgres://a:sec#ret@one,two/ledger', 'postgres://…'],
  ['postgres://a:sec/ret@one/ledger', 'postgres://…'],
  ['postgres://a:b@one,two:many/ledger', 'postgres://…'],
])('%s is shown as %s', (address, shown) => {
  expect(withoutPassword(address)).toBe(shown);
});
