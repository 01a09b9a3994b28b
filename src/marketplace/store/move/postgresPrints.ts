import { createDigest, type Digests, hasMoneyColumns, type Print } from './digest.ts';
import { type Ask, isOfKeys, keysOf, toArrays } from './postgresSide.ts';
import type { Span } from './sides.ts';
import { encodeKey, keyColumns, type Row, type Table } from './table.ts';

/** Of all rows, added up by the server. */
export async function readDigests(ask: Ask, table: Table): Promise<Digests> {
  const digests: Digests = new Map();
  const { provider, sum, purse, amount } = wordsOf(table);
  const sums = await ask<{ provider: number; rows: number; sum: string }>(
    `select ${provider} as provider, count(*) as rows, sum(${sum})::text as sum from ${table.name} group by 1`,
  );
  for (const row of sums.rows) {
    digests.set(row.provider, { ...createDigest(), rows: row.rows, sum: BigInt(row.sum) });
  }
  const money = await ask<{ provider: number; purse: string; amount: string }>(
    `select ${provider} as provider, ${purse} as purse, sum(${amount})::text as amount
     from ${table.name} where ${purse} is not null group by 1, 2`,
  );
  for (const row of money.rows) digests.get(row.provider)?.money.set(row.purse, BigInt(row.amount));
  return digests;
}

/** By encoded key: of the rows of the keys, or of those in a span. */
export async function readPrints(
  ask: Ask,
  table: Table,
  sought: readonly Row[] | Span,
): Promise<Map<string, Print>> {
  const { from, values } = 'upTo' in sought ? inSpan(table, sought) : ofKeys(table, sought);
  const { provider, sum, purse, amount } = wordsOf(table);
  const keys = table.key.map((name) => `${table.name}.${name}`);
  const { rows } = await ask<Record<string, Row[number]> & Found>(
    `select ${keys}, ${provider} as print_provider, ${sum}::text as print_sum, ${purse} as print_purse,
       ${amount}::text as print_amount from ${from}`,
    values,
  );
  return new Map(
    rows.map((row) => [
      encodeKey(table.key.map((name) => row[name] ?? null)),
      {
        provider: row.print_provider,
        sum: BigInt(row.print_sum),
        purse: row.print_purse ?? undefined,
        amount: BigInt(row.print_amount ?? 0),
      },
    ]),
  );
}

interface Found {
  print_provider: number;
  print_sum: string;
  print_purse: string | null;
  print_amount: string | null;
}

function ofKeys(table: Table, keys: readonly Row[]) {
  return {
    from: `${table.name} join ${keysOf(table)} on ${isOfKeys(table)}`,
    values: toArrays(keyColumns(table), keys),
  };
}

function inSpan(table: Table, { after, upTo }: Span) {
  const values = [...(after ?? []), ...(upTo ?? [])];
  const parameters = (first: number) => table.key.map((_, index) => `$${first + index}`);
  const bounds = [
    ...(after ? [`(${table.key}) > (${parameters(1)})`] : []),
    ...(upTo ? [`(${table.key}) <= (${parameters(1 + (after?.length ?? 0))})`] : []),
  ];
  return { from: `${table.name}${bounds.length > 0 ? ` where ${bounds.join(' and ')}` : ''}`, values };
}

/** SQL for a row's print, as createPrinter makes it. */
function wordsOf(table: Table) {
  const { name, columns } = table;
  const isThere = (sought: string) => columns.some((column) => column.name === sought);
  const parts = columns.map((column) => {
    const value = `${name}.${column.name}`;
    const text = column.kind === 'bytes' ? `encode(${value}, 'hex')` : `${value}::text`;
    return `coalesce(',' || octet_length(${text}) || ':' || ${text}, ',-')`;
  });
  const bytes = `convert_to('${name}' || ${parts.join(' || ')}, 'UTF8')`;
  const isMoney = hasMoneyColumns(table);
  return {
    provider: isThere('provider_id') ? `coalesce(${name}.provider_id, 0)::bigint` : '0::bigint',
    sum: `('x' || left(encode(sha256(${bytes}), 'hex'), 16))::bit(64)::bigint`,
    purse: isMoney
      ? `case when ${name}.amount is not null then ${name}.event || ' ' || coalesce(${name}.currency, 'null') end`
      : 'null::text',
    amount: isMoney ? `trunc(${name}.amount::numeric * 1000000000)` : 'null::numeric',
  };
}
