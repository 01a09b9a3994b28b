import type { Provider, Service } from './service.ts';

/** A row as the service shows it to its provider. */
export type Row = Record<string, unknown>;

/** What the marketplace recorded for one provider, read back as the provider reads it. */
export interface Ledger {
  /** All but the rejections, newest first. */
  rows(): Promise<Row[]>;
  purchases(): Promise<Row[]>;
  signups(): Promise<Row[]>;
  visits(): Promise<Row[]>;
  clicks(): Promise<Row[]>;
  rejections(): Promise<Row[]>;
}

export function createLedger(service: Service, provider: Provider): Ledger {
  async function read(path: string): Promise<Row[]> {
    const response = await fetch(`${service.baseUrl}${path}`, {
      headers: { authorization: `Bearer ${provider.secret}` },
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    const { items }: { items: Row[] } = JSON.parse(await response.text());
    return items;
  }
  return {
    rows: () => read('/api/SaasTrackings?limit=1000'),
    purchases: () => read('/api/SaasTrackings?event=purchase'),
    signups: () => read('/api/SaasTrackings?event=signup'),
    visits: () => read('/api/SaasTrackings?event=visit'),
    clicks: () => read('/api/clicks'),
    rejections: () => read('/api/rejections'),
  };
}
