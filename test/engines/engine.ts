/** One tab of a living browser. Whatever it does is done in the page itself, as the page's own scripts do. */
export interface Tab {
  /** Resolves when the document is parsed; scripts and pictures may be under way still. */
  goto(address: string): Promise<void>;
  /** Runs the function in the page; what it is given and gives is JSON. A promise is waited for. */
  run<Result, Given>(source: (given: Given) => Result | Promise<Result>, given?: Given): Promise<Result>;
  /**
   * The address of the page that is shown; empty while there is none to ask. Who waits for a page to give way to another asks
   * for this: WebKit may leave a script unanswered for ever that is asked for as its page goes into the back/forward cache.
   */
  address(): Promise<string>;
  reload(): Promise<void>;
  back(): Promise<void>;
  /** Closes it as a person does, in a browser that lives on: what the page has handed over may leave. */
  close(): Promise<void>;
}

/** The tabs of one test. They share cookies and storage; no other test uses the same hosts. */
export interface Tabs {
  open(): Promise<Tab>;
  closeAll(): Promise<void>;
}

export const engineNames = ['chromium', 'firefox', 'webkit'] as const;
export type EngineName = (typeof engineNames)[number];

/** What not every program of an engine does. */
export interface Needs {
  /**
   * A page that has been left lives on, for who goes back to it, as in every browser but Chromium's headless shell, which
   * ends it and does all else in less time.
   */
  keptPages: boolean;
}

/** A running browser. */
export interface Engine {
  name: EngineName;
  startTabs(): Promise<Tabs>;
  stop(): Promise<void>;
}
