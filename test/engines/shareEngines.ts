import type { Engine, EngineName, Needs, Tabs } from './engine.ts';
import { shareTabs } from './shareTabs.ts';
import { startEngine } from './start.ts';

export interface SharedEngine {
  engine: Engine;
  /** Tabs for one test, which are taken in turns. */
  startTabs: () => Tabs;
}

/** The browsers of one engine that tests take turns in, each started when the first of them needs it. */
export interface Engines {
  find(needs: Needs): Promise<SharedEngine>;
  stopAll(): Promise<void>;
}

export function shareEngines(name: EngineName): Engines {
  const started = new Map<boolean, Promise<SharedEngine>>();
  return {
    find(needs) {
      // Firefox and WebKit have one program each.
      const keptPages = needs.keptPages || name !== 'chromium';
      const engine = started.get(keptPages) ?? start(name, { keptPages });
      started.set(keptPages, engine);
      return engine;
    },
    async stopAll() {
      for (const engine of started.values()) await (await engine).engine.stop();
    },
  };
}

async function start(name: EngineName, needs: Needs): Promise<SharedEngine> {
  const engine = await startEngine(name, needs);
  return { engine, startTabs: shareTabs(await engine.startTabs()) };
}
