import { Builder, Capabilities, type WebDriver } from 'selenium-webdriver';
import { findProgram } from '../../tools/browser.mjs';
import { startDaemon } from './daemon.ts';
import type { Engine, Tab, Tabs } from './engine.ts';
import { goBack } from './goBack.ts';
import { until } from './until.ts';
import { type InWindow, takeTurns } from './windows.ts';

/** WebKitGTK's MiniBrowser, driven by WebDriver on a screen of its own. One session serves all tests. */
export async function startWebKitEngine(): Promise<Engine> {
  const screen = startDaemon(findProgram('screen') ?? 'Xvfb', ['-displayfd', '3', '-nolisten', 'tcp']);
  const display = (await screen.firstLine).trim();
  const port = 20_000 + Math.floor(Math.random() * 12_000);
  const driverProgram = startDaemon(findProgram('webkit') ?? 'WebKitWebDriver', [`--port=${port}`], {
    ...process.env,
    DISPLAY: `:${display}`,
  });
  const server = `http://127.0.0.1:${port}`;
  await until('the driver listens', () =>
    fetch(`${server}/status`).then(
      ({ ok }) => ok,
      () => false,
    ),
  );
  const driver = await new Builder()
    .usingServer(server)
    .withCapabilities(new Capabilities({ browserName: 'MiniBrowser', pageLoadStrategy: 'eager' }))
    .build();
  // Stays open, so that the browser lives on when a test closes its last tab.
  const anchor = await driver.getWindowHandle();
  const inWindow = takeTurns(driver);
  return {
    name: 'webkit',
    startTabs: async () => startTabs(driver, inWindow, anchor),
    async stop() {
      await driver.quit();
      await Promise.all([driverProgram.end(), screen.end()]);
    },
  };
}

function startTabs(driver: WebDriver, inWindow: InWindow, anchor: string): Tabs {
  const open = new Set<string>();
  const close = (handle: string) =>
    inWindow(handle, async () => {
      open.delete(handle);
      await driver.close();
    });

  function createTab(handle: string): Tab {
    const run: Tab['run'] = (source, given) => inWindow(handle, () => runIn(driver, source, given));
    return {
      run,
      goto: (address) => inWindow(handle, () => driver.get(address)),
      reload: () => inWindow(handle, () => driver.navigate().refresh()),
      back: () => goBack(run),
      close: () => close(handle),
    };
  }

  return {
    open: () =>
      inWindow(anchor, async () => {
        await driver.switchTo().newWindow('tab');
        const handle = await driver.getWindowHandle();
        open.add(handle);
        return createTab(handle);
      }),
    async closeAll() {
      for (const handle of open) await close(handle);
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
