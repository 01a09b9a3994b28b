import type { Engine, Tab, Tabs } from '../engines/engine.ts';

/** Tabs that sequences take turns in: to start one takes longer than most of what happens in it. */
export interface TabPool {
  take(): Promise<Tab>;
  /** What its page still does, it does for a provider whose ledger nobody looks at any more. */
  giveBack(tab: Tab): void;
  /** Renews a browser that has seen many sequences, so that what they left there doesn't grow. */
  freshen(): Promise<void>;
  /** From here on, all tabs are those of a browser without history. */
  renew(): Promise<void>;
}

const takesOfOneBrowser = 60;

export function createTabPool(engine: Engine): TabPool {
  let tabs: Tabs | undefined;
  let idle: Tab[] = [];
  let takes = 0;
  const pool: TabPool = {
    async take() {
      takes++;
      tabs ??= await engine.startTabs();
      return idle.pop() ?? (await tabs.open());
    },
    giveBack: (tab) => void idle.push(tab),
    async freshen() {
      if (takes > takesOfOneBrowser) await pool.renew();
    },
    async renew() {
      await tabs?.closeAll();
      [tabs, idle, takes] = [undefined, [], 0];
    },
  };
  return pool;
}
