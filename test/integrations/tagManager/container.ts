import type { Template } from './template.ts';

/** What a tag said in the end, and what it wrote to the console. */
export interface Fired {
  outcome: 'success' | 'failure';
  said: string[];
}

/** Tag Manager in a page, as far as its documentation says what a template meets. */
export interface Container {
  /** Fires a tag with these values of its fields; resolves when the tag has said how it went. */
  fire(data: Record<string, unknown>): Promise<Fired>;
  /** Sets types of Consent Mode, as a consent manager does. */
  updateConsent(consent: Record<string, boolean>): void;
}

/**
 * Makes a container of one template. Runs in the page, so it is all in one function. The APIs are those of
 * https://developers.google.com/tag-platform/tag-manager/templates/api, each with the permission that it asks for; a
 * call without it throws. Loopback counts as https, which the service under test doesn't speak.
 */
export function createContainer({ code, permissions }: Pick<Template, 'code' | 'permissions'>): Container {
  type Anything = (...args: unknown[]) => unknown;
  const consent: Record<string, boolean> = {};
  const listeners: [type: string, listener: Anything][] = [];
  const scripts = new Map<string, Promise<boolean>>();

  function allows(permission: string, ...context: string[]): boolean {
    const [first = '', second = ''] = context;
    if (permission === 'inject_script') return permissions.scripts.some((pattern) => matches(first, pattern));
    const rights = permission === 'access_globals' ? permissions.globals : permissions.consent;
    const found = Object.entries(rights).find(([key]) => key === (second || first))?.[1];
    return Object.entries(found ?? {}).some(([right, isGiven]) => right === first && isGiven);
  }
  function demand(permission: string, ...context: string[]): void {
    if (!allows(permission, ...context)) throw new Error(`no permission: ${permission} ${context.join(' ')}`);
  }
  // https alone, with a host and a path, in either of which a star stands for anything.
  function matches(address: string, pattern: string): boolean {
    const escaped = pattern.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*');
    return new RegExp(`^${escaped}$`).test(
      address.replace(/^http:\/\/(127\.0\.0\.1|localhost)\b/, 'https://$1'),
    );
  }
  function holderOf(path: string): [holder: object | undefined, name: string] {
    const names = path.split('.');
    const name = names.pop() ?? '';
    const holder = names.reduce<unknown>((value, key) => Reflect.get(Object(value), key), window);
    return [holder === undefined ? undefined : Object(holder), name];
  }
  function read(path: string): unknown {
    const [holder, name] = holderOf(path);
    return holder && Reflect.get(holder, name);
  }
  function write(path: string, value: unknown): void {
    const [holder, name] = holderOf(path);
    if (holder) Reflect.set(holder, name, value);
  }
  // What isn't of the sandbox's types doesn't come in: a promise, a Date, an element.
  function mapped(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return Object.getPrototypeOf(value) === Object.prototype ? value : undefined;
  }
  function load(address: string): Promise<boolean> {
    return new Promise((done) => {
      const script = document.createElement('script');
      script.async = true;
      script.src = address;
      script.onload = () => done(true);
      script.onerror = () => done(false);
      document.head.append(script);
    });
  }

  const createApis = (said: string[]): Record<string, unknown> => ({
    addConsentListener(type: string, listener: Anything) {
      demand('access_consent', 'read', type);
      listeners.push([type, listener]);
    },
    callInWindow(path: string, ...args: unknown[]) {
      demand('access_globals', 'execute', path);
      const [holder, name] = holderOf(path);
      const called = holder && Reflect.get(holder, name);
      return typeof called === 'function' ? mapped(called.apply(holder, args)) : undefined;
    },
    copyFromWindow(path: string) {
      demand('access_globals', 'read', path);
      return mapped(read(path));
    },
    createArgumentsQueue(functionPath: string, arrayPath: string) {
      for (const path of [functionPath, arrayPath]) {
        demand('access_globals', 'read', path);
        demand('access_globals', 'write', path);
      }
      const queue = function () {
        // biome-ignore lint/complexity/noArguments: it is documented to push the arguments object
        (read(arrayPath) as unknown[]).push(arguments);
      };
      write(functionPath, queue);
      if (!read(arrayPath)) write(arrayPath, []);
      return queue;
    },
    encodeUriComponent: (text: string) => encodeURIComponent(text),
    injectScript(address: string, onSuccess: Anything, onFailure: Anything, cacheToken?: string) {
      demand('inject_script', address);
      const loaded = (cacheToken && scripts.get(cacheToken)) || load(address);
      if (cacheToken) scripts.set(cacheToken, loaded);
      void loaded.then((isLoaded) => (isLoaded ? onSuccess() : onFailure()));
    },
    isConsentGranted(type: string) {
      demand('access_consent', 'read', type);
      return consent[type] !== false;
    },
    logToConsole: (...texts: unknown[]) => said.push(texts.join(' ')),
    queryPermission: allows,
  });

  return {
    fire: (data) =>
      new Promise((done, failed) => {
        const said: string[] = [];
        const apis = createApis(said);
        const require = (name: string) => {
          if (!(name in apis)) throw new Error(`no such API: ${name}`);
          return apis[name];
        };
        const given = {
          ...data,
          gtmOnSuccess: () => done({ outcome: 'success', said }),
          gtmOnFailure: () => done({ outcome: 'failure', said }),
        };
        try {
          new Function('require', 'data', `'use strict';${code}`)(require, given);
        } catch (error) {
          failed(error);
        }
      }),
    updateConsent(update) {
      for (const [type, isGranted] of Object.entries(update)) {
        // A type without a state counts as granted, so that granting it is no change.
        const before = consent[type] ?? true;
        consent[type] = isGranted;
        if (before === isGranted) continue;
        for (const [of, listener] of listeners) if (of === type) listener(type, isGranted);
      }
    },
  };
}
