import { once } from 'node:events';
import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { findProgram } from '../../tools/browser.mjs';
import { startDaemon } from './daemon.ts';
import type { Engine, Tab, Tabs } from './engine.ts';
import { goBack } from './goBack.ts';
import { until } from './until.ts';
import { type InWindow, takeTurns } from './windows.ts';

/** Longest wait for a session, which takes a second or two otherwise. */
const sessionTimeoutMs = 15_000;

interface Session {
  driver: WebDriver;
  end(): Promise<unknown>;
}

async function startSession(): Promise<Session> {
  const screen = startDaemon(findProgram('screen') ?? 'Xvfb', ['-displayfd', '3', '-nolisten', 'tcp']);
  const display = (await screen.firstLine).trim();
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const driverProgram = startDaemon(findProgram('webkit') ?? 'WebKitWebDriver', [`--port=${port}`], {
    ...process.env,
    DISPLAY: `:${display}`,
  });
  const end = () => Promise.all([driverProgram.end(), screen.end()]);
  const server = `http://127.0.0.1:${port}`;
  const connect = async () => {
    await until('the driver listens', () =>
      fetch(`${server}/status`).then(
        ({ ok }) => ok,
        () => false,
      ),
    );
    const capabilities = new Capabilities({ browserName: 'MiniBrowser' });
    return await new Builder().usingServer(server).withCapabilities(capabilities).build();
  };
  const late = new AbortController();
  const timeout = setTimeout(() => late.abort(), sessionTimeoutMs);
  try {
    const tooLate = once(late.signal, 'abort').then(() => {
      throw new Error(`WebKitWebDriver gave no session within ${sessionTimeoutMs / 1000} s`);
    });
    return { driver: await Promise.race([connect(), tooLate]), end };
  } catch (error) {
    await end();
    throw error;
  } finally {
    clearTimeout(timeout);
  }
}

/** WebKitGTK's MiniBrowser, driven by WebDriver on a screen of its own. One session serves all tests. */
export async function startWebKitEngine(): Promise<Engine> {
  // Now and then MiniBrowser never answers its driver when it starts, before any test has: then another one.
  const { driver, end } = await startSession().catch(startSession);
  // Stays open, so that the browser lives on when a test closes its last tab.
  const anchor = await driver.getWindowHandle();
  const inWindow = takeTurns(driver);
  return {
    name: 'webkit',
    startTabs: async () => startTabs(driver, inWindow, anchor),
    async stop() {
      await driver.quit();
      await end();
    },
  };
}

function startTabs(driver: WebDriver, inWindow: InWindow, anchor: string): Tabs {
  const open = new Set<string>();

  function createTab(handle: string): Tab {
    open.add(handle);
    const run: Tab['run'] = (source, given) => inWindow(handle, () => runIn(driver, source, given));
    const tab: Tab = {
      run,
      // The browser's word, not the page's.
      address: () => inWindow(handle, () => driver.getCurrentUrl()),
      goto: (address) => inWindow(handle, () => driver.get(address)),
      reload: () => inWindow(handle, () => driver.navigate().refresh()),
      back: () => goBack(tab),
      async close() {
        open.delete(handle);
        await inWindow(handle, () => driver.close());
      },
    };
    return tab;
  }

  async function openWindow() {
    // A window of its own: of tabs in one window all but one are hidden, and a hidden page knows it.
    await driver.switchTo().newWindow('window');
    return await driver.getWindowHandle();
  }

  return {
    open: async () => createTab(await inWindow(anchor, openWindow)),
    async closeAll() {
      for (const handle of open) await inWindow(handle, () => driver.close());
      open.clear();
    },
  };
}

async function runIn<Result, Given>(
  driver: WebDriver,
  source: (given: Given) => Result | Promise<Result>,
  given?: Given,
): Promise<Result> {
  // The language's own await: the page may have put anything in the place of Promise.
  const script = `
    const [given, done] = arguments;
    (async () => {
      try {
        done({ result: await (${source})(given) });
      } catch (error) {
        done({ error: error + '' });
      }
    })()`;
  const outcome = await driver.executeAsyncScript<{ result: Result; error?: string }>(script, given ?? null);
  if (outcome.error) throw new Error(outcome.error);
  return outcome.result;
}
