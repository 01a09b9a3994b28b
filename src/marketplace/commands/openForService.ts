import { createMeanwhileApp, type MeanwhileParts } from '../meanwhile.ts';
import { type Lister, openLister } from '../reading/lister.ts';
import { type ServeSettings, serveUntilOpen } from '../serve.ts';
import { StoreUnavailableError } from '../store/errors.ts';
import { openDatabase } from '../store/open.ts';
import { openSpool, type Spool } from '../store/spool.ts';
import type { Store } from '../store/store.ts';
import { cannotOpen, messageOf, spoolOf } from './command.ts';

/** What the service runs on. */
export interface Opened {
  store: Store;
  lister: Lister;
  spool: Spool | undefined;
  /** Ends what has answered until now, if there is anything. */
  beforeListening: () => Promise<void>;
  close: () => Promise<void>;
}

export interface OpenParts extends Pick<MeanwhileParts, 'script' | 'panel' | 'log'> {
  settings: ServeSettings;
  signal: Promise<unknown>;
  database: string;
  /** Folder of the spool; beside a SQLite file, or ./data/spool, where it is left out. */
  spool?: string | undefined;
  warn: (text: string) => void;
}

/**
 * Opens spool and database. Where the database is away, and the spool knows where links lead, these are answered until it
 * is back.
 *
 * @returns undefined where the service was told to end before
 * @throws CommandFailure where the database can't be opened, ListenError where an address can't be listened at
 */
export async function openForService(parts: OpenParts): Promise<Opened | undefined> {
  const spool = openSpoolIfCan(parts);
  try {
    const found = await openWhenThere(parts, spool);
    if (!found) spool?.close();
    return found && openedWith(parts.database, { spool, ...found });
  } catch (error) {
    spool?.close();
    throw error;
  }
}

function openedWith(
  database: string,
  { store, spool, beforeListening }: Pick<Opened, 'store' | 'spool' | 'beforeListening'>,
): Opened {
  const lister = openLister(database, store);
  return {
    store,
    lister,
    spool,
    beforeListening,
    async close() {
      // Where the service didn't come to listen, it would answer on.
      await beforeListening();
      await lister.close();
      await store.close();
      spool?.close();
    },
  };
}

function openSpoolIfCan({ database, spool, warn }: OpenParts): Spool | undefined {
  const folder = spool ?? spoolOf(database);
  try {
    return openSpool(folder);
  } catch (error) {
    warn(
      `Nothing can be kept in ${folder}, so clicks on links are lost while the database is away: ${messageOf(error)}`,
    );
    return undefined;
  }
}

async function openWhenThere(
  { settings, script, panel, log, signal, database, warn }: OpenParts,
  spool: Spool | undefined,
): Promise<Pick<Opened, 'store' | 'beforeListening'> | undefined> {
  const open = () => openDatabase(database);
  try {
    return { store: await open(), beforeListening: async () => undefined };
  } catch (error) {
    const failure = cannotOpen(database, error);
    if (!spool || !(error instanceof StoreUnavailableError)) throw failure;
    const app = await createMeanwhileApp({ ...settings, script, panel, spool, reason: error, log });
    if (!app) throw failure;
    warn(`${failure.message}. Until it is, links lead where they last led, and all else is 503.`);
    const found = await serveUntilOpen(app, { settings, open, signal });
    return found && { store: found.opened, beforeListening: found.end };
  }
}
