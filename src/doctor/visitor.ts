import { trackingPath } from '../wire/paths.ts';
import type { Browser } from './browser.ts';
import { type Happening, numberAt, read, textAt } from './devTools.ts';

/** A message of the pixel that was to leave a page, and what came of the probe that left in its place. */
export interface Message {
  way: 'beacon' | 'image';
  fields: ReadonlyMap<string, string>;
  /** Undefined where nothing came back. */
  status: number | undefined;
}

/** What happened on a page. */
export interface Sight {
  /** Once its scripts have run. */
  html: string;
  /** Where it ended. */
  url: URL;
  messages: readonly Message[];
  /** What the pixel wrote to the console. */
  complaints: readonly string[];
  /** Of scripts that didn't come: their addresses, and the browser's reason. */
  failures: ReadonlyMap<string, string>;
  /** The texts of the scripts that it loaded, into which an optimiser may have put the pixel. */
  scripts: readonly string[];
}

/** Somebody who opens pages one after the other, with the same cookies and storage. */
export interface Visitor {
  visit(address: URL): Promise<Sight>;
  /** What the expression comes to in the page, promises awaited; undefined where it throws or takes too long. */
  ask(expression: string): Promise<unknown>;
  /** Messages since the page was opened. */
  messages(): readonly Message[];
  leave(): Promise<void>;
}

/** What may bring the pixel or make it report; pages keep other connections open for as long as they live. */
const awaitedTypes = ['Script', 'XHR', 'Fetch'];
/** A page is looked at when all of that has come and nothing more was asked of a server for so long, */
const stillMs = 700;
/** or when this is over. */
const patienceMs = 15_000;

/**
 * Opens a window of its own in the browser. No message of a pixel leaves it: a probe goes in its place, to the same address
 * by the same way, of which the service keeps nothing.
 */
export async function openVisitor({ devTools }: Browser): Promise<Visitor> {
  const { send } = devTools;
  const messages: Message[] = [];
  const complaints: string[] = [];
  const failures = new Map<string, string>();
  const scriptRequests = new Map<string, string>();
  const asked = new Map<string, Message>();
  /** Requests, and the document that each is for. */
  const pending = new Map<string, string | undefined>();
  let lastActivityMs = Date.now();
  let isLoaded = false;

  // Of the whole browser, so that no frame, worker or page that ends gets past it.
  const urlPattern = `*${trackingPath}*`;
  const stages = ['Request', 'Response'].map((requestStage) => ({ urlPattern, requestStage }));
  await send('Fetch.enable', { patterns: stages });
  const endReplacing = devTools.listen('Fetch.requestPaused', (paused, sessionId) => {
    lastActivityMs = Date.now();
    // A page that is gone takes its requests with it.
    replace(paused, sessionId).catch(() => undefined);
  });

  async function replace(paused: Happening, sessionId: string | undefined): Promise<void> {
    const requestId = textAt(paused, 'requestId') ?? '';
    const status = numberAt(paused, 'responseStatusCode');
    const failure = textAt(paused, 'responseErrorReason');
    if (status !== undefined || failure !== undefined) {
      const message = asked.get(requestId);
      if (message) message.status = status;
      await send('Fetch.continueRequest', { requestId }, sessionId);
      return;
    }
    const url = textAt(paused, 'request', 'url') ?? '';
    const method = textAt(paused, 'request', 'method');
    const isPost = method === 'POST';
    const query = isPost ? (textAt(paused, 'request', 'postData') ?? '') : (url.split('?')[1] ?? '');
    const fields = new Map(new URLSearchParams(query));
    const message: Message = { way: isPost ? 'beacon' : 'image', fields, status: undefined };
    asked.set(requestId, message);
    messages.push(message);
    const probe = query.startsWith('probe=')
      ? query
      : `probe=${encodeURIComponent(fields.get('partnerKey') ?? '')}&sent=${Date.now()}`;
    const type = textAt(paused, 'request', 'headers', 'Content-Type') ?? '';
    if (isPost && !/x-www-form-urlencoded/i.test(type)) {
      // Only a form can be a probe.
      await send('Fetch.fulfillRequest', { requestId, responseCode: 204 }, sessionId);
      message.status = 204;
      return;
    }
    const changed = isPost
      ? { postData: Buffer.from(probe).toString('base64') }
      : { url: `${url.split('?')[0]}?${probe}` };
    await send('Fetch.continueRequest', { requestId, ...changed }, sessionId);
  }

  const { browserContextId } = await send('Target.createBrowserContext');
  const target = await send('Target.createTarget', { url: 'about:blank', browserContextId });
  // That of its main frame as well.
  const targetId = textAt(target, 'targetId');
  const sessionId = textAt(await send('Target.attachToTarget', { targetId, flatten: true }), 'sessionId');
  const tell = (method: string, parameters?: object) => send(method, parameters, sessionId);
  const listen = (method: string, listener: (happening: Happening) => void) =>
    devTools.listen(method, (happening, of) => {
      if (of === sessionId) listener(happening);
    });

  listen('Page.loadEventFired', () => {
    isLoaded = true;
    lastActivityMs = Date.now();
  });
  listen('Page.frameNavigated', (navigated) => {
    if (textAt(navigated, 'frame', 'id') !== targetId) return;
    // A document that another takes the place of leaves requests behind, of which nothing is told any more.
    const document = textAt(navigated, 'frame', 'loaderId');
    for (const [requestId, of] of pending) if (of !== document) pending.delete(requestId);
  });
  listen('Network.requestWillBeSent', (sent) => {
    lastActivityMs = Date.now();
    const address = textAt(sent, 'request', 'url');
    const requestId = textAt(sent, 'requestId') ?? '';
    const type = textAt(sent, 'type') ?? '';
    if (awaitedTypes.includes(type)) pending.set(requestId, textAt(sent, 'loaderId'));
    // A frame's scripts are none of this page's.
    const isOwn = textAt(sent, 'frameId') === targetId;
    if (type === 'Script' && address && isOwn) scriptRequests.set(requestId, address);
  });
  const settle = (requestId = '') => {
    if (pending.delete(requestId)) lastActivityMs = Date.now();
  };
  listen('Network.loadingFinished', (finished) => settle(textAt(finished, 'requestId')));
  listen('Network.loadingFailed', (failed) => {
    settle(textAt(failed, 'requestId'));
    const address = scriptRequests.get(textAt(failed, 'requestId') ?? '');
    const reason = textAt(failed, 'blockedReason') ?? textAt(failed, 'errorText') ?? 'it failed';
    if (address) failures.set(address, reason);
  });
  listen('Runtime.consoleAPICalled', (called) => {
    const values = read(called, 'args');
    const texts = Array.isArray(values)
      ? values.map((value) => textAt(value, 'value') ?? textAt(value, 'description') ?? '')
      : [];
    if (texts[0]?.startsWith('onramp:')) complaints.push(texts.join(' '));
  });
  // A dialog would hold the page up.
  listen('Page.javascriptDialogOpening', () => {
    tell('Page.handleJavaScriptDialog', { accept: true }).catch(() => undefined);
  });
  await Promise.all([tell('Page.enable'), tell('Network.enable'), tell('Runtime.enable')]);

  async function ask(expression: string): Promise<unknown> {
    try {
      const parameters = { expression, awaitPromise: true, returnByValue: true };
      return read(await tell('Runtime.evaluate', parameters), 'result', 'value');
    } catch {
      return undefined;
    }
  }

  async function untilStill(): Promise<void> {
    const startedMs = Date.now();
    while (Date.now() - startedMs < patienceMs) {
      if (isLoaded && pending.size === 0 && Date.now() - lastActivityMs > stillMs) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async function readScripts(): Promise<string[]> {
    const texts = [...scriptRequests].map(async ([requestId]) => {
      const body = await tell('Network.getResponseBody', { requestId }).catch(() => undefined);
      return textAt(body, 'body') ?? '';
    });
    return Promise.all(texts);
  }

  return {
    ask,
    messages: () => messages,
    async visit(address) {
      messages.length = 0;
      complaints.length = 0;
      failures.clear();
      scriptRequests.clear();
      pending.clear();
      isLoaded = false;
      lastActivityMs = Date.now();
      const failure = textAt(await tell('Page.navigate', { url: address.href }), 'errorText');
      if (failure) throw new Error(failure);
      await untilStill();
      const root = await tell('DOM.getDocument', { depth: 0 });
      const { outerHTML } = await tell('DOM.getOuterHTML', { nodeId: numberAt(root, 'root', 'nodeId') });
      const history = await tell('Page.getNavigationHistory');
      const entries = read(history, 'entries');
      const entry = Array.isArray(entries) ? entries[numberAt(history, 'currentIndex') ?? 0] : undefined;
      return {
        html: typeof outerHTML === 'string' ? outerHTML : '',
        url: new URL(textAt(entry, 'url') ?? address.href),
        messages: [...messages],
        complaints: [...complaints],
        failures: new Map(failures),
        scripts: await readScripts(),
      };
    },
    async leave() {
      // What the pixel sends as the page ends is a probe as well, while somebody listens.
      await tell('Page.navigate', { url: 'about:blank' });
      await untilStill();
      await send('Target.disposeBrowserContext', { browserContextId });
      endReplacing();
    },
  };
}
