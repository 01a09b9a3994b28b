import { bearer } from './purchase.ts';

/** Of all the purchases of the secret's provider, newest first. */
export async function listOrderIds(baseUrl: string, secret: string): Promise<string[]> {
  const orderIds: string[] = [];
  let next: string | null = '';
  while (next !== null) {
    const cursor: string = next && `&cursor=${next}`;
    const response = await fetch(`${baseUrl}/api/SaasTrackings?limit=1000${cursor}`, {
      headers: bearer(secret),
    });
    const page = (await response.json()) as { items: { orderId: string }[]; next: string | null };
    orderIds.push(...page.items.map(({ orderId }) => orderId));
    next = page.next;
  }
  return orderIds;
}
