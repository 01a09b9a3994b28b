import { hashOfKey } from '../../../src/marketplace/operators/token.ts';
import type { Capability } from '../../../src/marketplace/store/schema.ts';
import type { Provider, Service } from './service.ts';

/** What a page has come to. */
export interface Visited {
  status: number;
  headers: Headers;
  text: string;
}

/** A browser as far as forms need one: it keeps cookies, says where it comes from, and follows no redirect. */
export function createBrowser({ baseUrl }: Pick<Service, 'baseUrl'>) {
  const cookies = new Map<string, string>();

  async function request(path: string, init: RequestInit = {}): Promise<Visited> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(baseUrl + path, {
      redirect: 'manual',
      ...init,
      headers: { 'sec-fetch-site': 'same-origin', ...(cookie && { cookie }), ...init.headers },
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') cookies.delete(name);
      else cookies.set(name, value);
    }
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  return {
    cookies,
    send: request,
    get: (path: string, headers: Record<string, string> = {}) => request(path, { headers }),
    /** Sends a form. */
    post: (path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}) =>
      request(path, { method: 'POST', headers, body: new URLSearchParams(fields) }),
  };
}
export type Browser = ReturnType<typeof createBrowser>;

/** Signs a browser in as an operator, who is made for it. */
export async function signInOperator(service: Service, name: string): Promise<Browser> {
  const createdAt = service.time.now;
  const operatorId = await service.store.addOperator({ name, createdAt });
  const token = `link of ${name}`;
  await service.store.addSignInLink({
    hash: hashOfKey(token),
    owner: { operatorId },
    can: [],
    expiresAt: createdAt + 60_000,
  });
  const browser = createBrowser(service);
  await browser.post('/console/sign-in', { token });
  return browser;
}

/** Signs a browser in as a provider, by a link that allows so much. */
export async function signInProvider(
  service: Service,
  { partnerKey }: Pick<Provider, 'partnerKey'>,
  can: readonly Capability[] = ['view', 'replay', 'rotate'],
): Promise<Browser> {
  const provider = await service.store.findProvider(partnerKey);
  const token = `link of ${partnerKey} for ${can.join()}`;
  await service.store.addSignInLink({
    hash: hashOfKey(token),
    owner: { providerId: provider?.id ?? 0 },
    can,
    expiresAt: service.time.now + 60_000,
  });
  const browser = createBrowser(service);
  await browser.post('/provider/sign-in', { token });
  return browser;
}
