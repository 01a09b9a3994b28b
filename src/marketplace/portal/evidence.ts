import type { Level } from '../../wire/fields.ts';

/** A row of a list as far as it is looked at here, as the API presents it. */
export interface SeenRow {
  id: string;
  event: string;
  serviceName?: string;
  customerId?: string;
  orderId?: string;
  page?: string;
  receivedAt: string;
  trust: Level;
  test?: boolean;
  copies: readonly { trust: Level; receivedAt: string }[];
}

/** What a provider's set-up has to bring about, in the order in which it comes. */
export const lampNames = ['visit', 'browser', 'server', 'match'] as const;
export type LampName = (typeof lampNames)[number];

/** Lit by what has arrived, and by nothing else. */
export interface Lamp {
  name: LampName;
  /** The newest evidence; undefined while there is none. */
  lit: Evidence | undefined;
}

export interface Evidence {
  /** Of the row. */
  id: string;
  /** When the copy that shows it arrived, ISO 8601. */
  at: string;
  /** Whose it is: the order, else the customer; nothing of a visit. */
  of: string | undefined;
  isTest: boolean;
}

/** What the lamps look at. */
export interface SeenRows {
  /** The newest visits, and the newest purchases and signups. */
  visits: readonly SeenRow[];
  purchases: readonly SeenRow[];
}

/** The four lamps. */
export function lampsOf({ visits, purchases }: SeenRows): Lamp[] {
  const isBrowser = ({ trust }: { trust: Level }) => trust !== 'server';
  const isServer = ({ trust }: { trust: Level }) => trust === 'server';
  return [
    { name: 'visit', lit: newest(visits, ({ receivedAt }) => receivedAt) },
    { name: 'browser', lit: newest(purchases, ({ copies }) => latest(copies.filter(isBrowser))) },
    { name: 'server', lit: newest(purchases, ({ copies }) => latest(copies.filter(isServer))) },
    {
      name: 'match',
      lit: newest(purchases, ({ copies }) =>
        copies.some(isBrowser) && copies.some(isServer) ? latest(copies) : undefined,
      ),
    },
  ];
}

function newest(
  rows: readonly SeenRow[],
  timeOf: (row: SeenRow) => string | undefined,
): Evidence | undefined {
  const shown = rows.flatMap((row) => {
    const at = timeOf(row);
    if (at === undefined) return [];
    return { id: row.id, at, of: row.orderId ?? row.customerId, isTest: row.test === true };
  });
  return shown.toSorted((one, other) => other.at.localeCompare(one.at))[0];
}

function latest(copies: readonly { receivedAt: string }[]): string | undefined {
  return copies
    .map(({ receivedAt }) => receivedAt)
    .toSorted()
    .at(-1);
}
