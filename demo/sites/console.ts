import { type Faults, isFault } from '../faults.ts';
import { readLedger } from '../ledger.ts';
import type { Origins } from '../origins.ts';
import { json, plain, publicFile, seeOther } from '../responses.ts';
import type { Service } from '../service.ts';
import type { Handler } from '../web.ts';
import { consolePage } from './consolePage.ts';
import type { Backend } from './provider/backend.ts';
import type { Books } from './provider/orders.ts';

interface ConsoleParts {
  origins: Origins;
  partnerKey: string;
  secret: string;
  faults: Faults;
  service: Service;
  backend: Backend;
  books: Books;
  /** As a person at the marketplace has an order that waits sent once more. */
  retryOrder: (id: string) => Promise<void>;
}

/** The pages that explain: a journey in a frame, what the marketplace has of it beside it, the switches below. */
export function createConsoleSite(parts: ConsoleParts): Handler {
  const { origins, partnerKey, secret, faults, service, backend, books, retryOrder } = parts;

  async function act(
    request: Request,
    change: (form: URLSearchParams) => Promise<boolean>,
  ): Promise<Response> {
    // Another page in this browser could post here as well.
    if (request.headers.get('origin') !== origins.console) return plain(403, 'Only the console may do this.');
    const isDone = await change(new URLSearchParams(await request.text()));
    return isDone ? state() : plain(400, 'There is nothing to be done.');
  }

  async function flip(form: URLSearchParams): Promise<boolean> {
    const on = form.get('on') === 'true';
    const name = form.get('name') ?? '';
    if (isFault(name, faults)) faults[name] = on;
    else if (name === 'pause') await (on ? service.stop() : service.start());
    else if (name === 'down') await (on ? backend.stop() : backend.start());
    else return false;
    return true;
  }

  async function retry(form: URLSearchParams): Promise<boolean> {
    return await retryOrder(form.get('order') ?? '').then(
      () => true,
      () => false,
    );
  }

  /** The secret stays here: the page gets what it opens, never the key. */
  async function state(): Promise<Response> {
    const running = service.isRunning();
    const ledger = running ? await readLedger(origins.service, secret) : undefined;
    const switches = { ...faults, pause: !running, down: !backend.isRunning() };
    const accounts = books.customers().filter(({ cameBy }) => cameBy === 'order form');
    return json({ switches, ledger: ledger ?? null, accounts });
  }

  return async (request) => {
    const { pathname } = new URL(request.url);
    // The frame shares its site, and so its cookies, with the console only under this host name.
    if (`http://${request.headers.get('host')}` !== origins.console) return seeOther(`${origins.console}/`);
    switch (`${request.method} ${pathname}`) {
      case 'GET /settings.json':
        return json({ origins, partnerKey });
      case 'GET /state.json':
        return state();
      case 'POST /switches':
        return act(request, flip);
      case 'POST /retry':
        return act(request, retry);
      default:
        return (
          (await consolePage(pathname, `${origins.marketplace}/dashboard`)) ?? publicFile('console', pathname)
        );
    }
  };
}
