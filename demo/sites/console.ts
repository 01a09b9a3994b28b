import type { Faults } from '../faults.ts';
import { readLedger } from '../ledger.ts';
import type { Origins } from '../origins.ts';
import { json, plain, publicFile, seeOther } from '../responses.ts';
import type { Service } from '../service.ts';
import type { Handler } from '../web.ts';

interface ConsoleParts {
  origins: Origins;
  partnerKey: string;
  secret: string;
  faults: Faults;
  service: Service;
}

/** The page that explains: the journey in a frame, the ledger beside it, the switches below. */
export function createConsoleSite({ origins, partnerKey, secret, faults, service }: ConsoleParts): Handler {
  async function flip(request: Request): Promise<Response> {
    // Another page in this browser could post here as well.
    if (request.headers.get('origin') !== origins.console) return plain(403, 'Only the console may do this.');
    const form = new URLSearchParams(await request.text());
    const on = form.get('on') === 'true';
    const name = form.get('name');
    if (name === 'beacons' || name === 'images') faults[name] = on;
    else if (name === 'pause') await (on ? service.stop() : service.start());
    else return plain(400, 'There is no such switch.');
    return state();
  }

  /** The secret stays here: the page gets what it opens, never the key. */
  async function state(): Promise<Response> {
    const running = service.isRunning();
    const ledger = running ? await readLedger(origins.service, secret) : undefined;
    return json({ switches: { ...faults, pause: !running }, ledger: ledger ?? null });
  }

  return (request) => {
    const { pathname } = new URL(request.url);
    // The frame shares its site, and so its cookies, with the console only under this host name.
    if (`http://${request.headers.get('host')}` !== origins.console) return seeOther(`${origins.console}/`);
    switch (`${request.method} ${pathname}`) {
      case 'GET /':
        return publicFile('console', '/index.html');
      case 'GET /settings.json':
        return json({ origins, partnerKey });
      case 'GET /state.json':
        return state();
      case 'POST /switches':
        return flip(request);
      default:
        return publicFile('console', pathname);
    }
  };
}
